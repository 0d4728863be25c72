/*
 * tests/e2e/test_outputs.c: where outputs go: nothing is touched by a start that
 * is refused, no two go into one file, "-" is standard output, and a reader of
 * the report that is slow gets all of it.
 */
#define _GNU_SOURCE
#include <check.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/lib/graphs.h"
#include "tests/lib/process.h"
#include "tests/lib/report.h"
#include "tests/lib/scratch.h"
#include "tests/lib/suite.h"

#define FRAME_BYTES (640 * 480 * 4)

static void write_text(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	ck_assert_ptr_nonnull(file);
	fputs(text, file);
	ck_assert(!fclose(file));
}

static void run_and_expect(struct process *process, int status,
			   const char *const *options)
{
	char *program = program_path("demo-480p");

	graphs_start(process, NULL, program, options);
	process_expect(process, status);
	free(program);
}

/* clang-format off */
/* What refuses late, after the outputs are open. */
static const char *const refusing[][3] = {
	{"--cpu", "1023", NULL},
	{"--display", "kms,device=/dev/null", NULL},
	{"--snapshot", "/nonexistent/a.png", NULL},
	{"--ledger", "/nonexistent/ledger", NULL},
	{"--ledger", "/", NULL},
};
/* clang-format on */
#define REFUSING_COUNT ((int)(sizeof(refusing) / sizeof(refusing[0])))

START_TEST(a_refused_start_touches_nothing)
{
	const char *option = refusing[_i][0], *value = refusing[_i][1];
	char *old = scratch_path("old.raw"), *fresh = scratch_path("new.txt");
	struct process process;
	char text[32] = "";
	FILE *file;

	write_text(old, "of before");
	run_and_expect(&process,
		       _i == 0 ? 78 : _i == 1 ? 69 : 64,
		       GRAPHS_OPTIONS("--ticks", "3", "--record", old,
				      "--digest", fresh, option, value));
	ck_assert_str_eq(process.out, "");
	file = fopen(old, "r");
	ck_assert_ptr_nonnull(fgets(text, sizeof(text), file));
	fclose(file);
	ck_assert_str_eq(text, "of before");
	ck_assert_msg(access(fresh, F_OK), "%s %s: the digest was created",
		      option, value);
	process_finish(&process);
	free(old);
	free(fresh);
}
END_TEST

/* The option is named, and why. */
START_TEST(a_ledger_that_cannot_be_is_refused_at_start)
{
	struct process process;

	run_and_expect(&process, 64,
		       GRAPHS_OPTIONS("--ledger", "/nonexistent/ledger"));
	ck_assert_ptr_nonnull(strstr(process.err, "demo-480p: --ledger "
						  "/nonexistent/ledger: no "
						  "such folder"));
	process_finish(&process);
}
END_TEST

static int count_lines(const char *text)
{
	int lines = 0;

	for (; *text; text++)
		lines += *text == '\n';
	return lines;
}

/* A headless display shows each frame at once. */
START_TEST(a_ledger_has_a_line_a_frame_without_a_screen)
{
	struct process process;
	unsigned long long tick;
	const char *row;
	int rows;

	run_and_expect(&process, 0,
		       GRAPHS_OPTIONS("--clock", "free", "--ticks", "25",
				      "--ledger", "-"));
	ck_assert_int_eq(count_lines(process.out), 26);
	ck_assert(!strncmp(process.out, "tick sink due_ns submit_ns flip_ns "
					"sequence stamp\n", 50));
	row = strchr(process.out, '\n') + 1;
	for (rows = 0; *row; rows++) {
		ck_assert_int_eq(sscanf(row, "%llu 0 ", &tick), 1);
		ck_assert_int_eq((int)tick, rows);
		row = strchr(row, '\n') + 1;
	}
	process_finish(&process);
}
END_TEST

static const char *const to_stdout[] = {"--record", "--digest", "--ledger",
					"--snapshot"};

/* The same bytes as in a file. */
START_TEST(a_dash_is_standard_output)
{
	char *path = scratch_path("as-file");
	struct process file, stream;
	struct stat status;
	char *bytes;
	int fd;

	run_and_expect(&stream, 0,
		       GRAPHS_OPTIONS("--clock", "free", "--ticks", "3",
				      to_stdout[_i], "-"));
	run_and_expect(&file, 0,
		       GRAPHS_OPTIONS("--clock", "free", "--ticks", "3",
				      to_stdout[_i], path));
	ck_assert_str_eq(file.out, "");
	fd = open(path, O_RDONLY);
	ck_assert(!fstat(fd, &status) && status.st_size > 0);
	bytes = calloc(2, (size_t)status.st_size);
	ck_assert_int_eq(read(fd, bytes, (size_t)status.st_size),
			 status.st_size);
	if (strcmp(to_stdout[_i], "--ledger")) { /* its times differ */
		ck_assert_int_eq(pread(stream.out_fd,
				       bytes + status.st_size,
				       (size_t)status.st_size, 0),
				 status.st_size);
		ck_assert_mem_eq(bytes, bytes + status.st_size,
				 (size_t)status.st_size);
	} else {
		ck_assert_int_eq(count_lines(stream.out), count_lines(bytes));
	}
	close(fd);
	free(bytes);
	free(path);
	process_finish(&stream);
	process_finish(&file);
}
END_TEST

START_TEST(a_dash_and_a_report_are_refused)
{
	struct process process;

	run_and_expect(&process, 64,
		       GRAPHS_OPTIONS("--ticks", "3", to_stdout[_i], "-",
				      "--report", "json"));
	ck_assert_str_eq(process.out, "");
	ck_assert_ptr_nonnull(strstr(process.err,
				     "and --report: both write standard "
				     "output"));
	process_finish(&process);
}
END_TEST

/* A small pipe, nearly full, non-blocking, read late and in small portions. */
START_TEST(a_report_into_a_slow_pipe_is_whole)
{
	static const int pipe_flags[] = {0, O_NONBLOCK};
	static char text[1 << 18], filler[3000];
	char *program = program_path("demo-480p");
	struct process_setup setup = {0};
	struct process process;
	size_t length = 0;
	ssize_t count;
	json_t *report;
	int ends[2];

	ck_assert(!pipe2(ends, O_CLOEXEC));
	ck_assert(fcntl(ends[1], F_SETPIPE_SZ, 4096) >= 4096);
	memset(filler, ' ', sizeof(filler));
	ck_assert_int_eq(write(ends[1], filler, sizeof(filler)),
			 sizeof(filler));
	ck_assert(!fcntl(ends[1], F_SETFL, pipe_flags[_i]));
	setup.stdout_fd = ends[1];
	graphs_start(&process, &setup, program,
		     GRAPHS_OPTIONS("--clock", "free", "--ticks", "3",
				    "--report", "json"));
	close(ends[1]);
	sleep_ms(500); /* so that it waits */
	while ((count = read(ends[0], text + length, 1000)) > 0) {
		length += (size_t)count;
		sleep_ms(20);
	}
	process_expect(&process, 0);
	text[length] = '\0';
	report = report_parse(text + sizeof(filler));
	ck_assert_int_eq(report_int(report, "ticks"), 3);
	json_decref(report);
	close(ends[0]);
	process_finish(&process);
	free(program);
}
END_TEST

/* Nobody reads it: the end says what is lost, and the status too. */
START_TEST(a_report_that_nobody_takes_is_a_line)
{
	char *program = program_path("demo-480p");
	struct process_setup setup = {0};
	struct process process;
	static char filler[4096];
	int ends[2];

	ck_assert(!pipe2(ends, O_CLOEXEC));
	ck_assert(fcntl(ends[1], F_SETPIPE_SZ, 4096) >= 4096);
	ck_assert_int_eq(write(ends[1], filler, sizeof(filler)),
			 sizeof(filler));
	setup.stdout_fd = ends[1];
	graphs_start(&process, &setup, program,
		     GRAPHS_OPTIONS("--clock", "free", "--ticks", "3",
				    "--report", "json"));
	process_expect(&process, 71);
	ck_assert_ptr_nonnull(strstr(process.err, "--report: standard output "
						  "takes nothing"));
	close(ends[0]);
	close(ends[1]);
	process_finish(&process);
	free(program);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("outputs");
	TCase *outputs = tcase_create("outputs");

	tcase_set_timeout(outputs, 120);
	tcase_add_loop_test(outputs, a_refused_start_touches_nothing, 0,
			    REFUSING_COUNT);
	tcase_add_test(outputs, a_ledger_that_cannot_be_is_refused_at_start);
	tcase_add_test(outputs, a_ledger_has_a_line_a_frame_without_a_screen);
	tcase_add_loop_test(outputs, a_dash_is_standard_output, 0, 4);
	tcase_add_loop_test(outputs, a_dash_and_a_report_are_refused, 0, 4);
	tcase_add_loop_test(outputs, a_report_into_a_slow_pipe_is_whole, 0, 2);
	tcase_add_test(outputs, a_report_that_nobody_takes_is_a_line);
	suite_add_tcase(s, outputs);
	return s;
}

int main(void)
{
	return suite_run(suite());
}
