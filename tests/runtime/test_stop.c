/*
 * tests/runtime/test_stop.c: the first signal asks for an end, whatever the
 * main thread is at, the second ends the process at once with its number.
 */
#include "runtime/base/stop.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tests/runtime/run_suite.h"

#define HANG_MS 30000

static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
static atomic_int calls;

/* To the process, as a terminal or init does. */
static void send(int number)
{
	ck_assert(!kill(getpid(), number));
}

static void count_call(void *counter)
{
	atomic_fetch_add((atomic_int *)counter, 1);
}

static void wait_for_call(void)
{
	for (int i = 0; i < HANG_MS && !atomic_load(&calls); i++)
		usleep(1000);
	ck_assert_int_eq(atomic_load(&calls), 1);
}

START_TEST(the_first_is_a_request)
{
	ck_assert(!stop_requested());
	ck_assert(!stop_wait(0));
	ck_assert(!stop_start());
	ck_assert(!stop_requested());
	ck_assert(!stop_wait(0));
	send(numbers[_i]);
	ck_assert(stop_wait(HANG_MS));
	ck_assert(stop_wait(-1)); /* for ever */
	ck_assert(stop_requested());
}
END_TEST

START_TEST(the_second_ends_the_process)
{
	ck_assert(!stop_start());
	send(numbers[_i % 3]);
	ck_assert(stop_wait(HANG_MS));
	send(numbers[_i / 3]);
	for (;;) /* busy: no system call that could be interrupted */
		;
}
END_TEST

START_TEST(the_call_comes_once)
{
	ck_assert(!stop_start());
	stop_call(count_call, &calls);
	ck_assert_int_eq(atomic_load(&calls), 0);
	send(SIGTERM);
	wait_for_call();
}
END_TEST

START_TEST(a_call_that_comes_late_is_made_at_once)
{
	ck_assert(!stop_start());
	send(SIGTERM);
	ck_assert(stop_wait(HANG_MS));
	stop_call(count_call, &calls);
	ck_assert_int_eq(atomic_load(&calls), 1);
}
END_TEST

START_TEST(a_poll_beside_other_things_ends)
{
	struct pollfd fds[2] = {{.events = POLLIN}, {.events = POLLIN}};
	int pipe_fds[2];

	ck_assert_int_eq(stop_fd(), -1);
	ck_assert(!stop_start());
	ck_assert(!pipe(pipe_fds));
	fds[0].fd = pipe_fds[0];
	fds[1].fd = stop_fd();
	ck_assert_int_eq(poll(fds, 2, 0), 0);
	send(SIGINT);
	ck_assert_int_eq(poll(fds, 2, HANG_MS), 1);
	ck_assert_int_eq(fds[1].revents, POLLIN);
}
END_TEST

START_TEST(it_can_be_finished)
{
	for (int i = 0; i < 3; i++) {
		ck_assert(!stop_start());
		ck_assert(!stop_requested());
		stop_call(count_call, &calls);
		send(SIGTERM);
		ck_assert(stop_wait(HANG_MS));
		stop_finish();
		ck_assert_int_eq(stop_fd(), -1);
		stop_finish();
	}
	ck_assert_int_eq(atomic_load(&calls), 3);
	send(SIGTERM); /* as before: ends the process */
}
END_TEST

/* nohup */
START_TEST(a_hangup_that_was_ignored_stays_so)
{
	signal(SIGHUP, SIG_IGN);
	ck_assert(!stop_start());
	send(SIGHUP);
	ck_assert(!stop_wait(50));
	send(SIGTERM);
	ck_assert(stop_wait(HANG_MS));
}
END_TEST

/* As a shell starts a background job. */
START_TEST(an_interrupt_that_was_ignored_counts)
{
	signal(SIGINT, SIG_IGN);
	ck_assert(!stop_start());
	send(SIGINT);
	ck_assert(stop_wait(HANG_MS));
}
END_TEST

START_TEST(a_broken_pipe_is_no_signal)
{
	int pipe_fds[2];

	ck_assert(!pipe(pipe_fds));
	close(pipe_fds[0]);
	stop_prepare();
	ck_assert_int_eq(write(pipe_fds[1], "x", 1), -1);
	ck_assert_int_eq(errno, EPIPE);
	close(pipe_fds[1]);
}
END_TEST

START_TEST(a_file_that_may_not_grow_is_no_signal)
{
	const struct rlimit none = {0, RLIM_INFINITY};
	char path[] = "/tmp/test_stop_XXXXXX";
	int fd = mkstemp(path);

	ck_assert_int_ge(fd, 0);
	unlink(path);
	stop_prepare();
	ck_assert(!setrlimit(RLIMIT_FSIZE, &none));
	ck_assert_int_eq(write(fd, "x", 1), -1);
	ck_assert_int_eq(errno, EFBIG);
	close(fd);
}
END_TEST

static void add(TCase *tests)
{
	int i;

	tcase_set_timeout(tests, 120);
	tcase_add_loop_test(tests, the_first_is_a_request, 0, 3);
	for (i = 0; i < 9; i++)
		tcase_add_loop_exit_test(tests, the_second_ends_the_process,
					 128 + numbers[i / 3], i, i + 1);
	tcase_add_test(tests, the_call_comes_once);
	tcase_add_test(tests, a_call_that_comes_late_is_made_at_once);
	tcase_add_test(tests, a_poll_beside_other_things_ends);
	tcase_add_test_raise_signal(tests, it_can_be_finished, SIGTERM);
	tcase_add_test(tests, a_hangup_that_was_ignored_stays_so);
	tcase_add_test(tests, an_interrupt_that_was_ignored_counts);
	tcase_add_test(tests, a_broken_pipe_is_no_signal);
	tcase_add_test(tests, a_file_that_may_not_grow_is_no_signal);
}

int main(void)
{
	signal(SIGHUP, SIG_DFL); /* whoever ran this under nohup */
	return run_suite("stop", add);
}
