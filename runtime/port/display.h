/*
 * runtime/port/display.h: what a display driver fills in and the cycle calls.
 *
 * A display owns a few slots, fixed at open: memory, pitch, format. The cycle
 * draws into a free slot and presents it; from then on the slot is the
 * display's until it says RELEASED, in whatever order. runtime/cycle/slot.h
 * keeps whose turn each slot is. A slot may be drawn in until on_event or
 * present moves it; memory that it has left may be unmapped. Of slots that a
 * device draws in (DISPLAY_READ_NONE) this holds for what was launched by then
 * too: the display waits for it before it unmaps (runtime/port/display_map.h).
 * One of pitch 0 is nowhere: a device draws such frames where they disturb
 * nobody.
 * Drivers: drivers/display/. Read next: drivers/display/headless.c.
 */
#ifndef RUNTIME_PORT_DISPLAY_H
#define RUNTIME_PORT_DISPLAY_H

#include <stdatomic.h>
#include <stdio.h>

#include "graph/graph.h"
#include "runtime/base/exit_status.h"
#include "runtime/observe/journal.h"
#include "runtime/port/display_map.h"
#include "runtime/port/display_stream.h"

#define DISPLAY_SLOTS_MAX   4
#define DISPLAY_TEXT_MAX    192
#define DISPLAY_REFUSAL_MAX 512
#define DISPLAY_REJECTIONS_MAX 8
#define DISPLAY_REJECTION_MAX  256

/* How fast the CPU reads a slot's memory back. */
enum display_cpu_read {
	DISPLAY_READ_FAST, /* cached: steps may read and write in place */
	DISPLAY_READ_SLOW, /* uncached or write-combined: store once only */
	DISPLAY_READ_NONE, /* not mapped for the CPU: a device's address */
};

/* What became of a presented slot. The first three accept the frame. */
enum display_status {
	DISPLAY_SHOWN,	/* on view now; the slot shown before is released */
	DISPLAY_QUEUED, /* the display's, until on_event says RELEASED */
	DISPLAY_FREED,	/* consumed; the slot is free */
	DISPLAY_BUSY,	/* refused: an earlier frame is still pending */
	DISPLAY_LOST,	/* refused: the display is gone for now */
	DISPLAY_FAILED, /* refused, and the driver has given up: the run ends */
};

/* What a display can be in the middle of. The tick thread leaves the first two
 * and comes back to them; drivers/display/kms/state.h lists the moves. */
enum display_state {
	DISPLAY_STATE_RUNNING,	  /* takes frames */
	DISPLAY_STATE_BUSY,	  /* a flip is pending */
	DISPLAY_STATE_STALLED,	  /* a flip's event is overdue */
	DISPLAY_STATE_NO_MASTER,  /* another process has the display */
	DISPLAY_STATE_NO_SINK,	  /* nothing is plugged in */
	DISPLAY_STATE_GONE,	  /* the device is away */
	DISPLAY_STATE_RECOVERING, /* being brought back */
	DISPLAY_STATE_FAILED,	  /* given up */
	DISPLAY_STATE_COUNT
};

/* Where the time of a flip comes from. */
enum display_stamp {
	DISPLAY_STAMP_NONE,	/* no event: shown at start or by a recovery */
	DISPLAY_STAMP_HARDWARE, /* of the refresh, with its sequence */
	DISPLAY_STAMP_SOFTWARE, /* taken when the driver saw the flip */
	DISPLAY_STAMP_AT_ONCE,	/* the driver completes flips at once: the time
				   says nothing about refreshes */
	DISPLAY_STAMP_COUNT
};

/* --mode. */
struct display_mode {
	uint32_t width, height; /* pixels; 0: not given */
	uint32_t millihertz;	/* 0: any rate */
	char scan; /* 'i' interlaced, 'd' double-scan; 0: any */
};

/* Memory that a backend's device draws in and the CPU cannot read: slots of
 * DISPLAY_READ_NONE. A driver that needs ordinary memory does not take it. */
struct display_memory {
	void *context;
	/* pages of zeroes; NULL: none left. Any thread but the tick thread. */
	unsigned char *(*alloc)(void *context, size_t bytes);
	void (*free)(void *context, unsigned char *base);
	const struct display_stream *stream; /* NULL: it can be no end of one */
	const struct display_map *map; /* NULL: it draws in its own memory only */
};

/* What is asked of open. Caller-owned, not kept but for `memory`. */
struct display_config {
	uint32_t width, height; /* pixels of the graph's frame */
	uint32_t rate_num, rate_den; /* ticks per second */
	struct display_mode mode;    /* --mode */
	const char *settings;	    /* after --display NAME, ; NULL: none */
	const char *graph_settings; /* the same, of the graph's sink */
	const struct display_memory *memory; /* for slots; NULL: ordinary */
	struct journal_writer journal; /* for the thread that owns the display */
	uint32_t index;		       /* of the sink, for the journal */
	/* where the one line of a refusal goes, DISPLAY_REFUSAL_MAX bytes;
	 * NULL: stderr */
	char *refusal;
};

/* What a slot holds. Times are CLOCK_MONOTONIC. */
struct frame {
	uint64_t tick;
	int64_t due_ns;	   /* t(tick) */
	int64_t submit_ns; /* when it was offered */
	int64_t age_ns;	   /* of the newest source's frame in it, at due_ns;
			      FRAME_AGE_NONE: it shows none */
	int64_t exposed_ns[GRAPH_SOURCES_MAX]; /* each source's stamp in it;
						  FRAME_EXPOSED_NONE */
};

#define FRAME_AGE_NONE	   INT64_MIN
#define FRAME_EXPOSED_NONE INT64_MIN

enum display_event_kind {
	DISPLAY_EVENT_SHOWN,	/* a queued slot came on view */
	DISPLAY_EVENT_RELEASED, /* the slot is free: it was shown before, or was
				   passed over and never will be */
};

struct display_event {
	enum display_event_kind kind;
	uint32_t slot;
	/* SHOWN only */
	int64_t time_ns;   /* CLOCK_MONOTONIC */
	uint64_t sequence; /* number of the refresh; 0: not known */
	enum display_stamp stamp;
};

/* What happened since open. Any thread reads, relaxed. */
struct display_health {
	_Atomic uint32_t state;	    /* enum display_state */
	_Atomic uint64_t flips;	    /* that completed */
	_Atomic uint64_t stalls;    /* flips whose event never came */
	_Atomic uint64_t losses;    /* of master, sink or device */
	_Atomic uint64_t errors;    /* commits refused, but for a pending flip */
	_Atomic uint64_t recoveries;
	_Atomic int32_t last_error; /* the last of those errors, -errno */
};

/* What was tried before what is there, and why it was not taken. */
struct display_rejection {
	char what[24];
	char why[DISPLAY_REJECTION_MAX]; /* one line */
};

struct display {
	const struct display_ops *ops;
	/* filled in by open, constant until close */
	uint32_t slot_count; /* 1..DISPLAY_SLOTS_MAX */
	uint32_t keeps; /* of these, from one tick to the next, where nothing is
			   late; 0: one, the slot on view */
	enum graph_format format;
	enum display_cpu_read cpu_read;
	const char *buffers; /* whose memory the slots are; NULL: no choice */
	struct display_rejection rejected[DISPLAY_REJECTIONS_MAX]; /* instead */
	uint32_t rejected_count;
	void *state;  /* the driver's */
	/* tick thread: on_event and present may change these */
	struct image slot[DISPLAY_SLOTS_MAX];
	uint64_t moves; /* counts how often they moved to other memory */
	int event_fd; /* readable when on_event has work; -1: none now */
	uint64_t refresh_num, refresh_den; /* Hz, of the mode; 0/0: none */
	enum display_stamp stamp;	   /* of the flips to come */
	char text[DISPLAY_TEXT_MAX]; /* device, connector, mode; "": none */
	/* shared */
	struct display_health health;
};

struct display_ops {
	const char *name; /* in --display and as a sink's type */
	const char *help; /* where the picture goes; one line of --help */
	const char *settings; /* "key=VALUE, ..."; NULL: it takes none */
	/* it shows at refreshes of its own: --mode and --clock display go
	 * with it */
	bool has_refresh;
	bool by_name; /* `auto` does not take it */

	/*
	 * --probe, main thread, nothing is open: what is here for it, without
	 * opening a device. The first line continues a row, further ones begin
	 * with `indent`. Returns whether `auto` would try it with a chance.
	 * NULL: it needs nothing.
	 */
	bool (*probe)(FILE *out, const char *indent);

	/*
	 * Main thread, before the seal; may allocate and block. Fills in the
	 * display (zeroed but for ops) or leaves nothing behind. 0, or -errno
	 * after one line on stderr or in config->refusal: ENODEV no such
	 * device, EACCES permission, EBUSY another process has it, ENOTSUP it
	 * cannot do this, EINVAL wrong settings, ENOMEM or EMFILE limits. The
	 * screen stays as it is.
	 */
	int (*open)(struct display *display,
		    const struct display_config *config);

	/*
	 * Main thread, before the seal; may allocate and block: puts this
	 * slot, which holds a picture, on view; a mode set, where one is
	 * needed, goes with it. As open, on a refusal. NULL: nothing to do.
	 */
	int (*start)(struct display *display, uint32_t slot);

	/*
	 * Tick thread, sealed: offers a filled slot and what it holds. Never
	 * blocks, retries or allocates. A refused slot stays the caller's.
	 */
	enum display_status (*present)(struct display *display, uint32_t slot,
				       const struct frame *frame);

	/*
	 * Tick thread, sealed, before each tick, until it returns false: takes
	 * one event without blocking. Slots, event_fd and the mode may change
	 * here. NULL where present never answers QUEUED.
	 */
	bool (*on_event)(struct display *display, struct display_event *event);

	/* Main thread, after the tick thread has ended. Frees everything, in
	 * bounded time: what a stuck device still holds is left behind. */
	void (*close)(struct display *display);
};

/* "no_sink", "hardware": stable, used in the report. */
const char *display_state_name(enum display_state state);
const char *display_stamp_name(enum display_stamp stamp);

/* For open: one line, into config->refusal or to stderr. Returns error. */
int display_refuse(const struct display_config *config, const char *driver,
		   int error, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* The exit status for an error of open or start. */
enum exit_status display_status_of(int error);

/* The driver of this name in a list that ends in NULL; NULL: there is none. */
const struct display_ops *display_find(const struct display_ops *const *drivers,
				       const char *name, size_t length);

/*
 * The index-th that `auto` tries: first those whose names are in `order`, spaces
 * between them (NULL: none), then the rest of the list, as it is. NULL: no more.
 * *is_named: it is in `order`, and so tried although it is otherwise for those
 * only who name it. A name of no driver is passed over.
 */
const struct display_ops *
display_in_order(const struct display_ops *const *drivers, const char *order,
		 uint32_t index, bool *is_named);

/* What `auto` may be. */
enum display_wish {
	DISPLAY_WISH_ANY,
	DISPLAY_WISH_REFRESH,	 /* it has refreshes */
	DISPLAY_WISH_NO_REFRESH, /* it has none */
	DISPLAY_WISH_BESIDE, /* the driver that shows the main sink, where that
				was opened before, or one without refreshes */
};

bool display_suits(const struct display_ops *ops, enum display_wish wish);

/* Which driver shows a sink. Caller-owned, not kept. */
struct display_request {
	/* NULL: auto, the first of `drivers` that suits and opens, with a line
	 * for each that refused */
	const struct display_ops *ops;
	const struct display_ops *const *drivers; /* best first, then NULL */
	const char *order; /* of these, see display_in_order */
	enum display_wish wish;
	const char *settings; /* NULL: none */
	struct display_mode mode;
	bool is_main;
	struct journal_writer journal; /* for the driver; zeroed: none */
};

struct backend;

/*
 * Main thread: opens one display per sink of the backend's graph, by sink
 * index, with the backend's memory for the sinks that it draws. On a refusal
 * the driver has said why, none is left open, and the exit status to leave with
 * comes back.
 */
enum exit_status displays_open(struct display displays[],
			       const struct display_request requests[],
			       const struct backend *backend)
	__attribute__((warn_unused_result));

void displays_close(struct display displays[], uint32_t count);

#endif
