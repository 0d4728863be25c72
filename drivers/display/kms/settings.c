/*
 * drivers/display/kms/settings.c: key=value pairs into a struct. See
 * settings.h.
 */
#include "drivers/display/kms/settings.h"

#include <errno.h>
#include <string.h>

#include "runtime/base/text.h"

#define KEYS "device, connector, plane, format, rotation, x, y, zpos, " \
	"buffers"

#ifndef KMS_DRIVERS
#define KMS_DRIVERS NULL
#endif

bool kms_format_fits(enum graph_format format)
{
	const struct graph_format_row *row;

	if (format >= GRAPH_FORMAT_COUNT)
		return false;
	row = graph_format_row(format);
	/* dumb buffers of 8 and 24 bits a pixel are not to be relied on */
	return row->planes == 1 && row->plane[0].across == 1 &&
	       row->plane[0].bytes % 2 == 0;
}

void kms_format_list(char *text, size_t bytes)
{
	enum graph_format format;

	*text = '\0';
	for (format = 0; format < GRAPH_FORMAT_COUNT; format++)
		if (kms_format_fits(format))
			text_append(text, bytes, "%s%s (%s)",
				    *text ? ", " : "",
				    graph_format_name(format),
				    graph_format_row(format)->fourcc);
}

/* One pair on its way into the settings. */
struct pair {
	struct kms_settings *settings;
	const char *value;
	bool wrong;
};

static int64_t number(struct pair *pair, int64_t min, int64_t max)
{
	int64_t value = 0;

	if (!text_to_int(pair->value, strlen(pair->value), min, max, &value))
		pair->wrong = true;
	return value;
}

static void take_text(struct pair *pair, char *text, size_t bytes)
{
	size_t length = strlen(pair->value);

	if (!length || length >= bytes)
		pair->wrong = true;
	else
		memcpy(text, pair->value, length + 1);
}

static void take_device(struct pair *pair)
{
	take_text(pair, pair->settings->device, KMS_DEVICE_MAX);
}

static void take_connector(struct pair *pair)
{
	take_text(pair, pair->settings->connector, KMS_NAME_MAX);
}

static void take_plane(struct pair *pair)
{
	pair->settings->overlay = !strcmp(pair->value, "overlay");
	if (!pair->settings->overlay && strcmp(pair->value, "primary"))
		pair->settings->plane_id =
			(uint32_t)number(pair, 1, UINT32_MAX);
}

static void take_format(struct pair *pair)
{
	enum graph_format format = graph_format_find(pair->value);

	pair->wrong = !kms_format_fits(format);
	pair->settings->format = pair->wrong ? 0 : format;
	pair->settings->format_given = true;
}

static void take_rotation(struct pair *pair)
{
	pair->settings->rotation_given = true;
	pair->settings->rotation = (uint32_t)number(pair, 0, 270);
	if (pair->settings->rotation % 90)
		pair->wrong = true;
}

static void take_x(struct pair *pair)
{
	pair->settings->x = (int32_t)number(pair, -16384, 16384);
}

static void take_y(struct pair *pair)
{
	pair->settings->y = (int32_t)number(pair, -16384, 16384);
}

static void take_zpos(struct pair *pair)
{
	pair->settings->zpos = number(pair, 0, 255);
}

static void take_buffers(struct pair *pair)
{
	bool is_auto = !strcmp(pair->value, "auto");

	pair->settings->provider =
		is_auto ? NULL : kms_provider_find(pair->value);
	pair->wrong = !is_auto && !pair->settings->provider;
}

static const struct {
	const char *key, *takes; /* NULL: a format, or a provider */
	void (*take)(struct pair *pair);
} keys[] = {
	{"device", "a path or a driver's name", take_device},
	{"connector", "a name such as HDMI-A-1", take_connector},
	{"plane", "primary, overlay or a plane's number", take_plane},
	{"format", NULL, take_format},
	{"rotation", "0, 90, 180 or 270", take_rotation},
	{"x", "pixels, -16384 to 16384", take_x},
	{"y", "pixels, -16384 to 16384", take_y},
	{"zpos", "0 to 255", take_zpos},
	{"buffers", NULL, take_buffers},
};

#define KEY_COUNT (sizeof(keys) / sizeof(keys[0]))

/* `text` is "key=value", cut off already. */
static int take_pair(struct kms_settings *settings, char *text,
		     struct kms_refusal *refusal)
{
	char *equals = strchr(text, '=');
	struct pair pair = {.settings = settings, .value = ""};
	char list[KMS_FORMAT_LIST_MAX] = "auto, ";
	size_t i;

	if (equals) {
		*equals = '\0';
		pair.value = equals + 1;
	}
	for (i = 0; i < KEY_COUNT; i++)
		if (!strcmp(text, keys[i].key))
			break;
	if (i == KEY_COUNT)
		return kms_refuse(refusal, -EINVAL,
				  "--display kms: no setting %.64s; it has "
				  "%s",
				  text, KEYS);
	keys[i].take(&pair);
	if (keys[i].take == take_buffers)
		kms_provider_list(list + strlen(list),
				  sizeof(list) - strlen(list));
	else
		kms_format_list(list, sizeof(list));
	if (pair.wrong)
		return kms_refuse(refusal, -EINVAL,
				  "--display kms: %s=%.64s: it takes %s", text,
				  pair.value,
				  keys[i].takes ? keys[i].takes : list);
	return 0;
}

static int take_pairs(struct kms_settings *settings, const char *list,
		      struct kms_refusal *refusal)
{
	char text[KMS_DEVICE_MAX + KMS_NAME_MAX];
	size_t length;
	int error = 0;

	while (list && *list && !error) {
		length = strcspn(list, ",");
		if (length >= sizeof(text))
			return kms_refuse(refusal, -EINVAL,
					  "--display kms: %.64s...: too long",
					  list);
		memcpy(text, list, length);
		text[length] = '\0';
		error = take_pair(settings, text, refusal);
		list += length;
		list += *list == ',';
	}
	return error;
}

/* The graph's settings first, so that the command line's win. */
int kms_settings_parse(struct kms_settings *settings,
		       const struct display_config *config,
		       struct kms_refusal *refusal)
{
	int error;

	*settings = (struct kms_settings){
		.drivers = KMS_DRIVERS,
		.zpos = KMS_ZPOS_ANY,
		.memory = config->memory,
		.mode = config->mode,
		.frame_width = config->width,
		.frame_height = config->height,
		.rate_millihertz = (uint32_t)(config->rate_num *
					      UINT64_C(1000) /
					      config->rate_den),
	};
	error = take_pairs(settings, config->graph_settings, refusal);
	if (!error)
		error = take_pairs(settings, config->settings, refusal);
	if (!error && !settings->overlay && !settings->plane_id &&
	    (settings->x || settings->y || settings->zpos != KMS_ZPOS_ANY))
		return kms_refuse(refusal, -EINVAL,
				  "--display kms: x, y and zpos go with "
				  "plane=overlay");
	return error;
}
