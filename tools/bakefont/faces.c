/*
 * tools/bakefont/faces.c: see faces.h.
 *
 * Glyphs are cut to their ink, since most of a character's cell is empty. The
 * bytes go out as string literals: compilers read them ten times as fast as
 * lists of numbers.
 */
#include "tools/bakefont/faces.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <ft2build.h>
#include FT_FREETYPE_H

#define FACES_TABLE "__attribute__((unused)) static const "
#define LINE_BYTES 64 /* of coverage in a line of the literal */

struct faces {
	const struct faces_request *request;
	FT_Library library;
	FT_Face font;
	FILE *out;
	uint32_t codes[FACES_GLYPHS], count; /* the first is the box */
	FT_UInt indices[FACES_GLYPHS]; /* of the font, by character */
	uint32_t ink, column;
	bool short_escape; /* the last byte went out as one or two digits */
	char *error;
	size_t error_bytes;
};

static const struct {
	const char *name;
	struct faces_range range;
} named_ranges[] = {
	{"latin", {0x20, 0x7e}},	{"latin", {0xa0, 0x17f}},
	{"latin", {0x2010, 0x2026}},	{"latin", {0x2030, 0x203a}},
	{"latin", {0x20ac, 0x20ac}},	{"latin", {0x2122, 0x2122}},
	{"greek", {0x386, 0x3ce}},	{"cyrillic", {0x400, 0x45f}},
	{"cyrillic", {0x490, 0x491}},
};

static bool add_range(struct faces_request *request, struct faces_range range)
{
	if (request->range_count == FACES_RANGES || range.first > range.last ||
	    range.first < ' ' || range.last > 0x10ffff)
		return false;
	request->ranges[request->range_count++] = range;
	return true;
}

/* Hexadecimal, 2 to 6 digits, up to `end`. */
static bool read_code(const char *text, const char *end, uint32_t *code)
{
	static const char digits[] = "0123456789abcdefABCDEF";
	size_t bytes = (size_t)(end - text);

	if (bytes < 2 || bytes > 6 || strspn(text, digits) < bytes)
		return false;
	*code = (uint32_t)strtoul(text, NULL, 16);
	return true;
}

bool faces_name_range(struct faces_request *request, const char *name)
{
	const char *end = name + strlen(name), *dash = strchr(name, '-');
	struct faces_range range;
	bool found = false;
	size_t i;

	for (i = 0; i < sizeof(named_ranges) / sizeof(named_ranges[0]); i++)
		if (!strcmp(named_ranges[i].name, name)) {
			found = true;
			if (!add_range(request, named_ranges[i].range))
				return false;
		}
	if (found)
		return true;
	if (!read_code(name, dash ? dash : end, &range.first) ||
	    !read_code(dash ? dash + 1 : name, end, &range.last))
		return false;
	return add_range(request, range);
}

__attribute__((format(printf, 2, 3))) static int
faces_fail(const struct faces *faces, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(faces->error, faces->error_bytes, format, args);
	va_end(args);
	return -1;
}

static int by_code(const void *a, const void *b)
{
	uint32_t one = *(const uint32_t *)a, two = *(const uint32_t *)b;

	return one < two ? -1 : one > two;
}

/* The characters of all ranges that the font has, each once. */
static int list_codes(struct faces *faces)
{
	const struct faces_request *request = faces->request;
	uint32_t i, code, kept = 1;

	faces->count = 1;
	for (i = 0; i < request->range_count; i++)
		for (code = request->ranges[i].first;
		     code <= request->ranges[i].last; code++) {
			if (!FT_Get_Char_Index(faces->font, code))
				continue;
			if (faces->count == FACES_GLYPHS)
				return faces_fail(faces,
						  "more than %d characters; "
						  "name fewer",
						  FACES_GLYPHS);
			faces->codes[faces->count++] = code;
		}
	qsort(faces->codes + 1, faces->count - 1, sizeof(faces->codes[0]),
	      by_code);
	for (i = 1; i < faces->count; i++)
		if (faces->codes[i] != faces->codes[kept - 1])
			faces->codes[kept++] = faces->codes[i];
	faces->count = kept;
	for (i = 1; i < kept; i++)
		faces->indices[i] =
			FT_Get_Char_Index(faces->font, faces->codes[i]);
	return 0;
}

static void write_codes(const struct faces *faces)
{
	uint32_t i;

	fputs(FACES_TABLE "uint32_t face_codes[] = {", faces->out);
	for (i = 0; i < faces->count; i++)
		fprintf(faces->out, "%s0x%x,", i % 8 ? " " : "\n\t",
			faces->codes[i]);
	fputs("\n};\n\n", faces->out);
}

static int set_size(const struct faces *faces, uint32_t size)
{
	if (FT_Set_Pixel_Sizes(faces->font, 0, faces->request->sizes[size]))
		return faces_fail(faces, "%s cannot be scaled",
				  faces->request->font);
	return 0;
}

static int ascent_of(const struct faces *faces)
{
	return (int)((faces->font->size->metrics.ascender + 63) >> 6);
}

static int descent_of(const struct faces *faces)
{
	return (int)((-faces->font->size->metrics.descender + 63) >> 6);
}

static int write_sizes(const struct faces *faces)
{
	uint32_t i;

	fputs(FACES_TABLE "struct face face_sizes[] = {\n", faces->out);
	for (i = 0; i < faces->request->size_count; i++) {
		if (set_size(faces, i))
			return -1;
		fprintf(faces->out, "\t{%u, %d, %d},\n",
			faces->request->sizes[i], ascent_of(faces),
			descent_of(faces));
	}
	fputs("};\n\n", faces->out);
	return 0;
}

/* A box as high as a capital, for characters that are not there. */
struct box {
	int left, top, advance, width, rows, line;
};

static struct box box_of(const struct faces *faces, uint32_t size)
{
	int em = (int)faces->request->sizes[size];
	struct box box = {.left = em / 12 + 1,
			  .width = em / 2,
			  .rows = em * 3 / 4,
			  .line = em / 16 + 1};

	box.top = ascent_of(faces) - box.rows;
	box.advance = box.width + 2 * box.left;
	return box;
}

static FT_GlyphSlot load(const struct faces *faces, uint32_t glyph)
{
	FT_GlyphSlot slot = faces->font->glyph;

	if (FT_Load_Char(faces->font, faces->codes[glyph],
			 FT_LOAD_RENDER | FT_LOAD_TARGET_LIGHT) ||
	    (slot->bitmap.width &&
	     slot->bitmap.pixel_mode != FT_PIXEL_MODE_GRAY)) {
		faces_fail(faces, "U+%04X of %s cannot be rendered",
			   faces->codes[glyph], faces->request->font);
		return NULL;
	}
	return slot;
}

static int write_shape(struct faces *faces, uint32_t glyph)
{
	FT_GlyphSlot slot = load(faces, glyph);

	if (!slot)
		return -1;
	fprintf(faces->out, "\t{%d, %d, %d, %u, %u, %u},\n", slot->bitmap_left,
		ascent_of(faces) - slot->bitmap_top,
		(int)((slot->advance.x + 32) >> 6), slot->bitmap.width,
		slot->bitmap.rows, faces->ink);
	faces->ink += slot->bitmap.width * slot->bitmap.rows;
	return 0;
}

static int write_shapes(struct faces *faces)
{
	uint32_t i, glyph;

	fprintf(faces->out,
		FACES_TABLE "struct face_shape face_shapes[][%u] = {\n",
		faces->count);
	for (i = 0; i < faces->request->size_count; i++) {
		struct box box;

		if (set_size(faces, i))
			return -1;
		box = box_of(faces, i);
		fprintf(faces->out, "\t{{%d, %d, %d, %d, %d, %u},\n", box.left,
			box.top, box.advance, box.width, box.rows, faces->ink);
		faces->ink += (uint32_t)(box.width * box.rows);
		for (glyph = 1; glyph < faces->count; glyph++)
			if (write_shape(faces, glyph))
				return -1;
		fputs("\t},\n", faces->out);
	}
	fputs("};\n\n", faces->out);
	if (faces->ink <= FACES_INK)
		return 0;
	return faces_fail(faces,
			  "%u characters in these sizes are %u bytes; the "
			  "limit is %u: name fewer characters or sizes",
			  faces->count, faces->ink, FACES_INK);
}

/* In font units, so that one table does for all sizes. */
static uint32_t write_kerns(const struct faces *faces)
{
	uint32_t a, b, count = 0;
	FT_Vector kern;

	fputs(FACES_TABLE "struct face_kern face_kerns[] = {\n", faces->out);
	for (a = 1; a < faces->count; a++)
		for (b = 1; b < faces->count; b++) {
			if (FT_Get_Kerning(faces->font, faces->indices[a],
					   faces->indices[b],
					   FT_KERNING_UNSCALED, &kern) ||
			    !kern.x)
				continue;
			fprintf(faces->out, "\t{0x%x, %ld},\n", a << 16 | b,
				kern.x);
			count++;
		}
	fputs("\t{0xffffffff, 0}, /* behind the last pair */\n};\n\n",
	      faces->out);
	return count;
}

/* Of a literal: a digit after a short octal escape would be one more of it. */
static void write_byte(struct faces *faces, int byte)
{
	bool digit = byte >= '0' && byte <= '7', escaped;

	if (faces->column++ % LINE_BYTES == 0) {
		fputs(faces->column > 1 ? "\"\n\t\"" : "\t\"", faces->out);
		faces->short_escape = false;
	}
	escaped = byte < ' ' || byte > '~' || byte == '"' || byte == '\\' ||
		  byte == '?' || (digit && faces->short_escape);
	fprintf(faces->out, escaped ? "\\%o" : "%c", (unsigned int)byte);
	faces->short_escape = escaped && byte < 0100;
}

static void write_box(struct faces *faces, uint32_t size)
{
	struct box box = box_of(faces, size);
	int x, y;

	for (y = 0; y < box.rows; y++)
		for (x = 0; x < box.width; x++)
			write_byte(faces, y < box.line || x < box.line ||
							  y >= box.rows - box.line ||
							  x >= box.width - box.line
						  ? 255
						  : 0);
}

static int write_glyph(struct faces *faces, uint32_t glyph)
{
	FT_GlyphSlot slot = load(faces, glyph);
	unsigned int y, x;

	if (!slot)
		return -1;
	for (y = 0; y < slot->bitmap.rows; y++)
		for (x = 0; x < slot->bitmap.width; x++)
			write_byte(faces,
				   slot->bitmap.buffer[(int)y * slot->bitmap.pitch +
						       (int)x]);
	return 0;
}

static int write_ink(struct faces *faces)
{
	uint32_t i, glyph;

	fputs("NODE_PIXEL const uint8_t *face_ink(void)\n{\n"
	      "\tstatic const uint8_t ink[] =\n",
	      faces->out);
	for (i = 0; i < faces->request->size_count; i++) {
		if (set_size(faces, i))
			return -1;
		write_box(faces, i);
		for (glyph = 1; glyph < faces->count; glyph++)
			if (write_glyph(faces, glyph))
				return -1;
	}
	fputs("\";\n\n\treturn ink;\n}\n\n", faces->out);
	return 0;
}

static int write_all(struct faces *faces)
{
	uint32_t kerns;

	if (list_codes(faces))
		return -1;
	write_codes(faces);
	if (write_sizes(faces) || write_shapes(faces))
		return -1;
	kerns = write_kerns(faces);
	fprintf(faces->out,
		"enum { FACE_COUNT = %u, FACE_GLYPHS = %u, FACE_KERNS = %u, "
		"FACE_EM = %u };\n\n",
		faces->request->size_count, faces->count, kerns,
		faces->font->units_per_EM);
	return write_ink(faces);
}

int faces_bake(const struct faces_request *request, FILE *out, char *error,
	       size_t error_bytes)
{
	static struct faces faces;
	int result;

	faces = (struct faces){.request = request,
			       .out = out,
			       .error = error,
			       .error_bytes = error_bytes};
	if (FT_Init_FreeType(&faces.library))
		return faces_fail(&faces, "FreeType cannot be initialised");
	if (FT_New_Face(faces.library, request->font, 0, &faces.font))
		result = faces_fail(&faces,
				    "%s cannot be read; install "
				    "fonts-dejavu-core",
				    request->font);
	else
		result = write_all(&faces);
	FT_Done_FreeType(faces.library);
	return result;
}
