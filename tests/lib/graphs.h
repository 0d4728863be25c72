/*
 * tests/lib/graphs.h: graph programs made by a test, from a description that
 * the tree does not have.
 *
 * graphc compiles the description; its output is compiled once, for the base
 * instruction set, and linked with the runtime of the build under test. All of
 * it stays in the test's scratch folder.
 */
#ifndef TESTS_LIB_GRAPHS_H
#define TESTS_LIB_GRAPHS_H

#include <stdint.h>

#include "tests/lib/process.h"
#include "tests/lib/report.h"

/*
 * Builds graph `name` from its YAML text and returns the program's path; the
 * caller frees. `options` go to graphc before its own, `words` to the C
 * compiler after its own (both NULL-terminated; NULL: none). Fails the test
 * with the compiler's message.
 */
char *graphs_build(const char *name, const char *yaml,
		   const char *const *options, const char *const *words);

/* Starts a program with --display headless and these options. */
void graphs_start(struct process *process, const struct process_setup *setup,
		  const char *program, const char *const *options);

#define GRAPHS_OPTIONS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* The digest of ticks 0 to ticks - 1 of a program, headless, as fast as
 * possible; `extra` are more options (NULL-terminated, NULL: none). */
struct digest graphs_digest(const char *program, const char *ticks,
			    const char *const *extra);

#endif
