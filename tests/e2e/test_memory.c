/*
 * tests/e2e/test_memory.c: how much memory and disk a graph program takes.
 */
#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <signal.h>
#include <sys/stat.h>

#include "tests/lib/process.h"
#include "tests/lib/report.h"
#include "tests/lib/scratch.h"
#include "tests/lib/suite.h"

#define MEGABYTE 1000000

/* The kernel's own figure, "VmRSS" or "VmHWM", in bytes. */
static int64_t status_bytes(pid_t pid, const char *key)
{
	char path[64];
	const char *at;
	char *text;
	int64_t kib = -1;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	text = file_text(path, NULL);
	at = text ? strstr(text, key) : NULL;
	ck_assert_msg(
		at && sscanf(at + strlen(key), ": %" SCNd64 " kB", &kib) == 1,
		"%s: no %s", path, key);
	free(text);
	return kib * 1024;
}

/* Held after its ticks, so that the kernel can be asked too. */
START_TEST(resident_1080p_headless)
{
	const int64_t limit = 3 * 1920 * 1080 * 4 + 8 * MEGABYTE;
	char *program = program_path("demo");
	struct process process;
	int64_t kernel, reported;
	json_t *report;

	process_start(&process, NULL,
		      (const char *const[]){program, "--display", "headless",
					    "--ticks", "60", "--hold",
					    "--report", "json", NULL});
	ck_assert(process_thread(&process, "tick"));
	sleep_ms(1500);
	kernel = status_bytes(process.pid, "VmHWM");
	process_signal(&process, SIGTERM);
	process_expect(&process, 0);
	report = report_parse(process.out);
	reported = report_int(report, "rss_bytes");
	ck_assert_msg(reported < limit && kernel < limit,
		      "resident: reported %" PRId64
		      ", the kernel's peak %" PRId64 ", limit %" PRId64
		      " bytes",
		      reported, kernel, limit);
	/* Reported honestly: more than what its three slots alone take. */
	ck_assert_msg(reported > 3 * 1920 * 1080 * 4,
		      "rss_bytes %" PRId64 " is less than its slots", reported);
	json_decref(report);
	process_finish(&process);
	free(program);
}
END_TEST

START_TEST(stripped_program)
{
	char *program = program_path("demo");
	char *stripped = scratch_path("stripped");
	struct process process;
	struct stat st;
	int status = process_run(
		&process,
		(const char *const[]){"strip", "-o", stripped, program, NULL});

	ck_assert_msg(status == 0, "strip: %s", process.err);
	process_finish(&process);
	ck_assert(!stat(stripped, &st));
	ck_assert_msg(st.st_size < MEGABYTE, "%s: %lld bytes stripped", program,
		      (long long)st.st_size);
	free(stripped);
	free(program);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("memory");
	TCase *memory = tcase_create("memory");

	tcase_set_timeout(memory, 120);
	tcase_add_test(memory, resident_1080p_headless);
	tcase_add_test(memory, stripped_program);
	suite_add_tcase(s, memory);
	return s;
}

int main(void)
{
	return suite_run(suite());
}
