/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"
#include "judge/judge.h"
#include "judge/words.h"
#include "rules/rules.h"

/* "SHA-256 of the public key: certificate ..., key ...": what people compare by hand. */
static void add_evidence(struct gw_findings *fs, struct gw_finding *f, const X509 *cert, const EVP_PKEY *key)
{
	GW_BUF_AUTO struct gw_buf hex = GW_BUF(128);
	struct gw_cert_facts facts;
	struct gw_err err;
	uint8_t digest[32];

	if (gw_key_spki_sha256(key, digest, &err) != GW_OK)
		return;
	gw_hex(&hex, digest, sizeof(digest), '\0');
	gw_cert_read_facts(cert, &fs->arena, &facts);
	gw_finding_evidence(fs, f, "SHA-256 of the public key: certificate %s, key %s", facts.spki_sha256,
			    gw_buf_str(&hex));
}

void gw_judge_pair(const struct gw_certs *certs, const EVP_PKEY *key, const struct gw_where *where,
		   struct gw_findings *fs)
{
	struct gw_finding *f;
	struct gw_cert_facts facts;
	char kind[48];
	size_t i;

	if (certs->count == 0 || gw_cert_matches_key(certs->items[0], key))
		return;
	for (i = 1; i < certs->count; i++) {
		if (!gw_cert_matches_key(certs->items[i], key))
			continue;
		f = gw_find(fs, GWC_KEY_MISMATCH, where, "the key belongs to %s, not to the first certificate, %s",
			    gw_judge_words(fs, certs, certs->items[i]), gw_judge_label(fs, certs->items[0]));
		gw_finding_fix(fs, f, "put the leaf %s first", gw_judge_label(fs, certs->items[i]));
		return;
	}
	gw_key_describe(key, kind);
	gw_cert_read_facts(certs->items[0], &fs->arena, &facts);
	f = gw_find(fs, GWC_KEY_MISMATCH, where, "the key (%s) does not belong to the certificate %s (%s)%s", kind,
		    gw_judge_label(fs, certs->items[0]), facts.key,
		    certs->count > 1 ? ", nor to any other certificate there" : "");
	gw_finding_fix(fs, f, "give the key from which this certificate was requested");
	add_evidence(fs, f, certs->items[0], key);
}
