/*
 * tests/kernel/test_pane.c: what fit, layout and grid show, and what adjust
 * changes: where pictures go, which part of them, and what is between pixels.
 * That the fast forms draw the same is in test_sample_nodes.c and test_nodes.c.
 */
#include <check.h>
#include <stdlib.h>

#include "kernel/adjust.h"
#include "kernel/fit.h"
#include "kernel/grid.h"
#include "kernel/layout.h"
#include "tests/kernel/suite.h"

#define SIDE_MAX 256
#define MARGIN	 0xff123456u
#define RED	 0xffff0000u

static uint32_t memory[4][SIDE_MAX * SIDE_MAX];

/* Every pixel says where it is; `which` is in its blue. */
static struct picture numbered(uint32_t which, uint32_t width, uint32_t height)
{
	struct picture picture = {.width = width, .height = height};
	uint32_t x, y;

	picture.plane[0] = (unsigned char *)memory[which];
	picture.pitch[0] = (size_t)width * 4;
	for (y = 0; y < height; y++)
		for (x = 0; x < width; x++)
			memory[which][y * width + x] =
				color_rgb(x, y, 10 * which);
	return picture;
}

static struct tick frame_of(uint32_t width, uint32_t height,
			    const struct node_size *input)
{
	return (struct tick){.width = width, .height = height, .input = input};
}

static struct fit_uniform fit_to(const struct picture *in, uint32_t width,
				 uint32_t height, struct fit_params params)
{
	const struct node_size size = {in->width, in->height};
	const struct tick tick = frame_of(width, height, &size);
	struct fit_uniform uniform;

	params.margin = MARGIN;
	fit_tick(&params, &tick, NULL, &uniform);
	return uniform;
}

static void is_at(uint32_t pixel, uint32_t x, uint32_t y)
{
	ck_assert_uint_eq(pixel >> 16 & 255, x);
	ck_assert_uint_eq(pixel >> 8 & 255, y);
}

START_TEST(contain_shows_all_of_it_with_margins)
{
	struct picture in = numbered(0, 32, 18);
	struct fit_uniform fit = fit_to(
		&in, 64, 64,
		(struct fit_params){.mode = PANE_CONTAIN, .filter = 1});
	int32_t x, y;

	for (y = 0; y < 64; y++)
		for (x = 0; x < 64; x++) {
			uint32_t pixel = fit_pixel(&fit, x, y, &in);

			if (y < 14 || y >= 50)
				ck_assert_uint_eq(pixel, MARGIN);
			else
				is_at(pixel, (uint32_t)x / 2,
				      (uint32_t)(y - 14) / 2);
		}
}
END_TEST

START_TEST(cover_fills_the_frame_and_cuts_both_sides_alike)
{
	struct picture in = numbered(0, 128, 64);
	struct fit_uniform fit =
		fit_to(&in, 64, 64,
		       (struct fit_params){.mode = PANE_COVER, .filter = 1});

	is_at(fit_pixel(&fit, 0, 0, &in), 32, 0);
	is_at(fit_pixel(&fit, 63, 63, &in), 95, 63);
}
END_TEST

START_TEST(stretch_fills_the_frame_with_all_of_it)
{
	struct picture in = numbered(0, 100, 20);
	struct fit_uniform fit =
		fit_to(&in, 50, 40,
		       (struct fit_params){.mode = PANE_STRETCH, .filter = 1});

	is_at(fit_pixel(&fit, 0, 0, &in), 1, 0);
	is_at(fit_pixel(&fit, 49, 39, &in), 99, 19);
	is_at(fit_pixel(&fit, 10, 20, &in), 21, 10);
}
END_TEST

START_TEST(centre_is_pixel_for_pixel)
{
	struct picture small = numbered(0, 20, 10), large = numbered(1, 80, 70);
	struct fit_uniform fit = fit_to(
		&small, 40, 30, (struct fit_params){.mode = PANE_CENTRE});

	ck_assert(fit.pane.exact);
	is_at(fit_pixel(&fit, 10, 10, &small), 0, 0);
	is_at(fit_pixel(&fit, 29, 19, &small), 19, 9);
	ck_assert_uint_eq(fit_pixel(&fit, 9, 10, &small), MARGIN);
	ck_assert_uint_eq(fit_pixel(&fit, 30, 19, &small), MARGIN);
	fit = fit_to(&large, 40, 30, (struct fit_params){.mode = PANE_CENTRE});
	is_at(fit_pixel(&fit, 0, 0, &large), 20, 20);
	is_at(fit_pixel(&fit, 39, 29, &large), 59, 49);
}
END_TEST

/* At twice the size a pixel is three quarters of the nearer one and one quarter of
 * the next; at the edge it is the edge's. */
START_TEST(bilinear_mixes_the_nearest_four)
{
	struct picture in = numbered(0, 32, 32);
	struct fit_uniform fit;
	int32_t x;

	for (x = 0; x < 32; x++)
		memory[0][x] = memory[0][x + 32] =
			color_rgb((uint32_t)(x % 2) * 200, 0, 0);
	fit = fit_to(&in, 64, 64, (struct fit_params){.mode = PANE_STRETCH});
	ck_assert_uint_eq(fit_pixel(&fit, 0, 0, &in) >> 16 & 255, 0);
	ck_assert_uint_eq(fit_pixel(&fit, 1, 0, &in) >> 16 & 255, 50);
	ck_assert_uint_eq(fit_pixel(&fit, 2, 0, &in) >> 16 & 255, 150);
	ck_assert_uint_eq(fit_pixel(&fit, 3, 1, &in) >> 16 & 255, 150);
	ck_assert_uint_eq(fit_pixel(&fit, 63, 1, &in) >> 16 & 255, 200);
}
END_TEST

/* Whatever the mode and the size, nothing outside of the part is read. */
START_TEST(only_the_part_is_shown)
{
	struct picture in = numbered(0, 100, 100);
	struct fit_params params = {.source = {30, 40, 17, 23}};
	uint32_t i, width, height;
	int32_t x, y;

	for (i = 0; i < 100 * 100; i++)
		if (i % 100 < 30 || i % 100 >= 47 || i / 100 < 40 ||
		    i / 100 >= 63)
			memory[0][i] = RED;
		else
			memory[0][i] = 0xff00ff00;
	for (i = 0; i < 8; i++) {
		params.mode = (int32_t)i % 4;
		params.filter = (int32_t)i / 4;
		for (width = 16; width < 70; width += 9) {
			struct fit_uniform fit;

			height = 86 - width;
			fit = fit_to(&in, width, height, params);
			for (y = 0; y < (int32_t)height; y++)
				for (x = 0; x < (int32_t)width; x++) {
					uint32_t pixel =
						fit_pixel(&fit, x, y, &in);

					ck_assert(pixel == 0xff00ff00 ||
						  pixel == MARGIN);
				}
		}
	}
}
END_TEST

/* A part that reaches over the edge, or begins beyond it, is cut. */
START_TEST(a_part_outside_of_the_picture_is_cut)
{
	struct picture in = numbered(0, 50, 40);
	struct fit_uniform fit = fit_to(
		&in, 16, 16,
		(struct fit_params){.mode = PANE_STRETCH,
				    .filter = 1,
				    .source = {8000, 8000, 8192, 8192}});

	is_at(fit_pixel(&fit, 0, 0, &in), 49, 39);
	is_at(fit_pixel(&fit, 15, 15, &in), 49, 39);
}
END_TEST

static uint32_t layout_at(const struct layout_params *params, int32_t x,
			  int32_t y)
{
	struct picture main = numbered(0, 160, 90);
	struct picture second = numbered(1, 160, 90);
	const struct node_size sizes[2] = {{160, 90}, {160, 90}};
	const struct tick tick = frame_of(160, 90, sizes);
	struct layout_uniform uniform;

	layout_tick(params, &tick, NULL, &uniform);
	return layout_pixel(&uniform, x, y, &main, &second);
}

START_TEST(pip_is_in_each_corner_with_a_border)
{
	/* its top left pixel, by corner: as the binding lists them */
	static const int32_t at[4][2] = {{110, 50}, {10, 50}, {110, 10}, {10, 10}};
	struct layout_params params = {.size = {40, 30},
				       .inset = 10,
				       .border = 3,
				       .border_color = RED,
				       .fill = PANE_STRETCH,
				       .margin = MARGIN};
	int32_t i;

	for (i = 0; i < 4; i++) {
		int32_t x = at[i][0], y = at[i][1];

		params.corner = i;
		ck_assert_uint_eq(layout_at(&params, x, y) & 255, 10);
		ck_assert_uint_eq(layout_at(&params, x + 39, y + 29) & 255, 10);
		ck_assert_uint_eq(layout_at(&params, x - 1, y), RED);
		ck_assert_uint_eq(layout_at(&params, x - 3, y - 3), RED);
		ck_assert_uint_eq(layout_at(&params, x + 42, y + 32), RED);
		is_at(layout_at(&params, x - 4, y), (uint32_t)x - 4,
		      (uint32_t)y);
		is_at(layout_at(&params, x + 43, y), (uint32_t)x + 43,
		      (uint32_t)y);
	}
}
END_TEST

START_TEST(two_pictures_share_the_frame)
{
	struct layout_params params = {.mode = LAYOUT_SIDE_BY_SIDE,
				       .fill = PANE_STRETCH,
				       .size = {1, 1}};

	ck_assert_uint_eq(layout_at(&params, 79, 89) & 255, 0);
	ck_assert_uint_eq(layout_at(&params, 80, 0) & 255, 10);
	params.mode = LAYOUT_STACK;
	ck_assert_uint_eq(layout_at(&params, 159, 44) & 255, 0);
	ck_assert_uint_eq(layout_at(&params, 0, 45) & 255, 10);
}
END_TEST

START_TEST(a_grid_has_each_picture_in_its_place)
{
	struct picture in[4] = {numbered(0, 64, 64), numbered(1, 64, 64),
				numbered(2, 64, 64), numbered(3, 64, 64)};
	const struct node_size sizes[4] = {{64, 64}, {64, 64}, {64, 64},
					   {64, 64}};
	const struct tick tick = frame_of(66, 66, sizes);
	const struct grid_params params = {.gap = 2,
					   .fill = PANE_STRETCH,
					   .margin = MARGIN};
	struct grid_uniform grid;
	int32_t x, y;

	grid_tick(&params, &tick, NULL, &grid);
	for (y = 0; y < 66; y++)
		for (x = 0; x < 66; x++) {
			uint32_t pixel = grid_pixel(&grid, x, y, &in[0], &in[1],
						    &in[2], &in[3]);
			uint32_t which = (x > 32 ? 1u : 0) + (y > 32 ? 2u : 0);

			if (x == 32 || x == 33 || y == 32 || y == 33)
				ck_assert_uint_eq(pixel, MARGIN);
			else
				ck_assert_uint_eq(pixel & 255, 10 * which);
		}
}
END_TEST

static uint32_t adjusted(const struct adjust_params *params, uint32_t pixel)
{
	struct adjust_uniform uniform;

	adjust_tick(params, NULL, NULL, &uniform);
	return adjust_pixel(&uniform, 0, 0, pixel);
}

static int luma_of(uint32_t pixel)
{
	return (int)lround(0.2126 * (pixel >> 16 & 255) +
			   0.7152 * (pixel >> 8 & 255) +
			   0.0722 * (pixel & 255));
}

START_TEST(adjust_changes_what_it_says)
{
	const struct adjust_params none = {0, 1, 1, 0};
	const struct adjust_params nearly = {0, 1, 1, 1e-9};
	const struct adjust_params grey = {0, 1, 0, 0}, flat = {0, 0, 1, 0};
	const struct adjust_params white = {1, 1, 1, 0};
	struct adjust_params turn = none;
	uint32_t i, pixel;

	for (i = 0; i < 4096; i++) {
		pixel = color_rgb(i % 16 * 17, i / 16 % 16 * 17, i / 256 * 17);
		ck_assert_uint_eq(adjusted(&none, pixel), pixel);
		ck_assert_uint_eq(adjusted(&nearly, pixel), pixel);
		ck_assert_uint_eq(adjusted(&white, pixel), 0xffffffff);
		ck_assert_uint_eq(adjusted(&flat, pixel), 0xff808080);
		ck_assert_int_le(abs((int)(adjusted(&grey, pixel) & 255) -
				     luma_of(pixel)),
				 1);
	}
	for (turn.hue = -180; turn.hue <= 180; turn.hue += 15) {
		pixel = adjusted(&turn, 0xff788480); /* nothing is clipped */
		ck_assert_int_le(abs(luma_of(pixel) - luma_of(0xff788480)), 1);
		ck_assert_uint_eq(adjusted(&turn, 0xff777777), 0xff777777);
	}
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		contain_shows_all_of_it_with_margins,
		cover_fills_the_frame_and_cuts_both_sides_alike,
		stretch_fills_the_frame_with_all_of_it,
		centre_is_pixel_for_pixel,
		bilinear_mixes_the_nearest_four,
		only_the_part_is_shown,
		a_part_outside_of_the_picture_is_cut,
		pip_is_in_each_corner_with_a_border,
		two_pictures_share_the_frame,
		a_grid_has_each_picture_in_its_place,
		adjust_changes_what_it_says,
		NULL,
	};

	return suite_main("panes", tests);
}
