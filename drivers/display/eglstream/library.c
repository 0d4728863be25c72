/*
 * drivers/display/eglstream/library.c: see library.h. The one file where EGL's
 * errors become text.
 */
#include "drivers/display/eglstream/library.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define LIBRARY	    "libEGL.so.1"
#define DEVICES_MAX 32
#define INSTALL	    "install the NVIDIA driver's EGL (libnvidia-gl, on a "     \
		    "Jetson the L4T packages)"

#define ENTRY_SYMBOL(name, symbol, returned, arguments)                        \
	[EGLSTREAM_CALL_##name] = symbol,
static const char *const symbols[] = {EGLSTREAM_ENTRIES(ENTRY_SYMBOL)};

_Static_assert(sizeof(struct eglstream_entries) ==
		       EGLSTREAM_CALL_COUNT * sizeof(void *),
	       "the entries are an array of function pointers");

/* eglTerminate ends a display for all who use it. */
static int users;

/* From 0x3000 on, and the extension's own. */
static const char *const error_names[] = {
	"SUCCESS",	   "NOT_INITIALIZED",	  "BAD_ACCESS",
	"BAD_ALLOC",	   "BAD_ATTRIBUTE",	  "BAD_CONFIG",
	"BAD_CONTEXT",	   "BAD_CURRENT_SURFACE", "BAD_DISPLAY",
	"BAD_MATCH",	   "BAD_NATIVE_PIXMAP",	  "BAD_NATIVE_WINDOW",
	"BAD_PARAMETER",   "BAD_SURFACE",	  "CONTEXT_LOST",
};
#define ERROR_COUNT	 ((int)(sizeof(error_names) / sizeof(error_names[0])))
#define ERROR_BAD_STREAM 0x321B
#define ERROR_BAD_STATE	 0x321C
#define ERROR_BAD_DEVICE 0x322B
#define ERROR_BAD_LAYER	 0x322D
#define ERROR_BAD_PORT	 0x322E

static const char *library_error_name(int code)
{
	if (code >= EGLSTREAM_SUCCESS && code < EGLSTREAM_SUCCESS + ERROR_COUNT)
		return error_names[code - EGLSTREAM_SUCCESS];
	if (code == ERROR_BAD_STREAM)
		return "BAD_STREAM";
	if (code == ERROR_BAD_STATE)
		return "BAD_STATE";
	if (code == ERROR_BAD_LAYER)
		return "BAD_OUTPUT_LAYER";
	if (code == ERROR_BAD_PORT)
		return "BAD_OUTPUT_PORT";
	if (code == EGLSTREAM_BUSY)
		return "RESOURCE_BUSY";
	return code == ERROR_BAD_DEVICE ? "BAD_DEVICE" : "unknown";
}

int eglstream_refuse(struct eglstream_refusal *refusal, int error,
		     const char *format, ...)
{
	va_list arguments;

	if (refusal->error)
		return refusal->error;
	refusal->error = error;
	va_start(arguments, format);
	vsnprintf(refusal->text, sizeof(refusal->text), format, arguments);
	va_end(arguments);
	return error;
}

int eglstream_refuse_call(struct eglstream_refusal *refusal,
			  struct eglstream_library *library,
			  enum eglstream_call call)
{
	int code = library->egl.get_error();

	return eglstream_refuse(refusal, -ENODEV,
				"%s: EGL error 0x%x %s: see --probe and the "
				"kernel's log (dmesg: NVRM, nvgpu)",
				symbols[call], (unsigned int)code,
				library_error_name(code));
}

/* ---- the library ----------------------------------------------------------- */

/* Whole words of a list with spaces. */
static bool library_has(const char *list, const char *name)
{
	size_t length = strlen(name);
	const char *at = list;

	while (at && (at = strstr(at, name))) {
		if ((at == list || at[-1] == ' ') &&
		    (at[length] == ' ' || !at[length]))
			return true;
		at += length;
	}
	return false;
}

void *eglstream_library_entry(const struct eglstream_library *library,
			      const char *symbol)
{
	void *entry = dlsym(library->handle, symbol);

	return entry ? entry : library->find(symbol);
}

static int library_load_egl(struct eglstream_library *library,
			    struct eglstream_refusal *refusal)
{
	unsigned char *entries = (unsigned char *)&library->egl;
	int i;

	library->handle = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
	if (!library->handle) {
		const char *why = dlerror();

		return eglstream_refuse(refusal, -ENODEV,
					"no EGL: %s: " INSTALL, why);
	}
	*(void **)&library->find = dlsym(library->handle, "eglGetProcAddress");
	if (!library->find)
		return eglstream_refuse(refusal, -ENOTSUP,
					LIBRARY " is not EGL's, it has no "
						"eglGetProcAddress: " INSTALL);
	for (i = 0; i < EGLSTREAM_CALL_COUNT; i++) {
		void *entry = eglstream_library_entry(library, symbols[i]);

		memcpy(entries + (size_t)i * sizeof(entry), &entry,
		       sizeof(entry));
	}
	for (i = 0; i <= EGLSTREAM_CALL_release_thread; i++)
		if (!((void **)entries)[i])
			return eglstream_refuse(refusal, -ENOTSUP,
						LIBRARY " has no %s: " INSTALL,
						symbols[i]);
	return 0;
}

/* A name in a list that lacks it; entries that it promises but are not there
 * count as it. */
static int library_need(const char *list, const char *name, const char *whose,
			struct eglstream_refusal *refusal)
{
	if (library_has(list, name))
		return 0;
	return eglstream_refuse(refusal, -ENOTSUP,
				"no %s: %s %s it: NVIDIA's EGL has it: use "
				"--display kms or " INSTALL,
				name, whose, list ? "does not name" : "cannot say");
}

static int library_need_client(struct eglstream_library *library,
			       struct eglstream_refusal *refusal)
{
	const char *list = library->egl.query_string(NULL, EGLSTREAM_EXTENSIONS);

	if (!library_has(list, "EGL_EXT_device_enumeration") ||
	    !library_has(list, "EGL_EXT_device_query"))
		library_need(list, "EGL_EXT_device_base", LIBRARY, refusal);
	library_need(list, "EGL_EXT_platform_base", LIBRARY, refusal);
	library_need(list, "EGL_EXT_platform_device", LIBRARY, refusal);
	if (!refusal->error &&
	    (!library->egl.query_devices || !library->egl.device_string ||
	     !library->egl.device_attribute || !library->egl.platform_display))
		eglstream_refuse(refusal, -ENOTSUP,
				 LIBRARY " names extensions that it does not "
					 "have: " INSTALL);
	return refusal->error;
}

int eglstream_library_open(struct eglstream_library *library,
			   struct eglstream_refusal *refusal)
{
	int error = library_load_egl(library, refusal);

	return error ? error : library_need_client(library, refusal);
}

/* ---- the device and its display --------------------------------------------- */

static bool library_is_cuda(const struct eglstream_library *library,
			    void *device, intptr_t *ordinal)
{
	return library_has(library->egl.device_string(device,
						      EGLSTREAM_EXTENSIONS),
			   "EGL_NV_device_cuda") &&
	       library->egl.device_attribute(device, EGLSTREAM_CUDA_DEVICE,
					     ordinal);
}

int eglstream_library_find(struct eglstream_library *library, int cuda_device,
			   struct eglstream_refusal *refusal)
{
	void *devices[DEVICES_MAX];
	int i, count = 0, cuda = 0;
	intptr_t ordinal;

	if (!library->egl.query_devices(DEVICES_MAX, devices, &count))
		return eglstream_refuse_call(refusal, library,
					     EGLSTREAM_CALL_query_devices);
	for (i = 0; i < count && !library->device; i++) {
		if (!library_is_cuda(library, devices[i], &ordinal))
			continue;
		cuda++;
		if (cuda_device < 0 || ordinal == cuda_device)
			library->device = devices[i];
	}
	if (library->device)
		return 0;
	if (cuda)
		return eglstream_refuse(
			refusal, -ENODEV,
			"of %d EGLDevices none is CUDA device %d: choose "
			"another with --backend cuda,device=N",
			count, cuda_device);
	return eglstream_refuse(refusal, -ENODEV,
				"of %d EGLDevices none is a CUDA device: check "
				"/dev/nvidia*, groups video and render; "
				"NVIDIA's EGL must be the one that is found",
				count);
}

const char *eglstream_library_file(struct eglstream_library *library,
				   int cuda_device,
				   struct eglstream_refusal *refusal)
{
	const char *file = NULL;

	if (library_has(library->egl.device_string(library->device,
						   EGLSTREAM_EXTENSIONS),
			"EGL_EXT_device_drm"))
		file = library->egl.device_string(library->device,
						  EGLSTREAM_DRM_FILE);
	if (!file)
		eglstream_refuse(refusal, -ENODEV,
				 "no output layer: CUDA device %d has no DRM "
				 "file (EGL_EXT_device_drm): no screen belongs "
				 "to it, or nvidia-drm is without mode setting: "
				 "put the line `options nvidia-drm modeset=1` "
				 "into /etc/modprobe.d/nvidia-drm.conf; or use "
				 "consumer=cuda without a screen",
				 cuda_device);
	return file;
}

static int library_open_display(struct eglstream_library *library, int master,
				struct eglstream_refusal *refusal)
{
	const int attributes[] = {EGLSTREAM_DRM_MASTER, master, EGLSTREAM_NONE};
	void *display = library->egl.platform_display(
		EGLSTREAM_PLATFORM_DEVICE, library->device,
		master < 0 ? NULL : attributes);
	int major = 0, minor = 0;

	if (!display)
		return eglstream_refuse_call(refusal, library,
					     EGLSTREAM_CALL_platform_display);
	if (!library->egl.initialize(display, &major, &minor))
		return eglstream_refuse_call(refusal, library,
					     EGLSTREAM_CALL_initialize);
	library->display = display;
	library->is_own = master >= 0;
	users += !library->is_own;
	return 0;
}

/* What frames that go to a screen need. */
static void library_need_output(struct eglstream_library *library,
				const char *list,
				struct eglstream_refusal *refusal)
{
	static const char *const names[] = {
		"EGL_EXT_output_base",
		"EGL_EXT_output_drm",
		"EGL_EXT_stream_consumer_egloutput",
		"EGL_EXT_stream_acquire_mode",
		"EGL_NV_stream_attrib",
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		library_need(list, names[i], "the EGLDisplay", refusal);
	library->has_flip_events =
		library_has(list, "EGL_NV_output_drm_flip_event");
	if (!refusal->error &&
	    (!library->egl.output_layers || !library->egl.consumer_output ||
	     !library->egl.acquire))
		eglstream_refuse(refusal, -ENOTSUP,
				 LIBRARY " names extensions that it does not "
					 "have: " INSTALL);
}

/* What GLES needs, as one end or both. */
static void library_need_gles(struct eglstream_library *library,
			      const char *list, uint32_t uses,
			      struct eglstream_refusal *refusal)
{
	static const struct {
		uint32_t uses;
		const char *name;
	} names[] = {
		{EGLSTREAM_TO_GLES | EGLSTREAM_FROM_GLES,
		 "EGL_KHR_surfaceless_context"},
		{EGLSTREAM_TO_GLES, "EGL_KHR_stream_consumer_gltexture"},
		{EGLSTREAM_FROM_GLES, "EGL_KHR_stream_producer_eglsurface"},
		{EGLSTREAM_FROM_GLES, "EGL_KHR_image_base"},
		{EGLSTREAM_FROM_GLES, "EGL_KHR_gl_texture_2D_image"},
	};
	void *const *entries = (void *const *)&library->egl;
	size_t i;
	int call;

	if (!(uses & (EGLSTREAM_TO_GLES | EGLSTREAM_FROM_GLES)))
		return;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (uses & names[i].uses)
			library_need(list, names[i].name, "the EGLDisplay",
				     refusal);
	for (call = EGLSTREAM_CALL_choose_config; call < EGLSTREAM_CALL_COUNT;
	     call++)
		if (!entries[call])
			eglstream_refuse(refusal, -ENOTSUP,
					 LIBRARY " has no %s: use producer=cuda "
						 "and consumer=cuda, or " INSTALL,
					 symbols[call]);
}

int eglstream_library_use(struct eglstream_library *library, int master,
			  uint32_t fifo, uint32_t uses,
			  struct eglstream_refusal *refusal)
{
	const char *list, *vendor;
	int error = library_open_display(library, master, refusal);

	if (error)
		return error;
	list = library->egl.query_string(library->display,
					 EGLSTREAM_EXTENSIONS);
	vendor = library->egl.query_string(library->display, EGLSTREAM_VENDOR);
	snprintf(library->vendor, sizeof(library->vendor), "%s",
		 vendor ? vendor : "unknown");
	library_need(list, "EGL_KHR_stream", "the EGLDisplay", refusal);
	library_need(list, "EGL_NV_stream_reset", "the EGLDisplay", refusal);
	if (fifo)
		library_need(list, "EGL_KHR_stream_fifo", "the EGLDisplay",
			     refusal);
	if (!refusal->error &&
	    (!library->egl.create_stream || !library->egl.destroy_stream ||
	     !library->egl.query_stream))
		eglstream_refuse(refusal, -ENOTSUP,
				 LIBRARY " names EGL_KHR_stream and has no "
					 "eglCreateStreamKHR: " INSTALL);
	if (uses & EGLSTREAM_TO_SCREEN)
		library_need_output(library, list, refusal);
	library_need_gles(library, list, uses, refusal);
	return refusal->error;
}

void *eglstream_library_layer(struct eglstream_library *library, int kind,
			      uint32_t object)
{
	const intptr_t attributes[] = {kind, object, EGLSTREAM_NONE};
	void *layer = NULL;
	int count = 0;

	if (!library->egl.output_layers(library->display, attributes, &layer,
					1, &count) ||
	    count < 1)
		return NULL;
	return layer;
}

void eglstream_library_leave(struct eglstream_library *library)
{
	if (library->display && (library->is_own || !--users))
		library->egl.terminate(library->display);
	library->display = NULL;
}

void eglstream_library_close(struct eglstream_library *library)
{
	eglstream_library_leave(library);
	if (library->egl.release_thread)
		library->egl.release_thread();
}
