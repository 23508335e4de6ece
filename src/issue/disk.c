/* SPDX-License-Identifier: Apache-2.0 */
#include "issue/disk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"

void gw_on_disk_release(struct gw_on_disk *d)
{
	gw_buf_release(&d->key_pem);
	gw_buf_release(&d->csr_pem);
	gw_buf_release(&d->cert_pem);
	gw_buf_release(&d->chain_pem);
	gw_buf_release(&d->fullchain_pem);
	gw_buf_release(&d->pkcs12);
	gw_cert_free(d->cert);
	gw_key_free(d->key);
	memset(d, 0, sizeof(*d));
}

static void *grown(struct gw_plan *plan, void *items, size_t n, size_t *cap, size_t size)
{
	void *more;

	if (n < *cap)
		return items;
	*cap = *cap == 0 ? 4 : *cap * 2;
	more = gw_arena_alloc(&plan->arena, *cap * size);
	if (n > 0)
		memcpy(more, items, n * size);
	return more;
}

GW_PRINTF(3, 0)
static const char *add_reason(struct gw_plan *plan, struct gw_step *step, const char *fmt, va_list args)
{
	char text[GW_ERR_WHAT_MAX];

	gw_vformat(text, sizeof(text), fmt, args);
	step->reasons = grown(plan, step->reasons, step->n_reasons, &step->cap_reasons, sizeof(*step->reasons));
	step->reasons[step->n_reasons] = gw_arena_strdup(&plan->arena, text);
	return step->reasons[step->n_reasons++];
}

void gw_step_reason(struct gw_plan *plan, struct gw_step *step, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	(void)add_reason(plan, step, fmt, args);
	va_end(args);
}

void gw_step_change(struct gw_plan *plan, struct gw_step *step, const char *field, const char *is, const char *asked)
{
	step->changes = grown(plan, step->changes, step->n_changes, &step->cap_changes, sizeof(*step->changes));
	step->changes[step->n_changes++] =
		(struct gw_change){.field = field,
				   .is = is != NULL ? gw_arena_strdup(&plan->arena, is) : NULL,
				   .asked = asked != NULL ? gw_arena_strdup(&plan->arena, asked) : NULL};
}

void gw_step_because(struct gw_plan *plan, struct gw_step *step, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	gw_step_change(plan, step, NULL, add_reason(plan, step, fmt, args), NULL);
	va_end(args);
}

bool gw_disk_has(const struct gw_plan *plan, const struct gw_entry *e)
{
	struct stat st;

	return plan->dirfd >= 0 && fstatat(plan->dirfd, e->name, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

/* One file of the entry. Links, pipes and the like are a reason, not an error. */
static enum gw_code read_file(struct gw_plan *plan, struct gw_step *step, int fd, const char *name, struct gw_buf *out,
			      mode_t *mode, struct gw_err *err)
{
	const char *shown = gw_arena_printf(&plan->arena, "%s/%s/%s", plan->request->dir, step->entry->name, name);
	bool there = false;
	enum gw_code code = gw_file_read_at(fd, name, shown, out, &there, mode, err);

	if (code == GW_E_INPUT) {
		gw_step_because(plan, step, "%s %s", name, err->what);
		return GW_OK;
	}
	return code;
}

static enum gw_code read_files(struct gw_plan *plan, struct gw_step *step, int fd, struct gw_on_disk *d,
			       struct gw_err *err)
{
	const struct gw_file_names *names = &step->entry->files;
	mode_t key_mode = 0, mode;
	size_t before = step->n_reasons;
	enum gw_code code = GW_OK;
	struct stat st;

	if (gw_entry_has_key(step->entry))
		step->left_key = fstatat(fd, names->key, &st, AT_SYMLINK_NOFOLLOW) == 0 && !S_ISDIR(st.st_mode);
	else
		code = read_file(plan, step, fd, names->key, &d->key_pem, &key_mode, err);
	d->exposed = (key_mode & 077) != 0;
	d->pair = d->key_pem.len > 0 || step->n_reasons > before ? GW_PAIR_STRANGE : GW_PAIR_NONE;
	if (code == GW_OK)
		code = read_file(plan, step, fd, names->csr, &d->csr_pem, &mode, err);
	if (code == GW_OK)
		code = read_file(plan, step, fd, names->cert, &d->cert_pem, &mode, err);
	if (code == GW_OK)
		code = read_file(plan, step, fd, names->chain, &d->chain_pem, &mode, err);
	if (code == GW_OK)
		code = read_file(plan, step, fd, names->fullchain, &d->fullchain_pem, &mode, err);
	if (code == GW_OK && step->entry->pkcs12)
		code = read_file(plan, step, fd, names->pkcs12, &d->pkcs12, &mode, err);
	return code;
}

static void parse_cert(const struct gw_ctx *ctx, struct gw_plan *plan, struct gw_step *step, struct gw_on_disk *d)
{
	const char *name = step->entry->files.cert;
	GW_PEM_AUTO struct gw_pem pem = {0};
	struct gw_err err = {0};
	enum gw_code code = gw_pem_scan(&pem, name, d->cert_pem.data, d->cert_pem.len, &err);

	if (code == GW_OK && (pem.n_blocks != 1 || pem.blocks[0].kind != GW_PEM_CERT))
		gw_step_because(plan, step, "%s does not hold one certificate", name);
	else if (code != GW_OK || gw_cert_from_pem(ctx, &pem, &pem.blocks[0], &d->cert, &err) != GW_OK)
		gw_step_because(plan, step, "%s cannot be read: %s", name, err.what);
}

/* An encrypted key that is to be used. */
static enum gw_code open_key(const struct gw_ctx *ctx, const struct gw_step *step, const struct gw_pem *pem,
			     struct gw_on_disk *d, struct gw_err *err)
{
	struct gw_password password = step->entry->password;
	enum gw_code code;

	password.of = pem->name;
	password.anew = false;
	code = gw_key_from_pem(ctx, pem, &pem->blocks[0], &password, &d->key, err);
	if (code == GW_OK && d->cert != NULL && !gw_cert_matches_key(d->cert, d->key))
		code = gw_fail(err, GW_E_INPUT, pem->name, "is another key than that of %s", step->entry->files.cert);
	return code;
}

/* One that is encrypted as asked is nobody's business until it is used. */
static enum gw_code parse_encrypted(const struct gw_ctx *ctx, struct gw_plan *plan, struct gw_step *step,
				    const struct gw_pem *pem, enum gw_want want, struct gw_on_disk *d,
				    struct gw_err *err)
{
	d->encrypted = true;
	if (step->entry->password.source == NULL) {
		gw_step_because(plan, step, "%s is encrypted, and the template names no password for it",
				step->entry->files.key);
		return GW_OK;
	}
	d->pair = d->cert != NULL ? GW_PAIR_WHOLE : GW_PAIR_ALONE;
	return want == GW_WANT_OPEN ? open_key(ctx, step, pem, d, err) : GW_OK;
}

static void parse_clear(const struct gw_ctx *ctx, struct gw_plan *plan, struct gw_step *step, const struct gw_pem *pem,
			enum gw_want want, struct gw_on_disk *d)
{
	struct gw_err err = {0};

	if (d->cert != NULL && want == GW_WANT_PAIR && gw_cert_matches_block(d->cert, &pem->blocks[0]))
		d->pair = GW_PAIR_WHOLE;
	else if (gw_key_from_pem(ctx, pem, &pem->blocks[0], NULL, &d->key, &err) != GW_OK)
		gw_step_because(plan, step, "%s cannot be read: %s", step->entry->files.key, err.what);
	else if (d->cert == NULL)
		d->pair = GW_PAIR_ALONE;
	else if (gw_cert_matches_key(d->cert, d->key))
		d->pair = GW_PAIR_WHOLE;
	else
		gw_step_because(plan, step, "its key and certificate do not belong together");
	if (d->pair == GW_PAIR_STRANGE) {
		gw_key_free(d->key);
		d->key = NULL;
	}
}

static enum gw_code parse_key(const struct gw_ctx *ctx, struct gw_plan *plan, struct gw_step *step, enum gw_want want,
			      struct gw_on_disk *d, struct gw_err *err)
{
	const char *name = step->entry->files.key;
	const char *shown = gw_arena_printf(&plan->arena, "%s/%s/%s", plan->request->dir, step->entry->name, name);
	GW_PEM_AUTO struct gw_pem pem = {0};
	struct gw_err fault = {0};

	if (gw_pem_scan(&pem, shown, d->key_pem.data, d->key_pem.len, &fault) != GW_OK)
		gw_step_because(plan, step, "%s cannot be read: %s", name, fault.what);
	else if (pem.n_blocks != 1 || !gw_pem_is_key(&pem.blocks[0]))
		gw_step_because(plan, step, "%s does not hold one private key", name);
	else if (pem.blocks[0].kind == GW_PEM_KEY_ENCRYPTED)
		return parse_encrypted(ctx, plan, step, &pem, want, d, err);
	else
		parse_clear(ctx, plan, step, &pem, want, d);
	return GW_OK;
}

static void init(struct gw_on_disk *d)
{
	*d = (struct gw_on_disk){.key_pem = GW_BUF_SECRET(GW_ISSUE_FILE_MAX),
				 .csr_pem = GW_BUF(GW_ISSUE_FILE_MAX),
				 .cert_pem = GW_BUF(GW_ISSUE_FILE_MAX),
				 .chain_pem = GW_BUF(GW_ISSUE_FILE_MAX),
				 .fullchain_pem = GW_BUF(GW_ISSUE_FILE_MAX),
				 .pkcs12 = GW_BUF(GW_PKCS12_MAX)};
}

/* The folder of an entry that is there; fd is open on it. */
static enum gw_code read_folder(const struct gw_ctx *ctx, struct gw_plan *plan, struct gw_step *step, int fd,
				enum gw_want want, struct gw_on_disk *d, struct gw_err *err)
{
	enum gw_code code = read_files(plan, step, fd, d, err);

	if (code != GW_OK)
		return code;
	d->there = step->n_reasons > 0 || step->left_key ||
		   d->key_pem.len + d->csr_pem.len + d->cert_pem.len + d->chain_pem.len + d->fullchain_pem.len > 0;
	step->has_chain = d->chain_pem.len > 0;
	if (d->there && d->cert_pem.len > 0)
		parse_cert(ctx, plan, step, d);
	return d->there && d->key_pem.len > 0 ? parse_key(ctx, plan, step, want, d, err) : GW_OK;
}

enum gw_code gw_disk_read(const struct gw_ctx *ctx, struct gw_plan *plan, struct gw_step *step, enum gw_want want,
			  struct gw_on_disk *d, struct gw_err *err)
{
	const char *name = step->entry->name;
	GW_FD_AUTO int fd = -1;
	enum gw_code code = GW_OK;

	init(d);
	if (gw_disk_has(plan, step->entry)) {
		fd = openat(plan->dirfd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (fd < 0 && errno != ELOOP && errno != ENOTDIR)
			return gw_fail_sys(err, gw_arena_printf(&plan->arena, "%s/%s", plan->request->dir, name),
					   "cannot open the folder");
		d->not_folder = fd < 0;
	}
	if (fd >= 0)
		code = read_folder(ctx, plan, step, fd, want, d, err);
	if (code == GW_OK && gw_entry_has_key(step->entry))
		code = gw_given_read(ctx, plan, step, want, d, err);
	return code;
}

bool gw_disk_is_signed_by(const struct gw_ctx *ctx, struct gw_plan *plan, struct gw_entry *e, const char *issuer)
{
	struct gw_step step = {.entry = e};
	GW_ON_DISK_AUTO struct gw_on_disk d = {0};
	struct gw_err err = {0};

	/* What cannot be read hangs on nothing: it is complained about where it is looked at itself. */
	if (!gw_disk_has(plan, e) || gw_disk_read(ctx, plan, &step, GW_WANT_PAIR, &d, &err) != GW_OK || d.cert == NULL)
		return false;
	return strcmp(gw_name_text(&plan->arena, gw_cert_issuer(d.cert)), issuer) == 0;
}
