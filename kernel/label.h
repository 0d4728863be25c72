/* kernel/label.h: one line of text, on a box or not; a filter. */
#ifndef KERNEL_LABEL_H
#define KERNEL_LABEL_H

#include "kernel/box.h"
#include "kernel/line.h"
#include "kernel/row.h"

#define LABEL_CHARACTERS 96

/* size is a baked one's, so that it cannot change with the text. */
struct label_params {
	char text[LABEL_CHARACTERS + 1];
	int32_t size; /* px */
	uint32_t color;
	int32_t anchor;	   /* three a row */
	int32_t offset[2]; /* px */
	uint32_t box;
	int32_t padding; /* px */
};

/* The line lies in the box, which nothing is drawn beyond. */
struct label_uniform {
	struct box box;
	uint32_t color;
	struct line line;
	struct line_glyph glyphs[LABEL_CHARACTERS];
};

NODE_HOST void label_tick(const struct label_params *params,
			  const struct tick *tick, void *state,
			  struct label_uniform *uniform)
{
	struct line *line = &uniform->line;
	struct box *box = &uniform->box;
	int32_t padding = params->padding, width, rows;

	(void)state;
	line_set(line, uniform->glyphs, LABEL_CHARACTERS,
		 line_face(params->size), params->text);
	width = line->width + 2 * padding;
	rows = line->rows + 2 * padding;
	box->left = box_anchor(params->anchor % 3, (int32_t)tick->width, width,
			       params->offset[0]);
	box->top = box_anchor(params->anchor / 3, (int32_t)tick->height, rows,
			      params->offset[1]);
	box->right = box->left + (line->count ? width : 0);
	box->bottom = box->top + rows;
	box->color = params->box;
	line->x = box->left + padding;
	line->y = box->top + padding;
	uniform->color = params->color;
}

NODE_PIXEL bool label_touches(const struct label_uniform *uniform, int32_t x,
			      int32_t y)
{
	return box_meets(&uniform->box, x, y);
}

NODE_PIXEL uint32_t label_pixel(const struct label_uniform *uniform, int32_t x,
				int32_t y, uint32_t in)
{
	if (!box_has(&uniform->box, x, y))
		return in;
	in = color_cover(in, uniform->box.color, 255);
	return color_cover(in, uniform->color,
			   line_coverage(&uniform->line, uniform->glyphs, x, y));
}

NODE_PIXEL void label_run(const struct label_uniform *uniform, int32_t x,
			  int32_t y, const uint32_t *in, uint32_t *out)
{
	uint32_t cover[NODE_RUN], pixel;
	int32_t i;

	line_coverage_run(&uniform->line, uniform->glyphs, x, y, cover);
	NODE_UNROLL
	for (i = 0; i < NODE_RUN; i++) {
		pixel = color_cover(in[i], uniform->box.color, 255);
		pixel = color_cover(pixel, uniform->color, cover[i]);
		out[i] = box_has(&uniform->box, x + i, y) ? pixel : in[i];
	}
}

NODE_HOST void label_span(const struct label_uniform *uniform, int32_t y,
			  int32_t x0, int32_t x1, const uint32_t *const in[],
			  uint32_t *out)
{
	row_copy(out, x0, x1, in[0]);
	box_row(&uniform->box, y, x0, x1, out);
	line_row(&uniform->line, uniform->glyphs, uniform->color, y, x0, x1,
		 out);
}

#endif
