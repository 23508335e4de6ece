/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/idn.h"

#include <dlfcn.h>
#include <idn2.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

#define SONAME "libidn2.so.0"

struct library {
	__typeof__(&idn2_to_ascii_8z) to_ascii;
	__typeof__(&idn2_to_unicode_8z8z) to_unicode;
	__typeof__(&idn2_free) free;
};

/* dlsym() gives an object pointer, which ISO C does not let pass for a function's. */
static bool find(void *handle, const char *name, void *function)
{
	void *found = dlsym(handle, name);

	memcpy(function, &found, sizeof(found));
	return found != NULL;
}

/* The library stays loaded: asking again is cheap, and nothing has to be remembered here. */
static bool load(struct library *lib)
{
	void *handle = dlopen(SONAME, RTLD_NOW | RTLD_LOCAL);

	return handle != NULL && find(handle, "idn2_to_ascii_8z", &lib->to_ascii) &&
	       find(handle, "idn2_to_unicode_8z8z", &lib->to_unicode) && find(handle, "idn2_free", &lib->free);
}

bool gw_idn_is_wide(const char *text)
{
	for (; *text != '\0'; text++) {
		if ((unsigned char)*text >= 0x80)
			return true;
	}
	return false;
}

bool gw_idn_is_encoded(const char *name)
{
	for (; *name != '\0'; name += strcspn(name, "."), name += *name == '.') {
		if (strncasecmp(name, "xn--", 4) == 0)
			return true;
	}
	return false;
}

static const char *why(int code)
{
	switch (code) {
	case IDN2_TOO_BIG_LABEL: return "has a label longer than 63 octets in its xn-- form";
	case IDN2_TOO_BIG_DOMAIN: return "is longer than 253 octets in its xn-- form";
	case IDN2_DISALLOWED:
	case IDN2_UNASSIGNED: return "has a character that no host name may have";
	case IDN2_BIDI: return "mixes directions of writing in a way that no host name may";
	case IDN2_LEADING_COMBINING: return "has a label that begins with a combining mark";
	case IDN2_HYPHEN_STARTEND: return "has a label that begins or ends with a hyphen";
	case IDN2_2HYPHEN: return "has a label with hyphens in third and fourth place that is no xn-- label";
	case IDN2_ENCODING_ERROR: return "is not UTF-8";
	case IDN2_CONTEXTJ:
	case IDN2_CONTEXTJ_NO_RULE:
	case IDN2_CONTEXTO:
	case IDN2_CONTEXTO_NO_RULE: return "has a joiner or mark in a place where no host name may have it";
	case IDN2_PUNYCODE_BAD_INPUT:
	case IDN2_PUNYCODE_BIG_OUTPUT:
	case IDN2_PUNYCODE_OVERFLOW:
	case IDN2_ALABEL_ROUNDTRIP_FAILED: return "has an xn-- label that stands for no name";
	default: return "is no internationalised host name (IDNA 2008)";
	}
}

const char *gw_idn_to_ascii(struct gw_arena *arena, const char *name, const char **ascii)
{
	struct library lib;
	char *made = NULL;
	int code;

	if (!gw_utf8_valid(name, strlen(name)))
		return "is not UTF-8";
	if (!load(&lib))
		return "has a character outside ASCII, and " SONAME " is not here to convert it; write its xn-- form";
	code = lib.to_ascii(name, &made, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
	if (code != IDN2_OK)
		return why(code);
	*ascii = gw_arena_strdup(arena, made);
	lib.free(made);
	return NULL;
}

/* The text, or NULL and why not; neither where there is no library. */
static const char *decode(struct gw_arena *arena, const char *name, const char **fault)
{
	const char *text = NULL;
	struct library lib;
	char *made = NULL;
	int code;

	*fault = NULL;
	if (!load(&lib))
		return NULL;
	code = lib.to_unicode(name, &made, 0);
	if (code == IDN2_OK) {
		text = gw_arena_strdup(arena, made);
		lib.free(made);
	} else {
		*fault = why(code);
	}
	return text;
}

const char *gw_idn_to_unicode(struct gw_arena *arena, const char *name)
{
	const char *fault;

	return gw_idn_is_encoded(name) ? decode(arena, name, &fault) : NULL;
}

const char *gw_idn_fault(struct gw_arena *arena, const char *name)
{
	const char *fault = NULL, *text = gw_idn_is_encoded(name) ? decode(arena, name, &fault) : NULL, *again;

	/* What decodes and is encoded otherwise would be another name to everybody else. */
	if (text == NULL)
		return fault;
	fault = gw_idn_to_ascii(arena, text, &again);
	if (fault == NULL && strcasecmp(again, name) != 0)
		fault = "has an xn-- label that stands for no name";
	return fault;
}
