/*
 * drivers/display/eglstream/eglstream.c: the display ops: slots that CUDA draws
 * go through an EGLStream, without a copy, or with producer=gles as one that
 * GLES draws.
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
 * The consumer is a screen (screen.h), which is lit and shows the first frame
 * before the ticks, or, with consumer=, in this process. With a screen a
 * frame is acquired when the flip before it is over: at once where none is
 * pending, else when its event is read.
 * A call that is refused, a flip that does not end, a screen that is lost, or
 * nothing coming back for a second, gives the stream to the helper; ticks go on,
 * their frames are dropped as lost.
 * Read next: flow.h, stream.h, screen.h, helper.h.
 */
#include <errno.h>
#include <stdlib.h>

#include "drivers/cuda/watch.h"
#include "drivers/display/drivers.h"
#include "drivers/display/eglstream/digest.h"
#include "drivers/display/eglstream/flow.h"
#include "drivers/display/eglstream/helper.h"
#include "drivers/display/memory.h"
#include "runtime/base/message.h"
#include "runtime/time/clock.h"

#define EGLSTREAM_SLOTS DISPLAY_SLOTS_MAX
/* Owed or waiting, and nothing came for so long and so many ticks. */
#define STALLED_NS	NS_PER_SECOND
#define STALLED_TICKS	20
/* Calls refused, and nothing shown between, that a living stream is kept for. */
#define REFUSED_KEPT	3

/* What on_event is in the middle of, between two events. */
enum eglstream_phase { PHASE_NEW_TICK, PHASE_TAKE_BACK, PHASE_FORGET };

static const struct display_ops eglstream_between;

struct eglstream {
	struct eglstream_settings settings;
	struct eglstream_stream stream; /* the owner's: helper.h */
	struct eglstream_screen screen; /* the same; consumer=: none */
	struct eglstream_helper helper;
	void *memory; /* memory_open's state */
	/* tick thread */
	struct eglstream_flow flow;
	enum eglstream_phase phase;
	uint64_t tick_of[DISPLAY_SLOTS_MAX]; /* what a slot holds */
	struct eglstream_digest digest;
	bool parked; /* the stream is the helper's */
	uint32_t kept; /* a screen's slot, on view when it is built again */
	uint32_t refused; /* calls, since a frame came on view */
	bool waited; /* a frame did, from one look at events to the next */
	uint32_t taken; /* frames of this stream, by the consumer */
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
				  bool is_screen,
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
	if (!is_screen && config->mode.width)
		return eglstream_refuse(refusal, -EINVAL,
					"--mode is for a screen: it does not go "
					"with consumer=");
	return 0;
}

static void eglstream_set_text(struct display *display,
			       const struct eglstream *eglstream)
{
	const struct eglstream_settings *settings = &eglstream->settings;
	char kind[32] = "mailbox", screen[DISPLAY_TEXT_MAX];

	if (settings->fifo)
		snprintf(kind, sizeof(kind), "FIFO of %u", settings->fifo);
	if (eglstream->stream.screen) {
		kms_output_text(&eglstream->screen.output, screen,
				sizeof(screen));
		snprintf(display->text, sizeof(display->text),
			 "EGL of %.20s, %s%s, %.120s",
			 eglstream->helper.library.vendor, kind,
			 settings->gles_producer ? ", drawn by GLES" : "",
			 screen);
		return;
	}
	snprintf(display->text, sizeof(display->text),
		 "EGL of %s, CUDA device %d, %s%s, a %s consumer in this "
		 "process",
		 eglstream->helper.library.vendor,
		 eglstream->stream.device->device, kind,
		 settings->gles_producer ? ", drawn by GLES" : "",
		 settings->consumer == EGLSTREAM_CUDA_CONSUMER ? "CUDA"
							       : "GLES");
}

/* What a screen tells of time; again when it was lost. */
static void eglstream_describe(struct display *display,
			       const struct eglstream *eglstream)
{
	const struct eglstream_screen *screen = eglstream->stream.screen;

	if (!screen)
		return;
	display->stamp = screen->has_events ? screen->flip.stamp
					    : DISPLAY_STAMP_AT_ONCE;
	display->event_fd =
		screen->has_events ? screen->output.device.fd : -1;
	kms_mode_refresh(&screen->output.mode, &display->refresh_num,
			 &display->refresh_den);
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
		.map = config->memory->map,
		.context = config->memory->context,
		.slots = display->slot,
		.slot_count = display->slot_count,
		.fifo = eglstream->settings.fifo,
		.screen = eglstream->settings.consumer == EGLSTREAM_SCREEN
				  ? &eglstream->screen
				  : NULL,
	};
	eglstream_ends_choose(&eglstream->stream, &eglstream->settings);
	eglstream->flow.fifo = eglstream->settings.fifo;
	eglstream->helper.settings = eglstream->settings;
	eglstream->helper.stream = &eglstream->stream;
	eglstream->helper.health = &display->health;
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
	    eglstream_check_config(config,
				   eglstream->settings.consumer ==
					   EGLSTREAM_SCREEN,
				   &refusal) ||
	    eglstream_screen_parse(&eglstream->screen, &eglstream->settings,
				   config, &refusal)) {
		free(eglstream);
		return eglstream_refuse_open(config, &refusal);
	}
	error = memory_open(display, config, EGLSTREAM_SLOTS);
	if (error) {
		free(eglstream);
		return error;
	}
	if (eglstream->settings.consumer != EGLSTREAM_SCREEN)
		display->ops = &eglstream_between;
	eglstream->memory = display->state;
	display->state = eglstream;
	if (eglstream_bring_up(display, config, eglstream, &refusal)) {
		eglstream_free(display, eglstream);
		return eglstream_refuse_open(config, &refusal);
	}
	display->stamp = DISPLAY_STAMP_SOFTWARE;
	/* what is shown, and what waits; a longer FIFO fills up later only */
	display->keeps = 2;
	eglstream_describe(display, eglstream);
	eglstream_set_text(display, eglstream);
	return 0;
}

/* A screen is lit; the slot, which holds a picture, is on view. */
static int eglstream_start(struct display *display, uint32_t slot)
{
	struct eglstream *eglstream = display->state;
	struct eglstream_refusal refusal = {.error = 0};

	if (eglstream_helper_light(&eglstream->helper, slot, &refusal)) {
		message("eglstream: %s", refusal.text);
		return refusal.error;
	}
	flow_present(&eglstream->flow, slot);
	flow_pend(&eglstream->flow, slot);
	flow_show(&eglstream->flow);
	kms_output_tell_slower(&eglstream->screen.output,
			       &eglstream->screen.settings);
	eglstream_describe(display, eglstream);
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
	uint32_t slot = flow_away(&eglstream->flow);

	eglstream->parked = true;
	eglstream->kept = DISPLAY_SLOTS_MAX;
	if (eglstream->stream.screen) {
		display->event_fd = -1;
		slot = flow_newest(&eglstream->flow);
		eglstream->kept = slot;
	}
	eglstream_set_state(display, state);
	eglstream_gles_leave(&eglstream->stream.gles);
	eglstream_helper_ask(&eglstream->helper, rebuild, slot);
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

/* A screen's: what waits is acquired, where no flip is pending. */
static void eglstream_flip(struct display *display)
{
	struct eglstream *eglstream = display->state;
	uint32_t slot = flow_next(&eglstream->flow);
	enum stream_status status;

	if (!eglstream->stream.screen || slot == DISPLAY_SLOTS_MAX ||
	    flow_count(&eglstream->flow, FLOW_PENDING))
		return;
	status = eglstream_screen_acquire(&eglstream->screen,
					  &eglstream->helper.library,
					  eglstream->stream.stream, slot);
	if (status == STREAM_DONE)
		flow_pend(&eglstream->flow, slot);
	else
		eglstream_note_refused(display, status);
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
	flow_present(&eglstream->flow, slot);
	eglstream->tick_of[slot] = frame->tick;
	eglstream->waited = false;
	eglstream_flip(display);
	return DISPLAY_QUEUED;
}

static void eglstream_note_shown(struct display *display)
{
	struct eglstream *eglstream = display->state;

	eglstream->refused = 0;
	eglstream_add(&display->health.flips);
	eglstream_note_progress(eglstream);
}

/* A screen's part of a tick: true, if something came on view. */
static bool eglstream_show_on_screen(struct display *display,
				     struct display_event *event)
{
	struct eglstream *eglstream = display->state;
	enum display_state lost = eglstream_helper_lost(&eglstream->helper);
	bool is_over = false;

	if (lost != DISPLAY_STATE_RUNNING) {
		eglstream_park(display, true, lost);
		return false;
	}
	if (flow_count(&eglstream->flow, FLOW_PENDING)) {
		is_over = eglstream_screen_take(&eglstream->screen, event);
		if (!is_over && kms_flip_is_overdue(&eglstream->screen.flip,
						    clock_now_ns())) {
			eglstream_add(&display->health.stalls);
			eglstream_park(display, true, DISPLAY_STATE_STALLED);
			return false;
		}
	}
	if (is_over) {
		event->slot = flow_show(&eglstream->flow);
		eglstream_note_shown(display);
	}
	/* of a mailbox a newer one is about to be presented, as a rule: shown
	 * now it would have every later one wait for a refresh */
	if (eglstream->settings.fifo || eglstream->waited)
		eglstream_flip(display);
	eglstream->waited = flow_count(&eglstream->flow, FLOW_WAITING);
	return is_over;
}

/* The consumer's part of a tick: true, if something came on view. */
static bool eglstream_show(struct display *display, struct display_event *event)
{
	struct eglstream *eglstream = display->state;
	enum stream_status status;

	if (eglstream->stream.screen)
		return eglstream_show_on_screen(display, event);
	if (eglstream->settings.renew &&
	    eglstream->taken == eglstream->settings.renew) {
		eglstream->taken = 0;
		eglstream_park(display, true, DISPLAY_STATE_RECOVERING);
		return false;
	}
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
	eglstream->taken++;
	event->slot = flow_acquire(&eglstream->flow);
	event->kind = DISPLAY_EVENT_SHOWN;
	event->time_ns = clock_now_ns();
	event->sequence = 0;
	event->stamp = DISPLAY_STAMP_SOFTWARE;
	eglstream_note_shown(display);
	status = eglstream_digest_take(&eglstream->digest, &eglstream->stream,
				       eglstream->tick_of[event->slot]);
	eglstream_note_refused(display, status);
	return true;
}

/* Asks for a slot that is owed. STREAM_DONE: one came back. */
static enum stream_status eglstream_ask_back(struct eglstream *eglstream,
					     uint32_t *slot)
{
	enum stream_status status;

	if (!flow_count(&eglstream->flow, FLOW_OWED))
		return STREAM_NOT_YET;
	*slot = flow_owed(&eglstream->flow);
	status = eglstream_take_back(&eglstream->stream, slot);
	if (status == STREAM_DONE && !flow_take_back(&eglstream->flow, *slot))
		status = STREAM_REFUSED; /* it gives what it does not owe */
	return status;
}

/* One slot that the stream owes: true, if it gave it. */
static bool eglstream_take(struct display *display, struct display_event *event)
{
	struct eglstream *eglstream = display->state;
	enum stream_status status = STREAM_DONE;

	if (eglstream->parked)
		return false;
	event->slot = flow_settle(&eglstream->flow);
	while (status == STREAM_DONE &&
	       (event->slot == DISPLAY_SLOTS_MAX ||
		eglstream->flow.place[event->slot] != FLOW_HERE))
		status = eglstream_ask_back(eglstream, &event->slot);
	eglstream_note_refused(display, status);
	if (status != STREAM_DONE)
		return false;
	event->kind = DISPLAY_EVENT_RELEASED;
	/* a screen that shows none lets a mailbox pass them through */
	if (!eglstream->stream.screen)
		eglstream_note_progress(eglstream);
	return true;
}

/* Once a tick, after its events. */
static void eglstream_watch(struct display *display)
{
	struct eglstream *eglstream = display->state;
	bool waits = flow_count(&eglstream->flow, FLOW_OWED) ||
		     flow_count(&eglstream->flow, FLOW_PENDING) ||
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
		eglstream->kept = DISPLAY_SLOTS_MAX; /* it is not on view */
		eglstream_set_state(display, DISPLAY_STATE_FAILED);
		return true;
	}
	eglstream->parked = false;
	eglstream_set_state(display, DISPLAY_STATE_RUNNING);
	eglstream_note_progress(eglstream);
	eglstream_describe(display, eglstream);
	if (repair == EGLSTREAM_KEPT)
		return false;
	eglstream->refused = 0;
	eglstream_add(&display->health.losses);
	eglstream_add(&display->health.recoveries);
	return true;
}

/* No slot is in a stream that is no more, but for the one that a screen shows,
 * which may not have been on view before. */
static bool eglstream_forget(struct eglstream *eglstream,
			     struct display_event *event)
{
	if (eglstream->kept < DISPLAY_SLOTS_MAX &&
	    eglstream->flow.place[eglstream->kept] != FLOW_SHOWN) {
		flow_pend(&eglstream->flow, eglstream->kept);
		*event = (struct display_event){
			.kind = DISPLAY_EVENT_SHOWN,
			.slot = flow_show(&eglstream->flow),
			.time_ns = clock_now_ns(),
			.stamp = DISPLAY_STAMP_NONE,
		};
		return true;
	}
	event->slot = flow_forget(&eglstream->flow, eglstream->kept);
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

#define EGLSTREAM_OPS                                                          \
	.name = "eglstream", .help = "an EGLStream, from CUDA without a copy", \
	.settings = EGLSTREAM_SETTINGS_HELP,                                   \
	.has_refresh = true, /* a screen has */                                \
		.by_name = true, .probe = eglstream_probe,                     \
	.open = eglstream_open, .present = eglstream_present_op,               \
	.on_event = eglstream_on_event, .close = eglstream_close

const struct display_ops eglstream_display = {
	EGLSTREAM_OPS,
	.start = eglstream_start,
};

/* With consumer=, where nothing is on view before the ticks. */
static const struct display_ops eglstream_between = {EGLSTREAM_OPS};
