/* SPDX-License-Identifier: Apache-2.0 */
/* What a cluster says of an object in its status, explained: conditions of Gateway API, and GKE's own error codes. */
#include <string.h>

#include "base/text.h"
#include "lint/internal.h"

static const struct reason {
	const char *reason, *means;
} reasons[] = {
	{"InvalidCertificateRef",
	 "a Secret that the listener names is not there, is no kubernetes.io/tls Secret, or holds no "
	 "pair that can be used; lint it together with the Gateway"},
	{"RefNotPermitted", "a reference leaves the namespace, and no ReferenceGrant there allows it (GWK024)"},
	{"InvalidCACertificateRef", "a CA ConfigMap is not there, or has no certificate under ca.crt (GWK021)"},
	{"InvalidCACertificateKind", "a CA reference is of a kind that is not taken; use a ConfigMap"},
	{"NoValidCACertificate", "none of the CAs that are named can be used, so no client or backend can be trusted"},
	{"InvalidClientCertificateRef", "the Secret of spec.tls.backend.clientCertificateRef cannot be used"},
	{"ListenersNotValid", "one listener at least is at fault: see its own conditions"},
	{"ListenersNotResolved", "one listener at least refers to what is not there: see its own conditions"},
	{"HostnameConflict", "two listeners have the same port, protocol and host name (GWK043)"},
	{"ProtocolConflict", "two listeners want different protocols on one port (GWK043)"},
	{"PortUnavailable", "the load balancer does not take the port; GKE takes 80 and 443, and others by class"},
	{"UnsupportedProtocol", "the class does not take the protocol"},
	{"UnsupportedAddress", "the kind of address is not taken; GKE takes a NamedAddress (GWK055)"},
	{"AddressNotAssigned", "no address yet: mostly because the Gateway as a whole is not valid"},
	{"AddressNotUsable", "the address is in use elsewhere or in another region"},
	{"NoMatchingListenerHostname", "no listener has a host name in common with the route (GWK041)"},
	{"NotAllowedByListeners", "the listener's allowedRoutes do not let the namespace or kind in (GWK042)"},
	{"NoMatchingParent", "the Gateway has no listener of that sectionName or port (GWK042)"},
	{"BackendNotFound", "a Service that the route names is not there"},
	{"InvalidKind", "a kind that is not taken at this place"},
	{"Conflicted", "an older policy on the same target wins (GWK039)"},
	{"TargetNotFound", "what the policy is attached to is not in its namespace"},
	{"OverlappingHostnames", "host names of listeners on one port overlap (GWK044)"},
	{"OverlappingCertificates", "certificates of listeners on one port cover the same names (GWK044)"},
	{"ConfigurationChanged", "clients without a valid certificate are let in (GWK017)"},
	{"InvalidParameters", "the class or its parameters are not taken"},
	{"Pending", "the controller has not looked at it yet; where it stays so, no controller has this class"},
};

static const struct reason codes[] = {
	{"GWCER102", "something that it names is not there; one missing Secret keeps the whole Gateway from working"},
	{"GWCER104", "an HTTPRoute of the Gateway uses what the class does not have"},
	{"GWCER105",
	 "a listener is not valid: a bad certificateRef, an SslCertificate that is not there, or a tls block beside a "
	 "certificate map"},
	{"GWCER106", "the Gateway is not valid: mostly its address"},
};

static const char *meaning(const char *reason, const char *message)
{
	size_t i;

	for (i = 0; message != NULL && i < GW_COUNT(codes); i++) {
		if (strstr(message, codes[i].reason) != NULL)
			return codes[i].means;
	}
	for (i = 0; reason != NULL && i < GW_COUNT(reasons); i++) {
		if (strcmp(reasons[i].reason, reason) == 0)
			return reasons[i].means;
	}
	return NULL;
}

/* Conditions that are bad when they are true; all others when they are false. */
static bool is_bad(const char *type, const char *status)
{
	static const char *const negative[] = {"Conflicted", "OverlappingTLSConfig", "InsecureFrontendValidationMode",
					       NULL};
	size_t i;

	for (i = 0; negative[i] != NULL; i++) {
		if (strcmp(negative[i], type) == 0)
			return strcmp(status, "True") == 0;
	}
	return strcmp(status, "False") == 0;
}

static enum gw_severity severity_of(const char *type)
{
	return strcmp(type, "OverlappingTLSConfig") == 0 || strcmp(type, "InsecureFrontendValidationMode") == 0
		       ? GW_WARNING
		       : GW_ERROR;
}

static void judge_condition(struct gw_lint *l, const struct gw_object *o, const struct gw_node *condition,
			    const char *path, const char *whose)
{
	const char *type = gw_node_text(gw_node_get(condition, "type"));
	const struct gw_node *status = gw_node_get(condition, "status");
	const char *reason = gw_node_text(gw_node_get(condition, "reason"));
	const char *message = gw_node_text(gw_node_get(condition, "message"));
	const char *means = meaning(reason, message);
	bool waits;
	struct gw_finding *f;

	if (type == NULL || gw_node_text(status) == NULL)
		return;
	waits = strcmp(status->text, "Unknown") == 0 || (reason != NULL && strcmp(reason, "Pending") == 0);
	if (!waits && !is_bad(type, status->text))
		return;
	f = lint_find_as(l, o, GWK_STATUS, waits ? GW_NOTE : severity_of(type), status, path, "%s is %s%s%s%s", type,
			 status->text, whose, reason != NULL ? ": " : "", reason != NULL ? reason : "");
	if (means != NULL)
		lint_fix(l, f, "%s", means);
	if (message != NULL && *message != '\0')
		lint_evidence(l, f, "%.800s", message);
}

static uint64_t number_of(const struct gw_node *node)
{
	uint64_t value;

	return gw_node_text(node) != NULL && gw_parse_uint(node->text, UINT64_MAX, &value) ? value : 0;
}

/* True where the conditions speak of the object as it is now. */
static bool is_current(struct gw_lint *l, const struct gw_object *o, const struct gw_node *list, const char *path)
{
	uint64_t now = number_of(gw_node_get(o->metadata, "generation"));
	const struct gw_node *c;

	for (c = list->first; c != NULL; c = c->next) {
		const struct gw_node *seen = gw_node_get(c, "observedGeneration");
		struct gw_finding *f;

		if (seen == NULL || now == 0 || number_of(seen) >= now)
			continue;
		f = lint_find_as(l, o, GWK_STATUS, GW_NOTE, seen, path,
				 "the status is about generation %s of the object, which is at %" PRIu64 " by now",
				 gw_node_text(seen) != NULL ? seen->text : "?", now);
		lint_fix(l, f, "wait until the controller has seen the change, then look again");
		return false;
	}
	return true;
}

static void judge_conditions(struct gw_lint *l, const struct gw_object *o, const struct gw_node *holder,
			     const char *path, const char *whose)
{
	const struct gw_node *list = gw_node_get(holder, "conditions"), *c;
	const char *at = lint_format(l, "%s.conditions", path);

	if (list == NULL || list->kind != GW_LIST || !is_current(l, o, list, at))
		return;
	for (c = list->first; c != NULL; c = c->next)
		judge_condition(l, o, c, at, whose);
}

static void judge_each(struct gw_lint *l, const struct gw_object *o, const char *member, const char *name_key,
		       const char *words)
{
	const struct gw_node *list = gw_node_get(gw_node_get(o->node, "status"), member), *item;
	size_t i = 0;

	for (item = list != NULL && list->kind == GW_LIST ? list->first : NULL; item != NULL; item = item->next, i++) {
		const struct gw_node *named = gw_node_get(item, name_key);
		const char *name =
			gw_node_text(named != NULL && named->kind == GW_MAP ? gw_node_get(named, "name") : named);

		judge_conditions(l, o, item, lint_format(l, "status.%s[%zu]", member, i),
				 lint_format(l, " for %s \"%s\"", words, name != NULL ? name : "?"));
	}
}

void lint_status(struct gw_lint *l, const struct gw_object *o)
{
	const struct gw_node *status = gw_node_get(o->node, "status");

	if (status == NULL || status->kind != GW_MAP ||
	    (strcmp(o->group, GW_GROUP_GATEWAY) != 0 && strcmp(o->group, GW_GROUP_GKE) != 0))
		return;
	judge_conditions(l, o, status, "status", "");
	judge_each(l, o, "listeners", "name", "listener");
	judge_each(l, o, "parents", "parentRef", "parent");
	judge_each(l, o, "ancestors", "ancestorRef", "ancestor");
}
