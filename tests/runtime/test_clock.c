/*
 * tests/runtime/test_clock.c: what the timer asks of the kernel. timerfd and
 * read are defined here: time is the test's, each call is logged.
 */
#include "runtime/time/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "tests/fakes/interpose.h"
#include "tests/runtime/run_suite.h"

#define TIMER_FD   900
#define LATENCY_FD 901

static struct {
	int64_t now_ns; /* 0: the real time */
	int64_t start_ns, read_cost_ns;
	int create_error, settime_error, read_error, reads_interrupted;
	bool latency_there, latency_short;
	int settimes, reads, now_calls, closes[2];
	int64_t armed_ns[64];
	int32_t latency_us; /* written to /dev/cpu_dma_latency */
	int stop_at_read;
} os;

static atomic_bool stop;

static int fail_with(int error)
{
	errno = error;
	return -1;
}

int timerfd_create(int clock, int flags)
{
	ck_assert_int_eq(clock, CLOCK_MONOTONIC);
	ck_assert_int_eq(flags, TFD_CLOEXEC);
	return os.create_error ? fail_with(os.create_error) : TIMER_FD;
}

int timerfd_settime(int fd, int flags, const struct itimerspec *when,
		    struct itimerspec *old)
{
	ck_assert_int_eq(fd, TIMER_FD);
	ck_assert_int_eq(flags, TFD_TIMER_ABSTIME);
	ck_assert_ptr_null(old);
	ck_assert(!when->it_interval.tv_sec && !when->it_interval.tv_nsec);
	os.armed_ns[os.settimes++ % 64] =
		when->it_value.tv_sec * NS_PER_SECOND + when->it_value.tv_nsec;
	return os.settime_error ? fail_with(os.settime_error) : 0;
}

INTERPOSER ssize_t read(int fd, void *data, size_t bytes)
{
	if (fd != TIMER_FD)
		return syscall(SYS_read, fd, data, bytes);
	ck_assert_uint_eq(bytes, 8);
	if (++os.reads == os.stop_at_read)
		atomic_store(&stop, true);
	if (os.read_error)
		return fail_with(os.read_error);
	if (os.reads_interrupted && os.reads_interrupted--)
		return fail_with(EINTR);
	if (os.now_ns < os.armed_ns[(os.settimes - 1) % 64])
		os.now_ns = os.armed_ns[(os.settimes - 1) % 64];
	os.now_ns += os.read_cost_ns;
	return 8;
}

INTERPOSER int clock_gettime(clockid_t clock, struct timespec *now)
{
	if (clock != CLOCK_MONOTONIC || !os.now_ns)
		return (int)syscall(SYS_clock_gettime, clock, now);
	os.now_calls++;
	os.now_ns += 25; /* so that a spin ends */
	*now = (struct timespec){os.now_ns / NS_PER_SECOND,
				 os.now_ns % NS_PER_SECOND};
	return 0;
}

INTERPOSER int open(const char *path, int flags, ...)
{
	va_list arguments;
	mode_t mode;

	if (!strcmp(path, "/dev/cpu_dma_latency"))
		return os.latency_there ? LATENCY_FD : fail_with(EACCES);
	va_start(arguments, flags);
	mode = flags & O_CREAT ? va_arg(arguments, mode_t) : 0;
	va_end(arguments);
	return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

INTERPOSER ssize_t write(int fd, const void *data, size_t bytes)
{
	if (fd != LATENCY_FD)
		return syscall(SYS_write, fd, data, bytes);
	ck_assert_uint_eq(bytes, 4);
	memcpy(&os.latency_us, data, 4);
	return os.latency_short ? 2 : 4;
}

INTERPOSER int close(int fd)
{
	if (fd < TIMER_FD)
		return (int)syscall(SYS_close, fd);
	ck_assert_int_le(fd, LATENCY_FD);
	os.closes[fd - TIMER_FD]++;
	return 0;
}

/* ---- tests --------------------------------------------------------------- */

static struct clock tested;

static int init(enum clock_kind kind, uint32_t spin_us)
{
	const struct clock_config config = {kind, {60, 1}, spin_us};

	os.start_ns = clock_now_ns(); /* Check measures tests with it too */
	os.now_ns = os.start_ns;
	os.latency_us = -1;
	return clock_init(&tested, &config);
}

START_TEST(opens_and_closes)
{
	os.latency_there = true;
	ck_assert_int_eq(init(CLOCK_TIMER, 0), 0);
	ck_assert_int_eq(tested.timer_fd, TIMER_FD);
	ck_assert_int_eq(tested.latency_fd, LATENCY_FD);
	ck_assert_int_eq(os.latency_us, 0);
	ck_assert_int_eq(os.closes[1], 0); /* held for as long as it is open */
	clock_finish(&tested);
	clock_finish(&tested);
	ck_assert_int_eq(os.closes[0], 1);
	ck_assert_int_eq(os.closes[1], 1);
}
END_TEST

START_TEST(does_without_the_latency_file)
{
	os.latency_there = _i;
	os.latency_short = true;
	ck_assert_int_eq(init(CLOCK_TIMER, 0), 0);
	ck_assert_int_eq(tested.latency_fd, -1);
	ck_assert_int_eq(os.closes[1], _i);
	clock_finish(&tested);
}
END_TEST

START_TEST(no_timer)
{
	os.create_error = EMFILE;
	os.latency_there = true;
	ck_assert_int_eq(init(CLOCK_TIMER, 0), -EMFILE);
	ck_assert_int_eq(os.latency_us, -1);
	clock_finish(&tested);
	ck_assert_int_eq(os.closes[0] + os.closes[1], 0);
}
END_TEST

START_TEST(free_opens_nothing_and_never_waits)
{
	int64_t now, due;

	os.latency_there = true;
	ck_assert_int_eq(init(CLOCK_FREE, 100), 0);
	due = os.start_ns + NS_PER_SECOND;
	ck_assert_int_eq(tested.timer_fd, -1);
	ck_assert_int_eq(tested.latency_fd, -1);
	ck_assert_int_eq(clock_wait(&tested, due, &stop, &now), 0);
	ck_assert_int_lt(now, due);
	ck_assert_int_eq(os.settimes + os.reads, 0);
}
END_TEST

START_TEST(one_arm_and_one_read_a_wait)
{
	int64_t now, due;

	init(CLOCK_TIMER, 0);
	for (int i = 1; i <= 50; i++) {
		due = os.start_ns + i * 16666666;
		ck_assert_int_eq(clock_wait(&tested, due, &stop, &now), 0);
		ck_assert_int_ge(now, due);
		ck_assert_int_eq(os.armed_ns[i - 1], due);
		ck_assert_int_eq(os.settimes, i);
		ck_assert_int_eq(os.reads, i);
	}
}
END_TEST

START_TEST(a_time_that_has_passed_is_not_waited_for)
{
	int64_t now;

	init(CLOCK_TIMER, _i ? 250 : 0);
	ck_assert_int_eq(clock_wait(&tested, os.now_ns, &stop, &now), 0);
	ck_assert_int_eq(clock_wait(&tested, 5, &stop, &now), 0);
	ck_assert_int_eq(os.settimes, 0);
}
END_TEST

START_TEST(spins_the_last_part)
{
	int64_t now, due;
	int before;

	init(CLOCK_TIMER, 250);
	due = os.start_ns + 10 * NS_PER_MS;
	ck_assert_int_eq(tested.spin_ns, 250 * NS_PER_US);
	before = os.now_calls;
	ck_assert_int_eq(clock_wait(&tested, due, &stop, &now), 0);
	ck_assert_int_eq(os.armed_ns[0], due - 250 * NS_PER_US);
	ck_assert_int_ge(now, due);
	ck_assert_int_lt(now, due + 100);
	/* 250 us at 25 ns a look */
	ck_assert_int_ge(os.now_calls - before, 9990);
}
END_TEST

START_TEST(a_spin_is_at_most_half_a_period)
{
	init(CLOCK_TIMER, 1000000);
	ck_assert_int_eq(tested.spin_ns, NS_PER_SECOND / 120);
}
END_TEST

/* Ticks that are an hour apart: stop is looked at ten times a second. */
START_TEST(long_waits_look_at_stop)
{
	int64_t now, start, due;

	init(CLOCK_TIMER, 0);
	start = os.now_ns;
	due = start + 3600 * NS_PER_SECOND;
	os.stop_at_read = 7;
	ck_assert_int_eq(clock_wait(&tested, due, &stop, &now), 0);
	ck_assert_int_eq(os.reads, 7);
	ck_assert_int_lt(now, due);
	ck_assert_int_le(now - start, 8 * CLOCK_SLEEP_MAX_NS);
}
END_TEST

START_TEST(stop_ends_a_spin)
{
	int64_t now, due;

	init(CLOCK_TIMER, 1000000);
	due = os.start_ns + 8 * NS_PER_MS;
	atomic_store(&stop, true);
	ck_assert_int_eq(clock_wait(&tested, due, &stop, &now), 0);
	ck_assert_int_lt(now, due);
	ck_assert_int_eq(os.settimes, 0);
}
END_TEST

START_TEST(an_interrupted_read_waits_again)
{
	int64_t now, due;

	init(CLOCK_TIMER, 0);
	due = os.start_ns + 10 * NS_PER_MS;
	os.reads_interrupted = 3;
	ck_assert_int_eq(clock_wait(&tested, due, &stop, &now), 0);
	ck_assert_int_ge(now, due);
	ck_assert_int_eq(os.reads, 4);
}
END_TEST

START_TEST(errors_come_back)
{
	int64_t now, due;

	init(CLOCK_TIMER, 0);
	due = os.start_ns + 10 * NS_PER_MS;
	os.settime_error = _i ? EINVAL : 0;
	os.read_error = _i ? 0 : EBADF;
	ck_assert_int_eq(clock_wait(&tested, due, &stop, &now),
			 _i ? -EINVAL : -EBADF);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, opens_and_closes);
	tcase_add_loop_test(tests, does_without_the_latency_file, 0, 2);
	tcase_add_test(tests, no_timer);
	tcase_add_test(tests, free_opens_nothing_and_never_waits);
	tcase_add_test(tests, one_arm_and_one_read_a_wait);
	tcase_add_loop_test(tests, a_time_that_has_passed_is_not_waited_for, 0,
			    2);
	tcase_add_test(tests, spins_the_last_part);
	tcase_add_test(tests, a_spin_is_at_most_half_a_period);
	tcase_add_test(tests, long_waits_look_at_stop);
	tcase_add_test(tests, stop_ends_a_spin);
	tcase_add_test(tests, an_interrupted_read_waits_again);
	tcase_add_loop_test(tests, errors_come_back, 0, 2);
}

int main(void)
{
	return run_suite("clock", add);
}
