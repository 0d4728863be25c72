/*
 * tests/lib/suite.h: the ends of every end-to-end test program.
 */
#ifndef TESTS_LIB_SUITE_H
#define TESTS_LIB_SUITE_H

#include <check.h>

/* Runs the suite, every test in its own process; main()'s return value. */
int suite_run(Suite *suite);

/* Says that a test could not run here, and why, in the form that tests/run.sh
 * shows. The test returns after it. */
void suite_skip(const char *test, const char *why);

#endif
