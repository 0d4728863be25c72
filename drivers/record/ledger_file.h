/*
 * drivers/record/ledger_file.h: --ledger: the text of the flip log. A file is put in
 * place whole (drivers/record/beside.h); a FIFO, a device or "-" (standard
 * output) is written to. Main thread.
 */
#ifndef DRIVERS_RECORD_LEDGER_FILE_H
#define DRIVERS_RECORD_LEDGER_FILE_H

#include <stddef.h>

#include "runtime/base/exit_status.h"

/* Before the run: can it be put there? Nothing is created. On a refusal: one
 * line in `error` and the exit status to leave with. */
enum exit_status ledger_file_check(const char *path, char *error,
				   size_t error_bytes)
	__attribute__((warn_unused_result));

/* After it. The same on a failure. */
enum exit_status ledger_file_write(const char *path, const char *text,
				   size_t bytes, char *error,
				   size_t error_bytes)
	__attribute__((warn_unused_result));

#endif
