#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# gen by the real binary: modes under any umask, a second run that changes nothing, failed writes that leave nothing, a run
# that is killed, and two at once.
set -u
command -v openssl >/dev/null || { echo "1..0 # SKIP no openssl"; exit 0; }
dir=$(mktemp -d)
pids=()
# shellcheck disable=SC2317 # called by the trap
clean() { [ ${#pids[@]} -gt 0 ] && kill "${pids[@]}" 2>/dev/null; wait 2>/dev/null; chmod -R u+rwx "$dir"; rm -rf "$dir"; }
trap clean EXIT
cd "$dir" || exit 99

n=0
check() { # name, status
	n=$((n + 1))
	if [ "$2" = 0 ]; then echo "ok $n - $1"; else echo "not ok $n - $1"; sed 's/^/# /' out err 2>/dev/null | head -n 20; fi
}
gen() { "$GWCERT" gen "$@" >out 2>err; }
# Each entry below a folder is whole, and its key is its certificate's.
whole() { # folder
	local e
	for e in "$1"/*/; do
		[ -d "$e" ] || continue
		cmp -s <(openssl pkey -in "$e/key.pem" -pubout 2>/dev/null) <(openssl x509 -in "$e/cert.pem" -noout -pubkey 2>/dev/null) &&
			openssl req -in "$e/csr.pem" -noout -verify >/dev/null 2>&1 || return 1
	done
}
state() { find "$1" -type f ! -name .lock -printf '%p %i %T@ %m\n' | sort; find "$1" -type f -exec sha256sum {} + | sort; }

"$GWCERT" init gateway >out 2>err
check "init writes a template" $?

for mask in 000 077 777; do
	(umask $mask && gen -d "umask$mask")
	check "umask $mask: gen works" $?
	bad=$(find "umask$mask" -name key.pem ! -perm 0600; find "umask$mask" -type d ! -perm 0700; find "umask$mask" -name cert.pem ! -perm 0644)
	[ -z "$bad" ] && [ "$(find "umask$mask" -name key.pem | wc -l)" = 4 ]
	check "umask $mask: keys are 0600, folders 0700, certificates 0644" $?
done

if command -v strace >/dev/null && strace -f -o trace true 2>/dev/null; then
	strace -f -e trace=open,openat,creat,chmod,fchmod,fchmodat -o trace "$GWCERT" gen -q -d traced 2>err
	grep 'key\.pem' trace | grep O_CREAT | grep -v ENOENT >creations
	[ -s creations ] && ! grep -vE 'O_EXCL.*O_NOFOLLOW.*0600\)' creations && ! grep -E 'f?chmod(at)?\(.*0?(6[1-7]|66|64)' trace | grep -q key.pem
	check "a key's file is born 0600, O_EXCL and O_NOFOLLOW" $?
else
	check "a key's file is born 0600 # SKIP no strace" 0
fi

gen -d same; state same >before
sleep 0.01
gen -d same && state same >after && cmp -s before after && grep -q 'nothing to do' out
check "a second run changes no file" $?
chmod 0500 same && gen -d same
check "a second run needs no right to write" $?
chmod 0700 same

# A CA with a new key, and everything below it, by openssl's word.
gen -d renew && gen -d renew --check
check "nothing is due in what was just made" $?
cp renew/root/key.pem old-root.pem && cp renew/issuing/key.pem old-issuing.pem
gen -d renew --rekey root --check
[ $? = 5 ] && cmp -s renew/root/key.pem old-root.pem
check "--check says what is due and changes nothing" $?
gen -d renew --rekey root --renew store && whole renew && cmp -s renew/issuing/key.pem old-issuing.pem &&
	cmp -s renew/.archive/root-*/key.pem old-root.pem && ! cmp -s renew/root/key.pem old-root.pem &&
	openssl verify -x509_strict -purpose sslserver -CAfile renew/root/cert.pem -untrusted renew/store/chain.pem \
		renew/store/cert.pem >out 2>err &&
	openssl verify -x509_strict -purpose sslclient -CAfile renew/root/cert.pem -untrusted renew/prober/chain.pem \
		renew/prober/cert.pem >out 2>err
check "a root with a new key: what hangs on it verifies again, and the old key is in the archive" $?
[ -z "$(find renew/.archive -name key.pem ! -perm 0600; find renew/.archive -type d ! -perm 0700)" ] && gen -d renew --check
check "the archive is private, and nothing is due afterwards" $?

mkdir small
(ulimit -f 0; exec "$GWCERT" gen -d small/pki 2>&1 >/dev/null) | cat >err
status=${PIPESTATUS[0]}
[ "$status" = 9 ] && [ -z "$(find small -type f ! -name .lock)" ] && [ -z "$(find small -mindepth 2 -type d)" ] && grep -q 'key.pem' err
check "a write that fails is 9, names the file and leaves nothing ($status)" $?

if [ "$(id -u)" = 0 ] && mkdir full && mount -t tmpfs -o size=24k,nr_inodes=200 none full 2>/dev/null; then
	"$GWCERT" gen -q -d full/pki --host a.example.com >out 2>err; state full/pki >before
	cp gwcert.yaml full.yaml
	for i in 1 2 3 4 5 6 7 8; do printf '  extra%s: { issuer: issuing, sans: [e%s.example.com] }\n' $i $i >>full.yaml; done
	gen -f full.yaml -d full/pki
	status=$?
	state full/pki >after
	[ $status = 9 ] && cmp -s before after && grep -qi 'no space' err && [ -z "$(find full/pki -name '.stage*')" ]
	check "a full disk is 9, leaves nothing new and what was there ($status)" $?
	umount full
else
	check "a full disk # SKIP no tmpfs can be mounted" 0
fi

"$GWCERT" gen --host a.example.com -o - >/dev/full 2>err
status=$?
[ $status = 9 ]
check "a full standard output is 9 ($status)" $?

mkdir linked elsewhere && ln -s ../elsewhere linked/store
gen -d linked
status=$?
[ $status = 4 ] && [ -z "$(ls elsewhere)" ] && [ "$(ls linked)" = store ]
check "a link in the place of an entry is 4, and nothing is written through it or beside it ($status)" $?

# Killed in the middle of a batch of RSA keys, several times; then a run to the end.
{
	printf 'gwcert: 1\nprofiles: { server: { extends: server, key: rsa-2048 } }\ncertificates:\n'
	for i in 1 2 3 4 5 6; do printf '  e%s: { issuer: self, sans: [e%s.example.com] }\n' $i $i; done
} >batch.yaml
ok=0
for pause in 0.02 0.1 0.3 0.6; do
	"$GWCERT" gen -q -f batch.yaml -d batch >/dev/null 2>&1 &
	pid=$!
	sleep $pause
	kill -9 $pid 2>/dev/null
	wait $pid 2>/dev/null
	whole batch || ok=1
done
check "killed: what is there is whole" $ok
gen -f batch.yaml -d batch && whole batch && [ "$(find batch -name key.pem | wc -l)" = 6 ] && [ "$(find batch -mindepth 1 -maxdepth 1 -printf '%f\n' | sort | tr '\n' ' ')" = ".lock e1 e2 e3 e4 e5 e6 " ]
check "killed: the next run makes the rest and cleans up" $?

"$GWCERT" gen -f batch.yaml -d term >out 2>err &
pid=$!
pids+=("$pid")
for _ in $(seq 100); do [ -e term/.lock ] && break; sleep 0.01; done
kill -TERM $pid
wait $pid
status=$?
[ $status != 0 ] && [ -z "$(find term -type f ! -name .lock)" ] && [ -z "$(find term -name '.stage*')" ]
check "SIGTERM: ends soon, with nothing written ($status)" $?

for i in 1 2 3 4; do
	"$GWCERT" gen --format json -f batch.yaml -d race >"race$i" 2>"err$i" &
	pids+=($!)
done
ok=0
for pid in "${pids[@]: -4}"; do wait "$pid" || ok=1; done
made=$(cat race? | grep -c '"action": "made"')
[ $ok = 0 ] && [ "$made" = 6 ] && whole race
check "four runs at once: each entry is made once ($made of 6)" $?

# The document's first section.
mkdir doc && cd doc && "$GWCERT" init self-signed >../out 2>../err && "$GWCERT" gen >../out 2>../err &&
	openssl verify -x509_strict -purpose sslserver -verify_hostname store.example.com -CAfile pki/store/cert.pem \
		pki/store/cert.pem >../out 2>../err &&
	openssl x509 -in pki/store/cert.pem -noout -subject | grep -q 'O = example, CN = store.example.com'
status=$?
cd ..
check "the document's certificate, by init and gen alone" $status

echo "1..$n"
