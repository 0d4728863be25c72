/*
 * tests/kernel/test_patterns.c: bars, gradient, checker and mix against
 * values worked out from their definitions.
 */
#include "kernel/bars.h"
#include "kernel/checker.h"
#include "kernel/gradient.h"
#include "kernel/mix.h"
#include "tests/kernel/suite.h"

static struct bars_uniform bars(uint32_t width, uint32_t height)
{
	const struct tick tick = {.width = width, .height = height};
	struct bars_uniform uniform;

	bars_tick(NULL, &tick, NULL, &uniform);
	return uniform;
}

/* p % of full scale, to the nearest level. */
static uint32_t percent(double red, double green, double blue)
{
	return 0xff000000 | (uint32_t)(red * 2.55 + 0.5) << 16 |
	       (uint32_t)(green * 2.55 + 0.5) << 8 |
	       (uint32_t)(blue * 2.55 + 0.5);
}

START_TEST(bars_levels)
{
	const struct bars_uniform uniform = bars(840, 120);
	int32_t i;

	for (i = 0; i < 7; i++) { /* green, red, blue: lit in 4, 2+2, 1s */
		double g = i < 4 ? 75 : 0, r = i / 2 % 2 ? 0 : 75;
		double b = i % 2 ? 0 : 75;
		uint32_t reverse = i % 2    ? percent(7.5, 7.5, 7.5)
				   : i == 0 ? percent(0, 0, 75)
				   : i == 2 ? percent(75, 0, 75)
				   : i == 4 ? percent(0, 75, 75)
					    : percent(75, 75, 75);
		int32_t x, edges[2] = {120 * i, 120 * i + 119};

		for (x = 0; x < 2; x++) {
			ck_assert_uint_eq(bars_pixel(&uniform, edges[x], 0),
					  percent(r, g, b));
			ck_assert_uint_eq(bars_pixel(&uniform, edges[x], 79),
					  percent(r, g, b));
			ck_assert_uint_eq(bars_pixel(&uniform, edges[x], 80),
					  reverse);
			ck_assert_uint_eq(bars_pixel(&uniform, edges[x], 89),
					  reverse);
		}
	}
}
END_TEST

START_TEST(bars_pluge)
{
	const struct bars_uniform uniform = bars(840, 120);
	/* clang-format off */
	const struct {
		int32_t from, to; /* first and last column of 840 */
		uint32_t color;
	} rows[] = {
		{0,   149, 0xff00214c},            /* -I */
		{150, 299, percent(100, 100, 100)},
		{300, 449, 0xff32006a},            /* +Q */
		{450, 599, percent(7.5, 7.5, 7.5)},
		{600, 639, percent(3.5, 3.5, 3.5)},
		{640, 679, percent(7.5, 7.5, 7.5)},
		{680, 719, percent(11.5, 11.5, 11.5)},
		{720, 839, percent(7.5, 7.5, 7.5)},
	};
	/* clang-format on */
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ck_assert_uint_eq(bars_pixel(&uniform, rows[i].from, 90),
				  rows[i].color);
		ck_assert_uint_eq(bars_pixel(&uniform, rows[i].to, 119),
				  rows[i].color);
	}
}
END_TEST

/* 1920 is no multiple of 7: bar i has the pixels with i = floor(7 x / 1920). */
START_TEST(bars_edges)
{
	const struct bars_uniform wide = bars(1920, 1080);
	const struct bars_uniform model = bars(840, 120);
	int32_t x;

	for (x = 0; x < 1920; x++)
		ck_assert_uint_eq(bars_pixel(&wide, x, 0),
				  bars_pixel(&model, x * 7 / 1920 * 120, 0));
	ck_assert_uint_eq(bars_pixel(&wide, 0, 719), 0xffbfbfbf);
	ck_assert_uint_eq(bars_pixel(&wide, 0, 720), 0xff0000bf);
	ck_assert_uint_eq(bars_pixel(&wide, 0, 810), 0xff00214c);
}
END_TEST

static struct gradient_uniform gradient(uint32_t width, uint32_t height,
					int32_t direction)
{
	const struct gradient_params params = {0xff102030, 0xffff00c0,
					       direction};
	const struct tick tick = {.width = width, .height = height};
	struct gradient_uniform uniform;

	gradient_tick(&params, &tick, NULL, &uniform);
	return uniform;
}

/* Ends exact; each channel within half a level and rounding of the line. */
START_TEST(gradient_is_a_line)
{
	static const uint32_t sizes[] = {16, 17, 257, 1920, 8191, 8192};
	size_t i;
	uint32_t k, c;

	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct gradient_uniform across = gradient(sizes[i], 20, 0);
		struct gradient_uniform down = gradient(20, sizes[i], 1);

		for (k = 0; k < sizes[i]; k++) {
			uint32_t color = gradient_pixel(&across, (int32_t)k, 7);
			double part = k / (sizes[i] - 1.0);

			ck_assert_uint_eq(gradient_pixel(&down, 3, (int32_t)k),
					  color);
			for (c = 0; c < 24; c += 8) {
				double from = 0xff102030 >> c & 255;
				double to = 0xffff00c0 >> c & 255;
				double line = from + (to - from) * part;

				ck_assert_double_eq_tol(color >> c & 255, line,
							0.51);
			}
		}
		ck_assert_uint_eq(gradient_pixel(&across, 0, 0), 0xff102030);
		ck_assert_uint_eq(
			gradient_pixel(&across, (int32_t)sizes[i] - 1, 0),
			0xffff00c0);
	}
}
END_TEST

START_TEST(checker_fields)
{
	const struct checker_params params = {10, 0xff112233, 0xff445566};
	struct checker_uniform uniform;

	checker_tick(&params, NULL, NULL, &uniform);
	ck_assert_uint_eq(checker_pixel(&uniform, 0, 0), 0xff112233);
	ck_assert_uint_eq(checker_pixel(&uniform, 9, 9), 0xff112233);
	ck_assert_uint_eq(checker_pixel(&uniform, 10, 9), 0xff445566);
	ck_assert_uint_eq(checker_pixel(&uniform, 9, 10), 0xff445566);
	ck_assert_uint_eq(checker_pixel(&uniform, 10, 10), 0xff112233);
	ck_assert_uint_eq(checker_pixel(&uniform, 8191, 0), 0xff445566);
}
END_TEST

/* Every pair of levels at every alpha; other channels must not leak in. */
START_TEST(mix_rounds_to_nearest)
{
	uint32_t a, b, alpha;

	for (alpha = 0; alpha <= 256; alpha++) {
		const struct mix_uniform uniform = {alpha};

		for (a = 0; a < 256; a++)
			for (b = 0; b < 256; b++) {
				uint32_t one =
					(a * (256 - alpha) + b * alpha + 128) /
					256;
				uint32_t other = ((255 - a) * (256 - alpha) +
						  (255 - b) * alpha + 128) /
						 256;
				uint32_t p = a << 16 | (255 - a) << 8 | a;
				uint32_t q = b << 16 | (255 - b) << 8 | b;

				if (mix_pixel(&uniform, 0, 0, p | 0xff000000,
					      q | 0xff000000) !=
				    (0xff000000 | one << 16 | other << 8 | one))
					ck_abort_msg("%u %u alpha %u", a, b,
						     alpha);
			}
	}
}
END_TEST

START_TEST(mix_by_hand)
{
	const struct mix_params params = {64};
	struct mix_uniform uniform;

	mix_tick(&params, NULL, NULL, &uniform);
	/* 3/4 of (200, 100, 0) and 1/4 of (0, 101, 255): 150, 100.25, 63.75 */
	ck_assert_uint_eq(mix_pixel(&uniform, 0, 0, 0xffc86400, 0xff0065ff),
			  0xff966440);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {bars_levels,    bars_pluge,
				      bars_edges,     gradient_is_a_line,
				      checker_fields, mix_rounds_to_nearest,
				      mix_by_hand,    NULL};

	return suite_main("patterns", tests);
}
