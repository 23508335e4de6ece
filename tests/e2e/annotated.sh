#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The template that uses the whole language at once, as it stands, with its CSV file and its secrets: made, converged, streamed.
set -u
command -v openssl >/dev/null || { echo "1..0 # SKIP no openssl"; exit 0; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cp -r "$GW_SRCDIR/tests/templates/annotated/." "$dir" && chmod -R u+w "$dir" && chmod 600 "$dir"/secrets/* && cd "$dir" || exit 99
export GOOGLE_CLOUD_PROJECT=example

n=0
check() { # name, status
	n=$((n + 1))
	if [ "$2" = 0 ]; then echo "ok $n - $1"; else echo "not ok $n - $1"; sed 's/^/# /' out err 2>/dev/null | head -n 40; fi
}

# Keys that the language does not have yet are told by name; anything else that stands against the file is a failure.
"$GWCERT" gen -f pki.yaml --plan >out 2>err
unknown=$(sed -n 's/.*: error: unknown key "\([^"]*\)".*/\1/p' err | sort -u | paste -sd' ')
if [ -n "$unknown" ] && ! grep ': error: ' err | grep -qv 'unknown key'; then
	echo "1..0 # SKIP not in the language yet: $unknown"
	exit 0
fi

"$GWCERT" gen -f pki.yaml >out 2>err
check "the file is made as it stands" $?
"$GWCERT" gen -f pki.yaml --check >out 2>err
check "and is as asked then" $?
for name in tenant-a.example.com tenant-b.example.com store; do
	openssl verify -x509_strict -CAfile pki/staging/root/cert.pem -untrusted pki/staging/issuing/cert.pem \
		"pki/staging/$name/cert.pem" >out 2>err
	check "$name hangs on the root" $?
done
printf 'host,team\na.example.com,web\nshop_.example.com,shop\nb.example.com,shop\n' >tenants.csv
"$GWCERT" gen -f pki.yaml >out 2>err
[ $? = 8 ] && grep -q '^tenants.csv:3:1: error: "shop_.example.com" ' err && grep -qF 'certificates.tenants.each[2].host' err
check "a bad row is told at its line, and the rest is made" $?
"$GWCERT" gen -f pki.yaml --stream secret tenants >stream 2>err
[ $? = 8 ] && [ "$(grep -c '^kind: Secret$' stream)" = 2 ]
check "its rows are a stream of Secrets" $?
echo "1..$n"
