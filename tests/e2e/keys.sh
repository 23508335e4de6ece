#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Keys under a password, by openssl's word: how they are written, when the password is asked for, and that it shows nowhere.
# shellcheck disable=SC2016 # the dollars are the template's
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
# refused STATUS TEXT ARGUMENTS...: gen ends with that status, says the text, and neither password.
refused()
{
	local status=$1 text=$2
	shift 2
	gen "$@"
	[ $? = "$status" ] && grep -qF -- "$text" err && ! grep -q 'sesame\|hunter2' out err
}
opens() { openssl pkey -in "$1" -passin "pass:$2" -noout 2>/dev/null; }
pair() { # folder, password
	cmp -s <(openssl pkey -in "$1/key.pem" -passin "pass:$2" -pubout 2>/dev/null) <(openssl x509 -in "$1/cert.pem" -noout -pubkey)
}
state() { find pki -type f ! -name .lock -printf '%p %i %T@ %m\n' | sort; find pki -type f -exec sha256sum {} + | sort; }

printf 'open-sesame\nsecond line\n' >ca.pass
cat >gwcert.yaml <<'Y'
gwcert: 1
vars:
  ca-pass: { from: "file:./ca.pass", secret: true }
certificates:
  root:
    subject: { commonName: Root }
    issuer: self
    ca: {}
    key: { algorithm: ecdsa, curve: p384, encrypt: $(ca-pass) }
  store: { issuer: root, sans: [store.example.com] }
  web:
    issuer: root
    sans: [web.example.com]
    key: { algorithm: rsa, size: 2048, encrypt: "env:WEB_PASSWORD" }
Y

refused 3 'gwcert.yaml:14:49: the environment has no variable "WEB_PASSWORD"' && [ ! -e pki ]
check "without a password nothing is written at all" $?
export WEB_PASSWORD=hunter2
gen && opens pki/root/key.pem open-sesame && opens pki/web/key.pem hunter2 && ! opens pki/web/key.pem wrong &&
	pair pki/root open-sesame && pair pki/web hunter2 && pair pki/store ""
check "the first line of a file, a variable: openssl opens what they lock" $?
openssl asn1parse -in pki/web/key.pem >out 2>err
grep -q ':PBES2' out && grep -q ':PBKDF2' out && grep -q ':0927C0' out && grep -q ':hmacWithSHA256' out && grep -q ':aes-256-cbc' out
check "PBES2, PBKDF2 with 600000 rounds of HMAC-SHA256, AES-256" $?
[ "$(stat -c %a pki/root/key.pem)" = 600 ] && openssl verify -x509_strict -CAfile pki/root/cert.pem pki/store/cert.pem pki/web/cert.pem >out 2>err
check "the certificates stand, and the keys are 0600" $?

unset WEB_PASSWORD
mv ca.pass away
state >before
gen && gen --plan && gen --check && state >after && cmp -s before after
check "a run with nothing to do, --plan and --check ask for no password" $?
gen --plan --renew store && refused 3 'ca.pass: cannot open' --renew store && state >after && cmp -s before after
check "a plan to sign asks for none; signing does" $?
printf 'wrong-sesame\n' >ca.pass
refused 3 'pki/root/key.pem:1: the private key does not open with this password' --renew store && state >after && cmp -s before after
check "a wrong password is a clear error, and changes nothing" $?
mv away ca.pass
chmod 644 ca.pass
refused 4 'everybody can read it (mode 0644)' --renew store
check "a password that everybody can read is refused" $?
chmod 640 ca.pass
gen --renew store && pair pki/store "" && openssl verify -CAfile pki/root/cert.pem pki/store/cert.pem >out 2>err
check "a group may read it, as of a Secret that is mounted for one" $?

sha256sum pki/web/key.pem pki/root/key.pem >before
WEB_PASSWORD=hunter2 gen --renew web --renew root && sha256sum pki/web/key.pem pki/root/key.pem >after && cmp -s before after
check "a key that is kept is kept octet for octet" $?
rm pki/web/csr.pem
WEB_PASSWORD=hunter2 gen && openssl req -in pki/web/csr.pem -noout -verify >out 2>err
check "a lost request is made again with it" $?
rm pki/web/cert.pem
WEB_PASSWORD=wrong refused 3 'does not open with this password' && WEB_PASSWORD=hunter2 gen && pair pki/web hunter2
check "a lost certificate too" $?
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -aes256 -pass pass:hunter2 -out pki/web/key.pem 2>/dev/null
WEB_PASSWORD=hunter2 refused 3 'is another key than that of cert.pem' --renew web
check "a strange key under the right password is told" $?
rm pki/web/cert.pem
WEB_PASSWORD=hunter2 refused 4 'is a key of ECDSA P-256, asked is rsa-2048'
check "so is one of another kind, without its certificate" $?
WEB_PASSWORD=other gen --rekey web && opens pki/web/key.pem other
check "--rekey takes a new password" $?

openssl pkey -in pki/web/key.pem -passin pass:other -out clear 2>/dev/null && cp clear pki/web/key.pem
gen --plan && grep -q 'key.pem is not encrypted' out && WEB_PASSWORD=hunter2 gen && pair pki/web hunter2
check "a key in clear is encrypted where that is asked now, and stays the same key" $?
sed 's/, encrypt: "env:WEB_PASSWORD"//' gwcert.yaml >clear.yaml
refused 4 'key.pem is encrypted, and the template names no password for it' -f clear.yaml
check "an encrypted key without a source is never replaced unasked" $?
GWCERT_VAR_CA_PASS=wrong refused 3 'does not open' --renew store && GWCERT_VAR_CA_PASS=open-sesame gen --renew store
check "the environment goes before from" $?
refused 2 'other users can read a command line' --set ca-pass=open-sesame && grep -q GWCERT_VAR_CA_PASS err
check "a secret is not set in a command line" $?
echo 'ca-pass: open-sesame' >vars.yaml
refused 3 'has no place in a file of variables' --vars-file vars.yaml
check "nor in a file of variables" $?
"$GWCERT" template explain root >out 2>err && grep -q 'encrypt: (secret)' out && ! grep -q sesame out
check "explain does not tell it" $?
sed 's/\$(ca-pass)/open-sesame/' gwcert.yaml >wrong.yaml
refused 3 GWT045 -f wrong.yaml && ! gen -f wrong.yaml --format json && grep -q GWT045 out && ! grep -q sesame out err
check "a password in the template is an error that does not repeat it" $?
printf 'open-sesame\n' >ca.two
exec 7<ca.two
sed 's/\$(ca-pass)/fd:7/' gwcert.yaml >fd.yaml
WEB_PASSWORD=hunter2 gen -f fd.yaml --renew store --renew web && openssl verify -CAfile pki/root/cert.pem pki/web/cert.pem >out 2>err
check "a descriptor is read once for all that need it" $?
exec 7<&-
sed 's/\$(ca-pass)/prompt/' gwcert.yaml >prompt.yaml
setsid "$GWCERT" gen -f prompt.yaml --renew store </dev/null >out 2>err
[ $? = 2 ] && grep -q 'there is no terminal' err
check "prompt without a terminal is told" $?
WEB_PASSWORD=hunter2 gen --renew web --on-change 'env' && ! grep -q 'WEB_PASSWORD\|hunter2' out err
check "--on-change does not get the password" $?
if command -v strace >/dev/null && strace -o trace true 2>/dev/null; then
	WEB_PASSWORD=hunter2 strace -f -e trace=write,execve -v -s 4096 -o trace env -u X "$GWCERT" gen --rekey web >out 2>err
	grep 'write(' trace | grep -q 'hunter2\|open-sesame'
	[ $? = 1 ] && opens pki/web/key.pem hunter2
	check "no write has a password in it" $?
else
	check "no write has a password in it # SKIP no strace" 0
fi
"$GWCERT" secret web --from pki/web >out 2>err
[ $? = 3 ] && grep -q 'private key is encrypted' err && grep -q -- '--password env:NAME' err
check "secret from such a folder, without its template: the password is missed" $?
WEB_PASSWORD=hunter2 "$GWCERT" secret --from pki/web --password env:WEB_PASSWORD >out 2>err &&
	sed -n 's/^ *tls.key: //p' out | tr -d '"' | base64 -d | openssl pkey -pubout 2>/dev/null | cmp -s - <(openssl x509 -in pki/web/cert.pem -noout -pubkey)
check "with it the key is in the Secret, in clear as Kubernetes wants it" $?
echo "1..$n"
