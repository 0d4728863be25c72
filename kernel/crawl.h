/*
 * kernel/crawl.h: a line of text that moves from right to left; a filter.
 *
 * It comes in at the right edge, leaves at the left one, and begins again. It
 * stands at multiples of 1/16 px, where a pixel is mixed of two neighbours of
 * the text; the place is exact for any tick, after hours as at first.
 */
#ifndef KERNEL_CRAWL_H
#define KERNEL_CRAWL_H

#include <math.h>

#include "kernel/box.h"
#include "kernel/line.h"
#include "kernel/row.h"

#define CRAWL_CHARACTERS 200
#define CRAWL_ONE	 16 /* a pixel */

struct crawl_params {
	char text[CRAWL_CHARACTERS + 1];
	int32_t size; /* px */
	double speed; /* px/s */
	uint32_t color;
	uint32_t box;
	int32_t bottom;	 /* px */
	int32_t padding; /* px */
};

struct crawl_uniform {
	struct box box;
	uint32_t color;
	uint32_t part; /* of a pixel that the text is right of line.x */
	struct line line;
	struct line_glyph glyphs[CRAWL_CHARACTERS];
};

/* number * den / num * speed, modulo period: without a product that 64 bits
 * cannot hold, for rates of at most 10^6 and periods below 2^20. */
NODE_HOST uint64_t crawl_way(const struct tick *tick, uint64_t speed,
			     uint64_t period)
{
	uint64_t num = tick->rate_num, den = tick->rate_den;
	uint64_t whole = tick->number / num, rest = tick->number % num;
	uint64_t step = den * speed % period;

	return (whole % period * step + rest * den * speed / num) % period;
}

NODE_HOST void crawl_tick(const struct crawl_params *params,
			  const struct tick *tick, void *state,
			  struct crawl_uniform *uniform)
{
	int32_t width = (int32_t)tick->width, way;
	struct line *line = &uniform->line;
	struct box *box = &uniform->box;

	(void)state;
	line_set(line, uniform->glyphs, CRAWL_CHARACTERS,
		 line_face(params->size), params->text);
	box->left = 0;
	box->right = width;
	box->bottom = (int32_t)tick->height - params->bottom;
	box->top = box->bottom - line->rows - 2 * params->padding;
	box->color = params->box;
	way = CRAWL_ONE * width -
	      (int32_t)crawl_way(
		      tick, (uint64_t)llround(params->speed * CRAWL_ONE),
		      (uint64_t)(CRAWL_ONE * (width + line->width + 1)));
	line->x = (way + (CRAWL_ONE << 16)) / CRAWL_ONE - (1 << 16);
	line->y = box->top + params->padding;
	uniform->part = (uint32_t)(way - line->x * CRAWL_ONE);
	uniform->color = params->color;
}

NODE_PIXEL bool crawl_touches(const struct crawl_uniform *uniform, int32_t x,
			      int32_t y)
{
	return box_meets(&uniform->box, x, y);
}

/* Of two pixels of the text side by side, `part` of the left one. */
NODE_PIXEL uint32_t crawl_mix(uint32_t left, uint32_t right, uint32_t part)
{
	return (left * part + right * (CRAWL_ONE - part) + CRAWL_ONE / 2) /
	       CRAWL_ONE;
}

NODE_PIXEL uint32_t crawl_pixel(const struct crawl_uniform *uniform, int32_t x,
				int32_t y, uint32_t in)
{
	const struct line *line = &uniform->line;
	uint32_t left, right;

	if (!box_has(&uniform->box, x, y))
		return in;
	left = line_coverage(line, uniform->glyphs, x - 1, y);
	right = line_coverage(line, uniform->glyphs, x, y);
	return color_cover(color_cover(in, uniform->box.color, 255),
			   uniform->color,
			   crawl_mix(left, right, uniform->part));
}

/* Columns [left, right) of the picture, at most LINE_CHUNK, in a row of the
 * line. */
NODE_HOST void crawl_chunk(const struct crawl_uniform *uniform, int32_t row,
			   int32_t left, int32_t right, uint32_t *out)
{
	uint32_t color = uniform->color, part = uniform->part;
	uint8_t ink[LINE_CHUNK + 1];
	int32_t i;

	line_lay(&uniform->line, uniform->glyphs, row,
		 left - 1 - uniform->line.x, right - uniform->line.x, ink);
	for (i = 0; i < right - left; i++)
		out[i] = color_cover(out[i], color,
				     crawl_mix(ink[i], ink[i + 1], part));
}

NODE_HOST void crawl_span(const struct crawl_uniform *uniform, int32_t y,
			  int32_t x0, int32_t x1, const uint32_t *const in[],
			  uint32_t *out)
{
	const struct line *line = &uniform->line;
	int32_t left = line->x > x0 ? line->x : x0;
	int32_t right = line->x + line->width + 1, next;

	row_copy(out, x0, x1, in[0]);
	box_row(&uniform->box, y, x0, x1, out);
	if (y < line->y || y >= line->y + line->rows ||
	    y < uniform->box.top || y >= uniform->box.bottom)
		return;
	right = right < x1 ? right : x1;
	for (; left < right; left = next) {
		next = right - left < LINE_CHUNK ? right : left + LINE_CHUNK;
		crawl_chunk(uniform, y - line->y, left, next, out + left - x0);
	}
}

#endif
