/*
 * runtime/observe/stats.h: the page of figures that the tick thread keeps and
 * others read: threads of the program by these structs, other programs by the
 * list that is in it (runtime/observe/page.h).
 *
 * One writer, the tick thread, between stats_begin and stats_end; any number
 * of readers, which take a consistent copy or give up. The sequence is odd
 * while a write is open; every data store is a release and every data load an
 * acquire, so a reader that saw any later value also sees the sequence moved.
 * All data are 64-bit fields, touched with __atomic builtins while shared and
 * plain in a reader's own copy.
 * Read next: runtime/cycle/cycle.c (the writer), runtime/app/report.c (a reader).
 */
#ifndef RUNTIME_OBSERVE_STATS_H
#define RUNTIME_OBSERVE_STATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runtime/observe/counter.h"
#include "runtime/observe/ledger.h"
#include "runtime/observe/page.h"

/*
 * Log-linear: 32 buckets an octave (3 % wide), exact below 32 ns, the last
 * bucket holds everything from 2^36 ns (69 s) up. max is exact.
 */
#define HISTOGRAM_SUB	  32
#define HISTOGRAM_BUCKETS TICKLINE_BUCKETS

struct histogram {
	uint64_t count, sum_ns, max_ns;
	uint64_t bucket[HISTOGRAM_BUCKETS];
};

/* --clock display; all 0 with the others. */
struct stats_pacing {
	uint64_t state;		     /* enum display_clock_state */
	uint64_t refresh_uhz;	     /* estimated, 10^-6 Hz; 0: not known */
	uint64_t refreshes_per_tick; /* 1 or more */
	uint64_t margin_ns;	     /* from ready to the refresh, aimed at */
	uint64_t locks, losses, holdovers;
	uint64_t outliers;	/* stamps that were not used */
	uint64_t first_lock_ns; /* from t0 on; 0: never locked */
};

/* How a source goes. */
struct stats_source {
	/* frames taken, by who stamped them; enum source_worth, then nobody */
	uint64_t software, hardware, unstamped;
	uint64_t future;   /* ticks whose frame has a stamp after t(n) */
	uint64_t rate_uhz; /* measured, 10^-6 Hz; 0: not known */
	/* policy: steady */
	uint64_t locked, locks;
	uint64_t delay_ns; /* while locked, from exposure to the tick due */
	uint64_t outliers; /* stamps that its clock did not use */
	/* its driver's, as the tick saw it */
	uint64_t lost; /* frames */
	uint64_t is_lost, is_frozen, is_black;
};

/* The smaller half: cheap enough to copy for a live line. */
struct stats_counters {
	struct ledger ledger;
	uint64_t last_tick;	 /* number of the last tick started */
	uint64_t start_ns;	 /* t0: CLOCK_MONOTONIC of tick 0 */
	uint64_t end_ns;	 /* when the last tick was accounted */
	uint64_t first_frame_ns; /* process start to first accepted; 0: none */
	uint64_t fps_milli;	 /* runtime/observe/fps.h x 1000; 0: not known */
	uint64_t wakes_over_1ms; /* lateness above 1 ms */
	uint64_t record_lost[GRAPH_SINKS_MAX]; /* frames that the sink's
						  recorder never got */
	struct stats_pacing pacing;
	struct stats_source source[GRAPH_SOURCES_MAX];
	/* The tick thread since the seal, filled in at its end. */
	uint64_t minor_faults, major_faults, involuntary_switches;
	uint64_t cpu_ns; /* CPU time, user and system */
};

#define STATS_NAME_BYTES 64 /* with the closing 0; longer names are cut */

/* Constant after stats_init, but for the sequence. */
struct stats_header {
	struct tickline_page page; /* what other programs read: page.h */
	uint64_t rate_num, rate_den; /* ticks a second */
	uint64_t pid, main_sink;
	uint64_t sink_count, source_count, step_count;
	char graph[STATS_NAME_BYTES];
	char sink[GRAPH_SINKS_MAX][STATS_NAME_BYTES];
	char source[GRAPH_SOURCES_MAX][STATS_NAME_BYTES];
};

struct stats_step {
	char name[STATS_NAME_BYTES];
	uint64_t last_ns; /* of the last tick that measured it */
	struct histogram times;
};

struct stats {
	struct stats_header header;
	struct stats_counters counters;
	struct histogram lateness; /* wake-up after the t(n) that it slept for,
				      with --clock timer and display */
	struct histogram cycle;	   /* wake-up to the return of present */
	struct histogram uniforms; /* every node's foo_tick */
	struct histogram present;  /* the displays' present calls */
	struct histogram tick_to_flip; /* t(n) to on view, of the main sink
					  where its display tells */
	struct histogram phase_error; /* with --clock display: size of each
					 flip's distance from its refresh,
					 as it was predicted */
	struct histogram age[GRAPH_SOURCES_MAX]; /* of a source's frame at t(n),
						    where it is stamped */
	struct histogram glass[GRAPH_SOURCES_MAX]; /* camera to glass: from
						      that stamp to on view on
						      the main sink, where its
						      display tells */
	struct histogram skew[GRAPH_SOURCES_MAX]; /* size only: its stamp from
						     that of the source it is
						     taken with */
	struct histogram apart[GRAPH_SINKS_MAX]; /* size only: a sink's flip from
						    the main sink's of the same
						    tick, where displays tell */
	struct stats_step step[]; /* header.step_count of them */
};

/* Bytes of the page for that many steps, with room for the list whatever the
 * sinks and sources. */
size_t stats_bytes(uint32_t step_count);

/* Main thread. stats: stats_bytes() of zeroed memory, 64-byte aligned. plan:
 * the one that runs. */
void stats_init(struct stats *stats, const struct graph *graph,
		const struct graph_plan *plan);

/* Tick thread: opens and closes a write. */
void stats_begin(struct stats *stats);
void stats_end(struct stats *stats);

/* Tick thread, inside a write. Negative values count as 0. */
void histogram_add(struct histogram *histogram, int64_t value_ns);

/* The largest value that bucket[bucket] counts. */
uint64_t histogram_bound(uint32_t bucket);

/* Reader, own copy: the smallest bucket bound that at least share (0..1] of
 * the values do not exceed, never above max; 0 when empty. */
uint64_t histogram_quantile(const struct histogram *histogram, double share);

/* Readers: copy out consistently. False after 1000 torn tries: the writer is
 * too quick or died in a write; *copy is then unspecified. */
bool stats_read_counters(const struct stats *stats, struct stats_counters *copy)
	__attribute__((warn_unused_result));

/* copy: stats->header.page.bytes of them. */
bool stats_read(const struct stats *stats, struct stats *copy)
	__attribute__((warn_unused_result));

#endif
