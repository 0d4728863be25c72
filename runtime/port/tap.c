/*
 * runtime/port/tap.c: the queue of frame buffers of runtime/port/tap.h.
 */
#include "runtime/port/tap.h"

#include <errno.h>

#include "graph/graph.h"

_Static_assert((TAP_FRAMES & (TAP_FRAMES - 1)) == 0, "queue capacity");

int tap_init(struct tap *tap, uint32_t width, uint32_t height)
{
	size_t frame_bytes, bytes;

	*tap = (struct tap){.width = width, .height = height};
	tap->pitch = width * sizeof(uint32_t);
	if (__builtin_mul_overflow(tap->pitch, (size_t)height, &frame_bytes) ||
	    __builtin_add_overflow(frame_bytes, GRAPH_ALIGN - 1, &frame_bytes) ||
	    __builtin_mul_overflow(frame_bytes, TAP_FRAMES, &bytes))
		return -ENOMEM;
	tap->frame_bytes = frame_bytes & ~(size_t)(GRAPH_ALIGN - 1);
	queue_init(&tap->queue, TAP_FRAMES);
	atomic_init(&tap->closed, false);
	return pool_init(&tap->pool, bytes);
}

void tap_finish(struct tap *tap)
{
	pool_finish(&tap->pool);
}

static unsigned char *frame(const struct tap *tap, uint32_t place)
{
	return tap->pool.base + place * tap->frame_bytes;
}

bool tap_image(struct tap *tap, struct image *image)
{
	uint32_t place;

	if (!queue_can_push(&tap->queue, &place))
		return false;
	*image = (struct image){
		.base = frame(tap, place),
		.pitch = tap->pitch,
		.width = tap->width,
		.height = tap->height,
	};
	return true;
}

void tap_push(struct tap *tap, uint64_t tick)
{
	uint32_t place;

	if (!queue_can_push(&tap->queue, &place))
		return;
	tap->tick[place] = tick;
	queue_push(&tap->queue);
}

void tap_close(struct tap *tap)
{
	/* release: pairs with tap_closed, every push came before */
	atomic_store_explicit(&tap->closed, true, memory_order_release);
}

const unsigned char *tap_front(struct tap *tap, uint64_t *tick)
{
	uint32_t place;

	if (!queue_can_pop(&tap->queue, &place))
		return NULL;
	*tick = tap->tick[place];
	return frame(tap, place);
}

void tap_pop(struct tap *tap)
{
	queue_pop(&tap->queue);
}

bool tap_closed(struct tap *tap)
{
	/* acquire: pairs with tap_close */
	return atomic_load_explicit(&tap->closed, memory_order_acquire);
}
