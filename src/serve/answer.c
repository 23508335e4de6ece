/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/answer.h"

#include <string.h>

#include "pki/verify.h"
#include "tree/tree.h"

static struct gw_node *text_or_null(struct gw_arena *arena, const char *text)
{
	return text != NULL ? gw_str_new(arena, text) : gw_null_new(arena);
}

static struct gw_node *tls_node(struct gw_arena *arena, const struct gw_tls_facts *facts)
{
	struct gw_node *map = gw_map_new(arena);

	gw_map_add(arena, map, "version", text_or_null(arena, facts->version));
	gw_map_add(arena, map, "cipher", text_or_null(arena, facts->cipher));
	gw_map_add(arena, map, "group", text_or_null(arena, facts->group));
	gw_map_add(arena, map, "sni", text_or_null(arena, facts->sni));
	gw_map_add(arena, map, "alpn", text_or_null(arena, facts->alpn));
	return map;
}

/* The certificate that the client has shown and proved to hold the key of; whether it is trusted is another matter. */
static struct gw_node *client_node(struct gw_arena *arena, const struct gw_tls_facts *facts)
{
	struct gw_node *map, *sans;
	struct gw_cert_facts cert;

	if (facts->chain->count == 0)
		return gw_null_new(arena);
	gw_cert_read_facts(facts->chain->items[0], arena, &cert);
	map = gw_map_new(arena);
	gw_map_str(arena, map, "subject", cert.subject);
	sans = gw_map_add(arena, map, "sans", gw_list_new(arena));
	for (size_t i = 0; i < cert.n_sans; i++)
		gw_list_add(sans, gw_str_new(arena, gw_san_text(arena, &cert.sans[i])));
	gw_map_str(arena, map, "sha256", cert.sha256);
	gw_map_bool(arena, map, "verified", facts->client_verified);
	gw_map_add(arena, map, "error",
		   facts->client_error == 0 ? gw_null_new(arena)
					    : gw_str_new(arena, gw_verify_error_text(facts->client_error)));
	return map;
}

/* The members that the demo application of GKE's page prints as well keep its names: host_header. */
static void write_body(struct gw_buf *body, struct gw_tls *tls, const struct gw_http_request *request)
{
	struct gw_arena arena GW_ARENA_AUTO = {0};
	struct gw_node *map = gw_map_new(&arena);
	struct gw_tls_facts facts;

	gw_tls_observe(tls, &facts);
	gw_map_add(&arena, map, "host_header",
		   request->host == NULL ? gw_null_new(&arena) : gw_strn_new(&arena, request->host, request->host_len));
	gw_map_str(&arena, map, "method", "GET"); /* for HEAD too: its length is that of GET's body (RFC 9110 9.3.2) */
	gw_map_add(&arena, map, "path", gw_strn_new(&arena, request->target, request->target_len));
	gw_map_add(&arena, map, "tls", tls_node(&arena, &facts));
	gw_map_add(&arena, map, "client_certificate", client_node(&arena, &facts));
	gw_json_write_line(body, map);
	gw_buf_chr(body, '\n');
}

void gw_answer(struct gw_buf *out, struct gw_tls *tls, const struct gw_http_request *request, bool *keep)
{
	struct gw_buf body GW_BUF_AUTO = GW_BUF(out->max - GW_HTTP_REPLY_HEAD_MAX);
	struct gw_http_reply reply = {.status = 200, .type = "application/json"};

	reply.keep = request->keep;
	reply.minor = request->minor;
	reply.head = strcmp(request->method, "HEAD") == 0;
	if (reply.head || strcmp(request->method, "GET") == 0) {
		write_body(&body, tls, request);
	} else {
		reply.status = 405;
		gw_buf_str_add(&body, "{\"error\":\"only GET and HEAD are answered\"}\n");
	}
	if (body.overflow) { /* a client certificate with thousands of names */
		reply.status = 500;
		gw_buf_clear(&body);
		gw_buf_str_add(&body, "{\"error\":\"the answer would be too long\"}\n");
	}
	reply.body = gw_buf_str(&body);
	reply.body_len = body.len;
	gw_http_reply(out, &reply);
	*keep = reply.keep;
}

void gw_answer_bad(struct gw_buf *out, unsigned status)
{
	static const char malformed[] = "{\"error\":\"malformed HTTP request\"}\n";
	static const char large[] = "{\"error\":\"request head over 16384 octets\"}\n";
	static const char version[] = "{\"error\":\"only HTTP/1.0 and HTTP/1.1 are spoken\"}\n";
	struct gw_http_reply reply = {.status = status, .type = "application/json", .minor = true};

	reply.body = status == 431 ? large : status == 505 ? version : malformed;
	reply.body_len = strlen(reply.body);
	gw_http_reply(out, &reply);
}
