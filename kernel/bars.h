/*
 * kernel/bars.h: SMPTE EG 1 colour bars at 75 %, full-range RGB; a generator.
 *
 *   upper 8/12 of the rows: grey yellow cyan green magenta red blue, 1/7 each
 *   next 1/12:              blue black magenta black cyan black grey, 1/7 each
 *   lowest 3/12:            -I, white, +Q, black, 5/28 each; then in the place
 *                           of one bar black less 4 IRE, black, black plus
 *                           4 IRE, 1/21 each; then black, 1/7
 *
 * A level of p % is p * 255 / 100, rounded; 75 % is 191. Black has EG 1's
 * set-up of 7.5 %, so that the darker strip can be shown; -I and +Q are the RGB
 * values in common use for them. All edges are multiples of width / 84 and
 * height / 12, rounded up to a whole pixel.
 */
#ifndef KERNEL_BARS_H
#define KERNEL_BARS_H

#include "kernel/color.h"
#include "kernel/row.h"

#define BARS_COLUMNS 84 /* finest common division of the three rows */
#define BARS_ROWS    12

#define BARS_PATCHES 8 /* of the lowest row; the others have 7 */

struct bars_params;

struct bars_uniform {
	int32_t width, height; /* px */
};

NODE_HOST void bars_tick(const struct bars_params *params,
			 const struct tick *tick, void *state,
			 struct bars_uniform *uniform)
{
	(void)params;
	(void)state;
	uniform->width = (int32_t)tick->width;
	uniform->height = (int32_t)tick->height;
}

/* The colour of column `cell` of 84 in row `row` of 12. */
NODE_PIXEL uint32_t bars_color(int32_t cell, int32_t row)
{
	/* clang-format off */
	static const uint32_t colors[3][BARS_PATCHES] = {
		{0xffbfbfbf, 0xffbfbf00, 0xff00bfbf, 0xff00bf00,
		 0xffbf00bf, 0xffbf0000, 0xff0000bf, 0},
		{0xff0000bf, 0xff131313, 0xffbf00bf, 0xff131313,
		 0xff00bfbf, 0xff131313, 0xffbfbfbf, 0},
		{0xff00214c, 0xffffffff, 0xff32006a, 0xff131313,
		 0xff090909, 0xff131313, 0xff1d1d1d, 0xff131313},
	};
	/* clang-format on */

	if (row < 9)
		return colors[row < 8 ? 0 : 1][cell / 12];
	if (cell < 60)
		return colors[2][cell / 15];
	return colors[2][cell < 72 ? 4 + (cell - 60) / 4 : 7];
}

NODE_PIXEL uint32_t bars_pixel(const struct bars_uniform *uniform, int32_t x,
			       int32_t y)
{
	return bars_color(x * BARS_COLUMNS / uniform->width,
			  y * BARS_ROWS / uniform->height);
}

NODE_HOST void bars_span(const struct bars_uniform *uniform, int32_t y,
			 int32_t x0, int32_t x1, const uint32_t *const in[],
			 uint32_t *out)
{
	int32_t width = uniform->width;
	int32_t row = y * BARS_ROWS / uniform->height;
	int32_t cell, from, to = 0;

	(void)in;
	for (cell = 0; cell < BARS_COLUMNS; cell++) {
		from = to;
		to = ((cell + 1) * width + BARS_COLUMNS - 1) / BARS_COLUMNS;
		row_fill(out, x0, x1, from, to, bars_color(cell, row));
	}
}

#endif
