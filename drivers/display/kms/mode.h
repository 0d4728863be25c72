/*
 * drivers/display/kms/mode.h: which of a connector's modes, and modes made
 * here for connectors that report none.
 */
#ifndef DRIVERS_DISPLAY_KMS_MODE_H
#define DRIVERS_DISPLAY_KMS_MODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <xf86drm.h>
#include <xf86drmMode.h>

#include "drivers/display/kms/settings.h"

#define KMS_MODE_TEXT_MAX 48
#define KMS_MODES_MAX	  256 /* of a connector; further ones are not seen */

/* Refreshes a second, exact: num/den Hz. */
void kms_mode_refresh(const drmModeModeInfo *mode, uint64_t *num,
		      uint64_t *den);

/* The same, rounded. */
uint32_t kms_mode_millihertz(const drmModeModeInfo *mode);

/* "1920x1080@60.00", "1920x1080i@59.94" where it is interlaced, "d" where
 * double-scan: as --mode takes it. */
void kms_mode_text(const drmModeModeInfo *mode, char text[KMS_MODE_TEXT_MAX]);

/* All of them, each once, ", " between, for a message. */
void kms_mode_list(const drmModeModeInfo *modes, int count, char *text,
		   size_t bytes);

/*
 * The modes to try, best first: their indices go to `order`, the number comes
 * back. With --mode only those of its size and scan, with a rate only those
 * within 0.5 Hz of it. Without it all of them, by these rules in turn:
 *
 *   1. those that hold the frame
 *   2. progressive before interlaced and double-scan
 *   3. the frame's own size; the preferred mode's; the smallest, of those that
 *      hold the frame, else the largest
 *   4. the graph's rate or a multiple of it, within 0.5 Hz; then a quicker one;
 *      then a slower one; of these the nearest
 *   5. the preferred mode; the first
 *
 * The frame is held as it is seen, turned by settings->rotation. --mode is
 * ranked by 2, 4 (nearest to its own rate) and 5.
 */
uint32_t kms_mode_rank(const drmModeModeInfo *modes, int count,
		       const struct kms_settings *settings,
		       uint16_t order[KMS_MODES_MAX]);

/* More than 100 ppm fewer refreshes a second than ticks: frames are dropped. */
bool kms_mode_is_slower(const drmModeModeInfo *mode, uint32_t rate_millihertz);

/*
 * VESA CVT 1.1 with reduced blanking: what digital displays accept. rate 0: 60
 * Hz. The pixel clock is a multiple of 250 kHz, so the refresh is within 0.3 %
 * of what was asked.
 */
void kms_mode_make(drmModeModeInfo *mode, const struct display_mode *wish);

/* Same timings, whatever their names and types. */
bool kms_mode_is_same(const drmModeModeInfo *a, const drmModeModeInfo *b);

/* Same modes in the same order, the preferred ones the same. */
bool kms_mode_lists_are_same(const drmModeConnector *a,
			     const drmModeConnector *b);

/* True when settings ask for a frame turned by 90 or 270 degrees. */
static inline bool kms_is_turned(const struct kms_settings *settings)
{
	return settings->rotation % 180 != 0;
}

#endif
