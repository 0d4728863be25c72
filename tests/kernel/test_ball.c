/*
 * tests/kernel/test_ball.c: kernel/ball.h and the hues of kernel/color.h,
 * against values worked out by hand and known numbers of lattice points.
 */
#include "kernel/ball.h"
#include "tests/kernel/suite.h"

START_TEST(hsv_by_hand)
{
	/* clang-format off */
	static const struct {
		double h, s, v;
		uint32_t rgb;
	} rows[] = {
		{0,      1,   1,   0xffff0000}, /* the six corners */
		{1. / 6, 1,   1,   0xffffff00},
		{2. / 6, 1,   1,   0xff00ff00},
		{3. / 6, 1,   1,   0xff00ffff},
		{4. / 6, 1,   1,   0xff0000ff},
		{0.25,   1,   1,   0xff7fff00}, /* x = 0.5: 127.5, cut */
		{0.75,   1,   1,   0xff7f00ff},
		{0,      0.5, 0.8, 0xffcc6666}, /* the demo's background, t = 0 */
		{0.5,    0.5, 0.8, 0xff66cccc},
		{0.3,    0,   1,   0xffffffff}, /* no saturation: grey */
		{0.3,    0,   0,   0xff000000},
	};
	/* clang-format on */
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		ck_assert_uint_eq(color_hsv(rows[i].h, rows[i].s, rows[i].v),
				  rows[i].rgb);
}
END_TEST

START_TEST(fold_by_hand)
{
	/* clang-format off */
	static const double rows[][4] = { /* p, lo, hi, where */
		{5, 0, 10, 5}, {12, 0, 10, 8}, {20, 0, 10, 0}, {25, 0, 10, 5},
		{-3, 0, 10, 3}, {-13, 0, 10, 7}, {-20, 0, 10, 0},
		{10, 0, 10, 10}, {45, 40, 600, 45}, {601, 40, 600, 599},
		{39, 40, 600, 41}, {1160, 40, 600, 40},
		{3, 8, 8, 8},     /* no room: where it is */
		{3, 40, -24, 8},  /* less than none: the middle */
		{1e300, 40, -24, 8},
	};
	/* clang-format on */
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		ck_assert_double_eq(
			ball_fold(rows[i][0], rows[i][1], rows[i][2]),
			rows[i][3]);
}
END_TEST

static struct ball_uniform at(uint32_t width, uint32_t height, int32_t radius,
			      double seconds)
{
	const struct ball_params params = {radius, {400, 300}};
	const struct tick tick = {
		.seconds = seconds, .width = width, .height = height};
	struct ball_uniform uniform;

	ball_tick(&params, &tick, NULL, &uniform);
	return uniform;
}

/* Lattice points in a circle round one of them (OEIS A000328). */
START_TEST(as_many_pixels_as_lattice_points)
{
	static const int32_t rows[][2] = {{1, 5},    {2, 13},	 {5, 81},
					  {10, 317}, {20, 1257}, {40, 5025}};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ball_uniform uniform = at(640, 480, rows[i][0], 0);
		int32_t x, y, count = 0;

		for (y = 0; y < 480; y++)
			for (x = 0; x < 640; x++)
				count += ball_pixel(&uniform, x, y) ==
					 uniform.color;
		ck_assert_int_eq(count, rows[i][1]);
		ck_assert_uint_eq(ball_pixel(&uniform, 320, 240), 0xffff0000);
		ck_assert_uint_eq(ball_pixel(&uniform, 0, 0), 0xffcc6666);
	}
}
END_TEST

START_TEST(moves_and_bounces)
{
	/* x: 320 + 400 t in [40, 600], y: 240 + 300 t in [40, 440], in 1/16. */
	ck_assert_int_eq(at(640, 480, 40, 0.5).bx, 16 * 520);
	ck_assert_int_eq(at(640, 480, 40, 0.5).by, 16 * 390);
	ck_assert_int_eq(at(640, 480, 40, 1).bx, 16 * (600 - 120));
	ck_assert_int_eq(at(640, 480, 40, 1).by, 16 * (440 - 100));
	/* An odd size: its integer half. A quarter pixel: 4/16. */
	ck_assert_int_eq(at(641, 481, 40, 0.000625).bx, 16 * 320 + 4);
	ck_assert_int_eq(at(641, 481, 40, 0).by, 16 * 240);
}
END_TEST

START_TEST(a_frame_smaller_than_the_ball)
{
	struct ball_uniform uniform = at(16, 16, 40, 123.4);
	int32_t x, y;

	ck_assert_int_eq(uniform.bx, 16 * 8);
	ck_assert_int_eq(uniform.by, 16 * 8);
	for (y = 0; y < 16; y++)
		for (x = 0; x < 16; x++)
			ck_assert_uint_eq(ball_pixel(&uniform, x, y),
					  uniform.color);
}
END_TEST

START_TEST(no_overflow_at_the_largest_size)
{
	struct ball_uniform uniform = at(8192, 8192, BALL_RADIUS_MAX, 0);

	ck_assert_uint_eq(ball_pixel(&uniform, 4096 - 2048, 4096),
			  uniform.color);
	ck_assert_uint_eq(ball_pixel(&uniform, 4096 + 2048, 4096),
			  uniform.color);
	ck_assert_uint_eq(ball_pixel(&uniform, 4096 + 2047, 4096 + 2047),
			  uniform.background);
	ck_assert_uint_eq(ball_pixel(&uniform, 8191, 0), uniform.background);
	ck_assert_uint_eq(ball_pixel(&uniform, 0, 8191), uniform.background);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {hsv_by_hand,
				      fold_by_hand,
				      as_many_pixels_as_lattice_points,
				      moves_and_bounces,
				      a_frame_smaller_than_the_ball,
				      no_overflow_at_the_largest_size,
				      NULL};

	return suite_main("ball", tests);
}
