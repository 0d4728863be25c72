/*
 * kernel/box.h: a rectangle of one colour over the picture, behind text and
 * beside it. Whole pixels; no corner is round.
 */
#ifndef KERNEL_BOX_H
#define KERNEL_BOX_H

#include "kernel/blend.h"

/* Columns [left, right), rows [top, bottom); color 0xAArrggbb. */
struct box {
	int32_t left, top, right, bottom;
	uint32_t color;
};

NODE_PIXEL bool box_has(const struct box *box, int32_t x, int32_t y)
{
	return (x >= box->left) & (x < box->right) & (y >= box->top) &
	       (y < box->bottom);
}

/* Any of the NODE_RUN pixels from (x, y) on? */
NODE_PIXEL bool box_meets(const struct box *box, int32_t x, int32_t y)
{
	return (x + NODE_RUN > box->left) & (x < box->right) &
	       (y >= box->top) & (y < box->bottom);
}

NODE_PIXEL uint32_t box_pixel(const struct box *box, int32_t x, int32_t y,
			      uint32_t pixel)
{
	return box_has(box, x, y) ? color_cover(pixel, box->color, 255) : pixel;
}

/* In row y over the pixels [x0, x1) of out. */
NODE_HOST void box_row(const struct box *box, int32_t y, int32_t x0, int32_t x1,
		       uint32_t *out)
{
	int32_t i = (box->left > x0 ? box->left : x0) - x0;
	int32_t end = (box->right < x1 ? box->right : x1) - x0;

	if (y >= box->top && y < box->bottom && box->color >> 24 && i < end)
		blend_color(box->color, end - i, out + i);
}

/* Where `extent` pixels begin in `whole`, at the start, in the middle or at the
 * end of it, `offset` inwards (in the middle: to the right or down). */
NODE_HOST int32_t box_anchor(int32_t place, int32_t whole, int32_t extent,
			     int32_t offset)
{
	if (place == 0)
		return offset;
	if (place == 1)
		return (whole - extent) / 2 + offset;
	return whole - extent - offset;
}

#endif
