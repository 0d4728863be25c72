/*
 * drivers/display/kms/buffers_nvbuf.c: buffers=nvbuf: memory of L4T's
 * libnvbufsurface, which display and CUDA both import.
 *
 * NvBufSurfaceCreate (pitch layout, surface array) gives a dma-buf. For the
 * screen: PRIME_FD_TO_HANDLE, AddFB2. For CUDA: NvBufSurfaceMapEglImage,
 * cuGraphicsEGLRegisterImage, and of the mapped EGL frame, which must be rows
 * of the same pitch, the address. For the CPU, which reads it back in the
 * trial: NvBufSurfaceMap.
 *
 * Where it should work: on Jetsons with nvidia-drm, Orin with JetPack 5 and 6;
 * users and NVIDIA's samples go this way, with flags of 0. The header names a
 * surface array "valid only for Jetson".
 *
 * Run: against a fake of the library, over the fake device
 * (tests/drivers/test_kms_nvbuf). Not run: with the library, on any Jetson.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <xf86drm.h>

#include "drivers/display/kms/buffer.h"
#include "drivers/display/kms/node.h"
#include "drivers/display/kms/nvbuf.h"

#define PITCH_ALIGN 256u /* bytes: nvidia-drm scans out no other */

#define nvbuf_say(maker, ...)                                                  \
	(snprintf((maker)->line, sizeof((maker)->line), __VA_ARGS__), false)

static bool nvbuf_create(struct nvbuf_surface **surface,
			 const struct kms_buffer *buffer,
			 struct kms_maker *maker)
{
	const struct nvbuf_entries *nvbuf =
		nvbuf_library(maker->line, sizeof(maker->line));
	struct nvbuf_wanted wanted = {.width = buffer->width,
				      .height = buffer->height,
				      .format = NVBUF_BGRA,
				      .layout = NVBUF_PITCH,
				      .memory = NVBUF_SURFACE_ARRAY};

	if (!nvbuf)
		return false;
	maker->library = nvbuf;
	*surface = NULL;
	if (nvbuf->create(surface, 1, &wanted) || !*surface)
		return nvbuf_say(maker, "NvBufSurfaceCreate fails");
	return true;
}

/* What was filled in is what was asked for, at the places that this program
 * knows. */
static bool nvbuf_check(const struct nvbuf_surface *surface,
			const struct kms_buffer *buffer,
			struct kms_maker *maker)
{
	const struct nvbuf_params *params = surface->list;

	if (surface->batch != 1 || surface->memory != NVBUF_SURFACE_ARRAY ||
	    !params || params->width != buffer->width ||
	    params->height != buffer->height || params->format != NVBUF_BGRA ||
	    params->layout != NVBUF_PITCH || params->planes.count != 1 ||
	    params->planes.pitch[0] != params->pitch ||
	    params->pitch / sizeof(uint32_t) < params->width ||
	    params->bytes / params->pitch < params->height)
		return nvbuf_say(maker,
				 "what NvBufSurfaceCreate fills in is not what "
				 "was asked for: libnvbufsurface is of another "
				 "release");
	if (params->pitch % PITCH_ALIGN)
		return nvbuf_say(
			maker,
			"rows of %u bytes: the display takes multiples of %u",
			params->pitch, PITCH_ALIGN);
	return true;
}

/* The dma-buf's GEM handle, which the caller gives back. */
static bool nvbuf_import(struct nvbuf_surface *surface, int fd,
			 uint32_t *handle, struct kms_maker *maker)
{
	struct drm_prime_handle prime = {.fd = (int)surface->list->file};
	int error = kms_node_ioctl(fd, DRM_IOCTL_PRIME_FD_TO_HANDLE, &prime);

	if (error)
		return nvbuf_say(maker,
				 "the display's driver does not take its "
				 "dma-buf (PRIME_FD_TO_HANDLE: %s)",
				 strerror(-error));
	*handle = prime.handle;
	return true;
}

/* Black, for the CPU and for the device. */
static bool nvbuf_map(struct nvbuf_surface *surface, struct kms_buffer *buffer,
		      struct kms_maker *maker)
{
	const struct nvbuf_entries *nvbuf = maker->library;

	if (nvbuf->map(surface, 0, 0, NVBUF_READ_WRITE) ||
	    !surface->list->mapped.plane[0])
		return nvbuf_say(maker, "NvBufSurfaceMap fails");
	buffer->base = surface->list->mapped.plane[0];
	memset(buffer->base, 0, buffer->bytes);
	if (nvbuf->for_device(surface, 0, 0))
		return nvbuf_say(maker, "NvBufSurfaceSyncForDevice fails");
	return true;
}

static bool nvbuf_map_device(struct nvbuf_surface *surface,
			     struct kms_buffer *buffer, struct kms_maker *maker)
{
	const struct display_memory *memory = maker->memory;
	const struct nvbuf_entries *nvbuf = maker->library;
	const struct image image = {.pitch = buffer->pitch,
				    .width = buffer->width,
				    .height = buffer->height};

	if (nvbuf->map_image(surface, 0) || !surface->list->mapped.egl_image)
		return nvbuf_say(maker, "NvBufSurfaceMapEglImage fails");
	return memory->map->egl_image(memory->context,
				      surface->list->mapped.egl_image, &image,
				      &buffer->device, maker->line);
}

static bool make_nvbuf(struct kms_buffer *buffer, struct kms_maker *maker,
		       int fd, uint32_t *handle)
{
	struct nvbuf_surface *surface;

	if (!nvbuf_create(&surface, buffer, maker))
		return false;
	buffer->own = surface;
	if (!nvbuf_check(surface, buffer, maker))
		return false;
	buffer->pitch = surface->list->pitch;
	buffer->bytes = buffer->pitch * buffer->height;
	return nvbuf_import(surface, fd, handle, maker) &&
	       nvbuf_map(surface, buffer, maker) &&
	       nvbuf_map_device(surface, buffer, maker);
}

static void end_nvbuf(struct kms_buffer *buffer, struct kms_maker *maker)
{
	const struct nvbuf_entries *nvbuf = maker->library;
	struct nvbuf_surface *surface = buffer->own;

	/* where it is of another release nothing in it can be relied on */
	if (surface->list && buffer->pitch && surface->list->mapped.egl_image)
		nvbuf->unmap_image(surface, 0);
	if (buffer->base)
		nvbuf->unmap(surface, 0, 0);
	nvbuf->destroy(surface);
}

static bool sync_nvbuf(struct kms_buffer *buffer, struct kms_maker *maker)
{
	const struct nvbuf_entries *nvbuf = maker->library;

	if (nvbuf->for_cpu(buffer->own, 0, 0))
		return nvbuf_say(maker, "NvBufSurfaceSyncForCpu fails");
	return true;
}

static bool probe_nvbuf(char *line, size_t line_bytes)
{
	return nvbuf_library(line, line_bytes) != NULL;
}

const struct kms_provider kms_provider_nvbuf = {
	.name = "nvbuf",
	.is_device = true,
	.probe = probe_nvbuf,
	.make = make_nvbuf,
	.end = end_nvbuf,
	.sync = sync_nvbuf,
};
