/*
 * tests/drivers/test_cuda_fake.c: the fake libcuda itself: what the other tests
 * believe of it.
 *
 * libcuda.so.1 is found when the process starts, so main() starts the program
 * again with its environment.
 */
#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "drivers/cuda/library.h"
#include "tests/fakes/cuda/report.h"

#define WORDS 4096
#define VALUES 254

struct block {
	uint64_t pool;
	uint32_t value[VALUES];
};

static struct cuda_library cuda;
static struct cuda_context *context;
static struct cuda_stream *stream;
static struct cuda_module *module;
static struct cuda_function *fill, *done;
static uint64_t pool, counter;
static uint32_t *flag;
static struct block block;

#define OK(name, ...) ck_assert_int_eq(cuda_call(&cuda, name, __VA_ARGS__), 0)

static void open_fake(void)
{
	static const uint32_t elf = 0x464c457f; /* taken for a cubin */
	char line[256] = "";

	ck_assert_msg(!cuda_library_open(&cuda, line, sizeof(line)), "%s",
		      line);
	OK(init, 0);
	OK(context_create, &context, NULL, 0, CUDA_CONTEXT_MAP_HOST, 0);
	OK(stream_create, &stream, CUDA_STREAM_NON_BLOCKING, 0);
	OK(memory_alloc, &pool, WORDS * 4);
	OK(memory_alloc, &counter, 4);
	OK(memory_set, counter, 0, 4);
	OK(stream_wait, NULL);
	OK(host_alloc, (void **)&flag, WORDS * 4, CUDA_HOST_MAPPED);
	OK(module_load, &module, &elf);
	OK(module_function, &fill, module, "sample_fill");
	OK(module_function, &done, module, "sample_done");
	*flag = 0;
}

static void close_fake(void)
{
	OK(module_unload, module);
	OK(host_free, flag);
	OK(memory_free, counter);
	OK(memory_free, pool);
	OK(stream_destroy, stream);
	OK(context_destroy, context);
	cuda_library_close(&cuda);
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
	int kind;

	for (kind = 0; kind < FAKE_KIND_COUNT; kind++)
		ck_assert_msg(!report()->live[kind], "kind %d: %u left", kind,
			      report()->live[kind]);
	ck_assert_msg(!report()->misuse_count, "%s", report()->misuse);
}

/* fill, then done, as a graph; *node is fill's. */
static struct cuda_exec *make_exec(struct cuda_graph **graph,
				   struct cuda_node **node)
{
	void *fill_params[] = {&block};
	void *done_params[] = {&counter, &flag};
	struct cuda_node *const *last;
	struct cuda_exec *exec;
	size_t count;
	int status;

	block.pool = pool;
	OK(capture_begin, stream, CUDA_CAPTURE_THREAD_LOCAL);
	OK(launch, fill, WORDS / 128, 1, 1, 128, 1, 1, 0, stream, fill_params,
	   NULL);
	OK(capture_info, stream, &status, NULL, NULL, &last, &count);
	ck_assert_int_eq(status, 1);
	ck_assert_uint_eq(count, 1);
	*node = last[0];
	OK(launch, done, 1, 1, 1, 1, 1, 1, 0, stream, done_params, NULL);
	OK(capture_end, stream, graph);
	OK(graph_instantiate, &exec, *graph, 0);
	return exec;
}

static void set_values(struct cuda_exec *exec, struct cuda_node *node,
		       uint32_t value)
{
	void *params[] = {&block};
	struct cuda_kernel_node kernel = {.function = fill,
					  .grid_x = WORDS / 128,
					  .grid_y = 1,
					  .grid_z = 1,
					  .block_x = 128,
					  .block_y = 1,
					  .block_z = 1,
					  .params = params};
	int i;

	for (i = 0; i < VALUES; i++)
		block.value[i] = value;
	OK(exec_set_kernel, exec, node, &kernel);
}

START_TEST(a_launch_takes_parameters_at_its_call)
{
	struct cuda_graph *graph;
	struct cuda_node *node;
	struct cuda_exec *exec;
	uint32_t i;

	open_fake();
	exec = make_exec(&graph, &node);
	set_values(exec, node, 1000);
	OK(exec_launch, exec, stream);
	set_values(exec, node, 5000); /* for the next one */
	memset(&block, 0, sizeof(block));
	OK(copy_down, flag, pool, WORDS * 4, stream);
	OK(stream_wait, stream);
	for (i = 0; i < WORDS; i++)
		ck_assert_uint_eq(flag[i], 1000 + i);
	OK(exec_launch, exec, stream);
	OK(copy_down, flag, pool, WORDS * 4, stream);
	OK(stream_wait, stream);
	for (i = 0; i < WORDS; i++)
		ck_assert_uint_eq(flag[i], 5000 + i);
	OK(exec_destroy, exec);
	OK(graph_destroy, graph);
	close_fake();
	check_nothing_left();
	ck_assert_uint_eq(report()->calls[CUDA_CALL_exec_launch], 2);
	ck_assert_uint_eq(report()->graphs_done, 2);
}
END_TEST

START_TEST(work_is_done_beside_the_caller)
{
	int i;
	struct cuda_graph *graph;
	struct cuda_node *node;
	struct cuda_exec *exec;

	open_fake();
	exec = make_exec(&graph, &node);
	OK(exec_launch, exec, stream);
	/* it takes FAKE_CUDA_DELAY_US of the fake's clock, 51 a query, however
	 * long we take; the query that ends it finds it done */
	for (i = 0; i < 970; i++)
		ck_assert_int_eq(cuda_call(&cuda, stream_query, stream), 600);
	usleep(60000);
	ck_assert_uint_eq(*(volatile uint32_t *)flag, 0);
	while (cuda_call(&cuda, stream_query, stream))
		ck_assert_int_lt(i++, 1001);
	ck_assert_uint_eq(*(volatile uint32_t *)flag, 1);
	OK(stream_wait, stream);
	OK(stream_query, stream);
	OK(exec_destroy, exec);
	OK(graph_destroy, graph);
	close_fake();
}
END_TEST

START_TEST(the_host_cannot_touch_device_memory)
{
	open_fake();
	*(volatile unsigned char *)(uintptr_t)pool = 1;
}
END_TEST

START_TEST(what_is_left_is_reported)
{
	open_fake();
	ck_assert_uint_eq(report()->live[FAKE_DEVICE_MEMORY], 2);
	ck_assert_uint_eq(report()->device_bytes, WORDS * 4 + 4);
	ck_assert_uint_eq(report()->live[FAKE_STREAM], 1);
	close_fake();
	check_nothing_left();
}
END_TEST

/* Copies to places that nobody allocated; a node of a graph that is gone. */
START_TEST(misuse_is_refused_and_noted)
{
	struct cuda_kernel_node kernel = {0};
	struct cuda_graph *graph;
	struct cuda_node *node;
	struct cuda_exec *exec;
	uint32_t value;

	open_fake();
	ck_assert_int_eq(cuda_call(&cuda, copy_down, flag, pool, WORDS * 4 + 1,
				   stream),
			 1);
	ck_assert_int_eq(cuda_call(&cuda, copy_up, pool + WORDS * 4, flag, 4,
				   stream),
			 1);
	OK(capture_begin, stream, CUDA_CAPTURE_THREAD_LOCAL);
	ck_assert_int_eq(cuda_call(&cuda, copy_up, pool, &value, 4, stream), 1);
	OK(capture_end, stream, &graph);
	OK(graph_destroy, graph);
	exec = make_exec(&graph, &node);
	OK(graph_destroy, graph);
	ck_assert_int_eq(
		cuda_call(&cuda, exec_set_kernel, exec, node, &kernel), 1);
	ck_assert_uint_eq(report()->misuse_count, 4);
	OK(exec_destroy, exec);
	close_fake();
}
END_TEST

START_TEST(failures_come_as_asked)
{
	uint64_t address;

	open_fake();
	OK(memory_alloc, &address, 16);
	OK(memory_free, address);
	/* the context's third device allocation, then it is lost */
	ck_assert_int_eq(cuda_call(&cuda, memory_alloc, &address, 16), 700);
	ck_assert_int_eq(cuda_call(&cuda, stream_query, stream), 700);
	ck_assert_int_eq(report()->injected, 700);
	ck_assert_int_eq(report()->injected_call, CUDA_CALL_memory_alloc);
}
END_TEST

static void restart(char *argv[])
{
	char report_path[] = "/tmp/fake-cuda-XXXXXX";
	int fd = mkstemp(report_path);

	if (fd < 0)
		exit(2);
	setenv("FAKE_CUDA_REPORT", report_path, 1);
	setenv("FAKE_CUDA_DELAY_US", "50000", 1);
	setenv("ASAN_OPTIONS", "handle_segv=0", 0); /* Check sees the signal */
	setenv("FAKE_CUDA_KERNELS", TEST_BUILD "/tests/fakes/cuda/sample.so",
	       1);
	setenv("FAKE_CUDA_FAIL", "cuMemAlloc:700:4", 1);
	setenv("LD_LIBRARY_PATH", TEST_BUILD "/tests/fakes/cuda", 1);
	execv("/proc/self/exe", argv);
	exit(2);
}

int main(int argc, char *argv[])
{
	Suite *suite = suite_create("fake libcuda");
	TCase *tests = tcase_create("fake");
	SRunner *runner;
	int failed;

	(void)argc;
#ifdef __SANITIZE_THREAD__
	puts("kernels whose threads wait for each other are coroutines, which "
	     "the thread sanitizer does not know");
	return 77;
#endif
	if (!getenv("FAKE_CUDA_REPORT"))
		restart(argv);
	tcase_add_test(tests, a_launch_takes_parameters_at_its_call);
	tcase_add_test(tests, work_is_done_beside_the_caller);
	tcase_add_test_raise_signal(tests, the_host_cannot_touch_device_memory,
				    SIGSEGV);
	tcase_add_test(tests, what_is_left_is_reported);
	tcase_add_test(tests, misuse_is_refused_and_noted);
	tcase_add_test(tests, failures_come_as_asked);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	unlink(getenv("FAKE_CUDA_REPORT"));
	return failed ? 1 : 0;
}
