/*
 * graph/kernel.cuh: what the generated kernels (NAME.cu) are made of.
 *
 * CUDA C++ for nvcc 11.4 and later. graph/device.h says what a kernel's block
 * holds and who makes it; here is how a thread finds its pixels in it. A thread
 * draws a run of 4 pixels side by side, x a multiple of 4, so that it loads and
 * stores 16 bytes at a time.
 *
 * Read next: build/host/demo/demo.cu.
 */
#ifndef GRAPH_KERNEL_CUH
#define GRAPH_KERNEL_CUH

/* A block passed by value stays in the launch's constant bank, also where its
 * address is taken; before CUDA 11.7 the compiler may copy it to the stack. */
#if defined(GRAPH_IN_PLACE)
/* given on the command line, by a test */
#elif __CUDACC_VER_MAJOR__ * 100 + __CUDACC_VER_MINOR__ >= 1107
#define GRAPH_IN_PLACE __grid_constant__
#define GRAPH_HAS_PLACE /* and so an address in memory */
#else
#define GRAPH_IN_PLACE
#endif

/*
 * kernel/node.h's NODE_TABLE: the same place, read through the memory's caches.
 * Tables in the constant bank cost the 1080p demo 1.0 us of 4.7 (H100). The
 * compiler goes through the bank whenever it sees where an address comes from.
 */
#if defined(GRAPH_HAS_PLACE) && defined(__CUDA_ARCH__)
template <class T> static __device__ __forceinline__ const T *
graph_table(const T *place)
{
	asm("mov.u64 %0, %0;" : "+l"(place));
	return place;
}
#define NODE_TABLE(pointer) graph_table(pointer)
#endif

#include "graph/device.h"
#include "kernel/chroma.h"
#include "kernel/node.h"

/* For each pixel of a run; unrolled, so that a run stays in registers. */
#define GRAPH_EACH_PIXEL(i) \
	_Pragma("unroll") for (int32_t i = 0; i < NODE_RUN; i++)

template <uint32_t BYTES> struct __align__(GRAPH_BLOCK_ALIGN) graph_block {
	unsigned char bytes[BYTES];
};

struct graph_run {
	uint32_t pixel[NODE_RUN];
};

/* A run of one colour. */
static __device__ __forceinline__ struct graph_run graph_repeat(uint32_t pixel)
{
	const struct graph_run run = {{pixel, pixel, pixel, pixel}};

	return run;
}

/* In a run that the right edge cuts, what lies beyond is drawn as the last
 * pixel: a node's tables by column end there. */
static __device__ __forceinline__ int32_t graph_inside(int32_t x, int32_t width)
{
	return x < width ? x : width - 1;
}

/* The first pixel of this thread's run. */
static __device__ __forceinline__ int32_t graph_run_x(void)
{
	return NODE_RUN * (int32_t)(blockIdx.x * blockDim.x + threadIdx.x);
}

/*
 * The frame's last eighth comes first: blocks start in this order, and text,
 * whose threads take longest, is often along an edge; when the last blocks
 * start, nothing is left to hide them behind.
 */
static __device__ __forceinline__ int32_t graph_run_y(void)
{
	uint32_t row = blockIdx.y + gridDim.y - gridDim.y / 8;

	if (row >= gridDim.y)
		row -= gridDim.y;
	return (int32_t)(row * blockDim.y + threadIdx.y);
}

static __device__ __forceinline__ unsigned char *
graph_pool(const unsigned char *block)
{
	return (unsigned char *)*(const uint64_t *)block;
}

/* A frame buffer in the device pool, or a sink of the block's, as an image. */
static __device__ __forceinline__ struct image
graph_image_at(unsigned char *base, size_t pitch, uint32_t width,
	       uint32_t height)
{
	struct image image;

	image.base = base;
	image.pitch = pitch;
	image.width = width;
	image.height = height;
	return image;
}

static __device__ __forceinline__ struct image
graph_sink(const unsigned char *block, uint32_t sink, uint32_t width,
	   uint32_t height)
{
	const struct graph_device_image *target =
		(const struct graph_device_image *)(block +
						    GRAPH_BLOCK_TARGETS) +
		sink;

	return graph_image_at((unsigned char *)target->base, target->pitch,
			      width, height);
}

/* Rows of frame buffers are padded: a run may be read beyond the last pixel. */
static __device__ __forceinline__ struct graph_run
graph_load(const struct image &from, int32_t x, int32_t y)
{
	const uint4 four =
		*(const uint4 *)(from.base + (size_t)y * from.pitch + 4 * x);
	const struct graph_run run = {{four.x, four.y, four.z, four.w}};

	return run;
}

/* A source's picture, whose rows are padded too. */
static __device__ __forceinline__ struct graph_run
graph_load_source(const struct picture &from, int32_t x, int32_t y)
{
	struct graph_run run;

	GRAPH_EACH_PIXEL(i)
		run.pixel[i] = picture_load(&from, x + i, y);
	return run;
}

/* `width`, a constant, decides at compile time whether there are runs that are
 * not whole. */
static __device__ __forceinline__ void
graph_store(const struct image &to, int32_t width, int32_t x, int32_t y,
	    const struct graph_run &run)
{
	unsigned char *at = to.base + (size_t)y * to.pitch + 4 * x;

	if (width % NODE_RUN == 0 || x + NODE_RUN <= width) {
		*(uint4 *)at = make_uint4(run.pixel[0], run.pixel[1],
					  run.pixel[2], run.pixel[3]);
		return;
	}
	((uint32_t *)at)[0] = run.pixel[0];
	if (x + 1 < width)
		((uint32_t *)at)[1] = run.pixel[1];
	if (x + 2 < width)
		((uint32_t *)at)[2] = run.pixel[2];
}

/*
 * The last kernel of each launched graph, one thread: counts in device memory
 * and shows the host the count, after everything that was stored before.
 */
extern "C" __global__ void graph_done(uint32_t *counter,
				      volatile uint32_t *flag)
{
	uint32_t count = *counter + 1;

	*counter = count;
	__threadfence_system();
	*flag = count;
}

/* One thread a pixel. */
extern "C" __global__ void graph_mark(const struct graph_device_mark mark)
{
	uint32_t x = blockIdx.x * blockDim.x + threadIdx.x;
	uint32_t y = blockIdx.y * blockDim.y + threadIdx.y;
	unsigned char *at = (unsigned char *)(uintptr_t)(
		mark.image.base + y * mark.image.pitch + x * sizeof(uint32_t));

	if (x >= mark.width || y >= mark.height)
		return;
	*(uint32_t *)at = mark.black ? 0 : graph_mark_pixel(mark.seed, x, y);
	__threadfence_system();
}

#endif
