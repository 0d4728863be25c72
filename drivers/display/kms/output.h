/*
 * drivers/display/kms/output.h: everything between the device and the picture:
 * device, connector, CRTC, plane, mode, buffers, and the commits that show
 * one.
 *
 * Belongs to one thread at a time: the main thread during bring-up, then the
 * tick thread, or, while that one is parked, the helper thread (state.h).
 * kms_output_flip is all that the tick thread calls.
 */
#ifndef DRIVERS_DISPLAY_KMS_OUTPUT_H
#define DRIVERS_DISPLAY_KMS_OUTPUT_H

#include "drivers/display/kms/buffer.h"
#include "drivers/display/kms/commit.h"
#include "drivers/display/kms/layout.h"
#include "drivers/display/kms/left.h"
#include "drivers/display/kms/mode.h"
#include "drivers/display/kms/plane.h"

#define KMS_SLOTS 3

struct kms_output {
	struct kms_device device;
	struct kms_connector connector;
	struct kms_crtc crtc;
	struct kms_plane plane;
	struct kms_plane under; /* below an overlay; id 0: leave it as it is */
	drmModeModeInfo mode;
	uint32_t mode_blob; /* 0: the mode stays as it is */
	bool mode_shown;    /* a commit with this mode has gone through */
	int mode_index;	    /* in the connector's list; -1: not of it */
	bool passed_over[KMS_MODES_MAX]; /* of that list: the driver refuses */
	uint32_t rotation; /* degrees; as the panel is mounted, or as asked */
	struct kms_layout layout;
	int64_t zpos; /* of an overlay; KMS_ZPOS_ANY: as it is */
	struct kms_maker maker; /* of `buffer` */
	struct display_rejection rejected[DISPLAY_REJECTIONS_MAX]; /* trial.h */
	uint32_t rejected_count;
	struct kms_buffer buffer[KMS_SLOTS];
	struct kms_buffer black;     /* for `under`; the CPU's */
	struct kms_request flip;     /* built once; FB_ID changes */
	struct kms_request request;  /* of the commits that block */
	struct kms_left left;	     /* in the way of the picture */
	bool had_mode;		     /* the CRTC was on before us */
	drmModeModeInfo mode_before; /* what it showed then */
	uint32_t connector_crtc_before;
	bool taken;	  /* a commit of ours has gone through: restore it */
	uint32_t on_view; /* the slot last committed */
};

/*
 * Opens all of it and asks the driver, by TEST_ONLY, whether it will show it;
 * the screen stays as it is. 0, or -errno with the refusal filled in and
 * nothing left behind. output: zeroed or closed.
 */
int kms_output_open(struct kms_output *output,
		    const struct kms_settings *settings,
		    struct kms_refusal *refusal)
	__attribute__((warn_unused_result));

/*
 * The connector's modes have changed, or its picture was lost: probes it,
 * chooses the mode again as open does and, where it is another, the buffers
 * too. The device stays open. 0 or -errno, refusal filled in; may be called
 * again.
 */
int kms_output_renew(struct kms_output *output,
		     const struct kms_settings *settings,
		     struct kms_refusal *refusal)
	__attribute__((warn_unused_result));

/* Mode set and frame in one commit that blocks until it is on view. 0 or
 * -errno. */
int kms_output_show(struct kms_output *output, uint32_t slot)
	__attribute__((warn_unused_result));

/*
 * The same; a mode that this output has never shown and the driver refuses is
 * passed over for the next one, as open does: a line says so, and the slots'
 * memory is other memory then, black. 0 or -errno, refusal filled in.
 */
int kms_output_show_best(struct kms_output *output, uint32_t slot,
			 const struct kms_settings *settings,
			 struct kms_refusal *refusal)
	__attribute__((warn_unused_result));

/* The best mode of a list that is another than the one that was chosen from, by
 * the rules of open; NULL: none is wanted. */
const drmModeModeInfo *kms_output_best_mode(const struct kms_output *output,
					    const struct kms_settings *settings,
					    const drmModeConnector *info);

/* The same as a question (TEST_ONLY). */
int kms_output_test(struct kms_output *output, uint32_t slot)
	__attribute__((warn_unused_result));

/* Tick thread: shows the slot at the next refresh. An event with `token`
 * follows. 0 or -errno. */
int kms_output_flip(struct kms_output *output, uint32_t slot, uint64_t token)
	__attribute__((warn_unused_result));

/* All off: plane, CRTC, connector. Blocks. 0 or -errno. */
int kms_output_darken(struct kms_output *output)
	__attribute__((warn_unused_result));

/* What was on view before the first commit, else dark, with the properties of
 * then. Blocks. Nothing to do with an inherited file. */
void kms_output_restore(struct kms_output *output);

/* Slots' buffers by output->maker, where there are none. 0 or -errno, then there
 * are none. */
int kms_output_make_buffers(struct kms_output *output)
	__attribute__((warn_unused_result));

/* The slots' buffers for others. */
void kms_output_swap_buffers(struct kms_output *output,
			     struct kms_buffer other[KMS_SLOTS]);

/* Buffers that are no slots' any more. */
void kms_output_drop_buffers(struct kms_output *output,
			     struct kms_buffer other[KMS_SLOTS]);

/* The part of a slot's framebuffer that holds the frame. */
struct image kms_output_image(const struct kms_output *output, uint32_t slot,
			      const struct kms_settings *settings);

/* "card0 (vkms) Virtual-1 1920x1080@60.00 XRGB8888, plane 31". */
void kms_output_text(const struct kms_output *output, char *text,
		     size_t bytes);

/* One line where the mode has fewer refreshes than the graph has ticks. */
void kms_output_tell_slower(const struct kms_output *output,
			    const struct kms_settings *settings);

/* Accepts a zeroed one. Blocks as long as the display does. An inherited file
 * keeps the framebuffer on view, for whoever gets the file next. */
void kms_output_close(struct kms_output *output);

#endif
