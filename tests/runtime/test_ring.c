/*
 * tests/runtime/test_ring.c: full, empty, the wrap of the indices at 2^32, and
 * two threads that pass 100,000 numbers.
 */
#include "runtime/ring.h"

#include <pthread.h>
#include <sched.h>

#include "tests/runtime/run_suite.h"

#define NUMBERS 100000u

static const uint32_t capacities[] = {1, 2, 8};

/* Any start: the indices run freely. */
static void start_at(struct ring *ring, uint32_t capacity, uint32_t index)
{
	ring_init(ring, capacity);
	atomic_store(&ring->head, index);
	atomic_store(&ring->tail, index);
}

START_TEST(holds_capacity_in_order)
{
	static const uint32_t starts[] = {0, 1, UINT32_MAX - 3, UINT32_MAX};
	uint32_t capacity = capacities[_i], place, pushed, popped;
	struct ring ring;

	for (int s = 0; s < 4; s++) {
		start_at(&ring, capacity, starts[s]);
		ck_assert(!ring_can_pop(&ring, &place));
		for (pushed = 0; ring_can_push(&ring, &place); pushed++) {
			ck_assert_uint_eq(place,
					  (starts[s] + pushed) % capacity);
			ring_push(&ring);
			ck_assert_uint_le(pushed, capacity);
		}
		ck_assert_uint_eq(pushed, capacity);
		for (popped = 0; ring_can_pop(&ring, &place); popped++) {
			ck_assert_uint_eq(place,
					  (starts[s] + popped) % capacity);
			ring_pop(&ring);
		}
		ck_assert_uint_eq(popped, capacity);
		ck_assert(ring_can_push(&ring, &place));
	}
}
END_TEST

/* Plain memory: TSan tells when the ring does not order it. */
struct pipe {
	struct ring ring;
	uint32_t value[8];
};

static void *produce(void *arg)
{
	struct pipe *pipe = arg;
	uint32_t place;

	for (uint32_t i = 0; i < NUMBERS; i++) {
		while (!ring_can_push(&pipe->ring, &place))
			sched_yield();
		pipe->value[place] = i;
		ring_push(&pipe->ring);
	}
	return NULL;
}

START_TEST(two_threads)
{
	static struct pipe pipe;
	pthread_t producer;
	uint32_t place, wrong = 0;

	start_at(&pipe.ring, 8, UINT32_MAX - NUMBERS / 2);
	ck_assert(!pthread_create(&producer, NULL, produce, &pipe));
	for (uint32_t i = 0; i < NUMBERS; i++) {
		while (!ring_can_pop(&pipe.ring, &place))
			sched_yield();
		wrong += pipe.value[place] != i;
		ring_pop(&pipe.ring);
	}
	ck_assert_uint_eq(wrong, 0);
	pthread_join(producer, NULL);
	ck_assert(!ring_can_pop(&pipe.ring, &place));
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, holds_capacity_in_order, 0, 3);
	tcase_add_test(tests, two_threads);
}

int main(void)
{
	return run_suite("ring", add);
}
