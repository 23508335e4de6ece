#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# PKCS#12 beside PEM, by the word of openssl and, where it is there, of certtool.
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
p12() { openssl pkcs12 -in "$1" -passin "pass:$2" "${@:3}" 2>err; }
state() { find pki -type f ! -name .lock -printf '%p %i %T@ %m\n' | sort; find pki -type f -exec sha256sum {} + | sort; }

echo sesame >pass
cat >gwcert.yaml <<'Y'
gwcert: 1
certificates:
  root: { issuer: self, ca: {}, subject: { commonName: Root } }
  issuing: { issuer: root, ca: { pathLength: 0 }, subject: { commonName: Issuing } }
  prober:
    profile: client
    issuer: issuing
    sans: ["email:prober@example.com"]
    files: { pkcs12: client.p12 }
    pkcs12: { password: "file:./pass", compatibility: modern }
  old:
    issuer: issuing
    sans: [old.example.com]
    key: { algorithm: rsa, size: 2048, encrypt: "env:KEY_PASSWORD" }
    pkcs12: { password: "env:P12_PASSWORD", compatibility: legacy }
Y
export KEY_PASSWORD=key P12_PASSWORD=old
gen && [ "$(stat -c %a pki/prober/client.p12 pki/old/keystore.p12 | sort -u)" = 600 ]
check "PKCS#12 files are made, and private" $?
p12 pki/prober/client.p12 sesame -info -nodes >out
grep -q 'MAC: sha256, Iteration 100000' err && [ "$(grep -c 'PBES2, PBKDF2, AES-256-CBC, Iteration 100000, PRF hmacWithSHA256' err)" = 2 ]
check "modern: AES-256 and SHA-256" $?
[ "$(grep -c 'friendlyName: prober' out)" = 2 ] && [ "$(grep -c 'BEGIN CERTIFICATE' out)" = 2 ] && [ "$(grep -c 'localKeyID' out)" = 2 ]
check "the entry's name, its certificate and the chain without the root" $?
p12 pki/old/keystore.p12 old -info -nodes >out
grep -q 'MAC: sha1, Iteration 2048' err && [ "$(grep -c 'pbeWithSHA1And3-KeyTripleDES-CBC, Iteration 2048' err)" = 2 ]
check "legacy: 3DES and SHA-1" $?
ok=0
for e in prober/client.p12:sesame old/keystore.p12:old; do
	file=pki/${e%:*} pass=${e#*:} folder=pki/${e%%/*}
	cmp -s <(p12 "$file" "$pass" -nodes -nocerts | openssl pkey -pubout) <(openssl x509 -in "$folder/cert.pem" -noout -pubkey) || ok=1
	cmp -s <(p12 "$file" "$pass" -nokeys -clcerts | openssl x509 -outform der) <(openssl x509 -in "$folder/cert.pem" -outform der) || ok=1
	cmp -s <(p12 "$file" "$pass" -nokeys -cacerts | openssl x509 -outform der) <(openssl x509 -in "$folder/chain.pem" -outform der) || ok=1
	p12 "$file" wrong -noout && ok=1
done
check "key, certificate and chain are those of the folder; another password opens neither" $ok
if command -v certtool >/dev/null; then
	certtool --p12-info --inder --infile pki/prober/client.p12 --password sesame >out 2>err && grep -q 'Friendly name: prober' out && [ "$(grep -c 'BEGIN CERTIFICATE' out)" = 2 ] &&
		certtool --p12-info --inder --infile pki/old/keystore.p12 --password old >out 2>err && grep -q 'BEGIN PRIVATE KEY\|BEGIN ENCRYPTED PRIVATE KEY' out
	check "certtool reads both" $?
else
	check "certtool reads both # SKIP no certtool" 0
fi

state >before
gen && gen --check && (unset KEY_PASSWORD P12_PASSWORD; gen --check) && state >after && cmp -s before after
check "a second run changes nothing, and needs no password" $?
gen --renew prober && p12 pki/prober/client.p12 sesame -nokeys -clcerts | openssl x509 -outform der | cmp -s - <(openssl x509 -in pki/prober/cert.pem -outform der)
check "a new certificate: the file follows" $?
echo other >pass
gen --check
[ $? = 5 ] && gen --plan && grep -q 'client.p12 does not open with its password' out && gen && p12 pki/prober/client.p12 other -noout
check "another password: it is made again" $?
rm pki/prober/client.p12 && gen --plan && grep -q 'client.p12 is missing' out && gen && p12 pki/prober/client.p12 other -noout && gen --check
check "lost: it is made again" $?
echo rubbish >pki/prober/client.p12 && gen --plan && grep -q 'client.p12 is no PKCS#12 file' out && gen && gen --check
check "damaged too" $?
cp pki/old/keystore.p12 pki/prober/client.p12 && gen --plan && grep -q 'client.p12 is for another certificate or name' out && gen && gen --check
check "another's too" $?
sed -i 's/compatibility: legacy/compatibility: modern/' gwcert.yaml
gen --plan && grep -q 'keystore.p12 is of the other compatibility' out && cp pki/old/key.pem key.pem && gen && cmp -s pki/old/key.pem key.pem && p12 pki/old/keystore.p12 old -info -noout && grep -q 'MAC: sha256' err
check "another compatibility too; the key stays as it was" $?
sha256sum pki/prober/cert.pem pki/prober/key.pem >before
gen --renew issuing &&
	p12 pki/prober/client.p12 other -nokeys -cacerts | openssl x509 -outform der | cmp -s - <(openssl x509 -in pki/issuing/cert.pem -outform der) && sha256sum -c --quiet before >out
check "a new chain above it comes into it" $?
(unset P12_PASSWORD; gen --renew old)
[ $? = 3 ] && grep -q 'no variable "P12_PASSWORD"' err && p12 pki/old/keystore.p12 old -noout
check "without its password nothing changes" $?
rm pki/old/keystore.p12
KEY_PASSWORD=wrong gen
[ $? = 3 ] && grep -q 'does not open with this password' err && [ ! -e pki/old/keystore.p12 ]
check "it takes the key's password as well" $?
gen --rekey prober && cp pki/.archive/prober-*/client.p12 kept.p12 && p12 kept.p12 other -noout && p12 pki/prober/client.p12 other -noout
check "of a replaced key the file goes to the archive too" $?
echo "1..$n"
