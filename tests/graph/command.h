/*
 * tests/graph/command.h: running programs from the tests of graphc.
 */
#ifndef TESTS_GRAPH_COMMAND_H
#define TESTS_GRAPH_COMMAND_H

#include <stddef.h>

/* The compiler under test, as an absolute path. */
const char *command_graphc(void);

/* A new empty folder under build/, and its removal with all that is in it. */
const char *command_scratch(void);
void command_remove(const char *folder);

/* Runs a shell command; stdout and stderr go into `output`, cut at `size`. Its
 * exit status, which `timeout` makes 124; the test fails if a signal ended it.
 */
int command_run(char *output, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
