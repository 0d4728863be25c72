/*
 * drivers/cuda/error.h: the one place that knows what CUDA's errors mean.
 */
#ifndef DRIVERS_CUDA_ERROR_H
#define DRIVERS_CUDA_ERROR_H

#include <stdbool.h>
#include <stddef.h>

#include "drivers/cuda/library.h"
#include "runtime/base/exit_status.h"

/* CUresult: those that code asks for by name. */
enum {
	CUDA_OK = 0,
	CUDA_OUT_OF_MEMORY = 2,
	CUDA_NO_BINARY = 209,
	CUDA_NOT_FOUND = 500,
	CUDA_NOT_READY = 600,
	CUDA_LAUNCH_TIMEOUT = 702,
	CUDA_TIMEOUT = 909,
};

struct cuda_error {
	int first, last; /* CUresult */
	/* The context is gone: every later call fails, only a new process
	 * helps. */
	bool sticky;
	enum exit_status status; /* of a start that it refuses */
	const char *way_out;	 /* what to do about it, for the refusal */
};

/* Never NULL; a code that is not known is sticky. */
const struct cuda_error *cuda_error_find(int code);

/* "cuMemAlloc: CUDA error 2 OUT_OF_MEMORY: use a smaller graph"; into line. The
 * library's name for it, if it has got that far. Returns the exit status of the
 * start that it refuses. */
enum exit_status cuda_error_line(struct cuda_library *library, const char *what,
				 int code, char *line, size_t line_bytes);

/* In a folder of loaded modules (/sys/module): nvidia is there and nvidia-uvm,
 * without which cuInit fails with an error that does not say so, is not. */
bool cuda_lacks_uvm(const char *modules);

#endif
