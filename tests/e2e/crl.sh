#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Revocation by the real binary, and openssl's word on it: crl, verify -crl_check, ca.
set -u
command -v openssl >/dev/null || { echo "1..0 # SKIP no openssl"; exit 0; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 99

n=0
check() { # name, status
	n=$((n + 1))
	if [ "$2" = 0 ]; then echo "ok $n - $1"; else echo "not ok $n - $1"; sed 's/^/# /' out err 2>/dev/null | head -n 20; fi
}
gwcert() { "$GWCERT" "$@" >out 2>err; }
serial() { openssl x509 -in "$1" -noout -serial | cut -d= -f2; }
verify() { openssl verify -x509_strict -crl_check -CAfile "$1/cert.pem" -CRLfile "$1/crl.pem" "$2" >out 2>err; }

cat >gwcert.yaml <<'YAML'
gwcert: 1
certificates:
  root: { issuer: self, ca: {}, subject: { commonName: Root } }
  rsa: { issuer: self, ca: {}, subject: { commonName: RSA }, key: rsa-2048 }
  edwards: { issuer: self, ca: {}, subject: { commonName: Edwards }, key: ed25519 }
  one: { issuer: root, sans: [one.example.com] }
  two: { issuer: root, sans: [two.example.com] }
  three: { issuer: rsa, sans: [three.example.com] }
  four: { issuer: edwards, sans: [four.example.com] }
YAML
gwcert gen && gwcert crl --issuer root
check "a list is made" $?
verify pki/root pki/one/cert.pem
check "openssl: nobody is revoked" $?
gwcert revoke pki/one/cert.pem --issuer root --reason keyCompromise --invalid-since 2026-01-02T03:04:05Z
check "one is revoked" $?
! verify pki/root pki/one/cert.pem && grep -q 'certificate revoked' out err
check "openssl: it is revoked" $?
verify pki/root pki/two/cert.pem
check "openssl: the other one is not" $?
openssl crl -in pki/root/crl.pem -noout -text >text 2>err
grep -q 'Version 2' text && grep -A1 'CRL Number' text | grep -q '^ *2$' && grep -q 'Key Compromise' text &&
	grep -q 'Jan  2 03:04:05 2026 GMT' text && grep -q "Serial Number: $(serial pki/one/cert.pem)" text &&
	openssl x509 -in pki/root/cert.pem -noout -ext subjectKeyIdentifier | tail -n 1 | tr -d ' ' >id &&
	tr -d ' ' <text | grep -qF "$(cat id)"
check "openssl crl -text: version, number, reason, invalidity date, serial, the CA's key id" $?
openssl crl -in pki/root/crl.pem -noout -CAfile pki/root/cert.pem 2>&1 | grep -q 'verify OK'
check "openssl crl: the signature verifies" $?

for pair in rsa:three edwards:four; do
	ca=${pair%:*} leaf=${pair#*:}
	gwcert revoke "$(serial "pki/$leaf/cert.pem")" --issuer "$ca" && ! verify "pki/$ca" "pki/$leaf/cert.pem" &&
		grep -q 'certificate revoked' out err
	check "$ca: by serial, and openssl agrees" $?
done
gwcert revoke pki/two/cert.pem --issuer root --reason certificateHold && ! verify pki/root pki/two/cert.pem &&
	gwcert revoke pki/two/cert.pem --issuer root --release && verify pki/root pki/two/cert.pem
check "on hold, and released" $?
openssl crl -in pki/rsa/crl.pem -outform der -out rsa.der && gwcert crl rsa.der && grep -q '1 revoked' out
check "a list in DER is shown" $?

# What belongs to the CA survives whatever gen does with the CA's folder.
cp pki/root/crl.pem before.pem
gwcert gen --renew root && cmp -s before.pem pki/root/crl.pem && verify pki/root pki/two/cert.pem
check "a reissued CA keeps its list" $?
gwcert gen --rekey root && cmp -s before.pem pki/root/crl.pem && ! gwcert crl --issuer root &&
	gwcert crl --issuer root --take-over && grep -q '1 revoked' out && verify pki/root pki/two/cert.pem
check "a CA with a new key goes on with its list when told so" $?
gwcert gen --check
check "gen finds everything as asked beside the lists" $?

# A list that openssl ca has made goes on here, with its number, entries and dates.
mkdir oca && cp pki/rsa/cert.pem pki/rsa/key.pem oca/ && : >oca/index.txt && echo 2a >oca/number
cat >oca/ca.cnf <<'CNF'
[ca]
default_ca = it
[it]
database = oca/index.txt
crlnumber = oca/number
certificate = oca/cert.pem
private_key = oca/key.pem
default_md = sha256
crl_extensions = ext
unique_subject = no
[ext]
authorityKeyIdentifier = keyid
CNF
openssl ca -config oca/ca.cnf -revoke pki/three/cert.pem -crl_compromise 20260101000000Z >out 2>err &&
	openssl ca -config oca/ca.cnf -gencrl -crldays 10 -out oca/crl.pem >out 2>err &&
	gwcert revoke 77 --issuer oca/cert.pem --issuer-key oca/key.pem && grep -q 'number 43, 2 revoked' out
check "a list of openssl ca goes on" $?
! verify oca pki/three/cert.pem && grep -q 'certificate revoked' out err &&
	openssl crl -in oca/crl.pem -noout -text | grep -A1 'Invalidity Date' | grep -q 'Jan  1 00:00:00 2026'
check "and what it had is still there" $?

# Several at once: none is lost.
pids=()
for i in $(seq 10 29); do "$GWCERT" revoke "$i" --issuer edwards -q 2>>err & pids+=($!); done
wait "${pids[@]}"
gwcert crl pki/edwards/crl.pem && grep -q 'number 21, 21 revoked' out
check "twenty at once: the list has them all" $?

# gen replaces the CA's folder meanwhile: what is written into it must not be left behind in the old one.
pids=()
(for _ in 1 2 3 4 5 6 7 8; do "$GWCERT" gen -q --renew edwards 2>>err; done) & pids+=($!)
for i in $(seq 30 49); do "$GWCERT" revoke "$i" --issuer edwards -q 2>>err; done
wait "${pids[@]}"
gwcert crl pki/edwards/crl.pem && grep -q 'number 41, 41 revoked' out
check "and beside gen, which makes the CA anew" $?
# A CA that the template names in other places, and one whose key is encrypted: the template says all that is needed.
mkdir given && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout given/ca.key \
	-out given/ca.pem -subj /CN=Given -days 30 -addext keyUsage=keyCertSign,cRLSign 2>/dev/null
openssl req -x509 -key given/ca.key -out given/other.pem -subj /CN=Other -days 30 2>/dev/null
chmod 600 given/ca.key
cat >given/gwcert.yaml <<'YAML'
gwcert: 1
certificates:
  there: { certificate: { file: ca.pem }, key: { file: ca.key } }
  named: { certificate: { file: other.pem } }
  locked: { issuer: self, ca: {}, subject: { commonName: Locked }, key: { algorithm: ed25519, encrypt: 'env:PW' } }
  own: { issuer: self, ca: {}, subject: { commonName: Own }, key: { file: ca.key } }
YAML
openssl req -new -newkey ed25519 -nodes -keyout r.key -out r.csr -subj / -addext subjectAltName=DNS:a.example.com 2>/dev/null
export PW=geheim
gwcert gen -f given/gwcert.yaml
for ca in there locked own; do
	cert=given/pki/$ca/cert.pem
	[ "$ca" = there ] && cert=given/ca.pem
	gwcert sign -f given/gwcert.yaml r.csr --issuer "$ca" --allow a.example.com --days 3 && cp out signed.pem &&
		openssl verify -x509_strict -CAfile "$cert" signed.pem >out 2>err
	check "$ca: signs, as the template says" $?
	gwcert revoke -f given/gwcert.yaml signed.pem --issuer "$ca" &&
		openssl crl -in "$(dirname "$cert")/crl.pem" -noout -CAfile "$cert" 2>&1 | grep -q 'verify OK'
	check "$ca: revokes, as the template says" $?
done
gwcert crl -f given/gwcert.yaml --issuer named
[ $? = 4 ] && grep -q 'has no key for the CA "named"' err
check "a CA that is only named cannot sign" $?
PW=wrong gwcert crl -f given/gwcert.yaml --issuer locked --renew
[ $? = 3 ] && ! grep -q wrong err
check "a wrong password is told, and not shown" $?

echo "1..$n"
