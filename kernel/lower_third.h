/*
 * kernel/lower_third.h: two lines of text on a box with an accent bar, which
 * come in from the left edge and leave there again; a filter.
 *
 * Where they are is a function of the tick and of the tick at which `visible`
 * last changed.
 */
#ifndef KERNEL_LOWER_THIRD_H
#define KERNEL_LOWER_THIRD_H

#include "kernel/box.h"
#include "kernel/ease.h"
#include "kernel/line.h"
#include "kernel/row.h"

#define LOWER_THIRD_CHARACTERS 64
#define LOWER_THIRD_LINES      2
#define LOWER_THIRD_VISIBLE    2   /* index of that parameter */
#define LOWER_THIRD_SECONDS    1.0 /* a slide's */

struct lower_third_params {
	char title[LOWER_THIRD_CHARACTERS + 1];
	char subtitle[LOWER_THIRD_CHARACTERS + 1];
	int32_t visible;
	int32_t title_size, subtitle_size; /* px */
	uint32_t title_color, subtitle_color;
	uint32_t box, bar;
	int32_t bar_width; /* px */
	int32_t offset[2]; /* px */
	int32_t padding;   /* px */
};

/* The bar is left of the box; nothing is drawn outside of the two. */
struct lower_third_uniform {
	struct box box, bar;
	uint32_t color[LOWER_THIRD_LINES];
	struct line line[LOWER_THIRD_LINES];
	struct line_glyph glyphs[LOWER_THIRD_LINES][LOWER_THIRD_CHARACTERS];
};

NODE_HOST void lower_third_set(const struct lower_third_params *params,
			       struct lower_third_uniform *uniform)
{
	line_set(&uniform->line[0], uniform->glyphs[0], LOWER_THIRD_CHARACTERS,
		 line_face(params->title_size), params->title);
	line_set(&uniform->line[1], uniform->glyphs[1], LOWER_THIRD_CHARACTERS,
		 line_face(params->subtitle_size), params->subtitle);
	if (!uniform->line[1].count)
		uniform->line[1].rows = 0;
	uniform->color[0] = params->title_color;
	uniform->color[1] = params->subtitle_color;
}

/* The left edge of the bar: `part` of the way from beyond the picture. */
NODE_HOST int32_t lower_third_left(const struct lower_third_params *params,
				   int32_t width, double part)
{
	int32_t way = params->offset[0] + width;

	return params->offset[0] - (int32_t)lround((1 - part) * way);
}

NODE_HOST void lower_third_tick(const struct lower_third_params *params,
				const struct tick *tick, void *state,
				struct lower_third_uniform *uniform)
{
	struct line *line = uniform->line;
	struct box *box = &uniform->box, *bar = &uniform->bar;
	int32_t padding = params->padding, width;

	(void)state;
	lower_third_set(params, uniform);
	width = line[0].width > line[1].width ? line[0].width : line[1].width;
	width += 2 * padding;
	bar->left = lower_third_left(
		params, params->bar_width + width,
		ease_switch(tick, LOWER_THIRD_VISIBLE, params->visible,
			    LOWER_THIRD_SECONDS));
	bar->right = box->left = bar->left + params->bar_width;
	box->right = box->left + width;
	box->bottom = bar->bottom = (int32_t)tick->height - params->offset[1];
	box->top = bar->top =
		box->bottom - line[0].rows - line[1].rows - 2 * padding;
	box->color = params->box;
	bar->color = params->bar;
	line[0].x = line[1].x = box->left + padding;
	line[0].y = box->top + padding;
	line[1].y = line[0].y + line[0].rows;
}

NODE_PIXEL bool lower_third_touches(const struct lower_third_uniform *uniform,
				    int32_t x, int32_t y)
{
	return box_meets(&uniform->box, x, y) || box_meets(&uniform->bar, x, y);
}

NODE_PIXEL uint32_t lower_third_pixel(const struct lower_third_uniform *uniform,
				      int32_t x, int32_t y, uint32_t in)
{
	uint32_t l = y >= uniform->line[1].y;

	in = box_pixel(&uniform->bar, x, y, in);
	if (!box_has(&uniform->box, x, y))
		return in;
	in = color_cover(in, uniform->box.color, 255);
	return color_cover(in, uniform->color[l],
			   line_coverage(&uniform->line[l], uniform->glyphs[l],
					 x, y));
}

NODE_PIXEL void lower_third_run(const struct lower_third_uniform *uniform,
				int32_t x, int32_t y, const uint32_t *in,
				uint32_t *out)
{
	uint32_t l = y >= uniform->line[1].y, cover[NODE_RUN], pixel, behind;
	int32_t i;

	line_coverage_run(&uniform->line[l], uniform->glyphs[l], x, y, cover);
	NODE_UNROLL
	for (i = 0; i < NODE_RUN; i++) {
		behind = box_pixel(&uniform->bar, x + i, y, in[i]);
		pixel = color_cover(behind, uniform->box.color, 255);
		pixel = color_cover(pixel, uniform->color[l], cover[i]);
		out[i] = box_has(&uniform->box, x + i, y) ? pixel : behind;
	}
}

NODE_HOST void lower_third_span(const struct lower_third_uniform *uniform,
				int32_t y, int32_t x0, int32_t x1,
				const uint32_t *const in[], uint32_t *out)
{
	uint32_t l;

	row_copy(out, x0, x1, in[0]);
	box_row(&uniform->bar, y, x0, x1, out);
	box_row(&uniform->box, y, x0, x1, out);
	for (l = 0; l < LOWER_THIRD_LINES; l++)
		line_row(&uniform->line[l], uniform->glyphs[l],
			 uniform->color[l], y, x0, x1, out);
}

#endif
