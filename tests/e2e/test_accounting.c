/*
 * tests/e2e/test_accounting.c: every tick ends in one class, and the classes
 * agree with what came out.
 *
 * The report counts; the recorder and the digest saw. Programs are run as fast
 * as possible, stopped now and then, starved of a recording's reader, and given
 * more than a period's work; each time the two accounts are compared, and each
 * frame that came out is the frame of the tick that the digest names.
 */
#include <check.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xxhash.h>

#include "tests/lib/frames.h"
#include "tests/lib/graphs.h"
#include "tests/lib/process.h"
#include "tests/lib/report.h"
#include "tests/lib/scratch.h"
#include "tests/lib/suite.h"

#define FRAME_BYTES (640 * 480 * 4) /* of demo-480p */

/* A run that has ended. */
struct account {
	json_t *report;
	struct digest digest;
	uint64_t ticks, shown, missed; /* missed: skipped or dropped */
};

static void settle(struct account *account, struct process *process,
		   const char *digest_path)
{
	process_expect(process, 0);
	account->report = report_parse(process->out);
	account->digest = digest_read(digest_path);
	report_check_sum(account->report);
	account->ticks = (uint64_t)report_int(account->report, "ticks");
	account->shown = (uint64_t)(report_int(account->report, "presented") +
				    report_int(account->report, "late"));
	account->missed = (uint64_t)(report_int(account->report, "skipped") +
				     report_int(account->report, "dropped"));
}

static void release(struct account *account)
{
	json_decref(account->report);
	digest_free(&account->digest);
}

/* The sum over the reasons is what was dropped. */
static void check_drop_reasons(const struct account *account)
{
	const json_t *reasons = report_value(account->report, "drop_reasons");
	const char *name;
	json_t *count;
	int64_t sum = 0;

	ck_assert(json_is_object(reasons));
	json_object_foreach((json_t *)(uintptr_t)reasons, name, count) sum +=
		json_integer_value(count);
	ck_assert_int_eq(sum, report_int(account->report, "dropped"));
}

/* The digest's lines against the report. */
static void check_digest(const struct account *account)
{
	uint64_t lost = (uint64_t)report_int(account->report, "digest.lost");

	ck_assert_int_eq(report_int(account->report, "digest.written"),
			 (int64_t)account->digest.count);
	ck_assert_msg(account->shown == account->digest.count + lost,
		      "shown %" PRIu64 ", digest lines %zu, lost %" PRIu64,
		      account->shown, account->digest.count, lost);
	ck_assert_msg(digest_missing(&account->digest, account->ticks) ==
			      account->missed + lost,
		      "%" PRIu64 " of %" PRIu64 " ticks have no line; "
		      "skipped and dropped %" PRIu64 ", lost %" PRIu64,
		      digest_missing(&account->digest, account->ticks),
		      account->ticks, account->missed, lost);
	check_drop_reasons(account);
}

/* Every line's hash is that of the same tick in a run that missed nothing. */
static void check_frames(const struct digest *digest, const struct digest *all)
{
	for (size_t i = 0; i < digest->count; i++) {
		const struct digest_line *line = &digest->lines[i];

		ck_assert_uint_lt(line->tick, all->count);
		ck_assert_msg(line->hash == all->lines[line->tick].hash,
			      "the frame called tick %" PRIu64
			      " is not that tick's",
			      line->tick);
	}
}

/* Runs a graph with --clock free: no tick is missed. */
static struct digest every_frame(const char *program, const char *ticks)
{
	char *path = scratch_path("all.digest");
	struct process process;
	struct account account;

	process_start(&process, NULL,
		      (const char *const[]){program, "--display", "headless",
					    "--clock", "free", "--ticks", ticks,
					    "--digest", path, "--report",
					    "json", NULL});
	settle(&account, &process, path);
	process_finish(&process);
	ck_assert_uint_eq(account.ticks, strtoull(ticks, NULL, 10));
	ck_assert_uint_eq(account.shown, account.ticks);
	ck_assert_uint_eq(account.missed, 0);
	check_digest(&account);
	ck_assert_uint_eq(account.digest.count, account.ticks);
	json_decref(account.report);
	free(path);
	return account.digest;
}

START_TEST(free_clock_misses_nothing)
{
	char *program = program_path("demo-480p");
	struct digest all = every_frame(program, "200");

	digest_free(&all);
	free(program);
}
END_TEST

/* Reads what is left of a recording, each frame against the digest: recorded
 * frames are the digest's lines, in order. Returns how many there were. */
static uint64_t read_recording(int fifo, struct process *process,
			       uint64_t *hashes, size_t room)
{
	static unsigned char frame[FRAME_BYTES];
	uint64_t count = 0;

	while (frames_read(fifo, process, frame, sizeof(frame))) {
		ck_assert_uint_lt(count, room);
		hashes[count++] = XXH3_64bits(frame, sizeof(frame));
	}
	return count;
}

static void check_recording(const struct account *account,
			    const uint64_t *hashes, uint64_t count)
{
	size_t at = 0;

	ck_assert_int_eq(report_int(account->report, "recording.written"),
			 (int64_t)count);
	ck_assert_uint_eq(account->shown,
			  count + (uint64_t)report_int(account->report,
						       "recording.lost"));
	for (uint64_t i = 0; i < count; i++, at++) {
		while (at < account->digest.count &&
		       account->digest.lines[at].hash != hashes[i])
			at++;
		ck_assert_msg(at < account->digest.count,
			      "recorded frame %" PRIu64
			      " has no digest line, or comes out of order",
			      i);
	}
}

/* Stopped four times, its recording not read for the first second. */
START_TEST(stopped_and_starved)
{
	char *program = program_path("demo-480p"), *fifo_path;
	char *digest_path = scratch_path("starved.digest");
	struct digest all = every_frame(program, "180");
	int fifo = scratch_fifo("starved.raw", &fifo_path);
	uint64_t hashes[180], count;
	struct process process;
	struct account account;

	process_start(&process, NULL,
		      (const char *const[]){program, "--display", "headless",
					    "--clock", "timer", "--nominal",
					    "--ticks", "180", "--record",
					    fifo_path, "--digest", digest_path,
					    "--report", "json", NULL});
	ck_assert(process_thread(&process, "tick"));
	for (int i = 0; i < 4; i++) {
		sleep_ms(200);
		process_signal(&process, SIGSTOP);
		sleep_ms(90);
		process_signal(&process, SIGCONT);
	}
	count = read_recording(fifo, &process, hashes, 180);
	settle(&account, &process, digest_path);
	ck_assert_uint_eq(account.ticks, 180);
	check_digest(&account);
	check_recording(&account, hashes, count);
	check_frames(&account.digest, &all);
	ck_assert_msg(account.missed >= 4 * 4,
		      "skipped %" PRIu64 " ticks in four stops of 90 ms",
		      account.missed);
	ck_assert_msg(report_int(account.report, "recording.lost") > 0,
		      "nothing was lost in a second without a reader");
	release(&account);
	digest_free(&all);
	process_finish(&process);
	close(fifo);
	free(fifo_path);
	free(digest_path);
	free(program);
}
END_TEST

/* More work than a period holds: late and skipped, never drawn twice. */
START_TEST(overloaded)
{
	static const char yaml[] = "graph: overload\n"
				   "size: 1920x1080\n"
				   "format: XRGB8888\n"
				   "rate: 1000\n"
				   "nodes:\n"
				   "  ball: {type: ball}\n"
				   "  blur: {type: blur, radius: 20}\n"
				   "  screen: {type: display}\n"
				   "links:\n"
				   "  - ball -> blur -> screen\n";
	char *program = graphs_build("overload", yaml, NULL, NULL);
	char *digest_path = scratch_path("overload.digest");
	struct digest all = every_frame(program, "200");
	struct process process;
	struct account account;

	process_start(&process, NULL,
		      (const char *const[]){program, "--display", "headless",
					    "--clock", "timer", "--ticks",
					    "200", "--digest", digest_path,
					    "--report", "json", NULL});
	settle(&account, &process, digest_path);
	ck_assert_uint_eq(account.ticks, 200);
	check_digest(&account);
	check_frames(&account.digest, &all);
	ck_assert_msg(report_int(account.report, "late") > 0 &&
			      report_int(account.report, "skipped") > 0,
		      "a blur of 1080p at 1000 ticks a second: late %" PRId64
		      ", skipped %" PRId64,
		      report_int(account.report, "late"),
		      report_int(account.report, "skipped"));
	release(&account);
	digest_free(&all);
	process_finish(&process);
	free(digest_path);
	free(program);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("accounting");
	TCase *accounting = tcase_create("accounting");

	tcase_set_timeout(accounting, 120);
	tcase_add_test(accounting, free_clock_misses_nothing);
	tcase_add_test(accounting, stopped_and_starved);
	tcase_add_test(accounting, overloaded);
	suite_add_tcase(s, accounting);
	return s;
}

int main(void)
{
	return suite_run(suite());
}
