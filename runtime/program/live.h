/*
 * runtime/program/live.h: what others can do with the program while it runs: the
 * control socket with its verbs, and the changes that come through it.
 *
 * The table of verbs is in live.c: one line each. Main thread, but for the verbs,
 * which run in the control thread.
 */
#ifndef RUNTIME_PROGRAM_LIVE_H
#define RUNTIME_PROGRAM_LIVE_H

#include "drivers/record/trace_file.h"
#include "runtime/app/isa.h"
#include "runtime/app/options.h"
#include "runtime/app/report.h"
#include "runtime/base/refusal.h"
#include "runtime/control/server.h"
#include "runtime/control/show.h"
#include "runtime/control/socket.h"
#include "runtime/control/verbs.h"
#include "runtime/cycle/cycle.h"
#include "runtime/cycle/tick_thread.h"
#include "runtime/program/live_trace.h"
#include "runtime/program/feed.h"

#define LIVE_VERBS_MAX 32

struct live {
	/* config; what is not yet there when it starts is looked at later */
	const struct options *options;
	struct cycle *cycle;
	const struct journal_header *journal;
	const struct tick_thread *tick_thread;
	const struct isa *isa;
	int page_fd; /* the statistics page's; -1: there is none */
	/* what it made */
	struct control_socket socket;
	char line[REFUSAL_MAX]; /* to tell when the run begins; "": nothing */
	struct show show;      /* --replay */
	struct trace_file log; /* --control-log; no path: none */
	int log_error; /* -errno of the first line that is lost; 0: none is */
	struct changes changes;
	struct editor editor;
	struct edit edit;
	struct verb_desk desk;
	struct feed feed;
	struct verb verbs[LIVE_VERBS_MAX + 1]; /* the last has no name */
	struct server server;
	struct stats *stats; /* the control thread's copy */
	struct live_trace trace;
};

/* The socket, the schedule, the files; the cycle is warm, its parameters are
 * set. Refuses with a line; then nothing is left behind. */
enum exit_status live_start(struct live *live);

/* Nothing refuses the start any more: the log is emptied and begun, requests are
 * answered from here on. */
void live_begin(struct live *live);

/* The control thread ends and the socket goes. Accepts a zeroed one, and one
 * that was finished before. The tick thread may still run. */
void live_close(struct live *live);

/* The tick thread has ended: the rest. Accepts the same. */
void live_finish(struct live *live);

#endif
