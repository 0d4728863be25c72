/*
 * runtime/observe/stats.c: histograms and the sequence lock. See runtime/observe/stats.h.
 */
#include "runtime/observe/stats.h"

#include <stdio.h>
#include <unistd.h>

#include "runtime/observe/stats_entries.h"

#define SUB_BITS   5 /* HISTOGRAM_SUB is 2^5 */

_Static_assert(HISTOGRAM_SUB == 1 << SUB_BITS, "histogram octaves");
_Static_assert(HISTOGRAM_BUCKETS == (36 - SUB_BITS + 1) * HISTOGRAM_SUB + 1,
	       "the last bucket starts at 2^36 ns");
_Static_assert(sizeof(struct stats_counters) % sizeof(uint64_t) == 0,
	       "copied by 64-bit words");

size_t stats_bytes(uint32_t step_count)
{
	return sizeof(struct stats) + step_count * sizeof(struct stats_step) +
	       stats_entry_count(GRAPH_SINKS_MAX, GRAPH_SOURCES_MAX,
				 step_count) *
		       sizeof(struct tickline_entry);
}

static void stats_name(char *to, const char *name)
{
	snprintf(to, STATS_NAME_BYTES, "%s", name);
}

void stats_init(struct stats *stats, const struct graph *graph,
		const struct graph_plan *plan)
{
	struct stats_header *header = &stats->header;
	uint32_t i;

	*header = (struct stats_header){
		.page = {.magic = TICKLINE_PAGE_MAGIC,
			 .version = TICKLINE_PAGE_VERSION,
			 .bytes = stats_bytes(plan->step_count),
			 .entries = sizeof(struct stats) +
				    plan->step_count *
					    sizeof(struct stats_step)},
		.rate_num = graph->rate_num,
		.rate_den = graph->rate_den,
		.pid = (uint64_t)getpid(),
		.sink_count = graph->sink_count,
		.source_count = graph->source_count,
		.step_count = plan->step_count,
	};
	stats_name(header->graph, graph->name);
	for (i = 0; i < graph->sink_count; i++)
		stats_name(header->sink[i], graph->sinks[i].name);
	for (i = 0; i < graph->source_count; i++)
		stats_name(header->source[i], graph->sources[i].name);
	for (i = 0; i < plan->step_count; i++)
		stats_name(stats->step[i].name, plan->steps[i].name);
	ledger_init(&stats->counters.ledger, graph->sink_count,
		    graph->source_count);
	stats_fill_entries(stats);
}

void stats_begin(struct stats *stats)
{
	/* the data stores that follow are releases: none is seen before this */
	__atomic_store_n(&stats->header.page.sequence,
			 stats->header.page.sequence + 1,
			 __ATOMIC_RELAXED);
}

void stats_end(struct stats *stats)
{
	/* release: pairs with the readers' first load of the sequence */
	__atomic_store_n(&stats->header.page.sequence,
			 stats->header.page.sequence + 1,
			 __ATOMIC_RELEASE);
}

/* Values below 32 ns have a bucket each; above, the 5 bits after the highest
 * one choose among an octave's 32. */
static uint32_t bucket_of(uint64_t value)
{
	uint32_t octave;

	if (value < HISTOGRAM_SUB)
		return (uint32_t)value;
	octave = 63 - (uint32_t)__builtin_clzll(value) - SUB_BITS;
	if (octave > 36 - 1 - SUB_BITS)
		return HISTOGRAM_BUCKETS - 1;
	return (octave + 1) * HISTOGRAM_SUB +
	       (uint32_t)((value >> octave) - HISTOGRAM_SUB);
}

uint64_t histogram_bound(uint32_t bucket)
{
	return tickline_bucket_bound(bucket);
}

void histogram_add(struct histogram *histogram, int64_t value_ns)
{
	uint64_t value = value_ns > 0 ? (uint64_t)value_ns : 0;

	counter_add(&histogram->count, 1);
	counter_add(&histogram->sum_ns, value);
	if (value > histogram->max_ns)
		counter_set(&histogram->max_ns, value);
	counter_add(&histogram->bucket[bucket_of(value)], 1);
}

uint64_t histogram_quantile(const struct histogram *histogram, double share)
{
	return tickline_quantile(
		(const struct tickline_times *)(const void *)histogram, share);
}

bool stats_read_counters(const struct stats *stats, struct stats_counters *copy)
{
	return tickline_page_copy(&stats->header.page,
				  offsetof(struct stats, counters),
				  (uint64_t *)(void *)copy,
				  sizeof(*copy) / sizeof(uint64_t));
}

bool stats_read(const struct stats *stats, struct stats *copy)
{
	return tickline_page_read_all(&stats->header.page, &copy->header.page);
}
