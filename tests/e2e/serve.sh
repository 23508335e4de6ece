#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The stand-in Gateway against clients that are not ours: curl and openssl s_client. Certificates by openssl too.
set -u
for peer in openssl curl; do
	command -v "$peer" >/dev/null || { echo "1..0 # SKIP no $peer"; exit 0; }
done
dir=$(mktemp -d)
server=
# shellcheck disable=SC2317 # called by the trap
clean() { [ -n "$server" ] && kill "$server" 2>/dev/null; wait 2>/dev/null; rm -rf "$dir"; }
trap clean EXIT
cd "$dir" || exit 99

n=0
check() { # name, status
	n=$((n + 1))
	if [ "$2" = 0 ]; then echo "ok $n - $1"; else echo "not ok $n - $1"; sed 's/^/# /' out err words 2>/dev/null | head -n 40; fi
}

ca() { # name
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1.key" -out "$1.pem" -subj "/CN=$1" \
		-days 30 2>/dev/null
}
leaf() { # name, CA, SAN, extended key usage
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1.key" -out "$1.csr" -subj "/CN=$1" 2>/dev/null
	printf 'subjectAltName=%s\nextendedKeyUsage=%s\n' "$3" "$4" >"$1.ext"
	openssl x509 -req -in "$1.csr" -CA "$2.pem" -CAkey "$2.key" -set_serial "0x$(openssl rand -hex 8)" -days 20 \
		-extfile "$1.ext" -out "$1.pem" 2>/dev/null
}
ca ca
ca other
leaf default ca DNS:default.example.com serverAuth
leaf exact ca DNS:exact.example.com serverAuth
leaf wild ca 'DNS:*.example.com' serverAuth
leaf client ca DNS:client.example clientAuth
leaf stranger other DNS:stranger.example clientAuth

start() { # options of serve; sets server and port
	: >listening
	# A shell starts what runs behind it with SIGINT ignored, nohup all with SIGHUP; gwcert leaves that so.
	env --default-signal=INT,HUP "$GWCERT" serve --listen 127.0.0.1:0 "$@" >listening 2>words &
	server=$!
	for _ in $(seq 200); do
		[ -s listening ] && break
		kill -0 "$server" 2>/dev/null || break
		sleep 0.05
	done
	port=$(sed -nE 's/^listening on 127\.0\.0\.1:([0-9]+)$/\1/p' listening)
}
stop() { # signal; the status is serve's
	kill "-$1" "$server"
	wait "$server"
	local status=$?
	server=
	return "$status"
}
ask() { # host, options of curl
	local host=$1
	shift
	curl -sS --max-time 20 --cacert ca.pem --resolve "$host:$port:127.0.0.1" "$@" "https://$host:$port/path?q=1" >out 2>err
}
subject() { # options of s_client
	openssl s_client -connect "127.0.0.1:$port" "$@" </dev/null 2>/dev/null | openssl x509 -noout -subject -nameopt RFC2253
}

echo 1..23
start -v --cert default.pem --key default.key --cert exact.pem --key exact.key --cert wild.pem --key wild.key
[ -n "$port" ]
check "says where it listens" $?
ask exact.example.com && grep -q "\"host_header\":\"exact.example.com:$port\"" out && grep -q '"method":"GET","path":"/path?q=1"' out &&
	grep -q '"version":"TLSv1.3"' out && grep -q '"sni":"exact.example.com","alpn":"http/1.1"' out &&
	grep -q '"client_certificate":null' out
check "answers GET over TLS 1.3, and curl trusts the certificate" $?
ask exact.example.com --tls-max 1.2 && grep -q '"version":"TLSv1.2"' out
check "answers over TLS 1.2" $?
ask exact.example.com --tls-max 1.1 --ciphers DEFAULT@SECLEVEL=0
[ $? = 35 ]
check "does not speak TLS 1.1" $?
ask exact.example.com -i && size=$(sed -nE 's/^Content-Length: ([0-9]+).*/\1/p' out) && ask exact.example.com -I &&
	grep -q "^Content-Length: $size" out && ! grep -q host_header out
check "answers HEAD as GET, without the body" $?
ask exact.example.com -w '%{http_code}' -X DELETE && grep -q '405$' out
check "refuses other methods with 405" $?
ask exact.example.com -w '%{http_code}' -H "X: $(head -c 17000 /dev/zero | tr '\0' x)" && grep -q '431$' out
check "refuses a head of more than 16 KiB with 431" $?
printf 'nonsense\r\n\r\n' | openssl s_client -connect "127.0.0.1:$port" -quiet -ign_eof 2>err >out
grep -q '^HTTP/1.1 400' out
check "refuses what is not HTTP with 400" $?
curl -sS --max-time 20 "http://127.0.0.1:$port/" >out 2>err && grep -q 'speaks HTTPS' out
check "tells a plain HTTP client what to do" $?
printf 'GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n' |
	openssl s_client -connect "127.0.0.1:$port" -quiet -ign_eof 2>err >out
grep -q '"path":"/1"' out && grep -q '"path":"/2"' out
check "keeps a connection, and takes two requests at once" $?
[ "$(subject -servername exact.example.com)" = "subject=CN=exact" ]
check "chooses the certificate with the very name" $?
[ "$(subject -servername any.example.com)" = "subject=CN=wild" ]
check "then the wildcard" $?
[ "$(subject -servername a.b.example.com)$(subject -noservername)" = "subject=CN=defaultsubject=CN=default" ]
check "then the first, which no name gets as well" $?
openssl s_client -connect "127.0.0.1:$port" -alpn h2 </dev/null >out 2>err
grep -q 'alert number 120' err
check "has no HTTP/2 to agree on" $?
for i in $(seq 500); do
	printf 'url = "https://exact.example.com:%s/%s"\noutput = "/dev/null"\nwrite-out = "%%{http_code}\\n"\n' "$port" "$i"
done >urls
curl -sS --parallel --parallel-immediate --parallel-max 300 --max-time 60 --cacert ca.pem --resolve "exact.example.com:$port:127.0.0.1" \
	-K urls >out 2>err
[ "$(grep -c '^200$' out)" = 500 ]
check "answers 500 requests, 300 at once" $?
stop TERM
check "ends on SIGTERM with 0" $?
grep -q 'no_application_protocol sent' words && ! grep -q 'ERROR: ' words
check "-v tells the connections that failed" $?

start --cert default.pem --key default.key --client-ca ca.pem --client-mode AllowValidOnly
ask default.example.com --cert client.pem --key client.key && grep -q '"subject":"CN=client"' out && grep -q '"verified":true' out
check "AllowValidOnly lets a valid client in" $?
ask default.example.com --tls-max 1.2
first=$?
first_words=$(cat err)
ask default.example.com
[ "$first $?" = "35 56" ] && grep -q 'handshake failure' <<<"$first_words" && grep -q 'certificate required' err
check "and no client without a certificate" $?
ask default.example.com --cert stranger.pem --key stranger.key
[ $? = 56 ] && grep -q 'unknown ca' err
check "nor one of another CA" $?
stop INT
check "ends on SIGINT with 0" $?

start --cert default.pem --key default.key --client-ca ca.pem --client-mode optional
ask default.example.com && grep -q '"client_certificate":null' out && ask default.example.com --cert stranger.pem --key stranger.key &&
	grep -q '"verified":false,"error":"unable to get local issuer certificate"' out
check "AllowInsecureFallback lets both in, and says so" $?
stop HUP
check "ends on SIGHUP with 0" $?
