/* runtime/time/wall.c: see wall.h. */
#include "runtime/time/wall.h"

#include <time.h>

#define WALL_NOMINAL_MS INT64_C(946684800000) /* 2000-01-01 00:00 UTC */

int64_t wall_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t wall_nominal_ms(struct rate rate, uint64_t number)
{
	return WALL_NOMINAL_MS + rate_tick_ns(rate, number) / NS_PER_MS;
}
