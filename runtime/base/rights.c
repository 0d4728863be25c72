/*
 * runtime/base/rights.c: from an errno to the limit that caused it.
 */
#include "runtime/base/rights.h"

#include <errno.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

/* The file's first line that begins so, without that; "" where there is none. */
static void find_line(const char *path, const char *begin, char *text,
		      size_t bytes)
{
	FILE *file = fopen(path, "re");
	char line[512];
	size_t length = strlen(begin);

	text[0] = '\0';
	while (file && !text[0] && fgets(line, sizeof(line), file))
		if (!strncmp(line, begin, length))
			snprintf(text, bytes, "%s", line + length);
	if (file)
		fclose(file);
	text[strcspn(text, "\n")] = '\0';
}

/* CAP_SYS_NICE, before which no limit counts; in a user namespace (a rootless
 * container) it does not reach the scheduler. */
static bool has_nice(void)
{
	char set[64], map[64];
	unsigned int inside, outside, count;

	find_line("/proc/self/status", "CapEff:", set, sizeof(set));
	find_line("/proc/self/uid_map", "", map, sizeof(map));
	return strtoull(set, NULL, 16) >> CAP_SYS_NICE & 1 &&
	       sscanf(map, "%u %u %u", &inside, &outside, &count) == 3 &&
	       inside == 0 && outside == 0 && count == UINT32_MAX;
}

/* "12:cpu,cpuacct:/path": the group that has realtime runtime or not (cgroup
 * v1); "its own" where that cannot be told. */
static void find_control_group(char *text, size_t bytes)
{
	FILE *file = fopen("/proc/self/cgroup", "re");
	char line[512];

	snprintf(text, bytes, "its own");
	while (file && fgets(line, sizeof(line), file)) {
		const char *names = strchr(line, ':'), *path;

		line[strcspn(line, "\n")] = '\0';
		path = names ? strchr(names + 1, ':') : NULL;
		if (path && (!strncmp(names, ":cpu:", 5) ||
			     !strncmp(names, ":cpu,", 5)))
			snprintf(text, bytes, "%s", path + 1);
	}
	if (file)
		fclose(file);
}

/* With the right or the limit there only the control group is left. */
static void explain_fifo(int32_t priority, char *text, size_t bytes)
{
	uint64_t limit = limit_of(RLIMIT_RTPRIO);
	char group[128];

	if (limit < (uint64_t)priority && !has_nice()) {
		text_append(text, bytes,
			    "SCHED_FIFO %d refused: RLIMIT_RTPRIO is %llu, "
			    "grant %d (LimitRTPRIO=, limits.conf rtprio)",
			    priority, (unsigned long long)limit, priority);
		return;
	}
	find_control_group(group, sizeof(group));
	text_append(text, bytes,
		    "SCHED_FIFO %d refused by the control group (%s), which "
		    "has no realtime runtime: give it cpu.rt_runtime_us, or "
		    "start outside it",
		    priority, group);
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
