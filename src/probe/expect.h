/* SPDX-License-Identifier: Apache-2.0 */
/* The certificate that should be served (--expect), and how far the served one is from it. */
#ifndef GW_PROBE_EXPECT_H
#define GW_PROBE_EXPECT_H

#include "base/buf.h"
#include "base/ctx.h"
#include "pki/cert.h"
#include "probe/probe.h"

struct gw_expected {
	const char *file; /* borrowed */
	X509 *cert;       /* the first one of the file, released with gw_expected_release() */
	struct gw_cert_facts facts;
};

/* Reads the first certificate of a file; its facts live in the arena. GW_E_INPUT as gw_certs_read(). */
enum gw_code GW_MUST_USE gw_expected_read(const struct gw_ctx *ctx, const char *file, struct gw_arena *arena,
					  struct gw_expected *expected, struct gw_err *err);
void gw_expected_release(struct gw_expected *expected);
#define GW_EXPECTED_AUTO GW_CLEANUP(gw_expected_release)

/* The very same DER, else the same public key, else another certificate. */
enum gw_match gw_expected_compare(const struct gw_expected *expected, const X509 *leaf,
				  const struct gw_cert_facts *facts);

/* Appends what differs, each as "served instead of expected": serial, dates, issuer, names. Not escaped. */
void gw_expected_differences(const struct gw_expected *expected, const struct gw_cert_facts *served,
			     struct gw_buf *out);

#endif
