/*
 * runtime/cycle/slot.h: whose turn each slot of a display is.
 *
 *   free -> filling      slots_take: a tick draws into it
 *   filling -> queued    the display accepted it
 *   filling -> free      dropped, or consumed at once
 *   queued -> shown      it came on view
 *   queued -> free       the display passed it over for a newer one
 *   shown -> free        the display gave it back
 *
 * A frame in flight is a slot index. All moves go through slot_move; tick
 * thread only (main thread before it starts and after it ends).
 */
#ifndef RUNTIME_CYCLE_SLOT_H
#define RUNTIME_CYCLE_SLOT_H

#include <stdbool.h>
#include <stdint.h>

#include "runtime/port/display.h"

#define SLOT_NONE UINT32_MAX

enum slot_state {
	SLOT_FREE,
	SLOT_FILLING,
	SLOT_QUEUED,
	SLOT_SHOWN,
	SLOT_STATE_COUNT
};

struct slots {
	uint32_t count;
	uint32_t next;	 /* where slots_take looks first: in turn */
	uint32_t newest; /* last accepted slot, whose picture still is in it;
			    SLOT_NONE: there is none */
	enum slot_state state[DISPLAY_SLOTS_MAX];
	uint32_t in_state[SLOT_STATE_COUNT]; /* always sum up to count */
	bool broken; /* a move that is not listed above was asked for */
};

void slots_init(struct slots *slots, uint32_t count);

/* free -> filling for the next free slot; SLOT_NONE when there is none. */
uint32_t slots_take(struct slots *slots);

/* One slot to another state. A move that is not listed above is refused and
 * sets `broken`, which ends the run with EXIT_STATUS_INTERNAL. */
void slot_move(struct slots *slots, uint32_t slot, enum slot_state to);

/* queued -> shown by a display that gives what was shown before back at once:
 * that -> free. */
void slot_replace_shown(struct slots *slots, uint32_t slot);

/* True when the counts agree with the states and nothing was refused. */
bool slots_check(const struct slots *slots)
	__attribute__((warn_unused_result));

#endif
