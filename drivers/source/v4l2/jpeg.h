/*
 * drivers/source/v4l2/jpeg.h: MJPG into a picture, by TurboJPEG, in the capture
 * thread. Where the library is not there when the driver is built, nothing can
 * be decoded and v4l2_jpeg_why says so.
 *
 * RGB and GREY are the library's own work. Y'CbCr stays as it is in the JPEG: Y
 * its bytes, Cb and Cr too where it samples them as the format does; else a
 * sample is the mean, rounded, of those in the JPEG that lie over its pixels, or
 * the one that does. 4:4:4, 4:2:2, 4:2:0, 4:4:0 and 4:1:1 are read, and grey, whose
 * Cb and Cr are 128.
 *
 * The library allocates for each frame: that thread is not sealed meanwhile.
 */
#ifndef DRIVERS_SOURCE_V4L2_JPEG_H
#define DRIVERS_SOURCE_V4L2_JPEG_H

#include "graph/graph.h"

struct v4l2_jpeg {
	void *decoder; /* tjhandle; NULL: none */
	enum graph_format format;
	unsigned char *planes; /* of the JPEG's; NULL: of no use */
	uint32_t pitch;	       /* of each */
	size_t plane_bytes;
	unsigned char *chroma[2]; /* a row of each, as the format has it */
};

/* Whether MJPG can be decoded into that format. */
bool v4l2_jpeg_can(enum graph_format format);

/* Why not, after "its MJPG ". */
extern const char v4l2_jpeg_why[];

/* Main thread, at start: all the memory of its own. 0 or -ENOMEM. */
int v4l2_jpeg_init(struct v4l2_jpeg *jpeg, enum graph_format format,
		   uint32_t width, uint32_t height);

/* Accepts a zeroed one. */
void v4l2_jpeg_finish(struct v4l2_jpeg *jpeg);

/* False: it is no JPEG of that size, or it was cut off. */
bool v4l2_jpeg_decode(struct v4l2_jpeg *jpeg, const unsigned char *data,
		      size_t bytes, const struct picture *picture);

#endif
