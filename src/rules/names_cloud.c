/* SPDX-License-Identifier: Apache-2.0 */
/* Names of Certificate Manager: resources, labels, locations. */
#include <string.h>

#include "base/err.h"
#include "base/text.h"
#include "rules/names.h"

#define ID_MAX          63  /* octets */
#define LABEL_CHARS_MAX 63  /* characters */
#define LABEL_BYTES_MAX 128 /* octets of a label in UTF-8 */

const char *const gw_regions[] = {
	"africa-south1",
	"asia-east1",
	"asia-east2",
	"asia-northeast1",
	"asia-northeast2",
	"asia-northeast3",
	"asia-south1",
	"asia-south2",
	"asia-southeast1",
	"asia-southeast2",
	"asia-southeast3",
	"australia-southeast1",
	"australia-southeast2",
	"europe-central2",
	"europe-north1",
	"europe-north2",
	"europe-southwest1",
	"europe-west1",
	"europe-west2",
	"europe-west3",
	"europe-west4",
	"europe-west6",
	"europe-west8",
	"europe-west9",
	"europe-west10",
	"europe-west12",
	"me-central1",
	"me-central2",
	"me-west1",
	"northamerica-northeast1",
	"northamerica-northeast2",
	"northamerica-south1",
	"southamerica-east1",
	"southamerica-west1",
	"us-central1",
	"us-east1",
	"us-east4",
	"us-east5",
	"us-south1",
	"us-west1",
	"us-west2",
	"us-west3",
	"us-west4",
	NULL,
};

static bool is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

const char *gw_name_cloud(const char *name)
{
	size_t n = strlen(name), i;

	if (n == 0)
		return "is empty";
	if (n > ID_MAX)
		return "is longer than 63 characters";
	for (i = 0; i < n; i++) {
		if (!is_lower(name[i]) && !is_digit(name[i]) && name[i] != '-')
			return "has a character that is not a lower-case letter, digit or hyphen";
	}
	if (!is_lower(name[0]))
		return "does not begin with a lower-case letter";
	return name[n - 1] == '-' ? "ends with a hyphen" : NULL;
}

static const char *check_label(const char *text)
{
	const char *at;

	if (gw_text_columns(text) > LABEL_CHARS_MAX || strlen(text) > LABEL_BYTES_MAX)
		return "is longer than 63 characters or 128 octets";
	for (at = text; *at != '\0'; at++) {
		if ((unsigned char)*at < 0x80 && !is_lower(*at) && !is_digit(*at) && *at != '_' && *at != '-')
			return "has a character that is not a lower-case letter, digit, underscore or hyphen";
	}
	return NULL;
}

const char *gw_name_cloud_label(const char *name)
{
	if (*name == '\0')
		return "is empty";
	if (!is_lower(*name) && (unsigned char)*name < 0x80)
		return "does not begin with a lower-case letter";
	return check_label(name);
}

const char *gw_name_cloud_label_value(const char *value)
{
	return check_label(value);
}

/* letters, a hyphen, letters, digits: europe-west1. */
static size_t region_length(const char *text)
{
	const char *at = text;

	while (is_lower(*at))
		at++;
	if (at == text || *at != '-' || !is_lower(at[1]))
		return 0;
	for (at++; is_lower(*at); at++)
		;
	if (!is_digit(*at))
		return 0;
	while (is_digit(*at))
		at++;
	return (size_t)(at - text);
}

const char *gw_name_location(const char *name)
{
	size_t n = region_length(name);

	if (strcmp(name, "global") == 0 || (n > 0 && name[n] == '\0'))
		return NULL;
	if (n > 0 && name[n] == '-' && is_lower(name[n + 1]) && name[n + 2] == '\0')
		return "is a zone; a location is its region, without the letter";
	return "is neither global nor a region such as europe-west1";
}

bool gw_region_known(const char *name)
{
	size_t i;

	for (i = 0; gw_regions[i] != NULL; i++) {
		if (strcmp(gw_regions[i], name) == 0)
			return true;
	}
	return strcmp(name, "global") == 0;
}
