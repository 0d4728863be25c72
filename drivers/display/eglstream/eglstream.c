/*
 * drivers/display/eglstream/eglstream.c: the display ops: slots that CUDA draws
 * go through an EGLStream, without a copy.
 *
 * Bring-up: settings -> slots in device memory -> the driver's own thread
 * (helper.h): libEGL -> EGLDevice of the CUDA device -> EGLDisplay -> stream ->
 * consumer -> producer -> every slot once through it. Then, in the tick thread:
 *
 *   on_event   the consumer releases what it has and acquires what waits
 *              (SHOWN); the stream gives slots back (RELEASED), and is asked
 *              for them only where it owes some
 *   present    into the stream, where that does not wait: in a FIFO only if
 *              there is room
 *
 * A call that is refused, or nothing coming back for a second, gives the stream
 * to the helper; ticks go on, their frames are dropped as lost.
 * The consumer is in this process (consumer=cuda). Screens, which are
 * consumers too (EGLOutput), are refused: docs/displays.md.
 * Read next: flow.h, stream.h, helper.h.
 */
#include <errno.h>
#include <stdlib.h>

#include "drivers/cuda/watch.h"
#include "drivers/display/drivers.h"
#include "drivers/display/eglstream/digest.h"
#include "drivers/display/eglstream/flow.h"
#include "drivers/display/eglstream/helper.h"
#include "drivers/display/memory.h"
#include "runtime/time/clock.h"

#define EGLSTREAM_SLOTS DISPLAY_SLOTS_MAX
/* Owed or waiting, and nothing came for so long and so many ticks. */
#define STALLED_NS	NS_PER_SECOND
#define STALLED_TICKS	20
/* Calls refused in a row that a living stream is kept for. */
#define REFUSED_KEPT	3

/* What on_event is in the middle of, between two events. */
enum eglstream_phase { PHASE_NEW_TICK, PHASE_TAKE_BACK, PHASE_FORGET };

struct eglstream {
	struct eglstream_settings settings;
	struct eglstream_stream stream; /* the owner's: helper.h */
	struct eglstream_helper helper;
	void *memory; /* memory_open's state */
	/* tick thread */
	struct eglstream_flow flow;
	enum eglstream_phase phase;
	uint64_t tick_of[DISPLAY_SLOTS_MAX]; /* what a slot holds */
	struct eglstream_digest digest;
	bool parked; /* the stream is the helper's */
	uint32_t refused; /* calls, in a row */
	uint32_t until_take; /* ticks until the consumer takes a frame */
	int64_t progress_ns; /* something came, or nothing had to */
	uint32_t progress_ticks; /* since then */
};

/* ---- main thread ------------------------------------------------------------- */

static int eglstream_refuse_open(const struct display_config *config,
				 const struct eglstream_refusal *refusal)
{
	return display_refuse(config, "eglstream", refusal->error, "%s",
			      refusal->text);
}

/* What it cannot be without, before anything is taken. */
static int eglstream_check_config(const struct display_config *config,
				  struct eglstream_refusal *refusal)
{
	const struct display_memory *memory = config->memory;
	char line[EGLSTREAM_LINE_MAX];

	if (!memory || !memory->stream)
		return eglstream_refuse(refusal, -ENOTSUP,
					"it takes frames that the GPU draws, "
					"and the CPU draws these: use "
					"--backend cuda, or --display headless");
	if (!memory->stream->can(memory->context, line, sizeof(line)))
		return eglstream_refuse(refusal, -ENOTSUP, "%s", line);
	return 0;
}

static void eglstream_set_text(struct display *display,
			       const struct eglstream *eglstream)
{
	char kind[32] = "mailbox";

	if (eglstream->settings.fifo)
		snprintf(kind, sizeof(kind), "FIFO of %u",
			 eglstream->settings.fifo);
	snprintf(display->text, sizeof(display->text),
		 "EGL of %s, CUDA device %d, %s, a CUDA consumer in this "
		 "process",
		 eglstream->helper.library.vendor,
		 eglstream->stream.device->device, kind);
}

/* The stream and all that it needs; the slots are there. */
static int eglstream_bring_up(struct display *display,
			      const struct display_config *config,
			      struct eglstream *eglstream,
			      struct eglstream_refusal *refusal)
{
	int error = eglstream_digest_open(&eglstream->digest,
					  &eglstream->settings,
					  &display->slot[0], refusal);

	if (error)
		return error;
	eglstream->stream = (struct eglstream_stream){
		.device = config->memory->stream,
		.context = config->memory->context,
		.slots = display->slot,
		.slot_count = display->slot_count,
		.fifo = eglstream->settings.fifo,
	};
	eglstream->flow.fifo = eglstream->settings.fifo;
	eglstream->helper.settings = eglstream->settings;
	eglstream->helper.stream = &eglstream->stream;
	error = eglstream_helper_start(&eglstream->helper, refusal);
	if (error)
		eglstream_digest_close(&eglstream->digest);
	return error;
}

/* What a thread that was left uses stays. */
static void eglstream_free(struct display *display,
			   struct eglstream *eglstream)
{
	if (eglstream->helper.left)
		return;
	display->state = eglstream->memory;
	memory_close(display);
	free(eglstream);
}

static int eglstream_open(struct display *display,
			  const struct display_config *config)
{
	struct eglstream *eglstream = calloc(1, sizeof(*eglstream));
	struct eglstream_refusal refusal = {.error = 0};
	int error;

	if (!eglstream)
		return display_refuse(config, "eglstream", -ENOMEM,
				      "no memory");
	if (eglstream_settings_parse(&eglstream->settings, config->settings,
				     &refusal) ||
	    eglstream_check_config(config, &refusal)) {
		free(eglstream);
		return eglstream_refuse_open(config, &refusal);
	}
	error = memory_open(display, config, EGLSTREAM_SLOTS);
	if (error) {
		free(eglstream);
		return error;
	}
	eglstream->memory = display->state;
	display->state = eglstream;
	if (eglstream_bring_up(display, config, eglstream, &refusal)) {
		eglstream_free(display, eglstream);
		return eglstream_refuse_open(config, &refusal);
	}
	display->stamp = DISPLAY_STAMP_SOFTWARE;
	/* what is shown, and what waits; a longer FIFO fills up later only */
	display->keeps = 2;
	eglstream_set_text(display, eglstream);
	return 0;
}

static void eglstream_close(struct display *display)
{
	struct eglstream *eglstream = display->state;

	eglstream_helper_end(&eglstream->helper);
	eglstream_digest_close(&eglstream->digest);
	eglstream_free(display, eglstream);
}

/* ---- tick thread -------------------------------------------------------------- */

static void eglstream_set_state(struct display *display,
				enum display_state state)
{
	atomic_store_explicit(&display->health.state, state,
			      memory_order_relaxed);
}

static void eglstream_add(_Atomic uint64_t *counter)
{
	atomic_fetch_add_explicit(counter, 1, memory_order_relaxed);
}

static void eglstream_note_progress(struct eglstream *eglstream)
{
	eglstream->progress_ns = clock_now_ns();
	eglstream->progress_ticks = 0;
}

/* The stream is the helper's from here on. */
static void eglstream_park(struct display *display, bool rebuild,
			   enum display_state state)
{
	struct eglstream *eglstream = display->state;

	eglstream->parked = true;
	eglstream_set_state(display, state);
	eglstream_helper_ask(&eglstream->helper, rebuild);
}

/* A call that was refused; one that is lost is the backend's to tell. */
static void eglstream_note_refused(struct display *display,
				   enum stream_status status)
{
	struct eglstream *eglstream = display->state;

	if (status != STREAM_REFUSED)
		return;
	eglstream_add(&display->health.errors);
	atomic_store_explicit(&display->health.last_error, -EIO,
			      memory_order_relaxed);
	eglstream_park(display, ++eglstream->refused > REFUSED_KEPT,
		       DISPLAY_STATE_RECOVERING);
}

static enum display_status eglstream_present_op(struct display *display,
						uint32_t slot,
						const struct frame *frame)
{
	struct eglstream *eglstream = display->state;
	enum stream_status status;

	if (eglstream->parked)
		return eglstream_helper_answer(&eglstream->helper) ==
				       EGLSTREAM_FAILED
			       ? DISPLAY_FAILED
			       : DISPLAY_LOST;
	if (!flow_has_room(&eglstream->flow))
		return DISPLAY_BUSY;
	status = eglstream_present(&eglstream->stream, slot);
	if (status != STREAM_DONE) {
		eglstream_note_refused(display, status);
		return DISPLAY_LOST;
	}
	eglstream->refused = 0;
	flow_present(&eglstream->flow, slot);
	eglstream->tick_of[slot] = frame->tick;
	return DISPLAY_QUEUED;
}

/* The consumer's part of a tick: true, if something came on view. */
static bool eglstream_show(struct display *display, struct display_event *event)
{
	struct eglstream *eglstream = display->state;
	enum stream_status status;

	if (eglstream->until_take && --eglstream->until_take)
		return false;
	if (!flow_count(&eglstream->flow, FLOW_WAITING))
		return false;
	flow_release(&eglstream->flow);
	status = eglstream_acquire(&eglstream->stream, 0);
	if (status != STREAM_DONE) {
		eglstream_note_refused(display, status);
		return false;
	}
	eglstream->until_take = eglstream->settings.every;
	event->slot = flow_acquire(&eglstream->flow);
	event->kind = DISPLAY_EVENT_SHOWN;
	event->time_ns = clock_now_ns();
	event->sequence = 0;
	event->stamp = DISPLAY_STAMP_SOFTWARE;
	eglstream_add(&display->health.flips);
	eglstream_note_progress(eglstream);
	status = eglstream_digest_take(&eglstream->digest, &eglstream->stream,
				       eglstream->tick_of[event->slot]);
	eglstream_note_refused(display, status);
	return true;
}

/* One slot that the stream owes: true, if it gave it. */
static bool eglstream_take(struct display *display, struct display_event *event)
{
	struct eglstream *eglstream = display->state;
	enum stream_status status;

	if (eglstream->parked || !flow_count(&eglstream->flow, FLOW_OWED))
		return false;
	status = eglstream_take_back(&eglstream->stream, &event->slot);
	if (status == STREAM_DONE &&
	    !flow_take_back(&eglstream->flow, event->slot))
		status = STREAM_REFUSED; /* it gives what it does not owe */
	eglstream_note_refused(display, status);
	if (status != STREAM_DONE)
		return false;
	eglstream->refused = 0;
	event->kind = DISPLAY_EVENT_RELEASED;
	eglstream_note_progress(eglstream);
	return true;
}

/* Once a tick, after its events. */
static void eglstream_watch(struct display *display)
{
	struct eglstream *eglstream = display->state;
	bool waits = flow_count(&eglstream->flow, FLOW_OWED) ||
		     (flow_count(&eglstream->flow, FLOW_WAITING) &&
		      !eglstream->until_take);

	if (eglstream->parked)
		return;
	if (!waits)
		eglstream_note_progress(eglstream);
	if (++eglstream->progress_ticks < STALLED_TICKS ||
	    clock_now_ns() - eglstream->progress_ns < STALLED_NS)
		return;
	eglstream_add(&display->health.stalls);
	eglstream_park(display, true, DISPLAY_STATE_STALLED);
}

/* The helper has answered: true, if slots are to be told of. */
static bool eglstream_come_back(struct display *display)
{
	struct eglstream *eglstream = display->state;
	enum eglstream_repair repair =
		eglstream_helper_answer(&eglstream->helper);

	if (repair == EGLSTREAM_AT_WORK)
		return false;
	if (repair == EGLSTREAM_FAILED) {
		eglstream_set_state(display, DISPLAY_STATE_FAILED);
		return true;
	}
	eglstream->parked = false;
	eglstream_set_state(display, DISPLAY_STATE_RUNNING);
	eglstream_note_progress(eglstream);
	if (repair == EGLSTREAM_KEPT)
		return false;
	eglstream->refused = 0;
	eglstream_add(&display->health.losses);
	eglstream_add(&display->health.recoveries);
	return true;
}

/* No slot is in a stream that is no more. */
static bool eglstream_forget(struct eglstream *eglstream,
			     struct display_event *event)
{
	event->slot = flow_forget(&eglstream->flow);
	event->kind = DISPLAY_EVENT_RELEASED;
	return event->slot < DISPLAY_SLOTS_MAX;
}

static bool eglstream_on_event(struct display *display,
			       struct display_event *event)
{
	struct eglstream *eglstream = display->state;

	if (eglstream->phase == PHASE_NEW_TICK) {
		eglstream->phase = PHASE_TAKE_BACK;
		if (eglstream->parked && eglstream_come_back(display))
			eglstream->phase = PHASE_FORGET;
		else if (!eglstream->parked && eglstream_show(display, event))
			return true;
	}
	if (eglstream->phase == PHASE_FORGET) {
		if (eglstream_forget(eglstream, event))
			return true;
	} else if (eglstream_take(display, event)) {
		return true;
	}
	eglstream->phase = PHASE_NEW_TICK;
	eglstream_watch(display);
	return false;
}

/* ---- --probe ------------------------------------------------------------------ */

/* What is here; screens and the stream are seen at start. */
static bool eglstream_probe(FILE *out, const char *indent)
{
	struct eglstream_library library = {.display = NULL};
	struct eglstream_refusal refusal = {.error = 0};
	int error = eglstream_library_open(&library, &refusal);

	(void)indent;
	if (!error)
		error = eglstream_library_find(&library, -1, &refusal);
	fprintf(out, "%s\n",
		error ? refusal.text
		      : "by name only: an EGLDevice is a CUDA device");
	eglstream_library_close(&library);
	return false; /* `auto` does not take it */
}

const struct display_ops eglstream_display = {
	.name = "eglstream",
	.help = "an EGLStream, from CUDA without a copy",
	.settings = EGLSTREAM_SETTINGS_HELP,
	.probe = eglstream_probe,
	.open = eglstream_open,
	.present = eglstream_present_op,
	.on_event = eglstream_on_event,
	.close = eglstream_close,
};
