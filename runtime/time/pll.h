/*
 * runtime/time/pll.h: a phase-locked loop over the completions of page flips;
 * runtime/cycle/steady.h has one over a source's frames.
 *
 * From stamps that may be noisy, late, missing or wrong it estimates when the
 * display refreshes: a period, and the time of one refresh. Refreshes carry
 * consecutive numbers, called cycles, from 0 at the first stamp taken.
 *
 * The filter has a proportional part (phase) and an integral part (period).
 * Its gains start as those of a least-squares line through all stamps so far,
 * so that it settles in a few dozen flips, and stop shrinking at a memory of
 * PLL_MEMORY_* stamps, so that it follows drift. A stamp too far from its
 * refresh is counted and not used. Stamps that keep disagreeing, in time or in
 * sequence, make the loop start over (a new mode, a resume).
 *
 * Pure arithmetic, bounded work a stamp, no calls to the system: it is tested
 * in simulated time. Read next: runtime/time/display_clock.h.
 */
#ifndef RUNTIME_TIME_PLL_H
#define RUNTIME_TIME_PLL_H

#include <stdbool.h>
#include <stdint.h>

#include "runtime/base/rate.h"

/* Stamps remembered, by where they come from. */
#define PLL_MEMORY_HARDWARE 64
#define PLL_MEMORY_SOFTWARE 256

/* With fewer stamps than this, everything within a quarter period is taken. */
#define PLL_SETTLED 32

/* What the period may be: of the mode's, if that is known; of the one guessed,
 * for a display without sequence; 5 Hz to 1 kHz for one with it. */
#define PLL_MODE_TOLERANCE  (1.0 / 16)
#define PLL_GUESS_TOLERANCE (1.0 / 2)
#define PLL_PERIOD_MIN_NS   (1 * NS_PER_MS)
#define PLL_PERIOD_MAX_NS   (200 * NS_PER_MS)

struct pll_stamp {
	int64_t time_ns;
	uint64_t
		sequence; /* the display's count of refreshes; 0: it has none */
	bool hardware;	  /* of the refresh itself, not of its report */
};

struct pll {
	double nominal_ns; /* first guess of the period */
	bool is_mode;	   /* and a good one */

	uint32_t samples; /* stamps behind the estimate, up to the memory */
	int64_t cycle;	  /* number of the newest refresh estimated */
	int64_t time_ns;  /* its time, and what is lost by rounding that */
	double fraction_ns;
	double period_ns;
	uint64_t sequence; /* of the last stamp taken */

	double error_ns;  /* last stamp, taken or not: minus its prediction */
	double spread_ns; /* running mean of its size, of those taken */
	uint32_t doubt;	  /* goes up with each stamp that disagrees */

	uint64_t outliers; /* stamps not used, over all starts */
	uint64_t starts;
};

/* nominal_ns: the period to expect, above 0; is_mode: the mode says so. */
void pll_init(struct pll *pll, int64_t nominal_ns, bool is_mode);

/* Forgets every stamp; the counts and the nominal period stay. */
void pll_restart(struct pll *pll);

/* Takes one stamp; stamps come in the order of their flips. True when it was
 * used; else it was an outlier, or the loop starts over with it. */
bool pll_add(struct pll *pll, const struct pll_stamp *stamp);

/* The predicted time of a refresh; with at least 2 samples. */
int64_t pll_time_of(const struct pll *pll, int64_t cycle);

/* The first refresh predicted later than that; with at least 2 samples. */
int64_t pll_cycle_after(const struct pll *pll, int64_t time_ns);

#endif
