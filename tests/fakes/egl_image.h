/*
 * tests/fakes/egl_image.h: what an EGLImage of the fakes is: made by the fake
 * libnvbufsurface (tests/fakes/nvbuf.c), registered with the fake libcuda or
 * the fake device.
 */
#ifndef TESTS_FAKES_EGL_IMAGE_H
#define TESTS_FAKES_EGL_IMAGE_H

#include <stdint.h>

#define FAKE_EGL_IMAGE_MAGIC 0x47494c45u

struct fake_egl_image {
	uint32_t magic; /* another one: it has ended */
	uint32_t width, height, pitch;
	unsigned char *base; /* the memory, as the CPU has it */
	uint32_t registered; /* so often, now */
};

#endif
