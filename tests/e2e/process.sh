#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The process itself: streams that are closed or full, limits that protect keys, and how the program is linked.
set -u
dir=$(mktemp -d)
server=
# shellcheck disable=SC2317 # called by the trap
clean()
{
	[ -n "$server" ] && kill "$server" 2>/dev/null
	wait 2>/dev/null
	rm -rf "$dir"
}
trap clean EXIT
cd "$dir" || exit 99
echo 1..13

n=0
# check NAME STATUS: one TAP line, and what was said where it failed.
check()
{
	n=$((n + 1))
	if [ "$2" = 0 ]; then
		echo "ok $n - $1"
	else
		echo "not ok $n - $1"
		head -n 20 err 2>/dev/null | sed 's/^/# /'
	fi
}

skip()
{
	n=$((n + 1))
	echo "ok $n - $1 # SKIP $2"
}

"$GWCERT" version >&- 2>err
[ $? = 9 ] && grep -q 'standard output' err
check "a closed standard output is an error, with its name" $?
if [ -e /dev/full ]; then
	"$GWCERT" version >/dev/full 2>err
	[ $? = 9 ] && grep -q 'standard output' err
	check "so is a full one" $?
else
	skip "so is a full one" "no /dev/full"
fi
"$GWCERT" secret store <&- >out 2>err
[ $? = 9 ] && grep -q 'standard input' err && [ ! -s out ]
check "so is a closed standard input" $?
"$GWCERT" secret store </dev/null >out 2>err
[ $? = 3 ] && grep -q 'before the pipe' err && [ ! -s out ]
check "an empty one asks about the command before the pipe" $?
"$GWCERT" gen --host store.example.com -d closed >out 2>&- <&- &&
	[ "$(head -c 10 closed/*/key.pem)" = "-----BEGIN" ] && ! grep -q gwcert: closed/*/*.pem
check "with descriptors closed, no message ends up in a key" $?
# The reader is gone before the first octet comes.
mkfifo pipe
"$GWCERT" help >pipe 2>err &
child=$!
head -c 0 pipe
wait "$child"
status=$?
[ "$status" != 139 ] && [ "$status" != 141 ] && [ ! -s err ]
check "a closed pipe is quiet, and no signal" $?

"$GWCERT" gen --host store.example.com -d pki >out 2>err
mkfifo listening
"$GWCERT" serve --cert pki/store.example.com/fullchain.pem --key pki/store.example.com/key.pem --listen 127.0.0.1:0 \
	--quiet >listening 2>err &
server=$!
read -r line <listening
if [ -r "/proc/$server/limits" ]; then
	grep -q '^Max core file size *0 *0 ' "/proc/$server/limits"
	check "no core dump while a key is in memory" $?
else
	skip "no core dump while a key is in memory" "no /proc"
fi
[ -n "$line" ] && kill -TERM "$server" && wait "$server"
check "SIGTERM ends a server in order" $?
server=

[ "$(head -c 4 "$GWCERT" | tr -d '\177')" = ELF ] && [ ! -L "$GWCERT" ]
check "gwcert is a program and no wrapper" $?
if command -v readelf >/dev/null 2>&1; then
	readelf -h -l -d -W "$GWCERT" >elf 2>err
	grep -qE 'Type: *DYN' elf
	check "it is position independent" $?
	grep -q GNU_RELRO elf && grep -qE 'BIND_NOW|Flags:.*NOW' elf
	check "its tables are read-only and bound at start" $?
	grep -qE 'GNU_STACK.* RW ' elf && ! grep -q TEXTREL elf
	check "its stack is not executable" $?
	! grep -qE 'RPATH|RUNPATH|NEEDED.*libcurl' elf
	check "no library is searched in odd places, none is loaded for nothing" $?
else
	for what in "position independent" "read-only tables" "stack" "libraries"; do
		skip "$what" "no readelf"
	done
fi
