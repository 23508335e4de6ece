#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Hostile templates end in a sentence and exit status 3, within 50 MB of address space and one second of processor time.
set -u
if grep -aq __asan_init "$GWCERT"; then
	echo "1..0 # SKIP the sanitizer takes more address space by itself"
	exit 0
fi
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 99

n=0
# refused FILE WORDS: what every reader of a template says of it.
refused() {
	local how
	for how in "gen --plan" "template explain x" "secret x --from ."; do
		n=$((n + 1))
		# shellcheck disable=SC2086 # words
		(ulimit -v 51200 && ulimit -t 1 && exec "$GWCERT" $how -f "$1") >out 2>err
		if [ $? = 3 ] && [ ! -s out ] && grep -q "$2" err; then
			echo "ok $n - ${how%% *} refuses $1"
		else
			echo "not ok $n - ${how%% *} refuses $1"
			head -c 300 err | sed 's/^/# /'
		fi
	done
}
times() { head -c "$2" /dev/zero | sed "s/\\x00/$1/g"; }

head -c 104857600 /dev/zero | tr '\0' '#' >hundred-megabytes.yaml
refused hundred-megabytes.yaml "larger than the 1048576 octets"
rm hundred-megabytes.yaml

{
	echo "gwcert: 1"
	echo "a0: &a0 [x, x, x, x, x, x, x, x, x]"
	for i in $(seq 1 29); do
		p=$((i - 1))
		echo "a$i: &a$i [*a$p, *a$p, *a$p, *a$p, *a$p, *a$p, *a$p, *a$p, *a$p]"
	done
} >alias-bomb.yaml
refused alias-bomb.yaml "bomb.yaml:7:10: .*aliases make this input grow past all bounds"

echo "gwcert: 1
a: $(times '[' 10000)$(times ']' 10000)" >depth-10000.yaml
refused depth-10000.yaml "nested too deeply"

echo "$(times '{"a":' 10000)1$(times '}' 10000)" >depth-10000.json
refused depth-10000.json "nested too deeply"
echo "1..$n"
