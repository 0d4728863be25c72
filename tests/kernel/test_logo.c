/*
 * tests/kernel/test_logo.c: kernel/logo.h against places by hand, the picture of
 * its own size by exact numbers, and scaled ones by real numbers. The images are
 * those of kernel/baked_sample.h.
 *
 * That span, pixel and touches agree, for anything, is test_nodes.c's.
 */
#include <check.h>
#include <math.h>
#include <stdlib.h>

#include "kernel/logo.h"
#include "tests/kernel/random.h"
#include "tests/kernel/suite.h"

#define WIDTH  64
#define HEIGHT 48
#define SMALL  2 /* 5x3 */
#define LARGE  3 /* 16x9 */

static const struct tick tick = {.width = WIDTH, .height = HEIGHT};

static struct logo_uniform logo(const struct logo_params *params)
{
	struct logo_uniform uniform;

	memset(&uniform, 0xa5, sizeof(uniform));
	logo_tick(params, &tick, NULL, &uniform);
	return uniform;
}

static uint32_t channel(uint32_t pixel, int c)
{
	return pixel >> (8 * c) & 0xff;
}

/* ---- over a pixel ------------------------------------------------------------ */

START_TEST(over_is_exact_for_everything)
{
	uint32_t alpha, color, in;

	for (alpha = 0; alpha < 256; alpha++)
		for (color = 0; color <= alpha; color++)
			for (in = 0; in < 256; in++) {
				uint32_t other = 255 - in;
				uint32_t got = color_over(
					0xff000000 | in << 16 | other << 8 | in,
					alpha << 24 | color << 8 | color);
				uint32_t rest = 255 - alpha;
				uint32_t red = (in * rest * 2 + 255) / 510;
				uint32_t green = (other * rest * 2 + 255) / 510;

				if (got != (0xff000000 | red << 16 |
					    (color + green) << 8 | (color + red)))
					ck_abort_msg("alpha %u color %u in %u: "
						     "%08x",
						     alpha, color, in, got);
			}
}
END_TEST

/* ---- where it is ------------------------------------------------------------- */

START_TEST(places_by_hand)
{
	static const struct {
		int32_t image, anchor, offset[2], size[2];
		int32_t left, top, right, bottom;
	} rows[] = {
		{SMALL, 0, {7, 5}, {0, 0}, 7, 5, 12, 8},
		{SMALL, 1, {1, 5}, {0, 0}, 30, 5, 35, 8},
		{SMALL, 2, {7, 5}, {0, 0}, 52, 5, 57, 8},
		{SMALL, 3, {7, -2}, {0, 0}, 7, 20, 12, 23},
		{SMALL, 4, {0, 0}, {0, 0}, 29, 22, 34, 25},
		{SMALL, 8, {0, 0}, {0, 0}, 59, 45, 64, 48},
		{SMALL, 0, {0, 0}, {10, 0}, 0, 0, 10, 6},
		{SMALL, 0, {0, 0}, {0, 6}, 0, 0, 10, 6},
		{SMALL, 0, {0, 0}, {7, 0}, 0, 0, 7, 4},
		{SMALL, 0, {0, 0}, {1, 0}, 0, 0, 1, 1},
		{SMALL, 0, {0, 0}, {3, 20}, 0, 0, 3, 20},
		{SMALL, 0, {-3, -1}, {0, 0}, -3, -1, 2, 2},
		{LARGE, 6, {0, 0}, {0, 8192}, 0, 48 - 8192, 8192, 48},
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct logo_params params = {
			.image = rows[i].image,
			.anchor = rows[i].anchor,
			.offset = {rows[i].offset[0], rows[i].offset[1]},
			.size = {rows[i].size[0], rows[i].size[1]},
			.opacity = 255};
		const struct logo_uniform uniform = logo(&params);
		const struct box *box = &uniform.box;

		ck_assert_msg(box->left == rows[i].left &&
				      box->top == rows[i].top &&
				      box->right == rows[i].right &&
				      box->bottom == rows[i].bottom,
			      "row %zu: %d,%d to %d,%d", i, box->left, box->top,
			      box->right, box->bottom);
	}
}
END_TEST

/* ---- in its own size ---------------------------------------------------------- */

/* The PNG's pixel by its column and row, over `in`, at an opacity. */
static uint32_t wanted(uint32_t image, int32_t column, int32_t row, uint32_t in,
		       int32_t opacity)
{
	const struct baked_image *baked = &baked_images[image];
	uint32_t pixel = 0, out = 0xff000000, weight, i;
	int c;

	if (column < 0 || row < 0 || column >= (int32_t)baked->width ||
	    row >= (int32_t)baked->height)
		return in;
	i = baked->first + (uint32_t)row * baked->width + (uint32_t)column;
	weight = (uint32_t)opacity + (opacity > 127);
	for (c = 0; c < 4; c++)
		pixel |= (channel(baked_pixels()[i], c) * weight + 128) / 256
			 << (8 * c);
	for (c = 0; c < 3; c++) {
		double rest = channel(in, c) * (255.0 - channel(pixel, 3)) / 255;

		out |= (channel(pixel, c) + (uint32_t)floor(rest + 0.5))
		       << (8 * c);
	}
	return out;
}

static uint32_t back(int32_t x, int32_t y)
{
	return 0xff000000 | (uint32_t)(x * 4) << 16 | (uint32_t)(y * 5) << 8 |
	       (uint32_t)(255 - x - y);
}

/* Pixels in the box; all of the picture is what it has to be. */
static uint32_t try_place(const struct logo_params *params)
{
	const struct logo_uniform uniform = logo(params);
	const int32_t *at = params->offset;
	uint32_t in, got, drawn = 0;
	int32_t x, y;

	for (y = 0; y < HEIGHT; y++)
		for (x = 0; x < WIDTH; x++) {
			in = back(x, y);
			got = logo_pixel(&uniform, x, y, in);
			drawn += box_has(&uniform.box, x, y);
			if (got != wanted(SMALL, x - at[0], y - at[1], in,
					  params->opacity))
				ck_abort_msg("at %d,%d, opacity %d: %d,%d is "
					     "%08x",
					     at[0], at[1], params->opacity, x,
					     y, got);
		}
	return drawn;
}

/* At every place: inside, over each border and corner, and beyond. */
START_TEST(every_pixel_at_every_place)
{
	static const int32_t opacities[] = {0, 1, 127, 128, 254, 255};
	struct logo_params params = {.image = SMALL};
	int32_t left, top;
	uint32_t drawn = 0;
	size_t i;

	for (i = 0; i < 6; i++)
		for (left = -6; left <= WIDTH; left += left == 3 ? 55 : 1)
			for (top = -4; top <= HEIGHT; top += top == 2 ? 42 : 1) {
				params.opacity = opacities[i];
				params.offset[0] = left;
				params.offset[1] = top;
				drawn += try_place(&params);
			}
	ck_assert_uint_eq(drawn, 5250);
}
END_TEST

START_TEST(nothing_of_no_image_or_no_opacity)
{
	struct logo_params none = {.opacity = 255, .size = {20, 20}};
	struct logo_params clear = {.image = LARGE};
	struct logo_uniform uniform = logo(&none);
	int32_t x, y;

	for (y = 0; y < HEIGHT; y++)
		for (x = 0; x < WIDTH; x++)
			ck_assert_uint_eq(logo_pixel(&uniform, x, y, back(x, y)),
					  back(x, y));
	uniform = logo(&clear);
	for (y = 0; y < HEIGHT; y++)
		for (x = 0; x < WIDTH; x += NODE_RUN)
			ck_assert(!logo_touches(&uniform, x, y));
}
END_TEST

/* One pixel is one colour in any size. */
START_TEST(one_pixel_fills_its_box)
{
	const struct logo_params params = {.image = 1,
					   .anchor = 4,
					   .size = {17, 9},
					   .opacity = 255};
	const struct logo_uniform uniform = logo(&params);
	int32_t x, y, count = 0;

	for (y = 0; y < HEIGHT; y++)
		for (x = 0; x < WIDTH; x++)
			count += logo_pixel(&uniform, x, y, 0xff000000) ==
				 baked_pixels()[0];
	ck_assert_int_eq(count, 17 * 9);
}
END_TEST

/* ---- scaled ------------------------------------------------------------------- */

static double pixel_of(uint32_t image, double column, double row, int c)
{
	const struct baked_image *baked = &baked_images[image];
	double x = fmin(fmax(column, 0), baked->width - 1.0);
	double y = fmin(fmax(row, 0), baked->height - 1.0);

	return channel(baked_pixels()[baked->first +
				      (uint32_t)y * baked->width + (uint32_t)x],
		       c);
}

/* Between the four nearest, by real numbers. */
static double between(uint32_t image, double column, double row, int c)
{
	double x = floor(column), y = floor(row);
	double u = column - x, v = row - y;
	double upper = pixel_of(image, x, y, c) * (1 - u) +
		       pixel_of(image, x + 1, y, c) * u;
	double lower = pixel_of(image, x, y + 1, c) * (1 - u) +
		       pixel_of(image, x + 1, y + 1, c) * u;

	return upper * (1 - v) + lower * v;
}

/* On black, colours times alpha are what is seen: 1/256 of a place at most, of a
 * channel's 255, and two roundings away. */
START_TEST(scaled_ones_are_between_their_pixels)
{
	struct random random = random_init(random_start(), 7);
	double worst = 0;
	int round, c;

	for (round = 0; round < 200; round++) {
		struct logo_params params = {
			.image = 2 + (int32_t)random_below(&random, 2),
			.size = {1 + (int32_t)random_below(&random, 64),
				 1 + (int32_t)random_below(&random, 48)},
			.opacity = 255};
		const struct logo_uniform uniform = logo(&params);
		const struct baked_image *image = &baked_images[params.image];
		int32_t x, y;

		for (y = 0; y < params.size[1]; y++)
			for (x = 0; x < params.size[0]; x++) {
				uint32_t got = logo_pixel(&uniform, x, y,
							  0xff000000);
				double column = (x + 0.5) * image->width /
							params.size[0] -
						0.5;
				double row = (y + 0.5) * image->height /
						     params.size[1] -
					     0.5;

				for (c = 0; c < 3; c++)
					worst = fmax(
						worst,
						fabs(channel(got, c) -
						     between((uint32_t)
								     params.image,
							     column, row, c)));
			}
	}
	ck_assert_msg(worst < 3.1, "off by %f", worst);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {over_is_exact_for_everything,
				      places_by_hand,
				      every_pixel_at_every_place,
				      nothing_of_no_image_or_no_opacity,
				      one_pixel_fills_its_box,
				      scaled_ones_are_between_their_pixels,
				      NULL};

	return suite_main("logo", tests);
}
