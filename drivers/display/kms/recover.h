/*
 * drivers/display/kms/recover.h: the helper thread: everything about a display
 * that may block. It watches the connector while the ticks run, brings the
 * display back when the tick thread has parked, and at the end puts the
 * picture of before back. No realtime priority.
 *
 * What it does about each state (state.h):
 *   stalled     one blocking commit of the frame that hangs (the kernel gives
 *               up waiting after 10 s an object, nvidia-drm after 3 s a head);
 *               the second time off and on again; the fourth time failed
 *   no_master   each second: master again? then mode set and frame
 *   no_sink     each second, or at a hint: forced probe; then mode set; where
 *               another connector or device serves as well, as gone
 *   gone        each second, or at a hint: chooses device and connector as at
 *               the start, and by the driver's name where a path that was
 *               named is gone; all rebuilt
 *   recovering  mode chosen again, mode set with link-status GOOD
 */
#ifndef DRIVERS_DISPLAY_KMS_RECOVER_H
#define DRIVERS_DISPLAY_KMS_RECOVER_H

#include <semaphore.h>

#include "drivers/display/kms/flip.h"
#include "drivers/display/kms/state.h"
#include "runtime/base/thread.h"

#define KMS_RETRY_MS	1000 /* between two tries of a recovery */
#define KMS_LOOK_MS	5000 /* between two looks at the connector */
#define KMS_STALLS_MAX	4    /* in a row, then failed */
#define KMS_REFUSED_MAX 5    /* recoveries refused in a row, then failed */
#define KMS_END_MS	2000 /* for putting the old picture back */

struct kms_recover {
	/* config */
	struct kms_settings settings;
	struct kms_output *output; /* the owner's */
	struct kms_flip *flip;	   /* the owner's */
	struct kms_state *state;
	/* helper thread only */
	struct kms_connector look; /* its own, while the ticks own the output */
	int hotplug_fd;		   /* -1: no hints */
	int64_t round_ns;	   /* when the last round ended */
	bool had_sink;		   /* it was connected at start */
	uint32_t stalls, refused;  /* in a row */
	uint64_t flips_before;	   /* health->flips at the last recovery */
	struct kms_refusal refusal;
	char text[DISPLAY_TEXT_MAX]; /* what was told last */
	/* main thread only */
	struct thread thread;
	/* shared */
	atomic_bool stop;
	sem_t ended; /* the helper is done with everything */
};

/* Main thread, when the first frame is on view: starts the thread with the
 * config filled in and the rest zeroed. 0 or -errno, nothing left behind. */
int kms_recover_start(struct kms_recover *recover)
	__attribute__((warn_unused_result));

/*
 * Main thread, when the tick thread has ended: the helper puts the old picture
 * back and closes the output. False: it is stuck in the kernel and was left
 * behind; then nothing of the driver's memory may be freed.
 */
bool kms_recover_end(struct kms_recover *recover)
	__attribute__((warn_unused_result));

/*
 * The helper, between two rounds: waits until it is time for one, the tick
 * thread has parked, or a hint is worth one. False: something else came; the
 * time of the next round stays the same, however much comes. Tests call it
 * directly.
 */
bool kms_recover_wait(struct kms_recover *recover)
	__attribute__((warn_unused_result));

/*
 * One round of the helper's work: what the state asks for, or a look at the
 * connector. The thread calls it in a loop; tests call it directly.
 */
void kms_recover_round(struct kms_recover *recover);

#endif
