/*
 * kernel/blur.cu: the box blur for a GPU, the same sums as kernel/blur.h.
 *
 * Of its tile a thread block takes 16 rows at a time. First each thread has
 * one column, of the tile and of `radius` pixels on both sides, and slides the
 * sum of the square's rows down it, into shared memory; then each thread has 8
 * pixels of one row and slides the square along them. A pixel of the input is
 * so read 2 + (2 * radius + 1) / 32 times in each column, by neighbouring
 * threads at once, and nothing is kept between tiles.
 */
#ifndef KERNEL_BLUR_CU
#define KERNEL_BLUR_CU

#include "kernel/blur.h"

/* As in kernel/blur.yaml: 128 x 32 pixels by 16 x 16 threads. */
#define BLUR_TILE_X  128
#define BLUR_TILE_Y  32
#define BLUR_ROWS    16 /* summed at a time; threads.x */
#define BLUR_RUN     8	/* pixels a thread */
#define BLUR_COLUMNS (BLUR_TILE_X + 2 * BLUR_RADIUS_MAX)

/* Neighbouring threads read one column of neighbouring rows: an odd pitch puts
 * those into different banks. */
struct blur_sums {
	uint64_t row[BLUR_ROWS][BLUR_COLUMNS + 1];
};

NODE_DEVICE uint64_t blur_at(const struct image *in, int32_t x, int32_t y)
{
	return blur_spread(blur_row(in, y)[x]);
}

/* Puts 16 sums of a column into shared memory; `sum` is that of row y, and of
 * row y + 16 afterwards. */
NODE_DEVICE uint64_t blur_down(struct blur_sums *sums, const struct image *in,
			       int32_t column, int32_t x, int32_t y,
			       int32_t radius, uint64_t sum)
{
	int32_t i;

#pragma unroll
	for (i = 0; i < BLUR_ROWS; i++) {
		sums->row[i][column] = sum;
		sum += blur_at(in, x, y + i + 1 + radius) -
		       blur_at(in, x, y + i - radius);
	}
	return sum;
}

NODE_DEVICE uint32_t blur_pixel(uint64_t sum, struct blur_division division)
{
	return color_rgb(blur_mean(sum, 42, division),
			 blur_mean(sum, 21, division),
			 blur_mean(sum, 0, division));
}

/* Eight pixels, from (x, y) on; `from` is the first column of x's square. */
NODE_DEVICE void blur_along(const uint64_t *from, const struct image *out,
			    int32_t x, int32_t y, int32_t radius,
			    struct blur_division division)
{
	uint32_t pixel[BLUR_RUN], *to = image_row(out, (uint32_t)y) + x;
	int32_t i, width = (int32_t)out->width;
	uint64_t sum = 0;

	for (i = 0; i < 2 * radius; i++)
		sum += from[i];
#pragma unroll
	for (i = 0; i < BLUR_RUN; i++) {
		sum += from[i + 2 * radius];
		pixel[i] = blur_pixel(sum, division);
		sum -= from[i];
	}
	if (x + BLUR_RUN <= width) {
		((uint4 *)to)[0] = make_uint4(pixel[0], pixel[1], pixel[2],
					      pixel[3]);
		((uint4 *)to)[1] = make_uint4(pixel[4], pixel[5], pixel[6],
					      pixel[7]);
		return;
	}
#pragma unroll
	for (i = 0; i < BLUR_RUN; i++)
		if (x + i < width)
			to[i] = pixel[i];
}

/* Radius 0: the mean of one pixel. */
NODE_DEVICE void blur_same(const struct image *in, const struct image *out,
			   int32_t x, int32_t y, int32_t end_y)
{
	for (; y < end_y; y++)
		if (x < (int32_t)out->width)
			image_row(out, (uint32_t)y)[x] =
				image_row(in, (uint32_t)y)[x];
}

NODE_DEVICE void blur_tile(const struct blur_params *params,
			   const struct blur_uniform *uniform,
			   const struct image *in, const struct image *out,
			   int32_t x0, int32_t y0)
{
	static __shared__ struct blur_sums sums;
	int32_t width = (int32_t)in->width, height = (int32_t)in->height;
	int32_t radius = params->radius, y, i;
	int32_t row = (int32_t)threadIdx.x, run = BLUR_RUN * (int32_t)threadIdx.y;
	int32_t column = (int32_t)(threadIdx.y * BLUR_ROWS + threadIdx.x);
	int32_t end_y = y0 + BLUR_TILE_Y < height ? y0 + BLUR_TILE_Y : height;
	int32_t x = x0 + column - radius;
	uint32_t side = 2 * (uint32_t)radius + 1;
	struct blur_division division = blur_division(side * side);
	uint64_t sum = 0;

	(void)uniform;
	if (!radius) {
		if (column < BLUR_TILE_X)
			blur_same(in, out, x, y0, end_y);
		return;
	}
	x = x < 0 ? 0 : x < width ? x : width - 1;
	if (column < BLUR_TILE_X + 2 * radius)
		for (i = -radius; i <= radius; i++)
			sum += blur_at(in, x, y0 + i);
	for (y = y0; y < end_y; y += BLUR_ROWS) {
		if (column < BLUR_TILE_X + 2 * radius)
			sum = blur_down(&sums, in, column, x, y, radius, sum);
		__syncthreads();
		if (y + row < end_y && x0 + run < width)
			blur_along(&sums.row[row][run], out, x0 + run, y + row,
				   radius, division);
		__syncthreads();
	}
}

#endif
