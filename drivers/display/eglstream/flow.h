/*
 * drivers/display/eglstream/flow.h: which slot is where in the stream. Nothing
 * is called here: the rules of EGL_KHR_stream and EGL_KHR_stream_fifo alone.
 *
 *   here -> waiting     presented: in the stream, not acquired
 *   waiting -> shown    acquired by the consumer: in a FIFO the oldest, in a
 *                       mailbox the newest
 *   waiting -> owed     mailbox: a newer one was presented
 *   shown -> owed       released by the consumer
 *   waiting -> pending  acquired by a screen: comes on view at the next refresh
 *   pending -> shown    it has; what was shown is owed
 *   owed -> here        given back, in whatever order
 *   shown -> back       given back while another is pending: the stream knows of
 *                       its flip before the event is read
 *   back -> here        nothing is pending any more
 */
#ifndef DRIVERS_DISPLAY_EGLSTREAM_FLOW_H
#define DRIVERS_DISPLAY_EGLSTREAM_FLOW_H

#include <stdbool.h>
#include <stdint.h>

#include "runtime/port/display.h"

enum flow_place {
	FLOW_HERE,
	FLOW_WAITING,
	FLOW_PENDING,
	FLOW_SHOWN,
	FLOW_OWED,
	FLOW_BACK
};

struct eglstream_flow {
	uint32_t fifo; /* frames that may wait; 0: a mailbox */
	enum flow_place place[DISPLAY_SLOTS_MAX];
	uint64_t serial[DISPLAY_SLOTS_MAX]; /* of its present */
	uint64_t presented;
};

/* Slots of that place. */
uint32_t flow_count(const struct eglstream_flow *flow, enum flow_place place);

/* Room for one more: a present would not wait for the consumer. */
bool flow_has_room(const struct eglstream_flow *flow);

/* The moves: present, release of what is shown, and acquire, which returns the
 * slot; something must be waiting. */
void flow_present(struct eglstream_flow *flow, uint32_t slot);
void flow_release(struct eglstream_flow *flow);
uint32_t flow_acquire(struct eglstream_flow *flow);

/* A screen's moves: the slot that it would acquire, DISPLAY_SLOTS_MAX if none
 * waits; it has; the one that is pending is on view, and returned. */
uint32_t flow_next(const struct eglstream_flow *flow);
void flow_pend(struct eglstream_flow *flow, uint32_t slot);
uint32_t flow_show(struct eglstream_flow *flow);

/* Of those that wait, are pending or shown the one presented last;
 * DISPLAY_SLOTS_MAX: there is none. */
uint32_t flow_newest(const struct eglstream_flow *flow);

/* One that nothing draws in, since it was not told to be given back;
 * DISPLAY_SLOTS_MAX: there is none. */
uint32_t flow_away(const struct eglstream_flow *flow);

/* Of those that are owed the one presented first; DISPLAY_SLOTS_MAX: none is. */
uint32_t flow_owed(const struct eglstream_flow *flow);

/* A slot that came back: it is here, or back. False: the stream does not owe
 * it. */
bool flow_take_back(struct eglstream_flow *flow, uint32_t slot);

/* The slot that was back and is here now; DISPLAY_SLOTS_MAX: there is none. */
uint32_t flow_settle(struct eglstream_flow *flow);

/* The stream is no more: any slot that was not here is now, but for `kept`;
 * DISPLAY_SLOTS_MAX: there was none. */
uint32_t flow_forget(struct eglstream_flow *flow, uint32_t kept);

#endif
