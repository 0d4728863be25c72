/* tests/kernel/blur_block.h: the argument of the kernel in blur_tile.cu. */
#ifndef TESTS_KERNEL_BLUR_BLOCK_H
#define TESTS_KERNEL_BLUR_BLOCK_H

#include "kernel/blur.h"

struct blur_block {
	struct blur_params params;
	struct image in, out;
};

#endif
