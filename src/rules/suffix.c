/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <strings.h>

#include "rules/names.h"

/* Second levels below which the registries of countries sell names. */
static const char *const second_levels[] = {"ac", "co",  "com", "edu", "go",  "gob", "gov", "gv",  "ltd",
					    "me", "mil", "ne",  "net", "nom", "or",  "org", "plc", "sch"};

/* Providers below whose domains each customer has a name of his own (the list's private section). */
static const char *const hosting[] = {
	"amazonaws.com",
	"s3.amazonaws.com",
	"elb.amazonaws.com",
	"elasticbeanstalk.com",
	"appspot.com",
	"run.app",
	"web.app",
	"firebaseapp.com",
	"cloudfunctions.net",
	"azurewebsites.net",
	"cloudapp.net",
	"azureedge.net",
	"trafficmanager.net",
	"blob.core.windows.net",
	"github.io",
	"gitlab.io",
	"herokuapp.com",
	"netlify.app",
	"vercel.app",
	"pages.dev",
	"workers.dev",
	"fly.dev",
	"onrender.com",
	"ngrok.io",
	"duckdns.org",
};

static bool is_second_level(const char *label, size_t n)
{
	size_t i;

	for (i = 0; i < sizeof(second_levels) / sizeof(second_levels[0]); i++) {
		if (strlen(second_levels[i]) == n && strncasecmp(second_levels[i], label, n) == 0)
			return true;
	}
	return false;
}

bool gw_name_private_suffix(const char *domain)
{
	size_t i;

	for (i = 0; i < sizeof(hosting) / sizeof(hosting[0]); i++) {
		if (strcasecmp(hosting[i], domain) == 0)
			return true;
	}
	return false;
}

bool gw_name_public_suffix(const char *domain)
{
	const char *dot = strchr(domain, '.');

	if (dot == NULL)
		return true;
	/* Two letters are a country (ISO 3166). */
	if (strchr(dot + 1, '.') == NULL && strlen(dot + 1) == 2 && is_second_level(domain, (size_t)(dot - domain)))
		return true;
	return gw_name_private_suffix(domain);
}
