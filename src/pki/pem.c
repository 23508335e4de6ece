/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/pem.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BEGIN           "-----BEGIN "
#define END             "-----END "
#define DASHES          "-----"
#define BYTE_ORDER_MARK "\xef\xbb\xbf"

/* One line of the text: without its line end and the white space before that. */
struct line {
	const char *text;
	size_t len;
	const char *next; /* where the following line starts */
};

/* Where the scan stands. */
struct scan {
	struct gw_pem *pem;
	const char *at, *end;
	unsigned number; /* of the line last taken */
	size_t room;     /* blocks that pem->blocks has memory for */
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_base64(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
}

static struct line line_at(const char *at, const char *end)
{
	const char *stop = memchr(at, '\n', (size_t)(end - at));
	struct line l = {.text = at, .next = stop != NULL ? stop + 1 : end};

	l.len = (size_t)((stop != NULL ? stop : end) - at);
	while (l.len > 0 && is_blank(at[l.len - 1]))
		l.len--;
	return l;
}

static bool next_line(struct scan *s, struct line *l)
{
	if (s->at == s->end)
		return false;
	*l = line_at(s->at, s->end);
	s->at = l->next;
	s->number++;
	return true;
}

static bool starts(const struct line *l, const char *with)
{
	size_t n = strlen(with);

	return l->len >= n && memcmp(l->text, with, n) == 0;
}

static enum gw_code fail_at(const struct scan *s, unsigned line, struct gw_err *err, const char *what)
{
	char where[GW_ERR_WHERE_MAX];

	snprintf(where, sizeof(where), "%s:%u", s->pem->name, line);
	return gw_fail(err, GW_E_INPUT, where, "%s", what);
}

/* A BEGIN that does not stand at the start of its line would be taken for explanatory text, and its block be lost. */
static enum gw_code misplaced_begin(const struct scan *s, const struct line *l, struct gw_err *err)
{
	if (starts(l, END)) {
		fail_at(s, s->number, err, "an END line runs into the next BEGIN line");
		return gw_hint(err, "put the line end back between them; a file without one was put before another");
	}
	fail_at(s, s->number, err, "a BEGIN line does not start at the start of its line");
	return gw_hint(err, "take away what stands before \"" BEGIN "\", in every line of the block");
}

/* Takes the label out of a BEGIN line. */
static enum gw_code read_label(const struct scan *s, const struct line *l, struct gw_pem_block *block,
			       struct gw_err *err)
{
	const char *label = l->text + strlen(BEGIN);
	size_t rest = l->len - strlen(BEGIN), n = 0;

	while (n < rest && n < sizeof(block->label) && label[n] != '-' && label[n] >= ' ' && label[n] <= '~')
		n++;
	if (n == 0 || n == sizeof(block->label) || rest - n < strlen(DASHES) || memcmp(label + n, DASHES, 5) != 0)
		return fail_at(s, s->number, err, "the BEGIN line is damaged: it should read " BEGIN "LABEL" DASHES);
	if (rest - n > strlen(DASHES)) {
		fail_at(s, s->number, err, "there is text behind the BEGIN line's last hyphens");
		if (rest - n >= 7 && memcmp(label + n + 5, "\\n", 2) == 0)
			gw_hint(err, "its line ends are written as \\n: make them real with printf '%%b'");
		else
			gw_hint(err, "the line ends are lost: a block needs its BEGIN and END lines to itself");
		return err->code;
	}
	memcpy(block->label, label, n);
	block->label[n] = '\0';
	return GW_OK;
}

/* Reads up to the END line that belongs to the block and sets its length. */
static enum gw_code find_end(struct scan *s, struct gw_pem_block *block, struct gw_err *err)
{
	size_t n = strlen(block->label);
	struct line l;

	while (next_line(s, &l)) {
		if (starts(&l, END) && l.len == strlen(END) + n + strlen(DASHES) &&
		    memcmp(l.text + strlen(END), block->label, n) == 0 &&
		    memcmp(l.text + l.len - strlen(DASHES), DASHES, 5) == 0) {
			block->len = (size_t)(s->at - block->start);
			return GW_OK;
		}
		if (starts(&l, END) && memmem(l.text, l.len, BEGIN, strlen(BEGIN)) != NULL)
			return misplaced_begin(s, &l, err);
		if (starts(&l, END) || starts(&l, BEGIN))
			break;
	}
	fail_at(s, block->line, err, "the block that begins here has no END line of its own");
	return gw_hint(err, "the file is cut off, or two files were mixed; copy it again");
}

/* The base64 of a block: what follows the BEGIN line and, where there are headers (RFC 1421 4.4), the empty line behind
 * them. Its end is the END line. */
static const char *body_of(const struct gw_pem_block *block, const char **stop, bool *encrypted)
{
	const char *end = block->start + block->len, *at;
	struct line l = line_at(block->start, end);

	*stop = end;
	while ((*stop)[-1] != '-')
		(*stop)--;
	while ((*stop)[-1] != '\n')
		(*stop)--;
	*encrypted = false;
	at = l.next;
	l = line_at(at, *stop);
	if (memchr(l.text, ':', l.len) == NULL)
		return at;
	for (; at < *stop && l.len > 0; at = l.next, l = line_at(at, *stop))
		*encrypted |= starts(&l, "Proc-Type:") && memmem(l.text, l.len, "ENCRYPTED", 9) != NULL;
	return at;
}

/* Whole groups of four, '=' only at the end. */
static enum gw_code check_base64(const struct scan *s, const struct gw_pem_block *block, bool *encrypted,
				 struct gw_err *err)
{
	const char *stop, *at = body_of(block, &stop, encrypted), *c;
	unsigned line = block->line;
	size_t digits = 0, pads = 0;

	for (c = block->start; c < at; c++)
		line += *c == '\n';
	for (; at < stop; at++) {
		line += *at == '\n';
		if (is_blank(*at))
			continue;
		if (*at == '=')
			pads++;
		else if (is_base64(*at) && pads == 0)
			digits++;
		else
			return fail_at(s, line, err, "a character here is not base64");
	}
	if (digits == 0)
		return fail_at(s, block->line, err, "the block that begins here is empty");
	if (pads > 2 || (digits + pads) % 4 != 0)
		return fail_at(s, block->line, err, "the base64 of the block that begins here is cut short");
	return GW_OK;
}

static enum gw_pem_kind kind_of(const char *label, bool encrypted)
{
	static const struct {
		const char *label;
		enum gw_pem_kind kind;
	} kinds[] = {
		{"CERTIFICATE", GW_PEM_CERT},
		{"CERTIFICATE REQUEST", GW_PEM_CSR},
		{"NEW CERTIFICATE REQUEST", GW_PEM_CSR},
		{"X509 CRL", GW_PEM_CRL},
		{"PRIVATE KEY", GW_PEM_KEY},
		{"RSA PRIVATE KEY", GW_PEM_KEY},
		{"EC PRIVATE KEY", GW_PEM_KEY},
		{"ENCRYPTED PRIVATE KEY", GW_PEM_KEY_ENCRYPTED},
		{"EC PARAMETERS", GW_PEM_EC_PARAMETERS},
		{"PUBLIC KEY", GW_PEM_PUBLIC_KEY},
		{"RSA PUBLIC KEY", GW_PEM_PUBLIC_KEY},
	};
	size_t i;

	for (i = 0; i < GW_COUNT(kinds); i++) {
		if (strcmp(label, kinds[i].label) == 0)
			return kinds[i].kind == GW_PEM_KEY && encrypted ? GW_PEM_KEY_ENCRYPTED : kinds[i].kind;
	}
	return GW_PEM_OTHER;
}

static enum gw_code take_block(struct scan *s, const struct line *begin, struct gw_err *err)
{
	struct gw_pem_block block = {.start = begin->text, .line = s->number};
	bool encrypted;
	enum gw_code code = read_label(s, begin, &block, err);

	if (code == GW_OK)
		code = find_end(s, &block, err);
	if (code == GW_OK)
		code = check_base64(s, &block, &encrypted, err);
	if (code != GW_OK)
		return code;
	block.kind = kind_of(block.label, encrypted);
	if (s->pem->n_blocks == GW_PEM_BLOCKS_MAX)
		return fail_at(s, block.line, err, "the file holds more blocks than are read from one");
	if (s->pem->n_blocks == s->room) {
		s->room = s->room > 0 ? s->room * 2 : 8;
		s->pem->blocks = gw_realloc_array(s->pem->blocks, s->room, sizeof(*s->pem->blocks));
	}
	s->pem->blocks[s->pem->n_blocks++] = block;
	return GW_OK;
}

/* A mark that somebody retyped or cut: a dash too few or too many, a space within. Its block would be taken for explanatory
 * text, and be lost. ("---- BEGIN SSH2 PUBLIC KEY ----" is how RFC 4716 begins, and no damage.) */
static bool is_damaged_mark(const struct line *l)
{
	struct line rest = *l;

	while (rest.len > 0 && (*rest.text == '-' || is_blank(*rest.text))) {
		rest.text++;
		rest.len--;
	}
	return rest.len > 0 && rest.text[rest.len - 1] == '-' && (starts(&rest, "BEGIN ") || starts(&rest, "END ")) &&
	       memmem(rest.text, rest.len, "SSH2", 4) == NULL;
}

static enum gw_code scan_lines(struct scan *s, struct gw_err *err)
{
	enum gw_code code = GW_OK;
	struct line l;

	while (code == GW_OK && next_line(s, &l)) {
		if (starts(&l, BEGIN))
			code = take_block(s, &l, err);
		else if (memmem(l.text, l.len, BEGIN, strlen(BEGIN)) != NULL)
			code = misplaced_begin(s, &l, err);
		else if (starts(&l, END))
			code = fail_at(s, s->number, err, "an END line without its BEGIN line");
		else if (is_damaged_mark(&l))
			code = fail_at(s, s->number, err,
				       "a BEGIN or END line is damaged: it has five dashes on each side");
	}
	return code;
}

static enum gw_code no_block(const char *name, const char *text, size_t len, struct gw_err *err)
{
	const struct gw_pem_likeness *like = gw_pem_likeness(text, len);

	if (like == NULL) {
		gw_fail(err, GW_E_INPUT, name, "holds no PEM block");
		return gw_hint(err, "a PEM block starts with a line like " BEGIN "CERTIFICATE" DASHES);
	}
	gw_fail(err, GW_E_INPUT, name, "is %s, not PEM", like->what);
	return gw_hint(err, "%s", like->hint);
}

enum gw_code gw_pem_scan(struct gw_pem *pem, const char *name, const char *text, size_t len, struct gw_err *err)
{
	struct gw_pem found = {.name = name, .text = text, .len = len};
	struct scan s = {.pem = &found, .at = text, .end = text + len};
	const struct gw_pem_likeness *like;
	enum gw_code code;

	if (len >= 3 && memcmp(text, BYTE_ORDER_MARK, 3) == 0) {
		gw_fail(err, GW_E_INPUT, name, "begins with a UTF-8 byte order mark, which kubectl does not read past");
		return gw_hint(err, "take it away: sed -i '1s/^\\xEF\\xBB\\xBF//' FILE");
	}
	code = scan_lines(&s, err);
	if (code == GW_OK && found.n_blocks == 0)
		code = no_block(name, text, len, err);
	if (code != GW_OK) {
		/* A text that is damaged as a whole has a better name than the first line that shows it. */
		like = found.n_blocks == 0 ? gw_pem_likeness(text, len) : NULL;
		if (like != NULL && err->hint[0] == '\0')
			gw_hint(err, "this looks like %s: %s", like->what, like->hint);
		gw_pem_release(&found);
		return code;
	}
	*pem = found;
	return GW_OK;
}

void gw_pem_release(struct gw_pem *pem)
{
	free(pem->blocks);
	pem->blocks = NULL;
	pem->n_blocks = 0;
}

bool gw_pem_is_key(const struct gw_pem_block *block)
{
	size_t n = strlen(block->label);

	return n >= 11 && strcmp(block->label + n - 11, "PRIVATE KEY") == 0;
}

const char *gw_pem_kind_words(const struct gw_pem_block *block)
{
	switch (block->kind) {
	case GW_PEM_CERT: return "a certificate";
	case GW_PEM_CSR: return "a certificate signing request (CSR)";
	case GW_PEM_CRL: return "a revocation list (CRL)";
	case GW_PEM_KEY: return "a private key";
	case GW_PEM_KEY_ENCRYPTED: return "an encrypted private key";
	case GW_PEM_EC_PARAMETERS: return "EC parameters";
	case GW_PEM_PUBLIC_KEY: return "a public key";
	case GW_PEM_OTHER: break;
	}
	return block->label;
}

void gw_pem_where(char out[static GW_ERR_WHERE_MAX], const struct gw_pem *pem, const struct gw_pem_block *block)
{
	snprintf(out, GW_ERR_WHERE_MAX, "%s:%u", pem->name, block->line);
}

void gw_pem_decode(const struct gw_pem_block *block, struct gw_buf *der)
{
	bool encrypted;
	const char *stop, *at = body_of(block, &stop, &encrypted);
	GW_BUF_AUTO struct gw_buf digits = GW_BUF_SECRET(block->len);
	char *out, *compact = gw_buf_reserve(&digits, block->len);
	size_t n = 0, pads = 0;
	int written;

	for (; at < stop; at++) {
		if (is_blank(*at))
			continue;
		compact[n++] = *at;
		pads += *at == '=';
	}
	out = gw_buf_reserve(der, n / 4 * 3);
	if (out == NULL)
		return;
	written = EVP_DecodeBlock((unsigned char *)out, (const unsigned char *)compact, (int)n);
	if (written > 0)
		der->len += (size_t)written - pads;
	der->data[der->len] = '\0';
}

void gw_pem_write(struct gw_buf *out, const char *label, const void *der, size_t len)
{
	const unsigned char *from = der;
	char *at;

	gw_buf_str_add(out, BEGIN);
	gw_buf_str_add(out, label);
	gw_buf_str_add(out, DASHES "\n");
	at = gw_buf_reserve(out, len / 48 * 65 + 66);
	for (; len > 0 && at != NULL; at = out->data + out->len) {
		size_t n = len < 48 ? len : 48;
		int written = EVP_EncodeBlock((unsigned char *)at, from, (int)n);

		at[written] = '\n';
		out->len += (size_t)written + 1;
		from += n;
		len -= n;
	}
	gw_buf_str_add(out, END);
	gw_buf_str_add(out, label);
	gw_buf_str_add(out, DASHES "\n");
}
