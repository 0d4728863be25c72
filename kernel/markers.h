/*
 * kernel/markers.h: four corner squares and, over them, a border; a filter.
 *
 * Shows at a glance whether a display crops or shifts the picture. Touches
 * nothing else. In a frame smaller than the squares they overlap, which
 * cannot be seen: all four have one colour.
 */
#ifndef KERNEL_MARKERS_H
#define KERNEL_MARKERS_H

#include "kernel/color.h"
#include "kernel/row.h"

#define MARKERS_SQUARE 30 /* px a side */
#define MARKERS_BORDER 5  /* px */

struct markers_params;

struct markers_uniform {
	uint32_t square, border; /* colours */
	int32_t width, height;	 /* px */
};

NODE_HOST void markers_tick(const struct markers_params *params,
			    const struct tick *tick, void *state,
			    struct markers_uniform *uniform)
{
	int pulse = (int)(128 + 127 * sin(3 * tick->seconds));
	uint32_t level = (uint32_t)pulse;

	(void)params;
	(void)state;
	uniform->square = color_rgb(255, level, 0);
	uniform->border = color_rgb(128, 255 - level, level);
	uniform->width = (int32_t)tick->width;
	uniform->height = (int32_t)tick->height;
}

/* Whether i is fewer than `depth` pixels from either end of [0, size). */
NODE_PIXEL bool markers_near(int32_t i, int32_t size, int32_t depth)
{
	return i < depth || i >= size - depth;
}

NODE_PIXEL uint32_t markers_pixel(const struct markers_uniform *uniform,
				  int32_t x, int32_t y, uint32_t in)
{
	int32_t width = uniform->width, height = uniform->height;

	if (markers_near(x, width, MARKERS_BORDER) ||
	    markers_near(y, height, MARKERS_BORDER))
		return uniform->border;
	if (markers_near(x, width, MARKERS_SQUARE) &&
	    markers_near(y, height, MARKERS_SQUARE))
		return uniform->square;
	return in;
}

NODE_PIXEL bool markers_touches(const struct markers_uniform *uniform,
				int32_t x, int32_t y)
{
	return markers_near(y, uniform->height, MARKERS_SQUARE) ||
	       x < MARKERS_BORDER ||
	       x + NODE_RUN > uniform->width - MARKERS_BORDER;
}

/* Fills the first and the last `depth` pixels of the row. */
NODE_HOST void markers_ends(const struct markers_uniform *uniform, int32_t x0,
			    int32_t x1, uint32_t *out, int32_t depth,
			    uint32_t color)
{
	int32_t width = uniform->width;

	row_fill(out, x0, x1, 0, depth, color);
	row_fill(out, x0, x1, width - depth, width, color);
}

NODE_HOST void markers_span(const struct markers_uniform *uniform, int32_t y,
			    int32_t x0, int32_t x1, const uint32_t *const in[],
			    uint32_t *out)
{
	int32_t height = uniform->height;

	if (markers_near(y, height, MARKERS_BORDER)) {
		row_fill(out, x0, x1, x0, x1, uniform->border);
		return;
	}
	row_copy(out, x0, x1, in[0]);
	if (markers_near(y, height, MARKERS_SQUARE))
		markers_ends(uniform, x0, x1, out, MARKERS_SQUARE,
			     uniform->square);
	markers_ends(uniform, x0, x1, out, MARKERS_BORDER, uniform->border);
}

#endif
