/*
 * tests/bench/samples.h: a fixed set of timed samples and its quantiles, for
 * the benchmarks. Samples are kept whole and sorted; nothing is binned.
 */
#ifndef TESTS_BENCH_SAMPLES_H
#define TESTS_BENCH_SAMPLES_H

#include <stdint.h>
#include <stdlib.h>
#include <time.h>

struct samples {
	uint32_t count, capacity;
	int64_t *ns; /* caller-owned, capacity elements */
};

static inline int64_t bench_now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static inline void samples_add(struct samples *samples, int64_t ns)
{
	if (samples->count < samples->capacity)
		samples->ns[samples->count++] = ns;
}

static inline int samples_compare(const void *a, const void *b)
{
	int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;

	return (left > right) - (left < right);
}

static inline void samples_sort(struct samples *samples)
{
	qsort(samples->ns, samples->count, sizeof(*samples->ns),
	      samples_compare);
}

/* Sorted samples only; share in 0..1; microseconds. */
static inline double samples_us(const struct samples *samples, double share)
{
	if (!samples->count)
		return 0;
	return (double)samples->ns[(uint32_t)(share *
					      (double)(samples->count - 1))] /
	       1e3;
}

#endif
