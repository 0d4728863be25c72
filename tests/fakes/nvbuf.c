/*
 * tests/fakes/nvbuf.c: see nvbuf.h.
 */
#include "tests/fakes/nvbuf.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xf86drm.h>

#include "drivers/display/kms/node.h"
#include "drivers/display/kms/nvbuf.h"
#include "tests/fakes/drm.h"
#include "tests/fakes/egl_image.h"

#define FD	    77
#define PITCH_ALIGN 256

struct fake_nvbuf fake_nvbuf;

/* A surface: one buffer, a dumb one of the fake device. */
struct surface {
	struct nvbuf_surface surface; /* first */
	struct nvbuf_params list;
	struct fake_egl_image image;
	uint32_t handle;
	unsigned char *memory;
	bool for_cpu; /* and not for the device since */
};

static void nvbuf_broken(const char *what)
{
	fprintf(stderr, "fake nvbuf: %s\n", what);
	abort();
}

void fake_nvbuf_reset(void)
{
	fake_nvbuf = (struct fake_nvbuf){.absent = true};
}

static bool fails(const char *entry)
{
	return fake_nvbuf.fails && !strcmp(fake_nvbuf.fails, entry) &&
	       !--fake_nvbuf.fails_at;
}

static void check_wanted(uint32_t batch, const struct nvbuf_wanted *wanted)
{
	if (batch != 1 || wanted->gpu || wanted->bytes || wanted->contiguous ||
	    wanted->format != NVBUF_BGRA || wanted->layout != NVBUF_PITCH ||
	    wanted->memory != NVBUF_SURFACE_ARRAY || !wanted->width ||
	    !wanted->height)
		nvbuf_broken("NvBufSurfaceCreate: another surface is wanted");
}

/* As the library would, or as another release of it. */
static void fill_in(struct surface *made, const struct nvbuf_wanted *wanted,
		    const struct drm_mode_create_dumb *dumb, int file)
{
	enum fake_nvbuf_release release = fake_nvbuf.release;
	struct nvbuf_params *list = &made->list;

	*list = (struct nvbuf_params){
		.width = wanted->width,
		.height = wanted->height,
		.pitch = dumb->pitch,
		.format = NVBUF_BGRA,
		.layout = release == FAKE_NVBUF_OTHER_LAYOUT,
		.file = (uint64_t)file,
		.bytes = (uint32_t)dumb->size,
		.planes = {.count = release == FAKE_NVBUF_TWO_PLANES ? 2 : 1,
			   .width = {wanted->width},
			   .height = {wanted->height},
			   .pixel_bytes = {4}},
	};
	if (release == FAKE_NVBUF_OTHER_SIZE)
		list->width = wanted->height;
	if (release == FAKE_NVBUF_OTHER_FILE)
		list->file = 1 << 20;
	if (release == FAKE_NVBUF_OTHER_PITCH) {
		list->pitch += 64;
		list->bytes += 64 * list->height;
	}
	list->planes.pitch[0] = list->pitch;
	made->surface = (struct nvbuf_surface){
		.batch = 1,
		.memory = NVBUF_SURFACE_ARRAY,
		.list = release == FAKE_NVBUF_NO_LIST ? NULL : list,
	};
}

static int fake_create(struct nvbuf_surface **surface, uint32_t batch,
		       struct nvbuf_wanted *wanted)
{
	struct drm_mode_create_dumb dumb = {
		.width = (wanted->width + PITCH_ALIGN / 4 - 1) /
			 (PITCH_ALIGN / 4) * (PITCH_ALIGN / 4),
		.height = wanted->height,
		.bpp = 32,
	};
	struct drm_prime_handle prime = {.flags = DRM_CLOEXEC | DRM_RDWR};
	struct surface *made;
	void *base = NULL;

	check_wanted(batch, wanted);
	if (fails("create") ||
	    kms_node_ioctl(FD, DRM_IOCTL_MODE_CREATE_DUMB, &dumb))
		return -1;
	prime.handle = dumb.handle;
	made = calloc(1, sizeof(*made));
	if (!made || kms_node_ioctl(FD, DRM_IOCTL_PRIME_HANDLE_TO_FD, &prime) ||
	    kms_node_map(FD, dumb.handle, dumb.size, &base))
		nvbuf_broken("the fake's own buffer");
	fake_drm.exports--; /* the library's own file */
	fake_drm.maps--;
	made->handle = dumb.handle;
	made->memory = base;
	fill_in(made, wanted, &dumb, prime.fd);
	fake_nvbuf.surfaces++;
	fake_nvbuf.made++;
	*surface = &made->surface;
	return 0;
}

static struct surface *of(struct nvbuf_surface *surface, int index, int plane)
{
	if (index || plane)
		nvbuf_broken("there is one plane of one buffer");
	return (struct surface *)(void *)surface;
}

static int fake_destroy(struct nvbuf_surface *surface)
{
	struct surface *made = of(surface, 0, 0);
	struct drm_mode_destroy_dumb destroy = {.handle = made->handle};

	if (made->list.mapped.egl_image || made->list.mapped.plane[0])
		nvbuf_broken("NvBufSurfaceDestroy of one that is mapped");
	fake_drm.maps++;
	kms_node_unmap(made->memory, made->list.bytes);
	kms_node_ioctl(FD, DRM_IOCTL_MODE_DESTROY_DUMB, &destroy);
	fake_nvbuf.surfaces--;
	free(made);
	return 0;
}

static int fake_map(struct nvbuf_surface *surface, int index, int plane, int how)
{
	struct surface *made = of(surface, index, plane);

	if (how != NVBUF_READ_WRITE || made->list.mapped.plane[0])
		nvbuf_broken("NvBufSurfaceMap");
	if (fails("map"))
		return -1;
	made->list.mapped.plane[0] = made->memory;
	made->for_cpu = true;
	return 0;
}

static int fake_unmap(struct nvbuf_surface *surface, int index, int plane)
{
	struct surface *made = of(surface, index, plane);

	if (!made->list.mapped.plane[0])
		nvbuf_broken("NvBufSurfaceUnMap of one that is not mapped");
	made->list.mapped.plane[0] = NULL;
	return 0;
}

static int fake_for_cpu(struct nvbuf_surface *surface, int index, int plane)
{
	struct surface *made = of(surface, index, plane);

	if (!made->list.mapped.plane[0])
		nvbuf_broken("NvBufSurfaceSyncForCpu before NvBufSurfaceMap");
	if (fails("for_cpu"))
		return -1;
	made->for_cpu = true;
	return 0;
}

static int fake_for_device(struct nvbuf_surface *surface, int index, int plane)
{
	struct surface *made = of(surface, index, plane);

	if (!made->for_cpu)
		nvbuf_broken("NvBufSurfaceSyncForDevice: the CPU had it not");
	if (fails("for_device"))
		return -1;
	made->for_cpu = false;
	return 0;
}

static int fake_map_image(struct nvbuf_surface *surface, int index)
{
	struct surface *made = of(surface, index, 0);

	if (made->list.mapped.egl_image)
		nvbuf_broken("NvBufSurfaceMapEglImage twice");
	if (made->for_cpu)
		nvbuf_broken("the device gets what the CPU has");
	if (fails("map_image"))
		return -1;
	made->image = (struct fake_egl_image){
		.magic = FAKE_EGL_IMAGE_MAGIC,
		.width = made->list.width,
		.height = made->list.height,
		.pitch = made->list.pitch,
		.base = made->memory,
	};
	made->list.mapped.egl_image = &made->image;
	return 0;
}

static int fake_unmap_image(struct nvbuf_surface *surface, int index)
{
	struct surface *made = of(surface, index, 0);

	if (!made->list.mapped.egl_image || made->image.registered)
		nvbuf_broken("NvBufSurfaceUnMapEglImage: not mapped, or "
			     "registered still");
	made->image.magic = 0;
	made->list.mapped.egl_image = NULL;
	return 0;
}

const struct nvbuf_entries *nvbuf_library(char *line, size_t line_bytes)
{
	static const struct nvbuf_entries entries = {
		.create = fake_create,
		.destroy = fake_destroy,
		.map = fake_map,
		.unmap = fake_unmap,
		.for_cpu = fake_for_cpu,
		.for_device = fake_for_device,
		.map_image = fake_map_image,
		.unmap_image = fake_unmap_image,
	};

	if (!fake_nvbuf.absent)
		return &entries;
	snprintf(line, line_bytes, "no libnvbufsurface");
	return NULL;
}
