/*
 * tests/runtime/test_isa.c: the choice among instruction sets is of one that
 * this CPU has, by the kernel's own list.
 */
#include "runtime/app/isa.h"

#include "runtime/app/backend_choice.h"

#include <stdio.h>
#include <string.h>

#include "tests/runtime/run_suite.h"

static const struct graph_plan plans[] = {{GRAPH_BACKEND_CPU, 0, NULL, NULL, 0, 0}};

extern const struct graph graph_base, graph_avx2, graph_avx512;
const struct graph graph_base = {
	.name = "base", .plan_count = 1, .plans = plans};
const struct graph graph_avx2 = {.name = "avx2"};
const struct graph graph_avx512 = {.name = "avx512"};

static char flags[8192];

static bool cpu_has(const char *flag)
{
	char word[32];

	snprintf(word, sizeof(word), " %s ", flag);
	return strstr(flags, word) != NULL;
}

static void read_flags(void)
{
	FILE *file = fopen("/proc/cpuinfo", "r");

	ck_assert_ptr_nonnull(file);
	while (fgets(flags, sizeof(flags) - 1, file))
		if (!strncmp(flags, "flags", 5))
			break;
	flags[strcspn(flags, "\n")] = ' ';
	fclose(file);
}

static const struct {
	enum options_isa option;
	const char *name, *needs[8];
} rows[] = {
	{OPTIONS_ISA_BASE, "base", {NULL}},
	{OPTIONS_ISA_AVX2, "avx2", {"avx2", "bmi1", "bmi2", NULL}},
	{OPTIONS_ISA_AVX512,
	 "avx512",
	 {"avx2", "avx512f", "avx512bw", "avx512vl", "avx512dq", NULL}},
};

static bool row_is_here(int row)
{
	for (const char *const *need = rows[row].needs; *need; need++)
		if (!cpu_has(*need))
			return false;
	return true;
}

START_TEST(only_what_this_cpu_has)
{
	const struct isa *isa = isa_choose(rows[_i].option);

	ck_assert_int_eq(isa != NULL, row_is_here(_i));
	if (!isa)
		return;
	ck_assert_str_eq(isa->name, rows[_i].name);
	ck_assert_str_eq(isa->graph->name, rows[_i].name);
}
END_TEST

START_TEST(auto_takes_the_best)
{
	const struct isa *isa = isa_choose(OPTIONS_ISA_AUTO);
	const char *const *names = isa_names();
	int best = 2, count = 0;

	while (!row_is_here(best))
		best--;
	ck_assert_str_eq(isa->name, rows[best].name);
	for (int i = 0; i < 3; i++)
		if (row_is_here(i))
			ck_assert_str_eq(names[count++], rows[i].name);
	ck_assert_ptr_null(names[count]);
}
END_TEST

START_TEST(base_and_its_plan)
{
	ck_assert_ptr_eq(isa_base()->graph, &graph_base);
	ck_assert_ptr_eq(backend_plan(isa_base()->graph, GRAPH_BACKEND_CPU),
			 plans);
	ck_assert_ptr_null(
		backend_plan(isa_base()->graph, GRAPH_BACKEND_CUDA));
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_checked_fixture(tests, read_flags, NULL);
	tcase_add_loop_test(tests, only_what_this_cpu_has, 0, 3);
	tcase_add_test(tests, auto_takes_the_best);
	tcase_add_test(tests, base_and_its_plan);
}

int main(void)
{
	return run_suite("isa", add);
}
