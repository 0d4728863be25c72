/*
 * drivers/display/kms/plane.h: the CRTC that drives the connector and the
 * plane that shows the frames, with what it can do.
 */
#ifndef DRIVERS_DISPLAY_KMS_PLANE_H
#define DRIVERS_DISPLAY_KMS_PLANE_H

#include "drivers/display/kms/device.h"

struct kms_crtc {
	uint32_t id;
	uint32_t index; /* among the device's: bit of possible_crtcs */
	struct kms_properties properties;
};

struct kms_plane {
	uint32_t id;
	bool overlay;
	enum graph_format format;
	uint64_t rotation; /* DRM_MODE_ROTATE_*; 0: leave it alone */
	struct kms_properties properties;
};

/* Of those that no other sink has: the CRTC that drives the connector now, else
 * the first that can and that drives nothing. 0, or -errno with the refusal filled in. */
int kms_crtc_choose(struct kms_crtc *crtc, const struct kms_device *device,
		    const struct kms_connector *connector,
		    struct kms_refusal *refusal)
	__attribute__((warn_unused_result));

/*
 * The plane that the settings ask for. Without format= the plane's own choice:
 * the first of kernel/format.h that it has. 0, or -errno with the refusal filled in,
 * naming the formats or planes that there are.
 */
int kms_plane_choose(struct kms_plane *plane, const struct kms_device *device,
		     const struct kms_crtc *crtc,
		     const struct kms_settings *settings,
		     struct kms_refusal *refusal)
	__attribute__((warn_unused_result));

/* Turns the picture by so many degrees, counter-clockwise. False: it cannot, and
 * stays as it is. */
bool kms_plane_turn(struct kms_plane *plane, uint32_t degrees);

/* A primary plane of this CRTC, for what lies under an overlay. As above. */
int kms_plane_choose_primary(struct kms_plane *plane,
			     const struct kms_device *device,
			     const struct kms_crtc *crtc,
			     const struct kms_settings *settings,
			     struct kms_refusal *refusal)
	__attribute__((warn_unused_result));

#endif
