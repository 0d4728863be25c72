/*
 * runtime/time/pll.c: prediction, gate and gains. Read runtime/time/pll.h first.
 *
 * A stamp's refresh is the one predicted nearest to it. error = stamp minus
 * prediction; then, with n stamps before this one and k refreshes passed,
 *
 *     phase  += error * 2 (2n + 1) / ((n + 1)(n + 2))
 *     period += error * 6 / ((n + 1)(n + 2)) / k
 *
 * which is the least-squares line, updated in place, for k = 1. A Kalman
 * filter would weigh gaps better; here they are rare and this is easier to
 * hold in the head.
 */
#include "runtime/time/pll.h"

#include <math.h>

/* Of a period: what a stamp may be off, at most and at least. */
#define GATE_MAX (1.0 / 4)
#define GATE_MIN (1.0 / 32)
/* Of the mean error: six standard deviations of a normal one, nearly. */
#define GATE_SPREADS 8
/* What the period may change unseen while stamps are missing. */
#define GATE_DRIFT  0.001
#define SPREAD_GAIN (1.0 / 16)

/* Doubt at which the loop starts over: unsettled, settled. */
#define DOUBT_YOUNG 4
#define DOUBT_MAX   12

/* Of a period: mean errors above this are no better than dice; all of a
 * quarter period either way would give an eighth. */
#define SPREAD_MAX (1.0 / 12)

#define SEQUENCE_STEP_MAX 4096

void pll_init(struct pll *pll, int64_t nominal_ns, bool is_mode)
{
	*pll = (struct pll){
		.nominal_ns = (double)nominal_ns,
		.is_mode = is_mode,
	};
	pll_restart(pll);
}

void pll_restart(struct pll *pll)
{
	pll->samples = 0;
	pll->cycle = 0;
	pll->period_ns = pll->nominal_ns;
	pll->error_ns = 0;
	pll->spread_ns = 0;
	pll->doubt = 0;
}

static void start(struct pll *pll, const struct pll_stamp *stamp)
{
	pll_restart(pll);
	pll->starts++;
	pll->samples = 1;
	pll->time_ns = stamp->time_ns;
	pll->fraction_ns = 0;
	pll->sequence = stamp->sequence;
}

/* Since the refresh that the estimate stands at. */
static double elapsed_ns(const struct pll *pll, int64_t time_ns)
{
	return (double)(time_ns - pll->time_ns) - pll->fraction_ns;
}

/* Refreshes since the last stamp taken, by the display's count; 0: it says
 * nothing. */
static int64_t sequence_step(const struct pll *pll,
			     const struct pll_stamp *stamp)
{
	uint64_t step = stamp->sequence - pll->sequence;

	if (!stamp->sequence || !pll->sequence || step > SEQUENCE_STEP_MAX)
		return 0;
	return (int64_t)step;
}

static double gate_ns(const struct pll *pll, int64_t cycles)
{
	double gate = pll->spread_ns * GATE_SPREADS;
	double max = pll->period_ns * GATE_MAX;

	if (pll->samples < PLL_SETTLED)
		return max;
	gate = fmax(gate, pll->period_ns * GATE_MIN);
	gate += (double)cycles * pll->period_ns * GATE_DRIFT;
	return fmin(gate, max);
}

static void correct(struct pll *pll, const struct pll_stamp *stamp,
		    int64_t cycles, double error_ns)
{
	uint32_t samples_max =
		stamp->hardware ? PLL_MEMORY_HARDWARE : PLL_MEMORY_SOFTWARE;

	double n = pll->samples;
	double scale = 2 / ((n + 1) * (n + 2));
	double step_ns = (double)cycles * pll->period_ns +
			 error_ns * scale * (2 * n + 1) + pll->fraction_ns;
	int64_t whole_ns = llround(step_ns);

	pll->time_ns += whole_ns;
	pll->fraction_ns = step_ns - (double)whole_ns;
	pll->period_ns += error_ns * scale * 3 / (double)cycles;
	pll->cycle += cycles;
	pll->sequence = stamp->sequence;
	pll->spread_ns += (fabs(error_ns) - pll->spread_ns) * SPREAD_GAIN;
	pll->samples =
		pll->samples < samples_max ? pll->samples + 1 : samples_max;
}

static bool is_period(const struct pll *pll, double period_ns, bool counted)
{
	double off = period_ns / pll->nominal_ns;

	if (pll->is_mode)
		return fabs(off - 1) <= PLL_MODE_TOLERANCE;
	if (!counted)
		return off <= 1 + PLL_GUESS_TOLERANCE &&
		       off >= 1 / (1 + PLL_GUESS_TOLERANCE);
	return period_ns >= (double)PLL_PERIOD_MIN_NS &&
	       period_ns <= (double)PLL_PERIOD_MAX_NS;
}

/* The second stamp: there is no gate yet, any line is taken. */
static bool add_second(struct pll *pll, const struct pll_stamp *stamp,
		       int64_t counted)
{
	double elapsed = elapsed_ns(pll, stamp->time_ns);
	int64_t cycles = counted ? counted : llround(elapsed / pll->period_ns);

	if (cycles < 1)
		cycles = 1;
	if (!is_period(pll, elapsed / (double)cycles, counted > 0)) {
		start(pll, stamp);
		return false;
	}
	correct(pll, stamp, cycles, elapsed - (double)cycles * pll->period_ns);
	pll->spread_ns = 0;
	return true;
}

/* The estimate is no estimate: too many stamps disagree, in time or number. */
static bool is_broken(const struct pll *pll, bool counted)
{
	if (!is_period(pll, pll->period_ns, counted))
		return true;
	if (pll->samples < PLL_SETTLED)
		return pll->doubt >= DOUBT_YOUNG;
	return pll->doubt >= DOUBT_MAX ||
	       pll->spread_ns > pll->period_ns * SPREAD_MAX;
}

static void count_doubt(struct pll *pll, bool agrees)
{
	if (!agrees)
		pll->doubt++;
	else if (pll->doubt)
		pll->doubt--;
}

bool pll_add(struct pll *pll, const struct pll_stamp *stamp)
{
	int64_t counted, cycles;
	double elapsed;
	bool taken;

	if (!pll->samples) {
		start(pll, stamp);
		return true;
	}
	counted = sequence_step(pll, stamp);
	if (pll->samples == 1)
		return add_second(pll, stamp, counted);
	elapsed = elapsed_ns(pll, stamp->time_ns);
	cycles = llround(elapsed / pll->period_ns);
	pll->error_ns = elapsed - (double)cycles * pll->period_ns;
	taken = cycles > 0 && fabs(pll->error_ns) <= gate_ns(pll, cycles);
	count_doubt(pll, taken && (!counted || counted == cycles));
	pll->outliers += !taken;
	if (taken)
		correct(pll, stamp, cycles, pll->error_ns);
	if (!is_broken(pll, counted > 0))
		return taken;
	start(pll, stamp);
	return false;
}

int64_t pll_time_of(const struct pll *pll, int64_t cycle)
{
	return pll->time_ns +
	       llround(pll->fraction_ns +
		       (double)(cycle - pll->cycle) * pll->period_ns);
}

int64_t pll_cycle_after(const struct pll *pll, int64_t time_ns)
{
	return pll->cycle + 1 +
	       (int64_t)floor(elapsed_ns(pll, time_ns) / pll->period_ns);
}
