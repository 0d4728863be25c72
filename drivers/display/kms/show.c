/*
 * drivers/display/kms/show.c: the commits of an output, and where its frames
 * lie. See output.h; what each commit sets is in scene.c.
 */
#include <stdio.h>

#include "drivers/display/kms/output.h"
#include "drivers/display/kms/scene.h"

static int commit_frame(struct kms_output *output, uint32_t slot,
			uint32_t flags)
{
	struct kms_request request;

	kms_scene_show(&request, output, output->buffer[slot].fb);
	if (output->mode_blob)
		flags |= DRM_MODE_ATOMIC_ALLOW_MODESET;
	return kms_commit(&request, output->device.fd, flags, 0);
}

int kms_output_show(struct kms_output *output, uint32_t slot)
{
	bool first = !output->taken;
	int error = commit_frame(output, slot, 0);

	if (error)
		return error;
	output->taken = true;
	output->on_view = slot;
	/* the last frame of who had the file before */
	if (first && output->device.inherited)
		drmModeRmFB(output->device.fd,
			    (uint32_t)output->plane.properties.row[KMS_FB_ID]
				    .value);
	return 0;
}

int kms_output_test(struct kms_output *output, uint32_t slot)
{
	return commit_frame(output, slot, DRM_MODE_ATOMIC_TEST_ONLY);
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
	struct kms_request request;

	kms_scene_dark(&request, output);
	return kms_commit(&request, output->device.fd,
			  DRM_MODE_ATOMIC_ALLOW_MODESET, 0);
}

static int commit_before(struct kms_output *output)
{
	struct kms_request request;
	uint32_t blob = 0;
	int error = 0;

	if (output->mode_blob && output->had_mode)
		error = drmModeCreatePropertyBlob(
			output->device.fd, &output->mode_before,
			sizeof(output->mode_before), &blob);
	if (error)
		return error;
	kms_scene_before(&request, output, blob);
	error = kms_commit(&request, output->device.fd,
			   DRM_MODE_ATOMIC_ALLOW_MODESET, 0);
	if (blob)
		drmModeDestroyPropertyBlob(output->device.fd, blob);
	return error;
}

void kms_output_restore(struct kms_output *output)
{
	if (!output->taken || output->device.inherited)
		return;
	/* the picture of then may be gone with its owner */
	if (commit_before(output) && kms_output_darken(output))
		return;
	output->taken = false;
}

struct image kms_output_image(const struct kms_output *output, uint32_t slot,
			      const struct kms_settings *settings)
{
	const struct kms_buffer *buffer = &output->buffer[slot];
	size_t offset = output->layout.offset_y * buffer->pitch +
			graph_plane_row_bytes(output->plane.format, 0,
					      output->layout.offset_x);

	return (struct image){
		.base = buffer->base + offset,
		.pitch = buffer->pitch,
		.width = settings->frame_width,
		.height = settings->frame_height,
	};
}

void kms_output_text(const struct kms_output *output, char *text, size_t bytes)
{
	char mode[KMS_MODE_TEXT_MAX];

	kms_mode_text(&output->mode, mode);
	snprintf(text, bytes, "%s (%s) %s %s %s, %s plane %u, %s",
		 output->device.path, output->device.driver,
		 output->connector.name, mode,
		 graph_format_name(output->plane.format),
		 output->plane.overlay ? "overlay" : "primary",
		 output->plane.id, output->layout.name);
}
