/*
 * tests/e2e/test_alloc.c: the tick thread allocates nothing and touches no
 * page that is not there; nor do the workers that draw with it.
 *
 * build/host/demo/demo-trap is the demo with malloc and friends, memalign and
 * mmap trapped in the sealed thread: it runs 600 ticks and dies at none; a small
 * graph runs thousands, as what happens now and then is an allocation too. The
 * same trap around a graph with a node that allocates in its 100th tick dies
 * at that, and without the trap nobody would notice.
 */
#include <check.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lib/graphs.h"
#include "tests/lib/process.h"
#include "tests/lib/report.h"
#include "tests/lib/scratch.h"
#include "tests/lib/suite.h"

static const char leaky_graph[] = "graph: leaking\n"
				  "size: 320x240\n"
				  "format: XRGB8888\n"
				  "rate: 60\n"
				  "nodes:\n"
				  "  ball: {type: ball}\n"
				  "  leak: {type: leaky}\n"
				  "  screen: {type: display}\n"
				  "links:\n"
				  "  - ball -> leak -> screen\n";

static const char fast_graph[] = "graph: fast\n"
				 "size: 64x48\n"
				 "format: XRGB8888\n"
				 "rate: 500\n"
				 "nodes:\n"
				 "  ball: {type: ball}\n"
				 "  screen: {type: display}\n"
				 "links:\n"
				 "  - ball -> screen\n";

static const char *const clocks[] = {"free", "timer", "free", "timer"};
static const char *const workers[] = {"1", "1", "3", "3"};

START_TEST(six_hundred_ticks_allocate_nothing)
{
	char *dir = program_path("demo"), *record = scratch_path("digest");
	char program[512];
	struct process process;
	json_t *report;

	snprintf(program, sizeof(program), "%s-trap", dir);
	process_start(&process, NULL,
		      (const char *const[]){
			      program, "--display", "headless", "--clock",
			      clocks[_i], "--ticks", "600", "--digest", record,
			      "--status", "--workers", workers[_i], "--report",
			      "json", NULL});
	process_expect(&process, 0);
	report = report_parse(process.out);
	report_check_sum(report);
	ck_assert_int_eq(report_int(report, "ticks"), 600);
	ck_assert_msg(report_int(report, "faults.major") == 0,
		      "%" PRId64 " major faults since the seal",
		      report_int(report, "faults.major"));
	if (!strcmp(workers[_i], "1"))
		ck_assert_int_eq(report_int(report, "driver.workers_bands"), 0);
	else
		ck_assert_int_gt(report_int(report, "driver.workers_bands"), 0);
	json_decref(report);
	process_finish(&process);
	free(record);
	free(dir);
}
END_TEST

/* What happens every thousandth tick happens a few times. */
START_TEST(thousands_of_ticks_allocate_nothing)
{
	static const char *const ticks[] = {"20000", "3500"};
	const char *const none[] = {NULL};
	char trap[512], *program;
	const char *const trapped[] = {trap, NULL};
	struct process process;

	snprintf(trap, sizeof(trap), "%s/obj/tests/runtime/alloc_trap.o",
		 build_dir());
	program = graphs_build("fast", fast_graph, none, trapped);
	process_start(&process, NULL,
		      (const char *const[]){program, "--display", "headless",
					    "--clock", clocks[_i], "--ticks",
					    ticks[_i], NULL});
	process_expect(&process, 0);
	process_finish(&process);
	free(program);
}
END_TEST

/* Runs a graph of that many ticks; the exit status, and stderr in process. */
static int run(struct process *process, const char *program, const char *ticks)
{
	process_start(process, NULL,
		      (const char *const[]){program, "--display", "headless",
					    "--clock", "free", "--ticks", ticks,
					    NULL});
	return process_wait(process, PROCESS_LIMIT_MS);
}

START_TEST(a_planted_allocation_is_caught)
{
	const char *const nodes[] = {"-n", "tests/nodes", NULL};
	char trap[512];
	const char *const trapped[] = {"-iquote", "tests/nodes", trap, NULL};
	struct process process;
	char *program;

	snprintf(trap, sizeof(trap), "%s/obj/tests/runtime/alloc_trap.o",
		 build_dir());
	program = graphs_build("leaking", leaky_graph, nodes, trapped);
	ck_assert_msg(run(&process, program, "90") == 0,
		      "died before the planted allocation: %s", process.err);
	process_finish(&process);
	ck_assert_msg(run(&process, program, "300") == 128 + SIGABRT,
		      "an allocation in the sealed thread: status %d: %s",
		      process.status, process.err);
	ck_assert_msg(strstr(process.err, "malloc in the sealed thread"),
		      "stderr does not name the call: %s", process.err);
	process_finish(&process);
	free(program);
}
END_TEST

START_TEST(without_the_trap_it_goes_unnoticed)
{
	const char *const nodes[] = {"-n", "tests/nodes", NULL};
	const char *const words[] = {"-iquote", "tests/nodes", NULL};
	char *program = graphs_build("leaking", leaky_graph, nodes, words);
	struct process process;

	ck_assert_msg(run(&process, program, "300") == 0, "%s", process.err);
	process_finish(&process);
	free(program);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("alloc");
	TCase *alloc = tcase_create("alloc");

	tcase_set_timeout(alloc, 120);
	tcase_add_loop_test(alloc, six_hundred_ticks_allocate_nothing, 0, 4);
	tcase_add_loop_test(alloc, thousands_of_ticks_allocate_nothing, 0, 2);
	tcase_add_test(alloc, a_planted_allocation_is_caught);
	tcase_add_test(alloc, without_the_trap_it_goes_unnoticed);
	suite_add_tcase(s, alloc);
	return s;
}

int main(void)
{
	return suite_run(suite());
}
