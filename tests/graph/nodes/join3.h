/* tests/graph/nodes/join3.h: three inputs, no uniform, a span form. */
#ifndef TESTS_GRAPH_NODES_JOIN3_H
#define TESTS_GRAPH_NODES_JOIN3_H

#include "kernel/node.h"

struct join3_params;
struct join3_uniform;

NODE_HOST void join3_tick(const struct join3_params *params,
			  const struct tick *tick, void *state,
			  struct join3_uniform *uniform)
{
	(void)params;
	(void)tick;
	(void)state;
	(void)uniform;
}

NODE_PIXEL uint32_t join3_pixel(const struct join3_uniform *uniform, int32_t x,
				int32_t y, uint32_t a, uint32_t b, uint32_t c)
{
	(void)uniform;
	(void)x;
	(void)y;
	return 0xFF000000u | ((a + 3 * b + 5 * c) & 0xFFFFFFu);
}

/* Writes out backwards and reads the inputs late: shows an output that
 * overlaps the wrong input. */
NODE_HOST void join3_span(const struct join3_uniform *uniform, int32_t y,
			  int32_t x0, int32_t x1, const uint32_t *const in[],
			  uint32_t *out)
{
	int32_t i;

	for (i = x1 - x0 - 1; i >= 0; i--)
		out[i] = join3_pixel(uniform, x0 + i, y, in[0][i], in[1][i],
				     in[2][i]);
}

#endif
