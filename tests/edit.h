/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates changed by hand into what no careful CA would issue, and signed again. */
#ifndef TESTS_EDIT_H
#define TESTS_EDIT_H

#include "tests/pki.h"

/* Takes an extension out and, where a value is given, puts it back with that value as openssl.cnf writes it
 * ("critical,CA:TRUE", "DER:..."). Signed by the issuer. Returns the certificate. */
const struct tst_id *tst_edit(const struct tst_id *id, const struct tst_id *issuer, int nid, const char *value);

/* A CRL of an issuer: this update and the next one as seconds from TST_NOW, the certificates that it revokes ended by
 * NULL. PEM. */
struct tst_crl {
	int64_t from, to;            /* 0: from a day ago, for a week */
	bool no_number;              /* leave its number out */
	bool no_next;                /* does not say when the next one comes */
	const char *point;           /* issuing distribution point as openssl.cnf writes it; NULL for none */
	const char *key_id;          /* authority key identifier ("critical,DER:..."); NULL: the issuer's */
	const char *number;          /* decimal; NULL: 7 */
	bool four_digits;            /* the next update as GeneralizedTime */
	const struct tst_id *signer; /* NULL: the issuer itself */
	const struct tst_id *revoked;
};
const char *tst_crl_pem(const struct tst_crl *crl, const struct tst_id *issuer);

#endif
