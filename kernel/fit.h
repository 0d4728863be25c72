/*
 * kernel/fit.h: a picture of any size, scaled and placed in the frame; see
 * kernel/pane.h.
 */
#ifndef KERNEL_FIT_H
#define KERNEL_FIT_H

#include "kernel/pane.h"

struct fit_params {
	int32_t mode; /* enum pane_mode */
	int32_t filter;
	int32_t source[4];
	uint32_t margin;
};

struct fit_uniform {
	struct pane pane;
	uint32_t margin;
};

/* The part of a side to show: as asked for, inside the picture. */
NODE_HOST void fit_part(int32_t at, int32_t length, uint32_t picture,
			double *from, double *size)
{
	at = window_clamp(at, picture);
	if (!length || length > (int32_t)picture - at)
		length = (int32_t)picture - at;
	*from = at;
	*size = length;
}

NODE_HOST void fit_tick(const struct fit_params *params,
			const struct tick *tick, void *state,
			struct fit_uniform *uniform)
{
	const struct pane_area frame = pane_whole(tick->width, tick->height);
	struct pane_area part;

	(void)state;
	fit_part(params->source[0], params->source[2], tick->input[0].width,
		 &part.x, &part.width);
	fit_part(params->source[1], params->source[3], tick->input[0].height,
		 &part.y, &part.height);
	pane_place(&uniform->pane, (enum pane_mode)params->mode, part, frame,
		   params->filter != 0);
	uniform->margin = params->margin;
}

NODE_PIXEL uint32_t fit_pixel(const struct fit_uniform *uniform, int32_t x,
			      int32_t y, const struct picture *in)
{
	if (!pane_has(&uniform->pane, x, y))
		return uniform->margin;
	return pane_pixel(&uniform->pane, x, y, in);
}

NODE_PIXEL void fit_run(const struct fit_uniform *uniform, int32_t x, int32_t y,
			const struct picture *in, uint32_t *out)
{
	int32_t i;

	if (uniform->pane.same) {
		picture_run_load(in, x, y, out);
		return;
	}
	NODE_UNROLL
	for (i = 0; i < NODE_RUN; i++)
		out[i] = uniform->margin;
	pane_pixels(&uniform->pane, x, y, in, out);
}

NODE_HOST void fit_span(const struct fit_uniform *uniform, int32_t y,
			int32_t x0, int32_t x1, struct window *const in[],
			uint32_t *out)
{
	const struct pane *pane = &uniform->pane;

	if (y < pane->y.from || y >= pane->y.to) {
		row_fill(out, x0, x1, x0, x1, uniform->margin);
		return;
	}
	row_fill(out, x0, x1, x0, pane->x.from, uniform->margin);
	row_fill(out, x0, x1, pane->x.to, x1, uniform->margin);
	pane_span(pane, y, x0, x1, in[0], out);
}

#endif
