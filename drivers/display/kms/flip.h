/*
 * drivers/display/kms/flip.h: one flip in flight: submitted, its event
 * awaited, drained and judged by the thread that submits. Unread events would
 * fill the file's 4 KiB and then make flips fail with ENOMEM.
 *
 * The event carries a token, so that an event that a recovery has given up on,
 * or of another program that had the file before, is told from the one that is
 * awaited. Tokens count on from the monotonic clock's nanoseconds, which no
 * file and no earlier program of this boot has reached by counting flips; the
 * lowest bits say which sink's they are. Flips of several sinks come by one file:
 * who reads it takes all events that are there, for whoever waits for them.
 * Tick thread; the helper thread while that one is parked.
 */
#ifndef DRIVERS_DISPLAY_KMS_FLIP_H
#define DRIVERS_DISPLAY_KMS_FLIP_H

#include "drivers/display/kms/output.h"

/* An event is overdue after the later of these, and after a few looks, two a
 * tick: a process that was stopped looks first. */
#define KMS_FLIP_DEADLINE_NS	  (100 * NS_PER_MS)
#define KMS_FLIP_DEADLINE_PERIODS 4
#define KMS_FLIP_LOOKS		  8

struct kms_flip {
	bool pending;
	uint32_t slot;	/* pending */
	uint32_t index; /* of the sink */
	uint64_t token; /* of the pending flip; never given twice */
	int64_t submit_ns;
	int64_t deadline_ns; /* after submit */
	uint32_t looks;	     /* for the pending event */
	bool is_over;	     /* `done` is yet to be taken */
	struct display_event done;
	uint32_t shown;	     /* slot on view */

	uint32_t crtc;		  /* whose events these are */
	bool is_monotonic;	  /* their times are of CLOCK_MONOTONIC */
	enum display_stamp stamp; /* of this device's events */
	uint32_t counter;	  /* the last event's sequence */
	uint64_t sequence;	  /* the same without its wrap */
};

/*
 * The first slot is on view: finds out what this device's events are worth. A
 * driver without vblank gets four flips by its first sink and is timed: if most take less than
 * half a period, it completes them at once. Blocks for at most half a second. 0 or
 * -errno.
 */
int kms_flip_init(struct kms_flip *flip, struct kms_output *output,
		  uint32_t slot) __attribute__((warn_unused_result));

/* A flip, waiting for its event for at most 100 ms. 1: it is over; 0: the event
 * did not come; or -errno. Before the ticks. */
int kms_flip_once(struct kms_flip *flip, struct kms_output *output,
		  uint32_t slot) __attribute__((warn_unused_result));

/* 0 or -errno, then nothing is pending. Nothing may be pending before. */
int kms_flip_submit(struct kms_flip *flip, struct kms_output *output,
		    uint32_t slot) __attribute__((warn_unused_result));

/* The same where somebody else makes the commit, as EGL does: the token that its
 * event must carry. If it is not made after all: kms_flip_forget. */
uint64_t kms_flip_expect(struct kms_flip *flip, uint32_t slot);

/*
 * Reads the file of `output` once, without blocking, for these flips: of all
 * sinks on that file whose owner is this thread. Those that are over are for
 * kms_flip_take.
 */
void kms_flip_read(struct kms_flip *const flips[], uint32_t count,
		   const struct kms_output *output);

/* True: the pending flip was found to be over, and *done says when. */
bool kms_flip_take(struct kms_flip *flip, struct display_event *done);

/* After a kms_flip_take that found nothing. */
bool kms_flip_is_overdue(const struct kms_flip *flip, int64_t now_ns);

/* The recovery put `slot` on view; an event still to come is nobody's. */
void kms_flip_forget(struct kms_flip *flip, uint32_t slot);

#endif
