/* SPDX-License-Identifier: Apache-2.0 */
/* gwcert lint: what goes in, what comes out, and with which status. */
#include <string.h>

#include "tests/run.h"
#include "tests/tap.h"

#define GATEWAY                                                                                                        \
	"apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata:\n  name: gw\nspec:\n"                      \
	"  gatewayClassName: gke-l7-global-external-managed\n  listeners:\n"
#define BROKEN GATEWAY "  - name: https\n    protocol: HTTPS\n    port: 443\n    tls: {mode: Terminate}\n"
#define SOUND  GATEWAY "  - name: http\n    protocol: HTTP\n    port: 80\n"
#define SERVES "apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {ports: [{port: 1, appProtocol: https}]}\n"

static void test_lint__status_tells_the_worst(void)
{
	const char *broken = tst_file("broken.yaml", BROKEN), *sound = tst_file("sound.yaml", SOUND);
	const char *weak = tst_file("weak.yaml", SERVES), *bad = tst_file("bad.yaml", "a: [\n");
	struct tst_run r;

	TST_INT_EQ(tst_run(&r, "lint", sound, NULL), GW_OK);
	TST_CONTAINS(r.out, "GWK063");
	TST_CONTAINS(r.out, "1 object in 1 file.");
	TST_INT_EQ(tst_run(&r, "lint", broken, NULL), GW_E_NO);
	TST_CONTAINS(r.out, "broken.yaml:11:5: error: mode Terminate");
	TST_CONTAINS(r.out, "[GWK003]");
	TST_STR_EQ(r.err, "");
	TST_INT_EQ(tst_run(&r, "lint", weak, NULL), GW_OK);
	TST_CONTAINS(r.out, "GWK036");
	TST_INT_EQ(tst_run(&r, "lint", "--severity", "warning", weak, NULL), GW_E_NO);
	TST_INT_EQ(tst_run(&r, "lint", "--severity", "warning", weak, "--format", "junit", NULL), GW_E_NO);
	TST_CONTAINS(r.out, "<failure"); /* what makes it exit with 1 is a failure to a CI server, too */
	TST_INT_EQ(tst_run(&r, "lint", weak, "--format", "junit", NULL), GW_OK);
	TST_LACKS(r.out, "<failure");
	TST_INT_EQ(tst_run(&r, "lint", "--severity", "error", weak, NULL), GW_OK);
	TST_LACKS(r.out, "GWK036");
	TST_INT_EQ(tst_run(&r, "lint", "--severity", "note", sound, NULL), GW_E_NO);
	TST_INT_EQ(tst_run(&r, "lint", bad, broken, NULL), GW_E_INPUT);
	TST_CONTAINS(r.out, "[GWK060]");
	TST_CONTAINS(r.out, "[GWK003]");
	TST_INT_EQ(tst_run(&r, "lint", bad, "--ignore", "GWK060", NULL), GW_OK);
}

static void test_lint__usage(void)
{
	const char *sound = tst_file("sound.yaml", SOUND);
	struct tst_run r;

	TST_INT_EQ(tst_run(&r, "lint", NULL), GW_E_USAGE);
	TST_INT_EQ(tst_run(&r, "lint", sound, "--ignore", "GWK00", NULL), GW_E_USAGE);
	TST_CONTAINS(r.err, "no rule has the code \"GWK00\"");
	TST_INT_EQ(tst_run(&r, "lint", sound, "--gke-version", "latest", NULL), GW_E_USAGE);
	TST_CONTAINS(r.err, "no version of GKE");
	TST_INT_EQ(tst_run(&r, "lint", sound, "--gke-version", "v1.33.2-gke.1335000", NULL), GW_OK);
	TST_INT_EQ(tst_run(&r, "lint", sound, "--gke-version", "vv1.33", NULL), GW_E_USAGE);
	TST_INT_EQ(tst_run(&r, "lint", sound, "--severity", "fatal", NULL), GW_E_USAGE);
	TST_INT_EQ(tst_run_in(&r, SOUND, "lint", "-", "-", NULL), GW_E_USAGE);
	TST_INT_EQ(tst_run(&r, "lint", tst_path("nothing-there.yaml"), NULL), GW_E_INPUT);
	TST_INT_EQ(tst_run_in(&r, "", "lint", "-", NULL), GW_E_INPUT);
	TST_CONTAINS(r.err, "did the command before the pipe fail?");
	TST_INT_EQ(tst_run_with(&r, &(struct tst_world){TST_WORLD, .in = SOUND, .in_tty = true}, "lint", "-", NULL),
		   GW_E_USAGE);
}

static void test_lint__reads_folders_and_says_what_it_passes_over(void)
{
	struct tst_run r;

	tst_file("deploy/a/gateway.yaml", BROKEN);
	tst_file("deploy/values.yml", "replicas: 1\n");
	tst_file("deploy/list.json", "{\"apiVersion\": \"v1\", \"kind\": \"List\", \"items\": []}\n");
	tst_file("deploy/empty.yaml", "");
	tst_file("deploy/README.md", "not a manifest");
	tst_file("deploy/.git/config.yaml", "a: [\n");
	TST_INT_EQ(tst_run(&r, "lint", tst_path("deploy"), NULL), GW_E_NO);
	TST_CONTAINS(r.out, "deploy/a/gateway.yaml:11:5: error");
	TST_CONTAINS(r.out, "deploy/values.yml:1:1: note: no Kubernetes object");
	TST_CONTAINS(r.out, "deploy/empty.yaml: note: is empty");
	TST_LACKS(r.out, "README");
	TST_LACKS(r.out, ".git");
	TST_CONTAINS(r.out, "1 object in 3 files.");
	tst_file("hollow/README.md", "x");
	TST_INT_EQ(tst_run(&r, "lint", tst_path("hollow"), NULL), GW_E_INPUT);
	TST_CONTAINS(r.err, "there is no *.yaml");
}

static void test_lint__reads_what_kubectl_and_helm_print(void)
{
	struct tst_run r;

	TST_INT_EQ(tst_run_in(&r,
			      "{\"apiVersion\": \"v1\", \"kind\": \"List\", \"items\": [\n"
			      " {\"apiVersion\": \"v1\", \"kind\": \"Service\", \"metadata\": {\"name\": \"S\"}}]}\n",
			      "lint", "-", NULL),
		   GW_E_NO);
	TST_CONTAINS(r.out, "standard input:2:");
	TST_CONTAINS(r.out, "GWK050");
	TST_INT_EQ(tst_run_in(&r, "---\n# Source: shop/templates/gw.yaml\n" BROKEN, "lint", "-", NULL), GW_E_NO);
	TST_CONTAINS(r.out, "seen: rendered from shop/templates/gw.yaml");
}

static void test_lint__comments_and_options_put_findings_aside(void)
{
	const char *text = BROKEN "    # gwcert: ignore GWK004 the other rule\n";
	struct tst_run r;

	TST_INT_EQ(tst_run_in(&r, text, "lint", "-", NULL), GW_E_NO);
	TST_INT_EQ(tst_run_in(&r, text, "lint", "-", "--ignore", "gwk003", NULL), GW_OK);
	TST_INT_EQ(tst_run_in(&r,
			      GATEWAY "  - name: https\n    protocol: HTTPS\n    port: 443\n"
				      "    tls: {mode: Terminate} # gwcert: ignore GWK003 a test\n",
			      "lint", "-", NULL),
		   GW_OK);
	TST_CONTAINS(r.out, "1 ignored by comments");
	TST_INT_EQ(tst_run_in(&r,
			      GATEWAY "  - name: https\n    protocol: HTTPS\n    port: 443\n"
				      "    # gwcert: ignore GWK002,GWK003\n    tls: {mode: Terminate}\n",
			      "lint", "-", NULL),
		   GW_OK);
	TST_INT_EQ(tst_run_in(&r,
			      GATEWAY "  - name: https\n    protocol: HTTPS\n    port: 443 # gwcert: ignore GWK003\n"
				      "    tls: {mode: Terminate}\n",
			      "lint", "-", NULL),
		   GW_E_NO);
}

static void test_lint__what_is_not_given(void)
{
	const char *text = GATEWAY "  - name: https\n    protocol: HTTPS\n    port: 443\n"
				   "    tls: {certificateRefs: [{name: store}]}\n";
	struct tst_run r;

	TST_INT_EQ(tst_run_in(&r, text, "lint", "-", NULL), GW_OK);
	TST_CONTAINS(r.out, "note: Secret default/store is not among the manifests given [GWK054]");
	TST_INT_EQ(tst_run_in(&r, text, "lint", "-", "--complete", NULL), GW_E_NO);
	TST_CONTAINS(r.out, "error: Secret default/store is not among the manifests given [GWK054]");
}

static void test_lint__prints_json(void)
{
	struct tst_run r;

	TST_INT_EQ(tst_run_in(&r, BROKEN, "lint", "-", "--format", "json", "--severity", "error", NULL), GW_E_NO);
	TST_CONTAINS(r.out, "\"schemaVersion\": 1");
	TST_CONTAINS(r.out, "\"code\": \"GWK003\"");
	TST_CONTAINS(r.out, "\"path\": \"Gateway gw: spec.listeners[0].tls\"");
	TST_CONTAINS(r.out, "\"line\": 11");
}

#define LISTENERS                                                                                                      \
	"  - {name: any, protocol: HTTPS, port: 443, tls: {certificateRefs: [{name: s}]}}\n"                           \
	"  - {name: wide, protocol: HTTPS, port: 443, hostname: '*.example.com', tls: {certificateRefs: [{name: "      \
	"s}]}}\n"                                                                                                      \
	"  - {name: exact, protocol: HTTPS, port: 443, hostname: a.example.com, tls: {certificateRefs: [{name: "       \
	"s}]}}\n"

static void test_lint__explains_a_host(void)
{
	struct tst_run r;

	TST_INT_EQ(tst_run_in(&r, GATEWAY LISTENERS, "lint", "-", "--explain", "a.example.com", NULL), GW_OK);
	TST_CONTAINS(r.out, "port 443: listener \"exact\" answers: its hostname is that very name");
	TST_CONTAINS(r.out, "not listener \"wide\": *.example.com, which is less specific");
	TST_CONTAINS(r.out, "certificate: Secret default/s, which is not among the manifests given");
	TST_INT_EQ(tst_run_in(&r, GATEWAY LISTENERS, "lint", "-", "--explain", "x.b.example.com", NULL), GW_OK);
	TST_CONTAINS(r.out, "listener \"wide\" answers");
	TST_CONTAINS(r.out, "not listener \"exact\": a.example.com does not take the name");
	TST_INT_EQ(tst_run_in(&r, GATEWAY LISTENERS, "lint", "-", "--explain", "example.org", NULL), GW_OK);
	TST_CONTAINS(r.out, "listener \"any\" answers: it has no hostname");
	TST_INT_EQ(tst_run_in(&r, GATEWAY LISTENERS, "lint", "-", "--explain", "A.Example.com.", NULL), GW_OK);
	TST_CONTAINS(r.out, "listener \"exact\" answers: its hostname is that very name");
	TST_INT_EQ(tst_run_in(&r, GATEWAY LISTENERS, "lint", "-", "--explain", "", NULL), GW_E_USAGE);
	TST_INT_EQ(tst_run_in(&r, GATEWAY LISTENERS, "lint", "-", "--explain", "a b", NULL), GW_E_USAGE);
	TST_CONTAINS(r.err, "the name that a client asks for");
	TST_INT_EQ(tst_run_in(&r, BROKEN, "lint", "-", "--explain", "example.org", NULL), GW_OK);
	TST_CONTAINS(r.err, "there is 1 error in these manifests");
	TST_INT_EQ(tst_run_in(&r, SOUND, "lint", "-", "--explain", "example.org", "--format", "json", NULL),
		   GW_E_USAGE);
	TST_INT_EQ(tst_run_in(&r, SOUND, "lint", "-", "--explain", "example.org", NULL), GW_E_NO);
	TST_CONTAINS(r.out, "no listener ends TLS");
}

/* Text from the manifests never reaches a terminal as it is. */
static void test_lint__escapes_what_it_shows(void)
{
	struct tst_run r;

	TST_INT_EQ(tst_run_in(&r, "apiVersion: v1\nkind: Service\nmetadata: {name: \"\\e[31mx\"}\n", "lint", "-", NULL),
		   GW_E_NO);
	TST_LACKS(r.out, "\x1b");
	TST_INT_EQ(tst_run_in(&r, GATEWAY LISTENERS, "lint", "-", "--explain", "\x1b[31m", NULL), GW_E_USAGE);
	TST_LACKS(r.err, "\x1b");
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_lint__status_tells_the_worst),
		TST_CASE(test_lint__usage),
		TST_CASE(test_lint__reads_folders_and_says_what_it_passes_over),
		TST_CASE(test_lint__reads_what_kubectl_and_helm_print),
		TST_CASE(test_lint__comments_and_options_put_findings_aside),
		TST_CASE(test_lint__what_is_not_given),
		TST_CASE(test_lint__prints_json),
		TST_CASE(test_lint__explains_a_host),
		TST_CASE(test_lint__escapes_what_it_shows),
	};

	return tst_main("lint", cases, GW_COUNT(cases));
}
