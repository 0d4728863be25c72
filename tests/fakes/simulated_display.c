/*
 * tests/fakes/simulated_display.c: see simulated_display.h.
 */
#include "tests/fakes/simulated_display.h"

#include <stdlib.h>

/* splitmix64 (Steele, Lea, Flood 2014): any seed is a good one. */
static uint64_t next_random(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

double simulated_random(uint64_t *state)
{
	return (double)(next_random(state) >> 11) * 0x1p-53;
}

static double uniform(struct simulated_display *display, double half_width)
{
	return (2 * simulated_random(&display->random) - 1) * half_width;
}

/* Twelve uniforms: the same bits on every machine, which logarithms are not. */
static double gaussian(struct simulated_display *display, double sigma)
{
	double sum = -6;
	int i;

	for (i = 0; i < 12; i++)
		sum += simulated_random(&display->random);
	return sum * sigma;
}

static bool chance(struct simulated_display *display, double share)
{
	return share > 0 && simulated_random(&display->random) < share;
}

void simulated_display_init(struct simulated_display *display,
			    const struct simulated_display_config *config,
			    int64_t first_refresh_ns)
{
	*display = (struct simulated_display){
		.config = config,
		.random = config->seed,
		.period_ns = config->period_ns,
		.drift_ppm = config->drift_ppm,
		.next_ns = first_refresh_ns,
	};
}

static double stamp_noise_ns(struct simulated_display *display)
{
	const struct simulated_display_config *config = display->config;
	double noise_ns = 0;

	switch (config->jitter) {
	case JITTER_NONE:
		break;
	case JITTER_UNIFORM:
		noise_ns = uniform(display, config->jitter_ns);
		break;
	case JITTER_GAUSSIAN:
		noise_ns = gaussian(display, config->jitter_ns);
		break;
	case JITTER_LATE:
		noise_ns =
			simulated_random(&display->random) * config->jitter_ns;
		break;
	}
	if (chance(display, config->outlier_share))
		noise_ns += uniform(display, config->outlier_ns);
	return noise_ns;
}

/* The pending flip is over at true_ns; its event is on its way. */
static void complete(struct simulated_display *display, int64_t true_ns)
{
	const struct simulated_display_config *config = display->config;
	struct simulated_event event = {
		.stamp = {.time_ns = true_ns + (int64_t)stamp_noise_ns(display),
			  .sequence = config->counted ? display->sequence : 0,
			  .hardware = config->hardware},
		.frame = display->pending_frame,
		.true_ns = true_ns,
		.delivered_ns = true_ns,
	};

	display->pending = false;
	display->flips++;
	if (chance(display, config->late_share))
		event.delivered_ns +=
			(int64_t)(simulated_random(&display->random) *
				  (double)config->late_ns);
	display->blocked_until_ns = event.delivered_ns;
	if (chance(display, config->lost_share)) {
		display->lost++;
		display->blocked_until_ns = true_ns + config->lost_ns;
		return;
	}
	if (display->event_count == SIMULATED_EVENTS_MAX)
		abort(); /* the test never reads them */
	display->event[display->event_count++] = event;
}

static void plan_next(struct simulated_display *display)
{
	const struct simulated_display_config *config = display->config;
	double step_ns;

	if (config->drift_steps &&
	    display->refreshes % config->drift_steps == 0)
		display->drift_ppm = uniform(display, config->drift_ppm);
	step_ns = display->period_ns * (1 + display->drift_ppm * 1e-6) +
		  display->next_fraction_ns;
	display->next_ns += (int64_t)step_ns;
	display->next_fraction_ns = step_ns - (double)(int64_t)step_ns;
}

static void refresh(struct simulated_display *display)
{
	int64_t now_ns = display->next_ns;

	display->last_ns[display->refreshes % SIMULATED_KEPT] = now_ns;
	display->refreshes++;
	if (!chance(display, display->config->skip_share))
		display->sequence++;
	if (display->pending) {
		if (!display->flips)
			display->first_flip_refresh = display->refreshes;
		display->last_flip_refresh = display->refreshes;
		complete(display, now_ns);
	} else if (display->flips) {
		display->repeats++;
	}
	plan_next(display);
}

static void advance(struct simulated_display *display, int64_t time_ns)
{
	while (!display->config->at_once && display->next_ns <= time_ns)
		refresh(display);
}

bool simulated_display_submit(struct simulated_display *display,
			      int64_t time_ns, uint64_t frame)
{
	advance(display, time_ns);
	if (display->pending || time_ns < display->blocked_until_ns) {
		display->refused++;
		return false;
	}
	display->pending = true;
	display->pending_frame = frame;
	if (display->config->at_once)
		complete(display, time_ns + display->config->at_once_ns);
	return true;
}

bool simulated_display_event(struct simulated_display *display, int64_t time_ns,
			     struct simulated_event *event)
{
	uint32_t i;

	advance(display, time_ns);
	if (!display->event_count || display->event[0].delivered_ns > time_ns)
		return false;
	*event = display->event[0];
	display->event_count--;
	for (i = 0; i < display->event_count; i++)
		display->event[i] = display->event[i + 1];
	return true;
}

void simulated_display_set_mode(struct simulated_display *display,
				int64_t time_ns, double period_ns,
				int64_t dark_ns)
{
	advance(display, time_ns);
	display->period_ns = period_ns;
	display->next_ns = time_ns + dark_ns;
	display->next_fraction_ns = 0;
	display->sequence = 0;
}

int64_t simulated_display_error_ns(const struct simulated_display *display,
				   int64_t time_ns)
{
	int64_t best_ns = time_ns - display->next_ns;
	uint64_t i;

	for (i = 0; i < SIMULATED_KEPT && i < display->refreshes; i++) {
		int64_t error_ns = time_ns - display->last_ns[i];

		if (llabs(error_ns) < llabs(best_ns))
			best_ns = error_ns;
	}
	return best_ns;
}
