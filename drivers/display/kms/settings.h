/*
 * drivers/display/kms/settings.h: what follows `kms,` in --display, and the
 * graph's own settings of the sink, in the same form:
 *
 *   device=PATH|DRIVER    /dev/dri/card1, vkms; default: the first with
 *                         CRTCs and a connected connector
 *   connector=NAME        HDMI-A-1; default: the first connected one
 *   plane=primary|overlay|ID
 *   format=NAME           of kernel/format.h
 *   rotation=0|90|180|270 degrees counter-clockwise
 *   x=N y=N zpos=N        overlay only: pixels of the CRTC; stacking order
 *   buffers=auto|NAME     whose memory the slots are: provider.h
 */
#ifndef DRIVERS_DISPLAY_KMS_SETTINGS_H
#define DRIVERS_DISPLAY_KMS_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "drivers/display/kms/provider.h"
#include "drivers/display/kms/refusal.h"
#include "graph/graph.h"
#include "runtime/port/display.h"

/* For --help. */
#define KMS_SETTINGS_HELP                                                      \
	"device=PATH|DRIVER, connector=NAME, plane=primary|overlay|ID, "       \
	"format=XRGB8888|XBGR8888|RGB565, rotation=0|90|180|270, x=N, y=N, zpos=N, "  \
	"buffers=auto|dumb|dumb-hostreg|dumb-import|nvbuf"

#define KMS_NAME_MAX   32
#define KMS_DEVICE_MAX 256
#define KMS_ZPOS_ANY   INT64_C(-1)
#define KMS_FORMAT_LIST_MAX 160

struct kms_settings {
	char device[KMS_DEVICE_MAX];  /* "": auto */
	const char *drivers; /* auto tries these first; NULL: none */
	char connector[KMS_NAME_MAX]; /* "": auto */
	bool overlay;
	uint32_t plane_id; /* 0: by type */
	bool format_given;
	enum graph_format format; /* of scan-out */
	bool rotation_given; /* else as the panel is mounted */
	uint32_t rotation;   /* degrees */
	int32_t x, y;	   /* overlay */
	int64_t zpos;	   /* overlay; KMS_ZPOS_ANY: as the driver has it */
	const struct kms_provider *provider; /* NULL: auto */
	/* set by the driver once it runs */
	bool reopen;		   /* an inherited file is gone */
	char driver[KMS_NAME_MAX]; /* of the device it found */
	struct kms_helper *helper; /* whose cards it may join; NULL: any */
	bool alone; /* none: the file, with its events, is to be this sink's */

	/* from struct display_config */
	const struct display_memory *memory; /* NULL: the CPU draws */
	struct display_mode mode; /* --mode; width 0: not given */
	uint32_t frame_width, frame_height;
	uint32_t rate_millihertz; /* of the graph */
};

/* 0, or -EINVAL with the refusal filled in. */
int kms_settings_parse(struct kms_settings *settings,
		       const struct display_config *config,
		       struct kms_refusal *refusal)
	__attribute__((warn_unused_result));

/* Can buffers for scan-out have it? Those of one plane, pixel by pixel. */
bool kms_format_fits(enum graph_format format);

/* "XRGB8888 (XR24), ...": those that fit. */
void kms_format_list(char *text, size_t bytes);

#endif
