/*
 * tests/e2e/test_exits.c: how a built program ends, and what does not end it.
 *
 * A signal ends a run cleanly, a second one at once; --hold waits for one.
 * Readers of stdout and stderr that block, or are not there, stop no tick and
 * spoil no recording.
 */
#define _GNU_SOURCE
#include <check.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/lib/frames.h"
#include "tests/lib/graphs.h"
#include "tests/lib/process.h"
#include "tests/lib/report.h"
#include "tests/lib/scratch.h"
#include "tests/lib/suite.h"

static const int ends[] = {SIGINT, SIGTERM, SIGHUP};

START_TEST(a_signal_ends_cleanly)
{
	char *program = program_path("demo-480p");
	char *snapshot = scratch_path("end.png");
	struct process process;
	uint32_t width, height;
	json_t *report;

	graphs_start(
		&process, NULL, program,
		GRAPHS_OPTIONS("--report", "json", "--snapshot", snapshot));
	ck_assert(process_thread(&process, "tick"));
	sleep_ms(300);
	process_signal(&process, ends[_i]);
	process_expect(&process, 0);
	report = report_parse(process.out);
	report_check_sum(report);
	ck_assert_int_gt(report_int(report, "ticks"), 0);
	free(png_read(snapshot, &width, &height));
	json_decref(report);
	process_finish(&process);
	free(snapshot);
	free(program);
}
END_TEST

/* Nobody opens the FIFO: bring-up waits for that, and for a signal. */
START_TEST(a_signal_ends_bring_up)
{
	char *program = program_path("demo-480p");
	char *fifo = scratch_path("no-reader.raw");
	struct process process;

	ck_assert(!mkfifo(fifo, 0600));
	graphs_start(&process, NULL, program,
		     GRAPHS_OPTIONS("--record", fifo, "--report", "json"));
	ck_assert(process_thread(&process, "signals"));
	process_signal(&process, ends[_i]);
	process_expect(&process, 0);
	ck_assert_str_eq(process.out, "");
	ck_assert_ptr_nonnull(strstr(process.err, "signal"));
	process_finish(&process);
	free(fifo);
	free(program);
}
END_TEST

/* The recorder hangs on a FIFO that nobody reads; the first signal has to wait
 * for it, the second does not. */
START_TEST(a_second_signal_ends_at_once)
{
	char *program = program_path("demo-480p"), *path;
	int fifo = scratch_fifo("unread.raw", &path);
	struct process process;

	graphs_start(&process, NULL, program, GRAPHS_OPTIONS("--record", path));
	ck_assert(process_thread(&process, "tick"));
	sleep_ms(500);
	process_signal(&process, SIGINT);
	ck_assert_msg(!process_ends(&process, 300),
		      "%s: the first SIGINT did not wait for the recorder",
		      program);
	process_signal(&process, SIGINT);
	ck_assert_msg(process_wait(&process, 4000) != PROCESS_TIMED_OUT,
		      "%s: still there 4 s after a second SIGINT", program);
	ck_assert_msg(process.status != 0,
		      "%s: a broken-off recording ended with status 0",
		      program);
	process_finish(&process);
	close(fifo);
	free(path);
	free(program);
}
END_TEST

START_TEST(hold_waits_for_a_signal)
{
	char *program = program_path("demo-480p");
	char *digest_path = scratch_path("hold.digest");
	struct process process;
	struct digest digest;
	json_t *report;

	graphs_start(&process, NULL, program,
		     GRAPHS_OPTIONS("--ticks", "3", "--hold", "--digest",
				    digest_path, "--report", "json"));
	ck_assert_msg(!process_ends(&process, 1500),
		      "--hold: ended by itself: status %d: %s", process.status,
		      process.err);
	process_signal(&process, SIGTERM);
	process_expect(&process, 0);
	report = report_parse(process.out);
	ck_assert_int_eq(report_int(report, "ticks"), 3);
	digest = digest_read(digest_path);
	ck_assert_uint_le(digest.count, 3);
	digest_free(&digest);
	json_decref(report);
	process_finish(&process);
	free(digest_path);
	free(program);
}
END_TEST

/* A pipe that is full and stays so until it is read. */
static void full_pipe(int fds[2])
{
	static const char filler[4096];

	ck_assert(!pipe2(fds, O_CLOEXEC | O_NONBLOCK));
	while (write(fds[1], filler, sizeof(filler)) > 0)
		;
	while (write(fds[1], filler, 1) > 0)
		;
	ck_assert(!fcntl(fds[1], F_SETFL, 0));
}

static void drain(int fd)
{
	static char bin[4096];

	while (read(fd, bin, sizeof(bin)) > 0)
		;
}

/* Nobody reads stdout and stderr: frames keep coming; what is to be said waits.
 */
START_TEST(blocked_readers_do_not_stop_ticks)
{
	char *program = program_path("demo-480p"), *path;
	int fifo = scratch_fifo("blocked.raw", &path);
	unsigned char *frame = malloc(640 * 480 * 4);
	int out[2], err[2], frames = 0;
	struct process_setup setup = {0};
	struct process process;

	full_pipe(out);
	full_pipe(err);
	setup.stdout_fd = out[1];
	setup.stderr_fd = err[1];
	graphs_start(&process, &setup, program,
		     GRAPHS_OPTIONS("--status", "--report", "text", "--record",
				    path));
	while (frames < 100 &&
	       frames_read(fifo, &process, frame, 640 * 480 * 4))
		frames++;
	ck_assert_msg(frames == 100, "%d frames with stdout and stderr blocked",
		      frames);
	drain(out[0]);
	drain(err[0]);
	process_signal(&process, SIGTERM);
	while (frames_read(fifo, &process, frame, 640 * 480 * 4))
		;
	process_expect(&process, 0);
	process_finish(&process);
	free(frame);
	close(fifo);
	free(path);
	free(program);
}
END_TEST

/* The line of /proc/PID/FOLDER/status that begins with that name. */
static void read_status(const char *path, const char *name, char *value,
			size_t bytes)
{
	FILE *file = fopen(path, "r");
	char line[256];

	value[0] = '\0';
	ck_assert_ptr_nonnull(file);
	while (fgets(line, sizeof(line), file))
		if (!strncmp(line, name, strlen(name)))
			snprintf(value, bytes, "%s", line + strlen(name));
	fclose(file);
}

/* As the kernel sees it: memory locked (where that is granted), and no signal
 * open in the tick thread. */
START_TEST(the_tick_thread_is_sealed)
{
	char *program = program_path("demo-480p");
	char path[96], value[64];
	struct process process;
	json_t *report;
	pid_t tick;
	long locked;

	graphs_start(&process, NULL, program,
		     GRAPHS_OPTIONS("--clock", "timer", "--report", "json"));
	tick = process_thread(&process, "tick");
	ck_assert(tick);
	sleep_ms(500);
	snprintf(path, sizeof(path), "/proc/%d/task/%d/status", process.pid,
		 tick);
	read_status(path, "SigBlk:", value, sizeof(value));
	/* all but SIGKILL, SIGSTOP and the two that glibc keeps */
	ck_assert_uint_eq(strtoull(value, NULL, 16), 0xfffffffe7ffbfeffULL);
	read_status(path, "VmLck:", value, sizeof(value));
	locked = strtol(value, NULL, 10);
	process_signal(&process, SIGTERM);
	process_expect(&process, 0);
	report = report_parse(process.out);
	if (json_is_true(report_value(report, "thread.memory_locked")))
		ck_assert_int_gt(locked, 640 * 480 * 4 * 3 / 1024);
	else
		suite_skip("the_tick_thread_is_sealed",
			   "memory may not be locked here: signals only");
	json_decref(report);
	process_finish(&process);
	free(program);
}
END_TEST

static const struct closed {
	int fds[4]; /* ends in -1 */
	int status; /* 71: nobody gets the report */
} closed[] = {{{2, -1}, 0}, {{1, -1}, 71}, {{0, 1, 2, -1}, 71}};

/* In the child: as a daemon that closed what it does not need is started. */
static bool close_standard(const void *argument)
{
	const struct closed *row = argument;

	for (const int *fd = row->fds; *fd >= 0; fd++)
		if (close(*fd))
			return false;
	return true;
}

/* What is meant for stdout and stderr does not end up in the digest. */
START_TEST(closed_descriptors_stay_out_of_the_way)
{
	const struct process_setup setup = {.before_exec = close_standard,
					    .argument = &closed[_i]};
	char *program = program_path("demo-480p");
	char *path = scratch_path("closed.digest");
	struct process process;
	struct digest digest;

	graphs_start(&process, &setup, program,
		     GRAPHS_OPTIONS("--ticks", "80", "--status", "--digest",
				    path, "--report", "text"));
	process_expect(&process, closed[_i].status);
	digest = digest_read(path);
	ck_assert_uint_gt(digest.count, 1);
	digest_free(&digest);
	process_finish(&process);
	free(path);
	free(program);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("exits");
	TCase *exits = tcase_create("exits");

	tcase_set_timeout(exits, 120);
	tcase_add_loop_test(exits, a_signal_ends_cleanly, 0, 3);
	tcase_add_loop_test(exits, a_signal_ends_bring_up, 0, 3);
	tcase_add_test(exits, a_second_signal_ends_at_once);
	tcase_add_test(exits, hold_waits_for_a_signal);
	tcase_add_test(exits, the_tick_thread_is_sealed);
	tcase_add_test(exits, blocked_readers_do_not_stop_ticks);
	tcase_add_loop_test(exits, closed_descriptors_stay_out_of_the_way, 0,
			    3);
	suite_add_tcase(s, exits);
	return s;
}

int main(void)
{
	return suite_run(suite());
}
