/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/names.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

#define LABEL_MAX       63  /* octets, RFC 1035 2.3.4 */
#define NAME_MAX_OCTETS 253 /* RFC 1035 2.3.4 without the root's length octet and the first's */

enum grammar {
	DNS,       /* letters of both cases, labels of at most 63 octets */
	SUBDOMAIN, /* lower case; Kubernetes bounds the whole and not the labels (apimachinery IsDNS1123Subdomain) */
	LABEL,     /* lower case, at most 63 octets */
};

static bool is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

/* One label of n octets, or why not. */
static const char *check_label(const char *label, size_t n, enum grammar grammar)
{
	size_t i;

	if (n == 0)
		return "has an empty label";
	if (n > LABEL_MAX && grammar != SUBDOMAIN)
		return "has a label longer than 63 octets";
	for (i = 0; i < n; i++) {
		if ((unsigned char)label[i] >= 0x80)
			return "has a character outside ASCII; write its xn-- form";
		if (label[i] == '_')
			return "has an underscore, which no host name may have";
		if (label[i] == '*')
			return "has a wildcard that is not the whole left label";
		if (!is_lower(label[i]) && !is_digit(label[i]) && label[i] != '-' &&
		    !(grammar == DNS && is_upper(label[i])))
			return grammar == DNS ? "has a character that is not a letter, digit or hyphen"
					      : "has a character that is not a lower-case letter, digit or hyphen";
	}
	if (label[0] == '-' || label[n - 1] == '-')
		return "has a label that begins or ends with a hyphen";
	return NULL;
}

static const char *check_labels(const char *name, enum grammar grammar)
{
	if (strlen(name) > NAME_MAX_OCTETS)
		return "is longer than 253 octets";
	for (;;) {
		size_t n = strcspn(name, ".");
		const char *fault = check_label(name, n, grammar);

		if (fault != NULL)
			return fault;
		if (name[n] == '\0')
			return NULL;
		name += n + 1;
		if (*name == '\0')
			return "ends with a dot";
	}
}

const char *gw_name_dns(const char *name, bool wildcard)
{
	unsigned char address[16];

	if (*name == '\0')
		return "is empty";
	if (gw_name_ip(name, address) != 0)
		return "is an IP address, not a DNS name";
	if (wildcard && name[0] == '*' && name[1] == '.') {
		if (strchr(name + 2, '.') == NULL)
			return "has a wildcard directly above a top-level domain";
		if (strlen(name) > NAME_MAX_OCTETS)
			return "is longer than 253 octets";
		name += 2;
	}
	return check_labels(name, DNS);
}

const char *gw_name_k8s_subdomain(const char *name)
{
	return *name == '\0' ? "is empty" : check_labels(name, SUBDOMAIN);
}

const char *gw_name_k8s_label(const char *name)
{
	if (*name == '\0')
		return "is empty";
	if (strchr(name, '.') != NULL)
		return "has a dot, which a label may not have";
	if (strlen(name) > LABEL_MAX)
		return "is longer than 63 octets";
	return check_label(name, strlen(name), LABEL);
}

static bool is_letter_or_digit(char c)
{
	return is_lower(c) || is_upper(c) || is_digit(c);
}

/* What stands behind the '/' of a key, and the value of a label. */
static const char *check_label_text(const char *text)
{
	size_t n = strlen(text), i;

	if (n > LABEL_MAX)
		return "is longer than 63 octets";
	for (i = 0; i < n; i++) {
		if (!is_letter_or_digit(text[i]) && strchr("-_.", text[i]) == NULL)
			return "has a character that is not a letter, digit, '-', '_' or '.'";
	}
	if (n > 0 && (!is_letter_or_digit(text[0]) || !is_letter_or_digit(text[n - 1])))
		return "does not begin and end with a letter or digit";
	return NULL;
}

const char *gw_name_k8s_key(const char *name)
{
	const char *slash = strchr(name, '/'), *fault;
	char prefix[NAME_MAX_OCTETS + 1];

	if (slash != NULL) {
		if (slash == name || (size_t)(slash - name) > NAME_MAX_OCTETS)
			return "has a prefix before '/' that is no DNS name of at most 253 octets";
		memcpy(prefix, name, (size_t)(slash - name));
		prefix[slash - name] = '\0';
		fault = gw_name_k8s_subdomain(prefix);
		if (fault != NULL)
			return "has a prefix before '/' that is no DNS name in lower case";
		name = slash + 1;
	}
	return *name == '\0' ? "has an empty name" : check_label_text(name);
}

const char *gw_name_k8s_label_value(const char *value)
{
	return check_label_text(value);
}

bool gw_name_covers(const char *pattern, const char *name)
{
	const char *rest;

	if (strncmp(pattern, "*.", 2) != 0)
		return strcasecmp(pattern, name) == 0;
	rest = strchr(name, '.');
	return rest != NULL && rest != name && strcasecmp(pattern + 1, rest) == 0;
}

size_t gw_name_ip(const char *text, unsigned char address[static 16])
{
	if (inet_pton(AF_INET, text, address) == 1)
		return 4;
	if (inet_pton(AF_INET6, text, address) == 1)
		return 16;
	return 0;
}
