/*
 * runtime/program/outputs.h: what a run leaves outside: recordings, digests and
 * snapshots of its sinks, the ledger, the report.
 *
 * Everything that can refuse is asked before anything is touched. What goes to
 * standard output, and the ledger, is kept until the displays are given back:
 * whoever reads it may be stuck. Main thread.
 */
#ifndef RUNTIME_PROGRAM_OUTPUTS_H
#define RUNTIME_PROGRAM_OUTPUTS_H

#include "drivers/record/recorder.h"
#include "drivers/record/trace_file.h"
#include "runtime/app/options.h"
#include "runtime/app/report.h"
#include "runtime/app/tracer.h"
#include "runtime/base/refusal.h"
#include "runtime/cycle/cycle.h"
#include "runtime/observe/journal.h"

/* Of one sink. */
struct output_set {
	struct recorder recorder;
	struct tap tap;	   /* where the recorder's frames come from */
	bool wants_tap;
	const char *snapshot_path; /* NULL: none was asked for, or written */
	char *picture;		   /* for standard output; NULL: none */
	size_t picture_bytes;
	/* what there is to say of it at the end; "": nothing */
	char snapshot_line[REFUSAL_MAX], recording_line[REFUSAL_MAX];
};

struct outputs {
	const struct options *options;
	uint32_t sink_count;
	struct output_set set[GRAPH_SINKS_MAX]; /* by sink */
	struct trace_file trace;
	struct tracer tracer;
	/* what is told at the end */
	bool composed;
	char *ledger, *report; /* NULL: none */
	size_t ledger_bytes, report_bytes;
	char line[REFUSAL_MAX]; /* the run's own verdict; "": it is well */
	char trace_line[REFUSAL_MAX];
	enum exit_status status;
};

/* Asks and opens; nothing is created or truncated yet. Refuses with a line. */
enum exit_status outputs_open(struct outputs *outputs,
			      const struct options *options,
			      const struct graph *graph);

/* The sinks' taps, pinned for the backend. 0 or -errno, nothing printed. */
int outputs_make_taps(struct outputs *outputs, const struct graph *graph,
		      struct backend *backend);
void outputs_free_taps(struct outputs *outputs, struct backend *backend);

/* The thread of --trace, where it was asked for. 0 or -errno, nothing printed. */
int outputs_start_trace(struct outputs *outputs,
			const struct journal_header *journal,
			const struct graph *graph,
			const struct graph_plan *plan);

/* The writers of the journal have stopped, or never started. */
void outputs_finish_trace(struct outputs *outputs);

/* The recorders' threads. 0 or -errno, nothing printed, none left running. */
int outputs_start(struct outputs *outputs);

/* Nothing refuses the start any more: the files are emptied. */
void outputs_begin(struct outputs *outputs);

/* The tick thread has ended, or never started: the recorders end too. */
void outputs_finish(struct outputs *outputs);

/* After a run: writes the snapshots that go into files, and composes the rest.
 * `report` holds all but the outputs. */
void outputs_compose(struct outputs *outputs, struct cycle *cycle,
		     const struct journal_header *journal, uint32_t lane,
		     struct report *report);

/* The displays are given back: writes and prints what was composed; once. */
void outputs_tell(struct outputs *outputs);

/* Closes what is open; without outputs_begin no trace is left. */
void outputs_close(struct outputs *outputs);

#endif
