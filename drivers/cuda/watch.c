/*
 * drivers/cuda/watch.c: see drivers/cuda/watch.h.
 */
#define _GNU_SOURCE /* sem_clockwait */
#include "drivers/cuda/watch.h"

#include <errno.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "drivers/cuda/library.h"
#include "runtime/base/stop.h"
#include "runtime/base/thread.h"
#include "runtime/time/clock.h"

#define LOOK_MS	    20
#define LEFT	    UINT64_MAX
#define STACK_BYTES (2 << 20) /* nobody says what libcuda needs */

static struct {
	_Atomic uint64_t calls; /* begun and ended; odd: inside one; LEFT */
	_Atomic int call;	/* the last one begun */
	/* main thread */
	struct thread thread;
	uint64_t seen; /* calls, at the last look */
	int unmoved_ms;
	const char *why; /* it was left: the end of the line */
	int limit_ms;
	bool abandoned;
	/* from one side to the other by the semaphores */
	sem_t wanted, done;
	void (*job)(void *arg); /* NULL: the thread's end */
	void *arg;
} watch;

static _Thread_local bool is_cuda_thread;

/* ---- whoever calls --------------------------------------------------------- */

void cuda_watch_enter(int call)
{
	atomic_store_explicit(&watch.call, call, memory_order_relaxed);
	/* release: `call` is there for watch_leave_thread */
	atomic_fetch_add_explicit(&watch.calls, 1, memory_order_release);
}

int cuda_watch_leave(int code)
{
	uint64_t inside =
		atomic_load_explicit(&watch.calls, memory_order_relaxed);

	if (inside == LEFT ||
	    !atomic_compare_exchange_strong(&watch.calls, &inside, inside + 1))
		for (;;)
			pause();
	return code;
}

static void *watch_thread(void *unused)
{
	is_cuda_thread = true;
	for (;;) {
		while (sem_wait(&watch.wanted) && errno == EINTR)
			;
		if (!watch.job)
			return unused;
		watch.job(watch.arg);
		sem_post(&watch.done);
	}
}

/* ---- whoever waits --------------------------------------------------------- */

bool cuda_watch_has_left(void)
{
	return atomic_load(&watch.calls) == LEFT;
}

/* False: it came back just now. */
static bool watch_leave_thread(uint64_t calls, int limit_ms, const char *why)
{
	/* acquire: pairs with cuda_watch_enter */
	if (!(calls & 1) ||
	    !atomic_compare_exchange_strong(&watch.calls, &calls, LEFT))
		return false;
	watch.limit_ms = limit_ms;
	watch.why = why;
	cuda_watch_abandon();
	return true;
}

/* One look: true, if it was left. */
static bool watch_look(int every_ms, int limit_ms)
{
	uint64_t calls = atomic_load(&watch.calls);

	watch.unmoved_ms = calls == watch.seen ? watch.unmoved_ms + every_ms
					       : 0;
	watch.seen = calls;
	return watch.unmoved_ms >= limit_ms &&
	       watch_leave_thread(calls, limit_ms, NULL);
}

static bool watch_wait_for_done(void)
{
	int64_t until_ns = clock_now_ns() + LOOK_MS * NS_PER_MS;
	const struct timespec until = {.tv_sec = until_ns / NS_PER_SECOND,
				       .tv_nsec = until_ns % NS_PER_SECOND};
	int error;

	do
		error = sem_clockwait(&watch.done, CLOCK_MONOTONIC, &until);
	while (error && errno == EINTR);
	return !error;
}

int cuda_watch_patience_ms(int limit_ms)
{
	const char *text = getenv("TICKLINE_GPU_PATIENCE_MS");
	int patience_ms = text ? atoi(text) : 0;

	return patience_ms > 0 ? patience_ms : limit_ms;
}

bool cuda_watch_look(int every_ms)
{
	return watch_look(every_ms, cuda_watch_patience_ms(CUDA_WATCH_TICK_MS));
}

bool cuda_watch_run(void (*job)(void *arg), void *arg, int limit_ms)
{
	int patience_ms = cuda_watch_patience_ms(limit_ms);

	if (cuda_watch_has_left())
		return false;
	if (is_cuda_thread) {
		job(arg);
		return true;
	}
	watch.job = job;
	watch.arg = arg;
	sem_post(&watch.wanted);
	while (!watch_wait_for_done()) {
		if (watch_look(LOOK_MS, patience_ms))
			return false;
		if (limit_ms == CUDA_WATCH_START_MS && stop_requested() &&
		    watch_leave_thread(atomic_load(&watch.calls), 0,
				       "the program was asked to end"))
			return false;
	}
	return true;
}

void cuda_watch_explain(char *line, size_t line_bytes)
{
	int call = atomic_load(&watch.call);
	const char *name = call == CUDA_WATCH_LOADING
				   ? "the loading of libcuda.so.1"
			   : call == CUDA_WATCH_EGL
				   ? "a call of EGL or GLES"
				   : cuda_call_symbol((enum cuda_call)call);

	if (watch.why)
		snprintf(line, line_bytes, "%s had not come back when %s", name,
			 watch.why);
	else
		snprintf(line, line_bytes,
			 "%s has not come back for %g s: the GPU or its driver "
			 "hangs: see the kernel's log (dmesg: NVRM, nvgpu)",
			 name, watch.limit_ms / 1000.0);
}

/* ---- the thread ------------------------------------------------------------ */

int cuda_watch_start(void)
{
	const struct thread_config config = {.name = "cuda",
					     .cpu = -1,
					     .stack_bytes = STACK_BYTES,
					     .run = watch_thread};

	if (watch.thread.running)
		return 0;
	sem_init(&watch.wanted, 0, 0);
	sem_init(&watch.done, 0, 0);
	return thread_start(&watch.thread, &config);
}

void cuda_watch_finish(void)
{
	if (cuda_watch_has_left() || !watch.thread.running)
		return;
	watch.job = NULL;
	sem_post(&watch.wanted);
	thread_join(&watch.thread);
	sem_destroy(&watch.wanted);
	sem_destroy(&watch.done);
}

/* Called before the destructors of what was loaded before it was registered. */
static void watch_end_process(int status, void *unused)
{
	(void)unused;
	fflush(stdout);
	_exit(status);
}

void cuda_watch_abandon(void)
{
	if (!watch.abandoned)
		on_exit(watch_end_process, NULL);
	watch.abandoned = true;
}
