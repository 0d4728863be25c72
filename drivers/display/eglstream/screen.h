/*
 * drivers/display/eglstream/screen.h: the screen that consumes a stream: an
 * EGLOutput layer of a CRTC, or of a plane where the CRTC has none.
 *
 * The mode is set by kms's own code (drivers/display/kms/output.h), with a
 * black framebuffer of its own, so that all its rules hold: device, connector,
 * CRTC, mode, what another program left, restoring at the end. Then EGL gets
 * the file, which is master, and shows the frames: the frame's size is the
 * mode's.
 *
 *   kms: device, mode, black -> EGLDisplay on its file -> layer -> stream
 *
 * A frame is acquired by hand. With EGL_NV_output_drm_flip_event, on a CRTC's
 * layer, its flip's event arrives on the DRM file, read and judged by kms's
 * code (flip.h); else a frame counts as shown at the next tick. Owned as the
 * stream is (helper.h).
 */
#ifndef DRIVERS_DISPLAY_EGLSTREAM_SCREEN_H
#define DRIVERS_DISPLAY_EGLSTREAM_SCREEN_H

#include "drivers/display/eglstream/settings.h"
#include "drivers/display/kms/flip.h"

struct eglstream_screen {
	struct kms_settings settings;
	bool had_sink; /* it was connected at start */
	/* the owner's */
	struct kms_output output;
	struct kms_flip flip;
	void *layer;	 /* EGLOutputLayerEXT */
	bool has_events; /* flips of this layer tell when they are over */
	int error;	 /* EGL's, of the acquire that was refused last */
	/* the driver's thread only, while the ticks run */
	struct kms_connector look;
};

/* Main thread: kms's settings for what was asked; the screen is zeroed. 0, or
 * -EINVAL. */
int eglstream_screen_parse(struct eglstream_screen *screen,
			   const struct eglstream_settings *settings,
			   const struct display_config *config,
			   struct eglstream_refusal *refusal)
	__attribute__((warn_unused_result));

/* The driver's thread: the device is that of `file`, opened and asked; the
 * picture stays as it is. 0 or -errno, then nothing is left. */
int eglstream_screen_open(struct eglstream_screen *screen, const char *file,
			  struct eglstream_refusal *refusal)
	__attribute__((warn_unused_result));

/* The driver's thread: mode set, black, and what flips are worth. 0 or -errno.
 */
int eglstream_screen_light(struct eglstream_screen *screen,
			   struct eglstream_refusal *refusal)
	__attribute__((warn_unused_result));

/*
 * The driver's thread, nothing of EGL's has the file: what was lost is looked
 * for, opened and lit again. 0; or -errno, refusal filled in, and it may be
 * called again: -ENODEV nothing is there, -EACCES another program is master.
 */
int eglstream_screen_renew(struct eglstream_screen *screen,
			   struct eglstream_refusal *refusal)
	__attribute__((warn_unused_result));

/* The driver's thread, at any time: what of the screen is lost; RUNNING:
 * nothing. */
enum display_state eglstream_screen_look(struct eglstream_screen *screen);

/* The driver's thread: the layer, once the display is there; how it is paced is
 * told. 0 or -errno. */
int eglstream_screen_find_layer(struct eglstream_screen *screen,
				struct eglstream_library *library,
				struct eglstream_refusal *refusal)
	__attribute__((warn_unused_result));

/* The owner: the frame that waits, of this slot, is to come on view.
 * STREAM_NOT_YET: the flip before is not over. */
enum stream_status eglstream_screen_acquire(struct eglstream_screen *screen,
					    struct eglstream_library *library,
					    void *stream, uint32_t slot)
	__attribute__((warn_unused_result));

/* The owner: a flip is pending. True: it is over, and *done says when. Does not
 * wait. */
bool eglstream_screen_take(struct eglstream_screen *screen,
			   struct display_event *done);

/* The same, waiting as long as a flip may take; of a driver's thread. */
bool eglstream_screen_wait(struct eglstream_screen *screen);

/* The driver's thread: the picture of before, and all closed. */
void eglstream_screen_close(struct eglstream_screen *screen);

#endif
