/*
 * runtime/cycle/sink.h: one sink while it runs: whose turn its display's slots
 * are, what they hold, the private frames beside them, its tap.
 *
 * It knows its display and nothing of ticks, flights or other sinks. What
 * became of a frame is an outcome, which the account takes.
 * Tick thread, but where it says main thread.
 */
#ifndef RUNTIME_CYCLE_SINK_H
#define RUNTIME_CYCLE_SINK_H

#include "runtime/base/exit_status.h"
#include "runtime/cycle/slot.h"
#include "runtime/observe/ledger.h"
#include "runtime/port/backend.h"
#include "runtime/port/display.h"
#include "runtime/port/tap.h"

/* Caller-owned; the pointers are kept. */
struct sink_config {
	uint32_t width, height; /* pixels of the graph's frame */
	struct display *display; /* open */
	struct tap *tap;	 /* its recording's; NULL: not wanted */
	bool device_draws;	 /* into the slots or beside them */
	bool keep_last;		 /* sink_last_frame is wanted of any display */
};

/* What became of a frame. */
struct outcome {
	bool accepted;
	bool shown;		 /* on view with that: no event follows */
	bool given_up;		 /* the driver: the run ends */
	enum drop_reason reason; /* when not accepted */
	int64_t offered_ns, answered_ns; /* to the display, and by it */
};

struct sink {
	struct sink_config config;
	struct slots slots;
	struct frame frame[DISPLAY_SLOTS_MAX]; /* by slot */
	/* by slot: the display's moves when its picture was drawn; one that was
	 * lost since has other memory there, if at the same address */
	uint64_t drawn_at[DISPLAY_SLOTS_MAX];
	/* An image of pitch 0: with no free slot a tick draws all its rows
	 * there, over each other, and is dropped. */
	struct image fallback;
	/* Private frames, for slots that cannot be drawn in or read: one, or
	 * two where the last accepted one is kept. */
	struct image shadow[2];
	uint32_t shadow_count, drawing;
	bool has_last; /* shadow[!drawing] */
};

/* Main thread: bytes of the private frames that such a sink needs. */
size_t sink_shadow_bytes(const struct sink_config *config);

/* Main thread. shadow: that many bytes; fallback_row: one row of pixels. Both
 * stay the caller's. */
void sink_init(struct sink *sink, const struct sink_config *config,
	       unsigned char *shadow, unsigned char *fallback_row);

/* Main thread: the display shows its first slot: mode set and first frame. On
 * a refusal the driver has said why. */
enum exit_status sink_start(struct sink *sink)
	__attribute__((warn_unused_result));

/* Takes one event: the slot moves, and *frame is what it holds. False: none is
 * left. */
bool sink_event(struct sink *sink, struct display_event *event,
		struct frame *frame);

/* Where a frame is drawn that has this slot; SLOT_NONE: the fallback. */
struct graph_target sink_target(struct sink *sink, uint32_t slot);

/* A frame that a device drew beside its slot, into that, where it is by now. */
void sink_store(struct sink *sink, uint32_t slot, const struct image *staged);

/* Offers a frame, whose submit_ns is filled in here. The slot is the display's,
 * or free again. SLOT_NONE: dropped; drawn where the slot no longer is: lost. */
struct outcome sink_present(struct sink *sink, uint32_t slot,
			    const struct frame *frame);

/* No frame came of it. SLOT_NONE: nothing to do. */
void sink_give_back(struct sink *sink, uint32_t slot);

/* After the last tick: waits for at most SINK_DRAIN_MS where a frame is still to
 * come on view. True: the display has something to tell. */
bool sink_drain(const struct sink *sink);

#define SINK_DRAIN_MS 100

/*
 * Main thread, when the tick thread has ended: the last frame that the display
 * accepted. False: there is none, or the CPU reads that slot slowly or not at
 * all and config.keep_last was not set.
 */
bool sink_last_frame(struct sink *sink, struct backend *backend,
		     struct image *image);

/* Whole rows of XRGB8888, to's width of them. */
void sink_copy_rows(const struct image *from, const struct image *to);

#endif
