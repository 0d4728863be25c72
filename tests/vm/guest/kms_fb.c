/*
 * kms_fb: the dumb buffers of kms.h and the picture drawn in them.
 */
#include "kms.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include <drm_fourcc.h>

static int map_fb(int fd, struct kms_fb *fb)
{
	struct drm_mode_map_dumb map = {.handle = fb->handle};
	struct drm_mode_fb_cmd2 add = {
		.width = fb->width,
		.height = fb->height,
		.pixel_format = DRM_FORMAT_XRGB8888,
		.handles = {fb->handle},
		.pitches = {fb->pitch_bytes},
	};
	int err = kms_ioctl(fd, DRM_IOCTL_MODE_ADDFB2, &add);

	if (err)
		return err;
	fb->fb_id = add.fb_id;
	err = kms_ioctl(fd, DRM_IOCTL_MODE_MAP_DUMB, &map);
	if (err)
		return err;
	fb->map = mmap(NULL, fb->size_bytes, PROT_READ | PROT_WRITE, MAP_SHARED,
		       fd, (off_t)map.offset);
	if (fb->map == MAP_FAILED) {
		fb->map = NULL;
		return -errno;
	}
	return 0;
}

int kms_fb_create(int fd, struct kms_fb *fb, uint32_t width, uint32_t height)
{
	struct drm_mode_create_dumb create = {
		.width = width,
		.height = height,
		.bpp = 32,
	};
	int err = kms_ioctl(fd, DRM_IOCTL_MODE_CREATE_DUMB, &create);

	memset(fb, 0, sizeof(*fb));
	if (err)
		return err;
	fb->handle = create.handle;
	fb->width = width;
	fb->height = height;
	fb->pitch_bytes = create.pitch;
	fb->size_bytes = create.size;
	err = map_fb(fd, fb);
	if (err)
		kms_fb_destroy(fd, fb);
	return err;
}

void kms_fb_destroy(int fd, struct kms_fb *fb)
{
	struct drm_mode_destroy_dumb destroy = {.handle = fb->handle};

	if (fb->map)
		munmap(fb->map, fb->size_bytes);
	if (fb->fb_id)
		kms_ioctl(fd, DRM_IOCTL_MODE_RMFB, &fb->fb_id);
	if (fb->handle)
		kms_ioctl(fd, DRM_IOCTL_MODE_DESTROY_DUMB, &destroy);
	memset(fb, 0, sizeof(*fb));
}

void kms_draw(struct kms_fb *fb, uint32_t seed)
{
	for (uint32_t y = 0; y < fb->height; y++) {
		uint32_t *row =
			(uint32_t *)(void *)(fb->map +
					     (size_t)y * fb->pitch_bytes);

		for (uint32_t x = 0; x < fb->width; x++) {
			uint32_t v = (x + 1) * 2654435761u ^
				     (y + 1) * 2246822519u ^ seed * 3266489917u;

			row[x] = 0xff000000u | v >> 8;
		}
	}
}

int kms_make_fbs(struct kms *kms, const struct drm_mode_modeinfo *mode)
{
	int err = 0;

	for (int i = 0; !err && i < KMS_FBS; i++) {
		kms_fb_destroy(kms->fd, &kms->fb[i]);
		err = kms_fb_create(kms->fd, &kms->fb[i], mode->hdisplay,
				    mode->vdisplay);
		if (!err)
			kms_draw(&kms->fb[i], (uint32_t)i);
	}
	kms->mode = *mode;
	return err;
}
