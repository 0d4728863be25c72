/*
 * kernel/solid.h: a frame of one colour; the smallest generator.
 */
#ifndef KERNEL_SOLID_H
#define KERNEL_SOLID_H

#include "kernel/row.h"

struct solid_params {
	uint32_t color;
};

struct solid_uniform {
	uint32_t color;
};

NODE_HOST void solid_tick(const struct solid_params *params,
			  const struct tick *tick, void *state,
			  struct solid_uniform *uniform)
{
	(void)tick;
	(void)state;
	uniform->color = params->color;
}

NODE_PIXEL uint32_t solid_pixel(const struct solid_uniform *uniform, int32_t x,
				int32_t y)
{
	(void)x;
	(void)y;
	return uniform->color;
}

NODE_HOST void solid_span(const struct solid_uniform *uniform, int32_t y,
			  int32_t x0, int32_t x1, const uint32_t *const in[],
			  uint32_t *out)
{
	(void)y;
	(void)in;
	row_fill(out, x0, x1, x0, x1, uniform->color);
}

NODE_HOST void solid_rows(const struct solid_uniform *uniform, int32_t y0,
			  int32_t y1, const struct image *out)
{
	rows_fill(out, y0, y1, uniform->color);
}

#endif
