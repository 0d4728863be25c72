/*
 * tests/drivers/test_kms_layout.c: where a frame lies in a mode: every way of
 * being smaller, equal or larger, in each direction alone, turned or not.
 */
#include <check.h>
#include <stdlib.h>

#include "drivers/display/kms/layout.h"

static const struct row {
	uint32_t width, height, rotation, mode_width, mode_height;
	bool overlay;
	uint32_t count;
	struct kms_layout layout[KMS_LAYOUTS_MAX];
} rows[] = {
	{640, 480, 0, 640, 480, false, 1,
	 {{"exact", 640, 480, 0, 0, 0, 0, 640, 480}}},
	{480, 640, 90, 640, 480, false, 1,
	 {{"exact", 480, 640, 0, 0, 0, 0, 640, 480}}},
	/* as wide, as high */
	{640, 240, 0, 640, 480, false, 2,
	 {{"scaled", 640, 240, 0, 0, 0, 120, 640, 240},
	  {"centred", 640, 480, 0, 120, 0, 0, 640, 480}}},
	{320, 480, 0, 640, 480, false, 2,
	 {{"scaled", 320, 480, 0, 0, 160, 0, 320, 480},
	  {"centred", 640, 480, 160, 0, 0, 0, 640, 480}}},
	/* smaller: bars above, bars beside, none */
	{320, 200, 0, 640, 480, false, 2,
	 {{"scaled", 320, 200, 0, 0, 0, 40, 640, 400},
	  {"centred", 640, 480, 160, 140, 0, 0, 640, 480}}},
	{200, 200, 0, 640, 480, false, 2,
	 {{"scaled", 200, 200, 0, 0, 80, 0, 480, 480},
	  {"centred", 640, 480, 208, 140, 0, 0, 640, 480}}},
	{320, 240, 180, 640, 480, false, 2,
	 {{"scaled", 320, 240, 0, 0, 0, 0, 640, 480},
	  {"centred", 640, 480, 160, 120, 0, 0, 640, 480}}},
	{200, 320, 270, 640, 480, false, 2,
	 {{"scaled", 200, 320, 0, 0, 0, 40, 640, 400},
	  {"centred", 480, 640, 128, 160, 0, 0, 640, 480}}},
	/* larger, in one direction or both */
	{800, 240, 0, 640, 480, false, 1,
	 {{"scaled", 800, 240, 0, 0, 0, 144, 640, 192}}},
	{320, 600, 0, 640, 480, false, 1,
	 {{"scaled", 320, 600, 0, 0, 192, 0, 256, 480}}},
	{1280, 960, 0, 640, 480, false, 1,
	 {{"scaled", 1280, 960, 0, 0, 0, 0, 640, 480}}},
	/* an overlay lies where it was put */
	{320, 200, 0, 640, 480, true, 1,
	 {{"overlay", 320, 200, 0, 0, 7, -9, 320, 200}}},
	{800, 600, 0, 640, 480, true, 1,
	 {{"overlay", 800, 600, 0, 0, 7, -9, 800, 600}}},
};

START_TEST(frames_in_modes)
{
	const struct row *row = &rows[_i];
	const struct kms_settings settings = {
		.frame_width = row->width,
		.frame_height = row->height,
		.rotation = row->rotation,
		.x = 7,
		.y = -9,
	};
	struct kms_layout got[KMS_LAYOUTS_MAX];
	uint32_t i;

	ck_assert_uint_eq(kms_layout_list(got, &settings, row->overlay,
					  row->mode_width, row->mode_height),
			  row->count);
	for (i = 0; i < row->count; i++) {
		const struct kms_layout *want = &row->layout[i];

		ck_assert_str_eq(got[i].name, want->name);
		ck_assert_uint_eq(got[i].fb_width, want->fb_width);
		ck_assert_uint_eq(got[i].fb_height, want->fb_height);
		ck_assert_uint_eq(got[i].offset_x, want->offset_x);
		ck_assert_uint_eq(got[i].offset_y, want->offset_y);
		ck_assert_int_eq(got[i].crtc_x, want->crtc_x);
		ck_assert_int_eq(got[i].crtc_y, want->crtc_y);
		ck_assert_uint_eq(got[i].crtc_width, want->crtc_width);
		ck_assert_uint_eq(got[i].crtc_height, want->crtc_height);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("layout");
	TCase *tests = tcase_create("layout");
	SRunner *runner;
	int failed;

	tcase_add_loop_test(tests, frames_in_modes, 0,
			    sizeof(rows) / sizeof(rows[0]));
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
