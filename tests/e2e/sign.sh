#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# sign by the real binary, with openssl's requests and openssl's word on what was signed.
set -u
command -v openssl >/dev/null || { echo "1..0 # SKIP no openssl"; exit 0; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 99

n=0
check() { # name, status
	n=$((n + 1))
	if [ "$2" = 0 ]; then echo "ok $n - $1"; else echo "not ok $n - $1"; sed 's/^/# /' out err 2>/dev/null | head -n 30; fi
}
sign() { "$GWCERT" sign "$@" >out 2>err; }
status() { local want=$1; shift; sign "$@"; [ $? = "$want" ]; }
request() { # name, kind of key, options of openssl req
	local name=$1 kind=$2
	shift 2
	# shellcheck disable=SC2086 # an option and its value
	openssl genpkey -out "$name.key" -algorithm "${kind%%,*}" ${kind#*,} 2>/dev/null
	openssl req -new -key "$name.key" -out "$name.csr" "$@" 2>err
}
same_key() { cmp -s <(openssl x509 -in "$1" -noout -pubkey) <(openssl req -in "$2" -noout -pubkey); }

cat >gwcert.yaml <<'YAML'
gwcert: 1
profiles:
  web: { extends: server, validity: 20d, allow: { dns: [.example.com], subject: [organization, locality] } }
certificates:
  root: { issuer: self, ca: {}, subject: { commonName: Root } }
  issuing: { issuer: root, ca: { pathLength: 0 }, subject: { commonName: Issuing } }
YAML
"$GWCERT" gen >out 2>err
check "a CA is made" $?

for kind in "ed25519," "EC,-pkeyopt ec_paramgen_curve:P-256" "EC,-pkeyopt ec_paramgen_curve:P-384" \
	"EC,-pkeyopt ec_paramgen_curve:P-521" "RSA,-pkeyopt rsa_keygen_bits:2048"; do
	request each "$kind" -subj /CN=store.example.com -addext subjectAltName=DNS:store.example.com,DNS:*.a.example.com
	sign each.csr --issuer issuing --profile web
	cp out each.pem
	openssl verify -x509_strict -CAfile pki/root/cert.pem -untrusted pki/issuing/cert.pem -purpose sslserver \
		-verify_hostname b.a.example.com each.pem >verified 2>&1 && same_key each.pem each.csr &&
		[ "$(openssl x509 -in each.pem -noout -subject -nameopt RFC2253)" = "subject=CN=store.example.com" ]
	check "$kind: openssl verifies what was signed, for the request's key" $?
done
openssl req -in each.csr -outform der -out each.der
"$GWCERT" sign - --issuer issuing --profile web --chain <each.der >out 2>err && [ "$(grep -c BEGIN out)" = 2 ] &&
	! grep -qv '^[-A-Za-z0-9+/=]*\( CERTIFICATE-----\)*$' out
check "DER from a pipe; nothing but PEM on standard output" $?
sign each.csr --issuer issuing --profile web --format json && python3 -c '
import json, sys
document = json.load(open("out"))
assert document["signed"] and document["receipt"] and "BEGIN CERTIFICATE" in document["certificate"]' 2>err
check "the JSON receipt is JSON" $?

# What only a hand-made request has.
cat >twice.cnf <<'CNF'
[req]
distinguished_name = dn
req_extensions = ext
prompt = no
[dn]
CN = store.example.com
[ext]
subjectAltName = DNS:store.example.com
2.5.29.17 = DER:300E820C6576696C2E6576696C2E6E6574
CNF
request twice "ed25519," -config twice.cnf
status 3 twice.csr --issuer issuing --profile web && grep -q 'subject alternative names twice' err
check "an extension twice: it cannot be told what is asked for" $?
cat >attributes.cnf <<'CNF'
[req]
distinguished_name = dn
attributes = attributes
req_extensions = ext
prompt = no
utf8 = yes
[dn]
0.CN = store.example.com
1.CN = other.example.com
O = @ESC@[31mred
L = Plain
[attributes]
challengePassword = hunter2hunter2
[ext]
subjectAltName = DNS:store.example.com,dirName:dir
tlsfeature = status_request
1.2.3.4 = critical,ASN1:UTF8String:hello
[dir]
CN = x
CNF
sed -i "s/@ESC@/$(printf '\033')/" attributes.cnf
request attributes "ed25519," -config attributes.cnf
sign attributes.csr --issuer issuing --profile web
check "a request with all sorts of wishes is signed" $?
grep -q '^dropped *attribute *challengePassword' err && ! grep -q hunter2 err && grep -q '^dropped *extension *TLS Feature' err &&
	grep -q '^dropped *extension *1\.2\.3\.4' err && grep -q '^dropped *sans *other:directory name' err &&
	grep -q '^dropped *subject.commonName *other.example.com *it is there twice' err &&
	grep -q '^dropped *subject.organization *.*31mred *it has characters that do not show' err &&
	grep -q '^granted *subject.locality *Plain' err && ! grep -q "$(printf '\033')" err
check "and each wish that is not allowed is named, without escape sequences, secrets or silence" $?
openssl x509 -in out -noout -text >text && ! grep -qE 'TLS Feature|1\.2\.3\.4|red|DirName|other' text
check "and none of them is in the certificate" $?

# The issuer's own limits.
openssl req -x509 -newkey ed25519 -nodes -keyout nc.key -out nc.pem -subj /CN=Constrained -days 5 \
	-addext keyUsage=critical,keyCertSign,cRLSign -addext 'nameConstraints=critical,permitted;DNS:inside.example.com' 2>err
chmod 600 nc.key
request inside "ed25519," -subj / -addext subjectAltName=DNS:a.inside.example.com
request outside "ed25519," -subj / -addext subjectAltName=DNS:a.outside.example.com
sign inside.csr --issuer nc.pem --issuer-key nc.key --profile web && grep -q '^changed *validity' err
check "within the issuer's name constraints; a longer life is cut, and said" $?
status 4 outside.csr --issuer nc.pem --issuer-key nc.key --profile web && [ ! -s out ] &&
	grep -q 'permitted subtree violation' err
check "outside them it is refused" $?

# A CA of the template whose key is under a password: the entry names the source, --issuer-password goes before it.
umask 077
echo open-sesame >ca.pass && echo wrong >wrong.pass
cat >locked.yaml <<'YAML'
gwcert: 1
profiles:
  web: { extends: server, validity: 2d, allow: { dns: [.example.com] } }
settings: { dir: locked }
certificates:
  root: { issuer: self, ca: {}, subject: { commonName: Locked }, key: { algorithm: ed25519, encrypt: "file:./ca.pass" } }
  corp: { certificate: { file: nc.pem }, key: { file: corp.key, password: "file:./ca.pass" } }
  away: { certificate: { file: away.pem } }
YAML
openssl req -x509 -newkey ed25519 -nodes -keyout away.key -out away.pem -subj /CN=Away -days 5 2>err
openssl pkey -in nc.key -aes256 -passout file:ca.pass -out corp.key && "$GWCERT" gen -f locked.yaml >out 2>err
check "CAs under a password" $?
sign inside.csr -f locked.yaml --issuer root --profile web && openssl verify -CAfile locked/root/cert.pem out >verified 2>&1 &&
	! grep -q 'sesame' err
check "the template's own password opens the CA's key" $?
sign inside.csr -f locked.yaml --issuer corp --profile web && openssl verify -partial_chain -CAfile nc.pem out >verified 2>&1
check "and that of a CA from outside, where its files are" $?
status 3 inside.csr -f locked.yaml --issuer root --profile web --issuer-password file:wrong.pass && [ ! -s out ] &&
	grep -q 'does not open with this password' err
check "--issuer-password goes before it" $?
mv ca.pass pass
status 3 inside.csr -f locked.yaml --issuer root --profile web && [ ! -s out ] && grep -q 'ca.pass: cannot open' err &&
	sign inside.csr -f locked.yaml --issuer root --profile web --issuer-password file:pass
check "and is enough where the template's source is not there" $?
mv pass ca.pass
"$GWCERT" crl -f locked.yaml --issuer root >out 2>err && "$GWCERT" revoke 77 -f locked.yaml --issuer root >out 2>err &&
	openssl crl -in locked/root/crl.pem -noout -CAfile locked/root/cert.pem 2>&1 | grep -q 'verify OK' &&
	openssl crl -in locked/root/crl.pem -noout -text | grep -q 'Serial Number: 77'
check "crl and revoke take it as well" $?
status 4 inside.csr -f locked.yaml --issuer away --profile web && grep -q 'add key: { file: ... } to "away"' err
check "a CA without its key signs nothing" $?
echo "1..$n"
