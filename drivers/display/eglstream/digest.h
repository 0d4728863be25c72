/*
 * drivers/display/eglstream/digest.h: tick and hash of pictures as the consumer
 * got them: a proof that what comes out of the stream is what went in. A line
 * is as one of --digest.
 *
 * Lines are kept in memory, DIGEST_LINES_MAX of them, and written at the end:
 * the tick thread reads a picture back, which takes its time, and hashes it.
 */
#ifndef DRIVERS_DISPLAY_EGLSTREAM_DIGEST_H
#define DRIVERS_DISPLAY_EGLSTREAM_DIGEST_H

#include <stdio.h>

#include "drivers/display/eglstream/settings.h"
#include "drivers/display/eglstream/stream.h"
#include "runtime/base/pool.h"

#define EGLSTREAM_LINES_MAX 65536

struct eglstream_digest_line {
	uint64_t tick, hash;
};

struct eglstream_digest {
	FILE *file; /* NULL: none is asked for */
	const char *path;
	struct pool pool;
	struct image image; /* where a picture is read to */
	struct eglstream_digest_line *lines;
	uint32_t count, nth;
	uint64_t seen; /* pictures */
};

/* Main thread. 0, or -errno with nothing left. */
int eglstream_digest_open(struct eglstream_digest *digest,
			  const struct eglstream_settings *settings,
			  const struct image *slot,
			  struct eglstream_refusal *refusal)
	__attribute__((warn_unused_result));

/* Tick thread: the picture that the consumer has, if it is one of those. */
enum stream_status eglstream_digest_take(struct eglstream_digest *digest,
					 struct eglstream_stream *stream,
					 uint64_t tick);

/* Main thread: writes the lines; a line on stderr where that fails. Accepts a
 * zeroed one. */
void eglstream_digest_close(struct eglstream_digest *digest);

#endif
