/*
 * tests/fakes/device_memory.c: see device_memory.h.
 */
#include "tests/fakes/device_memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drivers/display/kms/node.h"
#include "tests/fakes/drm_memory.h"
#include "tests/fakes/egl_image.h"

#define PAGE 4096

struct fake_device fake_device;

static struct mapped {
	unsigned char *memory; /* NULL: not in use */
	int fd;		       /* of its dma-buf, the device's; -1: none */
	struct fake_egl_image *image; /* NULL: it is none */
} mapped[FAKE_FBS_MAX];

static struct store {
	unsigned char *at;
	uint64_t number;
} stores[FAKE_STORES_MAX];
static uint32_t store_count;

static void broken(const char *what)
{
	fprintf(stderr, "fake device: %s\n", what);
	abort();
}

void fake_device_reset(void)
{
	memset(&fake_device, 0, sizeof(fake_device));
	memset(mapped, 0, sizeof(mapped));
	store_count = 0;
}

static struct mapped *find(const unsigned char *memory)
{
	int i;

	for (i = 0; i < FAKE_FBS_MAX; i++)
		if (memory && mapped[i].memory == memory)
			return &mapped[i];
	return NULL;
}

bool fake_device_has(const unsigned char *memory)
{
	return find(memory) != NULL;
}

void fake_device_check(const unsigned char *memory)
{
	if (fake_device_has(memory))
		broken("a buffer is unmapped that the device has");
}

static const struct fake_fb *buffer_at(const void *at)
{
	const unsigned char *byte = at;
	int i;

	for (i = 0; i < FAKE_FBS_MAX; i++) {
		const struct fake_fb *fb = &fake_drm.fb[i];

		if (fb->memory && byte >= fb->memory &&
		    byte < fb->memory + fb->bytes)
			return fb;
	}
	return NULL;
}

/* ---- stores -------------------------------------------------------------- */

void fake_device_store(unsigned char *at, uint64_t number)
{
	if (store_count == FAKE_STORES_MAX)
		broken("too many stores");
	if (!fake_device_has(buffer_at(at) ? buffer_at(at)->memory : NULL))
		broken("a store where nothing is mapped");
	stores[store_count++] = (struct store){at, number};
}

void fake_device_finish(uint32_t count)
{
	uint32_t i;

	for (i = 0; i < count && i < store_count; i++)
		memcpy(stores[i].at, &stores[i].number,
		       sizeof(stores[i].number));
	store_count -= i;
	memmove(stores, stores + i, store_count * sizeof(stores[0]));
}

static bool device_idle(void *context, int limit_ms)
{
	(void)context;
	fake_device.idles++;
	if (limit_ms <= 0)
		broken("a wait without a bound");
	if (fake_device.hangs)
		return false;
	fake_device_finish(store_count);
	return true;
}

/* ---- mappings ------------------------------------------------------------ */

static bool refused(char *line, const char *what, bool always)
{
	fake_device.calls++;
	if (!always && fake_device.calls != fake_device.fail_at)
		return false;
	snprintf(line, DISPLAY_MAP_LINE_MAX, "%s is refused", what);
	return true;
}

static void take(const struct fake_fb *fb, int fd,
		 struct display_mapping *mapping)
{
	struct mapped *free = mapped;

	if (find(fb->memory))
		broken("a buffer is mapped twice");
	while (free->memory)
		free++;
	*free = (struct mapped){fb->memory, fd, NULL};
	*mapping = (struct display_mapping){
		.address = (uint64_t)(uintptr_t)fb->memory,
		.kind = fd < 0 ? DISPLAY_MAPPING_HOST : DISPLAY_MAPPING_DMA_BUF,
		.held = fb->memory,
	};
}

static bool device_host(void *context, void *base, size_t bytes,
			struct display_mapping *mapping, char *line)
{
	const struct fake_fb *fb = buffer_at(base);

	(void)context;
	if (!fb || fb->memory != base || fb->bytes != bytes)
		broken("what is registered is no whole buffer");
	if (refused(line, "registering", fake_device.no_host))
		return false;
	take(fb, -1, mapping);
	fake_device.maps++;
	return true;
}

static bool device_dma_buf(void *context, int fd, size_t bytes,
			   struct display_mapping *mapping, char *line)
{
	const struct fake_fb *fb = &fake_drm.fb[fd - FAKE_EXPORT_FD];

	(void)context;
	if (fd < FAKE_EXPORT_FD || fd >= FAKE_EXPORT_FD + FAKE_FBS_MAX ||
	    !fb->memory || fb->bytes != bytes || !fake_drm.exports)
		broken("what is imported is no buffer's dma-buf");
	fake_drm.exports--; /* the device's, or closed */
	if (refused(line, "importing", fake_device.no_dma_buf))
		return false;
	take(fb, fd, mapping);
	fake_device.imports++;
	return true;
}

static bool device_image(void *context, void *egl_image,
			 const struct image *wanted,
			 struct display_mapping *mapping, char *line)
{
	struct fake_egl_image *image = egl_image;
	const struct fake_fb *fb = buffer_at(image->base);

	(void)context;
	if (image->magic != FAKE_EGL_IMAGE_MAGIC || !fb ||
	    image->base != fb->memory)
		broken("what is registered is no buffer's EGLImage");
	if (wanted->width != image->width || wanted->height != image->height ||
	    wanted->pitch != image->pitch)
		broken("an EGLImage of another size is wanted");
	if (refused(line, "registering its image", fake_device.no_image))
		return false;
	take(fb, -1, mapping);
	mapping->kind = DISPLAY_MAPPING_IMAGE;
	find(fb->memory)->image = image;
	image->registered++;
	fake_device.images++;
	return true;
}

static void device_unmap(void *context, struct display_mapping *mapping)
{
	struct mapped *row =
		find((const unsigned char *)(uintptr_t)mapping->address);

	(void)context;
	if (!row)
		broken("what is unmapped is not mapped");
	if (store_count)
		broken("unmapped while a store is on its way");
	if (row->image)
		row->image->registered--;
	if (row->image)
		fake_device.images--;
	else if (row->fd < 0)
		fake_device.maps--;
	else
		fake_device.imports--;
	row->memory = NULL;
	*mapping = (struct display_mapping){.address = 0};
}

/* ---- marks --------------------------------------------------------------- */

static void mark_pixel(const struct image *image, uint32_t x, uint32_t y,
		       uint32_t value)
{
	size_t pitch = image->pitch, at;

	if (fake_device.marks == FAKE_MARKS_OTHER_PITCH)
		pitch = image->width * sizeof(uint32_t);
	if (fake_device.marks == FAKE_MARKS_UPSIDE_DOWN)
		y = image->height - 1 - y;
	if (fake_device.marks == FAKE_MARKS_MIRRORED)
		x = image->width - 1 - x;
	at = y * pitch + x * sizeof(value);
	if (fake_device.marks == FAKE_MARKS_NONE ||
	    (fake_device.marks == FAKE_MARKS_FIRST_PAGE && at >= PAGE) ||
	    (fake_device.marks == FAKE_MARKS_LAST_PIXEL &&
	     x == image->width - 1 && y == image->height - 1))
		return;
	memcpy(image->base + at, &value, sizeof(value));
}

static const unsigned char *first_memory(void)
{
	return mapped[0].memory;
}

static bool device_mark(void *context, const struct image *image,
			uint32_t seed, bool black, char *line)
{
	const struct fake_fb *fb = buffer_at(image->base);
	struct image to = *image;
	uint32_t x, y;

	(void)context;
	if (!fb || !fake_device_has(fb->memory) || image->pitch != fb->pitch ||
	    image->width != fb->width || image->height != fb->height)
		broken("a picture that is no mapped buffer's");
	if (refused(line, "drawing", false))
		return false;
	if (fake_device.marks == FAKE_MARKS_ONE_BUFFER)
		to.base = (unsigned char *)(uintptr_t)first_memory();
	for (y = 0; y < to.height; y++)
		for (x = 0; x < to.width; x++)
			mark_pixel(&to, x, y,
				   black ? 0 : graph_mark_pixel(seed, x, y));
	return true;
}

static void device_leave(void *context)
{
	(void)context;
	fake_device.is_left = true;
}

static const struct display_map map = {
	.host = device_host,
	.dma_buf = device_dma_buf,
	.egl_image = device_image,
	.unmap = device_unmap,
	.mark = device_mark,
	.idle = device_idle,
	.leave = device_leave,
};

const struct display_memory fake_device_memory = {.map = &map};
