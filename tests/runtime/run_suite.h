/*
 * tests/runtime/run_suite.h: main() of a test program: a suite of one case,
 * each test in its own process.
 */
#ifndef TESTS_RUNTIME_RUN_SUITE_H
#define TESTS_RUNTIME_RUN_SUITE_H

#include <check.h>

static inline int run_suite(const char *name, void (*add)(TCase *tests))
{
	Suite *suite = suite_create(name);
	TCase *tests = tcase_create(name);
	SRunner *runner = srunner_create(suite);
	int failed;

	add(tests);
	suite_add_tcase(suite, tests);
	srunner_set_fork_status(runner, CK_FORK);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}

#endif
