/*
 * tools/graphc/place.c: which backend runs each node; see passes.h.
 *
 * Every node type has CPU code, so in the cpu plan every node is there. In the
 * cuda plan each node whose type has CUDA code is on the device, whatever its
 * neighbours are: what that costs in transfers is printed in NAME.txt. A source
 * is read where its users are; what only loads it is on the plan's backend.
 */
#include <string.h>

#include "tools/graphc/passes.h"

void pass_place(struct ir *ir)
{
	struct ir_node *node;
	uint32_t i;

	for (i = 0; i < ir->node_count; i++) {
		node = &ir->nodes[i];
		node->backend =
			node->binding->cuda ? ir->backend : GRAPH_BACKEND_CPU;
	}
}

static bool any_on_device(const struct ir *ir)
{
	uint32_t i;

	for (i = 0; i < ir->node_count; i++)
		if (ir->nodes[i].binding->cuda && ir->nodes[i].source == IR_NONE)
			return true;
	return false;
}

struct ir *place_cuda(const struct ir *ir)
{
	struct ir *cuda;

	if (!ir->board->bytes[DOMAIN_DEVICE] || !any_on_device(ir))
		return NULL;
	cuda = arena_alloc(ir->arena, 1, sizeof(*cuda));
	*cuda = *ir;
	cuda->backend = GRAPH_BACKEND_CUDA;
	cuda->nodes =
		arena_alloc(ir->arena, ir->node_count, sizeof(*cuda->nodes));
	memcpy(cuda->nodes, ir->nodes, ir->node_count * sizeof(*cuda->nodes));
	cuda->order =
		arena_alloc(ir->arena, ir->node_count, sizeof(*cuda->order));
	memcpy(cuda->order, ir->order, ir->node_count * sizeof(*cuda->order));
	return cuda;
}
