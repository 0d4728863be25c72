/* tests/graph/nodes/grain.h: a generator that is not for GPUs. */
#ifndef TESTS_GRAPH_NODES_GRAIN_H
#define TESTS_GRAPH_NODES_GRAIN_H

#include "kernel/node.h"

struct grain_params;

struct grain_uniform {
	uint32_t seed, unused;
	uint32_t column[];
};

NODE_PIXEL uint32_t grain_mix(uint32_t value)
{
	return (value ^ value >> 15) * 0x2c1b3c6du;
}

NODE_HOST void grain_tick(const struct grain_params *params,
			  const struct tick *tick, void *state,
			  struct grain_uniform *uniform)
{
	uint32_t x;

	(void)params;
	(void)state;
	uniform->seed = (uint32_t)tick->number;
	uniform->unused = 0;
	for (x = 0; x < tick->width; x++)
		uniform->column[x] = grain_mix(x + uniform->seed);
}

NODE_PIXEL uint32_t grain_pixel(const struct grain_uniform *uniform, int32_t x,
				int32_t y)
{
	uint32_t column = grain_mix((uint32_t)x + uniform->seed);

	return 0xFF000000u | grain_mix(column + (uint32_t)y) >> 8;
}

NODE_HOST void grain_span(const struct grain_uniform *uniform, int32_t y,
			  int32_t x0, int32_t x1, const uint32_t *const in[],
			  uint32_t *out)
{
	int32_t x;

	(void)in;
	for (x = x0; x < x1; x++)
		out[x - x0] = 0xFF000000u |
			      grain_mix(uniform->column[x] + (uint32_t)y) >> 8;
}

#endif
