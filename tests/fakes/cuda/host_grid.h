/*
 * tests/fakes/cuda/host_grid.h: CUDA kernels as host functions, for the fake
 * libcuda: included before a NAME.cu that a C++ compiler reads.
 *
 * The threads of a block are run one after the other, each to its end or to the
 * next __syncthreads, forwards and backwards in turn: what relies on threads
 * running together, or in order, without saying so, draws something else.
 * After the source, one FAKE_KERNEL(symbol) a kernel exports it.
 */
#ifndef TESTS_FAKES_CUDA_HOST_GRID_H
#define TESTS_FAKES_CUDA_HOST_GRID_H

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <ucontext.h>
#include <vector>

#include "tests/fakes/cuda/kernel.h"

/* A driver's compiler defines it; the sources ask. */
#define __CUDACC__ 1

#define __global__
#define __device__
#define __host__
#define __constant__ static
#define __shared__ thread_local
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

#ifndef FAKE_THREADS_WAIT /* no kernel calls __syncthreads */

template <class F>
static void fake_grid(const uint32_t *grid, const uint32_t *block, F thread)
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

#else

#define FAKE_STACK ((size_t)64 << 10)

/* One thread block under way; its threads are coroutines. */
struct fake_block {
	ucontext_t scheduler;
	std::vector<ucontext_t> threads;
	std::vector<unsigned char> stacks;
	std::vector<bool> ended;
	uint32_t at; /* the thread that runs */
	void (*body)(const void *thread);
	const void *thread;
};
static thread_local fake_block fake_now;

static inline void __syncthreads(void)
{
	swapcontext(&fake_now.threads[fake_now.at], &fake_now.scheduler);
}

static inline void fake_place(uint32_t at)
{
	threadIdx.x = at % blockDim.x;
	threadIdx.y = at / blockDim.x % blockDim.y;
	threadIdx.z = at / blockDim.x / blockDim.y;
}

static inline void fake_coroutine(void)
{
	fake_now.body(fake_now.thread);
	fake_now.ended[fake_now.at] = true;
	swapcontext(&fake_now.threads[fake_now.at], &fake_now.scheduler);
}

static inline void fake_start(uint32_t at)
{
	ucontext_t *context = &fake_now.threads[at];

	getcontext(context);
	context->uc_stack.ss_sp = &fake_now.stacks[at * FAKE_STACK];
	context->uc_stack.ss_size = FAKE_STACK;
	context->uc_link = NULL;
	makecontext(context, fake_coroutine, 0);
	fake_now.ended[at] = false;
}

/* Rounds from one __syncthreads to the next; backwards in every other. */
static inline void fake_block_in_rounds(uint32_t count)
{
	uint32_t i, left, round;

	for (i = 0; i < count; i++)
		fake_start(i);
	for (round = 0, left = count; left; round++) {
		for (i = 0; i < count; i++) {
			fake_now.at = round % 2 ? count - 1 - i : i;
			if (fake_now.ended[fake_now.at])
				continue;
			fake_place(fake_now.at);
			swapcontext(&fake_now.scheduler,
				    &fake_now.threads[fake_now.at]);
			left -= fake_now.ended[fake_now.at];
		}
	}
}

template <class F> static void fake_body(const void *thread)
{
	(*(const F *)thread)();
}

template <class F>
static void fake_grid(const uint32_t *grid, const uint32_t *block, F thread)
{
	uint32_t i, count = block[0] * block[1] * block[2];

	gridDim = dim3{grid[0], grid[1], grid[2]};
	blockDim = dim3{block[0], block[1], block[2]};
	fake_now.threads.resize(count);
	fake_now.stacks.resize(count * FAKE_STACK);
	fake_now.ended.resize(count);
	fake_now.body = fake_body<F>;
	fake_now.thread = &thread;
	for (i = 0; i < grid[0] * grid[1] * grid[2]; i++) {
		blockIdx = dim3{i % grid[0], i / grid[0] % grid[1],
				i / grid[0] / grid[1]};
		fake_block_in_rounds(count);
	}
}

#endif

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
