/*
 * tools/graphc/place.c: which backend runs each node; see passes.h.
 *
 * Every node type has CPU code and cpu is the only backend there is, so every
 * node goes there and no data is moved between memories.
 */
#include "tools/graphc/passes.h"

void pass_place(struct ir *ir)
{
	uint32_t i;

	for (i = 0; i < ir->node_count; i++)
		ir->nodes[i].backend = GRAPH_BACKEND_CPU;
}
