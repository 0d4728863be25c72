/*
 * tests/fakes/cuda/host_grid.h: CUDA kernels as host functions, for the fake
 * libcuda: included before a NAME.cu that a C++ compiler reads.
 *
 * Each thread of a grid runs to its end before the next one starts, so kernels
 * whose threads wait for each other cannot be run: __syncthreads is left
 * undeclared, and using it does not compile. After the source, one
 * FAKE_KERNEL(symbol) a kernel exports it.
 */
#ifndef TESTS_FAKES_CUDA_HOST_GRID_H
#define TESTS_FAKES_CUDA_HOST_GRID_H

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "tests/fakes/cuda/kernel.h"

/* A driver's compiler defines it; the sources ask. */
#define __CUDACC__ 1

#define __global__
#define __device__
#define __host__
#define __constant__ static
#define __forceinline__ inline
#define __noinline__
#ifndef __restrict__
#define __restrict__ __restrict
#endif
#define __grid_constant__
#define __launch_bounds__(...)
#define __align__(n) __attribute__((aligned(n)))

struct dim3 {
	unsigned int x, y, z;
};
struct alignas(16) uint4 {
	unsigned int x, y, z, w;
};
struct alignas(8) uint2 {
	unsigned int x, y;
};

static inline uint4 make_uint4(unsigned int x, unsigned int y, unsigned int z,
			       unsigned int w)
{
	return uint4{x, y, z, w};
}

static inline uint2 make_uint2(unsigned int x, unsigned int y)
{
	return uint2{x, y};
}

/* Streams run side by side. */
static thread_local dim3 blockIdx, threadIdx, blockDim, gridDim;

static inline void __threadfence_system(void)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

static inline void __threadfence(void)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

template <class T> static inline T __ldg(const T *from)
{
	return *from;
}

template <class T> static inline void __stcs(T *to, T value)
{
	*to = value;
}

template <class T> static inline void __stcg(T *to, T value)
{
	*to = value;
}

template <class F> static void fake_grid(const uint32_t *grid,
					 const uint32_t *block, F thread)
{
	gridDim = dim3{grid[0], grid[1], grid[2]};
	blockDim = dim3{block[0], block[1], block[2]};
	for (blockIdx.z = 0; blockIdx.z < grid[2]; blockIdx.z++)
	for (blockIdx.y = 0; blockIdx.y < grid[1]; blockIdx.y++)
	for (blockIdx.x = 0; blockIdx.x < grid[0]; blockIdx.x++)
	for (threadIdx.z = 0; threadIdx.z < block[2]; threadIdx.z++)
	for (threadIdx.y = 0; threadIdx.y < block[1]; threadIdx.y++)
	for (threadIdx.x = 0; threadIdx.x < block[0]; threadIdx.x++)
		thread();
}

/* What a kernel's type says of its parameters. */
template <auto kernel> struct fake_of;
template <class A, void (*kernel)(A)> struct fake_of<kernel> {
	static void run(void *const *params, const uint32_t *grid,
			const uint32_t *block)
	{
		const A &a = *(const A *)params[0];

		fake_grid(grid, block, [&a] { kernel(a); });
	}
	static constexpr fake_kernel row = {1, {sizeof(A)}, run};
};
template <class A, class B, void (*kernel)(A, B)> struct fake_of<kernel> {
	static void run(void *const *params, const uint32_t *grid,
			const uint32_t *block)
	{
		const A &a = *(const A *)params[0];
		const B &b = *(const B *)params[1];

		fake_grid(grid, block, [&a, &b] { kernel(a, b); });
	}
	static constexpr fake_kernel row = {2, {sizeof(A), sizeof(B)}, run};
};

#define FAKE_KERNEL(symbol)                                                    \
	extern "C" {                                                           \
	__attribute__((visibility("default"))) extern const fake_kernel        \
		fake_kernel_##symbol = fake_of<symbol>::row;                   \
	}

#endif
