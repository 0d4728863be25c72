/*
 * drivers/display/memory.c: one pool, cut into slots. See memory.h.
 */
#include "drivers/display/memory.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "runtime/base/pool.h"

#define PITCH_ALIGN 64	 /* a cache line; 16 is what kernels need */
#define SLOT_ALIGN  4096 /* a page */

static size_t memory_align(size_t bytes, size_t align)
{
	return (bytes + align - 1) & ~(align - 1);
}

/* What close gives back. */
struct memory {
	struct pool pool;
	const struct display_memory *device; /* NULL: the pool is it */
	unsigned char *base;
};

static int memory_refuse(const struct display *display,
		  const struct display_config *config, uint32_t slot_count)
{
	return display_refuse(config, display->ops->name, -ENOMEM,
			      "no memory for its slots, %u of %ux%u pixels: "
			      "use a smaller graph or raise RLIMIT_AS",
			      slot_count, config->width, config->height);
}

static bool memory_take(struct memory *memory, const struct display_memory *device,
		 size_t bytes)
{
	memory->device = device;
	if (device)
		memory->base = device->alloc(device->context, bytes);
	else if (!pool_init(&memory->pool, bytes))
		memory->base = memory->pool.base;
	return memory->base;
}

int memory_open(struct display *display, const struct display_config *config,
		uint32_t slot_count)
{
	size_t pitch =
		memory_align(config->width * sizeof(uint32_t), PITCH_ALIGN);
	struct memory *memory = calloc(1, sizeof(*memory));
	size_t slot_bytes, bytes;
	uint32_t i;

	if (!memory ||
	    __builtin_mul_overflow(pitch, config->height, &slot_bytes) ||
	    __builtin_mul_overflow(memory_align(slot_bytes, SLOT_ALIGN),
				   slot_count, &bytes) ||
	    !memory_take(memory, config->memory, bytes)) {
		free(memory);
		return memory_refuse(display, config, slot_count);
	}
	display->slot_count = slot_count;
	for (i = 0; i < slot_count; i++)
		display->slot[i] = (struct image){
			.base = memory->base + i * (bytes / slot_count),
			.pitch = pitch,
			.width = config->width,
			.height = config->height,
		};
	display->format = GRAPH_FORMAT_XRGB8888;
	display->cpu_read =
		config->memory ? DISPLAY_READ_NONE : DISPLAY_READ_FAST;
	display->event_fd = -1;
	display->state = memory;
	return 0;
}

void memory_close(struct display *display)
{
	struct memory *memory = display->state;

	if (memory->device)
		memory->device->free(memory->device->context, memory->base);
	pool_finish(&memory->pool);
	free(memory);
	display->state = NULL;
}
