/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The traps of YAML that a writer of templates falls into. Each is told in a sentence that needs no knowledge of YAML's
 * grammar, at the place where it was made, with the mend.
 */
#include <string.h>

#include "rules/rules.h"
#include "template/template.h"
#include "tests/tap.h"

#define HEAD                                                                                                           \
	"gwcert: 1\n"                                                                                                  \
	"certificates:\n"                                                                                              \
	"  s:\n"                                                                                                       \
	"    issuer: self\n" /* what follows begins on line 5 */

struct trap {
	const char *text; /* behind HEAD */
	unsigned line, column;
	const char *what, *fix; /* parts of the sentence and of the mend */
};

static const struct trap traps[] = {
	/* '*' begins an alias, '&' an anchor. */
	{"    sans:\n      - *.example.com\n", 6, 9, "a wildcard must be quoted", "write '*.example.com'"},
	{"    sans: [*.example.com]\n", 5, 12, "a wildcard must be quoted", "write '*.example.com'"},
	{"    sans: [a.example.com, *.example.com]\n", 5, 27, "a wildcard must be quoted", "write '*.example.com'"},
	{"    sans: [*star]\n", 5, 12, "no anchor of that name", "'*star'"},
	{"    subject: { commonName: &.x }\n", 5, 28, "'&' must be quoted", "write '&.x'"},
	{"    validity: &x [*x]\n", 5, 19, "an alias inside the value that it stands for", NULL},
	/* '{' opens a map within brackets. */
	{"    sans: [a.example.com, ${name}.example.com]\n", 5, 27, "begins a map, and no variable", "$(name)"},
	{"    subject: { commonName: ${name} }\n", 5, 28, "begins a map, and no variable", "$(name)"},
	{"    sans:\n    - ${name}.example.com\n", 6, 7, "\"${\" begins no variable", "$(name)"},
	{"    subject:\n      commonName: a-${name}\n", 6, 21, "\"${\" begins no variable", "$(name)"},
	/* IPv6 within brackets. */
	{"    sans: [::1]\n", 5, 12, "':' at the start of a value", "['::1']"},
	{"    sans: [a.example.com, fe80::]\n", 5, 32, "a ':' inside [ ]", "['fe80::']"},
	/* What no value begins with. */
	{"\tsans: [a.example.com]\n", 5, 1, "a tab cannot indent YAML", "use spaces"},
	{"    subject:\n\t\torganization: a\n", 6, 1, "a tab cannot indent YAML", "use spaces"},
	{"    subject: { organization: @home }\n", 5, 30, "'@' cannot begin a value", "quote"},
	{"    subject:\n      organization: `home`\n", 6, 21, "'`' cannot begin a value", "quote"},
	{"    sans: [%a.example]\n", 5, 12, "'%' cannot begin a value", "quote"},
	/* Colons. */
	{"    subject:\n      organization: a: b: c\n", 6, 22, "a ': ' where no key can stand", "quote"},
	{"    sans:[a.example.com]\n", 5, 5, "a key without its ':'", "with a space after ':'"},
	{"    validity:30d\n", 5, 5, "a key without its ':'", "with a space after ':'"},
	/* Brackets and quotes that are not closed, or not opened. */
	{"    sans: [a.example.com\n    validity: 30d\n", 5, 11, "the list that begins here with '[' is broken",
	 "line 6"},
	{"    subject: { commonName: a\n    validity: 30d\n", 5, 14, "the map that begins here with '{' is broken",
	 "line 6"},
	{"    sans: [a.example.com]}\n", 5, 26, "a '}' that nothing has opened", "take it out"},
	{"    subject: { commonName: #1 }\n", 6, 1, "the file ends inside", "'#'"},
	{"    subject: { commonName: \"a }\n", 5, 28, "the quote that is opened here is never closed", "close it"},
	{"    sans: [a.example.com,, b.example.com]\n", 5, 26, "a value is missing here", "quote"},
	/* Indentation. */
	{"   validity: 30d\n", 5, 4, "the indentation does not fit the lines above", "one column"},
	/* What libyaml lets pass. */
	{"    sans: [a.example.com]\n    sans: [b.example.com]\n", 6, 5, "it is already on line 5", "keep one"},
	{"    <<: *x\n", 5, 5, "a merge key (<<) is not read here", "\"extends\""},
	{"    sans: [!x a.example.com]\n", 5, 12, "a tag (!x) is not read here", "leave the tag out"},
	{"    ? [a]\n    : b\n", 5, 7, "a key must be a word", NULL},
	{"    sans: [\"a\\0b\"]\n", 5, 12, "NUL", "take the \\0 out"},
	{"    sans: [a.example.com]\n---\ngwcert: 1\n", 7, 1, "a second document begins here", "take out the line ---"},
	{"    sans: [a.example.com]\n--- # empty\n---\na: b\n", 8, 1, "a second document begins here", "---"},
	{"    sans: [a\xff.example]\n", 5, 13, "not UTF-8: octet 0xff", "save the file as UTF-8"},
};

static void fall_into(const struct trap *trap)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};
	GW_TEMPLATE_AUTO struct gw_template t = GW_TEMPLATE_INIT;
	GW_FINDINGS_AUTO struct gw_findings fs = {0};
	const char *text = gw_arena_printf(&arena, HEAD "%s", trap->text);
	struct gw_err err = {0};
	const struct gw_finding *f;

	TST_CODE(gw_template_parse("t.yaml", text, strlen(text), &t, &fs, &err), GW_E_INPUT, &err);
	f = fs.first;
	CU_ASSERT(f != NULL);
	if (f == NULL)
		return;
	TST_STR_EQ(gw_arena_printf(&arena, "%s at %u:%u", trap->text, f->where.line, f->where.column),
		   gw_arena_printf(&arena, "%s at %u:%u", trap->text, trap->line, trap->column));
	if (strstr(f->what, trap->what) == NULL && (f->fix == NULL || strstr(f->fix, trap->what) == NULL))
		TST_STR_EQ(f->what, trap->what);
	if (trap->fix != NULL)
		TST_CONTAINS(f->fix, trap->fix);
	/* No word of libyaml's own. */
	CU_ASSERT(strstr(f->what, "token") == NULL && strstr(f->what, "while ") == NULL);
}

static void test_template_traps__are_told_plainly(void)
{
	size_t i;

	for (i = 0; i < GW_COUNT(traps); i++)
		fall_into(&traps[i]);
}

/* What looks like a trap and is none: text stays the text that it is. */
static void test_template_traps__nothing_is_typed_by_guess(void)
{
	static const char text[] = HEAD "    sans:\n"
					"      - ::1\n"
					"      - a.example.com\n"
					"    subject: { country: NO, postalCode: 010, organization: 1e3, locality: "
					"yes, organizationalUnit: '$${x}' }\n";
	GW_TEMPLATE_AUTO struct gw_template t = GW_TEMPLATE_INIT;
	GW_FINDINGS_AUTO struct gw_findings fs = {0};
	GW_ARENA_AUTO struct gw_arena arena = {0};
	struct gw_err err = {0};

	TST_CODE(gw_template_parse("t.yaml", text, strlen(text), &t, &fs, &err), GW_OK, &err);
	CU_ASSERT(t.first != NULL);
	if (t.first != NULL) {
		const char *subject = gw_subject_text(&arena, &t.first->plan);

		TST_CONTAINS(subject, "NO");
		TST_CONTAINS(subject, "010");
		TST_CONTAINS(subject, "1e3");
		TST_CONTAINS(subject, "yes");
		TST_CONTAINS(subject, "OU=${x}");
		TST_STR_EQ(t.first->plan.sans[0].value, "::1");
	}
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_template_traps__are_told_plainly),
		TST_CASE(test_template_traps__nothing_is_typed_by_guess),
	};

	return tst_main("template_traps", cases, GW_COUNT(cases));
}
