/*
 * runtime/app/flip_log.h: --ledger: one line for each presented frame that came
 * on view: when its tick was due, when it was submitted, when it was shown and
 * who says so. Read from the tick thread's lane of the journal, which keeps the
 * newest records. Main thread, after the run.
 */
#ifndef RUNTIME_APP_FLIP_LOG_H
#define RUNTIME_APP_FLIP_LOG_H

#include <stdio.h>

#include "runtime/observe/journal.h"

/* Rows of the lane that --ledger asks for: 18 minutes at 60 frames a second. */
#define FLIP_LOG_ROWS 65536

/* A line of names, then one line a row, oldest first. False: writing failed. */
bool flip_log_write(const struct journal_header *journal, uint32_t lane,
		    FILE *out);

#endif
