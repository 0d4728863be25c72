/*
 * drivers/source/v4l2/format.h: what a device is set to, and what it says that
 * it is set to, which is what counts: drivers change what they are asked for.
 *
 * A graph's format is one of V4L2's, or MJPG, which the capture thread decodes.
 * Size and format must come out as the graph has them; the rate may differ and
 * is told. Main thread at start, the capture thread after a loss; nothing here
 * allocates.
 */
#ifndef DRIVERS_SOURCE_V4L2_FORMAT_H
#define DRIVERS_SOURCE_V4L2_FORMAT_H

#include <stdio.h>

#include "drivers/source/v4l2/device.h"
#include "graph/graph.h"
#include "runtime/base/rate.h"

#define V4L2_PLANES_MAX PICTURE_PLANES_MAX

/* What is asked for. */
struct v4l2_wish {
	const struct graph_source *graph;
	struct rate rate;
	int input;	 /* -1: the one that is set */
	uint32_t fourcc; /* the only one to try; 0: what fits */
};

/* How frames come. */
struct v4l2_shape {
	uint32_t fourcc;
	bool jpeg;
	uint32_t type;	  /* V4L2_BUF_TYPE_VIDEO_CAPTURE or ..._MPLANE */
	uint32_t pieces;  /* of memory in each buffer: more than 1 with the
			     multi-planar API only */
	size_t bytes[V4L2_PLANES_MAX]; /* of each piece */
	size_t least; /* bytes that a whole frame has; of JPEG: 1 */
	/* a picture's planes: in which piece, where in it */
	uint32_t piece[V4L2_PLANES_MAX];
	size_t offset[V4L2_PLANES_MAX], pitch[V4L2_PLANES_MAX];
	struct rate rate; /* frames a second; num 0: the driver does not say */
	/* never AUTO: V4L2 has rules for what a driver does not say */
	enum color_encoding encoding;
	enum color_range range;
};

/* Sets input, timings, format and rate and reads them back. 0, or -errno with the
 * reason in `refusal`, which lists what there is: -ENOTSUP, -EBUSY, -ENODEV. */
int v4l2_format_set(const struct v4l2_device *device,
		    const struct v4l2_wish *wish, struct v4l2_shape *shape,
		    char *refusal, size_t bytes)
	__attribute__((warn_unused_result));

/* The same frames in the same places. */
bool v4l2_shape_is(const struct v4l2_shape *a, const struct v4l2_shape *b);

/* What it gives: "YUYV UYVY 640x480 1280x720; MJPG 1920x1080". */
void v4l2_format_list(const struct v4l2_device *device, char *text,
		      size_t bytes);

/* The same with rates, a line each, for --probe. */
void v4l2_format_print(const struct v4l2_device *device, FILE *out,
		       const char *indent);

/* 4 characters and a NUL; what cannot be printed is '?'. */
void v4l2_fourcc_text(uint32_t fourcc, char text[5]);

/* "NV12"; 0: it is none. */
uint32_t v4l2_fourcc_of(const char *text, size_t length);

#endif
