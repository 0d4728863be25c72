/*
 * tests/drivers/test_places.c: two outputs into one file, under every kind of
 * second name, there already or not yet.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "drivers/record/places.h"
#include "tests/runtime/run_suite.h"

static char folder[] = "/tmp/tickline-places-XXXXXX";
static char line[512];

static void setup(void)
{
	ck_assert_ptr_nonnull(mkdtemp(folder));
	ck_assert(!chdir(folder));
	close(creat("here", 0600));
	close(creat("apart", 0600));
	ck_assert(!link("here", "hard"));
	ck_assert(!symlink("here", "soft"));
	ck_assert(!symlink(".", "folder"));
}

static void teardown(void)
{
	static const char *const names[] = {"here", "apart", "hard", "soft",
					    "folder"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		unlink(names[i]);
	ck_assert(!chdir("/"));
	ck_assert(!rmdir(folder));
}

static enum exit_status check_two(const char *a, const char *b)
{
	const struct place places[] = {
		{"--record", a, true}, {"--unused", NULL, false},
		{"--digest", b, false}};

	line[0] = '\0';
	return places_check(places, 3, line, sizeof(line));
}

static const char *const same[][2] = {
	{"here", "here"},     {"here", "./here"}, {"here", "hard"},
	{"here", "soft"},     {"hard", "soft"},	  {"here", "folder/here"},
	{"new", "new"},	      {"new", "./new"},	  {"new", "folder/new"},
	{"-", "-"},
};

START_TEST(one_file_under_two_names_is_refused)
{
	ck_assert_int_eq(check_two(same[_i][0], same[_i][1]),
			 EXIT_STATUS_USAGE);
	ck_assert(!strncmp(line, "--record and --digest: both write ", 34));
	ck_assert_int_eq(check_two(same[_i][1], same[_i][0]),
			 EXIT_STATUS_USAGE);
}
END_TEST

static const char *const apart[][2] = {
	{"here", "apart"},	  {"new", "newer"}, {"here", "new"},
	{"/dev/null", "/dev/null"}, {"new", NULL},  {"no/new", "nor/new"},
	{"new", "/new"},
};

START_TEST(two_files_are_not)
{
	ck_assert_int_eq(check_two(apart[_i][0], apart[_i][1]),
			 EXIT_STATUS_OK);
	ck_assert_str_eq(line, "");
}
END_TEST

/* In the child that the test is, so that nobody misses them. */
static void send_to(int descriptor, const char *path)
{
	int fd = open(path, O_WRONLY);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(dup2(fd, descriptor), descriptor);
	close(fd);
}

START_TEST(standard_output_is_a_file_too)
{
	send_to(STDOUT_FILENO, "here");
	ck_assert_int_eq(check_two("-", "hard"), EXIT_STATUS_USAGE);
	ck_assert_int_eq(check_two("soft", "-"), EXIT_STATUS_USAGE);
	ck_assert_int_eq(check_two("/dev/stdout", "-"), EXIT_STATUS_USAGE);
	ck_assert_int_eq(check_two("-", "apart"), EXIT_STATUS_OK);
}
END_TEST

START_TEST(pixels_and_messages_do_not_mix)
{
	const struct place text = {"--digest", "hard", false};
	int kept = dup(STDERR_FILENO);

	send_to(STDERR_FILENO, "here");
	ck_assert_int_eq(check_two("hard", NULL), EXIT_STATUS_USAGE);
	ck_assert_ptr_nonnull(strstr(line, "standard error"));
	ck_assert_int_eq(places_check(&text, 1, line, sizeof(line)),
			 EXIT_STATUS_OK);
	dup2(kept, STDERR_FILENO);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_loop_test(tests, one_file_under_two_names_is_refused, 0,
			    (int)(sizeof(same) / sizeof(same[0])));
	tcase_add_loop_test(tests, two_files_are_not, 0,
			    (int)(sizeof(apart) / sizeof(apart[0])));
	tcase_add_test(tests, standard_output_is_a_file_too);
	tcase_add_test(tests, pixels_and_messages_do_not_mix);
}

int main(void)
{
	return run_suite("places", add);
}
