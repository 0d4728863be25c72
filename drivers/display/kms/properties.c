/*
 * drivers/display/kms/properties.c: see properties.h.
 */
#include "drivers/display/kms/properties.h"

#include <errno.h>
#include <string.h>
#include <xf86drm.h>
#include <xf86drmMode.h>

static const char *const names[KMS_PROPERTY_COUNT] = {
	[KMS_CRTC_ID] = "CRTC_ID",
	[KMS_LINK_STATUS] = "link-status",
	[KMS_NON_DESKTOP] = "non-desktop",
	[KMS_PANEL_ORIENTATION] = "panel orientation",
	[KMS_ACTIVE] = "ACTIVE",
	[KMS_MODE_ID] = "MODE_ID",
	[KMS_FB_ID] = "FB_ID",
	[KMS_SRC_X] = "SRC_X",
	[KMS_SRC_Y] = "SRC_Y",
	[KMS_SRC_W] = "SRC_W",
	[KMS_SRC_H] = "SRC_H",
	[KMS_CRTC_X] = "CRTC_X",
	[KMS_CRTC_Y] = "CRTC_Y",
	[KMS_CRTC_W] = "CRTC_W",
	[KMS_CRTC_H] = "CRTC_H",
	[KMS_TYPE] = "type",
	[KMS_ROTATION] = "rotation",
	[KMS_ZPOS] = "zpos",
};

/* A bitmask's enum values are bit numbers; a range's values are min, max. */
static void fill_row(struct kms_property_row *row, const drmModePropertyRes *res,
		     uint64_t value)
{
	int i;

	row->id = res->prop_id;
	row->value = value;
	row->immutable = res->flags & DRM_MODE_PROP_IMMUTABLE;
	if (res->flags & DRM_MODE_PROP_BITMASK)
		for (i = 0; i < res->count_enums; i++)
			row->bits |= UINT64_C(1) << (res->enums[i].value & 63);
	if (res->flags & DRM_MODE_PROP_RANGE && res->count_values == 2) {
		row->min = res->values[0];
		row->max = res->values[1];
	}
}

int kms_properties_read(struct kms_properties *properties, int fd,
			uint32_t object, uint32_t type)
{
	drmModeObjectProperties *all;
	uint32_t i, name;
	int error = 0;

	*properties = (struct kms_properties){.object = object};
	errno = ENODEV;
	all = drmModeObjectGetProperties(fd, object, type);
	if (!all)
		return -errno;
	for (i = 0; i < all->count_props && !error; i++) {
		drmModePropertyRes *res =
			drmModeGetProperty(fd, all->props[i]);

		error = res ? 0 : -errno;
		for (name = 0; res && name < KMS_PROPERTY_COUNT; name++)
			if (!strcmp(res->name, names[name]))
				fill_row(&properties->row[name], res,
					 all->prop_values[i]);
		drmModeFreeProperty(res);
	}
	drmModeFreeObjectProperties(all);
	return error;
}
