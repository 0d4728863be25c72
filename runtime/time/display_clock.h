/*
 * runtime/time/display_clock.h: when ticks are with --clock display.
 *
 *      flip                          flip
 *       |  wake      ready    margin  |
 *  -----+---+----------+--------------+---> time
 *       |   <-- cost --><------------>|
 *    refresh                       refresh that the tick is for
 *
 * Each tick is for one refresh, predicted by the loop of runtime/time/pll.h from
 * the flips before it; the tick thread is woken so that the frame is ready a
 * margin ahead of that refresh. States:
 *
 *   acquiring  the timer runs, n * den / num from an anchor, while the loop
 *              learns. Some submits are moved by a tenth of a period on
 *              purpose: on a display with refreshes the flips do not move.
 *   locked     woken by prediction
 *   holdover   as locked, on the last estimate: no flip came for some ticks
 *   refused    the timer, for good: the flips moved with the submits (a driver
 *              without vblank), or their stamps are too poor to tell
 *
 *   acquiring -> locked     enough flips, and they stayed where they were
 *   acquiring -> refused    enough flips, and they followed the submits
 *   locked    -> holdover   DISPLAY_CLOCK_MISSING ticks without a usable flip
 *   holdover  -> locked     a usable flip
 *   holdover  -> acquiring  DISPLAY_CLOCK_HOLDOVER_NS passed      (a loss)
 *   locked, holdover -> acquiring  the loop started over          (a loss)
 *
 * Times only; what runs and what it shows are runtime/cycle/cycle.c's. Tick thread
 * only. No calls to the system, no allocation, bounded work.
 * Background: docs/pacing.md. Read next: runtime/time/pll.h.
 */
#ifndef RUNTIME_TIME_DISPLAY_CLOCK_H
#define RUNTIME_TIME_DISPLAY_CLOCK_H

#include "runtime/time/pll.h"

#define DISPLAY_CLOCK_MISSING	  4
#define DISPLAY_CLOCK_HOLDOVER_NS (4 * NS_PER_SECOND)
#define DISPLAY_CLOCK_TEST_FROM	  12 /* stamps in the loop */
#define DISPLAY_CLOCK_TEST_FLIPS  32

enum display_clock_state {
	DISPLAY_CLOCK_ACQUIRING,
	DISPLAY_CLOCK_LOCKED,
	DISPLAY_CLOCK_HOLDOVER,
	DISPLAY_CLOCK_REFUSED,
};

struct display_clock_config {
	struct rate rate;   /* the graph's */
	int64_t refresh_ns; /* of the mode; 0: not known, the graph's period */
	int64_t margin_ns;  /* ready before the refresh; 0: an eighth of it */
};

struct display_clock {
	struct display_clock_config config;
	enum display_clock_state state;
	struct pll pll;

	uint64_t tick;	   /* the tick waited for or running */
	int64_t due_ns;	   /* when it is to start */
	double cost_ns;	   /* from due to ready: running high mark */
	int64_t anchor_ns; /* timer: the start of anchor_tick */
	uint64_t anchor_tick;
	int64_t cycle; /* locked: the refresh it is for, by the loop's count */
	int64_t cycles_per_tick; /* locked: refreshes a tick, at least 1 */
	bool entering;		 /* locked just now: cycle is not chosen yet */

	/* acquiring: since it began; the flips of the test, from the second on
	 */
	uint32_t flips;
	uint32_t test_submits, test_flips;
	bool flying; /* a frame of the test is in flight, submitted then: */
	int64_t flying_ns;
	int64_t test_submit_ns, test_flip_ns; /* of the test's last flip */
	double refresh_scatter, submit_scatter;

	int64_t lock_cycle, lock_ns; /* where the lock began */
	uint32_t missing;	     /* ticks since the last usable flip */
	int64_t last_flip_ns;	     /* the last usable one */
	uint64_t locks, losses, holdovers;
};

/* "acquiring", "locked", "holdover", "refused". */
const char *display_clock_state_name(enum display_clock_state state);

/* Tick 0 is due at start_ns. */
void display_clock_init(struct display_clock *clock,
			const struct display_clock_config *config,
			int64_t start_ns);

/*
 * The thread woke up at wake_ns, due_ns or later: the newest tick due is the
 * one to run, and clock->tick and due_ns become its. The ticks between are
 * skipped.
 */
void display_clock_wake(struct display_clock *clock, int64_t wake_ns);

/* A flip came, with its stamp. True when the clock was and is locked and used
 * it: clock->pll.error_ns is a phase error. */
bool display_clock_flip(struct display_clock *clock,
			const struct pll_stamp *stamp);

/* The latest time at which this tick's frame is ready in time: the refresh that
 * it is for; with the timer, a period after the tick's start. */
int64_t display_clock_deadline_ns(const struct display_clock *clock);

/*
 * This tick is over: its frame was ready at ready_ns and the display accepted
 * it, or not. Sets clock->tick and due_ns for the next one.
 */
void display_clock_done(struct display_clock *clock, int64_t ready_ns,
			bool accepted);

/* The mode changed: forgets the flips and acquires again; not a loss.
 * refresh_ns as in the configuration. */
void display_clock_set_mode(struct display_clock *clock, int64_t refresh_ns);

/* The clock is not to follow this display: the timer, for good. */
void display_clock_refuse(struct display_clock *clock);

/* What moves a submit at submit_ns to the middle between the two refreshes that
 * it falls between, by at most half a period: it still makes the same one. */
int64_t display_clock_shift_ns(int64_t submit_ns, int64_t flip_ns,
			       int64_t period_ns);

/* From ready to the refresh, as aimed at. */
int64_t display_clock_margin_ns(const struct display_clock *clock);

/* Refreshes a second: the mean since the lock began, by the loop before it has
 * lasted PLL_MEMORY_SOFTWARE refreshes; 0: not known yet. */
double display_clock_refresh_hz(const struct display_clock *clock);

#endif
