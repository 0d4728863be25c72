/*
 * runtime/app/tracer.h: --trace: an ordinary thread that writes the journal as a
 * trace while the graph runs, so that a trace may be longer than the journal.
 *
 * What is overwritten before it comes round is lost and counted, in the trace
 * and here. The first error of the file ends the trace: what is written is a
 * trace up to there.
 */
#ifndef RUNTIME_APP_TRACER_H
#define RUNTIME_APP_TRACER_H

#include <stdatomic.h>

#include "runtime/app/trace.h"
#include "runtime/base/thread.h"

/* How long the journal's lanes must last. */
#define TRACER_SECONDS 2

struct tracer {
	/* config */
	struct trace trace;
	int fd; /* the caller's, open for writing */
	/* main thread only */
	struct thread thread;
	int stop_fd; /* eventfd; written to end the thread */
	bool running;
	/* shared */
	atomic_bool begun;
	/* the thread's; main thread when it has ended */
	struct perfetto out;
	bool has_head;
	uint64_t bytes; /* written */
	int error;	/* the first, -errno; 0: none */
};

/* Main thread, before the seal: starts the thread with the config filled in and
 * the rest zeroed. It writes nothing before tracer_begin. 0 or -errno, nothing
 * printed, nothing left behind. */
int tracer_start(struct tracer *tracer) __attribute__((warn_unused_result));

/* Main thread: the file is empty, the trace begins. Accepts one that was not
 * started. */
void tracer_begin(struct tracer *tracer);

/* Main thread, when the writers of the journal have stopped: writes the rest and
 * the end. Accepts a zeroed tracer, and one that was finished before. */
void tracer_finish(struct tracer *tracer);

/* All that is in the journal since since_ns, at once; main thread or one of the
 * caller's. `out` is memory of the caller's, of trace_head_max bytes and more. 0
 * or -errno. */
int tracer_write_once(struct trace *trace, struct perfetto *out, int fd);

#endif
