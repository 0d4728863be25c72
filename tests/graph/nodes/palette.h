/* tests/graph/nodes/palette.h: a generator with parameters of every type. */
#ifndef TESTS_GRAPH_NODES_PALETTE_H
#define TESTS_GRAPH_NODES_PALETTE_H

#include "kernel/color.h"

struct palette_params {
	int32_t on;
	uint32_t colors[3];
	double scale;
	int32_t offset[2];
	int32_t mode; /* 0 rows, 1 columns, 2 both */
	double weights[2];
	uint32_t veil;
	char word[10];
};

struct palette_uniform {
	uint32_t colors[3];
	int32_t dx, dy;
	int32_t mode;
	uint32_t veil;
};

NODE_HOST void palette_tick(const struct palette_params *params,
			    const struct tick *tick, void *state,
			    struct palette_uniform *uniform)
{
	uint64_t *ticks = (uint64_t *)state;
	int32_t i;

	++*ticks;
	tick->count[0]++;
	tick->count[1] += 3;
	for (i = 0; i < 3; i++)
		uniform->colors[i] =
			params->on ? params->colors[i] : 0xFF000000u;
	uniform->dx = params->offset[0] + (int32_t)(*ticks & 63);
	uniform->dy = params->offset[1] + (int32_t)params->scale +
		      (int32_t)(params->weights[0] + params->weights[1]);
	uniform->mode = params->mode;
	uniform->veil = params->veil;
	for (i = 0; params->word[i]; i++)
		uniform->dy += params->word[i] & 3;
	/* one more row a tick while a parameter is new */
	if (tick->number < tick->changed[0] + 3)
		uniform->dx += (int32_t)(tick->number - tick->changed[0]);
}

NODE_PIXEL uint32_t palette_pixel(const struct palette_uniform *uniform,
				  int32_t x, int32_t y)
{
	uint32_t band = 0;

	if (uniform->mode != 0)
		band += (uint32_t)(x + uniform->dx + 4096) / 8;
	if (uniform->mode != 1)
		band += (uint32_t)(y + uniform->dy + 4096) / 8;
	if (band % 3 == 2)
		return color_blend(uniform->colors[2], uniform->veil,
				   uniform->veil >> 24);
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
