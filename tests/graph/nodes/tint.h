/* tests/graph/nodes/tint.h: a filter without a span form. */
#ifndef TESTS_GRAPH_NODES_TINT_H
#define TESTS_GRAPH_NODES_TINT_H

#include "kernel/node.h"

struct tint_params {
	int32_t amount;
};

struct tint_uniform {
	uint32_t amount;
};

NODE_HOST void tint_tick(const struct tint_params *params,
			 const struct tick *tick, void *state,
			 struct tint_uniform *uniform)
{
	(void)tick;
	(void)state;
	uniform->amount = (uint32_t)params->amount;
}

NODE_PIXEL uint32_t tint_pixel(const struct tint_uniform *uniform, int32_t x,
			       int32_t y, uint32_t in)
{
	(void)x;
	(void)y;
	return 0xFF000000u | ((in + uniform->amount * 0x010203u) & 0xFFFFFFu);
}

#endif
