/*
 * drivers/display/kms/state.h: who owns the display, and the moves between
 * its states.
 *
 *   tick thread owns it             helper thread owns it
 *   ---------------------------     ---------------------------------------
 *   running    no flip pending      stalled     an event is overdue
 *   busy       one flip pending     no_master   a commit was not permitted
 *                                   no_sink     nothing is plugged in
 *                                   gone        the device answers ENODEV
 *                                   recovering  a recovery is at work
 *                                   failed      given up: for good
 *
 *   running -> busy         present: the commit was accepted
 *   busy -> running         on_event: its event came
 *   busy -> stalled         on_event: overdue
 *   running -> no_master    present: EACCES, EPERM
 *   either -> gone          present: ENODEV
 *   running -> recovering   present: other errors for too long
 *   either -> no_sink, recovering, gone      the helper asked (`asked`)
 *   stalled, no_master, no_sink, gone -> recovering -> running, or back, or
 *                                        to another of these, or failed
 *
 * Only the tick thread leaves running and busy ("parks"), in kms_state_park;
 * from then on it makes no KMS call at all, not even TEST_ONLY, which would
 * block behind a recovery. Only the helper leaves the others. The state's
 * store is a release and its load an acquire, so what one side wrote before it
 * the other sees. Each sink has a state of its own, also where several share a
 * file: a parked one keeps no other from its ticks.
 */
#ifndef DRIVERS_DISPLAY_KMS_STATE_H
#define DRIVERS_DISPLAY_KMS_STATE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "runtime/port/display.h"

struct kms_state {
	struct display_health *health; /* holds the state */
	_Atomic uint32_t asked; /* helper: where to park; RUNNING: nowhere */
	atomic_bool is_new;	/* parked, and the helper has not looked yet */
	int wake_fd;		/* the helper's, an eventfd: helper.h */
	struct journal_writer journal; /* the owner's */
	uint32_t index;		       /* of the sink, for the journal */
};

/* Any thread. */
enum display_state kms_state_now(const struct kms_state *state);

/* True where the tick thread owns the display. */
bool kms_state_is_ticks(enum display_state now);

/* The owner: moves to another state that leaves the owner the same. */
void kms_state_set(struct kms_state *state, enum display_state to);

/* Tick thread, owner: hands the display to the helper and wakes it. */
void kms_state_park(struct kms_state *state, enum display_state to);

/* Helper: whether it was parked since this was asked last. */
bool kms_state_take_new(struct kms_state *state);

/* Owner: counts one refused commit. */
void kms_state_count_error(struct kms_state *state, int error);

#endif
