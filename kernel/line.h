/*
 * kernel/line.h: one line of text, for nodes that draw some.
 *
 * foo_tick sets it: characters become places, with kerning, and a struct of them
 * in the uniform. foo_pixel asks for the coverage of a pixel, foo_span for a
 * row's at once. Characters stand one beside the other, from left to right; one
 * that the font lacks is a box.
 *
 * The font is the graph's, see kernel/face.h.
 */
#ifndef KERNEL_LINE_H
#define KERNEL_LINE_H

#include <string.h>

#include "kernel/blend.h"
#include "kernel/utf8.h"
#ifndef GRAPH_FACES /* NAME.h has none: tests, or a header by itself */
#include "kernel/font_sample.h"
#endif

#define LINE_INDEX    64    /* parts that a line is divided into */
#define LINE_RIGHT    16384 /* px; what would begin beyond is left out */
#define LINE_CHUNK    512   /* px; that a row is drawn at once */
#define LINE_NEAR     3	    /* characters whose ink may be in one cell */

/*
 * A character's cell begins at column `pen` of the line and ends where the next
 * one's begins; no cell is empty. Its ink, columns [left, left + width), may lie
 * in the neighbouring cells too, but no farther: so a pixel's ink is that of
 * its own cell's character and of the two beside it.
 */
struct line_glyph {
	int16_t pen, left, top;
	uint16_t width, rows;
	uint16_t pitch; /* bytes from row to row of its ink */
	uint32_t ink;	/* into face_ink() */
};

/* first[k]: the character in whose cell column k << shift lies. */
struct line {
	int32_t x, y; /* of the top left corner, on the picture */
	int32_t width, rows;
	uint32_t count, shift;
	uint8_t first[LINE_INDEX];
};

/* ---- once a tick --------------------------------------------------------- */

/* The largest size that is not above `size`, or the smallest. */
NODE_HOST uint32_t line_face(int32_t size)
{
	uint32_t i = FACE_COUNT - 1;

	while (i && face_sizes[i].size > size)
		i--;
	return i;
}

/* Its index; 0, the box, for what is not there. */
NODE_HOST uint32_t line_character(uint32_t code)
{
	uint32_t low = 1, high = FACE_GLYPHS, middle;

	while (low < high) {
		middle = (low + high) / 2;
		if (face_codes[middle] < code)
			low = middle + 1;
		else
			high = middle;
	}
	return low < FACE_GLYPHS && face_codes[low] == code ? low : 0;
}

/* Pixels, rounded to the nearest, by which two characters stand wider. */
NODE_HOST int32_t line_kern(uint32_t face, uint32_t left, uint32_t right)
{
	uint32_t pair = left << 16 | right;
	uint32_t low = 0, high = FACE_KERNS, middle;
	int32_t by;

	while (low < high) {
		middle = (low + high) / 2;
		if (face_kerns[middle].pair < pair)
			low = middle + 1;
		else
			high = middle;
	}
	if (face_kerns[low].pair != pair)
		return 0;
	by = face_kerns[low].by * face_sizes[face].size * 2;
	return (by < 0 ? by - FACE_EM : by + FACE_EM) / (2 * FACE_EM);
}

NODE_HOST void line_place(struct line_glyph *glyph,
			  const struct face_shape *shape, int32_t pen)
{
	glyph->pen = (int16_t)pen;
	glyph->left = (int16_t)(pen + shape->left);
	glyph->top = shape->top;
	glyph->width = shape->width;
	glyph->rows = shape->rows;
	glyph->pitch = shape->width;
	glyph->ink = shape->ink;
}

/* Ink outside [left, right) is cut off. */
NODE_HOST void line_clip(struct line_glyph *glyph, int32_t left, int32_t right)
{
	int32_t from = glyph->left, to = from + glyph->width;

	left = left > from ? left : from;
	right = right < to ? right : to;
	right = right > left ? right : left;
	glyph->ink += (uint32_t)(left - from);
	glyph->left = (int16_t)left;
	glyph->width = (uint16_t)(right - left);
}

NODE_HOST void line_clip_all(struct line *line, struct line_glyph *glyphs)
{
	uint32_t i, count = line->count;

	for (i = 0; i < count; i++)
		line_clip(&glyphs[i], i ? glyphs[i - 1].pen : 0,
			  i + 2 < count ? glyphs[i + 2].pen : line->width);
}

NODE_HOST void line_index(struct line *line, const struct line_glyph *glyphs)
{
	uint32_t k, i = 0;

	line->shift = 3;
	while (line->width >> line->shift >= LINE_INDEX)
		line->shift++;
	for (k = 0; k < LINE_INDEX; k++) {
		while (i + 1 < line->count &&
		       glyphs[i + 1].pen <= (int32_t)(k << line->shift))
			i++;
		line->first[k] = (uint8_t)i;
	}
}

/*
 * Sets `text`, at most `most` <= 256 characters of it, into line and glyphs, in
 * the size line_face has found, with its top left corner at 0, 0; the caller
 * moves it. Its width reaches from the first ink or pen to the last.
 */
NODE_HOST void line_set(struct line *line, struct line_glyph *glyphs,
			uint32_t most, uint32_t face, const char *text)
{
	const struct face_shape *shapes = face_shapes[face];
	size_t at = 0, bytes = strlen(text), read;
	uint32_t code, character, before = 0, n = 0;
	int32_t pen = 0, end = 0, right;

	for (; at < bytes && n < most && pen < LINE_RIGHT; at += read, n++) {
		read = utf8_read(text + at, bytes - at, &code);
		if (!read)
			break;
		character = line_character(code);
		if (!n && shapes[character].left < 0)
			pen = -shapes[character].left;
		if (n)
			pen += line_kern(face, before, character);
		if (n && pen <= glyphs[n - 1].pen)
			pen = glyphs[n - 1].pen + 1;
		line_place(&glyphs[n], &shapes[character], pen);
		right = glyphs[n].left + glyphs[n].width;
		pen += shapes[character].advance;
		end = right > end ? right : end;
		end = pen > end ? pen : end;
		before = character;
	}
	line->x = line->y = 0;
	line->width = end;
	line->rows = face_sizes[face].ascent + face_sizes[face].descent;
	line->count = n;
	line_clip_all(line, glyphs);
	line_index(line, glyphs);
}

/* ---- each pixel ---------------------------------------------------------- */

NODE_PIXEL uint32_t line_ink(const struct line_glyph *glyph, int32_t column,
			     int32_t row)
{
	uint32_t x = (uint32_t)(column - glyph->left);
	uint32_t y = (uint32_t)(row - glyph->top);

	if (x >= glyph->width || y >= glyph->rows)
		return 0;
	return face_ink()[glyph->ink + y * glyph->pitch + x];
}

/* 0 to 255, anywhere on the picture. */
NODE_PIXEL uint32_t line_coverage(const struct line *line,
				  const struct line_glyph *glyphs, int32_t x,
				  int32_t y)
{
	int32_t column = x - line->x, row = y - line->y;
	uint32_t i, ink, most;

	if ((uint32_t)column >= (uint32_t)line->width ||
	    (uint32_t)row >= (uint32_t)line->rows)
		return 0;
	glyphs = NODE_TABLE(glyphs);
	i = NODE_TABLE(line->first)[(uint32_t)column >> line->shift];
	while (i + 1 < line->count && glyphs[i + 1].pen <= column)
		i++;
	most = line_ink(&glyphs[i], column, row);
	if (i) {
		ink = line_ink(&glyphs[i - 1], column, row);
		most = ink > most ? ink : most;
	}
	if (i + 1 < line->count) {
		ink = line_ink(&glyphs[i + 1], column, row);
		most = ink > most ? ink : most;
	}
	return most;
}

/* ---- the pixels of a GPU's thread ------------------------------------------ */

/* What one character's ink covers, more than is covered. */
NODE_PIXEL void line_ink_run(const struct line_glyph *glyph, int32_t column,
			     int32_t row, uint32_t *cover)
{
	uint32_t ink;
	int32_t i;

	NODE_UNROLL
	for (i = 0; i < NODE_RUN; i++) {
		ink = line_ink(glyph, column + i, row);
		cover[i] = ink > cover[i] ? ink : cover[i];
	}
}

/*
 * line_coverage of NODE_RUN pixels. The characters whose ink may be there are
 * found once: from the one before the first pixel's cell to the one behind the
 * last pixel's. Those of one cell are asked without waiting for one another,
 * more where the run goes on into the next.
 */
NODE_PIXEL void line_coverage_run(const struct line *line,
				  const struct line_glyph *glyphs, int32_t x,
				  int32_t y, uint32_t *cover)
{
	int32_t column = x - line->x, row = y - line->y, i;
	int32_t begin = column < 0 ? 0 : column, end = column + NODE_RUN;
	uint32_t first, most = line->count - 1, n;

	NODE_UNROLL
	for (i = 0; i < NODE_RUN; i++)
		cover[i] = 0;
	if ((begin >= line->width) | (end <= 0) |
	    ((uint32_t)row >= (uint32_t)line->rows))
		return;
	glyphs = NODE_TABLE(glyphs);
	first = NODE_TABLE(line->first)[(uint32_t)begin >> line->shift];
	while (first < most && glyphs[first + 1].pen <= begin)
		first++;
	first -= first ? 1 : 0;
	NODE_UNROLL
	for (n = 0; n < LINE_NEAR; n++)
		line_ink_run(&glyphs[first + n < most ? first + n : most],
			     column, row, cover);
	for (n = first + LINE_NEAR; n <= most && glyphs[n - 1].pen < end; n++)
		line_ink_run(&glyphs[n], column, row, cover);
}

/* ---- each row ------------------------------------------------------------ */

/* Coverage of columns [from, to) of a row of the line. */
NODE_HOST void line_lay(const struct line *line,
			const struct line_glyph *glyphs, int32_t row,
			int32_t from, int32_t to, uint8_t *ink)
{
	const struct line_glyph *glyph;

	memset(ink, 0, (size_t)(to - from));
	for (glyph = glyphs; glyph < glyphs + line->count; glyph++) {
		uint32_t y = (uint32_t)(row - glyph->top);
		int32_t left = glyph->left > from ? glyph->left : from;
		int32_t right = glyph->left + glyph->width, i;
		const uint8_t *cover;

		if (y >= glyph->rows)
			continue;
		right = right < to ? right : to;
		cover = face_ink() + glyph->ink + y * glyph->pitch;
		for (i = left; i < right; i++) {
			uint8_t more = cover[i - glyph->left];

			ink[i - from] = more > ink[i - from] ? more
							     : ink[i - from];
		}
	}
}

/* The line in row y over the pixels [x0, x1) of out. */
NODE_HOST void line_row(const struct line *line,
			const struct line_glyph *glyphs, uint32_t color,
			int32_t y, int32_t x0, int32_t x1, uint32_t *out)
{
	int32_t left = line->x > x0 ? line->x : x0;
	int32_t right = line->x + line->width, next;
	uint8_t ink[LINE_CHUNK];

	if (y < line->y || y >= line->y + line->rows)
		return;
	right = right < x1 ? right : x1;
	for (; left < right; left = next) {
		next = right - left < LINE_CHUNK ? right : left + LINE_CHUNK;
		line_lay(line, glyphs, y - line->y, left - line->x,
			 next - line->x, ink);
		blend_ink(color, ink, next - left, out + (left - x0));
	}
}

#endif
