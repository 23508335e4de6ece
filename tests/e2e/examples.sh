#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Every example that -h shows works as written. They run in a folder that has what a reader would have: templates, their
# certificates, and a stand-in Gateway in the place of the Internet. kubectl is stood in for by a program that reads what it is
# given and knows one Secret.
set -u
dir=$(mktemp -d)
server=
# shellcheck disable=SC2317 # called by the trap
clean() { [ -n "$server" ] && kill "$server" 2>/dev/null; wait 2>/dev/null; rm -rf "$dir"; }
trap clean EXIT
mkdir "$dir/bin" "$dir/kit" && ln -s "$GWCERT" "$dir/bin/gwcert"
# shellcheck disable=SC2016 # the stand-in expands it
printf '#!/bin/sh\ncase $1 in get) exec cat "%s/secrets.json" ;; *) exec cat >/dev/null ;; esac\n' "$dir" >"$dir/bin/kubectl" && chmod +x "$dir/bin/kubectl"
export PATH="$dir/bin:$PATH"
mapfile -t examples < <("$GWCERT" docgen examples)
echo "1..${#examples[@]}"

# What the reader has: ./gwcert.yaml, pki.yaml and pki/, single files with the names that the examples use.
furnish() {
	cd "$dir/kit" || return
	gwcert init gateway -o gwcert.yaml && cp gwcert.yaml pki.yaml && gwcert gen || return
	cp pki/root/cert.pem ca.pem && cp pki/root/key.pem ca.key &&
		gwcert gen --host store.example.com --host api.example.com --host a.example.com --host b.example.com \
			--issuer ca.pem --issuer-key ca.key -d made &&
		gwcert gen --host store.example.com --profile client --issuer ca.pem --issuer-key ca.key -d client || return
	cp made/*/cert.pem cert.pem && cp made/*/fullchain.pem fullchain.pem && cp made/*/key.pem key.pem &&
		cp client/*/cert.pem client.pem && cp ca.pem chain.pem && cp ca.pem root.pem && cp client/*/key.pem client.key || return
	gwcert secret store-example-com -n web --cert cert.pem --key key.pem --format json >"$dir/secrets.json" || return
	gwcert crl --issuer root && cp pki/root/crl.pem . && cp made/*/csr.pem request.csr || return
	(umask 077 && echo sesame >password) && openssl pkcs12 -export -inkey key.pem -in cert.pem -certfile ca.pem \
		-passout file:password -out store.p12 || return
	printf '[req]\nprompt = no\ndistinguished_name = dn\nx509_extensions = ext\n[dn]\nCN = a.example.com\n%s\n' \
		$'[ext]\nsubjectAltName = DNS:a.example.com' >openssl.cnf || return
	printf 'apiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: {name: a}\nspec: {dnsNames: [a.example.com]}\n' \
		>certificates.yaml || return
	printf 'host\na.example.com\nb.example.com\n' >fleet.csv
	# shellcheck disable=SC2016 # the template expands it
	sed '/^certificates:/a\  fleet: { issuer: root, each: { csv: fleet.csv, key: host }, name: $(each.host), sans: [$(each.host)] }' \
		pki.yaml >fleet.yaml || return
	gwcert secret store-example-com --cert cert.pem --key key.pem -o secret.yaml || return
	printf '%s\n' 'apiVersion: gateway.networking.k8s.io/v1' 'kind: Gateway' 'metadata: {name: external-http}' \
		'spec:' '  gatewayClassName: gke-l7-global-external-managed' '  listeners:' \
		'  - {name: https, protocol: HTTPS, port: 443, tls: {certificateRefs: [{name: store-example-com}]}}' >gateway.yaml
	mkdir deploy && cp gateway.yaml secret.yaml deploy/ || return
	for name in a b; do cp cert.pem $name.pem && cp key.pem $name.key || return; done
}

# Runs a server until it says where it listens, and then ends it.
# shellcheck disable=SC2317 # called by way of eval
until_listening() {
	local pid
	"$@" >listening &
	pid=$!
	for _ in $(seq 400); do [ -s listening ] && break; kill -0 $pid 2>/dev/null || break; sleep 0.05; done
	kill -TERM $pid && wait $pid
}

# Nothing leaves this machine: the names lead to the stand-in, and its CA is the system's. A server ends by itself.
rewrite() {
	case $1 in
	*"--resolve "*) sed -e "s/:443:203\.0\.113\.12/:$port:127.0.0.1/" -e "s/probe store\.example\.com /probe store.example.com:$port /" <<<"$1" ;;
	"gwcert probe "* | "gwcert show "*:443*) printf '%s --connect 127.0.0.1:%s' "$1" "$port" ;;
	"gwcert serve "*"--listen "*) printf 'until_listening %s' "$1" ;;
	"gwcert serve "*) printf 'until_listening %s --listen 127.0.0.1:0' "$1" ;;
	*) printf '%s' "$1" ;;
	esac
}

(furnish) >"$dir/furnish" 2>&1 || { echo "Bail out! cannot furnish the examples"; sed 's/^/# /' "$dir/furnish"; exit 99; }
export SSL_CERT_FILE=$dir/kit/ca.pem SSL_CERT_DIR=$dir/nothing
gwcert serve --cert "$dir/kit/fullchain.pem" --key "$dir/kit/key.pem" --listen 127.0.0.1:0 >"$dir/listening" 2>"$dir/serve" &
server=$!
for _ in $(seq 200); do [ -s "$dir/listening" ] && break; kill -0 $server 2>/dev/null || break; sleep 0.05; done
port=$(sed -nE 's/.*:([0-9]+)$/\1/p' "$dir/listening")
[ -n "$port" ] || { echo "Bail out! no stand-in Gateway"; sed 's/^/# /' "$dir/serve"; exit 99; }

n=0
for line in "${examples[@]}"; do
	n=$((n + 1))
	rm -rf "$dir/work" && cp -a "$dir/kit" "$dir/work" && cd "$dir/work" || exit 99
	case $line in "gwcert init "*) rm -rf gwcert.yaml pki ;; esac
	if (set -o pipefail; eval "$(rewrite "$line")") </dev/null >"$dir/out" 2>"$dir/err"; then
		echo "ok $n - $line"
	else
		echo "not ok $n - $line"
		sed 's/^/# /' "$dir/err" | head -n 10
	fi
done
