/*
 * drivers/source/v4l2/capture.h: the capture thread of one source: it waits for
 * the camera, hands its frames over, and when the camera is lost brings it back
 * while the graph keeps ticking. How its frames come was proved before: prove.h.
 *
 *   RUNNING   poll, DQBUF, hand over, QBUF; a loss has a reason and leads to
 *   STOPPED   open, not streaming: STREAMOFF was done, all buffers go in again
 *             and STREAMON follows, at once or a little later; after
 *             V4L2_TRIES in vain
 *   CLOSED    looked for by name, opened and set as at start, then STOPPED
 *
 * What counts as running again is a good frame. Frames that the tick thread has
 * stay as they are in all three states, and a buffer that is such a frame goes
 * back to the device, the new one as the old one, when they gave it back.
 */
#ifndef DRIVERS_SOURCE_V4L2_CAPTURE_H
#define DRIVERS_SOURCE_V4L2_CAPTURE_H

#include <stdatomic.h>

#include "drivers/source/v4l2/buffers.h"
#include "drivers/source/v4l2/jpeg.h"
#include "runtime/base/thread.h"
#include "runtime/port/source.h"

#define V4L2_NAME_MAX	 128
#define V4L2_REFUSAL_MAX 512
#define V4L2_WHY_MAX	 128
#define V4L2_TRIES	 3
/* No good frame for that long, or for four periods, is a loss. */
#define V4L2_STALL_NS	 NS_PER_SECOND
#define V4L2_AGAIN_NS	 (100 * NS_PER_MS)  /* the second try to start; twice
					       that the third */
#define V4L2_LOOK_NS	 (250 * NS_PER_MS)  /* between looks for the camera */

enum v4l2_state {
	V4L2_RUNNING,
	V4L2_STOPPED,
	V4L2_CLOSED,
};

enum v4l2_loss {
	V4L2_LOSS_UNPLUGGED,
	V4L2_LOSS_QUEUE,    /* EIO, POLLERR, a buffer that cannot be */
	V4L2_LOSS_STALLED,
	V4L2_LOSS_CORRUPT,  /* frames come, none is good */
	V4L2_LOSS_FORMAT,   /* what it gives is something else now */
	V4L2_LOSS_BUSY,
	V4L2_LOSS_BANDWIDTH,
	V4L2_LOSS_REFUSED,  /* STREAMON, or opening, for another reason */
	V4L2_LOSS_COUNT
};

/* Of a loss, by its reason in the report: one clause; NULL: there is none. */
const char *v4l2_capture_way_out(const char *reason);

#define V4L2_MORE_BANDWIDTH "use format=MJPG, a lower rate= or another port"

struct v4l2_capture {
	/* constant after open */
	struct source *source;
	const struct graph_source *graph;
	struct v4l2_wish wish;
	char name[V4L2_NAME_MAX]; /* device=; "": any */
	unsigned char *memory;	  /* of frame 0 */
	size_t stride;		  /* bytes from frame to frame */
	enum v4l2_way way; /* that frames come, as one proved */
	bool pinned;	   /* as in struct source_config: not READ */
	char why[V4L2_WHY_MAX]; /* the better ways were refused; "": none was */
	struct v4l2_jpeg jpeg;
	struct v4l2_capture *next; /* of those open */
	/* the main thread's in open, then the capture thread's */
	struct v4l2_device device;
	struct v4l2_shape shape;
	struct v4l2_buffers buffers;
	enum v4l2_state state;
	uint32_t lost; /* enum v4l2_loss told since the last good frame, a bit
			  each */
	uint32_t tries;	    /* to start, since the last good frame */
	int64_t retry_ns;   /* of STOPPED and CLOSED: not before */
	int64_t good_ns;    /* the last good frame, or the start */
	uint64_t corrupt; /* frames since the last good one */
	bool mine[V4L2_BUFFERS_MAX]; /* FILLED, READ: frames taken, not handed
					over */
	bool counts; /* last_sequence is one of this stream */
	uint32_t last_sequence;
	uint64_t sequence;  /* of the next frame, if none is missed */
	/* shared */
	struct thread thread;
	atomic_bool stop;
};

/* Buffers are the source's frames: buffer i is frame i. */
static inline bool v4l2_capture_shares(const struct v4l2_capture *capture)
{
	return capture->way != V4L2_WAY_COPIED;
}

/* The device is open and set: its buffers, by capture->way. As
 * v4l2_buffers_take. */
int v4l2_capture_take(struct v4l2_capture *capture)
	__attribute__((warn_unused_result));

/* It tells of a signal that changes from now on, where it can. */
void v4l2_capture_subscribe(const struct v4l2_capture *capture);

/* One turn of the thread: bounded, 100 ms at the most but for what the driver
 * takes. */
void v4l2_capture_turn(struct v4l2_capture *capture);

/* The thread; arg: the capture. */
void *v4l2_capture_run(void *arg);

#endif
