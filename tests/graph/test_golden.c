/*
 * tests/graph/test_golden.c: good graphs give the outputs under golden/NAME,
 * which a person has read, and these compile without a warning.
 *
 * NAME-plain.yaml is compiled with --no-fuse. After a change that is meant:
 * tests/graph/record_golden.sh, and read the difference.
 */
#include <check.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/graph/command.h"
#include "tests/graph/fixture.h"

#define GOLDEN "tests/graph/golden"

static struct fixture f;

static void setup(void)
{
	static const char *const folders[] = {"tests/graph/nodes", NULL};

	fixture_init(&f, folders);
}

static void teardown(void)
{
	fixture_finish(&f);
}

static int is_yaml(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');

	return dot && !strcmp(dot, ".yaml");
}

/* Calls `try` with the name of every golden graph; how many there are. */
static int each_graph(void (*try)(const char *name))
{
	struct dirent **list;
	int i, count = scandir(GOLDEN, &list, is_yaml, alphasort);

	for (i = 0; i < count; i++) {
		*strrchr(list[i]->d_name, '.') = '\0';
		try(list[i]->d_name);
		free(list[i]);
	}
	free(list);
	return count;
}

static void compare(const struct text *text, const char *name,
		    const char *ending)
{
	const char *wanted;
	char path[512];
	bool missing;

	snprintf(path, sizeof(path), GOLDEN "/%s/%s.%s", name, name, ending);
	wanted = fixture_read(&f, path, &missing);
	ck_assert_msg(!missing, "%s is missing", path);
	ck_assert_msg(!strcmp(text->bytes, wanted),
		      "%s differs; run tests/graph/record_golden.sh and read "
		      "the difference",
		      path);
}

static void try_outputs(const char *name)
{
	char path[512];

	snprintf(path, sizeof(path), GOLDEN "/%s.yaml", name);
	f.fuse = !strstr(name, "-plain");
	ck_assert_msg(!fixture_compile_file(&f, path), "%s",
		      fixture_message(&f));
	compare(&f.output.header, name, "h");
	compare(&f.output.source, name, "c");
	compare(&f.output.cuda, name, "cu");
	compare(&f.output.report, name, "txt");
	compare(&f.output.dot, name, "dot");
}

START_TEST(outputs_are_those_that_were_read)
{
	ck_assert_int_ge(each_graph(try_outputs), 8);
}
END_TEST

static const char *compiler;

static void try_compile(const char *name)
{
	static char output[8192];
	int status;

	status = command_run(
		output, sizeof(output),
		"flags='-std=gnu11 -O2 -Wall -Wextra -Werror -Wconversion "
		"-Wmissing-prototypes -Wundef -Wvla -Wframe-larger-than=4096 "
		"-ffp-contract=off -I. -I" TEST_BUILD "/../generated "
		"-iquote tests/graph/nodes'\n"
		"%s $flags -c -o /dev/null " GOLDEN "/%s/%s.c && "
		"printf '#include \"%s.h\"\\n#include \"%s.h\"\\n"
		"int main(void) { return 0; }\\n' | "
		"%s $flags -I" GOLDEN "/%s -fsyntax-only -xc -",
		compiler, name, name, name, name, compiler, name);
	ck_assert_msg(status == 0, "%s: %s", name, output);
}

static void compile_with(const char *program)
{
	char output[256];

	if (command_run(output, sizeof(output), "command -v %s", program)) {
		printf("ok - golden outputs with %s # SKIP no %s here\n",
		       program, program);
		return;
	}
	compiler = program;
	each_graph(try_compile);
}

START_TEST(outputs_compile_with_gcc)
{
	compile_with("gcc");
}
END_TEST

START_TEST(outputs_compile_with_clang)
{
	compile_with("clang");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("graphc: golden outputs");
	TCase *tcase = tcase_create("golden");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, outputs_are_those_that_were_read);
	tcase_add_test(tcase, outputs_compile_with_gcc);
	tcase_add_test(tcase, outputs_compile_with_clang);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}
