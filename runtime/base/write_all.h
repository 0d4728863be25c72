/*
 * runtime/base/write_all.h: bytes into a file, pipe, socket or terminal whose
 * reader may be slow, stuck or gone, without waiting for ever.
 */
#ifndef RUNTIME_BASE_WRITE_ALL_H
#define RUNTIME_BASE_WRITE_ALL_H

#include <stddef.h>

/* What reads a pipe and takes nothing for this long is counted as gone. */
#define WRITE_STALL_MS 10000

/*
 * All of it, whether or not the descriptor is non-blocking. 0 or -errno:
 * ETIMEDOUT when nothing was taken for stall_ms, EIO when a write took nothing
 * and said nothing. What was written until then stays written.
 */
int write_all(int fd, const void *data, size_t bytes, int stall_ms)
	__attribute__((warn_unused_result));

#endif
