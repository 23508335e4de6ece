/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/starters.h"

#include <stddef.h>

/* clang-format off */
#define HEAD \
	"gwcert: 1                        # the version of the template language: always the first key\n" \
	"\n" \
	"settings:\n" \
	"  dir: ./pki                     # where the files go, seen from this file: pki/<entry>/key.pem, ...\n" \
	"\n"

static const char self_signed[] =
	"# One certificate that signs itself. Good for a first try: clients trust it only if they are given it.\n"
	"#\n"
	"#   gwcert gen                               makes it\n"
	"#   gwcert secret store-example-com --from pki/store | kubectl apply -f -\n"
	"#\n"
	"# Everything that may stand here is told in gwcert-template(5).\n"
	HEAD
	"certificates:\n"
	"  store:                         # a name of your own: the folder is pki/store\n"
	"    issuer: self                 # self-signed\n"
	"    key: rsa-2048                # or rsa-3072, rsa-4096, ec-p256, ec-p384, ec-p521, ed25519\n"
	"    validity: 30d                # s m h d w y\n"
	"    subject:\n"
	"      organization: example      # commonName is the first of sans where it is not given\n"
	"    sans:                        # every name that clients ask for; wildcards in quotes\n"
	"      - '@HOST@'\n";

static const char ca[] =
	"# A CA of your own and one certificate that it signs. Clients trust pki/root/cert.pem, and with it all that\n"
	"# the CA signs; pki/store goes to the Gateway.\n"
	"#\n"
	"#   gwcert gen                               makes what is missing, due or changed; leaves the rest\n"
	"#\n"
	"# Everything that may stand here is told in gwcert-template(5).\n"
	HEAD
	"certificates:\n"
	"  root:\n"
	"    issuer: self\n"
	"    ca: { pathLength: 0 }        # a CA that signs servers and clients, and no further CA\n"
	"    subject: { commonName: Example Root, organization: Example }\n"
	"    validity: 10y\n"
	"\n"
	"  store:\n"
	"    issuer: root                 # the name of an entry, in any order\n"
	"    validity: 90d\n"
	"    sans:                        # every name that clients ask for; wildcards in quotes\n"
	"      - '@HOST@'\n";

static const char gateway[] =
	"# The PKI of a Gateway: a root CA, an intermediate CA that signs, a certificate for the Gateway and one for\n"
	"# a client that shows who it is.\n"
	"#\n"
	"#   gwcert gen                               makes what is missing, due or changed; leaves the rest\n"
	"#   gwcert secret --from pki/store | kubectl apply -f -\n"
	"#\n"
	"# Clients trust pki/root/cert.pem. Everything that may stand here is told in gwcert-template(5).\n"
	HEAD
	"profiles:                        # what several entries have in common\n"
	"  org:\n"
	"    subject: { organization: Example }\n"
	"  ca:                            # for the entries with a ca block, in the place of the ready-made one\n"
	"    extends: org\n"
	"    key: ec-p384\n"
	"  server:                        # for all others, unless they name another profile\n"
	"    extends: org\n"
	"    key: ec-p256\n"
	"    extendedKeyUsage: [serverAuth]\n"
	"    validity: 90d\n"
	"  client:\n"
	"    extends: server\n"
	"    extendedKeyUsage: [clientAuth]\n"
	"\n"
	"certificates:\n"
	"  root:\n"
	"    issuer: self\n"
	"    ca: { pathLength: 1 }        # one more CA may stand below it\n"
	"    subject: { commonName: Example Root }\n"
	"    validity: 10y\n"
	"\n"
	"  issuing:\n"
	"    issuer: root\n"
	"    ca: { pathLength: 0 }        # signs servers and clients, and no further CA\n"
	"    subject: { commonName: Example Issuing 1 }\n"
	"    validity: 3y\n"
	"\n"
	"  store:\n"
	"    issuer: issuing\n"
	"    sans:                        # every name that clients ask for; wildcards in quotes\n"
	"      - '@HOST@'\n"
	"    publish:                     # where it is brought to: a listener's certificateRefs names the Secret\n"
	"      - secret: { name: store-tls, namespace: default }\n"
	"\n"
	"  prober:\n"
	"    profile: client\n"
	"    issuer: issuing\n"
	"    subject: { commonName: prober }\n"
	"    sans: ['email:prober@example.com']\n";

static const char mtls[] =
	"# Mutual TLS in front of a Gateway: a certificate for the Gateway, a CA of its own for clients, and a client's\n"
	"# certificate. Two CAs, so that no server's certificate ever passes for a client's.\n"
	"#\n"
	"#   gwcert gen                               makes what is missing, due or changed; leaves the rest\n"
	"#   gwcert secret --from pki/store | kubectl apply -f -\n"
	"#   gwcert probe @HOST@ --cacert pki/root/cert.pem --cert pki/client/fullchain.pem --key pki/client/key.pem\n"
	"#\n"
	"# Clients trust pki/root/cert.pem; the Gateway trusts pki/client-ca/cert.pem. Everything that may stand here is\n"
	"# told in gwcert-template(5).\n"
	HEAD
	"certificates:\n"
	"  root:                          # what clients trust\n"
	"    issuer: self\n"
	"    ca: { pathLength: 0 }\n"
	"    subject: { commonName: Example Root, organization: Example }\n"
	"    validity: 10y\n"
	"\n"
	"  store:                         # what the Gateway shows\n"
	"    issuer: root\n"
	"    validity: 90d\n"
	"    sans:                        # every name that clients ask for; wildcards in quotes\n"
	"      - '@HOST@'\n"
	"    publish:                     # where it is brought to: a listener's certificateRefs names the Secret\n"
	"      - secret: { name: store-tls, namespace: default }\n"
	"\n"
	"  client-ca:                     # what the Gateway trusts: whoever it signs gets in\n"
	"    issuer: self\n"
	"    ca: { pathLength: 0 }\n"
	"    subject: { commonName: Example Client CA, organization: Example }\n"
	"    validity: 5y\n"
	"    onRenew: manual              # a new one has to be brought to the Gateway first\n"
	"\n"
	"  client:                        # what a client shows\n"
	"    profile: client              # extendedKeyUsage: [clientAuth], without which it is refused\n"
	"    issuer: client-ca\n"
	"    subject: { commonName: example-client }\n"
	"    sans: ['uri:spiffe://example.com/client']\n"
	"    validity: 30d\n"
	"\n"
	"trust:                           # what the Gateway is to trust; gen checks that these are CAs, and fit\n"
	"  clients:\n"
	"    anchors: [client-ca]\n"
	"    publish:\n"
	"      - configMaps: { name: client-ca, namespace: default }\n";

static const char fleet[] =
	"# A certificate for every row of fleet.csv, which stands beside this file: add a line, and run gwcert again.\n"
	"#\n"
	"#   gwcert gen                               makes what is missing, due or changed; leaves the rest\n"
	"#   gwcert gen store                         one row, by its name\n"
	"#   gwcert secret --from pki/store | kubectl apply -f -\n"
	"#\n"
	"# The same without files, for a million rows as well as for ten, each time with new keys:\n"
	"#\n"
	"#   gwcert gen root && gwcert gen --stream secret | kubectl apply -f -\n"
	"#\n"
	"# Clients trust pki/root/cert.pem. Everything that may stand here is told in gwcert-template(5).\n"
	HEAD
	"certificates:\n"
	"  root:                          # what signs them all: an entry of its own, for rows sign nothing\n"
	"    issuer: self\n"
	"    ca: { pathLength: 0 }\n"
	"    subject: { commonName: Example Fleet Root, organization: Example }\n"
	"    validity: 10y\n"
	"\n"
	"  fleet:                         # one entry, many certificates; \"gwcert gen fleet\" means all of them\n"
	"    each:\n"
	"      csv: ./fleet.csv           # its first line names the columns: name,host,namespace\n"
	"      key: name                  # in this column nothing is there twice\n"
	"      columns: [name, host, namespace]\n"
	"    name: $(each.name)           # of the folder: $(each.COLUMN) is the row's field, in any value below\n"
	"    issuer: root\n"
	"    validity: 90d\n"
	"    sans: [$(each.host)]\n"
	"    publish:                     # of the Secret; no two rows may be brought to one place\n"
	"      - secret: { name: $(each.name)-tls, namespace: $(each.namespace) }\n";

static const char fleet_csv[] =
	"name,host,namespace\n"
	"store,@HOST@,default\n"
	"blog,blog.example.com,default\n";
/* clang-format on */

const struct gw_starter gw_starters[] = {
	{"self-signed", self_signed, NULL, NULL},
	{"ca", ca, NULL, NULL},
	{"mtls", mtls, NULL, NULL},
	{"gateway", gateway, NULL, NULL},
	{"fleet", fleet, "fleet.csv", fleet_csv},
	{NULL, NULL, NULL, NULL},
};
