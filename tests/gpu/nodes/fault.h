/*
 * tests/gpu/nodes/fault.h: passes the picture unchanged until tick `at`; from
 * then on the thread of the top left pixel makes the GPU fail, as `kind` says.
 * On the CPU nothing happens.
 */
#ifndef FAULT_H
#define FAULT_H

#include "kernel/node.h"

enum { FAULT_NONE, FAULT_NULL, FAULT_MISALIGNED, FAULT_TRAP, FAULT_ASSERT,
       FAULT_HANG };

struct fault_params {
	int32_t kind, at;
};

struct fault_uniform {
	int32_t kind; /* FAULT_NONE before its tick */
	int32_t unused;
};

NODE_HOST void fault_tick(const struct fault_params *params,
			  const struct tick *tick, void *state,
			  struct fault_uniform *uniform)
{
	(void)state;
	uniform->kind = tick->number >= (uint64_t)params->at ? params->kind
							     : FAULT_NONE;
	uniform->unused = 0;
}

#ifdef __CUDA_ARCH__
#include <assert.h>

static __device__ volatile unsigned int fault_words[2];

static __device__ inline void fault_now(int32_t kind)
{
	if (kind == FAULT_NULL)
		*(volatile unsigned int *)0 = 1;
	else if (kind == FAULT_MISALIGNED)
		*(volatile unsigned int *)((volatile char *)fault_words + 1) = 1;
	else if (kind == FAULT_TRAP)
		__trap();
	else if (kind == FAULT_ASSERT)
		assert(kind != FAULT_ASSERT);
	while (kind == FAULT_HANG && !fault_words[0])
		;
}
#endif

NODE_PIXEL uint32_t fault_pixel(const struct fault_uniform *uniform, int32_t x,
				int32_t y, uint32_t in)
{
#ifdef __CUDA_ARCH__
	if (!x && !y && uniform->kind)
		fault_now(uniform->kind);
#else
	(void)uniform;
	(void)x;
	(void)y;
#endif
	return in;
}

#endif
