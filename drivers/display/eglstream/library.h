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
 *            the frame released last; EGL_KHR_stream_fifo for fifo=1 and more
 * and for a screen, in this order:
 *   device   EGL_EXT_device_drm
 *   display  EGL_EXT_output_base, EGL_EXT_output_drm,
 *            EGL_EXT_stream_consumer_egloutput, EGL_EXT_stream_acquire_mode,
 *            EGL_NV_stream_attrib; with EGL_NV_output_drm_flip_event it tells
 *            when a frame came on view
 * and for GLES as an end (gles.h):
 *   display  EGL_KHR_surfaceless_context; EGL_KHR_stream_consumer_gltexture as
 *            the consumer; EGL_KHR_stream_producer_eglsurface,
 *            EGL_KHR_image_base, EGL_KHR_gl_texture_2D_image as the producer
 * One thread at a time: the main thread at --probe, else the driver's own.
 */
#ifndef DRIVERS_DISPLAY_EGLSTREAM_LIBRARY_H
#define DRIVERS_DISPLAY_EGLSTREAM_LIBRARY_H

#include <stdbool.h>
#include <stddef.h>

#include "drivers/display/eglstream/abi.h"

#define EGLSTREAM_LINE_MAX 512

/* Why not, and -errno as struct display_ops' open. */
struct eglstream_refusal {
	int error; /* 0: nothing was refused */
	char text[EGLSTREAM_LINE_MAX];
};

struct eglstream_library {
	struct eglstream_entries egl;
	void *handle; /* dlopen's */
	void *(*find)(const char *symbol); /* eglGetProcAddress */
	void *device; /* EGLDeviceEXT */
	void *display;
	bool is_own; /* the display is nobody else's */
	bool has_flip_events;
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

/* The device's DRM file, for a screen, "/dev/dri/card0". NULL: refused. */
const char *eglstream_library_file(struct eglstream_library *library,
				   int cuda_device,
				   struct eglstream_refusal *refusal);

#define EGLSTREAM_NO_MASTER (-1)

/* What the ends of a stream are, beside CUDA. */
enum eglstream_uses {
	EGLSTREAM_TO_SCREEN = 1,
	EGLSTREAM_TO_GLES = 2,
	EGLSTREAM_FROM_GLES = 4
};

/* The found device's display, for a stream of that many frames, with those
 * ends; master: the DRM file of a screen that is on. 0 or -errno. */
int eglstream_library_use(struct eglstream_library *library, int master,
			  uint32_t fifo, uint32_t uses,
			  struct eglstream_refusal *refusal)
	__attribute__((warn_unused_result));

/* The output layer of a CRTC (EGLSTREAM_DRM_CRTC) or of a plane
 * (EGLSTREAM_DRM_PLANE); NULL: there is none. */
void *eglstream_library_layer(struct eglstream_library *library, int kind,
			      uint32_t object);

/* An entry of EGL's or GLES's; NULL: there is none. */
void *eglstream_library_entry(const struct eglstream_library *library,
			      const char *symbol);

/* Gives the display back, and not the rest. Accepts a zeroed one. */
void eglstream_library_leave(struct eglstream_library *library);

/* Accepts a zeroed or half-open one. */
void eglstream_library_close(struct eglstream_library *library);

#endif
