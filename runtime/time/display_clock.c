/*
 * runtime/time/display_clock.c: the states and the schedule. Read
 * runtime/time/display_clock.h first.
 */
#include "runtime/time/display_clock.h"

#include <math.h>

/* Of a period: the margin if none is asked for; the least time between a
 * refresh and the wake for the next one; how far the test moves a submit. */
#define MARGIN_SHARE (1.0 / 8)
#define GUARD_SHARE  (1.0 / 8)
#define MOVE_SHARE   (1.0 / 10)

/* Of a period: the mean error of a loop that is good enough to lock. */
#define SPREAD_TO_LOCK (1.0 / 16)

/* A cost above the mark pulls it up quickly, one below slowly. */
#define COST_RISE (1.0 / 2)
#define COST_FALL (1.0 / 1024)

/* Flips before the submits are moved to mid-period: the first one may complete
 * at once, there was nothing on view before it. */
#define FLIPS_TO_ALIGN 2

const char *display_clock_state_name(enum display_clock_state state)
{
	static const char *const name[] = {
		[DISPLAY_CLOCK_ACQUIRING] = "acquiring",
		[DISPLAY_CLOCK_LOCKED] = "locked",
		[DISPLAY_CLOCK_HOLDOVER] = "holdover",
		[DISPLAY_CLOCK_REFUSED] = "refused",
	};

	return name[state];
}

static bool is_steered(const struct display_clock *clock)
{
	return clock->state == DISPLAY_CLOCK_LOCKED ||
	       clock->state == DISPLAY_CLOCK_HOLDOVER;
}

static int64_t nominal_ns(const struct display_clock_config *config)
{
	return config->refresh_ns ? config->refresh_ns
				  : rate_period_ns(config->rate);
}

static void begin_test(struct display_clock *clock)
{
	clock->test_submits = 0;
	clock->test_flips = 0;
	clock->flying = false;
	clock->refresh_scatter = 0;
	clock->submit_scatter = 0;
}

/* The timer takes over from the tick that is due or running. */
static void acquire(struct display_clock *clock)
{
	clock->state = DISPLAY_CLOCK_ACQUIRING;
	clock->anchor_tick = clock->tick;
	clock->anchor_ns = clock->due_ns;
	clock->flips = 0;
	clock->entering = false;
	begin_test(clock);
}

void display_clock_init(struct display_clock *clock,
			const struct display_clock_config *config,
			int64_t start_ns)
{
	*clock = (struct display_clock){
		.config = *config,
		.due_ns = start_ns,
		.cycles_per_tick = 1,
	};
	pll_init(&clock->pll, nominal_ns(config), config->refresh_ns > 0);
	acquire(clock);
}

void display_clock_set_mode(struct display_clock *clock, int64_t refresh_ns)
{
	clock->config.refresh_ns = refresh_ns;
	clock->pll.nominal_ns = (double)nominal_ns(&clock->config);
	clock->pll.is_mode = refresh_ns > 0;
	pll_restart(&clock->pll);
	acquire(clock);
}

void display_clock_refuse(struct display_clock *clock)
{
	if (clock->state == DISPLAY_CLOCK_REFUSED)
		return;
	acquire(clock);
	clock->state = DISPLAY_CLOCK_REFUSED;
}

/* ---- the schedule -------------------------------------------------------- */

static double tick_period_ns(const struct display_clock *clock)
{
	return (double)clock->cycles_per_tick * clock->pll.period_ns;
}

static int64_t timer_tick_ns(const struct display_clock *clock, uint64_t tick)
{
	return clock->anchor_ns +
	       rate_tick_ns(clock->config.rate, tick - clock->anchor_tick);
}

int64_t display_clock_margin_ns(const struct display_clock *clock)
{
	if (clock->config.margin_ns)
		return clock->config.margin_ns;
	return (int64_t)(clock->pll.period_ns * MARGIN_SHARE);
}

/* From the wake-up to the refresh. The thread wakes after the refresh before
 * that one: by then the flip in flight is over. */
static int64_t lead_ns(const struct display_clock *clock)
{
	double guard_ns = clock->pll.period_ns * GUARD_SHARE;
	double wanted_ns =
		clock->cost_ns + (double)display_clock_margin_ns(clock);

	return (int64_t)fmin(wanted_ns, tick_period_ns(clock) - guard_ns);
}

/* How the next submit is moved in the test. */
static int next_move(const struct display_clock *clock)
{
	static const int pattern[] = {1, -1};

	if (clock->state != DISPLAY_CLOCK_ACQUIRING ||
	    clock->pll.samples < DISPLAY_CLOCK_TEST_FROM)
		return 0;
	return pattern[clock->test_submits % 2];
}

static int64_t due_ns(const struct display_clock *clock)
{
	if (is_steered(clock))
		return pll_time_of(&clock->pll, clock->cycle) - lead_ns(clock);
	return timer_tick_ns(clock, clock->tick) +
	       (int64_t)(next_move(clock) * MOVE_SHARE * clock->pll.period_ns);
}

void display_clock_wake(struct display_clock *clock, int64_t wake_ns)
{
	uint64_t passed;
	uint64_t newest;

	if (wake_ns <= clock->due_ns)
		return;
	if (is_steered(clock)) {
		passed = (uint64_t)((double)(wake_ns - clock->due_ns) /
				    tick_period_ns(clock));
		clock->tick += passed;
		clock->cycle += (int64_t)passed * clock->cycles_per_tick;
		clock->due_ns +=
			(int64_t)((double)passed * tick_period_ns(clock));
		return;
	}
	if (wake_ns < timer_tick_ns(clock, clock->tick + 1))
		return;
	newest = clock->anchor_tick +
		 rate_newest_tick(clock->config.rate,
				  wake_ns - clock->anchor_ns);
	clock->tick = newest;
	clock->due_ns = timer_tick_ns(clock, newest);
}

int64_t display_clock_deadline_ns(const struct display_clock *clock)
{
	if (is_steered(clock) && !clock->entering)
		return pll_time_of(&clock->pll, clock->cycle);
	return clock->due_ns + rate_period_ns(clock->config.rate);
}

static void note_cost(struct display_clock *clock, int64_t ready_ns)
{
	double cost_ns =
		fmin((double)(ready_ns - clock->due_ns), tick_period_ns(clock));
	double above_ns = cost_ns - clock->cost_ns;

	clock->cost_ns += above_ns * (above_ns > 0 ? COST_RISE : COST_FALL);
}

/* Ticks without a flip: the estimate carries on, then it is too old. */
static void count_missing(struct display_clock *clock, int64_t now_ns)
{
	if (!is_steered(clock) || ++clock->missing <= DISPLAY_CLOCK_MISSING)
		return;
	if (clock->state == DISPLAY_CLOCK_LOCKED) {
		clock->state = DISPLAY_CLOCK_HOLDOVER;
		clock->holdovers++;
	}
	if (now_ns - clock->last_flip_ns >= DISPLAY_CLOCK_HOLDOVER_NS) {
		clock->losses++;
		pll_restart(&clock->pll);
		acquire(clock);
	}
}

void display_clock_done(struct display_clock *clock, int64_t ready_ns,
			bool accepted)
{
	note_cost(clock, ready_ns);
	if (accepted && next_move(clock)) {
		clock->flying = true;
		clock->flying_ns = ready_ns;
		clock->test_submits++;
	}
	count_missing(clock, ready_ns);
	clock->tick++;
	/* the frame just submitted, or the one before, has the next refresh */
	if (clock->entering)
		clock->cycle = pll_cycle_after(&clock->pll, ready_ns);
	clock->entering = false;
	clock->cycle += clock->cycles_per_tick;
	clock->due_ns = due_ns(clock);
}

/* ---- flips --------------------------------------------------------------- */

int64_t display_clock_shift_ns(int64_t submit_ns, int64_t flip_ns,
			       int64_t period_ns)
{
	int64_t since_ns = (submit_ns - flip_ns) % period_ns;

	if (since_ns < 0)
		since_ns += period_ns;
	return period_ns / 2 - since_ns;
}

/* Far from a refresh, moved submits change nothing on a display that has any,
 * and no frame is repeated or dropped while the loop learns. */
static void clock_align(struct display_clock *clock, int64_t flip_ns)
{
	int64_t submit_ns =
		timer_tick_ns(clock, clock->tick) + (int64_t)clock->cost_ns;

	clock->anchor_ns += display_clock_shift_ns(submit_ns, flip_ns,
						   nominal_ns(&clock->config));
	pll_restart(&clock->pll);
}

static void lock(struct display_clock *clock)
{
	double tick_ns = (double)rate_period_ns(clock->config.rate);
	long long cycles = llround(tick_ns / clock->pll.period_ns);

	clock->state = DISPLAY_CLOCK_LOCKED;
	clock->locks++;
	clock->lock_cycle = clock->pll.cycle;
	clock->lock_ns = pll_time_of(&clock->pll, clock->pll.cycle);
	clock->missing = 0;
	clock->cycles_per_tick = cycles < 1 ? 1 : cycles;
	clock->entering = true;
}

static void end_test(struct display_clock *clock)
{
	const struct pll *pll = &clock->pll;

	if (clock->submit_scatter < clock->refresh_scatter)
		clock->state = DISPLAY_CLOCK_REFUSED;
	else if (pll->samples >= PLL_SETTLED &&
		 pll->spread_ns <= pll->period_ns * SPREAD_TO_LOCK)
		lock(clock);
	else
		begin_test(clock);
}

/*
 * Two flips in a row, and how much more time lay between them than
 *   a whole number of refreshes: little, if a refresh made each of them;
 *   between their submits: little, if the submit made each of them.
 */
static void compare_flips(struct display_clock *clock, int64_t flip_ns)
{
	double period_ns = clock->pll.period_ns;
	double max_ns =
		2 * MOVE_SHARE * period_ns; /* a wrong one weighs that */
	double flips_ns = (double)(flip_ns - clock->test_flip_ns);
	double submits_ns = (double)(clock->flying_ns - clock->test_submit_ns);

	clock->test_flip_ns = flip_ns;
	clock->test_submit_ns = clock->flying_ns;
	if (clock->test_flips++ == 0)
		return;
	clock->refresh_scatter +=
		fmin(fabs(remainder(flips_ns, period_ns)), max_ns);
	clock->submit_scatter += fmin(fabs(flips_ns - submits_ns), max_ns);
}

static void clock_learn(struct display_clock *clock,
			const struct pll_stamp *stamp)
{
	bool tested = clock->flying;

	clock->flying = false;
	if (++clock->flips == FLIPS_TO_ALIGN)
		clock_align(clock, stamp->time_ns);
	if (clock->flips <= FLIPS_TO_ALIGN)
		return;
	pll_add(&clock->pll, stamp);
	clock->last_flip_ns = stamp->time_ns;
	if (tested)
		compare_flips(clock, stamp->time_ns);
	if (clock->test_flips == DISPLAY_CLOCK_TEST_FLIPS)
		end_test(clock);
}

static bool clock_follow(struct display_clock *clock,
			 const struct pll_stamp *stamp)
{
	uint64_t starts = clock->pll.starts;
	bool taken = pll_add(&clock->pll, stamp);

	if (clock->pll.starts != starts) {
		clock->losses++;
		acquire(clock);
		return false;
	}
	if (!taken)
		return false;
	clock->state = DISPLAY_CLOCK_LOCKED;
	clock->missing = 0;
	clock->last_flip_ns = stamp->time_ns;
	return true;
}

bool display_clock_flip(struct display_clock *clock,
			const struct pll_stamp *stamp)
{
	if (is_steered(clock))
		return clock_follow(clock, stamp);
	if (clock->state == DISPLAY_CLOCK_ACQUIRING)
		clock_learn(clock, stamp);
	return false;
}

double display_clock_refresh_hz(const struct display_clock *clock)
{
	const struct pll *pll = &clock->pll;
	int64_t cycles = pll->cycle - clock->lock_cycle;

	if (is_steered(clock) && cycles >= PLL_MEMORY_SOFTWARE)
		return (double)cycles * (double)NS_PER_SECOND /
		       (double)(pll_time_of(pll, pll->cycle) - clock->lock_ns);
	if (pll->samples < PLL_SETTLED)
		return 0;
	return (double)NS_PER_SECOND / pll->period_ns;
}
