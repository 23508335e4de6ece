/* SPDX-License-Identifier: Apache-2.0 */
#include "template/schema.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "pki/cert.h"
#include "pki/key.h"
#include "pki/san.h"
#include "template/read.h"
#include "template/template.h"
#include "template/vars.h"

#define YEAR         (365 * GW_DAY)
#define PROFILES_MAX 1000  /* of one file; they may extend each other, one below the other */
#define ENTRIES_MAX  20000 /* of one file */

/* --- checks of single texts --------------------------------------------------------------------------------------- */

static const char *at_most(const char *text, size_t max, const char *why)
{
	return gw_text_columns(text) > max ? why : NULL;
}

/* The upper bounds of RFC 5280 appendix A.1, in characters. */
static const char *check_64(struct gw_arena *arena, const char *text)
{
	(void)arena;
	return at_most(text, 64, "is longer than 64 characters");
}

static const char *check_128(struct gw_arena *arena, const char *text)
{
	(void)arena;
	return at_most(text, 128, "is longer than 128 characters");
}

static const char *check_40(struct gw_arena *arena, const char *text)
{
	(void)arena;
	return at_most(text, 40, "is longer than 40 characters");
}

/* serialNumber is a PrintableString (RFC 5280 appendix A.1). */
static const char *check_serial_number(struct gw_arena *arena, const char *text)
{
	static const char printable[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 '()+,-./:=?";

	if (strspn(text, printable) != strlen(text))
		return "may have only letters, digits, spaces and '()+,-./:=?";
	return check_64(arena, text);
}

static const char *check_country(struct gw_arena *arena, const char *text)
{
	(void)arena;
	if (strlen(text) != 2 || strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 2)
		return "is not a country code of two capital letters (ISO 3166)";
	return NULL;
}

static const char *check_san(struct gw_arena *arena, const char *text)
{
	struct gw_san san;

	return gw_san_parse(arena, text, &san);
}

static const char *check_file_name(struct gw_arena *arena, const char *text)
{
	(void)arena;
	return gw_file_name_ok(text) ? NULL
				     : "cannot be the name of a file: no '/', no leading dot, no control characters, "
				       "at most 240 octets";
}

static const char *check_renew_at(struct gw_arena *arena, const char *text)
{
	struct gw_renew_at at;

	(void)arena;
	return gw_renew_at_parse(text, &at)
		       ? NULL
		       : "is neither a share of the life that is used, 1% to 99%, nor a time that is left, such as 20d";
}

static const char *check_entry_name(struct gw_arena *arena, const char *text)
{
	(void)arena;
	if (strcmp(text, "self") == 0)
		return "is reserved: \"issuer: self\" means self-signed";
	return gw_file_name_ok(text) ? NULL
				     : "cannot be the name of a folder: no '/', no leading dot, no control "
				       "characters, at most 240 octets";
}

/* --- rows --------------------------------------------------------------------------------------------------------- */

static const struct gw_row file_rows[] = {
	{.name = "key",
	 .kind = GW_VALUE_TEXT,
	 .check = check_file_name,
	 .rule = GWT_FILE_NAME,
	 .read = gw_read_file,
	 .also = " privateKey ",
	 .help = "the private key; key.pem where not given"},
	{.name = "csr",
	 .kind = GW_VALUE_TEXT,
	 .check = check_file_name,
	 .rule = GWT_FILE_NAME,
	 .read = gw_read_file,
	 .also = " request ",
	 .help = "the certificate request; csr.pem where not given"},
	{.name = "cert",
	 .kind = GW_VALUE_TEXT,
	 .check = check_file_name,
	 .rule = GWT_FILE_NAME,
	 .read = gw_read_file,
	 .also = " certificate crt ",
	 .help = "the certificate; cert.pem where not given"},
	{.name = "chain",
	 .kind = GW_VALUE_TEXT,
	 .check = check_file_name,
	 .rule = GWT_FILE_NAME,
	 .read = gw_read_file,
	 .also = " ca intermediates ",
	 .help = "the intermediates above it, without the root; chain.pem where not given"},
	{.name = "fullchain",
	 .kind = GW_VALUE_TEXT,
	 .check = check_file_name,
	 .rule = GWT_FILE_NAME,
	 .read = gw_read_file,
	 .also = " bundle ",
	 .help = "the certificate and the intermediates above it; fullchain.pem where not given"},
};

static const struct gw_rows files_rows = {"files", file_rows, GW_COUNT(file_rows)};

static const struct gw_row setting_rows[] = {
	{.name = "dir",
	 .kind = GW_VALUE_TEXT,
	 .read = gw_read_dir,
	 .also = " directory folder output out path ",
	 .help = "the folder that everything is written to, relative to the template's own; ./pki where not given"},
	{.name = "files", .kind = GW_VALUE_MAP, .map = &files_rows, .help = "the names of the files of each entry"},
	{.name = "backdate",
	 .kind = GW_VALUE_DURATION,
	 .min = 0,
	 .max = 30 * GW_DAY,
	 .read = gw_read_backdate,
	 .also = " notBefore ",
	 .help = "how long before now a certificate begins, for clocks that are late; 5m where not given"},
	{.name = "renewAt",
	 .kind = GW_VALUE_TEXT,
	 .check = check_renew_at,
	 .read = gw_read_renew_at,
	 .also = " renewBefore renewBeforePercentage renew ",
	 .help = "when a certificate is due: the share of its life that is used, or the time left; 66% where not "
		 "given"},
};

static const struct gw_rows settings_rows = {"settings", setting_rows, GW_COUNT(setting_rows)};

/* In the order in which the attributes stand in a subject: from the whole to the part. */
static const struct gw_row subject_attr_rows[] = {
	{.name = "country",
	 .kind = GW_VALUE_TEXT,
	 .check = check_country,
	 .attribute = "countryName",
	 .read = gw_read_attribute,
	 .also = " C countryName countries ",
	 .help = "two capital letters: GB"},
	{.name = "stateOrProvince",
	 .kind = GW_VALUE_TEXT,
	 .check = check_128,
	 .attribute = "stateOrProvinceName",
	 .read = gw_read_attribute,
	 .also = " ST S state province stateOrProvinceName provinces ",
	 .help = "state or province, in full"},
	{.name = "locality",
	 .kind = GW_VALUE_TEXT,
	 .check = check_128,
	 .attribute = "localityName",
	 .read = gw_read_attribute,
	 .also = " L city localityName localities ",
	 .help = "town or city"},
	{.name = "streetAddress",
	 .kind = GW_VALUE_TEXT,
	 .check = check_128,
	 .attribute = "streetAddress",
	 .read = gw_read_attribute,
	 .also = " street streetAddresses ",
	 .help = "street and number"},
	{.name = "postalCode",
	 .kind = GW_VALUE_TEXT,
	 .check = check_40,
	 .attribute = "postalCode",
	 .read = gw_read_attribute,
	 .also = " zip postalCodes ",
	 .help = "postal code"},
	{.name = "organization",
	 .kind = GW_VALUE_TEXT,
	 .check = check_64,
	 .attribute = "organizationName",
	 .read = gw_read_attribute,
	 .also = " O org organisation organizationName organizations ",
	 .help = "the organization's legal name"},
	{.name = "organizationalUnit",
	 .kind = GW_VALUE_TEXT,
	 .check = check_64,
	 .attribute = "organizationalUnitName",
	 .read = gw_read_attribute,
	 .also = " OU unit organisationalUnit organizationalUnitName organizationalUnits ",
	 .help = "department or team"},
	{.name = "serialNumber",
	 .kind = GW_VALUE_TEXT,
	 .check = check_serial_number,
	 .attribute = "serialNumber",
	 .read = gw_read_attribute,
	 .help = "a number of the subject itself, not of the certificate"},
	{.name = "commonName",
	 .kind = GW_VALUE_TEXT,
	 .check = check_64,
	 .attribute = "commonName",
	 .read = gw_read_attribute,
	 .also = " CN name ",
	 .help = "the name of it all; where not given, the first DNS name of sans if it has at most 64 octets"},
};

static const struct gw_rows subject_rows = {"subject", subject_attr_rows, GW_COUNT(subject_attr_rows)};

static const char *const algorithm_words[] = {"rsa", "ecdsa", "ed25519", NULL};
static const char *const rsa_sizes[] = {"2048", "3072", "4096", NULL};
static const char *const curve_words[] = {"p256", "p384", "p521", NULL};

/* gw_read_key() reads all three together: only one algorithm in a pair with its size or curve names a kind of key. */
static const struct gw_row key_map_rows[] = {
	{.name = "algorithm",
	 .kind = GW_VALUE_WORD,
	 .required = true,
	 .words = algorithm_words,
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
	 .also = " bits length ",
	 .help = "of an RSA key: 2048, 3072 or 4096"},
	{.name = "curve",
	 .kind = GW_VALUE_WORD,
	 .required = true,
	 .words = curve_words,
	 .only_key = "algorithm",
	 .only_word = "ecdsa",
	 .also = " namedCurve crv ",
	 .help = "of an ECDSA key: p256, p384 or p521"},
};

static const struct gw_rows key_rows = {"key", key_map_rows, GW_COUNT(key_map_rows)};

static const struct gw_row ca_map_rows[] = {
	{.name = "pathLength",
	 .kind = GW_VALUE_NUMBER,
	 .min = 0,
	 .max = 100,
	 .also = " pathlen maxPathLen path_len pathLen pathLenConstraint ",
	 .help = "how many CAs may follow below this one; no limit where not given"},
};

static const struct gw_rows ca_rows = {"ca", ca_map_rows, GW_COUNT(ca_map_rows)};

/* The words of gw_eku_words[], as a list that a row can point to. */
static const char *const eku_words[] = {"serverAuth",   "clientAuth",  "codeSigning",         "emailProtection",
					"timeStamping", "OCSPSigning", "anyExtendedKeyUsage", NULL};

/* In the order of enum gw_on_renew. */
static const char *const on_renew_words[] = {"newKey", "sameKey", "manual", NULL};

/* clang-format off */
#define ROWS_OF_ENTRY_AND_PROFILE \
	{.name = "issuer", .kind = GW_VALUE_TEXT, .required = true, .read = gw_read_issuer, \
	 .also = " issuerRef signer signedBy parent authority ", \
	 .help = "\"self\", or the name of the entry that signs"}, \
	{.name = "key", .kind = GW_VALUE_MAP, .map = &key_rows, .words = gw_key_type_words, .read = gw_read_key, \
	 .also = " privateKey keyType ", \
	 .help = "the kind of key: a short word, or algorithm with size or curve; ec-p256 where not given"}, \
	{.name = "subject", .kind = GW_VALUE_MAP, .map = &subject_rows, .also = " dn distinguishedName ", \
	 .help = "the subject's attributes"}, \
	{.name = "sans", .kind = GW_VALUE_TEXTS, .max = GW_SANS_MAX, .check = check_san, .rule = GWT_BAD_SAN, \
	 .read = gw_read_sans, \
	 .also = " subjectAltName subjectAltNames altNames dnsNames ipAddresses uris emailAddresses hosts hostnames " \
		 "domains names ", \
	 .help = "every name that it is good for: DNS names, IP addresses, URIs, e-mail addresses"}, \
	{.name = "ca", .kind = GW_VALUE_MAP, .map = &ca_rows, .read = gw_read_ca, .also = " isCA basicConstraints ", \
	 .help = "makes it a CA: {} or {pathLength: N}"}, \
	{.name = "keyUsage", .kind = GW_VALUE_WORDS, .max = 32, .words = gw_key_usage_words, \
	 .read = gw_read_key_usage, \
	 .also = " usages usage keyUsages ku ", \
	 .help = "what the key may do; what fits the role and the kind of key where not given"}, \
	{.name = "extendedKeyUsage", .kind = GW_VALUE_WORDS, .max = 32, .words = eku_words, \
	 .read = gw_read_extended_key_usage, \
	 .also = " extKeyUsage extendedKeyUsages eku ", .help = "what the certificate is for"}, \
	{.name = "validity", .kind = GW_VALUE_DURATION, .min = 60, .max = 1000 * YEAR, .read = gw_read_validity, \
	 .instead = "notAfter", .also = " duration days lifetime ttl validFor ", \
	 .help = "how long it is good, from now or from notBefore: a number and s m h d w or y"}, \
	{.name = "notBefore", .kind = GW_VALUE_INSTANT, .read = gw_read_not_before, \
	 .also = " validFrom startDate begin start ", \
	 .help = "the instant from which it is good: 2027-01-01T00:00:00Z; now, less the backdate, where not given"}, \
	{.name = "notAfter", .kind = GW_VALUE_INSTANT, .read = gw_read_not_after, .instead = "validity", \
	 .also = " expiry expires validTo validUntil endDate end ", \
	 .help = "the instant until which it is good: 2027-12-31T23:59:59Z; goes in the place of validity"}, \
	{.name = "renewAt", .kind = GW_VALUE_TEXT, .check = check_renew_at, .read = gw_read_renew_at, \
	 .also = " renewBefore renewBeforePercentage renew ", \
	 .help = "when it is due: 66% of its life is used, or 20d are left; settings.renewAt where not given"}, \
	{.name = "onRenew", .kind = GW_VALUE_WORD, .words = on_renew_words, .read = gw_read_on_renew, \
	 .also = " rotationPolicy keyRotation reuseKey ", \
	 .help = "sameKey, newKey, or manual for what only --renew makes anew; sameKey where not given"}, \
	{.name = "files", .kind = GW_VALUE_MAP, .map = &files_rows, .help = "other names for the files of this entry"}
/* clang-format on */

static const struct gw_row profile_map_rows[] = {
	{.name = "extends",
	 .kind = GW_VALUE_TEXT,
	 .also = " profile inherits parent base ",
	 .help = "the profile that this one begins with"},
	ROWS_OF_ENTRY_AND_PROFILE,
};

static const struct gw_row entry_map_rows[] = {
	{.name = "profile",
	 .kind = GW_VALUE_TEXT,
	 .also = " extends template type ",
	 .help = "the profile that the entry begins with; \"ca\" where it has a ca block, else \"server\""},
	ROWS_OF_ENTRY_AND_PROFILE,
};

const struct gw_rows gw_profile_rows = {"a profile", profile_map_rows, GW_COUNT(profile_map_rows)};
const struct gw_rows gw_entry_rows = {"an entry of certificates", entry_map_rows, GW_COUNT(entry_map_rows)};

static const struct gw_row var_map_rows[] = {
	{.name = "default", .kind = GW_VALUE_TEXT, .also = " value ", .help = "the value where nothing else gives one"},
	{.name = "type",
	 .kind = GW_VALUE_WORD,
	 .words = gw_var_types,
	 .also = " kind ",
	 .help = "what a value must be: string, hostname, ip, integer or duration; string where not given"},
	{.name = "oneOf",
	 .kind = GW_VALUE_TEXTS,
	 .alone = true,
	 .max = 100,
	 .also = " enum choices values ",
	 .help = "the values that are allowed"},
	{.name = "from",
	 .kind = GW_VALUE_TEXT,
	 .check = gw_var_source_fault,
	 .also = " source valueFrom ",
	 .help = "where the value comes from: env:NAME, or file:PATH relative to the template's own folder"},
};

static const struct gw_rows var_rows = {"a variable", var_map_rows, GW_COUNT(var_map_rows)};

static const char *const versions[] = {"1", NULL};

static const struct gw_row top_rows[] = {
	{.name = "gwcert",
	 .kind = GW_VALUE_NUMBER,
	 .required = true,
	 .min = 1,
	 .max = 1,
	 .words = versions,
	 .rule = GWT_VERSION,
	 .help = "the version of the template language, always the first key: 1"},
	{.name = "vars",
	 .kind = GW_VALUE_NAMED,
	 .max = GW_VARS_MAX,
	 .map = &var_rows,
	 .check = gw_var_name_fault,
	 .also = " variables values params parameters ",
	 .help = "variables, each used as $(name) in the values of all other sections"},
	{.name = "settings", .kind = GW_VALUE_MAP, .map = &settings_rows, .help = "what holds for the whole file"},
	{.name = "profiles",
	 .kind = GW_VALUE_NAMED,
	 .max = PROFILES_MAX,
	 .map = &gw_profile_rows,
	 .also = " templates defaults ",
	 .help = "what several entries have in common"},
	{.name = "certificates",
	 .kind = GW_VALUE_NAMED,
	 .max = ENTRIES_MAX,
	 .required = true,
	 .map = &gw_entry_rows,
	 .check = check_entry_name,
	 .rule = GWT_ENTRY_NAME,
	 .also = " certs entries ",
	 .help = "the certificates to make, each below a name of its own"},
};

const struct gw_rows gw_template_rows = {"a template", top_rows, GW_COUNT(top_rows)};

/* --- looking ------------------------------------------------------------------------------------------------------ */

const struct gw_row *gw_row_find(const struct gw_rows *rows, const char *key)
{
	size_t i;

	for (i = 0; i < rows->count; i++) {
		if (strcmp(rows->rows[i].name, key) == 0)
			return &rows->rows[i];
	}
	return NULL;
}

/* Whether key is name and a '+' behind it. */
static bool appends_to(const char *key, const char *name)
{
	size_t len = strlen(name);

	return strncmp(key, name, len) == 0 && key[len] == '+' && key[len + 1] == '\0';
}

const struct gw_row *gw_row_appended(const struct gw_rows *rows, const char *key)
{
	size_t i;

	for (i = 0; i < rows->count; i++) {
		if (!rows->rows[i].alone && appends_to(key, rows->rows[i].name))
			return &rows->rows[i];
	}
	return NULL;
}

bool gw_row_is_list(const struct gw_row *row)
{
	return row->kind == GW_VALUE_TEXTS || row->kind == GW_VALUE_WORDS;
}

const struct gw_node *gw_node_appending(const struct gw_node *map, const char *key)
{
	const struct gw_node *m;

	for (m = map->first; m != NULL; m = m->next) {
		if (appends_to(m->key->text, key))
			return m;
	}
	return NULL;
}

bool gw_row_stands(const struct gw_row *row, const struct gw_node *map)
{
	const char *word = row->only_key != NULL ? gw_node_text(gw_node_get(map, row->only_key)) : NULL;

	return word == NULL || strcmp(word, row->only_word) == 0;
}

static bool is_also(const struct gw_row *row, const char *key)
{
	const char *at = row->also;
	char word[64];

	while (at != NULL && sscanf(at, " %63s", word) == 1) {
		if (gw_same_word(word, key))
			return true;
		at = strchr(at + 1, ' ');
	}
	return false;
}

/* The row that is the key but for case and hyphens, or that another tool calls so. */
static const struct gw_row *row_called(const struct gw_rows *rows, const char *key)
{
	size_t i;

	for (i = 0; i < rows->count; i++) {
		if (gw_same_word(rows->rows[i].name, key))
			return &rows->rows[i];
	}
	for (i = 0; i < rows->count; i++) {
		if (is_also(&rows->rows[i], key))
			return &rows->rows[i];
	}
	return NULL;
}

struct cursor {
	const struct gw_rows *rows;
	size_t i;
};

static const char *next_name(void *state)
{
	struct cursor *c = state;

	return c->i < c->rows->count ? c->rows->rows[c->i++].name : NULL;
}

/* A key that is known one level down was only put in the wrong place: commonName belongs below subject. */
static const char *suggest_below(struct gw_arena *arena, const struct gw_rows *rows, const char *key)
{
	size_t i, j;

	for (i = 0; i < rows->count; i++) {
		const struct gw_row *row = &rows->rows[i];

		for (j = 0; row->kind == GW_VALUE_MAP && j < row->map->count; j++) {
			if (gw_same_word(row->map->rows[j].name, key))
				return gw_arena_printf(arena, "%s.%s", row->name, row->map->rows[j].name);
		}
	}
	return NULL;
}

const char *gw_row_suggest(struct gw_arena *arena, const struct gw_rows *rows, const char *key)
{
	struct cursor c = {.rows = rows};
	const struct gw_row *row = row_called(rows, key);
	const char *found = row != NULL ? row->name : suggest_below(arena, rows, key);

	return found != NULL ? found : gw_nearest(key, next_name, &c);
}
