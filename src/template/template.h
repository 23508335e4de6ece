/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The template: a YAML file becomes a validated specification. Every fault of a file is a finding with its place;
 * nothing of a file with an error is acted on. The language is described in gwcert-template(5).
 */
#ifndef GW_TEMPLATE_TEMPLATE_H
#define GW_TEMPLATE_TEMPLATE_H

#include "base/ctx.h"
#include "base/finding.h"
#include "pki/build.h"
#include "pki/request.h"
#include "pki/pkcs12.h"
#include "template/sections.h"
#include "tree/tree.h"

#define GW_TEMPLATE_MAX ((size_t)1 << 20) /* octets of a template file: 1 MiB holds some 10,000 entries */
#define GW_SANS_MAX     1000              /* names of one certificate */
#define GW_TEMPLATE_DIR "pki"             /* settings.dir where it is not given */

struct gw_file_names {
	const char *key, *csr, *cert, *chain, *fullchain;
	const char *pkcs12; /* written only for an entry that has a pkcs12 block */
};

/* What a command line gives to the variables of a template. */
struct gw_vars_given {
	const char *const *set; /* NAME=VALUE; of two for one name the later one holds */
	size_t n_set;
	const char *file;    /* a YAML map from names to values; NULL: none */
	const char *command; /* that reads the template, for requiredFor; NULL: one that only tells about it */
};

/* A secret variable. Its value is no part of the tree, where a mark stands for it, and is read by who needs it. */
struct gw_secret_var {
	const char *name;
	const char *mark;   /* "(secret)", at an address that no other text has */
	const char *source; /* as gw_password_read() takes it; NULL: it has no value */
};

/* When a certificate is due: a share of its life is used, or only so much of it is left. One of the two is 0. */
struct gw_renew_at {
	unsigned percent; /* 1 to 99 */
	int64_t left;     /* seconds */
};

enum gw_on_renew {
	GW_ON_RENEW_NEW_KEY,
	GW_ON_RENEW_SAME_KEY,
	GW_ON_RENEW_MANUAL, /* only told; made by gen --renew alone, which keeps the key */
};

/* Reads "66%" or "20d"; false on anything else. */
bool gw_renew_at_parse(const char *text, struct gw_renew_at *at);

/* What an entry starts from instead of making it. Paths are as seen from here; the files are read and never written. */
struct gw_given {
	const char *key;   /* of its private key; NULL: a new one is made */
	const char *csr;   /* of somebody's request: only the public key is had */
	const char *cert;  /* of its certificate, which is not made; of a CA with those above it, root or not */
	X509_REQ *request; /* read from csr */
	const struct gw_request_facts *asks; /* what that asks for */
	struct gw_certs certs;               /* read from cert */
};

/* One certificate that the template asks for. Everything is in the template's arena. */
struct gw_entry {
	const char *name;             /* of the entry, and of its folder */
	const struct gw_node *node;   /* as written: its member of certificates */
	const struct gw_node *merged; /* with its profiles merged in; each value knows the line that it came from */
	const char *profile;
	enum gw_key_type key_type;
	struct gw_given given;
	bool pkcs12; /* a PKCS#12 file is written too */
	enum gw_pkcs12_kind pkcs12_kind;
	struct gw_password pkcs12_password;
	struct gw_password password;   /* that its key is written with, or opens with; source NULL: in clear */
	bool self_signed;              /* issuer: self */
	const char *issuer;            /* name of another entry; NULL: self-signed, or signed from outside (--issuer) */
	struct gw_entry *issuer_entry; /* resolved */
	const struct gw_each *each;    /* it stands for many, and is no certificate itself; NULL: it is one */
	struct gw_entry *pattern;      /* the entry with `each` of which it is a row; NULL: it was written as it is */
	int64_t validity;              /* seconds, counted from now without the backdate */
	bool validity_given; /* by the template's author: must fit the issuer. A ready-made one is cut to it */
	bool not_before_given, not_after_given;
	int64_t not_before, not_after; /* instants; where given, they go before backdate and validity */
	int64_t backdate;              /* seconds */
	bool clip;                     /* a life that is longer than the issuer's ends with it */
	struct gw_renew_at renew_at;
	enum gw_on_renew on_renew;
	bool on_renew_given;      /* not given: the same key; one is never replaced unasked */
	struct gw_cert_plan plan; /* not_before and not_after are filled when it is made */
	struct gw_file_names files;
	struct gw_publish *publish; /* where it is brought to */
	bool faulty;                /* has a fault: what may follow from that is not worth saying */
	unsigned mark;              /* for walks along the issuers */
	struct gw_entry *next;
};

struct gw_template {
	struct gw_arena arena;
	struct gw_buf text;            /* of the file: excerpts are taken from it */
	struct gw_vars_given given;    /* filled in by the caller before it reads; goes before the environment */
	const struct gw_ctx *ctx;      /* of gw_template_read(); NULL: variables see no environment and no files */
	struct gw_secret_var *secrets; /* the variables that are marked so */
	size_t n_secrets;
	struct gw_passwords *passwords; /* read so far: commands fill it, and the template cleanses it */
	const char *name;               /* of the file, for messages; NULL for --host */
	const struct gw_node *root;     /* of the file's tree; NULL: nothing was read */
	const char *dir;                /* settings.dir, resolved against the file's folder */
	struct gw_file_names files;     /* settings.files */
	int64_t backdate;               /* settings.backdate, seconds */
	int64_t now;                    /* of ctx; 0: not known, and no instant is compared with a span */
	struct gw_renew_at renew_at;    /* settings.renewAt */
	const char *lint;               /* settings.lint: the name of a target (rules/targets.h), or NULL */
	struct gw_entry *first, *last;  /* in the order of the file */
	size_t count;
	struct gw_trust *trust; /* in the order of the file, as are the probes */
	struct gw_probe *probes;
	struct gw_entry **by_name; /* the same, sorted for gw_template_find() */
	size_t n_by_name;          /* fewer than count while rows become entries */
	bool issuer_outside;       /* of --host: "self" stands for a CA that is no entry */
	struct {
		size_t count, bad;
	} rows; /* of the entries with `each`, where they have been made entries: see template/each.h */
};

/* Reads and checks a file, "-" being standard input. Findings are added to fs, in the order of the file; with any error
 * among them the template is not to be used and GW_E_INPUT comes back with an empty err->what (all has been said). An
 * unreadable file is an ordinary error. Release the template in any case. */
enum gw_code GW_MUST_USE gw_template_read(const struct gw_ctx *ctx, const char *path, struct gw_template *t,
					  struct gw_findings *fs, struct gw_err *err);

/* The same for a text in memory. `name` is the file's, and decides what settings.dir is relative to. */
enum gw_code GW_MUST_USE gw_template_parse(const char *name, const char *text, size_t len, struct gw_template *t,
					   struct gw_findings *fs, struct gw_err *err);

/* The entries of gen --host: one certificate with all hosts, or one each. */
struct gw_host_request {
	const char *const *hosts; /* may have a SAN's prefix */
	size_t n_hosts;
	bool each;
	const char *key_type; /* a word of gw_key_type_words, or NULL: the profile's */
	const char *profile;  /* NULL: server */
	unsigned days;        /* 0: the profile's validity */
	bool issuer_outside;  /* signed by a CA that is no entry; else self-signed */
};

/* Makes a template without a file. Its entries are named after their first host, "*" as _wildcard and ":" as "-". A
 * host that is none, or is there twice, is GW_E_USAGE. Release the template in any case. */
enum gw_code GW_MUST_USE gw_template_from_hosts(const struct gw_host_request *request, struct gw_template *t,
						struct gw_findings *fs, struct gw_err *err);

/* The entry of a name, or NULL. */
struct gw_entry *gw_template_find(const struct gw_template *t, const char *name);

/* The name of the entry nearest to a misspelt one, or NULL. */
const char *gw_template_nearest(const struct gw_template *t, const char *name);

/* Whether its end was written and may not be cut to the issuer's. */
bool gw_entry_end_is_fixed(const struct gw_entry *e);

/* The first and the last second of an entry that is made now. */
void gw_entry_life(const struct gw_entry *e, int64_t now, int64_t *not_before, int64_t *not_after);

/* Whether the entry has a key that gwcert did not make: no key file is written, and none replaced. */
bool gw_entry_has_key(const struct gw_entry *e);

/* The place of a key of an entry, or of the entry itself where the key is NULL or is not there. In the arena. */
struct gw_where gw_entry_where(struct gw_arena *arena, const struct gw_entry *e, const char *key);

/* A path that is written in a template, seen from here: it is relative to the template's own folder. */
const char *gw_path_beside(struct gw_arena *arena, const char *file, const char *path);

/* The environment variables that passwords of the template come from, NULL-terminated: nobody else is to see them. */
const char *const *gw_template_password_env(struct gw_arena *arena, const struct gw_template *t);

/* The ready-made profiles, as YAML. */
extern const char gw_ready_made_profiles[];

void gw_template_release(struct gw_template *t);
#define GW_TEMPLATE_AUTO GW_CLEANUP(gw_template_release)
#define GW_TEMPLATE_INIT                                                                                               \
	{                                                                                                              \
		.text = GW_BUF(GW_TEMPLATE_MAX)                                                                        \
	}

#endif
