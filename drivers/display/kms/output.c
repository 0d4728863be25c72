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
#include "drivers/display/kms/trial.h"
#include "runtime/time/clock.h"
#include "runtime/base/message.h"
#include "runtime/base/text.h"

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

/* The settings, with the panel's rotation where none was asked for. */
static struct kms_settings turned(const struct kms_output *output,
				  const struct kms_settings *settings)
{
	struct kms_settings own = *settings;

	own.rotation = output->rotation;
	return own;
}

static int refuse_mode(const struct kms_output *output,
		       const struct kms_settings *settings, const char *why,
		       struct kms_refusal *refusal)
{
	const drmModeConnector *info = output->connector.info;
	const struct display_mode *wish = &settings->mode;
	const char scan[] = {wish->scan, '\0'};
	char list[LIST_MAX], rate[16] = "";

	kms_mode_list(info->modes, info->count_modes, list, sizeof(list));
	if (wish->millihertz)
		snprintf(rate, sizeof(rate), "@%g", wish->millihertz / 1000.0);
	return kms_refuse(refusal, -ENOTSUP,
			  "--mode %ux%u%s%s: %s %s; it has %s", wish->width,
			  wish->height, scan, rate, output->connector.name, why,
			  list);
}

/* The best one that was not passed over. A mode is made only where the
 * connector has none of its own. */
static int choose_mode(struct kms_output *output,
		       const struct kms_settings *settings,
		       struct kms_refusal *refusal)
{
	const drmModeConnector *info = output->connector.info;
	uint16_t order[KMS_MODES_MAX];
	uint32_t i, count = kms_mode_rank(info->modes, info->count_modes,
					  settings, order);

	output->mode_index = -1;
	for (i = 0; i < count; i++) {
		if (output->passed_over[order[i]])
			continue;
		output->mode_index = order[i];
		output->mode = info->modes[order[i]];
		return 0;
	}
	if (count)
		return kms_refuse(refusal, -ENOTSUP,
				  "%s: the driver refuses each of its modes",
				  output->connector.name);
	if (info->count_modes)
		return refuse_mode(output, settings, "has no such mode",
				   refusal);
	if (!settings->mode.width)
		return kms_refuse(refusal, -ENODEV,
				  "%s: no modes: plug a display in, or force "
				  "one with --mode",
				  output->connector.name);
	kms_mode_make(&output->mode, &settings->mode);
	return 0;
}

const drmModeModeInfo *kms_output_best_mode(const struct kms_output *output,
					    const struct kms_settings *settings,
					    const drmModeConnector *info)
{
	const struct kms_settings own = turned(output, settings);
	uint16_t order[KMS_MODES_MAX];

	return kms_mode_rank(info->modes, info->count_modes, &own, order)
		       ? &info->modes[order[0]]
		       : NULL;
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
	output->device.claim->under = output->under.id;
	if (!error)
		error = kms_buffer_create(&output->black, NULL,
					  output->device.fd,
					  output->mode.hdisplay,
					  output->mode.vdisplay,
					  output->under.format);
	return error;
}

static bool leaves_mode(const struct kms_output *output)
{
	return output->plane.overlay && !output->under.id;
}

void kms_output_drop_buffers(struct kms_output *output,
			     struct kms_buffer other[KMS_SLOTS])
{
	uint32_t i;

	for (i = 0; i < KMS_SLOTS; i++)
		kms_buffer_destroy(&other[i], &output->maker,
				   output->device.fd);
}

static void destroy_buffers(struct kms_output *output)
{
	kms_output_drop_buffers(output, output->buffer);
}

void kms_output_swap_buffers(struct kms_output *output,
			     struct kms_buffer other[KMS_SLOTS])
{
	struct kms_buffer own[KMS_SLOTS];

	memcpy(own, output->buffer, sizeof(own));
	memcpy(output->buffer, other, sizeof(own));
	memcpy(other, own, sizeof(own));
}

/* Those that are not there yet. */
static int create_buffers(struct kms_output *output, uint32_t count)
{
	uint32_t i;
	int error = 0;

	for (i = 0; i < count && !error; i++)
		if (!output->buffer[i].fb)
			error = kms_buffer_create(&output->buffer[i],
						  &output->maker,
						  output->device.fd,
						  output->layout.fb_width,
						  output->layout.fb_height,
						  output->plane.format);
	return error;
}

int kms_output_make_buffers(struct kms_output *output)
{
	int error = create_buffers(output, KMS_SLOTS);

	if (error)
		destroy_buffers(output);
	return error;
}

/* The last layout tried makes the frame smaller, which the plane cannot. */
static bool is_too_small(const struct kms_output *output)
{
	return !strcmp(output->layout.name, "scaled");
}

static int refuse_layout(const struct kms_output *output,
			 const struct kms_settings *settings,
			 struct kms_refusal *refusal, int error)
{
	char what[160], mode[KMS_MODE_TEXT_MAX];

	if (is_too_small(output) &&
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
		error = create_buffers(output, 1);
		if (error)
			break;
		error = kms_output_test(output, 0);
		if (!error)
			error = create_buffers(output, KMS_SLOTS);
		if (!error)
			return 0;
		destroy_buffers(output);
	}
	destroy_buffers(output);
	return refuse_layout(output, settings, refusal, error);
}

/* Everything that depends on the mode. */
static int set_up_mode(struct kms_output *output,
		       const struct kms_settings *settings,
		       struct kms_refusal *refusal)
{
	int error = choose_under(output, settings, refusal);

	if (!error && !leaves_mode(output))
		error = set_mode_blob(output, refusal);
	if (!error)
		error = choose_layout(output, settings, refusal);
	if (error)
		kms_buffer_destroy(&output->black, NULL, output->device.fd);
	return error;
}

/* A driver that refuses every mode does so in the middle of some fault: the next
 * call begins with the best again. */
static void forget_passed_over(struct kms_output *output)
{
	memset(output->passed_over, 0, sizeof(output->passed_over));
}

/* The mode that is chosen is not to be: on to the next. False: there is none, or
 * --mode asked for this one; the first one's refusal stands, or says so. */
static bool pass_over(struct kms_output *output,
		      const struct kms_settings *settings,
		      struct kms_refusal *refusal)
{
	struct kms_refusal none;

	if (output->mode_index < 0)
		return false;
	if (settings->mode.width) {
		if (!is_too_small(output))
			refuse_mode(output, settings,
				    "has it, but the driver refuses it",
				    refusal);
		return false;
	}
	output->passed_over[output->mode_index] = true;
	if (!choose_mode(output, settings, &none))
		return true;
	forget_passed_over(output);
	return false;
}

/* "kms: HDMI-A-1: the driver refuses 3840x2160@60.00: 1920x1080@60.00 it is" */
static void tell_passed_over(const struct kms_output *output)
{
	const drmModeConnector *info = output->connector.info;
	char list[LIST_MAX] = "", mode[KMS_MODE_TEXT_MAX];
	int i;

	for (i = 0; i < info->count_modes && i < KMS_MODES_MAX; i++) {
		if (!output->passed_over[i])
			continue;
		kms_mode_text(&info->modes[i], mode);
		text_append(list, sizeof(list), "%s%s", *list ? ", " : "",
			    mode);
	}
	kms_mode_text(&output->mode, mode);
	if (*list)
		message("kms: %s: the driver refuses %s: %s it is",
			output->connector.name, list, mode);
}

/* The best mode that the driver takes. */
static int set_up(struct kms_output *output,
		  const struct kms_settings *settings,
		  struct kms_refusal *refusal)
{
	struct kms_refusal later = {.error = 0};
	int error = choose_mode(output, settings, refusal);

	if (!error)
		error = set_up_mode(output, settings, refusal);
	while (error == -ENOTSUP && pass_over(output, settings, refusal))
		error = set_up_mode(output, settings, &later);
	if (!error) {
		kms_scene_flip(&output->flip, output);
		return 0;
	}
	forget_passed_over(output);
	if (error != -ENOTSUP && later.error)
		*refusal = later;
	return error;
}

/* A panel that is mounted turned: the plane turns the picture back, where it
 * can. reopen: said once already. */
static void orient(struct kms_output *output,
		   const struct kms_settings *settings)
{
	uint32_t rotation = kms_connector_rotation(&output->connector);

	output->rotation = settings->rotation;
	if (settings->rotation_given || !rotation)
		return;
	if (kms_plane_turn(&output->plane, rotation))
		output->rotation = rotation;
	else if (!settings->reopen)
		message("kms: %s: the panel is mounted turned by %u degrees "
			"and plane %u cannot turn the picture back: turn it in "
			"the graph (rotation=0 leaves this line out)",
			output->connector.name, rotation, output->plane.id);
}

/* With the panel's rotation, else without: a plane that lists it may still
 * refuse it for such buffers. */
static int set_up_turned(struct kms_output *output,
			 const struct kms_settings *settings,
			 struct kms_refusal *refusal)
{
	struct kms_settings own;
	int error;

	orient(output, settings);
	own = turned(output, settings);
	error = set_up(output, &own, refusal);
	if (error != -ENOTSUP || settings->rotation_given || !output->rotation)
		return error;
	own.rotation = output->rotation = 0;
	kms_plane_turn(&output->plane, 0);
	error = set_up(output, &own, refusal);
	if (!error && !settings->reopen)
		message("kms: %s: the panel is mounted turned and the driver "
			"refuses to turn the picture back: turn it in the "
			"graph (rotation=0 leaves this line out)",
			output->connector.name);
	return error;
}

int kms_output_open(struct kms_output *output,
		    const struct kms_settings *settings,
		    struct kms_refusal *refusal)
{
	int error;

	*output = (struct kms_output){.device.fd = -1,
				      .zpos = settings->zpos};
	output->maker = (struct kms_maker){
		.provider = settings->reopen ? settings->provider
					     : &kms_provider_dumb,
		.memory = settings->memory,
	};
	error = kms_device_open(&output->device, &output->connector, settings,
				refusal);
	if (!error)
		error = become_master(output, settings, refusal);
	if (!error)
		error = kms_crtc_choose(&output->crtc, &output->device,
					&output->connector, refusal);
	if (!error) {
		output->device.claim->crtc = output->crtc.id;
		error = kms_plane_choose(&output->plane, &output->device,
					 &output->crtc, settings, refusal);
	}
	if (!error) {
		output->device.claim->plane = output->plane.id;
		error = read_before(output, refusal);
	}
	if (!error)
		error = set_up_turned(output, settings, refusal);
	if (!error)
		error = kms_trial_choose(output, settings, refusal);
	if (error)
		kms_output_close(output);
	else
		tell_passed_over(output);
	return error;
}

static void destroy_all_buffers(struct kms_output *output)
{
	destroy_buffers(output);
	kms_buffer_destroy(&output->black, NULL, output->device.fd);
}

/* The connector as it is now; another list of modes is another start. */
static int probe_again(struct kms_output *output)
{
	struct kms_connector now = {.info = NULL};
	int error = kms_connector_probe(&now, output->device.fd,
					output->connector.id);

	if (!error && output->connector.info &&
	    !kms_mode_lists_are_same(now.info, output->connector.info))
		forget_passed_over(output);
	kms_connector_finish(&output->connector);
	output->connector = now;
	return error;
}

int kms_output_renew(struct kms_output *output,
		     const struct kms_settings *settings,
		     struct kms_refusal *refusal)
{
	const struct kms_settings own = turned(output, settings);
	drmModeModeInfo mode = output->mode;
	int error = probe_again(output);

	if (error)
		return kms_refuse_call(refusal, output->device.path,
				       "GETCONNECTOR", error);
	if (leaves_mode(output))
		return 0;
	error = choose_mode(output, &own, refusal);
	if (error || (kms_mode_is_same(&mode, &output->mode) &&
		      output->buffer[0].fb))
		return error;
	output->mode_shown = false;
	destroy_all_buffers(output);
	error = set_up(output, &own, refusal);
	if (!error)
		tell_passed_over(output);
	return error;
}

/* Errors that another mode may not have. */
static bool is_of_the_mode(int error)
{
	switch (-error) {
	case EACCES:
	case EPERM:
	case ENODEV:
	case ENOMEM:
	case EBUSY:
	case EAGAIN:
	case EINTR:
		return false;
	default:
		return true;
	}
}

int kms_output_show_best(struct kms_output *output, uint32_t slot,
			 const struct kms_settings *settings,
			 struct kms_refusal *refusal)
{
	const struct kms_settings own = turned(output, settings);
	char what[KMS_NAME_MAX + KMS_MODE_TEXT_MAX + 32];
	char mode[KMS_MODE_TEXT_MAX];
	bool passed = false;
	int error = kms_output_show(output, slot);

	if (error) {
		kms_mode_text(&output->mode, mode);
		snprintf(what, sizeof(what), "mode %s on %s", mode,
			 output->connector.name);
		kms_refuse_commit(refusal, output->device.path, what, error);
	}
	while (error && is_of_the_mode(error) && !output->mode_shown &&
	       pass_over(output, &own, refusal)) {
		passed = true;
		destroy_all_buffers(output);
		error = set_up(output, &own, refusal);
		if (!error)
			error = kms_output_show(output, slot);
	}
	if (!error && passed)
		tell_passed_over(output);
	output->mode_shown = output->mode_shown || !error;
	return error;
}

void kms_output_close(struct kms_output *output)
{
	if (output->device.inherited && output->taken) {
		kms_buffer_leave(&output->buffer[output->on_view],
				 &output->maker);
		kms_buffer_leave(&output->black, NULL);
	}
	if (output->device.fd >= 0) {
		destroy_all_buffers(output);
		if (output->mode_blob)
			drmModeDestroyPropertyBlob(output->device.fd,
						   output->mode_blob);
	}
	kms_left_finish(&output->left);
	kms_connector_finish(&output->connector);
	kms_device_close(&output->device);
	*output = (struct kms_output){.device.fd = -1};
}
