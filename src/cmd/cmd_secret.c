/* SPDX-License-Identifier: Apache-2.0 */
/* secret: a certificate and its key as a Kubernetes TLS Secret. Nothing that cannot work is printed. */
#include <string.h>

#include "base/file.h"
#include "cmd/commands.h"
#include "cmd/published.h"
#include "k8s/folder.h"
#include "k8s/pair.h"
#include "report/report.h"
#include "rules/names.h"

/* The manifest: base64 of the most that a Secret may hold, and room for names and annotations. */
#define MANIFEST_MAX ((size_t)4 << 20)

struct secret_opts {
	const char *cert, *key, *from, *ca, *password, *namespace_, *output, *template_, *vars_file;
	struct gw_strings set;
	bool plain, allow_expired, force;
	unsigned format;
};

enum { FORMAT_YAML, FORMAT_JSON };
static const char *const formats[] = {"yaml", "json", NULL};

/* clang-format off */
static const struct gw_option options[] = {
	OPT_STR(struct secret_opts, cert, 0, "cert", "FILE", NULL, "the certificate, leaf first, with its chain"),
	OPT_STR(struct secret_opts, key, 0, "key", "FILE", NULL, "its private key"),
	OPT_STR(struct secret_opts, from, 0, "from", "DIR", NULL, "a folder made by gen: key.pem with fullchain.pem or cert.pem"),
	OPT_STR(struct secret_opts, template_, 'f', "file", "FILE", NULL,
		"the template that the folder was made from; ./gwcert.yaml where not given"),
	OPT_SET(struct secret_opts, set),
	OPT_VARS_FILE(struct secret_opts, vars_file),
	OPT_STR(struct secret_opts, ca, 0, "ca", "FILE", NULL, "CA certificates to put beside them as ca.crt"),
	OPT_STR(struct secret_opts, password, 0, "password", "SOURCE", NULL,
		"an encrypted key's password: env:NAME, file:PATH, fd:N or prompt"),
	OPT_STR(struct secret_opts, namespace_, 'n', "namespace", "NS", NULL, "the namespace to name in the manifest"),
	OPT_FLAG(struct secret_opts, plain, 0, "plain", "exactly what kubectl would make: no label, no annotations"),
	OPT_FLAG(struct secret_opts, allow_expired, 0, "allow-expired", "take an expired certificate with a warning"),
	OPT_FORMAT(struct secret_opts, format, formats, "yaml"),
	OPT_OUTPUT(struct secret_opts, output, "-"),
	OPT_FORCE(struct secret_opts, force, "replace an existing file; print a key to a terminal"),
};
/* clang-format on */

static const struct gw_example examples[] = {
	{"gwcert secret store-example-com --cert cert.pem --key key.pem", "print the manifest"},
	{"gwcert gen --host store.example.com -o - | gwcert secret store-example-com | kubectl apply -f -",
	 "make a key and a certificate, and bring them to the cluster"},
	{"gwcert secret --from pki/store -n web --format json -o store.json", "package an entry that gen has made"},
	{NULL, NULL},
};

/* --- intent ------------------------------------------------------------------------------------------------------- */

static enum gw_code check_name(const char *where, const char *name, const char *fault, struct gw_err *err)
{
	if (fault == NULL)
		return GW_OK;
	gw_fail(err, GW_E_USAGE, where, "\"%s\" %s: Kubernetes would refuse it", name, fault);
	return gw_hint(err, "use lower-case letters, digits and hyphens: store-example-com");
}

static enum gw_code check_usage(const struct gw_ctx *ctx, const struct gw_args *args, struct gw_err *err)
{
	const struct secret_opts *o = args->opts;

	if (o->from != NULL && (o->cert != NULL || o->key != NULL))
		return gw_fail(err, GW_E_USAGE, "--from", "does not go with --cert and --key");
	if (o->from == NULL && o->template_ != NULL)
		return gw_fail(err, GW_E_USAGE, "--file", "goes with --from only");
	if ((o->cert == NULL) != (o->key == NULL))
		return gw_fail(err, GW_E_USAGE, o->cert == NULL ? "--key" : "--cert", "needs %s as well",
			       o->cert == NULL ? "--cert" : "--key");
	if (o->cert != NULL && strcmp(o->cert, "-") == 0 && strcmp(o->key, "-") == 0) {
		gw_fail(err, GW_E_USAGE, "--key", "standard input can be read once only");
		return gw_hint(err, "leave out --cert and --key: both are found in standard input");
	}
	if (args->n_operands == 0 && o->from == NULL) {
		gw_fail(err, GW_E_USAGE, NULL, "the name of the Secret is missing");
		return gw_hint(err, "gwcert secret NAME --cert cert.pem --key key.pem");
	}
	if (ctx->in_tty && o->from == NULL && o->cert == NULL) {
		gw_fail(err, GW_E_USAGE, NULL, "there is no --cert and --key, and standard input is a terminal");
		return gw_hint(err, "give both files, or pipe key and certificate in");
	}
	if (ctx->out_tty && strcmp(o->output, "-") == 0 && !o->force) {
		gw_fail(err, GW_E_REFUSED, "standard output", "is a terminal, and the Secret holds a private key");
		return gw_hint(err, "use -o FILE or a pipe; --force prints it all the same");
	}
	return check_name("--namespace", o->namespace_, o->namespace_ != NULL ? gw_name_k8s_label(o->namespace_) : NULL,
			  err);
}

/* The name that a folder gives, where no template speaks of it. */
static enum gw_code name_of_folder(const struct gw_ctx *ctx, const char *folder, const char **name, struct gw_err *err)
{
	const char *fault;

	*name = gw_folder_name(ctx->arena, folder);
	fault = gw_name_k8s_subdomain(*name);
	if (fault == NULL)
		return GW_OK;
	gw_fail(err, GW_E_USAGE, folder, "the folder's name \"%s\" cannot be the Secret's: it %s", *name, fault);
	return gw_hint(err, "give a name: gwcert secret NAME --from DIR");
}

/* The Secrets to make of one pair: as many as the entry's publish has, else one. */
struct wanted {
	struct gw_tls_secret items[GW_PUBLISH_MAX];
	size_t count;
};

static void want_published(struct wanted *wanted, const struct gw_entry *entry)
{
	const struct gw_publish *p = gw_publish_of(entry != NULL ? entry->publish : NULL, GW_PUBLISH_SECRET);

	for (; p != NULL; p = gw_publish_of(p->next, GW_PUBLISH_SECRET))
		wanted->items[wanted->count++] = (struct gw_tls_secret){.name = p->name,
									.namespace_ = p->namespace_,
									.labels = p->labels,
									.annotations = p->annotations};
}

/* Of several, the one that NAME means; of one, NAME is the new name. */
static enum gw_code choose(const struct gw_args *args, struct wanted *wanted, struct gw_err *err)
{
	const struct secret_opts *o = args->opts;
	size_t i = 0;

	if (wanted->count > 1 && args->n_operands > 0) {
		while (i < wanted->count && strcmp(wanted->items[i].name, args->operands[0]) != 0)
			i++;
		if (i == wanted->count) {
			gw_fail(err, GW_E_USAGE, "NAME", "the entry publishes %zu Secrets, and none is \"%s\"",
				wanted->count, args->operands[0]);
			return gw_hint(err, "leave NAME out for all of them, or name one: %s", wanted->items[0].name);
		}
		wanted->items[0] = wanted->items[i];
		wanted->count = 1;
	} else if (args->n_operands > 0) {
		wanted->items[0].name = args->operands[0];
	}
	if (o->namespace_ != NULL && wanted->count > 1) {
		gw_fail(err, GW_E_USAGE, "--namespace", "the entry publishes %zu Secrets", wanted->count);
		return gw_hint(err, "give the NAME of the one that is meant");
	}
	if (o->namespace_ != NULL)
		wanted->items[0].namespace_ = o->namespace_;
	return GW_OK;
}

/* Names come from the command line, else from the template, else from the folder. */
static enum gw_code choose_names(const struct gw_ctx *ctx, const struct gw_args *args, struct gw_template *t,
				 const struct gw_entry **of, struct wanted *wanted, struct gw_err *err)
{
	const struct secret_opts *o = args->opts;
	const struct gw_entry *entry = NULL;
	enum gw_code code = GW_OK;

	if (args->n_operands > 0)
		code = check_name("NAME", args->operands[0], gw_name_k8s_subdomain(args->operands[0]), err);
	t->given = (struct gw_vars_given){
		.set = o->set.items, .n_set = o->set.count, .file = o->vars_file, .command = "secret"};
	if (code == GW_OK && o->from != NULL && (o->template_ != NULL || args->n_operands == 0))
		code = gw_folder_entry(ctx, o->template_, o->from, t, &entry, err);
	if (code == GW_OK && t->name == NULL && (o->set.count > 0 || o->vars_file != NULL)) {
		gw_fail(err, GW_E_USAGE, o->set.count > 0 ? "--set" : "--vars-file",
			"is for a template, and none is read");
		code = gw_hint(err, "add --from DIR and --file FILE");
	}
	if (code != GW_OK)
		return code;
	*of = entry;
	want_published(wanted, entry);
	if (wanted->count == 0) {
		wanted->count = 1;
		if (args->n_operands == 0)
			code = name_of_folder(ctx, o->from, &wanted->items[0].name, err);
	}
	return code == GW_OK ? choose(args, wanted, err) : code;
}

/* Where the folder's key is elsewhere, or encrypted, the template says where it is and where its password comes from. */
static enum gw_code find_pair(const struct gw_ctx *ctx, const struct secret_opts *o, const struct gw_entry *entry,
			      struct gw_pair_request *request, struct gw_err *err)
{
	if (entry != NULL && o->password == NULL)
		request->password = entry->password.source;
	if (entry == NULL || entry->given.key == NULL)
		return gw_folder_find(ctx, o->from, &request->key, &request->cert, err);
	request->key = entry->given.key;
	request->cert = gw_arena_printf(ctx->arena, "%s/%s", o->from, entry->files.fullchain);
	return GW_OK;
}

/* --- work --------------------------------------------------------------------------------------------------------- */

/* Several are documents of one YAML stream, and in JSON a List, as kubectl has it. */
static enum gw_code print(const struct gw_ctx *ctx, const struct secret_opts *o, const struct wanted *wanted,
			  struct gw_err *err)
{
	GW_ARENA_AUTO struct gw_arena arena = {.sensitive = true};
	GW_BUF_AUTO struct gw_buf out = GW_BUF_SECRET(MANIFEST_MAX * GW_PUBLISH_MAX);
	struct gw_node *list = gw_map_new(&arena), *items;
	size_t i;

	gw_map_str(&arena, list, "apiVersion", "v1");
	items = gw_map_add(&arena, list, "items", gw_list_new(&arena));
	gw_map_str(&arena, list, "kind", "List");
	for (i = 0; i < wanted->count; i++) {
		struct gw_node *manifest = gw_list_add(items, gw_tls_secret_node(&arena, &wanted->items[i]));

		if (o->format == FORMAT_JSON)
			continue;
		gw_buf_str_add(&out, i > 0 ? "---\n" : "");
		gw_yaml_write(&out, manifest);
	}
	if (o->format == FORMAT_JSON)
		gw_json_write(&out, wanted->count == 1 ? items->first : list);
	return gw_output_write(ctx, o->output, out.data, out.len, GW_MODE_PRIVATE, o->force, err);
}

/* Prints the findings, in JSON where the manifest is to be JSON as well; errors among them are the end of it. */
static enum gw_code report(const struct gw_ctx *ctx, const struct secret_opts *o, const struct gw_findings *fs)
{
	enum gw_severity least = ctx->quiet ? GW_ERROR : ctx->verbose ? GW_NOTE : GW_WARNING;

	if (gw_findings_any(fs, least))
		gw_report_findings(ctx->err, fs, o->format == FORMAT_JSON ? GW_FORMAT_JSON : GW_FORMAT_TEXT,
				   ctx->color_err, NULL);
	return gw_findings_any(fs, GW_ERROR) ? GW_E_NO : GW_OK;
}

static enum gw_code package(const struct gw_ctx *ctx, const struct secret_opts *o, struct wanted *wanted,
			    const struct gw_pair_request *request, struct gw_findings *fs, struct gw_err *err)
{
	GW_PAIR_AUTO struct gw_pair pair = GW_PAIR_INIT;
	struct gw_cert_facts leaf;
	enum gw_code code = gw_pair_read(ctx, request, &pair, fs, err);
	size_t i;

	if (code != GW_OK)
		return code;
	if (!o->plain)
		gw_cert_read_facts(pair.certs.items[0], ctx->arena, &leaf);
	for (i = 0; i < wanted->count; i++) {
		struct gw_tls_secret *secret = &wanted->items[i];

		secret->plain = o->plain;
		secret->leaf = o->plain ? NULL : &leaf;
		secret->cert_pem = pair.cert_pem.data;
		secret->cert_len = pair.cert_pem.len;
		secret->key_pem = pair.key_pem.data;
		secret->key_len = pair.key_pem.len;
		secret->ca_pem = pair.ca_pem.data;
		secret->ca_len = pair.ca_pem.len;
		gw_tls_secret_check(secret, fs);
	}
	code = report(ctx, o, fs);
	return code == GW_OK ? print(ctx, o, wanted, err) : code;
}

static enum gw_code run(struct gw_ctx *ctx, const struct gw_args *args, struct gw_err *err)
{
	const struct secret_opts *o = args->opts;
	GW_TEMPLATE_AUTO struct gw_template t = GW_TEMPLATE_INIT;
	GW_FINDINGS_AUTO struct gw_findings fs = {0};
	struct wanted wanted = {0};
	struct gw_pair_request request = {.cert = o->cert,
					  .key = o->key,
					  .ca = o->ca,
					  .password = o->password,
					  .verbatim = o->plain,
					  .allow_expired = o->allow_expired};
	const struct gw_entry *entry = NULL;
	enum gw_code code = check_usage(ctx, args, err);

	if (code == GW_OK)
		code = choose_names(ctx, args, &t, &entry, &wanted, err);
	if (code == GW_OK && o->from != NULL)
		code = find_pair(ctx, o, entry, &request, err);
	return code == GW_OK ? package(ctx, o, &wanted, &request, &fs, err) : code;
}

const struct gw_command gw_cmd_secret = {
	.name = "secret",
	.group = GW_GROUP_PACKAGE,
	.summary = "a certificate and its key as a Kubernetes TLS Secret",
	.operands = "[NAME]",
	.max_operands = 1,
	.options = options,
	.n_options = GW_COUNT(options),
	.opts_size = sizeof(struct secret_opts),
	.description =
		"Prints the manifest of a Secret of type kubernetes.io/tls, for kubectl apply -f - or a file. The key "
		"and the "
		"certificate come from --cert and --key, from a folder that gwcert gen has made (--from), or from "
		"standard input, where the blocks may stand in any order: the "
		"leaf is "
		"the certificate that belongs to the key, and its chain is sorted behind it.\n"
		"\n"
		"A pair that would not work is refused: a key that belongs to another certificate (or to none), "
		"certificates in "
		"the wrong order, twice or from another chain, an expired certificate, an encrypted key without its "
		"password, a "
		"request (CSR) in place of the certificate, DER, a name or a size that Kubernetes does not take. "
		"Everything "
		"that kubectl create secret tls refuses is refused here as well, with the reason and what to do.\n"
		"\n"
		"The octets of --cert and --key are kept as they are. With --plain the Secret is what kubectl create "
		"secret tls "
		"--dry-run=client makes, key for key. Without it, it also carries the label "
		"app.kubernetes.io/managed-by=gwcert "
		"and the annotations gwcert.io/fingerprint-sha256, gwcert.io/names and gwcert.io/not-after, and other "
		"blocks in "
		"the file of certificates are left out.\n"
		"\n"
		"# Names from a template\n"
		"\n"
		"Where NAME is not given, or with --file, --from looks into the template for the entry that the folder "
		"is named after: publish of that entry gives name, namespace, labels and annotations of the Secret. "
		"./gwcert.yaml counts if the folder lies in its settings.dir. NAME and --namespace go before the "
		"template; an entry that publishes several Secrets gives all of them, or the one that NAME means. "
		"Without a template, or where it publishes no Secret of the entry, the folder's name is the Secret's. "
		"Where the entry's key is a file elsewhere, or encrypted, it is taken from there, and its password "
		"from "
		"the source that the template names.\n"
		"\n"
		"# The private key\n"
		"\n"
		"The manifest holds the private key. A file is made with mode 0600; a terminal is refused without "
		"--force. An "
		"encrypted key is opened with the password from --password and written unencrypted, as Kubernetes "
		"needs it.",
	.examples = examples,
	.run = run,
};
