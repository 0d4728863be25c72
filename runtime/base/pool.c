/*
 * runtime/base/pool.c: mmap, huge pages, touch. Read runtime/base/pool.h first.
 */
#include "runtime/base/pool.h"

#include <errno.h>
#include <stdint.h>
#include <sys/mman.h>

#define HUGE_BYTES ((size_t)2 << 20)
#define PAGE_BYTES ((size_t)4096) /* the smallest there is: touches enough */

/* Maps at a huge page's boundary: kernels before 6.7 do not do that. */
static unsigned char *map_aligned(size_t bytes)
{
	size_t mapped = bytes + HUGE_BYTES;
	unsigned char *base, *aligned;
	size_t head, tail;

	if (mapped < bytes)
		return MAP_FAILED;
	base = mmap(NULL, mapped, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (base == MAP_FAILED)
		return base;
	aligned = (unsigned char *)(((uintptr_t)base + HUGE_BYTES - 1) &
				    ~(uintptr_t)(HUGE_BYTES - 1));
	head = (size_t)(aligned - base);
	tail = mapped - head - bytes;
	if (head)
		munmap(base, head);
	if (tail)
		munmap(aligned + bytes, tail);
	return aligned;
}

int pool_init(struct pool *pool, size_t bytes)
{
	unsigned char *base;
	size_t offset;

	*pool = (struct pool){.base = NULL};
	if (!bytes)
		return 0;
	if (bytes > SIZE_MAX - PAGE_BYTES)
		return -ENOMEM;
	bytes = (bytes + PAGE_BYTES - 1) & ~(PAGE_BYTES - 1);
	if (bytes >= HUGE_BYTES)
		base = map_aligned(bytes);
	else
		base = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (base == MAP_FAILED)
		return -errno;
	if (bytes >= HUGE_BYTES)
		madvise(base, bytes, MADV_HUGEPAGE); /* advice: may fail */
	for (offset = 0; offset < bytes; offset += PAGE_BYTES)
		((volatile unsigned char *)base)[offset] = 0;
	*pool = (struct pool){.base = base, .bytes = bytes};
	return 0;
}

void pool_finish(struct pool *pool)
{
	if (pool->base)
		munmap(pool->base, pool->bytes);
	*pool = (struct pool){.base = NULL};
}
