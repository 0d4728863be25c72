/*
 * drivers/source/v4l2/buffers.h: the buffers of a device's queue, by index.
 *
 * Two kinds: the frames of the source itself, which the device fills
 * (V4L2_MEMORY_USERPTR; buffer i is frame i), or the device's own, mapped, from
 * which the capture thread copies or decodes (V4L2_MEMORY_MMAP). The same code
 * serves both APIs. An index is with the device or with us; what the device
 * gives back is checked before it is believed.
 */
#ifndef DRIVERS_SOURCE_V4L2_BUFFERS_H
#define DRIVERS_SOURCE_V4L2_BUFFERS_H

#include "drivers/source/v4l2/format.h"

#define V4L2_BUFFERS_MIN 4
#define V4L2_BUFFERS_MAX 8

struct v4l2_piece {
	unsigned char *base; /* NULL: not mapped */
	size_t bytes;
};

struct v4l2_buffers {
	int fd;
	const struct v4l2_shape *shape;
	bool mapped;	/* MMAP, else USERPTR */
	bool streaming;
	uint32_t count; /* 0: none */
	struct v4l2_piece piece[V4L2_BUFFERS_MAX][V4L2_PLANES_MAX];
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
 * At least V4L2_BUFFERS_MIN buffers, none queued. memory: NULL for the device's
 * own; else V4L2_BUFFERS_MAX blocks of `stride` bytes, one after the other, pieces
 * in each one after the other. 0 or -errno, then nothing is left: -EBUSY
 * another program has the device, -EINVAL no such memory, -ENOMEM, -EPROTO the
 * driver's figures cannot be.
 */
int v4l2_buffers_take(struct v4l2_buffers *buffers,
		      const struct v4l2_device *device,
		      const struct v4l2_shape *shape, unsigned char *memory,
		      size_t stride) __attribute__((warn_unused_result));

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

/* No frame comes; all buffers are with us. */
void v4l2_buffers_stop(struct v4l2_buffers *buffers);

#endif
