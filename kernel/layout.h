/*
 * kernel/layout.h: two pictures in one frame: one small in a corner of the other,
 * side by side, or one above the other. See kernel/pane.h.
 */
#ifndef KERNEL_LAYOUT_H
#define KERNEL_LAYOUT_H

#include "kernel/pane.h"

enum layout_mode { LAYOUT_PIP, LAYOUT_SIDE_BY_SIDE, LAYOUT_STACK };
enum layout_corner { LAYOUT_LEFT = 1, LAYOUT_TOP = 2 }; /* bits */

struct layout_params {
	int32_t mode, corner;
	int32_t size[2];
	int32_t inset, border;
	uint32_t border_color;
	int32_t fill; /* enum pane_mode */
	uint32_t margin;
};

/* The second picture lies over its border, and that over the first. */
struct layout_uniform {
	struct pane main, second;
	int32_t x0, x1, y0, y1; /* of the border's outer edge; none: x0 = x1 */
	uint32_t border, margin;
};

/* Where the second picture is in a corner; at least one pixel of it, inside the
 * frame. */
NODE_HOST struct pane_area layout_corner(const struct layout_params *params,
					 double width, double height)
{
	struct pane_area area = {0, 0, fmin(params->size[0], width),
				 fmin(params->size[1], height)};
	double right = width - area.width, below = height - area.height;
	double x = fmin(params->inset, right), y = fmin(params->inset, below);

	area.x = params->corner & LAYOUT_LEFT ? x : right - x;
	area.y = params->corner & LAYOUT_TOP ? y : below - y;
	return area;
}

NODE_HOST void layout_border(const struct layout_params *params,
			     const struct pane_area *area,
			     const struct tick *tick,
			     struct layout_uniform *uniform)
{
	int32_t x = (int32_t)area->x, y = (int32_t)area->y;
	int32_t by = params->border;

	uniform->x0 = x < by ? 0 : x - by;
	uniform->y0 = y < by ? 0 : y - by;
	uniform->x1 = (int32_t)fmin(x + area->width + by, tick->width);
	uniform->y1 = (int32_t)fmin(y + area->height + by, tick->height);
}

NODE_HOST void layout_tick(const struct layout_params *params,
			   const struct tick *tick, void *state,
			   struct layout_uniform *uniform)
{
	struct pane_area main = pane_whole(tick->width, tick->height);
	struct pane_area second = layout_corner(params, tick->width,
						tick->height);
	const struct node_size *in = tick->input;

	(void)state;
	uniform->x0 = uniform->x1 = uniform->y0 = uniform->y1 = 0;
	if (params->mode == LAYOUT_PIP) {
		layout_border(params, &second, tick, uniform);
	} else {
		second = main;
		if (params->mode == LAYOUT_SIDE_BY_SIDE) {
			main.width = second.x = floor(main.width / 2);
			second.width -= main.width;
		} else {
			main.height = second.y = floor(main.height / 2);
			second.height -= main.height;
		}
	}
	pane_place(&uniform->main, (enum pane_mode)params->fill,
		   pane_whole(in[0].width, in[0].height), main, false);
	pane_place(&uniform->second, (enum pane_mode)params->fill,
		   pane_whole(in[1].width, in[1].height), second, false);
	uniform->border = params->border_color;
	uniform->margin = params->margin;
}

NODE_PIXEL uint32_t layout_pixel(const struct layout_uniform *uniform,
				 int32_t x, int32_t y,
				 const struct picture *main,
				 const struct picture *second)
{
	if (pane_has(&uniform->second, x, y))
		return pane_pixel(&uniform->second, x, y, second);
	if (x >= uniform->x0 && x < uniform->x1 && y >= uniform->y0 &&
	    y < uniform->y1)
		return uniform->border;
	if (pane_has(&uniform->main, x, y))
		return pane_pixel(&uniform->main, x, y, main);
	return uniform->margin;
}

NODE_PIXEL void layout_run(const struct layout_uniform *uniform, int32_t x,
			   int32_t y, const struct picture *main,
			   const struct picture *second, uint32_t *out)
{
	bool bordered = y >= uniform->y0 && y < uniform->y1;
	int32_t i;

	NODE_UNROLL
	for (i = 0; i < NODE_RUN; i++)
		out[i] = uniform->margin;
	pane_pixels(&uniform->main, x, y, main, out);
	NODE_UNROLL
	for (i = 0; i < NODE_RUN; i++)
		if (bordered && x + i >= uniform->x0 && x + i < uniform->x1)
			out[i] = uniform->border;
	pane_pixels(&uniform->second, x, y, second, out);
}

/* The main picture's pixels of a part of the row, or margin. */
NODE_HOST void layout_main(const struct layout_uniform *uniform, int32_t y,
			   int32_t x0, int32_t x1, struct window *in,
			   uint32_t *out)
{
	const struct pane *pane = &uniform->main;

	if (x0 >= x1)
		return;
	if (y < pane->y.from || y >= pane->y.to) {
		row_fill(out, x0, x1, x0, x1, uniform->margin);
		return;
	}
	row_fill(out, x0, x1, x0, pane->x.from, uniform->margin);
	row_fill(out, x0, x1, pane->x.to, x1, uniform->margin);
	pane_span(pane, y, x0, x1, in, out);
}

NODE_HOST void layout_span(const struct layout_uniform *uniform, int32_t y,
			   int32_t x0, int32_t x1, struct window *const in[],
			   uint32_t *out)
{
	bool bordered = y >= uniform->y0 && y < uniform->y1;
	int32_t from = bordered ? uniform->x0 : x1;
	int32_t to = bordered ? uniform->x1 : x1;

	from = from < x0 ? x0 : from > x1 ? x1 : from;
	to = to < x0 ? x0 : to > x1 ? x1 : to;
	/* what the border covers is not drawn first */
	layout_main(uniform, y, x0, from, in[0], out);
	layout_main(uniform, y, to, x1, in[0], out + (to - x0));
	row_fill(out, x0, x1, from, to, uniform->border);
	pane_span(&uniform->second, y, x0, x1, in[1], out);
}

#endif
