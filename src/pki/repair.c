/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Repair of PEM, a layer at a time: whatever is outermost is taken off, and the rest looked at anew, until the strict
 * scanner has no complaint. The octets of a block are never guessed at.
 */
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pkcs7.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <string.h>

#include "pki/pem.h"

#define TEXT_MAX (2 * GW_PEM_FILE_MAX) /* octets: a block on its own lines is longer than what it was made from */

/* A layer: whether it is there and could be taken off, with what is under it appended to `out`. */
struct layer {
	bool (*peel)(const char *text, size_t len, struct gw_buf *out);
	const char *done;
};

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_base64(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
}

/* --- around the text ---------------------------------------------------------------------------------------------- */

static bool peel_mark(const char *text, size_t len, struct gw_buf *out)
{
	if (len < 3 || memcmp(text, "\xef\xbb\xbf", 3) != 0)
		return false;
	gw_buf_add(out, text + 3, len - 3);
	return true;
}

/* PEM is ASCII, so one octet of each two is zero; a character that is not becomes '?', which no block may hold. */
static bool peel_utf16(const char *text, size_t len, struct gw_buf *out)
{
	bool little = len >= 4 && (memcmp(text, "\xff\xfe", 2) == 0 || memcmp(text, "-\0-", 4) == 0);
	bool big = len >= 4 && (memcmp(text, "\xfe\xff", 2) == 0 || memcmp(text, "\0-\0-", 4) == 0);
	size_t low = big ? 1 : 0, i;

	if (!little && !big)
		return false;
	for (i = text[low] == '-' ? 0 : 2; i + 1 < len; i += 2)
		gw_buf_chr(out, text[i + 1 - low] == '\0' ? text[i + low] : '?');
	return true;
}

static char unescaped(char c)
{
	return c == 'n' ? '\n' : c == 'r' ? '\r' : c == 't' ? '\t' : c;
}

/* A value out of JSON, an environment variable or a shell: \n for each line end, perhaps within quotes. */
static bool peel_escapes(const char *text, size_t len, struct gw_buf *out)
{
	size_t i;

	if (memmem(text, len, "BEGIN ", 6) == NULL || memmem(text, len, "\\n", 2) == NULL)
		return false;
	for (i = 0; i < len; i++) {
		if (text[i] == '\\' && i + 1 < len)
			gw_buf_chr(out, unescaped(text[++i]));
		else if (text[i] != '"' && text[i] != '\'')
			gw_buf_chr(out, text[i]);
	}
	return true;
}

/* --- around the octets -------------------------------------------------------------------------------------------- */

bool gw_base64_decode(const char *text, size_t len, struct gw_buf *out)
{
	GW_BUF_AUTO struct gw_buf digits = GW_BUF_SECRET(TEXT_MAX);
	size_t i, pads = 0;
	char *room;
	int written;

	for (i = 0; i < len; i++) {
		if (is_base64(text[i]) && pads == 0)
			gw_buf_chr(&digits, text[i]);
		else if (text[i] == '=')
			pads++;
		else if (!is_space(text[i]))
			return false;
	}
	if (digits.len == 0 || digits.len % 4 == 1 || pads > 2)
		return false;
	pads = (4 - digits.len % 4) % 4;
	gw_buf_fill(&digits, '=', pads);
	room = gw_buf_reserve(out, digits.len / 4 * 3);
	if (room == NULL)
		return false;
	written = EVP_DecodeBlock((unsigned char *)room, (const unsigned char *)gw_buf_str(&digits), (int)digits.len);
	if (written < 0)
		return false;
	out->len += (size_t)written - pads;
	out->data[out->len] = '\0';
	return true;
}

/* Only where something is under it: a word of letters is base64 as well. */
static bool peel_base64(const char *text, size_t len, struct gw_buf *out)
{
	if (!gw_base64_decode(text, len, out))
		return false;
	return gw_pem_likeness(out->data, out->len) != NULL || memmem(out->data, out->len, "-----BEGIN", 10) != NULL;
}

static bool peel_der(const char *text, size_t len, struct gw_buf *out)
{
	const struct gw_pem_likeness *like = len > 0 && text[0] == 0x30 ? gw_pem_likeness(text, len) : NULL;

	if (like == NULL || like->label == NULL || strcmp(like->label, "PKCS7") == 0)
		return false;
	gw_pem_write(out, like->label, text, len);
	return true;
}

static void write_cert(const X509 *cert, struct gw_buf *out)
{
	unsigned char *der = NULL;
	int len = i2d_X509(cert, &der);

	if (len > 0)
		gw_pem_write(out, "CERTIFICATE", der, (size_t)len);
	OPENSSL_free(der);
}

/* The certificates of PKCS#7 signed data (RFC 2315 9.1), which is how Windows and some CAs ship a chain. */
static bool unpack_pkcs7(const char *der, size_t len, struct gw_buf *out)
{
	const unsigned char *at = (const unsigned char *)der;
	PKCS7 *p7 = d2i_PKCS7(NULL, &at, (long)len);
	const STACK_OF(X509) *certs = NULL;
	int i;

	if (p7 != NULL && PKCS7_type_is_signed(p7) && p7->d.sign != NULL)
		certs = p7->d.sign->cert;
	for (i = 0; i < sk_X509_num(certs); i++)
		write_cert(sk_X509_value(certs, i), out);
	PKCS7_free(p7);
	ERR_clear_error();
	return out->len > 0;
}

static bool peel_pkcs7(const char *text, size_t len, struct gw_buf *out)
{
	GW_BUF_AUTO struct gw_buf der = GW_BUF(GW_PEM_FILE_MAX);
	GW_PEM_AUTO struct gw_pem pem = {0};
	struct gw_err err = {.code = GW_OK};

	if (len > 0 && text[0] == 0x30)
		return unpack_pkcs7(text, len, out);
	if (memmem(text, len, "-----BEGIN PKCS7", 16) == NULL || gw_pem_scan(&pem, "", text, len, &err) != GW_OK ||
	    pem.n_blocks != 1)
		return false;
	gw_pem_decode(&pem.blocks[0], &der);
	return unpack_pkcs7(gw_buf_str(&der), der.len, out);
}

/* --- around the blocks -------------------------------------------------------------------------------------------- */

/* A BEGIN or END mark, with dashes of any number around it: where it starts and ends, and its label. */
struct mark {
	const char *start, *end;
	const char *label;
	size_t label_len;
};

static bool is_dash(const char *at, const char *end, size_t *len)
{
	if (at < end && *at == '-')
		*len = 1;
	else if (end - at >= 3 && memcmp(at, "\xe2\x80", 2) == 0 && (at[2] == '\x93' || at[2] == '\x94'))
		*len = 3; /* what a word processor makes of hyphens: U+2013, U+2014 */
	else
		return false;
	return true;
}

static const char *skip_dashes(const char *at, const char *end)
{
	size_t n;

	while (is_dash(at, end, &n))
		at += n;
	return at;
}

/* The dashes that stand before `at`, not further back than `from`. */
static const char *dashes_before(const char *at, const char *from)
{
	size_t n;

	while (at > from) {
		if (at[-1] == '-')
			at--;
		else if (at - from >= 3 && is_dash(at - 3, at, &n) && n == 3)
			at -= 3;
		else
			break;
	}
	return at;
}

/* The next mark of a kind, "BEGIN " or "END "; a label is capitals, digits and spaces, and dashes follow it. */
static bool next_mark(const char *at, const char *end, const char *kind, struct mark *m)
{
	size_t n = strlen(kind);
	const char *from = at;

	for (; (at = memmem(at, (size_t)(end - at), kind, n)) != NULL; at += n) {
		const char *stop = at + n;

		while (stop < end && ((*stop >= 'A' && *stop <= 'Z') || (*stop >= '0' && *stop <= '9') || *stop == ' '))
			stop++;
		m->label = at + n;
		m->label_len = (size_t)(stop - m->label);
		while (m->label_len > 0 && m->label[m->label_len - 1] == ' ')
			m->label_len--;
		m->start = dashes_before(at, from);
		m->end = skip_dashes(stop, end);
		if (m->label_len > 0 && m->label_len < 48 && (m->end > stop || m->start < at))
			return true;
	}
	return false;
}

static bool same_label(const struct mark *a, const struct mark *b)
{
	return a->label_len == b->label_len && memcmp(a->label, b->label, a->label_len) == 0;
}

/* Writes the block between two marks anew. What stands before the base64 of a line (an indent, "> ", "| ") is dropped. */
static bool write_block(const struct mark *begin, const struct mark *end, struct gw_buf *out)
{
	GW_BUF_AUTO struct gw_buf digits = GW_BUF_SECRET(TEXT_MAX);
	GW_BUF_AUTO struct gw_buf der = GW_BUF_SECRET(TEXT_MAX);
	const char *at;
	char label[48];

	for (at = begin->end; at < end->start; at++) {
		if (is_base64(*at) || *at == '=')
			gw_buf_chr(&digits, *at);
		else if (!is_space(*at) && *at != '>' && *at != '|' && *at != '#' && *at != '"')
			return false;
	}
	if (!gw_base64_decode(gw_buf_str(&digits), digits.len, &der))
		return false;
	memcpy(label, begin->label, begin->label_len);
	label[begin->label_len] = '\0';
	gw_pem_write(out, label, gw_buf_str(&der), der.len);
	return true;
}

/* A block with headers (an encrypted traditional key) is not taken apart: they belong to it. */
static bool peel_armour(const char *text, size_t len, struct gw_buf *out)
{
	const char *at = text, *stop = text + len;
	struct mark begin, end;

	while (next_mark(at, stop, "BEGIN ", &begin)) {
		if (!next_mark(begin.end, stop, "END ", &end) || !same_label(&begin, &end))
			return false;
		if (!write_block(&begin, &end, out))
			return false;
		at = end.end;
	}
	return out->len > 0;
}

/* --- all ---------------------------------------------------------------------------------------------------------- */

static const struct layer layers[] = {
	{peel_mark, "took the byte order mark off"},
	{peel_utf16, "turned UTF-16 into UTF-8"},
	{peel_pkcs7, "took the certificates out of PKCS#7"},
	{peel_der, "turned DER into PEM"},
	{peel_base64, "took base64 off"},
	{peel_escapes, "made escaped newlines real"},
	{peel_armour, "set the BEGIN and END lines and the line ends right"},
};

static bool holds_pkcs7(const struct gw_pem *pem)
{
	return pem->n_blocks == 1 && strncmp(pem->blocks[0].label, "PKCS", 4) == 0;
}

static bool is_sound(const char *name, const struct gw_buf *text, struct gw_err *err)
{
	GW_PEM_AUTO struct gw_pem pem = {0};

	if (gw_pem_scan(&pem, name, gw_buf_str(text), text->len, err) != GW_OK)
		return false;
	if (holds_pkcs7(&pem))
		gw_fail(err, GW_E_INPUT, name, "is PKCS#7 from which no certificate can be taken");
	return !holds_pkcs7(&pem);
}

/* Takes one layer off. */
static const char *peel(struct gw_buf *text)
{
	size_t i;

	for (i = 0; i < GW_COUNT(layers); i++) {
		GW_BUF_AUTO struct gw_buf under = GW_BUF_SECRET(TEXT_MAX);

		if (!layers[i].peel(gw_buf_str(text), text->len, &under) || under.overflow)
			continue;
		gw_buf_clear(text);
		gw_buf_append(text, &under);
		return layers[i].done;
	}
	return NULL;
}

enum gw_code gw_pem_repair(const char *name, const char *text, size_t len, struct gw_buf *pem, struct gw_repair *done,
			   struct gw_err *err)
{
	GW_BUF_AUTO struct gw_buf now = GW_BUF_SECRET(TEXT_MAX);
	struct gw_repair steps = {.n_steps = 0};
	struct gw_err first = {.code = GW_OK}, later;

	gw_buf_add(&now, text, len);
	if (!is_sound(name, &now, &first)) {
		do {
			const char *step = steps.n_steps < GW_REPAIR_STEPS_MAX ? peel(&now) : NULL;

			if (step == NULL) {
				*err = first;
				return err->code;
			}
			steps.steps[steps.n_steps++] = step;
		} while (!is_sound(name, &now, &later));
	}
	gw_buf_append(pem, &now);
	*done = steps;
	return GW_OK;
}
