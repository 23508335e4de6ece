#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The real binary on the public suites for chain verification, by the script that anybody can run on any suite.
set -u
chains=${GW_SHARED:-$GW_SRCDIR/../shared}/data/chains
limbo="$GW_SRCDIR/tests/conformance/limbo.py"

# run NUMBER NAME ARGUMENT...
run()
{
	local number=$1 name=$2
	shift 2
	if ! command -v python3 >/dev/null 2>&1; then
		echo "ok $number - $name # SKIP no python3"
	elif [ ! -e "${*: -1}" ]; then
		echo "ok $number - $name # SKIP no ${*: -1}"
	elif out=$(python3 "$limbo" --gwcert "$GWCERT" --known "$GW_SRCDIR/tests/conformance/known.txt" "$@" 2>&1); then
		echo "ok $number - $name"
	else
		echo "not ok $number - $name"
		printf '%s\n' "$out" | sed 's/^/# /' | tail -n 40
	fi
}

echo 1..3
run 1 "x509-limbo: 95 of 100 cases agree" --least 95 "$chains/limbo-dev.json"
run 2 "BetterTLS: all cases agree" --no-strict "$chains/bettertls-dev.json"

# A verdict that is wrong must be seen: a suite that expects every chain to be refused.
if [ -e "$chains/limbo-dev.json" ] && command -v python3 >/dev/null 2>&1; then
	wrong=$(mktemp)
	sed 's/"expected_result": *"SUCCESS"/"expected_result": "FAILURE"/' "$chains/limbo-dev.json" >"$wrong"
	if python3 "$limbo" --gwcert "$GWCERT" "$wrong" >/dev/null 2>&1; then
		echo "not ok 3 - a wrong verdict is seen"
	else
		echo "ok 3 - a wrong verdict is seen"
	fi
	rm -f "$wrong"
else
	echo "ok 3 - a wrong verdict is seen # SKIP no suite"
fi
