/*
 * tests/graph/test_command.c: graphc as a command: options, exit statuses,
 * files written, the same bytes wherever it runs; and that its limits and rules
 * are in docs/graph-format.md.
 */
#include <check.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/graph/command.h"
#include "tools/bakefont/faces.h"
#include "tools/graphc/limits.h"
#include "tools/graphc/rules.h"

static const char *folder;
static char root[PATH_MAX];
static char output[1 << 16];

static void setup(void)
{
	ck_assert_ptr_nonnull(getcwd(root, sizeof(root)));
	folder = command_scratch();
}

static void teardown(void)
{
	command_remove(folder);
}

/* Runs graphc with arguments in the scratch folder. */
static int graphc(const char *arguments)
{
	return command_run(output, sizeof(output),
			   "NODES='%s/tests/graph/nodes'; cd '%s' && "
			   "cp $NODES/../golden/chain.yaml . && timeout 20 %s "
			   "%s",
			   root, folder, command_graphc(), arguments);
}

static bool says(const char *text)
{
	return strstr(output, text) != NULL;
}

START_TEST(bad_options_are_status_2)
{
	ck_assert_int_eq(graphc(""), 2);
	ck_assert(says("which GRAPH.yaml?"));
	ck_assert_int_eq(graphc("-o out"), 2);
	ck_assert_int_eq(graphc("chain.yaml"), 2);
	ck_assert(says("-o DIR is missing"));
	ck_assert_int_eq(graphc("-o out chain.yaml chain.yaml"), 2);
	ck_assert(says("one GRAPH.yaml at a time"));
	ck_assert_int_eq(graphc("-x -o out chain.yaml"), 2);
	ck_assert_int_eq(graphc("--fuse -o out chain.yaml"), 2);
	ck_assert_int_eq(graphc("-o"), 2);
	ck_assert_int_eq(graphc("$(yes -- -nx | head -17) -o out chain.yaml"),
			 2);
	ck_assert(says("too many -n; the limit is 16"));
	ck_assert_int_eq(graphc("--help"), 0);
	ck_assert(says("usage: graphc"));
}
END_TEST

START_TEST(refusals_are_status_1)
{
	ck_assert_int_eq(graphc("-o out chain.yaml"), 1);
	ck_assert(says("chain.yaml:7:17: error: unknown-type: no node type "
		       "'tint'"));
	ck_assert_int_eq(graphc("-b none.yaml -o out chain.yaml"), 1);
	ck_assert(says("none.yaml:1:1: error: file-open: "));
	ck_assert_int_eq(graphc("-n none -o out chain.yaml"), 1);
	ck_assert_int_eq(
		command_run(output, sizeof(output),
			    "cd '%s' && mkdir own && printf 'type: source\n"
			    "kind: pixel\noutputs: [out]\n' >own/source.yaml "
			    "&& sed 's/type: .*}/type: source}/' chain.yaml "
			    ">own.yaml",
			    folder),
		0);
	ck_assert_int_eq(graphc("-n own -o out own.yaml"), 1);
	ck_assert(says("error: duplicate-type: type 'source' is in graphc and "
		       "in own/source.yaml; rename one"));
	ck_assert_int_eq(graphc("-n none -o out chain.yaml"), 1);
	ck_assert(says("none:1:1: error: file-open: cannot list this node "
		       "directory: No such file or directory"));
	ck_assert_int_eq(
		command_run(output, sizeof(output), "test -e '%s/out'", folder),
		1);
}
END_TEST

START_TEST(files_that_cannot_be_written)
{
	ck_assert_int_eq(graphc("-o chain.yaml -n $NODES "
				"chain.yaml"),
			 1);
	ck_assert(says("graphc: cannot write chain into chain.yaml: "));
	ck_assert_int_eq(graphc("-o /proc/none -n $NODES "
				"chain.yaml"),
			 1);
	ck_assert(says("graphc: cannot write chain into /proc/none: "));
	ck_assert_int_eq(graphc("-o '' -n $NODES chain.yaml"), 1);
	ck_assert(says("graphc: cannot write chain into : No such file or "
		       "directory"));
}
END_TEST

/* A limit on file sizes is a line, not SIGXFSZ. */
#ifndef __SANITIZE_THREAD__ /* whose own files may not grow either */
START_TEST(a_file_that_may_not_grow_is_a_line)
{
	ck_assert_int_eq(
		command_run(output, sizeof(output),
			    "nodes=$PWD/tests/graph/nodes; cd '%s' && "
			    "cp $nodes/../golden/chain.yaml . && "
			    "ulimit -f 0 && %s -o out -n $nodes chain.yaml",
			    folder, command_graphc()),
		1);
	ck_assert(says("graphc: cannot write chain into out: File too large"));
}
END_TEST
#endif

/* Every way of saying the same thing must write the same bytes. */
START_TEST(same_bytes_wherever_it_runs)
{
	ck_assert_int_eq(
		command_run(output, sizeof(output),
			    "set -e; root='%s'; at='%s'; graphc='%s'\n"
			    "$graphc -n tests/graph/nodes -o $at/a/b/c "
			    "tests/graph/golden/frames.yaml\n"
			    "cd $at; cp -r $root/tests/graph/nodes types\n"
			    "$graphc -n types/ -o $PWD/d "
			    "$root/tests/graph/golden/frames.yaml\n"
			    "ln -s $root/tests/graph/golden/frames.yaml .\n"
			    "TZ=Asia/Tokyo LC_ALL=C.UTF-8 $graphc -n types "
			    "-o e frames.yaml\n"
			    "sed 's/$/\\r/' frames.yaml >dos; mkdir f\n"
			    "mv dos f/frames.yaml\n"
			    "$graphc -n types -o f/out f/frames.yaml\n"
			    "diff -r a/b/c d; diff -r d e; diff -r e f/out\n"
			    "! grep -rF $root a d e\n"
			    "! grep -r \"$(date +%%Y)\" a d e\n"
			    "test $(ls e | wc -l) = 5",
			    root, folder, command_graphc()),
		0);
	ck_assert_str_eq(output, "");
}
END_TEST

START_TEST(boards_decide)
{
	ck_assert_int_eq(
		command_run(output, sizeof(output),
			    "cd '%s' && printf 'board: small\\nmemory: {host: "
			    "447}\\n' >b.yaml",
			    folder),
		0);
	ck_assert_int_eq(graphc("-n $NODES -b b.yaml "
				"-o out chain.yaml"),
			 1);
	ck_assert(says("chain.yaml:3:7: error: pool-size: the graph needs 448 "
		       "bytes of host memory; board small gives a graph 447"));
	ck_assert_int_eq(
		command_run(output, sizeof(output),
			    "cd '%s' && printf 'board: slow\\ntick: {priority: "
			    "5, cpu: 3, spin_us: 250}\\nmemory: {host: 448}\\n"
			    "rate: {max: 60}\\ncpus: [2, 0]\\n' >b.yaml",
			    folder),
		0);
	ck_assert_int_eq(graphc("-n $NODES -b b.yaml "
				"-o out chain.yaml && cat out/chain.c"),
			 0);
	ck_assert(says(".board = {.name = \"slow\", .priority = 5, .cpu = 3, "
		       ".spin_us = 250},"));
	ck_assert(says(".worker_cpus = (const int32_t[]){2, 0},"));
	ck_assert(says(".worker_cpu_count = 2,"));
}
END_TEST

/* The documentation names every limit's value and every rule. */
START_TEST(documentation_is_complete)
{
	static const struct {
		const char *what;
		unsigned long long limit;
	} limits[] = {
		{"bytes of a file", LIMIT_FILE_BYTES},
		{"nesting", LIMIT_DEPTH},
		{"values in a file", LIMIT_VALUES},
		{"entries in a list or mapping", LIMIT_ENTRIES},
		{"characters of a name", LIMIT_NAME},
		{"nodes", LIMIT_NODES},
		{"arrows", LIMIT_LINKS},
		{"sinks", LIMIT_SINKS},
		{"sources", LIMIT_SOURCES},
		{"width and height, at least", LIMIT_SIDE_MIN},
		{"width and height, at most", LIMIT_SIDE_MAX},
		{"numerator and denominator of a rate", LIMIT_RATE_TERM},
		{"ticks a second that a board may allow", LIMIT_RATE_MAX},
		{"GiB that a board may allow", LIMIT_POOL_BYTES >> 30},
		{"node types in all folders", LIMIT_TYPES},
		{"inputs of a type", LIMIT_INPUTS},
		{"parameters of a type", LIMIT_PARAMS},
		{"elements of a parameter", LIMIT_ELEMENTS},
		{"bytes of a string", LIMIT_ELEMENTS},
		{"sizes of the font in a graph", FACES_MAX},
		{"ranges of characters", FACES_RANGES},
		{"characters of the font", FACES_GLYPHS},
		{"bytes of a graph's baked font", FACES_INK},
		{"choices of a parameter", LIMIT_CHOICES},
		{"characters of a doc line or formula", LIMIT_TEXT},
		{"bytes of a node's uniform", LIMIT_UNIFORM},
		{"threads of a thread block", LIMIT_THREADS},
		{"nested parentheses in a formula", LIMIT_PARENS},
		{"files that a graph names", LIMIT_FILES},
		{"bytes of a PNG", LIMIT_IMAGE_BYTES},
		{"pixels of a graph's images", LIMIT_PIXELS},
		{"points side by side in a grid, at least", LIMIT_GRID_MIN},
		{"points side by side in a grid, at most", LIMIT_GRID_MAX},
		{"x and y of a point, either side of 0", LIMIT_GRID_VALUE},
	};
	char row[256];
	enum rule rule;
	size_t i;

	ck_assert_int_eq(
		command_run(output, sizeof(output), "cat docs/graph-format.md"),
		0);
	for (i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		snprintf(row, sizeof(row), "| %s | %llu |", limits[i].what,
			 limits[i].limit);
		ck_assert_msg(says(row), "missing: %s", row);
	}
	for (rule = 0; rule < RULE_COUNT; rule++) {
		snprintf(row, sizeof(row), "| `%s` | %s |", rule_name(rule),
			 rule_meaning(rule));
		ck_assert_msg(says(row), "missing: %s", row);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("graphc: command");
	TCase *tcase = tcase_create("command");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, bad_options_are_status_2);
	tcase_add_test(tcase, refusals_are_status_1);
	tcase_add_test(tcase, files_that_cannot_be_written);
#ifndef __SANITIZE_THREAD__ /* whose own files may not grow either */
	tcase_add_test(tcase, a_file_that_may_not_grow_is_a_line);
#endif
	tcase_add_test(tcase, same_bytes_wherever_it_runs);
	tcase_add_test(tcase, boards_decide);
	tcase_add_test(tcase, documentation_is_complete);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}
