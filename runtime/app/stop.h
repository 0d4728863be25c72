/*
 * runtime/app/stop.h: SIGINT and SIGTERM. The first one ends the run in order (the
 * tick that runs is finished), the second ends the process at once with status
 * 128 + its number. They reach the main thread only: every other thread of the
 * program has all signals blocked. Main thread.
 */
#ifndef RUNTIME_APP_STOP_H
#define RUNTIME_APP_STOP_H

#include "runtime/cycle/cycle.h"

/* Signals wait from here on; before any thread is created. SIGPIPE is ignored:
 * a reader that is gone is an error of its write. Closed standard descriptors
 * are filled: a recording that became descriptor 2 would get the messages. */
void stop_block(void);

/* Signals that waited and those to come stop this cycle. */
void stop_accept(struct cycle *cycle);

/* Returns when the first signal has come. After stop_accept. */
void stop_wait(void);

#endif
