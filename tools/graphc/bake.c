/* tools/graphc/bake.c: the font in the sizes that a graph uses; see passes.h. */
#include <stdio.h>
#include <stdlib.h>

#include "tools/graphc/passes.h"

int pass_bake(struct ir *ir)
{
	char error[256] = "there is no memory for it", *text = NULL;
	size_t bytes;
	FILE *out;
	int result = -1;

	if (!ir->faces.size_count)
		return 0;
	out = open_memstream(&text, &bytes);
	if (out) {
		result = faces_bake(&ir->faces, out, error, sizeof(error));
		fclose(out);
	}
	if (!result)
		ir->baked = arena_text(ir->arena, text, bytes);
	free(text);
	if (!result)
		return 0;
	return diag_refuse(ir->diag,
			   ir->characters_at.line ? ir->characters_at
						  : ir->nodes_at,
			   RULE_FONT_BAKE, "the font: %s", error);
}
