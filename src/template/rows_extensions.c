/* SPDX-License-Identifier: Apache-2.0 */
/* What an issuer decides beyond names and usages: name constraints, places, policies, extensions as they are, signature. */
#include "pki/build.h"
#include "template/read.h"
#include "template/rows.h"

#define SUBTREES_MAX 1000 /* of one kind */
#define URLS_MAX     16

/* The four kinds are read together by gw_read_ca(). */
static const struct gw_row subtree_rows[] = {
	{.name = "dns",
	 .kind = GW_VALUE_TEXTS,
	 .max = SUBTREES_MAX,
	 .check = gw_fault_subtree_dns,
	 .rule = GWT_BAD_SUBTREE,
	 .also = " dnsNames dnsDomains dnsName domains ",
	 .help = "DNS names, each with all names below it: example.com"},
	{.name = "ip",
	 .kind = GW_VALUE_TEXTS,
	 .max = SUBTREES_MAX,
	 .check = gw_fault_subtree_ip,
	 .rule = GWT_BAD_SUBTREE,
	 .also = " ipRanges ipAddresses cidr ips ",
	 .help = "ranges of addresses: 203.0.113.0/24"},
	{.name = "email",
	 .kind = GW_VALUE_TEXTS,
	 .max = SUBTREES_MAX,
	 .check = gw_fault_subtree_email,
	 .rule = GWT_BAD_SUBTREE,
	 .also = " emailAddresses emails mail ",
	 .help = "mailboxes (joe@example.com), all of a host (example.com), or of all hosts below (.example.com)"},
	{.name = "uri",
	 .kind = GW_VALUE_TEXTS,
	 .max = SUBTREES_MAX,
	 .check = gw_fault_subtree_uri,
	 .rule = GWT_BAD_SUBTREE,
	 .also = " uriDomains uris url ",
	 .help = "hosts of URIs (example.com), or all hosts below (.example.com)"},
};

const struct gw_rows gw_subtree_rows = {"name constraints", subtree_rows, GW_COUNT(subtree_rows)};

static const struct gw_row aia_map_rows[] = {
	{.name = "caIssuers",
	 .kind = GW_VALUE_TEXTS,
	 .max = URLS_MAX,
	 .check = gw_fault_url,
	 .read = gw_read_aia_issuers,
	 .also = " issuer issuers issuingCertificateURLs caIssuer ",
	 .help = "URLs of the issuer's certificate, in DER: http://pki.example.com/issuing.cer"},
	{.name = "ocsp",
	 .kind = GW_VALUE_TEXTS,
	 .max = URLS_MAX,
	 .check = gw_fault_url,
	 .read = gw_read_aia_ocsp,
	 .also = " ocspServers responder ocspURL ",
	 .help = "URLs of the issuer's OCSP responder"},
};

const struct gw_rows gw_aia_rows = {"aia", aia_map_rows, GW_COUNT(aia_map_rows)};

static const struct gw_row crl_map_rows[] = {
	{.name = "distribution",
	 .kind = GW_VALUE_TEXTS,
	 .max = URLS_MAX,
	 .check = gw_fault_url,
	 .read = gw_read_crl_distribution,
	 .also = " distributionPoints urls crlDistributionPoints ",
	 .help = "URLs of the issuer's revocation list; each is one that may be asked in the place of the others"},
};

const struct gw_rows gw_crl_rows = {"crl", crl_map_rows, GW_COUNT(crl_map_rows)};

/* gw_read_policies() and gw_read_extensions() read their items whole. */
static const struct gw_row policy_map_rows[] = {
	{.name = "oid",
	 .kind = GW_VALUE_TEXT,
	 .required = true,
	 .check = gw_fault_oid,
	 .also = " id policyIdentifier policy ",
	 .help = "the policy: 2.23.140.1.2.1"},
	{.name = "cps",
	 .kind = GW_VALUE_TEXT,
	 .check = gw_fault_url,
	 .also = " cpsUri url cPSuri ",
	 .help = "URL of the practice statement"},
};

const struct gw_rows gw_policy_rows = {"a policy", policy_map_rows, GW_COUNT(policy_map_rows)};

static const struct gw_row extension_map_rows[] = {
	{.name = "oid",
	 .kind = GW_VALUE_TEXT,
	 .required = true,
	 .check = gw_fault_extension_oid,
	 .rule = GWT_EXTENSION,
	 .also = " id extnID ",
	 .help = "which extension it is: 1.3.6.1.4.1.311.21.10"},
	{.name = "critical",
	 .kind = GW_VALUE_BOOL,
	 .help = "whether a client that does not know it must refuse the certificate; false where not given"},
	{.name = "der",
	 .kind = GW_VALUE_TEXT,
	 .check = gw_fault_der,
	 .rule = GWT_EXTENSION,
	 .also = " value hex extnValue ",
	 .help = "its value: one element of DER in hex, with or without colons: 0500"},
	{.name = "utf8", .kind = GW_VALUE_TEXT, .also = " utf8String text ", .help = "its value: a text as UTF8String"},
	{.name = "ia5",
	 .kind = GW_VALUE_TEXT,
	 .check = gw_fault_ascii,
	 .also = " ia5String ascii ",
	 .help = "its value: a text as IA5String"},
};

const struct gw_rows gw_extension_rows = {"an extension", extension_map_rows, GW_COUNT(extension_map_rows)};

static const struct gw_row signature_map_rows[] = {
	{.name = "hash",
	 .kind = GW_VALUE_WORD,
	 .words = gw_hash_words,
	 .also = " digest md algorithm ",
	 .help = "of the signature; what fits the issuer's key where not given"},
	{.name = "rsaPss",
	 .kind = GW_VALUE_BOOL,
	 .also = " pss padding ",
	 .help = "RSA-PSS in the place of PKCS #1 v1.5, by an issuer with an RSA key; false where not given"},
};

const struct gw_rows gw_signature_rows = {"signature", signature_map_rows, GW_COUNT(signature_map_rows)};
