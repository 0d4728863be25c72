/*
 * runtime/program/live_trace.h: the verb `trace`: what the journal has, as a trace,
 * in a memfd that goes with the answer. Control thread.
 */
#ifndef RUNTIME_PROGRAM_LIVE_TRACE_H
#define RUNTIME_PROGRAM_LIVE_TRACE_H

#include "runtime/control/verb.h"
#include "runtime/cycle/cycle.h"

#define LIVE_TRACE_SECONDS_MAX 3600

struct live_trace {
	const struct cycle *cycle;
	int fd; /* the last one that was handed out; 0: none */
};

extern const char *const verb_trace_keys[];

/* arg: struct live_trace. */
void verb_trace(struct call *call, void *arg);

/* The control thread has ended. Accepts a zeroed one. */
void live_trace_finish(struct live_trace *trace);

#endif
