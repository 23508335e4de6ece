#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What a template says, field by field, against what openssl reads in the certificates that were made of it.
set -u
command -v openssl >/dev/null || { echo "1..0 # SKIP no openssl"; exit 0; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
n=0

cat >"$dir/gwcert.yaml" <<'YAML'
gwcert: 1
profiles:
  places:
    extends: server
    aia:
      caIssuers: ['http://pki.example.com/issuing.cer']
      ocsp: ['http://ocsp.example.com/', 'http://ocsp2.example.com/']
    crl: { distribution: ['http://pki.example.com/a.crl', 'ldap://pki.example.com/cn=b'] }
certificates:
  root:
    issuer: self
    key: rsa-2048
    ca: { pathLength: 1 }
    subject:
      commonName: Root
      domainComponent: [com, example]
      organizationalUnit: [Whole, Part]
    signature: { hash: sha384, rsaPss: true }
    serial: 01:AB
  issuing:
    issuer: root
    ca:
      pathLength: 0
      permitted:
        dns: [example.com, bücher.example]
        ip: [203.0.113.0/24, '2001:db8::/32']
        email: [example.com, .example.com]
        uri: [.example.com]
      excluded: { dns: [legacy.example.com], ip: [203.0.113.128/25], email: [joe@example.com], uri: [no.example.com] }
    subject: { commonName: Issuing }
    validity: 3y
    signature: sha512
    certificatePolicies: [{ oid: 2.23.140.1.2.1 }, { oid: 1.3.6.1.4.1.99999.1, cps: 'https://pki.example.com/cps' }]
  store:
    profile: places
    issuer: issuing
    sans: [store.example.com, 203.0.113.12, '*.bücher.example', info@example.com, 'https://a.example.com/x',
      'other:msUPN;utf8:jöe@example.com', 'other:1.2.3.4;ia5:abc']
    extendedKeyUsage: [serverAuth, 1.3.6.1.4.1.99999.3]
    keyUsage: [digitalSignature, keyAgreement, decipherOnly]
    subject: { givenName: Joe, surname: Doe, title: Dr, pseudonym: jd, userId: joe, emailAddress: info@example.com,
      attributes: [{ oid: 1.3.6.1.4.1.99999.5, value: B-7 }] }
    mustStaple: true
    serial: 1F
    validity: 30d
    extensions:
      - { oid: 1.3.6.1.4.1.99999.7, der: "30:03:02:01:05" }
      - { oid: 1.3.6.1.4.1.99999.8, utf8: "hällo" }
      - { oid: 1.3.6.1.4.1.99999.9, ia5: "abc" }
  short:
    profile: client
    issuer: issuing
    validity: 10y
    clip: true
    subject: { commonName: Short }
    keyUsage: [digitalSignature, nonRepudiation]
  signer:
    issuer: issuing
    key: rsa-2048
    sans: [signer.example.com]
    keyUsage: [digitalSignature, keyEncipherment, dataEncipherment, keyAgreement, encipherOnly]
    extensions: [{ oid: 1.3.6.1.4.1.99999.7, critical: true, der: "0500" }]
  ca:
    issuer: root
    ca: {}
    subject: { commonName: Other CA }
    key: ed25519
    keyUsage: [keyCertSign, cRLSign, digitalSignature]
YAML

report()
{
	n=$((n + 1))
	if [ "$2" = 0 ]; then echo "ok $n - $1"; else echo "not ok $n - $1"; fi
}

text_of()
{
	openssl x509 -in "$dir/pki/$1/cert.pem" -noout "${@:2}" 2>/dev/null
}

# is NAME ENTRY WANTED OPENSSL-OPTIONS...: all that openssl says, on one line.
is()
{
	local got
	got=$(text_of "$2" "${@:4}" | tr '\n' ' ' | sed 's/  */ /g; s/ $//')
	[ "$got" = "$3" ] || printf '# got  %s\n# want %s\n' "$got" "$3"
	[ "$got" = "$3" ]
	report "$1" $?
}

# has NAME ENTRY WANTED: a line of -text, and -text -nameopt for subjects.
has()
{
	text_of "$2" -text -nameopt utf8,sep_comma_plus | tr '\n' ' ' | sed 's/  */ /g' | grep -qF -- "$3"
	report "$1" $?
}

if ! "$GWCERT" gen -f "$dir/gwcert.yaml" >"$dir/out" 2>"$dir/err"; then
	echo "Bail out! $(head -1 "$dir/err")"
	exit 1
fi

is "subject with lists" root "subject=DC=com,DC=example,OU=Whole,OU=Part,CN=Root" -subject -nameopt sep_comma_plus
is "subject of a person" store \
	"subject=title=Dr,SN=Doe,GN=Joe,pseudonym=jd,UID=joe,emailAddress=info@example.com,1.3.6.1.4.1.99999.5=B-7,CN=store.example.com" \
	-subject -nameopt sep_comma_plus
is "fixed serial" root "serial=01AB" -serial
is "fixed serial below it" store "serial=1F" -serial
text_of issuing -serial | grep -qE '^serial=[0-9A-F]{40}$'
report "random serial of twenty octets" $?
is "path length" root "X509v3 Basic Constraints: critical CA:TRUE, pathlen:1" -ext basicConstraints
is "no path length" ca "X509v3 Basic Constraints: critical CA:TRUE" -ext basicConstraints
is "name constraints" issuing "X509v3 Name Constraints: critical Permitted: DNS:example.com DNS:xn--bcher-kva.example \
IP:203.0.113.0/255.255.255.0 IP:2001:DB8:0:0:0:0:0:0/FFFF:FFFF:0:0:0:0:0:0 email:example.com email:.example.com \
URI:.example.com Excluded: DNS:legacy.example.com IP:203.0.113.128/255.255.255.128 email:joe@example.com \
URI:no.example.com" -ext nameConstraints
is "policies" issuing "X509v3 Certificate Policies: Policy: 2.23.140.1.2.1 Policy: 1.3.6.1.4.1.99999.1 \
CPS: https://pki.example.com/cps" -ext certificatePolicies
is "names" store "X509v3 Subject Alternative Name: DNS:store.example.com, IP Address:203.0.113.12, \
DNS:*.xn--bcher-kva.example, email:info@example.com, URI:https://a.example.com/x, othername: UPN::jöe@example.com, \
othername: 1.2.3.4::abc" -ext subjectAltName
is "usages with an OID" store \
	"X509v3 Extended Key Usage: TLS Web Server Authentication, 1.3.6.1.4.1.99999.3" -ext extendedKeyUsage
is "the ninth bit" store "X509v3 Key Usage: critical Digital Signature, Key Agreement, Decipher Only" -ext keyUsage
is "the second" short "X509v3 Key Usage: critical Digital Signature, Non Repudiation" -ext keyUsage
is "all for RSA" signer \
	"X509v3 Key Usage: critical Digital Signature, Key Encipherment, Data Encipherment, Key Agreement, Encipher Only" \
	-ext keyUsage
is "those of a CA" ca "X509v3 Key Usage: critical Digital Signature, Certificate Sign, CRL Sign" -ext keyUsage
is "places" store "Authority Information Access: OCSP - URI:http://ocsp.example.com/ OCSP - URI:http://ocsp2.example.com/ \
CA Issuers - URI:http://pki.example.com/issuing.cer" -ext authorityInfoAccess
is "revocation lists" store "X509v3 CRL Distribution Points: Full Name: URI:http://pki.example.com/a.crl Full Name: \
URI:ldap://pki.example.com/cn=b" -ext crlDistributionPoints
is "must-staple" store "TLS Feature: status_request" -ext tlsfeature
has "signed with RSA-PSS" root "Signature Algorithm: rsassaPss Hash Algorithm: sha384 Mask Algorithm: mgf1 with sha384 \
Salt Length: 0x30"
has "signed with SHA-512" issuing "Signature Algorithm: sha512WithRSAEncryption"
has "signed with what fits" store "Signature Algorithm: ecdsa-with-SHA256"
has "critical extension" signer "1.3.6.1.4.1.99999.7: critical"

# Octets of an extension are shown by asn1parse alone.
octets_of()
{
	openssl x509 -in "$dir/pki/$1/cert.pem" -outform DER | openssl asn1parse -inform DER |
		grep -A1 -F "OBJECT            :$2" | sed -n 's/.*HEX DUMP\]://p'
}

[ "$(octets_of store 1.3.6.1.4.1.99999.7)" = 3003020105 ]
report "extension in hex" $?
[ "$(octets_of store 1.3.6.1.4.1.99999.8)" = 0C0668C3A46C6C6F ]
report "extension as UTF-8 text" $?
[ "$(octets_of store 1.3.6.1.4.1.99999.9)" = 1603616263 ]
report "extension as ASCII text" $?

[ "$(text_of short -enddate)" = "$(text_of issuing -enddate)" ]
report "a life that is clipped ends with the issuer's" $?
grep -q 'short.*with its issuer' "$dir/out"
report "and that is said" $?

openssl req -in "$dir/pki/root/csr.pem" -noout -text -verify 2>&1 | tr '\n' ' ' | sed 's/  */ /g' |
	grep -q 'Signature Algorithm: rsassaPss Signature Value: Hash Algorithm: sha384'
report "the request is signed likewise" $?
openssl req -in "$dir/pki/store/csr.pem" -noout -text 2>&1 | grep -q 'status_request'
report "the request asks for must-staple" $?

for entry in issuing ca; do
	openssl verify -x509_strict -CAfile "$dir/pki/root/cert.pem" "$dir/pki/$entry/cert.pem" >"$dir/verify" 2>&1
	report "openssl verify -x509_strict $entry" $?
done
for entry in store short; do
	openssl verify -x509_strict -check_ss_sig -CAfile "$dir/pki/root/cert.pem" -untrusted "$dir/pki/issuing/cert.pem" \
		"$dir/pki/$entry/cert.pem" >"$dir/verify" 2>&1
	report "openssl verify -x509_strict $entry" $?
done
openssl verify -x509_strict -CAfile "$dir/pki/root/cert.pem" -untrusted "$dir/pki/issuing/cert.pem" \
	"$dir/pki/signer/cert.pem" 2>&1 | grep -q 'unhandled critical extension'
report "a critical extension that nobody knows is one" $?

"$GWCERT" gen -f "$dir/gwcert.yaml" --check >/dev/null 2>&1
report "a second run finds all as asked" $?
"$GWCERT" template schema >"$dir/schema.json" && ! grep -q '"bücher' "$dir/schema.json"
report "the schema is written" $?

if command -v certtool >/dev/null; then
	certtool -i --infile "$dir/pki/store/cert.pem" 2>/dev/null | tr '\n\t' '  ' | sed 's/  */ /g' >"$dir/certtool"
	grep -qF 'Status Request(5)' "$dir/certtool"
	report "certtool reads must-staple" $?
	grep -qF 'Access Location URI: http://pki.example.com/issuing.cer' "$dir/certtool"
	report "certtool reads the places" $?
	certtool -i --infile "$dir/pki/issuing/cert.pem" 2>/dev/null | tr '\n\t' '  ' | sed 's/  */ /g' >"$dir/certtool"
	grep -qF 'Name Constraints (critical): Permitted: DNSname: example.com DNSname: xn--bcher-kva.example' "$dir/certtool"
	report "certtool reads the name constraints" $?
else
	n=$((n + 1))
	echo "ok $n - certtool # SKIP it is not here"
fi
echo "1..$n"
