/*
 * tests/runtime/test_intake.c: what ticks get of a source: the newest frame,
 * again, or the blank one; frames that flights hold stay as they are; and after
 * any number of frames and ticks every frame is accounted for.
 */
#include "runtime/cycle/intake.h"

#include <stdlib.h>

#include "runtime/port/display.h"
#include "tests/runtime/run_suite.h"

#define FRAMES	 5
#define FLIGHTS	 3
#define FRAMES_MANY 1000000

static const struct graph_source camera = {
	.name = "camera",
	.format = GRAPH_FORMAT_RGB565,
	.width = 6,
	.height = 4,
};
static struct source source;
static struct intake intake;
static struct ledger_source ledger;

static void setup(void)
{
	source = (struct source){.graph = &camera};
	ck_assert_int_eq(source_alloc(&source, &camera, FRAMES), 0);
	intake_init(&intake, &source);
	ledger = (struct ledger_source){.taken = 0};
}

static void teardown(void)
{
	source_free(&source);
}

/* The driver's side. False: no frame is free. */
static bool deliver(uint64_t sequence, int64_t stamp_ns)
{
	const struct source_facts facts = {.sequence = sequence,
					   .stamp_ns = stamp_ns};
	uint32_t frame;

	if (!source_free_frame(&source, &frame))
		return false;
	memcpy(source.frame[frame].plane[0], &sequence, sizeof(sequence));
	source_deliver(&source, &facts);
	return true;
}

static struct intake_share take(int64_t due_ns)
{
	struct intake_share share = intake_take(&intake, due_ns);

	ledger.taken += share.what == SOURCE_TAKEN;
	ledger.repeats += share.what == SOURCE_REPEATED;
	ledger.empty += share.what == SOURCE_EMPTY;
	ledger.passed_over += share.passed_over;
	return share;
}

static uint64_t picture_of_share(const struct intake_share *share)
{
	uint64_t sequence;

	memcpy(&sequence, share->picture.plane[0], sizeof(sequence));
	return sequence;
}

START_TEST(blank_then_newest_then_again)
{
	struct intake_share share = take(100);

	ck_assert_int_eq(share.what, SOURCE_EMPTY);
	ck_assert_ptr_eq(share.picture.plane[0], source.blank.plane[0]);
	ck_assert_int_eq(share.age_ns, FRAME_AGE_NONE);
	intake_give_back(&intake, share.frame);
	for (uint64_t i = 7; i < 10; i++)
		ck_assert(deliver(i, 40 + (int64_t)i));
	share = take(100);
	ck_assert_int_eq(share.what, SOURCE_TAKEN);
	ck_assert_uint_eq(share.passed_over, 2);
	ck_assert_uint_eq(share.sequence, 9);
	ck_assert_uint_eq(picture_of_share(&share), 9);
	ck_assert_int_eq(share.age_ns, 51);
	intake_give_back(&intake, share.frame);
	share = take(60);
	ck_assert_int_eq(share.what, SOURCE_REPEATED);
	ck_assert_uint_eq(share.passed_over, 0);
	ck_assert_uint_eq(share.sequence, 9);
	ck_assert_int_eq(share.age_ns, 11);
	intake_give_back(&intake, share.frame);
	ck_assert(intake_check(&intake, &ledger));
}
END_TEST

/* Stamps of the future are told as they are; none is none. */
START_TEST(stamps_of_any_kind)
{
	struct intake_share share;

	ck_assert(deliver(1, 500));
	share = take(100);
	ck_assert_int_eq(share.age_ns, -400);
	intake_give_back(&intake, share.frame);
	ck_assert(deliver(2, SOURCE_STAMP_NONE));
	share = take(100);
	ck_assert_int_eq(share.age_ns, FRAME_AGE_NONE);
	intake_give_back(&intake, share.frame);
}
END_TEST

/* What a flight holds is neither filled again nor given back twice. */
START_TEST(a_flight_keeps_its_frame)
{
	struct intake_share held, share;

	ck_assert(deliver(1, 0));
	held = take(0);
	for (uint64_t i = 2; i < 50; i++) {
		ck_assert(deliver(i, 0));
		share = take(0);
		ck_assert_uint_eq(share.sequence, i);
		ck_assert_uint_ne(share.frame, held.frame);
		ck_assert_uint_eq(picture_of_share(&held), 1);
		intake_give_back(&intake, share.frame);
	}
	intake_give_back(&intake, held.frame);
	/* all but the current one are free again */
	for (uint64_t i = 0; i < FRAMES - 1; i++)
		ck_assert(deliver(50 + i, 0));
	ck_assert(!deliver(60, 0));
	ck_assert(intake_check(&intake, &ledger));
}
END_TEST

/* A million frames against ticks and flights at random. */
START_TEST(every_frame_is_accounted_for)
{
	struct intake_share flight[FLIGHTS];
	uint64_t ticks = 0, delivered = 0, offered = 0, before = 0;
	uint32_t flying = 0;
	bool right = true; /* an assertion each would take minutes */

	srandom((unsigned int)_i);
	while (offered < FRAMES_MANY) {
		for (long n = random() % 4; n; n--)
			delivered += deliver(offered++, 0);
		if (flying < FLIGHTS && random() % 2) {
			flight[flying] = take(0);
			ticks++;
			if (flight[flying].frame != INTAKE_NONE) {
				right &= flight[flying].sequence >= before;
				before = flight[flying].sequence;
			}
			flying++;
		}
		for (uint32_t i = 0; i < flying; i++)
			if (flight[i].frame != INTAKE_NONE)
				right &= picture_of_share(&flight[i]) ==
					 flight[i].sequence;
		if (flying && random() % 2) {
			intake_give_back(&intake, flight[0].frame);
			memmove(flight, flight + 1,
				--flying * sizeof(flight[0]));
		}
	}
	ck_assert(right);
	ck_assert_uint_eq(delivered, atomic_load(&source.health.delivered));
	ck_assert_uint_eq(ticks,
			  ledger.taken + ledger.repeats + ledger.empty);
	ck_assert(intake_check(&intake, &ledger));
	ledger.passed_over++;
	ck_assert(!intake_check(&intake, &ledger));
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, blank_then_newest_then_again);
	tcase_add_test(tests, stamps_of_any_kind);
	tcase_add_test(tests, a_flight_keeps_its_frame);
	tcase_add_loop_test(tests, every_frame_is_accounted_for, 1, 4);
}

int main(void)
{
	return run_suite("intake", add);
}
