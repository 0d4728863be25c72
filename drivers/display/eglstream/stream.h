/*
 * drivers/display/eglstream/stream.h: one EGLStream with both of its ends, from
 * nothing to frames that have gone through it.
 *
 *   eglCreateStreamKHR -> consumer -> producer -> every slot once: presented,
 *   acquired, released, taken back
 *
 * The consumer is CUDA's in this process, or a screen (screen.h); a screen keeps
 * the slot that went through last on view.
 *
 * After that each slot is known to the stream, and the first tick's present is
 * not the first one. Owned by one thread at a time: the driver's own, which
 * builds and ends it (helper.h), or the tick thread, which uses it.
 */
#ifndef DRIVERS_DISPLAY_EGLSTREAM_STREAM_H
#define DRIVERS_DISPLAY_EGLSTREAM_STREAM_H

#include "drivers/display/eglstream/screen.h"
#include "runtime/port/display.h"

struct eglstream_stream {
	/* config */
	const struct display_stream *device;
	void *context; /* the device's */
	const struct image *slots;
	uint32_t slot_count, fifo;
	struct eglstream_screen *screen; /* NULL: the consumer is CUDA's */
	/* whoever owns it */
	struct eglstream_library *library;
	void *stream;		   /* EGLStreamKHR; NULL: none */
	void *producer, *consumer; /* ends; NULL: not connected */
	bool acquired;		   /* `picture` is the consumer's */
	struct stream_picture picture;
};

/*
 * The driver's own thread: config and library are filled in, the rest zeroed.
 * last: the slot that goes through it last; all: the others, too; a screen that
 * was lost wants no old pictures. 0, or -errno with nothing left.
 */
int eglstream_stream_build(struct eglstream_stream *stream, uint32_t last,
			   bool all, struct eglstream_refusal *refusal)
	__attribute__((warn_unused_result));

/* The driver's own thread: gives all of it back. Accepts a zeroed one. */
void eglstream_stream_end(struct eglstream_stream *stream);

/* The driver's own thread: no frame will ever go through it again. */
bool eglstream_stream_is_over(const struct eglstream_stream *stream);

/* The producer's, the consumer's: as those of struct display_stream. */
enum stream_status eglstream_present(struct eglstream_stream *stream,
				     uint32_t slot);
/* *slot: DISPLAY_SLOTS_MAX, where it is none that was presented. */
enum stream_status eglstream_take_back(struct eglstream_stream *stream,
				       uint32_t *slot);
/* Releases what is acquired, so that there is one at most. */
enum stream_status eglstream_acquire(struct eglstream_stream *stream,
				     uint32_t wait_us);
enum stream_status eglstream_release(struct eglstream_stream *stream);

#endif
