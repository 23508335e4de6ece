/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "judge/inner.h"

/* 112 bits: RSA and DSA of 2048, curves of 224, SHA-2. What Debian's OpenSSL, and with it curl, asks of a peer. */
#define STRENGTH_MIN 112

static const char *purpose_words(enum gw_purpose purpose)
{
	switch (purpose) {
	case GW_PURPOSE_SERVER: return "servers (serverAuth)";
	case GW_PURPOSE_CLIENT: return "clients (clientAuth)";
	case GW_PURPOSE_ANY: break;
	}
	return "this use";
}

static const char *purpose_usage(enum gw_purpose purpose)
{
	return purpose == GW_PURPOSE_CLIENT ? "clientAuth" : "serverAuth";
}

/* --- CA or not ---------------------------------------------------------------------------------------------------- */

static void judge_ca(const struct gw_judged *j)
{
	const struct gw_parts *p = j->parts;

	/* An anchor of version 1 is a CA because it is trusted as one (RFC 5280 6.1.4 (k)). */
	if (j->role == GW_ROLE_LEAF || (j->role == GW_ROLE_ANCHOR && p->version == 1))
		return;
	if (!p->facts.ca)
		gw_judged_find(j, GWC_NOT_CA, "has issued another certificate, but is not a CA");
	else if (p->facts.has_key_usage && (p->facts.key_usage & GW_KU_KEY_CERT_SIGN) == 0)
		gw_judged_find(j, GWC_NOT_CA, "may not sign certificates: its key usage lacks keyCertSign");
	else if (!p->facts.has_key_usage && j->role == GW_ROLE_CA)
		/* Clients take it as one for everything; CAs must not issue such ones (RFC 5280 4.2.1.3). */
		gw_find_as(j->fs, GWC_NOT_CA, GW_WARNING, j->where, "%s is a CA without a key usage", j->words);
}

/* --- purpose ------------------------------------------------------------------------------------------------------ */

/* "its extended key usage is clientAuth, codeSigning" as evidence, where there is one. */
static void add_usages(const struct gw_judged *j, struct gw_finding *f)
{
	GW_BUF_AUTO struct gw_buf list = GW_BUF(GW_ERR_WHAT_MAX);
	const char **usage = j->parts->facts.extended_key_usage;

	for (; usage != NULL && *usage != NULL; usage++)
		gw_buf_printf(&list, "%s%s", list.len > 0 ? ", " : "", *usage);
	if (list.len > 0)
		gw_finding_evidence(j->fs, f, "its extended key usage is %s", gw_buf_str(&list));
}

static void judge_extended_usage(const struct gw_judged *j)
{
	struct gw_finding *f;

	if (j->purpose == GW_PURPOSE_ANY || j->parts->facts.extended_key_usage == NULL ||
	    gw_parts_has_usage(j->parts, purpose_usage(j->purpose)) ||
	    gw_parts_has_usage(j->parts, "anyExtendedKeyUsage"))
		return;
	f = gw_judged_find(j, GWC_PURPOSE, "is not made for %s", purpose_words(j->purpose));
	add_usages(j, f);
	gw_finding_fix(j->fs, f, "have it issued for %s", purpose_words(j->purpose));
}

/* A key of TLS signs the handshake, or decrypts the client's secret, or agrees on one. */
static void judge_key_usage(const struct gw_judged *j)
{
	unsigned wanted = GW_KU_DIGITAL_SIGNATURE | GW_KU_KEY_AGREEMENT;
	struct gw_finding *f;

	if (j->purpose == GW_PURPOSE_SERVER)
		wanted |= GW_KU_KEY_ENCIPHERMENT;
	if (j->role != GW_ROLE_LEAF || j->purpose == GW_PURPOSE_ANY || !j->parts->facts.has_key_usage ||
	    (j->parts->facts.key_usage & wanted) != 0)
		return;
	/* A CA in this place is told of as such. */
	if (j->parts->facts.ca)
		return;
	f = gw_judged_find(j, GWC_PURPOSE, "has a key usage that allows no TLS handshake");
	gw_finding_fix(j->fs, f, "have it issued with digitalSignature in its key usage");
}

/* --- strength ----------------------------------------------------------------------------------------------------- */

static void weak(const struct gw_judged *j, const char *verb, const char *what)
{
	struct gw_finding *f = gw_judged_find(j, GWC_WEAK, "%s %s, which is too weak", verb, what);

	gw_finding_fix(j->fs, f, "use a key of EC P-256 or RSA 2048 at least, signed with SHA-256");
}

/* What has signed itself proves nothing by its signature. A CA that has certified its next key has not signed itself. */
static bool is_own_signature(const struct gw_judged *j)
{
	return j->parts->self_issued && (j->role == GW_ROLE_ANCHOR || gw_cert_self_signed(j->parts->cert));
}

static void judge_strength(const struct gw_judged *j)
{
	const struct gw_parts *p = j->parts;

	if (p->key_strength > 0 && p->key_strength < STRENGTH_MIN)
		weak(j, "has a key of", p->facts.key);
	if (p->sign_strength > 0 && p->sign_strength < STRENGTH_MIN && !is_own_signature(j))
		weak(j, "is signed with", p->facts.signature);
}

void gw_judge_use(const struct gw_judged *j)
{
	judge_ca(j);
	judge_extended_usage(j);
	judge_key_usage(j);
	judge_strength(j);
}
