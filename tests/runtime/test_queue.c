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

/* A queue whose producer takes back what nobody has taken: each number is taken
 * once, by one side, each side's in order. A cell is plain memory of who has its
 * index, so that TSan tells when the queue does not order it. */
#define CELLS 4

struct shared_queue {
	struct queue queue, free;
	_Atomic uint32_t place[CELLS];
	uint32_t free_cell[CELLS], cell[CELLS];
	uint32_t taken_back, wrong; /* the producer's */
};

/* A cell to fill, whosever it was; the number in it is older than all that the
 * producer takes back later. */
static uint32_t shared_cell(struct shared_queue *shared, uint32_t *last)
{
	uint32_t place, cell;

	for (;; sched_yield()) {
		if (queue_can_pop(&shared->free, &place)) {
			cell = shared->free_cell[place];
			queue_pop(&shared->free);
			return cell;
		}
		cell = CELLS;
		if (!queue_take(&shared->queue, shared->place, 1, &cell)) {
			shared->wrong += cell != CELLS;
			continue;
		}
		shared->taken_back++;
		shared->wrong += shared->cell[cell] <= *last;
		*last = shared->cell[cell];
		return cell;
	}
}

static void *produce_newest(void *arg)
{
	struct shared_queue *shared = arg;
	uint32_t place, last = 0;

	for (uint32_t i = 1; i <= NUMBERS; i++) {
		uint32_t cell = shared_cell(shared, &last);

		shared->cell[cell] = i;
		shared->wrong += !queue_can_push(&shared->queue, &place);
		atomic_store_explicit(&shared->place[place], cell,
				      memory_order_relaxed);
		queue_push(&shared->queue);
	}
	return NULL;
}

START_TEST(both_sides_take)
{
	static struct shared_queue shared;
	uint32_t place, cell, last = 0, taken = 0, wrong = 0;
	pthread_t producer;

	start_at(&shared.queue, CELLS, UINT32_MAX - NUMBERS / 2);
	start_at(&shared.free, CELLS, 0);
	for (cell = 0; cell < CELLS; cell++) {
		ck_assert(queue_can_push(&shared.free, &place));
		shared.free_cell[place] = cell;
		queue_push(&shared.free);
	}
	ck_assert(!pthread_create(&producer, NULL, produce_newest, &shared));
	while (last < NUMBERS) { /* which is never taken back */
		if (!queue_take(&shared.queue, shared.place, 0, &cell)) {
			sched_yield();
			continue;
		}
		taken++;
		wrong += shared.cell[cell] <= last;
		last = shared.cell[cell];
		wrong += !queue_can_push(&shared.free, &place);
		shared.free_cell[place] = cell;
		queue_push(&shared.free);
	}
	pthread_join(producer, NULL);
	ck_assert_uint_eq(wrong + shared.wrong, 0);
	ck_assert_uint_eq(taken + shared.taken_back, NUMBERS);
	ck_assert(!queue_take(&shared.queue, shared.place, 0, &cell));
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, holds_capacity_in_order, 0, 3);
	tcase_add_test(tests, two_threads);
	tcase_add_test(tests, both_sides_take);
}

int main(void)
{
	return run_suite("queue", add);
}
