/*
 * tests/runtime/test_intake.c: what ticks get of a source: the newest frame,
 * again, or the blank one; frames that flights hold stay as they are; and after
 * any number of frames and ticks every frame is accounted for.
 */
#include "runtime/cycle/intake.h"

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

#include "runtime/port/display.h"
#include "tests/fakes/clock.c"
#include "tests/runtime/run_suite.h"

#define FRAMES	 5
#define FLIGHTS	 3
#define FRAMES_MANY 1000000

static struct graph_source camera = {
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
	camera.policy = GRAPH_POLICY_NEWEST;
	camera.hold = false;
	fake_clock = (struct fake_clock){.now_ns = 1};
	source = (struct source){.graph = &camera};
	ck_assert_int_eq(source_alloc(&source, &camera, FRAMES), 0);
	intake_init(&intake, &source, NULL, NS_PER_SECOND / 60);
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
	ledger.card += share.what == SOURCE_CARD;
	ledger.passed_over += share.passed_over;
	return share;
}

static uint64_t picture_of_share(const struct intake_share *share)
{
	uint64_t sequence;

	memcpy(&sequence, share->picture.plane[0], sizeof(sequence));
	return sequence;
}

/* What nodes are told: nothing of a blank one, ages from 0 on, none of a frame
 * without a stamp or in a nominal run. */
START_TEST(facts_for_nodes)
{
	struct intake_share share = take(100);
	struct tick_source facts = intake_facts(&share, false);

	ck_assert(!facts.shown && !facts.stamped);
	ck_assert(deliver(7, 60));
	share = take(100);
	facts = intake_facts(&share, false);
	ck_assert(facts.shown && facts.stamped);
	ck_assert_uint_eq(facts.sequence, 7);
	ck_assert_int_eq(facts.age_ns, 40);
	intake_give_back(&intake, share.frame);
	share = take(131); /* again */
	facts = intake_facts(&share, false);
	ck_assert_uint_eq(facts.sequence, 7);
	ck_assert_int_eq(facts.age_ns, 71);
	facts = intake_facts(&share, true);
	ck_assert(facts.shown && !facts.stamped);
	ck_assert_uint_eq(facts.sequence, 7);
	ck_assert_int_eq(facts.age_ns, 0);
	intake_give_back(&intake, share.frame);
	ck_assert(deliver(8, 1000)); /* in the future */
	share = take(140);
	facts = intake_facts(&share, false);
	ck_assert(facts.shown && facts.stamped);
	ck_assert_int_eq(facts.age_ns, 0);
	intake_give_back(&intake, share.frame);
	ck_assert(deliver(9, SOURCE_STAMP_NONE));
	share = take(150);
	facts = intake_facts(&share, false);
	ck_assert(facts.shown && !facts.stamped);
	ck_assert_uint_eq(facts.sequence, 9);
	intake_give_back(&intake, share.frame);
}
END_TEST

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
	camera.policy = GRAPH_POLICY_EVERY;
	for (uint64_t i = 0; i < FRAMES - 1; i++)
		ck_assert(deliver(50 + i, 0));
	ck_assert(!deliver(60, 0));
	ck_assert(intake_check(&intake, &ledger));
}
END_TEST

/* However many come between two ticks: what flights hold stays, of the others
 * the newest is there, and the tick that follows counts all that it passed. */
START_TEST(the_newest_of_more_than_there_are_frames)
{
	struct intake_share held, share;
	uint64_t before = 0;

	ck_assert(deliver(0, 0));
	held = take(0);
	for (uint64_t n = 1; n < 40; n++) {
		for (uint64_t i = 1; i <= n; i++)
			ck_assert(deliver(before + i, 0));
		share = take(0);
		ck_assert_uint_eq(share.sequence, before + n);
		ck_assert_uint_eq(picture_of_share(&share), before + n);
		ck_assert_uint_eq(share.passed_over, n - 1);
		ck_assert_uint_eq(picture_of_share(&held), 0);
		intake_give_back(&intake, share.frame);
		before += n;
	}
	/* none is taken back where no newer one follows */
	intake_give_back(&intake, held.frame);
	while (deliver(++before, 0) && source_waiting(&source) < FRAMES - 1)
		;
	ck_assert(deliver(++before, 0));
	ck_assert(intake_check(&intake, &ledger));
	share = take(0);
	ck_assert_uint_eq(share.sequence, before);
	ck_assert_uint_eq(source.health.lost, 0);
	ck_assert(intake_check(&intake, &ledger));
}
END_TEST

/* The last one that waits is the ticks', whoever wants it. */
START_TEST(the_newest_is_not_taken_back)
{
	struct intake_share held[FRAMES];
	uint32_t frame, i;

	for (i = 0; i < FRAMES - 1; i++) {
		ck_assert(deliver(i, 0));
		held[i] = take(0);
	}
	ck_assert(deliver(i, 0));
	ck_assert(!source_free_frame(&source, &frame));
	ck_assert(!source_take_back(&source));
	held[i] = take(0);
	ck_assert_uint_eq(held[i].sequence, FRAMES - 1);
	for (i = 0; i < FRAMES; i++) {
		ck_assert_uint_eq(picture_of_share(&held[i]), i);
		intake_give_back(&intake, held[i].frame);
	}
	ck_assert_uint_eq(source.health.taken_back, 0);
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

/* What one tick shows; nothing holds it. */
static struct intake_share look(int64_t due_ns)
{
	struct intake_share share = take(due_ns);

	intake_give_back(&intake, share.frame);
	return share;
}

START_TEST(a_lost_source_has_a_card_after_a_second)
{
	struct intake_share share;

	ck_assert(deliver(1, 0));
	ck_assert_int_eq(look(100).what, SOURCE_TAKEN);
	source_set_state(&source, SOURCE_LOST, "unplugged", 150);
	ck_assert_int_eq(look(200).what, SOURCE_REPEATED);
	ck_assert_int_eq(look(199 + INTAKE_HOLD_NS).what, SOURCE_REPEATED);
	share = look(200 + INTAKE_HOLD_NS);
	ck_assert_int_eq(share.what, SOURCE_CARD);
	ck_assert_ptr_eq(share.picture.plane[0], source.card.plane[0]);
	ck_assert_int_eq(share.age_ns, FRAME_AGE_NONE);
	ck_assert_int_eq(share.stamp_ns, SOURCE_STAMP_NONE);
	/* back, but for a picture */
	source_set_state(&source, SOURCE_RUNNING, NULL, 300);
	ck_assert_int_eq(look(300 + INTAKE_HOLD_NS).what, SOURCE_CARD);
	ck_assert(deliver(2, 0));
	ck_assert_int_eq(look(400 + INTAKE_HOLD_NS).what, SOURCE_TAKEN);
	ck_assert_int_eq(look(400 + 9 * INTAKE_HOLD_NS).what, SOURCE_REPEATED);
	/* the second is counted from each loss on */
	source_set_state(&source, SOURCE_LOST, "unplugged", 500);
	ck_assert_int_eq(look(10 * INTAKE_HOLD_NS).what, SOURCE_REPEATED);
	ck_assert_int_eq(look(11 * INTAKE_HOLD_NS).what, SOURCE_CARD);
	ck_assert(intake_check(&intake, &ledger));
	ck_assert_uint_eq(ledger.card, 3);
}
END_TEST

START_TEST(a_source_lost_from_the_start_has_a_card)
{
	source_set_state(&source, SOURCE_LOST, "in use", 0);
	ck_assert_int_eq(look(0).what, SOURCE_EMPTY);
	ck_assert_int_eq(look(INTAKE_HOLD_NS).what, SOURCE_CARD);
}
END_TEST

START_TEST(hold_is_for_good)
{
	camera.hold = true;
	ck_assert(deliver(1, 0));
	look(0);
	source_set_state(&source, SOURCE_LOST, "stalled", 0);
	for (int64_t i = 0; i < 100; i++)
		ck_assert_int_eq(look(i * INTAKE_HOLD_NS).what,
				 SOURCE_REPEATED);
}
END_TEST

START_TEST(an_ended_source_keeps_its_last_frame)
{
	camera.policy = GRAPH_POLICY_EVERY;
	ck_assert(deliver(1, 0));
	ck_assert(deliver(2, 0));
	source_set_state(&source, SOURCE_ENDED, NULL, 0);
	ck_assert_uint_eq(look(0).sequence, 1);
	ck_assert(!intake_is_behind(&intake));
	for (int64_t i = 1; i < 9; i++)
		ck_assert_uint_eq(look(i * INTAKE_HOLD_NS).sequence, 2);
	ck_assert_uint_eq(ledger.taken, 2);
	ck_assert_uint_eq(ledger.repeats, 7);
}
END_TEST

static int pauses;
static atomic_bool stop;

static void deliver_later(void)
{
	if (++pauses == 30)
		ck_assert(deliver(7, 0));
}

static void stop_later(void)
{
	if (++pauses == 30)
		atomic_store(&stop, true);
}

static void lose_later(void)
{
	if (++pauses == 30)
		source_set_state(&source, SOURCE_LOST, "stalled", 0);
}

START_TEST(every_waits_for_its_frame)
{
	static void (*const later[])(void) = {deliver_later, stop_later,
					      lose_later};

	camera.policy = GRAPH_POLICY_EVERY;
	ck_assert(intake_is_behind(&intake));
	fake_clock.paused = later[_i];
	intake_wait(&intake, &stop);
	ck_assert_int_eq(pauses, 30);
	ck_assert_int_eq(look(0).what, _i ? SOURCE_EMPTY : SOURCE_TAKEN);
}
END_TEST

/* A driver that says nothing is waited for once. */
START_TEST(every_does_not_wait_for_ever)
{
	camera.policy = GRAPH_POLICY_EVERY;
	intake_wait(&intake, &stop);
	ck_assert_int_ge(fake_clock.now_ns, INTAKE_WAIT_NS);
	ck_assert_int_le(fake_clock.now_ns, INTAKE_WAIT_NS + NS_PER_SECOND);
	ck_assert(!intake_is_behind(&intake));
	ck_assert_int_eq(look(0).what, SOURCE_EMPTY);
	ck_assert(!intake_is_behind(&intake));
	ck_assert(deliver(1, 0));
	look(0);
	ck_assert(intake_is_behind(&intake));
}
END_TEST

/* Nobody else waits. */
START_TEST(only_every_is_behind)
{
	for (uint32_t i = 0; i < GRAPH_POLICY_COUNT; i++) {
		camera.policy = (enum graph_policy)i;
		ck_assert_int_eq(intake_is_behind(&intake),
				 i == GRAPH_POLICY_EVERY);
	}
}
END_TEST

#define THREAD_FRAMES 20000

/* A driver: all that it may call, as quickly as frames are free. */
static void *drive(void *arg)
{
	struct source_facts facts = {.sequence = 0};
	uint32_t frame;

	(void)arg;
	while (facts.sequence < THREAD_FRAMES) {
		facts.stamp_ns = (int64_t)facts.sequence * NS_PER_SECOND / 60;
		if (facts.sequence % 100 == 50)
			source_set_state(&source, SOURCE_LOST, "stalled",
					 facts.stamp_ns);
		if (!source_free_frame(&source, &frame)) {
			sched_yield();
			continue;
		}
		memcpy(source.frame[frame].plane[0], &facts.sequence,
		       sizeof(facts.sequence));
		source_inspect(&source, frame, facts.stamp_ns);
		source_deliver(&source, &facts);
		source_set_state(&source, SOURCE_RUNNING, NULL, facts.stamp_ns);
		source_count_lost(&source, 1, "corrupt", facts.stamp_ns);
		facts.sequence++;
	}
	source_set_state(&source, SOURCE_ENDED, NULL, facts.stamp_ns);
	return NULL;
}

/* Whatever the policy, with both sides at work; what the sanitizers look at. */
START_TEST(the_driver_has_a_thread)
{
	struct intake_share share;
	uint64_t before = 0, ticks = 0;
	bool ended, right = true;
	pthread_t thread;

	camera.policy = (enum graph_policy)_i;
	ck_assert_int_eq(pthread_create(&thread, NULL, drive, NULL), 0);
	do {
		ended = atomic_load(&source.health.state) == SOURCE_ENDED;
		share = take((int64_t)ticks++ * NS_PER_SECOND / 60);
		if (share.frame != INTAKE_NONE) {
			right &= share.sequence >= before;
			right &= picture_of_share(&share) == share.sequence;
			before = share.sequence;
		}
		intake_give_back(&intake, share.frame);
		if (share.what != SOURCE_TAKEN)
			sched_yield();
	} while (!ended || share.what == SOURCE_TAKEN);
	pthread_join(thread, NULL);
	ck_assert(right);
	ck_assert_uint_eq(source.health.delivered, THREAD_FRAMES);
	ck_assert_uint_eq(source.health.lost, THREAD_FRAMES);
	ck_assert_uint_eq(ticks, ledger.taken + ledger.repeats + ledger.empty +
					 ledger.card);
	ck_assert(intake_check(&intake, &ledger));
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_set_timeout(tests, 120); /* for the sanitizers */
	tcase_add_test(tests, facts_for_nodes);
	tcase_add_test(tests, blank_then_newest_then_again);
	tcase_add_test(tests, stamps_of_any_kind);
	tcase_add_test(tests, a_flight_keeps_its_frame);
	tcase_add_test(tests, the_newest_of_more_than_there_are_frames);
	tcase_add_test(tests, the_newest_is_not_taken_back);
	tcase_add_loop_test(tests, every_frame_is_accounted_for, 1, 4);
	tcase_add_test(tests, a_lost_source_has_a_card_after_a_second);
	tcase_add_test(tests, a_source_lost_from_the_start_has_a_card);
	tcase_add_test(tests, hold_is_for_good);
	tcase_add_test(tests, an_ended_source_keeps_its_last_frame);
	tcase_add_loop_test(tests, every_waits_for_its_frame, 0, 3);
	tcase_add_test(tests, every_does_not_wait_for_ever);
	tcase_add_test(tests, only_every_is_behind);
	/* with needs another source: test_policies */
	tcase_add_loop_test(tests, the_driver_has_a_thread, 0,
			    GRAPH_POLICY_WITH);
}

int main(void)
{
	return run_suite("intake", add);
}
