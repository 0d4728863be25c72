/*
 * tests/runtime/test_editor.c: sets of changes: all or nothing, at which tick,
 * and what is too much.
 */
#include "tests/runtime/editor_rig.h"
#include "tests/runtime/run_suite.h"

START_TEST(a_tick_that_has_begun)
{
	uint64_t tick;

	rig_open(0);
	changes_begin(&rig_changes, 9);
	rig_put_int(BALL_RADIUS, 41);
	rig_edit.refuse_late = true;
	ck_assert_int_eq(rig_commit_at(9, &tick), EDIT_LATE);
	rig_put_int(BALL_RADIUS, 41);
	ck_assert_int_eq(rig_commit_at(9, &tick), EDIT_DONE);
	ck_assert_uint_eq(tick, 10);
	rig_put_int(BALL_RADIUS, 42);
	rig_edit.relative = true;
	ck_assert_int_eq(rig_commit_at(5, &tick), EDIT_DONE);
	ck_assert_uint_eq(tick, 15);
	rig_close();
}
END_TEST

START_TEST(a_tick_after_the_end)
{
	uint64_t tick;

	rig_open(100);
	rig_put_int(BALL_RADIUS, 41);
	ck_assert_int_eq(rig_commit_at(100, &tick), EDIT_OVER);
	rig_put_int(BALL_RADIUS, 41);
	ck_assert_int_eq(rig_commit_at(99, &tick), EDIT_DONE);
	changes_begin(&rig_changes, 99);
	rig_put_int(BALL_RADIUS, 42);
	ck_assert_int_eq(editor_commit(&rig_editor, &rig_edit, &tick),
			 EDIT_OVER);
	rig_close();
}
END_TEST

START_TEST(the_last_answered_wins_for_its_parameter_only)
{
	uint64_t tick;

	rig_open(0);
	rig_put_int(BALL_RADIUS, 41);
	rig_put_int(BALL_ON, 0);
	ck_assert_int_eq(rig_commit_at(5, &tick), EDIT_DONE);
	rig_put_int(BALL_RADIUS, 42);
	ck_assert_int_eq(rig_commit_at(5, &tick), EDIT_DONE);
	changes_begin(&rig_changes, 5);
	ck_assert_int_eq(rig_params()->radius, 42);
	ck_assert_int_eq(rig_params()->on, 0);
	rig_close();
}
END_TEST

START_TEST(sixty_four_ticks_pend)
{
	struct editor_value value;
	uint64_t tick;
	int32_t i;

	rig_open(0);
	for (i = 0; i < EDITOR_TICKS_MAX; i++) {
		rig_put_int(BALL_RADIUS, 100 + i);
		ck_assert_int_eq(rig_commit_at(1 + (uint64_t)i, &tick),
				 EDIT_DONE);
	}
	rig_put_int(BALL_RADIUS, 1);
	rig_put_int(BALL_ON, 0);
	ck_assert_int_eq(rig_commit_at(500, &tick), EDIT_FULL);
	/* one more for a tick that pends is none more */
	rig_put_int(BALL_ON, 0);
	ck_assert_int_eq(rig_commit_at(3, &tick), EDIT_DONE);
	changes_begin(&rig_changes, 1);
	rig_put_int(BALL_RADIUS, 1);
	ck_assert_int_eq(rig_commit_at(500, &tick), EDIT_DONE);
	editor_look(&rig_editor, BALL_RADIUS, &value);
	ck_assert_int_eq(*(const int32_t *)(const void *)value.present, 100);
	ck_assert_int_eq(*(const int32_t *)(const void *)value.target, 1);
	ck_assert_uint_eq(value.changed, 1);
	for (i = 2; i <= EDITOR_TICKS_MAX; i++) {
		changes_begin(&rig_changes, (uint64_t)i);
		ck_assert_int_eq(rig_params()->radius, 99 + i);
	}
	rig_close();
}
END_TEST

START_TEST(what_is_refused_changes_nothing)
{
	uint64_t tick;

	rig_open(50);
	rig_put_int(BALL_RADIUS, 41);
	ck_assert_int_eq(rig_commit_at(60, &tick), EDIT_OVER);
	changes_begin(&rig_changes, 49);
	ck_assert_int_eq(rig_params()->radius, 40);
	rig_close();
}
END_TEST

START_TEST(it_goes_back_after_a_hold)
{
	uint64_t tick;

	rig_open(0);
	rig_put_int(BALL_RADIUS, 99);
	rig_put_int(BALL_ON, 0);
	rig_edit.hold = 10;
	ck_assert_int_eq(rig_commit_at(5, &tick), EDIT_DONE);
	changes_begin(&rig_changes, 14);
	ck_assert_int_eq(rig_params()->radius, 99);
	changes_begin(&rig_changes, 15);
	ck_assert_int_eq(rig_params()->radius, 40);
	ck_assert_int_eq(rig_params()->on, 1);
	ck_assert_uint_eq(rig_changed(BALL_ON), 15);
	rig_close();
}
END_TEST

START_TEST(sixty_four_move_at_once)
{
	uint64_t tick;
	int32_t i;

	rig_open(0);
	for (i = 0; i < CHANGES_RAMPS_MAX / 2; i++) {
		static const double to[2];

		rig_put_int(BALL_RADIUS, 1 + i);
		rig_put(BALL_VELOCITY, to);
		rig_edit.over = 1000;
		ck_assert_int_eq(rig_commit_at(10 * (uint64_t)i, &tick),
				 EDIT_DONE);
	}
	rig_put_int(BALL_RADIUS, 1);
	rig_edit.over = 2;
	ck_assert_int_eq(rig_commit_at(900, &tick), EDIT_RAMPS);
	changes_begin(&rig_changes, 310); /* each but the last was taken over */
	rig_put_int(BALL_RADIUS, 1);
	rig_edit.over = 2;
	ck_assert_int_eq(rig_commit_at(900, &tick), EDIT_DONE);
	rig_close();
}
END_TEST

/* The target of a ramp under way, and what it is on the way. */
START_TEST(a_look_at_what_moves)
{
	struct editor_value value;

	rig_open(0);
	rig_put_int(BALL_RADIUS, 60);
	rig_edit.over = 20;
	ck_assert_uint_eq(rig_commit_now(), 0);
	changes_begin(&rig_changes, 9);
	editor_look(&rig_editor, BALL_RADIUS, &value);
	ck_assert_int_eq(*(const int32_t *)(const void *)value.present, 50);
	ck_assert_int_eq(*(const int32_t *)(const void *)value.target, 60);
	ck_assert_int_eq(rig_params()->radius, 50);
	rig_close();
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, a_tick_that_has_begun);
	tcase_add_test(tests, a_tick_after_the_end);
	tcase_add_test(tests, the_last_answered_wins_for_its_parameter_only);
	tcase_add_test(tests, sixty_four_ticks_pend);
	tcase_add_test(tests, what_is_refused_changes_nothing);
	tcase_add_test(tests, it_goes_back_after_a_hold);
	tcase_add_test(tests, sixty_four_move_at_once);
	tcase_add_test(tests, a_look_at_what_moves);
}

int main(void)
{
	return run_suite("editor", add);
}
