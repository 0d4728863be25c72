/* tests/nodes/invert.h: the negative; a node type outside kernel/. */
#ifndef INVERT_H
#define INVERT_H

#include "kernel/node.h"

struct invert_params;
struct invert_uniform;

NODE_HOST void invert_tick(const struct invert_params *params,
			   const struct tick *tick, void *state,
			   struct invert_uniform *uniform)
{
	(void)params;
	(void)tick;
	(void)state;
	(void)uniform;
}

NODE_PIXEL uint32_t invert_pixel(const struct invert_uniform *uniform,
				 int32_t x, int32_t y, uint32_t in)
{
	(void)uniform;
	(void)x;
	(void)y;
	return in ^ 0xffffff;
}

#endif
