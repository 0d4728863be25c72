/* tests/graph/nodes/plain.h: a generator without parameters, uniform or span. */
#ifndef TESTS_GRAPH_NODES_PLAIN_H
#define TESTS_GRAPH_NODES_PLAIN_H

#include "kernel/node.h"

struct plain_params;
struct plain_uniform;

NODE_HOST void plain_tick(const struct plain_params *params,
			  const struct tick *tick, void *state,
			  struct plain_uniform *uniform)
{
	(void)params;
	(void)tick;
	(void)state;
	(void)uniform;
}

NODE_PIXEL uint32_t plain_pixel(const struct plain_uniform *uniform, int32_t x,
				int32_t y)
{
	(void)uniform;
	return 0xFF000000u | ((uint32_t)(x * 3 + y * 5) & 0xFFFFFFu);
}

#endif
