/*
 * drivers/display/kms/recover.h: what the helper thread does for one sink: it
 * watches the connector while the ticks run, and brings the display back when
 * the tick thread has parked. The thread itself is in helper.h.
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

#include "drivers/display/kms/flip.h"
#include "drivers/display/kms/state.h"

#define KMS_RETRY_MS	1000 /* between two tries of a recovery */
#define KMS_LOOK_MS	5000 /* between two looks at the connector */
#define KMS_STALLS_MAX	4    /* in a row, then failed */
#define KMS_REFUSED_MAX 5    /* recoveries refused in a row, then failed */

struct kms_recover {
	/* config */
	struct kms_settings settings;
	struct kms_output *output; /* the owner's */
	struct kms_flip *flip;	   /* the owner's */
	struct kms_state *state;
	/* helper thread only */
	struct kms_connector look; /* its own, while the ticks own the output */
	bool is_due;		   /* a round */
	int64_t round_ns;	   /* when the last round ended */
	bool had_sink;		   /* it was connected at start */
	uint32_t stalls, refused;  /* in a row */
	uint64_t flips_before;	   /* health->flips at the last recovery */
	struct kms_refusal refusal;
	char text[DISPLAY_TEXT_MAX]; /* what was told last */
	/* shared */
	atomic_bool is_closed; /* helper: the output, at the end */
};

/* Main thread, when the first frame is on view; the config is filled in and the
 * rest zeroed. helper: whose cards it may come back on. */
void kms_recover_init(struct kms_recover *recover,
		      struct kms_helper *helper);

/*
 * One round of the helper's work: what the state asks for, or a look at the
 * connector. The thread calls it in a loop; tests call it directly.
 */
void kms_recover_round(struct kms_recover *recover);

/* When the next round is, if nothing comes before. */
int64_t kms_recover_due_ns(const struct kms_recover *recover);

/* A hint is worth a round where a look decides: a display may be back. What the
 * kernel refused is tried again in its own time. */
bool kms_recover_takes_hint(const struct kms_recover *recover);

#endif
