/*
 * runtime/port/source.h: what a source driver fills in: the mirror of a
 * display.
 *
 * A source owns a few frames in the graph's format and size, fixed at open. Its
 * driver's thread fills a free one and delivers it; the tick thread takes the
 * delivered ones in order and returns each when no flight reads it any more. An
 * index below frame_count is all that passes, through two queues: neither side
 * waits for the other or makes a system call for it. Where the graph wants the
 * newest frame (GRAPH_POLICY_NEWEST) the driver takes the oldest delivered one
 * back when none is free: a queue that is full of old frames would keep the
 * newest from the tick.
 *
 *     driver's thread  source_free_frame -> fill -> source_deliver
 *     tick thread      source_next -> draw from it -> source_return
 *
 * Drivers: drivers/source/. Read next: drivers/source/pattern, then
 * runtime/cycle/intake.c, which takes.
 */
#ifndef RUNTIME_PORT_SOURCE_H
#define RUNTIME_PORT_SOURCE_H

#include <stdatomic.h>
#include <stdio.h>

#include "graph/graph.h"
#include "runtime/base/pool.h"
#include "runtime/base/queue.h"
#include "runtime/observe/journal.h"

#define SOURCE_FRAMES_MAX  8 /* power of two */
#define SOURCE_TEXT_MAX	   320
#define SOURCE_STAMP_NONE  INT64_MIN
#define SOURCE_REASONS_MAX 16
#define SOURCE_REASON_MAX  32 /* bytes, with the closing 0 */

/* What is asked of open. Caller-owned, not kept but for graph. */
struct source_config {
	const struct graph_source *graph; /* its name, format and size */
	uint32_t rate_num, rate_den;	  /* ticks per second */
	bool timed; /* ticks wait for instants: false with --clock free */
	bool pinned; /* source->memory will be page-locked for a device, which
			wants ordinary memory */
	const char *settings; /* after --source NODE:DRIVER, ; NULL: none */
	/* where the one line of a refusal goes */
	char *refusal;
	size_t refusal_bytes;
};

/* Who says when a frame was exposed. */
enum source_worth {
	SOURCE_WORTH_SOFTWARE, /* taken when the driver or the kernel saw it */
	SOURCE_WORTH_HARDWARE, /* by the device */
	SOURCE_WORTH_COUNT
};

/* What a frame is; the driver's until source_deliver, then the tick's. */
struct source_facts {
	uint64_t sequence; /* the driver's count, gaps are losses; from 0 */
	int64_t stamp_ns;  /* CLOCK_MONOTONIC, when it was exposed or drawn;
			      SOURCE_STAMP_NONE: not known */
	enum source_worth worth; /* of the stamp */
	int64_t came_ns; /* CLOCK_MONOTONIC, when the driver had it whole, which
			    says how long frames take; 0: not told */
};

/*
 * What a source is in the middle of, as its driver says. From RUNNING to LOST
 * and back as often as it likes; ENDED is for good: no frame comes any more,
 * the last one stays.
 */
enum source_state {
	SOURCE_RUNNING, /* from open on */
	SOURCE_LOST,	/* no frame comes for now; docs/sources.md, "Loss" */
	SOURCE_ENDED,	/* a file's end */
	SOURCE_STATE_COUNT
};

/* What a source that runs may look like. */
enum source_look {
	SOURCE_FROZEN, /* the same picture for SOURCE_FROZEN_NS */
	SOURCE_BLACK,  /* as good as all of it */
	SOURCE_LOOK_COUNT
};

#define SOURCE_FROZEN_NS     INT64_C(2000000000)
#define SOURCE_FROZEN_FRAMES 8 /* the same ones, at least */

/* What was lost for one reason. `text` is constant once it is counted. */
struct source_reason {
	char text[SOURCE_REASON_MAX]; /* "unplugged" */
	_Atomic uint64_t losses;      /* of the source */
	_Atomic uint64_t frames;
};

/* What happened since open. The driver's thread writes, any thread reads. */
struct source_health {
	_Atomic uint64_t delivered; /* frames handed to the tick thread */
	_Atomic uint64_t taken_back; /* of them, by source_free_frame: passed
					over for newer ones */
	_Atomic uint64_t lost; /* frames that there should have been */
	_Atomic uint32_t state; /* enum source_state */
	_Atomic uint64_t losses, recoveries; /* of the source */
	_Atomic uint64_t unsealed; /* how often the driver's thread called a
				      library that allocates */
	struct source_reason reason[SOURCE_REASONS_MAX];
	_Atomic uint32_t reason_count;
	_Atomic bool looks[SOURCE_LOOK_COUNT];	/* now */
	_Atomic uint64_t began[SOURCE_LOOK_COUNT]; /* how often */
};

/* What source_inspect and source_set_state remember. Driver's thread only. */
struct source_watch {
	uint64_t digest;   /* of the last frame */
	int64_t since_ns;  /* of the first of the same ones; 0: none yet */
	uint64_t same;	   /* how many of them followed */
	uint32_t *row;	   /* one of XRGB8888 */
	int64_t lost_for;  /* reason that source_set_state told last */
};

struct source {
	const struct source_ops *ops;
	/* set before open, constant until close */
	const struct graph_source *graph;
	struct journal_writer journal; /* the driver's thread's */
	uint32_t index;		       /* for the journal */
	/* filled in by open, constant until close */
	uint32_t frame_count; /* 2..SOURCE_FRAMES_MAX */
	struct picture frame[SOURCE_FRAMES_MAX]; /* of the graph's format */
	struct picture blank; /* black: shown before the first frame */
	struct picture card;  /* dark, with its name: shown when it is lost */
	struct pool memory; /* that they lie in, where source_alloc made it */
	char text[SOURCE_TEXT_MAX]; /* "moving test picture, 60 Hz" */
	void *state;		    /* the driver's */
	/* by frame */
	struct source_facts facts[SOURCE_FRAMES_MAX];
	/* places are handed over through the queues */
	struct queue ready, free;
	_Atomic uint32_t ready_frame[SOURCE_FRAMES_MAX];
	uint32_t free_frame[SOURCE_FRAMES_MAX];
	/* driver's thread only: one that was taken back; SOURCE_FRAMES_MAX:
	 * none */
	uint32_t back_frame;
	struct source_health health;
	struct source_watch watch;
};

struct source_ops {
	const char *name;     /* in --source */
	const char *help;     /* what it is, for --help */
	const char *settings; /* those it takes, for --help; NULL: none */

	/*
	 * Main thread, before the seal; may allocate and block. Fills in the
	 * source (zeroed but for what is set before) or leaves nothing behind. 0, or -errno
	 * with one line in config->refusal: ENODEV no such device, EACCES
	 * permission, EBUSY in use, ENOTSUP it cannot give that format or size,
	 * EINVAL wrong settings, ENOMEM or EMFILE limits.
	 */
	int (*open)(struct source *source, const struct source_config *config);

	/* Main thread, after all is open: frames are delivered from now on. 0
	 * or -errno, nothing printed. */
	int (*start)(struct source *source);

	/* Main thread, after the tick thread has ended, or when nothing was
	 * started: no frame is delivered any more. */
	void (*stop)(struct source *source);

	/* Main thread, after stop. Frees everything. */
	void (*close)(struct source *source);

	/* Any thread: what a person can do about a source that is lost for this
	 * reason, one clause; NULL: nothing. NULL: there is no such reason. */
	const char *(*way_out)(const char *reason);

	/* --probe, main thread, nothing is open: what is here. Ends the line it
	 * is on; further ones begin with indent. False: it cannot be opened
	 * here. NULL: always there. */
	bool (*probe)(FILE *out, const char *indent);
};

/* The driver of that name, `length` bytes of it; NULL: there is none. sources:
 * NULL at the end. */
const struct source_ops *source_find(const struct source_ops *const sources[],
				     const char *name, size_t length);

/* ---- for drivers ----------------------------------------------------------- */

/* Main thread, in open: frame_count frames, the blank one and the card, of
 * ordinary memory, all free. 0 or -errno. */
int source_alloc(struct source *source, const struct graph_source *graph,
		 uint32_t frame_count);

/* The same, with `bytes` or more for each frame, each from a page of its own: for
 * a driver that lays out pictures in them itself. */
int source_alloc_bytes(struct source *source, const struct graph_source *graph,
		       uint32_t frame_count, size_t bytes);

/* Main thread, in open, after the frames are there: what the driver knows of its
 * colours; AUTO: nothing. What the graph says wins. Blackens the blank frame. */
int source_set_color(struct source *source, const struct graph_source *graph,
		     enum color_encoding encoding, enum color_range range,
		     enum color_siting siting);

/* Main thread, in close. Accepts a source that source_alloc refused. */
void source_free(struct source *source);

/* Driver's thread: a frame to fill; the same again until it is delivered. With
 * GRAPH_POLICY_NEWEST, where none is free, it is taken back as below. False: all
 * are with the tick thread. */
bool source_free_frame(struct source *source, uint32_t *frame);

/* Driver's thread: hands the frame of the last source_free_frame over. */
void source_deliver(struct source *source, const struct source_facts *facts);

/* Driver's thread, where hardware fills several frames at once, in place of the
 * two above: takes a free frame, and hands one that it took over, in any order.
 */
bool source_take_frame(struct source *source, uint32_t *frame);
void source_deliver_frame(struct source *source, uint32_t frame,
			  const struct source_facts *facts);

/* Driver's thread, likewise: before source_take_frame, where the hardware lacks
 * frames: with GRAPH_POLICY_NEWEST the oldest frame that was delivered, not
 * taken yet, and has a newer one behind it is free again and counted as passed
 * over. False: there is none. */
bool source_take_back(struct source *source);

/* Driver's thread: that many frames will never come; reason: a word or two,
 * such as "corrupt". now_ns: for the journal, as below. */
void source_count_lost(struct source *source, uint64_t count,
		       const char *reason, int64_t now_ns);

/* Driver's thread, or the main thread before start: what the source is in the
 * middle of from now on. Nothing happens if that is so already. reason: of
 * LOST, a word or two that stay the same for the same cause, told again where
 * another one takes its place; of the others it may be NULL. A line on stderr
 * follows, by another thread. */
void source_set_state(struct source *source, enum source_state state,
		      const char *reason, int64_t now_ns);

/* Driver's thread of a live source, before source_deliver: looks at every 16th
 * row of a filled frame. now_ns: when it came. */
void source_inspect(struct source *source, uint32_t frame, int64_t now_ns);

/* Main thread, after open: draws the card. */
void source_draw_card(struct source *source);

/* Any thread: how many of health->reason are in use. */
uint32_t source_reasons(const struct source_health *health);

/* Any thread: "running"; "frozen": stable, used in the report. */
const char *source_state_name(enum source_state state);
const char *source_look_name(enum source_look look);

/* ---- for the tick thread --------------------------------------------------- */

/* The oldest frame delivered and not taken; false: there is none. */
bool source_next(struct source *source, uint32_t *frame);

/* Nothing reads the frame any more. */
void source_return(struct source *source, uint32_t frame);

/* Tick thread; main thread, after the tick thread has ended and the driver was
 * stopped: frames that were delivered and not asked for. */
uint32_t source_waiting(const struct source *source);

#endif
