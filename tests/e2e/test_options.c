/*
 * tests/e2e/test_options.c: the command line of a built program and its
 * refusals.
 *
 * A refusal is one line on stderr that names what was wrong, nothing on
 * stdout, and the documented status. Without privilege the program warns once
 * and runs.
 */
#define _GNU_SOURCE
#include <check.h>
#include <errno.h>
#include <grp.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/lib/graphs.h"
#include "tests/lib/process.h"
#include "tests/lib/report.h"
#include "tests/lib/scratch.h"
#include "tests/lib/suite.h"

#define NOBODY 65534

/* clang-format off */
static const struct refusal {
	const char *options[4];
	int status;
	const char *named; /* in the message */
} refusals[] = {
	{{"--bogus"},				64, "--bogus"},
	{{"--tick", "5"},			64, "--ticks"},
	{{"--hol"},				64, "--hold"},
	{{"-x"},				64, "-x"},
	{{"surplus"},				64, "surplus"},
	{{"--ticks"},				64, "--ticks"},
	{{"--ticks", ""},			64, "--ticks"},
	{{"--ticks", "0"},			64, "--ticks"},
	{{"--source", "x:pattern"},		64, "has no source"},
	{{"--ticks", "-1"},			64, "--ticks"},
	{{"--ticks", "5x"},			64, "--ticks"},
	{{"--ticks", "99999999999999999999999"},	64, "--ticks"},
	{{"--seconds", "nan"},			64, "--seconds"},
	{{"--seconds", "-1"},			64, "--seconds"},
	{{"--seconds", "1e99"},			64, "--seconds"},
	{{"--ticks=5", "--seconds=1"},		64, "--seconds"},
	{{"--display", "headles"},		64, "headless"},
	{{"--display", "nosink:headless"},	64, "nosink"},
	{{"--display", "kms,color=red"},	64, "no setting color"},
	{{"--backend", "opencl"},		64, "opencl"},
	{{"--backend", "cuda,x"},		64, "device=N"},
	{{"--clock", "sundial"},		64, "sundial"},
	{{"--clock=display", "--display=null"},	64, "--clock timer"},
	{{"--report", "xml"},			64, "xml"},
	{{"--isa", "z80"},			64, "z80"},
	{{"--set", "pattern.radius"},		64, "pattern.radius"},
	{{"--set", "pattern.radious=4"},	64, "radious"},
	{{"--set", "patern.radius=4"},		64, "patern"},
	{{"--set", "pattern.radius=four"},	64, "pattern.radius"},
	{{"--set", "pattern.radius=-5"},	64, "pattern.radius"},
	{{"--set", "pattern.radius=999999999"},	64, "pattern.radius"},
	{{"--set", "pattern.velocity=1"},	64, "pattern.velocity"},
	{{"--set", "pattern.velocity=1,2,3"},	64, "pattern.velocity"},
	{{"--set", "pattern.velocity=nan,1"},	64, "pattern.velocity"},
	{{"--priority", "0"},			64, "--priority"},
	{{"--priority", "100"},			64, "--priority"},
	{{"--cpu", "-2"},			64, "--cpu"},
	{{"--cpu", "100000"},			64, "--cpu"},
	{{"--spin-us", "-1"},			64, "--spin-us"},
	{{"--spin-us", "999999999"},		64, "--spin-us"},
	{{"--record", ""},			64, "--record"},
	{{"--hold=yes"},			64, "--hold"},
};
/* clang-format on */

static void check_refusal(struct process *process, const char *what, int status,
			  const char *named)
{
	size_t length;

	ck_assert_msg(process_wait(process, PROCESS_LIMIT_MS) == status,
		      "%s: status %d, expected %d; stderr: %s", what,
		      process->status, status, process->err);
	length = strlen(process->err);
	ck_assert_msg(length > 1 && strchr(process->err, '\n') ==
					    process->err + length - 1,
		      "%s: not one line: \"%s\"", what, process->err);
	ck_assert_msg(strstr(process->err, named),
		      "%s: \"%s\" is not named in: %s", what, named,
		      process->err);
	ck_assert_msg(!*process->out, "%s: on stdout: %s", what, process->out);
	process_finish(process);
}

START_TEST(bad_options)
{
	const struct refusal *row = &refusals[_i];
	char *program = program_path("demo-480p");
	struct process process;
	char what[128];

	snprintf(what, sizeof(what), "%s %s", row->options[0],
		 row->options[1] ? row->options[1] : "");
	graphs_start(&process, NULL, program, row->options);
	check_refusal(&process, what, row->status, row->named);
	free(program);
}
END_TEST

static const char *const places[] = {"--record", "--digest", "--snapshot"};

START_TEST(unwritable_paths)
{
	char *program = program_path("demo-480p");
	const char *const paths[] = {"/nonexistent/frames.png", scratch_dir(),
				     "/proc/frames.png"};
	struct process process;

	for (size_t i = 0; i < 3; i++) {
		graphs_start(
			&process, NULL, program,
			GRAPHS_OPTIONS("--backend", "cpu", "--ticks", "3",
				       places[_i], paths[i]));
		ck_assert_msg(process_wait(&process, PROCESS_LIMIT_MS) > 0,
			      "%s %s: accepted", places[_i], paths[i]);
		check_refusal(&process, places[_i], process.status, paths[i]);
	}
	free(program);
}
END_TEST

/* In the child: an ordinary user without a realtime limit. */
static bool become_nobody(const void *unused)
{
	const struct rlimit none = {0, 0}, small = {65536, 65536};

	(void)unused;
	if (setrlimit(RLIMIT_RTPRIO, &none) ||
	    setrlimit(RLIMIT_MEMLOCK, &small))
		return false;
	if (geteuid() != 0)
		return true;
	return !setgroups(0, NULL) && !setresgid(NOBODY, NOBODY, NOBODY) &&
	       !setresuid(NOBODY, NOBODY, NOBODY) &&
	       !prctl(PR_SET_PDEATHSIG, SIGKILL);
}

/* The program where anyone may run it; the tree may be inside a private home.
 */
static char *public_copy(const char *name)
{
	char *program = program_path(name), *copy = scratch_path("program");
	struct process process;
	int status = process_run(
		&process, (const char *const[]){"cp", program, copy, NULL});

	ck_assert_msg(status == 0, "cp: %s", process.err);
	process_finish(&process);
	ck_assert(!chmod(scratch_dir(), 0755) && !chmod(copy, 0755));
	free(program);
	return copy;
}

static const struct process_setup nobody = {.before_exec = become_nobody};

static int lines(const char *text)
{
	int count = 0;

	for (; *text; text++)
		count += *text == '\n';
	return count;
}

START_TEST(without_privilege_one_warning)
{
	char *program = public_copy("demo-480p");
	struct process process;
	json_t *report;

	graphs_start(&process, &nobody, program,
		     GRAPHS_OPTIONS("--ticks", "30", "--report", "json",
				    "--control", "none"));
	process_expect(&process, 0);
	report = report_parse(process.out);
	report_check_sum(report);
	ck_assert_int_eq(report_int(report, "ticks"), 30);
	ck_assert_msg(lines(process.err) <= 2 &&
			      strstr(process.err, "RLIMIT_RTPRIO") &&
			      strstr(process.err, "RLIMIT_MEMLOCK"),
		      "not one warning that names RLIMIT_RTPRIO and "
		      "RLIMIT_MEMLOCK: %s",
		      process.err);
	json_decref(report);
	process_finish(&process);
	free(program);
}
END_TEST

START_TEST(require_rt_without_privilege)
{
	char *program = public_copy("demo-480p");
	struct process process;

	graphs_start(&process, &nobody, program,
		     GRAPHS_OPTIONS("--ticks", "30", "--require-rt"));
	check_refusal(&process, "--require-rt", 77, "RLIMIT_RTPRIO");
	free(program);
}
END_TEST

START_TEST(probe_says_and_ends)
{
	static const char *const words[] = {"headless", "cpu"};
	char *program = program_path("demo-480p");
	struct process process;

	graphs_start(&process, NULL, program, GRAPHS_OPTIONS("--probe"));
	process_expect(&process, 0);
	for (size_t i = 0; i < 2; i++)
		ck_assert_msg(strstr(process.out, words[i]),
			      "--probe does not name \"%s\": %s", words[i],
			      process.out);
	process_finish(&process);
	free(program);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("options");
	TCase *options = tcase_create("options"), *run = tcase_create("run");

	tcase_set_timeout(options, 120);
	tcase_add_loop_test(options, bad_options, 0,
			    sizeof(refusals) / sizeof(refusals[0]));
	tcase_add_loop_test(options, unwritable_paths, 0, 3);
	suite_add_tcase(s, options);
	tcase_set_timeout(run, 120);
	tcase_add_test(run, without_privilege_one_warning);
	tcase_add_test(run, require_rt_without_privilege);
	tcase_add_test(run, probe_says_and_ends);
	suite_add_tcase(s, run);
	return s;
}

int main(void)
{
	return suite_run(suite());
}
