/*
 * drivers/display/eglstream/stream.h: one EGLStream with both of its ends, from
 * nothing to frames that have gone through it.
 *
 *   eglCreateStreamKHR -> consumer -> producer -> every slot once: presented,
 *   acquired, released, taken back
 *
 * What its ends are ends.h lists. A screen keeps the slot that went through last
 * on view. A consumer that can be read is, the first time that a stream is built:
 * in the slot is a picture of which every pixel has another value, and what
 * arrives must be that, or that upside down, which whoever draws it turns then.
 *
 * After that each slot is known to the stream, and the first tick's present is
 * not the first one. Owned by one thread at a time: the driver's own, which
 * builds and ends it (helper.h), or the tick thread, which uses it.
 */
#ifndef DRIVERS_DISPLAY_EGLSTREAM_STREAM_H
#define DRIVERS_DISPLAY_EGLSTREAM_STREAM_H

#include "drivers/display/eglstream/ends.h"
#include "drivers/display/eglstream/gles.h"
#include "drivers/display/eglstream/screen.h"
#include "runtime/port/display.h"

struct eglstream_stream {
	/* config */
	const struct eglstream_producer_ops *from;
	const struct eglstream_consumer_ops *to;
	const struct display_stream *device;
	const struct display_map *map; /* the device's, for its mark */
	void *context; /* the device's */
	const struct image *slots;
	uint32_t slot_count, fifo;
	struct eglstream_screen *screen; /* NULL: the consumer is none */
	/* whoever owns it */
	struct eglstream_library *library;
	void *stream;		   /* EGLStreamKHR; NULL: none */
	void *producer, *consumer; /* CUDA's ends; NULL: not connected */
	struct eglstream_gles gles; /* where one is GLES's */
	bool is_seen;		   /* what arrives is what went in */
	bool acquired;		   /* `picture` is the consumer's */
	struct stream_picture picture;
};

/*
 * The driver's own thread: config and library are filled in, the rest zeroed.
 * last: the slot that goes through it last, without a screen DISPLAY_SLOTS_MAX:
 * none; all: the others, too; a screen that was lost wants no old pictures. 0, or
 * -errno with nothing left.
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
/* As take_back of ends.h. */
enum stream_status eglstream_take_back(struct eglstream_stream *stream,
				       uint32_t *slot);
/* Releases what is acquired, so that there is one at most. */
enum stream_status eglstream_acquire(struct eglstream_stream *stream,
				     uint32_t wait_us);
enum stream_status eglstream_release(struct eglstream_stream *stream);

#endif
