/*
 * tests/fakes/egl/card.c: see card.h. The calls are kms's own (node.h) and
 * libdrm's.
 */
#include "tests/fakes/egl/card.h"

#include <errno.h>
#include <drm_fourcc.h>
#include <string.h>
#include <xf86drm.h>
#include <xf86drmMode.h>

#include "drivers/display/kms/commit.h"
#include "drivers/display/kms/node.h"

#define BUFFERS 3 /* on view, pending, and the one to come */

struct buffer {
	uint32_t handle, fb, pitch;
	size_t bytes;
	void *base;
};

static struct buffer buffers[BUFFERS];
static uint32_t next;  /* buffer */
static uint32_t plane; /* that shows them */
static uint32_t fb_id; /* its property */

static int create(int fd, const struct fake_picture *picture,
		  struct buffer *buffer)
{
	struct drm_mode_create_dumb dumb = {
		.width = picture->width, .height = picture->height, .bpp = 32};
	struct drm_mode_map_dumb map = {.handle = 0};
	uint32_t offsets[4] = {0}, pitches[4] = {0}, handles[4] = {0};
	int error = kms_node_ioctl(fd, DRM_IOCTL_MODE_CREATE_DUMB, &dumb);

	if (error)
		return error;
	*buffer = (struct buffer){
		.handle = dumb.handle, .pitch = dumb.pitch, .bytes = dumb.size};
	map.handle = handles[0] = dumb.handle;
	pitches[0] = dumb.pitch;
	error = kms_node_ioctl(fd, DRM_IOCTL_MODE_MAP_DUMB, &map);
	if (!error)
		error = kms_node_map(fd, map.offset, buffer->bytes,
				     &buffer->base);
	if (!error)
		error = drmModeAddFB2(fd, picture->width, picture->height,
				      DRM_FORMAT_XRGB8888, handles, pitches,
				      offsets, &buffer->fb, 0);
	return error;
}

static void destroy(int fd, struct buffer *buffer)
{
	struct drm_mode_destroy_dumb dumb = {.handle = buffer->handle};

	if (buffer->fb)
		drmModeRmFB(fd, buffer->fb);
	if (buffer->base)
		kms_node_unmap(buffer->base, buffer->bytes);
	if (buffer->handle)
		kms_node_ioctl(fd, DRM_IOCTL_MODE_DESTROY_DUMB, &dumb);
	*buffer = (struct buffer){.handle = 0};
}

/* The plane that shows the CRTC's picture: the mode is set. */
static uint32_t plane_of(int fd, uint32_t crtc)
{
	drmModePlaneRes *all = drmModeGetPlaneResources(fd);
	uint32_t i, found = 0;

	for (i = 0; all && i < all->count_planes && !found; i++) {
		drmModePlane *each = drmModeGetPlane(fd, all->planes[i]);

		if (each && each->crtc_id == crtc)
			found = each->plane_id;
		drmModeFreePlane(each);
	}
	drmModeFreePlaneResources(all);
	return found;
}

static uint32_t property_of(int fd, uint32_t object, const char *name)
{
	drmModeObjectProperties *all =
		drmModeObjectGetProperties(fd, object, DRM_MODE_OBJECT_PLANE);
	uint32_t i, found = 0;

	for (i = 0; all && i < all->count_props && !found; i++) {
		drmModePropertyRes *each =
			drmModeGetProperty(fd, all->props[i]);

		if (each && !strcmp(each->name, name))
			found = each->prop_id;
		drmModeFreeProperty(each);
	}
	drmModeFreeObjectProperties(all);
	return found;
}

static void card_leave(int fd)
{
	uint32_t i;

	for (i = 0; i < BUFFERS; i++)
		destroy(fd, &buffers[i]);
	next = plane = fb_id = 0;
}

static int prepare(const struct fake_layer *layer,
		   const struct fake_picture *picture)
{
	uint32_t i;
	int error = 0;

	if (plane)
		return 0;
	for (i = 0; i < BUFFERS && !error; i++)
		error = create(layer->fd, picture, &buffers[i]);
	plane = layer->is_plane ? layer->object
				: plane_of(layer->fd, layer->object);
	if (!error && plane)
		fb_id = property_of(layer->fd, plane, "FB_ID");
	if (!error && !fb_id)
		error = -ENOENT;
	if (error)
		card_leave(layer->fd);
	return error;
}

static int card_show(const struct fake_layer *layer,
		     const struct fake_picture *picture, bool has_event,
		     uint64_t data)
{
	struct kms_request request;
	struct buffer *buffer = &buffers[next];
	uint32_t y;
	int error = prepare(layer, picture);

	if (error)
		return error;
	for (y = 0; y < picture->height; y++)
		memcpy((unsigned char *)buffer->base + y * buffer->pitch,
		       picture->pixels + (size_t)y * picture->width * 4,
		       (size_t)picture->width * 4);
	kms_request_init(&request);
	kms_request_object(&request, plane);
	kms_request_add(&request, fb_id, buffer->fb);
	error = kms_commit(&request, layer->fd,
			   DRM_MODE_ATOMIC_NONBLOCK |
				   (has_event ? DRM_MODE_PAGE_FLIP_EVENT : 0),
			   data);
	if (!error)
		next = (next + 1) % BUFFERS;
	return error;
}

/* The kernel does not say. */
static bool card_is_pending(int fd)
{
	(void)fd;
	return false;
}

const struct fake_card_ops fake_card_ops = {
	.show = card_show,
	.is_pending = card_is_pending,
	.leave = card_leave,
};
