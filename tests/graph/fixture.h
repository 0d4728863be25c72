/*
 * tests/graph/fixture.h: what the tests of graphc share: a library of the
 * tree's node types and the tests' own, and compilations in memory.
 *
 * Run from the root of the source tree.
 */
#ifndef TESTS_GRAPH_FIXTURE_H
#define TESTS_GRAPH_FIXTURE_H

#include "tools/graphc/compile.h"

struct fixture {
	struct library library;
	struct arena arena; /* of one compilation */
	struct diag diag;
	struct board board;
	struct ir ir;
	struct output output;
	bool fuse;
};

/* kernel/, drivers/display/ and the folders given, NULL-terminated. Ends the
 * test program if one cannot be read. */
void fixture_init(struct fixture *f, const char *const *folders);
void fixture_finish(struct fixture *f);

/* Compile a file, or a text as if it were in tests/graph. 0, or -1 with fixture_message. */
int fixture_compile_file(struct fixture *f, const char *path);
int fixture_compile_text(struct fixture *f, const char *text);

/* The message of the last refusal, as graphc would print it; "" for none. */
const char *fixture_message(struct fixture *f);

/* Base name of a path. */
const char *fixture_base(const char *path);

/* A file as a string, in f->arena; "" and `missing` if it cannot be read. */
const char *fixture_read(struct fixture *f, const char *path, bool *missing);

#endif
