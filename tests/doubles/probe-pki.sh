#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Certificates for the tests of probe, made with openssl alone, so that gwcert does not judge its own work:
#
#	probe-pki.sh DIR
#
# root.pem, sub.pem: a CA and its intermediate. full.pem, leaf.pem (+ leaf.key): store.example.com with and without the
# intermediate. renewed.pem: the same key again. other.pem: another name. expired.pem. stray.pem: of a CA nobody knows.
# self.pem: self-signed. client.pem, unknown-client.pem, server-only-client.pem: client certificates, good and not.
set -eu
dir=$1
cd "$dir"

key() {
	openssl ecparam -name prime256v1 -genkey -noout -out "$1.key" 2>/dev/null
}

# ext FILE LINE...
ext() {
	file=$1
	shift
	printf '%s\n' "$@" >"$file"
}

# sign NAME SUBJECT CA EXTENSIONS [openssl options...]: NAME.key is made unless it is there
sign() {
	name=$1 subject=$2 ca=$3 extensions=$4
	shift 4
	[ -e "$name.key" ] || key "$name"
	openssl req -new -key "$name.key" -subj "$subject" -out "$name.csr" 2>/dev/null
	openssl x509 -req -in "$name.csr" -CA "$ca.pem" -CAkey "$ca.key" -set_serial "0x$(openssl rand -hex 16)" \
		-extfile "$extensions" -out "$name.pem" "$@" 2>/dev/null
}

# root NAME SUBJECT
root() {
	key "$1"
	openssl req -x509 -new -key "$1.key" -subj "$2" -days 3650 -out "$1.pem" \
		-addext keyUsage=critical,keyCertSign,cRLSign 2>/dev/null
}

root root "/CN=Probe Test Root"
root unknown "/CN=Unknown Root"

ext ca.ext basicConstraints=critical,CA:TRUE,pathlen:0 keyUsage=critical,keyCertSign,cRLSign \
	subjectKeyIdentifier=hash authorityKeyIdentifier=keyid
for host in store other; do
	ext "$host.ext" basicConstraints=critical,CA:FALSE keyUsage=critical,digitalSignature \
		extendedKeyUsage=serverAuth subjectAltName="DNS:$host.example.com,IP:127.0.0.1" \
		subjectKeyIdentifier=hash authorityKeyIdentifier=keyid
done
sed -i 's/,IP:127.0.0.1//' other.ext
ext client.ext basicConstraints=critical,CA:FALSE keyUsage=critical,digitalSignature extendedKeyUsage=clientAuth \
	subjectKeyIdentifier=hash authorityKeyIdentifier=keyid

sign sub "/CN=Probe Test Intermediate" root ca.ext -days 1825
sign leaf "/CN=store.example.com" sub store.ext -days 90
cp leaf.key renewed.key
sign renewed "/CN=store.example.com" sub store.ext -days 80
sign other "/CN=other.example.com" sub other.ext -days 90
sign soon "/CN=store.example.com" sub store.ext -days 5
sign stray "/CN=store.example.com" unknown store.ext -days 90
sign client "/CN=client" root client.ext -days 90
sign unknown-client "/CN=client" unknown client.ext -days 90
sign server-only-client "/CN=client" root store.ext -days 90

key self
openssl req -x509 -new -key self.key -subj /CN=store.example.com -days 90 -out self.pem \
	-addext subjectAltName=DNS:store.example.com -addext basicConstraints=critical,CA:FALSE 2>/dev/null

# A certificate of the past needs `openssl ca`: the other commands know no dates before today.
key expired
openssl req -new -key expired.key -subj /CN=store.example.com -out expired.csr 2>/dev/null
: >index.txt
cat >ca.cnf <<END
[ca]
default_ca = d
[d]
database = index.txt
new_certs_dir = .
rand_serial = yes
default_md = sha256
policy = p
[p]
commonName = supplied
END
openssl ca -batch -config ca.cnf -in expired.csr -cert sub.pem -keyfile sub.key -extfile store.ext \
	-startdate 20240101000000Z -enddate 20240201000000Z -notext -out expired.pem 2>/dev/null

for name in leaf renewed other soon expired; do
	cat "$name.pem" sub.pem >"$name-full.pem"
done
cat leaf.pem root.pem sub.pem >disorder-full.pem
