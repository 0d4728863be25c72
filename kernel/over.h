/*
 * kernel/over.h: a picture with alpha over another one, pixel for pixel.
 *
 * The overlay's bytes come from another program, so nothing is taken for granted:
 * a colour above its alpha counts as its alpha. The picture below fills the frame
 * if it is of another size. Read kernel/pane.h first.
 */
#ifndef KERNEL_OVER_H
#define KERNEL_OVER_H

#include "kernel/box.h"
#include "kernel/pane.h"

struct over_params {
	int32_t anchor;	   /* three a row */
	int32_t offset[2]; /* px */
	int32_t opacity;   /* 0 to 255 */
};

struct over_uniform {
	struct pane below;
	int32_t left, top, right, bottom; /* of the overlay, in the frame */
	uint32_t weight;		  /* 0 to 256: the opacity */
};

NODE_HOST void over_tick(const struct over_params *params,
			 const struct tick *tick, void *state,
			 struct over_uniform *uniform)
{
	const struct node_size *in = tick->input;
	int32_t width = (int32_t)in[1].width, height = (int32_t)in[1].height;

	(void)state;
	pane_place(&uniform->below, PANE_STRETCH,
		   pane_whole(in[0].width, in[0].height),
		   pane_whole(tick->width, tick->height), false);
	uniform->left = box_anchor(params->anchor % 3, (int32_t)tick->width,
				   width, params->offset[0]);
	uniform->top = box_anchor(params->anchor / 3, (int32_t)tick->height,
				  height, params->offset[1]);
	uniform->right = uniform->left + (params->opacity ? width : 0);
	uniform->bottom = uniform->top + height;
	uniform->weight = (uint32_t)(params->opacity + (params->opacity >> 7));
}

/* A pixel as it lies there, with its alpha; 255 where the format has none. */
NODE_PIXEL uint32_t over_load(const struct picture *overlay, int32_t x,
			      int32_t y)
{
	if (overlay->format == GRAPH_FORMAT_ARGB8888)
		return ((const uint32_t *)picture_row(overlay, 0,
						      (uint32_t)y))[x];
	return pane_load(overlay, x, y);
}

NODE_PIXEL uint32_t over_channel(uint32_t color, uint32_t at, uint32_t alpha,
				 uint32_t weight)
{
	uint32_t value = color >> at & 255;

	return ((value < alpha ? value : alpha) * weight + 128) >> 8 << at;
}

/* Colours and alpha times the opacity, over a pixel. */
NODE_PIXEL uint32_t over_blend(uint32_t pixel, uint32_t color, uint32_t weight)
{
	uint32_t alpha = color >> 24;

	return color_over(pixel, over_channel(color, 24, alpha, weight) |
					 over_channel(color, 16, alpha, weight) |
					 over_channel(color, 8, alpha, weight) |
					 over_channel(color, 0, alpha, weight));
}

NODE_PIXEL uint32_t over_meet(const struct over_uniform *uniform, int32_t x,
			      int32_t y, uint32_t pixel,
			      const struct picture *overlay)
{
	if (x < uniform->left || x >= uniform->right || y < uniform->top ||
	    y >= uniform->bottom)
		return pixel;
	return over_blend(pixel,
			  over_load(overlay, x - uniform->left,
				    y - uniform->top),
			  uniform->weight);
}

NODE_PIXEL uint32_t over_pixel(const struct over_uniform *uniform, int32_t x,
			       int32_t y, const struct picture *in,
			       const struct picture *overlay)
{
	return over_meet(uniform, x, y, pane_pixel(&uniform->below, x, y, in),
			 overlay);
}

NODE_PIXEL void over_run(const struct over_uniform *uniform, int32_t x,
			 int32_t y, const struct picture *in,
			 const struct picture *overlay, uint32_t *out)
{
	int32_t i;

	NODE_UNROLL
	for (i = 0; i < NODE_RUN; i++)
		out[i] = 0;
	pane_pixels(&uniform->below, x, y, in, out);
	NODE_UNROLL
	for (i = 0; i < NODE_RUN; i++)
		out[i] = over_meet(uniform, x + i, y, out[i], overlay);
}

/* Row y of the overlay, with its alpha. */
NODE_HOST const uint32_t *over_row(struct window *overlay, int32_t y)
{
	if (overlay->picture->format == GRAPH_FORMAT_ARGB8888)
		return (const uint32_t *)picture_row(overlay->picture, 0,
						     (uint32_t)y);
	return window_row(overlay, y);
}

NODE_HOST void over_span(const struct over_uniform *uniform, int32_t y,
			 int32_t x0, int32_t x1, struct window *const in[],
			 uint32_t *out)
{
	int32_t from = uniform->left > x0 ? uniform->left : x0;
	int32_t to = uniform->right < x1 ? uniform->right : x1, i;
	const uint32_t *row;

	pane_span(&uniform->below, y, x0, x1, in[0], out);
	if (y < uniform->top || y >= uniform->bottom || from >= to)
		return;
	row = over_row(in[1], y - uniform->top) + (from - uniform->left);
	out += from - x0;
	for (i = 0; i < to - from; i++)
		out[i] = over_blend(out[i], row[i], uniform->weight);
}

#endif
