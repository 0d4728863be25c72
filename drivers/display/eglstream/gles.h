/*
 * drivers/display/eglstream/gles.h: GLES as an end of the stream: a context of
 * OpenGL ES 3.0 on the stream's EGLDisplay, without a window.
 *
 *   consumer  an external texture (EGL_KHR_stream_consumer_gltexture), read back
 *             by drawing it, as it is, into a texture of our own
 *   producer  the stream's EGLSurface (EGL_KHR_stream_producer_eglsurface): CUDA
 *             copies the slot into a texture that it has registered once, GLES
 *             draws that over the surface and swaps. Two textures in turn: what
 *             is filled was drawn two frames ago, so that its fence is passed,
 *             as a rule; waiting for the last draw costs half as much as it
 *
 * All that is used is made here, before the ticks; a frame makes a fence, and ends
 * the one of two frames before.
 * A context is of one thread at a time, and moves with the stream (helper.h):
 * its owner enters it with its first call and leaves it before it gives the
 * stream away. Names of GLES's end with the context.
 *
 * A surface has its first row at the bottom, a slot at the top: so the producer
 * draws upside down. The trial of stream.c looks whether that arrives as it went
 * in, where the consumer can be read.
 */
#ifndef DRIVERS_DISPLAY_EGLSTREAM_GLES_H
#define DRIVERS_DISPLAY_EGLSTREAM_GLES_H

#include "drivers/display/eglstream/gl_abi.h"
#include "drivers/display/eglstream/library.h"
#include "runtime/port/display_stream.h"

#define GLES_SHARED 2

/* A texture that CUDA writes; names of EGL's, CUDA's and GL's, NULL: none. */
struct gles_shared {
	unsigned int texture;
	void *image, *filled;
	struct __GLsync *drawn; /* passed when GLES has drawn from it */
};

struct eglstream_gles {
	/* config */
	struct eglstream_library *library;
	const struct display_stream *device;
	void *device_context;
	uint32_t width, height; /* a slot's */
	bool produces, consumes;
	/* whoever owns the stream */
	struct gles_entries gl;
	void *config, *context; /* NULL: none */
	bool is_current;	/* in the owner's thread */
	bool is_stuck; /* in a thread that could not leave it: it ends with the
			  stream */
	struct gles_picture {
		unsigned int program;
		int flip_at;   /* of the uniform */
		bool is_upside_down; /* drawn so */
	} in, out;
	unsigned int target; /* framebuffer that `in` is drawn to */
	void *surface; /* the producer's; NULL: none */
	struct gles_shared shared[GLES_SHARED];
	uint32_t next; /* of these, to be filled */
};

/* The driver's own thread, config filled in, the rest zeroed: context and what
 * is drawn with; it is current. 0, or -errno, with what _close gives back. */
int eglstream_gles_open(struct eglstream_gles *gles,
			struct eglstream_refusal *refusal)
	__attribute__((warn_unused_result));

/* The driver's own thread, after _open: the stream's consumer, its producer. As
 * _open. */
int eglstream_gles_consume(struct eglstream_gles *gles, void *stream,
			   struct eglstream_refusal *refusal)
	__attribute__((warn_unused_result));
int eglstream_gles_produce(struct eglstream_gles *gles, void *stream,
			   const struct image *slot,
			   struct eglstream_refusal *refusal)
	__attribute__((warn_unused_result));

/* The owner's: the slot goes into the stream; it may be drawn in again when this
 * returns. There is room. */
enum stream_status eglstream_gles_present(struct eglstream_gles *gles,
					  const struct image *slot)
	__attribute__((warn_unused_result));

/* The owner's: the next frame, and it back. */
enum stream_status eglstream_gles_acquire(struct eglstream_gles *gles,
					  void *stream)
	__attribute__((warn_unused_result));
enum stream_status eglstream_gles_release(struct eglstream_gles *gles,
					  void *stream)
	__attribute__((warn_unused_result));

/* The owner's: what is acquired into ordinary memory, packed, of its size. */
enum stream_status eglstream_gles_read(struct eglstream_gles *gles,
				       const struct image *to)
	__attribute__((warn_unused_result));

/* The owner's: another thread may be it. Accepts a zeroed one. */
void eglstream_gles_leave(struct eglstream_gles *gles);

/* The driver's own thread: gives all back, the context and the surface whoever
 * was their last owner. Accepts a zeroed or half-open one. */
void eglstream_gles_close(struct eglstream_gles *gles);

#endif
