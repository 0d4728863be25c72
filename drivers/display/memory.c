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

static int refuse(const struct display *display,
		  const struct display_config *config, uint32_t slot_count,
		  int error)
{
	fprintf(stderr,
		"%s display: no memory for its slots, %u of %ux%u pixels: use "
		"a smaller graph or raise RLIMIT_AS\n",
		display->ops->name, slot_count, config->width, config->height);
	return error;
}

int memory_open(struct display *display, const struct display_config *config,
		uint32_t slot_count)
{
	size_t pitch = align_up(config->width * sizeof(uint32_t), PITCH_ALIGN);
	struct pool *pool = NULL;
	size_t slot_bytes, bytes;
	uint32_t i;
	int error = -ENOMEM;

	if (!__builtin_mul_overflow(pitch, config->height, &slot_bytes) &&
	    !__builtin_mul_overflow(align_up(slot_bytes, SLOT_ALIGN),
				    slot_count, &bytes))
		pool = malloc(sizeof(*pool));
	if (pool)
		error = pool_init(pool, bytes);
	if (error) {
		free(pool);
		return refuse(display, config, slot_count, error);
	}
	display->slot_count = slot_count;
	for (i = 0; i < slot_count; i++)
		display->slot[i] = (struct image){
			.base = pool->base + i * (bytes / slot_count),
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
