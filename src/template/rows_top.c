/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/targets.h"
#include "template/read.h"
#include "template/rows.h"
#include "template/template.h"
#include "template/vars.h"

#define PROFILES_MAX 1000  /* of one file; they may extend each other, one below the other */
#define ENTRIES_MAX  20000 /* of one file */
#define TRUST_MAX    100
#define PROBES_MAX   1000

static const struct gw_row file_rows[] = {
	{.name = "key",
	 .kind = GW_VALUE_TEXT,
	 .check = gw_fault_file_name,
	 .rule = GWT_FILE_NAME,
	 .read = gw_read_file,
	 .also = " privateKey ",
	 .help = "the private key; key.pem where not given"},
	{.name = "csr",
	 .kind = GW_VALUE_TEXT,
	 .check = gw_fault_file_name,
	 .rule = GWT_FILE_NAME,
	 .read = gw_read_file,
	 .also = " request ",
	 .help = "the certificate request; csr.pem where not given"},
	{.name = "cert",
	 .kind = GW_VALUE_TEXT,
	 .check = gw_fault_file_name,
	 .rule = GWT_FILE_NAME,
	 .read = gw_read_file,
	 .also = " certificate crt ",
	 .help = "the certificate; cert.pem where not given"},
	{.name = "chain",
	 .kind = GW_VALUE_TEXT,
	 .check = gw_fault_file_name,
	 .rule = GWT_FILE_NAME,
	 .read = gw_read_file,
	 .also = " ca intermediates ",
	 .help = "the intermediates above it, without the root; chain.pem where not given"},
	{.name = "fullchain",
	 .kind = GW_VALUE_TEXT,
	 .check = gw_fault_file_name,
	 .rule = GWT_FILE_NAME,
	 .read = gw_read_file,
	 .also = " bundle ",
	 .help = "the certificate and the intermediates above it; fullchain.pem where not given"},
	{.name = "pkcs12",
	 .kind = GW_VALUE_TEXT,
	 .check = gw_fault_file_name,
	 .rule = GWT_FILE_NAME,
	 .read = gw_read_file,
	 .also = " p12 pfx keystore ",
	 .help = "all of it in one file, of an entry that has a pkcs12 block; keystore.p12 where not given"},
};

const struct gw_rows gw_files_rows = {"files", file_rows, GW_COUNT(file_rows)};

static const struct gw_row setting_rows[] = {
	{.name = "dir",
	 .kind = GW_VALUE_TEXT,
	 .read = gw_read_dir,
	 .also = " directory folder output out path ",
	 .help = "the folder that everything is written to, relative to the template's own; ./pki where not given"},
	{.name = "files", .kind = GW_VALUE_MAP, .map = &gw_files_rows, .help = "the names of the files of each entry"},
	{.name = "backdate",
	 .kind = GW_VALUE_DURATION,
	 .min = 0,
	 .max = 30 * GW_DAY,
	 .read = gw_read_backdate,
	 .also = " notBefore ",
	 .help = "how long before now a certificate begins, for clocks that are late; 5m where not given"},
	{.name = "renewAt",
	 .kind = GW_VALUE_TEXT,
	 .check = gw_fault_renew_at,
	 .read = gw_read_renew_at,
	 .also = " renewBefore renewBeforePercentage renew ",
	 .help = "when a certificate is due: the share of its life that is used, or the time left; 66% where not "
		 "given"},
	{.name = "lint",
	 .kind = GW_VALUE_WORD,
	 .words = gw_target_words,
	 .read = gw_read_field,
	 .field = GW_FIELD(struct gw_template, lint, const char *),
	 .also = " target profile ",
	 .help = "where the certificates are to serve: what that place would refuse is an error here"},
};

const struct gw_rows gw_settings_rows = {"settings", setting_rows, GW_COUNT(setting_rows)};

/* The commands that read a template. */
static const char *const command_words[] = {"gen",    "sign",   "secret", "configmap", "trustconfig",
					    "upload", "status", "probe",  NULL};

static const struct gw_row var_map_rows[] = {
	{.name = "default", .kind = GW_VALUE_TEXT, .also = " value ", .help = "the value where nothing else gives one"},
	{.name = "type",
	 .kind = GW_VALUE_WORD,
	 .words = gw_var_types,
	 .also = " kind ",
	 .help = "what a value must be: string, hostname, ip, integer or duration; string where not given"},
	{.name = "oneOf",
	 .kind = GW_VALUE_TEXTS,
	 .alone = true,
	 .max = 100,
	 .also = " enum choices values ",
	 .help = "the values that are allowed"},
	{.name = "from",
	 .kind = GW_VALUE_TEXT,
	 .check = gw_var_source_fault,
	 .also = " source valueFrom ",
	 .help = "where the value comes from: env:NAME, or file:PATH relative to the template's own folder"},
	{.name = "requiredFor",
	 .kind = GW_VALUE_WORDS,
	 .alone = true,
	 .max = 8,
	 .words = command_words,
	 .also = " required requiredBy neededFor ",
	 .help = "the commands that stop where it has no value; others may go without in publish, trust and probes"},
	{.name = "secret",
	 .kind = GW_VALUE_BOOL,
	 .also = " sensitive private hidden ",
	 .help = "true for a password: it stands in password fields only, and is never shown"},
};

static const struct gw_rows var_rows = {"a variable", var_map_rows, GW_COUNT(var_map_rows)};

static const char *const versions[] = {"1", NULL};

static const struct gw_row top_rows[] = {
	{.name = "gwcert",
	 .kind = GW_VALUE_NUMBER,
	 .required = true,
	 .min = 1,
	 .max = 1,
	 .words = versions,
	 .rule = GWT_VERSION,
	 .help = "the version of the template language, always the first key: 1"},
	{.name = "vars",
	 .kind = GW_VALUE_NAMED,
	 .max = GW_VARS_MAX,
	 .map = &var_rows,
	 .check = gw_var_name_fault,
	 .also = " variables values params parameters ",
	 .help = "variables, each used as $(name) in the values of all other sections"},
	{.name = "settings", .kind = GW_VALUE_MAP, .map = &gw_settings_rows, .help = "what holds for the whole file"},
	{.name = "profiles",
	 .kind = GW_VALUE_NAMED,
	 .max = PROFILES_MAX,
	 .map = &gw_profile_rows,
	 .also = " templates defaults ",
	 .help = "what several entries have in common"},
	{.name = "certificates",
	 .kind = GW_VALUE_NAMED,
	 .max = ENTRIES_MAX,
	 .required = true,
	 .map = &gw_entry_rows,
	 .check = gw_fault_entry_name,
	 .rule = GWT_ENTRY_NAME,
	 .also = " certs entries ",
	 .help = "the certificates to make, each below a name of its own"},
	{.name = "trust",
	 .kind = GW_VALUE_NAMED,
	 .max = TRUST_MAX,
	 .map = &gw_trust_rows,
	 .check = gw_fault_entry_name,
	 .rule = GWT_ENTRY_NAME,
	 .also = " truststore trustStores trustConfigs cas ",
	 .help = "what a Gateway is to trust, built from the entries of certificates"},
	{.name = "probes",
	 .kind = GW_VALUE_NAMED,
	 .max = PROBES_MAX,
	 .map = &gw_probe_rows,
	 .check = gw_fault_entry_name,
	 .rule = GWT_ENTRY_NAME,
	 .also = " probe checks tests ",
	 .help = "what is to be seen at an address when all is well"},
};

const struct gw_rows gw_template_rows = {"a template", top_rows, GW_COUNT(top_rows)};
