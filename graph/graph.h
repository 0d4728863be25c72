/*
 * graph/graph.h: the tables that graphc generates and the runtime walks.
 *
 * A graph program contains one `struct graph` per instruction set (see
 * runtime/app/isa.h), all const, all made by tools/graphc from graph/NAME.yaml.
 * Rows refer to each other by index. The only memory a graph touches while it
 * runs is one pool per memory domain, carved by graphc at fixed offsets, and
 * the targets (display slots) and sources that struct graph_work names.
 *
 * Read next: build/host/demo/demo.c (after `make`), then runtime/cycle/cycle.c.
 */
#ifndef GRAPH_GRAPH_H
#define GRAPH_GRAPH_H

#include <string.h>

#include "graph/device.h"
#include "kernel/chroma.h"
#include "kernel/node.h"

#define GRAPH_VERSION "0.2" /* of all of tickline */

/* Bumped whenever a struct below changes; generated files #error on another. */
#define GRAPH_ABI 10

#define GRAPH_SINKS_MAX   8
#define GRAPH_SOURCES_MAX 8
#define GRAPH_ELEMENTS_MAX 256 /* of an array; bytes of a string */
#define GRAPH_NAME_MAX	  63  /* bytes of a graph, node, port or parameter name */
#define GRAPH_BAND	  16  /* rows that foo_rows fills ahead; bands begin at these */
#define GRAPH_ALIGN	  64  /* of every object in a pool: one cache line */
#define GRAPH_THREADS_MAX 16 /* that draw one frame */
#define GRAPH_OWN_ALIGN	  128 /* of what one thread writes: lines come in pairs */

/* What runs a step, and whose memory a plan's displays take pictures from. */
enum graph_backend {
	GRAPH_BACKEND_CPU,
	GRAPH_BACKEND_CUDA,
	GRAPH_BACKEND_COUNT
};

enum graph_step_kind {
	GRAPH_STEP_FUSED,    /* a group of pixel nodes, or a copy to sinks */
	GRAPH_STEP_FRAME,    /* one frame node */
	GRAPH_STEP_UPLOAD,   /* pinned pool, or a source -> device pool */
	GRAPH_STEP_DOWNLOAD, /* device pool -> pinned pool */
	GRAPH_STEP_KIND_COUNT
};

enum graph_param_type {
	GRAPH_PARAM_INT,    /* int32_t */
	GRAPH_PARAM_FLOAT,  /* double */
	GRAPH_PARAM_COLOR,  /* uint32_t 0xFFrrggbb; written "#rrggbb" */
	GRAPH_PARAM_BOOL,   /* int32_t, 0 or 1 */
	GRAPH_PARAM_CHOICE, /* int32_t, index into choices */
	GRAPH_PARAM_RGBA,   /* uint32_t 0xAArrggbb; "#rrggbb" or "#rrggbbaa" */
	GRAPH_PARAM_STRING, /* char[count], UTF-8, filled up with NUL, of which
			       it has at least one */
	GRAPH_PARAM_TYPE_COUNT
};

/* One parameter that --set can change before the first tick. */
struct graph_param {
	const char *name; /* "node.param" */
	enum graph_param_type type;
	uint32_t count;	 /* elements; 1 for a scalar; STRING: bytes */
	uint32_t offset; /* bytes, in the pool */
	double min, max; /* of each element; INT and FLOAT only */
	const char *unit;	    /* "px", "px/s"; "" for none */
	const char *const *choices; /* CHOICE only: NULL-terminated */
};

/* Something that a node counts, for the report. */
struct graph_count {
	const char *node, *name; /* "what", "drawn" */
};

/* Where a sink's picture goes in one tick. */
struct graph_target {
	struct image slot; /* the display's; or private while it has none */
	struct image tap;  /* the recorder's copy; base NULL: not wanted */
	struct image shadow; /* private frame, XRGB8888, where the slot cannot
			       be drawn in or read; base NULL: none */
	enum graph_format format; /* of the slot */
	bool slow_read; /* the slot must be stored once, never read; always so
			   when it does not hold XRGB8888 */
};

/* Everything a tick reads and writes. Owned by the tick thread. */
struct graph_work {
	unsigned char *pool; /* host pool: struct graph's pool_bytes */
	unsigned char *pinned; /* pinned pool: the plan's pinned_bytes */
	struct graph_target target[GRAPH_SINKS_MAX]; /* by sink index */
	/* By source index: the frame to read in this tick, in host memory, in
	 * the source's format and size. Set before the tick's first step, there
	 * in every tick (a blank frame, where none has come yet), and left alone
	 * until what was launched with it is over. */
	struct picture source[GRAPH_SOURCES_MAX];
};

/*
 * The rows of a step that one thread draws at a stretch: from a multiple of
 * GRAPH_BAND up to one, or to the frame's end. Bands of a step write nothing in
 * common, so that several threads may draw at once, each with a scratch of its
 * own: what the step puts there is rubbish afterwards.
 */
struct graph_band {
	uint32_t y0, y1;
	unsigned char *scratch; /* struct graph's scratch_bytes */
};

/* One row of the schedule; exactly one of the four pointers is set. `run` does
 * the step's work for the rows of a band on the CPU. */
struct graph_step {
	const char *name; /* "pattern+overlay+wave+text" */
	enum graph_step_kind kind;
	uint32_t band; /* rows that are worth a thread's while, a multiple of
			  GRAPH_BAND; 0: run takes whole frames only */
	void (*run)(const struct graph_work *work,
		    const struct graph_band *band);
	const struct graph_kernel *kernel;
	const struct graph_transfer *transfer;
	const struct graph_upload *upload;
};

/* One sink. type: "display" lets --display choose; else a driver's name. */
struct graph_sink {
	const char *name, *type;
};

/* What brings frames into the graph; a driver, chosen at start, fills it. Its
 * format and size are the graph's to say. */
/* Which of a source's frames a tick gets (docs/sources.md). */
enum graph_policy {
	GRAPH_POLICY_NEWEST, /* the newest there is */
	GRAPH_POLICY_STEADY, /* the one that a fixed delay behind its exposure
				asks for, by the source's own clock */
	GRAPH_POLICY_EVERY,  /* each in order, one a tick */
	GRAPH_POLICY_WITH,   /* the one exposed nearest to another source's */
	GRAPH_POLICY_COUNT
};

struct graph_source {
	const char *name;
	enum graph_format format;
	uint32_t width, height; /* pixels */
	/* of formats with Y, Cb and Cr; AUTO: as its driver says */
	enum color_encoding encoding;
	enum color_range range;
	enum color_siting siting;
	enum picture_chroma chroma; /* as its frames are loaded */
	enum graph_policy policy;
	uint32_t with; /* of GRAPH_POLICY_WITH: the index of the other source,
			  which has another policy */
	bool hold; /* lost: its last frame stays; else a card comes */
};

/*
 * The schedule for one backend. The cuda plan has at least one step on the
 * device; neighbouring device steps are launched together.
 */
struct graph_plan {
	enum graph_backend backend;
	uint32_t step_count;
	const struct graph_step *steps;
	/* by sink: what fills its slots; NULL: the CPU fills all */
	const enum graph_backend *sink_from;
	uint64_t device_bytes, pinned_bytes; /* of its pools; 0: none */
};

/* What the board asks of the tick thread (boards/NAME/board.yaml). */
struct graph_board {
	const char *name;
	int32_t priority; /* SCHED_FIFO, 1..99 */
	int32_t cpu;	  /* the tick thread's; -1: any */
	uint32_t spin_us; /* spin this long before each tick; 0: sleep only */
};

struct graph {
	const char *name;
	uint32_t width, height; /* pixels */
	uint32_t rate_num, rate_den; /* ticks per second */
	uint32_t pipeline; /* 1: tick n presents frame n - 1 where frames are
			      drawn beside the tick thread; 0: its own */
	struct graph_board board;
	uint32_t param_count, sink_count, source_count, plan_count;
	const struct graph_param *params;
	const struct graph_sink *sinks;
	/* by sink: "plane=overlay,x=100", for its driver; NULL: none has any */
	const char *const *sink_settings;
	const struct graph_source *sources; /* NULL: none */
	const struct graph_plan *plans;
	uint64_t pool_bytes; /* host domain; starts zeroed, then defaults */
	/* In the pool, at its end: the scratch of one thread. Others that draw
	 * bring their own. */
	uint64_t scratch_offset, scratch_bytes;
	/* The board's `cpus:`, one thread more on each; NULL: it says nothing */
	const int32_t *worker_cpus;
	uint32_t worker_cpu_count;
	const void *param_defaults; /* copied to param_offset before --set */
	uint32_t param_offset, param_bytes;
	/* By row of params: uint64_t, the tick of its last change, in the pool.
	 * 0, as the pool starts: as it was set before the first tick. */
	uint32_t changed_offset;
	/* What its nodes count (foo_tick, tick->count): a row each, and for each
	 * a uint64_t in the pool. NULL: nothing. */
	uint32_t count_count;
	const struct graph_count *counts;
	uint32_t counts_offset;
	/* What its font has, ascending; the first, 0, is the box in place of
	 * others. NULL: no node draws text. */
	uint32_t character_count;
	const uint32_t *characters;
	/* Runs every node's foo_tick for this tick, in schedule order. */
	void (*tick)(const struct graph_work *work, const struct tick *tick);
};

/* Draws a step on the CPU, all of it in this thread. */
static inline void graph_step_run(const struct graph *graph,
				  const struct graph_step *step,
				  const struct graph_work *work)
{
	const struct graph_band frame = {
		0, graph->height, work->pool + graph->scratch_offset};

	step->run(work, &frame);
}

/* One row of XRGB8888 into the slot, in the slot's format. */
static inline void graph_slot_store(const struct graph_target *target,
				    uint32_t y, const uint32_t *row)
{
	const struct picture slot = picture_of(&target->slot);

	graph_row_store(target->format, &slot, y, row);
}

/* The row after the band that starts with row y. */
static inline int32_t graph_band_end(uint32_t y, uint32_t height)
{
	return (int32_t)(height - y < GRAPH_BAND ? height : y + GRAPH_BAND);
}

/*
 * The row a fused step draws into for a target: the slot's own row where it
 * is fast to read, else one of a private frame, the tap's, or a row scratch in
 * the pool. graph_row_end stores it wherever else it must go, each byte once.
 */
static inline uint32_t *graph_row_begin(const struct graph_target *target,
					uint32_t y, void *scratch)
{
	if (!target->slow_read)
		return image_row(&target->slot, y);
	if (target->shadow.base)
		return image_row(&target->shadow, y);
	if (target->tap.base)
		return image_row(&target->tap, y);
	return (uint32_t *)scratch;
}

static inline void graph_row_end(const struct graph_target *target, uint32_t y,
				 const uint32_t *row)
{
	bool in_tap = target->slow_read && !target->shadow.base;

	if (target->slow_read)
		graph_slot_store(target, y, row);
	if (target->tap.base && !in_tap)
		memcpy(image_row(&target->tap, y), row,
		       (size_t)target->tap.width * sizeof(*row));
}

/*
 * Stores a finished row that another target or a frame buffer holds, instead of
 * graph_row_begin and graph_row_end for this target.
 */
static inline void graph_row_copy(const struct graph_target *target, uint32_t y,
				  const uint32_t *row)
{
	uint32_t *own = graph_row_begin(target, y, NULL);

	if (own)
		row = memcpy(own, row,
			     (size_t)target->slot.width * sizeof(*row));
	graph_row_end(target, y, row);
}

/*
 * The image a frame step draws into for a target that it alone feeds, and the
 * copy of a band's rows to wherever else the picture must go.
 */
static inline const struct image *
graph_frame_begin(const struct graph_target *target)
{
	if (target->shadow.base)
		return &target->shadow;
	return target->tap.base ? &target->tap : &target->slot;
}

static inline void graph_frame_end(const struct graph_target *target,
				   const struct graph_band *band)
{
	const struct image *from = graph_frame_begin(target);
	uint32_t y;

	if (from == &target->slot)
		return;
	for (y = band->y0; y < band->y1; y++) {
		const uint32_t *row = image_row(from, y);

		graph_slot_store(target, y, row);
		if (target->tap.base && from != &target->tap)
			memcpy(image_row(&target->tap, y), row,
			       (size_t)target->tap.width * sizeof(*row));
	}
}

#endif
