/*
 * runtime/cycle/flight.h: frames from the start of their drawing until they
 * are offered to the displays.
 *
 * The ring's flights, oldest first, are being drawn. With the cpu backend, and
 * as a rule with a device too, a tick launches one and retires it. Two cases
 * let frames be drawn while the tick thread does something else:
 *
 *   pipeline: 1   tick n launches frame n, then presents frame n - 1, which is
 *                 late a period later than otherwise
 *   --clock free  launches are queued ahead as far as the slots reach
 *
 * A device is never waited for without a bound: after FLIGHT_PATIENCE periods
 * (--clock free: FLIGHT_LOST_NS) its tick is dropped, reason not_ready, and the
 * last good frame stays on view. The flight is given up: it keeps its slots and
 * its sources' frames until the device is done with them. While there is one,
 * ticks are dropped without being drawn; if it lasts FLIGHT_LOST_NS, the device
 * is lost.
 *
 * A flight knows the sinks and sources that it holds something of, and nothing
 * of the ledger: what became of a tick is handed out as a tick_result.
 * Tick thread, but where it says main thread.
 */
#ifndef RUNTIME_CYCLE_FLIGHT_H
#define RUNTIME_CYCLE_FLIGHT_H

#include "runtime/base/rate.h"
#include "runtime/cycle/fault.h"
#include "runtime/cycle/intake.h"
#include "runtime/cycle/sink.h"

#define FLIGHT_PATIENCE 4 /* periods */
#define FLIGHT_LOST_NS	NS_PER_SECOND

/* A tick's numbers and instants, from its wake-up on. */
struct tick_times {
	uint64_t next, number; /* ticks next to number - 1 were skipped */
	int64_t due_ns;	     /* what the wait was for */
	int64_t start_ns;    /* t(number) */
	int64_t wake_ns;     /* woke up */
	int64_t deadline_ns; /* accepted after this: late */
};

/* A tick that is over. */
struct tick_result {
	struct tick_times times;
	bool drawn;	  /* the durations below are of it */
	int64_t uniforms_from_ns, uniforms_ns, present_from_ns, present_ns;
	const struct step_time *step; /* by step; the flight's, until the next
					 launch */
	struct outcome sink[GRAPH_SINKS_MAX];
	bool record_lost[GRAPH_SINKS_MAX]; /* no room in the tap, or it could
					      not be read back */
	struct intake_share source[GRAPH_SOURCES_MAX];
};

struct flight {
	struct tick_result result; /* filled in on the way */
	int64_t launched_ns;	   /* the drawing was started */
	uint32_t slot[GRAPH_SINKS_MAX]; /* SLOT_NONE: the fallback */
	bool tapped[GRAPH_SINKS_MAX];	/* drawn into the tap too */
	bool given_up; /* told as dropped, but still being drawn */
};

/* Caller-owned; the pointers are kept. */
struct flights_config {
	const struct graph *graph;
	struct backend *backend;
	struct sink *sinks;	/* by index, initialized */
	struct intake *intakes; /* by source index, initialized */
	struct tick_source *facts; /* by source index: what `tick` tells */
	struct graph_work *work;
	const struct tick *tick; /* what foo_tick is told */
	enum fault *fault;
	struct step_time *steps; /* of each flight, by step index */
	int64_t period_ns;
	uint32_t main_sink;
	bool timed; /* ticks have a time; with --clock free they have none */
};

struct flights {
	struct flights_config config;
	struct flight flight[BACKEND_FLIGHTS_MAX]; /* a ring */
	struct flight turned_away; /* the last tick that was not drawn */
	uint32_t first, count;
	bool launching; /* the one after those */
	uint32_t ahead; /* flights left when a tick ends */
	int64_t retired_ns; /* when the device last finished one */
};

/* Main thread. */
void flights_init(struct flights *flights, const struct flights_config *config);

/* Main thread: draws once with every flight, into the first slots. False: the
 * backend failed. */
bool flights_warm(struct flights *flights);

/* Starts to draw a tick: NULL. Or there was no room for it or it could not be
 * started: it is over, once the ticks before it are. */
const struct tick_result *flights_launch(struct flights *flights,
					 const struct tick_times *times);

/* Ends the oldest tick where more than `left` are being drawn: waits for its
 * frame and offers it. NULL: none is to be ended. Valid until the next launch. */
const struct tick_result *flights_retire(struct flights *flights,
					 uint32_t left);

/* After the last tick: until the device is done with what was given up, or
 * lost. */
void flights_drain(struct flights *flights);

/* Main thread, when the tick thread is stuck in the backend: ends the oldest
 * tick without a frame. NULL: all are over. */
const struct tick_result *flights_abandon(struct flights *flights);


#endif
