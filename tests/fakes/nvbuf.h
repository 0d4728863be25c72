/*
 * tests/fakes/nvbuf.h: a libnvbufsurface in place of drivers/display/kms/nvbuf.c,
 * strictly: over buffers of the fake DRM device, each call in its order and with
 * what nvbufsurface.h wants, each surface given back once, after all that was
 * made of it. What breaks this ends the test with a line.
 */
#ifndef TESTS_FAKES_NVBUF_H
#define TESTS_FAKES_NVBUF_H

#include <stdbool.h>
#include <stdint.h>

/* What NvBufSurfaceCreate fills in, other than it should. */
enum fake_nvbuf_release {
	FAKE_NVBUF_SAME,
	FAKE_NVBUF_NO_LIST,	/* no buffers */
	FAKE_NVBUF_OTHER_SIZE,	/* fields have moved: width where height was */
	FAKE_NVBUF_OTHER_FILE,	/* a number that is no file */
	FAKE_NVBUF_OTHER_LAYOUT, /* block linear */
	FAKE_NVBUF_TWO_PLANES,
	FAKE_NVBUF_OTHER_PITCH, /* rows of a number of bytes that KMS refuses */
};

struct fake_nvbuf {
	/* faults */
	bool absent; /* as it is after a reset */
	enum fake_nvbuf_release release;
	const char *fails; /* the entry that answers -1, at its n-th call */
	int fails_at;

	/* what happened */
	int surfaces;  /* not given back */
	int made;      /* ever */
};

extern struct fake_nvbuf fake_nvbuf;

void fake_nvbuf_reset(void);

#endif
