/*
 * drivers/source/v4l2/buffers.h: the buffers of a device's queue, by index.
 *
 * Three ways, the best first:
 *
 *   FILLED  the frames of the source itself, which the device fills
 *           (V4L2_MEMORY_USERPTR); buffer i is frame i
 *   READ    the device's own (V4L2_MEMORY_MMAP), mapped where the source has its
 *           frames; buffer i is frame i. Such a mapping keeps the device from
 *           being let go of, so when it is lost what a tick reads is set aside
 *           in ordinary memory, at the same place
 *   COPIED  the device's own, mapped anywhere, from which the capture thread
 *           copies or decodes
 *
 * The same code serves both APIs. An index is with the device or with us; what
 * the device gives back is checked before it is believed.
 */
#ifndef DRIVERS_SOURCE_V4L2_BUFFERS_H
#define DRIVERS_SOURCE_V4L2_BUFFERS_H

#include "drivers/source/v4l2/format.h"

#define V4L2_BUFFERS_MIN 4
#define V4L2_BUFFERS_MAX 8

/* Pieces that are mapped begin there. Where pages are larger READ is refused. */
#define V4L2_PAGE 4096

enum v4l2_way {
	V4L2_WAY_FILLED,
	V4L2_WAY_READ,
	V4L2_WAY_COPIED,
	V4L2_WAY_COUNT
};

struct v4l2_piece {
	unsigned char *base; /* NULL: not mapped */
	size_t bytes;
};

struct v4l2_buffers {
	int fd;
	const struct v4l2_shape *shape;
	enum v4l2_way way;
	unsigned char *memory; /* of frame 0: FILLED, READ */
	size_t stride;	       /* bytes from frame to frame */
	bool streaming;
	uint32_t count; /* 0: none */
	struct v4l2_piece piece[V4L2_BUFFERS_MAX][V4L2_PLANES_MAX];
	bool lent[V4L2_BUFFERS_MAX];   /* READ: mapped where the frame is */
	bool queued[V4L2_BUFFERS_MAX]; /* with the device */
	uint32_t queued_count;
};

/* What the device says of a buffer that it has filled. */
struct v4l2_filled {
	uint32_t index;
	bool corrupt;	   /* by its flag, or too small to be a frame */
	bool monotonic;	   /* stamp_ns is of CLOCK_MONOTONIC */
	size_t bytes;	   /* of the first piece */
	uint32_t sequence;
	int64_t stamp_ns;
};

/*
 * At least V4L2_BUFFERS_MIN buffers, none queued; FILLED: V4L2_BUFFERS_MAX. memory:
 * V4L2_BUFFERS_MAX blocks of `stride` bytes, one after the other, pieces in each
 * as v4l2_piece_room has it. 0 or -errno, then nothing is left: -EBUSY another
 * program has the device, -EINVAL no such memory, -ENOMEM, -EPROTO the driver's
 * figures cannot be.
 */
int v4l2_buffers_take(struct v4l2_buffers *buffers,
		      const struct v4l2_device *device,
		      const struct v4l2_shape *shape, enum v4l2_way way,
		      unsigned char *memory, size_t stride)
	__attribute__((warn_unused_result));

/* From one piece to the next in a frame. */
size_t v4l2_piece_room(enum v4l2_way way, size_t bytes);

/* READ, before it is queued: puts the buffer where its frame is, which nobody
 * reads now; again: nothing. 0 or -errno. */
int v4l2_buffers_lend(struct v4l2_buffers *buffers, uint32_t index);

/* READ, before they are given: ordinary memory again where frames were lent; keep:
 * with what is in it, by frame, since someone reads it at this moment; NULL: none.
 * 0 or -errno: to be tried again, or the device stays. */
int v4l2_buffers_unlend(struct v4l2_buffers *buffers, const bool keep[]);

/* Accepts what is not taken. The device has none of them any more. */
void v4l2_buffers_give(struct v4l2_buffers *buffers);

/* Hands one to the device. 0 or -errno. */
int v4l2_buffers_queue(struct v4l2_buffers *buffers, uint32_t index);

/* 0, -EAGAIN: none is filled, -EPROTO: what it gave was not with it, else
 * -errno. */
int v4l2_buffers_dequeue(struct v4l2_buffers *buffers,
			 struct v4l2_filled *filled);

/* Frames come from now on. 0 or -errno; no buffer changes hands. */
int v4l2_buffers_start(struct v4l2_buffers *buffers);

/* No frame comes; all buffers are with us. Accepts what is not taken. */
void v4l2_buffers_stop(struct v4l2_buffers *buffers);

#endif
