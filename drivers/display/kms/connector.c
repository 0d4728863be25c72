/*
 * drivers/display/kms/connector.c: see connector.h.
 */
#include "drivers/display/kms/connector.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "runtime/base/text.h"

#define LIST_MAX 320 /* bytes of a list of connectors in a message */

/* The kernel's names, drm_connector_enum_list; libdrm has them from 2.4.112. */
static const char *const types[] = {
	"Unknown",   "VGA",  "DVI-I",	"DVI-D",   "DVI-A", "Composite",
	"SVIDEO",    "LVDS", "Component", "DIN",     "DP",    "HDMI-A",
	"HDMI-B",    "TV",   "eDP",	"Virtual", "DSI",   "DPI",
	"Writeback", "SPI",  "USB",
};

static const char *type_name(uint32_t type)
{
	return type < sizeof(types) / sizeof(types[0]) ? types[type]
						       : types[0];
}

void kms_connector_name(const drmModeConnector *info, char name[KMS_NAME_MAX])
{
	snprintf(name, KMS_NAME_MAX, "%s-%u", type_name(info->connector_type),
		 info->connector_type_id);
}

int kms_connector_probe(struct kms_connector *connector, int fd, uint32_t id)
{
	int error;

	kms_connector_finish(connector);
	errno = ENODEV;
	connector->info = drmModeGetConnector(fd, id);
	if (!connector->info)
		return -errno;
	connector->id = id;
	kms_connector_name(connector->info, connector->name);
	error = kms_properties_read(&connector->properties, fd, id,
				    DRM_MODE_OBJECT_CONNECTOR);
	if (error)
		kms_connector_finish(connector);
	return error;
}

void kms_connector_finish(struct kms_connector *connector)
{
	drmModeFreeConnector(connector->info);
	*connector = (struct kms_connector){.info = NULL};
}

bool kms_connector_is_connected(const struct kms_connector *connector)
{
	return connector->info->connection == DRM_MODE_CONNECTED;
}

bool kms_connector_is_link_bad(const struct kms_connector *connector)
{
	const struct kms_property_row *row =
		&connector->properties.row[KMS_LINK_STATUS];

	return row->id && row->value == DRM_MODE_LINK_STATUS_BAD;
}

/* The kernel's enum: normal, upside down, left side up, right side up; its own
 * console turns by the same. */
uint32_t kms_connector_rotation(const struct kms_connector *connector)
{
	static const uint32_t degrees[] = {0, 180, 90, 270};
	const struct kms_property_row *row =
		&connector->properties.row[KMS_PANEL_ORIENTATION];

	return row->id && row->value < sizeof(degrees) / sizeof(degrees[0])
		       ? degrees[row->value]
		       : 0;
}

static bool is_desktop(const struct kms_connector *connector)
{
	return !connector->properties.row[KMS_NON_DESKTOP].value;
}

static const char *status_name(const struct kms_connector *connector)
{
	switch (connector->info->connection) {
	case DRM_MODE_CONNECTED:
		if (!is_desktop(connector))
			return "connected, no desktop display (a headset): "
			       "only by connector=";
		return connector->info->count_modes ? "connected"
						    : "connected, no modes";
	case DRM_MODE_DISCONNECTED:
		return "disconnected";
	default:
		return "status unknown";
	}
}

/* How good a choice: 0 none, 1 dark, 2 on view now. */
static int rank(const struct kms_connector *connector,
		const struct kms_settings *settings)
{
	if (settings->connector[0])
		return !strcmp(settings->connector, connector->name) ? 2 : 0;
	if (!kms_connector_is_connected(connector) || !is_desktop(connector))
		return 0;
	if (!connector->info->count_modes && !settings->mode.width)
		return 0;
	return connector->info->encoder_id ? 2 : 1;
}

/* What connectors there are, for a refusal. */
struct seen {
	char list[LIST_MAX]; /* "HDMI-A-1: connected; ..." */
	bool others; /* one that would have served is another sink's */
};

static int connector_refuse(const char *path,
			    const struct kms_settings *settings,
			    const struct seen *seen,
			    struct kms_refusal *refusal)
{
	const char *list = seen->list;

	if (settings->connector[0] && seen->others)
		return kms_refuse(refusal, -EBUSY,
				  "%s: connector %s is another sink's of this "
				  "graph: one sink a connector; it has %s",
				  path, settings->connector, list);
	if (settings->connector[0])
		return kms_refuse(refusal, -ENODEV,
				  "%s: no connector %s; it has %s", path,
				  settings->connector, list);
	if (seen->others)
		return kms_refuse(refusal, -ENODEV,
				  "%s: no connected connector is left (%s): "
				  "plug another display in, or show this sink "
				  "elsewhere: --display NODE:headless",
				  path, list);
	return kms_refuse(refusal, -ENODEV,
			  "%s: no connected connector (%s): plug a display "
			  "in, or force one with connector=NAME and --mode",
			  path, *list ? list : "it has none");
}

/* A named connector serves also when it is dark, if --mode forces one. */
static int check(const struct kms_connector *connector, const char *path,
		 const struct kms_settings *settings,
		 struct kms_refusal *refusal)
{
	if (connector->info->count_modes || settings->mode.width)
		return 0;
	return kms_refuse(refusal, -ENODEV,
			  "%s: %s is %s: plug a display in, or force a mode "
			  "with --mode 1920x1080",
			  path, connector->name, status_name(connector));
}

/* Notes it, and says how good a choice it is. */
static int see(struct seen *seen, const struct kms_connector *connector,
	       bool is_others, const struct kms_settings *settings)
{
	int good = rank(connector, settings);

	text_append(seen->list, sizeof(seen->list), "%s%s: %s%s",
		    *seen->list ? "; " : "", connector->name,
		    status_name(connector), is_others ? ", another sink's" : "");
	seen->others = seen->others || (is_others && good);
	return is_others ? 0 : good;
}

int kms_connector_choose(struct kms_connector *connector,
			 const struct kms_card *card,
			 const struct kms_claim *own,
			 const drmModeRes *resources,
			 const struct kms_settings *settings,
			 struct kms_refusal *refusal)
{
	struct seen seen = {.others = false};
	uint32_t chosen = 0;
	int i, error, good, best = 0;

	for (i = 0; i < resources->count_connectors && best < 2; i++) {
		error = kms_connector_probe(connector, card->fd,
					    resources->connectors[i]);
		if (error)
			return kms_refuse_call(refusal, card->path,
					       "GETCONNECTOR", error);
		good = see(&seen, connector,
			   kms_card_is_others(card, own, connector->id),
			   settings);
		if (good > best) {
			best = good;
			chosen = connector->id;
		}
	}
	if (chosen && connector->id != chosen) {
		error = kms_connector_probe(connector, card->fd, chosen);
		if (error)
			return kms_refuse_call(refusal, card->path,
					       "GETCONNECTOR", error);
	}
	error = chosen ? check(connector, card->path, settings, refusal)
		       : connector_refuse(card->path, settings, &seen, refusal);
	if (error)
		kms_connector_finish(connector);
	return error;
}
