/*
 * tests/runtime/test_tap.c: frames come out whole, in order, each with its
 * tick; a full ring says so; what was not pushed never comes out.
 */
#include "runtime/port/tap.h"

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "tests/runtime/run_suite.h"

#define WIDTH  17 /* odd: rows are packed, frames are aligned */
#define HEIGHT 3
#define BYTES  (WIDTH * HEIGHT * 4)

static struct tap tap;

/* Fills the next place and hands it over. */
static bool put(uint64_t tick)
{
	struct image image;

	if (!tap_image(&tap, &image))
		return false;
	if (image.pitch != WIDTH * 4 || (uintptr_t)image.base % 16)
		abort(); /* no ck_assert: other threads call this too */
	memset(image.base, (int)(tick & 0xff), BYTES);
	tap_push(&tap, tick);
	return true;
}

static bool take(uint64_t *tick)
{
	const unsigned char *frame = tap_front(&tap, tick);

	if (!frame)
		return false;
	if (frame[0] != (*tick & 0xff) || memcmp(frame, frame + 1, BYTES - 1))
		abort();
	tap_pop(&tap);
	return true;
}

static void set_up(void)
{
	ck_assert(!tap_init(&tap, WIDTH, HEIGHT));
}

static void tear_down(void)
{
	tap_finish(&tap);
}

START_TEST(full_then_empty)
{
	uint64_t tick;

	ck_assert(!take(&tick));
	for (uint64_t i = 0; i < TAP_FRAMES; i++)
		ck_assert(put(10 + i));
	ck_assert(!put(99));
	for (uint64_t i = 0; i < TAP_FRAMES; i++) {
		ck_assert(take(&tick));
		ck_assert_uint_eq(tick, 10 + i);
	}
	ck_assert(!take(&tick));
}
END_TEST

/* A dropped tick's drawing is drawn over by the next. */
START_TEST(not_pushed_never_comes_out)
{
	struct image first, second;
	uint64_t tick;

	ck_assert(tap_image(&tap, &first));
	memset(first.base, 0xaa, BYTES);
	ck_assert(tap_image(&tap, &second));
	ck_assert_ptr_eq(first.base, second.base);
	ck_assert_ptr_null(tap_front(&tap, &tick));
	ck_assert(put(3));
	ck_assert(take(&tick));
	ck_assert_uint_eq(tick, 3);
	ck_assert(!take(&tick));
}
END_TEST

START_TEST(a_push_into_a_full_ring_is_no_push)
{
	uint64_t tick;

	for (uint64_t i = 0; i < TAP_FRAMES; i++)
		ck_assert(put(i));
	tap_push(&tap, 77);
	for (uint64_t i = 0; i < TAP_FRAMES; i++)
		ck_assert(take(&tick) && tick == i);
	ck_assert(!take(&tick));
}
END_TEST

static void *produce(void *unused)
{
	for (uint64_t i = 0; i < 5000; i++)
		while (!put(i))
			sched_yield();
	tap_close(&tap);
	return unused;
}

START_TEST(two_threads_and_a_close)
{
	uint64_t tick, next = 0;
	pthread_t producer;
	bool closed;

	ck_assert(!pthread_create(&producer, NULL, produce, NULL));
	for (;;) {
		closed = tap_closed(&tap);
		if (take(&tick))
			next += tick == next;
		else if (closed)
			break;
		else
			sched_yield();
	}
	ck_assert_uint_eq(next, 5000);
	pthread_join(producer, NULL);
}
END_TEST

START_TEST(refused_sizes)
{
	struct tap huge;

	ck_assert_int_lt(tap_init(&huge, UINT32_MAX, UINT32_MAX), 0);
	tap_finish(&huge);
	ck_assert_int_lt(tap_init(&huge, UINT32_MAX, 1u << 30), 0);
	tap_finish(&huge);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, full_then_empty);
	tcase_add_test(tests, not_pushed_never_comes_out);
	tcase_add_test(tests, a_push_into_a_full_ring_is_no_push);
	tcase_add_test(tests, two_threads_and_a_close);
	tcase_add_test(tests, refused_sizes);
}

int main(void)
{
	return run_suite("tap", add);
}
