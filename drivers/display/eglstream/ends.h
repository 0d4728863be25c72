/*
 * drivers/display/eglstream/ends.h: what can be an end of the stream, one row of
 * calls each: CUDA or GLES as the producer; CUDA, GLES or a screen as the
 * consumer. Called by stream.c alone, but for read.
 */
#ifndef DRIVERS_DISPLAY_EGLSTREAM_ENDS_H
#define DRIVERS_DISPLAY_EGLSTREAM_ENDS_H

#include "drivers/display/eglstream/settings.h"
#include "runtime/port/display_stream.h"

struct eglstream_stream;

struct eglstream_producer_ops {
	const char *name;
	/* The driver's own thread: the consumer is connected. 0 or -errno;
	 * then, too, disconnect is called. */
	int (*connect)(struct eglstream_stream *stream,
		       struct eglstream_refusal *refusal);
	void (*disconnect)(struct eglstream_stream *stream);
	/* The owner. There is room. */
	enum stream_status (*present)(struct eglstream_stream *stream,
				      uint32_t slot);
	/* The owner. *slot: the one that is owed for longest, or the trial's;
	 * then the one that came, DISPLAY_SLOTS_MAX where it is none. */
	enum stream_status (*take_back)(struct eglstream_stream *stream,
					uint32_t *slot);
	/* It arrived upside down: so it draws the other way round. NULL: it
	 * cannot. */
	void (*turn)(struct eglstream_stream *stream);
};

struct eglstream_consumer_ops {
	const char *name;
	int (*connect)(struct eglstream_stream *stream,
		       struct eglstream_refusal *refusal);
	void (*disconnect)(struct eglstream_stream *stream);
	/* The owner; NULL: a screen (screen.h). */
	enum stream_status (*acquire)(struct eglstream_stream *stream,
				      uint32_t wait_us);
	enum stream_status (*release)(struct eglstream_stream *stream);
	/* The owner: what is acquired, into ordinary memory, packed, of the
	 * slot's size. */
	enum stream_status (*read)(struct eglstream_stream *stream,
				   const struct image *to);
	/* As the producer's, for who reads. */
	void (*turn)(struct eglstream_stream *stream);
};

/* Main thread: those that are asked for. */
void eglstream_ends_choose(struct eglstream_stream *stream,
			   const struct eglstream_settings *settings);

#endif
