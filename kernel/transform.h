/*
 * kernel/transform.h: a picture in any of its eight orientations, scaled and
 * placed in the frame.
 *
 * What is placed is the turned picture, which never exists: its pixel (u, v) is
 * looked up in the one there is. So every orientation is exactly what fit would
 * show of a picture turned before; read kernel/pane.h first.
 */
#ifndef KERNEL_TRANSFORM_H
#define KERNEL_TRANSFORM_H

#include "kernel/pane.h"

/* The orientation, bit by bit: columns become rows, and then in the picture there
 * is, x counts from the right, y from below. */
enum transform_bits {
	TRANSFORM_MIRROR = 1,
	TRANSFORM_FLIP = 2,
	TRANSFORM_SWAP = 4
};

struct transform_params {
	int32_t orientation; /* enum transform_bits */
	int32_t mode;	     /* enum pane_mode */
	int32_t filter;
	uint32_t margin;
};

struct transform_uniform {
	struct pane pane; /* of the turned picture */
	uint32_t orientation, margin;
};

NODE_HOST void transform_tick(const struct transform_params *params,
			      const struct tick *tick, void *state,
			      struct transform_uniform *uniform)
{
	const struct node_size *in = tick->input;
	bool swap = params->orientation & TRANSFORM_SWAP;

	(void)state;
	pane_place(&uniform->pane, (enum pane_mode)params->mode,
		   swap ? pane_whole(in->height, in->width)
			: pane_whole(in->width, in->height),
		   pane_whole(tick->width, tick->height), params->filter != 0);
	uniform->orientation = (uint32_t)params->orientation;
	uniform->margin = params->margin;
}

/* Pixel (u, v) of the turned picture. */
NODE_PIXEL uint32_t transform_load(uint32_t orientation,
				   const struct picture *in, int32_t u,
				   int32_t v)
{
	int32_t x = orientation & TRANSFORM_SWAP ? v : u;
	int32_t y = orientation & TRANSFORM_SWAP ? u : v;

	if (orientation & TRANSFORM_MIRROR)
		x = (int32_t)in->width - 1 - x;
	if (orientation & TRANSFORM_FLIP)
		y = (int32_t)in->height - 1 - y;
	return pane_load(in, x, y);
}

/* A pixel that the pane has: pane_pixel of the turned picture. */
NODE_PIXEL uint32_t transform_inside(const struct transform_uniform *uniform,
				     int32_t x, int32_t y,
				     const struct picture *in)
{
	const struct pane *pane = &uniform->pane;
	const uint32_t how = uniform->orientation;
	int32_t pu = pane_position(&pane->x, x);
	int32_t pv = pane_position(&pane->y, y);
	int32_t u0 = pane_source(&pane->x, pu), v0 = pane_source(&pane->y, pv);
	int32_t u1, v1;
	uint32_t weight = pane_weight(pv), left, right;

	if (pane->nearest || pane->exact)
		return transform_load(how, in, u0, v0);
	u1 = pane_source(&pane->x, pu + PANE_ONE);
	v1 = pane_source(&pane->y, pv + PANE_ONE);
	left = color_blend(transform_load(how, in, u0, v0),
			   transform_load(how, in, u0, v1), weight);
	right = color_blend(transform_load(how, in, u1, v0),
			    transform_load(how, in, u1, v1), weight);
	return color_blend(left, right, pane_weight(pu));
}

NODE_PIXEL uint32_t transform_pixel(const struct transform_uniform *uniform,
				    int32_t x, int32_t y,
				    const struct picture *in)
{
	if (!pane_has(&uniform->pane, x, y))
		return uniform->margin;
	return transform_inside(uniform, x, y, in);
}

/* Column x of a picture at least as wide as high, kept where window_row keeps
 * rows: each column is converted once, not with every pixel of two rows. */
NODE_HOST const uint32_t *transform_column(struct window *window, int32_t x)
{
	const struct picture *picture = window->picture;
	int32_t y, height = (int32_t)picture->height;
	uint32_t *column;

	if (window->held[window->last] != x) {
		window->last ^= 1;
		column = window->row[window->last];
		if (window->held[window->last] != x)
			for (y = 0; y < height; y++)
				column[y] = pane_load(picture, x, y);
		window->held[window->last] = x;
	}
	return window->row[window->last];
}

/* Row v of the turned picture, or its mirror image: transform_columns knows. */
NODE_HOST const uint32_t *transform_row(uint32_t orientation, int32_t v,
					struct window *in)
{
	const struct picture *picture = in->picture;

	if (orientation & TRANSFORM_SWAP)
		return transform_column(in, orientation & TRANSFORM_MIRROR
						    ? (int32_t)picture->width -
							      1 - v
						    : v);
	return window_row(in, orientation & TRANSFORM_FLIP
				      ? (int32_t)picture->height - 1 - v
				      : v);
}

/* Rows v0 and v1, mixed as pane_row does. */
NODE_HOST const uint32_t *
transform_mixed(const struct transform_uniform *uniform, int32_t y,
		struct window *in)
{
	const struct pane *pane = &uniform->pane;
	int32_t position = pane_position(&pane->y, y), i;
	int32_t v0 = pane_source(&pane->y, position);
	int32_t v1 = pane_source(&pane->y, position + PANE_ONE);
	uint32_t weight = pane_weight(position), *mixed = in->work;
	const uint32_t *top = transform_row(uniform->orientation, v0, in);
	const uint32_t *below;

	if (pane->nearest || !weight || v0 == v1)
		return top;
	below = transform_row(uniform->orientation, v1, in);
	for (i = 0; i <= pane->x.last; i++)
		mixed[i] = color_blend(top[i], below[i], weight);
	return mixed;
}

/* Pixels from up to to, all of them the pane's, out of that row, which begins at
 * the end if it is a mirror image. */
NODE_HOST void transform_columns(const struct pane *pane, bool mirrored,
				 int32_t from, int32_t to,
				 const uint32_t *__restrict row,
				 uint32_t *__restrict out)
{
	const struct pane_side side = pane->x;
	const int32_t first = mirrored ? side.last : 0;
	const int32_t step = mirrored ? -1 : 1;
	int32_t i;

	if (pane->nearest || pane->exact) {
		for (i = 0; i < to - from; i++)
			out[i] = row[first +
				     step * pane_source(&side,
							pane_position(
								&side,
								from + i))];
		return;
	}
	for (i = 0; i < to - from; i++) {
		int32_t position = pane_position(&side, from + i);
		int32_t u0 = pane_source(&side, position);
		int32_t u1 = pane_source(&side, position + PANE_ONE);

		out[i] = color_blend(row[first + step * u0],
				     row[first + step * u1],
				     pane_weight(position));
	}
}

/* Are there rows of the turned picture to be had? Its columns have no room in the
 * window of one that is higher than wide, and nodes' frames need no converting. */
NODE_HOST bool transform_has_rows(uint32_t orientation,
				  const struct window *in)
{
	return !(orientation & TRANSFORM_SWAP) ||
	       (in->row[0] && in->picture->height <= in->picture->width);
}

NODE_HOST void transform_span(const struct transform_uniform *uniform,
			      int32_t y, int32_t x0, int32_t x1,
			      struct window *const in[], uint32_t *out)
{
	const struct pane *pane = &uniform->pane;
	int32_t from = pane->x.from > x0 ? pane->x.from : x0;
	int32_t to = pane->x.to < x1 ? pane->x.to : x1, x;
	uint32_t how = uniform->orientation;

	if (y < pane->y.from || y >= pane->y.to || from >= to) {
		row_fill(out, x0, x1, x0, x1, uniform->margin);
		return;
	}
	row_fill(out, x0, x1, x0, from, uniform->margin);
	row_fill(out, x0, x1, to, x1, uniform->margin);
	if (transform_has_rows(how, in[0]))
		transform_columns(pane,
				  how & (how & TRANSFORM_SWAP
						 ? TRANSFORM_FLIP
						 : TRANSFORM_MIRROR),
				  from, to, transform_mixed(uniform, y, in[0]),
				  out + (from - x0));
	else
		for (x = from; x < to; x++)
			out[x - x0] = transform_inside(uniform, x, y,
						       in[0]->picture);
}

#endif
