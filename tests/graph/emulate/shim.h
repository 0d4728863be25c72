/*
 * tests/graph/emulate/shim.h: enough of CUDA C++ for g++ to compile a NAME.cu,
 * so that its kernels run on the CPU, block by block.
 *
 * A block's threads run one after the other; at __syncthreads() each waits
 * until all others have come there (launch.cc). Included before the .cu.
 */
#ifndef TESTS_GRAPH_EMULATE_SHIM_H
#define TESTS_GRAPH_EMULATE_SHIM_H

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define __CUDACC__	     1
#define __CUDACC_VER_MAJOR__ 13
#define __CUDACC_VER_MINOR__ 0

#define __global__
#define __device__
#define __host__
#define __shared__
#define __grid_constant__
#define __forceinline__ inline
#define __launch_bounds__(threads)
#define __align__(bytes) alignas(bytes)

struct emulated_index {
	uint32_t x, y;
};
extern struct emulated_index threadIdx, blockIdx, blockDim, gridDim;

struct alignas(16) uint4 {
	uint32_t x, y, z, w;
};

static inline struct uint4 make_uint4(uint32_t x, uint32_t y, uint32_t z,
				      uint32_t w)
{
	struct uint4 four = {x, y, z, w};

	return four;
}

void __syncthreads(void);
static inline void __threadfence_system(void) {}

#endif
