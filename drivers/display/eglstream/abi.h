/*
 * drivers/display/eglstream/abi.h: the part of EGL and its extensions that is
 * used.
 *
 * Declared here rather than included: a machine without EGL's headers builds
 * the same program, and its one binary runs with and without libEGL.
 * tests/drivers/egl_abi.test.sh holds these declarations against EGL/egl.h and
 * EGL/eglext.h where they are installed. Names, numbers and meanings: EGL's and
 * the extensions' that library.h names.
 *
 * Every handle is a void *, an EGLint an int, an EGLAttrib an intptr_t, an
 * EGLBoolean and an EGLenum an unsigned int.
 */
#ifndef DRIVERS_DISPLAY_EGLSTREAM_ABI_H
#define DRIVERS_DISPLAY_EGLSTREAM_ABI_H

#include <stdint.h>

enum {
	EGLSTREAM_NONE = 0x3038,	      /* EGL_NONE */
	EGLSTREAM_SUCCESS = 0x3000,	      /* EGL_SUCCESS */
	EGLSTREAM_VENDOR = 0x3053,	      /* EGL_VENDOR */
	EGLSTREAM_EXTENSIONS = 0x3055,	      /* EGL_EXTENSIONS */
	EGLSTREAM_PLATFORM_DEVICE = 0x313F,   /* EGL_PLATFORM_DEVICE_EXT */
	EGLSTREAM_CUDA_DEVICE = 0x323A,	      /* EGL_CUDA_DEVICE_NV */
	EGLSTREAM_DRM_FILE = 0x3233,	      /* EGL_DRM_DEVICE_FILE_EXT */
	EGLSTREAM_DRM_CRTC = 0x3234,	      /* EGL_DRM_CRTC_EXT */
	EGLSTREAM_DRM_PLANE = 0x3235,	      /* EGL_DRM_PLANE_EXT */
	EGLSTREAM_DRM_MASTER = 0x333C,	      /* EGL_DRM_MASTER_FD_EXT */
	/* in no header of Khronos's here; the numbers are those that Mir and
	 * wlroots' EGLStream backend define */
	EGLSTREAM_FLIP_DATA = 0x333E,	      /* EGL_DRM_FLIP_EVENT_DATA_NV */
	EGLSTREAM_AUTO_ACQUIRE = 0x332B,      /* EGL_CONSUMER_AUTO_ACQUIRE_EXT */
	EGLSTREAM_BUSY = 0x3353,	      /* EGL_RESOURCE_BUSY_EXT */
	EGLSTREAM_FIFO_LENGTH = 0x31FC,	      /* EGL_STREAM_FIFO_LENGTH_KHR */
	EGLSTREAM_REUSE = 0x3335,	      /* EGL_SUPPORT_REUSE_NV */
	EGLSTREAM_STATE = 0x3214,	      /* EGL_STREAM_STATE_KHR */
	EGLSTREAM_STATE_CREATED = 0x3215,     /* EGL_STREAM_STATE_CREATED_KHR */
	EGLSTREAM_STATE_DISCONNECTED = 0x321A, /* ..._STATE_DISCONNECTED_KHR */
	EGLSTREAM_TIMEOUT = 0x321E, /* EGL_CONSUMER_ACQUIRE_TIMEOUT_USEC_KHR */
	EGLSTREAM_WIDTH = 0x3057,	      /* EGL_WIDTH */
	EGLSTREAM_HEIGHT = 0x3056,	      /* EGL_HEIGHT */
	EGLSTREAM_RED = 0x3024,		      /* EGL_RED_SIZE */
	EGLSTREAM_GREEN = 0x3023,	      /* EGL_GREEN_SIZE */
	EGLSTREAM_BLUE = 0x3022,	      /* EGL_BLUE_SIZE */
	EGLSTREAM_ALPHA = 0x3021,	      /* EGL_ALPHA_SIZE */
	EGLSTREAM_SURFACE_TYPE = 0x3033,      /* EGL_SURFACE_TYPE */
	EGLSTREAM_RENDERABLE = 0x3040,	      /* EGL_RENDERABLE_TYPE */
	EGLSTREAM_STREAM_BIT = 0x0800,	      /* EGL_STREAM_BIT_KHR */
	EGLSTREAM_PBUFFER_BIT = 0x0001,	      /* EGL_PBUFFER_BIT */
	EGLSTREAM_ES3_BIT = 0x0040,	      /* EGL_OPENGL_ES3_BIT */
	EGLSTREAM_CLIENT_VERSION = 0x3098,    /* EGL_CONTEXT_CLIENT_VERSION */
	EGLSTREAM_TEXTURE_2D = 0x30B1,	      /* EGL_GL_TEXTURE_2D_KHR */
};

/* Every entry, as ENTRY(name, "symbol", what it returns, argument types). */
#define EGLSTREAM_ENTRIES(ENTRY)                                               \
	ENTRY(get_error, "eglGetError", int, (void))                           \
	ENTRY(query_string, "eglQueryString", const char *,                    \
	      (void *display, int name))                                       \
	ENTRY(initialize, "eglInitialize", unsigned int,                       \
	      (void *display, int *major, int *minor))                         \
	ENTRY(terminate, "eglTerminate", unsigned int, (void *display))        \
	ENTRY(release_thread, "eglReleaseThread", unsigned int, (void))        \
	ENTRY(query_devices, "eglQueryDevicesEXT", unsigned int,               \
	      (int most, void **devices, int *count))                          \
	ENTRY(device_string, "eglQueryDeviceStringEXT", const char *,          \
	      (void *device, int name))                                        \
	ENTRY(device_attribute, "eglQueryDeviceAttribEXT", unsigned int,       \
	      (void *device, int attribute, intptr_t *value))                  \
	ENTRY(platform_display, "eglGetPlatformDisplayEXT", void *,            \
	      (unsigned int platform, void *device, const int *attributes))    \
	ENTRY(output_layers, "eglGetOutputLayersEXT", unsigned int,            \
	      (void *display, const intptr_t *attributes, void **layers,       \
	       int most, int *count))                                          \
	ENTRY(create_stream, "eglCreateStreamKHR", void *,                     \
	      (void *display, const int *attributes))                          \
	ENTRY(destroy_stream, "eglDestroyStreamKHR", unsigned int,             \
	      (void *display, void *stream))                                   \
	ENTRY(query_stream, "eglQueryStreamKHR", unsigned int,                 \
	      (void *display, void *stream, unsigned int attribute,            \
	       int *value))                                                     \
	ENTRY(consumer_output, "eglStreamConsumerOutputEXT", unsigned int,     \
	      (void *display, void *stream, void *layer))                      \
	ENTRY(acquire, "eglStreamConsumerAcquireAttribNV", unsigned int,       \
	      (void *display, void *stream, const intptr_t *attributes))       \
	/* GLES as an end */                                                   \
	ENTRY(choose_config, "eglChooseConfig", unsigned int,                  \
	      (void *display, const int *attributes, void **configs, int most, \
	       int *count))                                                    \
	ENTRY(create_context, "eglCreateContext", void *,                      \
	      (void *display, void *config, void *shared,                      \
	       const int *attributes))                                         \
	ENTRY(destroy_context, "eglDestroyContext", unsigned int,              \
	      (void *display, void *context))                                  \
	ENTRY(make_current, "eglMakeCurrent", unsigned int,                    \
	      (void *display, void *draw, void *read, void *context))          \
	ENTRY(producer_surface, "eglCreateStreamProducerSurfaceKHR", void *,   \
	      (void *display, void *config, void *stream,                      \
	       const int *attributes))                                         \
	ENTRY(destroy_surface, "eglDestroySurface", unsigned int,              \
	      (void *display, void *surface))                                  \
	ENTRY(swap, "eglSwapBuffers", unsigned int,                            \
	      (void *display, void *surface))                                  \
	ENTRY(create_image, "eglCreateImageKHR", void *,                       \
	      (void *display, void *context, unsigned int target,              \
	       void *buffer, const int *attributes))                           \
	ENTRY(destroy_image, "eglDestroyImageKHR", unsigned int,               \
	      (void *display, void *image))                                    \
	ENTRY(consumer_texture, "eglStreamConsumerGLTextureExternalKHR",       \
	      unsigned int, (void *display, void *stream))                     \
	ENTRY(texture_acquire, "eglStreamConsumerAcquireKHR", unsigned int,    \
	      (void *display, void *stream))                                   \
	ENTRY(texture_release, "eglStreamConsumerReleaseKHR", unsigned int,    \
	      (void *display, void *stream))

#define EGLSTREAM_ENTRY_FIELD(name, symbol, returned, arguments)               \
	returned(*name) arguments;
struct eglstream_entries {
	EGLSTREAM_ENTRIES(EGLSTREAM_ENTRY_FIELD)
};

#define EGLSTREAM_ENTRY_INDEX(name, symbol, returned, arguments)               \
	EGLSTREAM_CALL_##name,
enum eglstream_call {
	EGLSTREAM_ENTRIES(EGLSTREAM_ENTRY_INDEX) EGLSTREAM_CALL_COUNT
};

#endif
