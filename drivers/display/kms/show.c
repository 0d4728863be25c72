/*
 * drivers/display/kms/show.c: the commits of an output, and where its frames
 * lie. See output.h; what each commit sets is in scene.c.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "drivers/display/kms/output.h"
#include "drivers/display/kms/scene.h"
#include "runtime/base/message.h"

/* A commit that blocks: what it shows, beside what another program left. */
struct show {
	enum { SHOW_FRAME, SHOW_BEFORE, SHOW_DARK } what;
	uint32_t slot;	       /* FRAME */
	uint32_t mode_blob;    /* BEFORE; 0: dark it was */
	const uint32_t *blobs; /* BEFORE, DARK: of the rows */
};

static int commit_show(struct kms_output *output, const struct show *show,
		       uint32_t flags)
{
	struct kms_request *request = &output->request;

	if (show->what == SHOW_FRAME)
		kms_scene_show(request, output, output->buffer[show->slot].fb);
	else if (show->what == SHOW_BEFORE)
		kms_scene_before(request, output, show->mode_blob);
	else
		kms_scene_dark(request, output);
	if (show->what == SHOW_FRAME)
		kms_left_add(&output->left, request);
	else
		kms_left_add_before(&output->left, show->blobs, request);
	if (output->mode_blob || show->what != SHOW_FRAME)
		flags |= DRM_MODE_ATOMIC_ALLOW_MODESET;
	return kms_commit(request, output->device.fd, flags, 0);
}

/* ---- extras never cost the picture ------------------------------------------ */

enum rows { ROWS_ALL, ROWS_PLANES, ROWS_NONE }; /* planes, connectors, CRTCs */

static void choose_rows(struct kms_left *left, enum rows rows)
{
	uint32_t i;

	for (i = 0; i < left->count; i++)
		left->row[i].is_out =
			rows == ROWS_NONE ||
			(rows == ROWS_PLANES && !left->row[i].group);
}

static int test_rows(struct kms_output *output, const struct show *show,
		     enum rows rows)
{
	choose_rows(&output->left, rows);
	return commit_show(output, show, DRM_MODE_ATOMIC_TEST_ONLY);
}

static void set_group_out(struct kms_left *left, uint32_t at, bool is_out)
{
	uint32_t i;

	left->row[at].is_out = is_out;
	for (i = 0; left->row[at].group && i < left->count; i++)
		if (left->row[i].group == left->row[at].group)
			left->row[i].is_out = is_out;
}

/* The driver does not like the state, whatever the weather. */
static bool is_refusal(int error)
{
	return error == -EINVAL || error == -ERANGE || error == -ENOSPC ||
	       error == -ENOENT || error == -EOPNOTSUPP || error == -E2BIG;
}

/*
 * Asks the driver what it takes: with all rows; else without the properties;
 * else without any, and then each that it does not mind. 0 or -errno.
 */
static int fit_rows(struct kms_output *output, const struct show *show)
{
	struct kms_left *left = &output->left;
	int error = test_rows(output, show, ROWS_ALL);
	uint32_t i;

	if (!left->count || !is_refusal(error))
		return error;
	error = test_rows(output, show, ROWS_PLANES);
	if (error)
		error = test_rows(output, show, ROWS_NONE);
	for (i = 0; i < left->count && !error; i++) {
		if (!left->row[i].is_out)
			continue;
		set_group_out(left, i, false);
		if (commit_show(output, show, DRM_MODE_ATOMIC_TEST_ONLY))
			set_group_out(left, i, true);
	}
	return error;
}

/* Drivers are known that take a state when asked and refuse it when told. */
static int commit_fitted(struct kms_output *output, const struct show *show)
{
	int error = output->left.count ? fit_rows(output, show) : 0;

	if (!error)
		error = commit_show(output, show, 0);
	if (!output->left.count || !is_refusal(error))
		return error;
	choose_rows(&output->left, ROWS_NONE);
	return commit_show(output, show, 0);
}

static void look_what_is_left(struct kms_output *output)
{
	const struct kms_left_scene scene = {
		.device = &output->device,
		.connector = &output->connector,
		.crtc = &output->crtc,
		.plane = &output->plane,
		.under = &output->under,
		.shared = !output->mode_blob,
		.keeps_zpos = output->zpos != KMS_ZPOS_ANY,
	};

	kms_left_look(&output->left, &scene);
}

/* ---- the picture ------------------------------------------------------------- */

/* Frames that who had the file before has left on our planes and the others. */
static void remove_frames_before(const struct kms_output *output)
{
	const struct kms_left *left = &output->left;
	const uint64_t own[] = {
		output->plane.properties.row[KMS_FB_ID].value,
		output->under.properties.row[KMS_FB_ID].value,
	};
	uint32_t i;

	for (i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		drmModeRmFB(output->device.fd, (uint32_t)own[i]);
	for (i = 0; i < left->count; i++)
		if (!strcmp(left->row[i].name, "FB_ID") &&
		    !left->row[i].is_out)
			drmModeRmFB(output->device.fd,
				    (uint32_t)left->row[i].before);
}

int kms_output_show(struct kms_output *output, uint32_t slot)
{
	const struct show show = {.what = SHOW_FRAME, .slot = slot};
	bool first = !output->taken;
	int error;

	/* since the last look another program may have been master */
	if (output->taken)
		look_what_is_left(output);
	error = commit_fitted(output, &show);
	if (error)
		return error;
	output->taken = true;
	output->device.claim->is_shown = true;
	output->on_view = slot;
	if (first && output->device.inherited)
		remove_frames_before(output);
	if (first)
		kms_left_tell(&output->left, output->connector.name);
	return 0;
}

int kms_output_test(struct kms_output *output, uint32_t slot)
{
	const struct show show = {.what = SHOW_FRAME, .slot = slot};

	look_what_is_left(output);
	return fit_rows(output, &show);
}

int kms_output_flip(struct kms_output *output, uint32_t slot, uint64_t token)
{
	int error;

	output->flip.value[0] = output->buffer[slot].fb;
	error = kms_commit(&output->flip, output->device.fd,
			   DRM_MODE_ATOMIC_NONBLOCK | DRM_MODE_PAGE_FLIP_EVENT,
			   token);
	if (!error)
		output->on_view = slot;
	return error;
}

int kms_output_darken(struct kms_output *output)
{
	kms_scene_dark(&output->request, output);
	return kms_commit(&output->request, output->device.fd,
			  DRM_MODE_ATOMIC_ALLOW_MODESET, 0);
}

/* The picture of then may be gone with its owner: dark, and what can come back
 * of the rest. */
static int commit_before(struct kms_output *output, uint32_t *blobs)
{
	struct show show = {.what = SHOW_BEFORE, .blobs = blobs};
	int error = 0;

	if (output->mode_blob && output->had_mode)
		error = drmModeCreatePropertyBlob(
			output->device.fd, &output->mode_before,
			sizeof(output->mode_before), &show.mode_blob);
	if (!error)
		error = commit_fitted(output, &show);
	if (error) {
		show.what = SHOW_DARK;
		error = commit_fitted(output, &show);
	}
	if (show.mode_blob)
		drmModeDestroyPropertyBlob(output->device.fd, show.mode_blob);
	return error;
}

void kms_output_restore(struct kms_output *output)
{
	uint32_t *blobs;

	if (!output->taken || output->device.inherited)
		return;
	blobs = kms_left_make_blobs(&output->left, output->device.fd);
	output->taken = commit_before(output, blobs) != 0;
	kms_left_free_blobs(&output->left, output->device.fd, blobs);
}

struct image kms_output_image(const struct kms_output *output, uint32_t slot,
			      const struct kms_settings *settings)
{
	const struct kms_buffer *buffer = &output->buffer[slot];
	size_t offset = output->layout.offset_y * buffer->pitch +
			graph_plane_row_bytes(output->plane.format, 0,
					      output->layout.offset_x);

	return (struct image){
		.base = kms_buffer_pixels(buffer) + offset,
		.pitch = buffer->pitch,
		.width = settings->frame_width,
		.height = settings->frame_height,
	};
}

void kms_output_text(const struct kms_output *output, char *text, size_t bytes)
{
	char mode[KMS_MODE_TEXT_MAX], turned[24] = "", buffers[40] = "";

	kms_mode_text(&output->mode, mode);
	if (output->rotation)
		snprintf(turned, sizeof(turned), ", turned %u",
			 output->rotation);
	if (output->maker.provider->is_device)
		snprintf(buffers, sizeof(buffers), ", buffers %s",
			 output->maker.provider->name);
	snprintf(text, bytes, "%s (%s) %s %s %s, %s plane %u, %s%s%s",
		 output->device.path, output->device.driver,
		 output->connector.name, mode,
		 graph_format_name(output->plane.format),
		 output->plane.overlay ? "overlay" : "primary",
		 output->plane.id, output->layout.name, turned, buffers);
}

void kms_output_tell_slower(const struct kms_output *output,
			    const struct kms_settings *settings)
{
	uint32_t refresh = kms_mode_millihertz(&output->mode);
	uint32_t ticks = settings->rate_millihertz;
	char mode[KMS_MODE_TEXT_MAX];

	if (!kms_mode_is_slower(&output->mode, ticks))
		return;
	kms_mode_text(&output->mode, mode);
	message("kms: %s: mode %s has %u.%03u refreshes a second for the "
		"graph's %u.%03u ticks: frames are dropped with --clock timer, "
		"and with --clock display it plays slower",
		output->connector.name, mode, refresh / 1000, refresh % 1000,
		ticks / 1000, ticks % 1000);
}
