/*
 * drivers/display/kms/layout.h: where a frame goes when the mode has another
 * size. No device is touched here.
 *
 *   exact    framebuffer = frame = mode
 *   scaled   framebuffer = frame; the plane scales it, black around
 *   centred  framebuffer = mode; the frame is drawn at an offset in it
 *   overlay  framebuffer = frame, at a position of the CRTC
 *
 * Which of them a plane can do, TEST_ONLY decides (output.c): they come in the
 * order in which to try them.
 */
#ifndef DRIVERS_DISPLAY_KMS_LAYOUT_H
#define DRIVERS_DISPLAY_KMS_LAYOUT_H

#include <stdint.h>

#include "drivers/display/kms/settings.h"

#define KMS_LAYOUTS_MAX 2
#define KMS_LAYOUT_ALIGN 16 /* pixels: rows start on a cache line */

struct kms_layout {
	const char *name; /* "exact", "scaled", "centred", "overlay" */
	uint32_t fb_width, fb_height;
	uint32_t offset_x, offset_y; /* of the frame, in the framebuffer */
	int32_t crtc_x, crtc_y;
	uint32_t crtc_width, crtc_height;
};

/* Returns how many there are, at least one. A frame larger than the mode has
 * `scaled` only. */
uint32_t kms_layout_list(struct kms_layout layouts[KMS_LAYOUTS_MAX],
			 const struct kms_settings *settings, bool overlay,
			 uint32_t mode_width, uint32_t mode_height);

#endif
