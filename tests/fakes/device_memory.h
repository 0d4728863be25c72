/*
 * tests/fakes/device_memory.h: a backend's device that draws in the memory of
 * the fake DRM device (runtime/port/display_map.h), strictly: what is mapped
 * must be a whole buffer that the CPU has mapped, or its dma-buf; what is drawn
 * in must be mapped; what is given back must have been mapped, once, and nothing
 * may be on its way there; a buffer is unmapped for the CPU after that. What
 * breaks this ends the test with a line.
 *
 * An address of the device's is the CPU's. Part of the fake device: drm.c.
 */
#ifndef TESTS_FAKES_DEVICE_MEMORY_H
#define TESTS_FAKES_DEVICE_MEMORY_H

#include <stdbool.h>

#include "runtime/port/display.h"

/* What becomes of the picture that tells where its pixels are. */
enum fake_marks {
	FAKE_MARKS_RIGHT,
	FAKE_MARKS_NONE,	/* nothing is stored, nobody says so */
	FAKE_MARKS_FIRST_PAGE,	/* the rest is not */
	FAKE_MARKS_UPSIDE_DOWN, /* the first row is the last */
	FAKE_MARKS_MIRRORED,	/* the first column is the last */
	FAKE_MARKS_LAST_PIXEL,	/* all but that one */
	FAKE_MARKS_OTHER_PITCH, /* rows one after the other */
	FAKE_MARKS_ONE_BUFFER,	/* all in the first one's memory */
};

#define FAKE_STORES_MAX 8

struct fake_device {
	/* faults */
	bool no_host, no_dma_buf, no_image;
	int fail_at; /* this call is refused, counting from 1; 0: none */
	enum fake_marks marks;
	bool hangs; /* what is on its way never arrives */

	/* what happened */
	int calls; /* that can be refused */
	int idles;
	int maps, imports, images;
	bool is_left;
};

extern struct fake_device fake_device;
extern const struct display_memory fake_device_memory;

void fake_device_reset(void);

/* It has mapped this buffer. */
bool fake_device_has(const unsigned char *memory);

/* Ends the test where it has. */
void fake_device_check(const unsigned char *memory);

/* A store of a number at an address of the device's, on its way until it is
 * finished, by `idle` at the latest; the oldest ones. */
void fake_device_store(unsigned char *at, uint64_t number);
void fake_device_finish(uint32_t count);

#endif
