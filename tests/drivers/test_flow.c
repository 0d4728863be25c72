/*
 * tests/drivers/test_flow.c: which slot is where in an EGLStream, step by step.
 */
#include <check.h>

#include "drivers/display/eglstream/flow.h"
#include "tests/runtime/run_suite.h"

/* In a mailbox a newer frame takes the place of what waits. */
START_TEST(a_mailbox_holds_the_newest)
{
	struct eglstream_flow flow = {.fifo = 0};

	flow_present(&flow, 2);
	flow_present(&flow, 0);
	ck_assert(flow_has_room(&flow));
	ck_assert_uint_eq(flow_count(&flow, FLOW_WAITING), 1);
	ck_assert_uint_eq(flow_count(&flow, FLOW_OWED), 1);
	ck_assert_uint_eq(flow_acquire(&flow), 0);
	ck_assert(flow_take_back(&flow, 2));
}
END_TEST

/* A FIFO is full with as many as it holds, and gives the oldest first, whatever
 * their numbers. */
START_TEST(a_fifo_gives_the_oldest)
{
	struct eglstream_flow flow = {.fifo = 3};

	flow_present(&flow, 3);
	flow_present(&flow, 1);
	ck_assert(flow_has_room(&flow));
	flow_present(&flow, 2);
	ck_assert(!flow_has_room(&flow));
	ck_assert_uint_eq(flow_acquire(&flow), 3);
	ck_assert(flow_has_room(&flow));
	flow_release(&flow);
	ck_assert_uint_eq(flow_acquire(&flow), 1);
	flow_release(&flow);
	ck_assert_uint_eq(flow_acquire(&flow), 2);
}
END_TEST

/* What waits or is on view was not given back, whatever the stream says. */
START_TEST(only_what_is_owed_comes_back)
{
	struct eglstream_flow flow = {.fifo = 2};

	ck_assert(!flow_take_back(&flow, 0));
	flow_present(&flow, 0);
	ck_assert(!flow_take_back(&flow, 0));
	ck_assert_uint_eq(flow_acquire(&flow), 0);
	ck_assert(!flow_take_back(&flow, 0));
	flow_release(&flow);
	ck_assert(!flow_take_back(&flow, DISPLAY_SLOTS_MAX));
	ck_assert(flow_take_back(&flow, 0));
	ck_assert(!flow_take_back(&flow, 0));
}
END_TEST

/* Of a stream that is no more each slot is told once. */
START_TEST(all_of_a_stream_is_forgotten_once)
{
	struct eglstream_flow flow = {.fifo = 3};
	uint32_t told = 0, slot;

	flow_present(&flow, 0);
	flow_present(&flow, 2);
	flow_present(&flow, 3);
	flow_acquire(&flow);
	while ((slot = flow_forget(&flow, DISPLAY_SLOTS_MAX)) < DISPLAY_SLOTS_MAX) {
		ck_assert(!(told & 1u << slot));
		told |= 1u << slot;
	}
	ck_assert_uint_eq(told, 1u << 0 | 1u << 2 | 1u << 3);
	ck_assert_uint_eq(flow_count(&flow, FLOW_HERE), DISPLAY_SLOTS_MAX);
}
END_TEST

/* Given back before its successor is on view: it is that one's until then. */
START_TEST(what_is_back_early_stays_until_the_flip)
{
	struct eglstream_flow flow = {.fifo = 0};

	flow_present(&flow, 0);
	flow_pend(&flow, 0);
	ck_assert_uint_eq(flow_show(&flow), 0);
	ck_assert(!flow_take_back(&flow, 0));
	flow_present(&flow, 1);
	flow_pend(&flow, 1);
	ck_assert(flow_take_back(&flow, 0));
	ck_assert_uint_eq(flow_settle(&flow), DISPLAY_SLOTS_MAX);
	ck_assert(!flow_take_back(&flow, 0));
	ck_assert_uint_eq(flow_newest(&flow), 1);
	ck_assert_uint_eq(flow_show(&flow), 1);
	ck_assert_uint_eq(flow_settle(&flow), 0);
	ck_assert_uint_eq(flow_settle(&flow), DISPLAY_SLOTS_MAX);
	ck_assert_uint_eq(flow_count(&flow, FLOW_HERE), DISPLAY_SLOTS_MAX - 1);
}
END_TEST

static void add_tests(TCase *tests)
{
	tcase_add_test(tests, a_mailbox_holds_the_newest);
	tcase_add_test(tests, a_fifo_gives_the_oldest);
	tcase_add_test(tests, only_what_is_owed_comes_back);
	tcase_add_test(tests, what_is_back_early_stays_until_the_flip);
	tcase_add_test(tests, all_of_a_stream_is_forgotten_once);
}

int main(void)
{
	return run_suite("eglstream flow", add_tests);
}
