/*
 * runtime/port/backend.c: see runtime/port/backend.h.
 */
#include "runtime/port/backend.h"

#include <stdio.h>

enum backend_status backend_set_lost(struct backend *backend,
				     const char *reason)
{
	if (!backend->lost)
		snprintf(backend->fault, sizeof(backend->fault), "%s", reason);
	backend->lost = true;
	return BACKEND_LOST;
}

void backend_init_work(const struct backend *backend, unsigned char *pool,
		       struct graph_work *work, struct tick *tick,
		       const struct run *run)
{
	const struct graph *graph = backend->graph;

	work->pool = pool;
	work->pinned = backend->pinned;
	if (graph->param_bytes)
		memcpy(pool + graph->param_offset, graph->param_defaults,
		       graph->param_bytes);
	*tick = (struct tick){
		.rate_num = graph->rate_num,
		.rate_den = graph->rate_den,
		.width = graph->width,
		.height = graph->height,
		.device = backend->ops->plan != GRAPH_BACKEND_CPU,
		.run = run,
	};
}
