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

/* Refreshes a second, exact: num/den Hz. */
void kms_mode_refresh(const drmModeModeInfo *mode, uint64_t *num,
		      uint64_t *den);

/* The same, rounded. */
uint32_t kms_mode_millihertz(const drmModeModeInfo *mode);

/* "1920x1080@60.00", as --mode takes it. */
void kms_mode_text(const drmModeModeInfo *mode, char text[KMS_MODE_TEXT_MAX]);

/* All of them, each once, ", " between, for a message. */
void kms_mode_list(const drmModeModeInfo *modes, int count, char *text,
		   size_t bytes);

/*
 * With --mode: that size; with a rate the nearest within 0.5 Hz, without one
 * the nearest to the graph's rate. Else the first that there is of: the
 * frame's size, the nearest to the graph's rate; the preferred one if it holds
 * the frame; the smallest that holds it; the preferred one; the first.
 * rotated: the frame is turned by 90 or 270 degrees. -1: no such mode.
 */
int kms_mode_choose(const drmModeModeInfo *modes, int count,
		    const struct kms_settings *settings);

/*
 * VESA CVT 1.1 with reduced blanking: what digital displays accept. rate 0: 60
 * Hz. The pixel clock is a multiple of 250 kHz, so the refresh is within 0.3 %
 * of what was asked.
 */
void kms_mode_make(drmModeModeInfo *mode, const struct display_mode *wish);

/* Same timings, whatever their names and flags of preference. */
bool kms_mode_is_same(const drmModeModeInfo *a, const drmModeModeInfo *b);

/* True when settings ask for a frame turned by 90 or 270 degrees. */
static inline bool kms_is_turned(const struct kms_settings *settings)
{
	return settings->rotation % 180 != 0;
}

#endif
