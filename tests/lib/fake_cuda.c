/*
 * tests/lib/fake_cuda.c: see fake_cuda.h.
 */
#define _GNU_SOURCE
#include "tests/lib/fake_cuda.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/lib/scratch.h"

#define OPTIONS_MAX 40

static const char *const kinds[FAKE_KIND_COUNT] = {
	[FAKE_CONTEXT] = "contexts",
	[FAKE_MODULE] = "modules",
	[FAKE_STREAM] = "streams",
	[FAKE_EVENT] = "events",
	[FAKE_GRAPH] = "graphs",
	[FAKE_EXEC] = "executable graphs",
	[FAKE_DEVICE_MEMORY] = "device memory",
	[FAKE_PINNED_MEMORY] = "pinned memory",
	[FAKE_REGISTERED_MEMORY] = "registered memory",
	[FAKE_END] = "ends of streams",
};

static char *report_path(void)
{
	return scratch_path("fake-cuda-report");
}

struct environment {
	const char *report; /* of this process's scratch folder */
	const char *const *variables;
};

/* In the child. */
static bool set_variables(const void *argument)
{
	const struct environment *environment = argument;
	const char *const *variables = environment->variables;
	char path[512];

	snprintf(path, sizeof(path), "%s/tests/fakes/cuda", build_dir());
	setenv("LD_LIBRARY_PATH", path, 1);
	setenv("FAKE_CUDA_KERNELS", "%e.kernels.so", 1);
	setenv("FAKE_CUDA_REPORT", environment->report, 1);
	/* calls of the fake do its work, and take what that takes here */
	setenv("TICKLINE_GPU_PATIENCE_MS", "60000", 1);
	for (; variables && *variables; variables++)
		putenv((char *)(uintptr_t)*variables);
	return true;
}

char *fake_cuda_program(const char *name)
{
	char *path;

	ck_assert(asprintf(&path, "%s/tests/cuda/%s", build_dir(), name) > 0);
	ck_assert_msg(!access(path, X_OK), "%s is not built", path);
	return path;
}

void fake_cuda_start(struct process *process, const char *name,
		     const char *const *variables, const char *const *options)
{
	char *program = fake_cuda_program(name), *report = report_path();
	const struct environment environment = {report, variables};
	const struct process_setup setup = {.before_exec = set_variables,
					    .argument = &environment};
	const char *argv[OPTIONS_MAX + 4] = {program, "--display", "headless"};
	size_t count = 3;

	unlink(report); /* of the one before */
	for (; *options; options++) {
		ck_assert_uint_lt(count, OPTIONS_MAX + 3);
		argv[count++] = *options;
	}
	process_start(process, &setup, argv);
	free(report);
	free(program);
}

int fake_cuda_run(struct process *process, const char *name,
		  const char *const *variables, const char *const *options)
{
	fake_cuda_start(process, name, variables, options);
	return process_wait(process, PROCESS_LIMIT_MS);
}

const struct fake_report *fake_cuda_report(void)
{
	static struct fake_report report;
	char *path = report_path();
	FILE *file = fopen(path, "r");

	ck_assert_msg(file, "the fake libcuda was not loaded");
	ck_assert_uint_eq(fread(&report, sizeof(report), 1, file), 1);
	ck_assert_uint_eq(report.magic, FAKE_REPORT_MAGIC);
	fclose(file);
	free(path);
	return &report;
}

bool fake_cuda_is_blocked(void)
{
	struct fake_report report = {.magic = 0};
	char *path = report_path();
	FILE *file = fopen(path, "r");
	bool read = file && fread(&report, sizeof(report), 1, file) == 1;

	if (file)
		fclose(file);
	free(path);
	return read && report.blocked[0];
}

void fake_cuda_check_clean(void)
{
	const struct fake_report *report = fake_cuda_report();
	int kind;

	ck_assert_msg(!report->misuse_count, "misused: %s", report->misuse);
	for (kind = 0; kind < FAKE_KIND_COUNT; kind++)
		ck_assert_msg(!report->live[kind], "%u %s not given back",
			      report->live[kind], kinds[kind]);
}

void fake_cuda_check_line(const struct process *process, const char *words)
{
	const char *end = strchr(process->err, '\n');

	ck_assert_msg(end && !end[1], "%s: not one line: %s", process->name,
		      process->err);
	ck_assert_msg(strstr(process->err, words), "%s: no \"%s\" in: %s",
		      process->name, words, process->err);
}
