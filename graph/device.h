/*
 * graph/device.h: the half of the generated tables that a GPU runs.
 *
 * graphc describes each kernel launch and each copy as a row; drivers/cuda
 * walks the rows once, before the first tick, to build what it launches. The
 * kernels themselves are in NAME.cu, by the names that stand here.
 *
 * A kernel has one argument, its block: bytes that the backend makes anew for
 * each launch on the host, with everything that changes from tick to tick.
 *
 *   offset 0   uint64_t: address of the device pool
 *   offset 16  struct graph_device_image for each of the kernel's sinks
 *   then       copies of parameters and uniforms out of the host pool
 *
 * A block of at most GRAPH_BLOCK_VALUE_MAX bytes is passed by value. A larger
 * one is copied to the device by the launched graph, and the argument is its
 * address.
 */
#ifndef GRAPH_DEVICE_H
#define GRAPH_DEVICE_H

#include <stdint.h>

/* All of a kernel's parameters together, before CUDA 12.1. */
#define GRAPH_BLOCK_VALUE_MAX 4096
#define GRAPH_BLOCK_TARGETS   16 /* offset of the first target in a block */
#define GRAPH_BLOCK_ALIGN     16 /* of targets and copies in a block */

/* Where a kernel stores pixels, XRGB8888: the address of the top left one,
 * 16-byte aligned, and the bytes from one row to the next, a multiple of 16. */
struct graph_device_image {
	uint64_t base, pitch;
};

/*
 * The picture by which a display's memory is tried: each pixel has another
 * value, so that one that is missing, moved, mirrored or in another row is seen.
 */
#define graph_mark_pixel(seed, x, y)                                           \
	((((uint32_t)(y) << 16) ^ (uint32_t)(x) ^ (seed)) * 2654435761u)

/* What the kernel graph_mark is asked. */
struct graph_device_mark {
	struct graph_device_image image;
	uint32_t width, height; /* pixels */
	uint32_t seed;
	uint32_t black; /* zeroes instead */
};

/* Bytes that every tick takes from the host pool into a block. */
struct graph_block_copy {
	uint32_t pool_offset, block_offset, bytes;
};

/* One kernel launch. */
struct graph_kernel {
	const char *symbol; /* extern "C" name in NAME.cu */
	uint32_t blocks_x, blocks_y, threads_x, threads_y;
	uint32_t block_bytes; /* of its argument, a multiple of 16 */
	uint32_t sink_count, copy_count;
	const uint32_t *sinks; /* sink indices; NULL: none */
	const struct graph_block_copy *copies; /* NULL: none */
};

/* One copy between the pools: pinned host memory and the device's. */
struct graph_transfer {
	uint64_t pinned_offset, device_offset, bytes;
};

/* One source's frame into the device pool, plane by plane. Where it is on the
 * host changes from tick to tick: struct graph_work says. */
struct graph_upload {
	uint32_t source, plane_count;
	struct {
		uint64_t device_offset;
		uint32_t pitch;		  /* bytes, on the device */
		uint32_t row_bytes, rows; /* what is copied */
	} plane[3];
};

#endif
