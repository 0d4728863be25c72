/*
 * runtime/cycle/slot.c: the moves of runtime/cycle/slot.h, and no others.
 */
#include "runtime/cycle/slot.h"

/* clang-format off */
static const bool allowed[SLOT_STATE_COUNT][SLOT_STATE_COUNT] = {
	/* from \ to	   free   filling queued shown */
	[SLOT_FREE]	= {false, true,   false, false},
	[SLOT_FILLING]	= {true,  false,  true,  false},
	[SLOT_QUEUED]	= {true,  false,  false, true},
	[SLOT_SHOWN]	= {true,  false,  false, false},
};
/* clang-format on */

void slots_init(struct slots *slots, uint32_t count)
{
	*slots = (struct slots){.count = count, .newest = SLOT_NONE};
	slots->in_state[SLOT_FREE] = count;
}

void slot_move(struct slots *slots, uint32_t slot, enum slot_state to)
{
	enum slot_state from;

	if (slot >= slots->count || !allowed[slots->state[slot]][to]) {
		slots->broken = true;
		return;
	}
	from = slots->state[slot];
	slots->state[slot] = to;
	slots->in_state[from]--;
	slots->in_state[to]++;
	if (to == SLOT_QUEUED)
		slots->newest = slot;
}

uint32_t slots_take(struct slots *slots)
{
	uint32_t i, slot;

	for (i = 0; i < slots->count; i++) {
		slot = (slots->next + i) % slots->count;
		if (slots->state[slot] != SLOT_FREE)
			continue;
		slots->next = (slot + 1) % slots->count;
		if (slot == slots->newest)
			slots->newest = SLOT_NONE;
		slot_move(slots, slot, SLOT_FILLING);
		return slot;
	}
	return SLOT_NONE;
}

void slot_replace_shown(struct slots *slots, uint32_t slot)
{
	uint32_t i;

	for (i = 0; i < slots->count; i++)
		if (slots->state[i] == SLOT_SHOWN)
			slot_move(slots, i, SLOT_FREE);
	slot_move(slots, slot, SLOT_SHOWN);
}

bool slots_check(const struct slots *slots)
{
	uint32_t counted[SLOT_STATE_COUNT] = {0};
	uint32_t i, sum = 0;

	for (i = 0; i < slots->count; i++)
		counted[slots->state[i]]++;
	for (i = 0; i < SLOT_STATE_COUNT; i++) {
		if (counted[i] != slots->in_state[i])
			return false;
		sum += counted[i];
	}
	return !slots->broken && sum == slots->count;
}
