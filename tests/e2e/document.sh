#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The first section of GKE's "Secure a Gateway" by gwcert alone: a template in the place of the OpenSSL configuration (RSA
# 2048, 30 days, store.example.com), the Secret store-example-com, and one probe for the curl --resolve --cacert step.
set -u
dir=$(mktemp -d)
server=
# shellcheck disable=SC2317 # called by the trap
clean() { [ -n "$server" ] && kill "$server" 2>/dev/null; wait 2>/dev/null; rm -rf "$dir"; }
trap clean EXIT
cd "$dir" || exit 99

n=0
check() { # name, status
	n=$((n + 1))
	if [ "$2" = 0 ]; then echo "ok $n - $1"; else echo "not ok $n - $1"; sed 's/^/# /' out err 2>/dev/null | head -n 30; fi
}

echo 1..12
"$GWCERT" init self-signed >out 2>err
check "init self-signed writes a template" $?
"$GWCERT" gen >out 2>err
check "gen takes it as it is" $?
cert=$(find . -name cert.pem) entry=${cert%/cert.pem}
openssl x509 -in "$cert" -noout -text >text 2>err && grep -q 'Public-Key: (2048 bit)' text && grep -q 'DNS:store.example.com' text &&
	grep -q 'Subject:.*CN *= *store.example.com' text
check "RSA 2048 for store.example.com" $?
openssl x509 -in "$cert" -noout -checkend $((29 * 86400)) >out 2>err && ! openssl x509 -in "$cert" -noout -checkend $((31 * 86400)) >out 2>err
check "30 days" $?
[ "$(stat -c %a "$entry/key.pem")" = 600 ]
check "the key is 0600" $?
"$GWCERT" gen >out 2>err && grep -q unchanged out
check "a second gen makes nothing new" $?
"$GWCERT" secret store-example-com --cert "$cert" --key "$entry/key.pem" >secret.yaml 2>err && grep -q 'name: store-example-com' secret.yaml
check "the Secret store-example-com" $?

"$GWCERT" serve --cert "$cert" --key "$entry/key.pem" --listen 127.0.0.1:0 >listening 2>err &
server=$!
for _ in $(seq 100); do [ -s listening ] && break; sleep 0.05; done
port=$(sed -nE 's/.*:([0-9]+)$/\1/p' listening)
[ -n "$port" ]
check "a stand-in Gateway serves it" $?
"$GWCERT" probe "store.example.com:$port" --resolve "store.example.com:$port:127.0.0.1" --cacert "$cert" --expect "$cert" >out 2>err
check "the probe proves it" $?
fingerprint=$(openssl x509 -in "$cert" -noout -fingerprint -sha256 | sed 's/.*=//; s/://g' | tr A-F a-f)
"$GWCERT" probe -v "store.example.com:$port" --resolve "store.example.com:$port:127.0.0.1" --cacert "$cert" >out 2>err &&
	grep -q "sent 1 .*SHA-256 $fingerprint" out
check "probe -v shows what was sent" $?
"$GWCERT" probe "shop.example.com:$port" --resolve "shop.example.com:$port:127.0.0.1" --cacert "$cert" >out 2>err
[ $? = 1 ] && grep -q GWC out
check "a wrong name is told, with status 1" $?
kill -TERM "$server" && wait "$server"
check "the stand-in ends on SIGTERM with 0" $?
server=
