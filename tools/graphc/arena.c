/*
 * tools/graphc/arena.c: see arena.h. With AddressSanitizer every block is
 * followed by poisoned bytes, so that an overrun is seen like one of malloc's.
 */
#include "tools/graphc/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef __SANITIZE_ADDRESS__ /* gcc */
#include <sanitizer/asan_interface.h>
#elif defined(__has_feature) /* clang */
#if __has_feature(address_sanitizer)
#include <sanitizer/asan_interface.h>
#endif
#endif
#ifndef ASAN_POISON_MEMORY_REGION
#define ASAN_POISON_MEMORY_REGION(address, bytes)   ((void)0)
#define ASAN_UNPOISON_MEMORY_REGION(address, bytes) ((void)0)
#endif

#define REDZONE_BYTES 16

static void out_of_memory(void)
{
	fputs("graphc: out of memory\n", stderr);
	exit(1);
}

void arena_init(struct arena *arena)
{
	arena->base = malloc(ARENA_BYTES);
	arena->used = 0;
	if (!arena->base)
		out_of_memory();
	ASAN_POISON_MEMORY_REGION(arena->base, ARENA_BYTES);
}

void arena_reset(struct arena *arena)
{
	ASAN_POISON_MEMORY_REGION(arena->base, arena->used);
	arena->used = 0;
}

void arena_finish(struct arena *arena)
{
	if (!arena->base)
		return;
	ASAN_UNPOISON_MEMORY_REGION(arena->base, ARENA_BYTES);
	free(arena->base);
	arena->base = NULL;
}

void *arena_alloc(struct arena *arena, size_t count, size_t size)
{
	size_t bytes, step;
	void *block;

	if (__builtin_mul_overflow(count, size, &bytes) ||
	    bytes > ARENA_BYTES - REDZONE_BYTES - 15)
		out_of_memory();
	step = ((bytes + 15) & ~(size_t)15) + REDZONE_BYTES;
	if (step > ARENA_BYTES - arena->used)
		out_of_memory();
	block = arena->base + arena->used;
	arena->used += step;
	ASAN_UNPOISON_MEMORY_REGION(block, bytes);
	memset(block, 0, bytes);
	return block;
}

char *arena_text(struct arena *arena, const char *text, size_t bytes)
{
	char *copy = arena_alloc(arena, bytes + 1, 1);

	memcpy(copy, text, bytes);
	return copy;
}
