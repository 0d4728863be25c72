/*
 * runtime/cycle/tick_thread.h: brings the tick thread up with the kernel's realtime
 * service, as far as it is granted.
 *
 * The thread is created first and waits at a gate, so that all of its memory
 * is there to be locked and a refusal comes before the first tick. With
 * --clock free it is an ordinary thread: one that never sleeps at SCHED_FIFO
 * would starve the machine.
 * Main thread, but for the thread itself.
 */
#ifndef RUNTIME_CYCLE_TICK_THREAD_H
#define RUNTIME_CYCLE_TICK_THREAD_H

#include <semaphore.h>

#include "runtime/cycle/cycle.h"
#include "runtime/base/exit_status.h"
#include "runtime/base/rights.h"
#include "runtime/base/thread.h"

/* Caller-owned, not kept. */
struct tick_thread_config {
	struct cycle *cycle; /* warm */
	int32_t priority;    /* SCHED_FIFO, 1..99 */
	int32_t cpu;	     /* -1: any */
	bool require_rt;     /* refuse rather than run without */
};

struct tick_thread {
	struct cycle *cycle; /* NULL: not started */
	struct thread thread;
	sem_t gate;
	struct rights_refused refused; /* what was refused */
	int32_t priority;   /* granted; 0: normal */
	bool memory_locked;
};

/*
 * Starts the thread and locks all memory mapped now. On a refusal: one line in
 * `line`, nothing left behind, and the exit status to leave with. Without
 * require_rt a kernel's no is kept in tick->refused, for the caller to tell.
 */
enum exit_status tick_thread_start(struct tick_thread *tick,
			      const struct tick_thread_config *config, char *line,
			      size_t line_bytes)
	__attribute__((warn_unused_result));

/* Lets the ticks begin. */
void tick_thread_go(struct tick_thread *tick);

/* One warning line on stderr where something was refused. Not before
 * tick_thread_go: stderr may be a pipe that nobody reads. */
void tick_thread_tell(const struct tick_thread *tick);

/* Waits for the tick thread's end, or leaves it where the backend says that it
 * is stuck: the run is over all the same, with FAULT_GPU_LOST. */
void tick_thread_join(struct tick_thread *tick);

/* Joins, after stopping a thread that still waits at the gate or runs; unlocks
 * memory. Accepts a zeroed one and a joined one. */
void tick_thread_finish(struct tick_thread *tick);

#endif
