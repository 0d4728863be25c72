/*
 * kernel/select.h: one of up to eight pictures, with a transition.
 *
 * foo_tick decides which two pictures a tick can show and which pixels are
 * whose, from the tick and the one that `show` changed at; the others are not
 * read. Nothing is remembered: what a transition begins with is the parameter
 * `before`. A change during a transition begins the next one from there.
 *
 * Read kernel/pane.h first.
 */
#ifndef KERNEL_SELECT_H
#define KERNEL_SELECT_H

#include "kernel/ease.h"
#include "kernel/pane.h"

#define SELECT_INPUTS 8
#define SELECT_SHOW   0 /* the parameter's index */
#define SELECT_CHUNK  256

enum select_transition { SELECT_CUT, SELECT_MIX, SELECT_WIPE, SELECT_PUSH };
enum select_towards { SELECT_LEFT, SELECT_RIGHT, SELECT_UP, SELECT_DOWN };

struct select_params {
	int32_t show, before; /* input */
	int32_t transition, towards;
	double duration; /* s */
	int32_t fill;	 /* enum pane_mode */
	uint32_t margin;
};

/* One of the two pictures. */
struct select_side {
	struct pane pane;
	uint32_t input;
};

/* The new picture has rows y0 up to y1 and columns x0 up to x1, the old one the
 * rest; or, while they mix, both have all. */
struct select_uniform {
	struct select_side before, show;
	int32_t x0, x1, y0, y1;
	uint32_t weight; /* of the new one, 0..256: less where they mix only */
	uint32_t margin;
};

/* How far the transition is, 0 to 1; 1 before any change. */
NODE_HOST double select_progress(const struct select_params *params,
				 const struct tick *tick)
{
	if (params->transition == SELECT_CUT || params->duration <= 0 ||
	    params->show == params->before || !tick->changed[SELECT_SHOW])
		return 1;
	return ease_since(tick, SELECT_SHOW, params->duration) /
	       params->duration;
}

/* The part of the frame that the new picture has when the edge has gone so far,
 * and where the new picture is pushed in and the old one out. */
NODE_HOST void select_areas(const struct select_params *params,
			    const struct tick *tick, double progress,
			    struct select_uniform *uniform,
			    struct pane_area *show, struct pane_area *before)
{
	bool across = params->towards < SELECT_UP;
	bool back = params->towards == SELECT_LEFT ||
		    params->towards == SELECT_UP;
	int32_t side = (int32_t)(across ? tick->width : tick->height);
	int32_t gone = (int32_t)(side * progress);
	int32_t from = back ? side - gone : 0;

	if (across)
		uniform->x0 = from, uniform->x1 = from + gone;
	else
		uniform->y0 = from, uniform->y1 = from + gone;
	if (params->transition != SELECT_PUSH)
		return;
	*(across ? &show->x : &show->y) = back ? side - gone : gone - side;
	*(across ? &before->x : &before->y) = back ? -gone : gone;
}

NODE_HOST void select_place(struct select_side *side, int32_t input,
			    const struct select_params *params,
			    const struct tick *tick, struct pane_area room)
{
	const struct node_size *size = &tick->input[input];

	side->input = (uint32_t)input;
	pane_place(&side->pane, (enum pane_mode)params->fill,
		   pane_whole(size->width, size->height), room, false);
}

NODE_HOST void select_tick(const struct select_params *params,
			   const struct tick *tick, void *state,
			   struct select_uniform *uniform)
{
	double progress = select_progress(params, tick);
	struct pane_area show = pane_whole(tick->width, tick->height);
	struct pane_area before = show;

	(void)state;
	uniform->x0 = uniform->y0 = 0;
	uniform->x1 = (int32_t)tick->width;
	uniform->y1 = (int32_t)tick->height;
	uniform->weight = 256;
	uniform->margin = params->margin;
	if (params->transition == SELECT_MIX)
		uniform->weight = (uint32_t)lround(progress * 256);
	else
		select_areas(params, tick, progress, uniform, &show, &before);
	select_place(&uniform->show, params->show, params, tick, show);
	select_place(&uniform->before, params->before, params, tick, before);
}

/*
 * pane_pixel of a side's input, NULL where nothing feeds one. Written for a GPU's
 * compiler, which makes one kernel of eight pictures in formats of their own: the
 * picture is chosen before it is read, and the loops, here and in select_pixel,
 * have one place that reads. Otherwise registers run out.
 */
NODE_PIXEL uint32_t
select_side_pixel(const struct select_side *side, uint32_t margin, int32_t x,
		  int32_t y, const struct picture *a, const struct picture *b,
		  const struct picture *c, const struct picture *d,
		  const struct picture *e, const struct picture *f,
		  const struct picture *g, const struct picture *h)
{
	const struct pane *pane = &side->pane;
	int32_t px, py, i, corners = pane->exact ? 1 : 4;
	uint32_t left = 0, right = 0, pixel;
	struct picture in = *a;

	if (!pane_has(pane, x, y))
		return margin;
	px = pane_position(&pane->x, x);
	py = pane_position(&pane->y, y);
	switch (side->input) {
	case 1:
		in = *b;
		break;
	case 2:
		in = c ? *c : in;
		break;
	case 3:
		in = d ? *d : in;
		break;
	case 4:
		in = e ? *e : in;
		break;
	case 5:
		in = f ? *f : in;
		break;
	case 6:
		in = g ? *g : in;
		break;
	case 7:
		in = h ? *h : in;
		break;
	default:
		break;
	}
	for (i = 0; i < corners; i++) {
		pixel = pane_load(
			&in, pane_source(&pane->x, px + (i & 2 ? PANE_ONE : 0)),
			pane_source(&pane->y, py + (i & 1 ? PANE_ONE : 0)));
		left = i & 1 ? color_blend(left, pixel, pane_weight(py))
			     : pixel;
		if (i == 1)
			right = left;
	}
	return pane->exact ? left : color_blend(right, left, pane_weight(px));
}

NODE_PIXEL bool select_is_new(const struct select_uniform *uniform, int32_t x,
			      int32_t y)
{
	return uniform->weight && x >= uniform->x0 && x < uniform->x1 &&
	       y >= uniform->y0 && y < uniform->y1;
}

NODE_PIXEL uint32_t
select_pixel(const struct select_uniform *uniform, int32_t x, int32_t y,
	     const struct picture *a, const struct picture *b,
	     const struct picture *c, const struct picture *d,
	     const struct picture *e, const struct picture *f,
	     const struct picture *g, const struct picture *h)
{
	const bool mixed = uniform->weight % 256;
	const int32_t last = select_is_new(uniform, x, y);
	uint32_t pixel = 0, other;
	int32_t i;

	for (i = mixed ? 0 : last; i <= last; i++) {
		other = select_side_pixel(i ? &uniform->show : &uniform->before,
					  uniform->margin, x, y, a, b, c, d, e,
					  f, g, h);
		pixel = mixed && i ? color_blend(pixel, other, uniform->weight)
				   : other;
	}
	return pixel;
}

/* What a GPU's thread draws, one pixel after the other: see select_side_pixel. */
NODE_PIXEL void
select_run(const struct select_uniform *uniform, int32_t x, int32_t y,
	   const struct picture *a, const struct picture *b,
	   const struct picture *c, const struct picture *d,
	   const struct picture *e, const struct picture *f,
	   const struct picture *g, const struct picture *h, uint32_t *out)
{
	uint32_t pixel;
	int32_t i, j;

	NODE_ROLLED
	for (i = 0; i < NODE_RUN; i++) {
		pixel = select_pixel(uniform, x + i, y, a, b, c, d, e, f, g, h);
		NODE_UNROLL
		for (j = 0; j < NODE_RUN; j++)
			if (j == i)
				out[j] = pixel;
	}
}

/* A side's pixels of a part of the row, or margin. */
NODE_HOST void select_draw(const struct select_side *side, uint32_t margin,
			   int32_t y, int32_t x0, int32_t x1,
			   struct window *const in[], uint32_t *out)
{
	const struct pane *pane = &side->pane;

	if (x0 >= x1)
		return;
	if (y < pane->y.from || y >= pane->y.to) {
		row_fill(out, x0, x1, x0, x1, margin);
		return;
	}
	row_fill(out, x0, x1, x0, pane->x.from, margin);
	row_fill(out, x0, x1, pane->x.to, x1, margin);
	pane_span(pane, y, x0, x1, in[side->input], out);
}

/* The new picture over the row that has the old one. */
NODE_HOST void select_mix(const struct select_uniform *uniform, int32_t y,
			  int32_t x0, int32_t x1, struct window *const in[],
			  uint32_t *out)
{
	const struct pane *pane = &uniform->show.pane;
	int32_t from = pane->x.from > x0 ? pane->x.from : x0;
	int32_t to = pane->x.to < x1 ? pane->x.to : x1, i, at, count;
	uint32_t chunk[SELECT_CHUNK], weight = uniform->weight;
	const uint32_t *row = NULL;

	if (y < pane->y.from || y >= pane->y.to || from >= to)
		from = to = x1;
	else
		row = pane_row(pane, y, in[uniform->show.input]);
	for (i = x0; i < x1; i++)
		if (i < from || i >= to)
			out[i - x0] = color_blend(out[i - x0], uniform->margin,
						  weight);
	for (at = from; at < to; at += count) {
		count = to - at < SELECT_CHUNK ? to - at : SELECT_CHUNK;
		pane_columns(pane, at, at + count, row, chunk);
		for (i = 0; i < count; i++)
			out[at - x0 + i] = color_blend(out[at - x0 + i],
						       chunk[i], weight);
	}
}

NODE_HOST void select_span(const struct select_uniform *uniform, int32_t y,
			   int32_t x0, int32_t x1, struct window *const in[],
			   uint32_t *out)
{
	bool has = uniform->weight && y >= uniform->y0 && y < uniform->y1;
	int32_t from = has ? uniform->x0 : x1, to = has ? uniform->x1 : x1;

	if (uniform->weight % 256) {
		select_draw(&uniform->before, uniform->margin, y, x0, x1, in,
			    out);
		select_mix(uniform, y, x0, x1, in, out);
		return;
	}
	from = from < x0 ? x0 : from > x1 ? x1 : from;
	to = to < from ? from : to > x1 ? x1 : to;
	select_draw(&uniform->before, uniform->margin, y, x0, from, in, out);
	select_draw(&uniform->before, uniform->margin, y, to, x1, in,
		    out + (to - x0));
	select_draw(&uniform->show, uniform->margin, y, from, to, in,
		    out + (from - x0));
}

#endif
