/*
 * kernel/grid.h: four pictures, two by two: a and b above, c and d below. See
 * kernel/pane.h.
 */
#ifndef KERNEL_GRID_H
#define KERNEL_GRID_H

#include "kernel/pane.h"

struct grid_params {
	int32_t gap;
	int32_t fill; /* enum pane_mode */
	uint32_t margin;
};

struct grid_uniform {
	struct pane pane[4]; /* a, b, c, d; none covers another */
	uint32_t margin;
};

/* One side of the first or second of two places, with the gap between them; at
 * least a pixel, since a frame is wider than no gap. */
NODE_HOST void grid_side(uint32_t side, int32_t gap, bool second, double *from,
			 double *size)
{
	double most = (double)side - 2, between = fmin(gap, most);
	double first = floor((side - between) / 2);

	*from = second ? first + between : 0;
	*size = second ? side - first - between : first;
}

NODE_HOST void grid_tick(const struct grid_params *params,
			 const struct tick *tick, void *state,
			 struct grid_uniform *uniform)
{
	struct pane_area room;
	int32_t i;

	(void)state;
	for (i = 0; i < 4; i++) {
		grid_side(tick->width, params->gap, i % 2, &room.x,
			  &room.width);
		grid_side(tick->height, params->gap, i / 2, &room.y,
			  &room.height);
		pane_place(&uniform->pane[i], (enum pane_mode)params->fill,
			   pane_whole(tick->input[i].width,
				      tick->input[i].height),
			   room, false);
	}
	uniform->margin = params->margin;
}

NODE_PIXEL uint32_t grid_pixel(const struct grid_uniform *uniform, int32_t x,
			       int32_t y, const struct picture *a,
			       const struct picture *b, const struct picture *c,
			       const struct picture *d)
{
	if (pane_has(&uniform->pane[0], x, y))
		return pane_pixel(&uniform->pane[0], x, y, a);
	if (pane_has(&uniform->pane[1], x, y))
		return pane_pixel(&uniform->pane[1], x, y, b);
	if (pane_has(&uniform->pane[2], x, y))
		return pane_pixel(&uniform->pane[2], x, y, c);
	if (pane_has(&uniform->pane[3], x, y))
		return pane_pixel(&uniform->pane[3], x, y, d);
	return uniform->margin;
}

NODE_PIXEL void grid_run(const struct grid_uniform *uniform, int32_t x,
			 int32_t y, const struct picture *a,
			 const struct picture *b, const struct picture *c,
			 const struct picture *d, uint32_t *out)
{
	int32_t i;

	NODE_UNROLL
	for (i = 0; i < NODE_RUN; i++)
		out[i] = uniform->margin;
	pane_pixels(&uniform->pane[0], x, y, a, out);
	pane_pixels(&uniform->pane[1], x, y, b, out);
	pane_pixels(&uniform->pane[2], x, y, c, out);
	pane_pixels(&uniform->pane[3], x, y, d, out);
}

NODE_HOST void grid_span(const struct grid_uniform *uniform, int32_t y,
			 int32_t x0, int32_t x1, struct window *const in[],
			 uint32_t *out)
{
	int32_t i;

	row_fill(out, x0, x1, x0, x1, uniform->margin);
	for (i = 0; i < 4; i++)
		pane_span(&uniform->pane[i], y, x0, x1, in[i], out);
}

#endif
