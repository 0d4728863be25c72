/*
 * runtime/base/rights.c: from an errno to the limit that caused it.
 */
#include "runtime/base/rights.h"

#include <errno.h>
#include <sys/resource.h>

#include "runtime/base/text.h"

bool rights_are_missing(const struct rights_refused *refused)
{
	return refused->fifo_priority || refused->memory_error;
}

static uint64_t limit_of(int resource)
{
	struct rlimit limit = {.rlim_cur = 0};

	getrlimit(resource, &limit);
	return limit.rlim_cur;
}

/* With the limit high enough only the control group is left as a cause. */
static void explain_fifo(int32_t priority, char *text, size_t bytes)
{
	uint64_t limit = limit_of(RLIMIT_RTPRIO);

	if (limit < (uint64_t)priority)
		text_append(text, bytes,
			    "SCHED_FIFO %d refused: RLIMIT_RTPRIO is %llu, "
			    "grant %d (LimitRTPRIO=, limits.conf rtprio)",
			    priority, (unsigned long long)limit, priority);
	else
		text_append(text, bytes,
			    "SCHED_FIFO %d refused by the control group: "
			    "RT_GROUP_SCHED, give it cpu.rt_runtime_us",
			    priority);
}

static void explain_memory(int error, char *text, size_t bytes)
{
	uint64_t limit = limit_of(RLIMIT_MEMLOCK);

	if (error == EPERM || error == ENOMEM)
		text_append(text, bytes,
			    "memory lock refused: RLIMIT_MEMLOCK is %llu KB, "
			    "grant unlimited (LimitMEMLOCK=, limits.conf "
			    "memlock)",
			    (unsigned long long)(limit / 1024));
	else
		text_append(text, bytes,
			    "memory lock refused by the kernel (errno %d)",
			    error);
}

void rights_explain(const struct rights_refused *refused, char *text, size_t bytes)
{
	text[0] = '\0';
	if (refused->fifo_priority)
		explain_fifo(refused->fifo_priority, text, bytes);
	if (refused->fifo_priority && refused->memory_error)
		text_append(text, bytes, "; ");
	if (refused->memory_error)
		explain_memory(refused->memory_error, text, bytes);
}

const char *rights_way_out(int error)
{
	switch (error) {
	case EMFILE:
	case ENFILE:
		return "raise RLIMIT_NOFILE (ulimit -n)";
	case EAGAIN:
		return "raise RLIMIT_NPROC (ulimit -u) or the control group's "
		       "pids.max";
	case ENOMEM:
		return "free memory or raise RLIMIT_AS (ulimit -v)";
	case ENOSPC:
		return "make room there or choose another path";
	case EACCES:
	case ENOENT:
	case EROFS:
		return "choose a path that can be written";
	default:
		return "see --probe for what this machine allows";
	}
}
