/*
 * drivers/display/kms/output.c: bring-up of an output, and its end. See
 * output.h; its commits are in show.c.
 */
#include "drivers/display/kms/output.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "drivers/display/kms/scene.h"
#include "runtime/time/clock.h"
#include "runtime/base/message.h"

#define ENDING_WAIT_NS	 (75 * NS_PER_SECOND)
#define UNSEEING_WAIT_NS (3 * NS_PER_SECOND)
#define ENDING_STEP_NS	 (50 * NS_PER_MS)
#define LIST_MAX	 320

/* ---- bring-up, in order --------------------------------------------------- */

/*
 * Another file is master. A program that is being killed may hold it for up to
 * a minute while its last flip times out, and has no files in /proc by then:
 * that is waited for; a live one is named. Only root sees everybody's files.
 */
static int become_master(const struct kms_output *output,
			 const struct kms_settings *settings,
			 struct kms_refusal *refusal)
{
	const char *path = output->device.path;
	int64_t end_ns = clock_now_ns() +
			 (geteuid() ? UNSEEING_WAIT_NS : ENDING_WAIT_NS);
	bool told = settings->reopen;

	while (!kms_device_is_master(&output->device)) {
		if (settings->reopen || kms_holder(path) ||
		    clock_now_ns() > end_ns)
			return kms_refuse_master(refusal, path);
		if (!told)
			message("kms: %s: waiting for an ending program to "
				"let go of the display",
				path);
		told = true;
		clock_pause(ENDING_STEP_NS);
	}
	return 0;
}

static int refuse_mode(const struct kms_output *output,
		       const struct kms_settings *settings,
		       struct kms_refusal *refusal)
{
	const drmModeConnector *info = output->connector.info;
	const struct display_mode *wish = &settings->mode;
	char list[LIST_MAX], rate[16] = "";

	kms_mode_list(info->modes, info->count_modes, list, sizeof(list));
	if (wish->millihertz)
		snprintf(rate, sizeof(rate), "@%g", wish->millihertz / 1000.0);
	return kms_refuse(refusal, -ENOTSUP,
			  "--mode %ux%u%s: %s has no such mode; it has %s",
			  wish->width, wish->height, rate,
			  output->connector.name, list);
}

/* A mode is made only where the connector has none of its own. */
static int choose_mode(struct kms_output *output,
		       const struct kms_settings *settings,
		       struct kms_refusal *refusal)
{
	const drmModeConnector *info = output->connector.info;
	int chosen = kms_mode_choose(info->modes, info->count_modes, settings);

	if (chosen >= 0)
		output->mode = info->modes[chosen];
	else if (!info->count_modes && settings->mode.width)
		kms_mode_make(&output->mode, &settings->mode);
	else if (!info->count_modes)
		return kms_refuse(refusal, -ENODEV,
				  "%s: no modes: plug a display in, or force "
				  "one with --mode",
				  output->connector.name);
	else
		return refuse_mode(output, settings, refusal);
	return 0;
}

static int set_mode_blob(struct kms_output *output, struct kms_refusal *refusal)
{
	int fd = output->device.fd;
	int error;

	if (output->mode_blob)
		drmModeDestroyPropertyBlob(fd, output->mode_blob);
	output->mode_blob = 0;
	error = drmModeCreatePropertyBlob(fd, &output->mode,
					  sizeof(output->mode),
					  &output->mode_blob);
	return error ? kms_refuse_call(refusal, output->device.path,
				       "CREATEPROPBLOB", error)
		     : 0;
}

/* What to come back to, and what an overlay lies over. */
static int read_before(struct kms_output *output, struct kms_refusal *refusal)
{
	drmModeCrtc *crtc;

	errno = ENODEV;
	crtc = drmModeGetCrtc(output->device.fd, output->crtc.id);
	if (!crtc)
		return kms_refuse_call(refusal, output->device.path, "GETCRTC",
				       -errno);
	output->had_mode = crtc->mode_valid;
	output->mode_before = crtc->mode;
	output->connector_crtc_before =
		(uint32_t)output->connector.properties.row[KMS_CRTC_ID].value;
	drmModeFreeCrtc(crtc);
	return 0;
}

/* An overlay over a display that is on leaves its mode and the rest alone. */
static int choose_under(struct kms_output *output,
			const struct kms_settings *settings,
			struct kms_refusal *refusal)
{
	int error;

	if (!output->plane.overlay)
		return 0;
	if (output->had_mode && !settings->mode.width &&
	    output->connector_crtc_before == output->crtc.id) {
		output->mode = output->mode_before;
		return 0;
	}
	error = kms_plane_choose_primary(&output->under, &output->device,
					 &output->crtc, settings, refusal);
	if (!error)
		error = kms_buffer_create(&output->black, output->device.fd,
					  output->mode.hdisplay,
					  output->mode.vdisplay,
					  output->under.format);
	return error;
}

static bool leaves_mode(const struct kms_output *output)
{
	return output->plane.overlay && !output->under.id;
}

static void destroy_buffers(struct kms_output *output)
{
	uint32_t i;

	for (i = 0; i < KMS_SLOTS; i++)
		kms_buffer_destroy(&output->buffer[i], output->device.fd);
}

static int create_buffers(struct kms_output *output)
{
	uint32_t i;
	int error = 0;

	for (i = 0; i < KMS_SLOTS && !error; i++)
		error = kms_buffer_create(&output->buffer[i], output->device.fd,
					  output->layout.fb_width,
					  output->layout.fb_height,
					  output->plane.format);
	if (error)
		destroy_buffers(output);
	return error;
}

static int refuse_layout(const struct kms_output *output,
			 const struct kms_settings *settings,
			 struct kms_refusal *refusal, int error)
{
	char what[160], mode[KMS_MODE_TEXT_MAX];

	if (!strcmp(output->layout.name, "scaled") &&
	    (error == -EINVAL || error == -ERANGE || error == -ENOSPC))
		return kms_refuse(refusal, -ENOTSUP,
				  "the frame, %ux%u, is larger than mode "
				  "%ux%u of %s and plane %u does not scale: "
				  "use a smaller graph or another --mode",
				  settings->frame_width,
				  settings->frame_height,
				  output->mode.hdisplay, output->mode.vdisplay,
				  output->connector.name, output->plane.id);
	kms_mode_text(&output->mode, mode);
	snprintf(what, sizeof(what), "%ux%u %s on plane %u in mode %s of %s",
		 output->layout.fb_width, output->layout.fb_height,
		 graph_format_name(output->plane.format), output->plane.id,
		 mode, output->connector.name);
	return kms_refuse_commit(refusal, output->device.path, what, error);
}

/* The first layout that the driver would show, with its buffers. */
static int choose_layout(struct kms_output *output,
			 const struct kms_settings *settings,
			 struct kms_refusal *refusal)
{
	struct kms_layout layouts[KMS_LAYOUTS_MAX];
	uint32_t i, count = kms_layout_list(layouts, settings,
					    output->plane.overlay,
					    output->mode.hdisplay,
					    output->mode.vdisplay);
	int error = 0;

	for (i = 0; i < count; i++) {
		output->layout = layouts[i];
		error = create_buffers(output);
		if (error)
			break;
		error = kms_output_test(output, 0);
		if (!error)
			return 0;
		destroy_buffers(output);
	}
	return refuse_layout(output, settings, refusal, error);
}

static int set_up(struct kms_output *output,
		  const struct kms_settings *settings,
		  struct kms_refusal *refusal)
{
	int error = choose_mode(output, settings, refusal);

	if (!error)
		error = choose_under(output, settings, refusal);
	if (!error && !leaves_mode(output))
		error = set_mode_blob(output, refusal);
	if (!error)
		error = choose_layout(output, settings, refusal);
	if (!error)
		kms_scene_flip(&output->flip, output);
	return error;
}

int kms_output_open(struct kms_output *output,
		    const struct kms_settings *settings,
		    struct kms_refusal *refusal)
{
	int error;

	*output = (struct kms_output){.device.fd = -1,
				      .zpos = settings->zpos};
	error = kms_device_open(&output->device, &output->connector, settings,
				refusal);
	if (!error)
		error = become_master(output, settings, refusal);
	if (!error)
		error = kms_crtc_choose(&output->crtc, &output->device,
					&output->connector, refusal);
	if (!error)
		error = kms_plane_choose(&output->plane, &output->device,
					 &output->crtc, settings, refusal);
	if (!error)
		error = read_before(output, refusal);
	if (!error)
		error = set_up(output, settings, refusal);
	if (error)
		kms_output_close(output);
	return error;
}

int kms_output_renew(struct kms_output *output,
		     const struct kms_settings *settings,
		     struct kms_refusal *refusal)
{
	drmModeModeInfo mode = output->mode;
	int error = kms_connector_probe(&output->connector, output->device.fd,
					output->connector.id);

	if (error)
		return kms_refuse_call(refusal, output->device.path,
				       "GETCONNECTOR", error);
	if (leaves_mode(output))
		return 0;
	error = choose_mode(output, settings, refusal);
	if (error || (kms_mode_is_same(&mode, &output->mode) &&
		      output->buffer[0].fb))
		return error;
	destroy_buffers(output);
	kms_buffer_destroy(&output->black, output->device.fd);
	return set_up(output, settings, refusal);
}

void kms_output_close(struct kms_output *output)
{
	if (output->device.inherited && output->taken) {
		kms_buffer_leave(&output->buffer[output->on_view]);
		kms_buffer_leave(&output->black);
	}
	if (output->device.fd >= 0) {
		destroy_buffers(output);
		kms_buffer_destroy(&output->black, output->device.fd);
		if (output->mode_blob)
			drmModeDestroyPropertyBlob(output->device.fd,
						   output->mode_blob);
	}
	kms_left_finish(&output->left);
	kms_connector_finish(&output->connector);
	kms_device_close(&output->device);
	*output = (struct kms_output){.device.fd = -1};
}
