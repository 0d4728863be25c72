/*
 * runtime/display.h: what a display driver fills in and the cycle calls.
 *
 * A display owns a few slots, fixed at open: memory, pitch, format. The cycle
 * draws into a free slot and presents it; runtime/slot.h keeps whose turn
 * each slot is, so a driver keeps none of that. Slots stay valid until close,
 * also after the display is lost.
 * Drivers: drivers/display/. Read next: drivers/display/headless.c.
 */
#ifndef RUNTIME_DISPLAY_H
#define RUNTIME_DISPLAY_H

#include "graph/graph.h"
#include "runtime/exit_status.h"

#define DISPLAY_SLOTS_MAX 4

/* How fast the CPU reads a slot's memory back. */
enum display_cpu_read {
	DISPLAY_READ_FAST, /* cached: steps may read and write in place */
	DISPLAY_READ_SLOW, /* uncached or write-combined: store once only */
	DISPLAY_READ_NONE, /* not mapped for the CPU */
};

/* What became of a presented slot. The first three accept the frame. */
enum display_status {
	DISPLAY_SHOWN,	/* on view now; the slot shown before is free */
	DISPLAY_QUEUED, /* on view when on_event says so */
	DISPLAY_FREED,	/* consumed; the slot is free */
	DISPLAY_BUSY,	/* refused: an earlier frame is still pending */
	DISPLAY_LOST,	/* refused: the display is gone, for now or for good */
};

/* What is asked of open. Caller-owned, not kept. */
struct display_config {
	uint32_t width, height; /* pixels of the graph's frame */
	enum graph_format format;
	uint32_t rate_num, rate_den; /* ticks per second */
};

/* One slot that came on view. */
struct display_flip {
	uint32_t slot;
	int64_t time_ns; /* CLOCK_MONOTONIC */
};

struct display {
	const struct display_ops *ops;
	/* filled in by open, constant until close */
	uint32_t slot_count; /* 1..DISPLAY_SLOTS_MAX */
	struct image slot[DISPLAY_SLOTS_MAX];
	enum graph_format format;
	enum display_cpu_read cpu_read;
	int event_fd; /* readable when on_event has work; -1: no events */
	void *state;  /* the driver's */
};

struct display_ops {
	const char *name; /* in --display and as a sink's type */

	/*
	 * Main thread, before the seal; may allocate and block. Fills in the
	 * display (zeroed but for ops) or leaves nothing behind. 0, or -errno
	 * after one line on stderr: ENODEV no such device,
	 * EACCES permission, ENOMEM or EMFILE limits, ENOTSUP never here.
	 */
	int (*open)(struct display *display,
		    const struct display_config *config);

	/*
	 * Tick thread, sealed: offers a filled slot. Never blocks, retries or
	 * allocates. A refused slot stays the caller's.
	 */
	enum display_status (*present)(struct display *display, uint32_t slot);

	/*
	 * Tick thread, sealed, before each tick: takes one flip from event_fd
	 * without blocking; false when there is none. NULL where event_fd is
	 * always -1.
	 */
	bool (*on_event)(struct display *display, struct display_flip *flip);

	/* Main thread, after the tick thread has ended. Frees everything. */
	void (*close)(struct display *display);
};

/*
 * Main thread: opens one display per sink of the graph, by sink index; `ops`
 * says which. On a refusal the driver has said why, none is left open, and the
 * exit status to leave with comes back.
 */
enum exit_status displays_open(struct display displays[],
			       const struct display_ops *const ops[],
			       const struct graph *graph)
	__attribute__((warn_unused_result));

void displays_close(struct display displays[], uint32_t count);

#endif
