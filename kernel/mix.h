/*
 * kernel/mix.h: a blend of two pictures; a filter with two inputs.
 *
 * Each channel is (a * (256 - alpha) + b * alpha + 128) / 256, rounded down:
 * kernel/color.h's blend.
 */
#ifndef KERNEL_MIX_H
#define KERNEL_MIX_H

#include "kernel/color.h"

struct mix_params {
	int32_t alpha; /* 0..256: share of b in 1/256 */
};

struct mix_uniform {
	uint32_t alpha;
};

NODE_HOST void mix_tick(const struct mix_params *params,
			const struct tick *tick, void *state,
			struct mix_uniform *uniform)
{
	(void)tick;
	(void)state;
	uniform->alpha = (uint32_t)params->alpha;
}

NODE_PIXEL uint32_t mix_pixel(const struct mix_uniform *uniform, int32_t x,
			      int32_t y, uint32_t a, uint32_t b)
{
	(void)x;
	(void)y;
	return color_blend(a, b, uniform->alpha);
}

NODE_HOST void mix_span(const struct mix_uniform *uniform, int32_t y,
			int32_t x0, int32_t x1, const uint32_t *const in[],
			uint32_t *out)
{
	const uint32_t *a = in[0], *b = in[1];
	uint32_t alpha = uniform->alpha;
	int32_t i, count = x1 - x0;

	(void)y;
	for (i = 0; i < count; i++)
		out[i] = color_blend(a[i], b[i], alpha);
}

#endif
