/*
 * runtime/observe/stats.c: histograms and the sequence lock. See runtime/observe/stats.h.
 */
#include "runtime/observe/stats.h"

#include <stdio.h>

#define READ_TRIES 1000
#define SUB_BITS   5 /* HISTOGRAM_SUB is 2^5 */

_Static_assert(HISTOGRAM_SUB == 1 << SUB_BITS, "histogram octaves");
_Static_assert(HISTOGRAM_BUCKETS == (36 - SUB_BITS + 1) * HISTOGRAM_SUB + 1,
	       "the last bucket starts at 2^36 ns");
_Static_assert(sizeof(struct stats_counters) % sizeof(uint64_t) == 0,
	       "copied by 64-bit words");

size_t stats_bytes(uint32_t step_count)
{
	return sizeof(struct stats) + step_count * sizeof(struct stats_step);
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
		.magic = STATS_MAGIC,
		.version = STATS_VERSION,
		.bytes = stats_bytes(plan->step_count),
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
}

void stats_begin(struct stats *stats)
{
	/* the data stores that follow are releases: none is seen before this */
	__atomic_store_n(&stats->sequence, stats->sequence + 1,
			 __ATOMIC_RELAXED);
}

void stats_end(struct stats *stats)
{
	/* release: pairs with the readers' first load of the sequence */
	__atomic_store_n(&stats->sequence, stats->sequence + 1,
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
	uint32_t octave = bucket / HISTOGRAM_SUB;

	if (bucket == HISTOGRAM_BUCKETS - 1)
		return UINT64_MAX;
	if (!octave)
		return bucket;
	return ((uint64_t)(bucket % HISTOGRAM_SUB + HISTOGRAM_SUB + 1)
		<< (octave - 1)) -
	       1;
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
	uint64_t seen = 0, bound;
	uint32_t i;

	if (!histogram->count)
		return 0;
	for (i = 0; i < HISTOGRAM_BUCKETS - 1; i++) {
		seen += histogram->bucket[i];
		if (seen && (double)seen >= share * (double)histogram->count)
			break;
	}
	bound = histogram_bound(i);
	return bound < histogram->max_ns ? bound : histogram->max_ns;
}

/* Copies words while the sequence stands still and is even. */
static bool read_words(const struct stats *stats, const void *from, void *to,
		       size_t bytes)
{
	const uint64_t *source = from;
	uint64_t *copy = to;
	uint64_t before, after;
	size_t i;
	int tries;

	for (tries = 0; tries < READ_TRIES; tries++) {
		/* acquire: pairs with stats_end */
		before = __atomic_load_n(&stats->sequence, __ATOMIC_ACQUIRE);
		if (before & 1)
			continue;
		for (i = 0; i < bytes / sizeof(*copy); i++)
			copy[i] = __atomic_load_n(&source[i], __ATOMIC_ACQUIRE);
		after = __atomic_load_n(&stats->sequence, __ATOMIC_RELAXED);
		if (before == after)
			return true;
	}
	return false;
}

bool stats_read_counters(const struct stats *stats, struct stats_counters *copy)
{
	return read_words(stats, &stats->counters, copy, sizeof(*copy));
}

bool stats_read(const struct stats *stats, struct stats *copy)
{
	return read_words(stats, stats, copy, stats->header.bytes);
}
