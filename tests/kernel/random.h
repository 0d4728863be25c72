/*
 * tests/kernel/random.h: repeatable random numbers, buffers with guard bands.
 *
 * SEED=n in the environment repeats a run; random_start prints the seed.
 */
#ifndef TESTS_KERNEL_RANDOM_H
#define TESTS_KERNEL_RANDOM_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define GUARD_BYTES 64
#define GUARD_VALUE 0xc3

struct random {
	uint64_t state;
};

/* For main(): the seed that tests pass to random_init. */
static inline uint64_t random_start(void)
{
	const char *text = getenv("SEED");
	uint64_t seed = text ? strtoull(text, NULL, 0) : (uint64_t)time(NULL);

	printf("SEED=%llu repeats this run\n", (unsigned long long)seed);
	fflush(stdout);
	return seed;
}

static inline struct random random_init(uint64_t seed, uint64_t stream)
{
	return (struct random){seed * 0x9e3779b97f4a7c15u + stream};
}

/* splitmix64 */
static inline uint64_t random_next(struct random *random)
{
	uint64_t z = random->state += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

/* Of [0, count). */
static inline uint32_t random_below(struct random *random, uint32_t count)
{
	return (uint32_t)(random_next(random) % count);
}

/* Of [0, 1). */
static inline double random_unit(struct random *random)
{
	return (double)(random_next(random) >> 11) * 0x1p-53;
}

/* `bytes` bytes, 64-byte aligned, between two guard bands. */
struct guarded {
	unsigned char *base;
	size_t bytes;
};

static inline struct guarded guarded_new(size_t bytes, int fill)
{
	size_t whole = (bytes + 2 * GUARD_BYTES + 63) / 64 * 64;
	unsigned char *memory = aligned_alloc(64, whole);

	if (!memory)
		abort();
	memset(memory, GUARD_VALUE, whole);
	memset(memory + GUARD_BYTES, fill, bytes);
	return (struct guarded){memory + GUARD_BYTES, bytes};
}

static inline int guarded_intact(const struct guarded *guarded)
{
	size_t i;

	for (i = 0; i < GUARD_BYTES; i++)
		if (guarded->base[-1 - (ptrdiff_t)i] != GUARD_VALUE ||
		    guarded->base[guarded->bytes + i] != GUARD_VALUE)
			return 0;
	return 1;
}

static inline void guarded_free(struct guarded *guarded)
{
	free(guarded->base - GUARD_BYTES);
}

#endif
