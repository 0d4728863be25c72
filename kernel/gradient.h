/*
 * kernel/gradient.h: a linear ramp between two colours; a generator.
 *
 * Pixel i of n along the ramp has weight w = i / (n - 1) in 1/65536, rounded,
 * and each channel is (from * (65536 - w) + to * w + 32768) / 65536: exactly
 * `from` at one end and `to` at the other.
 */
#ifndef KERNEL_GRADIENT_H
#define KERNEL_GRADIENT_H

#include "kernel/color.h"
#include "kernel/row.h"

enum gradient_direction { GRADIENT_RIGHT, GRADIENT_DOWN };

struct gradient_params {
	uint32_t from, to;
	int32_t direction; /* enum gradient_direction */
};

struct gradient_uniform {
	uint32_t from, to;
	uint32_t step; /* 2^31 / (n - 1): the last pixel's weight is 65536 */
	int32_t direction;
};

NODE_HOST void gradient_tick(const struct gradient_params *params,
			     const struct tick *tick, void *state,
			     struct gradient_uniform *uniform)
{
	uint32_t n =
		params->direction == GRADIENT_DOWN ? tick->height : tick->width;

	(void)state;
	uniform->from = params->from;
	uniform->to = params->to;
	uniform->step = n > 1 ? (1u << 31) / (n - 1) : 0;
	uniform->direction = params->direction;
}

NODE_PIXEL uint32_t gradient_channel(uint32_t from, uint32_t to,
				     uint32_t weight, uint32_t shift)
{
	return (((from >> shift & 255) * (65536 - weight) +
		 (to >> shift & 255) * weight + 32768) >>
		16)
	       << shift;
}

/* The colour of pixel i along the ramp. */
NODE_PIXEL uint32_t gradient_color(uint32_t from, uint32_t to, uint32_t step,
				   uint32_t i)
{
	uint32_t weight = (i * step + (1u << 14)) >> 15;

	return COLOR_X | gradient_channel(from, to, weight, 16) |
	       gradient_channel(from, to, weight, 8) |
	       gradient_channel(from, to, weight, 0);
}

NODE_PIXEL uint32_t gradient_pixel(const struct gradient_uniform *uniform,
				   int32_t x, int32_t y)
{
	int32_t i = uniform->direction == GRADIENT_DOWN ? y : x;

	return gradient_color(uniform->from, uniform->to, uniform->step,
			      (uint32_t)i);
}

NODE_HOST void gradient_span(const struct gradient_uniform *uniform, int32_t y,
			     int32_t x0, int32_t x1, const uint32_t *const in[],
			     uint32_t *out)
{
	uint32_t from = uniform->from, to = uniform->to, step = uniform->step;
	int32_t x;

	(void)in;
	if (uniform->direction == GRADIENT_DOWN) {
		row_fill(out, x0, x1, x0, x1,
			 gradient_color(from, to, step, (uint32_t)y));
		return;
	}
	for (x = x0; x < x1; x++)
		out[x - x0] = gradient_color(from, to, step, (uint32_t)x);
}

#endif
