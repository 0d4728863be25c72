/*
 * tests/e2e/test_syscalls.c: the system calls of the tick thread, seen from
 * outside.
 *
 * The shipped program runs under strace. From the first tick's wait to the
 * last, the thread "tick" only reads its timerfd and arms it: also while
 * frames are recorded, hashed and shown by other threads; one of each a tick, and
 * no other in thousands of ticks. Where workers draw with it, each step that is
 * cut adds a futex wake and two waits a worker at most, and workers make no other
 * call than those. And each time that
 * it arms is t0 + n * den/num for a whole n: no drift, no shifted phase, also
 * after the program was stopped for a while.
 */
#include <check.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/lib/graphs.h"
#include "tests/lib/process.h"
#include "tests/lib/scratch.h"
#include "tests/lib/strace.h"
#include "tests/lib/suite.h"

#define TICKS 60

static const struct traced {
	const char *graph;
	int64_t num, den;
	const char *options[6];
} runs[] = {
	{"demo-480p", 60, 1, {"--workers", "1", NULL}},
	{"demo-480p",
	 60,
	 1,
	 {"--workers", "1", "--record", "/dev/null", "--status", NULL}},
	{"demo-480p", 60, 1, {"--workers", "1", "--digest", "/dev/null", NULL}},
	{"demo-5994", 60000, 1001, {"--workers", "1", NULL}},
};
static const struct traced with_worker = {
	"demo-480p", 60, 1, {"--workers", "2", NULL}};

static const char fast_graph[] = "graph: fast\n"
				 "size: 64x48\n"
				 "format: XRGB8888\n"
				 "rate: 500\n"
				 "nodes:\n"
				 "  ball: {type: ball}\n"
				 "  screen: {type: display}\n"
				 "links:\n"
				 "  - ball -> screen\n";

/* Starts runs[i] under strace. */
static void start(struct process *process, const struct traced *run,
		  const char *log)
{
	const char *argv[STRACE_ARGV_MAX];
	char *program = program_path(run->graph);
	const char *command[16] = {program, "--display", "headless", "--clock",
				   "timer", "--ticks",	 "60"};
	size_t count = 7;

	for (size_t i = 0; run->options[i]; i++)
		command[count++] = run->options[i];
	strace_argv(argv, log, command);
	process_start(process, NULL, argv);
	free(program);
}

/* The traces of two threads of a whole run. */
static void trace_both(const struct traced *run, struct strace *tick,
		       struct strace *worker)
{
	char *log = scratch_path("strace.log");
	struct process process;

	start(&process, run, log);
	process_expect(&process, 0);
	process_finish(&process);
	*tick = strace_read(log, "tick");
	*worker = strace_read(log, "worker");
	free(log);
}

/* The trace of a whole run, stopped for stop_ms in its middle. */
static struct strace trace(const struct traced *run, int stop_ms)
{
	char *log = scratch_path("strace.log");
	struct process process;
	struct strace trace;

	start(&process, run, log);
	if (stop_ms) {
		while (!strace_pid(log) && process_thread(&process, "strace"))
			sleep_ms(10);
		sleep_ms(500);
		kill(strace_pid(log), SIGSTOP);
		sleep_ms(stop_ms);
		kill(strace_pid(log), SIGCONT);
	}
	process_expect(&process, 0);
	process_finish(&process);
	trace = strace_read(log, "tick");
	free(log);
	return trace;
}

static bool skip(const char *test)
{
	const char *why;

	if (strace_usable(&why))
		return false;
	suite_skip(test, why);
	return true;
}

START_TEST(tick_thread_only_waits_and_arms)
{
	struct strace calls;
	const char *foreign;
	size_t waits;

	if (skip("tick_thread_only_waits_and_arms"))
		return;
	calls = trace(&runs[_i], 0);
	foreign = strace_foreign_call(&calls, &waits);
	ck_assert_msg(waits >= TICKS / 2,
		      "%s: the thread \"tick\" waited %zu times in %d ticks",
		      runs[_i].graph, waits, TICKS);
	ck_assert_msg(!foreign, "%s: the thread \"tick\" called %s",
		      runs[_i].graph, foreign);
	strace_free(&calls);
}
END_TEST

static bool is_futex(const char *call)
{
	return !strncmp(call, "futex(", 6) &&
	       (strstr(call, "FUTEX_WAKE_PRIVATE") ||
		strstr(call, "FUTEX_WAIT_PRIVATE"));
}

/* What a sealed thread calls when it begins, and when it ends. */
static bool is_seal(const char *call)
{
	return !strncmp(call, "getrusage(", 10);
}

/* Takes the futexes out; `most`: between two waits for the timer. */
static size_t take_futexes(struct strace *calls, size_t *most)
{
	size_t i, kept = 0, taken = 0, since = 0;

	*most = 0;
	for (i = 0; i < calls->count; i++) {
		if (strace_is_wait(calls->calls[i]))
			since = 0;
		if (!is_futex(calls->calls[i])) {
			calls->calls[kept++] = calls->calls[i];
			continue;
		}
		taken++;
		since++;
		*most = kept && since > *most ? since : *most;
	}
	calls->count = kept;
	return taken;
}

/* The demo has one step; the tick thread wakes the worker in every tick that
 * finds it asleep, and at 60 Hz that is as good as all. */
START_TEST(with_a_worker_only_futexes_are_more)
{
	struct strace calls, worker;
	const char *foreign;
	size_t waits, most, i;

	if (skip("with_a_worker_only_futexes_are_more"))
		return;
	trace_both(&with_worker, &calls, &worker);
	ck_assert_uint_gt(take_futexes(&calls, &most), 0);
	ck_assert_uint_le(most, 1 + 2);
	foreign = strace_foreign_call(&calls, &waits);
	ck_assert_uint_ge(waits, TICKS / 2);
	ck_assert_msg(!foreign, "the thread \"tick\" called %s", foreign);
	for (i = 0; i < worker.count && !is_seal(worker.calls[i]); i++)
		;
	ck_assert_uint_lt(i + 1, worker.count);
	for (i++; i < worker.count && is_futex(worker.calls[i]); i++)
		;
	ck_assert_msg(i < worker.count && is_seal(worker.calls[i]),
		      "the thread \"worker\" called %s",
		      i < worker.count ? worker.calls[i] : "nothing more");
	strace_free(&calls);
	strace_free(&worker);
}
END_TEST

/* What happens every hundredth tick happens a few times in 2500. */
START_TEST(nor_does_it_call_anything_else_now_and_then)
{
	const char *const none[] = {NULL};
	char *log = scratch_path("strace.log");
	const char *argv[STRACE_ARGV_MAX], *foreign;
	struct process process;
	struct strace calls;
	char *program;
	size_t waits;

	if (skip("nor_does_it_call_anything_else_now_and_then"))
		return;
	program = graphs_build("fast", fast_graph, none, none);
	strace_argv(argv, log,
		    (const char *const[]){program, "--display", "headless",
					  "--clock", "timer", "--ticks", "2500",
					  NULL});
	process_start(&process, NULL, argv);
	process_expect(&process, 0);
	process_finish(&process);
	calls = strace_read(log, "tick");
	foreign = strace_foreign_call(&calls, &waits);
	ck_assert_uint_ge(waits, 250);
	ck_assert_msg(!foreign, "the thread \"tick\" called %s", foreign);
	strace_free(&calls);
	free(program);
	free(log);
}
END_TEST

/* The same log with one more call in it is refused. */
START_TEST(an_extra_call_is_found)
{
	static char extra[] = "write(2</dev/pts/0>, \"x\", 1) = 1";
	static char other_fd[] = "read(2</dev/pts/0>, \"x\", 1) = 1";
	struct strace calls;
	size_t waits;

	if (skip("an_extra_call_is_found"))
		return;
	calls = trace(&runs[0], 0);
	ck_assert_ptr_null(strace_foreign_call(&calls, &waits));
	/* in the place of a wait, and of an arming */
	for (size_t at = calls.count / 2; at < calls.count / 2 + 2; at++) {
		char *own = calls.calls[at];

		calls.calls[at] = extra;
		ck_assert_ptr_eq(strace_foreign_call(&calls, &waits), extra);
		calls.calls[at] = other_fd;
		ck_assert_ptr_eq(strace_foreign_call(&calls, &waits), other_fd);
		/* one of its own kind, but out of turn */
		calls.calls[at] = calls.calls[at - 1];
		ck_assert_ptr_nonnull(strace_foreign_call(&calls, &waits));
		calls.calls[at] = own;
	}
	strace_free(&calls);
}
END_TEST

/* Every armed time is t0 + n * den/num to the nanosecond, n rising. Returns how
 * many were checked; *jump is the greatest step of n. */
static size_t check_grid(const struct strace *calls, const struct traced *run,
			 int64_t *jump)
{
	int64_t t0 = 0, last_n = 0;
	size_t count = 0;

	*jump = 0;
	for (size_t i = 0; i < calls->count; i++) {
		int64_t at, n, exact;

		if (!strace_is_arm(calls->calls[i]))
			continue;
		at = strace_armed_ns(calls->calls[i]);
		ck_assert_msg(at >= 0, "not an absolute time: %s",
			      calls->calls[i]);
		if (at == 0)
			continue; /* disarms */
		if (!count++) {
			t0 = at;
			continue;
		}
		n = ((at - t0) * run->num + run->den * 500000000) /
		    (run->den * 1000000000);
		exact = t0 + n * run->den * 1000000000 / run->num;
		ck_assert_msg(llabs(at - exact) <= 1,
			      "armed for %" PRId64 " ns after t0: %" PRId64
			      " ns off the nearest tick, %" PRId64,
			      at - t0, at - exact, n);
		ck_assert_msg(n > last_n,
			      "tick %" PRId64 " armed after %" PRId64, n,
			      last_n);
		if (n - last_n > *jump)
			*jump = n - last_n;
		last_n = n;
	}
	return count;
}

START_TEST(armed_times_are_exact)
{
	const struct traced *run = _i ? &runs[3] : &runs[0];
	struct strace calls;
	int64_t jump;

	if (skip("armed_times_are_exact"))
		return;
	calls = trace(run, 0);
	ck_assert_msg(check_grid(&calls, run, &jump) >= TICKS / 2,
		      "%s: the timer was hardly armed", run->graph);
	strace_free(&calls);
}
END_TEST

/* Stopped for 300 ms, 18 periods: the next times are on the same grid. */
START_TEST(phase_survives_a_stop)
{
	const struct traced *run = _i ? &runs[3] : &runs[0];
	struct strace calls;
	int64_t jump;

	if (skip("phase_survives_a_stop"))
		return;
	calls = trace(run, 300);
	check_grid(&calls, run, &jump);
	ck_assert_msg(jump >= 17,
		      "%s: %" PRId64 " ticks in one step after a "
		      "stop of 300 ms",
		      run->graph, jump);
	strace_free(&calls);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("syscalls");
	TCase *calls = tcase_create("calls");

	tcase_set_timeout(calls, 120);
	tcase_add_loop_test(calls, tick_thread_only_waits_and_arms, 0,
			    sizeof(runs) / sizeof(runs[0]));
	tcase_add_test(calls, with_a_worker_only_futexes_are_more);
	tcase_add_test(calls, nor_does_it_call_anything_else_now_and_then);
	tcase_add_test(calls, an_extra_call_is_found);
	tcase_add_loop_test(calls, armed_times_are_exact, 0, 2);
	tcase_add_loop_test(calls, phase_survives_a_stop, 0, 2);
	suite_add_tcase(s, calls);
	return s;
}

int main(void)
{
	return suite_run(suite());
}
