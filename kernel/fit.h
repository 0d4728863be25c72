/*
 * kernel/fit.h: a picture of any size, scaled and placed in the frame.
 *
 * foo_tick finds where the picture goes and which part of it; a pixel there is at
 * (x - left) * step + start of the source, in 1/65536 pixels. Bilinear mixes the
 * four nearest pixels with weights of 8 bits: rows first, then columns.
 *
 * Read kernel/window.h first.
 */
#ifndef KERNEL_FIT_H
#define KERNEL_FIT_H

#include "kernel/row.h"
#include "kernel/window.h"

#define FIT_ONE 65536 /* a pixel of the source */

enum fit_mode { FIT_CONTAIN, FIT_COVER, FIT_STRETCH, FIT_CENTRE };
enum fit_filter { FIT_BILINEAR, FIT_NEAREST };

struct fit_params {
	int32_t mode, filter;
	int32_t source[4];
	uint32_t margin;
};

/* One side: where it is in the frame, and what of the source is there. */
struct fit_side {
	int32_t from, to;    /* pixels of the frame that are drawn */
	int32_t start, step; /* in 1/FIT_ONE; start is from's */
	int32_t first, last; /* pixels of the source that may be read */
};

struct fit_uniform {
	struct fit_side x, y;
	uint32_t margin;
	uint8_t nearest, exact; /* exact: pixel for pixel */
};

/* A part of the source, `length` from `at`, as if it were `size` pixels of the
 * frame, in its middle; what lies outside of the frame is cut off. */
NODE_HOST struct fit_side fit_place(double at, double length, double size,
				    uint32_t frame, bool nearest)
{
	double step = length / size, from = floor((frame - size) / 2);
	struct fit_side side = {.first = (int32_t)floor(at),
				.last = (int32_t)ceil(at + length) - 1};

	side.from = from < 0 ? 0 : (int32_t)from;
	side.to = from + size > frame ? (int32_t)frame : (int32_t)(from + size);
	at += (side.from - from + 0.5) * step - (nearest ? 0 : 0.5);
	side.start = (int32_t)lround(at * FIT_ONE);
	side.step = (int32_t)lround(step * FIT_ONE);
	return side;
}

/* The part of the source to show: as asked for, inside the picture. */
NODE_HOST void fit_part(int32_t at, int32_t length, uint32_t picture,
			double *from, double *to)
{
	at = window_clamp(at, picture);
	if (!length || length > (int32_t)picture - at)
		length = (int32_t)picture - at;
	*from = at;
	*to = at + length;
}

NODE_HOST void fit_tick(const struct fit_params *params,
			const struct tick *tick, void *state,
			struct fit_uniform *uniform)
{
	bool nearest = params->filter == FIT_NEAREST;
	double x0, x1, y0, y1, width, height, scale_x, scale_y;

	(void)state;
	fit_part(params->source[0], params->source[2], tick->input[0].width,
		 &x0, &x1);
	fit_part(params->source[1], params->source[3], tick->input[0].height,
		 &y0, &y1);
	width = x1 - x0;
	height = y1 - y0;
	scale_x = tick->width / width;
	scale_y = tick->height / height;
	if (params->mode == FIT_CONTAIN)
		scale_x = scale_y = fmin(scale_x, scale_y);
	else if (params->mode == FIT_COVER)
		scale_x = scale_y = fmax(scale_x, scale_y);
	else if (params->mode == FIT_CENTRE)
		scale_x = scale_y = 1;
	uniform->x = fit_place(x0, width, fmax(1, round(width * scale_x)),
			       tick->width, nearest);
	uniform->y = fit_place(y0, height, fmax(1, round(height * scale_y)),
			       tick->height, nearest);
	uniform->margin = params->margin;
	uniform->nearest = nearest;
	uniform->exact = uniform->x.step == FIT_ONE &&
			 uniform->y.step == FIT_ONE;
	if (uniform->exact && !nearest) /* no half pixel is between */
		uniform->exact = uniform->x.start % FIT_ONE == 0 &&
				 uniform->y.start % FIT_ONE == 0;
}

/* The pixel of the source at a position, inside the part that may be read. */
NODE_PIXEL int32_t fit_pixel_of(const struct fit_side *side, int32_t position)
{
	int32_t at = position >> 16;

	return at < side->first ? side->first
	       : at > side->last ? side->last
				 : at;
}

NODE_PIXEL int32_t fit_position(const struct fit_side *side, int32_t at)
{
	return side->start + (at - side->from) * side->step;
}

/* How much of the next pixel is in it, in 1/256. */
NODE_PIXEL uint32_t fit_weight(int32_t position)
{
	return (uint32_t)position >> 8 & 255;
}

NODE_PIXEL uint32_t fit_pixel(const struct fit_uniform *uniform, int32_t x,
			      int32_t y, const struct picture *in)
{
	const struct fit_side *column = &uniform->x, *row = &uniform->y;
	int32_t px, py, x0, x1, y0, y1;
	uint32_t weight;

	if (x < column->from || x >= column->to || y < row->from ||
	    y >= row->to)
		return uniform->margin;
	px = fit_position(column, x);
	py = fit_position(row, y);
	x0 = fit_pixel_of(column, px);
	y0 = fit_pixel_of(row, py);
	if (uniform->nearest)
		return picture_at(in, x0, y0);
	x1 = fit_pixel_of(column, px + FIT_ONE);
	y1 = fit_pixel_of(row, py + FIT_ONE);
	weight = fit_weight(py);
	return color_blend(color_blend(picture_at(in, x0, y0),
				       picture_at(in, x0, y1), weight),
			   color_blend(picture_at(in, x1, y0),
				       picture_at(in, x1, y1), weight),
			   fit_weight(px));
}

/* The row that columns are then made from: two of the source's, mixed. */
NODE_HOST const uint32_t *fit_row(const struct fit_uniform *uniform, int32_t y,
				  struct window *in)
{
	const struct fit_side *side = &uniform->y;
	int32_t position = fit_position(side, y);
	int32_t y0 = fit_pixel_of(side, position);
	int32_t y1 = fit_pixel_of(side, position + FIT_ONE), x;
	uint32_t weight = fit_weight(position), *mixed = in->work;
	const uint32_t *top = window_row(in, y0), *below;

	if (uniform->nearest || !weight || y0 == y1)
		return top;
	below = window_row(in, y1);
	for (x = uniform->x.first; x <= uniform->x.last; x++)
		mixed[x] = color_blend(top[x], below[x], weight);
	return mixed;
}

/* Pixels from up to to of a row out of that one. */
NODE_HOST void fit_columns(const struct fit_uniform *uniform, int32_t from,
			   int32_t to, const uint32_t *row, uint32_t *out)
{
	const struct fit_side side = uniform->x;
	int32_t i;

	if (uniform->nearest) {
		for (i = 0; i < to - from; i++)
			out[i] = row[fit_pixel_of(
				&side, fit_position(&side, from + i))];
		return;
	}
	for (i = 0; i < to - from; i++) {
		int32_t position = fit_position(&side, from + i);

		out[i] = color_blend(
			row[fit_pixel_of(&side, position)],
			row[fit_pixel_of(&side, position + FIT_ONE)],
			fit_weight(position));
	}
}

NODE_HOST void fit_span(const struct fit_uniform *uniform, int32_t y,
			int32_t x0, int32_t x1, struct window *const in[],
			uint32_t *out)
{
	const struct fit_side *side = &uniform->x;
	int32_t from = side->from > x0 ? side->from : x0;
	int32_t to = side->to < x1 ? side->to : x1;

	if (y < uniform->y.from || y >= uniform->y.to || from >= to) {
		row_fill(out, x0, x1, x0, x1, uniform->margin);
		return;
	}
	row_fill(out, x0, x1, x0, from, uniform->margin);
	row_fill(out, x0, x1, to, x1, uniform->margin);
	if (uniform->exact) {
		int32_t left = fit_position(side, from) >> 16;

		window_load(in[0], fit_position(&uniform->y, y) >> 16, left,
			    left + to - from, out + (from - x0));
		return;
	}
	fit_columns(uniform, from, to, fit_row(uniform, y, in[0]),
		    out + (from - x0));
}

#endif
