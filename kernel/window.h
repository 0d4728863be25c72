/*
 * kernel/window.h: how nodes of kind sample read their inputs: anywhere.
 *
 * foo_pixel, the definition, asks picture_at for single pixels. foo_span, the
 * fast form on the CPU, has a window on each input: rows converted to XRGB8888 as
 * they are asked for, the last two kept, so that a row that several rows of the
 * output are made from is converted once and a converted frame never exists.
 */
#ifndef KERNEL_WINDOW_H
#define KERNEL_WINDOW_H

#include "kernel/chroma.h"

/* The nearest of 0 to count - 1. */
NODE_PIXEL int32_t window_clamp(int32_t value, uint32_t count)
{
	return value < 0 ? 0
	       : value >= (int32_t)count ? (int32_t)count - 1
					 : value;
}

/* The pixel at (x, y); beyond an edge, that at the edge. X = 0xFF. */
NODE_PIXEL uint32_t picture_at(const struct picture *picture, int32_t x,
			       int32_t y)
{
	return picture_load(picture, window_clamp(x, picture->width),
			    window_clamp(y, picture->height));
}

#define WINDOW_ROWS 2
#define WINDOW_NONE INT32_MIN

/* One thread's, for one band of a step. */
struct window {
	const struct picture *picture;
	/* picture->width pixels each; NULL: the picture is a node's frame, whose
	 * rows are read where they are */
	uint32_t *row[WINDOW_ROWS];
	uint32_t *work; /* a row of the span's own, as long */
	int32_t held[WINDOW_ROWS]; /* y of each; WINDOW_NONE: nothing */
	uint32_t last;		   /* that was asked for */
};

/* Row y of the input, clamped, picture->width pixels; there until two other rows
 * have been asked for. */
NODE_HOST const uint32_t *window_row(struct window *window, int32_t y)
{
	const struct picture *picture = window->picture;

	y = window_clamp(y, picture->height);
	if (!window->row[0])
		return (const uint32_t *)picture_row(picture, 0, (uint32_t)y);
	if (window->held[window->last] != y) {
		window->last ^= 1;
		if (window->held[window->last] != y)
			picture_row_load(picture, (uint32_t)y, 0,
					 picture->width,
					 window->row[window->last]);
		window->held[window->last] = y;
	}
	return window->row[window->last];
}

/* Pixels x0 up to x1 of row y, all inside the picture, into out. */
NODE_HOST void window_load(const struct window *window, int32_t y, int32_t x0,
			   int32_t x1, uint32_t *out)
{
	picture_row_load(window->picture, (uint32_t)y, (uint32_t)x0,
			 (uint32_t)x1, out);
}

#endif
