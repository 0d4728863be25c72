/*
 * drivers/display/eglstream/screen.c: see screen.h.
 */
#include "drivers/display/eglstream/screen.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "runtime/base/message.h"
#include "runtime/time/clock.h"

#define WAIT_MS	     1000 /* for a flip of the trial */
#define WAIT_STEP_MS 50
#define BLACK	     0 /* kms's buffer that is on view until the first frame */

static int screen_refuse(struct eglstream_refusal *refusal,
			 const struct kms_refusal *why)
{
	return eglstream_refuse(refusal, why->error, "%s", why->text);
}

int eglstream_screen_parse(struct eglstream_screen *screen,
			   const struct eglstream_settings *settings,
			   const struct display_config *config,
			   struct eglstream_refusal *refusal)
{
	char list[EGLSTREAM_PATH_MAX + KMS_NAME_MAX + 32] = "";
	struct display_config own = *config;
	struct kms_refusal why = {.error = 0};

	/* no `rotation`: a layer has no say in how a plane turns */
	snprintf(list, sizeof(list), "rotation=0%s%s%s%s",
		 settings->device[0] ? ",device=" : "", settings->device,
		 settings->connector[0] ? ",connector=" : "",
		 settings->connector);
	own.settings = list;
	own.graph_settings = NULL;
	own.memory = NULL; /* kms's own buffers are black */
	screen->output.device.fd = -1;
	if (kms_settings_parse(&screen->settings, &own, &why))
		return screen_refuse(refusal, &why);
	screen->settings.alone = true; /* EGL's events are on it */
	return 0;
}

/* ---- kms's part ------------------------------------------------------------
 */

/* What EGL's part needs of an output that kms has opened. */
static int screen_check(const struct eglstream_screen *screen,
			struct eglstream_refusal *refusal)
{
	const struct kms_output *output = &screen->output;
	char mode[KMS_MODE_TEXT_MAX];

	if (!strcmp(output->layout.name, "exact"))
		return 0;
	kms_mode_text(&output->mode, mode);
	return eglstream_refuse(refusal, -ENOTSUP,
				"the frame, %ux%u, is not of the size of mode "
				"%s of %s, which an output layer wants: use "
				"another --mode, a graph of that size, or "
				"--display kms",
				screen->settings.frame_width,
				screen->settings.frame_height, mode,
				output->connector.name);
}

int eglstream_screen_open(struct eglstream_screen *screen, const char *file,
			  struct eglstream_refusal *refusal)
{
	struct kms_settings settings = screen->settings;
	struct kms_refusal why = {.error = 0};
	int error;

	/* a file that was passed on goes before; it must be the same device */
	if (!settings.device[0] && kms_node_inherited(0) < 0)
		snprintf(settings.device, sizeof(settings.device), "%s", file);
	if (kms_output_open(&screen->output, &settings, &why))
		return screen_refuse(refusal, &why);
	if (kms_node_is(screen->output.device.fd, file))
		error = screen_check(screen, refusal);
	else
		error = eglstream_refuse(
			refusal, -ENODEV,
			"%s (%s) is not the CUDA device's, which is %s: leave "
			"device= out, or choose the GPU with --backend "
			"cuda,device=N",
			screen->output.device.path,
			screen->output.device.driver, file);
	if (error) {
		kms_output_close(&screen->output);
		return error;
	}
	/* for when it was lost */
	snprintf(screen->settings.device, sizeof(screen->settings.device), "%s",
		 file);
	snprintf(screen->settings.driver, sizeof(screen->settings.driver), "%s",
		 screen->output.device.driver);
	screen->had_sink =
		kms_connector_is_connected(&screen->output.connector);
	return 0;
}

int eglstream_screen_light(struct eglstream_screen *screen,
			   struct eglstream_refusal *refusal)
{
	struct kms_output *output = &screen->output;
	struct kms_refusal why = {.error = 0};
	int error =
		kms_output_show_best(output, BLACK, &screen->settings, &why);

	if (error)
		return screen_refuse(refusal, &why);
	error = screen_check(screen, refusal);
	if (!error && kms_flip_init(&screen->flip, output, BLACK))
		error = eglstream_refuse(refusal, -EIO, "%s: flips of %s fail",
					 output->device.path,
					 output->connector.name);
	return error;
}

/* A device that was away is opened anew, as at the start. */
static int screen_reopen(struct eglstream_screen *screen,
			 struct eglstream_refusal *refusal)
{
	struct kms_settings settings = screen->settings;
	struct kms_refusal why = {.error = 0};
	int error;

	settings.reopen = true;
	settings.provider = &kms_provider_dumb;
	error = kms_output_open(&screen->output, &settings, &why);
	if (error == -ENODEV) { /* its number may be another one */
		snprintf(settings.device, sizeof(settings.device), "%s",
			 settings.driver);
		error = kms_output_open(&screen->output, &settings, &why);
	}
	return error ? screen_refuse(refusal, &why)
		     : screen_check(screen, refusal);
}

/* The connector may have other modes, or none. */
static int screen_choose(struct eglstream_screen *screen,
			 struct eglstream_refusal *refusal)
{
	struct kms_output *output = &screen->output;
	struct kms_refusal why = {.error = 0};
	int error;

	if (!kms_device_is_master(&output->device))
		return eglstream_refuse(refusal, -EACCES,
					"%s: another program is the display's "
					"master: waiting until it lets go",
					output->device.path);
	error = kms_output_renew(output, &screen->settings, &why);
	if (error)
		return screen_refuse(refusal, &why);
	return screen_check(screen, refusal);
}

int eglstream_screen_renew(struct eglstream_screen *screen,
			   struct eglstream_refusal *refusal)
{
	struct kms_output *output = &screen->output;
	enum display_state lost = output->device.fd < 0
					  ? DISPLAY_STATE_GONE
					  : eglstream_screen_look(screen);
	int error;

	if (lost == DISPLAY_STATE_NO_SINK)
		return eglstream_refuse(refusal, -ENODEV,
					"%s: nothing is plugged in: waiting "
					"until something is",
					output->connector.name);
	if (lost == DISPLAY_STATE_GONE)
		kms_output_close(output);
	error = lost == DISPLAY_STATE_GONE ? screen_reopen(screen, refusal)
					   : screen_choose(screen, refusal);
	return error ? error : eglstream_screen_light(screen, refusal);
}

enum display_state eglstream_screen_look(struct eglstream_screen *screen)
{
	const struct kms_output *output = &screen->output;
	int error = kms_connector_probe(&screen->look, output->device.fd,
					output->connector.id);

	if (error == -ENODEV || error == -ENOENT)
		return DISPLAY_STATE_GONE;
	if (error)
		return DISPLAY_STATE_RUNNING;
	if (screen->had_sink && !kms_connector_is_connected(&screen->look))
		return DISPLAY_STATE_NO_SINK;
	if (!kms_device_is_master(&output->device))
		return DISPLAY_STATE_NO_MASTER;
	return kms_connector_is_link_bad(&screen->look)
		       ? DISPLAY_STATE_RECOVERING
		       : DISPLAY_STATE_RUNNING;
}

void eglstream_screen_close(struct eglstream_screen *screen)
{
	kms_connector_finish(&screen->look);
	if (screen->output.device.fd < 0)
		return;
	kms_output_restore(&screen->output);
	kms_output_close(&screen->output);
}

/* ---- EGL's part ------------------------------------------------------------
 */

int eglstream_screen_find_layer(struct eglstream_screen *screen,
				struct eglstream_library *library,
				struct eglstream_refusal *refusal)
{
	const struct kms_output *output = &screen->output;

	screen->has_events = library->has_flip_events;
	screen->layer = eglstream_library_layer(library, EGLSTREAM_DRM_CRTC,
						output->crtc.id);
	if (!screen->layer) {
		screen->has_events = false;
		screen->layer = eglstream_library_layer(
			library, EGLSTREAM_DRM_PLANE, output->plane.id);
	}
	if (!screen->layer)
		return eglstream_refuse(refusal, -ENODEV,
					"no output layer for CRTC %u or plane "
					"%u of %s: use --display kms, or "
					"consumer=cuda without a screen",
					output->crtc.id, output->plane.id,
					output->device.path);
	if (!screen->has_events)
		message("eglstream: %s: no flip events (%s): frames are paced "
			"by the ticks alone",
			output->connector.name,
			library->has_flip_events
				? "the layer is a plane's"
				: "no EGL_NV_output_drm_flip_event");
	return 0;
}

enum stream_status eglstream_screen_acquire(struct eglstream_screen *screen,
					    struct eglstream_library *library,
					    void *stream, uint32_t slot)
{
	uint32_t shown = screen->flip.shown;
	intptr_t attributes[] = {EGLSTREAM_FLIP_DATA, 0, EGLSTREAM_NONE};

	attributes[1] = (intptr_t)kms_flip_expect(&screen->flip, slot);
	if (library->egl.acquire(library->display, stream,
				 attributes + (screen->has_events ? 0 : 2)))
		return STREAM_DONE;
	kms_flip_forget(&screen->flip, shown);
	screen->error = library->egl.get_error();
	return screen->error == EGLSTREAM_BUSY ? STREAM_NOT_YET
					       : STREAM_REFUSED;
}

/* Without events it is over when it is asked for, which is a tick later. */
bool eglstream_screen_take(struct eglstream_screen *screen,
			   struct display_event *done)
{
	struct kms_flip *flip = &screen->flip;

	if (screen->has_events) {
		kms_flip_read(&flip, 1, &screen->output);
		return kms_flip_take(flip, done);
	}
	kms_flip_forget(&screen->flip, screen->flip.slot);
	*done = (struct display_event){
		.kind = DISPLAY_EVENT_SHOWN,
		.slot = screen->flip.shown,
		.time_ns = clock_now_ns(),
		.stamp = DISPLAY_STAMP_AT_ONCE,
	};
	return true;
}

bool eglstream_screen_wait(struct eglstream_screen *screen)
{
	struct display_event done;
	int waited_ms;

	if (!screen->has_events)
		clock_pause(WAIT_STEP_MS * NS_PER_MS);
	for (waited_ms = 0; waited_ms < WAIT_MS; waited_ms += WAIT_STEP_MS) {
		if (screen->has_events &&
		    kms_node_wait(screen->output.device.fd, WAIT_STEP_MS) < 0)
			return false;
		if (eglstream_screen_take(screen, &done))
			return true;
	}
	return false;
}
