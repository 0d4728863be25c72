/*
 * runtime/base/seal.h: the promise that the tick thread allocates nothing between
 * its first and its last tick, and what the kernel says about it.
 *
 * In a test build tests/runtime/alloc_trap.c defines malloc and friends, which
 * abort while `seal_is_on` in the calling thread. In every build the thread's
 * page faults and involuntary switches over the sealed span are reported.
 */
#ifndef RUNTIME_BASE_SEAL_H
#define RUNTIME_BASE_SEAL_H

#include <stdbool.h>
#include <stdint.h>

/* True in the tick thread between seal_begin and seal_end. */
extern _Thread_local bool seal_is_on;

/* What the calling thread used. */
struct seal_usage {
	uint64_t minor_faults, major_faults, involuntary_switches;
	uint64_t cpu_ns; /* user and system */
};

/* Main thread, after warm-up: locks all memory mapped now (not later: other
 * threads' buffers need no lock). 0 or -errno, nothing printed. */
int seal_memory(void);

/* Tick thread: notes the usage so far; sealed from here on. */
void seal_begin(struct seal_usage *usage);

/* Tick thread: no longer sealed; *usage becomes what was used since. */
void seal_end(struct seal_usage *usage);

#endif
