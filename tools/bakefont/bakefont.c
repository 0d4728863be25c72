/*
 * tools/bakefont: rasterizes the characters that kernel/status_text.h and
 * runtime/port/source_card.c draw into C tables, so that no font code is left at
 * run time.
 *
 *   bakefont [-f FONT.ttf] -o font_atlas.h
 *   bakefont [-f FONT.ttf] -s font_sample.h
 *
 * -s: a few sizes for kernel/line.h where no graph says which, as in tests.
 * Rasterizing is FreeType's; the font is DejaVu Sans from Debian's
 * fonts-dejavu-core. Build time only. Read kernel/status_text.h next.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ft2build.h>
#include FT_FREETYPE_H

#include "tools/bakefont/faces.h"

#define GLYPHS_MAX   80
#define CELL_MAX     32 /* px; widest cell */

/* One size of the font and the characters that are needed in it. The first
 * character stands for any that is missing. */
struct size {
	const char *name;
	unsigned int pixels; /* em */
	const char *characters;
};

static const struct size sizes[] = {
	{"LARGE", 44, " 0123456789.:FPS"},
	{"NORMAL", 28, " 0123456789.:Facdeiklmprstux"},
	/* names of nodes, runtime/port/source_card.c */
	{"NAME", 24,
	 " -0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"},
};
#define SIZE_COUNT (sizeof(sizes) / sizeof(sizes[0]))

/* The cell of a character: rows from the tallest glyph's top to the deepest
 * one's bottom, columns from the pen to the next character's pen. */
struct cell {
	int width;     /* px; bytes of a row of coverage */
	size_t offset; /* of its coverage in the table */
};

struct extent {
	int top, bottom; /* px over and under the base line */
};

struct baker {
	FT_Face face;
	FILE *out;
	size_t offset;
	struct cell cells[SIZE_COUNT][GLYPHS_MAX];
	struct extent extent[SIZE_COUNT];
};

static void refuse(const char *what, const char *why)
{
	fprintf(stderr, "bakefont: %s: %s\n", what, why);
	exit(1);
}

static FT_GlyphSlot load(struct baker *baker, char character)
{
	FT_Face face = baker->face;
	char what[] = "character ' '";

	what[sizeof(what) - 3] = character;
	if (!FT_Get_Char_Index(face, (FT_ULong)character))
		refuse(what, "not in the font; use DejaVu Sans");
	if (FT_Load_Char(face, (FT_ULong)character,
			 FT_LOAD_RENDER | FT_LOAD_TARGET_LIGHT))
		refuse(what, "FreeType cannot render it; use DejaVu Sans");
	if (face->glyph->bitmap.width &&
	    face->glyph->bitmap.pixel_mode != FT_PIXEL_MODE_GRAY)
		refuse(what, "not an outline glyph; use DejaVu Sans");
	return face->glyph;
}

static int left_of(FT_GlyphSlot glyph)
{
	return glyph->bitmap_left > 0 ? glyph->bitmap_left : 0;
}

/* First pass over one size: the cells and the rows they share. */
static void measure(struct baker *baker, size_t size)
{
	const char *c;
	struct extent *extent = &baker->extent[size];
	struct cell *cell = baker->cells[size];

	for (c = sizes[size].characters; *c; c++, cell++) {
		FT_GlyphSlot glyph = load(baker, *c);
		int rows = (int)glyph->bitmap.rows, top = glyph->bitmap_top;
		int ink = left_of(glyph) + (int)glyph->bitmap.width;
		int advance = (int)((glyph->advance.x + 32) >> 6);

		if (rows && top > extent->top)
			extent->top = top;
		if (rows && rows - top > extent->bottom)
			extent->bottom = rows - top;
		cell->width = ink > advance ? ink : advance;
		if (cell->width > CELL_MAX)
			refuse(sizes[size].name, "glyphs too wide");
	}
}

static void write_row(FILE *out, const unsigned char *row, int width)
{
	int i;

	fputs("\t\t", out);
	for (i = 0; i < width; i++)
		fprintf(out, "%u,", row[i]);
	fputc('\n', out);
}

/* Second pass: coverage, 0..255, cell by cell and row by row. */
static void bake(struct baker *baker, size_t size)
{
	const struct extent *extent = &baker->extent[size];
	int height = extent->top + extent->bottom;
	struct cell *cell = baker->cells[size];
	const char *c;

	for (c = sizes[size].characters; *c; c++, cell++) {
		FT_GlyphSlot glyph = load(baker, *c);
		int y, first = extent->top - glyph->bitmap_top;

		fprintf(baker->out, "\t\t/* %s '%c' */\n", sizes[size].name,
			*c);
		for (y = 0; y < height; y++) {
			unsigned char row[CELL_MAX] = {0};
			int from = y - first;

			if (from >= 0 && from < (int)glyph->bitmap.rows)
				memcpy(row + left_of(glyph),
				       glyph->bitmap.buffer +
					       from * glyph->bitmap.pitch,
				       glyph->bitmap.width);
			write_row(baker->out, row, cell->width);
		}
		cell->offset = baker->offset;
		baker->offset += (size_t)(height * cell->width);
	}
}

static void each_size(struct baker *baker,
		      void (*pass)(struct baker *baker, size_t size))
{
	size_t size;

	for (size = 0; size < SIZE_COUNT; size++) {
		if (FT_Set_Pixel_Sizes(baker->face, 0, sizes[size].pixels))
			refuse("font", "cannot be scaled; use DejaVu Sans");
		pass(baker, size);
	}
}

static void write_head(FILE *out)
{
	size_t size;

	fputs("/* font_atlas.h: made by tools/bakefont. Do not edit. */\n"
	      "#ifndef KERNEL_FONT_ATLAS_H\n#define KERNEL_FONT_ATLAS_H\n\n"
	      "#include \"kernel/node.h\"\n\nenum font_size {\n",
	      out);
	for (size = 0; size < SIZE_COUNT; size++)
		fprintf(out, "\tFONT_%s,\n", sizes[size].name);
	fputs("\tFONT_SIZE_COUNT\n};\n\n", out);
	fprintf(out, "#define FONT_CELL_MAX %d /* px; no cell is wider */\n\n",
		CELL_MAX);
	fputs("/* Width in pixels, offset into font_coverage() in bytes. */\n"
	      "struct font_glyph {\n\tuint32_t width, offset;\n};\n",
	      out);
}

/* Functions hold the tables: CUDA then has them on host and device. */
static void write_glyphs(const struct baker *baker)
{
	FILE *out = baker->out;
	size_t size, i, first = 0;

	for (size = 0; size < SIZE_COUNT; size++) {
		fprintf(out, "\n#define FONT_%s_ROWS %d\n", sizes[size].name,
			baker->extent[size].top + baker->extent[size].bottom);
		fprintf(out, "#define FONT_%s_FIRST %zu\n", sizes[size].name,
			first);
		fprintf(out, "#define FONT_%s_CHARACTERS \"%s\"\n",
			sizes[size].name, sizes[size].characters);
		first += strlen(sizes[size].characters);
	}
	fprintf(out, "#define FONT_GLYPH_COUNT %zu\n\n", first);
	fputs("NODE_PIXEL const struct font_glyph *font_glyph(uint32_t index)\n"
	      "{\n\tstatic const struct font_glyph glyphs[] = {\n",
	      out);
	for (size = 0; size < SIZE_COUNT; size++)
		for (i = 0; sizes[size].characters[i]; i++) {
			const struct cell *cell = &baker->cells[size][i];

			fprintf(out, "\t\t{%d, %zu}, /* %s '%c' */\n",
				cell->width, cell->offset, sizes[size].name,
				sizes[size].characters[i]);
		}
	fputs("\t};\n\n\treturn &glyphs[index];\n}\n\n", out);
}

static void write_atlas(struct baker *baker)
{
	static const unsigned char nothing[CELL_MAX];
	FILE *out = baker->out;

	each_size(baker, measure);
	write_head(out);
	fputs("\n/* Each glyph's rows, top first; one byte a pixel, 255: all\n"
	      " * ink. FONT_CELL_MAX bytes may be read from any row. */\n"
	      "NODE_PIXEL const uint8_t *font_coverage(void)\n{\n"
	      "\tstatic const uint8_t coverage[] = {\n",
	      out);
	each_size(baker, bake);
	fputs("\t\t/* behind the last row */\n", out);
	write_row(out, nothing, CELL_MAX);
	fputs("\t};\n\n\treturn coverage;\n}\n", out);
	write_glyphs(baker);
	fprintf(out, "#define FONT_COVERAGE_BYTES %zu\n\n#endif\n",
		baker->offset);
}

static int write_sample(const char *font, const char *path)
{
	struct faces_request request = {
		.font = font, .sizes = {12, 31, 48}, .size_count = 3};
	char error[256];
	FILE *out = fopen(path, "w");

	if (!out)
		refuse(path, "cannot be written");
	if (!faces_name_range(&request, "latin") ||
	    !faces_name_range(&request, "cyrillic"))
		refuse("sample", "no such range");
	fputs("/* font_sample.h: made by tools/bakefont. Do not edit. */\n"
	      "#ifndef KERNEL_FONT_SAMPLE_H\n#define KERNEL_FONT_SAMPLE_H\n\n"
	      "#include \"kernel/face.h\"\n\n",
	      out);
	if (faces_bake(&request, out, error, sizeof(error)))
		refuse("sample", error);
	fputs("#endif\n", out);
	if (ferror(out) || fclose(out))
		refuse(path, "could not be written completely");
	return 0;
}

int main(int argc, char **argv)
{
	static struct baker baker;
	const char *font = FACES_FONT, *path = NULL, *sample = NULL;
	FT_Library library;
	int option, bad = 0;

	while ((option = getopt(argc, argv, "f:o:s:")) != -1) {
		if (option == 'f')
			font = optarg;
		else if (option == 'o')
			path = optarg;
		else if (option == 's')
			sample = optarg;
		else
			bad = 1;
	}
	if (bad || !path == !sample || optind != argc) {
		fputs("usage: bakefont [-f FONT.ttf] -o font_atlas.h\n"
		      "       bakefont [-f FONT.ttf] -s font_sample.h\n",
		      stderr);
		return 2;
	}
	if (sample)
		return write_sample(font, sample);
	if (FT_Init_FreeType(&library))
		refuse("FreeType", "cannot be initialised");
	if (FT_New_Face(library, font, 0, &baker.face))
		refuse(font, "cannot be read; install fonts-dejavu-core");
	baker.out = fopen(path, "w");
	if (!baker.out)
		refuse(path, "cannot be written");
	write_atlas(&baker);
	if (ferror(baker.out) || fclose(baker.out))
		refuse(path, "could not be written completely");
	FT_Done_Face(baker.face);
	FT_Done_FreeType(library);
	return 0;
}
