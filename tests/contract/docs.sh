#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Help = man pages = completions = README = doc/rules.md: the committed copies are what the tables print.
set -u
echo 1..3
if out=$("$GW_SRCDIR/scripts/docs" --check "$GWCERT" 2>&1); then
	echo "ok 1 - committed documents are what the tables say"
else
	echo "not ok 1 - committed documents are what the tables say"
	printf '%s\n' "$out" | sed 's/^/# /'
fi

# Every rule of the table is fired by some test, by name or by id.
missing=
while read -r name id; do
	grep -rqE "$name|$id" "$GW_SRCDIR/tests" --include='*.c' --include='*.sh' --include='*.yaml' --include='*.py' \
		--include='*.tsv' || missing="$missing $id"
done < <(sed -nE 's/^GW_RULE\((GW[A-Z0-9_]+), "(GW[A-Z][0-9]{3})".*/\1 \2/p' "$GW_SRCDIR/src/rules/rules.def")
if [ -z "$missing" ]; then
	echo "ok 2 - every rule has a test"
else
	echo "not ok 2 - every rule has a test"
	echo "# without one:$missing"
fi

# Every rule is used by the code; a row that nothing fires says something that is not so.
unused=
while read -r name id; do
	grep -rqw "$name" "$GW_SRCDIR/src" --include='*.c' || unused="$unused $id"
done < <(sed -nE 's/^GW_RULE\((GW[A-Z0-9_]+), "(GW[A-Z][0-9]{3})".*/\1 \2/p' "$GW_SRCDIR/src/rules/rules.def")
if [ -z "$unused" ]; then
	echo "ok 3 - every rule is used by the code"
else
	echo "not ok 3 - every rule is used by the code"
	echo "# unused:$unused"
fi
