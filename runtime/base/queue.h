/*
 * runtime/base/queue.h: the one single-producer single-consumer queue of the tree.
 *
 * It keeps indices only; the caller owns an array of `capacity` places. The
 * indices run freely over uint32_t and wrap with it, so head - tail is always
 * the number of full places, from 0 to capacity. No call waits or fails.
 * A producer that may take back what nobody has taken needs queue_take on both
 * sides, in place of queue_can_pop and queue_pop.
 * Read next: runtime/port/tap.h, its user.
 */
#ifndef RUNTIME_BASE_QUEUE_H
#define RUNTIME_BASE_QUEUE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define QUEUE_LINE_BYTES 64 /* the two sides write different cache lines */

struct queue {
	uint32_t capacity; /* places; a power of two, fixed by queue_init */
	_Alignas(QUEUE_LINE_BYTES) _Atomic uint32_t head; /* producer writes */
	_Alignas(QUEUE_LINE_BYTES) _Atomic uint32_t tail; /* consumer writes */
};

/* Before either side runs. capacity: a power of two, at least 1. */
static inline void queue_init(struct queue *queue, uint32_t capacity)
{
	queue->capacity = capacity;
	atomic_init(&queue->head, 0);
	atomic_init(&queue->tail, 0);
}

/* Producer: true when there is a free place; *place is its array index. */
static inline bool queue_can_push(struct queue *queue, uint32_t *place)
{
	uint32_t head = atomic_load_explicit(&queue->head, memory_order_relaxed);
	/* acquire: pairs with queue_pop, the consumer is done with the place */
	uint32_t tail = atomic_load_explicit(&queue->tail, memory_order_acquire);

	*place = head & (queue->capacity - 1);
	return head - tail < queue->capacity;
}

/* Producer: hands the place of the last queue_can_push to the consumer. */
static inline void queue_push(struct queue *queue)
{
	uint32_t head = atomic_load_explicit(&queue->head, memory_order_relaxed);

	/* release: pairs with queue_can_pop, the place is filled */
	atomic_store_explicit(&queue->head, head + 1, memory_order_release);
}

/* Consumer: true when there is a full place; *place is its array index. */
static inline bool queue_can_pop(struct queue *queue, uint32_t *place)
{
	uint32_t tail = atomic_load_explicit(&queue->tail, memory_order_relaxed);
	/* acquire: pairs with queue_push, the place is filled */
	uint32_t head = atomic_load_explicit(&queue->head, memory_order_acquire);

	*place = tail & (queue->capacity - 1);
	return head != tail;
}

/* Consumer: gives the place of the last queue_can_pop back to the producer. */
static inline void queue_pop(struct queue *queue)
{
	uint32_t tail = atomic_load_explicit(&queue->tail, memory_order_relaxed);

	/* release: pairs with queue_can_push, the consumer is done with it */
	atomic_store_explicit(&queue->tail, tail + 1, memory_order_release);
}

/*
 * Either side, where both may take: what the oldest full place holds, while more
 * than `spare` are full; false: no more are, and *value stays. Goes round again
 * only when the other side took that one.
 */
static inline bool queue_take(struct queue *queue,
			      const _Atomic uint32_t place[], uint32_t spare,
			      uint32_t *value)
{
	/* acquire: pairs with the other side's queue_take, head is no older */
	uint32_t tail = atomic_load_explicit(&queue->tail, memory_order_acquire);
	uint32_t taken;

	do {
		/* acquire: pairs with queue_push, the place is filled */
		if (atomic_load_explicit(&queue->head, memory_order_acquire) -
			    tail <= spare)
			return false;
		/* of a place that is filled anew meanwhile: then tail moved */
		taken = atomic_load_explicit(
			&place[tail & (queue->capacity - 1)],
			memory_order_relaxed);
		/* release: pairs with queue_can_push, the place is free */
	} while (!atomic_compare_exchange_weak_explicit(
		&queue->tail, &tail, tail + 1, memory_order_acq_rel,
		memory_order_acquire));
	*value = taken;
	return true;
}

#endif
