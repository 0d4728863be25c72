/*
 * tests/fakes/egl/report.h: what the fake libEGL was asked to do and what it
 * has not been given back: in the file that FAKE_EGL_REPORT names, mapped.
 */
#ifndef TESTS_FAKES_EGL_REPORT_H
#define TESTS_FAKES_EGL_REPORT_H

#include <stdint.h>

#include "drivers/display/eglstream/abi.h"

#define FAKE_EGL_MAGIC 0x45474c46u

struct fake_egl_report {
	uint32_t magic;
	uint32_t displays, streams, ends; /* not given back */
	uint32_t contexts, surfaces, images;
	uint64_t gl_draws, gl_made; /* textures, shaders, ... since the start */
	int32_t gl_injected;
	uint32_t streams_made;
	uint64_t call_count, calls[EGLSTREAM_CALL_COUNT];
	uint64_t inserted, acquired, taken_back;
	uint64_t replaced; /* in a mailbox, by a newer one */
	uint32_t waiting_max; /* frames in a FIFO at once */
	int32_t injected;     /* the error that was returned; 0: none */
	char blocked[64];     /* the entry whose call never returned */
	uint32_t misuse_count;
	char misuse[200]; /* the first */
};

#endif
