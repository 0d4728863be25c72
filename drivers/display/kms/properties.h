/*
 * drivers/display/kms/properties.h: the properties of one KMS object, their
 * names resolved once into a table by enum.
 */
#ifndef DRIVERS_DISPLAY_KMS_PROPERTIES_H
#define DRIVERS_DISPLAY_KMS_PROPERTIES_H

#include <stdbool.h>
#include <stdint.h>

enum kms_property {
	KMS_CRTC_ID, /* of a connector or a plane */
	KMS_LINK_STATUS,
	KMS_NON_DESKTOP,
	KMS_PANEL_ORIENTATION,
	KMS_ACTIVE,
	KMS_MODE_ID,
	KMS_FB_ID,
	KMS_SRC_X,
	KMS_SRC_Y,
	KMS_SRC_W,
	KMS_SRC_H,
	KMS_CRTC_X,
	KMS_CRTC_Y,
	KMS_CRTC_W,
	KMS_CRTC_H,
	KMS_TYPE,
	KMS_ROTATION,
	KMS_ZPOS,
	KMS_PROPERTY_COUNT
};

struct kms_properties {
	uint32_t object;
	struct kms_property_row {
		uint32_t id; /* 0: the object does not have it */
		uint64_t value;
		uint64_t min, max; /* range properties */
		uint64_t bits;	   /* bitmask properties: those it takes */
		bool immutable;
	} row[KMS_PROPERTY_COUNT];
};

/* Main or helper thread. type: DRM_MODE_OBJECT_*. 0 or -errno. */
int kms_properties_read(struct kms_properties *properties, int fd,
			uint32_t object, uint32_t type)
	__attribute__((warn_unused_result));

#endif
