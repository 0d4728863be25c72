/*
 * drivers/display/kms/neutral.c: see neutral.h.
 */
#include "drivers/display/kms/neutral.h"

#include <string.h>

#include "runtime/base/text.h"

#define ONE_32_32    (UINT64_C(1) << 32) /* 1 in 32.32 fixed point */
#define OPAQUE_BLACK (UINT64_C(0xffff) << 48) /* 16 bits each: ARGB */
#define OUR_BPC	     8

/* A neutral value: an enum's by its name, else a number. */
struct neutral_rule {
	const char *property, *name;
	uint64_t number;
};

/* Of the kernel's core, then of single drivers. */
static const struct neutral_rule rules[] = {
	{"VRR_ENABLED", NULL, 0},
	{"pixel blend mode", "Pre-multiplied", 0},
	{"SCALING_FILTER", "Default", 0},
	{"COLOR_ENCODING", "ITU-R BT.601 YCbCr", 0},
	{"COLOR_RANGE", "YCbCr limited range", 0},
	{"Colorspace", "Default", 0},
	{"BACKGROUND_COLOR", NULL, OPAQUE_BLACK},
	{"SHARPNESS_STRENGTH", NULL, 0},
	{"underscan", "off", 0},	  /* amdgpu, radeon, nouveau */
	{"underscan hborder", NULL, 0},
	{"underscan vborder", NULL, 0},
	{"color vibrance", NULL, 150},	  /* nouveau: as it comes up */
	{"vibrant hue", NULL, 90},	  /* nouveau: no turn */
	{"abm level", NULL, 0},		  /* amdgpu: the backlight's content */
	{"adaptive backlight modulation", "off", 0},
	{"AMD_PLANE_HDR_MULT", NULL, ONE_32_32},
	{"NV_INPUT_COLORSPACE", "None", 0}, /* nvidia-drm */
	{"NV_PLANE_DEGAMMA_MULTIPLIER", NULL, ONE_32_32},
	{"NV_CRTC_REGAMMA_DIVISOR", NULL, ONE_32_32},
	{"colorkey", NULL, 0},		  /* rcar-du */
	{"colorkey mode", "disabled", 0}, /* armada */
	{"EOTF", NULL, 0},		  /* rockchip's own kernel */
};

/* Ranges whose largest value lets all of the plane through. */
static const char *const opaque_at_max[] = {
	"alpha", "global_alpha", "GLOBAL_ALPHA",
};

/* Enums that say themselves what changes nothing. */
static const char *const plain_names[] = {"Default", "Bypass"};

/* What stays. Told where the value is another than these. */
static const struct neutral_rule choices[] = {
	{"content type", "No Data", 0},
	{"Broadcast RGB", "Automatic", 0},
	{"scaling mode", "None", 0},
	{"scaling mode", "Full aspect", 0},
	{"picture aspect ratio", "Automatic", 0},
	{"dithering mode", "auto", 0},
	{"dithering depth", "auto", 0},
	{"dither", "off", 0},
	{"privacy-screen sw-state", "Disabled", 0},
	{"left margin", NULL, 0},
	{"right margin", NULL, 0},
	{"top margin", NULL, 0},
	{"bottom margin", NULL, 0},
	{"overscan", NULL, 0},
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct drm_mode_property_enum *
enum_named(const drmModePropertyRes *property, const char *name)
{
	int i;

	for (i = 0; i < property->count_enums; i++)
		if (!strcmp(property->enums[i].name, name))
			return &property->enums[i];
	return NULL;
}

static bool value_of_rule(const drmModePropertyRes *property,
			  const struct neutral_rule *rule, uint64_t *value)
{
	const struct drm_mode_property_enum *row = NULL;

	if (rule->name) {
		row = enum_named(property, rule->name);
		*value = row ? row->value : 0;
		return row != NULL;
	}
	*value = rule->number;
	return true;
}

static bool is_of(const drmModePropertyRes *property, uint32_t kind)
{
	return property->flags & kind && !(property->flags &
					   DRM_MODE_PROP_IMMUTABLE);
}

static bool by_kind(const drmModePropertyRes *property, uint64_t *value)
{
	const struct drm_mode_property_enum *row;
	size_t i;

	*value = 0;
	if (is_of(property, DRM_MODE_PROP_BLOB))
		return strcmp(property->name, "MODE_ID") != 0;
	if (!is_of(property, DRM_MODE_PROP_ENUM))
		return false;
	for (i = 0; i < COUNT(plain_names); i++) {
		row = enum_named(property, plain_names[i]);
		if (!row)
			continue;
		*value = row->value;
		return true;
	}
	return false;
}

bool kms_neutral(const drmModePropertyRes *property, uint64_t *value)
{
	size_t i;

	if (property->flags & DRM_MODE_PROP_IMMUTABLE)
		return false;
	for (i = 0; i < COUNT(rules); i++)
		if (!strcmp(property->name, rules[i].property) &&
		    value_of_rule(property, &rules[i], value))
			return true;
	for (i = 0; i < COUNT(opaque_at_max); i++)
		if (!strcmp(property->name, opaque_at_max[i]) &&
		    property->count_values == 2) {
			*value = property->values[1];
			return true;
		}
	return by_kind(property, value);
}

/* Whether it is a choice, and not one that changes nothing. */
static bool is_choice(const drmModePropertyRes *property, uint64_t value)
{
	bool known = false;
	uint64_t plain;
	size_t i;

	if (!strcmp(property->name, "max bpc"))
		return value < OUR_BPC;
	for (i = 0; i < COUNT(choices); i++) {
		if (strcmp(property->name, choices[i].property) ||
		    !value_of_rule(property, &choices[i], &plain))
			continue;
		if (value == plain)
			return false;
		known = true;
	}
	return known;
}

void kms_choice_text(const drmModePropertyRes *property, uint64_t value,
		     char *text, size_t bytes)
{
	const char *comma = *text ? ", " : "";
	int i;

	if (property->flags & DRM_MODE_PROP_IMMUTABLE ||
	    !is_choice(property, value))
		return;
	for (i = 0; i < property->count_enums; i++)
		if (property->enums[i].value == value) {
			text_append(text, bytes, "%s%s=%s", comma,
				    property->name, property->enums[i].name);
			return;
		}
	text_append(text, bytes, "%s%s=%llu", comma, property->name,
		    (unsigned long long)value);
}
