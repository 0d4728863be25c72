/*
 * tests/runtime/test_changes.c: changes come at their tick, from another thread,
 * whatever ticks are skipped.
 */
#include <pthread.h>
#include <sched.h>

#include "tests/runtime/editor_rig.h"
#include "tests/runtime/run_suite.h"

START_TEST(a_change_is_there_at_its_tick)
{
	uint64_t tick;

	rig_open(0);
	rig_put_int(BALL_RADIUS, 41);
	ck_assert_int_eq(rig_commit_at(3, &tick), EDIT_DONE);
	ck_assert_uint_eq(tick, 3);
	changes_begin(&rig_changes, 0);
	changes_begin(&rig_changes, 2);
	ck_assert_int_eq(rig_params()->radius, 40);
	ck_assert_uint_eq(rig_changed(BALL_RADIUS), 0);
	changes_begin(&rig_changes, 3);
	ck_assert_int_eq(rig_params()->radius, 41);
	ck_assert_uint_eq(rig_changed(BALL_RADIUS), 3);
	rig_put_int(BALL_RADIUS, 42);
	ck_assert_uint_eq(rig_commit_now(), 4);
	changes_begin(&rig_changes, 9); /* 4 was skipped */
	ck_assert_int_eq(rig_params()->radius, 42);
	ck_assert_uint_eq(rig_changed(BALL_RADIUS), 4);
	rig_close();
}
END_TEST

START_TEST(a_schedule_that_was_not_taken_is_replaced)
{
	rig_open(0);
	rig_put_int(BALL_RADIUS, 1);
	ck_assert_uint_eq(rig_commit_now(), 0);
	rig_put_int(BALL_ON, 0);
	ck_assert_uint_eq(rig_commit_now(), 0);
	rig_put_int(BALL_RADIUS, 3);
	ck_assert_uint_eq(rig_commit_now(), 0);
	changes_begin(&rig_changes, 0);
	ck_assert_int_eq(rig_params()->radius, 3);
	ck_assert_int_eq(rig_params()->on, 0);
	rig_close();
}
END_TEST

START_TEST(a_tick_that_began_meanwhile_is_noticed)
{
	uint64_t seen;
	uint32_t spare;

	rig_open(0);
	seen = changes_look(&rig_changes);
	spare = rig_editor.spare;
	changes_begin(&rig_changes, 0);
	ck_assert(!changes_publish(&rig_changes, seen, &spare));
	ck_assert_uint_eq(spare, rig_editor.spare);
	seen = changes_look(&rig_changes);
	ck_assert_uint_eq(changes_next_tick(seen), 1);
	ck_assert(changes_publish(&rig_changes, seen, &spare));
	rig_close();
}
END_TEST

/* ---- on the way ------------------------------------------------------------------ */

START_TEST(a_ramp_begins_at_its_tick_and_is_there_at_its_last)
{
	static const int32_t expected[] = {40, 44, 48, 52, 56, 60, 60};
	uint64_t tick;

	rig_open(0);
	rig_put_int(BALL_RADIUS, 60);
	rig_edit.over = 5;
	ck_assert_int_eq(rig_commit_at(1, &tick), EDIT_DONE);
	for (uint64_t i = 0; i < 7; i++) {
		changes_begin(&rig_changes, i);
		ck_assert_int_eq(rig_params()->radius, expected[i]);
		ck_assert_uint_eq(rig_changed(BALL_RADIUS), i > 5 ? 5 : i);
	}
	rig_close();
}
END_TEST

START_TEST(a_new_target_begins_where_it_was)
{
	uint64_t tick;

	rig_open(0);
	rig_put_int(BALL_RADIUS, 140);
	rig_edit.over = 10;
	ck_assert_int_eq(rig_commit_at(0, &tick), EDIT_DONE);
	changes_begin(&rig_changes, 4);
	ck_assert_int_eq(rig_params()->radius, 90);
	rig_put_int(BALL_RADIUS, 40);
	rig_edit.over = 5;
	ck_assert_uint_eq(rig_commit_now(), 5);
	changes_begin(&rig_changes, 5);
	ck_assert_int_eq(rig_params()->radius, 80);
	changes_begin(&rig_changes, 100);
	ck_assert_int_eq(rig_params()->radius, 40);
	ck_assert_uint_eq(rig_changed(BALL_RADIUS), 9);
	ck_assert_uint_eq(rig_changes.params.ramp_count, 0);
	rig_close();
}
END_TEST

START_TEST(colours_and_vectors_move_part_by_part)
{
	static const double to[] = {0, 99.5};
	static const uint32_t color = 0xff00ff00;
	static const uint32_t veil = 0x00102030;

	rig_open(0);
	rig_put(BALL_VELOCITY, to);
	rig_put(BACK_COLOR, &color);
	rig_put(BACK_VEIL, &veil);
	rig_edit.over = 2;
	ck_assert_uint_eq(rig_commit_now(), 0);
	changes_begin(&rig_changes, 0);
	ck_assert_double_eq(rig_params()->velocity[0], 200);
	ck_assert_double_eq(rig_params()->velocity[1], 49.5);
	ck_assert_uint_eq(rig_params()->color, 0xff7fc000);
	ck_assert_uint_eq(rig_params()->veil, 0x40102030);
	changes_begin(&rig_changes, 1);
	ck_assert_double_eq(rig_params()->velocity[1], 99.5);
	ck_assert_uint_eq(rig_params()->color, color);
	ck_assert_uint_eq(rig_params()->veil, veil);
	rig_close();
}
END_TEST

/* A whole show, every tick or some of them: what is at a tick is the same. */
#define SHOW_TICKS 400

static struct sample_params seen_params[SHOW_TICKS];
static uint64_t seen_changed[SHOW_TICKS][8];

static void plan_show(unsigned int seed)
{
	srandom(seed);
	for (int i = 0; i < 60; i++) {
		uint64_t tick;
		double to[2] = {(double)(random() % 1000), 1};

		rig_put_int(BALL_RADIUS, (int32_t)(1 + random() % 4000));
		if (random() % 2)
			rig_put(BALL_VELOCITY, to);
		rig_edit.over = (uint32_t)(random() % 30);
		rig_edit.ease = (enum ease)(random() % EASE_COUNT);
		ck_assert_int_le(rig_commit_at((uint64_t)random() % 300, &tick),
				 EDIT_RAMPS);
	}
}

START_TEST(skipped_ticks_change_nothing)
{
	uint64_t tick;

	rig_open(0);
	plan_show((unsigned int)_i);
	for (tick = 0; tick < SHOW_TICKS; tick++) {
		changes_begin(&rig_changes, tick);
		seen_params[tick] = *rig_params();
		memcpy(seen_changed[tick], rig_pool, 64);
	}
	rig_close();
	rig_open(0);
	plan_show((unsigned int)_i);
	for (tick = 0; tick < SHOW_TICKS; tick += 1 + (uint64_t)random() % 20) {
		changes_begin(&rig_changes, tick);
		ck_assert_msg(!memcmp(&seen_params[tick], rig_params(),
				      sizeof(struct sample_params)),
			      "seed %d: values at tick %lu", _i,
			      (unsigned long)tick);
		ck_assert_msg(!memcmp(seen_changed[tick], rig_pool, 64),
			      "seed %d: changed at tick %lu", _i,
			      (unsigned long)tick);
	}
	rig_close();
}
END_TEST

/* ---- two threads ------------------------------------------------------------------- */

#define SETS 100000

static atomic_bool over;
static uint64_t first_seen[SETS + 1];

/* Begins tick after tick, and notes when a value was first there. */
static void *ticks(void *unused)
{
	uint64_t tick;
	int32_t last = 0;

	for (tick = 0; !atomic_load(&over); tick += 1 + tick % 3) {
		changes_begin(&rig_changes, tick);
		if (rig_params()->weights[0] == last)
			continue;
		last = rig_params()->weights[0];
		if (first_seen[last])
			return "came back";
		first_seen[last] = tick;
		/* a set is three values, all or nothing */
		if (rig_params()->weights[1] != last ||
		    rig_params()->weights[2] != -last)
			return "torn";
	}
	return unused;
}

/* Of each tick that was answered, the last set is there when it begins, or, if
 * that one is skipped, at the first one after it; no other ever is. */
START_TEST(the_answers_tick_is_the_one)
{
	static uint64_t answered[SETS + 2];
	pthread_t thread;
	void *fault;
	int32_t i;

	rig_open(0);
	memcpy(rig_pool + SAMPLE_PARAMS, &(struct sample_params){.radius = 1},
	       sizeof(struct sample_params));
	pthread_create(&thread, NULL, ticks, NULL);
	for (i = 1; i <= SETS; i++) {
		int32_t weights[3] = {i, i, -i};

		rig_put(BACK_WEIGHTS, weights);
		answered[i] = rig_commit_now();
		if (i % 64 == 0)
			sched_yield();
	}
	answered[SETS + 1] = UINT64_MAX;
	while (editor_next_tick(&rig_editor) <= answered[SETS] + 1)
		sched_yield();
	atomic_store(&over, true);
	pthread_join(thread, &fault);
	ck_assert_msg(!fault, "%s", (const char *)fault);
	for (i = 1; i <= SETS; i++) {
		bool wins = answered[i] != answered[i + 1];

		ck_assert_uint_le(answered[i], answered[i + 1]);
		if (!wins)
			ck_assert_msg(!first_seen[i], "set %d was seen", i);
		else if (first_seen[i]) /* ticks go in steps of 1 to 3 */
			ck_assert_msg(first_seen[i] >= answered[i] &&
					      first_seen[i] <= answered[i] + 2,
				      "set %d: tick %lu, seen at %lu", i,
				      (unsigned long)answered[i],
				      (unsigned long)first_seen[i]);
	}
	rig_close();
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, a_change_is_there_at_its_tick);
	tcase_add_test(tests, a_schedule_that_was_not_taken_is_replaced);
	tcase_add_test(tests, a_tick_that_began_meanwhile_is_noticed);
	tcase_add_test(tests, a_ramp_begins_at_its_tick_and_is_there_at_its_last);
	tcase_add_test(tests, a_new_target_begins_where_it_was);
	tcase_add_test(tests, colours_and_vectors_move_part_by_part);
	tcase_add_loop_test(tests, skipped_ticks_change_nothing, 0, 20);
	tcase_add_test(tests, the_answers_tick_is_the_one);
	tcase_set_timeout(tests, 60);
}

int main(void)
{
	return run_suite("changes", add);
}
