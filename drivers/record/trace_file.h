/*
 * drivers/record/trace_file.h: where --trace and --control-log go: a file, a FIFO
 * with a reader, a device, or "-", standard output. Main thread.
 */
#ifndef DRIVERS_RECORD_TRACE_FILE_H
#define DRIVERS_RECORD_TRACE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "runtime/base/exit_status.h"

struct trace_file {
	const char *path; /* NULL: none was asked for */
	int fd;		  /* valid while path is not NULL */
	bool regular, created, begun;
};

/* Opens it, without a change to what is in it; what is new goes away again with
 * trace_file_close. On a refusal: one line in `error`, the exit status to leave
 * with, and nothing left open. */
enum exit_status trace_file_open(struct trace_file *file, const char *option,
				 const char *path, char *error,
				 size_t error_bytes)
	__attribute__((warn_unused_result));

/* Nothing refuses the start any more: empties it. 0 or -errno. */
int trace_file_begin(struct trace_file *file);

/* Accepts a zeroed file, and one that was closed. */
void trace_file_close(struct trace_file *file);

#endif
