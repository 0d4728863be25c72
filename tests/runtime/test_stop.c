/*
 * tests/runtime/test_stop.c: the first signal stops the cycle, the second ends
 * the process, at once and with its number; signals wait until they are
 * accepted.
 */
#include "runtime/app/stop.h"

#include <signal.h>
#include <unistd.h>

#include "tests/runtime/run_suite.h"

static struct cycle cycle;
static const int numbers[] = {SIGINT, SIGTERM};

static bool is_stopped(void)
{
	return atomic_load(&cycle.stop);
}

START_TEST(the_first_stops_the_cycle)
{
	stop_block();
	stop_accept(&cycle);
	ck_assert(!is_stopped());
	raise(numbers[_i]);
	ck_assert(is_stopped());
	stop_wait(); /* returns at once */
}
END_TEST

START_TEST(the_second_ends_the_process)
{
	stop_block();
	stop_accept(&cycle);
	raise(numbers[_i % 2]);
	raise(numbers[_i / 2]);
}
END_TEST

START_TEST(signals_wait_during_bring_up)
{
	stop_block();
	raise(numbers[_i]);
	ck_assert(!is_stopped());
	stop_accept(&cycle);
	ck_assert(is_stopped());
}
END_TEST

/* --hold: an alarm's handler raises the signal while this waits. */
static void raise_it(int number)
{
	(void)number;
	raise(SIGTERM);
}

START_TEST(waits_for_the_first)
{
	stop_block();
	stop_accept(&cycle);
	signal(SIGALRM, raise_it);
	ualarm(50000, 0);
	stop_wait();
	ck_assert(is_stopped());
}
END_TEST

START_TEST(a_broken_pipe_is_no_signal)
{
	int pipe_fds[2];

	ck_assert(!pipe(pipe_fds));
	close(pipe_fds[0]);
	stop_block();
	ck_assert_int_eq(write(pipe_fds[1], "x", 1), -1);
	close(pipe_fds[1]);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, the_first_stops_the_cycle, 0, 2);
	tcase_add_loop_exit_test(tests, the_second_ends_the_process, 128 + 2, 0,
				 2);
	tcase_add_loop_exit_test(tests, the_second_ends_the_process, 128 + 15,
				 2, 4);
	tcase_add_loop_test(tests, signals_wait_during_bring_up, 0, 2);
	tcase_add_test(tests, waits_for_the_first);
	tcase_add_test(tests, a_broken_pipe_is_no_signal);
}

int main(void)
{
	return run_suite("stop", add);
}
