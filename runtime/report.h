/*
 * runtime/report.h: what one run did, told on exit as text or as JSON.
 *
 * struct report is filled by the main thread once the tick thread has ended;
 * nothing in it is worked out from other fields of it, so that the report can
 * be compared with what the recorder and the display saw. The JSON keys are
 * stable and documented in docs/report.md.
 *
 * Read next: runtime/report_text.c, runtime/report_json.c.
 */
#ifndef RUNTIME_REPORT_H
#define RUNTIME_REPORT_H

#include <stdio.h>

#include "graph/graph.h"

#define REPORT_STEPS_MAX	64 /* rows told one by one */
#define REPORT_DROP_REASONS_MAX 16

/* One histogram, summed up. count 0: nothing was measured, the rest is 0. */
struct report_times {
	uint64_t count;
	int64_t p50_ns, p99_ns, max_ns;
	int64_t mean_ns;
};

struct report_step {
	const char *name;
	struct report_times times;
};

/* Frames dropped for one reason. */
struct report_drop {
	const char *reason; /* a stable JSON key: "not_accepted" */
	uint64_t count;
};

struct report_sink {
	const char *name;    /* of the node */
	const char *display; /* what it was opened as: "headless" */
	uint64_t accepted;   /* frames it took */
	uint64_t refused;    /* frames it was offered and did not take */
};

/* One output of frames: --record or --digest. */
struct report_recording {
	const char *path;   /* NULL: not asked for */
	const char *format; /* "raw", "y4m" or "digest" */
	uint64_t written;   /* whole frames in the output */
	uint64_t lost;	    /* frames that are not; counted where lost */
	char error[256];    /* the first one; "": none */
};

/* The tick thread since the seal, from getrusage(RUSAGE_THREAD). */
struct report_thread {
	bool fifo;	  /* SCHED_FIFO was granted */
	int32_t priority; /* 0: normal */
	int32_t cpu;	  /* -1: any */
	uint32_t spin_us;
	bool dma_latency; /* /dev/cpu_dma_latency was held at 0 */
	bool memory_locked;
	uint64_t minor_faults, major_faults;
	uint64_t involuntary_switches;
	int64_t cpu_ns; /* CPU time used since the seal */
};

struct report {
	const struct graph *graph;
	const char *backend; /* "cpu" */
	const char *isa;     /* "avx2" */
	const char *clock;   /* "timer" or "free" */
	const char *display; /* of the main sink: "headless" */

	/* the ledger: ticks = presented + late + dropped + skipped */
	uint64_t ticks, presented, late, dropped, skipped;
	uint64_t repeats;
	uint32_t drop_count;
	struct report_drop drops[REPORT_DROP_REASONS_MAX];

	double fps;		/* presented and late frames a second */
	int64_t first_frame_ns; /* exec to the first frame; 0: none */
	int64_t duration_ns;	/* first tick to last */
	uint64_t rss_bytes;

	struct report_times lateness; /* first line of the cycle - t(n) */
	struct report_times uniforms; /* every node's foo_tick */
	struct report_times present;
	struct report_times cycle; /* wake-up to the end of account */
	uint32_t step_count;
	struct report_step steps[REPORT_STEPS_MAX];

	uint32_t sink_count;
	struct report_sink sinks[GRAPH_SINKS_MAX];
	struct report_recording recording, digest;
	const char *snapshot_path; /* where the picture is; NULL: none */
	struct report_thread thread;
};

/* False: writing to `out` failed. */
bool report_text(const struct report *report, FILE *out);

/* One JSON object and a newline. False: writing to `out` failed. */
bool report_json(const struct report *report, FILE *out);

/* True where the ledger adds up; asserted at exit (EXIT_STATUS_INTERNAL). */
bool report_adds_up(const struct report *report);

#endif
