/*
 * runtime/port/display_stream.h: the two ends of an EGLStream that a device can
 * be: the producer, to which it presents slots that it has drawn and which
 * gives them back in its own time, and the consumer. And a texture of GLES's
 * that it writes, where GLES is the producer. What a display that is an
 * EGLStream asks of the backend, beside memory (struct display_memory).
 *
 * Threads: connect and disconnect in any thread but the tick thread, once
 * `enter` was called there; texture_open and _close likewise. The others in the
 * same, or sealed, in the tick thread; they do not wait, but for read and
 * texture_fill, which do in bounded time. One thread at a time for each end.
 * Filled in by drivers/cuda/stream.c. Used by drivers/display/eglstream.
 */
#ifndef RUNTIME_PORT_DISPLAY_STREAM_H
#define RUNTIME_PORT_DISPLAY_STREAM_H

#include "kernel/node.h"

enum stream_status {
	STREAM_DONE,
	STREAM_NOT_YET, /* nothing is there: ask again */
	STREAM_REFUSED, /* this call: the stream may be over, or only this call */
	STREAM_LOST,	/* the device is, and its backend says so */
};

enum stream_end { STREAM_CONSUMER, STREAM_PRODUCER };

/* What a consumer has acquired, until it releases it. */
struct stream_picture {
	void *handle;
	void *array; /* the device's, in place of rows; NULL: rows */
	struct image image; /* the device's memory; base NULL: an array */
};

struct display_stream {
	int device; /* ordinal, as EGL_CUDA_DEVICE_NV names it */

	/* Main thread: false, with the reason in `line`, where the device
	 * cannot be an end. */
	bool (*can)(void *context, char *line, size_t line_bytes);

	/* The device may be called in this thread. */
	enum stream_status (*enter)(void *context);

	/* To an EGLStreamKHR: the consumer first. *end: NULL before and where it
	 * is refused, then with the reason in `line`. */
	enum stream_status (*connect)(void *context, enum stream_end which,
				      void *stream, const struct image *slot,
				      void **end, char *line,
				      size_t line_bytes);
	/* Accepts NULL. All that was presented is given back. */
	void (*disconnect)(void *context, enum stream_end which, void **end);

	/* Producer: the slot is the stream's, until it is taken back. */
	enum stream_status (*present)(void *context, void **end,
				      const struct image *slot);
	/* Producer: a slot's memory that the stream gives back. */
	enum stream_status (*take_back)(void *context, void **end,
					unsigned char **base);

	/* Consumer: the next frame, waiting that long. */
	enum stream_status (*acquire)(void *context, void **end,
				      uint32_t wait_us,
				      struct stream_picture *picture);
	enum stream_status (*release)(void *context, void **end,
				      const struct stream_picture *picture);

	/* What the driver's library answered last, for messages. */
	int (*code)(void *context);

	/* An EGLImage of a texture, 4 bytes a pixel and of the slot's size, the
	 * caller's until after texture_close. NULL: refused, with the reason in
	 * `line`. */
	void *(*texture_open)(void *context, void *egl_image,
			      const struct image *slot, char *line,
			      size_t line_bytes);
	/* Accepts NULL. Nothing may be on its way to it. */
	void (*texture_close)(void *context, void *texture);
	/* The slot's bytes are in it when it returns. */
	enum stream_status (*texture_fill)(void *context, void *texture,
					   const struct image *slot);

	/* Of a picture that is acquired, into ordinary memory of its size. In
	 * bounded time. */
	enum stream_status (*read)(void *context,
				   const struct stream_picture *picture,
				   const struct image *to);
};

#endif
