/*
 * tests/fakes/kms_rig.c: see kms_rig.h.
 */
#include "tests/fakes/kms_rig.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drivers/display/drivers.h"

static struct thread_config started; /* what thread_start was given */
int fake_thread_error;
const struct display_memory *kms_rig_memory;

/* In place of runtime/base/thread.c: the thread does not run by itself. */
int thread_start(struct thread *thread, const struct thread_config *config)
{
	if (fake_thread_error)
		return fake_thread_error;
	started = *config;
	thread->running = true;
	return 0;
}

void thread_join(struct thread *thread)
{
	thread->running = false;
}

static int open_rig(struct kms_rig *rig, const char *settings, uint32_t width,
		    uint32_t height, struct display_mode mode, uint32_t index)
{
	static const char *const lane[] = {"kms"};
	struct display_config config = {
		.width = width,
		.height = height,
		.rate_num = 60,
		.rate_den = 1,
		.mode = mode,
		.settings = settings,
		.index = index,
		.memory = kms_rig_memory,
		.refusal = rig->refusal,
	};

	memset(rig, 0, sizeof(*rig));
	rig->display.ops = &kms_display;
	rig->display.event_fd = -1;
	rig->tick_ns = FAKE_PERIOD_NS;
	if (journal_init(&rig->journal, lane, 1, 256, 0))
		return -ENOMEM;
	config.journal = journal_writer(&rig->journal, 0);
	return kms_display.open(&rig->display, &config);
}

int kms_rig_open_as(struct kms_rig *rig, const char *settings, uint32_t width,
		    uint32_t height, struct display_mode mode)
{
	return open_rig(rig, settings, width, height, mode, 0);
}

int kms_rig_open_sink(struct kms_rig *rig, uint32_t index,
		      const char *settings)
{
	return open_rig(rig, settings, 1920, 1080,
			(struct display_mode){.width = 0}, index);
}

int kms_rig_open(struct kms_rig *rig, const char *settings)
{
	return kms_rig_open_as(rig, settings, 1920, 1080,
			       (struct display_mode){.width = 0});
}

/* Of the sinks of the helper that started last, the last one. */
struct kms_recover *kms_rig_helper(void)
{
	const struct kms_helper *helper = started.arg;

	return helper->sink[helper->count - 1];
}

int kms_rig_start_in(struct kms_rig *rig, uint32_t slot)
{
	int error;

	started.arg = NULL;
	error = kms_display.start(&rig->display, slot);
	if (error || !started.arg)
		return error;
	rig->helper = started.arg;
	rig->recover = kms_rig_helper();
	return 0;
}

int kms_rig_start(struct kms_rig *rig)
{
	int error = kms_rig_start_in(rig, 0);

	if (error)
		return error;
	slots_init(&rig->slots, rig->display.slot_count);
	slots_take(&rig->slots);
	slot_move(&rig->slots, 0, SLOT_QUEUED);
	slot_move(&rig->slots, 0, SLOT_SHOWN);
	return 0;
}

int kms_rig_start_all(struct kms_rig rigs[], uint32_t count)
{
	uint32_t i;
	int error = 0;

	for (i = 0; i < count && !error; i++)
		error = kms_rig_start(&rigs[i]);
	for (i = 0; i < count && !error; i++) {
		rigs[i].helper = started.arg;
		rigs[i].recover = rigs[i].helper->sink[i];
	}
	return error;
}

static void take_events(struct kms_rig *rig)
{
	struct display_event event;

	while (kms_display.on_event(&rig->display, &event)) {
		if (event.kind == DISPLAY_EVENT_RELEASED) {
			slot_move(&rig->slots, event.slot, SLOT_FREE);
			continue;
		}
		rig->flip = event;
		slot_move(&rig->slots, event.slot, SLOT_SHOWN);
		rig->shown++;
		rig->none += rig->flip.stamp == DISPLAY_STAMP_NONE;
		if (rig->last_sequence && rig->flip.sequence)
			rig->repeats += rig->flip.sequence -
					rig->last_sequence - 1;
		rig->last_sequence = rig->flip.sequence;
	}
}

/* What may be drawn in next is neither on view nor pending, whether or not this
 * tick draws in it. */
static void check_free_slots(const struct kms_rig *rig)
{
	uint32_t i;

	for (i = 0; i < rig->slots.count; i++) {
		if (rig->slots.state[i] != SLOT_FREE ||
		    !fake_drm_holds(rig->display.slot[i].base))
			continue;
		fprintf(stderr, "kms rig: slot %u is free, but on view or "
				"pending\n", i);
		abort();
	}
}

/* A slot, drawn in and presented. */
static enum display_status offer(struct kms_rig *rig)
{
	const struct frame frame = {.age_ns = FRAME_AGE_NONE};
	enum display_status status;
	uint32_t slot = slots_take(&rig->slots);

	if (slot == SLOT_NONE) {
		rig->no_slot++;
		return DISPLAY_BUSY;
	}
	memset(rig->display.slot[slot].base, (int)++rig->drawn, 64);
	fake_drm_pass(rig->cost_ns);
	status = kms_display.present(&rig->display, slot, &frame);
	slot_move(&rig->slots, slot,
		  status == DISPLAY_QUEUED ? SLOT_QUEUED : SLOT_FREE);
	rig->busy += status == DISPLAY_BUSY;
	rig->lost += status == DISPLAY_LOST;
	check_free_slots(rig);
	return status;
}

enum display_status kms_rig_tick(struct kms_rig *rig)
{
	const int64_t end_ns = fake_drm.now_ns + rig->tick_ns;
	enum display_status status;

	take_events(rig);
	check_free_slots(rig);
	status = offer(rig);
	fake_drm_pass(end_ns - fake_drm.now_ns);
	return status;
}

void kms_rig_ticks(struct kms_rig *rig, uint32_t count)
{
	while (count--)
		kms_rig_tick(rig);
}

void kms_rig_ticks_all(struct kms_rig rigs[], uint32_t sinks, uint32_t count)
{
	int64_t end_ns;
	uint32_t i;

	while (count--) {
		end_ns = fake_drm.now_ns + rigs[0].tick_ns;
		for (i = 0; i < sinks; i++) {
			take_events(&rigs[i]);
			check_free_slots(&rigs[i]);
		}
		for (i = 0; i < sinks; i++)
			offer(&rigs[i]);
		fake_drm_pass(end_ns - fake_drm.now_ns);
	}
}

void kms_rig_help(struct kms_rig *rig)
{
	kms_recover_round(rig->recover);
}

enum display_state kms_rig_state(const struct kms_rig *rig)
{
	return atomic_load(&rig->display.health.state);
}

/* The helper thread's end, in this thread. */
void kms_rig_close(struct kms_rig *rig)
{
	if (rig->helper && rig->helper->is_running) {
		atomic_store(&rig->helper->stop, true);
		started.run(rig->helper);
	}
	kms_display.close(&rig->display);
}

void kms_rig_close_all(struct kms_rig rigs[], uint32_t count)
{
	while (count--)
		kms_rig_close(&rigs[count]);
}
