/*
 * tests/kernel/watch.c: see watch.h. Stands in for the sanitizer's library:
 * nothing here is compiled with that option or linked with it.
 */
#include "tests/kernel/watch.h"

#include <stdint.h>
#include <string.h>

static struct {
	const unsigned char *base;
	size_t bytes, reads;
	unsigned char *writes;
} watch;

void watch_begin(const void *base, size_t bytes, unsigned char *writes)
{
	watch.base = base;
	watch.bytes = bytes;
	watch.reads = 0;
	watch.writes = writes;
}

size_t watch_end(void)
{
	watch.bytes = 0;
	return watch.reads;
}

static void watch_access(const void *at, size_t bytes, int is_write)
{
	size_t i, offset;

	for (i = 0; i < bytes; i++) {
		offset = (uintptr_t)at + i - (uintptr_t)watch.base;
		if (offset >= watch.bytes)
			continue;
		if (!is_write)
			watch.reads++;
		else if (watch.writes[offset] < 255)
			watch.writes[offset]++;
	}
}

/* ---- what the compiler calls ---------------------------------------------- */

void __tsan_init(void);
void __tsan_func_entry(void *caller);
/* declared as GCC has them built in */
void __tsan_func_exit(void *unused);
void __tsan_read_range(void *at, long bytes);
void __tsan_write_range(void *at, long bytes);

void __tsan_init(void) {}

void __tsan_func_entry(void *caller)
{
	(void)caller;
}

void __tsan_func_exit(void *unused)
{
	(void)unused;
}

void __tsan_read_range(void *at, long bytes)
{
	watch_access(at, (size_t)bytes, 0);
}

void __tsan_write_range(void *at, long bytes)
{
	watch_access(at, (size_t)bytes, 1);
}

#define WATCH(name, bytes, is_write)                                           \
	void __tsan_##name(void *at);                                          \
	void __tsan_##name(void *at)                                           \
	{                                                                      \
		watch_access(at, bytes, is_write);                             \
	}
WATCH(read1, 1, 0)
WATCH(read2, 2, 0)
WATCH(read4, 4, 0)
WATCH(read8, 8, 0)
WATCH(read16, 16, 0)
WATCH(write1, 1, 1)
WATCH(write2, 2, 1)
WATCH(write4, 4, 1)
WATCH(write8, 8, 1)
WATCH(write16, 16, 1)
WATCH(unaligned_read2, 2, 0)
WATCH(unaligned_read4, 4, 0)
WATCH(unaligned_read8, 8, 0)
WATCH(unaligned_read16, 16, 0)
WATCH(unaligned_write2, 2, 1)
WATCH(unaligned_write4, 4, 1)
WATCH(unaligned_write8, 8, 1)
WATCH(unaligned_write16, 16, 1)

/* ---- what nodes call in place of libc's ------------------------------------ */

void *watch_memcpy(void *to, const void *from, size_t bytes);
void *watch_memmove(void *to, const void *from, size_t bytes);
void *watch_memset(void *to, int value, size_t bytes);

void *watch_memcpy(void *to, const void *from, size_t bytes)
{
	watch_access(from, bytes, 0);
	watch_access(to, bytes, 1);
	return memcpy(to, from, bytes);
}

void *watch_memmove(void *to, const void *from, size_t bytes)
{
	watch_access(from, bytes, 0);
	watch_access(to, bytes, 1);
	return memmove(to, from, bytes);
}

void *watch_memset(void *to, int value, size_t bytes)
{
	watch_access(to, bytes, 1);
	return memset(to, value, bytes);
}
