/*
 * tests/fakes/egl/fake.h: the fake libEGL's own structs. One mutex guards all.
 * Environment: see config.c.
 */
#ifndef TESTS_FAKES_EGL_FAKE_H
#define TESTS_FAKES_EGL_FAKE_H

#include <pthread.h>
#include <stdbool.h>

#include "tests/fakes/egl/report.h"
#include "tests/fakes/egl/stream.h"

#define FAKE_EGL_DEVICES 4
#define FAKE_EGL_LAYERS	 8

enum {
	FAKE_EGL_SUCCESS = 0x3000,
	FAKE_EGL_NOT_INITIALIZED = 0x3001,
	FAKE_EGL_BAD_ALLOC = 0x3003,
	FAKE_EGL_BAD_ATTRIBUTE = 0x3004,
	FAKE_EGL_BAD_CONFIG = 0x3005,
	FAKE_EGL_BAD_CONTEXT = 0x3006,
	FAKE_EGL_BAD_SURFACE = 0x300D,
	FAKE_EGL_BAD_ACCESS = 0x3002,
	FAKE_EGL_BAD_DISPLAY = 0x3008,
	FAKE_EGL_BAD_PARAMETER = 0x300C,
	FAKE_EGL_BAD_STREAM = 0x321B,
	FAKE_EGL_BAD_DEVICE = 0x322B,
	FAKE_EGL_BAD_STATE = 0x321C,
	FAKE_EGL_BAD_LAYER = 0x322D,
	FAKE_EGL_RESOURCE_BUSY = 0x3353,
	FAKE_EGL_STREAM_CREATED = 0x3215,
	FAKE_EGL_STREAM_CONNECTING = 0x3216,
	FAKE_EGL_STREAM_EMPTY = 0x3217,
	FAKE_EGL_STREAM_NEW_FRAME = 0x3218,
	FAKE_EGL_STREAM_OLD_FRAME = 0x3219,
	FAKE_EGL_STREAM_DISCONNECTED = 0x321A,
};

struct fake_egl_config {
	int fail_call;	/* enum eglstream_call; -1: any */
	int fail_error; /* 0: none */
	long fail_left;
	bool fail_on; /* and all later ones */
	char block[64];
	long block_left;
	const char *missing; /* an extension */
	int devices[FAKE_EGL_DEVICES], device_count;
	const char *drm_file; /* NULL: no screen belongs to a device */
	bool has_crtc_layers, has_plane_layers;
	long gone, gone_again, stuck; /* frames put in until then; 0: never */
	uint32_t late;
	bool reorder;
	bool bottom_up; /* a surface's frames reach a consumer so */
	char gl_fail[64];
	long gl_fail_left;
};

extern struct fake_egl_config fake_egl_config;
extern struct fake_egl_report *fake_egl_report;
extern pthread_mutex_t fake_egl_lock;
extern const struct fake_stream_ops fake_stream_ops;

/* What a call of an output's does to a stream, with the lock. An EGL error, or
 * FAKE_EGL_SUCCESS. */
int fake_stream_connect_output(struct fake_stream *stream,
			       const struct fake_layer *layer);
int fake_stream_acquire_output(struct fake_stream *stream, bool has_data,
			       intptr_t data);

/*
 * egl.c. Every entry begins with fake_egl_enter, which takes the lock, counts
 * the call and returns what it must fail with, and ends with fake_egl_leave,
 * which drops it.
 */
int fake_egl_enter(enum eglstream_call call);
bool fake_egl_leave(int error);
int fake_egl_check_display(const void *display);
bool fake_egl_is_missing(const char *extension);
/* NULL: it is none. */
struct fake_stream *fake_egl_stream(const void *wanted);

/* stream.c, with the lock: the surface has what is owed. */
void fake_stream_reclaim(struct fake_stream *stream);

/* Notes what the specification forbids. */
void fake_egl_misuse(const char *what);

#endif
