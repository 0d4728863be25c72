/*
 * kernel/ball.h: a bouncing ball on a slowly turning background; a generator.
 *
 * Positions are in 1/16 pixel, so that membership is an integer question. The
 * ball is never blended: a pixel is ball or background. kernel/node.h says
 * what the functions are.
 */
#ifndef KERNEL_BALL_H
#define KERNEL_BALL_H

#include "kernel/color.h"
#include "kernel/row.h"

/* Largest radius: (16 * r)^2 * 2 fits in a uint32_t. */
#define BALL_RADIUS_MAX 2048

struct ball_params {
	int32_t radius;	    /* px */
	double velocity[2]; /* px/s, right and down */
};

struct ball_uniform {
	uint32_t background, color;
	int32_t bx, by; /* centre, 1/16 px */
	int32_t radius; /* 1/16 px */
};

/*
 * Where a point that started at p and bounces between lo and hi is now. With
 * no room to move (hi <= lo: a frame smaller than the ball) it is the middle.
 */
NODE_HOST double ball_fold(double p, double lo, double hi)
{
	double span = hi - lo;
	double q;

	if (!(span > 0))
		return (lo + hi) / 2;
	q = fmod(p - lo, 2 * span);
	if (q < 0)
		q += 2 * span;
	return q > span ? hi - (q - span) : lo + q;
}

NODE_HOST int32_t ball_centre(uint32_t size, double velocity, double seconds,
			      int32_t radius)
{
	double p = ball_fold((double)(size / 2) + velocity * seconds, radius,
			     (double)size - radius);

	return (int32_t)floor(16 * p + 0.5);
}

NODE_HOST void ball_tick(const struct ball_params *params,
			 const struct tick *tick, void *state,
			 struct ball_uniform *uniform)
{
	double t = tick->seconds;
	int32_t r = params->radius;

	(void)state;
	uniform->background = color_hsv(fmod(30 * t, 180) / 180, 0.5, 0.8);
	uniform->color = color_hsv(fmod(120 * t, 180) / 180, 1, 1);
	uniform->bx = ball_centre(tick->width, params->velocity[0], t, r);
	uniform->by = ball_centre(tick->height, params->velocity[1], t, r);
	uniform->radius = 16 * r;
}

/* The square round the ball is asked first: what is left cannot overflow. */
NODE_PIXEL uint32_t ball_pixel(const struct ball_uniform *uniform, int32_t x,
			       int32_t y)
{
	int32_t r = uniform->radius;
	int32_t dx = 16 * x - uniform->bx, dy = 16 * y - uniform->by;

	if (dx < -r || dx > r || dy < -r || dy > r)
		return uniform->background;
	if ((uint32_t)(dx * dx) + (uint32_t)(dy * dy) > (uint32_t)(r * r))
		return uniform->background;
	return uniform->color;
}

NODE_PIXEL bool ball_touches(const struct ball_uniform *uniform, int32_t x,
			     int32_t y)
{
	int32_t r = uniform->radius;
	int32_t dx = 16 * x - uniform->bx, dy = 16 * y - uniform->by;

	return dy >= -r && dy <= r && dx >= -r - 16 * NODE_RUN && dx <= r;
}

/* Largest s with s * s <= n. */
NODE_HOST int32_t ball_isqrt(uint32_t n)
{
	uint32_t s = 0, bit;

	for (bit = 1u << 15; bit; bit >>= 1)
		if ((s + bit) * (s + bit) <= n)
			s += bit;
	return (int32_t)s;
}

/* The ball's pixels [from, to) of a row; none of most. 16 * x - bx in
 * [-half, half]: a shift rounds down for negative numbers too. */
NODE_HOST void ball_extent(const struct ball_uniform *uniform, int32_t y,
			   int32_t *from, int32_t *to)
{
	int32_t r = uniform->radius, dy = 16 * y - uniform->by;
	int32_t half;

	*from = *to = 0;
	if (dy < -r || dy > r)
		return;
	half = ball_isqrt((uint32_t)(r * r) - (uint32_t)(dy * dy));
	*from = (uniform->bx - half + 15) >> 4;
	*to = ((uniform->bx + half) >> 4) + 1;
}

NODE_HOST void ball_span(const struct ball_uniform *uniform, int32_t y,
			 int32_t x0, int32_t x1, const uint32_t *const in[],
			 uint32_t *out)
{
	int32_t from, to;

	(void)in;
	row_fill(out, x0, x1, x0, x1, uniform->background);
	ball_extent(uniform, y, &from, &to);
	row_fill(out, x0, x1, from, to, uniform->color);
}

NODE_HOST void ball_rows(const struct ball_uniform *uniform, int32_t y0,
			 int32_t y1, const struct image *out)
{
	int32_t width = (int32_t)out->width, from, to;

	rows_fill(out, y0, y1, uniform->background);
	for (; y0 < y1; y0++) {
		ball_extent(uniform, y0, &from, &to);
		row_fill(image_row(out, (uint32_t)y0), 0, width, from, to,
			 uniform->color);
	}
}

#endif
