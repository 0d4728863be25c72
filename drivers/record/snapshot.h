/*
 * drivers/record/snapshot.h: one frame as a PNG file, by libpng.
 *
 * Written beside the file and renamed over it, so that a reader sees the old
 * picture or the new one, never half of one. Main thread only: encoding
 * allocates and takes tens of milliseconds.
 */
#ifndef DRIVERS_RECORD_SNAPSHOT_H
#define DRIVERS_RECORD_SNAPSHOT_H

#include "kernel/node.h"
#include "runtime/base/exit_status.h"

/*
 * Before the run: can the picture be put there ("-": standard output, which
 * snapshot_encode's caller writes to)? Nothing is created. On a
 * refusal: one line in `error` and the exit status to leave with.
 */
enum exit_status snapshot_check(const char *path, char *error,
				size_t error_bytes)
	__attribute__((warn_unused_result));

/* The picture as it would be in a file; *png is the caller's to free, NULL or
 * not. False: no memory. */
bool snapshot_encode(const struct image *image, char **png, size_t *bytes)
	__attribute__((warn_unused_result));

/*
 * Writes `image`; its memory must hold still and be readable by the CPU.
 * False: one line in `error`, and the file is as it was before.
 */
bool snapshot_write(const char *path, const struct image *image, char *error,
		    size_t error_bytes) __attribute__((warn_unused_result));

#endif
