/*
 * tests/drivers/test_cuda_map.c: a display's memory on the device
 * (drivers/cuda/map.c), on the fake libcuda, which counts what is registered,
 * imported and mapped, and refuses what the driver API's reference does.
 *
 * The file that stands for a dma-buf is a memfd. libcuda.so.1 is found when the
 * process starts, so main() starts the program again with its environment.
 */
#define _GNU_SOURCE
#include <check.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "drivers/cuda/cuda.h"
#include "drivers/cuda/error.h"
#include "drivers/cuda/fatbin.h"
#include "runtime/time/clock.h"
#include "tests/fakes/cuda/report.h"
#include "tests/fakes/egl_image.h"
#include "tests/graph/ticks.h"

#define WIDTH  98
#define HEIGHT 64
#define PITCH  512 /* rows have room behind them */
#define BYTES  ((size_t)PITCH * HEIGHT)
#define SEED   4711

extern const struct graph graph_base;

static struct backend backend;
static const struct display_memory *memory;
static struct display_mapping mapping;
static char line[DISPLAY_MAP_LINE_MAX];

static const struct fake_report *report(void)
{
	static struct fake_report copy;
	FILE *file = fopen(getenv("FAKE_CUDA_REPORT"), "r");

	ck_assert_ptr_nonnull(file);
	ck_assert_uint_eq(fread(&copy, sizeof(copy), 1, file), 1);
	fclose(file);
	return &copy;
}

static void open_backend(void)
{
	char why[256] = "";
	struct backend_config config = {
		.graph = &graph_base, .device = -1, .threads = 1};
	uint32_t i;

	for (i = 0; i < graph_base.plan_count; i++)
		if (graph_base.plans[i].backend == GRAPH_BACKEND_CUDA)
			config.plan = &graph_base.plans[i];
	backend = (struct backend){.ops = &cuda_backend};
	ck_assert_msg(!cuda_backend.open(&backend, &config, why, sizeof(why)),
		      "%s", why);
	memory = backend.memory;
}

static void close_backend(void)
{
	const struct fake_report *r;
	int kind;

	cuda_backend.close(&backend);
	r = report();
	ck_assert_msg(!r->misuse_count, "misused: %s", r->misuse);
	for (kind = 0; kind < FAKE_KIND_COUNT; kind++)
		ck_assert_msg(!r->live[kind], "kind %d: %u left", kind,
			      r->live[kind]);
}

/* ---- memory of a display's ----------------------------------------------- */

static int file;	   /* the dma-buf */
static unsigned char *base; /* the CPU's mapping */

static void make_memory(void)
{
	file = memfd_create("dma-buf", MFD_CLOEXEC);
	ck_assert_int_ge(file, 0);
	ck_assert_int_eq(ftruncate(file, BYTES), 0);
	base = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	ck_assert(base != MAP_FAILED);
	memset(base, 0x5a, BYTES);
}

static bool has_file(int fd)
{
	return fcntl(fd, F_GETFD) >= 0;
}

static struct image image(void)
{
	return (struct image){(unsigned char *)(uintptr_t)mapping.address,
			      PITCH, WIDTH, HEIGHT};
}

/* Each pixel, and nothing behind a row. */
static void expect_marks(bool black)
{
	uint32_t x, y, pixel;

	for (y = 0; y < HEIGHT; y++) {
		for (x = 0; x < WIDTH; x++) {
			memcpy(&pixel, base + y * PITCH + x * 4, 4);
			ck_assert_uint_eq(pixel,
					  black ? 0
						: graph_mark_pixel(SEED, x, y));
		}
		for (x = WIDTH * 4; x < PITCH; x++)
			ck_assert_uint_eq(base[y * PITCH + x], 0x5a);
	}
}

static void draw_marks(void)
{
	const struct image to = image();

	ck_assert_msg(memory->map->mark(memory->context, &to, SEED, false, line),
		      "%s", line);
	expect_marks(false);
	ck_assert(memory->map->mark(memory->context, &to, SEED, true, line));
	expect_marks(true);
}

/* ---- tests --------------------------------------------------------------- */

/* As what the pages can be registered, by how often it is asked. */
START_TEST(host_memory)
{
	static const struct {
		const char *kind;
		uint64_t calls;
	} rows[] = {{"any", 1}, {"io", 1}, {"plain", 2}};

	if (_i)
		setenv("FAKE_CUDA_REGISTER", rows[_i].kind, 1);
	open_backend();
	make_memory();
	ck_assert_msg(memory->map->host(memory->context, base, BYTES, &mapping,
					line),
		      "%s", line);
	ck_assert_uint_eq(report()->calls[CUDA_CALL_host_register],
			  rows[_i].calls);
	ck_assert_uint_eq(report()->live[FAKE_REGISTERED_MEMORY], 1);
	draw_marks();
	memory->map->unmap(memory->context, &mapping);
	ck_assert_uint_eq(mapping.address, 0);
	memory->map->unmap(memory->context, &mapping); /* accepts a zeroed one */
	close_backend();
}
END_TEST

START_TEST(host_memory_that_cannot_be_registered)
{
	setenv("FAKE_CUDA_REGISTER", "none", 1);
	open_backend();
	make_memory();
	ck_assert(!memory->map->host(memory->context, base, BYTES, &mapping,
				     line));
	ck_assert_str_eq(line, "cuMemHostRegister: CUDA error 801 "
			       "NOT_SUPPORTED as I/O memory, 1 INVALID_VALUE as "
			       "ordinary memory");
	ck_assert_uint_eq(mapping.address, 0);
	close_backend();
}
END_TEST

static void on_thor(void)
{
	setenv("FAKE_CUDA_INTEGRATED", "1", 1);
	setenv("FAKE_CUDA_CAPABILITY", "110", 1);
	open_backend();
	make_memory();
}

/* The file is closed at the end, whoever does it. */
START_TEST(dma_buf)
{
	if (_i)
		setenv("FAKE_CUDA_IMPORT", "leaves", 1);
	on_thor();
	ck_assert_msg(memory->map->dma_buf(memory->context, file, BYTES,
					   &mapping, line),
		      "%s", line);
	ck_assert(has_file(file));
	ck_assert_uint_eq(report()->live[FAKE_IMPORT], 1);
	ck_assert_uint_eq(report()->live[FAKE_IMPORTED_MEMORY], 1);
	draw_marks();
	memory->map->unmap(memory->context, &mapping);
	ck_assert(!has_file(file));
	close_backend();
}
END_TEST

/* The file is closed then, too, once. */
START_TEST(dma_buf_that_is_refused)
{
	static const struct {
		const char *integrated, *capability, *missing, *why;
		uint64_t asked;
	} rows[] = {
		{"0", "90", "none", "only a Tegra imports dma-bufs", 0},
		{"0", "110", "none", "only a Tegra imports dma-bufs", 0},
		{"1", "87", "none",
		 "cuImportExternalMemory: CUDA error 801 NOT_SUPPORTED", 1},
		{"1", "110", "cuImportExternalMemory",
		 "libcuda.so.1 has no cuImportExternalMemory", 0},
	};

	setenv("FAKE_CUDA_INTEGRATED", rows[_i].integrated, 1);
	setenv("FAKE_CUDA_CAPABILITY", rows[_i].capability, 1);
	setenv("FAKE_CUDA_MISSING", rows[_i].missing, 1);
	open_backend();
	make_memory();
	ck_assert(!memory->map->dma_buf(memory->context, file, BYTES, &mapping,
					line));
	ck_assert_msg(strstr(line, rows[_i].why), "%s", line);
	ck_assert_uint_eq(report()->calls[CUDA_CALL_import_memory],
			  rows[_i].asked);
	ck_assert(!has_file(file));
	close_backend();
}
END_TEST

static struct fake_egl_image egl_image;

static void make_image(void)
{
	make_memory();
	egl_image = (struct fake_egl_image){.magic = FAKE_EGL_IMAGE_MAGIC,
					    .width = WIDTH,
					    .height = HEIGHT,
					    .pitch = PITCH,
					    .base = base};
}

static bool map_image(uint32_t width, size_t pitch)
{
	const struct image wanted = {
		.pitch = pitch, .width = width, .height = HEIGHT};

	return memory->map->egl_image(memory->context, &egl_image, &wanted,
				      &mapping, line);
}

START_TEST(image_of_egl)
{
	on_thor();
	make_image();
	ck_assert_msg(map_image(WIDTH, PITCH), "%s", line);
	ck_assert_uint_eq(egl_image.registered, 1);
	draw_marks();
	memory->map->unmap(memory->context, &mapping);
	ck_assert_uint_eq(egl_image.registered, 0);
	close_backend();
}
END_TEST

START_TEST(image_of_egl_that_is_refused)
{
	static const struct {
		const char *integrated, *images, *missing, *why;
		uint32_t width;
	} rows[] = {
		{"0", "as wanted", "none",
		 "cuGraphicsEGLRegisterImage: CUDA error 801 NOT_SUPPORTED", WIDTH},
		{"1", "array", "none",
		 "CUDA has the EGLImage as an array, not as rows", WIDTH},
		{"1", "pitch", "none",
		 "CUDA has the EGLImage as 98x64 in rows of 768 bytes", WIDTH},
		{"1", "as wanted", "none",
		 "CUDA has the EGLImage as 98x64 in rows of 512 bytes", 100},
		{"1", "as wanted", "cuGraphicsEGLRegisterImage",
		 "libcuda.so.1 has no cuGraphicsEGLRegisterImage", WIDTH},
		{"1", "as wanted", "cuGraphicsUnregisterResource",
		 "libcuda.so.1 has no cuGraphicsEGLRegisterImage", WIDTH},
	};

	setenv("FAKE_CUDA_INTEGRATED", rows[_i].integrated, 1);
	setenv("FAKE_CUDA_IMAGES", rows[_i].images, 1);
	setenv("FAKE_CUDA_MISSING", rows[_i].missing, 1);
	open_backend();
	make_image();
	ck_assert(!map_image(rows[_i].width, PITCH));
	ck_assert_str_eq(line, rows[_i].why);
	ck_assert_uint_eq(mapping.address, 0);
	ck_assert_uint_eq(egl_image.registered, 0);
	close_backend();
}
END_TEST

/* A display's helper, while the ticks have the cuda thread's place. */
static void *help(void *unused)
{
	ck_assert_msg(memory->map->host(memory->context, base, BYTES, &mapping,
					line),
		      "%s", line);
	memory->map->unmap(memory->context, &mapping);
	ck_assert(memory->map->dma_buf(memory->context, file, BYTES, &mapping,
				       line));
	memory->map->unmap(memory->context, &mapping);
	return unused;
}

START_TEST(another_thread)
{
	pthread_t thread;

	on_thor();
	ck_assert_int_eq(pthread_create(&thread, NULL, help, NULL), 0);
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
	ck_assert_uint_eq(report()->made[FAKE_REGISTERED_MEMORY], 1);
	ck_assert_uint_eq(report()->made[FAKE_IMPORT], 1);
	close_backend();
}
END_TEST

static void *help_in_vain(void *unused)
{
	ck_assert(!memory->map->dma_buf(memory->context, file, BYTES, &mapping,
					line));
	ck_assert_msg(strstr(line, "cuCtxSetCurrent"), "%s", line);
	ck_assert(!has_file(file));
	return unused;
}

/* Where it cannot even call. */
START_TEST(another_thread_without_a_context)
{
	pthread_t thread;

	setenv("FAKE_CUDA_FAIL", "cuCtxSetCurrent:1:1", 1);
	on_thor();
	ck_assert_int_eq(pthread_create(&thread, NULL, help_in_vain, NULL), 0);
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
	close_backend();
}
END_TEST

/* In a process of its own: both kinds of memory, mapped, drawn in and given
 * back, one entry failing at its N-th call. True: it was not called so often. */
static bool fail_once(const char *entry, int call, int code)
{
	char variable[96];
	int status;
	pid_t pid = fork();

	if (!pid) {
		struct image to;

		snprintf(variable, sizeof(variable), "%s:%d:%d", entry, code,
			 call);
		setenv("FAKE_CUDA_FAIL", variable, 1);
		on_thor();
		if (!memory->map->host(memory->context, base, BYTES, &mapping,
				       line))
			_exit(line[0] && !mapping.address ? 40 : 41);
		to = image();
		if (!memory->map->mark(memory->context, &to, SEED, false, line))
			_exit(line[0] && backend.lost == (code == 700) ? 40
								       : 42);
		memory->map->unmap(memory->context, &mapping);
		if (!memory->map->dma_buf(memory->context, file, BYTES,
					  &mapping, line))
			_exit(line[0] && !mapping.address && !has_file(file)
				      ? 40
				      : 43);
		memory->map->unmap(memory->context, &mapping);
		_exit(0);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_msg(WIFEXITED(status), "%s, call %d: signal %d", entry, call,
		      WTERMSIG(status));
	if (!report()->injected)
		return true;
	ck_assert_msg(WEXITSTATUS(status) == 40 || WEXITSTATUS(status) == 0,
		      "%s, call %d: status %d", entry, call,
		      WEXITSTATUS(status));
	ck_assert_msg(!report()->misuse_count, "%s", report()->misuse);
	return false;
}

START_TEST(every_call_may_fail)
{
	/* by how often it is called */
	static const struct {
		const char *entry;
		int calls;
	} rows[] = {
		{"cuMemHostRegister", 1},
		{"cuMemHostUnregister", 1},
		{"cuLaunchKernel", 1},
		{"cuImportExternalMemory", 1},
		{"cuExternalMemoryGetMappedBuffer", 1},
		{"cuDestroyExternalMemory", 1},
	};
	int call = 1;

	while (!fail_once(rows[_i / 2].entry, call, _i % 2 ? 700 : 1))
		call++;
	ck_assert_int_eq(call - 1, rows[_i / 2].calls);
}
END_TEST

/* A store where nothing can be stored: the GPU is lost, and the line says which
 * way leads on. */
START_TEST(a_trial_that_costs_the_context)
{
	struct image to;

	setenv("FAKE_CUDA_FAIL", "cuLaunchKernel:700:1", 1);
	open_backend();
	make_memory();
	ck_assert(memory->map->host(memory->context, base, BYTES, &mapping,
				    line));
	to = image();
	ck_assert(!memory->map->mark(memory->context, &to, SEED, false, line));
	ck_assert(backend.lost);
	ck_assert_msg(strstr(backend.fault, "ILLEGAL_ADDRESS") &&
			      strstr(backend.fault, "buffers=dumb"),
		      "%s", backend.fault);
	_exit(0); /* as the product: nothing can be given back */
}
END_TEST

/* What is launched is waited for until it is done, or for so long. */
START_TEST(idle)
{
	unsigned char *pool = aligned_alloc(64, graph_base.pool_bytes + 64);
	const struct tick tick = tick_nominal(&graph_base, 0, NULL);
	const struct run run = {.nominal = true, .backend = ""};
	struct graph_work work;
	struct step_time times[64];
	struct tick unused;
	uint32_t i;

	if (_i)
		setenv("FAKE_CUDA_HANG", "1", 1);
	open_backend();
	ck_assert(!cuda_backend.prepare(&backend, NULL, line, sizeof(line)));
	ck_assert(memory->map->idle(memory->context, 10000));
	memset(pool, 0, graph_base.pool_bytes);
	memset(&work, 0, sizeof(work));
	backend_init_work(&backend, pool, &work, &unused, &run);
	for (i = 0; i < graph_base.sink_count; i++)
		work.target[i].slot = (struct image){
			calloc(1, (size_t)448 * graph_base.height), 448,
			graph_base.width, graph_base.height};
	ck_assert_int_eq(cuda_backend.enter(&backend), BACKEND_READY);
	graph_base.tick(&work, &tick);
	ck_assert_int_eq(cuda_backend.launch(&backend, 0, &work, times) ==
				 BACKEND_READY,
			 !_i);
	ck_assert_int_eq(memory->map->idle(memory->context, _i ? 3 : 10000),
			 !_i);
	if (_i)
		_exit(0); /* as the product: nothing can be given back */
	for (i = 0; i < graph_base.sink_count; i++)
		free(work.target[i].slot.base);
	free(pool);
	close_backend();
}
END_TEST

/* A display that hangs keeps what it has mapped: libcuda is not ended. */
START_TEST(left_behind)
{
	open_backend();
	make_memory();
	ck_assert(memory->map->host(memory->context, base, BYTES, &mapping,
				    line));
	memory->map->leave(memory->context);
	cuda_backend.close(&backend);
	ck_assert_uint_eq(report()->live[FAKE_REGISTERED_MEMORY], 1);
	ck_assert_uint_eq(report()->live[FAKE_CONTEXT], 1);
	_exit(0);
}
END_TEST

static void put_module(const char *folder, const char *name)
{
	char path[160];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	ck_assert_int_eq(mkdir(path, 0700), 0);
}

/* A Tegra has neither. */
START_TEST(uvm_is_missed_where_nvidia_is)
{
	char folder[] = "/tmp/tickline-modules-XXXXXX", command[64];

	ck_assert_ptr_nonnull(mkdtemp(folder));
	ck_assert(!cuda_lacks_uvm(folder));
	put_module(folder, "nvidia");
	ck_assert(cuda_lacks_uvm(folder));
	put_module(folder, "nvidia_uvm");
	ck_assert(!cuda_lacks_uvm(folder));
	snprintf(command, sizeof(command), "rm -r %s", folder);
	ck_assert_int_eq(system(command), 0);
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

int main(int argc, char *argv[])
{
	Suite *suite = suite_create("cuda map");
	TCase *tests = tcase_create("map");
	SRunner *runner;
	int failed;

	(void)argc;
#ifdef __SANITIZE_THREAD__
	puts("the fake's kernels are not instrumented: every read of a frame "
	     "would look like a race");
	return 77;
#endif
	if (!getenv("FAKE_CUDA_REPORT"))
		restart(argv);
	tcase_set_timeout(tests, 120);
	tcase_add_loop_test(tests, host_memory, 0, 3);
	tcase_add_test(tests, host_memory_that_cannot_be_registered);
	tcase_add_loop_test(tests, dma_buf, 0, 2);
	tcase_add_loop_test(tests, dma_buf_that_is_refused, 0, 4);
	tcase_add_test(tests, image_of_egl);
	tcase_add_loop_test(tests, image_of_egl_that_is_refused, 0, 6);
	tcase_add_test(tests, another_thread);
	tcase_add_test(tests, another_thread_without_a_context);
	tcase_add_loop_test(tests, every_call_may_fail, 0, 12);
	tcase_add_test(tests, a_trial_that_costs_the_context);
	tcase_add_loop_test(tests, idle, 0, 2);
	tcase_add_test(tests, left_behind);
	tcase_add_test(tests, uvm_is_missed_where_nvidia_is);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	unlink(getenv("FAKE_CUDA_REPORT"));
	return failed ? 1 : 0;
}
