/*
 * drivers/cpu/workers.h: threads that help the tick thread draw a step.
 *
 * A step is cut into bands (graph/graph.h). The tick thread offers them, draws
 * bands itself like all the others, and goes on when every band is drawn: so a
 * worker that does not come is not missed, the bands that it would have drawn
 * are taken by who is there. What the tick thread does wait for is bands that
 * a worker has begun, since two may not draw the same rows.
 *
 * How long that can be. Workers have the tick thread's own SCHED_FIFO
 * priority: with less, a thread in between could keep the tick waiting for a
 * worker that it pushed aside, which is priority inversion without a lock to
 * inherit through. What pushes a worker aside would push the tick thread aside
 * too: threads above that priority, and interrupts of its CPU. A storm of those
 * makes the frame late by as long as it holds the CPU, at most while one band
 * is under way; late frames are counted as ever. So on a CPU that serves a
 * busy device there should be no worker: boards pin them (`cpus:`). Workers that
 * are not pinned are moved to another CPU by the kernel when something above
 * them wants theirs.
 *
 * Who waits spins first, for a bounded time, then sleeps: workers for
 * WORKERS_IDLE_NS after a step, so that the next of the same tick finds them
 * awake; the tick thread for WORKERS_JOIN_NS when it has run out of bands. With
 * one CPU for all of them the sleep is what lets the others run.
 *
 * System calls of the tick thread for a step in bands: one futex wake where a
 * worker sleeps, at most two futex waits for each worker (one for the band that
 * it has under way, one that its wake for the step before may end early); none
 * without workers.
 */
#ifndef DRIVERS_CPU_WORKERS_H
#define DRIVERS_CPU_WORKERS_H

#include "graph/graph.h"
#include "runtime/base/pool.h"
#include "runtime/observe/journal.h"

#define WORKERS_IDLE_NS 30000
#define WORKERS_JOIN_NS 100000

struct workers;

/* Caller-owned, not kept but for graph. */
struct workers_config {
	const struct graph *graph;
	uint32_t count;	    /* threads beside the caller; 1 and more */
	int priority;	    /* SCHED_FIFO 1..99; 0: normal */
	const int32_t *cpus; /* of the first cpu_count workers; others: any */
	uint32_t cpu_count;
};

/*
 * Main thread, before the seal: one mapping, and threads that allocate nothing
 * from their first instruction to their last. Where SCHED_FIFO is refused they
 * are normal threads, as the tick thread is then. NULL: *error is -errno, and
 * *cpu the CPU that was refused, or -1; nothing is left behind.
 */
struct workers *workers_start(const struct workers_config *config, int *error,
			      int32_t *cpu);

/*
 * One thread at a time, sealed or not: draws a step whose `band` is not 0, all
 * of it. Cut or not is decided here: into bands of at least step->band rows,
 * four for each thread (two for frame types, which begin each with rows of
 * others); the caller's scratch is the pool's.
 */
void workers_draw(struct workers *workers, const struct graph_step *step,
		  const struct graph_work *work);

/* Main thread, before the first step is drawn: each worker's lane, where the
 * journal has one, for what it draws of a step of this plan. */
void workers_set_journal(struct workers *workers, const struct graph_plan *plan,
			 const struct journal *journal);

/* Main thread: bands that workers drew so far, and their CPU time. */
void workers_usage(const struct workers *workers, uint64_t *bands,
		   uint64_t *cpu_ns);

/* Main thread, nobody draws: ends the threads. NULL is fine. */
void workers_finish(struct workers *workers);

#endif
