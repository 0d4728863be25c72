/*
 * runtime/program/flight_recorder.h: --flight-recorder: an ordinary thread that
 * looks through the journal for what goes wrong (a tick late, dropped or
 * skipped, a screen or a source lost) and then writes its last seconds as a trace:
 *
 *   DIR/GRAPH-20260131T235959Z-PID-N.perfetto     the UTC time, N from 1
 *
 * No more than one file in the seconds that a file spans, and no more of the
 * graph's files in DIR than were asked for: the oldest goes first. Files are put in
 * place whole.
 */
#ifndef RUNTIME_PROGRAM_FLIGHT_RECORDER_H
#define RUNTIME_PROGRAM_FLIGHT_RECORDER_H

#include "runtime/app/tracer.h"
#include "runtime/base/refusal.h"

#define FLIGHT_RECORDER_PATH 1280 /* a folder of 1024 and a name */

struct flight_recorder {
	/* config */
	const char *folder; /* NULL: not asked for */
	uint32_t seconds, files;
	const struct journal_header *journal;
	const struct graph *graph;
	const struct graph_plan *plan;
	/* main thread only */
	struct thread thread;
	int stop_fd; /* eventfd; written to end the thread */
	bool running;
	/* the thread's; main thread when it has ended */
	uint64_t seen[JOURNAL_LANES_MAX];
	char why[128]; /* what went wrong since the last file; "": nothing */
	char path[FLIGHT_RECORDER_PATH]; /* of the last file */
	int64_t written_ns; /* when it was; 0: never */
	uint64_t written, failed;
	struct perfetto out;
};

/* Main thread: can files be put there? Nothing is created. On a refusal: one line
 * and the exit status to leave with. */
enum exit_status flight_recorder_check(const char *folder, char *line,
				       size_t bytes)
	__attribute__((warn_unused_result));

/* Main thread, before the seal: starts the thread, where a folder is given, with
 * the config filled in and the rest zeroed. 0 or -errno, nothing printed, nothing
 * left behind. */
int flight_recorder_start(struct flight_recorder *recorder)
	__attribute__((warn_unused_result));

/* Main thread, when the writers of the journal have stopped: writes what is still
 * to be. fault: why the run ended; "": it is well; NULL: there was no run. Accepts a zeroed
 * recorder, and one that was finished before. */
void flight_recorder_finish(struct flight_recorder *recorder,
			    const char *fault);

#endif
