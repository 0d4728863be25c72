/*
 * tests/fakes/paced_run.c: see paced_run.h.
 */
#include "tests/fakes/paced_run.h"

#include <math.h>
#include <stdlib.h>

#define START_NS (1000 * NS_PER_SECOND)

void paced_init(struct paced_run *run, const struct paced_config *config,
		uint64_t ticks_max)
{
	*run = (struct paced_run){
		.config = config,
		.random = config->display.seed + 1,
		.now_ns = START_NS,
		.start_ns = START_NS,
		.error_max = ticks_max,
		.error_ns = malloc(ticks_max * sizeof(double)),
		.reported_ns = malloc(ticks_max * sizeof(double)),
	};
	if (!run->error_ns || !run->reported_ns)
		abort();
	display_clock_init(&run->clock, &config->clock, START_NS);
	simulated_display_init(&run->display, &config->display,
			       START_NS + config->first_refresh_ns);
}

void paced_finish(struct paced_run *run)
{
	free(run->error_ns);
	free(run->reported_ns);
}

void paced_forget(struct paced_run *run)
{
	run->started = run->skipped = run->dropped = run->late = 0;
	run->flips = 0;
	run->error_count = run->reported_count = 0;
	run->ppm_max = 0;
	run->repeats_before = run->repeats_at_flip;
	run->locked_ns = 0;
	run->start_ns = run->now_ns;
}

static int64_t dice_ns(struct paced_run *run, int64_t from_ns, int64_t to_ns)
{
	return from_ns + (int64_t)(simulated_random(&run->random) *
				   (double)(to_ns - from_ns));
}

static void take_flips(struct paced_run *run)
{
	struct simulated_event event;

	while (simulated_display_event(&run->display, run->now_ns, &event)) {
		run->repeats_at_flip = run->display.repeats;
		run->flips++;
		if (display_clock_flip(&run->clock, &event.stamp) &&
		    run->reported_count < run->error_max)
			run->reported_ns[run->reported_count++] =
				fabs(run->clock.pll.error_ns);
	}
}

static bool is_steered(const struct paced_run *run)
{
	return !run->clock.entering &&
	       (run->clock.state == DISPLAY_CLOCK_LOCKED ||
		run->clock.state == DISPLAY_CLOCK_HOLDOVER);
}

/* Judges the prediction that this tick works for. */
static void judge(struct paced_run *run)
{
	const struct simulated_display *display = &run->display;
	double true_ns = display->period_ns * (1 + display->drift_ppm * 1e-6);
	double ppm = fabs(run->clock.pll.period_ns / true_ns - 1) * 1e6;

	if (!run->locked_ns && run->clock.state == DISPLAY_CLOCK_LOCKED)
		run->locked_ns = run->now_ns;
	if (!is_steered(run) || run->error_count == run->error_max)
		return;
	run->error_ns[run->error_count++] =
		fabs((double)simulated_display_error_ns(
			display, display_clock_deadline_ns(&run->clock)));
	run->ppm_max = fmax(run->ppm_max, ppm);
}

static void wake(struct paced_run *run)
{
	uint64_t tick = run->clock.tick;

	if (run->clock.due_ns > run->now_ns)
		run->now_ns = run->clock.due_ns;
	run->now_ns +=
		dice_ns(run, 0, run->config->lateness_ns) + run->sleep_ns;
	run->sleep_ns = 0;
	display_clock_wake(&run->clock, run->now_ns);
	run->skipped += run->clock.tick - tick;
}

static void run_tick(struct paced_run *run)
{
	const struct paced_config *config = run->config;
	bool accepted;

	wake(run);
	run->started++;
	take_flips(run);
	run->now_ns += dice_ns(run, config->cost_ns / 2, config->cost_ns);
	accepted = simulated_display_submit(&run->display, run->now_ns,
					    run->clock.tick);
	run->dropped += !accepted;
	judge(run);
	run->late += run->now_ns > display_clock_deadline_ns(&run->clock);
	display_clock_done(&run->clock, run->now_ns, accepted);
}

void paced_ticks(struct paced_run *run, uint64_t count)
{
	while (count--)
		run_tick(run);
}

bool paced_lock(struct paced_run *run, int64_t limit_ns)
{
	int64_t end_ns = run->now_ns + limit_ns;

	run->locked_ns = 0;
	while (!run->locked_ns && run->now_ns < end_ns)
		run_tick(run);
	return run->locked_ns != 0;
}

uint64_t paced_repeats(const struct paced_run *run)
{
	return run->repeats_at_flip - run->repeats_before;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double paced_quantile(double *values, uint64_t count, double share)
{
	if (!count)
		return 0;
	qsort(values, count, sizeof(*values), compare);
	return values[(uint64_t)((double)(count - 1) * share)];
}
