/*
 * tests/fakes/v4l2.h: a capture device in simulated time, in place of
 * drivers/source/v4l2/node.c and the clock of runtime/time/clock.h.
 *
 * One camera, which another node (metadata) and another camera may stand
 * beside. Calls are checked as the kernel checks them (FACTS of vivid and
 * uvcvideo, Linux 6.1): types by API, no S_FMT with buffers, no buffer twice,
 * STREAMOFF gives all back. A frame is filled at each period while a buffer is
 * queued, with bytes of its sequence number; what is filled, mapped, opened and
 * taken is counted. `bend` hooks change what the driver answers.
 */
#ifndef TESTS_FAKES_V4L2_H
#define TESTS_FAKES_V4L2_H

#include <linux/videodev2.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FAKE_V4L2_PERIOD_NS INT64_C(20000000) /* 50 Hz */
#define FAKE_V4L2_BUFFERS   32
#define FAKE_V4L2_FORMATS   4

struct fake_v4l2_buffer {
	unsigned char *at[3];  /* by piece */
	unsigned char *own[3]; /* of them, what is the device's */
	size_t bytes[3];
	bool queued, lent; /* in place of a frame */
};

struct fake_v4l2 {
	/* what is there */
	int camera, metadata, other; /* numbers of their nodes; -1: not there */
	const char *card, *bus, *other_card, *other_bus;
	bool multi;	  /* multi-planar API only */
	bool hardware_stamps;
	bool no_userptr;  /* REQBUFS refuses it */
	bool no_fill;	  /* frames come, and the memory stays as it was */
	bool no_read;	  /* it cannot be mapped over frames: from reset on */
	bool slow;	  /* its memory is not cached */
	bool poison;	  /* what it has it writes over, all the time */
	uint32_t fourcc[FAKE_V4L2_FORMATS];
	uint32_t width, height; /* the only size */
	uint32_t pieces;	/* of each buffer */
	uint32_t colorspace, encoding, quantization;
	struct v4l2_fract period; /* that S_PARM leaves it at; 0: as asked */
	const unsigned char *jpeg; /* what a frame holds instead */
	size_t jpeg_bytes;

	/* what the driver answers instead */
	void (*bend_format)(struct v4l2_format *format);
	void (*bend_request)(struct v4l2_requestbuffers *request);
	void (*bend_query)(struct v4l2_buffer *buffer);
	void (*bend_filled)(struct v4l2_buffer *buffer);

	/* faults */
	int fail_at;	/* this call fails, counting from 1; 0: none */
	int fail_error; /* with this errno */
	int open_error, streamon_error, dqbuf_error, qbuf_error, reqbufs_error;
	int streamon_fails; /* so many times streamon_error, then none */
	bool stalled;	    /* no frame comes */
	bool broken;	    /* POLLERR and EIO until STREAMOFF */
	bool changed;	    /* an event of another format waits */

	/* what it is doing */
	int64_t now_ns, next_ns;
	bool streaming, subscribed;
	uint32_t memory, count, sequence;
	uint32_t order[FAKE_V4L2_BUFFERS], waiting, filled;
	struct fake_v4l2_buffer buffer[FAKE_V4L2_BUFFERS];

	/* what happened */
	int calls; /* that can fail */
	int fds, maps;
	int lent;  /* of them those in place of something */
	int kept, aside; /* frames set aside with what is in them, and in all */
	uint32_t streamons, streamoffs, opens, qbufs;
	char trace[2048]; /* names of the ioctls in their order, a run of the
			     same once */
};

extern struct fake_v4l2 fake_v4l2;

/* A camera "Cam" at usb-1, /dev/video3, XR24 and YUYV 64x48, single-planar. */
void fake_v4l2_reset(void);

/* Pulls the plug: everything is ENODEV until it is put in again as that node. */
void fake_v4l2_unplug(void);
void fake_v4l2_plug(int node);

/* Nothing is left open or mapped, but over memory of the source's, which is gone. */
bool fake_v4l2_is_clean(void);

#endif
