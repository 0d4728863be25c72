/*
 * tests/nodes/leaky.h: breaks the rule that nodes do not allocate, once, on
 * tick 100. The picture passes unchanged.
 */
#ifndef LEAKY_H
#define LEAKY_H

#include <stdlib.h>

#include "kernel/node.h"

struct leaky_params;

struct leaky_uniform {
	void *volatile kept; /* volatile: the allocation is not optimised out */
};

NODE_HOST void leaky_tick(const struct leaky_params *params,
			  const struct tick *tick, void *state,
			  struct leaky_uniform *uniform)
{
	(void)params;
	(void)state;
	uniform->kept = NULL;
	if (tick->number != 100)
		return;
	uniform->kept = malloc(4096);
	free(uniform->kept);
}

NODE_PIXEL uint32_t leaky_pixel(const struct leaky_uniform *uniform, int32_t x,
				int32_t y, uint32_t in)
{
	(void)uniform;
	(void)x;
	(void)y;
	return in;
}

#endif
