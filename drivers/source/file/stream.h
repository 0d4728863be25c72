/*
 * drivers/source/file/stream.h: the two kinds of text line in a YUV4MPEG2 file:
 * the first one, which says what all frames are, and the one before each frame.
 *
 * Taken: W, H, F, C and XCOLORRANGE. Told apart by nothing: interlacing (both
 * fields are one frame), the aspect of pixels. Pure functions, any thread.
 */
#ifndef DRIVERS_SOURCE_FILE_STREAM_H
#define DRIVERS_SOURCE_FILE_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/ycbcr.h"
#include "runtime/base/rate.h"

#define STREAM_MAGIC	   "YUV4MPEG2"
#define STREAM_HEADER_MAX  1024 /* bytes of the first line */
#define STREAM_FRAME_MAX   256	/* bytes of a frame's line */
#define STREAM_RATE_MAX	   1000
#define STREAM_CHROMA_MAX  16

/* Which samples follow each other in a frame: Y, then Cb, then Cr. */
enum stream_chroma {
	STREAM_420,
	STREAM_422,
	STREAM_444,
	STREAM_MONO, /* no Cb and Cr */
	STREAM_CHROMA_COUNT
};

struct stream {
	uint32_t width, height; /* pixels */
	struct rate rate;	/* num 0: not said */
	enum stream_chroma chroma;
	char chroma_name[STREAM_CHROMA_MAX]; /* as written: "420jpeg" */
	enum color_siting siting; /* of 4:2:0, else AUTO */
	bool full_range;
	size_t bytes; /* of the line, its '\n' included */
};

/* text: the first `bytes` of a file. False: one clause in `why`. */
bool stream_read(struct stream *stream, const char *text, size_t bytes,
		 char *why, size_t why_bytes)
	__attribute__((warn_unused_result));

/* Bytes of the line "FRAME[ parameters]\n" at `text`, its '\n' included; 0: it
 * is none, or is longer than STREAM_FRAME_MAX. */
size_t stream_frame_line(const char *text, size_t bytes);

#endif
