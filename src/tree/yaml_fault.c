/* SPDX-License-Identifier: Apache-2.0 */
#include "tree/yaml_fault.h"

#include <stdio.h>
#include <string.h>
#include <yaml.h>

struct place {
	unsigned line, column;
	const char *text; /* the source from there on */
	size_t left;      /* octets of it */
};

static struct place place_of(const struct gw_reader *r, const yaml_mark_t *mark)
{
	const struct gw_source *s = r->source;
	const char *at = s->text, *end = s->text + s->len;
	struct place p = {.line = (unsigned)mark->line + 1, .column = (unsigned)mark->column + 1};
	size_t n;

	for (n = 0; n < mark->line && at != NULL; n++) {
		at = memchr(at, '\n', (size_t)(end - at));
		at = at != NULL ? at + 1 : NULL;
	}
	/* libyaml's columns are characters, not octets. */
	for (n = 0; at != NULL && at < end && n < mark->column; n++) {
		at++;
		while (at < end && ((unsigned char)*at & 0xc0) == 0x80)
			at++;
	}
	p.text = at != NULL ? at : end;
	p.left = (size_t)(end - p.text);
	return p;
}

/* The word at a place, as far as a list, a comment or the line goes. */
static void word_at(const struct place *p, char out[static 64])
{
	size_t n = 0;

	while (n < p->left && n < 63 && strchr(" \t\r\n,]}#", p->text[n]) == NULL)
		n++;
	memcpy(out, p->text, n);
	out[n] = '\0';
}

static enum gw_code at(struct gw_reader *r, const struct place *p, const char *what)
{
	return gw_reader_fail(r, p->line, p->column, "%s", what);
}

static enum gw_code bad_alias(struct gw_reader *r, const struct place *opened)
{
	char word[64];

	word_at(opened, word);
	at(r, opened, word[0] == '*' ? "a wildcard must be quoted" : "'&' must be quoted");
	r->fault->where.end_column = opened->column + (unsigned)strlen(word);
	return gw_hint(r->err, "'%c' starts a YAML %s; write '%s'", word[0], word[0] == '*' ? "alias" : "anchor",
		       r->arena->sensitive ? "..." : word);
}

static enum gw_code bad_start(struct gw_reader *r, const struct place *p)
{
	char c = p->left > 0 ? p->text[0] : ' ', what[64];

	if (c == '\t') {
		at(r, p, "a tab cannot indent YAML");
		return gw_hint(r->err, "use spaces");
	}
	snprintf(what, sizeof(what), "'%c' cannot begin a value", c);
	at(r, p, what);
	return gw_hint(r->err, "quote the value");
}

/* The first "${" between two places, or NULL: what shells and Helm call a variable opens a map here. */
static const char *shell_variable(const struct place *from, const struct place *to)
{
	const char *at;

	for (at = from->text; at + 1 < to->text + to->left && at <= to->text; at++) {
		if (at[0] == '$' && at[1] == '{')
			return at;
	}
	return NULL;
}

static enum gw_code bad_variable(struct gw_reader *r, const char *at_text)
{
	size_t left = (size_t)(r->source->text + r->source->len - at_text);
	const char *end = memchr(at_text, '}', left < 64 ? left : 64);
	int name = end != NULL ? (int)(end - at_text - 2) : 0;
	unsigned line, column;

	gw_source_place(r->source, (size_t)(at_text - r->source->text), &line, &column);
	gw_reader_fail(r, line, column, "'${' inside [ ] or { } begins a map, and no variable");
	r->fault->where.end_column = column + 2;
	return name > 0 ? gw_hint(r->err, "a template's variables are written $(%.*s); quote what is to stay as it is",
				  name, at_text + 2)
			: gw_hint(r->err, "a template's variables are written $(name); quote what is to stay as it is");
}

static enum gw_code open_flow(struct gw_reader *r, const struct place *opened, const struct place *p)
{
	bool list = opened->left > 0 && opened->text[0] == '[';
	const char *variable = shell_variable(opened, p);

	if (variable != NULL)
		return bad_variable(r, variable);
	at(r, opened,
	   list ? "the list that begins here with '[' is broken: a ',' or the closing ']' is missing"
		: "the map that begins here with '{' is broken: a ',' or the closing '}' is missing");
	gw_reader_other(r, p->line, p->column);
	return gw_hint(r->err,
		       "look at line %u; inside [ ] and { }, quote values that have ':' '{' '}' '[' ']' or ',' in them",
		       p->line);
}

/* "[::1]": a colon at the start of a value, which libyaml takes for the end of a key. */
static bool begins_with_colon(const struct gw_reader *r, const struct place *p)
{
	return p->left > 0 && p->text[0] == ':' && p->text > r->source->text && strchr("[{, \n:", p->text[-1]) != NULL;
}

static enum gw_code end_of_file(struct gw_reader *r, const struct place *p)
{
	at(r, p, "the file ends inside a [ ] or { } that is never closed");
	return gw_hint(r->err, "look for a bracket that is missing, and for a '#', behind which all is a comment");
}

static bool is_closing(const struct place *p)
{
	return p->left > 0 && (p->text[0] == ']' || p->text[0] == '}');
}

static enum gw_code closing(struct gw_reader *r, const struct place *p)
{
	gw_reader_fail(r, p->line, p->column, "a '%c' that nothing has opened", p->text[0]);
	return gw_hint(r->err, "take it out, or quote the value that it belongs to");
}

static enum gw_code colon_in_flow(struct gw_reader *r, const struct place *p)
{
	at(r, p, "':' at the start of a value inside [ ] or { }");
	return gw_hint(r->err, "quote IPv6 addresses in a list of this form: ['::1']");
}

struct sentence {
	const char *problem, *context; /* substrings of libyaml's texts; NULL: any */
	bool opened;                   /* the place is the context's and not the problem's */
	const char *what, *hint;
};

static const struct sentence sentences[] = {
	{"mapping values are not allowed", NULL, false, "a ': ' where no key can stand",
	 "quote the value before it, or check the indentation"},
	{"did not find expected key", "block mapping", false, "the indentation does not fit the lines above",
	 "keys of one map begin in one column"},
	{"did not find expected '-' indicator", NULL, false, "the indentation does not fit the list above",
	 "items of one list begin with '-' in one column"},
	{"could not find expected ':'", NULL, true, "a key without its ':'",
	 "write \"key: value\", with a space after ':'"},
	{"found unexpected end of stream", "quoted scalar", true, "the quote that is opened here is never closed",
	 "close it with the same mark"},
	{"found unexpected document indicator", "quoted scalar", true, "the quote that is opened here is never closed",
	 "close it with the same mark"},
	{"found unexpected ':'", "plain scalar", false, "a ':' inside [ ] or { } ends a key here",
	 "quote the value: ['fe80::']"},
	{"found unknown escape character", NULL, false, "an unknown escape in double quotes",
	 "write \\\\ for a backslash, or use single quotes"},
	{"did not find expected node content", NULL, false, "a value is missing here",
	 "quote it if it begins with a mark"},
	{"found a tab character", NULL, false, "a tab cannot indent YAML", "use spaces"},
	{"control characters are not allowed", NULL, false, "a control character", "take it out"},
};

static bool has(const char *text, const char *part)
{
	return part == NULL || (text != NULL && strstr(text, part) != NULL);
}

static enum gw_code say(struct gw_reader *r, const struct sentence *s, const struct place *opened,
			const struct place *p)
{
	const struct place *where = s->opened ? opened : p;

	at(r, where, s->what);
	if (s->opened && (p->line != opened->line || p->column != opened->column))
		gw_reader_other(r, p->line, p->column);
	return s->hint != NULL ? gw_hint(r->err, "%s", s->hint) : GW_E_INPUT;
}

/* The reader knows an offset only. */
static enum gw_code reader_fault(struct gw_reader *r, const yaml_parser_t *parser)
{
	unsigned line, column;

	gw_source_place(r->source, parser->problem_offset, &line, &column);
	gw_reader_fail(r, line, column, "%s", parser->problem != NULL ? parser->problem : "not readable as text");
	return gw_hint(r->err, "take the character out, or write it as an escape in double quotes");
}

enum gw_code gw_yaml_fault(struct gw_reader *r, const struct yaml_parser_s *parser)
{
	const char *problem = parser->problem != NULL ? parser->problem : "not readable as YAML";
	struct place p, opened;
	size_t i;

	if (parser->error == YAML_MEMORY_ERROR)
		gw_oom();
	if (parser->error == YAML_READER_ERROR)
		return reader_fault(r, parser);
	p = place_of(r, &parser->problem_mark);
	opened = parser->context != NULL ? place_of(r, &parser->context_mark) : p;
	if (has(parser->context, "scanning an alias") || has(parser->context, "scanning an anchor"))
		return bad_alias(r, &opened);
	if (has(problem, "cannot start any token"))
		return bad_start(r, &p);
	if (has(parser->context, "while parsing a flow") && begins_with_colon(r, &p))
		return colon_in_flow(r, &p);
	if (has(problem, "did not find expected node content") && p.left == 0)
		return end_of_file(r, &p);
	if (has(problem, "did not find expected key") && is_closing(&p))
		return closing(r, &p);
	if (has(parser->context, "flow sequence") || has(parser->context, "flow mapping"))
		return open_flow(r, &opened, &p);
	for (i = 0; i < GW_COUNT(sentences); i++) {
		if (has(problem, sentences[i].problem) && has(parser->context, sentences[i].context))
			return say(r, &sentences[i], &opened, &p);
	}
	if (parser->context != NULL)
		return gw_reader_fail(r, p.line, p.column, "%s, %s", problem, parser->context);
	return at(r, &p, problem);
}
