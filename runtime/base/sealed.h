/*
 * runtime/base/sealed.h: memory that this process writes and others may read: a
 * memfd whose size is fixed and which nobody can write into but through the
 * mapping made here (F_SEAL_FUTURE_WRITE, SHRINK, GROW, SEAL).
 *
 * Whoever is given the descriptor can map and read it, and do nothing else to it.
 * Kernels before 5.1 and some sandboxes lack such seals: then it is ordinary
 * memory, without a descriptor. Main thread, before the seal.
 */
#ifndef RUNTIME_BASE_SEALED_H
#define RUNTIME_BASE_SEALED_H

#include "runtime/base/pool.h"

struct sealed {
	struct pool pool; /* zeroed and touched */
	int fd;		  /* to hand out, read-only; -1: there is none */
	int error;	  /* why there is none, -errno; 0: there is one */
};

/* name: as /proc shows it. 0 or -errno, nothing printed; that there are no seals
 * is not an error. */
int sealed_init(struct sealed *sealed, const char *name, size_t bytes);

/* Accepts a zeroed one, and one that was finished. */
void sealed_finish(struct sealed *sealed);

#endif
