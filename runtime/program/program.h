/*
 * runtime/program/program.h: everything that a running program is made of. This
 * room sees all others and the drivers' libraries; nothing but runtime/main.c
 * sees it.
 */
#ifndef RUNTIME_PROGRAM_PROGRAM_H
#define RUNTIME_PROGRAM_PROGRAM_H

#include "runtime/app/isa.h"
#include "runtime/app/options.h"
#include "runtime/app/source_events.h"
#include "runtime/base/refusal.h"
#include "runtime/base/sealed.h"
#include "runtime/cycle/cycle.h"
#include "runtime/cycle/tick_thread.h"
#include "runtime/observe/status.h"
#include "runtime/port/drivers.h"
#include "runtime/program/flight_recorder.h"
#include "runtime/program/live.h"
#include "runtime/program/outputs.h"

/* The journal's lanes: the tick thread, then each sink, then each source; then with
 * --trace the tick thread's details, then each worker. */
#define LANE_TICK      0
#define LANE_SINK      1    /* the first */
#define LANE_TICK_ROWS 8192 /* 512 KB; --ledger: FLIP_LOG_ROWS */
#define LANE_ROWS      256
/* And with details, where lanes must last until the tracer comes round. */
#define LANE_SOURCE_ROWS 2048
#define LANE_SOURCE_RATE 250.0 /* frames a second, at most as a rule */
#define LANE_ROWS_FREE	 131072 /* --clock free: ticks have no rate; 8 MB */
#define LANE_ROWS_MAX	 1048576

struct program {
	const struct drivers *drivers;
	int64_t start_ns; /* of main() */
	struct options options;
	const struct isa *isa;
	const struct graph *graph;
	struct backend backend;
	char choice[REFUSAL_MAX]; /* of the backend, and why */
	char broken[REFUSAL_MAX]; /* why it cannot do it; "": it can */
	struct clock clock;
	struct journal journal;
	struct display displays[GRAPH_SINKS_MAX];
	struct source sources[GRAPH_SOURCES_MAX];
	struct sealed page; /* the statistics; other programs may have its fd */
	struct pool page_copy; /* the status thread's */
	struct stats *stats, *stats_copy;
	struct cycle cycle;
	struct status status;
	struct source_events events;
	struct live live;
	struct tick_thread tick_thread;
	struct outputs outputs;
	struct flight_recorder flight_recorder;
};

/* The backend cannot do it after all; told when it is known what can. */
enum exit_status refuse_backend(struct program *p, enum exit_status status,
				const char *reason);

/*
 * Main thread. The stages of bring-up, in the order in which runtime/main.c
 * lists them: start is refused after a line and gives back what it took itself;
 * finish gives back what start took.
 */
enum exit_status start_backend(struct program *p);
void finish_backend(struct program *p);
enum exit_status start_outputs(struct program *p);
void finish_outputs(struct program *p);
enum exit_status start_clock(struct program *p);
void finish_clock(struct program *p);
enum exit_status start_journal(struct program *p);
void finish_journal(struct program *p);
enum exit_status start_displays(struct program *p);
void finish_displays(struct program *p);
enum exit_status start_sources(struct program *p);
void finish_sources(struct program *p);
enum exit_status start_pools(struct program *p);
void finish_pools(struct program *p);
enum exit_status start_picture(struct program *p);
enum exit_status start_trace(struct program *p);
void finish_trace(struct program *p);
enum exit_status start_flight_recorder(struct program *p);
void finish_flight_recorder(struct program *p);
enum exit_status start_recorders(struct program *p);
void finish_recorders(struct program *p);
enum exit_status start_status(struct program *p);
void finish_status(struct program *p);
enum exit_status start_events(struct program *p);
void finish_events(struct program *p);
enum exit_status start_control(struct program *p);
void finish_control(struct program *p);
enum exit_status start_tick_thread(struct program *p);
void finish_tick_thread(struct program *p);
enum exit_status start_showing(struct program *p);
enum exit_status start_frames(struct program *p);
void finish_frames(struct program *p);

#endif
