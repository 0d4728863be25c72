/*
 * tests/fakes/simulated_display.h: a display in simulated time.
 *
 * It refreshes by itself, takes one flip at a time and shows it at the next
 * refresh, as a KMS driver does; or completes flips at once, as a driver
 * without vblank does. Its stamps and events can be made as bad as wanted, and
 * it knows the true times, so that what was estimated from the stamps can be
 * judged exactly. Time only moves in the calls, by their time_ns, never back.
 * The same seed gives the same run.
 */
#ifndef TESTS_FAKES_SIMULATED_DISPLAY_H
#define TESTS_FAKES_SIMULATED_DISPLAY_H

#include "runtime/time/pll.h"

enum simulated_jitter {
	JITTER_NONE,
	JITTER_UNIFORM,	 /* jitter_ns: half the width */
	JITTER_GAUSSIAN, /* jitter_ns: the standard deviation */
	JITTER_LATE,	 /* jitter_ns: the width; never early */
};

/* Caller-owned, kept by pointer. Shares are 0..1, of the flips unless said. */
struct simulated_display_config {
	uint64_t seed;
	double period_ns;
	double drift_ppm;	/* the true period is longer by it */
	uint32_t drift_steps;	/* refreshes between steps of the drift to any
				   value within +-drift_ppm; 0: constant */
	bool hardware, counted; /* the stamps; their sequence */
	enum simulated_jitter jitter;
	double jitter_ns;
	double outlier_share; /* stamps off by up to outlier_ns, either way */
	double outlier_ns;
	double lost_share; /* events that never come */
	int64_t lost_ns;   /* flips are refused for so long after one */
	double late_share; /* events delivered late, rightly stamped */
	int64_t late_ns;   /* by up to that; flips are refused until then */
	double skip_share; /* refreshes that the count misses */
	bool at_once;	   /* no refresh: a flip is over at_once_ns later */
	int64_t at_once_ns;
};

struct simulated_event {
	struct pll_stamp stamp;
	uint64_t frame;
	int64_t true_ns;      /* of the refresh that showed it */
	int64_t delivered_ns; /* readable from then on */
};

#define SIMULATED_EVENTS_MAX 8
#define SIMULATED_KEPT	     8 /* refreshes whose times are kept */

struct simulated_display {
	const struct simulated_display_config *config;
	uint64_t random;
	double period_ns, drift_ppm;

	int64_t last_ns[SIMULATED_KEPT]; /* by refreshes % KEPT; then next_ns */
	int64_t next_ns;
	double next_fraction_ns;
	uint64_t refreshes; /* that have been */
	uint64_t sequence;

	bool pending; /* a flip waits for its refresh */
	uint64_t pending_frame;
	int64_t blocked_until_ns; /* flips are refused */
	struct simulated_event event[SIMULATED_EVENTS_MAX];
	uint32_t event_count;

	/* exact figures */
	uint64_t flips, refused, lost;
	uint64_t repeats; /* refreshes without a flip, from the first flip on */
	uint64_t first_flip_refresh, last_flip_refresh;
};

void simulated_display_init(struct simulated_display *display,
			    const struct simulated_display_config *config,
			    int64_t first_refresh_ns);

/* Offers a frame. False: refused, an earlier one is pending. */
bool simulated_display_submit(struct simulated_display *display,
			      int64_t time_ns, uint64_t frame);

/* Takes one delivered event; false when there is none. */
bool simulated_display_event(struct simulated_display *display, int64_t time_ns,
			     struct simulated_event *event);

/* From time_ns on the display is dark for dark_ns, then has another period and
 * counts from 1. A pending flip shows at the first new refresh. */
void simulated_display_set_mode(struct simulated_display *display,
				int64_t time_ns, double period_ns,
				int64_t dark_ns);

/* time_ns minus the true refresh nearest to it, among the last few and the next
 * one. */
int64_t simulated_display_error_ns(const struct simulated_display *display,
				   int64_t time_ns);

/* 0 up to below 1; the tests' own dice, too. */
double simulated_random(uint64_t *state);

#endif
