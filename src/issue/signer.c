/* SPDX-License-Identifier: Apache-2.0 */
#include <sys/stat.h>

#include "issue/issue.h"

void gw_signer_release(struct gw_signer *s)
{
	gw_cert_free(s->cert);
	gw_key_free(s->key);
	gw_buf_release(&s->chain);
	*s = (struct gw_signer)GW_SIGNER_INIT;
}

static enum gw_code check_mode(const char *path, struct gw_err *err)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return gw_fail_sys(err, path, "cannot open");
	if (S_ISREG(st.st_mode) && (st.st_mode & 077) != 0) {
		gw_fail(err, GW_E_REFUSED, path, "is the key of a CA, and others can read it (mode %04o)",
			(unsigned)(st.st_mode & 07777));
		return gw_hint(err, "if nobody else can have read it: chmod 600 %s", path);
	}
	return GW_OK;
}

static enum gw_code check_ca(const X509 *cert, const EVP_PKEY *key, int64_t now, const char *path, struct gw_err *err)
{
	char date[GW_TIME_TEXT];

	if (!gw_cert_is_ca(cert)) {
		gw_fail(err, GW_E_INPUT, path, "its first certificate is no CA, so it can sign nothing");
		return gw_hint(err, "put the CA's own certificate first");
	}
	if (!gw_cert_matches_key(cert, key))
		return gw_fail(err, GW_E_INPUT, path, "its first certificate does not belong to the issuer's key");
	if (gw_cert_not_after(cert) < now) {
		gw_time_format(date, gw_cert_not_after(cert));
		return gw_fail(err, GW_E_INPUT, path, "the issuer expired at %s", date);
	}
	if (gw_cert_not_before(cert) > now) {
		gw_time_format(date, gw_cert_not_before(cert));
		return gw_fail(err, GW_E_INPUT, path, "the issuer is not valid before %s", date);
	}
	return GW_OK;
}

void gw_signer_chain(const struct gw_certs *certs, struct gw_buf *chain)
{
	size_t i;

	for (i = 0; i < certs->count && !gw_cert_self_issued(certs->items[i]); i++)
		gw_cert_to_pem(certs->items[i], chain);
}

static enum gw_code check_chain(const struct gw_certs *certs, const char *path, struct gw_err *err)
{
	size_t i;

	for (i = 1; i < certs->count && !gw_cert_self_issued(certs->items[i - 1]); i++) {
		if (gw_cert_issued_by(certs->items[i - 1], certs->items[i]))
			continue;
		gw_fail(err, GW_E_INPUT, path, "certificate %zu of the file did not issue the one before it", i + 1);
		return gw_hint(err, "put the issuer first, then the CA that issued it, and so on");
	}
	return GW_OK;
}

enum gw_code gw_signer_load(const struct gw_ctx *ctx, const char *cert_path, const char *key_path,
			    const struct gw_password *password, struct gw_signer *signer, struct gw_err *err)
{
	GW_SIGNER_AUTO struct gw_signer s = GW_SIGNER_INIT;
	GW_CERTS_AUTO struct gw_certs certs = {0};
	enum gw_code code = check_mode(key_path, err);

	if (code == GW_OK)
		code = gw_certs_read(ctx, cert_path, false, &certs, err);
	if (code == GW_OK)
		code = gw_key_read(ctx, key_path, password, &s.key, err);
	if (code == GW_OK)
		code = check_ca(certs.items[0], s.key, gw_now(&ctx->clock), cert_path, err);
	if (code == GW_OK)
		code = check_chain(&certs, cert_path, err);
	if (code != GW_OK)
		return code;
	gw_signer_chain(&certs, &s.chain);
	s.cert = gw_cert_ref(certs.items[0]);
	*signer = s;
	s = (struct gw_signer)GW_SIGNER_INIT;
	return GW_OK;
}
