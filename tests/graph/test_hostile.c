/*
 * tests/graph/test_hostile.c: what cannot be kept as a file in a repository,
 * made here and given to the real graphc: FIFOs, folders, devices, links, huge
 * and deep files. Each must be refused at once with its rule and status 1.
 */
#include <check.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/graph/command.h"

static const char *folder;

static void setup(void)
{
	folder = command_scratch();
}

static void teardown(void)
{
	command_remove(folder);
}

/* Runs `make` in the scratch folder to make the file x.yaml there. */
static void refuses(const char *make, const char *wanted)
{
	static char output[8192];
	int status;

	status = command_run(output, sizeof(output),
			     "cd '%s' && %s && timeout 20 %s -o out x.yaml",
			     folder, make, command_graphc());
	ck_assert_msg(status == 1, "status %d for: %s: %s", status, make,
		      output);
	ck_assert_msg(!strncmp(output, wanted, strlen(wanted)),
		      "%s\n  wanted: %s\n  got:    %s", make, wanted, output);
	ck_assert_msg(strchr(output, '\n') == output + strlen(output) - 1,
		      "one line only: %s", output);
	ck_assert_int_eq(
		command_run(output, sizeof(output), "test -e '%s/out'", folder),
		1);
}

START_TEST(missing_file)
{
	refuses("true", "x.yaml:1:1: error: file-open: cannot open it: No such "
			"file or directory\n");
}
END_TEST

START_TEST(folder_as_file)
{
	refuses("mkdir x.yaml", "x.yaml:1:1: error: file-type: not a regular "
				"file; give the path of a YAML file\n");
}
END_TEST

START_TEST(fifo_does_not_block)
{
	refuses("mkfifo x.yaml", "x.yaml:1:1: error: file-type: ");
}
END_TEST

START_TEST(endless_device)
{
	refuses("ln -s /dev/zero x.yaml", "x.yaml:1:1: error: file-type: ");
}
END_TEST

START_TEST(link_in_a_circle)
{
	refuses("ln -s x.yaml x.yaml", "x.yaml:1:1: error: file-open: ");
}
END_TEST

START_TEST(link_to_nothing)
{
	refuses("ln -s y.yaml x.yaml", "x.yaml:1:1: error: file-open: ");
}
END_TEST

START_TEST(ten_megabytes)
{
	refuses("head -c 10000000 /dev/zero >x.yaml",
		"x.yaml:1:1: error: file-size: 10000000 bytes; the limit is "
		"1048576\n");
}
END_TEST

START_TEST(one_byte_too_long)
{
	refuses("{ yes '# x' | head -c 1048577; } >x.yaml",
		"x.yaml:1:1: error: file-size: 1048577 bytes; ");
}
END_TEST

START_TEST(hundred_gigabytes)
{
	refuses("truncate -s 100G x.yaml", "x.yaml:1:1: error: file-size: ");
}
END_TEST

START_TEST(zeroes)
{
	refuses("head -c 4096 /dev/zero >x.yaml",
		"x.yaml:1:1: error: text-nul: ");
}
END_TEST

START_TEST(a_program)
{
	refuses("head -c 100000 /bin/ls >x.yaml",
		"x.yaml:1:1: error: text-control: control character 0x7F\n");
}
END_TEST

/* libyaml alone takes minutes for these: time grows with depth squared. */
START_TEST(million_brackets)
{
	refuses("head -c 1048576 /dev/zero | tr '\\0' '[' >x.yaml",
		"x.yaml:1:17: error: yaml-depth: nested over 16 deep");
}
END_TEST

START_TEST(million_braces)
{
	refuses("{ yes '{a: ' | tr -d '\\n' | head -c 1048576; } >x.yaml",
		"x.yaml:1:65: error: yaml-depth: nested over 16 deep");
}
END_TEST

START_TEST(million_dashes)
{
	refuses("{ yes -- '- ' | tr -d '\\n' | head -c 1048576; } >x.yaml",
		"x.yaml:1:33: error: yaml-depth: nested over 16 deep");
}
END_TEST

START_TEST(million_question_marks)
{
	refuses("{ yes -- '? ' | tr -d '\\n' | head -c 1048576; } >x.yaml",
		"x.yaml:1:3: error: yaml-key: a key must be a name\n");
}
END_TEST

START_TEST(too_many_values)
{
	refuses("{ echo 'graph:'; for i in $(seq 17); do "
		"echo \"  - [$(seq -s, 4000)]\"; done; } >x.yaml",
		"x.yaml:18:");
}
END_TEST

START_TEST(many_keys)
{
	refuses("seq -f 'k%g: 1' 60000 >x.yaml",
		"x.yaml:4097:8: error: yaml-values: over 4096 entries in one "
		"list or mapping, the limit\n");
}
END_TEST

START_TEST(one_long_scalar)
{
	refuses("{ printf 'graph: '; head -c 1000000 /dev/zero | tr '\\0' a; "
		"} >x.yaml",
		"x.yaml:1:1: error: missing-key: ");
}
END_TEST

START_TEST(one_long_quoted_scalar)
{
	refuses("{ printf 'graph: \"'; yes '\\\\x41' | tr -d '\\n' | "
		"head -c 1000000; } >x.yaml",
		"x.yaml:1:1000009: error: yaml-syntax: ");
}
END_TEST

START_TEST(alias_bomb)
{
	refuses("{ echo 'a: &a [x, x]'; for i in b c d e f; do "
		"echo \"$i: &$i [*a, *a, *a]\"; done; } >x.yaml",
		"x.yaml:1:4: error: yaml-anchor: ");
}
END_TEST

START_TEST(long_chain_of_cycles)
{
	refuses("{ echo 'graph: x'; echo 'size: 16x16'; echo 'rate: 60'; "
		"echo 'nodes:'; echo '  src: {type: ball}'; "
		"echo '  out: {type: headless}'; "
		"seq -f '  n%g: {type: markers}' 510; echo 'links:'; "
		"echo '  - src -> out'; "
		"echo \"  - $(seq -s ' -> ' -f n%g 510) -> n1\"; } >x.yaml",
		"x.yaml:7:3: error: cycle: 510 nodes feed each other: ");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("graphc: hostile files");
	TCase *tcase = tcase_create("hostile");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, missing_file);
	tcase_add_test(tcase, folder_as_file);
	tcase_add_test(tcase, fifo_does_not_block);
	tcase_add_test(tcase, endless_device);
	tcase_add_test(tcase, link_in_a_circle);
	tcase_add_test(tcase, link_to_nothing);
	tcase_add_test(tcase, ten_megabytes);
	tcase_add_test(tcase, one_byte_too_long);
	tcase_add_test(tcase, hundred_gigabytes);
	tcase_add_test(tcase, zeroes);
	tcase_add_test(tcase, a_program);
	tcase_add_test(tcase, million_brackets);
	tcase_add_test(tcase, million_braces);
	tcase_add_test(tcase, million_dashes);
	tcase_add_test(tcase, million_question_marks);
	tcase_add_test(tcase, too_many_values);
	tcase_add_test(tcase, many_keys);
	tcase_add_test(tcase, one_long_scalar);
	tcase_add_test(tcase, one_long_quoted_scalar);
	tcase_add_test(tcase, alias_bomb);
	tcase_add_test(tcase, long_chain_of_cycles);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}
