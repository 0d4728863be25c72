/*
 * drivers/display/kms/buffer.c: see buffer.h.
 */
#include "drivers/display/kms/buffer.h"

#include <errno.h>
#include <string.h>
#include <xf86drm.h>
#include <xf86drmMode.h>

#include "drivers/display/kms/node.h"
#include "drivers/display/kms/settings.h"

#define PITCH_ALIGN 256 /* bytes: nvidia-drm scans out no other */
#define IDLE_MS	    1000

static uint32_t buffer_align(uint32_t value, uint32_t align)
{
	return (value + align - 1) / align * align;
}

static int add_fb(struct kms_buffer *buffer, int fd, uint32_t handle,
		  enum graph_format format)
{
	const uint32_t handles[4] = {handle};
	const uint32_t pitches[4] = {(uint32_t)buffer->pitch};
	const uint32_t offsets[4] = {0};

	/* libdrm returns -errno here */
	return drmModeAddFB2(fd, buffer->width, buffer->height,
			     graph_format_fourcc(format), handles, pitches,
			     offsets, &buffer->fb, 0);
}

static int map(struct kms_buffer *buffer, int fd, uint32_t handle)
{
	struct drm_mode_map_dumb request = {.handle = handle};
	void *base;
	int error = kms_node_ioctl(fd, DRM_IOCTL_MODE_MAP_DUMB, &request);

	if (!error)
		error = kms_node_map(fd, request.offset, buffer->bytes, &base);
	if (error)
		return error;
	buffer->base = base;
	memset(buffer->base, 0, buffer->bytes);
	return 0;
}

static void give_handle_back(int fd, uint32_t handle)
{
	struct drm_mode_destroy_dumb destroy = {.handle = handle};

	kms_node_ioctl(fd, DRM_IOCTL_MODE_DESTROY_DUMB, &destroy);
}

static int attach(struct kms_buffer *buffer, struct kms_maker *maker, int fd,
		  uint32_t handle)
{
	if (!maker || !maker->provider->attach)
		return 0;
	maker->line[0] = '\0';
	return maker->provider->attach(buffer, maker, fd, handle) ? 0
								  : -ENOTSUP;
}

static int create_dumb(struct kms_buffer *buffer, struct kms_maker *maker,
		       int fd, enum graph_format format)
{
	uint32_t pixel_bytes = graph_plane_row_bytes(format, 0, 1);
	struct drm_mode_create_dumb create = {
		.width = buffer_align(buffer->width, PITCH_ALIGN / pixel_bytes),
		.height = buffer->height,
		.bpp = pixel_bytes * 8,
	};
	int error = kms_node_ioctl(fd, DRM_IOCTL_MODE_CREATE_DUMB, &create);

	if (error)
		return error;
	buffer->pitch = create.pitch;
	buffer->bytes = create.size;
	error = map(buffer, fd, create.handle);
	if (!error)
		error = add_fb(buffer, fd, create.handle, format);
	if (!error)
		error = attach(buffer, maker, fd, create.handle);
	give_handle_back(fd, create.handle);
	return error;
}

static int create_own(struct kms_buffer *buffer, struct kms_maker *maker,
		      int fd, enum graph_format format)
{
	struct drm_gem_close close = {.handle = 0};
	int error = 0;

	maker->line[0] = '\0';
	if (!maker->provider->make(buffer, maker, fd, &close.handle))
		error = -ENOTSUP;
	if (!error)
		error = add_fb(buffer, fd, close.handle, format);
	if (close.handle)
		kms_node_ioctl(fd, DRM_IOCTL_GEM_CLOSE, &close);
	return error;
}

int kms_buffer_create(struct kms_buffer *buffer, struct kms_maker *maker,
		      int fd, uint32_t width, uint32_t height,
		      enum graph_format format)
{
	int error;

	*buffer = (struct kms_buffer){.width = width, .height = height};
	if (maker && maker->provider->make)
		error = create_own(buffer, maker, fd, format);
	else
		error = create_dumb(buffer, maker, fd, format);
	if (error)
		kms_buffer_destroy(buffer, maker, fd);
	return error;
}

/* False: a device may still write there. */
static bool detach(struct kms_buffer *buffer, struct kms_maker *maker)
{
	const struct display_memory *memory;

	if (!buffer->device.address)
		return true;
	memory = maker->memory;
	if (!maker->is_busy)
		maker->is_busy = !memory->map->idle(memory->context, IDLE_MS);
	if (maker->is_busy)
		return false;
	memory->map->unmap(memory->context, &buffer->device);
	return true;
}

void kms_buffer_leave(struct kms_buffer *buffer, struct kms_maker *maker)
{
	bool is_free = detach(buffer, maker);

	if (is_free && buffer->own)
		maker->provider->end(buffer, maker);
	else if (is_free && buffer->base)
		kms_node_unmap(buffer->base, buffer->bytes);
	*buffer = (struct kms_buffer){.fb = 0};
}

void kms_buffer_destroy(struct kms_buffer *buffer, struct kms_maker *maker,
			int fd)
{
	if (buffer->fb)
		drmModeRmFB(fd, buffer->fb);
	kms_buffer_leave(buffer, maker);
}
