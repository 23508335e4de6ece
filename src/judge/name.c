/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <strings.h>

#include "judge/judge.h"
#include "judge/words.h"
#include "rules/names.h"
#include "rules/rules.h"

#define NAMES_SHOWN 5 /* of the certificate's, in a message */

struct wanted {
	enum gw_san_type type;
	const char *text;
	size_t ip_size; /* 4 or 16, 0 for anything else */
	unsigned char ip[16];
};

/* What stands before the "@" is the host's affair and may tell cases apart; the host does not (RFC 5321 2.4). */
static bool same_mailbox(const char *a, const char *b)
{
	const char *host_a = strrchr(a, '@'), *host_b = strrchr(b, '@');

	return host_a != NULL && host_b != NULL && host_a - a == host_b - b &&
	       strncmp(a, b, (size_t)(host_a - a)) == 0 && strcasecmp(host_a, host_b) == 0;
}

static bool covers(const struct gw_san *san, const struct wanted *want)
{
	unsigned char address[16];

	if (san->type != want->type)
		return false;
	switch (want->type) {
	case GW_SAN_IP:
		return gw_name_ip(san->value, address) == want->ip_size &&
		       memcmp(address, want->ip, want->ip_size) == 0;
	case GW_SAN_DNS:
		/* A malformed name names nobody (RFC 9525 6.3). */
		return gw_name_dns(san->value, true) == NULL && gw_name_covers(san->value, want->text);
	case GW_SAN_EMAIL: return same_mailbox(san->value, want->text);
	case GW_SAN_URI: return strcmp(san->value, want->text) == 0;
	case GW_SAN_OTHER: break;
	}
	return false;
}

/* "a.example, *.b.example and 3 more". */
static const char *list_names(struct gw_findings *fs, const struct gw_san *sans, size_t n)
{
	GW_BUF_AUTO struct gw_buf out = GW_BUF(GW_ERR_WHAT_MAX);
	size_t i;

	for (i = 0; i < n && i < NAMES_SHOWN; i++)
		gw_buf_printf(&out, "%s%.100s", i > 0 ? ", " : "", sans[i].value);
	if (n > NAMES_SHOWN)
		gw_buf_printf(&out, " and %zu more", n - NAMES_SHOWN);
	return gw_arena_strdup(&fs->arena, gw_buf_str(&out));
}

/* Why a near miss is one: the two things that people expect of wildcards and that are not so. */
static const char *near_miss(const struct gw_san *sans, size_t n, const char *name)
{
	size_t i;

	for (i = 0; i < n; i++) {
		const char *rest = sans[i].value + 1;
		size_t length = strlen(name), end;

		if (sans[i].type != GW_SAN_DNS || strncmp(sans[i].value, "*.", 2) != 0)
			continue;
		if (gw_name_covers(rest + 1, name))
			return "a wildcard does not cover the name above it";
		end = strlen(rest);
		if (length > end && strcasecmp(name + length - end, rest) == 0)
			return "a wildcard covers one label, not several";
	}
	return NULL;
}

static void not_covered(const X509 *leaf, const struct wanted *want, const struct gw_san *sans, size_t n,
			const struct gw_where *where, struct gw_findings *fs)
{
	const char *miss = want->type == GW_SAN_DNS ? near_miss(sans, n, want->text) : NULL;
	struct gw_finding *f = gw_find(fs, GWC_NAME, where, "%s \"%s\" is not covered: the certificate is for %s",
				       want->type == GW_SAN_IP      ? "the address"
				       : want->type == GW_SAN_EMAIL ? "the mailbox"
				       : want->type == GW_SAN_URI   ? "the URI"
								    : "the name",
				       want->text, list_names(fs, sans, n));
	struct gw_cert_facts facts;

	gw_cert_read_facts(leaf, &fs->arena, &facts);
	if (miss != NULL)
		gw_finding_fix(fs, f, "%s; have \"%s\" listed by name", miss, want->text);
	else if (facts.common_name != NULL && gw_name_covers(facts.common_name, want->text))
		gw_finding_fix(fs, f, "the common name is \"%s\", but it does not count: have it listed as a SAN",
			       facts.common_name);
	else
		gw_finding_fix(fs, f, "ask for one of its names, or have a certificate issued that lists \"%s\"",
			       want->text);
}

static void no_san(const X509 *leaf, const struct gw_where *where, struct gw_findings *fs)
{
	struct gw_finding *f =
		gw_find(fs, GWC_NO_SAN, where, "%s has no subject alternative name, so it covers no host",
			gw_judge_label(fs, leaf));

	gw_finding_fix(fs, f, "have it issued with its names as SANs; the common name does not count");
}

/* Below the domain of a hosting provider each name is a customer's, and only the provider has the wildcard of it. */
static bool is_providers(const struct gw_san *san, const struct wanted *want)
{
	return want->type == GW_SAN_DNS && want->text[0] != '*' && strncmp(san->value, "*.", 2) == 0 &&
	       gw_name_private_suffix(san->value + 2);
}

static void tell_providers(const X509 *leaf, const struct wanted *want, const struct gw_san *san,
			   const struct gw_where *where, struct gw_findings *fs)
{
	struct gw_finding *f =
		gw_find(fs, GWC_PUBLIC_SUFFIX, where, "%s covers \"%.100s\" only with the wildcard \"%.100s\"",
			gw_judge_label(fs, leaf), want->text, san->value);

	gw_finding_fix(fs, f, "have \"%.100s\" listed by name: below \"%.100s\" anybody can have a name", want->text,
		       san->value + 2);
}

static void judge(const X509 *leaf, const struct wanted *want, const struct gw_where *where, struct gw_findings *fs)
{
	const struct gw_san *providers = NULL;
	struct gw_san *sans;
	size_t n, i;

	if (!gw_cert_sans(leaf, &fs->arena, &sans, &n)) {
		gw_find(fs, GWC_UNDECODABLE, where, "%s has subject alternative names that cannot be read",
			gw_judge_label(fs, leaf));
		return;
	}
	if (n == 0) {
		no_san(leaf, where, fs);
		return;
	}
	for (i = 0; i < n; i++) {
		if (!covers(&sans[i], want))
			continue;
		if (!is_providers(&sans[i], want))
			return;
		providers = &sans[i];
	}
	if (providers != NULL)
		tell_providers(leaf, want, providers, where, fs);
	else
		not_covered(leaf, want, sans, n, where, fs);
}

void gw_judge_name(const X509 *leaf, const char *name, const struct gw_where *where, struct gw_findings *fs)
{
	struct wanted want = {.type = GW_SAN_DNS, .text = gw_arena_strdup(&fs->arena, name)};
	size_t length = strlen(name);

	/* The dot of an absolute name is not part of what a certificate lists. */
	if (length > 1 && name[length - 1] == '.')
		want.text = gw_arena_strndup(&fs->arena, name, length - 1);
	want.ip_size = gw_name_ip(want.text, want.ip);
	if (want.ip_size > 0)
		want.type = GW_SAN_IP;
	judge(leaf, &want, where, fs);
}

void gw_judge_san(const X509 *leaf, const struct gw_san *san, const struct gw_where *where, struct gw_findings *fs)
{
	struct wanted want = {.type = san->type, .text = san->value};

	want.ip_size = san->type == GW_SAN_IP ? gw_name_ip(san->value, want.ip) : 0;
	judge(leaf, &want, where, fs);
}
