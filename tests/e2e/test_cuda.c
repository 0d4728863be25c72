/*
 * tests/e2e/test_cuda.c: whole runs on the fake libcuda: the CPU's bytes, few
 * calls a tick, and everything given back.
 *
 * The fake does the work later, beside the program, and maps device memory so
 * that the program cannot touch it: what is read before it is done, or from the
 * wrong place, does not stay unseen. Kernels are the generated ones, compiled
 * for the host.
 */
#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lib/fake_cuda.h"
#include "tests/lib/report.h"
#include "tests/lib/scratch.h"
#include "tests/lib/suite.h"

static const struct graph_row {
	const char *name;
	uint32_t kernels;  /* that the host changes in a tick */
	uint32_t launches; /* of CUDA graphs in a tick */
	bool has_state;
} graphs[] = {
	{"cuda-small", 1, 1, false},	/* one fused step */
	{"cuda-mixed", 3, 2, true},	/* the CPU in the middle, and last */
	{"cuda-sinks", 1, 1, false},	/* three sinks */
	{"cuda-pipeline", 1, 1, false}, /* pipeline: 1 */
	{"cuda-blocks", 0, 1, false},	/* a block that goes by address */
	{"cuda-blur", 1, 1, false},	/* a frame node */
	{"demo-480p", 1, 1, false},
};
#define GRAPH_COUNT ((int)(sizeof(graphs) / sizeof(graphs[0])))

/* What a run leaves, by kind of file. */
static const char *const outputs[] = {"--digest", "--record", "--snapshot"};
static const char *const endings[] = {"digest", "raw", "png"};
#define OUTPUT_COUNT 3

static char *output(const char *backend, int kind)
{
	char name[64];

	snprintf(name, sizeof(name), "%s.%s", backend, endings[kind]);
	return scratch_path(name);
}

/* Runs a graph into files; its report. */
static json_t *run(const char *graph, const char *backend, const char *clock,
		   const char *ticks)
{
	char *paths[OUTPUT_COUNT];
	struct process process;
	json_t *report;
	int i, status;

	for (i = 0; i < OUTPUT_COUNT; i++)
		paths[i] = output(backend, i);
	status = fake_cuda_run(
		&process, graph, NULL,
		FAKE_CUDA_WORDS("--backend", backend, "--clock", clock,
				"--nominal", "--ticks", ticks, outputs[0],
				paths[0], outputs[1], paths[1], outputs[2],
				paths[2], "--report", "json"));
	ck_assert_msg(status == 0, "%s, %s: status %d: %s", graph, backend,
		      status, process.err);
	report = report_parse(process.out);
	report_check_sum(report);
	ck_assert_str_eq(report_string(report, "backend"), backend);
	process_finish(&process);
	for (i = 0; i < OUTPUT_COUNT; i++)
		free(paths[i]);
	return report;
}

static void compare_files(const char *graph, int kind)
{
	char *names[2] = {output("cpu", kind), output("cuda", kind)};
	char *texts[2];
	size_t bytes[2];
	int i;

	for (i = 0; i < 2; i++)
		texts[i] = file_text(names[i], &bytes[i]);
	ck_assert_msg(texts[0] && texts[1] && bytes[0] &&
			      bytes[0] == bytes[1] &&
			      !memcmp(texts[0], texts[1], bytes[0]),
		      "%s: %s of cpu and cuda differ", graph, outputs[kind]);
	for (i = 0; i < 2; i++) {
		free(texts[i]);
		free(names[i]);
	}
}

START_TEST(cuda_draws_the_cpus_bytes)
{
	const char *graph = graphs[_i].name;
	int kind;

	json_decref(run(graph, "cpu", "free", "24"));
	json_decref(run(graph, "cuda", "free", "24"));
	fake_cuda_check_clean();
	for (kind = 0; kind < OUTPUT_COUNT; kind++)
		compare_files(graph, kind);
}
END_TEST

/* With the timer ticks may be skipped or dropped: those that are there are the
 * CPU's. Nodes with state remember which ticks there were: up to the first gap. */
START_TEST(paced_frames_are_the_cpus_too)
{
	const char *graph = graphs[_i].name;
	char *paths[2] = {output("cpu", 0), output("cuda", 0)};
	struct digest cpu, cuda;
	size_t i;

	json_decref(run(graph, "cpu", "free", "30"));
	json_decref(run(graph, "cuda", "timer", "30"));
	fake_cuda_check_clean();
	cpu = digest_read(paths[0]);
	cuda = digest_read(paths[1]);
	ck_assert_uint_eq(cpu.count, 30);
	ck_assert_uint_gt(cuda.count, 0);
	for (i = 0; i < cuda.count; i++) {
		if (graphs[_i].has_state && cuda.lines[i].tick != i)
			break;
		ck_assert_msg(cuda.lines[i].hash ==
				      cpu.lines[cuda.lines[i].tick].hash,
			      "%s: tick %" PRIu64 " differs", graph,
			      cuda.lines[i].tick);
	}
	digest_free(&cpu);
	digest_free(&cuda);
	for (i = 0; i < 2; i++)
		free(paths[i]);
}
END_TEST

#define LIVE_FRAMES 6
#define LIVE_CAMERA (64 * 48 * 3 / 2) /* bytes of a frame: cuda-live.yaml */
#define LIVE_UI	    (20 * 16 * 4)

/* Raw frames by chance; --source's words for them. */
static char *live_source(const char *node, size_t bytes)
{
	char *path = scratch_path(node), *words = malloc(4096);
	FILE *file = fopen(path, "wb");
	uint32_t value = 1;
	size_t i;

	ck_assert(file && words);
	for (i = 0; i < bytes * LIVE_FRAMES; i++) {
		value = value * 1664525 + 1013904223;
		fputc((int)(value >> 24), file);
	}
	ck_assert_int_eq(fclose(file), 0);
	snprintf(words, 4096, "%s:file,path=%s", node, path);
	free(path);
	return words;
}

/* Sources are uploaded, turned, chosen and covered: each frame of theirs gives a
 * picture of its own, the same on both sides. */
START_TEST(cuda_draws_sources_as_the_cpu_does)
{
	static const char *const backends[] = {"cpu", "cuda"};
	char *camera = live_source("camera", LIVE_CAMERA);
	char *ui = live_source("ui", LIVE_UI);
	struct digest digests[2];
	int i, n;

	for (i = 0; i < 2; i++) {
		char *path = scratch_path(backends[i]);
		struct process process;
		int status = fake_cuda_run(
			&process, "cuda-live", NULL,
			FAKE_CUDA_WORDS("--backend", backends[i], "--clock",
					"free", "--ticks", "6", "--source",
					camera, "--source", ui, "--digest",
					path));

		ck_assert_msg(status == 0, "%s: status %d: %s", backends[i],
			      status, process.err);
		process_finish(&process);
		digests[i] = digest_read(path);
		ck_assert_uint_eq(digests[i].count, LIVE_FRAMES);
		free(path);
	}
	for (n = 0; n < LIVE_FRAMES; n++) {
		ck_assert(digests[0].lines[n].hash == digests[1].lines[n].hash);
		ck_assert(!n || digests[0].lines[n].hash !=
					digests[0].lines[n - 1].hash);
	}
	digest_free(&digests[0]);
	digest_free(&digests[1]);
	free(camera);
	free(ui);
}
END_TEST

/* ---- calls ---------------------------------------------------------------- */

/* The calls of a run of that many ticks. */
static struct fake_report count_calls(const char *graph, const char *ticks)
{
	struct process process;
	int status = fake_cuda_run(&process, graph, FAKE_CUDA_WORDS(
					   "FAKE_CUDA_DELAY_US=0"),
				   FAKE_CUDA_WORDS("--backend", "cuda",
						   "--clock", "free", "--ticks",
						   ticks, "--report", "none"));

	ck_assert_msg(status == 0, "%s: status %d: %s", graph, status,
		      process.err);
	process_finish(&process);
	fake_cuda_check_clean();
	return *fake_cuda_report();
}

/*
 * Two runs that differ by a hundred ticks: the difference is what the ticks
 * call. cuStreamQuery asks what is wrong when a wait gets long, and so may come.
 */
START_TEST(a_tick_updates_and_launches_and_nothing_else)
{
	const struct graph_row *row = &graphs[_i];
	struct fake_report few = count_calls(row->name, "10");
	struct fake_report many = count_calls(row->name, "110");
	uint64_t calls;
	int i;

	for (i = 0; i < CUDA_CALL_COUNT; i++) {
		calls = many.calls[i] - few.calls[i];
		if (i == CUDA_CALL_exec_launch)
			ck_assert_uint_eq(calls, 100 * row->launches);
		else if (i == CUDA_CALL_exec_set_kernel)
			ck_assert_uint_eq(calls, 100 * row->kernels);
		else if (i != CUDA_CALL_stream_query)
			ck_assert_msg(!calls, "%s: entry %d: %" PRIu64 " calls",
				      row->name, i, calls);
	}
}
END_TEST

/* What the sealed thread may call; the last two to copy a recording out. */
static const char *const allowed[] = {
	"cuGraphLaunch",   "cuGraphExecKernelNodeSetParams",
	"cuStreamQuery",   "cuMemcpy2DAsync",
	"cuLaunchKernel",
};

static bool is_allowed(const char *call)
{
	size_t i;

	for (i = 0; i < sizeof(allowed) / sizeof(allowed[0]); i++)
		if (!strcmp(call, allowed[i]))
			return true;
	return false;
}

/* The report counts the sealed thread's calls itself: the fake agrees. */
START_TEST(the_report_counts_what_the_fake_saw)
{
	json_t *report = run("cuda-small", "cuda", "free", "24");
	const struct fake_report *fake = fake_cuda_report();
	json_t *calls = (json_t *)(uintptr_t)report_value(
		report, "driver.sealed_calls");
	const char *call;
	json_t *count;

	json_object_foreach(calls, call, count)
		ck_assert_msg(is_allowed(call), "%s", call);
	ck_assert_int_eq(report_int(calls, "cuGraphLaunch"), 24);
	ck_assert_int_eq(report_int(calls, "cuMemcpy2DAsync"), 24);
	ck_assert_int_eq(report_int(calls, "cuLaunchKernel"), 24);
	ck_assert_uint_ge(fake->calls[CUDA_CALL_exec_launch], 24);
	ck_assert_uint_eq(fake->graphs_done,
			  fake->calls[CUDA_CALL_exec_launch]);
	json_decref(report);
}
END_TEST

START_TEST(the_device_that_was_asked_for_draws)
{
	struct process process;
	json_t *report;

	ck_assert_int_eq(
		fake_cuda_run(&process, "cuda-small",
			      FAKE_CUDA_WORDS("FAKE_CUDA_DEVICES=2",
					      "FAKE_CUDA_CAPABILITY=87"),
			      FAKE_CUDA_WORDS("--backend", "cuda,device=1",
					      "--ticks", "3", "--report",
					      "json")),
		0);
	report = report_parse(process.out);
	ck_assert_msg(!strncmp(report_string(report, "device"),
			       "Fake GPU 1, sm_87", 17),
		      "%s", report_string(report, "device"));
	json_decref(report);
	process_finish(&process);
}
END_TEST

START_TEST(probe_lists_the_devices)
{
	struct process process;

	ck_assert_int_eq(fake_cuda_run(&process, "cuda-small",
				       FAKE_CUDA_WORDS("FAKE_CUDA_DEVICES=2"),
				       FAKE_CUDA_WORDS("--probe")),
			 0);
	ck_assert_msg(strstr(process.out, "code for sm_90") &&
			      strstr(process.out,
				     "device 0: Fake GPU 0, sm_90") &&
			      strstr(process.out,
				     "device 1: Fake GPU 1, sm_90"),
		      "%s", process.out);
	process_finish(&process);
}
END_TEST

START_TEST(the_tick_thread_allocates_nothing)
{
	static const char *const clocks[] = {"free", "timer"};
	char *digest = scratch_path("digest");
	struct process process;
	int status = fake_cuda_run(
		&process, "cuda-small-trap",
		FAKE_CUDA_WORDS("FAKE_CUDA_KERNELS="
				TEST_BUILD "/tests/cuda/cuda-small.kernels.so"),
		FAKE_CUDA_WORDS("--backend", "cuda", "--clock", clocks[_i],
				"--ticks", "200", "--digest", digest,
				"--report", "none"));

	ck_assert_msg(status == 0, "status %d: %s", status, process.err);
	process_finish(&process);
	free(digest);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("cuda");
	TCase *tests = tcase_create("runs");

	tcase_set_timeout(tests, 120);
	tcase_add_loop_test(tests, cuda_draws_the_cpus_bytes, 0, GRAPH_COUNT);
	tcase_add_test(tests, cuda_draws_sources_as_the_cpu_does);
	tcase_add_loop_test(tests, paced_frames_are_the_cpus_too, 0, 5);
	tcase_add_loop_test(tests, a_tick_updates_and_launches_and_nothing_else,
			    0, GRAPH_COUNT - 2);
	tcase_add_test(tests, the_report_counts_what_the_fake_saw);
	tcase_add_test(tests, the_device_that_was_asked_for_draws);
	tcase_add_test(tests, probe_lists_the_devices);
	tcase_add_loop_test(tests, the_tick_thread_allocates_nothing, 0, 2);
	suite_add_tcase(suite, tests);
	return suite_run(suite);
}
