/*
 * kernel/logo.h: a PNG over the picture, with its alpha; a filter.
 *
 * Scaled by two numbers a pixel, between its four nearest pixels, with the
 * colours times alpha, so that what is not there lends its colour to nothing.
 * In its own size each pixel is one of the PNG's. Two pixels of it or more on one
 * of the picture leave some out: make the PNG smaller then.
 */
#ifndef KERNEL_LOGO_H
#define KERNEL_LOGO_H

#include "kernel/baked.h"
#include "kernel/box.h"
#include "kernel/row.h"
#ifndef GRAPH_BAKED /* NAME.h has none: tests, or a header by itself */
#include "kernel/baked_sample.h"
#endif

#define LOGO_SIDE_MAX 8192 /* px */

struct logo_params {
	int32_t image;	   /* index in baked_images */
	int32_t anchor;	   /* three a row */
	int32_t offset[2]; /* px */
	int32_t size[2];   /* px; 0: by the other one, or as it is */
	int32_t opacity;   /* 0 to 255 */
};

/* Places in the image are 1/65536 px; 0 is the centre of its first pixel. */
struct logo_uniform {
	struct box box; /* where it is; nothing is drawn beyond */
	uint32_t first, width, height; /* struct baked_image */
	uint32_t weight; /* 0 to 256: the opacity */
	int32_t left, top; /* of the box's first pixel, in the image */
	int32_t step_x, step_y;
};

/* ---- once a tick ----------------------------------------------------------- */

/* One side of the box, where the graph has 0 for it: as many times the image's
 * as the other one, at least a pixel. */
NODE_HOST int32_t logo_side(int32_t given, int32_t other, uint32_t own,
			    uint32_t other_own)
{
	int64_t side = given;

	if (!given && !other)
		side = own;
	else if (!given)
		side = (2 * (int64_t)other * own + other_own) /
		       (2 * (int64_t)other_own);
	return side < 1 ? 1 : side > LOGO_SIDE_MAX ? LOGO_SIDE_MAX
						   : (int32_t)side;
}

NODE_HOST void logo_tick(const struct logo_params *params,
			 const struct tick *tick, void *state,
			 struct logo_uniform *uniform)
{
	const struct baked_image *image = &baked_images[params->image];
	struct box *box = &uniform->box;
	int32_t width, height;

	(void)state;
	memset(uniform, 0, sizeof(*uniform));
	if (!image->width || !params->opacity)
		return;
	width = logo_side(params->size[0], params->size[1], image->width,
			  image->height);
	height = logo_side(params->size[1], params->size[0], image->height,
			   image->width);
	box->left = box_anchor(params->anchor % 3, (int32_t)tick->width, width,
			       params->offset[0]);
	box->top = box_anchor(params->anchor / 3, (int32_t)tick->height,
			      height, params->offset[1]);
	box->right = box->left + width;
	box->bottom = box->top + height;
	uniform->first = image->first;
	uniform->width = image->width;
	uniform->height = image->height;
	uniform->weight = (uint32_t)(params->opacity + (params->opacity >> 7));
	uniform->step_x = (int32_t)((image->width << 16) / (uint32_t)width);
	uniform->step_y = (int32_t)((image->height << 16) / (uint32_t)height);
	uniform->left = (uniform->step_x >> 1) - (1 << 15);
	uniform->top = (uniform->step_y >> 1) - (1 << 15);
}

/* ---- each pixel ------------------------------------------------------------ */

/* Between a and b, all four channels: 0 is a, 256 is b. */
NODE_PIXEL uint32_t logo_between(uint32_t a, uint32_t b, uint32_t weight)
{
	uint32_t rest = 256 - weight;
	uint32_t rb = (a & 0xff00ff) * rest + (b & 0xff00ff) * weight;
	uint32_t ag = (a >> 8 & 0xff00ff) * rest + (b >> 8 & 0xff00ff) * weight;

	return ((rb + 0x800080) >> 8 & 0xff00ff) |
	       ((ag + 0x800080) & 0xff00ff00);
}

/* A place along one side: the pixel before it, the one behind, and how near that
 * is. What lies beyond an edge is the edge. */
struct logo_place {
	uint32_t before, behind, weight;
};

NODE_PIXEL struct logo_place logo_place(int32_t at, uint32_t extent)
{
	struct logo_place place;
	int32_t last = (int32_t)extent - 1;

	at = at < 0 ? 0 : at;
	place.before = (uint32_t)(at >> 16 < last ? at >> 16 : last);
	place.behind = place.before + (place.before < (uint32_t)last);
	place.weight = (uint32_t)at >> 8 & 0xff;
	return place;
}

/* The image's row y of the picture, at one column of it. */
NODE_PIXEL uint32_t logo_at(const struct logo_uniform *uniform,
			    const struct logo_place *row, int32_t x)
{
	const uint32_t *upper =
		baked_pixels() + uniform->first + row->before * uniform->width;
	const uint32_t *lower =
		baked_pixels() + uniform->first + row->behind * uniform->width;
	const struct logo_place column = logo_place(
		uniform->left + (x - uniform->box.left) * uniform->step_x,
		uniform->width);

	return logo_between(
		logo_between(upper[column.before], upper[column.behind],
			     column.weight),
		logo_between(lower[column.before], lower[column.behind],
			     column.weight),
		row->weight);
}

NODE_PIXEL struct logo_place logo_row(const struct logo_uniform *uniform,
				      int32_t y)
{
	return logo_place(uniform->top +
				  (y - uniform->box.top) * uniform->step_y,
			  uniform->height);
}

/* Over a pixel: colours times alpha, both times the opacity. */
NODE_PIXEL uint32_t logo_over(uint32_t pixel, uint32_t color, uint32_t weight)
{
	return color_over(pixel, logo_between(0, color, weight));
}

NODE_PIXEL bool logo_touches(const struct logo_uniform *uniform, int32_t x,
			     int32_t y)
{
	return box_meets(&uniform->box, x, y);
}

NODE_PIXEL uint32_t logo_pixel(const struct logo_uniform *uniform, int32_t x,
			       int32_t y, uint32_t in)
{
	struct logo_place row;

	if (!box_has(&uniform->box, x, y))
		return in;
	row = logo_row(uniform, y);
	return logo_over(in, logo_at(uniform, &row, x), uniform->weight);
}

/* In its own size: image is the pixel at the picture's x. */
NODE_HOST void logo_plain(uint32_t weight, const uint32_t *image,
			  int32_t count, uint32_t *out)
{
	int32_t i;

	for (i = 0; i < count; i++)
		out[i] = logo_over(out[i], image[i], weight);
}

NODE_HOST void logo_span(const struct logo_uniform *uniform, int32_t y,
			 int32_t x0, int32_t x1, const uint32_t *const in[],
			 uint32_t *out)
{
	const struct box *box = &uniform->box;
	int32_t x = box->left > x0 ? box->left : x0;
	int32_t end = box->right < x1 ? box->right : x1;
	struct logo_place row;

	row_copy(out, x0, x1, in[0]);
	if (y < box->top || y >= box->bottom)
		return;
	row = logo_row(uniform, y);
	if (uniform->step_x == 1 << 16 && !row.weight) {
		logo_plain(uniform->weight,
			   baked_pixels() + uniform->first +
				   row.before * uniform->width +
				   (x - box->left),
			   end - x, out + (x - x0));
		return;
	}
	for (; x < end; x++)
		out[x - x0] = logo_over(out[x - x0], logo_at(uniform, &row, x),
					uniform->weight);
}

#endif
