/*
 * tests/kernel/test_blend.c: kernel/blend.h and what pane.h makes of it are
 * color_blend, for every two values of a channel and every weight, in rows of
 * every length, and write nothing beyond; and color_cover, for every alpha and
 * all that a pixel can be covered.
 */
#include "kernel/pane.h"
#include "tests/kernel/random.h"
#include "tests/kernel/suite.h"

#define ROUNDS 4000
#define WIDTH  100 /* of a source, at most */
#define COLORS 256

static uint64_t seed;

/* (a * (256 - weight) + b * weight + 128) / 256, as kernel/color.h says it. */
static uint32_t wanted(uint32_t a, uint32_t b, uint32_t weight)
{
	uint32_t bit, pixel = 0;

	for (bit = 0; bit < 32; bit += 8)
		pixel |= ((a >> bit & 255) * (256 - weight) +
			  (b >> bit & 255) * weight + 128) / 256 << bit;
	return pixel;
}

static uint32_t random_pixel(struct random *random)
{
	return COLOR_X | (uint32_t)random_next(random);
}

START_TEST(every_channel_and_weight)
{
	static uint32_t a[COLORS], b[COLORS], out[COLORS];
	uint32_t weight, value, i;

	for (weight = 0; weight <= 256; weight++)
		for (value = 0; value < COLORS; value++) {
			for (i = 0; i < COLORS; i++) {
				a[i] = color_rgb(value, i, 255 - value);
				b[i] = color_rgb(i, value, 255 - i);
			}
			blend_row(a, b, weight, COLORS, out);
			for (i = 0; i < COLORS; i++)
				if (out[i] != wanted(a[i], b[i], weight))
					ck_abort_msg("%08x, %08x by %u: %08x",
						     a[i], b[i], weight,
						     out[i]);
		}
}
END_TEST

/* color_cover as its comment says it: alpha and coverage of 255 are 256. */
static uint32_t covered(uint32_t pixel, uint32_t color, uint32_t coverage)
{
	uint32_t alpha = color >> 24;

	alpha += alpha > 127;
	coverage += coverage > 127;
	return wanted(pixel, color | COLOR_X, alpha * coverage / 256);
}

/* 256 pixels of every value under a colour, covered whole; and each covered
 * otherwise, eight by eight also by nothing. */
START_TEST(every_alpha_and_coverage)
{
	uint32_t alpha, value, i;

	for (alpha = 0; alpha < 256; alpha++)
		for (value = 0; value < 256; value += 5) {
			uint32_t color = alpha << 24 | value << 16 |
					 (255 - value) << 8 | value / 2;
			uint32_t whole[COLORS], part[COLORS], from[COLORS];
			uint8_t ink[COLORS];

			for (i = 0; i < COLORS; i++) {
				from[i] = whole[i] = part[i] =
					color_rgb(i, 255 - i, (i + value) % 256);
				ink[i] = (uint8_t)(i / 8 % 3 ? i * 7 + value
							     : 0);
			}
			blend_color(color, COLORS, whole);
			blend_ink(color, ink, COLORS, part);
			for (i = 0; i < COLORS; i++)
				if (whole[i] != covered(from[i], color, 255) ||
				    part[i] != covered(from[i], color, ink[i]))
					ck_abort_msg("%08x under %08x: %08x; "
						     "by %u: %08x",
						     from[i], color, whole[i],
						     ink[i], part[i]);
		}
}
END_TEST

START_TEST(colours_of_every_length_and_no_more)
{
	struct random random = random_init(seed, 3);
	uint32_t count, i;
	uint8_t ink[40];

	for (count = 0; count <= 40; count++) {
		struct guarded out = guarded_new(count * sizeof(uint32_t), 0);
		uint32_t *got = (uint32_t *)(void *)out.base;
		uint32_t color = (uint32_t)random_next(&random), from[40];

		for (i = 0; i < count; i++) {
			from[i] = got[i] = random_pixel(&random);
			ink[i] = (uint8_t)random_next(&random);
		}
		blend_color(color, (int32_t)count, got);
		for (i = 0; i < count; i++)
			ck_assert_uint_eq(got[i], covered(from[i], color, 255));
		memcpy(got, from, count * sizeof(*got));
		blend_ink(color, ink, (int32_t)count, got);
		for (i = 0; i < count; i++)
			ck_assert_uint_eq(got[i],
					  covered(from[i], color, ink[i]));
		ck_assert(guarded_intact(&out));
		guarded_free(&out);
	}
}
END_TEST

START_TEST(every_length_and_no_more)
{
	struct random random = random_init(seed, 1);
	uint32_t a[40], b[40], weight, count, i;

	for (count = 0; count <= 40; count++) {
		struct guarded out = guarded_new(count * sizeof(*a), 0);
		uint32_t *got = (uint32_t *)(void *)out.base;

		weight = random_below(&random, 257);
		for (i = 0; i < count; i++) {
			a[i] = random_pixel(&random);
			b[i] = random_pixel(&random);
		}
		blend_row(a, b, weight, (int32_t)count, got);
		for (i = 0; i < count; i++)
			ck_assert_uint_eq(got[i], wanted(a[i], b[i], weight));
		ck_assert(guarded_intact(&out));
		guarded_free(&out);
	}
}
END_TEST

/* Any start and step; the edges of the part are nearer or farther. */
static struct pane_side random_side(struct random *random, uint32_t width)
{
	static const int32_t steps[] = {1, PANE_ONE / 3, PANE_ONE - 1, PANE_ONE,
					PANE_ONE + 1, 2 * PANE_ONE,
					9 * PANE_ONE};
	struct pane_side side;
	uint32_t kind = random_below(random, 14);

	side.first = (int32_t)random_below(random, width);
	side.last = side.first +
		    (int32_t)random_below(random, width - (uint32_t)side.first);
	side.from = (int32_t)random_below(random, 20);
	side.to = side.from + 1 + (int32_t)random_below(random, 80);
	side.step = kind < 7 ? steps[kind]
			     : 1 + (int32_t)random_below(random, 3 * PANE_ONE);
	side.start = side.first * PANE_ONE - PANE_ONE +
		     (int32_t)random_below(random, 3 * PANE_ONE);
	return side;
}

/* Columns of a pane; under ASan nothing is read beside the row. */
START_TEST(between_pixels_with_any_step)
{
	struct random random = random_init(seed, 2);
	uint32_t round, i, width;

	for (round = 0; round < ROUNDS; round++) {
		struct guarded out;
		uint32_t *from, *got;
		struct pane_side side;
		int32_t x, at;

		width = 1 + random_below(&random, WIDTH);
		side = random_side(&random, width);
		from = malloc(width * sizeof(*from));
		ck_assert_ptr_nonnull(from);
		out = guarded_new((size_t)(side.to - side.from) * sizeof(*got),
				  0);
		got = (uint32_t *)(void *)out.base;
		for (i = 0; i < width; i++)
			from[i] = random_pixel(&random);
		pane_bilinear(&side, side.from, side.to, from, got);
		for (x = side.from; x < side.to; x++) {
			at = pane_position(&side, x);
			if (got[x - side.from] !=
			    wanted(from[pane_source(&side, at)],
				   from[pane_source(&side, at + PANE_ONE)],
				   (uint32_t)at >> 8 & 255))
				ck_abort_msg("SEED=%llu: step %d, start %d, "
					     "pixel %d of [%d, %d)",
					     (unsigned long long)seed,
					     side.step, side.start, x,
					     side.from, side.to);
		}
		ck_assert(guarded_intact(&out));
		free(from);
		guarded_free(&out);
	}
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {every_channel_and_weight,
				      every_length_and_no_more,
				      every_alpha_and_coverage,
				      colours_of_every_length_and_no_more,
				      between_pixels_with_any_step, NULL};

	seed = random_start();
	return suite_main("blend", tests);
}
