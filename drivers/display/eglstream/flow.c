/*
 * drivers/display/eglstream/flow.c: see flow.h.
 */
#include "drivers/display/eglstream/flow.h"

uint32_t flow_count(const struct eglstream_flow *flow, enum flow_place place)
{
	uint32_t slot, count = 0;

	for (slot = 0; slot < DISPLAY_SLOTS_MAX; slot++)
		count += flow->place[slot] == place;
	return count;
}

bool flow_has_room(const struct eglstream_flow *flow)
{
	return !flow->fifo || flow_count(flow, FLOW_WAITING) < flow->fifo;
}

static void flow_move_all(struct eglstream_flow *flow, enum flow_place from,
			  enum flow_place to)
{
	uint32_t slot;

	for (slot = 0; slot < DISPLAY_SLOTS_MAX; slot++)
		if (flow->place[slot] == from)
			flow->place[slot] = to;
}

void flow_present(struct eglstream_flow *flow, uint32_t slot)
{
	if (!flow->fifo)
		flow_move_all(flow, FLOW_WAITING, FLOW_OWED);
	flow->place[slot] = FLOW_WAITING;
	flow->serial[slot] = flow->presented++;
}

void flow_release(struct eglstream_flow *flow)
{
	flow_move_all(flow, FLOW_SHOWN, FLOW_OWED);
}

static uint32_t flow_oldest(const struct eglstream_flow *flow,
			    enum flow_place place)
{
	uint32_t slot, oldest = DISPLAY_SLOTS_MAX;

	for (slot = 0; slot < DISPLAY_SLOTS_MAX; slot++)
		if (flow->place[slot] == place &&
		    (oldest == DISPLAY_SLOTS_MAX ||
		     flow->serial[slot] < flow->serial[oldest]))
			oldest = slot;
	return oldest;
}

/* In a mailbox one is all that waits. */
uint32_t flow_next(const struct eglstream_flow *flow)
{
	return flow_oldest(flow, FLOW_WAITING);
}

uint32_t flow_owed(const struct eglstream_flow *flow)
{
	return flow_oldest(flow, FLOW_OWED);
}

uint32_t flow_acquire(struct eglstream_flow *flow)
{
	uint32_t slot = flow_next(flow);

	if (slot < DISPLAY_SLOTS_MAX)
		flow->place[slot] = FLOW_SHOWN;
	return slot;
}

void flow_pend(struct eglstream_flow *flow, uint32_t slot)
{
	flow->place[slot] = FLOW_PENDING;
}

uint32_t flow_newest(const struct eglstream_flow *flow)
{
	uint32_t slot, newest = DISPLAY_SLOTS_MAX;

	for (slot = 0; slot < DISPLAY_SLOTS_MAX; slot++)
		if (flow->place[slot] != FLOW_HERE &&
		    flow->place[slot] != FLOW_OWED &&
		    (newest == DISPLAY_SLOTS_MAX ||
		     flow->serial[slot] > flow->serial[newest]))
			newest = slot;
	return newest;
}

uint32_t flow_away(const struct eglstream_flow *flow)
{
	uint32_t slot = 0;

	while (slot < DISPLAY_SLOTS_MAX && flow->place[slot] == FLOW_HERE)
		slot++;
	return slot;
}

uint32_t flow_show(struct eglstream_flow *flow)
{
	uint32_t slot = 0;

	while (slot < DISPLAY_SLOTS_MAX && flow->place[slot] != FLOW_PENDING)
		slot++;
	flow_release(flow);
	if (slot < DISPLAY_SLOTS_MAX)
		flow->place[slot] = FLOW_SHOWN;
	return slot;
}

bool flow_take_back(struct eglstream_flow *flow, uint32_t slot)
{
	if (slot < DISPLAY_SLOTS_MAX && flow->place[slot] == FLOW_SHOWN &&
	    flow_count(flow, FLOW_PENDING)) {
		flow->place[slot] = FLOW_BACK;
		return true;
	}
	if (slot >= DISPLAY_SLOTS_MAX || flow->place[slot] != FLOW_OWED)
		return false;
	flow->place[slot] = FLOW_HERE;
	return true;
}

uint32_t flow_settle(struct eglstream_flow *flow)
{
	uint32_t slot;

	for (slot = 0; slot < DISPLAY_SLOTS_MAX; slot++)
		if (flow->place[slot] == FLOW_BACK &&
		    !flow_count(flow, FLOW_PENDING)) {
			flow->place[slot] = FLOW_HERE;
			break;
		}
	return slot;
}

uint32_t flow_forget(struct eglstream_flow *flow, uint32_t kept)
{
	uint32_t slot;

	for (slot = 0; slot < DISPLAY_SLOTS_MAX; slot++)
		if (slot != kept && flow->place[slot] != FLOW_HERE) {
			flow->place[slot] = FLOW_HERE;
			break;
		}
	return slot;
}
