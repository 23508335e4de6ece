/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Programs that are not ours, as oracles: openssl, date, kubectl. Run without a shell, output captured whole.
 *
 *	struct tst_peer p;
 *
 *	if (!tst_have("openssl")) {
 *		tst_skip("no openssl");
 *		return;
 *	}
 *	tst_peer(&p, NULL, "openssl", "x509", "-noout", "-subject", "-in", path, NULL);
 */
#ifndef TESTS_PEER_H
#define TESTS_PEER_H

#include <stdbool.h>
#include <stddef.h>

struct tst_peer {
	int status;            /* exit status, or 128 + signal, or -1 where it could not be started */
	const char *out, *err; /* NUL-terminated; they live until the program ends */
	size_t out_len;
};

/* Whether a program is found along $PATH. */
bool tst_have(const char *program);

/* Runs a program to its end; `in` (NULL: nothing) is its standard input. Returns p->status. */
int tst_peer(struct tst_peer *p, const char *in, const char *program, ...) __attribute__((sentinel));

#endif
