/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One run of gen in a few words: a template as text, a folder below tst_dir(), and what came of it.
 *
 *	o = tst_converge(&(struct tst_asked){.dir = "x", .text = TST_HEAD TST_ROOT});
 *	TST_STR_EQ(o.actions, "root:make");
 */
#ifndef TESTS_CONVERGE_H
#define TESTS_CONVERGE_H

#include "base/err.h"
#include "tests/run.h"
#include "tests/tap.h"

struct tst_asked {
	const char *dir;  /* below tst_dir() */
	const char *text; /* of the template */
	int64_t now;
	bool force;
	const char *names[4]; /* entries asked for */
	const char *renew, *rekey;
	bool planned; /* only planned */
	bool (*interrupted)(void);
};

struct tst_outcome {
	enum gw_code code;
	const char *actions; /* "root:make store:keep" */
	const char *reasons; /* "root: it was missing\nstore: ...\n" */
	const char *changes; /* "store names + a.example.com\n" */
	const char *removed; /* "old older" */
	const char *rules;   /* of the findings: "GWT022 GWT022" */
	const char *words;   /* what the findings, or the error, say */
};

struct tst_outcome tst_converge(const struct tst_asked *w);

/* Makes everything of a template; it must work. */
void tst_converged(const char *dir, const char *text);

/* The actions that a plan at this moment has. */
const char *tst_action_at(const char *dir, const char *text, int64_t now);

/* What a folder looks like: names, inodes, times and sizes. */
const char *tst_snapshot(const char *dir);

/* The key file of an entry; NULL where there is none. */
const char *tst_key_of(const char *dir, const char *entry);

#define TST_HEAD  "gwcert: 1\nprofiles: { server: { extends: server, onRenew: newKey } }\ncertificates:\n"
#define TST_ROOT  "  root: { issuer: self, ca: {}, subject: { commonName: Root } }\n"
#define TST_SUB   "  sub: { issuer: root, ca: { pathLength: 0 }, subject: { commonName: Sub } }\n"
#define TST_STORE "  store: { issuer: sub, sans: [store.example.com] }\n"
#define TST_WHOLE TST_HEAD TST_STORE TST_SUB TST_ROOT

/* One self-signed entry "a" with these keys. */
#define TST_A(keys) TST_HEAD "  a: { issuer: self, " keys " }\n"

#endif
