/*
 * drivers/display/eglstream/library.h: libEGL.so.1, if it is there, and the
 * EGLDisplay of the EGLDevice that is a CUDA device.
 *
 * Nothing links against libEGL: the program runs without it. It stays loaded:
 * what it leaves in threads is called when they end. Extensions that must be
 * there:
 *   client   EGL_EXT_device_base, or EGL_EXT_device_enumeration with
 *            EGL_EXT_device_query; EGL_EXT_platform_base, _platform_device
 *   device   EGL_NV_device_cuda
 *   display  EGL_KHR_stream; EGL_NV_stream_reset, without which a stream keeps
 *            the frame released last; EGL_KHR_stream_fifo for fifo=1 and more;
 *            EGL_EXT_output_base and EGL_EXT_stream_consumer_egloutput for a
 *            screen
 * One thread at a time: the main thread at --probe, else the driver's own.
 */
#ifndef DRIVERS_DISPLAY_EGLSTREAM_LIBRARY_H
#define DRIVERS_DISPLAY_EGLSTREAM_LIBRARY_H

#include <stdbool.h>
#include <stddef.h>

#include "drivers/display/eglstream/abi.h"

#define EGLSTREAM_LINE_MAX 400

/* Why not, and -errno as struct display_ops' open. */
struct eglstream_refusal {
	int error; /* 0: nothing was refused */
	char text[EGLSTREAM_LINE_MAX];
};

struct eglstream_library {
	struct eglstream_entries egl;
	void *handle; /* dlopen's */
	void *device; /* EGLDeviceEXT */
	void *display;
	int layers; /* output layers of it; -1: it cannot have any */
	char vendor[64];
};

/* Keeps the first refusal. Returns its error. */
int eglstream_refuse(struct eglstream_refusal *refusal, int error,
		     const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* A call of EGL's that failed, with eglGetError's name for why. */
int eglstream_refuse_call(struct eglstream_refusal *refusal,
			  struct eglstream_library *library,
			  enum eglstream_call call);

/* Loads it, with what the client extensions promise. 0 or -errno. */
int eglstream_library_open(struct eglstream_library *library,
			   struct eglstream_refusal *refusal)
	__attribute__((warn_unused_result));

/* The EGLDevice of a CUDA device, -1: of any; none is opened. 0 or -errno. */
int eglstream_library_find(struct eglstream_library *library, int cuda_device,
			   struct eglstream_refusal *refusal)
	__attribute__((warn_unused_result));

/* The same, and its display, for a stream of that many frames. 0 or -errno. */
int eglstream_library_use(struct eglstream_library *library, int cuda_device,
			  uint32_t fifo, struct eglstream_refusal *refusal)
	__attribute__((warn_unused_result));

/* Frames are to go to a screen: what there is of them, and the way out. */
int eglstream_refuse_layers(const struct eglstream_library *library,
			    struct eglstream_refusal *refusal);

/* Accepts a zeroed or half-open one. */
void eglstream_library_close(struct eglstream_library *library);

#endif
