/*
 * tests/own/slow/slow.c: a display that keeps what it is given: a frame comes on
 * view one to three ticks after it was presented, or never, and is given back
 * one to four ticks after that, in any order.
 *
 * It knows what it holds: a slot whose bytes are others when it is given back
 * than when it came was written while it was the display's, which ends the
 * process with status 99.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "drivers/display/memory.h"
#include "runtime/base/message.h"

#define SLOW_SLOTS DISPLAY_SLOTS_MAX
#define SLOW_WROTE 99

struct slow_slot {
	bool held;
	uint32_t show_in, release_in; /* ticks; 0: done, or never */
	uint64_t digest;
};

struct slow {
	void *memory; /* memory_open's state */
	struct slow_slot slot[SLOW_SLOTS];
	uint64_t random;
	struct frame last; /* offered */
	bool in_tick; /* its events are being told */
	uint32_t told; /* of the tick's: 2 * slot, + 1 for RELEASED */
};

/* Only one display at a time, which is all that a test needs. */
static struct slow slow;

static uint32_t slow_dice(uint32_t sides)
{
	slow.random = slow.random * UINT64_C(6364136223846793005) +
		      UINT64_C(1442695040888963407);
	return (uint32_t)(slow.random >> 33) % sides;
}

static uint64_t slow_digest(const struct image *image)
{
	uint64_t digest = UINT64_C(0xcbf29ce484222325);
	uint32_t x, y;

	for (y = 0; y < image->height; y++) {
		const uint32_t *row = image_row(image, y);

		for (x = 0; x < image->width; x++)
			digest = (digest ^ row[x]) * UINT64_C(0x100000001b3);
	}
	return digest;
}

static int slow_open(struct display *display,
		     const struct display_config *config)
{
	struct display_config own = *config;
	int error;

	own.memory = NULL; /* it reads what it is given */
	error = memory_open(display, &own, SLOW_SLOTS);
	slow = (struct slow){.random = 1};
	return error;
}

/* Ticks in order, each due after the one before, none offered before it is
 * known; with --clock free all are due at once, and none shows a source. */
static void slow_check_facts(const struct frame *frame)
{
	if ((slow.last.submit_ns && (frame->tick <= slow.last.tick ||
				     frame->due_ns < slow.last.due_ns)) ||
	    frame->submit_ns < slow.last.submit_ns ||
	    frame->age_ns != FRAME_AGE_NONE) {
		message("slow: the facts of tick %llu are wrong",
			(unsigned long long)frame->tick);
		_exit(SLOW_WROTE);
	}
	slow.last = *frame;
}

static enum display_status slow_present(struct display *display, uint32_t slot,
					const struct frame *frame)
{
	struct slow_slot *held = &slow.slot[slot];

	slow_check_facts(frame);
	if (slow_dice(8) == 0)
		return DISPLAY_BUSY;
	*held = (struct slow_slot){
		.held = true,
		.show_in = slow_dice(4), /* 0: passed over */
		.digest = slow_digest(&display->slot[slot]),
	};
	held->release_in = held->show_in + 1 + slow_dice(4);
	return DISPLAY_QUEUED;
}

static bool slow_is_over(uint32_t *ticks)
{
	return *ticks && !--*ticks;
}

static void slow_check(const struct display *display, uint32_t slot)
{
	if (slow_digest(&display->slot[slot]) == slow.slot[slot].digest)
		return;
	message("slow: slot %u was written while it was the display's", slot);
	_exit(SLOW_WROTE);
}

static bool slow_on_event(struct display *display, struct display_event *event)
{
	uint32_t place, slot;

	if (!slow.in_tick)
		slow.told = 0;
	slow.in_tick = true;
	while (slow.told < 2 * SLOW_SLOTS) {
		place = slow.told++;
		slot = place / 2;
		if (!slow.slot[slot].held)
			continue;
		*event = (struct display_event){
			.kind = place % 2 ? DISPLAY_EVENT_RELEASED
					  : DISPLAY_EVENT_SHOWN,
			.slot = slot,
			.stamp = DISPLAY_STAMP_NONE,
		};
		if (place % 2 == 0 && slow_is_over(&slow.slot[slot].show_in))
			return true;
		if (place % 2 && slow_is_over(&slow.slot[slot].release_in)) {
			slow_check(display, slot);
			slow.slot[slot].held = false;
			return true;
		}
	}
	slow.in_tick = false;
	return false;
}

const struct display_ops slow_display = {
	.name = "slow",
	.help = "keeps frames and gives them back out of step",
	.open = slow_open,
	.present = slow_present,
	.on_event = slow_on_event,
	.close = memory_close,
};
