/*
 * tests/fakes/egl/card.h: what the fake libEGL's output layers do with a DRM
 * file that is master and whose mode is set: pictures go to a CRTC or a plane
 * by atomic commits, each in a dumb buffer of its own.
 *
 * The library has its own (card.c, with the kernel); a test that has a fake
 * device in its program puts its own in place of it: the same file, linked
 * there, with the fake's calls.
 */
#ifndef TESTS_FAKES_EGL_CARD_H
#define TESTS_FAKES_EGL_CARD_H

#include "tests/fakes/egl/stream.h"

struct fake_picture {
	const unsigned char *pixels; /* XRGB8888, packed */
	uint32_t width, height;
};

struct fake_card_ops {
	/* 0; -EBUSY: the flip before is not over; or -errno. */
	int (*show)(const struct fake_layer *layer,
		    const struct fake_picture *picture, bool has_event,
		    uint64_t data);
	/* Whether a flip is, as far as it can be told. */
	bool (*is_pending)(int fd);
	/* All buffers go. */
	void (*leave)(int fd);
};

extern const struct fake_card_ops fake_card_ops;

/* Exported: whose the layers use. */
extern __attribute__((visibility("default")))
const struct fake_card_ops *fake_egl_card;

#endif
