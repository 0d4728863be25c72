/*
 * drivers/record/places.h: where the outputs of one run go: no two into one file,
 * under whatever names (hard links, symlinks, "-" and /dev/stdout). Main
 * thread.
 */
#ifndef DRIVERS_RECORD_PLACES_H
#define DRIVERS_RECORD_PLACES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runtime/base/exit_status.h"

struct place {
	const char *option; /* "--record", for the line */
	const char *path;   /* "-": standard output; NULL: not asked for */
	bool pixels;	    /* nothing else may come in between */
};

/* By device and inode, and by folder and name for what is not there yet. On a
 * refusal: one line in `error` and the status to leave with. */
enum exit_status places_check(const struct place *places, uint32_t count,
			      char *error, size_t error_bytes)
	__attribute__((warn_unused_result));

#endif
