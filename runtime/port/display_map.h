/*
 * runtime/port/display_map.h: memory of a display's own, made the device's too:
 * what a display whose screen is memory asks of the backend, so that a device
 * draws where the screen reads. Beside memory (struct display_memory).
 *
 * Any thread but the tick thread, one at a time for each display; the main
 * thread's calls end in bounded time, those of others when the device's library
 * answers.
 * Filled in by drivers/cuda/map.c. Used by drivers/display/kms.
 */
#ifndef RUNTIME_PORT_DISPLAY_MAP_H
#define RUNTIME_PORT_DISPLAY_MAP_H

#include "graph/device.h"
#include "kernel/node.h"

#define DISPLAY_MAP_LINE_MAX 192

/* One piece of memory as the device has it; zeroed: none. */
struct display_mapping {
	uint64_t address; /* the device's */
	enum {
		DISPLAY_MAPPING_NONE,
		DISPLAY_MAPPING_HOST,	 /* ordinary memory, registered */
		DISPLAY_MAPPING_DMA_BUF, /* imported */
		DISPLAY_MAPPING_IMAGE,	 /* an EGLImage, registered */
	} kind;
	void *held; /* the backend's, as the rest is */
	int fd;
	uint64_t file; /* which one fd was: its inode */
};

struct display_map {
	/* Of the device: its memory is the CPU's. */
	bool is_integrated;

	/*
	 * False: refused, with the reason in `line` (DISPLAY_MAP_LINE_MAX), and
	 * nothing is left behind.
	 *   host     pages that the caller has mapped for the CPU, which stay so
	 *            until unmap
	 *   dma_buf  a dma-buf's file, which is the backend's from then on; where
	 *            it is refused it is closed
	 *   egl_image  an EGLImage, the caller's until after unmap, whose pixels
	 *            must lie as in `wanted`: width, height and pitch
	 */
	bool (*host)(void *context, void *base, size_t bytes,
		     struct display_mapping *mapping, char *line);
	bool (*dma_buf)(void *context, int fd, size_t bytes,
			struct display_mapping *mapping, char *line);
	bool (*egl_image)(void *context, void *egl_image,
			  const struct image *wanted,
			  struct display_mapping *mapping, char *line);

	/* Nothing of the device may write there any more: see idle. Accepts a
	 * zeroed one. */
	void (*unmap)(void *context, struct display_mapping *mapping);

	/*
	 * Draws graph_mark_pixel (graph/device.h) into all pixels of `image`,
	 * whose base is an address of the device's, 16-byte aligned; black:
	 * zeroes instead. Returns when they are drawn. As host, on a refusal.
	 */
	bool (*mark)(void *context, const struct image *image, uint32_t seed,
		     bool black, char *line);

	/*
	 * Waits until all that was launched before is done. False: it is not,
	 * after limit_ms, or the device is lost: the memory is to be left as it
	 * is.
	 */
	bool (*idle)(void *context, int limit_ms);

	/* The display is left in the middle of a call, with what it has mapped:
	 * the device's library is not ended any more. */
	void (*leave)(void *context);
};

#endif
