/*
 * tests/kernel/compare_blur.c: blur_tile, run on the CPU (tests/graph/emulate),
 * against blur_frame: every radius, on sizes round the tile's and below the
 * square's, random pixels and white ones, whose sums are the largest. Prints
 * one TAP line a radius. Guard bytes stand between the rows of `out`, and
 * ASan's round everything.
 */
#include <stdio.h>
#include <stdlib.h>

#include "tests/graph/emulate/launch.h"
#include "tests/kernel/blur_block.h"
#include "tests/kernel/random.h"

#define GUARD 0xa5

static const uint32_t sizes[][2] = {{16, 16},  {17, 33},  {127, 31}, {128, 32},
				    {129, 65}, {135, 40}, {260, 16}, {90, 100}};

static struct image image_new(uint32_t width, uint32_t height, int fill)
{
	size_t pitch = ((size_t)width * 4 + 15) / 16 * 16 + 16;
	struct image image = {NULL, pitch, width, height};
	void *memory;

	if (posix_memalign(&memory, 16, pitch * height))
		exit(2);
	memset(memory, fill, pitch * height);
	image.base = memory;
	return image;
}

static void draw(struct random *random, const struct image *in, bool white)
{
	uint32_t x, y;

	for (y = 0; y < in->height; y++)
		for (x = 0; x < in->width; x++)
			image_row(in, y)[x] = 0xff000000 |
					      (white ? 0xffffff : 0) |
					      (uint32_t)random_next(random);
}

static void launch(const struct blur_block *block, bool backwards)
{
	/* As kernel/blur.yaml says. */
	const struct graph_kernel kernel = {
		.symbol = "step_0",
		.blocks_x = (block->in.width + 127) / 128,
		.blocks_y = (block->in.height + 31) / 32,
		.threads_x = 16,
		.threads_y = 16,
	};

	emulate_launch(&kernel, block, true, backwards);
}

static bool same(const struct image *a, const struct image *b)
{
	size_t row_bytes = (size_t)a->width * 4, i;
	uint32_t y;

	for (y = 0; y < a->height; y++) {
		if (memcmp(image_row(a, y), image_row(b, y), row_bytes))
			return false;
		for (i = row_bytes; i < b->pitch; i++)
			if (((unsigned char *)image_row(b, y))[i] != GUARD)
				return false;
	}
	return true;
}

/* Is it the same picture, whatever order the threads run in? */
static bool compare(struct random *random, int32_t radius, uint32_t width,
		    uint32_t height, bool white)
{
	struct blur_block block = {.params = {radius},
				   .in = image_new(width, height, 0)};
	struct image wanted = image_new(width, height, GUARD);
	void *scratch = malloc(8 * ((size_t)width + 90));
	bool equal = true;
	int backwards;

	draw(random, &block.in, white);
	blur_frame(&block.params, NULL, NULL, &block.in, &wanted, scratch);
	for (backwards = 0; backwards < 2; backwards++) {
		block.out = image_new(width, height, GUARD);
		launch(&block, backwards);
		equal &= same(&wanted, &block.out);
		free(block.out.base);
	}
	free(block.in.base);
	free(wanted.base);
	free(scratch);
	return equal;
}

int main(void)
{
	size_t i, count = sizeof(sizes) / sizeof(sizes[0]);
	struct random random = random_init(1, 1);
	int32_t radius;
	int bad = 0;

	for (radius = 0; radius <= BLUR_RADIUS_MAX; radius++) {
		bool equal = true;

		for (i = 0; i < count; i++)
			equal &= compare(&random, radius, sizes[i][0],
					 sizes[i][1], i % 3 == 0);
		printf("%sok %d - radius %d: blur_tile draws what blur_frame "
		       "does\n",
		       equal ? "" : "not ", radius + 1, radius);
		bad |= !equal;
	}
	printf("1..%d\n", radius);
	return bad;
}
