/*
 * tools/graphc/bake.c: the font in the sizes that a graph uses, and the files
 * that its parameters name; see passes.h.
 */
#include <stdio.h>
#include <stdlib.h>

#include "tools/graphc/baked.h"
#include "tools/graphc/passes.h"
#include "tools/graphc/text.h"

static int bake_font(struct ir *ir)
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

static int refuse_file(struct ir *ir, const struct ir_file *file,
		       enum rule rule, const char *why)
{
	return diag_refuse(ir->diag, file->at, rule, "'%s.%s': %s: %s%s",
			   file->node, file->param,
			   diag_quote(ir->diag, file->path), why,
			   rule == RULE_PARAM_FILE && ir->folder
				   ? "; name a file by its path from the "
				     "graph's folder"
				   : "");
}

/* Paths are seen from the description's folder, unless they begin at the root. */
static const char *path_of(const struct ir *ir, const struct ir_file *file)
{
	struct text path;

	if (*file->path == '/')
		return file->path;
	text_init(&path, ir->arena);
	text_add(&path, "%s%s", ir->folder, file->path);
	return path.bytes;
}

static int bake_image(struct ir *ir, struct ir_file *file,
		      const struct source *source, uint32_t *pixels)
{
	char why[192];

	if (baked_image(file, source, *pixels, ir->arena, why, sizeof(why)))
		return refuse_file(ir, file, RULE_FILE_IMAGE, why);
	*pixels -= file->width * file->height;
	return 0;
}

/* What is wrong in a grid is told by its place there. */
static int bake_grid(struct ir *ir, struct ir_file *file, const char *path,
		     const struct source *source)
{
	const char *described = ir->diag->file;

	ir->diag->file = path;
	if (source_check(source, ir->diag) ||
	    baked_grid(file, source, ir->arena, ir->diag))
		return -1;
	ir->diag->file = described;
	return 0;
}

/* `pixels`: how many more there may be. */
static int bake_file(struct ir *ir, struct ir_file *file, uint32_t *pixels)
{
	bool image = file->kind == REFERENCE_IMAGE;
	struct source source;
	const char *path;
	char why[256];

	if (!ir->folder)
		return refuse_file(ir, file, RULE_PARAM_FILE,
				   "this text may name no files");
	path = path_of(ir, file);
	if (source_load(&source, path,
			image ? LIMIT_IMAGE_BYTES : LIMIT_FILE_BYTES, ir->arena,
			why, sizeof(why)) != RULE_COUNT)
		return refuse_file(ir, file, RULE_PARAM_FILE, why);
	return image ? bake_image(ir, file, &source, pixels)
		     : bake_grid(ir, file, path, &source);
}

int pass_bake(struct ir *ir)
{
	uint32_t i, pixels = LIMIT_PIXELS;

	for (i = 0; i < ir->file_count; i++)
		if (bake_file(ir, &ir->files[i], &pixels))
			return -1;
	return bake_font(ir);
}
