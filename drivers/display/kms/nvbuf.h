/*
 * drivers/display/kms/nvbuf.h: libnvbufsurface.so.1.0.0, if it is there, and the
 * part of its interface that is used.
 *
 * It belongs to L4T. Declared here rather than included, so that every machine
 * builds the same program; nothing links against it. Names, numbers and
 * layouts: nvbufsurface.h of the Jetson Multimedia API, as JetPack 5 and 6 have
 * it (copyright line 2019-2023). The library tells no version: what a call
 * fills in is looked at before it is used (buffers_nvbuf.c).
 */
#ifndef DRIVERS_DISPLAY_KMS_NVBUF_H
#define DRIVERS_DISPLAY_KMS_NVBUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NVBUF_PLANES   4
#define NVBUF_RESERVED 4

enum {
	NVBUF_BGRA = 20,	 /* NVBUF_COLOR_FORMAT_BGRA: XRGB8888's bytes */
	NVBUF_PITCH = 0,	 /* NVBUF_LAYOUT_PITCH */
	NVBUF_SURFACE_ARRAY = 4, /* NVBUF_MEM_SURFACE_ARRAY */
	NVBUF_READ_WRITE = 2,	 /* NVBUF_MAP_READ_WRITE */
};

/* NvBufSurfaceCreateParams */
struct nvbuf_wanted {
	uint32_t gpu, width, height;
	uint32_t bytes; /* 0: by width, height and format */
	bool contiguous;
	int format, layout, memory;
};

/* NvBufSurfacePlaneParams, arrays by plane */
struct nvbuf_planes {
	uint32_t count;
	uint32_t width[NVBUF_PLANES], height[NVBUF_PLANES];
	uint32_t pitch[NVBUF_PLANES], offset[NVBUF_PLANES];
	uint32_t bytes[NVBUF_PLANES], pixel_bytes[NVBUF_PLANES];
	void *reserved[NVBUF_RESERVED * NVBUF_PLANES];
};

/* NvBufSurfaceParams: one buffer */
struct nvbuf_params {
	uint32_t width, height, pitch;
	int format, layout;
	uint64_t file; /* of its dma-buf */
	uint32_t bytes;
	void *unused; /* of other kinds of memory */
	struct nvbuf_planes planes;
	struct {
		void *plane[NVBUF_PLANES]; /* the CPU's mappings */
		void *egl_image;
		void *reserved[NVBUF_RESERVED];
	} mapped; /* NvBufSurfaceMappedAddr */
	void *more;
	void *reserved[NVBUF_RESERVED - 1];
};

/* NvBufSurface: a batch of buffers */
struct nvbuf_surface {
	uint32_t gpu, batch, filled;
	bool contiguous;
	int memory;
	struct nvbuf_params *list;
	void *reserved[NVBUF_RESERVED];
};

/* Each answers 0, or -1. index, plane: 0 of what there is one of. */
#define NVBUF_ENTRIES(ENTRY)                                                   \
	ENTRY(create, "NvBufSurfaceCreate",                                    \
	      (struct nvbuf_surface * *surface, uint32_t batch,                \
	       struct nvbuf_wanted *wanted))                                   \
	ENTRY(destroy, "NvBufSurfaceDestroy", (struct nvbuf_surface * surface)) \
	ENTRY(map, "NvBufSurfaceMap",                                          \
	      (struct nvbuf_surface * surface, int index, int plane, int how)) \
	ENTRY(unmap, "NvBufSurfaceUnMap",                                      \
	      (struct nvbuf_surface * surface, int index, int plane))          \
	ENTRY(for_cpu, "NvBufSurfaceSyncForCpu",                               \
	      (struct nvbuf_surface * surface, int index, int plane))          \
	ENTRY(for_device, "NvBufSurfaceSyncForDevice",                         \
	      (struct nvbuf_surface * surface, int index, int plane))          \
	ENTRY(map_image, "NvBufSurfaceMapEglImage",                            \
	      (struct nvbuf_surface * surface, int index))                     \
	ENTRY(unmap_image, "NvBufSurfaceUnMapEglImage",                        \
	      (struct nvbuf_surface * surface, int index))

#define NVBUF_ENTRY_FIELD(name, symbol, arguments) int(*name) arguments;
struct nvbuf_entries {
	NVBUF_ENTRIES(NVBUF_ENTRY_FIELD)
};

/* Loads it, once; it stays loaded. NULL: `line` says why not. */
const struct nvbuf_entries *nvbuf_library(char *line, size_t line_bytes);

#endif
