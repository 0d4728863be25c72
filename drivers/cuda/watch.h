/*
 * drivers/cuda/watch.h: calls into libcuda that never come back.
 *
 * A GPU or a driver that has hung keeps a call for ever, and nothing gets a
 * thread out of it. So the main thread makes none: the cuda thread does, which
 * cuda_watch_run hands its work to, and while ticks run the tick thread, which
 * cuda_watch_look looks after. A thread that stays too long in one call is left
 * there: should it come back it sleeps, and touches nothing. From then on
 * libcuda is not called any more, and the process ends without what libcuda
 * would do at its end.
 *
 * Time is counted in looks of the thread that waits: a process that was stopped
 * for an hour has looked once.
 */
#ifndef DRIVERS_CUDA_WATCH_H
#define DRIVERS_CUDA_WATCH_H

#include <stdbool.h>
#include <stddef.h>

/* For an enum cuda_call: dlopen of libcuda.so.1; a call of EGL's or GLES's that
 * the tick thread makes, which may wait for the same GPU. */
#define CUDA_WATCH_LOADING (-1)
#define CUDA_WATCH_EGL	   (-2)

/* How long one call may take; for tests TICKLINE_GPU_PATIENCE_MS, from the
 * environment, takes the place of all three. */
#define CUDA_WATCH_START_MS 30000 /* cuInit may have to wake up the GPU */
#define CUDA_WATCH_END_MS   5000  /* giving back, when the run is over */
#define CUDA_WATCH_TICK_MS  1000

/* One of these, or what takes its place. Any thread. */
int cuda_watch_patience_ms(int limit_ms);

/* Around every call into libcuda and those of EGL's; leave returns what it is given. One thread
 * at a time. */
void cuda_watch_enter(int call);
int cuda_watch_leave(int code);

/* Main thread: starts the cuda thread, if it is not there. 0 or -errno. */
int cuda_watch_start(void) __attribute__((warn_unused_result));

/* Main thread: ends it, unless it was left. */
void cuda_watch_finish(void);

/*
 * Main thread, or within a job: runs job(arg) in the cuda thread. True: it is
 * over. False: it was left in the middle of a call, which cuda_watch_explain
 * names, because that takes longer than limit_ms or, at the start, because the
 * program was asked to end. What arg points at is not touched any more.
 */
bool cuda_watch_run(void (*job)(void *arg), void *arg, int limit_ms);

/* Main thread, every `every_ms` while the tick thread makes the calls: true,
 * once it is left in the middle of one. */
bool cuda_watch_look(int every_ms);

/* Any thread: a thread was left. */
bool cuda_watch_has_left(void);

/* "cuInit has not come back for 30 s: ..." */
void cuda_watch_explain(char *line, size_t line_bytes);

/* Main thread: libcuda is not called any more; exit() ends the process without
 * its destructors. */
void cuda_watch_abandon(void);

#endif
