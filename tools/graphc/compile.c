/* tools/graphc/compile.c: the passes in their order; see compile.h. */
#include "tools/graphc/compile.h"

#include <string.h>

#include "tools/graphc/passes.h"

int compile(const struct compile *compile, const struct source *source,
	    struct ir *ir, struct output *output)
{
	const struct tree *tree;

	memset(ir, 0, sizeof(*ir));
	ir->arena = compile->arena;
	ir->diag = compile->diag;
	ir->board = compile->board;
	ir->file = compile->file;
	ir->fuse = compile->fuse;
	tree = tree_parse(source, ir->arena, ir->diag);
	if (!tree || pass_parse(ir, tree) || pass_bind(ir, compile->library) ||
	    pass_check(ir))
		return -1;
	pass_place(ir);
	pass_fuse(ir);
	pass_schedule(ir);
	if (pass_allocate(ir))
		return -1;
	emit(ir, output);
	return 0;
}
