/*
 * runtime/app/options_flight.c: --flight-recorder DIR[,seconds=N][,files=K]. A
 * folder whose name has a ',' is named by another path.
 */
#include <string.h>

#include "runtime/app/options_private.h"
#include "runtime/base/text.h"

struct flight_setting {
	const char *key; /* with its '=' */
	int64_t max;
	size_t offset; /* in struct options */
};

static const struct flight_setting flight_settings[] = {
	{"seconds=", OPTIONS_FLIGHT_SECONDS_MAX,
	 offsetof(struct options, flight_seconds)},
	{"files=", OPTIONS_FLIGHT_FILES_MAX,
	 offsetof(struct options, flight_files)},
};
#define FLIGHT_SETTINGS (sizeof(flight_settings) / sizeof(flight_settings[0]))

static bool flight_take_setting(struct parse *parse, const char *value,
				const char *text, size_t length)
{
	size_t i, key;
	int64_t number;

	for (i = 0; i < FLIGHT_SETTINGS; i++) {
		const struct flight_setting *setting = &flight_settings[i];

		key = strlen(setting->key);
		if (length < key || strncmp(text, setting->key, key))
			continue;
		if (text_to_int(text + key, length - key, 1, setting->max,
				&number)) {
			*(uint32_t *)(void *)((char *)parse->options +
					      setting->offset) =
				(uint32_t)number;
			return true;
		}
		return options_refuse(parse->options,
				      "--flight-recorder %.256s: %sN takes a "
				      "whole number from 1 to %lld",
				      value, setting->key,
				      (long long)setting->max);
	}
	return options_refuse(parse->options,
			      "--flight-recorder %.256s: after the folder come "
			      "seconds=N and files=N, not %.*s",
			      value, (int)(length < 64 ? length : 64), text);
}

bool options_take_flight(struct parse *parse, const char *value)
{
	struct options *options = parse->options;
	size_t length = strcspn(value, ",");
	const char *text = value + length;

	if (!length)
		return options_refuse(options, "--flight-recorder: the "
					       "folder's name is empty");
	if (length >= sizeof(options->flight_folder))
		return options_refuse(options,
				      "--flight-recorder %.64s...: the name is "
				      "too long",
				      value);
	memcpy(options->flight_folder, value, length);
	options->flight_folder[length] = '\0';
	while (*text) {
		length = strcspn(++text, ",");
		if (!flight_take_setting(parse, value, text, length))
			return false;
		text += length;
	}
	return true;
}
