/*
 * tests/e2e/test_cuda_faults.c: programs on a fake libcuda that fails: what
 * they say, how they end, and that nothing is left.
 *
 * Runs are repeated with their first, second, third ... call failing, or never
 * returning, until they succeed.
 */
#include <check.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

#define BAD_LIBRARY(kind) "LD_LIBRARY_PATH=" TEST_BUILD "/tests/fakes/cuda-" kind

/* ---- refusals ------------------------------------------------------------- */

static const struct refusal_row {
	const char *variable;
	const char *backend;
	enum exit_status status;
	const char *words; /* in the one line on stderr */
} refusals[] = {
	{no_library, "cuda", EXIT_STATUS_MACHINE, "no libcuda.so.1: install"},
	{old_library, "cuda", EXIT_STATUS_MACHINE, "older than CUDA 11.3"},
	{BAD_LIBRARY("empty"), "cuda", EXIT_STATUS_MACHINE,
	 "libcuda.so.1 cannot be loaded: "},
	{BAD_LIBRARY("empty"), "cuda", EXIT_STATUS_MACHINE, "file too short"},
	{BAD_LIBRARY("needs"), "cuda", EXIT_STATUS_MACHINE,
	 "libcuda.so.1 cannot be loaded: libgone.so: "},
	{BAD_LIBRARY("stub"), "cuda", EXIT_STATUS_MACHINE,
	 "CUDA error 34: this libcuda.so.1 is the toolkit's stub"},
	{BAD_LIBRARY("other"), "cuda", EXIT_STATUS_MACHINE,
	 "is not CUDA's, it has no cuInit"},
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

/* A GPU that is too slow: ticks go, the run goes on, the sum is right. A frame
 * takes 90 looks; four periods have no room for as many, a second has. */
START_TEST(a_slow_gpu_costs_frames_and_no_more)
{
	struct process process;
	int status = fake_cuda_run(&process, "cuda-fast",
				   FAKE_CUDA_WORDS("FAKE_CUDA_DELAY_US=4590"),
				   FAKE_CUDA_WORDS("--backend", "cuda",
						   "--ticks", "1000",
						   "--report", "json"));
	json_t *report;

	ck_assert_msg(!status, "status %d: %s", status, process.err);
	report = report_parse(process.out);
	report_check_sum(report);

	ck_assert_int_ge(report_int(report, "drop_reasons.not_ready"), 1);
	json_decref(report);
	fake_cuda_check_clean();
	process_finish(&process);
}
END_TEST

/* ---- calls that never return -------------------------------------------------- */

#define AT_ONCE 10 /* programs: they sleep, for most of their time */

static const struct block_row {
	const char *program, *backend, *clock;
} blocks[] = {
	{"cuda-mixed", "cuda", "free"},
	{"cuda-small", "cuda", "timer"},
	/* its trial's frames cost the fake nothing, so that it is chosen */
	{"demo-480p", "auto", "free"},
};
#define BLOCK_COUNT ((int)(sizeof(blocks) / sizeof(blocks[0])))

/* Each has a report of its own. */
static char *block_report(int slot)
{
	char name[32];

	snprintf(name, sizeof(name), "blocked-%d", slot);
	return scratch_path(name);
}

static void block_start(struct process *process, const struct block_row *row,
			int call, int slot)
{
	char block[64], file[600], *path = block_report(slot);

	unlink(path);
	snprintf(block, sizeof(block), "FAKE_CUDA_BLOCK=*:%d", call);
	snprintf(file, sizeof(file), "FAKE_CUDA_REPORT=%s", path);
	fake_cuda_start(process, row->program,
			FAKE_CUDA_WORDS(block, file, "FAKE_CUDA_DELAY_US=0",
					"FAKE_CUDA_SKIP=26",
					"TICKLINE_GPU_PATIENCE_MS=600"),
			FAKE_CUDA_WORDS("--backend", row->backend, "--clock",
					row->clock, "--ticks", "3",
					"--report", "json", "--control",
					"none")); /* several at once */
	free(path);
}

/* It has ended: as it should? True: no call was blocked any more. */
static bool block_check(struct process *process, const struct block_row *row,
			int call, int slot)
{
	char *path = block_report(slot), told[128];
	int status = process_wait(process, PROCESS_LIMIT_MS);
	static struct fake_report fake; /* too large for a stack frame */
	FILE *file = fopen(path, "r");

	ck_assert(file && fread(&fake, sizeof(fake), 1, file) == 1);
	fclose(file);
	free(path);
	ck_assert_msg(!status || status == EXIT_STATUS_GPU_LOST,
		      "call %d, %s: status %d: %s", call, fake.blocked, status,
		      process->err);
	ck_assert_msg(!fake.after_block, "call %d, %s: called after that",
		      call, fake.blocked);
	if (fake.blocked[0]) {
		snprintf(told, sizeof(told), "%s has not come back for 0.6 s",
			 strcmp(fake.blocked, "cuGetProcAddress")
				 ? fake.blocked
				 : "the loading of libcuda.so.1");
		ck_assert_msg(strstr(process->err, told) != NULL,
			      "call %d, %s: %s", call, fake.blocked,
			      process->err);
		/* of a backend that is given up there is one line */
		if (!strstr(process->err, "left to the system"))
			fake_cuda_check_line(process, told);
		ck_assert_msg(status ? !!strcmp(row->backend, "auto") ||
					       strstr(process->err, "is lost")
				     : strstr(process->err, "backend: cpu") ||
					       strstr(process->err, "left to"),
			      "call %d, %s: status %d: %s", call, fake.blocked,
			      status, process->err);
	}
	if (!status)
		json_decref(report_parse(process->out));
	process_finish(process);
	return !fake.blocked[0];
}

/*
 * The first call, the second, ... until none blocks: bring-up, the trial, ticks,
 * giving back. A start that is refused or a run that ends says which call it
 * was; with auto the CPU draws, until ticks have begun; and nothing is called
 * after it.
 */
START_TEST(any_call_may_never_return)
{
	const struct block_row *row = &blocks[_i];
	struct process process[AT_ONCE];
	bool over = false;
	int call, slot;

	for (call = 1; !over; call += AT_ONCE) {
		ck_assert_int_lt(call, CALLS_MAX);
		for (slot = 0; slot < AT_ONCE; slot++)
			block_start(&process[slot], row, call + slot, slot);
		for (slot = 0; slot < AT_ONCE; slot++)
			over = block_check(&process[slot], row, call + slot,
					   slot);
	}
	ck_assert_int_gt(call, 100);
}
END_TEST

/* Loading it, too: its constructor, its cuGetProcAddress. */
START_TEST(the_library_may_hang_while_it_is_loaded)
{
	struct process process;
	int status = fake_cuda_run(
		&process, "cuda-small",
		FAKE_CUDA_WORDS("FAKE_CUDA_BLOCK=cuGetProcAddress:1",
				"TICKLINE_GPU_PATIENCE_MS=600"),
		FAKE_CUDA_WORDS("--ticks", "3", "--report", "none"));

	ck_assert_int_eq(status, 0);
	fake_cuda_check_line(&process, "backend: cpu, not cuda: the loading of "
				       "libcuda.so.1 has not come back");
	process_finish(&process);
}
END_TEST

/* Work that is never done, of every graph of bring-up and trial. */
START_TEST(work_of_bring_up_may_never_finish)
{
	static const char *const backends[] = {"cuda", "auto"};
	const char *backend = backends[_i / 3 % 2];
	struct process process;
	char variable[64];
	int status;

	snprintf(variable, sizeof(variable), "FAKE_CUDA_HANG=%d", _i % 3 + 1);
	status = fake_cuda_run(&process, "cuda-small", FAKE_CUDA_WORDS(variable),
			       FAKE_CUDA_WORDS("--backend", backend, "--ticks",
					       "3", "--report", "none"));
	ck_assert_int_eq(status, _i < 3 ? EXIT_STATUS_GPU_LOST : 0);
	fake_cuda_check_line(&process, _i < 3 ? "gpu: " : "not cuda: ");
	fake_cuda_check_line(&process, "not answered for 1 s");
	process_finish(&process);
}
END_TEST

/* A signal is not kept waiting: with the patience of tests, a minute. */
START_TEST(a_signal_ends_a_start_that_hangs)
{
	static const char *const calls[] = {"FAKE_CUDA_BLOCK=cuInit:1",
					    "FAKE_CUDA_BLOCK=cuGraphLaunch:2"};
	struct process process;
	int tries;

	fake_cuda_start(&process, "cuda-small", FAKE_CUDA_WORDS(calls[_i % 2]),
			FAKE_CUDA_WORDS("--backend", _i < 2 ? "cuda" : "auto"));
	for (tries = 0; tries < 10000 && !fake_cuda_is_blocked(); tries++)
		usleep(1000);
	kill(process.pid, SIGTERM);
	ck_assert_int_eq(process_wait(&process, 20000), 0);
	process_finish(&process);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("cuda faults");
	TCase *tests = tcase_create("faults");

	tcase_set_timeout(tests, 900);
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
	tcase_add_loop_test(tests, any_call_may_never_return, 0, BLOCK_COUNT);
	tcase_add_test(tests, the_library_may_hang_while_it_is_loaded);
	tcase_add_loop_test(tests, work_of_bring_up_may_never_finish, 0, 6);
	tcase_add_loop_test(tests, a_signal_ends_a_start_that_hangs, 0, 4);
	suite_add_tcase(suite, tests);
	return suite_run(suite);
}
