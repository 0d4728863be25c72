/*
 * drivers/display/eglstream/settings.c: see settings.h.
 */
#include "drivers/display/eglstream/settings.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "runtime/base/text.h"

#define FIFO_MAX 8

static bool settings_number(const char *value, int64_t min, int64_t max,
			    uint32_t *number)
{
	int64_t wide = 0;

	if (!text_to_int(value, strlen(value), min, max, &wide))
		return false;
	*number = (uint32_t)wide;
	return true;
}

static bool egl_take_device(struct eglstream_settings *settings, const char *value)
{
	snprintf(settings->device, sizeof(settings->device), "%s", value);
	return *value && strlen(value) < sizeof(settings->device);
}

static bool egl_take_connector(struct eglstream_settings *settings,
			   const char *value)
{
	snprintf(settings->connector, sizeof(settings->connector), "%s",
		 value);
	return *value && strlen(value) < sizeof(settings->connector);
}

static bool take_consumer(struct eglstream_settings *settings,
			  const char *value)
{
	settings->consumer = !strcmp(value, "gles") ? EGLSTREAM_GLES_CONSUMER
						    : EGLSTREAM_CUDA_CONSUMER;
	return !strcmp(value, "gles") || !strcmp(value, "cuda");
}

static bool take_producer(struct eglstream_settings *settings,
			  const char *value)
{
	settings->gles_producer = !strcmp(value, "gles");
	return settings->gles_producer || !strcmp(value, "cuda");
}

static bool take_fifo(struct eglstream_settings *settings, const char *value)
{
	return settings_number(value, 0, FIFO_MAX, &settings->fifo);
}

static bool take_every(struct eglstream_settings *settings, const char *value)
{
	return settings_number(value, 1, 1000000, &settings->every);
}

static bool take_renew(struct eglstream_settings *settings, const char *value)
{
	return settings_number(value, 0, 1000000, &settings->renew);
}

static bool take_digest(struct eglstream_settings *settings, const char *value)
{
	snprintf(settings->digest, sizeof(settings->digest), "%s", value);
	return *value && strlen(value) < sizeof(settings->digest);
}

static bool take_nth(struct eglstream_settings *settings, const char *value)
{
	return settings_number(value, 1, 1000000, &settings->nth);
}

static const struct {
	const char *key, *takes;
	bool (*take)(struct eglstream_settings *settings, const char *value);
} keys[] = {
	{"device", "a path (/dev/dri/card1) or a driver's name", egl_take_device},
	{"connector", "a connector's name (HDMI-A-1)", egl_take_connector},
	{"consumer", "cuda or gles", take_consumer},
	{"producer", "cuda or gles", take_producer},
	{"fifo", "0 to 8", take_fifo},
	{"every", "1 to 1000000 ticks", take_every},
	{"renew", "0 to 1000000 frames", take_renew},
	{"digest", "the path of a file", take_digest},
	{"nth", "1 to 1000000 frames", take_nth},
};

#define KEY_COUNT (sizeof(keys) / sizeof(keys[0]))

/* `text` is "key=value", cut off already. */
static int settings_take(struct eglstream_settings *settings, char *text,
			 struct eglstream_refusal *refusal)
{
	char *value = strchr(text, '=');
	size_t i;

	if (value)
		*value++ = '\0';
	for (i = 0; i < KEY_COUNT && strcmp(text, keys[i].key); i++)
		;
	if (i == KEY_COUNT)
		return eglstream_refuse(refusal, -EINVAL,
					"--display eglstream: no setting "
					"%.64s; it has " EGLSTREAM_SETTINGS_HELP,
					text);
	if (keys[i].take(settings, value ? value : ""))
		return 0;
	return eglstream_refuse(refusal, -EINVAL,
				"--display eglstream: %s=%.64s: it takes %s",
				text, value ? value : "", keys[i].takes);
}

int eglstream_settings_parse(struct eglstream_settings *settings,
			     const char *list,
			     struct eglstream_refusal *refusal)
{
	char text[EGLSTREAM_PATH_MAX + 16];
	size_t length;
	int error = 0;

	*settings = (struct eglstream_settings){.every = 1, .nth = 1};
	while (list && *list && !error) {
		length = strcspn(list, ",");
		if (length >= sizeof(text))
			return eglstream_refuse(refusal, -EINVAL,
						"--display eglstream: "
						"%.64s...: too long",
						list);
		memcpy(text, list, length);
		text[length] = '\0';
		error = settings_take(settings, text, refusal);
		list += length;
		list += *list == ',';
	}
	if (!error && settings->consumer == EGLSTREAM_SCREEN &&
	    (settings->every > 1 || settings->renew || settings->digest[0]))
		error = eglstream_refuse(refusal, -EINVAL,
					 "--display eglstream: every, renew and "
					 "digest go with consumer=cuda or gles");
	if (!error && settings->consumer != EGLSTREAM_SCREEN &&
	    (settings->device[0] || settings->connector[0]))
		error = eglstream_refuse(refusal, -EINVAL,
					 "--display eglstream: device and "
					 "connector are a screen's: they do not "
					 "go with consumer=%s",
					 settings->consumer ==
							 EGLSTREAM_CUDA_CONSUMER
						 ? "cuda"
						 : "gles");
	return error;
}
