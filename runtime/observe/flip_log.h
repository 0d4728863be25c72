/*
 * runtime/observe/flip_log.h: one row for each presented frame that came on view: when
 * its tick was due, when it was submitted, when it was shown and who says so.
 * A fixed ring with the newest rows; --ledger writes it after the run.
 */
#ifndef RUNTIME_OBSERVE_FLIP_LOG_H
#define RUNTIME_OBSERVE_FLIP_LOG_H

#include <stdio.h>

#include "runtime/port/display.h"
#include "runtime/base/pool.h"

#define FLIP_LOG_ROWS 65536 /* 18 minutes at 60 a second */

struct flip_row {
	uint64_t tick;
	int64_t due_ns;	   /* t(n) */
	int64_t submit_ns; /* accepted by the display */
	int64_t flip_ns;   /* on view */
	uint64_t sequence; /* number of the refresh; 0: not known */
	uint32_t sink;
	uint32_t stamp; /* enum display_stamp */
};

struct flip_log {
	struct pool pool;
	struct flip_row *rows; /* FLIP_LOG_ROWS of them */
	uint64_t count;	       /* ever added */
};

/* Main thread. 0 or -errno, nothing printed. */
int flip_log_init(struct flip_log *log);

/* Accepts a zeroed log. */
void flip_log_finish(struct flip_log *log);

/* Tick thread. */
void flip_log_add(struct flip_log *log, const struct flip_row *row);

/* Main thread, after the run: a line of names, then one line a row, oldest
 * first. False: writing failed. */
bool flip_log_write(const struct flip_log *log, FILE *out);

/* The same into a new file. 0 or -errno, nothing printed. */
int flip_log_save(const struct flip_log *log, const char *path);

#endif
