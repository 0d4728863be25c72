/*
 * runtime/observe/status.h: the live line on stderr, by an ordinary thread.
 *
 *   fps 60.0  late 0  dropped 0  skipped 0  cycle p50 0.31 ms  tick 600
 *
 * and for each source "  camera: 59.94 Hz, 3 repeats, 0 passed over, 0 lost", as
 * far as they fit.
 *
 * Once a second; on a terminal each line overwrites the one before. It reads
 * runtime/observe/stats.h and nothing else, and never waits for stderr: a line that
 * does not fit into the pipe or terminal now is left out.
 */
#ifndef RUNTIME_OBSERVE_STATUS_H
#define RUNTIME_OBSERVE_STATUS_H

#include "runtime/observe/stats.h"
#include "runtime/base/thread.h"

struct status {
	/* config */
	const struct stats *stats;
	struct stats *copy; /* stats->header.page.bytes of them, the status thread's
			       own */
	uint32_t main_sink;
	int fd;		 /* where lines go: 2 */
	bool terminal;	 /* overwrite the line before */
	int interval_ms; /* 0: 1000 */
	/* main thread only */
	struct thread thread;
	int stop_fd; /* eventfd; written to end the thread */
	bool running;
	/* status thread only */
	bool shown; /* a line is on the terminal */
};

/*
 * Main thread, before the seal: starts the thread with the config filled in
 * and the rest zeroed. 0 or -errno, nothing printed, nothing left behind.
 */
int status_start(struct status *status) __attribute__((warn_unused_result));

/* Main thread: ends the thread and the line. Accepts a zeroed status, and one
 * that was finished before. */
void status_finish(struct status *status);

/* The line for these figures, without '\r' or '\n'. */
void status_line(const struct stats *stats, uint32_t main_sink, char *text,
		 size_t bytes);

#endif
