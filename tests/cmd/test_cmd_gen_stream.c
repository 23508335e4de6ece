/* SPDX-License-Identifier: Apache-2.0 */
/* gen --stream secret: every certificate as a Secret, and no file. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "tests/peer.h"
#include "tests/run.h"

#define ROOT  "  root: { issuer: self, ca: {}, subject: { commonName: Root } }\n"
#define SUB   "  sub: { issuer: root, ca: { pathLength: 0 }, subject: { commonName: Sub } }\n"
#define PLAIN "  plain: { issuer: sub, sans: [plain.example.com, 203.0.113.1] }\n"
#define SELF  "  self-made: { issuer: self, sans: [self.example.com] }\n"
#define ROWS                                                                                                           \
	"  tenants:\n    issuer: sub\n    each: { csv: rows.csv, key: host }\n    name: t-$(each.host)\n"              \
	"    sans: [$(each.host)]\n"
#define FLEET "gwcert: 1\ncertificates:\n" PLAIN ROOT SUB ROWS SELF

static const char *fleet(const char *dir, const char *rows)
{
	char path[128];
	struct tst_run r;

	snprintf(path, sizeof(path), "%s/rows.csv", dir);
	tst_file(path, rows);
	snprintf(path, sizeof(path), "%s/t.yaml", dir);
	tst_file(path, FLEET);
	tst_run(&r, "gen", "-f", tst_path("%s/t.yaml", dir), "root", "sub", NULL);
	TST_INT_EQ(r.status, GW_OK);
	return tst_path("%s/t.yaml", dir);
}

/* The names of the Secrets in a stream, parted by spaces. */
static const char *names_in(const char *yaml)
{
	const size_t room = strlen(yaml) + 1;
	char *names = tst_alloc(room);
	const char *at;

	for (at = strstr(yaml, "\n  name: "); at != NULL; at = strstr(at + 1, "\n  name: ")) {
		size_t used = strlen(names), len = strcspn(at + 9, "\n");

		snprintf(names + used, room - used, "%s%.*s", used > 0 ? " " : "", (int)len, at + 9);
	}
	return names;
}

/* --- what is refused -------------------------------------------------------------------------------------------- */

static void refused(const char *path, const char *option, const char *value, const char *why)
{
	struct tst_run r;

	tst_run(&r, "gen", "-f", path, "--stream", "secret", option, value, NULL);
	TST_INT_EQ(r.status, GW_E_USAGE);
	TST_CONTAINS(r.err, why);
	TST_STR_EQ(r.out, "");
}

static void test_cmd_gen_stream__refuses_what_is_for_folders(void)
{
	const char *path = fleet("usage", "host\n");
	struct tst_run r;

	refused(path, "--plan", NULL, "there is nothing to plan");
	refused(path, "--renew", "plain", "is for folders");
	refused(path, "--on-change", "true", "is for folders");
	refused(path, "--format", "json", "prints YAML");
	refused(path, "--shard", "2/2", "\"2/2\" is no I/N");
	refused(path, "--shard", "-1/2", "is no I/N");
	refused(path, "--shard", "1", "is no I/N");
	refused(path, "--jobs", "0", "--jobs");
	tst_run(&r, "gen", "--host", "a.example.com", "--stream", "secret", NULL);
	TST_INT_EQ(r.status, GW_E_USAGE);
	tst_run(&r, "gen", "-f", path, "--stream", "secret", "root", NULL);
	TST_INT_EQ(r.status, GW_E_USAGE);
	TST_CONTAINS(r.err, "is a CA");
	tst_run_with(&r, &(struct tst_world){TST_WORLD, .out_tty = true}, "gen", "-f", path, "--stream", "secret",
		     NULL);
	TST_INT_EQ(r.status, GW_E_REFUSED);
}

static void test_cmd_gen_stream__needs_the_cas(void)
{
	struct tst_run r;

	tst_file("bare/rows.csv", "host\na.example.com\n");
	tst_run(&r, "gen", "-f", tst_file("bare/t.yaml", FLEET), "--stream", "secret", NULL);
	TST_INT_EQ(r.status, GW_E_REFUSED);
	TST_CONTAINS(r.err, "the CA \"root\", which signs, is not there yet");
	TST_CONTAINS(r.err, "gwcert gen root");
	TST_STR_EQ(r.out, "");
	TST_STR_EQ(tst_names(tst_path("bare")), "rows.csv t.yaml");
}

static void test_cmd_gen_stream__leaves_bad_rows_out(void)
{
	const char *path =
		fleet("bad", "host\na.example.com\nb_.example.com\nC.example.com\nd.example.com\nd.example.com\n");
	struct tst_run r;

	tst_run(&r, "gen", "-f", path, "--stream", "secret", NULL);
	TST_INT_EQ(r.status, GW_E_PARTIAL);
	TST_STR_EQ(names_in(r.out), "plain t-a.example.com t-d.example.com self-made");
	TST_CONTAINS(r.err, "rows.csv:3:1: error: \"b_.example.com\" ");
	TST_CONTAINS(r.err, "rows.csv:4");
	TST_CONTAINS(r.err, "as the name of a Secret it ");
	TST_CONTAINS(r.err, "rows.csv:6:1: error: an earlier row");
	TST_CONTAINS(r.err, "4 made, 3 bad rows left out");
	tst_run(&r, "gen", "-f", path, "--stream", "secret", "--max-failures", "1", NULL);
	TST_INT_EQ(r.status, GW_E_PARTIAL);
	TST_CONTAINS(r.err, "stopped there");
	TST_STR_EQ(names_in(r.out), "plain t-a.example.com");
	TST_LACKS(r.err, "rows.csv:4");
}

/* --- what is made ----------------------------------------------------------------------------------------------- */

/* Document number i, counted from 1. */
static const char *document(const char *yaml, int i)
{
	const char *at = yaml, *end;
	size_t len;
	char *copy;

	for (; i > 1 && at != NULL; i--)
		at = strstr(at + 1, "---\n");
	if (at == NULL)
		return "";
	end = strstr(at + 1, "---\n");
	len = end != NULL ? (size_t)(end - at) : strlen(at);
	copy = tst_alloc(len + 1);
	memcpy(copy, at, len);
	return copy;
}

/* By openssl's word the pair in a Secret belongs together and its chain ends at the root; and gwcert secret makes the same
 * Secret of the two, octet for octet. */
static void check_document(const char *yaml, const char *name, const char *root)
{
	static const char line[] =
		"sed -n 's/^  tls.crt: //p' doc | base64 -d >crt && sed -n 's/^  tls.key: //p' doc | base64 -d >key && "
		"[ \"$(openssl x509 -in crt -noout -pubkey)\" = \"$(openssl pkey -in key -pubout)\" ] && "
		"openssl verify -x509_strict -attime 1795435200 -CAfile root -untrusted crt crt >/dev/null";
	char text[1024];
	struct tst_run r;
	struct tst_peer p;

	tst_file("doc", yaml);
	tst_file("root", root);
	snprintf(text, sizeof(text), "cd '%s' && %s", tst_dir(), line);
	TST_INT_EQ(tst_peer(&p, NULL, "bash", "-c", text, NULL), 0);
	tst_run(&r, "secret", name, "--cert", tst_path("crt"), "--key", tst_path("key"), NULL);
	TST_INT_EQ(r.status, GW_OK);
	TST_STR_EQ(yaml + strlen("---\n"), r.out);
}

static void test_cmd_gen_stream__makes_secrets_and_no_file(void)
{
	const char *path = fleet("good", "host\na.example.com\nb.example.com\n");
	const char *root = tst_read(tst_path("good/pki/root/cert.pem"), NULL);
	struct tst_run r;

	tst_run(&r, "gen", "-f", path, "--stream", "secret", NULL);
	TST_INT_EQ(r.status, GW_OK);
	TST_STR_EQ(names_in(r.out), "plain t-a.example.com t-b.example.com self-made");
	TST_STR_EQ(tst_names(tst_path("good/pki")), ".lock root sub");
	check_document(document(r.out, 1), "plain", root);
	check_document(document(r.out, 2), "t-a.example.com", root);
	check_document(document(r.out, 3), "t-b.example.com", root);
	CU_ASSERT(strcmp(document(r.out, 5), "") == 0);
}

static void test_cmd_gen_stream__takes_names(void)
{
	const char *path = fleet("named", "host\na.example.com\nb.example.com\n");
	struct tst_run r;

	tst_run(&r, "gen", "-f", path, "--stream", "secret", "tenants", NULL);
	TST_STR_EQ(names_in(r.out), "t-a.example.com t-b.example.com");
	tst_run(&r, "gen", "-f", path, "--stream", "secret", "t-b.example.com", "plain", NULL);
	TST_STR_EQ(names_in(r.out), "plain t-b.example.com");
}

/* Hundreds of rows: the order is that of the rows for any number of threads, and shards are the whole, each once. */
static void test_cmd_gen_stream__threads_and_shards_change_nothing(void)
{
	char rows[20000] = "host\n";
	const char *path, *one;
	struct tst_run r, a, b;
	size_t i, used;

	for (i = 0; i < 150; i++) {
		used = strlen(rows);
		snprintf(rows + used, sizeof(rows) - used, i % 50 == 7 ? "bad_%zu\n" : "h%zu.example.com\n", i);
	}
	path = fleet("many", rows);
	tst_run(&r, "gen", "-f", path, "--stream", "secret", NULL);
	TST_INT_EQ(r.status, GW_E_PARTIAL);
	one = names_in(r.out);
	tst_run(&a, "gen", "-f", path, "--stream", "secret", "--jobs", "7", NULL);
	TST_STR_EQ(names_in(a.out), one);
	TST_STR_EQ(a.err, r.err);
	tst_run(&a, "gen", "-f", path, "--stream", "secret", "--shard", "0/2", "--jobs", "2", NULL);
	tst_run(&b, "gen", "-f", path, "--stream", "secret", "--shard", "1/2", NULL);
	TST_INT_EQ(strlen(names_in(a.out)) + strlen(names_in(b.out)) + 1, strlen(one));
	TST_CONTAINS(names_in(a.out), "plain t-h1.example.com t-h3.example.com");
	TST_CONTAINS(names_in(b.out), "t-h0.example.com t-h2.example.com");
	TST_CONTAINS(a.err, "3 bad rows"); /* of rows 7, 57 and 107, which are items 8, 58 and 108 */
	TST_STR_EQ(b.err, "");
}

/* --- names from publish ----------------------------------------------------------------------------------------- */

#define SHOP                                                                                                           \
	"  shop:\n    issuer: sub\n    each: { csv: rows.csv, key: host }\n    name: $(each.host)\n"                   \
	"    sans: [$(each.host)]\n    publish:\n"                                                                     \
	"      - secret: { name: tls, namespace: $(each.team), labels: { team: $(each.team), a: b } }\n"               \
	"      - secret: { name: $(each.team)-copy, annotations: { example.com/why: \"two\\nlines: #1\", z: 'y' } }\n"

static const char *shop(const char *dir, const char *more, const char *rows)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/more.yaml", dir);
	fleet(dir, rows);
	tst_file(path, more);
	return tst_path("%s", path);
}

/* The Secrets of one item are those that gwcert secret --from makes of the same pair, octet for octet. */
static void check_from(const char *template, const char *documents, const char *name)
{
	static const char line[] = "mkdir -p '%s' && cd '%s' && umask 077 && "
				   "sed -n 's/^  tls.crt: //p;T;q' ../doc | base64 -d >fullchain.pem && "
				   "sed -n 's/^  tls.key: //p;T;q' ../doc | base64 -d >key.pem";
	char text[1024];
	struct tst_run r;
	struct tst_peer p;

	tst_file("doc", documents);
	snprintf(text, sizeof(text), line, tst_path("%s", name), tst_path("%s", name));
	TST_INT_EQ(tst_peer(&p, NULL, "bash", "-c", text, NULL), 0);
	tst_run(&r, "secret", "-f", template, "--from", tst_path("%s", name), NULL);
	TST_INT_EQ(r.status, GW_OK);
	TST_STR_EQ(documents + strlen("---\n"), r.out);
}

static void test_cmd_gen_stream__names_come_from_publish(void)
{
	const char *path = shop("shop", "gwcert: 1\ncertificates:\n" ROOT SUB SHOP,
				"host,team\na.example.com,web\nb.example.com,db\n");
	struct tst_run r;

	tst_run(&r, "gen", "-f", path, "--stream", "secret", "a.example.com", NULL);
	TST_INT_EQ(r.status, GW_OK);
	TST_STR_EQ(names_in(r.out), "tls web-copy");
	TST_CONTAINS(r.out,
		     "\n  labels:\n    a: b\n    app.kubernetes.io/managed-by: gwcert\n    team: web\n  name: tls\n"
		     "  namespace: web\n");
	check_from(path, r.out, "a.example.com");
	tst_run(&r, "gen", "-f", path, "--stream", "secret", "--jobs", "2", NULL);
	TST_STR_EQ(names_in(r.out), "tls web-copy tls db-copy");
}

/* A row that would replace an earlier one's Secret is left out, wherever it is made. */
static void test_cmd_gen_stream__places_are_taken_once(void)
{
	const char *path =
		shop("twice", "gwcert: 1\ncertificates:\n" ROOT SUB SHOP,
		     "host,team\na.example.com,web\nb.example.com,db\nc.example.com,web\nd.example.com,Web\n");
	struct tst_run r;

	tst_run(&r, "gen", "-f", path, "--stream", "secret", NULL);
	TST_INT_EQ(r.status, GW_E_PARTIAL);
	TST_STR_EQ(names_in(r.out), "tls web-copy tls db-copy");
	TST_CONTAINS(r.err, "rows.csv:4:15: error: an earlier row, or another entry, is published as the Secret "
			    "\"web/tls\" already [GWT073]");
	TST_CONTAINS(r.err, "rows.csv:5:15: error: ");
	tst_run(&r, "gen", "-f", path, "--stream", "secret", "--shard", "0/2", NULL);
	TST_INT_EQ(r.status, GW_E_PARTIAL);
	TST_STR_EQ(names_in(r.out), "tls web-copy");
	TST_CONTAINS(r.err, "rows.csv:4:15: error: ");
	tst_run(&r, "gen", "-f", path, NULL);
	TST_INT_EQ(r.status, GW_E_PARTIAL);
	TST_CONTAINS(r.err, "rows.csv:4:15: error: ");
	TST_STR_EQ(tst_names(tst_path("twice/pki")), ".lock a.example.com b.example.com root sub");
}

static void test_cmd_gen_stream__own_names_are_no_published_ones(void)
{
	const char *path =
		shop("own",
		     "gwcert: 1\ncertificates:\n" ROOT SUB PLAIN
		     "  other: { issuer: sub, sans: [o.example.com], publish: [{ secret: { name: plain } }] }\n",
		     "host\n");
	struct tst_run r;

	tst_run(&r, "gen", "-f", path, "--stream", "secret", NULL);
	TST_INT_EQ(r.status, GW_E_INPUT);
	TST_STR_EQ(r.out, "");
	TST_CONTAINS(r.err,
		     "more.yaml:5:3: error: the Secret of \"plain\" would have the name of one that is published");
	path = shop(
		"own",
		"gwcert: 1\ncertificates:\n" ROOT SUB ROWS
		"  other: { issuer: sub, sans: [o.example.com], publish: [{ secret: { name: t-a.example.com } }] }\n",
		"host\na.example.com\nb.example.com\n");
	tst_run(&r, "gen", "-f", path, "--stream", "secret", NULL);
	TST_INT_EQ(r.status, GW_E_PARTIAL);
	TST_STR_EQ(names_in(r.out), "t-b.example.com t-a.example.com");
	TST_CONTAINS(r.err, "rows.csv:2:1: error: an earlier row, or another entry, is published as the Secret");
}

static void obstacle(const char *entry, const char *place, const char *why)
{
	GW_BUF_AUTO struct gw_buf text = GW_BUF(4096);
	const char *path;
	struct tst_run r;

	gw_buf_printf(&text, "gwcert: 1\ncertificates:\n" ROOT SUB PLAIN "%s", entry);
	path = shop("obstacle", gw_buf_str(&text), "host\na.example.com\n");
	tst_run(&r, "gen", "-f", path, "--stream", "secret", NULL);
	TST_INT_EQ(r.status, GW_E_INPUT);
	TST_CONTAINS(r.err, place);
	TST_CONTAINS(r.err, why);
	TST_CONTAINS(r.err, "[GWT059]");
	TST_STR_EQ(r.out, "");
	tst_run(&r, "gen", "-f", path, "--stream", "secret", "plain", NULL);
	TST_INT_EQ(r.status, GW_OK);
	TST_STR_EQ(names_in(r.out), "plain");
}

/* No key that exists is printed, and none that is to be encrypted. */
static void test_cmd_gen_stream__refuses_keys_that_are_not_its_own(void)
{
	static const char request[] =
		"cd '%s' && mkdir -p obstacle && cd obstacle && openssl req -new -newkey ec -pkeyopt "
		"ec_paramgen_curve:P-256 -nodes -keyout k.pem -subj /CN=x -out r.csr 2>/dev/null";
	char text[1024];
	struct tst_peer p;

	snprintf(text, sizeof(text), request, tst_dir());
	TST_INT_EQ(tst_peer(&p, NULL, "bash", "-c", text, NULL), 0);
	obstacle("  x: { issuer: sub, sans: [x.example.com], csr: { file: r.csr } }\n", "more.yaml:6:", "has its own");
	obstacle("  x: { issuer: sub, sans: [x.example.com], key: { file: k.pem } }\n", "more.yaml:6:", "has its own");
	obstacle("  x: { issuer: sub, sans: [x.example.com], key: { algorithm: ed25519, encrypt: env:PW } }\n",
		 "more.yaml:6:", "would lie open");
	obstacle("  x: { issuer: sub, sans: [$(each).example.com], each: [a], name: x-$(each), key: { algorithm: "
		 "ed25519, encrypt: env:PW "
		 "} }\n",
		 "more.yaml:6:", "would lie open");
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_cmd_gen_stream__refuses_what_is_for_folders),
		TST_CASE(test_cmd_gen_stream__needs_the_cas),
		TST_CASE(test_cmd_gen_stream__leaves_bad_rows_out),
		TST_CASE(test_cmd_gen_stream__makes_secrets_and_no_file),
		TST_CASE(test_cmd_gen_stream__takes_names),
		TST_CASE(test_cmd_gen_stream__names_come_from_publish),
		TST_CASE(test_cmd_gen_stream__places_are_taken_once),
		TST_CASE(test_cmd_gen_stream__own_names_are_no_published_ones),
		TST_CASE(test_cmd_gen_stream__refuses_keys_that_are_not_its_own),
		TST_CASE(test_cmd_gen_stream__threads_and_shards_change_nothing),
	};

	return tst_main("cmd_gen_stream", cases, GW_COUNT(cases));
}
