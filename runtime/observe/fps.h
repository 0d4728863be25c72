/*
 * runtime/observe/fps.h: frames per second as the picture and the report show it.
 *
 * (k - 1) / span over the last FPS_FRAMES frames accepted by the display,
 * known only when they span more than 0.1 s, never above 200: a flood of
 * frames after a stall cannot show an absurd number. Tick thread only.
 */
#ifndef RUNTIME_OBSERVE_FPS_H
#define RUNTIME_OBSERVE_FPS_H

#include <stdint.h>

#define FPS_FRAMES	30
#define FPS_SPAN_MIN_NS INT64_C(100000000)
#define FPS_MAX		200.0

struct fps {
	int64_t time_ns[FPS_FRAMES]; /* a ring */
	uint32_t next, count;
};

/* A frame was accepted at that time; times never go back. */
void fps_add(struct fps *fps, int64_t time_ns);

/* 0: not known. */
double fps_value(const struct fps *fps);

#endif
