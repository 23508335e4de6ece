#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Every starter of init, by openssl's word: what gen makes of it verifies for its name and use, and a second run changes nothing.
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
made() { # kind, host
	mkdir "$dir/$1" && cd "$dir/$1" && "$GWCERT" init "$1" --host "$2" >out 2>err && "$GWCERT" gen >out 2>err && [ ! -s err ]
}
converges()
{
	find . -type f -printf '%p %i %T@\n' | grep -v '/out \|/err \|/before \|/after ' | sort >before
	"$GWCERT" gen --check >out 2>err && "$GWCERT" gen >out 2>err && grep -q 'nothing to do' out &&
		find . -type f -printf '%p %i %T@\n' | grep -v '/out \|/err \|/before \|/after ' | sort >after && cmp before after
}
verifies() # entry, root, purpose, words
{
	openssl verify -x509_strict -purpose "$3" -CAfile "pki/$2/cert.pem" -untrusted "pki/$1/fullchain.pem" "${@:4}" \
		"pki/$1/cert.pem" >out 2>err &&
		cmp -s <(openssl pkey -in "pki/$1/key.pem" -pubout) <(openssl x509 -in "pki/$1/cert.pem" -noout -pubkey)
}

made self-signed shop.example.org
check "self-signed is made" $?
converges
check "self-signed converges" $?
verifies store store sslserver -verify_hostname shop.example.org
check "self-signed verifies" $?

made ca shop.example.org && converges && verifies store root sslserver -verify_hostname shop.example.org
check "ca is made, converges and verifies" $?
! verifies store root sslserver -verify_hostname other.example.org
check "and for no other name" $?

made mtls shop.example.org && converges && verifies store root sslserver -verify_hostname shop.example.org
check "mtls is made, converges and verifies" $?
verifies client client-ca sslclient && ! verifies client client-ca sslserver && ! verifies client root sslclient
check "its client is one, and only of its own CA" $?
"$GWCERT" secret --from pki/store >out 2>err && grep -q '^  name: store-tls$' out && grep -q '^  namespace: default$' out
check "its Secret has the name that publish says" $?

made gateway '*.example.org' && converges && verifies store root sslserver -verify_hostname any.example.org
check "gateway is made, converges and verifies" $?
verifies prober root sslclient && ! verifies prober root sslserver
check "its client is one" $?
"$GWCERT" secret --from pki/store >out 2>err && grep -q '^  name: store-tls$' out
check "its Secret has the name that publish says" $?

made fleet shop.example.org && converges && verifies store root sslserver -verify_hostname shop.example.org &&
	verifies blog root sslserver -verify_hostname blog.example.com
check "fleet is made, converges and verifies, each row" $?
echo 'third,third.example.org,web' >>fleet.csv
"$GWCERT" gen >out 2>err && grep -q '1 made, 3 unchanged' out && verifies third root sslserver -verify_hostname third.example.org
check "a line more is one certificate more" $?
"$GWCERT" secret --from pki/third >out 2>err && grep -q '^  name: third-tls$' out && grep -q '^  namespace: web$' out
check "and the Secret that its row says" $?
"$GWCERT" gen --stream secret >stream 2>err && [ "$(grep -cE '^  name: (store|blog|third)-tls$' stream)" = 3 ] &&
	sed -n 's/^  tls.crt: //p' stream | tail -n 1 | base64 -d >crt 2>/dev/null &&
	openssl verify -x509_strict -CAfile pki/root/cert.pem -verify_hostname third.example.org crt >out 2>&1
check "the stream has them all, with new keys" $?
echo "1..$n"
