/*
 * tests/lib/suite.c: see suite.h.
 */
#include "tests/lib/suite.h"

#include <stdio.h>

int suite_run(Suite *suite)
{
	SRunner *runner = srunner_create(suite);
	int failed;

	srunner_set_fork_status(runner, CK_FORK);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}

void suite_skip(const char *test, const char *why)
{
	printf("ok - %s # SKIP %s\n", test, why);
	fflush(stdout);
}
