/*
 * tests/drivers/frames_source.h: made-up frames, and a tap that is fed with
 * them as the tick thread would.
 */
#ifndef TESTS_DRIVERS_FRAMES_SOURCE_H
#define TESTS_DRIVERS_FRAMES_SOURCE_H

#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "graph/graph.h"
#include "runtime/port/tap.h"

#define WIDTH	    16
#define HEIGHT	    8
#define PIXELS	    (WIDTH * HEIGHT)
#define FRAME_BYTES (PIXELS * 4)

static const struct graph frames_graph = {
	.name = "frames",
	.width = WIDTH,
	.height = HEIGHT,
	.rate_num = 60000,
	.rate_den = 1001,
};

/* Every frame differs in every byte that can differ. */
static inline void make_frame(unsigned char *frame, uint64_t tick)
{
	size_t i;

	for (i = 0; i < PIXELS; i++) {
		frame[4 * i] = (unsigned char)(i * 7 + tick * 31);
		frame[4 * i + 1] = (unsigned char)(i * 3 + tick);
		frame[4 * i + 2] = (unsigned char)(i * 5 + tick * 2);
		frame[4 * i + 3] = 0xff;
	}
}

/* The tick thread's side, --clock free: waits for room. */
static inline void feed(struct tap *tap, uint64_t first, uint64_t count)
{
	struct image image;
	uint64_t tick;

	for (tick = first; tick < first + count; tick++) {
		while (!tap_image(tap, &image))
			sched_yield();
		make_frame(image.base, tick);
		tap_push(tap, tick);
	}
}

#endif
