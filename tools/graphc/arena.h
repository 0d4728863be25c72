/*
 * tools/graphc/arena.h: memory that is given back all at once.
 *
 * One block, taken at arena_init; the limits (limits.h) keep a compilation far
 * below ARENA_BYTES. A compilation that exceeds it all the same ends the
 * program with a message: there is no caller that could go on. Pages that are
 * never used are never touched, so a small graph costs little.
 */
#ifndef GRAPHC_ARENA_H
#define GRAPHC_ARENA_H

#include <stddef.h>

#define ARENA_BYTES ((size_t)256 << 20)

struct arena {
	unsigned char *base;
	size_t used;
};

void arena_init(struct arena *arena);
void arena_reset(struct arena *arena); /* everything in it is gone */
void arena_finish(struct arena *arena);

/* Zeroed, 16-byte aligned; never NULL. */
void *arena_alloc(struct arena *arena, size_t count, size_t size);

/* A NUL-terminated copy of `bytes` bytes. */
char *arena_text(struct arena *arena, const char *text, size_t bytes);

#endif
