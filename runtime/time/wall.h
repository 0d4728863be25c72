/*
 * runtime/time/wall.h: the time of day, for what shows it. Nothing waits for it:
 * it may be set, forwards and backwards, at any time.
 */
#ifndef RUNTIME_TIME_WALL_H
#define RUNTIME_TIME_WALL_H

#include <stdint.h>

#include "runtime/base/rate.h"

/* Milliseconds since 1970-01-01 00:00 UTC. Any thread; no system call where the
 * kernel's clocks are read without one. */
int64_t wall_now_ms(void);

/* The same of a perfect run's tick: one that began with the year 2000. */
int64_t wall_nominal_ms(struct rate rate, uint64_t number);

#endif
