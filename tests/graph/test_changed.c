/*
 * tests/graph/test_changed.c: foo_tick is told of each parameter of its own node
 * when it last changed, which whoever changes parameters writes into the pool, and
 * counts in its own node's places there.
 *
 * Two nodes of one type, tests/graph/golden/params.yaml: `palette` moves its
 * bands for three ticks after a change of its first parameter, and counts its
 * ticks by one and by three.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "graph/graph.h"

extern const struct graph graph_base;

static unsigned char *pool;
static const struct run run;

static void setup(void)
{
	pool = aligned_alloc(GRAPH_ALIGN, graph_base.pool_bytes);
	ck_assert_ptr_nonnull(pool);
}

static void teardown(void)
{
	free(pool);
}

static uint32_t row_of(const char *name)
{
	uint32_t i;

	for (i = 0; i < graph_base.param_count; i++)
		if (!strcmp(graph_base.params[i].name, name))
			return i;
	ck_abort_msg("no parameter %s", name);
}

/* One tick from a fresh pool, in which `name` (NULL: none) changed at `at`. */
static void tick(uint64_t number, const char *name, uint64_t at)
{
	const struct graph_work work = {.pool = pool};
	const struct tick now = {.number = number,
				 .rate_num = 60,
				 .rate_den = 1,
				 .width = 16,
				 .height = 16,
				 .run = &run};

	memset(pool, 0, graph_base.pool_bytes);
	memcpy(pool + graph_base.param_offset, graph_base.param_defaults,
	       graph_base.param_bytes);
	if (name)
		memcpy(pool + graph_base.changed_offset +
			       row_of(name) * sizeof(at),
		       &at, sizeof(at));
	graph_base.tick(&work, &now);
}

/* Bytes of the pool that differ, those of `changed` left out; in *first the
 * place of the first one. */
static size_t differ(const unsigned char *before, size_t *first)
{
	size_t i, count = 0;

	for (i = 0; i < graph_base.pool_bytes; i++) {
		if (before[i] == pool[i] ||
		    i - graph_base.changed_offset <
			    graph_base.param_count * sizeof(uint64_t))
			continue;
		if (!count++)
			*first = i;
	}
	return count;
}

START_TEST(only_the_node_whose_parameter_changed_moves)
{
	unsigned char *before = malloc(graph_base.pool_bytes);
	size_t given, other;

	ck_assert_ptr_nonnull(before);
	tick(10, NULL, 0);
	memcpy(before, pool, graph_base.pool_bytes);
	tick(10, "given.on", 9);
	ck_assert_uint_eq(differ(before, &given), 1);
	ck_assert_uint_eq(pool[given] - before[given], 1);
	tick(10, "not-given.on", 8);
	ck_assert_uint_eq(differ(before, &other), 1);
	ck_assert_uint_eq(pool[other] - before[other], 2);
	ck_assert_uint_ne(given, other);
	free(before);
}
END_TEST

/* Another parameter's change is not this one's. */
START_TEST(each_parameter_has_its_own)
{
	unsigned char *before = malloc(graph_base.pool_bytes);
	uint32_t i;
	size_t first;

	ck_assert_ptr_nonnull(before);
	tick(10, NULL, 0);
	memcpy(before, pool, graph_base.pool_bytes);
	for (i = 0; i < graph_base.param_count; i++) {
		tick(10, graph_base.params[i].name, 9);
		ck_assert_uint_eq(differ(before, &first),
				  i == row_of("given.on") ||
					  i == row_of("not-given.on"));
	}
	free(before);
}
END_TEST

/* 0 is no change: before the run. It is all that there is in the beginning. */
START_TEST(a_pool_starts_without_changes)
{
	uint64_t changed;
	uint32_t i;

	tick(0, NULL, 0);
	for (i = 0; i < graph_base.param_count; i++) {
		memcpy(&changed,
		       pool + graph_base.changed_offset + i * sizeof(changed),
		       sizeof(changed));
		ck_assert_uint_eq(changed, 0);
	}
}
END_TEST

START_TEST(each_node_counts_by_itself)
{
	const struct graph_work work = {.pool = pool};
	const struct tick again = {.number = 11,
				   .rate_num = 60,
				   .rate_den = 1,
				   .width = 16,
				   .height = 16,
				   .run = &run};
	const uint64_t *counts = (const uint64_t *)(void *)(
		pool + graph_base.counts_offset);
	uint32_t i;

	ck_assert_uint_eq(graph_base.count_count, 4);
	tick(10, NULL, 0);
	graph_base.tick(&work, &again);
	for (i = 0; i < 4; i++) {
		const struct graph_count *row = &graph_base.counts[i];

		ck_assert_str_eq(row->name, i % 2 ? "thirds" : "ticks");
		ck_assert_uint_eq(counts[i], i % 2 ? 6 : 2);
	}
	ck_assert_str_eq(graph_base.counts[0].node, graph_base.counts[1].node);
	ck_assert_str_ne(graph_base.counts[1].node, graph_base.counts[2].node);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("ticks of changes");
	TCase *tcase = tcase_create("changed");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, only_the_node_whose_parameter_changed_moves);
	tcase_add_test(tcase, each_parameter_has_its_own);
	tcase_add_test(tcase, a_pool_starts_without_changes);
	tcase_add_test(tcase, each_node_counts_by_itself);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}
