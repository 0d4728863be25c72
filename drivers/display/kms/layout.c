/*
 * drivers/display/kms/layout.c: see layout.h.
 */
#include "drivers/display/kms/layout.h"

#include "drivers/display/kms/mode.h"

static uint32_t align_down(uint32_t value)
{
	return value / KMS_LAYOUT_ALIGN * KMS_LAYOUT_ALIGN;
}

/* As large as the mode holds it, in its own proportions, in the middle.
 * frame: as it is seen, that is, turned. */
static struct kms_layout scaled(const struct kms_layout *exact,
				uint32_t mode_width, uint32_t mode_height)
{
	struct kms_layout layout = *exact;
	uint64_t frame_width = exact->crtc_width;
	uint64_t frame_height = exact->crtc_height;

	layout.name = "scaled";
	layout.crtc_width = mode_width;
	layout.crtc_height = mode_height;
	if (frame_width * mode_height > frame_height * mode_width)
		layout.crtc_height =
			(uint32_t)(mode_width * frame_height / frame_width);
	else
		layout.crtc_width =
			(uint32_t)(mode_height * frame_width / frame_height);
	layout.crtc_x = (int32_t)((mode_width - layout.crtc_width) / 2);
	layout.crtc_y = (int32_t)((mode_height - layout.crtc_height) / 2);
	return layout;
}

static struct kms_layout centred(const struct kms_settings *settings,
				 uint32_t mode_width, uint32_t mode_height)
{
	bool turned = kms_is_turned(settings);
	uint32_t width = turned ? mode_height : mode_width;
	uint32_t height = turned ? mode_width : mode_height;

	return (struct kms_layout){
		.name = "centred",
		.fb_width = width,
		.fb_height = height,
		.offset_x = align_down((width - settings->frame_width) / 2),
		.offset_y = (height - settings->frame_height) / 2,
		.crtc_width = mode_width,
		.crtc_height = mode_height,
	};
}

uint32_t kms_layout_list(struct kms_layout layouts[KMS_LAYOUTS_MAX],
			 const struct kms_settings *settings, bool overlay,
			 uint32_t mode_width, uint32_t mode_height)
{
	bool turned = kms_is_turned(settings);
	struct kms_layout exact = {
		.name = overlay ? "overlay" : "exact",
		.fb_width = settings->frame_width,
		.fb_height = settings->frame_height,
		.crtc_x = overlay ? settings->x : 0,
		.crtc_y = overlay ? settings->y : 0,
		.crtc_width = turned ? settings->frame_height
				     : settings->frame_width,
		.crtc_height = turned ? settings->frame_width
				      : settings->frame_height,
	};

	layouts[0] = exact;
	if (overlay || (exact.crtc_width == mode_width &&
			exact.crtc_height == mode_height))
		return 1;
	layouts[0] = scaled(&exact, mode_width, mode_height);
	if (exact.crtc_width > mode_width || exact.crtc_height > mode_height)
		return 1;
	layouts[1] = centred(settings, mode_width, mode_height);
	return 2;
}
