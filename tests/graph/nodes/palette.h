/* tests/graph/nodes/palette.h: a generator with parameters of every type. */
#ifndef TESTS_GRAPH_NODES_PALETTE_H
#define TESTS_GRAPH_NODES_PALETTE_H

#include "kernel/node.h"

struct palette_params {
	int32_t on;
	uint32_t colors[3];
	double scale;
	int32_t offset[2];
	int32_t mode; /* 0 rows, 1 columns, 2 both */
	double weights[2];
};

struct palette_uniform {
	uint32_t colors[3];
	int32_t dx, dy;
	int32_t mode;
};

NODE_HOST void palette_tick(const struct palette_params *params,
			    const struct tick *tick, void *state,
			    struct palette_uniform *uniform)
{
	uint64_t *ticks = (uint64_t *)state;
	int32_t i;

	(void)tick;
	++*ticks;
	for (i = 0; i < 3; i++)
		uniform->colors[i] =
			params->on ? params->colors[i] : 0xFF000000u;
	uniform->dx = params->offset[0] + (int32_t)(*ticks & 63);
	uniform->dy = params->offset[1] + (int32_t)params->scale +
		      (int32_t)(params->weights[0] + params->weights[1]);
	uniform->mode = params->mode;
}

NODE_PIXEL uint32_t palette_pixel(const struct palette_uniform *uniform,
				  int32_t x, int32_t y)
{
	uint32_t band = 0;

	if (uniform->mode != 0)
		band += (uint32_t)(x + uniform->dx + 4096) / 8;
	if (uniform->mode != 1)
		band += (uint32_t)(y + uniform->dy + 4096) / 8;
	return uniform->colors[band % 3];
}

NODE_HOST void palette_span(const struct palette_uniform *uniform, int32_t y,
			    int32_t x0, int32_t x1, const uint32_t *const in[],
			    uint32_t *out)
{
	int32_t x;

	(void)in;
	for (x = x0; x < x1; x++)
		out[x - x0] = palette_pixel(uniform, x, y);
}

#endif
