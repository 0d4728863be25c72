/*
 * kernel/waveform.h: a sine wave as short vertical marks; a filter.
 *
 * Every fourth column has a mark of five pixels round the wave's row there,
 * `y[x / 4]`. That table is all that waveform_pixel needs. waveform_span must
 * not look at each column of each row: it has the marks sorted by their rows.
 */
#ifndef KERNEL_WAVEFORM_H
#define KERNEL_WAVEFORM_H

#include "kernel/color.h"
#include "kernel/row.h"

#define WAVEFORM_STEP	4    /* px from mark to mark */
#define WAVEFORM_REACH	2    /* px that a mark extends up and down */
#define WAVEFORM_PERIOD 0.02 /* radians a pixel */
#define WAVEFORM_ANGLE	(WAVEFORM_STEP * WAVEFORM_PERIOD)
#define WAVEFORM_BANDS	64
#define WAVEFORM_LANES	8
#define WAVEFORM_BIAS	8192 /* no wave reaches so far above the frame */

struct waveform_params {
	double amplitude; /* px */
	double speed;	  /* px/s */
	uint32_t color;
};

/*
 * Marks lie in rows [top, bottom]. Their middle rows, from top + REACH on, are
 * cut into bands of 2^band_shift rows: the marks of band b are
 * order[start[b]] up to order[start[b + 1]], where order = y + count.
 */
struct waveform_uniform {
	uint32_t color;
	int32_t top, bottom;
	int32_t count; /* marks */
	uint16_t band_shift;
	uint16_t start[WAVEFORM_BANDS + 1];
	int16_t y[]; /* middle row of each mark, then `order` */
};

/* In a frame of fewer than 5 rows the upper limit wins: the mark hangs out. */
NODE_HOST int16_t waveform_clamp(const struct tick *tick, double middle)
{
	int32_t low = (int32_t)tick->height - 1 - WAVEFORM_REACH;
	int32_t y = (int32_t)middle;

	if (y > low)
		y = low;
	return (int16_t)(y < WAVEFORM_REACH ? WAVEFORM_REACH : y);
}

/* The wave at column x, before truncation: what the picture is defined by. */
NODE_HOST double waveform_middle(const struct waveform_params *params,
				 const struct tick *tick, int32_t x)
{
	return tick->height / 2 +
	       params->amplitude * sin((x + params->speed * tick->seconds) *
				       WAVEFORM_PERIOD);
}

/* Marks side by side, WAVEFORM_LANES of them, as the compiler's vectors are. */
struct waveform_lanes {
	double sine[WAVEFORM_LANES], cosine[WAVEFORM_LANES];
	double middle[WAVEFORM_LANES];
	int32_t near[WAVEFORM_LANES]; /* so near an integer that it is doubted */
};

/* The first marks. */
NODE_HOST void waveform_start(struct waveform_lanes *lanes, double angle)
{
	const double turn[2] = {sin(WAVEFORM_ANGLE), cos(WAVEFORM_ANGLE)};
	double *sine = lanes->sine, *cosine = lanes->cosine;
	int32_t i;

	sine[0] = sin(angle);
	cosine[0] = cos(angle);
	for (i = 1; i < WAVEFORM_LANES; i++) {
		sine[i] = sine[i - 1] * turn[1] + cosine[i - 1] * turn[0];
		cosine[i] = cosine[i - 1] * turn[1] - sine[i - 1] * turn[0];
	}
}

/* Their rows; then on to the next ones. True: some are to be doubted. */
NODE_HOST bool waveform_lay(struct waveform_lanes *lanes, double centre,
			    double amplitude, double doubt,
			    const double turn[2])
{
	double sine, cosine, biased;
	int32_t i, near = 0;

	for (i = 0; i < WAVEFORM_LANES; i++) {
		sine = lanes->sine[i];
		cosine = lanes->cosine[i];
		lanes->middle[i] = centre + amplitude * sine;
		biased = lanes->middle[i] + WAVEFORM_BIAS;
		lanes->near[i] =
			fabs(biased - (int32_t)(biased + 0.5)) <= doubt;
		near |= lanes->near[i];
		lanes->sine[i] = sine * turn[1] + cosine * turn[0];
		lanes->cosine[i] = cosine * turn[1] - sine * turn[0];
	}
	return near;
}

/*
 * The marks' rows, without a sine for each: the angle turns by the same step
 * from mark to mark, so (sin, cos) is rotated. Where the result is so near an
 * integer that rounding may decide, waveform_middle is asked: the rows are
 * always exactly its. `doubt` bounds the error in rows: 1e-15 of the angle for
 * the rounding of the angle itself (a few of its last places), 1e-9 for the
 * rotations (2048 of them lose less than 1e-12), 4e-12 for the bias.
 */
NODE_HOST void waveform_rows_of_marks(const struct waveform_params *params,
				      const struct tick *tick,
				      struct waveform_uniform *uniform)
{
	const double turn[2] = {sin(WAVEFORM_LANES * WAVEFORM_ANGLE),
				cos(WAVEFORM_LANES * WAVEFORM_ANGLE)};
	double angle = params->speed * tick->seconds * WAVEFORM_PERIOD;
	double last = angle + tick->width * WAVEFORM_PERIOD;
	double doubt = params->amplitude *
			       (1e-9 + 1e-15 * (fabs(angle) + fabs(last))) +
		       4e-12;
	struct waveform_lanes lanes;
	int32_t i, at, end;

	waveform_start(&lanes, angle);
	for (at = 0; at < uniform->count; at += WAVEFORM_LANES) {
		bool near = waveform_lay(&lanes, tick->height / 2,
					 params->amplitude, doubt, turn);

		end = uniform->count - at < WAVEFORM_LANES ? uniform->count - at
							   : WAVEFORM_LANES;
		for (i = 0; near && i < end; i++)
			if (lanes.near[i])
				lanes.middle[i] = waveform_middle(
					params, tick, WAVEFORM_STEP * (at + i));
		for (i = 0; i < end; i++)
			uniform->y[at + i] =
				waveform_clamp(tick, lanes.middle[i]);
	}
}

NODE_HOST int32_t waveform_band(const struct waveform_uniform *uniform,
				int32_t middle)
{
	int32_t first = uniform->top + WAVEFORM_REACH;
	int32_t last = uniform->bottom - WAVEFORM_REACH;

	middle = middle < first ? first : middle > last ? last : middle;
	return (middle - first) >> uniform->band_shift;
}

/* Needs top, bottom and y; sorts the marks by band, counting. */
NODE_HOST void waveform_index(struct waveform_uniform *uniform)
{
	int32_t rows = uniform->bottom - uniform->top + 1 - 2 * WAVEFORM_REACH;
	int16_t *order = uniform->y + uniform->count;
	uint16_t next[WAVEFORM_BANDS + 1] = {0};
	int32_t i;

	uniform->band_shift = 0;
	while (((rows - 1) >> uniform->band_shift) >= WAVEFORM_BANDS)
		uniform->band_shift++;
	for (i = 0; i < uniform->count; i++)
		next[waveform_band(uniform, uniform->y[i]) + 1]++;
	for (i = 0; i < WAVEFORM_BANDS; i++)
		next[i + 1] = (uint16_t)(next[i + 1] + next[i]);
	memcpy(uniform->start, next, sizeof(next));
	for (i = 0; i < uniform->count; i++)
		order[next[waveform_band(uniform, uniform->y[i])]++] =
			(int16_t)i;
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
	waveform_rows_of_marks(params, tick, uniform);
	for (i = 0; i < uniform->count; i++) {
		int16_t y = uniform->y[i];

		low = y < low ? y : low;
		high = y > high ? y : high;
	}
	uniform->top = low - WAVEFORM_REACH;
	uniform->bottom = high + WAVEFORM_REACH;
	if (!tick->device)
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
	if (!waveform_covers(NODE_TABLE(uniform->y)[x / WAVEFORM_STEP], y))
		return in;
	return uniform->color;
}

NODE_PIXEL bool waveform_touches(const struct waveform_uniform *uniform,
				 int32_t x, int32_t y)
{
	(void)x;
	return y >= uniform->top && y <= uniform->bottom;
}

NODE_HOST void waveform_span(const struct waveform_uniform *uniform, int32_t y,
			     int32_t x0, int32_t x1, const uint32_t *const in[],
			     uint32_t *out)
{
	const int16_t *order = uniform->y + uniform->count;
	uint32_t i, end;

	row_copy(out, x0, x1, in[0]);
	if (y < uniform->top || y > uniform->bottom)
		return;
	i = uniform->start[waveform_band(uniform, y - WAVEFORM_REACH)];
	end = uniform->start[waveform_band(uniform, y + WAVEFORM_REACH) + 1];
	for (; i < end; i++) {
		int32_t x = WAVEFORM_STEP * order[i];

		if (x >= x0 && x < x1 &&
		    waveform_covers(uniform->y[order[i]], y))
			out[x - x0] = uniform->color;
	}
}

#endif
