/*
 * tests/drivers/test_cuda_driver.c: the cuda backend's ops, called directly, on
 * the fake libcuda: what tests/e2e/test_cuda*.c see from outside, here with the
 * sanitizers.
 *
 * The graphs are tests/fakes/cuda/graphs/cuda-mixed.yaml: CPU steps, transfers,
 * two sinks; and cuda-source.yaml, whose sources hold other random bytes at
 * another place in every tick. libcuda.so.1 is found when the process starts, so main() starts
 * the program again with its environment.
 */
#define _GNU_SOURCE
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "drivers/cuda/cuda.h"
#include "drivers/cuda/fatbin.h"
#include "drivers/cuda/state.h"
#include "runtime/time/clock.h"
#include "tests/fakes/cuda/report.h"
#include "tests/graph/sources.h"
#include "tests/graph/ticks.h"
#include "tests/fakes/interpose.h"

#define CALLS_MAX 1000
#define PITCH	  448 /* 98 pixels, to a cache line */
#define LONG_NS	  (10 * NS_PER_SECOND)

extern const struct graph graph_base, graph_source;

/* A backend that is open and, if that went well, prepared for these. */
struct rig {
	struct backend backend;
	struct graph_work work, cpu; /* of the device's plan, of the CPU's */
	struct sources sources[2];   /* used in turn */
	struct graph_work frames[2]; /* where those are */
	enum exit_status status;
	char line[256];
	struct step_time times[64];
};

static struct graph slow;
static const struct graph *graph = &slow;

/* A tick a second: what a tick waits for is counted in periods, and the fake
 * draws with processors that others use. */
static void use_graph(const struct graph *of_tree)
{
	slow = *of_tree;
	slow.rate_num = slow.rate_den = 1;
}

static const struct graph_plan *plan_of(enum graph_backend backend)
{
	uint32_t i;

	for (i = 0; i < graph->plan_count; i++)
		if (graph->plans[i].backend == backend)
			return &graph->plans[i];
	ck_abort_msg("no such plan");
	return NULL;
}

static void *allocate(size_t bytes)
{
	void *memory = aligned_alloc(64, (bytes + 64) / 64 * 64);

	ck_assert_ptr_nonnull(memory);
	memset(memory, 0, bytes);
	return memory;
}

static struct image new_slot(void)
{
	return (struct image){allocate(PITCH * graph->height), PITCH,
			      graph->width, graph->height};
}

static void work_open(struct graph_work *work)
{
	uint32_t i;

	memset(work, 0, sizeof(*work));
	work->pool = allocate(graph->pool_bytes);
	if (graph->param_bytes)
		memcpy(work->pool + graph->param_offset, graph->param_defaults,
		       graph->param_bytes);
	for (i = 0; i < graph->sink_count; i++)
		work->target[i].slot = new_slot();
}

static void work_close(struct graph_work *work)
{
	uint32_t i;

	for (i = 0; i < graph->sink_count; i++)
		free(work->target[i].slot.base);
	free(work->pool);
}

/* staged: the device cannot draw in the slots. */
static void rig_open(struct rig *rig, bool staged)
{
	static const struct display displays[GRAPH_SINKS_MAX];
	const struct backend_config config = {
		.graph = graph,
		.plan = plan_of(GRAPH_BACKEND_CUDA),
		.device = -1,
		.threads = 1,
	};
	uint32_t i;

	memset(rig, 0, sizeof(*rig));
	rig->backend.ops = &cuda_backend;
	rig->status = cuda_backend.open(&rig->backend, &config, rig->line,
					sizeof(rig->line));
	if (rig->status)
		return;
	rig->status = cuda_backend.prepare(&rig->backend,
					   staged ? displays : NULL, rig->line,
					   sizeof(rig->line));
	if (rig->status) {
		cuda_backend.close(&rig->backend);
		return;
	}
	work_open(&rig->work);
	work_open(&rig->cpu);
	for (i = 0; i < 2; i++)
		sources_new(&rig->sources[i], graph, &rig->frames[i], 16 * i);
	for (i = 0; i < graph->source_count; i++)
		cuda_backend.pin(&rig->backend, rig->sources[0].memory[i],
				 rig->sources[0].bytes[i]);
	rig->work.pinned = rig->backend.pinned;
}

static void rig_close(struct rig *rig)
{
	uint32_t i;

	for (i = 0; i < graph->source_count; i++)
		cuda_backend.unpin(&rig->backend, rig->sources[0].memory[i]);
	for (i = 0; i < 2; i++)
		sources_free(&rig->sources[i], graph);
	work_close(&rig->work);
	work_close(&rig->cpu);
	cuda_backend.close(&rig->backend);
}

static void tick(struct graph_work *work, uint64_t number)
{
	const struct tick tick = tick_nominal(graph, number, NULL);

	graph->tick(work, &tick);
}

/* The frames of this tick, for both plans; the ones before are overwritten. */
static void take_sources(struct rig *rig, uint64_t number)
{
	uint32_t at = number % 2;

	sources_fill(&rig->sources[at], graph, &rig->frames[at], number, 0xa5);
	memcpy(rig->work.source, rig->frames[at].source,
	       sizeof(rig->work.source));
	memcpy(rig->cpu.source, rig->frames[at].source,
	       sizeof(rig->cpu.source));
}

static enum backend_status draw(struct rig *rig, uint32_t flight,
				uint64_t number)
{
	enum backend_status status;

	take_sources(rig, number);
	tick(&rig->work, number);
	status = cuda_backend.launch(&rig->backend, flight, &rig->work,
				     rig->times);
	if (status == BACKEND_READY)
		status = cuda_backend.wait(&rig->backend, flight,
					   clock_now_ns() + LONG_NS,
					   rig->times);
	return status;
}

static void draw_cpu(struct rig *rig, uint64_t number)
{
	const struct graph_plan *plan = plan_of(GRAPH_BACKEND_CPU);
	uint32_t i;

	tick(&rig->cpu, number);
	for (i = 0; i < plan->step_count; i++)
		graph_step_run(graph, &plan->steps[i], &rig->cpu);
}

static void check_same(const struct image *a, const struct image *b)
{
	uint32_t y;

	for (y = 0; y < graph->height; y++)
		ck_assert_msg(!memcmp(image_row(a, y), image_row(b, y),
				      (size_t)graph->width * 4),
			      "row %u differs", y);
}

static const struct fake_report *report(void)
{
	static struct fake_report copy;
	FILE *file = fopen(getenv("FAKE_CUDA_REPORT"), "r");

	ck_assert_ptr_nonnull(file);
	ck_assert_uint_eq(fread(&copy, sizeof(copy), 1, file), 1);
	fclose(file);
	return &copy;
}

static void check_nothing_left(void)
{
	const struct fake_report *r = report();
	int kind;

	ck_assert_msg(!r->misuse_count, "misused: %s", r->misuse);
	for (kind = 0; kind < FAKE_KIND_COUNT; kind++)
		ck_assert_msg(!r->live[kind], "kind %d: %u left, entry %d "
					      "failed",
			      kind, r->live[kind], r->injected_call);
}

/* ---- tests ---------------------------------------------------------------- */

static void use_sources(void)
{
	use_graph(&graph_source);
	setenv("FAKE_CUDA_KERNELS",
	       TEST_BUILD "/tests/cuda/cuda-source.kernels.so", 1);
}

/* Screen is the device's, side the CPU's. */
START_TEST(flights_draw_the_cpus_bytes)
{
	bool staged = _i % 2;
	struct image read = new_slot(), picture, own;
	static struct rig rig; /* too large for a stack frame */
	uint32_t n;

	if (_i / 2)
		use_sources();
	rig_open(&rig, staged);
	ck_assert_msg(!rig.status, "%s", rig.line);
	own = rig.work.target[0].slot;
	if (!staged)
		rig.work.target[0].slot.base = rig.backend.memory->alloc(
			rig.backend.memory->context, PITCH * graph->height);
	ck_assert_int_eq(cuda_backend.enter(&rig.backend), BACKEND_READY);
	for (n = 0; n < 7; n++) {
		ck_assert_int_eq(draw(&rig, n % rig.backend.flights, n),
				 BACKEND_READY);
		draw_cpu(&rig, n);
		ck_assert_int_eq(cuda_backend.staged(&rig.backend,
						     n % rig.backend.flights, 0,
						     &picture),
				 staged);
		if (!staged) {
			picture = read;
			ck_assert_int_eq(
				cuda_backend.read(&rig.backend,
						  &rig.work.target[0].slot,
						  &read,
						  clock_now_ns() + LONG_NS),
				BACKEND_READY);
		}
		check_same(&picture, &rig.cpu.target[0].slot);
		check_same(&rig.work.target[1].slot, &rig.cpu.target[1].slot);
	}
	if (!staged)
		rig.backend.memory->free(rig.backend.memory->context,
					 rig.work.target[0].slot.base);
	rig.work.target[0].slot = own;
	rig_close(&rig);
	free(read.base);
	check_nothing_left();
}
END_TEST

/* The displays may become others; nothing of the old ones is kept. */
START_TEST(prepared_again_and_again_nothing_grows)
{
	uint32_t live[FAKE_KIND_COUNT], i;
	static struct rig rig; /* too large for a stack frame */

	rig_open(&rig, true);
	ck_assert_msg(!rig.status, "%s", rig.line);
	memcpy(live, report()->live, sizeof(live));
	for (i = 0; i < 5; i++) {
		static const struct display displays[GRAPH_SINKS_MAX];

		ck_assert_int_eq(cuda_backend.prepare(&rig.backend, displays,
						      rig.line,
						      sizeof(rig.line)),
				 0);
		ck_assert(!memcmp(live, report()->live, sizeof(live)));
	}
	rig_close(&rig);
	check_nothing_left();
}
END_TEST

/* In a process of its own; true: no call failed. */
static bool bring_up(int code, int call)
{
	char variable[64];
	int status;
	pid_t pid = fork();

	if (!pid) {
		static struct rig rig;

		snprintf(variable, sizeof(variable), "*:%d:%d", code, call);
		setenv("FAKE_CUDA_FAIL", variable, 1);
		rig_open(&rig, true);
		if (rig.status)
			exit(rig.line[0] ? 40 : 41);
		_exit(0);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_msg(WIFEXITED(status), "call %d: signal %d", call,
		      WTERMSIG(status));
	if (!report()->injected)
		return true;
	/* refused with a line; the sanitizer has its own status for leaks */
	ck_assert_msg(WEXITSTATUS(status) == 40, "call %d, entry %d: status %d",
		      call, report()->injected_call, WEXITSTATUS(status));
	check_nothing_left();
	return false;
}

START_TEST(every_call_of_bring_up_may_fail)
{
	static const int codes[] = {1, 2, 12345};
	int call = 1;

	while (!bring_up(codes[_i], call))
		ck_assert_int_lt(++call, CALLS_MAX);
	ck_assert_int_gt(call, 50);
}
END_TEST

START_TEST(a_frame_that_fails_is_not_the_last)
{
	static struct rig rig; /* too large for a stack frame */

	setenv("FAKE_CUDA_FAIL", "cuGraphLaunch:1:3", 1);
	rig_open(&rig, true);
	ck_assert_int_eq(cuda_backend.enter(&rig.backend), BACKEND_READY);
	ck_assert_int_eq(draw(&rig, 0, 0), BACKEND_READY); /* two launches */
	ck_assert_int_eq(draw(&rig, 1, 1), BACKEND_FAILED);
	ck_assert_int_eq(draw(&rig, 2, 2), BACKEND_READY);
	rig_close(&rig);
	check_nothing_left();
}
END_TEST

/* A source's copy may fail too. */
START_TEST(an_upload_that_fails_is_not_the_last)
{
	static struct rig rig; /* too large for a stack frame */

	use_sources();
	setenv("FAKE_CUDA_FAIL", "cuMemcpy2DAsync:1:3", 1);
	rig_open(&rig, true);
	ck_assert_msg(!rig.status, "%s", rig.line);
	ck_assert_int_eq(cuda_backend.enter(&rig.backend), BACKEND_READY);
	ck_assert_int_eq(draw(&rig, 0, 0), BACKEND_READY); /* two sources */
	ck_assert_int_eq(draw(&rig, 1, 1), BACKEND_FAILED);
	ck_assert_int_eq(draw(&rig, 2, 2), BACKEND_READY);
	ck_assert_uint_eq(report()->calls[CUDA_CALL_copy_2d], 5);
	rig_close(&rig);
	check_nothing_left();
}
END_TEST

START_TEST(a_lost_device_says_why)
{
	static struct rig rig; /* too large for a stack frame */

	setenv("FAKE_CUDA_WORK_FAIL", "700:4", 1);
	rig_open(&rig, true);
	ck_assert_int_eq(cuda_backend.enter(&rig.backend), BACKEND_READY);
	ck_assert_int_eq(draw(&rig, 0, 0), BACKEND_READY);
	ck_assert_int_eq(draw(&rig, 1, 1), BACKEND_LOST);
	ck_assert_msg(strstr(rig.backend.fault, "ILLEGAL_ADDRESS"), "%s",
		      rig.backend.fault);
	_exit(0); /* as the product: nothing can be given back */
}
END_TEST

START_TEST(a_wait_ends_when_its_time_does)
{
	static struct rig rig; /* too large for a stack frame */
	int64_t before;

	setenv("FAKE_CUDA_DELAY_US", "300000", 1);
	slow.rate_num = 60; /* it is waited for in vain */
	rig_open(&rig, true);
	ck_assert_int_eq(cuda_backend.enter(&rig.backend), BACKEND_READY);
	tick(&rig.work, 0);
	/* the CPU's step in the middle waits for what is before it */
	ck_assert_int_ne(cuda_backend.launch(&rig.backend, 0, &rig.work,
					     rig.times),
			 BACKEND_READY);
	before = clock_now_ns();
	cuda_backend.wait(&rig.backend, 0, before + NS_PER_MS, rig.times);
	ck_assert_int_lt(clock_now_ns() - before, 200 * NS_PER_MS);
	rig_close(&rig);
	check_nothing_left();
}
END_TEST

/* In real time: what was launched is done. */
static void wait_for_graphs(void)
{
	const struct timespec pause = {.tv_nsec = NS_PER_MS};
	uint64_t launched = report()->calls[CUDA_CALL_exec_launch];

	while (report()->graphs_done < launched)
		syscall(SYS_nanosleep, &pause, NULL);
}

/* Of this thread, while it waits: time in which each look at the clock takes
 * 1 us and a pause as long as it says. */
static _Thread_local struct {
	int64_t now_ns; /* 0: real time */
	int looks, most; /* since the last pause; between any two */
	int pauses;
	int64_t late_ns; /* that much later a pause ends, and all is done then */
} simulated;

INTERPOSER int clock_gettime(clockid_t id, struct timespec *now)
{
	if (!simulated.now_ns)
		return (int)syscall(SYS_clock_gettime, id, now);
	simulated.now_ns += NS_PER_US;
	if (++simulated.looks > simulated.most)
		simulated.most = simulated.looks;
	now->tv_sec = simulated.now_ns / NS_PER_SECOND;
	now->tv_nsec = simulated.now_ns % NS_PER_SECOND;
	return 0;
}

INTERPOSER int clock_nanosleep(clockid_t id, int flags,
			       const struct timespec *pause,
			       struct timespec *left)
{
	if (!simulated.now_ns)
		return (int)syscall(SYS_clock_nanosleep, id, flags, pause,
				    left);
	simulated.now_ns += pause->tv_sec * NS_PER_SECOND + pause->tv_nsec +
			    simulated.late_ns;
	if (simulated.late_ns)
		wait_for_graphs();
	simulated.looks = 0;
	simulated.pauses++;
	return 0;
}

struct poll_job {
	struct rig *rig;
	enum backend_status status; /* of the launch */
	int most, pauses;
};

/* In the thread that makes the calls, whose time is simulated meanwhile. */
static void poll_run(void *arg)
{
	struct poll_job *job = arg;
	struct rig *rig = job->rig;

	simulated.now_ns = clock_now_ns();
	job->status = cuda_backend.launch(&rig->backend, 0, &rig->work,
					  rig->times);
	cuda_backend.wait(&rig->backend, 0, simulated.now_ns + 50 * NS_PER_MS,
			  rig->times);
	simulated.now_ns = 0;
	job->most = simulated.most;
	job->pauses = simulated.pauses;
}

/* A wait of 50 ms for a GPU that takes longer: 100 us of polling at a stretch
 * at most, which is as many looks here, and a few around a pause. */
START_TEST(a_wait_polls_for_100_us_at_a_stretch)
{
	static struct rig rig; /* too large for a stack frame */
	struct poll_job job = {.rig = &rig};

	setenv("FAKE_CUDA_DELAY_US", "300000", 1);
	slow.rate_num = 60; /* it is waited for in vain */
	rig_open(&rig, true);
	tick(&rig.work, 0);
	ck_assert(cuda_backend.attend(&rig.backend, poll_run, &job));
	ck_assert_int_ne(job.status, BACKEND_READY);
	ck_assert_int_gt(job.pauses, 100);
	ck_assert_int_ge(job.most, 50);
	ck_assert_int_le(job.most, 110);
	rig_close(&rig);
	check_nothing_left();
}
END_TEST

#define TYPICAL_NS (500 * NS_PER_US)

static void late_run(void *arg)
{
	struct rig *rig = arg;
	uint32_t i;

	for (i = 0; i < 60; i++) {
		const uint32_t flight = i % rig->backend.flights;

		simulated.now_ns = clock_now_ns();
		simulated.late_ns = 200 * NS_PER_US;
		cuda_backend.launch(&rig->backend, flight, &rig->work,
				    rig->times);
		cuda_backend.wait(&rig->backend, flight,
				  simulated.now_ns + LONG_NS, rig->times);
		simulated.now_ns = simulated.late_ns = 0;
	}
}

/* Where every sleep ends 200 us late, as without realtime priority, the next one
 * must not become longer for it, and the one after that, without an end. */
START_TEST(late_wake_ups_do_not_add_up)
{
	static struct rig rig; /* too large for a stack frame */
	struct cuda *cuda;

	setenv("FAKE_CUDA_DELAY_US", "0", 1);
	rig_open(&rig, true);
	cuda = rig.backend.state;
	cuda->work.typical_ns = TYPICAL_NS;
	tick(&rig.work, 0);
	ck_assert(cuda_backend.attend(&rig.backend, late_run, &rig));
	ck_assert_int_lt(cuda->work.typical_ns, TYPICAL_NS);
	rig_close(&rig);
	check_nothing_left();
}
END_TEST

/* Memory that `read` copies into is its owner's again before it is freed. */
START_TEST(pinned_memory_is_given_back)
{
	static struct rig rig; /* too large for a stack frame */
	struct image read = new_slot();

	rig_open(&rig, true);
	cuda_backend.pin(&rig.backend, read.base, PITCH * graph->height);
	ck_assert_uint_eq(report()->live[FAKE_REGISTERED_MEMORY], 1);
	cuda_backend.unpin(&rig.backend, read.base);
	ck_assert_uint_eq(report()->live[FAKE_REGISTERED_MEMORY], 0);
	rig_close(&rig);
	free(read.base);
	check_nothing_left();
}
END_TEST

static void restart(char *argv[])
{
	char path[] = "/tmp/fake-cuda-XXXXXX";
	int fd = mkstemp(path);

	if (fd < 0)
		exit(2);
	setenv("FAKE_CUDA_REPORT", path, 1);
	setenv("FAKE_CUDA_KERNELS", TEST_BUILD "/tests/cuda/cuda-mixed.kernels.so",
	       1);
	setenv("LD_LIBRARY_PATH", TEST_BUILD "/tests/fakes/cuda", 1);
	execv("/proc/self/exe", argv);
	exit(2);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("cuda driver");
	TCase *tests = tcase_create("driver");

	tcase_set_timeout(tests, 240);
	tcase_add_loop_test(tests, flights_draw_the_cpus_bytes, 0, 4);
	tcase_add_test(tests, prepared_again_and_again_nothing_grows);
	tcase_add_loop_test(tests, every_call_of_bring_up_may_fail, 0, 3);
	tcase_add_test(tests, a_frame_that_fails_is_not_the_last);
	tcase_add_test(tests, an_upload_that_fails_is_not_the_last);
	tcase_add_test(tests, a_lost_device_says_why);
	tcase_add_test(tests, a_wait_ends_when_its_time_does);
	tcase_add_test(tests, a_wait_polls_for_100_us_at_a_stretch);
	tcase_add_test(tests, late_wake_ups_do_not_add_up);
	tcase_add_test(tests, pinned_memory_is_given_back);
	suite_add_tcase(suite, tests);
	return suite;
}

int main(int argc, char *argv[])
{
	SRunner *runner;
	int failed;

	use_graph(&graph_base);
	(void)argc;
#ifdef __SANITIZE_THREAD__
	puts("the fake's kernels are not instrumented: every read of a frame "
	     "would look like a race");
	return 77;
#endif
	if (!getenv("FAKE_CUDA_REPORT"))
		restart(argv);
	runner = srunner_create(make_suite());
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	unlink(getenv("FAKE_CUDA_REPORT"));
	return failed ? 1 : 0;
}
