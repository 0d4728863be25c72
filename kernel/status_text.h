/*
 * kernel/status_text.h: five lines of status as antialiased text; a filter.
 *
 * Four lines lie in the box x < 640, y < 160, the frame's number in the box
 * x < 640, y >= height - 64; nothing else is touched. Under each box's text a
 * panel darkens the picture to a quarter, so that the text can be read over
 * anything. The glyphs come from a table baked at build time
 * (tools/bakefont): there is no font code here.
 */
#ifndef KERNEL_STATUS_TEXT_H
#define KERNEL_STATUS_TEXT_H

#include "kernel/color.h"
#include "kernel/decimal.h"
#include "kernel/font_atlas.h"
#include "kernel/row.h"

#if FONT_COVERAGE_BYTES > 65536
#error "status_text_line.ink has 16 bits"
#endif

/* Pixels. The boxes are fixed; panels and text keep clear of `markers`. */
#define STATUS_TEXT_RIGHT  640 /* end of both boxes */
#define STATUS_TEXT_LOWER  64  /* height of the lower box */
#define STATUS_TEXT_LEFT   40  /* of the text */
#define STATUS_TEXT_VECTOR 16  /* rows are drawn in multiples of this */
#define STATUS_TEXT_MARGIN 8   /* of the panel, left of the text */
#define STATUS_TEXT_STRIDE 8   /* columns, of a line's index; no cell is narrower */

#define STATUS_TEXT_GLYPHS 40 /* a line */
#define STATUS_TEXT_UPPER  4  /* lines in the upper box */
#define STATUS_TEXT_LINES  5
#define STATUS_TEXT_PANELS 2
#define STATUS_TEXT_NONE   STATUS_TEXT_LINES /* a line without glyphs */
#define STATUS_TEXT_ROWS   152 /* of a panel, at most */

/* A line: rows y up to y + rows, columns left up to left + width. */
struct status_text_line {
	uint32_t color;
	int16_t y, rows, left, width;
};

/* A glyph's cell begins in column x, where the one before it ends; its
 * coverage is at ink in font_coverage(). */
struct status_text_glyph {
	int16_t x;
	uint16_t ink;
};

/* Columns [left, right), rows [top, bottom), over them lines [first, end). */
struct status_text_panel {
	int16_t left, right, top, bottom;
	uint16_t first, end;
};

/*
 * What a pixel needs is found in a few steps, each the same for its neighbours,
 * none a search: the threads of a GPU wait for one another. line_at[p][r] is
 * the line in row r of a panel, first[l][k] the glyph over column
 * left + k * STATUS_TEXT_STRIDE of a line, the last of a line's glyphs its end.
 */
struct status_text_uniform {
	struct status_text_panel panel[STATUS_TEXT_PANELS];
	struct status_text_line line[STATUS_TEXT_LINES + 1];
	uint8_t line_at[STATUS_TEXT_PANELS][STATUS_TEXT_ROWS];
	uint8_t first[STATUS_TEXT_LINES + 1]
		     [STATUS_TEXT_RIGHT / STATUS_TEXT_STRIDE];
	struct status_text_glyph glyph[STATUS_TEXT_LINES + 1]
				      [STATUS_TEXT_GLYPHS + 1];
};

struct status_text_params;

/* ---- once a tick --------------------------------------------------------- */

/* A character that the atlas lacks is shown as its first one, a space. */
NODE_HOST uint8_t status_text_glyph(enum font_size size, char character)
{
	const char *all = size == FONT_LARGE ? FONT_LARGE_CHARACTERS
					     : FONT_NORMAL_CHARACTERS;
	uint32_t first =
		size == FONT_LARGE ? FONT_LARGE_FIRST : FONT_NORMAL_FIRST;
	uint32_t i;

	for (i = 0; all[i]; i++)
		if (all[i] == character)
			return (uint8_t)(first + i);
	return (uint8_t)first;
}

/* Which glyph is over every STATUS_TEXT_STRIDE-th column. */
NODE_HOST void status_text_index(struct status_text_uniform *uniform, uint32_t l)
{
	const struct status_text_line *line = &uniform->line[l];
	const struct status_text_glyph *glyph = uniform->glyph[l];
	int32_t x;
	uint32_t k = 0, i = 0;

	for (x = 0; x < line->width; x += STATUS_TEXT_STRIDE) {
		while (line->left + x >= glyph[i + 1].x)
			i++;
		uniform->first[l][k++] = (uint8_t)i;
	}
}

/* Sets line l in type. Glyphs that would pass the box's end are left out. */
NODE_HOST void status_text_set(struct status_text_uniform *uniform, uint32_t l,
			       int32_t y, enum font_size size, uint32_t color,
			       const struct decimal *decimal)
{
	struct status_text_line *line = &uniform->line[l];
	struct status_text_glyph *glyph = uniform->glyph[l];
	int32_t right, x = STATUS_TEXT_LEFT;
	uint32_t i;

	line->color = color;
	line->y = (int16_t)y;
	line->rows = size == FONT_LARGE ? FONT_LARGE_ROWS : FONT_NORMAL_ROWS;
	line->left = (int16_t)x;
	glyph[0].x = (int16_t)x;
	for (i = 0; i < STATUS_TEXT_GLYPHS && i < decimal->length; i++) {
		const struct font_glyph *font = font_glyph(
			status_text_glyph(size, decimal->text[i]));

		right = x + (int32_t)font->width;
		if (right > STATUS_TEXT_RIGHT)
			break;
		glyph[i].ink = (uint16_t)font->offset;
		glyph[i + 1].x = (int16_t)right;
		x = right;
	}
	line->width = (int16_t)(x - STATUS_TEXT_LEFT);
	status_text_index(uniform, l);
}

/* The panel behind lines [first, end). It reaches the box's end whatever the
 * text: an edge close to the last letter is read as one by OCR programs. */
NODE_HOST void status_text_back(struct status_text_uniform *uniform,
				uint32_t panel, uint32_t first, uint32_t end,
				int32_t top, int32_t bottom)
{
	struct status_text_panel *back = &uniform->panel[panel];

	back->left = STATUS_TEXT_LEFT - STATUS_TEXT_MARGIN;
	back->right = STATUS_TEXT_RIGHT;
	back->top = (int16_t)top;
	back->bottom = (int16_t)bottom;
	back->first = (uint16_t)first;
	back->end = (uint16_t)end;
	memset(uniform->line_at[panel], STATUS_TEXT_NONE, STATUS_TEXT_ROWS);
	for (; first < end; first++)
		memset(uniform->line_at[panel] + uniform->line[first].y - top,
		       (int)first, (size_t)uniform->line[first].rows);
}

/* Green from 55/60 of the nominal rate, yellow from 40/60, red below. */
NODE_HOST uint32_t status_text_color(const struct tick *tick)
{
	double part = tick->run->fps * 60 * tick->rate_den;

	if (part >= 55.0 * tick->rate_num)
		return color_rgb(0, 255, 0);
	if (part >= 40.0 * tick->rate_num)
		return color_rgb(255, 255, 0);
	return color_rgb(255, 0, 0);
}

/* "FPS: 59.9"; empty while the rate is not known. */
NODE_HOST void status_text_fps(struct status_text_uniform *uniform,
			       const struct tick *tick)
{
	struct decimal text = {0};

	if (tick->run->fps > 0) {
		decimal_string(&text, "FPS: ");
		decimal_tenths(&text, tick->run->fps);
	}
	status_text_set(uniform, 0, 16, FONT_LARGE,
			status_text_color(tick), &text);
}

/* "dt: 16.7 ms" */
NODE_HOST void status_text_dt(struct status_text_uniform *uniform,
			      const struct tick *tick)
{
	struct decimal text = {0};

	decimal_string(&text, "dt: ");
	decimal_tenths(&text, tick->run->dt_ms);
	decimal_string(&text, " ms");
	status_text_set(uniform, 1, 57, FONT_NORMAL,
			color_rgb(255, 255, 255), &text);
}

/* "cpu: 1920x1080"; only the size where the backend is not told. */
NODE_HOST void status_text_backend(struct status_text_uniform *uniform,
				   const struct tick *tick)
{
	struct decimal text = {0};

	decimal_string(&text, tick->run->backend);
	if (text.length)
		decimal_string(&text, ": ");
	decimal_integer(&text, tick->width);
	decimal_string(&text, "x");
	decimal_integer(&text, tick->height);
	status_text_set(uniform, 2, 89, FONT_NORMAL,
			color_rgb(255, 255, 255), &text);
}

/* "late: 0  skipped: 0" */
NODE_HOST void status_text_losses(struct status_text_uniform *uniform,
				  const struct tick *tick)
{
	struct decimal text = {0};

	decimal_string(&text, "late: ");
	decimal_integer(&text, tick->run->late);
	decimal_string(&text, "  skipped: ");
	decimal_integer(&text, tick->run->skipped);
	status_text_set(uniform, 3, 121, FONT_NORMAL,
			color_rgb(255, 255, 255), &text);
}

/* "Frame: 12" */
NODE_HOST void status_text_frame(struct status_text_uniform *uniform,
				 const struct tick *tick, int32_t y)
{
	struct decimal text = {0};

	decimal_string(&text, "Frame: ");
	decimal_integer(&text, tick->number);
	status_text_set(uniform, 4, y, FONT_NORMAL,
			color_rgb(255, 255, 255), &text);
}

NODE_HOST void status_text_tick(const struct status_text_params *params,
				const struct tick *tick, void *state,
				struct status_text_uniform *uniform)
{
	int32_t lower = (int32_t)tick->height - STATUS_TEXT_LOWER;

	(void)params;
	(void)state;
	memset(&uniform->line[STATUS_TEXT_NONE], 0, sizeof(uniform->line[0]));
	uniform->first[STATUS_TEXT_NONE][0] = 0;
	uniform->glyph[STATUS_TEXT_NONE][1].x = STATUS_TEXT_RIGHT;
	status_text_fps(uniform, tick);
	status_text_dt(uniform, tick);
	status_text_backend(uniform, tick);
	status_text_losses(uniform, tick);
	status_text_back(uniform, 0, 0, STATUS_TEXT_UPPER, 8, 154);
	status_text_frame(uniform, tick, lower + 15);
	status_text_back(uniform, 1, STATUS_TEXT_UPPER, STATUS_TEXT_LINES,
			 lower + 8, lower + 50);
}

/* ---- each pixel ---------------------------------------------------------- */

NODE_PIXEL uint32_t status_text_darken(uint32_t pixel)
{
	return COLOR_X | (pixel >> 2 & 0x3f3f3f);
}

/* Coverage 0..255 becomes weight 0..256: no ink leaves the pixel as it is. */
NODE_PIXEL uint32_t status_text_ink(uint32_t pixel, uint32_t color,
				    uint32_t coverage)
{
	return color_blend(pixel, color, coverage + (coverage >> 7));
}

/* Where the coverage of a cell's row is; the next glyph is where the cell
 * ends. */
NODE_PIXEL int32_t status_text_coverage(const struct status_text_glyph *glyph,
					int32_t row)
{
	return glyph->ink + (glyph[1].x - glyph->x) * row;
}

/* Line l over a pixel in a row of it. Beyond the text it is the first byte of
 * all coverage, a space's: no ink. */
NODE_PIXEL uint32_t status_text_letter(const struct status_text_uniform *uniform,
				       uint32_t l, int32_t x, int32_t y,
				       uint32_t pixel)
{
	const struct status_text_line *line = &uniform->line[l];
	const struct status_text_glyph *glyph = uniform->glyph[l];
	uint32_t column = (uint32_t)(x - line->left);
	bool inside = column < (uint32_t)line->width;
	int32_t at;

	column = inside ? column : 0;
	glyph += uniform->first[l][column / STATUS_TEXT_STRIDE];
	glyph += x >= glyph[1].x ? 1 : 0;
	at = status_text_coverage(glyph, y - line->y) + x - glyph->x;
	return status_text_ink(pixel, line->color,
			       font_coverage()[inside ? at : 0]);
}

/* In a frame so low that the panels overlap, the lower one covers the other. */
NODE_PIXEL uint32_t status_text_pixel(const struct status_text_uniform *uniform,
				      int32_t x, int32_t y, uint32_t in)
{
	const struct status_text_uniform *table = NODE_TABLE(uniform);
	uint32_t p = y >= uniform->panel[1].top, drawn;
	const struct status_text_panel *panel = &uniform->panel[p];
	uint32_t row = (uint32_t)(y - panel->top);
	bool inside = (row < (uint32_t)(panel->bottom - panel->top)) &
		      (x >= panel->left) & (x < panel->right);

	row = row < STATUS_TEXT_ROWS ? row : 0;
	drawn = status_text_letter(table, table->line_at[p][row], x, y,
				   status_text_darken(in));
	return inside ? drawn : in;
}

NODE_PIXEL bool status_text_touches(const struct status_text_uniform *uniform,
				    int32_t x, int32_t y)
{
	const struct status_text_panel *upper = &uniform->panel[0];
	const struct status_text_panel *lower = &uniform->panel[1];

	return (x < upper->right && y >= upper->top && y < upper->bottom) ||
	       (x < lower->right && y >= lower->top && y < lower->bottom);
}

/* ---- each row ------------------------------------------------------------ */

/*
 * The coverage of row y of a line, from the box's left edge. Always a whole
 * FONT_CELL_MAX bytes, one copy without a loop: what is too much is covered by
 * the next cell, or lies right of the line.
 */
NODE_HOST void status_text_lay(const struct status_text_uniform *uniform,
			       uint32_t l, int32_t y, uint8_t *ink)
{
	const struct status_text_line *line = &uniform->line[l];
	const struct status_text_glyph *glyph = uniform->glyph[l];

	for (; glyph->x < line->left + line->width; glyph++)
		memcpy(ink + glyph->x,
		       font_coverage() +
			       status_text_coverage(glyph, y - line->y),
		       FONT_CELL_MAX);
}

/* A line's pixels in [x0, x1): laid first, so that one loop, which the
 * compiler turns into vectors, draws them all; beyond the text there is no ink,
 * so that a whole last vector changes nothing there. */
NODE_HOST void status_text_row(const struct status_text_uniform *uniform,
			       uint32_t l, int32_t y, int32_t x0, int32_t x1,
			       uint32_t *out)
{
	const struct status_text_line *line = &uniform->line[l];
	uint8_t ink[STATUS_TEXT_RIGHT + FONT_CELL_MAX];
	int32_t left = line->left, right = left + line->width;
	uint32_t color = line->color;
	int32_t x;

	if (y < line->y || y >= line->y + line->rows)
		return;
	status_text_lay(uniform, l, y, ink);
	memset(ink + right, 0, STATUS_TEXT_VECTOR);
	right = left + (right - left + STATUS_TEXT_VECTOR - 1) /
			       STATUS_TEXT_VECTOR * STATUS_TEXT_VECTOR;
	left = left > x0 ? left : x0;
	right = right < x1 ? right : x1;
	for (x = left; x < right; x++)
		out[x - x0] = status_text_ink(out[x - x0], color, ink[x]);
}

NODE_HOST void status_text_span(const struct status_text_uniform *uniform,
				int32_t y, int32_t x0, int32_t x1,
				const uint32_t *const in[], uint32_t *out)
{
	uint32_t p, line;
	int32_t i;

	row_copy(out, x0, x1, in[0]);
	for (p = 0; p < STATUS_TEXT_PANELS; p++) {
		const struct status_text_panel *panel = &uniform->panel[p];
		int32_t left = panel->left > x0 ? panel->left : x0;
		int32_t right = panel->right < x1 ? panel->right : x1;

		if (y < panel->top || y >= panel->bottom ||
		    (p == 0 && y >= uniform->panel[1].top))
			continue;
		for (i = left - x0; i < right - x0; i++)
			out[i] = status_text_darken(out[i]);
		for (line = panel->first; line < panel->end; line++)
			status_text_row(uniform, line, y, x0, x1, out);
	}
}

#endif
