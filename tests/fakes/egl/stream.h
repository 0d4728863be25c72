/*
 * tests/fakes/egl/stream.h: the fake libEGL's stream, as the fake libcuda sees
 * it: an EGLStreamKHR points at a struct fake_stream, whose `ops` are libEGL's.
 *
 * The state machine is that of EGL_KHR_stream and EGL_KHR_stream_fifo; what
 * these forbid is refused and noted in the report (report.h).
 */
#ifndef TESTS_FAKES_EGL_STREAM_H
#define TESTS_FAKES_EGL_STREAM_H

#include <stdbool.h>

#include "drivers/cuda/abi.h"

#define FAKE_STREAM_MAGIC  0x53747265u
#define FAKE_STREAM_FRAMES 16

enum fake_stream_answer {
	FAKE_STREAM_DONE,
	FAKE_STREAM_NOT_YET,
	FAKE_STREAM_GONE,  /* disconnected */
	FAKE_STREAM_WRONG, /* forbidden, and noted */
};

struct fake_stream;

/* Frames go by their first byte's address. `hash`: of its bytes, when it is put
 * in and when it is taken back: both must be one. */
struct fake_stream_ops {
	enum fake_stream_answer (*connect)(struct fake_stream *stream,
					   bool consumer, int width,
					   int height);
	enum fake_stream_answer (*disconnect)(struct fake_stream *stream,
					      bool consumer);
	enum fake_stream_answer (*insert)(struct fake_stream *stream,
					  const struct cuda_frame *frame,
					  uint64_t hash);
	enum fake_stream_answer (*acquire)(struct fake_stream *stream,
					   struct cuda_frame *frame);
	enum fake_stream_answer (*release)(struct fake_stream *stream,
					   const struct cuda_frame *frame);
	/* Which frame it would be; taken only with take. */
	enum fake_stream_answer (*peek)(struct fake_stream *stream,
					struct cuda_frame *frame);
	void (*take)(struct fake_stream *stream, const struct cuda_frame *frame,
		     uint64_t hash);
};

/* An output layer: of the CRTC or plane with this id, of a DRM file. */
struct fake_layer {
	int fd;
	uint32_t object;
	bool is_plane;
};

enum fake_stream_place {
	FAKE_PLACE_NONE,
	FAKE_PLACE_WAITING,
	FAKE_PLACE_ACQUIRED, /* by a screen: on its way to be on view, or on it */
	FAKE_PLACE_LEAVING,  /* a screen's, until the next one is on view */
	FAKE_PLACE_OWED
};

struct fake_stream_frame {
	enum fake_stream_place place;
	struct cuda_frame frame;
	uint64_t hash, serial;
};

struct fake_stream {
	uint32_t magic;
	const struct fake_stream_ops *ops;
	int state; /* EGL_STREAM_STATE_... */
	int fifo, width, height;
	bool reuse; /* EGL_SUPPORT_REUSE_NV: the last one acquired is kept */
	bool consumer, producer; /* connected */
	bool auto_acquire;
	int timeout;  /* us, of the texture's acquire */
	bool surface; /* the producer is one: what is owed is its at once */
	struct fake_layer output; /* object 0: the consumer is none */
	/* the producer's: copies a frame's rows, each packed */
	void (*read)(const struct cuda_frame *frame, unsigned char *to);
	uint32_t not_yet;	 /* answers left before the next take-back */
	uint64_t serial, newest_acquired;
	struct fake_stream_frame frames[FAKE_STREAM_FRAMES];
	struct fake_stream *next;
};

#endif
