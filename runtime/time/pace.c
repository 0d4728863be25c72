/*
 * runtime/time/pace.c: see runtime/time/pace.h.
 */
#include "runtime/time/pace.h"

#include <math.h>

int64_t pace_refresh_ns(const struct display *display)
{
	double period_ns;

	if (!display->refresh_num || !display->refresh_den)
		return 0;
	period_ns = (double)display->refresh_den * (double)NS_PER_SECOND /
		    (double)display->refresh_num;
	if (period_ns < (double)PLL_PERIOD_MIN_NS ||
	    period_ns > (double)PLL_PERIOD_MAX_NS)
		return 0;
	return llround(period_ns);
}

void pace_init(struct pace *pace, enum clock_kind kind, struct rate rate)
{
	*pace = (struct pace){.kind = kind, .rate = rate};
}

void pace_begin(struct pace *pace, int64_t now_ns, int64_t refresh_ns)
{
	const struct display_clock_config config = {
		.rate = pace->rate,
		.refresh_ns = refresh_ns,
	};

	pace->t0_ns = now_ns;
	pace->begin_ns = now_ns;
	pace->refresh_ns = refresh_ns;
	pace->flip_cycle = -1;
	display_clock_init(&pace->display, &config, now_ns);
}

int64_t pace_due_ns(struct pace *pace, uint64_t next)
{
	pace->due_ns = pace->t0_ns + rate_tick_ns(pace->rate, next);
	if (pace->kind == CLOCK_DISPLAY)
		pace->due_ns = pace->display.due_ns;
	else if (pace->kind == CLOCK_TIMER)
		pace->due_ns += beat_hold_ns(&pace->beat, pace->due_ns);
	return pace->due_ns;
}

uint64_t pace_wake(struct pace *pace, uint64_t next, int64_t wake_ns)
{
	pace->number = next;
	if (pace->kind == CLOCK_DISPLAY) {
		display_clock_wake(&pace->display, wake_ns);
		pace->number = pace->display.tick;
		pace->start_ns = pace->display.due_ns;
		return pace->number;
	}
	if (pace->kind == CLOCK_TIMER)
		pace->number =
			rate_newest_tick(pace->rate, wake_ns - pace->t0_ns);
	pace->start_ns = pace->t0_ns + rate_tick_ns(pace->rate, pace->number);
	pace->deadline_ns =
		pace->t0_ns + rate_tick_ns(pace->rate, pace->number + 1);
	return pace->number;
}

void pace_set_refresh(struct pace *pace, int64_t refresh_ns)
{
	if (!refresh_ns || pace->refresh_ns == refresh_ns)
		return;
	pace->refresh_ns = refresh_ns;
	display_clock_set_mode(&pace->display, refresh_ns);
}

/* The timer: once, by the first flips that refreshes made. */
static void pace_align(struct pace *pace, int64_t flip_ns, int64_t start_ns,
		       int64_t submit_ns)
{
	int64_t cost_ns = submit_ns - start_ns;

	if (!pace->refresh_ns || pace->flips == PACE_ALIGN_FLIPS)
		return;
	if (!pace->flips || cost_ns < pace->least_cost_ns)
		pace->least_cost_ns = cost_ns;
	if (++pace->flips == PACE_ALIGN_FLIPS)
		pace->t0_ns +=
			display_clock_shift_ns(start_ns + pace->least_cost_ns,
					       flip_ns, pace->refresh_ns);
}

/* Counts refreshes by the loop, for displays that do not count their own. */
static bool pace_follow(struct pace *pace, const struct pll_stamp *stamp)
{
	bool followed = display_clock_flip(&pace->display, stamp);
	int64_t cycle = followed ? pace->display.pll.cycle : -1;
	bool both = followed && pace->flip_cycle >= 0;

	pace->refreshes = both ? cycle - pace->flip_cycle : 0;
	pace->flip_cycle = cycle;
	return followed;
}

bool pace_flip(struct pace *pace, const struct display_event *shown,
	       int64_t start_ns, int64_t submit_ns)
{
	const struct pll_stamp stamp = {
		.time_ns = shown->time_ns,
		.sequence = shown->sequence,
		.hardware = shown->stamp == DISPLAY_STAMP_HARDWARE,
	};

	if (shown->stamp == DISPLAY_STAMP_AT_ONCE)
		display_clock_refuse(&pace->display);
	if (shown->stamp != DISPLAY_STAMP_HARDWARE &&
	    shown->stamp != DISPLAY_STAMP_SOFTWARE)
		return false;
	if (pace->kind == CLOCK_DISPLAY)
		return pace_follow(pace, &stamp);
	if (pace->kind == CLOCK_TIMER)
		pace_align(pace, shown->time_ns, start_ns, submit_ns);
	if (pace->flips == PACE_ALIGN_FLIPS && stamp.hardware)
		beat_flip(&pace->beat, shown->time_ns, pace->refresh_ns);
	return false;
}

int64_t pace_phase_error_ns(const struct pace *pace)
{
	return llround(fabs(pace->display.pll.error_ns));
}

int64_t pace_deadline_ns(const struct pace *pace)
{
	if (pace->kind == CLOCK_FREE)
		return INT64_MAX;
	if (pace->kind == CLOCK_DISPLAY)
		return display_clock_deadline_ns(&pace->display);
	return pace->deadline_ns;
}

void pace_done(struct pace *pace, int64_t ready_ns, bool accepted)
{
	if (pace->kind == CLOCK_DISPLAY)
		display_clock_done(&pace->display, ready_ns, accepted);
	beat_cost(&pace->beat, ready_ns - pace->due_ns);
}

void pace_account(const struct pace *pace, struct stats_pacing *stats)
{
	const struct display_clock *clock = &pace->display;

	if (pace->kind != CLOCK_DISPLAY)
		return;
	counter_set(&stats->state, clock->state);
	counter_set(&stats->refresh_uhz,
		  (uint64_t)llround(display_clock_refresh_hz(clock) * 1e6));
	counter_set(&stats->refreshes_per_tick, (uint64_t)clock->cycles_per_tick);
	counter_set(&stats->margin_ns, (uint64_t)display_clock_margin_ns(clock));
	counter_set(&stats->locks, clock->locks);
	counter_set(&stats->losses, clock->losses);
	counter_set(&stats->holdovers, clock->holdovers);
	counter_set(&stats->outliers, clock->pll.outliers);
	if (clock->locks && !stats->first_lock_ns)
		counter_set(&stats->first_lock_ns,
			  (uint64_t)(clock->due_ns - pace->begin_ns));
}
