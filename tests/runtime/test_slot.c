/*
 * tests/runtime/test_slot.c: every move from every state, and random walks of
 * what cycles do.
 */
#include "runtime/cycle/slot.h"

#include <stdlib.h>

#include "tests/runtime/run_suite.h"

/* A slot in that state, by allowed moves only. */
static void bring_to(struct slots *slots, enum slot_state state)
{
	static const enum slot_state path[] = {SLOT_FILLING, SLOT_QUEUED,
					       SLOT_SHOWN};

	slots_init(slots, 3);
	for (int i = 0; slots->state[1] != state; i++)
		slot_move(slots, 1, path[i]);
	ck_assert(slots_check(slots));
}

START_TEST(only_the_listed_moves)
{
	/* free -> filling -> queued -> shown -> free; filling, queued -> free */
	static const bool listed[SLOT_STATE_COUNT][SLOT_STATE_COUNT] = {
		[SLOT_FREE] = {[SLOT_FILLING] = true},
		[SLOT_FILLING] = {[SLOT_QUEUED] = true, [SLOT_FREE] = true},
		[SLOT_QUEUED] = {[SLOT_SHOWN] = true, [SLOT_FREE] = true},
		[SLOT_SHOWN] = {[SLOT_FREE] = true},
	};
	struct slots slots;
	enum slot_state from, to;

	for (from = 0; from < SLOT_STATE_COUNT; from++)
		for (to = 0; to < SLOT_STATE_COUNT; to++) {
			bring_to(&slots, from);
			slot_move(&slots, 1, to);
			ck_assert_int_eq(slots_check(&slots), listed[from][to]);
			ck_assert_int_eq(slots.state[1],
					 listed[from][to] ? to : from);
		}
}
END_TEST

START_TEST(no_slot_of_that_number)
{
	struct slots slots;

	slots_init(&slots, 3);
	slot_move(&slots, 3, SLOT_FILLING);
	ck_assert(!slots_check(&slots));
	slots_init(&slots, 3);
	slot_move(&slots, SLOT_NONE, SLOT_FILLING);
	ck_assert(!slots_check(&slots));
}
END_TEST

START_TEST(taken_in_turn_until_none_is_free)
{
	struct slots slots;

	slots_init(&slots, 3);
	for (uint32_t i = 0; i < 3; i++)
		ck_assert_uint_eq(slots_take(&slots), i);
	ck_assert_uint_eq(slots_take(&slots), SLOT_NONE);
	slot_move(&slots, 1, SLOT_FREE);
	ck_assert_uint_eq(slots_take(&slots), 1);
	slot_move(&slots, 2, SLOT_FREE);
	slot_move(&slots, 0, SLOT_FREE);
	ck_assert_uint_eq(slots_take(&slots), 2);
	ck_assert_uint_eq(slots_take(&slots), 0);
	ck_assert(slots_check(&slots));
}
END_TEST

START_TEST(showing_frees_the_one_before)
{
	struct slots slots;
	uint32_t slot;

	slots_init(&slots, 2);
	ck_assert_uint_eq(slots.newest, SLOT_NONE);
	for (int i = 0; i < 10; i++) {
		slot = slots_take(&slots);
		ck_assert_uint_eq(slot, (uint32_t)i % 2);
		slot_move(&slots, slot, SLOT_QUEUED);
		ck_assert_uint_eq(slots.newest, slot);
		slot_replace_shown(&slots, slot);
		ck_assert_uint_eq(slots.in_state[SLOT_SHOWN], 1);
		ck_assert_uint_eq(slots.in_state[SLOT_FREE], 1);
	}
	ck_assert(slots_check(&slots));
}
END_TEST

/* A count that is off is found, whichever it is. */
START_TEST(check_finds_wrong_counts)
{
	struct slots slots;

	for (int i = 0; i < SLOT_STATE_COUNT; i++) {
		slots_init(&slots, 3);
		slots_take(&slots);
		slots.in_state[i]++;
		ck_assert(!slots_check(&slots));
	}
	slots_init(&slots, 3);
	slots.state[0] = SLOT_SHOWN;
	ck_assert(!slots_check(&slots));
}
END_TEST

START_TEST(random_walk)
{
	struct slots slots;
	uint32_t queued = SLOT_NONE, slot;

	srandom(1);
	slots_init(&slots, 3);
	for (int i = 0; i < 100000; i++) {
		slot = slots_take(&slots);
		if (slot != SLOT_NONE) {
			bool takes = queued == SLOT_NONE && random() % 3;

			slot_move(&slots, slot,
				  takes ? SLOT_QUEUED : SLOT_FREE);
			if (takes)
				queued = slot;
		}
		if (queued != SLOT_NONE && random() % 2) {
			slot_replace_shown(&slots, queued);
			queued = SLOT_NONE;
		}
		ck_assert(slots_check(&slots));
	}
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, only_the_listed_moves);
	tcase_add_test(tests, no_slot_of_that_number);
	tcase_add_test(tests, taken_in_turn_until_none_is_free);
	tcase_add_test(tests, showing_frees_the_one_before);
	tcase_add_test(tests, check_finds_wrong_counts);
	tcase_add_test(tests, random_walk);
}

int main(void)
{
	return run_suite("slot", add);
}
