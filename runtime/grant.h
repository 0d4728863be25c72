/*
 * runtime/grant.h: what to grant when the kernel refuses a service, in words.
 * Nothing is changed here. Main thread.
 */
#ifndef RUNTIME_GRANT_H
#define RUNTIME_GRANT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What was refused; zeroed: nothing. */
struct grant {
	int32_t fifo_priority; /* SCHED_FIFO at this priority; 0: granted */
	int memory_error;      /* errno of mlockall; 0: granted */
};

/* True when something was refused. */
bool grant_is_missing(const struct grant *grant);

/*
 * Writes one line, without '\n', that names what was refused and the limit or
 * cgroup setting that would grant it; cut to fit.
 */
void grant_explain(const struct grant *grant, char *text, size_t bytes);

/* What helps against an errno of bring-up: "raise RLIMIT_NOFILE". */
const char *grant_way_out(int error);

#endif
