/*
 * runtime/port/tap.h: copies of the main sink's frames, from the tick thread to
 * one consumer thread (the recorder), through a fixed queue of frame buffers.
 *
 * The steps draw into the slot and the tap at once (struct graph_target), so a
 * tapped frame costs one more store of each row. Frames come out in tick order
 * and only ticks that the display accepted are handed over. A full queue costs
 * the recording that frame (`record_lost`), never the tick; with --clock free
 * the cycle waits instead, for at most TAP_WAIT_NS, which is longer than the
 * recorder's own patience with a stalled reader: after that the recorder is
 * broken, a fault that ends the run.
 * Neither side makes a system call here; the consumer polls (2 ms is fine).
 */
#ifndef RUNTIME_PORT_TAP_H
#define RUNTIME_PORT_TAP_H

#include "kernel/node.h"
#include "runtime/base/pool.h"
#include "runtime/base/queue.h"

#define TAP_FRAMES  8		     /* power of two */
#define TAP_WAIT_NS INT64_C(15000000000) /* --clock free, queue full */

struct tap {
	/* config */
	struct pool pool;
	uint32_t width, height;
	size_t pitch; /* width * 4: frames are packed, ready to write */
	size_t frame_bytes; /* from one frame to the next: 64-byte aligned */
	/* shared */
	struct queue queue;
	uint64_t tick[TAP_FRAMES]; /* by place; handed over with it */
	atomic_bool closed;	   /* the producer is done */
};

/* Main thread, before the seal. 0 or -errno, nothing printed. */
int tap_init(struct tap *tap, uint32_t width, uint32_t height);

/* Main thread, when both sides have ended. Accepts a zeroed tap. */
void tap_finish(struct tap *tap);

/* Producer: where the next frame goes; false when the queue is full. Asking
 * again without tap_push gives the same place. */
bool tap_image(struct tap *tap, struct image *image);

/* Producer: hands the frame of the last tap_image over. */
void tap_push(struct tap *tap, uint64_t tick);

/* Producer: no frame follows. */
void tap_close(struct tap *tap);

/* Consumer: the oldest frame, pitch * height bytes, XRGB8888, packed; NULL
 * when there is none now. It stays the consumer's until tap_pop. */
const unsigned char *tap_front(struct tap *tap, uint64_t *tick);

/* Consumer: gives the frame of the last tap_front back. */
void tap_pop(struct tap *tap);

/* Consumer: true when the producer is done; ask before the tap_front that
 * finds nothing, so that no frame is missed. */
bool tap_closed(struct tap *tap);

#endif
