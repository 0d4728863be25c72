/*
 * tests/graph/test_bad.c: every file under tests/graph/bad is refused with the
 * message in its .expect file: NAME.yaml, where NAME begins with the rule's
 * name, as a graph; boards/ as boards; nodes/ as bindings.
 *
 * Files that cannot be kept in a repository are made by test_hostile.c.
 */
#include <check.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/graph/fixture.h"

#define BAD "tests/graph/bad"

static struct fixture f;
static uint32_t seen[RULE_COUNT]; /* files that broke each rule */
static uint32_t files;

static void setup(void)
{
	static const char *const folders[] = {"tests/graph/nodes", BAD "/nodes",
					      BAD "/more", NULL};

	fixture_init(&f, folders);
}

static void teardown(void)
{
	fixture_finish(&f);
}

/* Compares the refusal with NAME.expect beside NAME.yaml. */
static void expect(const char *path)
{
	const char *wanted, *message = fixture_message(&f);
	char expect_path[512];
	bool missing;

	snprintf(expect_path, sizeof(expect_path), "%.*s.expect",
		 (int)(strlen(path) - 5), path);
	wanted = fixture_read(&f, expect_path, &missing);
	ck_assert_msg(!missing, "%s is missing", expect_path);
	ck_assert_msg(!strcmp(message, wanted), "%s\n  wanted: %s  got:    %s",
		      path, wanted, *message ? message : "no refusal\n");
	seen[f.diag.rule]++;
	files++;
}

/* The rule that a graph file is named for: "size-range.zero.yaml". */
static void expect_named_rule(const char *path)
{
	const char *base = fixture_base(path);
	const char *rule = rule_name(f.diag.rule);

	ck_assert_msg(!strncmp(base, rule, strlen(rule)) &&
			      base[strlen(rule)] == '.',
		      "%s breaks the rule %s", path, rule);
}

static void try_graph(const char *path)
{
	int result = fixture_compile_file(&f, path);

	ck_assert_msg(result == -1, "%s was accepted", path);
	expect(path);
	expect_named_rule(path);
}

static void try_board(const char *path)
{
	const struct tree *tree;
	struct source source;
	struct board board;

	arena_reset(&f.arena);
	diag_init(&f.diag);
	f.diag.file = path;
	ck_assert_int_eq(source_read(&source, path, &f.arena, &f.diag), 0);
	tree = tree_parse(&source, &f.arena, &f.diag);
	ck_assert_ptr_nonnull(tree);
	ck_assert_msg(board_read(&board, tree, &f.diag) == -1,
		      "%s was accepted", path);
	expect(path);
	expect_named_rule(path);
}

static void try_binding(const char *path)
{
	char type[256], expect_path[512];
	FILE *file;

	snprintf(type, sizeof(type), "%.*s",
		 (int)(strlen(fixture_base(path)) - 5), fixture_base(path));
	snprintf(expect_path, sizeof(expect_path), "%.*s.expect",
		 (int)(strlen(path) - 5), path);
	file = fopen(expect_path, "re");
	if (!file)
		return; /* a good binding that a bad graph needs */
	fclose(file);
	arena_reset(&f.arena);
	diag_init(&f.diag);
	f.diag.file = "nobody";
	ck_assert_msg(
		!library_find(&f.library, type, (struct where){1, 1}, &f.diag),
		"%s was accepted", path);
	expect(path);
}

static int is_yaml(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');

	return dot && !strcmp(dot, ".yaml");
}

static void try_folder(const char *folder, void (*try)(const char *path))
{
	struct dirent **list;
	char path[512];
	int i, count = scandir(folder, &list, is_yaml, alphasort);

	ck_assert_int_gt(count, 0);
	for (i = 0; i < count; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, list[i]->d_name);
		free(list[i]);
		try(path);
	}
	free(list);
}

START_TEST(graphs_boards_and_bindings)
{
	enum rule rule;

	try_folder(BAD, try_graph);
	try_folder(BAD "/boards", try_board);
	try_folder(BAD "/nodes", try_binding);
	ck_assert_uint_ge(files, 250);
	for (rule = 0; rule < RULE_COUNT; rule++) {
		if (rule == RULE_FILE_OPEN || rule == RULE_FILE_TYPE)
			continue; /* test_hostile.c */
		ck_assert_msg(seen[rule], "no file breaks the rule %s (%s)",
			      rule_name(rule), rule_meaning(rule));
	}
}
END_TEST

/* The base of the bad graphs is good: they fail for what they change. */
START_TEST(their_base_is_good)
{
	ck_assert_int_eq(fixture_compile_text(&f, "graph: bad\n"
						  "size: 64x48\n"
						  "format: XRGB8888\n"
						  "rate: 60\n"
						  "nodes:\n"
						  "  src: {type: plain}\n"
						  "  fx: {type: tint}\n"
						  "  out: {type: headless}\n"
						  "links:\n"
						  "  - src -> fx -> out\n"),
			 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("graphc: bad input");
	TCase *tcase = tcase_create("bad");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, graphs_boards_and_bindings);
	tcase_add_test(tcase, their_base_is_good);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}
