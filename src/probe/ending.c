/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/ending.h"

#include "base/clock.h"
#include "rules/rules.h"
#include "tls/tls.h"

/* Alerts that need more than their name (RFC 8446 6.2, RFC 6066 3). */
enum {
	ALERT_HANDSHAKE_FAILURE = 40,
	ALERT_BAD_CERTIFICATE = 42,
	ALERT_UNSUPPORTED_CERTIFICATE = 43,
	ALERT_CERTIFICATE_REVOKED = 44,
	ALERT_CERTIFICATE_EXPIRED = 45,
	ALERT_CERTIFICATE_UNKNOWN = 46,
	ALERT_UNKNOWN_CA = 48,
	ALERT_ACCESS_DENIED = 49,
	ALERT_DECRYPT_ERROR = 51,
	ALERT_PROTOCOL_VERSION = 70,
	ALERT_INSUFFICIENT_SECURITY = 71,
	ALERT_UNRECOGNIZED_NAME = 112,
	ALERT_CERTIFICATE_REQUIRED = 116,
};

#define CA_NAMES_SHOWN 3

/* Both texts are copied. */
static struct gw_finding *find(struct gw_probe *p, enum gw_rule_name rule, const char *what, const char *fix)
{
	struct gw_where where = {.file = p->where};
	struct gw_finding *f = gw_find(&p->findings, rule, &where, "%s", what);

	gw_finding_fix(&p->findings, f, "%s", fix);
	return f;
}

/* A text in the probe's arena. */
#define TEXT(...) gw_arena_printf(&p->arena, __VA_ARGS__)

/* --- the client certificate --------------------------------------------------------------------------------------- */

/* Why a server that saw a client certificate ends so: a clause; NULL where the alert is about something else. */
static const char *refusal_cause(int alert)
{
	switch (alert) {
	case ALERT_HANDSHAKE_FAILURE: return "it names no reason";
	case ALERT_BAD_CERTIFICATE: return "it cannot use this certificate: not one for a client, or failing a check";
	case ALERT_UNSUPPORTED_CERTIFICATE: return "the purpose (clientAuth) or the key type is not one that it takes";
	case ALERT_CERTIFICATE_REVOKED: return "the certificate is revoked";
	case ALERT_CERTIFICATE_EXPIRED: return "the certificate is expired or not valid yet";
	case ALERT_CERTIFICATE_UNKNOWN: return "a check failed that it does not name";
	case ALERT_UNKNOWN_CA: return "it does not trust the issuer, or an intermediate certificate was not sent along";
	case ALERT_ACCESS_DENIED: return "the certificate is good, but this client is not let in";
	case ALERT_DECRYPT_ERROR: return "the proof of the private key did not verify";
	case ALERT_CERTIFICATE_REQUIRED: return "no certificate reached it: it does not take this type of key";
	default: return NULL;
	}
}

/* "the server takes certificates of CN=a, CN=b and 3 more issuers". */
static void add_ca_names(struct gw_probe *p, struct gw_finding *f)
{
	GW_BUF_AUTO struct gw_buf names = GW_BUF(GW_ERR_HINT_MAX);
	size_t i;

	if (p->n_ca_names == 0)
		return;
	for (i = 0; i < p->n_ca_names && i < CA_NAMES_SHOWN; i++)
		gw_buf_printf(&names, "%s%s", i > 0 ? "; " : "", p->ca_names[i]);
	if (p->n_ca_names > CA_NAMES_SHOWN)
		gw_buf_printf(&names, "; and %zu more", p->n_ca_names - CA_NAMES_SHOWN);
	gw_finding_evidence(&p->findings, f, "issuers that the server names: %s", gw_buf_str(&names));
}

/* `how` is the clause that shows it: "alert unknown_ca, 48"; `cause` may be NULL. */
static void refuse_client(struct gw_probe *p, const char *how, const char *cause)
{
	struct gw_finding *f;

	if (p->client_presented)
		f = find(p, GWP_CLIENT_REFUSED,
			 TEXT("the server refuses the client certificate (%s)%s%s", how, cause != NULL ? ": " : "",
			      cause != NULL ? cause : ""),
			 "hold its issuer, dates and clientAuth against what the server trusts, and send its "
			 "intermediates in "
			 "the file of --cert");
	else
		f = find(p, GWP_CLIENT_REQUIRED,
			 TEXT("the server requires a client certificate, and none was given (%s)", how),
			 "give one: --cert client.pem --key client.key");
	add_ca_names(p, f);
}

/* nginx does not refuse within TLS: it answers 400 and says why in the body (495 and 496 inside, seen where error_page sends
 * them on). Any other 400 is the application's own affair. */
static void judge_reply(struct gw_probe *p)
{
	if (p->client_requested && (p->client_named || p->status == 495 || p->status == 496))
		refuse_client(p, TEXT("HTTP %u", p->status), NULL);
}

/* --- names and connections ---------------------------------------------------------------------------------------- */

static void judge_no_name(struct gw_probe *p)
{
	find(p, GWP_NAME_NOT_FOUND, "DNS knows no address for the name",
	     TEXT("check the spelling; before the record is there, name the address: --resolve %s:%u:ADDRESS",
		  p->target->host, (unsigned)p->target->port));
}

static void judge_no_resolver(struct gw_probe *p)
{
	struct gw_finding *f = find(p, GWP_DNS_TROUBLE, "DNS could not be asked",
				    TEXT("try again, or go around DNS: --resolve %s:%u:ADDRESS", p->target->host,
					 (unsigned)p->target->port));

	if (p->detail != NULL)
		gw_finding_evidence(&p->findings, f, "%s", p->detail);
}

static void judge_refused(struct gw_probe *p)
{
	find(p, GWP_REFUSED, TEXT("connection refused: nothing listens on port %u", (unsigned)p->port),
	     "check the port, and whether the service is up (on Kubernetes: is the Gateway's listener Programmed?)");
}

static void judge_unreachable(struct gw_probe *p)
{
	find(p, GWP_UNREACHABLE,
	     TEXT("no connection: %s", p->detail != NULL ? p->detail : "the address is out of reach"),
	     "check routes and firewalls between here and the address");
}

static void judge_timeout(struct gw_probe *p, const struct gw_policy *policy)
{
	char span[32];

	gw_span_words(span, policy->timeout_s);
	switch (p->phase) {
	case GW_PHASE_DNS:
		find(p, GWP_DNS_TIMEOUT, TEXT("DNS gave no answer within %s", span),
		     "try again with a longer --timeout, or name the address with --resolve");
		return;
	case GW_PHASE_TCP:
		find(p, GWP_TCP_TIMEOUT, TEXT("no connection within %s", span),
		     "check the address and the firewalls on the way: most often one drops the packets");
		return;
	case GW_PHASE_TLS:
		find(p, GWP_TLS_TIMEOUT,
		     TEXT(p->answered ? "connected, but the TLS handshake was not done within %s"
				      : "connected, but no TLS answer came within %s",
			  span),
		     "check that the port is the TLS one and that the process behind it is alive");
		return;
	case GW_PHASE_HTTP:
		find(p, GWP_HTTP_TIMEOUT, TEXT("the TLS handshake was done, but no HTTP reply came within %s", span),
		     "look at the backends behind the listener; a slow one may need a longer --timeout");
		return;
	}
}

/* --- TLS ---------------------------------------------------------------------------------------------------------- */

static void judge_closed(struct gw_probe *p)
{
	if (p->client_requested)
		refuse_client(p, "it closed the connection without a word", NULL);
	else if (p->phase == GW_PHASE_HTTP)
		find(p, GWP_HTTP_CLOSED, "the connection was closed after the TLS handshake, without an HTTP reply",
		     "read the log of the server or of its backend for this moment");
	else
		find(p, GWP_TLS_CLOSED,
		     p->answered ? "the peer closed the connection in the middle of the TLS handshake"
				 : "the peer took the connection and closed it without a TLS answer",
		     "see that it has a certificate for this name and a healthy backend; a new load balancer takes "
		     "minutes");
}

static void judge_alert(struct gw_probe *p)
{
	const char *known = gw_tls_alert_name((uint8_t)p->alert);
	const char *how = TEXT("alert %s, %d", known != NULL ? known : "without a name", p->alert);
	const char *cause = refusal_cause(p->alert);

	if (p->client_requested && cause != NULL) {
		refuse_client(p, how, cause);
		return;
	}
	switch (p->alert) {
	case ALERT_HANDSHAKE_FAILURE:
	case ALERT_PROTOCOL_VERSION:
	case ALERT_INSUFFICIENT_SECURITY:
		find(p, GWP_NO_COMMON, TEXT("the server finds no TLS version, cipher or certificate for us (%s)", how),
		     "first see that a certificate for this name is attached and active, then compare versions and "
		     "ciphers");
		return;
	case ALERT_UNRECOGNIZED_NAME:
		find(p, GWP_NAME_UNKNOWN,
		     TEXT("the server has no certificate for the name %s (%s)", p->target->host, how),
		     "add the name to a listener with its certificate, or correct the name");
		return;
	default:
		find(p, GWP_ALERT, TEXT("the server ended the TLS session with an alert (%s)", how),
		     "read the server's log for this moment");
		return;
	}
}

static void judge_plain_http(struct gw_probe *p)
{
	find(p, GWP_PLAIN_HTTP, TEXT("port %u speaks plain HTTP, not TLS", (unsigned)p->port),
	     "probe the HTTPS port, or give the listener protocol HTTPS and a certificate");
}

static void add_detail(struct gw_probe *p, struct gw_finding *f, const char *label)
{
	if (p->detail != NULL && p->detail[0] != '\0')
		gw_finding_evidence(&p->findings, f, "%s%s", label, p->detail);
}

static void judge_not_tls(struct gw_probe *p)
{
	struct gw_finding *f = find(p, GWP_NOT_TLS, TEXT("what port %u answers is not TLS", (unsigned)p->port),
				    "check the port; protocols that switch by STARTTLS cannot be probed");

	add_detail(p, f, "it begins with: ");
}

static void judge_tls_broken(struct gw_probe *p)
{
	struct gw_finding *f = find(p, GWP_TLS_BROKEN,
				    p->phase == GW_PHASE_TLS ? "the TLS handshake failed on our side"
							     : "the TLS session broke after the handshake",
				    "what OpenSSL says points at the server's key or at a device on the way");

	add_detail(p, f, "OpenSSL: ");
}

static void judge_not_http(struct gw_probe *p, const struct gw_policy *policy)
{
	const struct gw_where where = {.file = p->where};
	enum gw_severity severity = policy->expect_status != 0 ? GW_ERROR : gw_rules[GWP_NOT_HTTP].severity;
	struct gw_finding *f = gw_find_as(&p->findings, GWP_NOT_HTTP, severity, &where,
					  "the peer speaks TLS, but what it answers is not HTTP/1.1");

	gw_finding_fix(&p->findings, f,
		       "nothing, where the port is meant for another protocol; else check the backend");
	add_detail(p, f, "it begins with: ");
}

void gw_probe_judge_ending(struct gw_probe *p, const struct gw_policy *policy)
{
	switch (p->end) {
	case GW_END_REPLY: judge_reply(p); break;
	case GW_END_NO_NAME: judge_no_name(p); break;
	case GW_END_NO_RESOLVER: judge_no_resolver(p); break;
	case GW_END_REFUSED: judge_refused(p); break;
	case GW_END_UNREACHABLE: judge_unreachable(p); break;
	case GW_END_TIMEOUT: judge_timeout(p, policy); break;
	case GW_END_CLOSED: judge_closed(p); break;
	case GW_END_ALERT: judge_alert(p); break;
	case GW_END_PLAIN_HTTP: judge_plain_http(p); break;
	case GW_END_NOT_TLS: judge_not_tls(p); break;
	case GW_END_TLS_BROKEN: judge_tls_broken(p); break;
	case GW_END_NOT_HTTP: judge_not_http(p, policy); break;
	}
}
