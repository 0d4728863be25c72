/*
 * runtime/ring.h: the one single-producer single-consumer ring of the tree.
 *
 * It keeps indices only; the caller owns an array of `capacity` places. The
 * indices run freely over uint32_t and wrap with it, so head - tail is always
 * the number of full places, from 0 to capacity. No call waits or fails.
 * Read next: runtime/tap.h, its user.
 */
#ifndef RUNTIME_RING_H
#define RUNTIME_RING_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define RING_LINE_BYTES 64 /* the two sides write different cache lines */

struct ring {
	uint32_t capacity; /* places; a power of two, fixed by ring_init */
	_Alignas(RING_LINE_BYTES) _Atomic uint32_t head; /* producer writes */
	_Alignas(RING_LINE_BYTES) _Atomic uint32_t tail; /* consumer writes */
};

/* Before either side runs. capacity: a power of two, at least 1. */
static inline void ring_init(struct ring *ring, uint32_t capacity)
{
	ring->capacity = capacity;
	atomic_init(&ring->head, 0);
	atomic_init(&ring->tail, 0);
}

/* Producer: true when there is a free place; *place is its array index. */
static inline bool ring_can_push(struct ring *ring, uint32_t *place)
{
	uint32_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);
	/* acquire: pairs with ring_pop, the consumer is done with the place */
	uint32_t tail = atomic_load_explicit(&ring->tail, memory_order_acquire);

	*place = head & (ring->capacity - 1);
	return head - tail < ring->capacity;
}

/* Producer: hands the place of the last ring_can_push to the consumer. */
static inline void ring_push(struct ring *ring)
{
	uint32_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);

	/* release: pairs with ring_can_pop, the place is filled */
	atomic_store_explicit(&ring->head, head + 1, memory_order_release);
}

/* Consumer: true when there is a full place; *place is its array index. */
static inline bool ring_can_pop(struct ring *ring, uint32_t *place)
{
	uint32_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);
	/* acquire: pairs with ring_push, the place is filled */
	uint32_t head = atomic_load_explicit(&ring->head, memory_order_acquire);

	*place = tail & (ring->capacity - 1);
	return head != tail;
}

/* Consumer: gives the place of the last ring_can_pop back to the producer. */
static inline void ring_pop(struct ring *ring)
{
	uint32_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);

	/* release: pairs with ring_can_push, the consumer is done with it */
	atomic_store_explicit(&ring->tail, tail + 1, memory_order_release);
}

#endif
