/*
 * drivers/display/kms/connector.h: one connector as it was at its last probe.
 *
 * A probe is forced: after a hot-plug the kernel's cached status and modes are
 * old until somebody asks for a new look. It may read an EDID and take tens of
 * milliseconds: main and helper thread only.
 */
#ifndef DRIVERS_DISPLAY_KMS_CONNECTOR_H
#define DRIVERS_DISPLAY_KMS_CONNECTOR_H

#include "drivers/display/kms/card.h"
#include "drivers/display/kms/properties.h"
#include "drivers/display/kms/settings.h"

#include <xf86drm.h>
#include <xf86drmMode.h>

struct kms_connector {
	uint32_t id;
	char name[KMS_NAME_MAX]; /* "HDMI-A-1" */
	drmModeConnector *info;	 /* NULL: not probed */
	struct kms_properties properties;
};

/* 0 or -errno, then nothing is kept. connector may hold an earlier probe. */
int kms_connector_probe(struct kms_connector *connector, int fd, uint32_t id)
	__attribute__((warn_unused_result));

/* "HDMI-A-1". */
void kms_connector_name(const drmModeConnector *info, char name[KMS_NAME_MAX]);

/* Accepts a zeroed one. */
void kms_connector_finish(struct kms_connector *connector);

bool kms_connector_is_connected(const struct kms_connector *connector);

/* True when the link's training failed and a mode set must follow. */
bool kms_connector_is_link_bad(const struct kms_connector *connector);

/* How far to turn the picture for a panel that is mounted turned, degrees
 * counter-clockwise; 0: it is not, or does not say. */
uint32_t kms_connector_rotation(const struct kms_connector *connector);

/*
 * The one that the settings name; else, of those that no other sink has, the
 * first connected one with modes that is a desktop's, what is on view now before
 * what is dark. Probes each. -ENODEV with the refusal filled in, naming those
 * that exist, where there is none.
 */
int kms_connector_choose(struct kms_connector *connector,
			 const struct kms_card *card,
			 const struct kms_claim *own,
			 const drmModeRes *resources,
			 const struct kms_settings *settings,
			 struct kms_refusal *refusal)
	__attribute__((warn_unused_result));

#endif
