/*
 * drivers/display/kms/scene.c: see scene.h.
 */
#include "drivers/display/kms/scene.h"

#define FIXED_POINT 16 /* SRC_* are 16.16 */

/* Adds a property where the object has it; for those not every driver has. */
static void add_optional(struct kms_request *request,
			 const struct kms_property_row *row, uint64_t value)
{
	if (row->id && !row->immutable)
		kms_request_add(request, row->id, value);
}

static void show_plane(struct kms_request *request,
		       const struct kms_plane *plane, uint32_t crtc,
		       uint32_t fb, const struct kms_layout *layout)
{
	const struct kms_property_row *row = plane->properties.row;

	kms_request_object(request, plane->id);
	kms_request_add(request, row[KMS_FB_ID].id, fb);
	kms_request_add(request, row[KMS_CRTC_ID].id, crtc);
	kms_request_add(request, row[KMS_SRC_X].id, 0);
	kms_request_add(request, row[KMS_SRC_Y].id, 0);
	kms_request_add(request, row[KMS_SRC_W].id,
			(uint64_t)layout->fb_width << FIXED_POINT);
	kms_request_add(request, row[KMS_SRC_H].id,
			(uint64_t)layout->fb_height << FIXED_POINT);
	kms_request_add(request, row[KMS_CRTC_X].id,
			(uint64_t)(int64_t)layout->crtc_x);
	kms_request_add(request, row[KMS_CRTC_Y].id,
			(uint64_t)(int64_t)layout->crtc_y);
	kms_request_add(request, row[KMS_CRTC_W].id, layout->crtc_width);
	kms_request_add(request, row[KMS_CRTC_H].id, layout->crtc_height);
	if (plane->rotation)
		kms_request_add(request, row[KMS_ROTATION].id,
				plane->rotation);
}

/* link-status goes with every mode set: without it a bad link stays bad. */
static void show_mode(struct kms_request *request,
		      const struct kms_output *output)
{
	const struct kms_property_row *connector =
		output->connector.properties.row;
	const struct kms_property_row *crtc = output->crtc.properties.row;

	kms_request_object(request, output->connector.id);
	kms_request_add(request, connector[KMS_CRTC_ID].id, output->crtc.id);
	add_optional(request, &connector[KMS_LINK_STATUS],
		     DRM_MODE_LINK_STATUS_GOOD);
	kms_request_object(request, output->crtc.id);
	kms_request_add(request, crtc[KMS_MODE_ID].id, output->mode_blob);
	kms_request_add(request, crtc[KMS_ACTIVE].id, 1);
}

static void show_under(struct kms_request *request,
		       const struct kms_output *output)
{
	const struct kms_layout whole = {
		.fb_width = output->mode.hdisplay,
		.fb_height = output->mode.vdisplay,
		.crtc_width = output->mode.hdisplay,
		.crtc_height = output->mode.vdisplay,
	};

	show_plane(request, &output->under, output->crtc.id, output->black.fb,
		   &whole);
}

void kms_scene_show(struct kms_request *request,
		    const struct kms_output *output, uint32_t fb)
{
	kms_request_init(request);
	if (output->mode_blob)
		show_mode(request, output);
	if (output->under.id)
		show_under(request, output);
	show_plane(request, &output->plane, output->crtc.id, fb,
		   &output->layout);
	if (output->plane.overlay && output->zpos != KMS_ZPOS_ANY)
		add_optional(request, &output->plane.properties.row[KMS_ZPOS],
			     (uint64_t)output->zpos);
}

uint32_t kms_scene_flip(struct kms_request *request,
			const struct kms_output *output)
{
	kms_request_init(request);
	kms_request_object(request, output->plane.id);
	return kms_request_add(
		request, output->plane.properties.row[KMS_FB_ID].id, 0);
}

static void darken_plane(struct kms_request *request,
			 const struct kms_plane *plane)
{
	kms_request_object(request, plane->id);
	kms_request_add(request, plane->properties.row[KMS_FB_ID].id, 0);
	kms_request_add(request, plane->properties.row[KMS_CRTC_ID].id, 0);
}

void kms_scene_dark(struct kms_request *request,
		    const struct kms_output *output)
{
	const struct kms_property_row *crtc = output->crtc.properties.row;

	kms_request_init(request);
	darken_plane(request, &output->plane);
	if (!output->mode_blob)
		return;
	if (output->under.id)
		darken_plane(request, &output->under);
	kms_request_object(request, output->connector.id);
	kms_request_add(request,
			output->connector.properties.row[KMS_CRTC_ID].id, 0);
	kms_request_object(request, output->crtc.id);
	kms_request_add(request, crtc[KMS_MODE_ID].id, 0);
	kms_request_add(request, crtc[KMS_ACTIVE].id, 0);
}

static void plane_before(struct kms_request *request,
			 const struct kms_plane *plane)
{
	/* clang-format off */
	static const enum kms_property names[] = {
		KMS_FB_ID, KMS_CRTC_ID, KMS_SRC_X, KMS_SRC_Y, KMS_SRC_W,
		KMS_SRC_H, KMS_CRTC_X, KMS_CRTC_Y, KMS_CRTC_W, KMS_CRTC_H,
		KMS_ROTATION, KMS_ZPOS,
	};
	/* clang-format on */
	size_t i;

	kms_request_object(request, plane->id);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		add_optional(request, &plane->properties.row[names[i]],
			     plane->properties.row[names[i]].value);
}

void kms_scene_before(struct kms_request *request,
		      const struct kms_output *output, uint32_t mode_blob)
{
	const struct kms_property_row *crtc = output->crtc.properties.row;

	kms_request_init(request);
	plane_before(request, &output->plane);
	if (!output->mode_blob)
		return;
	if (output->under.id)
		plane_before(request, &output->under);
	kms_request_object(request, output->connector.id);
	kms_request_add(request,
			output->connector.properties.row[KMS_CRTC_ID].id,
			output->connector_crtc_before);
	kms_request_object(request, output->crtc.id);
	kms_request_add(request, crtc[KMS_MODE_ID].id, mode_blob);
	kms_request_add(request, crtc[KMS_ACTIVE].id, crtc[KMS_ACTIVE].value);
}
