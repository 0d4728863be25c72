/*
 * tests/fakes/paced_run.h: the tick thread's loop in simulated time.
 *
 * The display clock against a simulated display, as runtime/cycle/cycle.c drives it:
 * wake, take the flips, draw, present. What can be counted is, with the truth
 * from the display.
 */
#ifndef TESTS_FAKES_PACED_RUN_H
#define TESTS_FAKES_PACED_RUN_H

#include "runtime/time/display_clock.h"
#include "tests/fakes/simulated_display.h"

/* Caller-owned, kept by pointer. */
struct paced_config {
	struct display_clock_config clock;
	struct simulated_display_config display;
	int64_t lateness_ns;	  /* of the wake-up: uniform from 0 */
	int64_t cost_ns;	  /* of a frame: uniform from half of it */
	int64_t first_refresh_ns; /* after tick 0 is due */
};

struct paced_run {
	const struct paced_config *config;
	struct display_clock clock;
	struct simulated_display display;
	uint64_t random;
	int64_t now_ns, start_ns;
	int64_t sleep_ns; /* added to the next wake-up, then 0 */

	/* since the start, or the last paced_forget */
	uint64_t started, skipped, dropped, late, flips;
	uint64_t repeats_before, repeats_at_flip;
	int64_t locked_ns;   /* first locked; 0: not yet */
	double *error_ns;    /* size of the true error of each prediction */
	double *reported_ns; /* of each phase error that the clock gave */
	uint64_t error_count, reported_count, error_max;
	double ppm_max; /* of the estimated period, checked while locked */
};

/* The run of up to ticks_max ticks starts 1000 s after the clock's zero. */
void paced_init(struct paced_run *run, const struct paced_config *config,
		uint64_t ticks_max);
void paced_finish(struct paced_run *run);

/* Runs until that many ticks more have started. */
void paced_ticks(struct paced_run *run, uint64_t count);

/* Runs until locked, at most that long. */
bool paced_lock(struct paced_run *run, int64_t limit_ns);

/* Starts all figures again from here. */
void paced_forget(struct paced_run *run);

/* Refreshes that showed an earlier frame again, up to the last flip. */
uint64_t paced_repeats(const struct paced_run *run);

/* Sorts the values. */
double paced_quantile(double *values, uint64_t count, double share);

#endif
