/*
 * drivers/display/kms/mode.c: see mode.h.
 */
#include "drivers/display/kms/mode.h"

#include <stdio.h>
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

static char scan_of(const drmModeModeInfo *mode)
{
	if (mode->flags & DRM_MODE_FLAG_INTERLACE)
		return 'i';
	return mode->flags & DRM_MODE_FLAG_DBLSCAN ? 'd' : '\0';
}

void kms_mode_text(const drmModeModeInfo *mode, char text[KMS_MODE_TEXT_MAX])
{
	uint32_t hundredths = (kms_mode_millihertz(mode) + 5) / 10;
	const char scan[] = {scan_of(mode), '\0'};

	snprintf(text, KMS_MODE_TEXT_MAX, "%ux%u%s@%u.%02u", mode->hdisplay,
		 mode->vdisplay, scan, hundredths / 100, hundredths % 100);
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

/* ---- which one ------------------------------------------------------------ */

/* What is wanted of a mode. */
struct wish {
	bool exact; /* --mode: this size and scan, no other */
	char scan;  /* exact: 0: any */
	uint32_t width, height;
	uint32_t millihertz;
	uint32_t tolerance; /* mHz; UINT32_MAX: any rate */
	const drmModeModeInfo *preferred; /* NULL: none is */
};

/* A mode's place: the first number that differs decides, less is better. */
enum rank {
	RANK_TOO_SMALL,
	RANK_SCAN,
	RANK_SIZE,
	RANK_AREA,
	RANK_RATE,
	RANK_DISTANCE,
	RANK_NOT_PREFERRED,
	RANK_COUNT
};

struct candidate {
	uint16_t index;
	uint32_t rank[RANK_COUNT];
};

static uint32_t distance(uint32_t a, uint32_t b)
{
	return a > b ? a - b : b - a;
}

static bool has_size(const drmModeModeInfo *mode, uint32_t width,
		     uint32_t height)
{
	return mode->hdisplay == width && mode->vdisplay == height;
}

/* 0: each tick has its refresh, or as many as the next; 1: quicker; 2: some
 * ticks have none. */
static uint32_t rate_rank(uint32_t refresh, uint32_t ticks)
{
	uint32_t times = ticks ? (refresh + ticks / 2) / ticks : 1;

	if (times && distance(refresh, times * ticks) <=
			     RATE_TOLERANCE_MILLIHERTZ)
		return 0;
	return refresh > ticks ? 1 : 2;
}

static uint32_t size_rank(const drmModeModeInfo *mode, const struct wish *wish)
{
	if (has_size(mode, wish->width, wish->height))
		return 0;
	return wish->preferred && has_size(mode, wish->preferred->hdisplay,
					   wish->preferred->vdisplay)
		       ? 1
		       : 2;
}

/* False: not wanted at all. */
static bool rank_mode(struct candidate *candidate, const drmModeModeInfo *mode,
		      const struct wish *wish)
{
	uint32_t refresh = kms_mode_millihertz(mode);
	uint32_t area = (uint32_t)mode->hdisplay * mode->vdisplay;
	bool small = mode->hdisplay < wish->width ||
		     mode->vdisplay < wish->height;
	uint32_t *rank = candidate->rank;

	if (wish->exact && (!has_size(mode, wish->width, wish->height) ||
			    (wish->scan && wish->scan != scan_of(mode))))
		return false;
	rank[RANK_TOO_SMALL] = small;
	rank[RANK_SCAN] = scan_of(mode) != '\0';
	rank[RANK_SIZE] = size_rank(mode, wish);
	rank[RANK_AREA] = small ? UINT32_MAX - area : area;
	rank[RANK_RATE] = rate_rank(refresh, wish->millihertz);
	rank[RANK_DISTANCE] = distance(refresh, wish->millihertz);
	rank[RANK_NOT_PREFERRED] = !(mode->type & DRM_MODE_TYPE_PREFERRED);
	return rank[RANK_DISTANCE] <= wish->tolerance;
}

static bool is_better(const struct candidate *a, const struct candidate *b)
{
	int i;

	for (i = 0; i < RANK_COUNT; i++)
		if (a->rank[i] != b->rank[i])
			return a->rank[i] < b->rank[i];
	return a->index < b->index;
}

static struct wish wish_of(const drmModeModeInfo *modes, int count,
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
	int i;

	if (mode->width) {
		wish.exact = true;
		wish.scan = mode->scan;
		wish.width = mode->width;
		wish.height = mode->height;
	}
	if (mode->width && mode->millihertz) {
		wish.millihertz = mode->millihertz;
		wish.tolerance = RATE_TOLERANCE_MILLIHERTZ;
	}
	for (i = 0; i < count && !wish.preferred; i++)
		if (modes[i].type & DRM_MODE_TYPE_PREFERRED)
			wish.preferred = &modes[i];
	return wish;
}

uint32_t kms_mode_rank(const drmModeModeInfo *modes, int count,
		       const struct kms_settings *settings,
		       uint16_t order[KMS_MODES_MAX])
{
	const struct wish wish = wish_of(modes, count, settings);
	uint32_t n = 0, at;
	uint16_t i;

	for (i = 0; i < count && i < KMS_MODES_MAX; i++) {
		struct candidate one = {.index = i}, other;

		if (!rank_mode(&one, &modes[i], &wish))
			continue;
		for (at = n++; at; at--) {
			other.index = order[at - 1];
			rank_mode(&other, &modes[other.index], &wish);
			if (!is_better(&one, &other))
				break;
			order[at] = order[at - 1];
		}
		order[at] = i;
	}
	return n;
}

bool kms_mode_is_slower(const drmModeModeInfo *mode, uint32_t rate_millihertz)
{
	return kms_mode_millihertz(mode) * UINT64_C(10000) <
	       rate_millihertz * UINT64_C(9999);
}

/* ---- one that the connector lacks ------------------------------------------ */

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

bool kms_mode_lists_are_same(const drmModeConnector *a,
			     const drmModeConnector *b)
{
	int i;

	if (a->count_modes != b->count_modes)
		return false;
	for (i = 0; i < a->count_modes; i++)
		if (!kms_mode_is_same(&a->modes[i], &b->modes[i]) ||
		    a->modes[i].type != b->modes[i].type)
			return false;
	return true;
}
