#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# kill -9 at random moments of runs for 200 certificates, half of them rows of a CSV file: no pair is ever torn or mixed up, what was finished stays as it is,
# and the next run makes the rest. GW_KILLS says how often, GW_SEED which moments.
set -u
command -v openssl >/dev/null || { echo "1..0 # SKIP no openssl"; exit 0; }
kills=${GW_KILLS:-12} seed=${GW_SEED:-20261123}
dir=$(mktemp -d)
# shellcheck disable=SC2317 # called by the trap
clean() { rm -rf "$dir"; }
trap clean EXIT
cd "$dir" || exit 99
RANDOM=$seed

n=0
check() { # name, status
	n=$((n + 1))
	if [ "$2" = 0 ]; then echo "ok $n - $1"; else echo "not ok $n - $1"; sed 's/^/# /' out err bad 2>/dev/null | head -n 20; fi
}
{
	printf 'gwcert: 1\nprofiles: { server: { extends: server, onRenew: newKey } }\ncertificates:\n'
	echo '  root: { issuer: self, ca: {}, subject: { commonName: Root } }'
	echo '  sub: { issuer: root, ca: { pathLength: 0 }, subject: { commonName: Sub } }'
	for ((i = 1; i <= 98; i++)); do
		echo "  e$i: { issuer: sub, sans: [e$i.example.com] }"
	done
	echo "  rows: { issuer: sub, each: { csv: rows.csv, key: id }, name: \$(each.id), sans: [\$(each.id).example.com] }"
} >gwcert.yaml
{ echo id && seq -f 'r%g' 100; } >rows.csv

# The public keys of all keys, or certificates, of a text, a line each and in its order, by openssl's word.
publics() # -keys|-certs, file
{
	openssl storeutl "$1" -noout -text "$2" 2>>err | awk '/pub:/ { on = 1; next } /ASN1 OID/ && on { print text; text = ""; on = 0 } on { gsub(/[ :]/, ""); text = text $0 }'
}
# Every entry that is there is whole, and its key is its certificate's; fullchain.pem begins with that.
whole()
{
	local e f
	: >bad
	for e in pki/*/; do
		[ -d "$e" ] || return 0
		for f in key.pem csr.pem cert.pem fullchain.pem; do
			[ -s "$e$f" ] || echo "$e$f is missing or empty" >>bad
		done
		[[ $(<"$e/fullchain.pem") == "$(<"$e/cert.pem")"* ]] || echo "$e/fullchain.pem is another's" >>bad
	done
	cat pki/*/key.pem >keys.pem
	cat pki/*/cert.pem >certs.pem
	publics -keys keys.pem >keys
	publics -certs certs.pem >certs
	rm keys.pem
	cmp -s keys certs && [ "$(wc -l <keys)" = "$(find pki -mindepth 2 -maxdepth 2 -name key.pem ! -path '*/.*' | wc -l)" ] || echo 'keys and certificates do not belong together' >>bad
	[ ! -s bad ]
}
list() { find pki -mindepth 2 -maxdepth 2 -type f ! -path '*/.*' -printf '%p %i %T@ %s\n' 2>/dev/null | sort; }
# Who tells the shell that gen was killed has its standard error.
killed_after() # microseconds, words
{
	timeout -s KILL "$(printf '%d.%06d' $(($1 / 1000000)) $(($1 % 1000000)))" "$GWCERT" gen -q "${@:2}" >/dev/null
}
killed_at() # rename, words
{
	strace -f -o trace -e trace=none -e inject=rename,renameat,renameat2:signal=KILL:when="$1" "$GWCERT" gen -q "${@:2}" >/dev/null
}
# A run to the end after a kill: all 200, verified, nothing left over.
converges()
{
	"$GWCERT" gen -q >out 2>err && whole && [ "$(wc -l <keys)" = 200 ] && [ -z "$(find pki -maxdepth 1 \( -name '.stage*' -o -name '*.next' \))" ] &&
		openssl verify -x509_strict -CAfile pki/root/cert.pem -untrusted pki/sub/cert.pem pki/*/cert.pem >out 2>&1 && "$GWCERT" gen --check >out 2>err
}

start=$(date +%s%N)
converges
check "200 certificates are made, and verified" $?
"$GWCERT" gen -q --rekey sub >out 2>err && converges
check "200 certificates are replaced, and verified" $?
rm -r pki
start=$(date +%s%N) && "$GWCERT" gen -q >out 2>err && took=$((($(date +%s%N) - start) / 1000))
echo "# seed $seed, $kills kills within $took microseconds each"

torn=0 stuck=0 touched=0 killed=0 between=0
rm -r pki
for ((i = 1; i <= kills; i++)); do
	moment=$(((RANDOM * 32768 + RANDOM) % (took + took / 10)))
	words=()
	# Three of four runs make what is missing; the fourth replaces it all.
	if [ $((i % 4)) = 0 ]; then
		[ "$stuck" = 0 ] && { converges || stuck=$i; }
		words=(--rekey sub)
	elif [ $((i % 4)) = 1 ]; then
		rm -rf pki
	fi
	list >before
	killed_after "$moment" "${words[@]}" 2>/dev/null
	status=$?
	list >after
	if [ $status = 137 ]; then
		killed=$((killed + 1))
		[ -n "$(comm -13 before after)" ] && between=$((between + 1))
	fi
	[ ${#words[@]} = 0 ] && [ -n "$(comm -23 before after)" ] && touched=$i
	whole || { torn=$i; break; }
done
echo "# $killed of $kills were killed at work, $between of them while entries came into their places"
check "killed $killed times: no pair is torn or mixed up (kill $torn)" "$torn"
check "what was finished is untouched (kill $touched)" "$touched"
check "each next run converges (kill $stuck)" "$stuck"
converges
check "and so does the last" $?

# Between two entries that are brought into place, which random moments seldom hit.
if command -v strace >/dev/null && strace -o trace true 2>/dev/null; then
	torn=0 stuck=0
	for ((i = 0; i < (kills + 7) / 8; i++)); do
		when=$((RANDOM % 200 + 1)) words=()
		if [ $((i % 2)) = 0 ]; then rm -rf pki; else words=(--rekey sub); fi
		killed_at "$when" "${words[@]}" 2>/dev/null
		whole || torn=$when
		converges || stuck=$when
	done
	check "killed at a rename: no pair is torn or mixed up (rename $torn)" "$torn"
	check "killed at a rename: the next run converges (rename $stuck)" "$stuck"
else
	check "killed at a rename # SKIP no strace" 0
fi

# Two at once: the second waits for the first, or finds its work done.
rm -r pki
"$GWCERT" gen --format json >one 2>err &
first=$!
"$GWCERT" gen --format json >two 2>err2
second=$?
wait $first && [ $second = 0 ] && [ "$(cat one two | grep -c '"action": "made"')" = 200 ] && converges
check "two runs at once make each entry once" $?
mkdir held
flock -x held/.lock -c 'sleep 2' &
for ((i = 0; i < 200; i++)); do flock -n held/.lock true 2>/dev/null || break; sleep 0.01; done
start=$(date +%s)
"$GWCERT" gen -q -d held --host a.example.com >out 2>err && [ $(($(date +%s) - start)) -ge 1 ]
check "a folder that is locked is waited for" $?
wait
echo "1..$n"
