#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The real kubectl takes what `gwcert secret` prints, against a stand-in API server that checks strictly.
set -u
stub=${GW_SHARED:+$GW_SHARED/tools/stub_apiserver.py}
skip() { echo "1..0 # SKIP $1"; exit 0; }
command -v kubectl >/dev/null || skip "no kubectl"
[ -e "${stub:-/nonexistent}" ] || skip "no stand-in API server (\$GW_SHARED)"
python3 -c 'import yaml' 2>/dev/null || skip "no python3 with PyYAML"

dir=$(mktemp -d)
server=
# shellcheck disable=SC2317 # called by the trap
clean() { [ -n "$server" ] && kill "$server" 2>/dev/null; wait 2>/dev/null; rm -rf "$dir"; }
trap clean EXIT
python3 "$stub" --port 0 --record "$dir/api" --kubeconfig-out "$dir/kubeconfig" --ready-file "$dir/ready" >"$dir/log" 2>&1 &
server=$!
for _ in $(seq 100); do [ -e "$dir/ready" ] && break; kill -0 "$server" 2>/dev/null || skip "the stand-in did not start"; sleep 0.1; done
export KUBECONFIG=$dir/kubeconfig HOME=$dir
kube() { kubectl --cache-dir "$dir/cache" "$@"; }

n=0
check() { # name, status of the thing checked, file with its words
	n=$((n + 1))
	if [ "$2" = 0 ]; then echo "ok $n - $1"; else echo "not ok $n - $1"; sed 's/^/# /' "$3" | head -n 20; fi
}

echo 1..7
"$GWCERT" gen --host store.example.com --host www.store.example.com -d "$dir/pki" -q >"$dir/out" 2>&1
check "gen --host" $? "$dir/out"
for format in yaml json; do
	"$GWCERT" secret "store-$format" --from "$dir/pki/store.example.com" --format "$format" >"$dir/secret.$format" 2>"$dir/out" &&
		kube create -f "$dir/secret.$format" >>"$dir/out" 2>&1
	check "create -f takes the $format" $? "$dir/out"
done
"$GWCERT" secret store-applied -n web --from "$dir/pki/store.example.com" 2>"$dir/err" | kube apply --validate=strict -f - >"$dir/out" 2>&1
check "apply -f - takes it from the pipe" $? "$dir/out"
"$GWCERT" secret store-plain --plain --from "$dir/pki/store.example.com" 2>"$dir/err" | kube apply --validate=strict -f - >"$dir/out" 2>&1
check "apply takes --plain" $? "$dir/out"
kube get secret store-yaml -o json >"$dir/got" 2>"$dir/out" &&
	python3 - "$dir/got" "$dir/pki/store.example.com" >>"$dir/out" 2>&1 <<'PY'
import base64, json, sys
s = json.load(open(sys.argv[1]))
assert s['type'] == 'kubernetes.io/tls', s['type']
assert base64.b64decode(s['data']['tls.crt']) == open(sys.argv[2] + '/fullchain.pem', 'rb').read()
assert base64.b64decode(s['data']['tls.key']) == open(sys.argv[2] + '/key.pem', 'rb').read()
assert s['metadata']['labels']['app.kubernetes.io/managed-by'] == 'gwcert'
PY
check "what is stored is the key and the chain" $? "$dir/out"
"$GWCERT" secret store-yaml --from "$dir/pki/store.example.com" 2>"$dir/err" >"$dir/again"
cmp "$dir/again" "$dir/secret.yaml" >"$dir/out" 2>&1
check "the same input gives the same manifest" $? "$dir/out"
