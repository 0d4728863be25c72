/*
 * tests/kernel/test_over.c: what of the overlay is where, and each channel by
 * real numbers. That span and run draw the same is in test_sample_nodes.c.
 */
#include <check.h>
#include <math.h>

#include "kernel/over.h"
#include "tests/kernel/suite.h"

#define WIDTH  33
#define HEIGHT 21
#define SIDE   64

static uint32_t below_memory[WIDTH * HEIGHT], overlay_memory[SIDE * SIDE];

static struct picture picture_in(uint32_t *pixels, uint32_t width,
				 uint32_t height, enum graph_format format)
{
	struct picture picture = {.width = width, .height = height};

	picture.plane[0] = (unsigned char *)pixels;
	picture.pitch[0] = (size_t)width * 4;
	picture.format = format;
	return picture;
}

static struct picture below(void)
{
	uint32_t i;

	for (i = 0; i < WIDTH * HEIGHT; i++)
		below_memory[i] =
			color_rgb(i * 7 % 256, i * 13 % 256, i * 29 % 256);
	return picture_in(below_memory, WIDTH, HEIGHT, GRAPH_FORMAT_XRGB8888);
}

static struct over_uniform over_of(const struct picture *overlay,
				   struct over_params params)
{
	const struct node_size sizes[] = {{WIDTH, HEIGHT},
					  {overlay->width, overlay->height}};
	const struct tick tick = {
		.width = WIDTH, .height = HEIGHT, .input = sizes};
	struct over_uniform uniform;

	over_tick(&params, &tick, NULL, &uniform);
	return uniform;
}

/* One channel, by what the documentation says. */
static uint32_t want_channel(uint32_t in, uint32_t color, uint32_t alpha,
			     uint32_t opacity)
{
	double share = (opacity + (opacity >= 128)) / 256.0;
	double value = floor((color < alpha ? color : alpha) * share + 0.5);
	double rest = 255 - floor(alpha * share + 0.5);

	return (uint32_t)(value + floor(in * rest / 255 + 0.5));
}

/* Every alpha, colours that it cannot have included. */
START_TEST(each_channel_is_the_colour_and_what_is_left_of_the_picture)
{
	static const uint32_t opacities[] = {0, 1, 100, 127, 128, 200, 254, 255};
	const uint32_t opacity = opacities[_i];
	const uint32_t weight = opacity + (opacity >> 7);
	uint32_t alpha, color, in;

	for (alpha = 0; alpha < 256; alpha++)
		for (color = 0; color < 256; color += 5)
			for (in = 0; in < 256; in += 15) {
				uint32_t want = want_channel(in, color, alpha,
							     opacity);
				uint32_t got = over_blend(
					color_rgb(in, in, in),
					alpha << 24 | color * 0x010101, weight);

				if (got != color_rgb(want, want, want))
					ck_abort_msg("%u over %u, alpha %u, "
						     "opacity %u: %08x, not %u",
						     color, in, alpha, opacity,
						     got, want);
			}
}
END_TEST

/* As the binding lists anchors; two pixels inwards, or right and down. */
START_TEST(it_keeps_to_its_side)
{
	static const int32_t left[3] = {2, (WIDTH - 9) / 2 + 2, WIDTH - 9 - 2};
	static const int32_t top[3] = {1, (HEIGHT - 5) / 2 + 1, HEIGHT - 5 - 1};
	struct picture in = below(), overlay;
	struct over_uniform over;
	int32_t x, y, i;

	for (i = 0; i < 9 * 5; i++)
		overlay_memory[i] = 0xff000000 | (uint32_t)i;
	overlay = picture_in(overlay_memory, 9, 5, GRAPH_FORMAT_ARGB8888);
	over = over_of(&overlay, (struct over_params){.anchor = _i,
						      .offset = {2, 1},
						      .opacity = 255});
	for (y = 0; y < HEIGHT; y++)
		for (x = 0; x < WIDTH; x++) {
			int32_t u = x - left[_i % 3], v = y - top[_i / 3];
			bool has = u >= 0 && u < 9 && v >= 0 && v < 5;
			uint32_t want = has ? overlay_memory[v * 9 + u]
					    : below_memory[y * WIDTH + x];

			if (over_pixel(&over, x, y, &in, &overlay) != want)
				ck_abort_msg("%d,%d", x, y);
		}
}
END_TEST

/* Larger than the frame, or pushed out of it in part or in whole. */
START_TEST(what_is_outside_of_the_frame_is_cut)
{
	static const int32_t offsets[] = {-8192, -64, -63, -20, 0,
					  20,	 32,  33,  8192};
	struct picture in = below();
	struct picture overlay = picture_in(overlay_memory, SIDE, SIDE,
					    GRAPH_FORMAT_ARGB8888);
	uint32_t i, row[WIDTH], rows[3][SIDE];
	struct window windows[2] = {
		{.picture = &in, .held = {WINDOW_NONE, WINDOW_NONE}},
		{.picture = &overlay,
		 .row = {rows[0], rows[1]},
		 .work = rows[2],
		 .held = {WINDOW_NONE, WINDOW_NONE}}};
	struct window *const both[] = {&windows[0], &windows[1]};
	int32_t x, y, at;

	for (i = 0; i < SIDE * SIDE; i++)
		overlay_memory[i] = 0xff000000 | i;
	for (i = 0; i < 9; i++) {
		struct over_uniform over = over_of(
			&overlay,
			(struct over_params){.offset = {offsets[i], offsets[_i]},
					     .opacity = 255});

		for (y = 0; y < HEIGHT; y++) {
			over_span(&over, y, 0, WIDTH, both, row);
			for (x = 0; x < WIDTH; x++) {
				at = x - offsets[i];
				if (row[x] !=
				    (at >= 0 && at < SIDE &&
						     y >= offsets[_i] &&
						     y < offsets[_i] + SIDE
					     ? overlay_memory[(y - offsets[_i]) *
								      SIDE +
							      at]
					     : below_memory[y * WIDTH + x]))
					ck_abort_msg("%d,%d", x, y);
			}
		}
	}
}
END_TEST

/* XRGB8888 has no alpha: what lies in its X means nothing. */
START_TEST(other_formats_are_opaque)
{
	struct picture in = below(), overlay;
	struct over_uniform over;

	overlay_memory[0] = 0x00123456;
	overlay = picture_in(overlay_memory, 1, 1, GRAPH_FORMAT_XRGB8888);
	over = over_of(&overlay, (struct over_params){.opacity = 255});
	ck_assert_uint_eq(over_pixel(&over, 0, 0, &in, &overlay), 0xff123456);
	overlay.format = GRAPH_FORMAT_ARGB8888;
	ck_assert_uint_eq(over_pixel(&over, 0, 0, &in, &overlay),
			  below_memory[0]);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("over");
	TCase *tcase = tcase_create("over");
	SRunner *runner;
	int failed;

	tcase_add_loop_test(
		tcase,
		each_channel_is_the_colour_and_what_is_left_of_the_picture, 0,
		8);
	tcase_add_loop_test(tcase, it_keeps_to_its_side, 0, 9);
	tcase_add_loop_test(tcase, what_is_outside_of_the_frame_is_cut, 0, 9);
	tcase_add_test(tcase, other_formats_are_opaque);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}
