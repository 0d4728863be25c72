/*
 * runtime/app/source_choice.h: which driver fills each source: the one that
 * --source names, else `auto`: the first of the list that opens, and a line that
 * says which and why.
 */
#ifndef RUNTIME_APP_SOURCE_CHOICE_H
#define RUNTIME_APP_SOURCE_CHOICE_H

#include "runtime/app/options.h"
#include "runtime/base/exit_status.h"
#include "runtime/port/drivers.h"

/*
 * Main thread: opens one source driver for each of the graph's sources. journal:
 * its lane first_lane and the following ones are the sources'. pinned: as in
 * struct source_config. On a refusal
 * none is left open, `line` says why, and the exit status to leave with comes
 * back.
 */
enum exit_status sources_open(struct source sources[],
			      const struct drivers *drivers,
			      const struct options *options,
			      const struct graph *graph,
			      const struct journal *journal,
			      uint32_t first_lane, bool pinned, char *line,
			      size_t line_bytes)
	__attribute__((warn_unused_result));

/* Main thread: their frames come from now on. 0 or -errno, then none does. */
int sources_start(struct source sources[], uint32_t count)
	__attribute__((warn_unused_result));

/* Main thread, when the tick thread has ended: no frame comes any more. */
void sources_stop(struct source sources[], uint32_t count);

/* Main thread, after sources_stop, or when they were never started. */
void sources_close(struct source sources[], uint32_t count);

#endif
