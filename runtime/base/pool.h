/*
 * runtime/base/pool.h: one zeroed mapping, made at start, touched, huge pages
 * advised where it is large enough, given back at the end. Everything that a
 * tick writes lies in one of these or in a display's slots.
 */
#ifndef RUNTIME_BASE_POOL_H
#define RUNTIME_BASE_POOL_H

#include <stddef.h>

struct pool {
	unsigned char *base; /* page-aligned; NULL when not mapped */
	size_t bytes;
};

/* Before the seal. 0 or -errno, nothing printed; a pool of 0 bytes is fine. */
int pool_init(struct pool *pool, size_t bytes);

/* Accepts a zeroed pool and one that failed to map. */
void pool_finish(struct pool *pool);

#endif
