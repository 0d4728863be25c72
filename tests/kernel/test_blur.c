/*
 * tests/kernel/test_blur.c: kernel/blur.h against the definition of a box
 * blur, summed square by square, and its division against the processor's.
 */
#include "kernel/blur.h"
#include "tests/kernel/random.h"
#include "tests/kernel/suite.h"

static uint64_t seed;

static uint32_t pixel_at(const struct image *in, int32_t x, int32_t y)
{
	int32_t w = (int32_t)in->width, h = (int32_t)in->height;

	x = x < 0 ? 0 : x >= w ? w - 1 : x;
	y = y < 0 ? 0 : y >= h ? h - 1 : y;
	return image_row(in, (uint32_t)y)[x];
}

static uint32_t mean(const struct image *in, int32_t x, int32_t y, int32_t r)
{
	uint32_t sum[3] = {0}, c, out = 0;
	uint32_t area = (uint32_t)((2 * r + 1) * (2 * r + 1));
	int32_t dx, dy;

	for (dy = -r; dy <= r; dy++)
		for (dx = -r; dx <= r; dx++)
			for (c = 0; c < 3; c++)
				sum[c] +=
					pixel_at(in, x + dx, y + dy) >> 8 * c &
					255;
	for (c = 0; c < 3; c++)
		out |= (sum[c] + area / 2) / area << 8 * c;
	return 0xff000000 | out;
}

static struct image image_new(struct guarded *memory, uint32_t width,
			      uint32_t height)
{
	size_t pitch = (size_t)(width + 7) / 4 * 16;

	*memory = guarded_new(pitch * height, 0);
	return (struct image){memory->base, pitch, width, height};
}

static void compare(struct random *random, uint32_t width, uint32_t height,
		    int32_t radius, uint32_t clear)
{
	const struct blur_params params = {radius};
	struct guarded a, b, scratch = guarded_new(8 * (width + 90), 0xaa);
	struct image in = image_new(&a, width, height);
	struct image out = image_new(&b, width, height);
	uint32_t x, y;

	for (y = 0; y < height; y++)
		for (x = 0; x < width; x++)
			image_row(&in, y)[x] = 0xff000000 | clear |
					       (uint32_t)random_next(random);
	blur_frame(&params, NULL, NULL, &in, &out, scratch.base);
	for (y = 0; y < height; y++)
		for (x = 0; x < width; x++) {
			uint32_t want =
				mean(&in, (int32_t)x, (int32_t)y, radius);

			if (image_row(&out, y)[x] != want)
				ck_abort_msg("SEED=%llu %ux%u radius %d: %u,%u "
					     "is %08x, should be %08x",
					     (unsigned long long)seed, width,
					     height, radius, x, y,
					     image_row(&out, y)[x], want);
		}
	ck_assert(guarded_intact(&scratch) && guarded_intact(&b));
	guarded_free(&a);
	guarded_free(&b);
	guarded_free(&scratch);
}

/* Widths round the chunk, radii beyond the frame, white (the largest sums). */
START_TEST(blur_is_the_mean)
{
	static const uint32_t widths[] = {16, 17, 31, 255, 256, 257};
	struct random random = random_init(seed, 1);
	size_t i;

	for (i = 0; i < sizeof(widths) / sizeof(widths[0]); i++) {
		compare(&random, widths[i], 19, (int32_t)i, 0);
		compare(&random, widths[i], 16, 17, 0);
		compare(&random, widths[i], 23, 7, 0xffffff);
	}
	compare(&random, 40, 50, BLUR_RADIUS_MAX, 0);
	compare(&random, 40, 50, BLUR_RADIUS_MAX, 0xffffff);
	for (i = 0; i < 40; i++)
		compare(&random, 16 + random_below(&random, 60),
			16 + random_below(&random, 60),
			(int32_t)random_below(&random, 12), 0);
}
END_TEST

/* Every sum that any radius can have. */
START_TEST(division_is_exact)
{
	uint32_t radius, sum;

	for (radius = 1; radius <= BLUR_RADIUS_MAX; radius++) {
		uint32_t area = (2 * radius + 1) * (2 * radius + 1);
		struct blur_division division = blur_division(area);

		for (sum = 0; sum <= 255 * area; sum++)
			if (blur_mean((uint64_t)sum << 21, 21, division) !=
			    (sum + area / 2) / area)
				ck_abort_msg("%u / %u", sum, area);
	}
}
END_TEST

/* One white pixel in black, radius 1: 255 / 9 = 28.3 in nine pixels. */
START_TEST(blur_by_hand)
{
	const struct blur_params params = {1};
	uint64_t scratch[16 + 90];
	struct guarded a, b;
	struct image in = image_new(&a, 16, 16), out = image_new(&b, 16, 16);
	uint32_t x, y;

	for (y = 0; y < 16; y++)
		for (x = 0; x < 16; x++)
			image_row(&in, y)[x] = 0xff000000;
	image_row(&in, 5)[9] = 0xffffffff;
	image_row(&in, 0)[0] = 0xffff0000; /* counts four times in a corner */
	blur_frame(&params, NULL, NULL, &in, &out, scratch);
	ck_assert_uint_eq(image_row(&out, 4)[8], 0xff1c1c1c);
	ck_assert_uint_eq(image_row(&out, 6)[10], 0xff1c1c1c);
	ck_assert_uint_eq(image_row(&out, 7)[10], 0xff000000);
	ck_assert_uint_eq(image_row(&out, 0)[0], 0xff710000);
	ck_assert_uint_eq(image_row(&out, 1)[1], 0xff1c0000);
	guarded_free(&a);
	guarded_free(&b);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {blur_is_the_mean, division_is_exact,
				      blur_by_hand, NULL};

	seed = random_start();
	return suite_main("blur", tests);
}
