/*
 * runtime/base/rate.h: when ticks are, computed from the exact rational.
 *
 * All times are int64_t nanoseconds of CLOCK_MONOTONIC. t(n) is t0 plus
 * rate_tick_ns(rate, n): n * den / num seconds, rounded down once, never
 * summed, so that nothing drifts. 128-bit products hold 100 years of any rate
 * (n * den < 2^42 * 2^32, times 10^9 < 2^104).
 */
#ifndef RUNTIME_BASE_RATE_H
#define RUNTIME_BASE_RATE_H

#include <stdint.h>

#define NS_PER_SECOND INT64_C(1000000000)
#define NS_PER_MS     INT64_C(1000000)
#define NS_PER_US     INT64_C(1000)

/* num/den ticks a second, both at least 1. */
struct rate {
	uint32_t num, den;
};

/* The start of a tick, from t0. */
static inline int64_t rate_tick_ns(struct rate rate, uint64_t number)
{
	unsigned __int128 product = (unsigned __int128)number * rate.den *
				    (uint64_t)NS_PER_SECOND;

	return (int64_t)(product / rate.num);
}

/* The newest tick whose start is not after elapsed_ns (>= 0) from t0: the
 * exact inverse of rate_tick_ns. */
static inline uint64_t rate_newest_tick(struct rate rate, int64_t elapsed_ns)
{
	/* floor(n * den * 1e9 / num) <= e  <=>  n * den * 1e9 < (e + 1) * num */
	unsigned __int128 bound =
		((unsigned __int128)elapsed_ns + 1) * rate.num - 1;

	return (uint64_t)(bound /
			  ((unsigned __int128)rate.den * NS_PER_SECOND));
}

/* n * den / num, as DEMO pictures want it: one rounding of the quotient while
 * n * den is below 2^53. */
static inline double rate_tick_seconds(struct rate rate, uint64_t number)
{
	return (double)(number * rate.den) / (double)rate.num;
}

/* Rounded down; for limits and margins only, never summed. */
static inline int64_t rate_period_ns(struct rate rate)
{
	return rate_tick_ns(rate, 1);
}

#endif
