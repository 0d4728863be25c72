/*
 * runtime/base/thread.h: threads with a small explicit stack, touched before they
 * start, all signals blocked, and for the tick thread SCHED_FIFO and a CPU.
 * glibc's default 8 MB stacks would all be locked by mlockall.
 */
#ifndef RUNTIME_BASE_THREAD_H
#define RUNTIME_BASE_THREAD_H

#include <pthread.h>
#include <stdbool.h>

#include "runtime/base/pool.h"

#ifdef __SANITIZE_THREAD__ /* keeps 900 KB of its own on every stack */
#define THREAD_STACK_BYTES (2048 * 1024)
#else
#define THREAD_STACK_BYTES (256 * 1024)
#endif

struct thread_config {
	const char *name; /* at most 15 bytes, as top and strace show it */
	int priority;	  /* SCHED_FIFO 1..99; 0: normal */
	int cpu;	  /* -1: any */
	size_t stack_bytes; /* 0: THREAD_STACK_BYTES */
	void *(*run)(void *arg);
	void *arg;
};

struct thread {
	pthread_t id;
	struct pool stack; /* lowest page is the guard */
	bool running;
};

/*
 * Main thread: thread is zeroed. 0, or -errno with nothing printed and nothing
 * left behind: EPERM SCHED_FIFO refused, EINVAL no such CPU, EAGAIN or ENOMEM
 * limits.
 */
int thread_start(struct thread *thread, const struct thread_config *config);

/* Waits for the thread's end, if it was started, and frees its stack. Accepts
 * a zeroed thread. */
void thread_join(struct thread *thread);

/* The same, for that long at the most: false, it still runs. */
bool thread_join_for(struct thread *thread, int milliseconds);

#endif
