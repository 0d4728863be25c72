/*
 * drivers/display/memory.c: one pool, cut into slots. See memory.h.
 */
#include "drivers/display/memory.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "runtime/pool.h"

#define PITCH_ALIGN 64	 /* a cache line */
#define SLOT_ALIGN  4096 /* a page */

static size_t align_up(size_t bytes, size_t align)
{
	return (bytes + align - 1) & ~(align - 1);
}

static int refuse(const struct display *display, size_t bytes, int error)
{
	fprintf(stderr,
		"%s display: no memory for its slots, %zu bytes: use a "
		"smaller graph or raise RLIMIT_AS\n",
		display->ops->name, bytes);
	return error;
}

int memory_open(struct display *display, const struct display_config *config,
		uint32_t slot_count)
{
	size_t pitch = align_up(config->width * sizeof(uint32_t), PITCH_ALIGN);
	size_t slot_bytes = align_up(pitch * config->height, SLOT_ALIGN);
	struct pool *pool = malloc(sizeof(*pool));
	uint32_t i;
	int error;

	if (!pool)
		return refuse(display, slot_count * slot_bytes, -ENOMEM);
	error = pool_init(pool, slot_count * slot_bytes);
	if (error) {
		free(pool);
		return refuse(display, slot_count * slot_bytes, error);
	}
	display->slot_count = slot_count;
	for (i = 0; i < slot_count; i++)
		display->slot[i] = (struct image){
			.base = pool->base + i * slot_bytes,
			.pitch = pitch,
			.width = config->width,
			.height = config->height,
		};
	display->format = GRAPH_SLOT_XRGB8888;
	display->cpu_read = DISPLAY_READ_FAST;
	display->event_fd = -1;
	display->state = pool;
	return 0;
}

void memory_close(struct display *display)
{
	pool_finish(display->state);
	free(display->state);
	display->state = NULL;
}
