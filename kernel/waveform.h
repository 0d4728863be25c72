/*
 * kernel/waveform.h: a sine wave as short vertical marks; a filter.
 *
 * Every fourth column has a mark of five pixels round the wave's row there,
 * `y[x / 4]`. That table is all that waveform_pixel needs. waveform_span must
 * not look at each column of each row: `blocks` tells which groups of
 * columns can reach a row, some 3 of 10 for the default wave at 1080p.
 */
#ifndef KERNEL_WAVEFORM_H
#define KERNEL_WAVEFORM_H

#include "kernel/color.h"
#include "kernel/row.h"

#define WAVEFORM_STEP	4    /* px from mark to mark */
#define WAVEFORM_REACH	2    /* px that a mark extends up and down */
#define WAVEFORM_PERIOD 0.02 /* radians a pixel */
#define WAVEFORM_BANDS	64
#define WAVEFORM_BLOCKS 64 /* bits of a band's mask */

struct waveform_params {
	double amplitude; /* px */
	double speed;	  /* px/s */
	uint32_t color;
};

/*
 * Marks lie in rows [top, bottom], cut into bands of 2^band_shift rows. The
 * marks are grouped from the left into blocks of 2^block_shift. Bit b of
 * blocks[i]: a mark of block b may touch band i.
 */
struct waveform_uniform {
	uint32_t color;
	int32_t top, bottom;
	int32_t count; /* marks */
	uint8_t band_shift, block_shift;
	uint64_t blocks[WAVEFORM_BANDS];
	int16_t y[]; /* middle row of each mark */
};

/* Smallest shift that brings `count` things down to at most `limit` groups. */
NODE_HOST uint8_t waveform_shift(int32_t count, int32_t limit)
{
	uint8_t shift = 0;

	while (((count - 1) >> shift) >= limit)
		shift++;
	return shift;
}

/* In a frame of fewer than 5 rows the upper limit wins: the mark hangs out. */
NODE_HOST int16_t waveform_row(const struct waveform_params *params,
			       const struct tick *tick, int32_t x)
{
	int32_t low = (int32_t)tick->height - 1 - WAVEFORM_REACH;
	int32_t y = (int32_t)(tick->height / 2 +
			      params->amplitude *
				      sin((x + params->speed * tick->seconds) *
					  WAVEFORM_PERIOD));

	if (y > low)
		y = low;
	return (int16_t)(y < WAVEFORM_REACH ? WAVEFORM_REACH : y);
}

/* Needs top, bottom and y; sets the rest of the tables. */
NODE_HOST void waveform_index(struct waveform_uniform *uniform)
{
	int32_t top = uniform->top, i, band;

	uniform->band_shift =
		waveform_shift(uniform->bottom - top + 1, WAVEFORM_BANDS);
	uniform->block_shift = waveform_shift(uniform->count, WAVEFORM_BLOCKS);
	memset(uniform->blocks, 0, sizeof(uniform->blocks));
	for (i = 0; i < uniform->count; i++) {
		uint64_t bit = (uint64_t)1 << (i >> uniform->block_shift);
		int32_t y = uniform->y[i] - top;

		band = (y - WAVEFORM_REACH) >> uniform->band_shift;
		for (; band <= (y + WAVEFORM_REACH) >> uniform->band_shift;
		     band++)
			uniform->blocks[band] |= bit;
	}
}

NODE_HOST void waveform_tick(const struct waveform_params *params,
			     const struct tick *tick, void *state,
			     struct waveform_uniform *uniform)
{
	int16_t low = INT16_MAX, high = INT16_MIN;
	int32_t i;

	(void)state;
	uniform->color = params->color;
	uniform->count =
		(int32_t)(tick->width + WAVEFORM_STEP - 1) / WAVEFORM_STEP;
	for (i = 0; i < uniform->count; i++) {
		int16_t y = waveform_row(params, tick, WAVEFORM_STEP * i);

		uniform->y[i] = y;
		low = y < low ? y : low;
		high = y > high ? y : high;
	}
	uniform->top = low - WAVEFORM_REACH;
	uniform->bottom = high + WAVEFORM_REACH;
	waveform_index(uniform);
}

/* Whether a mark in the middle row `middle` covers row y. */
NODE_PIXEL bool waveform_covers(int32_t middle, int32_t y)
{
	return (uint32_t)(y - middle + WAVEFORM_REACH) <= 2 * WAVEFORM_REACH;
}

NODE_PIXEL uint32_t waveform_pixel(const struct waveform_uniform *uniform,
				   int32_t x, int32_t y, uint32_t in)
{
	if (y < uniform->top || y > uniform->bottom || x % WAVEFORM_STEP)
		return in;
	if (!waveform_covers(uniform->y[x / WAVEFORM_STEP], y))
		return in;
	return uniform->color;
}

/* Marks [from, to) on row y. Stores what was there rather than branching: a
 * mark every few columns is what a branch predictor does worst. */
NODE_HOST void waveform_marks(const struct waveform_uniform *uniform, int32_t y,
			      int32_t from, int32_t to, int32_t x0,
			      uint32_t *out)
{
	uint32_t color = uniform->color;
	int32_t i;

	for (i = from; i < to; i++) {
		uint32_t *at = &out[WAVEFORM_STEP * i - x0];

		*at = waveform_covers(uniform->y[i], y) ? color : *at;
	}
}

NODE_HOST void waveform_span(const struct waveform_uniform *uniform, int32_t y,
			     int32_t x0, int32_t x1, const uint32_t *const in[],
			     uint32_t *out)
{
	int32_t first = (x0 + WAVEFORM_STEP - 1) / WAVEFORM_STEP;
	int32_t last = (x1 + WAVEFORM_STEP - 1) / WAVEFORM_STEP;
	uint64_t blocks;

	row_copy(out, x0, x1, in[0]);
	if (y < uniform->top || y > uniform->bottom)
		return;
	blocks = uniform->blocks[(y - uniform->top) >> uniform->band_shift];
	for (; blocks; blocks &= blocks - 1) {
		int32_t block = __builtin_ctzll(blocks);
		int32_t from = block << uniform->block_shift;
		int32_t to = from + (1 << uniform->block_shift);

		waveform_marks(uniform, y, from > first ? from : first,
			       to < last ? to : last, x0, out);
	}
}

#endif
