#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Peers that misbehave, each on a free port of 127.0.0.1.

    peers.py [--cert FILE --key FILE] MODE...

prints one line "MODE PORT" for each, then an empty line, and serves until its standard input ends. Modes that begin with
"tls-" make a TLS handshake first and need the certificate.
"""

import argparse
import socket
import ssl
import struct
import sys
import threading
import time

ALERT = b"\x15\x03\x03\x00\x02\x02"  # a fatal alert's record, without its number
BIG = 200 * 1024  # octets, more than anybody should read of a head


def closed(conn):
    """Never called: its port is bound, so that nobody else can have it, and does not listen."""


def wait_for_end(conn):
    """Reads and forgets until the client goes."""
    while conn.recv(4096):
        pass


def drip(conn, data, pause=0.05):
    for octet in data:
        conn.sendall(bytes([octet]))
        time.sleep(pause)


def silent(conn):
    wait_for_end(conn)


def close(conn):
    conn.recv(4096)


def reset(conn):
    conn.recv(4096)
    conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def plain_http(conn):
    conn.recv(4096)
    conn.sendall(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")


def ssh(conn):
    conn.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")
    wait_for_end(conn)


def noise(conn):
    conn.recv(4096)
    conn.sendall(bytes(range(200, 256)) * 20)


def dripping(conn):
    """The head of a handshake record of 16 KiB, whose content comes octet by octet for a minute."""
    conn.recv(4096)
    drip(conn, b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc" + bytes(1200))


def empty_records(conn):
    """Handshake records without content, for ever."""
    conn.recv(4096)
    while True:
        conn.sendall(b"\x16\x03\x03\x00\x00")
        time.sleep(0.001)


def half_close(conn):
    """A record that is begun and not ended."""
    conn.recv(4096)
    conn.sendall(b"\x16\x03\x03\x00\x7a\x02\x00")


def alert(number):
    def send(conn):
        conn.recv(4096)
        conn.sendall(ALERT + bytes([number]))

    return send


def tls_mute(conn):
    wait_for_end(conn)


def tls_close(conn):
    conn.recv(4096)


def tls_banner(conn):
    conn.sendall(b"220 mail.example.com ESMTP \x1b[31mready\r\n")
    wait_for_end(conn)


def tls_http_drip(conn):
    conn.recv(4096)
    drip(conn, b"HTTP/1.1 200 OK\r\nServer: drip\r\nX: " + b"a" * 1200)


def tls_http_records(conn):
    """A reply without an end, an octet a record: dear to whoever looks at all of it each time."""
    conn.recv(4096)
    for octet in b"HTTP/1.1 200 OK\r\n" + b"a\n" * 30000:
        conn.sendall(bytes([octet]))
    wait_for_end(conn)


def tls_http_big(conn):
    conn.recv(4096)
    conn.sendall(b"HTTP/1.1 200 OK\r\nServer: big\r\nX: " + b"a" * BIG + b"\r\n\r\n")


def tls_http_evil(conn):
    """Control octets in a field that a person will see."""
    conn.recv(4096)
    conn.sendall(b"HTTP/1.1 200 OK\r\nServer: a\x1b]0;owned\x07b\xe2\x80\xaec\r\n\r\n")


def tls_http_100(conn):
    """Interim replies come first (RFC 9110 15.2)."""
    conn.recv(4096)
    conn.sendall(b"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n")


MODES = {
    "closed": closed,
    "silent": silent,
    "close": close,
    "reset": reset,
    "plain-http": plain_http,
    "ssh": ssh,
    "noise": noise,
    "drip": dripping,
    "empty-records": empty_records,
    "half-close": half_close,
    "alert-40": alert(40),
    "alert-70": alert(70),
    "alert-80": alert(80),
    "alert-112": alert(112),
    "tls-mute": tls_mute,
    "tls-close": tls_close,
    "tls-banner": tls_banner,
    "tls-http-drip": tls_http_drip,
    "tls-http-records": tls_http_records,
    "tls-http-big": tls_http_big,
    "tls-http-evil": tls_http_evil,
    "tls-http-100": tls_http_100,
}


def one(conn, mode, context):
    try:
        if context is not None:
            conn = context.wrap_socket(conn, server_side=True)
        MODES[mode](conn)
    except OSError:
        pass  # the client had enough
    finally:
        conn.close()


def serve(listener, mode, context):
    while True:
        conn, _ = listener.accept()
        threading.Thread(target=one, args=(conn, mode, context), daemon=True).start()


HELD = []  # sockets of "closed", open until the end


def start(mode, args):
    if mode == "closed":
        HELD.append(socket.socket())
        HELD[-1].bind(("127.0.0.1", 0))
        print(mode, HELD[-1].getsockname()[1])
        return
    context = None
    if mode.startswith("tls-"):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(args.cert, args.key)
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    threading.Thread(target=serve, args=(listener, mode, context), daemon=True).start()
    print(mode, listener.getsockname()[1])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cert")
    parser.add_argument("--key")
    parser.add_argument("modes", nargs="+", choices=sorted(MODES))
    args = parser.parse_args()
    for mode in args.modes:
        start(mode, args)
    print(flush=True)
    sys.stdin.read()


main()
