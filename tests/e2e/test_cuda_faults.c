/*
 * tests/e2e/test_cuda_faults.c: programs on a fake libcuda that fails: what
 * they say, how they end, and that nothing is left.
 *
 * Bring-up is repeated with its first, second, third ... call failing until it
 * succeeds.
 */
#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/base/exit_status.h"
#include "tests/lib/fake_cuda.h"
#include "tests/lib/report.h"
#include "tests/lib/scratch.h"
#include "tests/lib/suite.h"

#define PROGRAM	  "cuda-mixed" /* transfers, CPU steps, two sinks */
#define CALLS_MAX 1000	       /* of a bring-up */

static const char no_library[] = "LD_LIBRARY_PATH=/nonexistent";
static const char old_library[] =
	"LD_LIBRARY_PATH=" TEST_BUILD "/tests/fakes/cuda-old";

/* ---- refusals ------------------------------------------------------------- */

static const struct refusal_row {
	const char *variable;
	const char *backend;
	enum exit_status status;
	const char *words; /* in the one line on stderr */
} refusals[] = {
	{no_library, "cuda", EXIT_STATUS_MACHINE, "no libcuda.so.1: install"},
	{old_library, "cuda", EXIT_STATUS_MACHINE, "older than CUDA 11.3"},
	{"FAKE_CUDA_MISSING=cuGraphUpload", "cuda", EXIT_STATUS_MACHINE,
	 "no cuGraphUpload: it is older than CUDA 11.4"},
	{"FAKE_CUDA_DEVICES=0", "cuda", EXIT_STATUS_NO_DEVICE, "NO_DEVICE"},
	{"FAKE_CUDA_DEVICES=2", "cuda,device=7", EXIT_STATUS_NO_DEVICE,
	 "device=7: "},
	{"FAKE_CUDA_DEVICES=1", "cuda,device=1", EXIT_STATUS_NO_DEVICE,
	 "device=1: "},
	{"FAKE_CUDA_FAIL=cuInit:803:1", "cuda", EXIT_STATUS_MACHINE,
	 "SYSTEM_DRIVER_MISMATCH"},
	{"FAKE_CUDA_FAIL=cuInit:802:1", "cuda", EXIT_STATUS_NO_DEVICE,
	 "SYSTEM_NOT_READY"},
	{"FAKE_CUDA_FAIL=cuInit:34:1", "cuda", EXIT_STATUS_MACHINE,
	 "STUB_LIBRARY"},
	{"FAKE_CUDA_FAIL=cuInit:999:1", "cuda", EXIT_STATUS_NO_DEVICE,
	 "UNKNOWN"},
	{"FAKE_CUDA_FAIL=cuInit:12345:1", "cuda", EXIT_STATUS_MACHINE,
	 "12345"},
	{"FAKE_CUDA_FAIL=cuCtxCreate:46:1", "cuda", EXIT_STATUS_NO_DEVICE,
	 "DEVICE_UNAVAILABLE"},
	{"FAKE_CUDA_FAIL=cuModuleLoadData:222:1", "cuda", EXIT_STATUS_MACHINE,
	 "UNSUPPORTED_PTX_VERSION"},
	{"FAKE_CUDA_FAIL=cuModuleLoadData:209:1", "cuda", EXIT_STATUS_MACHINE,
	 "Fake GPU 0 is sm_90; this program has code for sm_90"},
	{"FAKE_CUDA_MEMORY=20000", "cuda", EXIT_STATUS_OS_LIMIT,
	 "20000 of 20000 are free"},
	{"FAKE_CUDA_FAIL=cuMemHostAlloc:2:1", "cuda", EXIT_STATUS_OS_LIMIT,
	 "bytes of "},
};
#define REFUSAL_COUNT ((int)(sizeof(refusals) / sizeof(refusals[0])))

START_TEST(a_start_is_refused_in_one_line)
{
	const struct refusal_row *row = &refusals[_i];
	struct process process;
	int status = fake_cuda_run(&process, PROGRAM,
				   FAKE_CUDA_WORDS(row->variable),
				   FAKE_CUDA_WORDS("--backend", row->backend,
						   "--ticks", "3"));

	ck_assert_msg(status == (int)row->status, "%s: status %d, not %d: %s",
		      row->variable, status, (int)row->status, process.err);
	fake_cuda_check_line(&process, row->words);
	if (strncmp(row->variable, "LD_", 3))
		fake_cuda_check_clean();
	process_finish(&process);
}
END_TEST

/* The same with `auto`: the CPU draws, and one line says why. */
START_TEST(auto_falls_back_in_one_line)
{
	const struct refusal_row *row = &refusals[_i];
	struct process process;
	json_t *report;
	int status;

	if (strcmp(row->backend, "cuda"))
		return; /* a device is chosen with cuda only */
	status = fake_cuda_run(&process, PROGRAM,
			       FAKE_CUDA_WORDS(row->variable),
			       FAKE_CUDA_WORDS("--clock", "free", "--ticks",
					       "3", "--report", "json"));
	ck_assert_msg(status == 0, "%s: status %d: %s", row->variable, status,
		      process.err);
	fake_cuda_check_line(&process, "backend: cpu, not cuda: ");
	fake_cuda_check_line(&process, row->words);
	report = report_parse(process.out);
	ck_assert_str_eq(report_string(report, "backend"), "cpu");
	ck_assert_int_eq(report_int(report, "presented"), 3);
	json_decref(report);
	if (strncmp(row->variable, "LD_", 3))
		fake_cuda_check_clean();
	process_finish(&process);
}
END_TEST

START_TEST(auto_says_what_it_measured)
{
	struct process process;
	int status = fake_cuda_run(&process, "cuda-small",
				   FAKE_CUDA_WORDS("FAKE_CUDA_DELAY_US=20000"),
				   FAKE_CUDA_WORDS("--clock", "free", "--ticks",
						   "3", "--report", "json"));
	json_t *report;

	ck_assert_msg(status == 0, "status %d: %s", status, process.err);
	fake_cuda_check_line(&process, "backend: cpu: ");
	fake_cuda_check_line(&process, "a frame takes cuda ");
	report = report_parse(process.out);
	ck_assert_str_eq(report_string(report, "backend"), "cpu");
	json_decref(report);
	fake_cuda_check_clean();
	process_finish(&process);
}
END_TEST

/* ---- every call of bring-up ------------------------------------------------- */

/* The call that failed was to give something back: that one is left. */
static void check_left(const struct fake_report *report, int call)
{
	static const enum cuda_call giving[] = {
		CUDA_CALL_context_destroy, CUDA_CALL_memory_free,
		CUDA_CALL_host_free,	   CUDA_CALL_host_unregister,
		CUDA_CALL_module_unload,   CUDA_CALL_stream_destroy,
		CUDA_CALL_event_destroy,   CUDA_CALL_graph_destroy,
		CUDA_CALL_exec_destroy,
	};
	uint32_t i, left = 0, allowed = 0;

	for (i = 0; i < sizeof(giving) / sizeof(giving[0]); i++)
		allowed += report->injected_call == (int)giving[i];
	for (i = 0; i < FAKE_KIND_COUNT; i++)
		left += report->live[i];
	ck_assert_msg(left == allowed, "call %d, entry %d failed: %u left",
		      call, report->injected_call, left);
	ck_assert_msg(!report->misuse_count, "call %d: misused: %s", call,
		      report->misuse);
}

/* 0, or the status with one line and nothing left. True: no call failed. */
static bool bring_up(const char *backend, int code, int call)
{
	const struct fake_report *report;
	struct process process;
	char variable[64];
	int status;

	snprintf(variable, sizeof(variable), "FAKE_CUDA_FAIL=*:%d:%d", code,
		 call);
	status = fake_cuda_run(
		&process, PROGRAM,
		FAKE_CUDA_WORDS(variable, "FAKE_CUDA_DELAY_US=0"),
		FAKE_CUDA_WORDS("--backend", backend, "--clock", "free",
				"--ticks", "1", "--report", "none"));
	report = fake_cuda_report();
	ck_assert_msg(status >= 0 && status < 128, "call %d: status %d: %s",
		      call, status, process.err);
	if (status || !strcmp(backend, "auto"))
		ck_assert_msg(strchr(process.err, '\n'), "call %d: no line",
			      call);
	/* a lost context or GPU: giving back fails, or is not tried */
	if (code != 700 && status != EXIT_STATUS_GPU_LOST)
		check_left(report, call);
	process_finish(&process);
	return !report->injected;
}

static const struct sweep_row {
	const char *backend;
	int code;
} sweeps[] = {
	{"cuda", 2}, {"cuda", 1}, {"cuda", 700}, {"auto", 2}, {"auto", 700},
};

START_TEST(every_call_of_bring_up_may_fail)
{
	int call = 1;

	while (!bring_up(sweeps[_i].backend, sweeps[_i].code, call))
		ck_assert_int_lt(++call, CALLS_MAX);
	ck_assert_int_gt(call, 40); /* it was bring-up that was run */
}
END_TEST

/* ---- while running ---------------------------------------------------------- */

/* Runs a paced graph with a fault; its report. */
static json_t *run_with(struct process *process, const char *variable,
			const char *ticks, int wanted)
{
	int status = fake_cuda_run(process, "cuda-small",
				   FAKE_CUDA_WORDS(variable),
				   FAKE_CUDA_WORDS("--backend", "cuda",
						   "--ticks", ticks, "--report",
						   "json"));
	json_t *report;

	ck_assert_msg(status == wanted, "%s: status %d: %s", variable, status,
		      process->err);
	report = report_parse(process->out);
	report_check_sum(report);
	return report;
}

/* Launches 1 to 3 are warm-up's, and the first tick's is the fourth. */
static const char *const sticky[] = {
	"FAKE_CUDA_FAIL=cuGraphLaunch:700:14",
	"FAKE_CUDA_FAIL=cuGraphLaunch:719:14",
	"FAKE_CUDA_FAIL=cuGraphExecKernelNodeSetParams:702:14",
	"FAKE_CUDA_WORK_FAIL=700:14",
	"FAKE_CUDA_WORK_FAIL=214:14",
	"FAKE_CUDA_WORK_FAIL=4:14",
};
#define STICKY_COUNT ((int)(sizeof(sticky) / sizeof(sticky[0])))

/* No call gives anything back: it might never return. */
START_TEST(a_lost_gpu_ends_the_run_at_once)
{
	struct process process;
	json_t *report = run_with(&process, sticky[_i], "600",
				  EXIT_STATUS_GPU_LOST);
	const struct fake_report *fake = fake_cuda_report();

	fake_cuda_check_line(&process, "gpu: it is lost: ");
	/* ticks 0 to 9 were well; 50 ms are three ticks */
	ck_assert_int_ge(report_int(report, "ticks"), 10);
	ck_assert_int_le(report_int(report, "ticks"), 14);
	ck_assert_uint_eq(fake->calls[CUDA_CALL_context_destroy], 0);
	ck_assert_uint_eq(fake->calls[CUDA_CALL_memory_free], 0);
	json_decref(report);
	process_finish(&process);
}
END_TEST

START_TEST(a_frame_that_fails_is_dropped_with_its_reason)
{
	static const char *const variables[] = {
		"FAKE_CUDA_FAIL=cuGraphLaunch:1:14",
		"FAKE_CUDA_FAIL=cuGraphExecKernelNodeSetParams:2:14",
	};
	struct process process;
	json_t *report = run_with(&process, variables[_i], "30", 0);

	ck_assert_int_eq(report_int(report, "drop_reasons.device_error"), 1);
	ck_assert_int_eq(report_int(report, "dropped"), 1);
	json_decref(report);
	fake_cuda_check_clean();
	process_finish(&process);
}
END_TEST

/* Dropped after its deadline; lost after a second without progress. */
START_TEST(a_gpu_that_hangs_is_lost_after_a_second)
{
	struct process process;
	long long before = now_ns();
	json_t *report = run_with(&process, "FAKE_CUDA_HANG=14", "600",
				  EXIT_STATUS_GPU_LOST);
	long long took_ms = (now_ns() - before) / 1000000;

	fake_cuda_check_line(&process, "not answered for 1 s");
	ck_assert_int_ge(report_int(report, "drop_reasons.not_ready"), 1);
	ck_assert_int_le(report_int(report, "ticks"), 10 + 90);
	ck_assert_int_ge(took_ms, 1000);
	ck_assert_int_lt(took_ms, 10000);
	json_decref(report);
	process_finish(&process);
}
END_TEST

/* So close to the last tick that the run is over before the second is. */
START_TEST(a_gpu_that_hangs_at_the_end_does_not_keep_the_program)
{
	struct process process;
	json_t *report = run_with(&process, "FAKE_CUDA_HANG=30", "30",
				  EXIT_STATUS_GPU_LOST);

	fake_cuda_check_line(&process, "gpu: it is lost: ");
	json_decref(report);
	process_finish(&process);
}
END_TEST

/* A GPU that is too slow: ticks go, the run goes on, the sum is right. */
START_TEST(a_slow_gpu_costs_frames_and_no_more)
{
	struct process process;
	json_t *report = run_with(&process, "FAKE_CUDA_DELAY_US=150000", "60",
				  0);

	ck_assert_int_ge(report_int(report, "drop_reasons.not_ready"), 1);
	json_decref(report);
	fake_cuda_check_clean();
	process_finish(&process);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("cuda faults");
	TCase *tests = tcase_create("faults");

	tcase_set_timeout(tests, 240);
	tcase_add_loop_test(tests, a_start_is_refused_in_one_line, 0,
			    REFUSAL_COUNT);
	tcase_add_loop_test(tests, auto_falls_back_in_one_line, 0,
			    REFUSAL_COUNT);
	tcase_add_test(tests, auto_says_what_it_measured);
	tcase_add_loop_test(tests, every_call_of_bring_up_may_fail, 0,
			    (int)(sizeof(sweeps) / sizeof(sweeps[0])));
	tcase_add_loop_test(tests, a_lost_gpu_ends_the_run_at_once, 0,
			    STICKY_COUNT);
	tcase_add_loop_test(tests, a_frame_that_fails_is_dropped_with_its_reason,
			    0, 2);
	tcase_add_test(tests, a_gpu_that_hangs_is_lost_after_a_second);
	tcase_add_test(tests,
		       a_gpu_that_hangs_at_the_end_does_not_keep_the_program);
	tcase_add_test(tests, a_slow_gpu_costs_frames_and_no_more);
	suite_add_tcase(suite, tests);
	return suite_run(suite);
}
