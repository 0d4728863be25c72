/*
 * drivers/display/kms/helper.h: the helper thread of the sinks that share a
 * card: everything about their displays that may block (recover.h), one after
 * the other, and at the end their pictures of before. No realtime priority.
 *
 * A sink is added when it is opened and belongs to its helper for good, also
 * where it comes back on another device. The thread starts with the last of its
 * sinks and ends with the first that is closed.
 */
#ifndef DRIVERS_DISPLAY_KMS_HELPER_H
#define DRIVERS_DISPLAY_KMS_HELPER_H

#include <semaphore.h>

#include "drivers/display/kms/recover.h"
#include "runtime/base/thread.h"

#define KMS_END_MS 2000 /* for putting the old pictures back */

struct kms_helper {
	/* constant while the thread runs */
	struct kms_recover *sink[GRAPH_SINKS_MAX];
	uint32_t count;
	int wake_fd; /* an eventfd */
	/* helper thread only */
	int hotplug_fd; /* -1: no hints */
	/* main thread only */
	uint32_t started; /* sinks */
	struct thread thread;
	bool is_running;
	bool is_left; /* it is stuck in the kernel and was left behind */
	/* shared */
	atomic_bool stop;
	sem_t ended; /* the helper is done with everything */
};

/* Main thread: the helper of this card's sinks, a new one where it has none.
 * NULL: no memory or files. */
struct kms_helper *kms_helper_of(struct kms_card *card);

/* Main thread: one sink more; its state wakes this helper from here on. */
void kms_helper_add(struct kms_helper *helper, struct kms_recover *sink);

/* Main thread: a sink's first frame is on view. The last one starts the thread.
 * 0 or -errno, nothing left behind. */
int kms_helper_start(struct kms_helper *helper, struct kms_recover *sink)
	__attribute__((warn_unused_result));

/*
 * Main thread, when the tick thread has ended: the helper puts the old pictures
 * back and closes the outputs; all of them at the first call. A sink that never
 * started is left to the caller. False: the helper is stuck in the kernel; then
 * nothing of this sink may be freed. After true the sink is not the helper's any
 * more, and the helper goes with its last one.
 */
bool kms_helper_end(struct kms_helper *helper, struct kms_recover *sink)
	__attribute__((warn_unused_result));

/*
 * The helper, between two rounds: waits until it is time for one of a sink, a
 * tick thread has parked one, or a hint is worth one. False: something else
 * came; the times of the next rounds stay the same, however much comes. Tests
 * call it directly.
 */
bool kms_helper_wait(struct kms_helper *helper)
	__attribute__((warn_unused_result));

/* The rounds that are due by the last wait. */
void kms_helper_round(struct kms_helper *helper);

#endif
