/*
 * runtime/cycle/cycle.h: what the tick thread does: wait, uniforms, steps, present,
 * account; and when to skip.
 *
 * On each wake-up the newest tick that is due runs, once. The ticks passed
 * over are counted as skipped in one step; the phase never shifts, numbers go
 * on, there is no burst. With --clock free every tick runs, as fast as it can,
 * and none is late.
 * Read next: runtime/cycle/cycle.c, then one kernel and one driver.
 */
#ifndef RUNTIME_CYCLE_CYCLE_H
#define RUNTIME_CYCLE_CYCLE_H

#include <stdatomic.h>

#include "graph/graph.h"
#include "runtime/port/backend.h"
#include "runtime/time/clock.h"
#include "runtime/port/display.h"
#include "runtime/base/exit_status.h"
#include "runtime/observe/flip_log.h"
#include "runtime/observe/fps.h"
#include "runtime/time/pace.h"
#include "runtime/base/pool.h"
#include "runtime/base/seal.h"
#include "runtime/cycle/slot.h"
#include "runtime/observe/stats.h"
#include "runtime/port/tap.h"

/* Why the tick thread ended by itself; the first one is kept. */
enum cycle_fault {
	CYCLE_OK,
	CYCLE_CLOCK_FAILED,    /* the timer refused to be armed or read */
	CYCLE_RECORDER_STUCK,  /* --clock free: no room in the tap for too long */
	CYCLE_SLOT_MOVE_WRONG, /* runtime/cycle/slot.h: a bug of a driver or ours */
	CYCLE_DISPLAY_FAILED,  /* the driver gave up bringing it back */
	CYCLE_GPU_LOST,	       /* backend->fault says why */
};

/* Caller-owned, kept by pointer where it is one. */
struct cycle_config {
	const struct graph *graph;
	struct backend *backend; /* open, for one of the graph's plans */
	struct clock *clock;
	struct display *displays; /* by sink index, all open */
	struct tap *tap;	  /* of the main sink; NULL: not wanted */
	uint32_t main_sink;	  /* its class is the tick's, its fps shown */
	uint64_t tick_limit;	  /* ticks 0..limit-1; 0: until stopped */
	bool nominal;		  /* struct run holds nominal values */
	bool keep_last; /* cycle_last_frame is wanted of any display */
	struct flip_log *flips; /* every flip; NULL: not wanted */
	int64_t start_ns;	/* when the process started */
};

/* The frame that a slot holds. */
struct cycle_frame {
	uint64_t tick;
	int64_t due_ns, submit_ns;
};

/* One sink's part of a tick. */
struct cycle_sink {
	struct slots slots;
	struct cycle_frame frame[DISPLAY_SLOTS_MAX]; /* by slot */
	uint64_t sequence; /* of the last flip; 0: not known */
	/* Private frames, for slots that cannot be drawn in or read: one, or
	 * two where the last accepted one is kept. */
	struct image shadow[2];
	uint32_t shadow_count, drawing;
	bool has_last; /* shadow[!drawing] */
	bool accepted; /* by the last present */
	enum drop_reason reason; /* when not */
	int64_t answered_ns;	 /* when it was or was not */
};

/*
 * A tick from its start until its frame is offered. The ring of flights holds
 * those whose frames are being drawn, the oldest first; with the cpu backend a
 * tick ends before the next one starts. See runtime/cycle/flight.h.
 */
struct cycle_flight {
	uint64_t next, number; /* ticks next to number - 1 were skipped */
	int64_t due_ns;	     /* what the wait was for */
	int64_t start_ns;    /* t(number) */
	int64_t wake_ns;     /* woke up */
	int64_t launched_ns; /* the drawing was started */
	int64_t deadline_ns; /* accepted after this: late */
	int64_t uniforms_ns, present_ns;
	uint32_t filling[GRAPH_SINKS_MAX]; /* slots; SLOT_NONE: the fallback */
	struct graph_target target[GRAPH_SINKS_MAX]; /* what it is drawn into */
	bool moved[GRAPH_SINKS_MAX]; /* the slot, since it was drawn in */
	bool tapped; /* drawn into the tap too */
	bool given_up; /* accounted as dropped, but still being drawn */
};

struct cycle {
	struct cycle_config config;
	struct rate rate;
	int64_t period_ns; /* rounded */
	struct pace pace; /* tick thread, once it runs */

	/* One pool, carved: the graph's, the fallback row, the stats. The
	 * fallback is an image of pitch 0: with no free slot a tick draws all
	 * its rows there, over each other, and is dropped. */
	struct pool pool;
	unsigned char *fallback_row;
	int64_t *step_ns; /* of each flight, by step index */
	struct stats *stats;
	struct stats *stats_copy; /* for one reader, the live line */

	/* tick thread only */
	struct graph_work work;
	struct cycle_sink sink[GRAPH_SINKS_MAX];
	struct run run;
	struct tick tick;
	struct fps fps;
	uint64_t next;	 /* tick number to wait for */
	int64_t wake_ns; /* woke up */
	int64_t last_wake_ns;
	struct cycle_flight flight[BACKEND_FLIGHTS_MAX]; /* a ring */
	uint32_t flight_first, flight_count;
	uint32_t ahead; /* flights left when a tick ends */
	int64_t retired_ns; /* when the device last finished one */
	enum cycle_fault fault;

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

/* Tick thread: keeps the first fault. */
static inline void cycle_set_fault(struct cycle *cycle, enum cycle_fault fault)
{
	if (cycle->fault == CYCLE_OK)
		cycle->fault = fault;
}

/* Tick thread: runs until the tick limit, cycle_stop or a fault. */
void cycle_run(struct cycle *cycle);

/* Any thread: the tick that runs is finished, no other starts. */
void cycle_stop(struct cycle *cycle);

/*
 * Main thread, when the tick thread has ended: the last frame that the sink's
 * display accepted. False: there is none, or the CPU reads that slot slowly or
 * not at all and config.keep_last was not set.
 */
bool cycle_last_frame(struct cycle *cycle, uint32_t sink, struct image *image);

/*
 * Main thread, when the tick thread has ended: did the run keep its promises?
 * EXIT_STATUS_OK, or one line in `line` and the exit status to leave with: the
 * fault that ended it, or a ledger that does not add up.
 */
enum exit_status cycle_verdict(const struct cycle *cycle, char *line,
			       size_t line_bytes)
	__attribute__((warn_unused_result));

#endif
