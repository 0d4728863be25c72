/*
 * tests/e2e/test_stop.c: a program that is stopped and goes on.
 *
 * Stopped for 500 ms, a 60 Hz graph skips the 29 to 31 ticks of that time in
 * one step: it does not draw them in a burst afterwards, it does not count on
 * from where it was. That the phase stays is in test_syscalls.c.
 */
#include <check.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lib/process.h"
#include "tests/lib/report.h"
#include "tests/lib/scratch.h"
#include "tests/lib/suite.h"

#define TICKS	 150
#define STOP_MS	 500
#define TRIES	 6
#define SLACK_NS 12000000 /* a stop longer than this over 500 ms: try again */

/* One run with a stop in it. */
struct stopped_run {
	long long stopped_ns; /* as it was; the host may have been late */
	json_t *report;
	struct digest digest;
};

static void run_with_stop(struct stopped_run *run)
{
	char *program = program_path("demo-480p");
	char *digest = scratch_path("stop.digest");
	struct process process;
	long long start_ns;

	process_start(&process, NULL,
		      (const char *const[]){program, "--display", "headless",
					    "--clock", "timer", "--ticks",
					    "150", "--digest", digest,
					    "--report", "json", NULL});
	ck_assert_msg(process_thread(&process, "tick"),
		      "%s: no thread named \"tick\"", program);
	sleep_ms(700);
	start_ns = now_ns();
	process_signal(&process, SIGSTOP);
	sleep_ms(STOP_MS);
	process_signal(&process, SIGCONT);
	run->stopped_ns = now_ns() - start_ns;
	process_expect(&process, 0);
	run->report = report_parse(process.out);
	run->digest = digest_read(digest);
	process_finish(&process);
	free(program);
	free(digest);
}

static void release(struct stopped_run *run)
{
	json_decref(run->report);
	digest_free(&run->digest);
}

/* The longest run of ticks without a frame, and all such ticks. */
static uint64_t longest_gap(const struct digest *digest, uint64_t *all)
{
	uint64_t longest = 0, next = 0;

	*all = 0;
	for (size_t i = 0; i < digest->count; i++) {
		uint64_t gap = digest->lines[i].tick - next;

		*all += gap;
		if (gap > longest)
			longest = gap;
		next = digest->lines[i].tick + 1;
	}
	*all += TICKS - next;
	return longest;
}

/* Every tick has one class, and the digest has exactly the presented ones. */
static void check_account(const struct stopped_run *run, uint64_t missing)
{
	int64_t shown = report_int(run->report, "presented") +
			report_int(run->report, "late");
	int64_t lost = report_int(run->report, "digest.lost");

	report_check_sum(run->report);
	ck_assert_int_eq(report_int(run->report, "ticks"), TICKS);
	ck_assert_int_eq(report_int(run->report, "dropped"), 0);
	ck_assert_int_eq((int64_t)run->digest.count + lost, shown);
	ck_assert_int_eq(report_int(run->report, "skipped") + lost,
			 (int64_t)missing);
}

START_TEST(half_a_second_is_skipped_in_one_step)
{
	struct stopped_run run;
	uint64_t longest, missing;
	bool in_time = false;

	for (int i = 0; i < TRIES && !in_time; i++) {
		run_with_stop(&run);
		longest = longest_gap(&run.digest, &missing);
		check_account(&run, missing);
		/* on any machine: it was stopped for that long at least */
		ck_assert_msg(longest >= 29, "%" PRIu64 " ticks skipped in one "
					     "step after 500 ms", longest);
		in_time = run.stopped_ns < STOP_MS * 1000000LL + SLACK_NS &&
			  report_int(run.report, "digest.lost") == 0;
		if (in_time)
			ck_assert_msg(longest <= 31,
				      "stopped for %lld us: %" PRIu64
				      " ticks skipped in one step, %" PRIu64
				      " in all",
				      run.stopped_ns / 1000, longest, missing);
		release(&run);
	}
	if (!in_time)
		suite_skip("half_a_second_is_skipped_in_one_step",
			   "this machine is too busy to stop a program for "
			   "500 ms");
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("stop");
	TCase *stop = tcase_create("stop");

	tcase_set_timeout(stop, 120);
	tcase_add_test(stop, half_a_second_is_skipped_in_one_step);
	suite_add_tcase(s, stop);
	return s;
}

int main(void)
{
	return suite_run(suite());
}
