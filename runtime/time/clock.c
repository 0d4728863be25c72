/*
 * runtime/time/clock.c: timerfd, sleep and spin. Read runtime/time/clock.h first.
 */
#include "runtime/time/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

static struct timespec timespec_of(int64_t time_ns)
{
	return (struct timespec){
		.tv_sec = (time_t)(time_ns / NS_PER_SECOND),
		.tv_nsec = (long)(time_ns % NS_PER_SECOND),
	};
}

static int64_t min_ns(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* The kernel keeps the request for as long as the file is open. */
static int hold_latency(void)
{
	static const int32_t latency_us = 0;
	int fd = open("/dev/cpu_dma_latency", O_WRONLY | O_CLOEXEC);

	if (fd >= 0 && write(fd, &latency_us, sizeof(latency_us)) !=
			       (ssize_t)sizeof(latency_us)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

int clock_init(struct clock *clock, const struct clock_config *config)
{
	int64_t half_ns = rate_period_ns(config->rate) / 2;

	*clock = (struct clock){
		.kind = config->kind,
		.spin_ns = min_ns(config->spin_us * NS_PER_US, half_ns),
		.timer_fd = -1,
		.latency_fd = -1,
	};
	if (config->kind == CLOCK_FREE)
		return 0;
	clock->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	if (clock->timer_fd < 0)
		return -errno;
	clock->latency_fd = hold_latency();
	return 0;
}

void clock_finish(struct clock *clock)
{
	if (clock->timer_fd >= 0)
		close(clock->timer_fd);
	if (clock->latency_fd >= 0)
		close(clock->latency_fd);
	clock->timer_fd = -1;
	clock->latency_fd = -1;
}

const char *clock_kind_name(enum clock_kind kind)
{
	static const char *const name[] = {
		[CLOCK_TIMER] = "timer",
		[CLOCK_FREE] = "free",
		[CLOCK_DISPLAY] = "display",
	};

	return name[kind];
}

int64_t clock_now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * NS_PER_SECOND + now.tv_nsec;
}

/* One sleep on the timer. The count read is not used: a one-shot timer says 1
 * however late it is read. */
static int sleep_until(const struct clock *clock, int64_t time_ns)
{
	struct itimerspec when = {.it_value = timespec_of(time_ns)};
	uint64_t expirations;

	if (timerfd_settime(clock->timer_fd, TFD_TIMER_ABSTIME, &when, NULL))
		return -errno;
	if (read(clock->timer_fd, &expirations, sizeof(expirations)) < 0 &&
	    errno != EINTR)
		return -errno;
	return 0;
}

int clock_wait(struct clock *clock, int64_t due_ns, const atomic_bool *stop,
	       int64_t *now_ns)
{
	int64_t now = clock_now_ns();
	int64_t sleep_end_ns = due_ns - clock->spin_ns;
	int error;

	while (clock->kind != CLOCK_FREE && now < sleep_end_ns &&
	       !atomic_load_explicit(stop, memory_order_relaxed)) {
		error = sleep_until(
			clock, min_ns(sleep_end_ns, now + CLOCK_SLEEP_MAX_NS));
		if (error)
			return error;
		now = clock_now_ns();
	}
	/* at most spin_ns, unless stopped above: then due_ns may be far */
	while (clock->kind != CLOCK_FREE && now < due_ns &&
	       !atomic_load_explicit(stop, memory_order_relaxed))
		now = clock_now_ns();
	*now_ns = now;
	return 0;
}

void clock_pause(int64_t pause_ns)
{
	struct timespec pause =
		timespec_of(min_ns(pause_ns, CLOCK_SLEEP_MAX_NS));

	clock_nanosleep(CLOCK_MONOTONIC, 0, &pause, NULL);
}
