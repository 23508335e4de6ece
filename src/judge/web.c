/* SPDX-License-Identifier: Apache-2.0 */
/* What browsers and public CAs ask beyond RFC 5280. Private CAs may do otherwise: warnings, unless --strict or a target. */
#include <string.h>

#include "judge/inner.h"
#include "rules/names.h"

#define NAMES_TOLD 5 /* bad names of one certificate that are told */

/* --- names -------------------------------------------------------------------------------------------------------- */

/* A DNS name as a string; NULL where it has what no name has (that is a fault of form) or is longer than any. */
static const char *dns_text(const struct gw_general_name *name, char out[static 256])
{
	if (name->kind != GW_GENERAL_DNS || name->len > 255 || memchr(name->data, '\0', name->len) != NULL)
		return NULL;
	memcpy(out, name->data, name->len);
	out[name->len] = '\0';
	return out;
}

/* Whether there is something to say of a name. */
static bool judge_dns_name(const struct gw_judged *j, const char *name)
{
	const char *fault = gw_name_dns(name, true);
	struct gw_finding *f;

	if (fault != NULL) {
		gw_judged_note(j, GWC_BAD_NAME, "has the subject alternative name \"%.100s\", which %s", name, fault);
	} else if (strncmp(name, "*.", 2) == 0 && gw_name_public_suffix(name + 2)) {
		f = gw_judged_note(j, GWC_PUBLIC_SUFFIX,
				   "has the wildcard \"%.100s\"; below \"%.100s\" anybody can have a name", name,
				   name + 2);
		/* Its one owner has such certificates; that one is used for a customer is told by gw_judge_name(). */
		if (gw_name_private_suffix(name + 2))
			gw_finding_weigh(j->fs, f, GW_NOTE);
		gw_finding_fix(j->fs, f, "have it issued for a domain of your own below \"%.100s\"", name + 2);
	} else {
		return false;
	}
	return true;
}

static void judge_names(const struct gw_judged *j)
{
	const struct gw_extension *san = gw_parts_extension(j->parts, GW_OID_SUBJECT_ALT_NAME);
	char text[256];
	size_t i, told = 0;

	/* Whoever asks for a name gets an error (gw_judge_name()); others may still want to know. */
	if (san == NULL && j->purpose == GW_PURPOSE_SERVER && !j->parts->facts.ca)
		gw_find_as(j->fs, GWC_NO_SAN, GW_WARNING, j->where, "%s has no subject alternative name", j->words);
	for (i = 0; i < j->parts->names.count && told < NAMES_TOLD; i++) {
		const char *name = dns_text(&j->parts->names.items[i], text);

		told += name != NULL && judge_dns_name(j, name);
	}
	if (san != NULL && san->critical && !j->parts->no_subject)
		gw_find_as(j->fs, GWC_CRITICALITY, GW_WARNING, j->where,
			   "%s has a subject, so its subject alternative names should not be marked critical",
			   j->words);
}

/* What a common name is meant as: a host, an address (in whatever notation), or neither. */
static enum gw_general_kind meaning_of(const char *name)
{
	if (strpbrk(name, " \t@/") != NULL || (strpbrk(name, ".:") == NULL && strncmp(name, "0x", 2) != 0))
		return GW_GENERAL_OTHER;
	return name[strspn(name, "0123456789abcdefABCDEFxX.:")] == '\0' ? GW_GENERAL_IP : GW_GENERAL_DNS;
}

/* Whether a name of the certificate is the common name or below it: "example.com" over "*.example.com" tells the owner. */
static bool is_owner(const char *common_name, const char *name)
{
	size_t n = strlen(name), m = strlen(common_name);

	return n >= m && strcmp(name + n - m, common_name) == 0 && (n == m || name[n - m - 1] == '.');
}

/* Whether a common name of a kind misleads beside a name: a host beside hosts, an address beside both. A name of one label
 * is none of the web's. */
static bool is_rival(enum gw_general_kind common_name, enum gw_general_kind kind, const char *name)
{
	if (common_name == GW_GENERAL_OTHER)
		return false;
	if (kind == GW_GENERAL_DNS)
		return strchr(name, '.') != NULL;
	return kind == GW_GENERAL_IP && common_name == GW_GENERAL_IP;
}

/* A name in the subject misleads where it is another than those of its kind that count. */
static void judge_common_name(const struct gw_judged *j)
{
	const struct gw_cert_facts *facts = &j->parts->facts;
	enum gw_general_kind kind;
	bool rivals = false;
	char text[256];
	size_t i;

	if (facts->common_name == NULL || facts->n_sans == 0)
		return;
	if (j->parts->common_names > 1)
		gw_judged_note(j, GWC_COMMON_NAME, "has %zu common names", j->parts->common_names);
	kind = meaning_of(facts->common_name);
	for (i = 0; i < j->parts->names.count; i++) {
		const char *name = dns_text(&j->parts->names.items[i], text);

		if (name == NULL)
			name = facts->sans[i].type == GW_SAN_IP ? facts->sans[i].value : "";
		/* Octet for octet: in another case it is not the same value. */
		if (is_owner(facts->common_name, name))
			return;
		rivals = rivals || is_rival(kind, j->parts->names.items[i].kind, name);
	}
	if (rivals)
		gw_judged_note(j, GWC_COMMON_NAME, "has the common name \"%.100s\", which is not among its names",
			       facts->common_name);
}

/* --- use ---------------------------------------------------------------------------------------------------------- */

static const char *wanted_usage(enum gw_purpose purpose)
{
	return purpose == GW_PURPOSE_CLIENT ? "clientAuth" : "serverAuth";
}

static void judge_leaf_usage(const struct gw_judged *j)
{
	const struct gw_extension *usage = gw_parts_extension(j->parts, GW_OID_EXT_KEY_USAGE);
	struct gw_finding *f;

	if (j->parts->facts.ca) {
		/* A CA that is looked at as a certificate is no fault; one that was made for servers is. */
		gw_find_as(j->fs, GWC_CA_AS_LEAF, usage != NULL ? GW_WARNING : GW_NOTE, j->where,
			   "%s is a CA in the place of a server or client", j->words);
		return;
	}
	if (usage == NULL) {
		f = gw_judged_find(j, GWC_NO_USAGE, "has no extended key usage");
		gw_finding_fix(j->fs, f, "have it issued with %s", wanted_usage(j->purpose));
		return;
	}
	if (usage->critical)
		gw_judged_find(j, GWC_WIDE_USAGE, "has its extended key usage marked critical");
	if (gw_parts_has_usage(j->parts, "anyExtendedKeyUsage"))
		gw_judged_find(j, GWC_WIDE_USAGE, "is for every use (anyExtendedKeyUsage)");
}

static void judge_root(const struct gw_judged *j)
{
	const struct gw_parts *p = j->parts;

	if (!p->self_issued)
		return;
	if (p->facts.extended_key_usage != NULL)
		gw_judged_find(j, GWC_WIDE_USAGE, "is a root with an extended key usage");
	if (p->aki_has_issuer || p->aki_has_serial)
		gw_judged_find(j, GWC_KEY_ID, "is a root that names its issuer and serial number as key identifier");
	if (p->facts.authority_key_id != NULL && p->facts.subject_key_id != NULL &&
	    strcmp(p->facts.authority_key_id, p->facts.subject_key_id) != 0 && gw_cert_self_signed(p->cert))
		/* Of a key that an older one of the CA has certified they are meant to differ. */
		gw_judged_find(j, GWC_KEY_ID, "is a root whose two key identifiers differ");
}

/* --- keys --------------------------------------------------------------------------------------------------------- */

static const char *key_fault(const struct gw_parts *p)
{
	if (p->explicit_curve)
		return "has a curve that is written out instead of named";
	if (p->odd_exponent)
		return "has an RSA key whose exponent is even or 1";
	if (strcmp(p->key_family, "RSA") == 0)
		return p->key_bits % 8 != 0 ? "has an RSA key whose length is no multiple of 8 bits" : NULL;
	if (strcmp(p->key_family, "EC") == 0)
		return p->facts.key_type == GW_KEY_OTHER ? "has a key on a curve that browsers do not take" : NULL;
	return "has a key of a kind that browsers do not take";
}

/* Kinds of key that Go, and with it kubectl and most controllers, cannot load at all. */
static bool is_unusable(const struct gw_parts *p)
{
	if (p->odd_exponent)
		return true;
	return p->facts.key_type == GW_KEY_OTHER && strcmp(p->key_family, "RSA") != 0 &&
	       strcmp(p->facts.key, "ECDSA P-224") != 0;
}

static void judge_key(const struct gw_judged *j)
{
	const char *fault = key_fault(j->parts);
	struct gw_finding *f;

	if (fault == NULL || j->parts->key_family[0] == '\0')
		return;
	f = gw_judged_find(j, GWC_WEB_KEY, "%s", fault);
	gw_finding_evidence(j->fs, f, "its key is %s", j->parts->facts.key);
	if (!is_unusable(j->parts))
		return;
	gw_finding_weigh(j->fs, f, GW_ERROR);
	gw_finding_fix(j->fs, f,
		       "make a key of EC P-256 or RSA 2048: Go, kubectl and the controllers cannot load this one");
}

void gw_judge_web(const struct gw_judged *j)
{
	judge_key(j);
	if (j->role == GW_ROLE_ANCHOR)
		judge_root(j);
	if (j->role != GW_ROLE_LEAF || j->purpose == GW_PURPOSE_ANY)
		return;
	judge_leaf_usage(j);
	judge_names(j);
	if (j->purpose == GW_PURPOSE_SERVER)
		judge_common_name(j);
}
