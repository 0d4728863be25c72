/*
 * drivers/source/v4l2/jpeg.h: MJPG into a picture, by TurboJPEG, in the capture
 * thread. Where the library is not there when the driver is built, nothing can
 * be decoded and v4l2_jpeg_why says so.
 *
 * The library allocates for each frame (docs/sources.md says how often): that
 * thread is not sealed meanwhile.
 */
#ifndef DRIVERS_SOURCE_V4L2_JPEG_H
#define DRIVERS_SOURCE_V4L2_JPEG_H

#include "graph/graph.h"

struct v4l2_jpeg {
	void *decoder; /* tjhandle; NULL: none */
	enum graph_format format;
};

/* Whether MJPG can be decoded into that format. */
bool v4l2_jpeg_can(enum graph_format format);

/* Why not, after "its MJPG ". */
extern const char v4l2_jpeg_why[];

/* Main thread, at start. 0 or -ENOMEM. */
int v4l2_jpeg_init(struct v4l2_jpeg *jpeg, enum graph_format format);

/* Accepts a zeroed one. */
void v4l2_jpeg_finish(struct v4l2_jpeg *jpeg);

/* False: it is no JPEG of that size, or it was cut off. */
bool v4l2_jpeg_decode(struct v4l2_jpeg *jpeg, const unsigned char *data,
		      size_t bytes, const struct picture *picture);

#endif
