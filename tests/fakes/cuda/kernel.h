/*
 * tests/fakes/cuda/kernel.h: kernels that the fake libcuda can run: the
 * contract between it and a shared object of host implementations.
 *
 * For every kernel SYMBOL the object exports a `const struct fake_kernel
 * fake_kernel_SYMBOL`. FAKE_CUDA_KERNELS names the object, or the module's image
 * does, if that is "FAKE" and a path. host_grid.h makes one out of
 * CUDA source. Compiles as C and as C++.
 */
#ifndef TESTS_FAKES_CUDA_KERNEL_H
#define TESTS_FAKES_CUDA_KERNEL_H

#include <stdint.h>

#define FAKE_KERNEL_PARAMS_MAX 4
#define FAKE_KERNEL_BYTES_MAX  4096 /* of all parameters, as CUDA before 12.1 */

struct fake_kernel {
	uint32_t param_count;
	uint32_t param_bytes[FAKE_KERNEL_PARAMS_MAX];
	/* Runs the whole grid; params[i] points to parameter i. */
	void (*run)(void *const *params, const uint32_t grid[3],
		    const uint32_t block[3]);
};

#endif
