/*
 * runtime/app/report.h: what one run did, told on exit as text or as JSON.
 *
 * The main thread fills in struct report once the tick thread has ended. The
 * counts are printed as they were counted, none is worked out from others, so
 * that a test can compare them with what the recorder and the display saw.
 * The JSON keys are stable and documented in docs/report.md.
 *
 * Read next: runtime/observe/stats.h, runtime/app/report_text.c, runtime/app/report_json.c.
 */
#ifndef RUNTIME_APP_REPORT_H
#define RUNTIME_APP_REPORT_H

#include <stdio.h>

#include "runtime/cycle/cycle.h"
#include "runtime/app/options.h"
#include "runtime/port/recording.h"

/* The tick thread: what it asked for and got. */
struct report_thread {
	int32_t priority;   /* SCHED_FIFO; 0: normal, FIFO was refused */
	int32_t cpu;	    /* -1: any */
	uint32_t spin_us;   /* 0: sleep only */
	bool dma_latency;   /* /dev/cpu_dma_latency was held at 0 */
	bool memory_locked; /* mlockall was granted */
};

/* What one sink's frames were written to. */
struct report_output {
	const struct recording *recording; /* --record; NULL: not asked for */
	const struct recording *digest;	   /* --digest; NULL: not asked for */
	const char *snapshot_path; /* where the picture is; NULL: none */
};

/* --trace. */
struct report_trace {
	const char *path;	/* NULL: not asked for */
	uint64_t records, lost; /* of the journal */
	int error;		/* -errno; 0: it is whole */
};

struct report {
	const struct graph *graph;
	const struct backend *backend; /* the one that drew */
	const char *isa;	       /* "avx2" */
	const char *clock;	       /* "timer", "free" or "display" */
	const struct display *display[GRAPH_SINKS_MAX]; /* by sink */
	const struct source *source[GRAPH_SOURCES_MAX]; /* by source */
	uint64_t source_waiting[GRAPH_SOURCES_MAX]; /* intake_waiting */
	uint32_t main_sink; /* the sink of the top-level counts */
	const uint64_t *counts; /* by graph->counts; NULL: there are none */

	const struct stats *stats; /* stats_read's copy, or quiescent */
	uint64_t rss_bytes;	   /* peak resident set; 0: not known */
	struct report_thread thread;

	struct report_output output[GRAPH_SINKS_MAX]; /* by sink */
	struct report_trace trace;
};

/* What the cycle knows; its tick thread has ended. */
void report_add_cycle(struct report *report, const struct cycle *cycle);

/* In the form that was asked for, if any. False: writing to `out` failed. */
bool report_print(const struct report *report, enum options_report form,
		  FILE *out);

/* False: writing to `out` failed. `out` is flushed. */
bool report_text(const struct report *report, FILE *out);

/* One JSON object and a newline. False: writing to `out` failed. */
bool report_json(const struct report *report, FILE *out);

/* The process's peak resident set in bytes; 0 where it cannot be told. */
uint64_t report_rss_bytes(void);

#endif
