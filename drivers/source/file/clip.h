/*
 * drivers/source/file/clip.h: an open file of pictures: YUV4MPEG2, raw frames or
 * one PNG, told apart by its first bytes; and its frame n into a picture of the
 * graph's format and size.
 *
 * A clip is what the file was when it was opened: frames that are written later
 * are not seen, and one that is gone since is an error of clip_read.
 *
 * Raw: frames of the graph's format and size, one after the other, plane after
 * plane and row after row without a gap.
 * Read next: drivers/source/file/file.c, which paces them.
 */
#ifndef DRIVERS_SOURCE_FILE_CLIP_H
#define DRIVERS_SOURCE_FILE_CLIP_H

#include "drivers/source/file/stream.h"
#include "runtime/port/source.h"

/* How a frame of the file becomes one of the graph. */
enum clip_fill {
	CLIP_PLANES, /* plane by plane, as it is */
	CLIP_WEAVE,  /* Cb and Cr plane into NV12's second one */
	CLIP_PAIRS,  /* 4:2:2 planes into YUYV or UYVY */
	CLIP_COLORS, /* 4:4:4 planes into RGB, by the picture's matrix */
	CLIP_GREY,   /* Y alone; chroma is 128 */
	CLIP_STILL,  /* a PNG, which is read at once */
};

struct clip {
	int fd; /* -1: none */
	struct graph_source graph; /* format and size */
	enum clip_fill fill;
	char text[64];	  /* what it is: "y4m 420jpeg" */
	struct rate rate; /* its own; num 0: it does not say */
	bool full_range;  /* it says so */
	enum color_siting siting; /* AUTO: it does not say */
	uint64_t count;	  /* whole frames */
	bool cut;	  /* what follows them is not a whole one */
	/* where frames are */
	uint64_t first;	      /* byte of the first one's line, if it has one */
	size_t line_bytes;    /* of every frame's line; 0: not all the same */
	bool has_lines;
	uint64_t frame_bytes; /* without its line */
	uint64_t next, next_at; /* number and byte of the frame after the last
				   one read */
	unsigned char *staging; /* a frame as it is in the file */
};

/*
 * Main thread; blocks. Opens the file or leaves nothing behind. -errno with one
 * clause in `why`, which goes after the file's name: EACCES permission, EINVAL no
 * such file or not one that fits, ENOMEM or EMFILE limits, EIO.
 */
int clip_open(struct clip *clip, const char *path,
	      const struct graph_source *graph, char *why, size_t why_bytes)
	__attribute__((warn_unused_result));

void clip_close(struct clip *clip);

/* Main thread, a PNG: its picture. As clip_open. */
int clip_read_still(struct clip *clip, const struct picture *to, char *why,
		    size_t why_bytes) __attribute__((warn_unused_result));

/* Any one thread; blocks, allocates nothing. Frame `number`, below count. 0, or
 * -errno: ENODATA the file became shorter, EBADMSG a frame's line is none. */
int clip_read(struct clip *clip, uint64_t number, const struct picture *to)
	__attribute__((warn_unused_result));

#endif
