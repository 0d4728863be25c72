/*
 * tests/fakes/egl/egl.c: the entries: devices, one display, streams. Arguments
 * and order are held to the extensions' texts; what they forbid is noted.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/fakes/egl/card.h"
#include "tests/fakes/egl/fake.h"
#include "tests/fakes/egl/gles.h"

#define CLIENT_EXTENSIONS                                                      \
	"EGL_EXT_client_extensions EGL_EXT_device_base "                       \
	"EGL_EXT_device_enumeration EGL_EXT_device_query "                     \
	"EGL_EXT_platform_base EGL_EXT_platform_device"
#define DEVICE_EXTENSIONS     "EGL_NV_device_cuda"
#define DEVICE_DRM_EXTENSIONS DEVICE_EXTENSIONS " EGL_EXT_device_drm"
#define DISPLAY_EXTENSIONS                                                     \
	"EGL_KHR_stream_fifo EGL_KHR_stream EGL_NV_stream_reset "              \
	"EGL_EXT_output_base "                                                 \
	"EGL_EXT_output_drm EGL_EXT_stream_consumer_egloutput "                 \
	"EGL_EXT_stream_acquire_mode EGL_NV_stream_attrib "                    \
	"EGL_NV_output_drm_flip_event EGL_KHR_surfaceless_context "            \
	"EGL_KHR_stream_consumer_gltexture "                                   \
	"EGL_KHR_stream_producer_eglsurface EGL_KHR_image_base "               \
	"EGL_KHR_gl_texture_2D_image"

#define SYMBOL(name, symbol, returned, arguments) symbol,
static const char *const symbols[] = {EGLSTREAM_ENTRIES(SYMBOL)};

static int devices[FAKE_EGL_DEVICES]; /* their addresses are handles */
static int the_display;
static void *display_device; /* of the_display */
static int display_fd = -1;  /* the DRM file that it was given */
static struct fake_layer layers[FAKE_EGL_LAYERS]; /* that were asked for */
static uint32_t initialized;
static struct fake_stream *streams;
/* in the threads' own storage from the start: LeakSanitizer loses count of what
 * is added later */
static _Thread_local int last_error
	__attribute__((tls_model("initial-exec"))) = FAKE_EGL_SUCCESS;

#define EXPORT __attribute__((visibility("default")))
/* With the lock, which it drops if this is the call that never returns. */
static void maybe_block(const char *symbol)
{
	if (!fake_egl_config.block_left ||
	    (strcmp(fake_egl_config.block, symbol) &&
	     strcmp(fake_egl_config.block, "*")) ||
	    --fake_egl_config.block_left)
		return;
	snprintf(fake_egl_report->blocked, sizeof(fake_egl_report->blocked),
		 "%s", symbol);
	pthread_mutex_unlock(&fake_egl_lock);
	for (;;)
		pause();
}

/* Takes the lock and counts. The error that the call fails with; SUCCESS. */
int fake_egl_enter(enum eglstream_call call)
{
	pthread_mutex_lock(&fake_egl_lock);
	fake_egl_report->call_count++;
	fake_egl_report->calls[call]++;
	maybe_block(symbols[call]);
	if (!fake_egl_config.fail_left ||
	    (fake_egl_config.fail_call >= 0 &&
	     fake_egl_config.fail_call != (int)call) ||
	    --fake_egl_config.fail_left)
		return FAKE_EGL_SUCCESS;
	fake_egl_config.fail_left = fake_egl_config.fail_on;
	fake_egl_report->injected = fake_egl_config.fail_error;
	return fake_egl_config.fail_error;
}

bool fake_egl_leave(int error)
{
	last_error = error;
	pthread_mutex_unlock(&fake_egl_lock);
	return error == FAKE_EGL_SUCCESS;
}

static int misuse(const char *what, int error)
{
	fake_egl_misuse(what);
	return error;
}

/* A list without the extension that is missing. */
static const char *without_missing(const char *list)
{
	static char texts[3][1024];
	static int turn;
	char copy[1024], *each, *rest = copy, *text = texts[turn++ % 3];

	snprintf(copy, sizeof(copy), "%s", list);
	*text = '\0';
	while ((each = strtok_r(rest, " ", &rest)))
		if (!fake_egl_config.missing ||
		    strcmp(each, fake_egl_config.missing))
			snprintf(text + strlen(text), 1024 - strlen(text),
				 "%s%s", *text ? " " : "", each);
	return text;
}

bool fake_egl_is_missing(const char *extension)
{
	return fake_egl_config.missing &&
	       !strcmp(fake_egl_config.missing, extension);
}

/* ---- devices ------------------------------------------------------------------ */

int fake_get_error(void)
{
	int error = last_error;

	last_error = FAKE_EGL_SUCCESS;
	return error;
}

unsigned int fake_query_devices(int most, void **found, int *count)
{
	int i, error = fake_egl_enter(EGLSTREAM_CALL_query_devices);

	if (error == FAKE_EGL_SUCCESS && (!count || (found && most <= 0)))
		error = misuse("eglQueryDevicesEXT", FAKE_EGL_BAD_PARAMETER);
	if (error != FAKE_EGL_SUCCESS)
		return fake_egl_leave(error);
	*count = fake_egl_config.device_count;
	for (i = 0; found && i < *count && i < most; i++)
		found[i] = &devices[i];
	return fake_egl_leave(error);
}

static int device_index(const void *device)
{
	int i;

	for (i = 0; i < fake_egl_config.device_count; i++)
		if (device == &devices[i])
			return i;
	return -1;
}

static bool has_drm(void)
{
	return fake_egl_config.drm_file && !fake_egl_is_missing("EGL_EXT_device_drm");
}

const char *fake_device_string(void *device, int name)
{
	int error = fake_egl_enter(EGLSTREAM_CALL_device_string);
	int index = device_index(device);
	const char *text = NULL;

	if (error == FAKE_EGL_SUCCESS && index < 0)
		error = misuse("no EGLDevice", FAKE_EGL_BAD_DEVICE);
	if (error == FAKE_EGL_SUCCESS && name != EGLSTREAM_EXTENSIONS &&
	    (name != EGLSTREAM_DRM_FILE || !has_drm()))
		error = misuse("eglQueryDeviceStringEXT",
			       FAKE_EGL_BAD_PARAMETER);
	if (error == FAKE_EGL_SUCCESS && name == EGLSTREAM_DRM_FILE)
		text = fake_egl_config.drm_file;
	else if (error == FAKE_EGL_SUCCESS)
		text = fake_egl_config.devices[index] < 0 ? ""
		       : has_drm() ? without_missing(DEVICE_DRM_EXTENSIONS)
				   : without_missing(DEVICE_EXTENSIONS);
	fake_egl_leave(error);
	return text;
}

unsigned int fake_device_attribute(void *device, int attribute, intptr_t *value)
{
	int error = fake_egl_enter(EGLSTREAM_CALL_device_attribute);
	int index = device_index(device);

	if (error == FAKE_EGL_SUCCESS && index < 0)
		error = misuse("no EGLDevice", FAKE_EGL_BAD_DEVICE);
	if (error == FAKE_EGL_SUCCESS &&
	    (attribute != EGLSTREAM_CUDA_DEVICE ||
	     fake_egl_config.devices[index] < 0))
		error = misuse("a device's attribute that it does not have",
			       FAKE_EGL_BAD_ATTRIBUTE);
	if (error == FAKE_EGL_SUCCESS)
		*value = fake_egl_config.devices[index];
	return fake_egl_leave(error);
}

/* ---- the display ---------------------------------------------------------------- */

/* The DRM file of a display; -1: none is given. */
static bool read_master(const int *attributes, int *fd)
{
	*fd = -1;
	for (; attributes && *attributes != EGLSTREAM_NONE; attributes += 2) {
		if (attributes[0] != EGLSTREAM_DRM_MASTER || attributes[1] < 0)
			return false;
		*fd = attributes[1];
	}
	return true;
}

void *fake_platform_display(unsigned int platform, void *device,
			    const int *attributes)
{
	int error = fake_egl_enter(EGLSTREAM_CALL_platform_display), master = -1;

	if (error == FAKE_EGL_SUCCESS &&
	    (platform != EGLSTREAM_PLATFORM_DEVICE ||
	     device_index(device) < 0 ||
	     (attributes && *attributes != EGLSTREAM_NONE && !has_drm())))
		error = misuse("eglGetPlatformDisplayEXT",
			       FAKE_EGL_BAD_PARAMETER);
	if (error == FAKE_EGL_SUCCESS && !read_master(attributes, &master))
		error = misuse("eglGetPlatformDisplayEXT's attributes",
			       FAKE_EGL_BAD_ATTRIBUTE);
	if (error == FAKE_EGL_SUCCESS) {
		display_device = device;
		display_fd = master;
	}
	return fake_egl_leave(error) ? &the_display : NULL;
}

int fake_egl_check_display(const void *display)
{
	if (display != &the_display || !display_device)
		return misuse("no EGLDisplay", FAKE_EGL_BAD_DISPLAY);
	return initialized ? FAKE_EGL_SUCCESS
			   : misuse("a display that is not initialized",
				    FAKE_EGL_NOT_INITIALIZED);
}

unsigned int fake_initialize(void *display, int *major, int *minor)
{
	int error = fake_egl_enter(EGLSTREAM_CALL_initialize);

	if (error == FAKE_EGL_SUCCESS &&
	    (display != &the_display || !display_device))
		error = misuse("eglInitialize", FAKE_EGL_BAD_DISPLAY);
	if (error == FAKE_EGL_SUCCESS) {
		initialized = 1;
		fake_egl_report->displays = 1;
		*major = 1;
		*minor = 5;
	}
	return fake_egl_leave(error);
}

unsigned int fake_terminate(void *display)
{
	int error = fake_egl_enter(EGLSTREAM_CALL_terminate);

	if (error == FAKE_EGL_SUCCESS)
		error = fake_egl_check_display(display);
	if (error == FAKE_EGL_SUCCESS && streams)
		error = misuse("eglTerminate while there are streams",
			       FAKE_EGL_SUCCESS);
	if (error == FAKE_EGL_SUCCESS) {
		if (display_fd >= 0)
			fake_egl_card->leave(display_fd);
		initialized = 0;
		fake_egl_report->displays = 0;
	}
	return fake_egl_leave(error);
}

unsigned int fake_release_thread(void)
{
	return fake_egl_leave(fake_egl_enter(EGLSTREAM_CALL_release_thread));
}

const char *fake_query_string(void *display, int name)
{
	int error = fake_egl_enter(EGLSTREAM_CALL_query_string);
	const char *text = NULL;

	if (error == FAKE_EGL_SUCCESS && display)
		error = fake_egl_check_display(display);
	if (error == FAKE_EGL_SUCCESS && name == EGLSTREAM_EXTENSIONS)
		text = without_missing(display ? DISPLAY_EXTENSIONS
					       : CLIENT_EXTENSIONS);
	else if (error == FAKE_EGL_SUCCESS && display &&
		 name == EGLSTREAM_VENDOR)
		text = "a fake";
	else if (error == FAKE_EGL_SUCCESS)
		error = misuse("eglQueryString", FAKE_EGL_BAD_PARAMETER);
	fake_egl_leave(error);
	return text;
}

/* One of a file that is a screen's, by its CRTC or plane. */
static struct fake_layer *take_layer(const intptr_t *attributes)
{
	bool is_plane = attributes[0] == EGLSTREAM_DRM_PLANE;
	uint32_t i, object = (uint32_t)attributes[1];

	if (display_fd < 0 || (is_plane ? !fake_egl_config.has_plane_layers
					: !fake_egl_config.has_crtc_layers))
		return NULL;
	for (i = 0; i < FAKE_EGL_LAYERS; i++)
		if (!layers[i].object || layers[i].object == object)
			break;
	if (i == FAKE_EGL_LAYERS)
		return NULL;
	layers[i] = (struct fake_layer){display_fd, object, is_plane};
	return &layers[i];
}

unsigned int fake_output_layers(void *display, const intptr_t *attributes,
				void **found, int most, int *count)
{
	int error = fake_egl_enter(EGLSTREAM_CALL_output_layers);
	struct fake_layer *layer;

	if (error == FAKE_EGL_SUCCESS)
		error = fake_egl_check_display(display);
	if (error == FAKE_EGL_SUCCESS &&
	    (!count || !found || most < 1 || !attributes ||
	     (attributes[0] != EGLSTREAM_DRM_CRTC &&
	      attributes[0] != EGLSTREAM_DRM_PLANE) ||
	     attributes[2] != EGLSTREAM_NONE))
		error = misuse("eglGetOutputLayersEXT",
			       FAKE_EGL_BAD_PARAMETER);
	if (error == FAKE_EGL_SUCCESS) {
		layer = take_layer(attributes);
		*count = layer != NULL;
		*found = layer;
	}
	return fake_egl_leave(error);
}

/* ---- streams -------------------------------------------------------------------- */

static int read_attributes(const int *attributes, struct fake_stream *stream)
{
	stream->reuse = stream->auto_acquire = true;
	for (; attributes && *attributes != EGLSTREAM_NONE; attributes += 2) {
		if (attributes[0] == EGLSTREAM_FIFO_LENGTH &&
		    attributes[1] >= 0 &&
		    attributes[1] < FAKE_STREAM_FRAMES &&
		    !fake_egl_is_missing("EGL_KHR_stream_fifo"))
			stream->fifo = attributes[1];
		else if (attributes[0] == EGLSTREAM_REUSE &&
			 !(attributes[1] & ~1) &&
			 !fake_egl_is_missing("EGL_NV_stream_reset"))
			stream->reuse = attributes[1];
		else if (attributes[0] == EGLSTREAM_AUTO_ACQUIRE &&
			 !(attributes[1] & ~1) &&
			 !fake_egl_is_missing("EGL_EXT_stream_acquire_mode"))
			stream->auto_acquire = attributes[1];
		else if (attributes[0] == EGLSTREAM_TIMEOUT &&
			 !fake_egl_is_missing(
				 "EGL_KHR_stream_consumer_gltexture"))
			stream->timeout = attributes[1];
		else
			return misuse("a stream's attribute",
				      FAKE_EGL_BAD_ATTRIBUTE);
	}
	return FAKE_EGL_SUCCESS;
}

void *fake_create_stream(void *display, const int *attributes)
{
	int error = fake_egl_enter(EGLSTREAM_CALL_create_stream);
	struct fake_stream own = {.magic = FAKE_STREAM_MAGIC};
	struct fake_stream *stream = NULL;

	if (error == FAKE_EGL_SUCCESS)
		error = fake_egl_check_display(display);
	if (error == FAKE_EGL_SUCCESS)
		error = read_attributes(attributes, &own);
	if (error == FAKE_EGL_SUCCESS &&
	    !(stream = calloc(1, sizeof(*stream))))
		error = FAKE_EGL_BAD_ALLOC;
	if (error == FAKE_EGL_SUCCESS) {
		*stream = own;
		stream->ops = &fake_stream_ops;
		stream->state = FAKE_EGL_STREAM_CREATED;
		stream->next = streams;
		streams = stream;
		fake_egl_report->streams++;
		fake_egl_report->streams_made++;
	}
	fake_egl_leave(error);
	return stream;
}

struct fake_stream *fake_egl_stream(const void *wanted)
{
	struct fake_stream *stream = streams;

	while (stream && stream != wanted)
		stream = stream->next;
	return stream;
}

static struct fake_stream **find_stream(const void *wanted)
{
	struct fake_stream **link = &streams;

	while (*link && *link != wanted)
		link = &(*link)->next;
	return link;
}

unsigned int fake_destroy_stream(void *display, void *wanted)
{
	int error = fake_egl_enter(EGLSTREAM_CALL_destroy_stream);
	struct fake_stream **link = find_stream(wanted), *stream = *link;

	if (error == FAKE_EGL_SUCCESS)
		error = fake_egl_check_display(display);
	if (error == FAKE_EGL_SUCCESS && !stream)
		error = misuse("no EGLStream", FAKE_EGL_BAD_STREAM);
	if (error == FAKE_EGL_SUCCESS) {
		/* it may have one whose end was made to fail */
		if ((stream->consumer || stream->producer) &&
		    !fake_egl_report->injected)
			fake_egl_misuse("a stream with an end is destroyed");
		*link = stream->next;
		stream->magic = 0;
		free(stream);
		fake_egl_report->streams--;
	}
	return fake_egl_leave(error);
}

unsigned int fake_query_stream(void *display, void *wanted,
			       unsigned int attribute, int *value)
{
	int error = fake_egl_enter(EGLSTREAM_CALL_query_stream);
	const struct fake_stream *stream = *find_stream(wanted);

	if (error == FAKE_EGL_SUCCESS)
		error = fake_egl_check_display(display);
	if (error == FAKE_EGL_SUCCESS && !stream)
		error = misuse("no EGLStream", FAKE_EGL_BAD_STREAM);
	if (error == FAKE_EGL_SUCCESS && attribute != EGLSTREAM_STATE)
		error = misuse("eglQueryStreamKHR", FAKE_EGL_BAD_ATTRIBUTE);
	if (error == FAKE_EGL_SUCCESS)
		*value = stream->state;
	return fake_egl_leave(error);
}

unsigned int fake_consumer_output(void *display, void *wanted, void *layer)
{
	int error = fake_egl_enter(EGLSTREAM_CALL_consumer_output);
	struct fake_stream *stream = *find_stream(wanted);

	if (error == FAKE_EGL_SUCCESS)
		error = fake_egl_check_display(display);
	if (error == FAKE_EGL_SUCCESS && !stream)
		error = misuse("no EGLStream", FAKE_EGL_BAD_STREAM);
	if (error == FAKE_EGL_SUCCESS &&
	    ((struct fake_layer *)layer < layers ||
	     (struct fake_layer *)layer >= layers + FAKE_EGL_LAYERS))
		error = misuse("no EGLOutputLayer", FAKE_EGL_BAD_LAYER);
	if (error == FAKE_EGL_SUCCESS)
		error = fake_stream_connect_output(stream, layer);
	return fake_egl_leave(error);
}

unsigned int fake_acquire(void *display, void *wanted,
			  const intptr_t *attributes)
{
	int error = fake_egl_enter(EGLSTREAM_CALL_acquire);
	struct fake_stream *stream = *find_stream(wanted);
	bool has_data = attributes && attributes[0] == EGLSTREAM_FLIP_DATA;

	if (error == FAKE_EGL_SUCCESS)
		error = fake_egl_check_display(display);
	if (error == FAKE_EGL_SUCCESS && !stream)
		error = misuse("no EGLStream", FAKE_EGL_BAD_STREAM);
	if (error == FAKE_EGL_SUCCESS && attributes &&
	    (attributes[has_data ? 2 : 0] != EGLSTREAM_NONE ||
	     (has_data && fake_egl_is_missing("EGL_NV_output_drm_flip_event"))))
		error = misuse("an acquire's attribute",
			       FAKE_EGL_BAD_ATTRIBUTE);
	if (error == FAKE_EGL_SUCCESS)
		error = fake_stream_acquire_output(
			stream, has_data, has_data ? attributes[1] : 0);
	return fake_egl_leave(error);
}

/* ---- the way in ----------------------------------------------------------------- */

#define FIND(name, symbol, returned, arguments)                                \
	if (!strcmp(wanted, symbol))                                           \
		return (void *)(uintptr_t)fake_##name;

EXPORT void *eglGetProcAddress(const char *wanted);

#define FIND_GL(name, symbol, returned, arguments)                             \
	if (!strcmp(wanted, symbol))                                           \
		return (void *)(uintptr_t)fake_gl_##name;

void *eglGetProcAddress(const char *wanted)
{
	if (fake_egl_is_missing(wanted))
		return NULL;
	EGLSTREAM_ENTRIES(FIND)
	GLES_ENTRIES(FIND_GL)
	return NULL;
}
