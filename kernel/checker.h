/*
 * kernel/checker.h: a chessboard; a generator. Shows scaling and sharpness.
 */
#ifndef KERNEL_CHECKER_H
#define KERNEL_CHECKER_H

#include "kernel/row.h"

struct checker_params {
	int32_t field; /* px a side */
	uint32_t first, second;
};

struct checker_uniform {
	int32_t field;
	uint32_t color[2];
};

NODE_HOST void checker_tick(const struct checker_params *params,
			    const struct tick *tick, void *state,
			    struct checker_uniform *uniform)
{
	(void)tick;
	(void)state;
	uniform->field = params->field;
	uniform->color[0] = params->first;
	uniform->color[1] = params->second;
}

NODE_PIXEL uint32_t checker_pixel(const struct checker_uniform *uniform,
				  int32_t x, int32_t y)
{
	int32_t field = uniform->field;

	return uniform->color[(x / field + y / field) & 1];
}

NODE_HOST void checker_span(const struct checker_uniform *uniform, int32_t y,
			    int32_t x0, int32_t x1, const uint32_t *const in[],
			    uint32_t *out)
{
	int32_t field = uniform->field, i;

	(void)in;
	for (i = x0 / field; i * field < x1; i++)
		row_fill(out, x0, x1, i * field, (i + 1) * field,
			 uniform->color[(i + y / field) & 1]);
}

#endif
