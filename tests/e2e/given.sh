#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Entries that start from what openssl has made: keys, requests and certificates, in clear and encrypted.
set -u
command -v openssl >/dev/null || { echo "1..0 # SKIP no openssl"; exit 0; }
dir=$(mktemp -d)
# shellcheck disable=SC2317 # called by the trap
clean() { rm -rf "$dir"; }
trap clean EXIT
cd "$dir" || exit 99
umask 077

n=0
check() { # name, status
	n=$((n + 1))
	if [ "$2" = 0 ]; then echo "ok $n - $1"; else echo "not ok $n - $1"; sed 's/^/# /' out err 2>/dev/null | head -n 20; fi
}
gen() { "$GWCERT" gen "$@" >out 2>err; }
# refused STATUS TEXT ARGUMENTS...: gen ends with that status and says the text.
refused()
{
	local status=$1 text=$2
	shift 2
	gen "$@"
	[ $? = "$status" ] && grep -qF -- "$text" out err
}
ca() { # name, options of req
	local name=$1
	shift
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -keyout "$name.key" -out "$name.pem" -subj "/CN=$name" \
		-days 100 -addext keyUsage=critical,keyCertSign,cRLSign "$@" 2>/dev/null
}
request() { # name, options of req
	local name=$1
	shift
	openssl req -new -newkey rsa:2048 -nodes -keyout "$name.key" -out "$name.csr" "$@" 2>/dev/null
}
public() { openssl x509 -in "$1" -noout -pubkey; }
state() { find . -type f ! -name .lock ! -name out ! -name err ! -name before ! -name after -printf '%p %i %T@ %m\n' | sort; }

ca corp -passout pass:open-sesame
ca offline -nodes
request partner -subj '/CN=partner/O=Wishes' -addext subjectAltName=DNS:partner.example.com,DNS:bank.example.com \
	-addext basicConstraints=critical,CA:TRUE -addext extendedKeyUsage=codeSigning
openssl genpkey -algorithm ed25519 -out own.key 2>/dev/null
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -aes256 -pass pass:open-sesame -out locked.key 2>/dev/null
echo open-sesame >pass
cat >gwcert.yaml <<'Y'
gwcert: 1
certificates:
  corp:
    certificate: { file: corp.pem }
    key: { file: corp.key, password: "file:pass" }
  offline:
    certificate: { file: ./offline.pem }
  partner:
    issuer: corp
    csr: { file: partner.csr }
    sans: [partner.example.com]
  own:
    issuer: corp
    key: { file: own.key }
    sans: [own.example.com]
  locked:
    issuer: corp
    key: { file: locked.key, password: "file:pass" }
    sans: [locked.example.com]
  sub:
    issuer: corp
    ca: { pathLength: 0 }
    subject: { commonName: Sub }
  leaf:
    issuer: sub
    sans: [leaf.example.com]
Y
sha256sum ./*.key ./*.csr ./*.pem >originals

mv pass away
gen --plan && [ ! -e pki ] && refused 3 'pass: cannot open' && [ -z "$(find . -name cert.pem)" ]
check "a plan asks for no password; making does, and leaves nothing without it" $?
mv away pass
gen && openssl verify -x509_strict -purpose sslserver -CAfile corp.pem pki/partner/cert.pem pki/own/cert.pem pki/locked/cert.pem >out 2>err &&
	openssl verify -x509_strict -purpose sslserver -CAfile corp.pem -untrusted pki/leaf/chain.pem pki/leaf/cert.pem >out 2>err
check "a CA from outside signs, through an encrypted key" $?
gen --renew partner && grep -q 'GWT047' err && [ "$(grep -c 'does not grant' err)" = 4 ] &&
	grep -q 'the subject "O=Wishes,CN=partner"' err && grep -q 'the name "bank.example.com"' err && grep -q 'the mark of a CA' err && grep -q 'usage codeSigning' err
check "what the request asks for and does not get is said" $?
openssl x509 -in pki/partner/cert.pem -noout -text >out 2>err
grep -q 'DNS:partner.example.com$' out && ! grep -q 'bank\|Wishes\|Code Signing\|CA:TRUE' out && grep -q 'Subject: CN = partner.example.com' out
check "and is not in the certificate, whose word is the entry's" $?
cmp -s <(public pki/partner/cert.pem) <(openssl req -in partner.csr -noout -pubkey) && cmp -s pki/partner/csr.pem partner.csr &&
	cmp -s <(public pki/own/cert.pem) <(openssl pkey -in own.key -pubout) &&
	cmp -s <(public pki/locked/cert.pem) <(openssl pkey -in locked.key -passin pass:open-sesame -pubout)
check "the public keys are those of the request and the files" $?
[ -z "$(find pki/partner pki/own pki/locked -name key.pem)" ] && [ ! -e pki/corp ] && [ ! -e pki/offline ] && sha256sum -c --quiet originals >out 2>err
check "no key is copied, nothing that was given is touched" $?

mv pass away; state >before
gen && gen --check && state >after && cmp -s before after && grep -q 'nothing to do' out
check "a second run does nothing, and asks nobody" $?
mv away pass
for e in partner own locked sub; do sha256sum pki/$e/cert.pem; done >before
gen --renew own --renew locked && cmp -s <(public pki/own/cert.pem) <(openssl pkey -in own.key -pubout) && ! sha256sum -c --quiet before >out 2>err &&
	openssl verify -CAfile corp.pem pki/own/cert.pem pki/locked/cert.pem >out 2>err
check "--renew makes a new certificate for the same key" $?
refused 4 'cannot get a new key: its own was given' --rekey own && refused 4 'cannot get a new key' --rekey partner
check "--rekey of such a key is refused" $?
refused 4 'it cannot be made anew' --renew corp
check "so is --renew of a certificate that is given" $?
openssl genpkey -algorithm ed25519 -out own.key 2>/dev/null
gen --plan && grep -q 'its certificate is for another key than that of own.key' out && gen && cmp -s <(public pki/own/cert.pem) <(openssl pkey -in own.key -pubout)
check "another key in the file: the certificate follows" $?
request partner -subj /CN=again && gen && cmp -s <(public pki/partner/cert.pem) <(openssl req -in partner.csr -noout -pubkey)
check "another request: the certificate follows" $?
rm -r pki/locked && gen && cmp -s <(public pki/locked/cert.pem) <(openssl pkey -in locked.key -passin pass:open-sesame -pubout)
check "a lost folder is made again for the key" $?

# An entry whose key was made here gets one from a file: the old one goes to the archive.
cp pki/leaf/key.pem old.pem
sed -i 's/^    sans: .leaf.example.com.$/&\n    key: { file: leaf.key }/' gwcert.yaml
openssl ecparam -genkey -name prime256v1 -noout -out leaf.key
gen && [ ! -e pki/leaf/key.pem ] && cmp -s pki/.archive/leaf-*/key.pem old.pem && cmp -s <(public pki/leaf/cert.pem) <(openssl pkey -in leaf.key -pubout) && gen --check
check "a key that the folder had moves to the archive" $?

# What does not fit.
cp gwcert.yaml whole.yaml
sed 's/key: { file: corp.key, password: "file:pass" }/key: { file: offline.key }/' whole.yaml >bad.yaml
refused 3 'is not the key of the certificate in corp.pem' -f bad.yaml
check "a key of another certificate" $?
sed 's/, password: "file:pass"//' whole.yaml >bad.yaml
refused 3 'password: ...' -f bad.yaml
check "an encrypted key without a source" $?
sed 's/issuer: corp/issuer: offline/' whole.yaml >bad.yaml
refused 4 'add key: { file: ... } to "offline"' -f bad.yaml -d other
check "a CA without its key signs nothing" $?
sed 's/csr: { file: partner.csr }/&\n    pkcs12: { password: prompt }/' whole.yaml >bad.yaml
refused 3 'has no private key to put into PKCS#12' -f bad.yaml && grep -q GWT048 err
check "a request has no key for PKCS#12" $?
weak=0
cp own.key good.key
openssl genpkey -algorithm X25519 -out own.key 2>/dev/null && refused 3 'own.key: the key is of a kind that clients do not take' || weak=1
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024 -out own.key 2>/dev/null && refused 3 'own.key: the key is too short' || weak=1
openssl req -new -key own.key -subj /CN=weak -out weak.csr && sed 's/partner.csr/weak.csr/' whole.yaml >bad.yaml && refused 3 'the key is too short' -f bad.yaml || weak=1
mv good.key own.key
check "keys that no client takes" $weak
chmod 644 corp.key
refused 4 'group or others can read the key of the CA "corp"'
check "a CA's key that others can read" $?
chmod 600 corp.key
cp corp.pem keep.pem
openssl req -x509 -key offline.key -out corp.pem -subj /CN=corp -config <(printf '[req]\ndistinguished_name=d\nx509_extensions=e\n[d]\n[e]\nbasicConstraints=CA:FALSE\n') 2>/dev/null
refused 3 'is no CA' && grep -q GWT011 err
check "a certificate that is no CA signs nothing" $?
openssl x509 -req -in partner.csr -signkey partner.key -out corp.pem -days -1 2>/dev/null
refused 3 'expired' && grep -q GWT046 err
check "one that has expired" $?
cp own.key corp.pem
refused 3 'certificate'
check "a file that holds none" $?
mv keep.pem corp.pem
sed '2s/./A/' partner.csr >broken && mv broken partner.csr
refused 3 GWT046
check "a request that is damaged" $?
request again -subj /CN=again
cat again.csr again.csr >partner.csr
refused 3 'is a second request, and one is expected'
check "two requests in one file" $?
openssl req -in again.csr -outform der | sed 's/again/agape/' >partner.csr
refused 3 'the request is not signed with its own key'
check "a request that its key did not sign" $?
rm partner.csr
refused 3 'partner.csr' && grep -q 'gwcert.yaml:10:' err
check "a request that is not there, told at its place" $?

# The key of the CA above in the place of one's own, and kinds of key that settings.lint does not take.
mkdir other && cd other || exit 99
ca top -nodes
request mine -subj /CN=mine
openssl genpkey -algorithm ED25519 -out odd.key
openssl pkcs8 -topk8 -in top.key -passout pass:geheim -out locked.key
openssl req -new -key top.key -subj /CN=x -out top.csr
template() { # settings, entry
	printf 'gwcert: 1\nsettings: { dir: pki, %s }\ncertificates:\n  top: { certificate: { file: top.pem }, key: { file: top.key } }\n  leaf: { issuer: top, sans: [leaf.example.com], validity: 30d, %s }\n' "$1" "$2" >gwcert.yaml
}
template '' 'key: { file: top.key }'
refused 4 'the key of "leaf" is that of its issuer' && grep -q 'gwcert.yaml:5:.*GWT046' err && [ ! -e pki/leaf ]
check "the issuer's key is no key for what it signs" $?
template '' 'csr: { file: top.csr }'
refused 4 'the key of "leaf" is that of its issuer' && grep -q GWT046 err
check "nor where it comes in a request" $?
template '' 'key: { file: locked.key, password: "env:PW" }'
PW=geheim refused 4 'its key is that of its issuer' && [ ! -e pki/leaf ]
check "nor where it is encrypted" $?
printf 'gwcert: 1\ncertificates:\n  r: { issuer: self, ca: {}, subject: { commonName: r }, key: { file: mine.key } }\n  l: { issuer: r, sans: [l.example.com], key: { file: mine.key } }\n' >two.yaml
refused 4 'the key of "l" is that of its issuer' -f two.yaml && [ ! -e pki/r ]
check "nor where the issuer is only about to be made" $?
template 'lint: gke-global' 'key: { file: odd.key }'
refused 4 'takes no key of the kind Ed25519' && grep -q GWT081 err
check "a given key is held against settings.lint" $?
template 'lint: gke-global' 'key: { file: mine.key }'
gen && [ "$(public pki/leaf/cert.pem)" = "$(openssl pkey -in mine.key -pubout)" ]
check "and one that it takes is taken" $?
echo "1..$n"
