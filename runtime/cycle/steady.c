/*
 * runtime/cycle/steady.c: see runtime/cycle/steady.h.
 */
#include "runtime/cycle/steady.h"

#include <math.h>
#include <stdlib.h>

/* Of a period. The delay is that much above the slowest frame; it is made
 * smaller where that gains STEADY_GAIN at least; a frame that is
 * STEADY_SPREAD slower than the quickest one is an exception, and comes late. */
#define STEADY_MARGIN (1.0 / 16)
#define STEADY_GAIN   (1.0 / 4)
#define STEADY_SPREAD 1.0

/* In cycles: what the position may be off the loop's before it follows. The
 * loop's wander back and forth is less, so it makes no frame due twice. */
#define STEADY_PLAY (1.0 / 32)

/* Stamps in a row that must disagree with the count to be believed. */
#define STEADY_STRANGE 12

static void steady_open_window(struct steady *steady)
{
	steady->slowest_ns = INT64_MIN;
	steady->quickest_ns = INT64_MAX;
	steady->seen = 0;
}

static void steady_unlock(struct steady *steady)
{
	steady->locked = false;
	steady->due_ns = STEADY_NONE;
	steady_open_window(steady);
}

void steady_init(struct steady *steady, int64_t nominal_ns)
{
	*steady = (struct steady){.locks = 0};
	pll_init(&steady->pll, nominal_ns, false);
	steady_unlock(steady);
}

static int64_t steady_part(const struct steady *steady, double part)
{
	return llround(steady->pll.period_ns * part);
}

static void steady_set_delay(struct steady *steady, int64_t delay_ns)
{
	steady->delay_ns = delay_ns;
	steady->due_ns = STEADY_NONE; /* the position starts anew */
}

/* A frame took this long to come. */
static void steady_watch(struct steady *steady, int64_t took_ns)
{
	if (took_ns < steady->quickest_ns)
		steady->quickest_ns = took_ns;
	if (took_ns - steady->quickest_ns > steady_part(steady, STEADY_SPREAD))
		return;
	if (took_ns > steady->slowest_ns)
		steady->slowest_ns = took_ns;
	steady->seen++;
	if (steady->locked && took_ns > steady->delay_ns)
		steady_set_delay(steady,
				 took_ns + steady_part(steady, STEADY_MARGIN));
}

static void steady_judge(struct steady *steady)
{
	int64_t delay_ns =
		steady->slowest_ns + steady_part(steady, STEADY_MARGIN);

	if (!steady->locked && steady->seen >= PLL_SETTLED) {
		steady->locked = true;
		steady->locks++;
		steady_set_delay(steady, delay_ns);
	}
	if (steady->seen < STEADY_WINDOW)
		return;
	if (steady->delay_ns - delay_ns > steady_part(steady, STEADY_GAIN))
		steady_set_delay(steady, delay_ns);
	steady_open_window(steady);
}

/* Frames since the last one whose stamp was used, by the source's count; above
 * STEADY_WINDOW: it has started over. */
static uint64_t steady_step(const struct steady *steady,
			    const struct source_facts *facts)
{
	return facts->sequence + 1 - steady->pll.sequence;
}

/*
 * The loop goes by time alone, and a stamp that is wrong by whole periods would
 * make its frame due that much later. So the count has the word, unless it and
 * the stamps disagree for long. Is this a stamp for the loop?
 */
static bool steady_agrees(struct steady *steady,
			  const struct source_facts *facts)
{
	uint64_t step = steady_step(steady, facts);
	int64_t error_ns;

	if (steady->pll.samples < 2 || step > STEADY_WINDOW)
		return true;
	error_ns = facts->stamp_ns -
		   pll_time_of(&steady->pll,
			       steady->pll.cycle + (int64_t)step);
	if (llabs(error_ns) <= steady_part(steady, 0.5)) {
		steady->strange = 0;
		return step != 0;
	}
	if (++steady->strange < STEADY_STRANGE)
		return false;
	steady->strange = 0;
	pll_restart(&steady->pll);
	return true;
}

/* False: it is another clock from here on. */
static bool steady_feed(struct steady *steady, const struct source_facts *facts)
{
	const struct pll_stamp stamp = {
		.time_ns = facts->stamp_ns,
		.sequence = facts->sequence + 1, /* to it 0 is none */
	};
	uint64_t starts = steady->pll.starts;

	if (!steady_agrees(steady, facts))
		steady->strangers++;
	else
		pll_add(&steady->pll, &stamp);
	return steady->pll.starts == starts;
}

int64_t steady_add(struct steady *steady, const struct source_facts *facts,
		   int64_t came_ns)
{
	int64_t cycle;
	uint64_t step;

	if (facts->stamp_ns == SOURCE_STAMP_NONE)
		return STEADY_NONE;
	if (!steady_feed(steady, facts))
		steady_unlock(steady);
	step = steady_step(steady, facts);
	if (steady->pll.samples < PLL_SETTLED || step > STEADY_WINDOW)
		return STEADY_NONE;
	cycle = steady->pll.cycle + (int64_t)step;
	steady_watch(steady, came_ns - pll_time_of(&steady->pll, cycle));
	steady_judge(steady);
	return cycle;
}

int64_t steady_cycle_at(struct steady *steady, int64_t due_ns)
{
	const struct pll *pll = &steady->pll;
	double position;

	if (!steady->locked)
		return STEADY_NONE;
	position = (double)pll->cycle +
		   ((double)(due_ns - steady->delay_ns - pll->time_ns) -
		    pll->fraction_ns) /
			   pll->period_ns;
	if (steady->due_ns != STEADY_NONE) {
		double on = steady->position +
			    (double)(due_ns - steady->due_ns) / pll->period_ns;

		position = fmin(fmax(on, position - STEADY_PLAY),
				position + STEADY_PLAY);
	}
	steady->position = position;
	steady->due_ns = due_ns;
	return (int64_t)floor(position);
}

uint64_t steady_outliers(const struct steady *steady)
{
	return steady->strangers + steady->pll.outliers;
}

double steady_rate_hz(const struct steady *steady)
{
	if (steady->pll.samples < PLL_SETTLED)
		return 0;
	return (double)NS_PER_SECOND / steady->pll.period_ns;
}
