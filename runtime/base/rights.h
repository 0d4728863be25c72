/*
 * runtime/base/rights.h: what to grant when the kernel refuses a service, in words.
 * Nothing is changed here. Main thread.
 */
#ifndef RUNTIME_BASE_RIGHTS_H
#define RUNTIME_BASE_RIGHTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What was refused; zeroed: nothing. */
struct rights_refused {
	int32_t fifo_priority; /* SCHED_FIFO at this priority; 0: granted */
	int memory_error;      /* errno of mlockall; 0: granted */
};

/* True when something was refused. */
bool rights_are_missing(const struct rights_refused *refused);

/*
 * Writes one line, without '\n', that names what was refused and the limit or
 * cgroup setting that would grant it; cut to fit.
 */
void rights_explain(const struct rights_refused *refused, char *text, size_t bytes);

/* What helps against an errno of bring-up: "raise RLIMIT_NOFILE". */
const char *rights_way_out(int error);

#endif
