/*
 * tests/fakes/clock.h: runtime/time/clock.h in virtual time, for a test that
 * includes tests/fakes/clock.c: its definitions win over the library's.
 *
 * Time moves only when a wait sleeps, a pause passes or the test adds to it.
 */
#ifndef TESTS_FAKES_CLOCK_H
#define TESTS_FAKES_CLOCK_H

#include "runtime/time/clock.h"

struct fake_clock {
	int64_t now_ns;
	uint64_t waits;	  /* clock_wait calls so far */
	int64_t due_ns;	  /* of the last one */
	uint64_t fail_at; /* the wait that fails, from 1; 0: none */
	/* called in each wait: how long after due_ns it wakes; NULL: 0 */
	int64_t (*oversleep)(uint64_t wait);
	/* called in each clock_pause; NULL: nothing */
	void (*paused)(void);
};

extern struct fake_clock fake_clock;

#endif
