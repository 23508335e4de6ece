/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each thread in turn takes some items, makes them, and writes them when all before them are written: so the output is in
 * the order of the items, whoever made them, and nobody waits but for that.
 */
#include "issue/stream.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "issue/disk.h"
#include "k8s/secret.h"
#include "pki/mould.h"
#include "rules/names.h"
#include "rules/rules.h"
#include "template/each.h"

#define TURN_ITEMS  64  /* made before they are written: a good deal for one write(), 170 KB of Secrets */
#define CHECK_EVERY 256 /* certificates of a mould of which one is read back and verified */
#define OUTPUT_MAX  ((size_t)256 << 20)

struct stream {
	const struct gw_ctx *ctx;
	const struct gw_stream_request *request;
	struct gw_plan plan; /* of the CAs */
	int64_t now;
	/* What is read next; one thread at a time. */
	pthread_mutex_t reading;
	struct gw_entry *at;
	struct gw_each_reader *reader;
	struct gw_each_taken taken;
	uint64_t number, turn;
	/* What is written next. */
	pthread_mutex_t writing;
	pthread_cond_t written;
	uint64_t next_turn;
	struct gw_findings *fs;
	struct gw_stream_count *count;
	bool ended; /* by an error, or max_bad: nothing more is written */
	struct gw_err err;
};

struct worker {
	struct stream *s;
	struct gw_arena arena; /* of the items of one turn */
	struct gw_entry *items[TURN_ITEMS];
	size_t n_items, bad, made;
	struct gw_findings fs;
	struct gw_buf out, key, cert; /* Secrets, and the PEM of the one at hand */
	struct gw_mould *mould;
	const struct gw_entry *mould_of;
	size_t cast;
	uint64_t turn;
	enum gw_code code;
	struct gw_err err;
	pthread_t thread;
};

/* --- the CAs ------------------------------------------------------------------------------------------------------ */

static bool is_streamed(const struct gw_entry *e)
{
	return !e->plan.ca;
}

/* Only what time alone brings may be wrong with a CA that signs: what else differs is mended first. */
static bool is_usable(const struct stream *s, const struct gw_step *step)
{
	bool as_asked = step->action == GW_ACTION_KEEP || step->action == GW_ACTION_COMPLETE ||
			step->action == GW_ACTION_WAIT || step->n_reasons == step->n_timely;

	return as_asked && step->own.cert != NULL && gw_cert_not_after(step->own.cert) > s->now;
}

/* Whether a CA signs items itself, and is not only above one that does. */
static bool is_signing(const struct gw_issue_request *issuers, const struct gw_step *step)
{
	size_t i;

	for (i = 0; i < issuers->n_names; i++) {
		if (strcmp(issuers->names[i], step->entry->name) == 0)
			return true;
	}
	return false;
}

static enum gw_code not_usable(const struct stream *s, const struct gw_step *step, struct gw_err *err)
{
	const char *name = step->entry->name;

	if (step->action == GW_ACTION_MAKE)
		gw_fail(err, GW_E_REFUSED, s->request->dir, "the CA \"%s\", which signs, is not there yet", name);
	else
		gw_fail(err, GW_E_REFUSED, s->request->dir, "the CA \"%s\", which signs, cannot be used as it is%s%s",
			name, step->n_reasons > 0 ? ": " : "", step->n_reasons > 0 ? step->reasons[0] : "");
	return gw_hint(err, "a stream writes no files; make it first: gwcert gen %s", name);
}

static enum gw_code load_issuers(struct stream *s, const struct gw_issue_request *issuers, struct gw_findings *fs,
				 struct gw_err *err)
{
	enum gw_code code = gw_plan_make(s->ctx, issuers, &s->plan, fs, err);
	size_t i;

	for (i = 0; i < s->plan.n_steps && (code == GW_OK || code == GW_E_REFUSED); i++) {
		struct gw_step *step = &s->plan.steps[i];

		if (!is_usable(s, step))
			return not_usable(s, step, err);
		if (!is_signing(issuers, step))
			continue;
		code = gw_step_unlock(s->ctx, &s->plan, step, err);
		if (code == GW_OK && step->own.key == NULL)
			return not_usable(s, step, err);
	}
	return code;
}

/* Every CA of which an entry may hang. */
static const char *const *issuer_names(struct stream *s, size_t *n)
{
	const struct gw_template *t = s->request->t;
	const char **names = gw_arena_alloc(&s->plan.arena, (t->count + 1) * sizeof(*names));
	const struct gw_entry *e, *ca;
	bool any = false;

	*n = 0;
	for (e = t->first; e != NULL; e = e->next)
		any |= is_streamed(e) && gw_entry_varies(e, "issuer");
	for (ca = t->first; ca != NULL; ca = ca->next) {
		bool wanted = any && ca->plan.ca;

		for (e = t->first; e != NULL && !wanted; e = e->next)
			wanted = is_streamed(e) && e->issuer_entry == ca;
		if (wanted)
			names[(*n)++] = ca->name;
	}
	return names;
}

/* --- items -------------------------------------------------------------------------------------------------------- */

static bool is_named(const struct stream *s, const struct gw_entry *e)
{
	size_t i;

	for (i = 0; i < s->request->n_names; i++) {
		if (strcmp(s->request->names[i], e->name) == 0 ||
		    (e->pattern != NULL && strcmp(s->request->names[i], e->pattern->name) == 0))
			return true;
	}
	return s->request->n_names == 0;
}

static bool is_ours(const struct stream *s)
{
	return s->number % s->request->shards == s->request->shard;
}

/* The next row of the entry at hand. */
static enum gw_code take_row(struct stream *s, struct worker *w, struct gw_err *err)
{
	struct gw_each_made made;
	enum gw_code code = gw_each_next(s->reader, is_ours(s), &w->arena, &w->fs, &made, err);

	if (code != GW_OK)
		return code;
	if (made.end) {
		gw_each_close(s->reader);
		s->reader = NULL;
		return GW_OK;
	}
	s->number++;
	w->bad += made.bad;
	if (made.entry != NULL && is_named(s, made.entry))
		w->items[w->n_items++] = made.entry;
	return GW_OK;
}

static enum gw_code take_items(struct stream *s, struct worker *w, struct gw_err *err)
{
	enum gw_code code = GW_OK;
	size_t rows;

	w->n_items = w->bad = w->made = 0;
	gw_arena_reset(&w->arena);
	/* Rows that are not wanted fill a turn as well: bad ones are told soon, whatever follows. Where bad rows are counted,
	 * each ends its turn, so that nothing behind the last that is allowed is made. */
	for (rows = 0; code == GW_OK && rows < 64 * TURN_ITEMS && w->n_items < TURN_ITEMS; rows++) {
		if (s->request->max_bad > 0 && w->bad > 0)
			break;
		if (s->reader != NULL) {
			code = take_row(s, w, err);
			continue;
		}
		if (s->at == NULL)
			break;
		if (s->at->each != NULL) {
			code = gw_each_open(s->request->t, s->at, &s->taken, &s->reader, err);
		} else if (is_streamed(s->at)) {
			if (is_ours(s) && is_named(s, s->at))
				w->items[w->n_items++] = s->at;
			s->number++;
		}
		s->at = s->at->next;
	}
	return code;
}

/* --- making ------------------------------------------------------------------------------------------------------- */

static enum gw_code use_mould(struct worker *w, const struct gw_entry *e, const struct gw_signer *signer,
			      struct gw_err *err)
{
	struct stream *s = w->s;

	if (w->mould_of == e->pattern)
		return GW_OK;
	gw_mould_free(w->mould);
	w->mould = NULL;
	w->mould_of = NULL;
	if (gw_mould_new(s->ctx, e->key_type, signer->cert, signer->key, &w->mould, err) != GW_OK)
		return err->code;
	w->mould_of = e->pattern;
	return GW_OK;
}

/* One Secret of the pair at hand: of its entry's name, or as `p` has it. */
static void write_secret(struct worker *w, const struct gw_entry *e, const struct gw_publish *p,
			 const struct gw_cert_facts *leaf)
{
	struct gw_tls_secret secret = {.name = e->name,
				       .cert_pem = gw_buf_str(&w->cert),
				       .cert_len = w->cert.len,
				       .key_pem = w->key.data,
				       .key_len = w->key.len,
				       .leaf = leaf};

	if (p != NULL) {
		secret.name = p->name;
		secret.namespace_ = p->namespace_;
		secret.labels = p->labels;
		secret.annotations = p->annotations;
	}
	gw_buf_str_add(&w->out, "---\n");
	gw_tls_secret_write(&w->out, &secret);
}

/* As many as gwcert secret --from would make. */
static void write_secrets(struct worker *w, const struct gw_entry *e, const struct gw_signer *signer,
			  const char *sha256, int64_t not_after)
{
	const struct gw_cert_facts leaf = {.sans = (struct gw_san *)e->plan.sans,
					   .n_sans = e->plan.n_sans,
					   .sha256 = sha256,
					   .not_after = not_after};
	const struct gw_publish *p = gw_publish_of(e->publish, GW_PUBLISH_SECRET);

	if (signer != NULL)
		gw_buf_append(&w->cert, &signer->chain);
	if (p == NULL)
		write_secret(w, e, NULL, &leaf);
	for (; p != NULL; p = gw_publish_of(p->next, GW_PUBLISH_SECRET))
		write_secret(w, e, p, &leaf);
}

/* A row of a mould: its fields are the mould's but for those that gw_mould_cast() puts in. */
static enum gw_code make_quickly(struct worker *w, const struct gw_entry *e, const struct gw_signer *signer,
				 struct gw_err *err)
{
	struct gw_buf hex = GW_BUF(65);
	struct gw_cert_plan plan = e->plan;
	bool first;
	enum gw_code code = use_mould(w, e, signer, err);

	gw_issue_dates(&plan, e, signer, w->s->now);
	if (code == GW_OK)
		code = gw_mould_cast(w->mould, &plan, &w->key, &w->cert, &first, err);
	if (code == GW_OK && (first || w->cast++ % CHECK_EVERY == 0))
		code = gw_issue_check(w->s->ctx, e, &plan, gw_mould_key(w->mould), &w->cert, signer, w->s->now, err);
	if (code != GW_OK)
		return code;
	gw_hex(&hex, gw_mould_sha256(w->mould), 32, '\0');
	write_secrets(w, e, signer, gw_buf_str(&hex), plan.not_after);
	gw_buf_release(&hex);
	return GW_OK;
}

/* Any other entry: self-signed, or with fields that differ from row to row. */
static enum gw_code make_one(struct worker *w, const struct gw_entry *e, const struct gw_signer *signer,
			     struct gw_err *err)
{
	GW_MADE_AUTO struct gw_made made = GW_MADE_INIT;
	struct gw_cert_facts facts;
	enum gw_code code = gw_issue_one(w->s->ctx, e, signer, NULL, w->s->now, &made, err);

	if (code != GW_OK)
		return code;
	gw_cert_read_facts(made.cert, &w->arena, &facts);
	gw_buf_add(&w->key, made.key_pem.data, made.key_pem.len);
	gw_buf_append(&w->cert, &made.cert_pem);
	write_secrets(w, e, signer, facts.sha256, facts.not_after);
	return GW_OK;
}

/* Why the entry's name cannot be its Secret's; one that publish gives has been looked at. */
static const char *name_fault(const struct gw_entry *e)
{
	return gw_publish_of(e->publish, GW_PUBLISH_SECRET) == NULL ? gw_name_k8s_subdomain(e->name) : NULL;
}

/* An item that cannot be made is told, and leaves nothing behind. */
static void item_failed(struct worker *w, const struct gw_entry *e, const char *what, const char *hint)
{
	const struct gw_where where = gw_entry_where(&w->arena, e, NULL);
	struct gw_finding *f = gw_find(&w->fs, GWT_ROW_FAILED, &where, "\"%s\" could not be made: %s", e->name, what);

	if (hint[0] != '\0')
		gw_finding_fix(&w->fs, f, "%s", hint);
	w->bad++;
}

static enum gw_code make_item(struct worker *w, const struct gw_entry *e, struct gw_err *err)
{
	const struct gw_step *issuer = gw_step_of(&w->s->plan, e->issuer_entry);
	const struct gw_signer *signer = issuer != NULL ? &issuer->own : NULL;
	const char *why = name_fault(e);
	enum gw_code code;

	gw_buf_clear(&w->key);
	gw_buf_clear(&w->cert);
	if (why != NULL) {
		item_failed(w, e, gw_arena_printf(&w->arena, "as the name of a Secret it %s", why),
			    "name the Secret below publish");
		return GW_OK;
	}
	if (signer != NULL && e->pattern != NULL && gw_each_is_alike(e->pattern))
		code = make_quickly(w, e, signer, err);
	else
		code = make_one(w, e, signer, err);
	if (code == GW_E_INPUT) {
		item_failed(w, e, err->what, err->hint);
		*err = (struct gw_err){0};
		return GW_OK;
	}
	w->made += code == GW_OK;
	return code;
}

/* --- writing ------------------------------------------------------------------------------------------------------ */

/* Waits until all turns before this one have been written. False where nothing more is to be written. */
static bool wait_for_turn(struct stream *s, const struct worker *w)
{
	while (s->next_turn != w->turn)
		pthread_cond_wait(&s->written, &s->writing);
	return !s->ended;
}

static enum gw_code write_out(struct stream *s, const struct worker *w, struct gw_err *err)
{
	if (w->out.overflow)
		return gw_fail(err, GW_E_INPUT, NULL, "the Secrets are too large");
	if (w->out.len > 0 && fwrite(w->out.data, 1, w->out.len, s->ctx->out) != w->out.len)
		return gw_fail_sys(err, "standard output", "cannot write");
	return GW_OK;
}

static void finish_turn(struct stream *s, struct worker *w)
{
	pthread_mutex_lock(&s->writing);
	if (wait_for_turn(s, w)) {
		gw_findings_take(s->fs, &w->fs);
		s->count->bad += w->bad;
		s->count->stopped = s->request->max_bad > 0 && s->count->bad >= s->request->max_bad;
		if (w->code == GW_OK)
			w->code = write_out(s, w, &w->err);
		s->count->made += w->made;
		if (w->code != GW_OK)
			s->err = w->err;
		s->ended = w->code != GW_OK || s->count->stopped;
		if (s->request->progress != NULL)
			s->request->progress(s->request->self, s->count->made);
	}
	s->next_turn++;
	pthread_cond_broadcast(&s->written);
	pthread_mutex_unlock(&s->writing);
	gw_findings_release(&w->fs);
	gw_buf_clear(&w->out);
}

static bool has_ended(struct stream *s)
{
	bool ended;

	pthread_mutex_lock(&s->writing);
	ended = s->ended;
	pthread_mutex_unlock(&s->writing);
	return ended;
}

/* One turn; false behind the last one. */
static bool take_turn(struct stream *s, struct worker *w)
{
	bool end;
	size_t i;

	pthread_mutex_lock(&s->reading);
	w->turn = s->turn++;
	w->code = gw_interrupted(s->ctx) ? gw_fail(&w->err, GW_E_IO, NULL, "interrupted") : GW_OK;
	if (w->code == GW_OK)
		w->code = take_items(s, w, &w->err);
	end = w->code != GW_OK || (s->at == NULL && s->reader == NULL);
	if (end)
		s->at = NULL;
	pthread_mutex_unlock(&s->reading);
	for (i = 0; i < w->n_items && w->code == GW_OK; i++)
		w->code = make_item(w, w->items[i], &w->err);
	finish_turn(s, w);
	return !end && !has_ended(s);
}

static void *work(void *self)
{
	struct worker *w = self;

	while (take_turn(w->s, w))
		;
	gw_mould_free(w->mould);
	gw_arena_release(&w->arena);
	gw_findings_release(&w->fs);
	gw_buf_release(&w->out);
	gw_buf_release(&w->key);
	gw_buf_release(&w->cert);
	return NULL;
}

/* The first worker is this thread; others that cannot be started are done without. */
static void run_workers(struct stream *s)
{
	unsigned jobs = s->request->jobs, started = 1, i;
	struct worker *workers = gw_zalloc(jobs * sizeof(*workers));

	for (i = 0; i < jobs; i++) {
		workers[i].s = s;
		workers[i].out = (struct gw_buf)GW_BUF_SECRET(OUTPUT_MAX);
		workers[i].key = (struct gw_buf)GW_BUF_SECRET(GW_ISSUE_FILE_MAX);
		workers[i].cert = (struct gw_buf)GW_BUF(GW_ISSUE_FILE_MAX);
	}
	while (started < jobs && pthread_create(&workers[started].thread, NULL, work, &workers[started]) == 0)
		started++;
	work(&workers[0]);
	for (i = 1; i < started; i++)
		pthread_join(workers[i].thread, NULL);
	free(workers);
}

static enum gw_code check_names(const struct gw_stream_request *request, struct gw_err *err)
{
	const struct gw_entry *e;
	bool rows = false;
	size_t i;

	for (e = request->t->first; e != NULL; e = e->next)
		rows |= e->each != NULL;
	for (i = 0; i < request->n_names; i++) {
		e = gw_template_find(request->t, request->names[i]);
		if (e != NULL && e->plan.ca)
			return gw_fail(err, GW_E_USAGE, request->names[i], "is a CA, whose key goes into no Secret");
		if (e == NULL && !rows)
			return gw_fail(err, GW_E_USAGE, request->t->name, "has no entry \"%s\"", request->names[i]);
	}
	return GW_OK;
}

/* --- what may be streamed ----------------------------------------------------------------------------------------- */

static bool is_asked(const struct gw_stream_request *request, const struct gw_entry *e)
{
	size_t i;

	for (i = 0; i < request->n_names; i++) {
		if (strcmp(request->names[i], e->name) == 0 ||
		    (e->each != NULL && gw_template_find(request->t, request->names[i]) == NULL))
			return true;
	}
	return request->n_names == 0;
}

/* A key of the entry that keeps it out of a stream, where every key is new and lies open in a Secret; or NULL. */
static const char *obstacle(const struct gw_entry *e, const char **why)
{
	const struct gw_node *key = gw_node_get(e->merged, "key");

	*why = "a stream makes new keys, and this one has its own";
	if (gw_node_get(e->merged, "csr") != NULL)
		return "csr";
	if (gw_node_get(e->merged, "certificate") != NULL)
		return "certificate";
	if (key == NULL || key->kind != GW_MAP)
		return NULL;
	if (gw_node_get(key, "file") != NULL)
		return "key";
	*why = "its key is to be encrypted, and would lie open in a Secret";
	return gw_node_get(key, "encrypt") != NULL ? "key" : NULL;
}

static void check_entries(struct stream *s, struct gw_findings *fs)
{
	const struct gw_stream_request *request = s->request;
	const struct gw_entry *e;
	const char *key, *why;
	struct gw_finding *f;

	for (e = request->t->first; e != NULL; e = e->next) {
		struct gw_where where;

		key = is_streamed(e) && is_asked(request, e) ? obstacle(e, &why) : NULL;
		if (key == NULL)
			continue;
		where = gw_entry_where(&s->plan.arena, e, key);
		f = gw_find(fs, GWT_NOT_STREAMED, &where, "\"%s\" goes into no stream: %s", e->name, why);
		gw_finding_fix(fs, f,
			       "make it in a folder: gwcert gen %s; and name the others behind gen --stream secret",
			       e->name);
	}
	gw_each_take_secrets(request->t, &s->plan.arena, &s->taken, fs);
}

enum gw_code gw_issue_stream(const struct gw_ctx *ctx, const struct gw_stream_request *request, struct gw_findings *fs,
			     struct gw_stream_count *count, struct gw_err *err)
{
	struct stream s = {.ctx = ctx,
			   .request = request,
			   .plan = GW_PLAN_INIT,
			   .now = gw_now(&ctx->clock),
			   .reading = PTHREAD_MUTEX_INITIALIZER,
			   .at = request->t->first,
			   .writing = PTHREAD_MUTEX_INITIALIZER,
			   .written = PTHREAD_COND_INITIALIZER,
			   .fs = fs,
			   .count = count};
	struct gw_issue_request issuers = {.t = request->t, .dir = request->dir};
	enum gw_code code = check_names(request, err);

	if (code == GW_OK)
		check_entries(&s, fs);
	if (gw_findings_any(fs, GW_ERROR) && code == GW_OK) {
		*err = (struct gw_err){.code = GW_E_INPUT};
		code = GW_E_INPUT;
	}
	issuers.names = issuer_names(&s, &issuers.n_names);
	if (code == GW_OK && issuers.n_names > 0)
		code = load_issuers(&s, &issuers, fs, err);
	if (code == GW_OK) {
		run_workers(&s);
		code = s.err.code;
		if (code != GW_OK)
			*err = s.err;
	}
	gw_each_close(s.reader);
	gw_each_taken_release(&s.taken);
	gw_plan_release(&s.plan);
	return code;
}
