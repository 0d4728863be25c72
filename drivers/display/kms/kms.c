/*
 * drivers/display/kms/kms.c: the display ops: frames straight to a plane of
 * the kernel's display driver, with no window server.
 *
 * Bring-up: settings -> output (device, connector, CRTC, plane, mode, three
 * buffers; asked by TEST_ONLY) -> start: mode set and first frame in one
 * commit -> what flips are worth -> helper thread. Then present and on_event,
 * in the tick thread: at most one commit a tick and sink, and a read of the
 * file's events where a flip is pending, for all sinks on that file.
 * Read next: output.h, card.h, flip.h, state.h, recover.h, helper.h.
 */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drivers/display/drivers.h"
#include "drivers/display/kms/probe.h"
#include "drivers/display/kms/helper.h"
#include "runtime/time/clock.h"
#include "runtime/base/message.h"

/* Commits refused for this long, with no flip pending, ask for a recovery. */
#define REFUSED_NS    (250 * NS_PER_MS)
#define NO_MEMORY_NS  NS_PER_SECOND
#define ROW_ALIGN     64
#define RELEASED_NONE UINT32_MAX

/* When the tick thread looks for a flip's end: twice a tick, in the order of
 * the sinks. */
enum look {
	LOOK_NONE,
	LOOK_AT_EVENTS,	 /* when it wakes */
	LOOK_AT_PRESENT, /* before the commit */
};

struct kms {
	struct kms_settings settings;
	struct kms_state state;
	struct kms_output output; /* the owner's: state.h */
	struct kms_flip flip;	  /* the owner's */
	struct kms_recover recover;
	struct kms_helper *helper; /* NULL: not opened yet */
	/* tick thread only */
	bool parked;
	enum look looked; /* a sink before this one has read the file then */
	bool lost_pending;	   /* a flip was pending then, of lost_slot */
	uint32_t lost_slot;
	unsigned char *spare_row;  /* drawn over and over while parked */
	bool has_early; /* a flip that present found to be over, not told yet */
	struct display_event early;
	uint32_t on_view;  /* slot, as it was told */
	uint32_t released; /* to be told; RELEASED_NONE: none */
	int64_t refused_ns;	   /* since when; 0: not refused */
};

/* ---- main thread ------------------------------------------------------------ */

static int refuse_open(const struct display_config *config,
		       const struct kms_refusal *refusal)
{
	return display_refuse(config, "kms", refusal->error, "%s",
			      refusal->text);
}

static void free_kms(struct kms *kms)
{
	free(kms->spare_row);
	free(kms);
}

static int refuse_limits(struct kms_refusal *refusal)
{
	return kms_refuse(refusal, -ENOMEM,
			  "no memory or files for the driver: raise "
			  "RLIMIT_NOFILE or RLIMIT_AS");
}

static int allocate(struct kms **made, struct display *display,
		    const struct display_config *config,
		    struct kms_refusal *refusal)
{
	size_t row_bytes = (config->width * sizeof(uint32_t) + ROW_ALIGN - 1) /
			   ROW_ALIGN * ROW_ALIGN;
	struct kms *kms = calloc(1, sizeof(*kms));

	if (kms)
		kms->spare_row = aligned_alloc(ROW_ALIGN, row_bytes);
	if (!kms || !kms->spare_row) {
		free(kms);
		return refuse_limits(refusal);
	}
	memset(kms->spare_row, 0, row_bytes);
	kms->output.device.fd = -1;
	kms->output.maker.provider = &kms_provider_dumb;
	kms->state.health = &display->health;
	kms->state.journal = config->journal;
	kms->state.index = config->index;
	kms->flip.index = config->index;
	kms->recover = (struct kms_recover){
		.output = &kms->output,
		.flip = &kms->flip,
		.state = &kms->state,
	};
	*made = kms;
	return 0;
}

/* Into the company of the sinks that have the same file. */
static int join_helper(struct kms *kms, struct kms_refusal *refusal)
{
	kms->helper = kms_helper_of(kms->output.device.card);
	if (kms->helper) {
		kms_helper_add(kms->helper, &kms->recover);
		return 0;
	}
	kms_output_close(&kms->output);
	return refuse_limits(refusal);
}

/* What the display is, for the cycle and the report; again when it changed. */
static void describe(struct display *display, const struct kms *kms)
{
	uint32_t i;

	display->moves++;
	for (i = 0; i < KMS_SLOTS; i++)
		display->slot[i] =
			kms_output_image(&kms->output, i, &kms->settings);
	display->event_fd = kms->output.device.fd;
	display->stamp = kms->flip.stamp;
	kms_mode_refresh(&kms->output.mode, &display->refresh_num,
			 &display->refresh_den);
	kms_output_text(&kms->output, display->text, sizeof(display->text));
}

static int kms_open(struct display *display,
		    const struct display_config *config)
{
	struct kms_refusal refusal = {.error = 0};
	struct kms *kms = NULL;
	int error = allocate(&kms, display, config, &refusal);

	if (error)
		return refuse_open(config, &refusal);
	error = kms_settings_parse(&kms->settings, config, &refusal);
	if (!error)
		error = kms_output_open(&kms->output, &kms->settings,
					&refusal);
	if (!error)
		error = join_helper(kms, &refusal);
	if (error) {
		free_kms(kms);
		return refuse_open(config, &refusal);
	}
	display->slot_count = KMS_SLOTS;
	display->format = kms->output.plane.format;
	display->cpu_read = kms->output.maker.provider->is_device
				    ? DISPLAY_READ_NONE
				    : DISPLAY_READ_SLOW;
	display->buffers = kms->output.maker.provider->name;
	memcpy(display->rejected, kms->output.rejected,
	       sizeof(display->rejected));
	display->rejected_count = kms->output.rejected_count;
	display->state = kms;
	describe(display, kms);
	return 0;
}

static int kms_start(struct display *display, uint32_t slot)
{
	struct kms *kms = display->state;
	struct kms_refusal refusal;
	int error = kms_output_show_best(&kms->output, slot, &kms->settings,
					 &refusal);

	if (!error) {
		error = kms_flip_init(&kms->flip, &kms->output, slot);
		if (error)
			kms_refuse_commit(&refusal, kms->output.device.path,
					  "flips", error);
	}
	if (error) {
		message("kms: %s", refusal.text);
		return refusal.error;
	}
	kms_output_tell_slower(&kms->output, &kms->settings);
	kms->on_view = slot;
	kms->released = RELEASED_NONE;
	describe(display, kms);
	kms->recover.settings = kms->settings;
	error = kms_helper_start(kms->helper, &kms->recover);
	if (error)
		message("kms: helper thread: %s", strerror(-error));
	return error;
}

/* The helper is in the kernel still: in a recovery that hangs, or at putting the
 * picture back, which may yet come to its end. */
static void tell_late(enum display_state now)
{
	if (kms_state_is_ticks(now))
		message("kms: the display is slow: after %d s its picture of "
			"before is not back; the kernel still works at it",
			KMS_END_MS / 1000);
	else
		message("kms: the display is stuck in the kernel: its picture "
			"of before was not put back");
}

static void kms_close(struct display *display)
{
	struct kms *kms = display->state;

	display->event_fd = -1;
	if (!kms_helper_end(kms->helper, &kms->recover)) {
		/* acquire: pairs with the helper's end */
		if (!atomic_load_explicit(&kms->recover.is_closed,
					  memory_order_acquire))
			tell_late(kms_state_now(&kms->state));
		if (kms->settings.memory && kms->settings.memory->map)
			kms->settings.memory->map->leave(
				kms->settings.memory->context);
		return;
	}
	/* where no helper did */
	kms_output_restore(&kms->output);
	kms_output_close(&kms->output);
	free_kms(kms);
	display->state = NULL;
}

/* ---- tick thread, sealed ----------------------------------------------------- */

static void park(struct display *display, enum display_state to)
{
	struct kms *kms = display->state;
	uint32_t i;

	display->moves++;
	for (i = 0; i < KMS_SLOTS; i++) {
		display->slot[i].base = kms->spare_row;
		display->slot[i].pitch = 0;
	}
	display->event_fd = -1;
	kms->parked = true;
	kms->lost_pending = kms->flip.pending;
	kms->lost_slot = kms->flip.slot;
	kms->refused_ns = 0;
	kms_state_park(&kms->state, to);
}

/* The helper gave the display back. True: the frame that was pending when it
 * was lost is on view. */
static bool unpark(struct display *display, struct display_event *event)
{
	struct kms *kms = display->state;

	kms->parked = false;
	kms_flip_forget(&kms->flip, kms->lost_pending ? kms->lost_slot
						      : kms->flip.shown);
	describe(display, kms);
	*event = (struct display_event){
		.kind = DISPLAY_EVENT_SHOWN,
		.slot = kms->lost_slot,
		.time_ns = clock_now_ns(),
		.stamp = DISPLAY_STAMP_NONE,
	};
	return kms->lost_pending;
}

static void count_flip(struct display *display)
{
	atomic_fetch_add_explicit(&display->health.flips, 1,
				  memory_order_relaxed);
}

/* The sink that this part of it belongs to. */
static struct kms *kms_of(struct kms_recover *recover)
{
	return (struct kms *)(void *)((char *)recover -
				      offsetof(struct kms, recover));
}

/* One read of the file, for all its sinks that are not parked: the flips of
 * others are their helper's. Those whose turn is still to come need none. */
static void read_events(const struct kms *kms, enum look look)
{
	struct kms_flip *flips[GRAPH_SINKS_MAX];
	uint32_t i, count = 0;
	bool is_later = false;

	for (i = 0; i < kms->helper->count; i++) {
		struct kms *sink = kms_of(kms->helper->sink[i]);

		if (sink->parked ||
		    sink->output.device.fd != kms->output.device.fd)
			continue;
		if (is_later)
			sink->looked = look;
		is_later = is_later || sink == kms;
		flips[count++] = &sink->flip;
	}
	kms_flip_read(flips, count, &kms->output);
}

/* Whether the flip that was pending is over. */
static bool look_at_flip(struct kms *kms, enum look look,
			 struct display_event *event)
{
	if (kms->flip.pending && kms->looked != look)
		read_events(kms, look);
	kms->looked = LOOK_NONE;
	return kms_flip_take(&kms->flip, event);
}

/* A flip that is over, and not told yet. */
static bool take_flip(struct display *display, struct display_event *event)
{
	struct kms *kms = display->state;
	enum display_state now = kms_state_now(&kms->state);
	enum display_state asked;

	if (kms->has_early) {
		*event = kms->early;
		kms->has_early = false;
		return true;
	}
	if (kms->parked)
		return now == DISPLAY_STATE_RUNNING && unpark(display, event);
	if (look_at_flip(kms, LOOK_AT_EVENTS, event)) {
		kms_state_set(&kms->state, DISPLAY_STATE_RUNNING);
		count_flip(display);
		return true;
	}
	asked = atomic_load_explicit(&kms->state.asked, memory_order_relaxed);
	if (asked != DISPLAY_STATE_RUNNING) {
		park(display, asked);
		return false;
	}
	if (kms_flip_is_overdue(&kms->flip, clock_now_ns()))
		park(display, DISPLAY_STATE_STALLED);
	return false;
}

/* A flip takes the slot that was on view off it. */
static bool kms_on_event(struct display *display, struct display_event *event)
{
	struct kms *kms = display->state;

	if (kms->released != RELEASED_NONE) {
		*event = (struct display_event){
			.kind = DISPLAY_EVENT_RELEASED,
			.slot = kms->released,
		};
		kms->released = RELEASED_NONE;
		return true;
	}
	if (!take_flip(display, event))
		return false;
	kms->released = kms->on_view;
	kms->on_view = event->slot;
	return true;
}

/* For how long commits have been refused. */
static int64_t refused_for_ns(struct kms *kms)
{
	int64_t now_ns = clock_now_ns();

	if (!kms->refused_ns)
		kms->refused_ns = now_ns;
	return now_ns - kms->refused_ns;
}

/* A commit was refused: this frame is dropped; the state may be another. No
 * retry here: the next tick has a newer frame. */
static enum display_status refuse_frame(struct display *display, int error)
{
	struct kms *kms = display->state;
	int64_t long_ns = error == -ENOMEM ? NO_MEMORY_NS : REFUSED_NS;

	switch (-error) {
	case EACCES:
	case EPERM:
		park(display, DISPLAY_STATE_NO_MASTER);
		break;
	case ENODEV:
		park(display, DISPLAY_STATE_GONE);
		break;
	case EBUSY:
	case EAGAIN:
	case EINTR:
		if (refused_for_ns(kms) > kms->flip.deadline_ns)
			park(display, DISPLAY_STATE_STALLED);
		return DISPLAY_BUSY;
	default:
		if (refused_for_ns(kms) > long_ns)
			park(display, DISPLAY_STATE_RECOVERING);
	}
	kms_state_count_error(&kms->state, error);
	return DISPLAY_LOST;
}

/* The refresh came while the frame was drawn: the kernel takes the next flip. */
static bool is_over_by_now(struct display *display)
{
	struct kms *kms = display->state;

	if (!look_at_flip(kms, LOOK_AT_PRESENT, &kms->early))
		return false;
	kms->has_early = true;
	count_flip(display);
	return true;
}

static enum display_status kms_present(struct display *display, uint32_t slot,
				       const struct frame *frame)
{
	struct kms *kms = display->state;
	int error;

	(void)frame;
	if (kms->parked)
		return kms_state_now(&kms->state) == DISPLAY_STATE_FAILED
			       ? DISPLAY_FAILED
			       : DISPLAY_LOST;
	if (!is_over_by_now(display) && kms->flip.pending)
		return DISPLAY_BUSY;
	error = kms_flip_submit(&kms->flip, &kms->output, slot);
	if (error)
		return refuse_frame(display, error);
	kms->refused_ns = 0;
	kms_state_set(&kms->state, DISPLAY_STATE_BUSY);
	return DISPLAY_QUEUED;
}

static bool probe(FILE *out, const char *indent)
{
	bool connected = kms_probe_print("", out, indent);

	fputs(indent, out);
	kms_provider_probe(out);
	return connected;
}

const struct display_ops kms_display = {
	.name = "kms",
	.help = "a screen, by the kernel's display driver alone",
	.settings = KMS_SETTINGS_HELP,
	.has_refresh = true,
	.probe = probe,
	.open = kms_open,
	.start = kms_start,
	.present = kms_present,
	.on_event = kms_on_event,
	.close = kms_close,
};
