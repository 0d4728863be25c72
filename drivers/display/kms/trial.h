/*
 * drivers/display/kms/trial.h: which provider an output's buffers come from,
 * found out by using them.
 *
 * An output that is open has dumb buffers. Where a device draws its picture,
 * each candidate makes buffers in their place, and is taken only after
 *   1. the device has drawn a picture into all of each buffer and the CPU has
 *      read it back, every pixel, through its own mapping: one that is missing,
 *      moved or mirrored counts, and so does one buffer that shows in another
 *   2. TEST_ONLY accepts such a framebuffer
 *   3. the mode is set with one of them, black, on the screen, and two flips have
 *      come to an end, each in bounded time: only with buffers=auto, which has
 *      somewhere to go if not; else the start of the run is where this is seen
 * What is turned down goes on the list with its reason, and a line on stderr
 * says it; `dumb` ends the walk. A provider that the settings name is taken or
 * refused. In a recovery it is the one that was.
 *
 * Main thread, at the start: it may take seconds, most of it the CPU's reading of
 * uncached memory.
 */
#ifndef DRIVERS_DISPLAY_KMS_TRIAL_H
#define DRIVERS_DISPLAY_KMS_TRIAL_H

#include "drivers/display/kms/output.h"

/* 0, the buffers being those of output->maker.provider; or -errno with the
 * refusal filled in, and the buffers dumb ones. */
int kms_trial_choose(struct kms_output *output,
		     const struct kms_settings *settings,
		     struct kms_refusal *refusal)
	__attribute__((warn_unused_result));

#endif
