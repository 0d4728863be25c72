/*
 * kernel/node.h: what every node type may know.
 *
 * Included by each kernel/foo.h and by the generated code; compiles as C and
 * as CUDA. Nothing under kernel/ does I/O, allocates, locks or calls the
 * operating system. docs/writing-a-node.md shows a whole node in two files.
 *
 * A node type `foo` is kernel/foo.yaml (its binding) and kernel/foo.h with
 *
 *   struct foo_params    from the graph; fields in the binding's order
 *   struct foo_uniform   what one tick's pixels need; at most the binding's
 *                        `uniform:` bytes (a trailing array may fill them)
 *   foo_tick()           host, once a tick: params, tick -> uniform
 *   foo_pixel()          kind pixel, sample: the definition of the picture
 *   foo_span()           the same, optional (`span: true`): the fast form
 *   foo_rows()           a generator (no inputs), optional (`rows: true`): whole
 *                        rows at once
 *   foo_run()            kind pixel, sample, optional (`run: true`): the
 *                        pixels that one thread of a GPU draws, at once
 *   foo_touches()        kind pixel, optional (`touches: true`): which pixels a
 *                        GPU need not compute
 *   foo_frame()          kind frame: whole images on the CPU
 *   foo_band()           kind frame, optional (`bands: true`): some rows, so
 *                        that several threads draw one image
 *
 * and of kind frame, optional (`cuda: {tile: ..., threads: ...}`), kernel/foo.cu
 * with
 *
 *   foo_tile()           a thread block draws one tile of the image on a GPU
 *
 *   NODE_HOST  void     foo_tick(const struct foo_params *params,
 *                                const struct tick *tick, void *state,
 *                                struct foo_uniform *uniform);
 *   NODE_PIXEL uint32_t foo_pixel(const struct foo_uniform *uniform,
 *                                 int32_t x, int32_t y, uint32_t in...);
 *   NODE_PIXEL bool     foo_touches(const struct foo_uniform *uniform,
 *                                   int32_t x, int32_t y);
 *   NODE_PIXEL void     foo_run(const struct foo_uniform *uniform, int32_t x,
 *                               int32_t y, const uint32_t in[NODE_RUN]...,
 *                               uint32_t out[NODE_RUN]);
 *   NODE_HOST  void     foo_span(const struct foo_uniform *uniform, int32_t y,
 *                                int32_t x0, int32_t x1,
 *                                const uint32_t *const in[], uint32_t *out);
 *   NODE_HOST  void     foo_rows(const struct foo_uniform *uniform, int32_t y0,
 *                                int32_t y1, const struct image *out);
 *   NODE_HOST  void     foo_frame(const struct foo_params *params,
 *                                 const struct foo_uniform *uniform,
 *                                 void *state, const struct image *in,
 *                                 const struct image *out, void *scratch);
 *
 *   NODE_HOST  void     foo_band(const struct foo_params *params,
 *                                const struct foo_uniform *uniform,
 *                                const struct image *in,
 *                                const struct image *out, int32_t y0,
 *                                int32_t y1, void *scratch);
 *
 *   NODE_DEVICE void     foo_tile(const struct foo_params *params,
 *                                 const struct foo_uniform *uniform,
 *                                 const struct image *in,
 *                                 const struct image *out, int32_t x0,
 *                                 int32_t y0);
 *
 * foo_pixel takes one uint32_t per input port, in the binding's order, and
 * uses integer arithmetic only, so that CPU and GPU agree bit for bit. Kind sample
 * is kind pixel but for its inputs, which it may read anywhere (kernel/window.h):
 * foo_pixel takes one `const struct picture *` per input port, and foo_span
 * `struct window *const in[]`. An input is a source as it lies in memory, of any
 * size, or another node's frame; NULL and of size 0 if it is optional and nothing
 * feeds it.
 * foo_run draws the NODE_RUN pixels from (x, y) on, x a multiple of that, each as
 * foo_pixel defines it; what lies beyond the frame's right edge is not looked at.
 * It takes those of each input, of kind sample the pictures; out is none of them.
 * Where there is a foo_touches, it is asked first.
 * foo_touches is about the NODE_RUN pixels from (x, y) on, x a multiple of that.
 * If it says false, a filter's pixels there are those of its first input, and a
 * generator's are all like the first. It may say true for too many, and must be
 * much cheaper than foo_pixel: a few comparisons.
 * foo_span's in[i][0] and out[0] are the pixel (x0, y); out may be in[0] and
 * never overlaps another input. foo_rows draws rows y0 up to y1 of the image,
 * at their places in it. foo_frame writes every pixel of out once and never
 * reads it (a slot may be slow to read); in and out do not overlap. foo_band
 * writes rows y0 up to y1 of out, y0 a multiple of 16, as foo_frame does, and
 * nothing else but its scratch, which is its thread's: other threads draw other
 * rows at the same time. Where it exists foo_frame is not called. foo_tile is
 * called by all threads of a block and draws the tile whose top left pixel is
 * (x0, y0), as far as it lies in the image, the same pixels as foo_frame; it
 * may have static __shared__ memory and sees nothing of other blocks. `state` is
 * NULL unless the binding declares `state:` bytes; it starts zeroed, belongs to
 * one node of one graph and is touched by the tick thread only.
 */
#ifndef KERNEL_NODE_H
#define KERNEL_NODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __CUDACC__
/* a call would keep what it is given in local memory */
#define NODE_PIXEL  static __host__ __device__ __forceinline__
#define NODE_DEVICE static __device__ inline
#else
#define NODE_PIXEL static inline __attribute__((unused))
#endif
#define NODE_HOST static inline __attribute__((unused))

#define NODE_RUN 4 /* pixels side by side that one thread of a GPU draws */

/*
 * A pointer to what a pixel looks up by its position, in its uniform. On a GPU
 * the uniform lies in the launch's constant bank, which is quick where all
 * threads read one place, and slow for tables: graph/kernel.cuh has those read
 * through the memory's caches.
 */
#ifndef NODE_TABLE
#define NODE_TABLE(pointer) (pointer)
#endif

/* Loops over a run are unrolled there, so that it stays in registers; one with a
 * body that is large is not. */
#ifdef __CUDACC__
#define NODE_UNROLL _Pragma("unroll")
#define NODE_ROLLED _Pragma("unroll 1")
#else
#define NODE_UNROLL
#define NODE_ROLLED
#endif

/* How the run is going, for nodes that show it. Written by the tick thread
 * before foo_tick, read-only to nodes. With `nominal` every field holds the
 * value of a perfect run, so that the frame is a function of the tick alone. */
struct run {
	double fps;	     /* ticks/s over the last 30 frames; 0: not known */
	double dt_ms;	     /* last start-to-start distance of two ticks */
	uint32_t late;	     /* frames accepted after their deadline */
	uint32_t skipped;    /* ticks never started */
	int64_t wall_ms;     /* the time of day at the tick's start, ms since
				1970-01-01 00:00 UTC */
	bool nominal;	     /* --nominal or --clock free */
	const char *backend; /* "cpu" or "cuda"; "" when nominal */
};

/* The size of a picture, pixels. */
struct node_size {
	uint32_t width, height;
};

/* What a tick reads of one of the graph's sources: the same in every node of it,
 * whatever draws. */
struct tick_source {
	bool shown;	   /* a frame; else a blank picture, or a card */
	uint64_t sequence; /* its number, as the source's driver counts */
	bool stamped;	   /* when it was exposed is known */
	int64_t age_ns; /* then: the tick's start less that; 0 of a future one */
};

/* One tick, as foo_tick sees it. */
struct tick {
	uint64_t number;	     /* n; counts from 0, never restarts */
	double seconds;		     /* n * den / num, from the integers */
	uint32_t rate_num, rate_den; /* ticks per second, exact */
	uint32_t width, height;	     /* frame size of the graph, pixels */
	/* What has code for a device is drawn there: what only foo_span and
	 * foo_rows need may be left out of the uniform. */
	bool device;
	const struct run *run;
	/* By parameter of the node, in the binding's order: the tick of its last
	 * change, which foo_tick of that tick sees first; 0: before the run.
	 * Without parameters there is nothing to read. What moves after a change
	 * is a function of number and of this, never of state. */
	const uint64_t *changed;
	/* By the binding's `counts:`, each from 0 at the first tick: foo_tick adds
	 * to them, the report has them by their names. NULL without any. */
	uint64_t *count;
	const struct node_size *input; /* kind sample: by input; else NULL */
	/* By source, as declared; a parameter of type `source` is 1 + index. */
	const struct tick_source *source;
	uint32_t source_count; /* 0: nothing is known of any */
};

/* One picture in memory: XRGB8888 little endian, X = 0xFF, top row first. */
struct image {
	unsigned char *base; /* of the top left pixel, 16-byte aligned */
	size_t pitch;	     /* bytes from one row to the next */
	uint32_t width, height;
};

NODE_PIXEL uint32_t *image_row(const struct image *image, uint32_t y)
{
	return (uint32_t *)(void *)(image->base + (size_t)y * image->pitch);
}

#endif
