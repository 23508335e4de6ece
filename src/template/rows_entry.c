/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/cert.h"
#include "pki/key.h"
#include "pki/san.h"
#include "template/each.h"
#include "template/read.h"
#include "template/rows.h"
#include "tree/csv.h"

#define YEAR (365 * GW_DAY)

static const char *const algorithm_words[] = {"rsa", "ecdsa", "ed25519", NULL};
static const char *const rsa_sizes[] = {"2048", "3072", "4096", NULL};
static const char *const curve_words[] = {"p256", "p384", "p521", NULL};

/* gw_read_key() reads all three together: only one algorithm in a pair with its size or curve names a kind of key. */
static const struct gw_row key_map_rows[] = {
	{.name = "algorithm",
	 .kind = GW_VALUE_WORD,
	 .required = true,
	 .words = algorithm_words,
	 .instead = "file",
	 .also = " type alg ",
	 .help = "rsa, ecdsa or ed25519"},
	{.name = "size",
	 .kind = GW_VALUE_NUMBER,
	 .required = true,
	 .min = 2048,
	 .max = 4096,
	 .words = rsa_sizes,
	 .only_key = "algorithm",
	 .only_word = "rsa",
	 .instead = "file",
	 .also = " bits length ",
	 .help = "of an RSA key: 2048, 3072 or 4096"},
	{.name = "curve",
	 .kind = GW_VALUE_WORD,
	 .required = true,
	 .words = curve_words,
	 .only_key = "algorithm",
	 .only_word = "ecdsa",
	 .instead = "file",
	 .also = " namedCurve crv ",
	 .help = "of an ECDSA key: p256, p384 or p521"},
	{.name = "encrypt",
	 .kind = GW_VALUE_PASSWORD,
	 .read = gw_read_encrypt,
	 .instead = "file",
	 .also = " passphrase encryption encrypted ",
	 .help = "the key is written encrypted, with the password that is found at env:NAME, file:PATH, fd:N or "
		 "prompt"},
	{.name = "file",
	 .kind = GW_VALUE_TEXT,
	 .instead = "algorithm",
	 .read = gw_read_key_file,
	 .also = " path pem from ",
	 .help = "a private key that is there, relative to the template's own folder: it is used where it is"},
	{.name = "password",
	 .kind = GW_VALUE_PASSWORD,
	 .instead = "algorithm",
	 .read = gw_read_key_password,
	 .also = " pass passwd ",
	 .help = "what opens that file: env:NAME, file:PATH, fd:N or prompt"},
};

static const struct gw_rows key_rows = {"key", key_map_rows, GW_COUNT(key_map_rows)};

static const struct gw_row csr_map_rows[] = {
	{.name = "file",
	 .kind = GW_VALUE_TEXT,
	 .required = true,
	 .read = gw_read_csr_file,
	 .also = " path pem from ",
	 .help = "the request, relative to the template's own folder"},
};

static const struct gw_rows csr_rows = {"csr", csr_map_rows, GW_COUNT(csr_map_rows)};

static const struct gw_row certificate_map_rows[] = {
	{.name = "file",
	 .kind = GW_VALUE_TEXT,
	 .required = true,
	 .read = gw_read_certificate_file,
	 .also = " path pem from ",
	 .help = "the certificate, with those above it behind it, relative to the template's own folder"},
};

static const struct gw_rows certificate_rows = {"certificate", certificate_map_rows, GW_COUNT(certificate_map_rows)};

static const struct gw_row ca_map_rows[] = {
	{.name = "permitted",
	 .kind = GW_VALUE_MAP,
	 .map = &gw_subtree_rows,
	 .also = " nameConstraints permittedSubtrees allow ",
	 .help = "name constraints: of a kind that is listed, only names in these"},
	{.name = "excluded",
	 .kind = GW_VALUE_MAP,
	 .map = &gw_subtree_rows,
	 .also = " excludedSubtrees deny ",
	 .help = "name constraints: no names in these, whatever is permitted"},
	{.name = "pathLength",
	 .kind = GW_VALUE_NUMBER,
	 .min = 0,
	 .max = 100,
	 .also = " pathlen maxPathLen path_len pathLen pathLenConstraint ",
	 .help = "how many CAs may follow below this one; no limit where not given"},
};

static const struct gw_rows ca_rows = {"ca", ca_map_rows, GW_COUNT(ca_map_rows)};

/* In the order of enum gw_pkcs12_kind. */
static const char *const compatibility_words[] = {"modern", "legacy", NULL};

static const struct gw_row pkcs12_map_rows[] = {
	{.name = "password",
	 .kind = GW_VALUE_PASSWORD,
	 .required = true,
	 .read = gw_read_pkcs12_password,
	 .also = " pass passphrase secret ",
	 .help = "what locks it: env:NAME, file:PATH, fd:N or prompt"},
	{.name = "compatibility",
	 .kind = GW_VALUE_WORD,
	 .words = compatibility_words,
	 .read = gw_read_compatibility,
	 .also = " profile compat ",
	 .help = "modern, or legacy (3DES, SHA-1) for what is older than 2020; modern where not given"},
};

static const struct gw_rows pkcs12_rows = {"pkcs12", pkcs12_map_rows, GW_COUNT(pkcs12_map_rows)};

/* In the order of enum gw_on_renew. */
static const char *const on_renew_words[] = {"newKey", "sameKey", "manual", NULL};

static const struct gw_row each_map_rows[] = {
	{.name = "csv",
	 .kind = GW_VALUE_TEXT,
	 .required = true,
	 .also = " file path from ",
	 .help = "a CSV file with a header, relative to the template's own folder"},
	{.name = "key",
	 .kind = GW_VALUE_TEXT,
	 .required = true,
	 .also = " id unique primaryKey ",
	 .help = "the column that no two rows have the same in"},
	{.name = "columns",
	 .kind = GW_VALUE_TEXTS,
	 .alone = true,
	 .max = GW_CSV_COLUMNS_MAX,
	 .also = " header fields ",
	 .help = "the columns that the header must have, no more and no less; whatever it has where not given"},
};

static const struct gw_rows each_rows = {"each", each_map_rows, GW_COUNT(each_map_rows)};

/* clang-format off */
#define ROWS_OF_ENTRY_AND_PROFILE \
	{.name = "issuer", .kind = GW_VALUE_TEXT, .required = true, .read = gw_read_issuer, .instead = "certificate", \
	 .also = " issuerRef signer signedBy parent authority ", \
	 .help = "\"self\", or the name of the entry that signs"}, \
	{.name = "key", .kind = GW_VALUE_MAP, .map = &key_rows, .words = gw_key_type_words, .read = gw_read_key, \
	 .instead = "csr", \
	 .also = " privateKey keyType ", \
	 .help = "the kind of key: a short word, or algorithm with size or curve, and encrypt; or the file of one; ec-p256 where not given"}, \
	{.name = "subject", .kind = GW_VALUE_MAP, .map = &gw_subject_rows, .also = " dn distinguishedName ", \
	 .help = "the subject's attributes"}, \
	{.name = "sans", .kind = GW_VALUE_TEXTS, .max = GW_SANS_MAX, .check = gw_fault_san, .rule = GWT_BAD_SAN, \
	 .read = gw_read_sans, \
	 .also = " subjectAltName subjectAltNames altNames dnsNames ipAddresses uris emailAddresses hosts hostnames " \
		 "domains names ", \
	 .help = "every name that it is good for: DNS names, IP addresses, URIs, e-mail addresses"}, \
	{.name = "ca", .kind = GW_VALUE_MAP, .map = &ca_rows, .read = gw_read_ca, .also = " isCA basicConstraints ", \
	 .help = "makes it a CA: {} or {pathLength: N, permitted: ..., excluded: ...}"}, \
	{.name = "keyUsage", .kind = GW_VALUE_WORDS, .max = 32, .words = gw_key_usage_words, \
	 .read = gw_read_key_usage, \
	 .also = " usages usage keyUsages ku ", \
	 .help = "what the key may do; what fits the role and the kind of key where not given"}, \
	{.name = "extendedKeyUsage", .kind = GW_VALUE_WORDS, .max = 32, .words = gw_eku_words, .check = gw_fault_oid, \
	 .read = gw_read_extended_key_usage, \
	 .also = " extKeyUsage extendedKeyUsages eku ", .help = "what the certificate is for: words, or OIDs"}, \
	{.name = "validity", .kind = GW_VALUE_DURATION, .min = 60, .max = 1000 * YEAR, .read = gw_read_validity, \
	 .instead = "notAfter", .also = " duration days lifetime ttl validFor ", \
	 .help = "how long it is good, from now or from notBefore: a number and s m h d w or y"}, \
	{.name = "notBefore", .kind = GW_VALUE_INSTANT, .read = gw_read_not_before, \
	 .also = " validFrom startDate begin start ", \
	 .help = "the instant from which it is good: 2027-01-01T00:00:00Z; now, less the backdate, where not given"}, \
	{.name = "notAfter", .kind = GW_VALUE_INSTANT, .read = gw_read_not_after, .instead = "validity", \
	 .also = " expiry expires validTo validUntil endDate end ", \
	 .help = "the instant until which it is good: 2027-12-31T23:59:59Z; goes in the place of validity"}, \
	{.name = "clip", .kind = GW_VALUE_BOOL, .read = gw_read_clip, .also = " cut truncate ", \
	 .help = "true: where its life is longer than its issuer's, it ends with the issuer; else that is an error"}, \
	{.name = "serial", .kind = GW_VALUE_TEXT, .check = gw_fault_serial, .read = gw_read_serial, \
	 .also = " certificateSerialNumber ", \
	 .help = "the certificate's number: random, or one in hex; random where not given"}, \
	{.name = "signature", .kind = GW_VALUE_MAP, .map = &gw_signature_rows, .words = gw_hash_words, \
	 .read = gw_read_signature, .also = " signatureAlgorithm digest hash md ", \
	 .help = "how it is signed: sha256, sha384 or sha512, or {hash: sha384, rsaPss: true}"}, \
	{.name = "aia", .kind = GW_VALUE_MAP, .map = &gw_aia_rows, .also = " authorityInfoAccess infoAccess ", \
	 .help = "where the issuer's certificate and OCSP responder are"}, \
	{.name = "crl", .kind = GW_VALUE_MAP, .map = &gw_crl_rows, .also = " crlDistributionPoints cdp ", \
	 .help = "where the issuer's revocation list is"}, \
	{.name = "certificatePolicies", .kind = GW_VALUE_MAPS, .max = GW_POLICIES_MAX, .map = &gw_policy_rows, \
	 .read = gw_read_policies, .also = " policies policy ", \
	 .help = "the policies that it is issued under"}, \
	{.name = "mustStaple", .kind = GW_VALUE_BOOL, .read = gw_read_must_staple, \
	 .also = " tlsFeature ocspMustStaple tlsfeature ", \
	 .help = "true: a server must show an OCSP answer with it (RFC 7633)"}, \
	{.name = "extensions", .kind = GW_VALUE_MAPS, .max = GW_EXTENSIONS_MAX, .map = &gw_extension_rows, \
	 .read = gw_read_extensions, .also = " extraExtensions extension ", \
	 .help = "further extensions, as they are"}, \
	{.name = "renewAt", .kind = GW_VALUE_TEXT, .check = gw_fault_renew_at, .read = gw_read_renew_at, \
	 .also = " renewBefore renewBeforePercentage renew ", \
	 .help = "when it is due: 66% of its life is used, or 20d are left; settings.renewAt where not given"}, \
	{.name = "onRenew", .kind = GW_VALUE_WORD, .words = on_renew_words, .read = gw_read_on_renew, \
	 .also = " rotationPolicy keyRotation reuseKey ", \
	 .help = "sameKey, newKey, or manual for what only --renew makes anew; sameKey where not given"}, \
	{.name = "files", .kind = GW_VALUE_MAP, .map = &gw_files_rows, .help = "other names for the files of this entry"}, \
	{.name = "pkcs12", .kind = GW_VALUE_MAP, .map = &pkcs12_rows, .also = " p12 pfx keystore keystores ", \
	 .help = "key, certificate and chain in one PKCS#12 file too, as Java, Windows and browsers take it"}
/* clang-format on */

static const struct gw_row profile_map_rows[] = {
	{.name = "extends",
	 .kind = GW_VALUE_TEXT,
	 .also = " profile inherits parent base ",
	 .help = "the profile that this one begins with"},
	{.name = "allow",
	 .kind = GW_VALUE_MAP,
	 .map = &gw_allow_rows,
	 .also = " allowed policy permit ",
	 .help = "what gwcert sign grants to a request under this profile; nothing where not given"},
	ROWS_OF_ENTRY_AND_PROFILE,
};

static const struct gw_row entry_map_rows[] = {
	{.name = "profile",
	 .kind = GW_VALUE_TEXT,
	 .also = " extends template type ",
	 .help = "the profile that the entry begins with; \"ca\" where it has a ca block, else \"server\""},
	{.name = "each",
	 .kind = GW_VALUE_ROWS,
	 .max = GW_EACH_FOLDERS_MAX,
	 .map = &each_rows,
	 .also = " forEach for_each rows items matrix with ",
	 .help = "makes the entry many, one of each row: a list of strings or maps, or a CSV file"},
	{.name = "name",
	 .kind = GW_VALUE_TEXT,
	 .help = "with each: the name of the entry that a row makes, such as tenant-$(each.host)"},
	{.name = "csr",
	 .kind = GW_VALUE_MAP,
	 .map = &csr_rows,
	 .instead = "key",
	 .also = " request certificateRequest ",
	 .help = "somebody's request whose public key is certified; nothing else is taken from it"},
	{.name = "certificate",
	 .kind = GW_VALUE_MAP,
	 .map = &certificate_rows,
	 .instead = "issuer",
	 .also = " cert existing import ",
	 .help = "a certificate that is there, such as a CA from outside: it is used, and not made"},
	ROWS_OF_ENTRY_AND_PROFILE,
	{.name = "publish",
	 .kind = GW_VALUE_MAPS,
	 .alone = true,
	 .max = GW_PUBLISH_MAX,
	 .map = &gw_entry_publish_rows,
	 .one = true,
	 .read = gw_read_publish,
	 .also = " publishTo targets outputs secretName secretTemplate ",
	 .help = "where it is brought to: a list of secret, configMap and certificateManager"},
};

const struct gw_rows gw_profile_rows = {"a profile", profile_map_rows, GW_COUNT(profile_map_rows)};
const struct gw_rows gw_entry_rows = {"an entry of certificates", entry_map_rows, GW_COUNT(entry_map_rows)};
