/*
 * runtime/base/seal.c: mlockall, getrusage and a flag. See runtime/base/seal.h.
 */
#define _GNU_SOURCE /* RUSAGE_THREAD */

#include "runtime/base/seal.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "runtime/base/rate.h"

_Thread_local bool seal_is_on;

int seal_memory(void)
{
	return mlockall(MCL_CURRENT) ? -errno : 0;
}

static uint64_t timeval_ns(struct timeval time)
{
	return (uint64_t)(time.tv_sec * NS_PER_SECOND +
			  time.tv_usec * NS_PER_US);
}

static struct seal_usage usage_now(void)
{
	struct rusage now = {.ru_minflt = 0};

	getrusage(RUSAGE_THREAD, &now);
	return (struct seal_usage){
		.minor_faults = (uint64_t)now.ru_minflt,
		.major_faults = (uint64_t)now.ru_majflt,
		.involuntary_switches = (uint64_t)now.ru_nivcsw,
		.cpu_ns = timeval_ns(now.ru_utime) + timeval_ns(now.ru_stime),
	};
}

void seal_begin(struct seal_usage *usage)
{
	*usage = usage_now();
	seal_is_on = true;
}

void seal_end(struct seal_usage *usage)
{
	struct seal_usage now;

	seal_is_on = false;
	now = usage_now();
	now.minor_faults -= usage->minor_faults;
	now.major_faults -= usage->major_faults;
	now.involuntary_switches -= usage->involuntary_switches;
	now.cpu_ns -= usage->cpu_ns;
	*usage = now;
}
