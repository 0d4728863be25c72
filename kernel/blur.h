/*
 * kernel/blur.h: a box blur of the whole frame; the first `frame` node.
 *
 * A channel becomes (sum + area / 2) / area over the square of 2 * radius + 1
 * pixels a side, area of them; beyond an edge the edge's pixels repeat. Not one
 * pass per direction over whole frames: `scratch` holds one sum per column,
 * of the rows that the square spans, and a square's sum slides along them. A
 * row enters the column sums once and leaves them once.
 *
 * The three channels of a sum travel in one uint64_t, 21 bits each:
 * 255 * 89 * 89 is below 2^21, hence the largest radius.
 */
#ifndef KERNEL_BLUR_H
#define KERNEL_BLUR_H

#include <string.h>

#include "kernel/color.h"

#define BLUR_RADIUS_MAX 44
#define BLUR_CHUNK	256 /* pixels whose sums are divided together */
#define BLUR_MASK	0x1fffffu

struct blur_params {
	int32_t radius; /* px */
};

struct blur_uniform;

/* n / area for sums n < 2^21: (n * factor >> 32) >> shift, exactly. */
struct blur_division {
	uint32_t half, factor, shift;
};

NODE_HOST void blur_tick(const struct blur_params *params,
			 const struct tick *tick, void *state,
			 struct blur_uniform *uniform)
{
	(void)params;
	(void)tick;
	(void)state;
	(void)uniform;
}

/*
 * With 2^shift < area < 2^(shift + 1), factor = 2^(32 + shift) / area + 1 fits
 * in 32 bits. factor * area exceeds 2^(32 + shift) by at most area, so the
 * product is right for every n while n * area < 2^(32 + shift); and a sum n is
 * below 256 * area. Areas are odd squares from 9 up, never a power of two.
 */
NODE_PIXEL struct blur_division blur_division(uint32_t area)
{
	struct blur_division division;

	division.half = area / 2;
	division.shift = 0;
	while (area >> (division.shift + 1))
		division.shift++;
	division.factor =
		(uint32_t)(((uint64_t)1 << (32 + division.shift)) / area + 1);
	return division;
}

/* Red, green and blue of a pixel, 21 bits apart. */
NODE_PIXEL uint64_t blur_spread(uint32_t pixel)
{
	return (uint64_t)(pixel & 0xff0000) << 26 |
	       (uint64_t)(pixel & 0x00ff00) << 13 | (pixel & 0xff);
}

NODE_PIXEL uint32_t blur_mean(uint64_t sums, uint32_t at,
			      struct blur_division division)
{
	uint64_t n = (uint32_t)(sums >> at & BLUR_MASK) + division.half;

	return (uint32_t)(n * division.factor >> 32 >> division.shift);
}

/* The input's row y, or the edge's beyond it. */
NODE_PIXEL const uint32_t *blur_row(const struct image *in, int32_t y)
{
	int32_t last = (int32_t)in->height - 1;

	return image_row(in, (uint32_t)(y < 0 ? 0 : y > last ? last : y));
}

/* Column sums of the square round row `center`. */
NODE_HOST void blur_first(uint64_t *columns, const struct image *in,
			  int32_t center, int32_t radius)
{
	uint32_t x, width = in->width;
	int32_t y;

	memset(columns, 0, width * sizeof(*columns));
	for (y = center - radius; y <= center + radius; y++) {
		const uint32_t *row = blur_row(in, y);

		for (x = 0; x < width; x++)
			columns[x] += blur_spread(row[x]);
	}
}

/* Moves the column sums from row y - 1 to row y. */
NODE_HOST void blur_next(uint64_t *columns, const struct image *in, int32_t y,
			 int32_t radius)
{
	const uint32_t *enters = blur_row(in, y + radius);
	const uint32_t *leaves = blur_row(in, y - 1 - radius);
	uint32_t x, width = in->width;

	for (x = 0; x < width; x++)
		columns[x] += blur_spread(enters[x]) - blur_spread(leaves[x]);
}

/*
 * One row of squares. `columns` has `radius` copies of each edge's sum outside
 * [0, width). Sliding is a chain of additions, one pixel after the other;
 * division is not, and is left to a loop of its own that becomes vectors.
 */
NODE_HOST void blur_slide(const uint64_t *columns, int32_t width,
			  int32_t radius, struct blur_division division,
			  uint32_t *out)
{
	uint64_t sums[BLUR_CHUNK], sum = 0;
	int32_t x, i, count;

	for (x = -radius; x < radius; x++)
		sum += columns[x];
	for (x = 0; x < width; x += count) {
		count = width - x < BLUR_CHUNK ? width - x : BLUR_CHUNK;
		for (i = 0; i < count; i++) {
			sum += columns[x + i + radius];
			sums[i] = sum;
			sum -= columns[x + i - radius];
		}
		for (i = 0; i < count; i++)
			out[x + i] = color_rgb(blur_mean(sums[i], 42, division),
					       blur_mean(sums[i], 21, division),
					       blur_mean(sums[i], 0, division));
	}
}

/* Radius 0: the mean of one pixel. */
NODE_HOST void blur_copy(const struct image *in, const struct image *out,
			 int32_t y0, int32_t y1)
{
	int32_t y;

	for (y = y0; y < y1; y++)
		memcpy(image_row(out, (uint32_t)y), image_row(in, (uint32_t)y),
		       in->width * sizeof(uint32_t));
}

/* A band begins with sums of its own, of 2 * radius + 1 rows: as much work as a
 * few rows more. */
NODE_HOST void blur_band(const struct blur_params *params,
			 const struct blur_uniform *uniform,
			 const struct image *in, const struct image *out,
			 int32_t y0, int32_t y1, void *scratch)
{
	int32_t radius = params->radius, y, i;
	int32_t width = (int32_t)in->width;
	uint32_t side = 2 * (uint32_t)radius + 1;
	uint64_t *columns = (uint64_t *)scratch + radius;
	struct blur_division division = blur_division(side * side);

	(void)uniform;
	if (!radius) {
		blur_copy(in, out, y0, y1);
		return;
	}
	blur_first(columns, in, y0, radius);
	for (y = y0; y < y1; y++) {
		if (y > y0)
			blur_next(columns, in, y, radius);
		for (i = 1; i <= radius; i++) {
			columns[-i] = columns[0];
			columns[width - 1 + i] = columns[width - 1];
		}
		blur_slide(columns, width, radius, division,
			   image_row(out, (uint32_t)y));
	}
}

NODE_HOST void blur_frame(const struct blur_params *params,
			  const struct blur_uniform *uniform, void *state,
			  const struct image *in, const struct image *out,
			  void *scratch)
{
	(void)state;
	blur_band(params, uniform, in, out, 0, (int32_t)in->height, scratch);
}

#endif
