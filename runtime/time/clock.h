/*
 * runtime/time/clock.h: what wakes the tick thread.
 *
 * timer  a one-shot absolute timerfd on CLOCK_MONOTONIC, armed again for each
 *        wait, so that nothing drifts and nothing piles up; a blocking read
 *        (epoll adds up to 18 us). /dev/cpu_dma_latency is held at 0 where it
 *        can be opened: idle CPUs then wake about 70 us sooner. With spin_us
 *        the last part of each wait is spun instead of slept.
 * display  the same timer; runtime/time/display_clock.h says when.
 * free   never waits: ticks follow each other as fast as they can.
 *
 * The clock knows instants only; which tick is due is runtime/time/pace.h's.
 * Tests put tests/fakes/clock.c in its place.
 */
#ifndef RUNTIME_TIME_CLOCK_H
#define RUNTIME_TIME_CLOCK_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "runtime/base/rate.h"

/* A wait looks at `stop` at least this often. */
#define CLOCK_SLEEP_MAX_NS (100 * NS_PER_MS)

enum clock_kind {
	CLOCK_TIMER,
	CLOCK_FREE,
	CLOCK_DISPLAY,
};

struct clock_config {
	enum clock_kind kind;
	struct rate rate;
	uint32_t spin_us; /* cut to half a period; 0: sleep only */
};

struct clock {
	enum clock_kind kind;
	int64_t spin_ns;
	int timer_fd;	/* -1: none */
	int latency_fd; /* -1: /dev/cpu_dma_latency is not held */
};

/* Main thread. 0 or -errno, nothing printed, nothing left open. */
int clock_init(struct clock *clock, const struct clock_config *config);

/* Accepts what clock_init refused; not a zeroed clock (fd 0 is a file). */
void clock_finish(struct clock *clock);

/* "timer", "free" or "display". */
const char *clock_kind_name(enum clock_kind kind);

/* Any thread. */
int64_t clock_now_ns(void);

/*
 * Tick thread: returns at due_ns or later with the time in *now_ns, at once if
 * due_ns has passed or the clock is free. Early when *stop becomes true. 0, or
 * -errno when the timer itself fails.
 */
int clock_wait(struct clock *clock, int64_t due_ns, const atomic_bool *stop,
	       int64_t *now_ns) __attribute__((warn_unused_result));

/* Any thread: sleeps for about that long, at most CLOCK_SLEEP_MAX_NS. */
void clock_pause(int64_t pause_ns);

#endif
