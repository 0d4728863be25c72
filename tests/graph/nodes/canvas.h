/* tests/graph/nodes/canvas.h: a frame node without inputs, params or scratch.
 */
#ifndef TESTS_GRAPH_NODES_CANVAS_H
#define TESTS_GRAPH_NODES_CANVAS_H

#include "kernel/node.h"

struct canvas_params;
struct canvas_uniform;

NODE_HOST void canvas_tick(const struct canvas_params *params,
			   const struct tick *tick, void *state,
			   struct canvas_uniform *uniform)
{
	(void)params;
	(void)tick;
	(void)state;
	(void)uniform;
}

NODE_HOST void canvas_frame(const struct canvas_params *params,
			    const struct canvas_uniform *uniform, void *state,
			    const struct image *in, const struct image *out,
			    void *scratch)
{
	uint32_t x, y, *row;

	(void)params;
	(void)uniform;
	(void)state;
	(void)in;
	(void)scratch;
	for (y = 0; y < out->height; y++) {
		row = image_row(out, y);
		for (x = 0; x < out->width; x++)
			row[x] = 0xFF000000u | (x * 7 + y * 11 + 1);
	}
}

#endif
