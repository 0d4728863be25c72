/*
 * tests/lib/scratch.h: where a test keeps its files and finds the programs.
 *
 * The folder is made on first use, in TMPDIR or /tmp, and removed with all it
 * holds when the test's process ends, failed or not.
 */
#ifndef TESTS_LIB_SCRATCH_H
#define TESTS_LIB_SCRATCH_H

#include <stddef.h>

/* This process's own folder. */
const char *scratch_dir(void);

/* SCRATCH/name; the caller frees. */
char *scratch_path(const char *name);

/* Makes a FIFO of that name in the folder and opens its reading end, so that a
 * writer never waits for it. The caller frees *path and closes the fd. */
int scratch_fifo(const char *name, char **path);

/* Writes a text file into the folder; the caller frees its path. */
char *scratch_file(const char *name, const char *text);

/* A whole file as one string; NULL: it cannot be read. The caller frees. */
char *file_text(const char *path, size_t *bytes);

/* The folder of built programs: $BUILD, else what the test was built for. */
const char *build_dir(void);

/* The folder of built tools: graphc. */
const char *tools_dir(void);

/* BUILD/name/name; fails the test when it is not built. The caller frees. */
char *program_path(const char *name);

#endif
