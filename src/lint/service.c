/* SPDX-License-Identifier: Apache-2.0 */
/* Services: the protocol of their ports, and whether the certificate behind a port is looked at. */
#include <string.h>

#include "base/text.h"
#include "lint/internal.h"

/* GKE documentation, Secure a Gateway: load balancer to application traffic. */
static const char *const protocols[] = {"HTTP", "HTTPS", "HTTP2", "kubernetes.io/h2c", NULL};

static bool is_known(const char *protocol)
{
	size_t i;

	for (i = 0; protocols[i] != NULL; i++) {
		if (strcmp(protocols[i], protocol) == 0)
			return true;
	}
	return false;
}

static void unknown_protocol(struct gw_lint *l, const struct gw_object *o, const struct gw_node *at, const char *path,
			     bool backend)
{
	const char *near = gw_nearest_of(at->text, protocols);
	struct gw_finding *f;

	/* A Service that no Gateway leads to may speak what it likes. */
	if (!backend && near == NULL)
		return;
	f = lint_find(l, o, GWK_APP_PROTOCOL, at, path,
		      "appProtocol \"%s\": the load balancer knows HTTP, HTTPS, HTTP2 and kubernetes.io/h2c, and takes "
		      "others as HTTP",
		      at->text);
	if (near != NULL)
		lint_fix(l, f, "did you mean \"%s\"?", near);
}

void lint_service(struct gw_lint *l, const struct gw_object *o)
{
	const struct gw_node *ports = gw_node_get(o->spec, "ports"), *p;
	unsigned flags = lint_use_of(l, o)->flags;
	struct gw_finding *f;
	size_t i = 0;

	if (lint_is_foreign(flags))
		return;
	for (p = ports != NULL && ports->kind == GW_LIST ? ports->first : NULL; p != NULL; p = p->next, i++) {
		const struct gw_node *protocol = gw_node_get(p, "appProtocol");
		const char *path = lint_format(l, "spec.ports[%zu].appProtocol", i);

		if (gw_node_text(protocol) == NULL)
			continue;
		if (!is_known(protocol->text))
			unknown_protocol(l, o, protocol, path, (flags & USE_BACKEND) != 0);
		if (strcmp(protocol->text, "HTTPS") != 0 || (flags & USE_TLS_POLICY) != 0)
			continue;
		f = lint_find(l, o, GWK_NOT_VERIFIED, protocol, path,
			      "the load balancer encrypts to this port, but does not look whose certificate it gets");
		lint_fix(l, f, "add a BackendTLSPolicy for %s, if the backend's certificate is to be verified",
			 gw_object_words(&l->arena, o));
	}
}
