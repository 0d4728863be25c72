/*
 * drivers/cuda/fatbin.h: the kernels of this program's graph, as nvcc made them
 * from NAME.cu (see fatbin.S), and for which GPUs.
 */
#ifndef DRIVERS_CUDA_FATBIN_H
#define DRIVERS_CUDA_FATBIN_H

#include <stddef.h>
#include <stdint.h>

extern const unsigned char graph_fatbin[], graph_fatbin_end[];
extern const char graph_fatbin_architectures[]; /* "sm_75 sm_87"; "": none */

/* 0: the program was built without nvcc. */
static inline size_t graph_fatbin_bytes(void)
{
	return (uintptr_t)graph_fatbin_end - (uintptr_t)graph_fatbin;
}

#endif
