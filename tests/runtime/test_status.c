/*
 * tests/runtime/test_status.c: the live line: its words, its rhythm on a pipe
 * and on a terminal, and that a stuck reader holds nothing up.
 *
 * Lines are counted, never timed; a thread that waits for its reader runs into
 * Check's own limit.
 */
#define _GNU_SOURCE /* pipe2 */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runtime/observe/status.h"
#include "tests/runtime/stats_page.h"

static struct stats *stats, *copy;
static struct status status;
static int reader, writer;

static void setup(void)
{
	int ends[2];

	ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
	reader = ends[0];
	writer = ends[1];
	stats = stats_page(1, 2);
	copy = stats_page(1, 2);
	status = (struct status){.stats = stats,
				 .copy = copy,
				 .main_sink = 1,
				 .fd = writer,
				 .interval_ms = 1};
}

static void teardown(void)
{
	close(reader);
	close(writer);
	free(stats);
	free(copy);
}

/* Reads up to and with `end`, keeps what comes before it. */
static void read_to(char end, char *text, size_t bytes)
{
	size_t length = 0;

	for (;;) {
		ck_assert_uint_lt(length, bytes);
		ck_assert_int_eq(read(reader, &text[length], 1), 1);
		if (text[length] == end)
			break;
		length++;
	}
	text[length] = '\0';
}

START_TEST(the_words)
{
	char text[256];

	stats_begin(stats);
	ledger_start(&stats->counters.ledger, 0, 3); /* 3 skipped */
	ledger_accepted(&stats->counters.ledger, 1, true);
	ledger_dropped(&stats->counters.ledger, 1, DROP_BUSY);
	ledger_dropped(&stats->counters.ledger, 1, DROP_LOST);
	ledger_accepted(&stats->counters.ledger, 0, false);
	stats->counters.fps_milli = 59940;
	stats->counters.last_tick = 7;
	histogram_add(&stats->cycle, 310000);
	stats_end(stats);
	status_line(stats, 1, text, sizeof(text));
	ck_assert_str_eq(text, "fps 59.9  late 1  dropped 2  skipped 3  "
			       "cycle p50 0.31 ms  tick 7");
	stats->header.source_count = 2;
	strcpy(stats->header.source[0], "camera");
	strcpy(stats->header.source[1], "b");
	stats_begin(stats);
	stats->counters.source[0] = (struct stats_source){
		.rate_uhz = 59940060, .lost = 4, .is_frozen = 1};
	stats->counters.source[1] =
		(struct stats_source){.is_lost = 1, .is_black = 1};
	ledger_source(&stats->counters.ledger, 0, SOURCE_REPEATED, 6);
	stats_end(stats);
	status_line(stats, 1, text, sizeof(text));
	ck_assert_str_eq(text, "fps 59.9  late 1  dropped 2  skipped 3  "
			       "cycle p50 0.31 ms  tick 7  camera: 59.94 Hz, "
			       "1 repeats, 6 passed over, 4 lost, frozen  b: "
			       "0.00 Hz, 0 repeats, 0 passed over, 0 lost, "
			       "LOST, black");
	status_line(stats, 1, text, 10);
	ck_assert_uint_eq(strlen(text), 9);
}
END_TEST

START_TEST(one_whole_line_after_another)
{
	char line[256];
	int i;

	ck_assert_int_eq(status_start(&status), 0);
	for (i = 0; i < 20; i++) {
		read_to('\n', line, sizeof(line));
		ck_assert_str_eq(line, "fps 0.0  late 0  dropped 0  skipped 0  "
				       "cycle p50 0.00 ms  tick 0");
	}
	status_finish(&status);
}
END_TEST

START_TEST(a_terminal_line_overwrites_the_one_before)
{
	static char line[1 << 16]; /* lines go on while none is read */
	int i;

	status.terminal = true;
	ck_assert_int_eq(status_start(&status), 0);
	for (i = 0; i < 20; i++) {
		read_to('\r', line, sizeof(line));
		ck_assert_ptr_null(strchr(line, '\n'));
		if (i)
			ck_assert_int_eq(strncmp(line, "\033[Kfps 0.0  ", 12),
					 0);
	}
	status_finish(&status);
	/* the last line stays, and the shell's prompt comes below it */
	read_to('\n', line, sizeof(line));
	ck_assert_ptr_nonnull(strstr(line, "tick 0"));
}
END_TEST

START_TEST(a_stuck_reader_holds_nothing_up)
{
	static char all[1 << 20];
	char junk[1024], line[256];
	int flags = fcntl(writer, F_GETFL);
	size_t filled = 0;
	ssize_t taken;

	memset(junk, 'j', sizeof(junk));
	ck_assert_int_eq(fcntl(writer, F_SETFL, flags | O_NONBLOCK), 0);
	while ((taken = write(writer, junk, sizeof(junk))) > 0)
		filled += (size_t)taken;
	ck_assert_int_eq(fcntl(writer, F_SETFL, flags), 0);
	ck_assert_int_eq(status_start(&status), 0);
	usleep(50000); /* dozens of lines that nobody takes */
	status_finish(&status);
	ck_assert_int_eq(fcntl(writer, F_GETFL), flags);

	/* the pipe holds the junk alone; after it come whole lines again */
	ck_assert_uint_lt(filled, sizeof(all));
	while (filled > 0) {
		taken = read(reader, all, filled);
		ck_assert_int_gt(taken, 0);
		ck_assert_ptr_null(memchr(all, 'f', (size_t)taken));
		filled -= (size_t)taken;
	}
	ck_assert_int_eq(status_start(&status), 0);
	read_to('\n', line, sizeof(line));
	ck_assert_int_eq(strncmp(line, "fps 0.0  ", 9), 0);
	status_finish(&status);
}
END_TEST

START_TEST(a_closed_reader_ends_nothing)
{
	close(reader);
	ck_assert_int_eq(status_start(&status), 0);
	usleep(20000);
	status_finish(&status);
	reader = -1;
}
END_TEST

/* A write that stays open (a stopped tick thread) gives no line, no garbage. */
START_TEST(torn_figures_are_not_shown)
{
	char line[256];

	stats_begin(stats);
	stats->counters.fps_milli = 777000;
	ck_assert_int_eq(status_start(&status), 0);
	usleep(20000);
	stats->counters.fps_milli = 60000;
	stats_end(stats);
	read_to('\n', line, sizeof(line));
	ck_assert_int_eq(strncmp(line, "fps 60.0  ", 10), 0);
	status_finish(&status);
}
END_TEST

START_TEST(finish_accepts_zeroed_and_finished)
{
	struct status zeroed = {.stats = NULL};

	status_finish(&zeroed);
	ck_assert_int_eq(status_start(&status), 0);
	status_finish(&status);
	status_finish(&status);
}
END_TEST

static void *tick_for_a_while(void *arg)
{
	struct stats *mine = arg;
	uint64_t i;

	for (i = 0; i < 20000; i++) {
		stats_begin(mine);
		counter_set(&mine->counters.last_tick, i);
		counter_set(&mine->counters.ledger.skipped, i);
		histogram_add(&mine->cycle, (int64_t)i);
		stats_end(mine);
	}
	return NULL;
}

/* Two fields that the writer keeps equal are equal in every line. */
START_TEST(lines_are_consistent)
{
	unsigned long long tick, skipped;
	pthread_t thread;
	char line[256];
	int i;

	ck_assert_int_eq(status_start(&status), 0);
	ck_assert_int_eq(pthread_create(&thread, NULL, tick_for_a_while, stats),
			 0);
	for (i = 0; i < 10; i++) {
		read_to('\n', line, sizeof(line));
		ck_assert_int_eq(sscanf(strstr(line, "skipped"),
					"skipped %llu cycle p50 %*f ms tick "
					"%llu",
					&skipped, &tick),
				 2);
		ck_assert_uint_eq(tick, skipped);
	}
	pthread_join(thread, NULL);
	status_finish(&status);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("status");
	TCase *tests = tcase_create("status");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, the_words);
	tcase_add_test(tests, one_whole_line_after_another);
	tcase_add_test(tests, a_terminal_line_overwrites_the_one_before);
	tcase_add_test(tests, a_stuck_reader_holds_nothing_up);
	tcase_add_test(tests, a_closed_reader_ends_nothing);
	tcase_add_test(tests, torn_figures_are_not_shown);
	tcase_add_test(tests, finish_accepts_zeroed_and_finished);
	tcase_add_test(tests, lines_are_consistent);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_set_fork_status(runner, CK_FORK);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}
