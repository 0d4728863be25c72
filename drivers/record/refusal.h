/*
 * drivers/record/refusal.h: why a file cannot be written, in one line with the
 * way out, and the exit status that goes with it. The one place that maps
 * errno for --record, --digest, --snapshot and --ledger. Main thread.
 */
#ifndef DRIVERS_RECORD_REFUSAL_H
#define DRIVERS_RECORD_REFUSAL_H

#include <stddef.h>

#include "runtime/base/exit_status.h"

/* `option` is "--record"; `error` is an errno, ENXIO: nobody reads the FIFO,
 * EEXIST: something there is not a regular file. */
enum exit_status refusal(const char *option, const char *path, int error,
			 char *text, size_t bytes);

#endif
