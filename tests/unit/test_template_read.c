/* SPDX-License-Identifier: Apache-2.0 */
/* What a good template is read as: values, defaults, profiles, and where each value came from. */
#include <stdio.h>
#include <string.h>

#include "template/schema.h"
#include "template/template.h"
#include "tests/tap.h"

struct read {
	struct gw_template t;
	struct gw_findings fs;
};
#define READ_INIT                                                                                                      \
	{                                                                                                              \
		.t = GW_TEMPLATE_INIT                                                                                  \
	}

static void release(struct read *r)
{
	gw_template_release(&r->t);
	gw_findings_release(&r->fs);
}
#define READ_AUTO GW_CLEANUP(release)

/* Reads a text that must be good. */
static void read_good(struct read *r, const char *name, const char *text)
{
	struct gw_err err = {0};
	const struct gw_finding *f;

	CU_ASSERT(gw_template_parse(name, text, strlen(text), &r->t, &r->fs, &err) == GW_OK);
	for (f = r->fs.first; f != NULL; f = f->next)
		TST_STR_EQ(f->what, "no finding");
}

static const char *subject(const struct gw_entry *e)
{
	static char text[512];
	size_t i, n = 0;

	text[0] = '\0';
	for (i = 0; i < e->plan.n_subject; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%s=%s", i > 0 ? "," : "", e->plan.subject[i].type,
				      e->plan.subject[i].value);
	return text;
}

static void test_template_read__defaults_of_a_server(void)
{
	READ_AUTO struct read r = READ_INIT;
	const struct gw_entry *e;

	read_good(&r, "gwcert.yaml",
		  "gwcert: 1\ncertificates:\n  store: { issuer: self, sans: [Store.Example.com] }\n");
	e = gw_template_find(&r.t, "store");
	CU_ASSERT(e != NULL);
	if (e == NULL)
		return;
	TST_STR_EQ(r.t.dir, "pki");
	TST_STR_EQ(e->profile, "server");
	TST_INT_EQ(e->key_type, GW_KEY_EC_P256);
	CU_ASSERT(e->self_signed && e->issuer == NULL && !e->plan.ca);
	TST_STR_EQ(subject(e), "commonName=store.example.com");
	TST_INT_EQ(e->plan.key_usage, GW_KU_DIGITAL_SIGNATURE);
	TST_INT_EQ(e->plan.n_extended_key_usage, 1);
	TST_STR_EQ(e->plan.extended_key_usage[0], "serverAuth");
	TST_INT_EQ(e->validity, 90 * GW_DAY);
	CU_ASSERT(!e->validity_given);
	TST_INT_EQ(e->backdate, 300);
	TST_STR_EQ(e->files.key, "key.pem");
	TST_STR_EQ(e->files.fullchain, "fullchain.pem");
}

static void test_template_read__defaults_of_the_other_profiles(void)
{
	READ_AUTO struct read r = READ_INIT;
	const struct gw_entry *e;

	read_good(&r, "t.yaml",
		  "gwcert: 1\ncertificates:\n"
		  "  root: { issuer: self, ca: {}, subject: { commonName: Root } }\n"
		  "  sub: { issuer: root, profile: ca, subject: { commonName: Sub } }\n"
		  "  c: { issuer: sub, profile: client, sans: ['email:a@example.com'] }\n"
		  "  b: { issuer: sub, profile: backend, key: rsa-2048, sans: [b.example.com] }\n");
	e = gw_template_find(&r.t, "root");
	TST_STR_EQ(e->profile, "ca");
	TST_INT_EQ(e->plan.path_length, -1);
	TST_INT_EQ(e->plan.key_usage, GW_KU_KEY_CERT_SIGN | GW_KU_CRL_SIGN);
	TST_INT_EQ(e->plan.n_extended_key_usage, 0);
	TST_INT_EQ(e->validity, 3650 * GW_DAY);
	e = gw_template_find(&r.t, "sub");
	CU_ASSERT(e->plan.ca);
	CU_ASSERT(e->issuer_entry == gw_template_find(&r.t, "root"));
	e = gw_template_find(&r.t, "c");
	TST_STR_EQ(subject(e), "");
	TST_STR_EQ(e->plan.extended_key_usage[0], "clientAuth");
	e = gw_template_find(&r.t, "b");
	TST_INT_EQ(e->plan.key_usage, GW_KU_DIGITAL_SIGNATURE | GW_KU_KEY_ENCIPHERMENT);
	TST_STR_EQ(e->plan.extended_key_usage[0], "serverAuth");
	TST_INT_EQ(e->validity, 365 * GW_DAY);
}

static void test_template_read__types_of_names(void)
{
	static const enum gw_san_type types[] = {GW_SAN_DNS, GW_SAN_DNS, GW_SAN_IP,
						 GW_SAN_IP,  GW_SAN_URI, GW_SAN_EMAIL};
	READ_AUTO struct read r = READ_INIT;
	const struct gw_entry *e;
	size_t i;

	read_good(&r, "t.yaml",
		  "gwcert: 1\ncertificates:\n  a:\n    issuer: self\n    sans: ['*.example.com', dns:a.example.com, "
		  "203.0.113.1,\n"
		  "      'ip:2001:db8::1', 'spiffe://example.com/x', a@example.com]\n");
	e = r.t.first;
	TST_INT_EQ(e->plan.n_sans, GW_COUNT(types));
	for (i = 0; i < GW_COUNT(types) && i < e->plan.n_sans; i++)
		TST_INT_EQ(e->plan.sans[i].type, types[i]);
	TST_STR_EQ(subject(e), "commonName=*.example.com");
}

/* A name that does not fit into a common name stays out of it; an issuer, its own or another's, is never empty. */
static void test_template_read__long_name_is_no_common_name(void)
{
	READ_AUTO struct read r = READ_INIT;

	read_good(&r, "t.yaml",
		  "gwcert: 1\ncertificates:\n"
		  "  root: { issuer: self, ca: {}, subject: { commonName: Root } }\n"
		  "  a:\n    issuer: root\n    sans: &long "
		  "[aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example.com, b.example.com]\n"
		  "  b: { issuer: self, sans: *long }\n"
		  "  c: { issuer: self, sans: [203.0.113.1] }\n"
		  "  d: { issuer: root, sans: [203.0.113.1] }\n");
	TST_STR_EQ(subject(gw_template_find(&r.t, "a")), "");
	TST_INT_EQ(gw_template_find(&r.t, "a")->plan.n_sans, 2);
	TST_STR_EQ(subject(gw_template_find(&r.t, "b")), "commonName=b");
	TST_STR_EQ(subject(gw_template_find(&r.t, "c")), "commonName=c");
	TST_STR_EQ(subject(gw_template_find(&r.t, "d")), "");
}

static void test_template_read__order_of_the_subject(void)
{
	READ_AUTO struct read r = READ_INIT;

	read_good(&r, "t.yaml",
		  "gwcert: 1\ncertificates:\n  a:\n    issuer: self\n    sans: [a.example.com]\n"
		  "    subject: { commonName: A, organizationalUnit: U, organization: O, locality: L, country: NO,\n"
		  "      stateOrProvince: S, serialNumber: '7', postalCode: 010, streetAddress: 1 Road }\n");
	TST_STR_EQ(subject(r.t.first),
		   "countryName=NO,stateOrProvinceName=S,localityName=L,streetAddress=1 Road,postalCode=010,"
		   "organizationName=O,organizationalUnitName=U,serialNumber=7,commonName=A");
}

static const char profiles[] =
	"gwcert: 1\n"
	"settings: { dir: ../out, backdate: 1h, files: { cert: tls.crt } }\n"
	"profiles:\n"
	"  org: { subject: { organization: Example, country: GB }, key: { algorithm: rsa, size: 3072 } }\n"
	"  web: { extends: org, extendedKeyUsage: [serverAuth], validity: 30d }\n"
	"  server: { extends: server, validity: 10d }\n"
	"certificates:\n"
	"  a: { profile: web, issuer: self, sans: [a.example.com] }\n"
	"  b:\n"
	"    profile: web\n"
	"    issuer: self\n"
	"    key: { algorithm: ecdsa, curve: p384 }\n"
	"    subject: { organization: Other }\n"
	"    extendedKeyUsage: [clientAuth, serverAuth]\n"
	"    sans: [b.example.com]\n"
	"    files: { key: tls.key }\n"
	"  c: { profile: web, issuer: self, key: { size: 4096 }, sans: [c.example.com] }\n"
	"  d: { issuer: self, sans: [d.example.com] }\n";

static void test_template_read__profiles_merge(void)
{
	READ_AUTO struct read r = READ_INIT;
	const struct gw_entry *e;

	read_good(&r, "conf/t.yaml", profiles);
	TST_STR_EQ(r.t.dir, "conf/../out");
	e = gw_template_find(&r.t, "a");
	TST_STR_EQ(subject(e), "countryName=GB,organizationName=Example,commonName=a.example.com");
	TST_INT_EQ(e->key_type, GW_KEY_RSA_3072);
	TST_INT_EQ(e->validity, 30 * GW_DAY);
	CU_ASSERT(e->validity_given);
	TST_INT_EQ(e->backdate, 3600);
	TST_STR_EQ(e->files.cert, "tls.crt");
	TST_STR_EQ(e->files.key, "key.pem");
	e = gw_template_find(&r.t, "b"); /* another algorithm leaves the size of the old one behind */
	TST_INT_EQ(e->key_type, GW_KEY_EC_P384);
	TST_STR_EQ(subject(e), "countryName=GB,organizationName=Other,commonName=b.example.com");
	TST_INT_EQ(e->plan.n_extended_key_usage, 2); /* lists replace */
	TST_STR_EQ(e->files.key, "tls.key");
	TST_STR_EQ(e->files.cert, "tls.crt");
	e = gw_template_find(&r.t, "c"); /* maps merge */
	TST_INT_EQ(e->key_type, GW_KEY_RSA_4096);
	e = gw_template_find(&r.t, "d"); /* a profile that extends its own name has the ready-made one below it */
	TST_STR_EQ(e->plan.extended_key_usage[0], "serverAuth");
	TST_INT_EQ(e->validity, 10 * GW_DAY);
}

static const char *sans_of(const struct gw_template *t, const char *name)
{
	static char text[512];
	const struct gw_entry *e = gw_template_find(t, name);
	size_t i, n = 0;

	text[0] = '\0';
	for (i = 0; e != NULL && i < e->plan.n_sans; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s ", e->plan.sans[i].value);
	return text;
}

static void test_template_read__lists_are_appended_to(void)
{
	READ_AUTO struct read r = READ_INIT;
	const struct gw_entry *e;
	const struct gw_node *sans;

	read_good(&r, "t.yaml",
		  "gwcert: 1\n"
		  "profiles:\n"
		  "  base: { extends: server, sans+: [base.example.com], extendedKeyUsage+: [clientAuth] }\n"
		  "  more: { extends: base, sans+: [more.example.com] }\n"
		  "certificates:\n"
		  "  all: { issuer: self, profile: more, sans+: [own.example.com], subject: { country: GB } }\n"
		  "  own: { issuer: self, profile: more, sans: [own.example.com], extendedKeyUsage: [serverAuth] }\n"
		  "  first: { issuer: self, sans+: [first.example.com] }\n");
	TST_STR_EQ(sans_of(&r.t, "all"), "base.example.com more.example.com own.example.com ");
	TST_STR_EQ(sans_of(&r.t, "own"), "own.example.com ");
	TST_STR_EQ(sans_of(&r.t, "first"), "first.example.com ");
	e = gw_template_find(&r.t, "all");
	CU_ASSERT(e != NULL);
	if (e == NULL)
		return;
	TST_INT_EQ(e->plan.n_extended_key_usage, 2);
	TST_STR_EQ(e->plan.extended_key_usage[0], "serverAuth");
	TST_STR_EQ(e->plan.extended_key_usage[1], "clientAuth");
	sans = gw_node_get(e->merged, "sans");
	CU_ASSERT(sans != NULL && gw_node_get(e->merged, "sans+") == NULL);
	if (sans == NULL)
		return;
	TST_INT_EQ(sans->line, 6);
	TST_INT_EQ(sans->first->line, 3);
	TST_INT_EQ(sans->first->next->line, 4);
	TST_INT_EQ(sans->last->line, 6);
}

static void renews(const struct gw_template *t, const char *name, unsigned percent, int64_t left, enum gw_on_renew how)
{
	const struct gw_entry *e = gw_template_find(t, name);

	TST_INT_EQ(e->renew_at.percent, percent);
	TST_INT_EQ(e->renew_at.left, left);
	TST_INT_EQ(e->on_renew, how);
}

static void test_template_read__renewal(void)
{
	READ_AUTO struct read r = READ_INIT, plain = READ_INIT;

	read_good(&r, "t.yaml",
		  "gwcert: 1\n"
		  "settings: { renewAt: 20d }\n"
		  "profiles: { short: { extends: client, validity: 24h, renewAt: 50%, onRenew: sameKey } }\n"
		  "certificates:\n"
		  "  root: { issuer: self, ca: {}, subject: { commonName: Root }, onRenew: manual }\n"
		  "  sub: { issuer: root, ca: {}, subject: { commonName: Sub } }\n"
		  "  a: { issuer: sub, sans: [a.example.com] }\n"
		  "  b: { issuer: sub, profile: short, sans: ['email:b@example.com'] }\n"
		  "  c: { issuer: sub, profile: short, sans: ['email:c@example.com'], renewAt: 2h, onRenew: "
		  "newKey }\n");
	renews(&r.t, "root", 0, 20 * GW_DAY, GW_ON_RENEW_MANUAL);
	renews(&r.t, "sub", 0, 20 * GW_DAY, GW_ON_RENEW_SAME_KEY);
	renews(&r.t, "a", 0, 20 * GW_DAY, GW_ON_RENEW_SAME_KEY);
	renews(&r.t, "b", 50, 0, GW_ON_RENEW_SAME_KEY);
	renews(&r.t, "c", 0, 7200, GW_ON_RENEW_NEW_KEY);
	read_good(&plain, "t.yaml", "gwcert: 1\ncertificates: { a: { issuer: self, sans: [a.example.com] } }\n");
	renews(&plain.t, "a", 66, 0, GW_ON_RENEW_SAME_KEY);
}

static void test_template_read__values_know_their_line(void)
{
	READ_AUTO struct read r = READ_INIT;
	GW_ARENA_AUTO struct gw_arena arena = {0};
	const struct gw_entry *e;
	struct gw_where where;

	read_good(&r, "t.yaml", profiles);
	e = gw_template_find(&r.t, "b");
	where = gw_entry_where(&arena, e, "validity"); /* from profile web */
	TST_INT_EQ(where.line, 5);
	TST_STR_EQ(where.path, "certificates.b.validity");
	TST_INT_EQ(gw_node_get(gw_node_get(e->merged, "subject"), "country")->line, 4);
	TST_INT_EQ(gw_node_get(gw_node_get(e->merged, "subject"), "organization")->line, 13);
	where = gw_entry_where(&arena, e, "ca"); /* not there: the entry itself */
	TST_INT_EQ(where.line, 9);
	TST_STR_EQ(where.path, "certificates.b");
	e = gw_template_find(&r.t, "d");
	where = gw_entry_where(&arena, e, "key");
	TST_STR_EQ(where.file, "ready-made profiles");
}

static void test_template_read__json_is_yaml(void)
{
	READ_AUTO struct read r = READ_INIT;

	read_good(&r, "t.json",
		  "{\"gwcert\": 1, \"certificates\": {\"a\": {\"issuer\": \"self\", \"ca\": {\"pathLength\": 0},"
		  " \"subject\": {\"commonName\": \"A\"}}}}");
	TST_INT_EQ(r.t.first->plan.path_length, 0);
}

static void test_template_read__names_are_found(void)
{
	READ_AUTO struct read r = READ_INIT;

	read_good(&r, "t.yaml", profiles);
	TST_INT_EQ(r.t.count, 4);
	CU_ASSERT(gw_template_find(&r.t, "c") != NULL);
	CU_ASSERT(gw_template_find(&r.t, "C") == NULL);
	CU_ASSERT(gw_template_find(&r.t, "") == NULL);
	CU_ASSERT(gw_template_find(&r.t, "zz") == NULL);
}

/* --- hosts -------------------------------------------------------------------------------------------------------- */

static void hosts(struct read *r, const struct gw_host_request *request)
{
	struct gw_err err = {0};

	TST_OK(gw_template_from_hosts(request, &r->t, &r->fs, &err), &err);
}

static void test_template_read__hosts_in_one(void)
{
	static const char *const names[] = {"*.example.com", "Example.com", "2001:DB8::1"};
	READ_AUTO struct read r = READ_INIT;

	hosts(&r, &(struct gw_host_request){.hosts = names, .n_hosts = 3, .key_type = "rsa-3072", .days = 30});
	TST_INT_EQ(r.t.count, 1);
	if (r.t.count != 1)
		return;
	TST_STR_EQ(r.t.first->name, "_wildcard.example.com");
	TST_INT_EQ(r.t.first->plan.n_sans, 3);
	TST_STR_EQ(r.t.first->plan.sans[2].value, "2001:db8::1");
	TST_INT_EQ(r.t.first->key_type, GW_KEY_RSA_3072);
	TST_INT_EQ(r.t.first->validity, 30 * GW_DAY);
	CU_ASSERT(r.t.first->validity_given && r.t.first->self_signed);
}

static void test_template_read__hosts_one_each(void)
{
	static const char *const names[] = {"a.example.com", "2001:db8::1"};
	READ_AUTO struct read r = READ_INIT;

	hosts(&r, &(struct gw_host_request){
			  .hosts = names, .n_hosts = 2, .each = true, .profile = "client", .issuer_outside = true});
	TST_INT_EQ(r.t.count, 2);
	if (r.t.count != 2)
		return;
	TST_STR_EQ(r.t.first->name, "a.example.com");
	TST_STR_EQ(r.t.last->name, "2001-db8--1");
	TST_STR_EQ(r.t.last->plan.extended_key_usage[0], "clientAuth");
	CU_ASSERT(!r.t.first->self_signed && r.t.first->issuer == NULL && !r.t.first->validity_given);
}

static void test_template_read__hosts_that_are_none(void)
{
	static const char *const bad[] = {"a_b.example.com"}, *const twice[] = {"a.example.com", "A.example.com"};
	READ_AUTO struct read r = READ_INIT, s = READ_INIT;
	struct gw_err err = {0};

	TST_CODE(gw_template_from_hosts(&(struct gw_host_request){.hosts = bad, .n_hosts = 1}, &r.t, &r.fs, &err),
		 GW_E_USAGE, &err);
	TST_STR_EQ(err.where, "--host");
	TST_CODE(gw_template_from_hosts(&(struct gw_host_request){.hosts = twice, .n_hosts = 2}, &s.t, &s.fs, &err),
		 GW_E_USAGE, &err);
	TST_CONTAINS(err.what, "given twice");
}

/* --- tables ------------------------------------------------------------------------------------------------------- */

/* Each row either reads its value or has rows below it that do; helps are one line. */
static void check_rows(const struct gw_rows *rows, bool read_above)
{
	size_t i;

	CU_ASSERT(rows->what != NULL && rows->count > 0);
	for (i = 0; i < rows->count; i++) {
		const struct gw_row *row = &rows->rows[i];
		bool read = read_above || row->read != NULL;

		CU_ASSERT(row->help != NULL && strchr(row->help, '\n') == NULL &&
			  row->help[strlen(row->help) - 1] != '.');
		CU_ASSERT(gw_row_find(rows, row->name) == row);
		CU_ASSERT(row->only_key == NULL || gw_row_find(rows, row->only_key) != NULL);
		CU_ASSERT(row->kind != GW_VALUE_WORD || row->words != NULL);
		CU_ASSERT((row->kind != GW_VALUE_TEXTS && row->kind != GW_VALUE_NAMED) || row->max > 0);
		if (row->kind == GW_VALUE_MAP)
			check_rows(row->map, read);
		else if (row->kind == GW_VALUE_ROWS)
			check_rows(row->map, true); /* read with the rows */
		else if (row->kind != GW_VALUE_NAMED && strcmp(row->name, "name") != 0 &&
			 strcmp(row->name, "extends") != 0 && strcmp(row->name, "profile") != 0 &&
			 strcmp(row->name, "gwcert") != 0)
			CU_ASSERT(read);
	}
}

static void test_template_read__tables_are_whole(void)
{
	check_rows(&gw_template_rows, false);
	check_rows(&gw_entry_rows, false);
	check_rows(&gw_profile_rows, false);
}

/* --- the manual --------------------------------------------------------------------------------------------------- */

/* The page's text without the escapes of roff that stand in it. */
static char *manual(void)
{
	const char *page = tst_read(tst_source("man/gwcert-template.5"), NULL);
	char *text = tst_alloc(page != NULL ? strlen(page) + 1 : 1), *to = text;

	for (; page != NULL && *page != '\0'; page++) {
		if (strncmp(page, "\\-", 2) == 0) {
			*to++ = '-';
			page++;
		} else if (strncmp(page, "\\(aq", 4) == 0) {
			*to++ = '\'';
			page += 3;
		} else {
			*to++ = *page;
		}
	}
	*to = '\0';
	return text;
}

static void check_told(const char *page, const struct gw_rows *rows)
{
	size_t i, j;

	for (i = 0; i < rows->count; i++) {
		const struct gw_row *row = &rows->rows[i];

		TST_CONTAINS(page, row->name);
		for (j = 0; row->words != NULL && row->words[j] != NULL; j++)
			TST_CONTAINS(page, row->words[j]);
		if (row->map != NULL)
			check_told(page, row->map);
	}
}

static void test_template_read__the_manual_tells_every_key(void)
{
	check_told(manual(), &gw_template_rows);
}

static void test_template_read__the_manual_s_example_is_good(void)
{
	static const char begin[] = ".\\\" example: begin\n", end[] = ".\\\" example: end";
	READ_AUTO struct read r = READ_INIT;
	char *example = strstr(manual(), begin), *stop = example != NULL ? strstr(example, end) : NULL;

	CU_ASSERT(stop != NULL);
	if (stop == NULL)
		return;
	*stop = '\0';
	read_good(&r, "t.yaml", example + strlen(begin));
	TST_INT_EQ(r.t.count, 4);
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_template_read__defaults_of_a_server),
		TST_CASE(test_template_read__defaults_of_the_other_profiles),
		TST_CASE(test_template_read__types_of_names),
		TST_CASE(test_template_read__long_name_is_no_common_name),
		TST_CASE(test_template_read__order_of_the_subject),
		TST_CASE(test_template_read__profiles_merge),
		TST_CASE(test_template_read__lists_are_appended_to),
		TST_CASE(test_template_read__renewal),
		TST_CASE(test_template_read__values_know_their_line),
		TST_CASE(test_template_read__json_is_yaml),
		TST_CASE(test_template_read__names_are_found),
		TST_CASE(test_template_read__hosts_in_one),
		TST_CASE(test_template_read__hosts_one_each),
		TST_CASE(test_template_read__hosts_that_are_none),
		TST_CASE(test_template_read__tables_are_whole),
		TST_CASE(test_template_read__the_manual_tells_every_key),
		TST_CASE(test_template_read__the_manual_s_example_is_good),
	};

	return tst_main("template_read", cases, GW_COUNT(cases));
}
