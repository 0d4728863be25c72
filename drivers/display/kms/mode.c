/*
 * drivers/display/kms/mode.c: see mode.h.
 */
#include "drivers/display/kms/mode.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/base/text.h"

#define RATE_TOLERANCE_MILLIHERTZ 500

/* VESA CVT 1.1, reduced blanking: pixels, lines, kHz, us. */
#define RB_H_BLANK	 160
#define RB_H_SYNC	 32
#define RB_H_FRONT	 48
#define RB_V_FRONT	 3
#define RB_V_BACK_MIN	 6
#define RB_V_BLANK_US	 460
#define RB_CLOCK_STEP	 250
#define RB_MILLIHERTZ	 60000
#define RB_V_SYNC_UNUSUAL 10 /* an aspect ratio that the standard lacks */

void kms_mode_refresh(const drmModeModeInfo *mode, uint64_t *num, uint64_t *den)
{
	*num = mode->clock * UINT64_C(1000);
	*den = (uint64_t)mode->htotal * mode->vtotal;
	if (mode->flags & DRM_MODE_FLAG_INTERLACE)
		*num *= 2;
	if (mode->flags & DRM_MODE_FLAG_DBLSCAN)
		*den *= 2;
	if (mode->vscan > 1)
		*den *= mode->vscan;
	if (!*den)
		*den = 1;
}

uint32_t kms_mode_millihertz(const drmModeModeInfo *mode)
{
	uint64_t num, den;

	kms_mode_refresh(mode, &num, &den);
	return (uint32_t)((num * 1000 + den / 2) / den);
}

void kms_mode_text(const drmModeModeInfo *mode, char text[KMS_MODE_TEXT_MAX])
{
	uint32_t hundredths = (kms_mode_millihertz(mode) + 5) / 10;

	snprintf(text, KMS_MODE_TEXT_MAX, "%ux%u@%u.%02u", mode->hdisplay,
		 mode->vdisplay, hundredths / 100, hundredths % 100);
}

void kms_mode_list(const drmModeModeInfo *modes, int count, char *text,
		   size_t bytes)
{
	char one[KMS_MODE_TEXT_MAX], before[KMS_MODE_TEXT_MAX] = "";
	int i;

	text[0] = '\0';
	for (i = 0; i < count; i++) {
		kms_mode_text(&modes[i], one);
		if (strcmp(one, before))
			text_append(text, bytes, "%s%s", *text ? ", " : "",
				    one);
		memcpy(before, one, sizeof(before));
	}
}

/* Pixels that a mode must have, and the rate it should be near to. */
struct wish {
	uint32_t width, height, millihertz;
	uint32_t tolerance; /* mHz; UINT32_MAX: any */
};

static uint32_t distance(uint32_t a, uint32_t b)
{
	return a > b ? a - b : b - a;
}

/* On a tie the preferred mode, then the first. */
static int nearest(const drmModeModeInfo *modes, int count,
		   const struct wish *wish)
{
	uint32_t best_distance = 0, off;
	int i, best = -1;

	for (i = 0; i < count; i++) {
		if (modes[i].hdisplay != wish->width ||
		    modes[i].vdisplay != wish->height)
			continue;
		off = distance(kms_mode_millihertz(&modes[i]),
			       wish->millihertz);
		if (off > wish->tolerance)
			continue;
		if (best < 0 || off < best_distance ||
		    (off == best_distance &&
		     modes[i].type & DRM_MODE_TYPE_PREFERRED &&
		     !(modes[best].type & DRM_MODE_TYPE_PREFERRED))) {
			best = i;
			best_distance = off;
		}
	}
	return best;
}

static bool holds(const drmModeModeInfo *mode, const struct wish *frame)
{
	return mode->hdisplay >= frame->width &&
	       mode->vdisplay >= frame->height;
}

static uint32_t area(const drmModeModeInfo *mode)
{
	return (uint32_t)mode->hdisplay * mode->vdisplay;
}

/* No mode has the frame's size. */
static int next_best(const drmModeModeInfo *modes, int count,
		     const struct wish *frame)
{
	int i, preferred = -1, smallest = -1;

	for (i = 0; i < count; i++) {
		if (preferred < 0 && modes[i].type & DRM_MODE_TYPE_PREFERRED)
			preferred = i;
		if (holds(&modes[i], frame) &&
		    (smallest < 0 || area(&modes[i]) < area(&modes[smallest])))
			smallest = i;
	}
	if (preferred >= 0 && holds(&modes[preferred], frame))
		return preferred;
	if (smallest >= 0)
		return smallest;
	if (preferred >= 0)
		return preferred;
	return count ? 0 : -1;
}

int kms_mode_choose(const drmModeModeInfo *modes, int count,
		    const struct kms_settings *settings)
{
	const struct display_mode *mode = &settings->mode;
	bool turned = kms_is_turned(settings);
	struct wish wish = {
		.width = turned ? settings->frame_height
				: settings->frame_width,
		.height = turned ? settings->frame_width
				 : settings->frame_height,
		.millihertz = settings->rate_millihertz,
		.tolerance = UINT32_MAX,
	};
	int found;

	if (mode->width) {
		wish.width = mode->width;
		wish.height = mode->height;
		if (mode->millihertz) {
			wish.millihertz = mode->millihertz;
			wish.tolerance = RATE_TOLERANCE_MILLIHERTZ;
		}
		return nearest(modes, count, &wish);
	}
	found = nearest(modes, count, &wish);
	return found >= 0 ? found : next_best(modes, count, &wish);
}

/* The sync width tells a CVT display the aspect ratio. */
static uint32_t v_sync_lines(uint32_t width, uint32_t height)
{
	/* clang-format off */
	static const struct { uint32_t x, y, lines; } aspects[] = {
		{4, 3, 4}, {16, 9, 5}, {16, 10, 6}, {5, 4, 7}, {15, 9, 7},
	};
	/* clang-format on */
	size_t i;

	for (i = 0; i < sizeof(aspects) / sizeof(aspects[0]); i++)
		if (width * aspects[i].y == height * aspects[i].x)
			return aspects[i].lines;
	return RB_V_SYNC_UNUSUAL;
}

void kms_mode_make(drmModeModeInfo *mode, const struct display_mode *wish)
{
	uint32_t millihertz = wish->millihertz ? wish->millihertz
					       : RB_MILLIHERTZ;
	uint32_t sync = v_sync_lines(wish->width, wish->height);
	/* the time of one line, from the lines shown in what the blanking of
	 * 460 us leaves of a period; in nanoseconds */
	uint64_t period_ns = UINT64_C(1000000000000) / millihertz;
	uint64_t line_ns =
		(period_ns - RB_V_BLANK_US * UINT64_C(1000)) / wish->height;
	uint32_t blank = (uint32_t)(RB_V_BLANK_US * UINT64_C(1000) / line_ns) +
			 1;
	uint32_t least = RB_V_FRONT + sync + RB_V_BACK_MIN;
	uint64_t clock_khz;

	if (blank < least)
		blank = least;
	*mode = (drmModeModeInfo){
		.hdisplay = (uint16_t)wish->width,
		.hsync_start = (uint16_t)(wish->width + RB_H_FRONT),
		.hsync_end = (uint16_t)(wish->width + RB_H_FRONT + RB_H_SYNC),
		.htotal = (uint16_t)(wish->width + RB_H_BLANK),
		.vdisplay = (uint16_t)wish->height,
		.vsync_start = (uint16_t)(wish->height + RB_V_FRONT),
		.vsync_end = (uint16_t)(wish->height + RB_V_FRONT + sync),
		.vtotal = (uint16_t)(wish->height + blank),
		.flags = DRM_MODE_FLAG_PHSYNC | DRM_MODE_FLAG_NVSYNC,
		.type = DRM_MODE_TYPE_USERDEF,
	};
	clock_khz = (uint64_t)mode->htotal * mode->vtotal * millihertz /
		    1000000;
	mode->clock = (uint32_t)(clock_khz / RB_CLOCK_STEP * RB_CLOCK_STEP);
	mode->vrefresh = (kms_mode_millihertz(mode) + 500) / 1000;
	snprintf(mode->name, sizeof(mode->name), "%ux%u", wish->width,
		 wish->height);
}

bool kms_mode_is_same(const drmModeModeInfo *a, const drmModeModeInfo *b)
{
	return a->clock == b->clock && a->hdisplay == b->hdisplay &&
	       a->hsync_start == b->hsync_start &&
	       a->hsync_end == b->hsync_end && a->htotal == b->htotal &&
	       a->vdisplay == b->vdisplay &&
	       a->vsync_start == b->vsync_start &&
	       a->vsync_end == b->vsync_end && a->vtotal == b->vtotal &&
	       a->vscan == b->vscan && a->flags == b->flags;
}
