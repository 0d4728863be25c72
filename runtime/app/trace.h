/*
 * runtime/app/trace.h: the journal as a Perfetto trace: which record is what on
 * which track. --trace writes it while the graph runs, the flight recorder after
 * something went wrong.
 *
 * Tracks, under the process:
 *
 *   wake            from t(n) to the wake-up; late is how long
 *   tick            from wake-up to sleep
 *   uniforms, steps, present
 *   GPU             steps of a device, from launch to seen
 *   skipped         ticks that never started
 *   SINK flips, SINK late and dropped, SINK state
 *   SOURCE exposed, SOURCE arrived, SOURCE state
 *   worker N        its part of each step
 *   trace           records that were overwritten before they were read
 *
 * On a track times never go back and slices do not overlap: what a record says
 * against that is moved, and told with the event as `from_ns`.
 *
 * One thread. Nothing is allocated.
 */
#ifndef RUNTIME_APP_TRACE_H
#define RUNTIME_APP_TRACE_H

#include "graph/graph.h"
#include "runtime/observe/journal.h"
#include "runtime/observe/perfetto.h"

#define TRACE_TRACKS_MAX 80

struct trace {
	/* config */
	const struct journal_header *journal;
	const struct graph *graph;
	const struct graph_plan *plan;
	int64_t since_ns; /* what was over before that is left out; 0: nothing */
	/* own; zeroed */
	uint64_t seen[JOURNAL_LANES_MAX]; /* the last record's number, by lane */
	uint64_t records; /* in the trace */
	uint64_t lost;	  /* overwritten before they were read */
	int64_t last_ns[TRACE_TRACKS_MAX];
};

/* Room that `out` must have for the head, in bytes; trace_take needs less. */
size_t trace_head_max(const struct trace *trace);

/* The head: clocks, tracks, names. */
void trace_begin(struct trace *trace, struct perfetto *out);

/* What the journal has that was not taken. True: `out` is full, there may be
 * more. */
bool trace_take(struct trace *trace, struct perfetto *out);

/* The last packet: how many records there are and how many were lost. */
void trace_end(struct trace *trace, struct perfetto *out);

#endif
