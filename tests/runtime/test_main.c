/*
 * tests/runtime/test_main.c: bring-up with the n-th call to the system failing,
 * for n = 1, 2, 3 ... until nothing is left to fail. Each time the program
 * ends with one line and a status from the table, or goes on without, and
 * every descriptor, mapping, thread and byte of heap is given back.
 *
 * The whole program is in this one: its main() under another name, a graph by
 * hand, and the calls that can fail defined here, over libc's.
 */
#define _GNU_SOURCE /* RTLD_NEXT, eventfd */

int program_main(int argc, char *argv[]);
#define main program_main
#include "runtime/main.c"
#undef main

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>

#include "tests/fakes/interpose.h"
#include "tests/runtime/run_suite.h"

/* ---- calls that fail ----------------------------------------------------- */

static struct {
	int count;	  /* calls so far */
	int fail_at;	  /* from 1; 0: none */
	const char *name; /* of the call that failed; NULL: none did */
	long mapped;	  /* mappings less unmappings */
	long heap;	  /* blocks less frees */
	bool on;
} calls;

INTERPOSER static bool fails(const char *name, int error)
{
	if (!calls.on || ++calls.count != calls.fail_at)
		return false;
	calls.name = name;
	errno = error;
	return true;
}

INTERPOSER void *mmap(void *at, size_t bytes, int protection, int flags, int fd,
		      off_t offset)
{
	if (fails("mmap", ENOMEM))
		return MAP_FAILED;
	calls.mapped += calls.on ? (long)bytes : 0;
	return (void *)syscall(SYS_mmap, at, bytes, protection, flags, fd,
			       offset);
}

INTERPOSER int munmap(void *at, size_t bytes)
{
	calls.mapped -= calls.on ? (long)bytes : 0;
	return (int)syscall(SYS_munmap, at, bytes);
}

INTERPOSER int mprotect(void *at, size_t bytes, int protection)
{
	if (fails("mprotect", ENOMEM))
		return -1;
	return (int)syscall(SYS_mprotect, at, bytes, protection);
}

INTERPOSER int mlockall(int flags)
{
	if (fails("mlockall", ENOMEM))
		return -1;
	(void)flags; /* a sanitizer's shadow memory is not to be locked */
	return 0;
}

INTERPOSER int timerfd_create(int clock, int flags)
{
	if (fails("timerfd_create", EMFILE))
		return -1;
	return (int)syscall(SYS_timerfd_create, clock, flags);
}

INTERPOSER int eventfd(unsigned int count, int flags)
{
	if (fails("eventfd", EMFILE))
		return -1;
	return (int)syscall(SYS_eventfd2, count, flags);
}

INTERPOSER int open(const char *path, int flags, ...)
{
	va_list arguments;
	mode_t mode;

	va_start(arguments, flags);
	mode = flags & O_CREAT ? va_arg(arguments, mode_t) : 0;
	va_end(arguments);
	if (fails("open", EMFILE))
		return -1;
	return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

INTERPOSER int pthread_create(pthread_t *thread,
			      const pthread_attr_t *attributes,
			      void *(*run)(void *), void *arg)
{
	int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *),
		    void *);

	if (fails("pthread_create", EAGAIN))
		return EAGAIN;
	*(void **)&real = dlsym(RTLD_NEXT, "pthread_create");
	return real(thread, attributes, run, arg);
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
void *__libc_malloc(size_t bytes);
void *__libc_calloc(size_t count, size_t bytes);
void __libc_free(void *old);

void *malloc(size_t bytes)
{
	if (fails("malloc", ENOMEM))
		return NULL;
	calls.heap += calls.on;
	return __libc_malloc(bytes);
}

void *calloc(size_t count, size_t bytes)
{
	if (fails("calloc", ENOMEM))
		return NULL;
	calls.heap += calls.on;
	return __libc_calloc(count, bytes);
}

void free(void *old)
{
	calls.heap -= calls.on && old;
	__libc_free(old);
}
#endif

/* ---- a graph ------------------------------------------------------------- */

static void graph_tick(const struct graph_work *work, const struct tick *tick)
{
	*(uint64_t *)(void *)work->pool = tick->number;
}

static void draw(const struct graph_work *work,
		 const struct graph_band *band)
{
	(void)band;
	memset(work->target[0].slot.base, *work->pool, 16);
}

static const struct graph_step steps[] = {
	{"draw", GRAPH_STEP_FUSED, 0, draw, NULL, NULL, NULL}};
static const struct graph_plan plans[] = {{GRAPH_BACKEND_CPU, 1, steps, NULL, 0, 0}};

#define GRAPH_TABLE                                                            \
	{                                                                      \
		.name = "small", .width = 16, .height = 16,  \
		.rate_num = 1000, .rate_den = 1, .board = {"host", 10, -1, 0}, \
		.sink_count = 2, .plan_count = 1,                              \
		.sinks = (const struct graph_sink[]){{"screen", "headless"},   \
						     {"other", "null"}},       \
		.plans = plans, .pool_bytes = 64, .tick = graph_tick,          \
	}

extern const struct graph graph_base, graph_avx2, graph_avx512;
const struct graph graph_base = GRAPH_TABLE;
const struct graph graph_avx2 = GRAPH_TABLE;
const struct graph graph_avx512 = GRAPH_TABLE;

/* ---- one run ------------------------------------------------------------- */

static int count_entries(const char *directory)
{
	DIR *entries = opendir(directory);
	int count = 0;

	ck_assert_ptr_nonnull(entries);
	while (readdir(entries))
		count++;
	closedir(entries);
	return count;
}

/* A thread that was joined may be listed a moment longer. */
static bool threads_are(int count)
{
	int looks;

	for (looks = 0; looks < 5000; looks++) {
		if (count_entries("/proc/self/task") == count)
			return true;
		usleep(1000);
	}
	return false;
}

/* stderr of a run, and stdout thrown away. */
static FILE *divert(int saved[2])
{
	FILE *errors = tmpfile();
	int nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);

	ck_assert(errors && nothing >= 0);
	fflush(stdout);
	saved[0] = dup(STDOUT_FILENO);
	saved[1] = dup(STDERR_FILENO);
	dup2(nothing, STDOUT_FILENO);
	dup2(fileno(errors), STDERR_FILENO);
	close(nothing);
	return errors;
}

static void revert(const int saved[2])
{
	fflush(stdout);
	dup2(saved[0], STDOUT_FILENO);
	dup2(saved[1], STDERR_FILENO);
	close(saved[0]);
	close(saved[1]);
}

/* What it said; lines: how many. */
static void read_errors(FILE *errors, char *text, size_t bytes, int *lines)
{
	size_t length;

	rewind(errors);
	length = fread(text, 1, bytes - 1, errors);
	text[length] = '\0';
	fclose(errors);
	*lines = 0;
	for (; *text; text++)
		*lines += *text == '\n';
}

static int run_program(int fail_at, char *text, size_t bytes, int *lines)
{
	static char record[] = "/tmp/tickline-test-main.XXXXXX";
	char *argv[] = {(char *)(uintptr_t) "small",
			(char *)(uintptr_t) "--ticks",
			(char *)(uintptr_t) "5",
			(char *)(uintptr_t) "--status",
			(char *)(uintptr_t) "--report",
			(char *)(uintptr_t) "json",
			(char *)(uintptr_t) "--record",
			record,
			NULL};
	int saved[2], status;
	FILE *errors;

	strcpy(record + sizeof(record) - 7, "XXXXXX");
	close(mkstemp(record));
	memset(&program, 0, sizeof(program));
	optind = 0; /* getopt starts over */
	errors = divert(saved);
	calls.count = 0;
	calls.fail_at = fail_at;
	calls.name = NULL;
	calls.mapped = 0;
	calls.heap = 0;
	calls.on = true;
	status = program_main(8, argv);
	calls.on = false;
	revert(saved);
	unlink(record);
	read_errors(errors, text, bytes, lines);
	return status;
}

static bool in_table(int status)
{
	return status == EXIT_STATUS_OS_LIMIT ||
	       status == EXIT_STATUS_NO_DEVICE ||
	       status == EXIT_STATUS_NO_PERMISSION ||
	       status == EXIT_STATUS_USAGE;
}

START_TEST(the_nth_call_fails)
{
	char text[2048];
	int lines, status, refused = 0, went_on = 0;
	int files, threads;

	/* stdio and getopt take their memory once */
	ck_assert_int_eq(run_program(0, text, sizeof(text), &lines), 0);
	files = count_entries("/proc/self/fd");
	threads = count_entries("/proc/self/task");
	for (int n = 1;; n++) {
		status = run_program(n, text, sizeof(text), &lines);
		ck_assert_msg(count_entries("/proc/self/fd") == files,
			      "call %d, %s: a descriptor is left", n,
			      calls.name);
		ck_assert_msg(threads_are(threads),
			      "call %d, %s: a thread is left", n, calls.name);
		ck_assert_msg(calls.mapped == 0 && calls.heap == 0,
			      "call %d, %s: %ld bytes mapped, %ld blocks left",
			      n, calls.name, calls.mapped, calls.heap);
		if (!calls.name)
			break;
		if (status)
			refused++;
		else
			went_on++;
		ck_assert_msg(!status || (in_table(status) && lines == 1),
			      "call %d, %s: status %d, %d lines: %s", n,
			      calls.name, status, lines, text);
		ck_assert_int_lt(n, 1000);
	}
	ck_assert_int_eq(status, 0);
	/* clock, pools, displays, threads ... and what it can do without */
	ck_assert_msg(refused >= 9, "only %d calls refused", refused);
	ck_assert_msg(went_on >= 1, "it never went on without");
}
END_TEST

START_TEST(refusals_name_what_failed)
{
	char text[2048];
	int lines, status;

	for (int n = 1; n < 1000; n++) {
		status = run_program(n, text, sizeof(text), &lines);
		if (!calls.name)
			return;
		if (!status)
			continue;
		ck_assert_msg(!strncmp(text, "small: ", 7) ||
				      strstr(text, "display"),
			      "%s", text);
		ck_assert_msg(strstr(text, "raise ") || strstr(text, "free "),
			      "no way out: %s", text);
	}
}
END_TEST

static void add(TCase *tests)
{
	tcase_set_timeout(tests, 120);
	tcase_add_test(tests, the_nth_call_fails);
	tcase_add_test(tests, refusals_name_what_failed);
}

int main(void)
{
	return run_suite("main", add);
}
