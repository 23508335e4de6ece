/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/text.h"
#include "rules/names.h"
#include "template/read.h"
#include "template/rows.h"

/* --- grammars ----------------------------------------------------------------------------------------------------- */

static const char *fault_port(const char *text)
{
	uint64_t port;

	return gw_parse_uint(text, 65535, &port) && port > 0 ? NULL : "has a port that is not a number from 1 to 65535";
}

/* host:port or [v6]:port; the port is always written. */
static const char *fault_connect(struct gw_arena *arena, const char *text)
{
	unsigned char address[16];
	const char *end = text[0] == '[' ? strchr(text, ']') : strrchr(text, ':'), *host;

	if (strstr(text, "://") != NULL)
		return "is a URL; write host:port";
	if (gw_name_ip(text, address) == 16)
		return "is an IPv6 address without a port; write [address]:443";
	if (end == NULL || (text[0] == '[' && end[1] != ':'))
		return "has no port; write host:443";
	host = text[0] == '[' ? gw_arena_strndup(arena, text + 1, (size_t)(end - text - 1))
			      : gw_arena_strndup(arena, text, (size_t)(end - text));
	if (text[0] == '[' && gw_name_ip(host, address) != 16)
		return "has something in brackets that is no IPv6 address";
	if (text[0] != '[' && gw_name_ip(host, address) == 0 && gw_name_dns(host, false) != NULL)
		return "has a host that is neither an IP address nor a DNS name";
	return fault_port(end + (text[0] == '[' ? 2 : 1));
}

static const char *fault_host(struct gw_arena *arena, const char *text)
{
	(void)arena;
	if (text[0] == '*')
		return "is a wildcard; name one host below it";
	return gw_name_dns(text, false);
}

static const char *fault_tls(struct gw_arena *arena, const char *text)
{
	static const char *const versions[] = {"1.0", "1.1", "1.2", "1.3"};
	size_t i;

	(void)arena;
	if (strncmp(text, ">=", 2) == 0 || strncmp(text, "<=", 2) == 0)
		text += 2;
	for (i = 0; i < GW_COUNT(versions); i++) {
		if (strcmp(versions[i], text) == 0)
			return NULL;
	}
	return "is no version of TLS; write 1.2 or 1.3, alone or behind >= or <=: \">=1.2\"";
}

/* --- rows --------------------------------------------------------------------------------------------------------- */

static void read_ref(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value);

static const char *const chain_words[] = {"complete", "any", NULL};
static const char *const absent_words[] = {"rejected", "accepted", NULL};

static const struct gw_row expect_map_rows[] = {
	{.name = "certificate",
	 .kind = GW_VALUE_TEXT,
	 .read = read_ref,
	 .field = GW_FIELD(struct gw_probe, certificate, struct gw_ref),
	 .also = " cert entry ",
	 .help = "the entry of certificates that is to be served"},
	{.name = "tls",
	 .kind = GW_VALUE_TEXT,
	 .check = fault_tls,
	 .read = gw_read_field,
	 .field = GW_FIELD(struct gw_probe, tls, const char *),
	 .also = " version tlsVersion minVersion ",
	 .help = "the version of TLS: 1.3, or \">=1.2\" or \"<=1.2\" in quotes"},
	{.name = "chain",
	 .kind = GW_VALUE_WORD,
	 .words = chain_words,
	 .read = gw_read_field,
	 .field = GW_FIELD(struct gw_probe, chain, const char *),
	 .help = "complete: every intermediate is served; any where not given"},
};

static const struct gw_row client_map_rows[] = {
	{.name = "present",
	 .kind = GW_VALUE_TEXT,
	 .read = read_ref,
	 .field = GW_FIELD(struct gw_probe, present, struct gw_ref),
	 .also = " certificate cert ",
	 .help = "the entry of certificates that the prober shows"},
	{.name = "absent",
	 .kind = GW_VALUE_WORD,
	 .words = absent_words,
	 .read = gw_read_field,
	 .field = GW_FIELD(struct gw_probe, absent, const char *),
	 .also = " without none ",
	 .help = "what becomes of a client that shows none; not tried where not given"},
};

static const struct gw_rows expect_rows = {.what = "expect", expect_map_rows, GW_COUNT(expect_map_rows)};
static const struct gw_rows client_rows = {.what = "client", client_map_rows, GW_COUNT(client_map_rows)};

static const struct gw_row probe_map_rows[] = {
	{.name = "name",
	 .kind = GW_VALUE_TEXT,
	 .required = true,
	 .check = fault_host,
	 .rule = GWT_BAD_SAN,
	 .read = gw_read_field,
	 .field = GW_FIELD(struct gw_probe, host, const char *),
	 .also = " host hostname sni serverName ",
	 .help = "the DNS name that is asked for"},
	{.name = "connect",
	 .kind = GW_VALUE_TEXT,
	 .check = fault_connect,
	 .read = gw_read_field,
	 .field = GW_FIELD(struct gw_probe, connect, const char *),
	 .also = " address target resolve ip ",
	 .help = "where to connect, as host:port; the name's own addresses and port 443 where not given"},
	{.name = "expect",
	 .kind = GW_VALUE_MAP,
	 .map = &expect_rows,
	 .also = " expected ",
	 .help = "what is to be seen there"},
	{.name = "client",
	 .kind = GW_VALUE_MAP,
	 .map = &client_rows,
	 .also = " mtls clientCertificate ",
	 .help = "clients with a certificate and without"},
};

const struct gw_rows gw_probe_rows = {"a member of probes", probe_map_rows, GW_COUNT(probe_map_rows)};

/* --- reading ------------------------------------------------------------------------------------------------------ */

static void read_ref(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value)
{
	struct gw_ref *ref = (struct gw_ref *)((char *)r->into + row->field);

	if (gw_node_text(value) != NULL && !gw_node_is_null(value) && value->len > 0)
		*ref = (struct gw_ref){.name = value->text, .node = value};
}

struct gw_probe *gw_probe_read(struct gw_template *t, const struct gw_node *member)
{
	struct gw_probe *probe = GW_ARENA_NEW(&t->arena, struct gw_probe);
	struct gw_reading r = {.arena = &t->arena, .t = t, .into = probe};

	probe->name = member->key->text;
	probe->node = member;
	gw_read_map(&r, &gw_probe_rows, member);
	return probe;
}
