/*
 * runtime/cycle/cycle.h: what the tick thread does: wait, uniforms, steps,
 * present, account; and when to skip.
 *
 * On each wake-up the newest tick that is due runs, once. The ticks passed
 * over are counted as skipped in one step; the phase never shifts, numbers go
 * on, there is no burst. With --clock free every tick runs, as fast as it can,
 * and none is late.
 *
 * The cycle alone sees all parts. They do not know each other but in this
 * order: slot <- sink, intake <- flight <- account.
 * Read next: runtime/cycle/cycle.c, then one kernel and one driver.
 */
#ifndef RUNTIME_CYCLE_CYCLE_H
#define RUNTIME_CYCLE_CYCLE_H

#include "runtime/base/exit_status.h"
#include "runtime/cycle/account.h"
#include "runtime/cycle/changes.h"
#include "runtime/cycle/fault.h"
#include "runtime/cycle/flight.h"
#include "runtime/cycle/intake.h"
#include "runtime/cycle/sink.h"
#include "runtime/time/clock.h"
#include "runtime/time/pace.h"

/* Caller-owned, kept by pointer where it is one. */
struct cycle_config {
	const struct graph *graph;
	struct backend *backend; /* open, for one of the graph's plans */
	struct clock *clock;
	struct display *displays; /* by sink index, all open */
	struct source *sources;	  /* by source index, all open */
	struct tap *tap[GRAPH_SINKS_MAX];    /* NULL: not wanted */
	bool keep_last[GRAPH_SINKS_MAX]; /* cycle_last_frame is wanted of any
					    display */
	uint32_t main_sink;	  /* its class is the tick's, its fps shown */
	uint64_t tick_limit;	  /* ticks 0..limit-1; 0: until stopped */
	bool nominal;		  /* struct run holds nominal values */
	struct stats *stats;	  /* initialized for the backend's plan */
	struct changes *changes;  /* of parameters; NULL: none can come. Its
				     pool is the cycle's: cycle_init first */
	struct journal_writer journal; /* the tick thread's */
	struct journal_writer detail;  /* of it too; zeroed: not asked for */
	int64_t start_ns;	       /* when the process started */
};

struct cycle {
	struct cycle_config config;
	struct rate rate;
	struct pace pace; /* tick thread, once it runs */

	/* One pool, carved: the graph's, the sinks' rows and private frames,
	 * the steps' times. */
	struct pool pool;

	/* tick thread only */
	struct graph_work work;
	struct sink sink[GRAPH_SINKS_MAX];
	struct intake intake[GRAPH_SOURCES_MAX];
	struct flights flights;
	struct account account;
	struct run run;
	struct tick tick;
	struct tick_source facts[GRAPH_SOURCES_MAX]; /* in it */
	uint64_t next;	 /* tick number to wait for */
	int64_t wake_ns; /* woke up */
	int64_t last_wake_ns;
	enum fault fault;

	/* shared: set by the main thread, read by the tick thread */
	atomic_bool stop;
};

/* Ticks have a time; with --clock free they have none. */
static inline bool cycle_is_timed(const struct cycle *cycle)
{
	return cycle->config.clock->kind != CLOCK_FREE;
}

/* Main thread. Carves the pool and fills in the graph's defaults, for --set
 * to change in cycle->work.pool. 0 or -errno, nothing printed. */
int cycle_init(struct cycle *cycle, const struct cycle_config *config);

/* Accepts a zeroed cycle. */
void cycle_finish(struct cycle *cycle);

/* Main thread, after --set: runs every foo_tick once and every step once a
 * flight into the displays' first slots, then puts the pool back as it was. 0,
 * -ENOMEM, or -EIO: the backend failed. */
int cycle_warm(struct cycle *cycle);

/* Main thread, after cycle_warm: the displays show what it drew: mode set and
 * first frame. On a refusal the driver has said why. */
enum exit_status cycle_start_displays(struct cycle *cycle)
	__attribute__((warn_unused_result));

/* Tick thread: runs until the tick limit, cycle_stop or a fault. */
void cycle_run(struct cycle *cycle);

/* Any thread: the tick that runs is finished, no other starts. */
void cycle_stop(struct cycle *cycle);

/* Main thread: the tick thread is stuck in the backend, for good, and touches
 * nothing any more. Its ticks are dropped, the GPU is lost. */
void cycle_abandon(struct cycle *cycle);

/* Main thread, when the tick thread has ended: sink_last_frame. */
bool cycle_last_frame(struct cycle *cycle, uint32_t sink, struct image *image);

/*
 * Main thread, when the tick thread has ended and the sources are closed: did
 * the run keep its promises? EXIT_STATUS_OK, or one line in `line` and the exit
 * status to leave with: the fault that ended it, or a ledger that does not add
 * up.
 */
enum exit_status cycle_verdict(const struct cycle *cycle, char *line,
			       size_t line_bytes)
	__attribute__((warn_unused_result));

#endif
