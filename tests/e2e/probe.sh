#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# probe against real peers (nginx, haproxy) and against peers that misbehave: each fault gets its own sentence, code and
# exit status within its time.
# shellcheck disable=SC2154 # the ports come from a file
set -u
doubles=$GW_SRCDIR/tests/doubles
for program in openssl python3; do
	command -v $program >/dev/null || { echo "1..0 # SKIP no $program"; exit 0; }
done
dir=$(mktemp -d)
peers=
# shellcheck disable=SC2317 # called by the trap
clean() {
	sh "$doubles/probe-peers.sh" stop "$dir"
	exec 7>&-
	[ -n "$peers" ] && wait "$peers"
	rm -rf "$dir"
}
trap clean EXIT
sh "$doubles/probe-pki.sh" "$dir" >"$dir/pki.log" 2>&1 || { echo "Bail out! no certificates"; cat "$dir/pki.log"; exit 99; }
sh "$doubles/probe-peers.sh" start "$dir" || { echo "Bail out! no peers"; exit 99; }
# shellcheck source=/dev/null
. "$dir/ports"
cd "$dir" || exit 99

n=0
status=
out=
took_ms=

# probe ARGS...: runs it; sets status, out (both streams) and took_ms
probe() {
	local began
	began=$(date +%s%N)
	"$GWCERT" probe "$@" >out 2>&1 </dev/null
	status=$?
	out=$(<out)
	took_ms=$((($(date +%s%N) - began) / 1000000))
}

# at PORT ARGS...: store.example.com on that port of loopback, trusting $ca, with $limit of time
ca=root.pem
limit=5s
at() {
	local port=$1
	shift
	probe "store.example.com:$port" --resolve "store.example.com:$port:127.0.0.1" --cacert "$ca" --timeout "$limit" "$@"
}

result() { # OK DESCRIPTION [WHY...]
	n=$((n + 1))
	if [ "$1" = yes ]; then
		echo "ok $n - $2"
		return
	fi
	echo "not ok $n - $2"
	shift 2
	printf '# %s\n' "$@" "exit status $status, $took_ms ms" "${out//$'\n'/$'\n'# }"
}

# is DESCRIPTION STATUS PART...: the last probe ended so, and all parts are in its output
is() {
	local description=$1 wanted=$2 part good=yes why=()
	shift 2
	[ "$status" = "$wanted" ] || { good=no; why+=("exit status should be $wanted"); }
	for part in "$@"; do
		[[ $out == *"$part"* ]] || { good=no; why+=("lacks: $part"); }
	done
	result $good "$description" "${why[@]}"
}

skip() { # COUNT WHY
	local i
	for ((i = 0; i < $1; i++)); do
		n=$((n + 1))
		echo "ok $n # SKIP $2"
	done
}

within() { # DESCRIPTION MS
	if [ "$took_ms" -lt "$2" ]; then result yes "$1"; else result no "$1" "took longer than $2 ms"; fi
}

known="client.pem --key client.key"
unknown="unknown-client.pem --key unknown-client.key"

# --- nginx: certificates -----------------------------------------------------------------------------------------------

nginx_certificates() {
	at "$ng_good"
	is "nginx: a good certificate" 0 "ok  store.example.com:$ng_good at 127.0.0.1" "TLSv1.3" "http/1.1" \
		"2 certificates sent, verified by root.pem" "no certificate asked for" "200, nginx"
	at "$ng_wrong"
	is "nginx: wrong name" 1 "failed" "GWC009" "other.example.com"
	at "$ng_stray"
	is "nginx: unknown CA" 1 "failed" "GWC011" "Unknown Root"
	at "$ng_self"
	is "nginx: self-signed" 1 "failed" "GWC012"
	ca=self.pem at "$ng_self"
	is "nginx: self-signed, and trusted as its own anchor" 0 "verified by self.pem"
	at "$ng_expired"
	is "nginx: expired" 1 "failed" "GWC006" "2024-02-01" "200, nginx"
	at "$ng_leaf"
	is "nginx: missing intermediate" 1 "failed" "GWC013" "Probe Test Intermediate"
	at "$ng_soon"
	is "nginx: four days left is a warning" 0 "warning" "GWC008"
	at "$ng_soon" --min-days 30
	is "nginx: four days left of 30 asked for is an error" 1 "failed" "GWC008"
	at "$ng_disorder"
	is "nginx: chain out of order" 1 "failed" "GWC002"
	at "$ng_http"
	is "nginx: plain HTTP on the port" 1 "failed" "GWP010" "plain HTTP"
	probe "127.0.0.1:$ng_good" --cacert root.pem
	is "nginx: an address as the target needs an IP SAN" 0 "ok  127.0.0.1:$ng_good"
	probe "127.0.0.1:$ng_wrong" --cacert root.pem
	is "nginx: ... and fails without one" 1 "GWC009"
	ca=unknown.pem at "$ng_expired" --expect other.pem --expect-status 201
	is "nginx: all faults in one row" 1 "GWC006" "GWC011" "GWP020" "GWP021"
}

nginx_asked() {
	at "$ng_good" --expect leaf.pem
	is "nginx: the expected certificate" 0 "ok" "the very certificate"
	at "$ng_good" --expect leaf-full.pem
	is "nginx: the expected one is the first of a chain" 0 "ok"
	at "$ng_good" --expect renewed.pem
	is "nginx: same key, another certificate" 1 "GWP022" "serial" "ends"
	at "$ng_good" --expect other.pem
	is "nginx: another certificate" 1 "GWP021" "without the name other.example.com"
	probe "https://store.example.com:$ng_good/missing?x=1#y" --resolve "*:$ng_good:127.0.0.1" --cacert root.pem
	is "nginx: a URL; its status is a fact" 0 "404, nginx"
	at "$ng_good" --expect-status 301
	is "nginx: HTTP status not as expected" 1 "GWP020" "HTTP status 200 instead of 301"
	probe "store.example.com" --connect "127.0.0.1:$ng_good" --cacert root.pem
	is "nginx: --connect keeps the name" 0 "ok  store.example.com:443 at 127.0.0.1, port $ng_good"
}

# --- client certificates -----------------------------------------------------------------------------------------------

# clients NAME PORT HOW_NONE HOW_UNKNOWN
clients() {
	at "$2"
	is "$1: none given" 1 "GWP015" "requires a client certificate" "$3" "CN=Probe Test Root"
	# shellcheck disable=SC2086 # a file and an option
	at "$2" --cert $known
	is "$1: a good one" 0 "ok" "asked for and given"
	# shellcheck disable=SC2086
	at "$2" --cert $unknown
	is "$1: one of an unknown CA" 1 "GWP016" "refuses the client certificate" "$4"
}

nginx_clients() {
	clients "nginx, TLS 1.2, client certificate required" "$ng_m12" "HTTP 400" "HTTP 400"
	clients "nginx, TLS 1.3, client certificate required" "$ng_m13" "HTTP 400" "HTTP 400"
	at "$ng_optional"
	is "nginx, optional: none given" 0 "asked for, none given"
	# shellcheck disable=SC2086
	at "$ng_optional" --cert $unknown
	is "nginx, optional: one of an unknown CA" 1 "GWP016"
}

haproxy_clients() {
	at "$ha_good"
	is "haproxy: a good certificate" 0 "ok" "TLSv1.3"
	clients "haproxy, TLS 1.2, client certificate required" "$ha_m12" "handshake_failure, 40" "unknown_ca, 48"
	clients "haproxy, TLS 1.3, client certificate required" "$ha_m13" "certificate_required, 116" "unknown_ca, 48"
	at "$ha_m12"
	is "haproxy: what was presented is kept when the handshake fails" 1 "TLSv1.2" "2 certificates sent, verified by root.pem"
	at "$ha_m13" --cert server-only-client.pem --key server-only-client.key
	is "haproxy: a client certificate without clientAuth" 1 "GWP016"
	at "$ha_optional"
	is "haproxy, optional: none given" 0 "asked for, none given"
	# shellcheck disable=SC2086
	at "$ha_fallback" --cert $unknown
	is "haproxy, errors ignored: one of an unknown CA" 0 "asked for and given"
}

if [ -n "${ng_good-}" ]; then
	nginx_certificates
	nginx_asked
	nginx_clients
else
	skip 29 "no nginx"
fi
if [ -n "${ha_good-}" ]; then haproxy_clients; else skip 11 "no haproxy"; fi

# --- peers that misbehave ----------------------------------------------------------------------------------------------

mkfifo control
python3 "$doubles/peers.py" --cert leaf-full.pem --key leaf.key closed silent close reset plain-http ssh noise \
	drip empty-records half-close alert-40 alert-70 alert-80 alert-112 tls-mute tls-close tls-banner tls-http-drip tls-http-records tls-http-big \
	tls-http-evil tls-http-100 <control >modes 2>modes.err &
peers=$!
exec 7>control
until grep -q '^$' modes; do
	kill -0 $peers 2>/dev/null || { echo "Bail out! no doubles"; exit 99; }
	sleep 0.02
done

port_of() { awk -v m="$1" '$1 == m { print $2 }' modes; }

# double MODE STATUS PART...
double() {
	local mode=$1 wanted=$2
	shift 2
	limit=1s at "$(port_of "$mode")"
	is "double: $mode" "$wanted" "$@"
	within "double: $mode ends in time" 4000
}

double silent 6 "unreachable" "GWP007" "no TLS answer came within 1 second"
double close 6 "unreachable" "GWP008" "closed it without a TLS answer"
double reset 6 "unreachable" "GWP008"
double plain-http 1 "GWP010"
double ssh 1 "GWP011" "SSH-2.0"
double noise 1 "GWP011" "\\xc8"
double drip 6 "GWP007"
double empty-records 1 "GWP014"
double half-close 6 "GWP008"
double alert-40 1 "GWP012" "handshake_failure, 40"
double alert-70 1 "GWP012" "protocol_version, 70"
double alert-80 1 "GWP009" "internal_error, 80"
double alert-112 1 "GWP013" "unrecognized_name, 112"
double tls-mute 1 "GWP017" "verified by root.pem"
double tls-close 1 "GWP018" "verified by root.pem"
double tls-banner 0 "warning" "GWP019" "220 mail"
double tls-http-drip 1 "GWP017"
double tls-http-records 1 "GWP017"
double tls-http-big 0 "200, big"
double tls-http-evil 0 "\\x1b]0;owned"
double tls-http-100 0 "204"

# A server of the past; it ends by itself after one connection.
openssl s_server -accept 127.0.0.1:0 -tls1_1 -cipher DEFAULT@SECLEVEL=0 -cert leaf.pem -key leaf.key -cert_chain sub.pem \
	-www -naccept 1 >old 2>&1 </dev/null &
old=$!
until grep -q ACCEPT old || ! kill -0 $old 2>/dev/null; do sleep 0.02; done
at "$(sed -n 's/^ACCEPT 127.0.0.1://p' old)"
is "TLS 1.1 is seen and told" 0 "warning" "GWP023" "TLSv1.1" "verified by root.pem"
kill $old 2>/dev/null
wait $old

at "$(port_of tls-banner)" --expect-status 200
is "a status is expected, but it is not HTTP" 1 "failed" "GWP019"

closed=$(port_of closed)
at "$closed"
is "closed port" 6 "unreachable" "GWP004" "nothing listens on port $closed"
probe nosuch.invalid --timeout 2s --cacert root.pem
is "a name that does not exist" 6 "unreachable  nosuch.invalid:443" "GWP00"
within "... in time" 5000

# --- several -----------------------------------------------------------------------------------------------------------

mute=$(port_of tls-mute) big=$(port_of tls-http-big)
probe "store.example.com:$big" "store.example.com:$closed" --resolve "*:$big:127.0.0.1" --resolve "*:$closed:127.0.0.1" \
	--cacert root.pem
is "one ok, one unreachable" 6 "2 targets, 2 addresses: 1 ok, 1 unreachable"
probe "store.example.com:$big" "store.example.com:$closed" "store.example.com:$mute" --resolve "*:$big:127.0.0.1" \
	--resolve "*:$closed:127.0.0.1" --resolve "*:$mute:127.0.0.1" --cacert root.pem --timeout 1s
is "a no weighs more than trouble on the way" 1 "1 ok, 1 failed, 1 unreachable"
probe "store.example.com:$big" --resolve "store.example.com:$big:127.0.0.1,127.0.0.2,[::1]" --cacert root.pem
is "every address is a row of its own" 6 "at 127.0.0.1" "at 127.0.0.2" "at ::1" "1 target, 3 addresses: 1 ok, 2 unreachable"

# Many rows and few descriptors: fewer connections at once, and it says so.
targets=()
for i in {1..120}; do targets+=("n$i.example.com:$big"); done
began=$(date +%s%N)
(ulimit -n 100 && "$GWCERT" probe "${targets[@]}" --resolve "*:$big:127.0.0.1" --cacert root.pem --format jsonl >rows 2>err)
status=$? took_ms=$((($(date +%s%N) - began) / 1000000)) out=$(<err)
if [ "$status" = 1 ] && [ "$(wc -l <rows)" = 120 ] && [[ $out == *"may open 100 files"* ]]; then
	result yes "120 targets through 100 descriptors"
else
	result no "120 targets through 100 descriptors" "$(wc -l <rows) rows"
fi

# --- output for programs -----------------------------------------------------------------------------------------------

check_json() { # DESCRIPTION PYTHON
	if python3 -c "import json, sys
$2" 2>python.err; then
		result yes "$1"
	else
		result no "$1" "$(<python.err)"
	fi
}

probe "store.example.com:$big" "store.example.com:$closed" --resolve "*:$big:127.0.0.1" --resolve "*:$closed:127.0.0.1" \
	--cacert root.pem --format json
check_json "json: one document, all members, in the order given" "
d = json.load(open('out'))
assert d['schemaVersion'] == 1
good, bad = d['rows']
for row in d['rows']:
    assert list(row) == ['target', 'host', 'unicode', 'port', 'address', 'endpoint', 'verdict', 'exitStatus', 'phase', 'tls', 'chain',
        'verified', 'clientCertificate', 'http', 'timing', 'findings'], list(row)
assert good['verdict'] == 'ok' and good['exitStatus'] == 0 and good['host'] == 'store.example.com'
assert good['tls']['version'] == 'TLSv1.3' and good['http']['status'] == 200 and good['findings'] == []
assert good['verified'] == {'chain': True, 'name': True, 'expected': None, 'by': 'root.pem'}
assert [c['subject'] for c in good['chain']] == ['CN=store.example.com', 'CN=Probe Test Intermediate']
assert good['chain'][0]['sans'] == ['dns:store.example.com', 'ip:127.0.0.1']
assert good['timing']['dnsMs'] is None and good['timing']['tlsMs'] > 0
assert bad['verdict'] == 'unreachable' and bad['exitStatus'] == 6 and bad['tls'] is None and bad['chain'] == []
assert [f['code'] for f in bad['findings']] == ['GWP004']"
openssl x509 -in leaf.pem -outform DER -out leaf.der
check_json "json: fingerprint and PEM are those of the file" "
import hashlib, ssl
leaf = json.load(open('out'))['rows'][0]['chain'][0]
der = open('leaf.der', 'rb').read()
assert leaf['sha256'] == hashlib.sha256(der).hexdigest()
assert ssl.PEM_cert_to_DER_cert(leaf['pem']) == der"
check_json "jsonl: a line a row and nothing else" "
rows = [json.loads(line) for line in open('rows')]
assert len({row['target'] for row in rows}) == 120
assert all(row['schemaVersion'] == 1 and row['verdict'] == 'failed' for row in rows)"

# --- ends --------------------------------------------------------------------------------------------------------------

silent=$(port_of silent)
began=$(date +%s%N)
"$GWCERT" probe "store.example.com:$silent" "store.example.com:$closed" --resolve "*:$silent:127.0.0.1" \
	--resolve "*:$closed:127.0.0.1" --cacert root.pem --timeout 60s --format jsonl >first 2>err &
pid=$!
until [ -s first ]; do sleep 0.02; done # the first row is out: it runs, and waits for the silent one
kill -TERM $pid
wait $pid
status=$? out=$(<err) took_ms=$((($(date +%s%N) - began) / 1000000))
is "an interrupt ends it cleanly" 143 "interrupted: 1 of 2 probes were finished"
within "... at once" 5000
"$GWCERT" probe "store.example.com:$big" --resolve "*:$big:127.0.0.1" --cacert root.pem >/dev/full 2>err
status=$? out=$(<err)
is "a full disk behind standard output" 9 "cannot write"

echo "1..$n"
