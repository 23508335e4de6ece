/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "judge/constraints.h"
#include "judge/inner.h"

#define SERIAL_OCTETS_MAX 20 /* RFC 5280 4.1.2.2 */

/* --- findings that begin with the certificate's name -------------------------------------------------------------- */

GW_PRINTF(4, 0)
static struct gw_finding *find(const struct gw_judged *j, enum gw_rule_name rule, enum gw_severity severity,
			       const char *fmt, va_list args)
{
	char text[GW_ERR_WHAT_MAX];

	vsnprintf(text, sizeof(text), fmt, args);
	return gw_find_as(j->fs, rule, severity, j->where, "%s %s", j->words, text);
}

struct gw_finding *gw_judged_find(const struct gw_judged *j, enum gw_rule_name rule, const char *fmt, ...)
{
	struct gw_finding *f;
	va_list args;

	va_start(args, fmt);
	f = find(j, rule, gw_rules[rule].severity, fmt, args);
	va_end(args);
	return f;
}

struct gw_finding *gw_judged_note(const struct gw_judged *j, enum gw_rule_name rule, const char *fmt, ...)
{
	enum gw_severity severity = gw_rules[rule].severity;
	struct gw_finding *f;
	va_list args;

	if (j->role == GW_ROLE_ANCHOR && severity == GW_ERROR)
		severity = GW_WARNING;
	va_start(args, fmt);
	f = find(j, rule, severity, fmt, args);
	va_end(args);
	return f;
}

/* --- fields ------------------------------------------------------------------------------------------------------- */

static void judge_version(const struct gw_judged *j)
{
	const struct gw_parts *p = j->parts;

	if (p->version == 3)
		return;
	if (p->n_extensions > 0)
		gw_judged_note(j, GWC_VERSION, "has extensions, which only version 3 may have, and is version %d",
			       p->version);
	else if (j->role == GW_ROLE_CA)
		gw_judged_note(j, GWC_VERSION, "is a version %d certificate, which cannot say that it is a CA",
			       p->version);
	else
		gw_find_as(j->fs, GWC_VERSION, GW_WARNING, j->where, "%s is a version %d certificate", j->words,
			   p->version);
}

static void judge_serial(const struct gw_judged *j)
{
	const struct gw_parts *p = j->parts;

	/* Roots of the early days have it, and nobody minds. A negative one is a fault of form. */
	if (p->zero_serial && j->role == GW_ROLE_ANCHOR)
		return;
	if (p->zero_serial)
		gw_judged_note(j, GWC_SERIAL, "has the serial number 0; it must be positive");
	else if (p->serial_octets > SERIAL_OCTETS_MAX)
		gw_judged_note(j, GWC_SERIAL, "has a serial number of %zu octets; %d is the most", p->serial_octets,
			       SERIAL_OCTETS_MAX);
}

static void judge_names(const struct gw_judged *j)
{
	const struct gw_extension *san = gw_parts_extension(j->parts, GW_OID_SUBJECT_ALT_NAME);

	if (j->parts->no_issuer)
		gw_judged_note(j, GWC_EMPTY_NAME, "does not say who issued it");
	if (!j->parts->no_subject)
		return;
	if (j->parts->facts.ca || j->role != GW_ROLE_LEAF)
		gw_judged_note(j, GWC_EMPTY_NAME, "is a CA without a subject");
	else if (san == NULL || j->parts->names.count == 0)
		gw_judged_note(j, GWC_EMPTY_NAME, "has neither a subject nor a subject alternative name");
	else if (!san->critical)
		gw_judged_note(j, GWC_CRITICALITY,
			       "has no subject, so its subject alternative names must be marked critical");
}

/* --- extensions --------------------------------------------------------------------------------------------------- */

/* How the rules want each extension marked. */
static const struct {
	const char *oid, *words;
	bool critical;
	bool of_ca; /* the rule is for CAs only */
} marks[] = {
	{GW_OID_BASIC_CONSTRAINTS, "basic constraints", true, true},
	{GW_OID_NAME_CONSTRAINTS, "name constraints", true, true},
	{GW_OID_POLICY_CONSTRAINTS, "policy constraints", true, true},
	{GW_OID_INHIBIT_ANY_POLICY, "inhibitAnyPolicy", true, true},
	{GW_OID_AUTHORITY_KEY_ID, "authority key identifier", false, false},
	{GW_OID_SUBJECT_KEY_ID, "subject key identifier", false, false},
	{GW_OID_AUTHORITY_INFO, "authority information access", false, false},
	{GW_OID_SUBJECT_INFO, "subject information access", false, false},
	{GW_OID_SUBJECT_DIRECTORY, "subject directory attributes", false, false},
	{GW_OID_FRESHEST_CRL, "freshest CRL", false, false},
};

static void judge_marks(const struct gw_judged *j)
{
	size_t i;

	for (i = 0; i < GW_COUNT(marks); i++) {
		const struct gw_extension *ext = gw_parts_extension(j->parts, marks[i].oid);

		if (ext == NULL || ext->critical == marks[i].critical || (marks[i].of_ca && !j->parts->facts.ca))
			continue;
		if (strcmp(marks[i].oid, GW_OID_NAME_CONSTRAINTS) == 0)
			/* The public web lets CAs leave it out, and all clients apply them either way. */
			gw_find_as(j->fs, GWC_CRITICALITY, GW_WARNING, j->where,
				   "%s has its %s not marked critical, as they must be", j->words, marks[i].words);
		else
			gw_judged_note(j, GWC_CRITICALITY, "has its %s %s, which %s be", marks[i].words,
				       ext->critical ? "marked critical" : "not marked critical",
				       ext->critical ? "it must not" : "it must");
	}
}

/* What this judge, or OpenSSL's check of policies, takes into account. */
static const char *const processed[] = {
	GW_OID_KEY_USAGE,        GW_OID_SUBJECT_ALT_NAME,   GW_OID_ISSUER_ALT_NAME,    GW_OID_BASIC_CONSTRAINTS,
	GW_OID_NAME_CONSTRAINTS, GW_OID_CRL_POINTS,         GW_OID_POLICIES,           GW_OID_POLICY_MAPPINGS,
	GW_OID_EXT_KEY_USAGE,    GW_OID_POLICY_CONSTRAINTS, GW_OID_INHIBIT_ANY_POLICY,
};

/* Those of which the mark itself is the fault, told by judge_marks(). */
static bool is_told(const char *oid)
{
	size_t i;

	for (i = 0; i < GW_COUNT(marks); i++) {
		if (strcmp(marks[i].oid, oid) == 0)
			return true;
	}
	return false;
}

static void judge_critical(const struct gw_judged *j)
{
	size_t i, k;

	for (i = 0; i < j->parts->n_extensions; i++) {
		const struct gw_extension *ext = &j->parts->extensions[i];

		for (k = 0; k < GW_COUNT(processed) && strcmp(processed[k], ext->oid) != 0; k++)
			;
		if (ext->critical && k == GW_COUNT(processed) && !is_told(ext->oid))
			gw_judged_find(j, GWC_CRITICAL_EXTENSION, "has a critical extension that is not known: %s",
				       ext->name);
	}
}

static void judge_key_ids(const struct gw_judged *j)
{
	const struct gw_parts *p = j->parts;
	bool has_aki = gw_parts_extension(p, GW_OID_AUTHORITY_KEY_ID) != NULL;

	if (p->facts.ca && p->facts.subject_key_id == NULL)
		gw_judged_note(j, GWC_KEY_ID, "is a CA without a subject key identifier");
	/* What has signed itself has no other key to name. */
	if (!has_aki && !p->self_issued)
		gw_judged_note(j, GWC_KEY_ID, "does not name the key of its issuer (authority key identifier)");
	if (!has_aki)
		return;
	if (!p->aki_has_id)
		gw_judged_note(j, GWC_KEY_ID, "has an authority key identifier without the identifier itself");
	if (p->aki_has_issuer != p->aki_has_serial)
		gw_judged_note(j, GWC_UNDECODABLE,
			       "has an authority key identifier with only one of issuer and serial number");
}

static void judge_constraints(const struct gw_judged *j)
{
	bool grave;
	const char *fault = gw_constraints_fault(j->parts, &grave);

	if (fault != NULL)
		gw_find_as(j->fs, GWC_CONSTRAINT_FORM, grave ? GW_ERROR : GW_WARNING, j->where, "%s %s", j->words,
			   fault);
}

/* What only a CA may have. */
static void judge_powers(const struct gw_judged *j)
{
	const struct gw_parts *p = j->parts;

	if (p->facts.ca)
		return;
	if (gw_parts_extension(p, GW_OID_NAME_CONSTRAINTS) != NULL)
		gw_judged_note(j, GWC_CA_POWERS, "has name constraints, but is not a CA");
	if (gw_parts_extension(p, GW_OID_POLICY_CONSTRAINTS) != NULL ||
	    gw_parts_extension(p, GW_OID_INHIBIT_ANY_POLICY) != NULL ||
	    gw_parts_extension(p, GW_OID_POLICY_MAPPINGS) != NULL)
		gw_judged_note(j, GWC_CA_POWERS, "limits the policies of certificates below it, but is not a CA");
	if (p->path_length_given)
		gw_judged_note(j, GWC_CA_POWERS, "has a path length, but is not a CA");
	if ((p->facts.key_usage & GW_KU_KEY_CERT_SIGN) != 0)
		gw_judged_note(j, GWC_CA_POWERS, "has keyCertSign in its key usage, but is not a CA");
}

void gw_judge_profile(const struct gw_judged *j)
{
	struct gw_finding *f;

	if (j->parts->form_fault != NULL) {
		f = gw_judged_note(j, GWC_UNDECODABLE, "%s", j->parts->form_fault);
		gw_finding_fix(j->fs, f, "have it issued anew: Go, and so kubectl and most controllers, refuses it");
	}
	if (j->parts->odd_dates)
		gw_find_as(j->fs, GWC_UNDECODABLE, GW_WARNING, j->where,
			   "%s has a date in a form that RFC 5280 does not allow", j->words);
	if (j->parts->list_fault != NULL)
		gw_find_as(j->fs, GWC_UNDECODABLE, GW_WARNING, j->where, "%s %s", j->words, j->parts->list_fault);
	judge_version(j);
	judge_serial(j);
	judge_names(j);
	judge_marks(j);
	judge_critical(j);
	judge_key_ids(j);
	judge_constraints(j);
	judge_powers(j);
	if (j->parts->odd_access)
		gw_judged_note(j, GWC_ACCESS, "names no address where its issuer or its status can be fetched");
}
