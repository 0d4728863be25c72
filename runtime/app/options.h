/*
 * runtime/app/options.h: the command line of every graph program, checked.
 *
 * Nothing is opened, allocated or printed here: parsing turns argv into one
 * struct, or into one line that says what is wrong and what would be right.
 * Whether a device, a CPU feature or a file is there is found out later, by
 * the part that opens it.
 *
 * Called by the main thread before anything else. Strings point into argv or
 * are constants. Read next: runtime/control/set_param.h, then runtime/main.c.
 */
#ifndef RUNTIME_APP_OPTIONS_H
#define RUNTIME_APP_OPTIONS_H

#include <stdio.h>

#include "graph/graph.h"
#include "runtime/time/clock.h"
#include "runtime/port/drivers.h"

#define OPTIONS_SETS_MAX  256 /* --set options of one command line */
#define OPTIONS_ERROR_MAX 512 /* bytes of a message, with its NUL */

enum options_action {
	OPTIONS_RUN,
	OPTIONS_PROBE,
	OPTIONS_HELP,
	OPTIONS_VERSION,
	OPTIONS_ACTION_COUNT
};

enum options_backend {
	OPTIONS_BACKEND_AUTO,
	OPTIONS_BACKEND_CPU,
	OPTIONS_BACKEND_CUDA,
	OPTIONS_BACKEND_COUNT
};

enum options_isa {
	OPTIONS_ISA_AUTO,
	OPTIONS_ISA_BASE,
	OPTIONS_ISA_AVX2,
	OPTIONS_ISA_AVX512,
	OPTIONS_ISA_COUNT
};

enum options_report {
	OPTIONS_REPORT_NONE,
	OPTIONS_REPORT_TEXT,
	OPTIONS_REPORT_JSON,
	OPTIONS_REPORT_COUNT
};

#define OPTIONS_FLIGHT_SECONDS	   5
#define OPTIONS_FLIGHT_SECONDS_MAX 60
#define OPTIONS_FLIGHT_FILES	   10
#define OPTIONS_FLIGHT_FILES_MAX   1000

struct options {
	enum options_action action;

	/* what runs */
	const char *display[GRAPH_SINKS_MAX]; /* by sink index: "auto" or a
						 driver's name */
	const char *display_settings[GRAPH_SINKS_MAX]; /* after "NAME,"; NULL:
							  none */
	const char *source[GRAPH_SOURCES_MAX]; /* by source index: likewise */
	const char *source_settings[GRAPH_SOURCES_MAX];
	struct display_mode mode; /* --mode, of the main sink; 0: not given */
	enum options_backend backend;
	int32_t device; /* --backend cuda,device=N; -1: the first */
	enum options_isa isa;
	enum clock_kind clock;
	bool nominal; /* --nominal or --clock free: struct run's `nominal` */
	uint64_t tick_limit; /* tick numbers 0..tick_limit-1 run; 0: no limit,
				until a signal. --seconds is already in here */
	bool hold; /* keep the last frame up after that, until a signal */

	/* the tick thread; what is not given comes from the graph's board */
	int32_t priority; /* SCHED_FIFO, 1..99 */
	int32_t cpu;	  /* -1: any */
	uint32_t spin_us; /* at most half a period, and one second */
	int32_t workers; /* threads that draw, the tick thread among them; 0:
			    as many as there are CPUs to spare */
	bool require_rt;  /* no SCHED_FIFO: refuse with status 77 */

	/* what comes out; NULL: not wanted */
	uint32_t main_sink;	 /* index of the sink that these and --display
				    mean when they name no node: the first
				    display sink, else the first sink */
	const char *record_path[GRAPH_SINKS_MAX]; /* by sink; raw, or y4m by its
						     extension */
	const char *digest_path[GRAPH_SINKS_MAX];
	const char *snapshot_path[GRAPH_SINKS_MAX];
	const char *ledger_path; /* --ledger: when each frame was shown */
	const char *trace_path;	 /* --trace: what happens, for Perfetto */
	/* --flight-recorder; "": not wanted */
	char flight_folder[1024];
	uint32_t flight_seconds, flight_files;
	enum options_report report; /* on exit, on stdout */
	bool status; /* the live line: --status, or stderr is a terminal */

	const char *control; /* "auto", "none" or a path */
	const char *control_log; /* NULL: not wanted */
	const char *replay;	 /* a log; NULL: none */

	uint32_t set_count;
	const char *set[OPTIONS_SETS_MAX]; /* "NODE.PARAM=VALUE", checked */

	char error[OPTIONS_ERROR_MAX]; /* after a refusal: one line, no '\n' */
};

/*
 * Parses argv for this graph. False: refused, options->error says why and the
 * program exits with EXIT_STATUS_USAGE. The graph's tables are only read; any
 * instruction set's will do. drivers: what this program holds. Reorders argv (getopt_long).
 */
bool options_parse(struct options *options, const struct graph *graph,
		   const struct drivers *drivers, int argc, char *argv[])
	__attribute__((warn_unused_result));

/* --help: every option, every driver, and every parameter that --set can
 * change. */
void options_print_help(const struct graph *graph,
			const struct drivers *drivers, FILE *out);

/* --version: one line. */
void options_print_version(const struct graph *graph, FILE *out);

#endif
