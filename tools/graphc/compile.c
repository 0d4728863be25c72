/* tools/graphc/compile.c: the passes in their order; see compile.h. */
#include "tools/graphc/compile.h"

#include <string.h>

#include "tools/graphc/passes.h"

/* The passes that make one plan. */
static int plan(struct ir *ir)
{
	pass_place(ir);
	pass_fuse(ir);
	pass_schedule(ir);
	if (pass_allocate(ir))
		return -1;
	pass_kernels(ir);
	return 0;
}

int compile(const struct compile *compile, const struct source *source,
	    struct ir *ir, struct output *output)
{
	const struct tree *tree;

	memset(ir, 0, sizeof(*ir));
	ir->arena = compile->arena;
	ir->diag = compile->diag;
	ir->board = compile->board;
	ir->file = compile->file;
	ir->folder = compile->folder;
	ir->fuse = compile->fuse;
	tree = tree_parse(source, ir->arena, ir->diag);
	if (!tree || pass_parse(ir, tree) || pass_bind(ir, compile->library) ||
	    pass_check(ir) || pass_bake(ir))
		return -1;
	ir->backend = GRAPH_BACKEND_CPU;
	ir->cuda = place_cuda(ir);
	if (plan(ir))
		return -1;
	if (ir->cuda) {
		ir->cuda->tick_order = ir->order;
		if (plan(ir->cuda))
			return -1;
	}
	emit(ir, output);
	return 0;
}
