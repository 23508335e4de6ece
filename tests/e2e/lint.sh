#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The manifests of GKE's page, against what strict validation said of each with the CRDs of several versions, and against
# what is known of the page; and the table of schemas against the CRDs it was made from. Skips where the data are not there.
set -u
data=$GW_SHARED/data/k8s
[ -d "$data/seed-manifests" ] || { echo "1..0 # SKIP no manifests in GW_SHARED"; exit 0; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
n=0

ok()
{
	n=$((n + 1))
	if [ "$1" = "$2" ]; then
		echo "ok $n - $3"
	else
		echo "not ok $n - $3"
		printf '%s\n' "found: $1" "want:  $2" | sed 's/^/# /'
	fi
}

# The codes that lint gives a file, at warning and up, sorted, each once.
codes()
{
	"$GWCERT" lint "$@" --severity warning --format json | sed -nE 's/.*"code": "(GWK[0-9]+)".*/\1/p' | sort -u | xargs
}

# What the API server refuses, as far as one manifest shows it: GWK002 is the controller's.
refused()
{
	codes "$@" | tr ' ' '\n' | grep -cE '^GWK0(03|18|19|20|30|32|43|45|46|51|52)$'
}

# 1: as strict validation said, for each version that a GKE version stands for.
while IFS=$'\t' read -r bundle name verdict _; do
	case $bundle in
	v1.6.1/standard) version=() ;;
	v1.4.1/standard) version=(--gke-version 1.34.1-gke.1822000) ;;
	v1.3.0/experimental) version=(--gke-version 1.33.2-gke.1335000) ;;
	*) continue ;;
	esac
	found=PASS
	[ "$(refused "$data/seed-manifests/$name.yaml" ${version[@]+"${version[@]}"})" -gt 0 ] && found=FAIL
	ok "$found" "$verdict" "$bundle $name is as strict validation says: $verdict"
done <"$data/seed-manifests-results/strict-results.tsv"

# 2: what is found in each, and nothing else.
while read -r name want; do
	ok "$(codes "$data"/seed-manifests/"$name"-*.yaml)" "${want# }" "$name: ${want:-nothing}"
done <<'END'
01
02
03
04
05
06
07
08 GWK046
09 GWK056
10 GWK002 GWK003 GWK019
11 GWK002 GWK003 GWK019
12 GWK002 GWK003 GWK017 GWK019
13 GWK002 GWK003
14 GWK056
15
16
17
18
19
20
END

# 3: the corrected ones are clean; letting clients in without a certificate stays worth a warning.
for file in "$data"/seed-manifests-upstream-shape/*.yaml; do
	want=
	case $file in */12-*) want=GWK017 ;; esac
	ok "$(codes "$file")" "$want" "$(basename "$file") is clean"
	"$GWCERT" lint "$file" >/dev/null
	ok $? 0 "$(basename "$file") exits with 0"
done

# 4: the traps of the page that show between manifests.
seed=$data/seed-manifests
ok "$(codes "$seed"/07-*.yaml "$seed"/08-*.yaml | grep -ow GWK042)" GWK042 "the route names a Gateway that is not there"
ok "$(codes "$seed"/09-*.yaml "$seed"/10-*.yaml | grep -ow GWK065)" GWK065 "the ConfigMap has another name than the Gateway says"
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$dir/key.pem" -out "$dir/cert.pem" \
	-subj /CN=store.example.com 2>/dev/null
kubectl=$(command -v kubectl) && "$kubectl" create secret generic store --type=kubernetes.io/tls --dry-run=client -o yaml \
	--from-file=tls.crt="$dir/cert.pem" --from-file=tls.key="$dir/key.pem" >"$dir/csr.yaml" 2>/dev/null
if [ -s "$dir/csr.yaml" ]; then
	ok "$("$GWCERT" lint "$dir/csr.yaml" | grep -c 'GWK048')" 1 "a request in the place of the certificate"
else
	n=$((n + 1)) && echo "ok $n - a request in the place of the certificate # SKIP no kubectl"
fi
openssl req -x509 -key "$dir/key.pem" -out "$dir/leaf.pem" -subj /CN=leaf -addext basicConstraints=CA:FALSE 2>/dev/null
{
	printf 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: my-config}\ndata:\n  ca.crt: |\n'
	sed 's/^/    /' "$dir/leaf.pem"
} >"$dir/ca.yaml"
ok "$(codes "$dir/ca.yaml" "$data"/seed-manifests-upstream-shape/10-*.yaml)" GWK023 "a leaf in the place of a CA"

# 5: the table that is built in is what the CRDs give.
if python3 -c 'import yaml' 2>/dev/null && [ -d "$data/crds" ]; then
	"$GW_SRCDIR/scripts/crds" "$data" >"$dir/schema.def"
	cmp -s "$dir/schema.def" "$GW_SRCDIR/src/lint/schema.def"
	ok $? 0 "schema.def is what scripts/crds makes of the CRDs"
else
	n=$((n + 1)) && echo "ok $n - schema.def # SKIP no python3-yaml"
fi

# 6: an independent validator with the same CRDs refuses the same manifests, out of many with random damage.
if python3 -c 'import yaml, jsonschema' 2>/dev/null && [ -d "$data/crds" ]; then
	mkdir "$dir/damaged"
	ok "$("$GW_SRCDIR/tests/doubles/lint-schema.py" "$GWCERT" "$data" "$dir/damaged" 2>&1 | head -n 5)" "" \
		"jsonschema refuses the same of 600 damaged manifests"
else
	n=$((n + 1)) && echo "ok $n - jsonschema # SKIP no python3-yaml or python3-jsonschema"
fi
echo "1..$n"
