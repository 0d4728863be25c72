/*
 * tests/gpu/graphs/posterize.h: fewer levels a channel; a filter that is not
 * for GPUs, so that graphs with it have to move frames between the memories.
 */
#ifndef POSTERIZE_H
#define POSTERIZE_H

#include "kernel/color.h"

struct posterize_params {
	int32_t levels;
};

struct posterize_uniform {
	uint8_t level[256]; /* by level of the input */
};

NODE_HOST void posterize_tick(const struct posterize_params *params,
			      const struct tick *tick, void *state,
			      struct posterize_uniform *uniform)
{
	uint32_t i, step, last = (uint32_t)params->levels - 1;

	(void)tick;
	(void)state;
	for (i = 0; i < 256; i++) {
		step = (i * last + 127) / 255;
		uniform->level[i] = (uint8_t)((step * 255 + last / 2) / last);
	}
}

NODE_PIXEL uint32_t posterize_pixel(const struct posterize_uniform *uniform,
				    int32_t x, int32_t y, uint32_t in)
{
	(void)x;
	(void)y;
	return color_rgb(uniform->level[in >> 16 & 255],
			 uniform->level[in >> 8 & 255],
			 uniform->level[in & 255]);
}

NODE_HOST void posterize_span(const struct posterize_uniform *uniform,
			      int32_t y, int32_t x0, int32_t x1,
			      const uint32_t *const in[], uint32_t *out)
{
	int32_t i;

	for (i = 0; i < x1 - x0; i++)
		out[i] = posterize_pixel(uniform, x0 + i, y, in[0][i]);
}

#endif
