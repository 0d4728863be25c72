/*
 * tests/fakes/egl_image.h: what an EGLImage of the fakes is: made by the fake
 * libnvbufsurface (tests/fakes/nvbuf.c), in rows, or by the fake libEGL of a
 * texture (tests/fakes/egl/gles.c), an array; registered with the fake libcuda
 * or the fake device.
 */
#ifndef TESTS_FAKES_EGL_IMAGE_H
#define TESTS_FAKES_EGL_IMAGE_H

#include <stdint.h>

#define FAKE_EGL_IMAGE_MAGIC 0x47494c45u
#define FAKE_EGL_ARRAY_MAGIC 0x52415945u

/* What a CUarray points at: four bytes a pixel, packed. */
struct fake_egl_array {
	uint32_t magic; /* another one: it has ended */
	uint32_t width, height;
	unsigned char *base;
	uint32_t draws, over; /* from it: begun, and known to be over */
};

struct fake_egl_image {
	uint32_t magic; /* another one: it has ended */
	uint32_t width, height, pitch;
	unsigned char *base; /* the memory, as the CPU has it */
	struct fake_egl_array *array; /* it is one; NULL: rows */
	uint32_t registered; /* so often, now */
};

#endif
