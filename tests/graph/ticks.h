/*
 * tests/graph/ticks.h: ticks of a perfect run (--nominal), for tests and
 * benchmarks that drive a graph's tables by hand. One thread.
 */
#ifndef TESTS_GRAPH_TICKS_H
#define TESTS_GRAPH_TICKS_H

#include "graph/graph.h"

/* `facts`: one a source, the caller's; NULL: nothing is known of any. */
static inline struct tick tick_nominal(const struct graph *graph,
				       uint64_t number,
				       const struct tick_source *facts)
{
	static struct run run = {.nominal = true, .backend = ""};

	run.fps = (double)graph->rate_num / graph->rate_den;
	return (struct tick){
		.number = number,
		.seconds = (double)(number * graph->rate_den) / graph->rate_num,
		.rate_num = graph->rate_num,
		.rate_den = graph->rate_den,
		.width = graph->width,
		.height = graph->height,
		.run = &run,
		.source = facts,
		.source_count = facts ? graph->source_count : 0,
	};
}

/* One tick by one thread, into work's targets. */
static inline void tick_draw(const struct graph *graph,
			     const struct graph_plan *plan,
			     struct graph_work *work, const struct tick *tick)
{
	uint32_t i;

	graph->tick(work, tick);
	for (i = 0; i < plan->step_count; i++)
		graph_step_run(graph, &plan->steps[i], work);
}

#endif
