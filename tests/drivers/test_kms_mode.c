/*
 * tests/drivers/test_kms_mode.c: which of a list of modes, on made-up lists and
 * on those of displays that people have.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "drivers/display/kms/mode.h"

#define I DRM_MODE_FLAG_INTERLACE
#define D DRM_MODE_FLAG_DBLSCAN
#define P DRM_MODE_TYPE_PREFERRED

#define LIST_MAX 8

struct row {
	uint16_t width, height;
	uint32_t clock; /* kHz */
	uint16_t htotal, vtotal;
	uint32_t flags, type;
};

/* clang-format off */
#define P1080_60    {1920, 1080, 148500, 2200, 1125, 0, 0}
#define P1080_5994  {1920, 1080, 148352, 2200, 1125, 0, 0}
#define P1080_50    {1920, 1080, 148500, 2640, 1125, 0, 0}
#define P1080_24    {1920, 1080, 74250, 2750, 1125, 0, 0}
#define I1080_60    {1920, 1080, 74250, 2200, 1125, I, 0}
#define I1080_50    {1920, 1080, 74250, 2640, 1125, I, 0}
#define P720_60     {1280, 720, 74250, 1650, 750, 0, 0}
#define P2160_60    {3840, 2160, 594000, 4400, 2250, 0, 0}
#define P2160_30    {3840, 2160, 297000, 4400, 2250, 0, 0}
#define P480_5994   {640, 480, 25175, 800, 525, 0, 0}
#define D240_60     {640, 480, 25200, 800, 262, D, 0}

/* The preferred one is the first, as in an EDID. */
static const struct {
	const char *list; /* for the message */
	struct row modes[LIST_MAX];
	uint32_t width, height, millihertz; /* of the graph */
	const char *best, *second; /* NULL: any */
} automatic[] = {
	/* progressive before interlaced, whichever is preferred */
	{"TV, 1080i preferred", {I1080_60, P1080_60, I1080_50, P720_60},
	 1920, 1080, 60000, "1920x1080@60.00", "1920x1080i@60.00"},
	{"1080i listed twice before", {I1080_50, I1080_60, P1080_50},
	 1920, 1080, 60000, "1920x1080@50.00", "1920x1080i@60.00"},
	{"only 1080i holds it", {I1080_60, I1080_50, P720_60},
	 1920, 1080, 60000, "1920x1080i@60.00", "1920x1080i@50.00"},
	{"720p holds it too", {I1080_60, P720_60},
	 640, 480, 60000, "1280x720@60.00", "1920x1080i@60.00"},
	{"double-scan", {D240_60, P480_5994},
	 640, 480, 60000, "640x480@59.94", "640x480d@60.12"},
	/* the preferred mode gives the size, the graph the rate */
	{"4K TV, 30 preferred", {P2160_30, P2160_60, P1080_60},
	 640, 480, 60000, "3840x2160@60.00", "3840x2160@30.00"},
	{"4K TV, graph of 30", {P2160_60, P2160_30, P1080_60},
	 640, 480, 30000, "3840x2160@30.00", "3840x2160@60.00"},
	{"4K at 30 only", {P2160_30, P1080_60},
	 640, 480, 60000, "3840x2160@30.00", "1920x1080@60.00"},
	/* the frame's own size before the preferred one */
	{"4K TV, frame of 1080", {P2160_60, P1080_50, P1080_60},
	 1920, 1080, 60000, "1920x1080@60.00", "1920x1080@50.00"},
	/* the rate */
	{"59.94 for 59.94", {P1080_60, P1080_5994},
	 1920, 1080, 59940, "1920x1080@59.94", "1920x1080@60.00"},
	{"60 for 60", {P1080_5994, P1080_60},
	 1920, 1080, 60000, "1920x1080@60.00", "1920x1080@59.94"},
	{"50 for 25, not 24", {P1080_60, P1080_50, P1080_24},
	 1920, 1080, 25000, "1920x1080@50.00", "1920x1080@60.00"},
	{"60 for 30, not 24", {P1080_24, P1080_50, P1080_60},
	 1920, 1080, 30000, "1920x1080@60.00", "1920x1080@50.00"},
	{"quicker before slower", {P1080_24, P1080_60},
	 1920, 1080, 50000, "1920x1080@60.00", "1920x1080@24.00"},
	{"the nearest of the slower", {P1080_24, P1080_50},
	 1920, 1080, 60000, "1920x1080@50.00", "1920x1080@24.00"},
	/* what does not hold the frame comes last, the largest first */
	{"none holds it", {P720_60, P1080_60, P480_5994},
	 3840, 2160, 60000, "1280x720@60.00", "1920x1080@60.00"},
	{"the preferred one is too small", {P720_60, P2160_60, P1080_60},
	 1600, 900, 60000, "1920x1080@60.00", "3840x2160@60.00"},
};

static const struct {
	struct row modes[LIST_MAX];
	struct display_mode mode;
	const char *best;
	uint32_t count; /* of those that match */
} asked[] = {
	{{I1080_60, P1080_60, P1080_50}, {1920, 1080, 0, 0}, "1920x1080@60.00", 3},
	{{I1080_60, P1080_60, P1080_50}, {1920, 1080, 0, 'i'}, "1920x1080i@60.00", 1},
	{{I1080_60, P1080_60, P1080_50}, {1920, 1080, 50000, 0}, "1920x1080@50.00", 1},
	{{I1080_60, P1080_50}, {1920, 1080, 60000, 0}, "1920x1080i@60.00", 1},
	{{P1080_60, P1080_5994}, {1920, 1080, 59940, 0}, "1920x1080@59.94", 2},
	{{P1080_60}, {1920, 1080, 60000, 'i'}, NULL, 0},
	{{P1080_60}, {1920, 1080, 75000, 0}, NULL, 0},
	{{P1080_60}, {1280, 720, 0, 0}, NULL, 0},
};
/* clang-format on */

static int fill(drmModeModeInfo modes[LIST_MAX], const struct row *rows)
{
	int n;

	for (n = 0; n < LIST_MAX && rows[n].width; n++)
		modes[n] = (drmModeModeInfo){
			.hdisplay = rows[n].width,
			.vdisplay = rows[n].height,
			.htotal = rows[n].htotal,
			.vtotal = rows[n].vtotal,
			.clock = rows[n].clock,
			.flags = rows[n].flags,
			.type = n ? 0 : P,
		};
	return n;
}

static void expect_mode(const drmModeModeInfo *mode, const char *text,
			const char *list)
{
	char name[KMS_MODE_TEXT_MAX];

	kms_mode_text(mode, name);
	ck_assert_msg(!strcmp(name, text), "%s: %s, not %s", list, name, text);
}

START_TEST(by_itself)
{
	const struct kms_settings settings = {
		.frame_width = automatic[_i].width,
		.frame_height = automatic[_i].height,
		.rate_millihertz = automatic[_i].millihertz,
	};
	drmModeModeInfo modes[LIST_MAX];
	int count = fill(modes, automatic[_i].modes);
	uint16_t order[KMS_MODES_MAX];

	ck_assert_int_eq((int)kms_mode_rank(modes, count, &settings, order),
			 count);
	expect_mode(&modes[order[0]], automatic[_i].best, automatic[_i].list);
	expect_mode(&modes[order[1]], automatic[_i].second, automatic[_i].list);
}
END_TEST

/* The same list backwards is the same choice: the order says nothing. */
START_TEST(whatever_the_order)
{
	const struct kms_settings settings = {
		.frame_width = automatic[_i].width,
		.frame_height = automatic[_i].height,
		.rate_millihertz = automatic[_i].millihertz,
	};
	drmModeModeInfo modes[LIST_MAX], turned[LIST_MAX];
	int i, count = fill(modes, automatic[_i].modes);
	uint16_t order[KMS_MODES_MAX];

	for (i = 0; i < count; i++)
		turned[i] = modes[count - 1 - i];
	ck_assert_uint_gt(kms_mode_rank(turned, count, &settings, order), 1);
	expect_mode(&turned[order[0]], automatic[_i].best, automatic[_i].list);
	expect_mode(&turned[order[1]], automatic[_i].second,
		    automatic[_i].list);
}
END_TEST

START_TEST(by_mode)
{
	const struct kms_settings settings = {
		.mode = asked[_i].mode,
		.frame_width = 640,
		.frame_height = 480,
		.rate_millihertz = 60000,
	};
	drmModeModeInfo modes[LIST_MAX];
	int count = fill(modes, asked[_i].modes);
	uint16_t order[KMS_MODES_MAX];

	ck_assert_uint_eq(kms_mode_rank(modes, count, &settings, order),
			  asked[_i].count);
	if (asked[_i].best)
		expect_mode(&modes[order[0]], asked[_i].best, "--mode");
}
END_TEST

START_TEST(turned_frame)
{
	static const struct row rows[] = {P1080_60, {1080, 1920, 148500, 1200,
						     2000, 0, 0}, {0}};
	struct kms_settings settings = {
		.frame_width = 1080,
		.frame_height = 1920,
		.rate_millihertz = 60000,
	};
	drmModeModeInfo modes[LIST_MAX];
	int count = fill(modes, rows);
	uint16_t order[KMS_MODES_MAX];

	ck_assert_uint_eq(kms_mode_rank(modes, count, &settings, order), 2);
	ck_assert_uint_eq(order[0], 1);
	settings.rotation = 270;
	kms_mode_rank(modes, count, &settings, order);
	ck_assert_uint_eq(order[0], 0);
}
END_TEST

START_TEST(none_and_many)
{
	static drmModeModeInfo many[KMS_MODES_MAX + 10];
	const struct kms_settings settings = {.rate_millihertz = 60000};
	uint16_t order[KMS_MODES_MAX];

	ck_assert_uint_eq(kms_mode_rank(NULL, 0, &settings, order), 0);
	ck_assert_uint_eq(kms_mode_rank(many, KMS_MODES_MAX + 10, &settings,
					order),
			  KMS_MODES_MAX);
}
END_TEST

START_TEST(slower_than_the_graph)
{
	static const struct row rows[] = {P1080_5994, P1080_60, P1080_50, {0}};
	drmModeModeInfo modes[LIST_MAX];

	fill(modes, rows);
	ck_assert(kms_mode_is_slower(&modes[0], 60000));
	ck_assert(!kms_mode_is_slower(&modes[0], 59940));
	ck_assert(!kms_mode_is_slower(&modes[1], 60000));
	ck_assert(!kms_mode_is_slower(&modes[1], 60003)); /* 50 ppm */
	ck_assert(kms_mode_is_slower(&modes[2], 59940));
	ck_assert(!kms_mode_is_slower(&modes[2], 50000));
}
END_TEST

START_TEST(lists)
{
	static const struct row rows[] = {P1080_60, P720_60, {0}};
	drmModeModeInfo modes[LIST_MAX], others[LIST_MAX];
	drmModeConnector a = {.modes = modes}, b = {.modes = others};

	a.count_modes = fill(modes, rows);
	b.count_modes = fill(others, rows);
	ck_assert(kms_mode_lists_are_same(&a, &b));
	b.count_modes--;
	ck_assert(!kms_mode_lists_are_same(&a, &b));
	b.count_modes++;
	others[1].type = P;
	ck_assert(!kms_mode_lists_are_same(&a, &b));
	others[1].type = 0;
	others[1].clock++;
	ck_assert(!kms_mode_lists_are_same(&a, &b));
}
END_TEST

#define COUNT(rows) ((int)(sizeof(rows) / sizeof((rows)[0])))

int main(void)
{
	Suite *suite = suite_create("kms mode");
	TCase *tests = tcase_create("mode");
	SRunner *runner;
	int failed;

	tcase_add_loop_test(tests, by_itself, 0, COUNT(automatic));
	tcase_add_loop_test(tests, whatever_the_order, 0, COUNT(automatic));
	tcase_add_loop_test(tests, by_mode, 0, COUNT(asked));
	tcase_add_test(tests, turned_frame);
	tcase_add_test(tests, none_and_many);
	tcase_add_test(tests, slower_than_the_graph);
	tcase_add_test(tests, lists);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_set_fork_status(runner, CK_FORK);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
