/*
 * runtime/port/backend.h: what draws a plan's frames: the tick thread itself, or a
 * device beside it.
 *
 * A frame being drawn is a flight, an index below `flights`. Flights are
 * launched in turn and end in the order in which they were launched. The cpu
 * has one, and its frame is ready when launch returns.
 * Drivers: drivers/cpu/cpu.c, drivers/cuda. Read next: backend_cpu.c, then
 * runtime/cycle/flight.c, which calls these.
 */
#ifndef RUNTIME_PORT_BACKEND_H
#define RUNTIME_PORT_BACKEND_H

#include "graph/graph.h"
#include "runtime/port/display.h"
#include "runtime/base/json.h"
#include "runtime/observe/journal.h"

#define BACKEND_FLIGHTS_MAX 4
#define BACKEND_TEXT_MAX    192

enum backend_status {
	BACKEND_READY,	 /* done */
	BACKEND_PENDING, /* not yet */
	BACKEND_FAILED,	 /* this frame is lost, `fault` says why; the next may
			    be drawn */
	BACKEND_LOST,	 /* nothing will be drawn any more: `lost`, `fault` */
};

/* What is asked of open. Caller-owned, not kept but for graph and plan. */
struct backend_config {
	const struct graph *graph;
	const struct graph_plan *plan; /* one of this backend */
	int32_t device;		       /* ordinal; -1: the driver's first */
	uint32_t threads; /* that draw on the CPU, the tick thread's among them;
			     0: as many as board and machine have to spare */
	int priority;	  /* of those, SCHED_FIFO 1..99; 0: normal */
};

/* When a step was at work, as the host saw it. CLOCK_MONOTONIC. */
struct step_time {
	int64_t begin_ns;
	int64_t ns; /* -1: not measured */
};

struct backend {
	const struct backend_ops *ops;
	/* filled in by open, constant until close */
	const struct graph *graph;
	const struct graph_plan *plan;
	uint32_t flights; /* 1..BACKEND_FLIGHTS_MAX */
	uint32_t workers; /* threads that draw beside the tick thread */
	/* slots that the device draws in itself; NULL: ordinary memory does */
	const struct display_memory *memory;
	unsigned char *pinned;	     /* for struct graph_work; NULL: none */
	char text[BACKEND_TEXT_MAX]; /* "NVIDIA H200, sm_90"; "": none */
	void *state;		     /* the driver's */
	/* It has failed or hangs: its device is not called any more, close
	 * leaves to the system what it holds. Never false again. */
	bool lost;
	char fault[BACKEND_TEXT_MAX]; /* the last; of one that is lost, why */
};

struct backend_ops {
	const char *name; /* in --backend and in the report */
	enum graph_backend plan;

	/*
	 * Main thread, before the seal; may allocate and block. Fills in the
	 * backend (zeroed but for ops) or leaves nothing behind. On a refusal
	 * the reason is in `line`.
	 */
	enum exit_status (*open)(struct backend *backend,
				 const struct backend_config *config,
				 char *line, size_t line_bytes);

	/*
	 * Main thread, before the seal, once the displays are open (NULL: none
	 * are, draw for nobody) and again whenever they are others: makes what
	 * launch needs. As open, on a refusal. NULL: nothing to do.
	 */
	enum exit_status (*prepare)(struct backend *backend,
				    const struct display displays[], char *line,
				    size_t line_bytes);

	/*
	 * Main thread: runs job(arg) where the device is called without a
	 * hand-over for each call, which costs time. False: lost in the middle;
	 * what arg points at is not touched any more. NULL: call it.
	 */
	bool (*attend)(struct backend *backend, void (*job)(void *arg),
		       void *arg);

	/*
	 * Main thread, every so many milliseconds while another thread launches
	 * and waits: true, once that one is lost in a call that does not come
	 * back; it will touch nothing any more. NULL: it cannot be.
	 */
	bool (*is_stuck)(struct backend *backend, int every_ms);

	/* Main thread, before the seal and after the run: frames will be copied
	 * from or into this memory; not any more. NULL: nothing to do. */
	void (*pin)(struct backend *backend, void *memory, size_t bytes);
	void (*unpin)(struct backend *backend, void *memory);

	/* Whoever calls launch next, before the seal. NULL: nothing to do. */
	enum backend_status (*enter)(struct backend *backend);

	/*
	 * Sealed: starts this flight's frame, from the uniforms and parameters
	 * in work->pool into work->target. Steps on the CPU run here. READY:
	 * started. times: by step, where the CPU was the one to work.
	 */
	enum backend_status (*launch)(struct backend *backend, uint32_t flight,
				      const struct graph_work *work,
				      struct step_time times[]);

	/*
	 * Sealed: the oldest flight, until that time at the latest.
	 * times: by step, from launch to done, of the first of those that
	 * were launched together.
	 */
	enum backend_status (*wait)(struct backend *backend, uint32_t flight,
				    int64_t until_ns, struct step_time times[]);

	/*
	 * Sealed, after wait said READY: the picture for a sink whose slots the
	 * device cannot draw in, in ordinary memory, until the flight is
	 * launched again. False: the slot itself holds it. NULL: always so.
	 */
	bool (*staged)(const struct backend *backend, uint32_t flight,
		       uint32_t sink, struct image *image);

	/* Sealed: a slot of `memory` into ordinary memory. NULL where `memory`
	 * is. */
	enum backend_status (*read)(struct backend *backend,
				    const struct image *from,
				    const struct image *to, int64_t until_ns);

	/* Main thread, before the seal: the lanes of the threads that draw
	 * beside the tick thread, by their order, where the journal has some.
	 * NULL: there is no such thread. */
	void (*set_journal)(struct backend *backend,
			    const struct journal *journal);

	/* Main thread, after the run: the members of an object. NULL: none. */
	void (*report)(const struct backend *backend, struct json *json);

	/* Main thread, when nothing is in flight or it is lost. In bounded time.
	 */
	void (*close)(struct backend *backend);

	/* --probe, main thread, nothing is open: what is built in and here.
	 * Ends the line it is on; further ones begin with indent. False: it
	 * cannot be opened here. NULL: always there. */
	bool (*probe)(FILE *out, const char *indent);
};

extern const struct backend_ops cpu_backend;

/* Whoever calls the ops: the first reason is kept. Returns BACKEND_LOST. */
enum backend_status backend_set_lost(struct backend *backend,
				     const char *reason);

/*
 * A graph's pools and constants for this backend, ready for graph->tick and
 * launch: work's pools, the parameters' defaults in its pool (zeroed,
 * pool_bytes), and tick. Targets and sources are the caller's. run is kept.
 */
void backend_init_work(const struct backend *backend, unsigned char *pool,
		       struct graph_work *work, struct tick *tick,
		       const struct run *run);

/* memory NULL: nothing to do. */
static inline void backend_pin(struct backend *backend, void *memory,
			       size_t bytes)
{
	if (backend->ops->pin && memory)
		backend->ops->pin(backend, memory, bytes);
}

static inline void backend_unpin(struct backend *backend, void *memory)
{
	if (backend->ops->unpin && memory)
		backend->ops->unpin(backend, memory);
}

/* The picture of this sink is drawn by the plan's device, not by the CPU. */
static inline bool backend_draws(const struct backend *backend, uint32_t sink)
{
	return backend->plan->sink_from &&
	       backend->plan->sink_from[sink] != GRAPH_BACKEND_CPU;
}

#endif
