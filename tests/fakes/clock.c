/*
 * tests/fakes/clock.c: see tests/fakes/clock.h.
 */
#include "tests/fakes/clock.h"

#include <errno.h>

struct fake_clock fake_clock;

int clock_init(struct clock *clock, const struct clock_config *config)
{
	*clock = (struct clock){
		.kind = config->kind, .timer_fd = -1, .latency_fd = -1};
	return 0;
}

void clock_finish(struct clock *clock)
{
	(void)clock;
}

const char *clock_kind_name(enum clock_kind kind)
{
	static const char *const name[] = {"timer", "free", "display"};

	return name[kind];
}

int64_t clock_now_ns(void)
{
	return fake_clock.now_ns;
}

int clock_wait(struct clock *clock, int64_t due_ns, const atomic_bool *stop,
	       int64_t *now_ns)
{
	struct fake_clock *fake = &fake_clock;
	int64_t late_ns;

	(void)stop;
	fake->waits++;
	fake->due_ns = due_ns;
	if (fake->waits == fake->fail_at)
		return -EINVAL;
	late_ns = fake->oversleep ? fake->oversleep(fake->waits) : 0;
	if (clock->kind != CLOCK_FREE && fake->now_ns < due_ns + late_ns)
		fake->now_ns = due_ns + late_ns;
	*now_ns = fake->now_ns;
	return 0;
}

void clock_pause(int64_t pause_ns)
{
	fake_clock.now_ns += pause_ns;
	if (fake_clock.paused)
		fake_clock.paused();
}
