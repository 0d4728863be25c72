/*
 * tests/lib/suite.c: see suite.h.
 */
#include "tests/lib/suite.h"

#include <stdio.h>
#include <stdlib.h>

int suite_run(Suite *suite)
{
	/* where control sockets are: others test on this machine too */
	char folder[] = "/tmp/tickline-run-XXXXXX", command[64], sockets[64];
	SRunner *runner = srunner_create(suite);
	int failed;

	if (mkdtemp(folder))
		setenv("XDG_RUNTIME_DIR", folder, 1);
	snprintf(sockets, sizeof(sockets), "%s/tickline", folder);
	setenv("TICKLINE_SOCKETS", sockets, 1);
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	srunner_set_fork_status(runner, CK_FORK);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed || system(command) ? 1 : 0;
}

void suite_skip(const char *test, const char *why)
{
	printf("ok - %s # SKIP %s\n", test, why);
	fflush(stdout);
}
