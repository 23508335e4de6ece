#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# nginx and haproxy as ordinary processes in a folder of their own, on free ports of 127.0.0.1, with the certificates that
# probe-pki.sh has made there:
#
#	probe-peers.sh start DIR	writes DIR/ports, lines NAME=PORT for a shell; names of an absent server are left out
#	probe-peers.sh stop DIR
#
# Both go into the background only once they listen, so nothing has to be waited for.
# shellcheck disable=SC2154 # the ports come from a file
set -eu
action=$1
dir=$(cd "$2" && pwd)
PATH=$PATH:/usr/sbin

nginx_names="ng_good ng_wrong ng_stray ng_self ng_expired ng_soon ng_leaf ng_disorder ng_m12 ng_m13 ng_optional ng_http"
haproxy_names="ha_good ha_m12 ha_m13 ha_optional ha_fallback"

# free_ports NAMES: a line NAME=PORT for each, free at this moment
free_ports() {
	python3 - "$@" <<'END'
import socket, sys
held = [(name, socket.create_server(("127.0.0.1", 0))) for name in sys.argv[1:]]
for name, listener in held:
    print("%s=%d" % (name, listener.getsockname()[1]))
END
}

# nginx_server PORT CERTIFICATE KEY [DIRECTIVE...]
nginx_server() {
	port=$1 cert=$2 key=$3
	shift 3
	cat <<END
	server {
		listen 127.0.0.1:$port ssl;
		server_name store.example.com;
		ssl_certificate $dir/$cert;
		ssl_certificate_key $dir/$key;
		$*
		location / { return 200 "here\n"; }
		location /missing { return 404; }
	}
END
}

nginx_conf() {
	cat <<END
pid $dir/nginx.pid;
error_log $dir/nginx.log;
events { worker_connections 256; }
http {
	access_log off;
	client_body_temp_path $dir/t1;
	proxy_temp_path $dir/t2;
	fastcgi_temp_path $dir/t3;
	uwsgi_temp_path $dir/t4;
	scgi_temp_path $dir/t5;
	ssl_protocols TLSv1.2 TLSv1.3;
	ssl_session_tickets off;
END
	mtls="ssl_client_certificate $dir/root.pem; ssl_verify_client"
	nginx_server "$ng_good" leaf-full.pem leaf.key
	nginx_server "$ng_wrong" other-full.pem other.key
	nginx_server "$ng_stray" stray.pem stray.key
	nginx_server "$ng_self" self.pem self.key
	nginx_server "$ng_expired" expired-full.pem expired.key
	nginx_server "$ng_soon" soon-full.pem soon.key
	nginx_server "$ng_leaf" leaf.pem leaf.key
	nginx_server "$ng_disorder" disorder-full.pem leaf.key
	nginx_server "$ng_m12" leaf-full.pem leaf.key "$mtls on; ssl_protocols TLSv1.2;"
	nginx_server "$ng_m13" leaf-full.pem leaf.key "$mtls on; ssl_protocols TLSv1.3;"
	nginx_server "$ng_optional" leaf-full.pem leaf.key "$mtls optional;"
	echo "	server { listen 127.0.0.1:$ng_http; return 200 plain; }"
	echo "}"
}

# haproxy_front NAME PORT OPTIONS
haproxy_front() {
	cat <<END
frontend $1
	bind 127.0.0.1:$2 ssl crt $dir/haproxy.pem $3
	http-request return status 200 content-type text/plain string here
END
}

haproxy_conf() {
	cat <<END
global
	pidfile $dir/haproxy.pid
	maxconn 256
defaults
	mode http
	timeout client 10s
	timeout connect 10s
	timeout server 10s
END
	mtls="ca-file $dir/root.pem verify"
	haproxy_front good "$ha_good" ""
	haproxy_front m12 "$ha_m12" "$mtls required ssl-max-ver TLSv1.2"
	haproxy_front m13 "$ha_m13" "$mtls required ssl-min-ver TLSv1.3"
	haproxy_front optional "$ha_optional" "$mtls optional"
	haproxy_front fallback "$ha_fallback" "$mtls optional crt-ignore-err all ca-ignore-err all"
}

# Somebody may take a port between the choice and the start: then it is tried again.
start_one() {
	server=$1 names=$2
	command -v "$server" >/dev/null || return 0
	for try in 1 2 3; do
		# shellcheck disable=SC2086 # a list of words
		free_ports $names >"$dir/$server.ports"
		# shellcheck disable=SC1090
		. "$dir/$server.ports"
		"${server}_conf" >"$dir/$server.conf"
		if "launch_$server" >"$dir/$server.out" 2>&1; then
			cat "$dir/$server.ports" >>"$dir/ports"
			return 0
		fi
	done
	echo "$server does not start ($try tries):" >&2
	cat "$dir/$server.out" >&2
	exit 1
}

launch_nginx() {
	nginx -p "$dir" -e "$dir/nginx.log" -c "$dir/nginx.conf"
}

launch_haproxy() {
	haproxy -D -f "$dir/haproxy.conf"
}

case $action in
start)
	: >"$dir/ports"
	cat "$dir/leaf-full.pem" "$dir/leaf.key" >"$dir/haproxy.pem"
	start_one nginx "$nginx_names"
	start_one haproxy "$haproxy_names"
	;;
stop)
	for pid in "$dir/nginx.pid" "$dir/haproxy.pid"; do
		if [ -s "$pid" ]; then
			while read -r p; do kill "$p" 2>/dev/null || :; done <"$pid"
		fi
	done
	;;
esac
