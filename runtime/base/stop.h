/*
 * runtime/base/stop.h: the signals that end a program: SIGINT, SIGTERM, and
 * SIGHUP unless it was ignored at start. The first one asks for an end in
 * order, whatever the program is at; the second ends the process at once with
 * status 128 + its number.
 *
 * A thread of its own takes them, so that a main thread that is stuck in a
 * call, in bring-up as in a write, keeps none of this from happening. What
 * waits for something outside the program (a reader, a master, a driver)
 * waits for stop_fd() too, or asks stop_requested() between two looks.
 */
#ifndef RUNTIME_BASE_STOP_H
#define RUNTIME_BASE_STOP_H

#include <stdbool.h>

/* First of all, main thread: a reader that is gone and a file that may not grow
 * are errors of their write (EPIPE, EFBIG), not signals. Closed standard
 * descriptors are filled: a recording that became descriptor 2 would get the
 * messages. */
void stop_prepare(void);

/* Main thread, before any other thread: from here on signals count. 0 or
 * -errno, nothing printed. */
int stop_start(void) __attribute__((warn_unused_result));

/* Main thread, last of all: signals do again what they did before. Accepts not
 * to have been started. */
void stop_finish(void);

/* Any thread; false before stop_start. */
bool stop_requested(void);

/* For poll: readable for ever from the first signal on; not to be read. -1,
 * which poll passes over, before stop_start. */
int stop_fd(void);

/* Sleeps; true as soon as a stop is requested, false after that time. -1:
 * until then. Any thread but the tick thread. */
bool stop_wait(int milliseconds);

/*
 * Main thread: the first signal, if it has come already or when it comes,
 * calls this once, in the caller's or in the signal thread. Call must not
 * wait; arg must live until stop_finish.
 */
void stop_call(void (*call)(void *arg), void *arg);

#endif
