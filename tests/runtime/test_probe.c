/*
 * tests/runtime/test_probe.c: --probe against a made-up machine under a
 * folder, and against this one.
 */
#define _GNU_SOURCE
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime/app/probe.h"
#include "tests/runtime/sample_graph.h"

static const char *const isas[] = {"base", "avx2", NULL};
static char root[64];
static struct probe probe;

static bool gpu_is_here, wall_is_here;

static bool print_wall(FILE *out, const char *indent)
{
	fprintf(out, "lamp 0\n%slamp 1\n", indent);
	return wall_is_here;
}

static const struct display_ops wall_ops = {.name = "wall",
					    .probe = print_wall};
static const struct display_ops headless_ops = {.name = "headless"};
static const struct display_ops null_ops = {.name = "null"};
static const struct display_ops *const displays[] = {&wall_ops, &headless_ops,
						     &null_ops, NULL};

static bool print_gpu(FILE *out, const char *indent)
{
	fprintf(out, "code for sm_87\n%sdevice 0: a GPU\n", indent);
	return gpu_is_here;
}

static const struct backend_ops gpu = {.name = "gpu", .probe = print_gpu};
static const struct backend_ops *const cpu_only[] = {&cpu_backend, NULL};
static const struct backend_ops *const with_gpu[] = {&gpu, &cpu_backend, NULL};
static const struct source_ops *const sources[] = {NULL};
static struct drivers drivers;

static void setup(void)
{
	snprintf(root, sizeof(root), "/tmp/tickline-probe-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(root));
	drivers = (struct drivers){displays, sources, cpu_only, NULL};
	probe = (struct probe){.graph = &sample_graph,
			       .isas = isas,
			       .isa = "avx2",
			       .drivers = &drivers,
			       .root = root};
}

static void teardown(void)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf '%s'", root);
	ck_assert_int_eq(system(command), 0);
}

/* Makes the folders of ROOT/path and the file with that text. */
static void make_file(const char *path, const char *text)
{
	char name[256], *slash;
	FILE *file;

	snprintf(name, sizeof(name), "%s%s", root, path);
	for (slash = strchr(name + strlen(root) + 1, '/'); slash;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(name, 0755);
		*slash = '/';
	}
	file = fopen(name, "w");
	ck_assert_ptr_nonnull(file);
	fputs(text, file);
	fclose(file);
}

static char *text_of(void)
{
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);

	ck_assert(probe_print(&probe, out));
	fclose(out);
	return text;
}

static void check_holds(const char *text, const char *part)
{
	ck_assert_msg(strstr(text, part), "no \"%s\" in\n%s", part, text);
}

START_TEST(a_board)
{
	char *text;

	make_file("/sys/kernel/realtime", "1\n");
	make_file("/proc/sys/kernel/sched_rt_runtime_us", "-1\n");
	make_file("/proc/cpuinfo", "processor : 0\nmodel name : Zen 9\n");
	make_file("/dev/cpu_dma_latency", "");
	text = text_of();
	check_holds(text, "graph sample, 16x16, 60000/1001 ticks a second");
	check_holds(text, "  headless   built in\n");
	check_holds(text, "  null       built in\n");
	check_holds(text, "built in; Zen 9, ");
	check_holds(text, "instruction sets base avx2\n");
	check_holds(text, ", PREEMPT_RT\n");
	check_holds(text, "can be held at 0");
	check_holds(text, "may use all of a CPU");
	check_holds(text, "auto would choose\n  --display headless"
			  "\n  --backend cpu\n  --isa avx2\n");
	free(text);
}
END_TEST

/* What the kernel was started with, and what the board's advice adds to it. */
static const struct {
	const char *line, *advice, *says; /* says NULL: nothing */
} cmdlines[] = {
	{"quiet isolcpus=1\n", NULL, NULL},
	{"quiet isolcpus=1\n", "", NULL},
	{"quiet isolcpus=1\n", "isolcpus=1", "has what the board advises: isolcpus=1\n"},
	{"isolcpus=1 quiet\n", "quiet isolcpus=1", "has what the board advises: quiet i"},
	{"quiet isolcpus=12\n", "isolcpus=1", "lacks what the board advises: isolcpus=1\n"},
	{"isolcpus\n", "isolcpus=1", "lacks what the board advises: isolcpus=1\n"},
	{"a c\n", " a  b c d ", "lacks what the board advises: b d\n"},
	{"", "a", "lacks what the board advises: a\n"},
};

START_TEST(the_kernels_command_line)
{
	char *text;

	make_file("/proc/cmdline", cmdlines[_i].line);
	probe.cmdline = cmdlines[_i].advice;
	text = text_of();
	if (cmdlines[_i].says)
		check_holds(text, cmdlines[_i].says);
	else
		ck_assert_ptr_null(strstr(text, "cmdline"));
	free(text);
}
END_TEST

START_TEST(a_bare_machine)
{
	char *text = text_of();

	check_holds(text, "not PREEMPT_RT");
	check_holds(text, "cannot be opened (it is not here)");
	check_holds(text, "auto would choose\n");
	free(text);
}
END_TEST

START_TEST(a_display_tells_of_itself)
{
	char *text;

	wall_is_here = _i;
	text = text_of();
	check_holds(text, "  wall       lamp 0\n"
			  "             lamp 1\n"
			  "  headless   built in\n");
	check_holds(text, wall_is_here
				  ? "  --display wall, else headless\n"
				  : "  --display headless\n");
	free(text);
}
END_TEST

START_TEST(a_device_tells_of_itself)
{
	char *text;

	drivers.backends = with_gpu;
	gpu_is_here = _i;
	text = text_of();
	check_holds(text, "  gpu        code for sm_87\n"
			  "             device 0: a GPU\n"
			  "  cpu        built in; ");
	check_holds(text, gpu_is_here ? "  --backend gpu (where it opens"
				      : "  --backend cpu\n");
	free(text);
}
END_TEST

/* RLIMIT_RTPRIO binds only without CAP_SYS_NICE, RLIMIT_MEMLOCK only without
 * CAP_IPC_LOCK: an ordinary user has neither. */
static void print_as_nobody(FILE *out)
{
	const struct rlimit none = {0, 0};
	bool dropped = !setrlimit(RLIMIT_RTPRIO, &none) &&
		       !setrlimit(RLIMIT_MEMLOCK, &none) &&
		       (geteuid() != 0 || !setresuid(65534, 65534, 65534));

	_exit(dropped && probe_print(&probe, out) ? 0 : 1);
}

START_TEST(without_privilege_it_says_what_to_grant)
{
	static char text[8192];
	FILE *out = tmpfile();
	int status = -1;
	pid_t child = fork();

	if (child == 0)
		print_as_nobody(out);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
	rewind(out);
	ck_assert_uint_gt(fread(text, 1, sizeof(text) - 1, out), 0);
	check_holds(text, "SCHED_FIFO 70 refused: RLIMIT_RTPRIO is 0");
	check_holds(text, "memory lock refused: RLIMIT_MEMLOCK is 0");
	fclose(out);
}
END_TEST

START_TEST(this_machine)
{
	char *text;

	probe.root = NULL;
	text = text_of();
	check_holds(text, "realtime\n  kernel     Linux ");
	check_holds(text, "auto would choose\n");
	free(text);
}
END_TEST

START_TEST(a_full_disk_is_told)
{
	FILE *full = fopen("/dev/full", "w");

	ck_assert(!probe_print(&probe, full));
	fclose(full);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("probe");
	TCase *tests = tcase_create("probe");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, a_board);
	tcase_add_loop_test(tests, the_kernels_command_line, 0,
			    sizeof(cmdlines) / sizeof(cmdlines[0]));
	tcase_add_test(tests, a_bare_machine);
	tcase_add_loop_test(tests, a_device_tells_of_itself, 0, 2);
	tcase_add_loop_test(tests, a_display_tells_of_itself, 0, 2);
	tcase_add_test(tests, without_privilege_it_says_what_to_grant);
	tcase_add_test(tests, this_machine);
	tcase_add_test(tests, a_full_disk_is_told);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_set_fork_status(runner, CK_FORK);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}
