/*
 * tests/fakes/interpose.h: for tests that define a libc function over libc's.
 *
 * The sanitizers' start-up calls some of them before it can run instrumented
 * code: INTERPOSER keeps a definition plain.
 */
#ifndef TESTS_FAKES_INTERPOSE_H
#define TESTS_FAKES_INTERPOSE_H

#define INTERPOSER __attribute__((no_sanitize_thread, no_sanitize_address))

#endif
