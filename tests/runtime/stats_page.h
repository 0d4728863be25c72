/*
 * tests/runtime/stats_page.h: a page of statistics without a graph around it.
 */
#ifndef TESTS_RUNTIME_STATS_PAGE_H
#define TESTS_RUNTIME_STATS_PAGE_H

#include <stdlib.h>
#include <string.h>

#include "runtime/observe/stats.h"

#define STATS_PAGE_STEPS 4

/* For at most STATS_PAGE_STEPS steps. The caller frees. */
static inline struct stats *stats_page(uint32_t steps, uint32_t sinks)
{
	static const struct graph_step step[STATS_PAGE_STEPS] = {
		{.name = "a"}, {.name = "b"}, {.name = "c"}, {.name = "d"}};
	static const struct graph_sink sink[GRAPH_SINKS_MAX] = {
		{"left", "null"}, {"right", "null"}, {"third", "null"}};
	const struct graph graph = {
		.name = "page", .sink_count = sinks, .sinks = sink};
	const struct graph_plan plan = {.step_count = steps, .steps = step};
	size_t bytes = (stats_bytes(steps) + 63) / 64 * 64;
	struct stats *stats = aligned_alloc(64, bytes);

	if (!stats)
		abort();
	memset(stats, 0, bytes);
	stats_init(stats, &graph, &plan);
	return stats;
}

#endif
