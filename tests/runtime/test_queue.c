/*
 * tests/runtime/test_queue.c: full, empty, the wrap of the indices at 2^32, and
 * two threads that pass 100,000 numbers.
 */
#include "runtime/base/queue.h"

#include <pthread.h>
#include <sched.h>

#include "tests/runtime/run_suite.h"

#define NUMBERS 100000u

static const uint32_t capacities[] = {1, 2, 8};

/* Any start: the indices run freely. */
static void start_at(struct queue *queue, uint32_t capacity, uint32_t index)
{
	queue_init(queue, capacity);
	atomic_store(&queue->head, index);
	atomic_store(&queue->tail, index);
}

START_TEST(holds_capacity_in_order)
{
	static const uint32_t starts[] = {0, 1, UINT32_MAX - 3, UINT32_MAX};
	uint32_t capacity = capacities[_i], place, pushed, popped;
	struct queue queue;

	for (int s = 0; s < 4; s++) {
		start_at(&queue, capacity, starts[s]);
		ck_assert(!queue_can_pop(&queue, &place));
		for (pushed = 0; queue_can_push(&queue, &place); pushed++) {
			ck_assert_uint_eq(place,
					  (starts[s] + pushed) % capacity);
			queue_push(&queue);
			ck_assert_uint_le(pushed, capacity);
		}
		ck_assert_uint_eq(pushed, capacity);
		for (popped = 0; queue_can_pop(&queue, &place); popped++) {
			ck_assert_uint_eq(place,
					  (starts[s] + popped) % capacity);
			queue_pop(&queue);
		}
		ck_assert_uint_eq(popped, capacity);
		ck_assert(queue_can_push(&queue, &place));
	}
}
END_TEST

/* Plain memory: TSan tells when the queue does not order it. */
struct pipe {
	struct queue queue;
	uint32_t value[8];
};

static void *produce(void *arg)
{
	struct pipe *pipe = arg;
	uint32_t place;

	for (uint32_t i = 0; i < NUMBERS; i++) {
		while (!queue_can_push(&pipe->queue, &place))
			sched_yield();
		pipe->value[place] = i;
		queue_push(&pipe->queue);
	}
	return NULL;
}

START_TEST(two_threads)
{
	static struct pipe pipe;
	pthread_t producer;
	uint32_t place, wrong = 0;

	start_at(&pipe.queue, 8, UINT32_MAX - NUMBERS / 2);
	ck_assert(!pthread_create(&producer, NULL, produce, &pipe));
	for (uint32_t i = 0; i < NUMBERS; i++) {
		while (!queue_can_pop(&pipe.queue, &place))
			sched_yield();
		wrong += pipe.value[place] != i;
		queue_pop(&pipe.queue);
	}
	ck_assert_uint_eq(wrong, 0);
	pthread_join(producer, NULL);
	ck_assert(!queue_can_pop(&pipe.queue, &place));
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, holds_capacity_in_order, 0, 3);
	tcase_add_test(tests, two_threads);
}

int main(void)
{
	return run_suite("queue", add);
}
