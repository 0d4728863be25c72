/*
 * tests/lib/fake_cuda.h: programs run with the fake libcuda (tests/fakes/cuda)
 * and what it saw of them.
 */
#ifndef TESTS_LIB_FAKE_CUDA_H
#define TESTS_LIB_FAKE_CUDA_H

#include "tests/fakes/cuda/report.h"
#include "tests/lib/process.h"

/* NULL-terminated lists: variables of the fake's ("FAKE_CUDA_FAIL=...") and
 * options of the program's. */
#define FAKE_CUDA_WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* BUILD/tests/cuda/NAME; the caller frees. */
char *fake_cuda_program(const char *name);

/*
 * Starts a program of BUILD/tests/cuda, headless, with the fake as its libcuda
 * and these variables (NULL: none) and options.
 */
void fake_cuda_start(struct process *process, const char *name,
		     const char *const *variables, const char *const *options);

/* The same, waited for: its exit status. */
int fake_cuda_run(struct process *process, const char *name,
		  const char *const *variables, const char *const *options);

/* What the fake has to say of the program started last. */
const struct fake_report *fake_cuda_report(void);

/* The program that runs has made the call that never returns. */
bool fake_cuda_is_blocked(void);

/* Fails the test if it was called wrongly, or anything was not given back. */
void fake_cuda_check_clean(void);

/* Fails the test unless stderr is one line that holds these words. */
void fake_cuda_check_line(const struct process *process, const char *words);

#endif
