/*
 * tests/drivers/test_kms_left.c: what another program leaves on a display: its
 * other planes, its connector, its properties. Each is out of the way while
 * the picture is on view and back at the end; nothing that the driver refuses
 * to take back costs the picture.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drivers/display/kms/neutral.h"
#include "tests/fakes/kms_rig.h"

#define ENUM  DRM_MODE_PROP_ENUM
#define RANGE DRM_MODE_PROP_RANGE
#define BLOB  DRM_MODE_PROP_BLOB
#define ONE   (UINT64_C(1) << 32)

static struct kms_rig rig;

static const char *const blends[] = {"None", "Pre-multiplied", "Coverage",
				     NULL};
static const char *const filters[] = {"Default", "Nearest Neighbor", NULL};
static const char *const spaces[] = {"Default", "BT2020_RGB", NULL};
static const char *const curves[] = {"sRGB EOTF", "Default", "PQ EOTF", NULL};
static const char *const pipelines[] = {"Pipeline 50", "Bypass", NULL};
static const char *const inputs[] = {"None", "scRGB Linear FP16", NULL};
static const char *const underscans[] = {"off", "on", "auto", NULL};
static const char *const levels[] = {"min", "off", "max", NULL};
static const char *const ranges[] = {"YCbCr limited range",
				     "YCbCr full range", NULL};
static const char *const encodings[] = {"ITU-R BT.601 YCbCr",
					"ITU-R BT.709 YCbCr", NULL};
static const char *const contents[] = {"No Data", "Graphics", "Photo", NULL};
static const char *const rgb[] = {"Automatic", "Full", "Limited 16:235", NULL};
static const char *const scalings[] = {"None", "Full", "Center", "Full aspect",
				       NULL};

/* What a program of before sets on which object, and what it should be. */
static const struct {
	uint32_t object;
	const char *name;
	uint32_t flags;
	uint64_t left, neutral, max;
	const char *const *names;
} properties[] = {
	{FAKE_PRIMARY, "alpha", RANGE, 0x8000, 0xffff, 0xffff, NULL},
	{FAKE_PRIMARY, "global_alpha", RANGE, 7, 255, 255, NULL},
	{FAKE_PRIMARY, "pixel blend mode", ENUM, 2, 1, 0, blends},
	{FAKE_PRIMARY, "SCALING_FILTER", ENUM, 1, 0, 0, filters},
	{FAKE_PRIMARY, "COLOR_RANGE", ENUM, 1, 0, 0, ranges},
	{FAKE_PRIMARY, "COLOR_ENCODING", ENUM, 1, 0, 0, encodings},
	{FAKE_PRIMARY, "NV_INPUT_COLORSPACE", ENUM, 1, 0, 0, inputs},
	{FAKE_PRIMARY, "NV_PLANE_DEGAMMA_MULTIPLIER", RANGE, 5, ONE,
	 UINT64_MAX, NULL},
	{FAKE_PRIMARY, "AMD_PLANE_DEGAMMA_TF", ENUM, 2, 1, 0, curves},
	{FAKE_PRIMARY, "AMD_PLANE_HDR_MULT", RANGE, 9, ONE, UINT64_MAX, NULL},
	{FAKE_PRIMARY, "COLOR_PIPELINE", ENUM, 0, 1, 0, pipelines},
	{FAKE_PRIMARY, "AMD_PLANE_LUT3D", BLOB, 1, 0, 0, NULL},
	{FAKE_PRIMARY, "what a driver of tomorrow has", BLOB, 1, 0, 0, NULL},
	{FAKE_CRTC, "GAMMA_LUT", BLOB, 1, 0, 0, NULL},
	{FAKE_CRTC, "DEGAMMA_LUT", BLOB, 1, 0, 0, NULL},
	{FAKE_CRTC, "CTM", BLOB, 1, 0, 0, NULL},
	{FAKE_CRTC, "VRR_ENABLED", RANGE, 1, 0, 1, NULL},
	{FAKE_CRTC, "SCALING_FILTER", ENUM, 1, 0, 0, filters},
	{FAKE_CRTC, "SHARPNESS_STRENGTH", RANGE, 200, 0, 255, NULL},
	{FAKE_CRTC, "BACKGROUND_COLOR", RANGE, UINT64_MAX,
	 UINT64_C(0xffff) << 48, UINT64_MAX, NULL},
	{FAKE_CRTC, "NV_CRTC_REGAMMA_DIVISOR", RANGE, 1, ONE, UINT64_MAX,
	 NULL},
	{FAKE_CONNECTOR, "HDR_OUTPUT_METADATA", BLOB, 1, 0, 0, NULL},
	{FAKE_CONNECTOR, "Colorspace", ENUM, 1, 0, 0, spaces},
	{FAKE_CONNECTOR, "underscan", ENUM, 1, 0, 0, underscans},
	{FAKE_CONNECTOR, "underscan hborder", RANGE, 48, 0, 128, NULL},
	{FAKE_CONNECTOR, "underscan vborder", RANGE, 24, 0, 128, NULL},
	{FAKE_CONNECTOR, "abm level", RANGE, 4, 0, 4, NULL},
	{FAKE_CONNECTOR, "adaptive backlight modulation", ENUM, 2, 1, 0,
	 levels},
	{FAKE_CONNECTOR, "vibrant hue", RANGE, 3, 90, 180, NULL},
};

#define PROPERTIES (int)(sizeof(properties) / sizeof(properties[0]))

static const unsigned char lut[64] = {3, 1, 4, 1, 5, 9, 2, 6};

static void reset(void)
{
	fake_drm_reset();
	fake_drm.mode_count = 0;
	fake_drm_add_mode(640, 480, 60);
	memset(&rig, 0, sizeof(rig));
}

static int open_rig(const char *settings)
{
	return kms_rig_open_as(&rig, settings, 640, 480,
			       (struct display_mode){.width = 0});
}

/* Property i as the program of before left it. */
static void leave(int i)
{
	uint64_t value = properties[i].left;

	if (properties[i].flags & BLOB)
		value = fake_drm_left_blob(lut, sizeof(lut));
	fake_drm_add(properties[i].object, properties[i].name,
		     properties[i].flags, value, properties[i].max,
		     properties[i].names);
}

static void leave_all(void)
{
	int i;

	for (i = 0; i < PROPERTIES; i++)
		leave(i);
}

static void open_and_start(const char *settings)
{
	ck_assert_msg(!open_rig(settings), "%s", rig.refusal);
	ck_assert_int_eq(kms_rig_start(&rig), 0);
	kms_rig_ticks(&rig, 10);
	ck_assert_uint_ge(rig.shown, 8);
}

static void close_rig(void)
{
	kms_rig_close(&rig);
	ck_assert_msg(fake_drm_is_clean(), "%d fbs, %d blobs, %d objects",
		      fake_drm.fbs, fake_drm.blobs, fake_drm.objects);
}

static void expect_property(int i, uint64_t value)
{
	uint64_t now = fake_drm_value(properties[i].object, properties[i].name);

	ck_assert_msg(now == value, "%s is %llu, not %llu", properties[i].name,
		      (unsigned long long)now, (unsigned long long)value);
}

/* As it was left; a blob by its bytes, its maker being gone. */
static void expect_left(int i)
{
	const void *data;
	size_t bytes = 0;

	if (!(properties[i].flags & BLOB)) {
		expect_property(i, properties[i].left);
		return;
	}
	data = fake_drm_blob(fake_drm_value(properties[i].object,
					    properties[i].name),
			     &bytes);
	ck_assert_msg(data && bytes == sizeof(lut) &&
			      !memcmp(data, lut, sizeof(lut)),
		      "%s is not back", properties[i].name);
}

/* ---- properties -------------------------------------------------------------- */

START_TEST(a_property_is_neutral_and_comes_back)
{
	reset();
	leave(_i);
	open_and_start(NULL);
	expect_property(_i, properties[_i].neutral);
	close_rig();
	expect_left(_i);
}
END_TEST

START_TEST(all_of_them_at_once)
{
	int i;

	reset();
	leave_all();
	open_and_start(NULL);
	for (i = 0; i < PROPERTIES; i++)
		expect_property(i, properties[i].neutral);
	close_rig();
	for (i = 0; i < PROPERTIES; i++)
		expect_left(i);
}
END_TEST

/* The one that the driver does not take back stays, told; all others go. */
static void expect_only_one_stays(int one)
{
	int i;

	open_and_start(NULL);
	for (i = 0; i < PROPERTIES; i++)
		if (i != one)
			expect_property(i, properties[i].neutral);
	expect_left(one);
	fake_drm.refused = NULL;
	close_rig();
}

START_TEST(a_refused_property_does_not_cost_the_picture)
{
	reset();
	leave_all();
	fake_drm.refused = properties[_i].name;
	if (!strcmp(properties[_i].name, "SCALING_FILTER"))
		return; /* two objects have it */
	expect_only_one_stays(_i);
}
END_TEST

/* TEST_ONLY takes it and the commit refuses it: the bare picture. */
START_TEST(a_driver_that_lies_does_not_cost_the_picture)
{
	reset();
	leave_all();
	fake_drm.lies = "CTM";
	open_and_start(NULL);
	ck_assert_ptr_nonnull(fake_drm_shown(FAKE_PRIMARY));
	close_rig();
}
END_TEST

static void add_neutral(void)
{
	int i;

	for (i = 0; i < PROPERTIES; i++)
		fake_drm_add(properties[i].object, properties[i].name,
			     properties[i].flags, properties[i].neutral,
			     properties[i].max, properties[i].names);
}

/* Nothing was left at the start; another program was master in between. */
START_TEST(a_recovery_takes_the_picture_over_again)
{
	reset();
	add_neutral();
	open_and_start(NULL);
	fake_drm.other_master = true;
	kms_rig_ticks(&rig, 2);
	fake_drm_set(FAKE_PRIMARY, "alpha", 1);
	fake_drm_set(FAKE_CONNECTOR, "Colorspace", 1);
	fake_drm.other_master = false;
	kms_rig_help(&rig);
	kms_rig_ticks(&rig, 3);
	ck_assert_uint_eq(fake_drm_value(FAKE_PRIMARY, "alpha"), 0xffff);
	ck_assert_uint_eq(fake_drm_value(FAKE_CONNECTOR, "Colorspace"), 0);
	close_rig();
	/* the end is the start's */
	ck_assert_uint_eq(fake_drm_value(FAKE_PRIMARY, "alpha"), 0xffff);
}
END_TEST

/* A display on which nothing is left: the commits hold no more than ever. */
START_TEST(nothing_left_nothing_asked)
{
	reset();
	add_neutral();
	open_and_start(NULL);
	ck_assert_uint_eq(rig.recover->output->left.count, 0);
	ck_assert_uint_eq(fake_drm.tests, 1);
	close_rig();
}
END_TEST

/* ---- planes and connectors ----------------------------------------------------- */

/* A framebuffer of a program that is still there, on a plane of the CRTC. */
static uint32_t show_on(uint32_t plane)
{
	static const char *const sizes[] = {"SRC_W", "SRC_H"};
	static const char *const places[] = {"CRTC_W", "CRTC_H"};
	static const uint32_t handles[4] = {9999}, pitches[4] = {256};
	static const uint32_t offsets[4];
	struct fake_fb *fb = &fake_drm.fb[FAKE_FBS_MAX - 1];
	uint32_t i, id = 0;

	fb->width = handles[0];
	fb->pitch = pitches[0];
	ck_assert_int_eq(drmModeAddFB2(0, 64, 64, 0, handles, pitches, offsets,
				       &id, 0),
			 0);
	fake_drm.fbs--; /* not ours */
	for (i = 0; i < 2; i++) {
		fake_drm_set(plane, sizes[i], 64 << 16);
		fake_drm_set(plane, places[i], 64);
	}
	fake_drm_set(plane, "FB_ID", id);
	fake_drm_set(plane, "CRTC_ID", FAKE_CRTC);
	return id;
}

/* A display that a program of before has on, with a mode. */
static void light(uint32_t connector)
{
	drmModeModeInfo mode = fake_drm.mode[0];

	fake_drm_set(FAKE_CRTC, "MODE_ID",
		     fake_drm_left_blob(&mode, sizeof(mode)));
	fake_drm_set(FAKE_CRTC, "ACTIVE", 1);
	fake_drm_set(connector, "CRTC_ID", FAKE_CRTC);
}

static const uint32_t other_planes[] = {FAKE_CURSOR, FAKE_OVERLAY};

START_TEST(another_plane_goes_and_comes_back)
{
	uint32_t plane = other_planes[_i], fb;

	reset();
	fake_drm.has_cursor = true;
	light(FAKE_CONNECTOR);
	fb = show_on(plane);
	open_and_start(NULL);
	ck_assert_ptr_null(fake_drm_shown(plane));
	ck_assert_uint_eq(fake_drm_value(plane, "CRTC_ID"), 0);
	close_rig();
	ck_assert_uint_eq(fake_drm_value(plane, "FB_ID"), fb);
	ck_assert_uint_eq(fake_drm_value(plane, "CRTC_ID"), FAKE_CRTC);
}
END_TEST

/* Its program ended meanwhile: the rest is put back without it. */
START_TEST(a_plane_whose_frame_is_gone)
{
	uint32_t fb;

	reset();
	leave_all();
	light(FAKE_CONNECTOR);
	fb = show_on(FAKE_OVERLAY);
	open_and_start(NULL);
	drmModeRmFB(0, fb);
	fake_drm.fbs++;
	close_rig();
	ck_assert_uint_eq(fake_drm_value(FAKE_CRTC, "ACTIVE"), 1);
	expect_left(0);
}
END_TEST

/* plane=overlay over a display that is on: it is another program's. */
START_TEST(an_overlay_leaves_the_others_alone)
{
	uint32_t fb;

	reset();
	fake_drm.has_cursor = true;
	leave_all();
	light(FAKE_CONNECTOR);
	fb = show_on(FAKE_CURSOR);
	open_and_start("plane=overlay");
	ck_assert_uint_eq(fake_drm_value(FAKE_CURSOR, "FB_ID"), fb);
	expect_left(0);
	close_rig();
}
END_TEST

/* An overlay of an earlier run on a file that a service manager keeps. */
START_TEST(an_overlay_of_an_earlier_run_goes)
{
	reset();
	fake_drm.inherited = 9;
	light(FAKE_CONNECTOR);
	ck_assert_int_eq(open_rig("plane=overlay"), 0);
	ck_assert_int_eq(kms_rig_start(&rig), 0);
	kms_rig_ticks(&rig, 5);
	kms_rig_close(&rig);
	ck_assert_ptr_nonnull(fake_drm_shown(FAKE_OVERLAY));
	memset(&rig, 0, sizeof(rig));
	open_and_start(NULL);
	ck_assert_ptr_null(fake_drm_shown(FAKE_OVERLAY));
	ck_assert_ptr_nonnull(fake_drm_shown(FAKE_PRIMARY));
	ck_assert_int_eq(fake_drm.fbs, 3); /* and its frame */
	kms_rig_close(&rig);
}
END_TEST

/* The CRTC drives another connector; there is no other CRTC. */
START_TEST(the_only_crtc_is_taken)
{
	reset();
	fake_drm.has_second = true;
	light(FAKE_SECOND);
	open_and_start("connector=HDMI-A-1");
	ck_assert_uint_eq(fake_drm_value(FAKE_SECOND, "CRTC_ID"), 0);
	ck_assert_uint_eq(fake_drm_value(FAKE_CONNECTOR, "CRTC_ID"),
			  FAKE_CRTC);
	ck_assert_str_eq(rig.recover->output->left.dark, "HDMI-A-2");
	close_rig();
	ck_assert_uint_eq(fake_drm_value(FAKE_SECOND, "CRTC_ID"), FAKE_CRTC);
	ck_assert_uint_eq(fake_drm_value(FAKE_CONNECTOR, "CRTC_ID"), 0);
	ck_assert_uint_eq(fake_drm_value(FAKE_CRTC, "ACTIVE"), 1);
}
END_TEST

/* With all that and properties, one of which is refused. */
START_TEST(the_only_crtc_and_a_refused_property)
{
	reset();
	fake_drm.has_second = fake_drm.has_cursor = true;
	leave_all();
	light(FAKE_SECOND);
	show_on(FAKE_CURSOR);
	fake_drm.refused = "Colorspace";
	open_and_start("connector=HDMI-A-1");
	ck_assert_uint_eq(fake_drm_value(FAKE_SECOND, "CRTC_ID"), 0);
	ck_assert_ptr_null(fake_drm_shown(FAKE_CURSOR));
	ck_assert_uint_eq(fake_drm_value(FAKE_CONNECTOR, "Colorspace"), 1);
	expect_property(0, properties[0].neutral);
	fake_drm.refused = NULL;
	close_rig();
}
END_TEST

/* ---- the owner's choice -------------------------------------------------------- */

static const struct {
	const char *name, *told;
	uint32_t flags;
	uint64_t value;
	const char *const *names;
} choices[] = {
	{"max bpc", "max bpc=6", RANGE, 6, NULL},
	{"max bpc", "", RANGE, 10, NULL},
	{"content type", "content type=Photo", ENUM, 2, contents},
	{"content type", "", ENUM, 0, contents},
	{"Broadcast RGB", "Broadcast RGB=Limited 16:235", ENUM, 2, rgb},
	{"scaling mode", "scaling mode=Center", ENUM, 2, scalings},
	{"scaling mode", "", ENUM, 3, scalings},
	{"left margin", "left margin=40", RANGE, 40, NULL},
	{"bottom margin", "", RANGE, 0, NULL},
};

START_TEST(a_choice_stays_and_is_told)
{
	reset();
	fake_drm_add(FAKE_CONNECTOR, choices[_i].name, choices[_i].flags,
		     choices[_i].value, 100, choices[_i].names);
	open_and_start(NULL);
	ck_assert_str_eq(rig.recover->output->left.kept, choices[_i].told);
	ck_assert_uint_eq(fake_drm_value(FAKE_CONNECTOR, choices[_i].name),
			  choices[_i].value);
	close_rig();
}
END_TEST

/* ---- every call fails in turn --------------------------------------------------- */

START_TEST(every_call_fails_once)
{
	int n, opened = 0, calls = 0;

	for (n = 1; !n || calls >= n - 1; n++) {
		reset();
		fake_drm.has_second = fake_drm.has_cursor = true;
		leave(0);
		leave(13);
		light(FAKE_SECOND);
		show_on(FAKE_CURSOR);
		fake_drm.fail_at = n;
		if (!open_rig("connector=HDMI-A-1") &&
		    !kms_rig_start(&rig))
			opened++;
		calls = fake_drm.calls;
		fake_drm.fail_at = 0;
		if (rig.display.state)
			kms_rig_close(&rig);
		ck_assert_msg(fake_drm_is_clean(), "call %d", n);
	}
	ck_assert_int_gt(opened, 20); /* what only looks costs nothing */
}
END_TEST

int main(void)
{
	const int planes = sizeof(other_planes) / sizeof(other_planes[0]);
	const int choice_count = sizeof(choices) / sizeof(choices[0]);
	Suite *suite = suite_create("kms left");
	TCase *tests = tcase_create("left");
	SRunner *runner;
	int failed;

	tcase_set_timeout(tests, 120);
	tcase_add_loop_test(tests, a_property_is_neutral_and_comes_back, 0,
			    PROPERTIES);
	tcase_add_test(tests, all_of_them_at_once);
	tcase_add_loop_test(tests, a_refused_property_does_not_cost_the_picture,
			    0, PROPERTIES);
	tcase_add_test(tests, a_driver_that_lies_does_not_cost_the_picture);
	tcase_add_test(tests, a_recovery_takes_the_picture_over_again);
	tcase_add_test(tests, nothing_left_nothing_asked);
	tcase_add_loop_test(tests, another_plane_goes_and_comes_back, 0,
			    planes);
	tcase_add_test(tests, a_plane_whose_frame_is_gone);
	tcase_add_test(tests, an_overlay_leaves_the_others_alone);
	tcase_add_test(tests, an_overlay_of_an_earlier_run_goes);
	tcase_add_test(tests, the_only_crtc_is_taken);
	tcase_add_test(tests, the_only_crtc_and_a_refused_property);
	tcase_add_loop_test(tests, a_choice_stays_and_is_told, 0,
			    choice_count);
	tcase_add_test(tests, every_call_fails_once);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
