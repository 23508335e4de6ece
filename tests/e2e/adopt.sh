#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# init --from-...: what openssl made, adopted and made again, says the same in openssl's own words.
set -u
dir=$(mktemp -d)
server=
# shellcheck disable=SC2317 # called by the trap
clean() { [ -n "$server" ] && kill "$server" 2>/dev/null; wait 2>/dev/null; rm -rf "$dir"; }
trap clean EXIT
command -v openssl >/dev/null || { echo "1..0 # SKIP no openssl"; exit 0; }
cd "$dir" || exit 99
n=0
echo 1..14

# check NAME COMMAND...: one test; what the command says is shown when it fails.
check() {
	local name=$1
	shift
	n=$((n + 1))
	if "$@" >out 2>&1; then echo "ok $n - $name"; else echo "not ok $n - $name"; sed 's/^/# /' out; fi
}

# The fields that are the same each time a certificate is made: no serial number, keys, key ids, dates or signature.
fields() {
	openssl x509 -in "$1" -noout -subject -issuer -nameopt RFC2253
	local ext
	for ext in basicConstraints keyUsage extendedKeyUsage subjectAltName nameConstraints authorityInfoAccess crlDistributionPoints \
		certificatePolicies tlsfeature 1.2.3.9; do
		openssl x509 -in "$1" -noout -ext $ext 2>&1
	done
	openssl x509 -in "$1" -noout -text | grep -m 1 'Signature Algorithm'
	openssl x509 -in "$1" -noout -text | sed -nE 's/.*(Public-Key: .*|NIST CURVE: .*)/\1/p'
}

days() { echo $((($(date -d "$(openssl x509 -in "$1" -noout -enddate | cut -d= -f2)" +%s) - $(date -d "$(openssl x509 -in "$1" -noout -startdate | cut -d= -f2)" +%s)) / 86400)); }

same() { diff <(fields "$1") <(fields "$2") && [ "$(days "$1")" = "$(days "$2")" ]; }

adopt() { rm -rf gwcert.yaml pki; "$GWCERT" init "$@" 2>said && "$GWCERT" gen --plan >plan && "$GWCERT" gen >made; }

# --- certificates: a chain of three ---------------------------------------------------------------------------------------

cat >chain.cnf <<'X'
[req]
prompt = no
distinguished_name = root_dn
[root_dn]
C = GB
O = Acme
CN = Acme Root
[root]
basicConstraints = critical,CA:TRUE,pathlen:1
keyUsage = critical,keyCertSign,cRLSign
[sub]
basicConstraints = critical,CA:TRUE,pathlen:0
keyUsage = critical,keyCertSign,cRLSign
nameConstraints = critical,permitted;DNS:example.com,permitted;IP:203.0.113.0/255.255.255.0,permitted;IP:2001:db8::/ffff:ffff::,excluded;DNS:old.example.com
[leaf]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature,keyEncipherment
extendedKeyUsage = serverAuth,clientAuth,1.2.3.6
subjectAltName = DNS:store.example.com,DNS:*.store.example.com,IP:203.0.113.12,IP:2001:db8::1,URI:spiffe://example.com/store,email:ops@example.com,otherName:1.3.6.1.4.1.311.20.2.3;UTF8:ops@example.com
authorityInfoAccess = OCSP;URI:http://ocsp.example.com/,caIssuers;URI:http://pki.example.com/issuing.cer
crlDistributionPoints = URI:http://pki.example.com/issuing.crl
certificatePolicies = 1.2.3.4,@policy
tlsfeature = status_request
1.2.3.9 = critical,ASN1:UTF8String:as it is
[policy]
policyIdentifier = 1.2.3.5
CPS.1 = https://pki.example.com/cps
X
issue() {
	openssl req -x509 -newkey rsa:3072 -nodes -keyout root.key -config chain.cnf -extensions root -days 3650 -out root.pem &&
		openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-384 -nodes -keyout sub.key -config chain.cnf -subj "/O=Acme/CN=Issuing" -out sub.csr &&
		openssl x509 -req -in sub.csr -CA root.pem -CAkey root.key -CAcreateserial -extfile chain.cnf -extensions sub -sha256 -days 1000 -out sub.pem &&
		openssl req -new -newkey rsa:2048 -nodes -keyout leaf.key -config chain.cnf -subj "/C=GB/ST=Kent/L=Deal/O=Acme/OU=Web/OU=Shop/CN=store.example.com" -out leaf.csr &&
		openssl x509 -req -in leaf.csr -CA sub.pem -CAkey sub.key -CAcreateserial -extfile chain.cnf -extensions leaf -sha256 -days 90 -out leaf.pem &&
		cat leaf.pem sub.pem root.pem >bundle.pem
}
check "openssl makes a chain" issue
check "the chain is adopted and made again" adopt --from-cert bundle.pem
check "nothing is said to be lost" diff <(echo "wrote gwcert.yaml; next: gwcert gen") said
check "the leaf is the same" same leaf.pem pki/store.example.com/cert.pem
check "the intermediate is the same" same sub.pem pki/Issuing/cert.pem
check "the root is the same" same root.pem pki/Acme-Root/cert.pem
check "openssl verifies the new chain" openssl verify -ignore_critical -x509_strict -CAfile pki/Acme-Root/cert.pem -untrusted pki/Issuing/cert.pem pki/store.example.com/cert.pem

# --- as it is served ------------------------------------------------------------------------------------------------------

"$GWCERT" serve --cert bundle.pem --key leaf.key --listen 127.0.0.1:0 >listening 2>serve.err &
server=$!
for _ in $(seq 200); do [ -s listening ] && break; kill -0 $server 2>/dev/null || break; sleep 0.05; done
port=$(sed -nE 's/.*:([0-9]+)$/\1/p' listening)
check "what a server shows is adopted" adopt --from-cert "127.0.0.1:$port"
check "it is said to be unverified" grep -q "127.0.0.1:$port: taken as it was served, without verification" said
check "the served leaf is the same" same leaf.pem pki/store.example.com/cert.pem
kill "$server" 2>/dev/null; wait "$server" 2>/dev/null; server=

# --- openssl's configuration ----------------------------------------------------------------------------------------------

cat >one.cnf <<'X'
name = shop.example.com
[ req ]
default_bits = 3072
default_md = sha256
prompt = no
distinguished_name = dn
x509_extensions = v3
[ dn ]
C = GB
O = Acme
CN = ${name}
[ v3 ]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature,keyEncipherment
extendedKeyUsage = serverAuth
subjectAltName = @names
[ names ]
DNS.1 = ${name}
DNS.2 = www.${name}
IP.1 = 203.0.113.7
URI.1 = https://$ENV::SITE/
email.1 = ops@example.com
X
export SITE=shop.example.net
made_by_openssl() { openssl req -x509 -newkey rsa:3072 -nodes -keyout one.key -config one.cnf -days 30 -out one.pem; }
check "openssl req takes the configuration" made_by_openssl
check "the configuration is adopted" adopt --from-openssl-cnf one.cnf
sed -i 's/^    sans:/    validity: 30d\n    sans:/' gwcert.yaml
again() { "$GWCERT" gen >made && same one.pem pki/shop.example.com/cert.pem; }
check "what gen makes is what openssl req makes" again
unset SITE
lacking() { "$GWCERT" init --from-openssl-cnf one.cnf -o lacking.yaml; [ $? = 3 ] && [ ! -e lacking.yaml ]; }
check "a variable that is not set is refused" lacking
