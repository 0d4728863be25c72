/*
 * tools/graphc/emit_baked.c: the tables of kernel/baked.h, out of files that
 * bake has read; see emit.h.
 *
 * Pixels go out as a string literal: compilers read one ten times as fast as a
 * list of numbers.
 */
#include "tools/graphc/baked.h"
#include "tools/graphc/emit.h"

#define TABLE "__attribute__((unused)) static const "
#define LINE_BYTES 64 /* of pixels in a line of the literal */

/* In a literal, whatever follows: three digits are one byte. */
static void add_byte(struct text *text, unsigned int byte)
{
	if (byte < ' ' || byte > '~' || byte == '"' || byte == '\\' ||
	    byte == '?')
		text_add(text, "\\%03o", byte);
	else
		text_add(text, "%c", byte);
}

static void add_pixels_of(struct text *text, const struct ir_file *file)
{
	size_t i, count = (size_t)file->width * file->height;
	uint32_t byte;

	for (i = 0; i < count; i++) {
		if (i % (LINE_BYTES / 4) == 0)
			text_add(text, i ? "\"\n\t\t\"" : "\n\t\t\"");
		for (byte = 0; byte < 4; byte++)
			add_byte(text, file->pixels[i] >> 8 * byte & 0xff);
	}
	text_add(text, "\"");
}

static void add_points_of(struct text *text, const struct ir_file *file)
{
	uint32_t i, count = file->width * file->height;

	for (i = 0; i < count; i++)
		text_add(text, "%s%d, %d,", i % 4 ? " " : "\n\t\t",
			 file->points[2 * i], file->points[2 * i + 1]);
}

static void add_each(const struct ir *ir, struct text *text,
		     enum binding_reference kind,
		     void (*add)(struct text *text, const struct ir_file *file))
{
	uint32_t i;

	for (i = 0; i < ir->file_count; i++)
		if (ir->files[i].kind == kind)
			add(text, &ir->files[i]);
}

/* Their sizes, and where each begins; `step` numbers for each pixel or point.
 * Returns how many rows there are. */
static uint32_t add_table(const struct ir *ir, struct text *text,
			  enum binding_reference kind, uint32_t step)
{
	const struct ir_file *file;
	uint32_t i, first = 0, count = 1;

	text_add(text, "\t{0, 0, 0}, /* none */\n");
	for (i = 0; i < ir->file_count; i++) {
		file = &ir->files[i];
		if (file->kind != kind)
			continue;
		text_add(text, "\t{%u, %u, %u}, /* %s.%s */\n", file->width,
			 file->height, first, file->node, file->param);
		first += step * file->width * file->height;
		count++;
	}
	text_add(text, "};\n\n");
	return count;
}

/* Has a node a parameter that could name one? */
static bool is_used(const struct ir *ir, enum binding_reference kind)
{
	const struct binding *binding;
	uint32_t i, j;

	for (i = 0; i < ir->node_count; i++) {
		binding = ir->nodes[i].binding;
		for (j = 0; j < binding->param_count; j++)
			if (binding->params[j].reference == kind)
				return true;
	}
	return false;
}

static void baked_add_images(const struct ir *ir, struct text *text)
{
	uint32_t count;

	text_add(text, TABLE "struct baked_image baked_images[] = {\n");
	count = add_table(ir, text, REFERENCE_IMAGE, 1);
	text_add(text,
		 "enum { BAKED_IMAGES = %u };\n\n"
		 "NODE_PIXEL const uint32_t *baked_pixels(void)\n{\n"
		 "\tstatic const uint8_t bytes[]\n"
		 "\t\t__attribute__((aligned(16))) = \"\"",
		 count);
	add_each(ir, text, REFERENCE_IMAGE, add_pixels_of);
	text_add(text, ";\n\n\treturn (const uint32_t *)(const void *)bytes;\n"
		       "}\n\n");
}

/* What is behind the last point makes an array of none. */
static void add_grids(const struct ir *ir, struct text *text)
{
	uint32_t count;

	text_add(text, TABLE "struct baked_grid baked_grids[] = {\n");
	count = add_table(ir, text, REFERENCE_GRID, 2);
	text_add(text,
		 "enum { BAKED_GRIDS = %u };\n\n"
		 "NODE_PIXEL const int32_t *baked_points(void)\n{\n"
		 "\tstatic const int32_t points[] = {",
		 count);
	add_each(ir, text, REFERENCE_GRID, add_points_of);
	text_add(text, "\n\t\t0, 0,\n\t};\n\n\treturn points;\n}\n\n");
}

/* A function that no node uses would be a warning of nvcc's. */
void emit_baked(const struct ir *ir, struct text *text)
{
	bool images = is_used(ir, REFERENCE_IMAGE);
	bool grids = is_used(ir, REFERENCE_GRID);

	if (!images && !grids)
		return;
	text_add(text,
		 "/* Files that parameters name. */\n#define GRAPH_BAKED\n"
		 "#include \"kernel/baked.h\"\n"
		 "#if BAKED_ONE != %d\n#error \"kernel/baked.h is of another "
		 "version: run make graphs\"\n#endif\n\n",
		 BAKED_GRID_ONE);
	if (images)
		baked_add_images(ir, text);
	if (grids)
		add_grids(ir, text);
}

static void add_word(struct text *text, const char *word)
{
	text_add(text, ", \"");
	for (; *word; word++)
		add_byte(text, (unsigned char)*word);
	text_add(text, "\"");
}

void emit_references(const struct ir *ir, struct text *text,
		     enum binding_reference reference)
{
	uint32_t i;

	text_add(text, "(const char *const[]){\"-\"");
	for (i = 0; i < ir->file_count; i++)
		if (ir->files[i].kind == reference)
			add_word(text, ir->files[i].path);
	for (i = 0; reference == REFERENCE_SOURCE && i < ir->source_count; i++)
		add_word(text, ir->nodes[ir->sources[i]].name);
	text_add(text, ", NULL}},\n");
}

/* A path as make reads it; % means something in a target only. */
static void add_path(struct text *text, const char *path, bool target)
{
	for (; *path; path++) {
		if (*path == ' ' || *path == '#' || (target && *path == '%'))
			text_add(text, "\\");
		if (*path == '$')
			text_add(text, "$");
		text_add(text, "%c", *path);
	}
}

static void baked_add_file(const struct ir *ir, struct text *text, uint32_t i,
		     bool target)
{
	const char *path = ir->files[i].path;

	if (*path != '/')
		add_path(text, ir->folder, target);
	add_path(text, path, target);
}

/* Each is also a target without a recipe, which is always new where it is gone:
 * that is graphc's to refuse, not make's. */
void emit_depends(const struct ir *ir, const char *directory, struct text *text)
{
	static const char *const endings[] = {"h", "c", "cu", "txt", "dot"};
	uint32_t i;

	for (i = 0; i < 5; i++) {
		add_path(text, directory, true);
		text_add(text, "/%s.%s ", ir->name, endings[i]);
	}
	text_add(text, ":");
	for (i = 0; i < ir->file_count; i++) {
		text_add(text, " \\\n\t");
		baked_add_file(ir, text, i, false);
	}
	for (i = 0; i < ir->file_count; i++) {
		text_add(text, "\n");
		baked_add_file(ir, text, i, true);
		text_add(text, ": $(if $(wildcard ");
		baked_add_file(ir, text, i, false);
		text_add(text, "),,force)");
	}
	text_add(text, "\n");
}
