/*
 * tests/drivers/test_kms_faults.c: what a running KMS display does about each
 * fault of the kernel, on the fake device: which states it passes, that the
 * tick thread makes no call while the helper has the display, that every frame
 * is accounted for, and that it comes back. The rows D1 to D14 are those of
 * docs/kms.md.
 */
#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/base/rate.h"
#include "tests/fakes/kms_rig.h"

static struct kms_rig rig;

static void running(void)
{
	fake_drm_reset();
	fake_thread_error = 0;
	memset(&rig, 0, sizeof(rig));
	ck_assert_msg(!kms_rig_open(&rig, NULL), "%s", rig.refusal);
	ck_assert_int_eq(kms_rig_start(&rig), 0);
	fake_drm_pass(FAKE_PERIOD_NS / 2);
	kms_rig_ticks(&rig, 50);
	ck_assert_uint_eq(rig.shown, 49);
}

static void expect_state(enum display_state state)
{
	ck_assert_msg(kms_rig_state(&rig) == state, "%s, not %s",
		      display_state_name(kms_rig_state(&rig)),
		      display_state_name(state));
}

/* Frames go through again, and the slots add up. */
static void expect_running(void)
{
	uint32_t shown = rig.shown;

	kms_rig_ticks(&rig, 20);
	ck_assert_uint_ge(rig.shown, shown + 18);
	ck_assert(slots_check(&rig.slots));
	ck_assert_uint_le(rig.slots.in_state[SLOT_QUEUED], 1);
	ck_assert_int_ge(rig.display.event_fd, 0);
	ck_assert_uint_eq(rig.display.slot[0].pitch, 7680);
}

/* While the helper has the display the tick thread asks the kernel nothing and
 * draws into private memory. */
static void expect_parked(enum display_state state)
{
	uint32_t lost = rig.lost, slot;
	int calls = fake_drm.calls;

	kms_rig_ticks(&rig, 10);
	expect_state(state);
	ck_assert_int_eq(fake_drm.calls, calls);
	ck_assert_uint_eq(rig.lost, lost + 10);
	ck_assert_int_eq(rig.display.event_fd, -1);
	for (slot = 0; slot < rig.display.slot_count; slot++)
		ck_assert_uint_eq(rig.display.slot[slot].pitch, 0);
}

static void end(void)
{
	kms_rig_close(&rig);
	ck_assert_msg(fake_drm_is_clean(), "%d fds, %d maps, %d fbs, %d blobs",
		      fake_drm.fds, fake_drm.maps, fake_drm.fbs,
		      fake_drm.blobs);
}

static uint64_t health(const _Atomic uint64_t *counter)
{
	return atomic_load(counter);
}

/* D1: another program took the display; it comes back when that one ends. */
START_TEST(master_lost)
{
	running();
	fake_drm.other_master = true;
	kms_rig_ticks(&rig, 2);
	expect_parked(DISPLAY_STATE_NO_MASTER);
	kms_rig_help(&rig);
	expect_state(DISPLAY_STATE_NO_MASTER);
	fake_drm.other_master = false;
	kms_rig_help(&rig);
	expect_state(DISPLAY_STATE_RUNNING);
	expect_running();
	ck_assert_uint_eq(health(&rig.display.health.losses), 1);
	ck_assert_uint_eq(health(&rig.display.health.recoveries), 1);
	end();
}
END_TEST

/* A record for each state that the display was in, but not for flips. */
START_TEST(states_are_in_the_journal)
{
	static const enum display_state wanted[] = {
		DISPLAY_STATE_NO_MASTER, DISPLAY_STATE_RECOVERING,
		DISPLAY_STATE_RUNNING};
	struct journal_record record;
	uint32_t i;

	running();
	kms_rig_ticks(&rig, 50);
	ck_assert_uint_eq(journal_newest(rig.journal.header, 0), 0);
	fake_drm.other_master = true;
	kms_rig_ticks(&rig, 2);
	fake_drm.other_master = false;
	kms_rig_help(&rig);
	expect_running();
	ck_assert_uint_eq(journal_newest(rig.journal.header, 0), 3);
	for (i = 0; i < 3; i++) {
		ck_assert(journal_read(rig.journal.header, 0, i + 1, &record));
		ck_assert_uint_eq(record.kind, JOURNAL_DISPLAY_STATE);
		ck_assert_int_eq(record.value[0], wanted[i]);
	}
	end();
}
END_TEST

/* D4: the kernel says busy with nothing of ours pending: dropped, tried again
 * with the next frame. */
START_TEST(busy_for_a_moment)
{
	uint32_t shown;
	int calls;

	running();
	kms_rig_tick(&rig);
	fake_drm_pass(FAKE_PERIOD_NS); /* the flip is over by the next tick */
	fake_drm.flip_error = EBUSY;
	calls = fake_drm.calls;
	kms_rig_ticks(&rig, 3);
	ck_assert_int_eq(fake_drm.calls - calls, 3); /* one commit each */
	fake_drm.flip_error = 0;
	expect_state(DISPLAY_STATE_RUNNING);
	ck_assert_uint_ge(rig.busy, 2);
	shown = rig.shown;
	expect_running();
	ck_assert_uint_ge(rig.shown, shown + 19);
	ck_assert_uint_eq(health(&rig.display.health.stalls), 0);
	end();
}
END_TEST

START_TEST(busy_for_too_long)
{
	running();
	fake_drm.flip_error = EBUSY;
	kms_rig_ticks(&rig, 12);
	expect_state(DISPLAY_STATE_STALLED);
	fake_drm.flip_error = 0;
	kms_rig_help(&rig);
	expect_running();
	end();
}
END_TEST

/* D5: the event never comes. Until the deadline frames are dropped as busy;
 * then the helper makes one blocking commit of the frame that hangs. */
START_TEST(event_lost)
{
	uint32_t pending_slot, none;

	running();
	fake_drm.lose_events = true;
	kms_rig_ticks(&rig, 5);
	expect_state(DISPLAY_STATE_BUSY);
	kms_rig_ticks(&rig, 3);
	expect_parked(DISPLAY_STATE_STALLED);
	ck_assert_uint_eq(health(&rig.display.health.stalls), 1);
	pending_slot = rig.recover->flip->slot;
	none = rig.none;
	kms_rig_help(&rig);
	ck_assert_int_ge(fake_drm.now_ns, 1030 * NS_PER_SECOND); /* it hung */
	expect_state(DISPLAY_STATE_RUNNING);
	fake_drm.lose_events = false;
	expect_running();
	ck_assert_uint_eq(rig.none, none + 1); /* the hung frame, by then */
	ck_assert_uint_lt(pending_slot, 3);
	ck_assert_uint_eq(fake_drm.modesets, 2);
	end();
}
END_TEST

/* The event of before comes after the recovery: nobody's. */
START_TEST(stale_event)
{
	uint64_t token;
	uint32_t shown;

	running();
	fake_drm.lose_events = true;
	kms_rig_ticks(&rig, 10);
	token = fake_drm.token;
	kms_rig_help(&rig);
	fake_drm.lose_events = false;
	shown = rig.shown;
	kms_rig_tick(&rig); /* takes the display back, flips */
	ck_assert_uint_eq(rig.shown, shown + 1);
	ck_assert_uint_gt(fake_drm.token, token);
	fake_drm.token = token;
	fake_drm.event_ready = true;
	fake_drm.pending = false;
	kms_rig_tick(&rig);
	ck_assert_uint_eq(rig.shown, shown + 1);
	expect_state(DISPLAY_STATE_BUSY);
	ck_assert(slots_check(&rig.slots));
	kms_rig_close(&rig);
}
END_TEST

/* Nothing helps: commit, off and on twice, then the run ends. */
START_TEST(stalls_for_ever)
{
	int round;

	running();
	fake_drm.lose_events = true;
	for (round = 0; round < KMS_STALLS_MAX; round++) {
		kms_rig_ticks(&rig, 12);
		expect_state(DISPLAY_STATE_STALLED);
		kms_rig_help(&rig);
	}
	expect_state(DISPLAY_STATE_FAILED);
	ck_assert_int_eq(kms_rig_tick(&rig), DISPLAY_FAILED);
	ck_assert_uint_ge(fake_drm.shows, 5);
	end();
}
END_TEST

/* D7: the driver refuses what it took before. */
START_TEST(commits_refused)
{
	running();
	fake_drm.flip_error = EINVAL;
	kms_rig_ticks(&rig, 10);
	expect_state(DISPLAY_STATE_RUNNING); /* 167 ms: drops only */
	ck_assert_uint_ge(rig.lost, 9);
	kms_rig_ticks(&rig, 10);
	expect_parked(DISPLAY_STATE_RECOVERING);
	fake_drm.flip_error = 0;
	kms_rig_help(&rig);
	expect_running();
	ck_assert_int_eq(atomic_load(&rig.display.health.last_error), -EINVAL);
	end();
}
END_TEST

START_TEST(recovery_refused_for_good)
{
	int round;

	running();
	fake_drm.flip_error = EINVAL;
	fake_drm.show_error = EINVAL;
	kms_rig_ticks(&rig, 20);
	for (round = 0; round < KMS_REFUSED_MAX; round++) {
		expect_state(DISPLAY_STATE_RECOVERING);
		kms_rig_help(&rig);
	}
	expect_state(DISPLAY_STATE_FAILED);
	ck_assert_int_eq(kms_rig_tick(&rig), DISPLAY_FAILED);
	end();
}
END_TEST

/* D8: no memory in the kernel, for a while. */
START_TEST(kernel_out_of_memory)
{
	running();
	fake_drm.flip_error = ENOMEM;
	kms_rig_ticks(&rig, 50); /* 0.8 s */
	expect_state(DISPLAY_STATE_RUNNING);
	fake_drm.flip_error = 0;
	expect_running();
	ck_assert_uint_ge(rig.lost, 49);
	end();
}
END_TEST

/* ... for longer: a new mode set. */
START_TEST(kernel_out_of_memory_for_long)
{
	running();
	fake_drm.flip_error = ENOMEM;
	kms_rig_ticks(&rig, 70); /* 1.2 s */
	expect_parked(DISPLAY_STATE_RECOVERING);
	fake_drm.flip_error = 0;
	kms_rig_help(&rig);
	expect_running();
	ck_assert_uint_eq(health(&rig.display.health.recoveries), 1);
	ck_assert_uint_eq(fake_drm.modesets, 2);
	end();
}
END_TEST

/* The process was stopped with a flip pending, and its event is not there at
 * once when it goes on: looked for in four ticks before it counts as lost. */
START_TEST(four_looks_before_a_stall)
{
	running();
	fake_drm.lose_events = true;
	kms_rig_tick(&rig);
	fake_drm_pass(NS_PER_SECOND);
	kms_rig_ticks(&rig, 3);
	expect_state(DISPLAY_STATE_BUSY);
	fake_drm.lose_events = false;
	expect_running();
	ck_assert_uint_eq(health(&rig.display.health.stalls), 0);
	end();
}
END_TEST

/* D9: a signal's EINTR is tried again twice, no more. */
START_TEST(interrupted)
{
	uint32_t busy;

	running();
	fake_drm.eintr = 2;
	kms_rig_tick(&rig);
	ck_assert_int_eq(fake_drm.eintr, 0);
	ck_assert_uint_eq(rig.busy, 0);
	kms_rig_tick(&rig);
	fake_drm.eintr = 3;
	busy = rig.busy;
	kms_rig_tick(&rig);
	ck_assert_uint_eq(rig.busy, busy + 1);
	expect_running();
	end();
}
END_TEST

/* D10: unbound, away for a while, bound again. */
START_TEST(device_away)
{
	running();
	fake_drm.gone = true;
	kms_rig_ticks(&rig, 2);
	expect_parked(DISPLAY_STATE_GONE);
	kms_rig_help(&rig);
	kms_rig_help(&rig);
	expect_state(DISPLAY_STATE_GONE);
	ck_assert_int_eq(fake_drm.fds, 0);
	ck_assert_int_eq(fake_drm.maps, 0);
	fake_drm.gone = false;
	fake_drm.path = "/dev/dri/card8"; /* another number */
	kms_rig_help(&rig);
	expect_state(DISPLAY_STATE_RUNNING);
	expect_running();
	ck_assert_ptr_nonnull(strstr(rig.display.text, "card8"));
	end();
}
END_TEST

/* ... many times over, with and without vblank: no slot is lost. */
START_TEST(device_away_often)
{
	running();
	for (int i = 0; i < 10; i++) {
		fake_drm.vblank = i % 2 ? FAKE_NO_DISPLAY : FAKE_VBLANK;
		fake_drm.gone = true;
		kms_rig_ticks(&rig, 2);
		expect_state(DISPLAY_STATE_GONE);
		fake_drm.gone = false;
		kms_rig_help(&rig);
		expect_running();
	}
	ck_assert_uint_eq(rig.no_slot, 0);
	end();
}
END_TEST

/* ... with a flip pending that never completes: its slot comes back too. */
START_TEST(device_away_while_stalled)
{
	running();
	fake_drm.vblank = FAKE_NO_VBLANK; /* of the device that comes back */
	fake_drm.lose_events = true;
	kms_rig_ticks(&rig, 10);
	expect_state(DISPLAY_STATE_STALLED);
	fake_drm.gone = true;
	kms_rig_help(&rig);
	expect_parked(DISPLAY_STATE_GONE);
	fake_drm.gone = false;
	fake_drm.lose_events = false;
	kms_rig_help(&rig);
	expect_running();
	end();
}
END_TEST

/* D11: flips still succeed with nothing plugged in; the look finds it. */
START_TEST(connector_off_and_on)
{
	running();
	fake_drm.status = DRM_MODE_DISCONNECTED;
	kms_rig_ticks(&rig, 5);
	ck_assert_uint_eq(rig.lost, 0);
	kms_rig_help(&rig);
	kms_rig_tick(&rig);
	expect_parked(DISPLAY_STATE_NO_SINK);
	kms_rig_help(&rig);
	expect_state(DISPLAY_STATE_NO_SINK);
	fake_drm.status = DRM_MODE_CONNECTED;
	kms_rig_help(&rig);
	expect_running();
	end();
}
END_TEST

/* D13: the monitor that comes back has other modes: other buffers, same
 * process, the frame in the middle. */
START_TEST(mode_gone)
{
	running();
	fake_drm.mode_count = 0;
	fake_drm_add_mode(2560, 1440, 60);
	kms_rig_help(&rig);
	kms_rig_tick(&rig);
	expect_parked(DISPLAY_STATE_RECOVERING);
	kms_rig_help(&rig);
	expect_state(DISPLAY_STATE_RUNNING);
	kms_rig_ticks(&rig, 20);
	ck_assert_uint_eq(fake_drm_shown(FAKE_PRIMARY)->width, 2560);
	ck_assert_uint_eq(rig.display.slot[0].pitch, 10240);
	ck_assert_uint_eq(rig.display.slot[0].width, 1920);
	ck_assert_ptr_nonnull(strstr(rig.display.text, "2560x1440"));
	end();
}
END_TEST

/* ... too small for the frame, on a plane that does not scale: no display
 * until there is a better one. */
START_TEST(only_small_modes)
{
	running();
	fake_drm.mode_count = 0;
	fake_drm_add_mode(800, 600, 60);
	kms_rig_help(&rig);
	kms_rig_tick(&rig);
	kms_rig_help(&rig);
	expect_parked(DISPLAY_STATE_RECOVERING);
	fake_drm.mode_count = 0;
	fake_drm_add_mode(1920, 1080, 60);
	kms_rig_help(&rig);
	expect_running();
	end();
}
END_TEST

/* D14: training failed: one mode set with link-status GOOD. */
START_TEST(link_bad)
{
	running();
	fake_drm.link_bad = true;
	kms_rig_help(&rig);
	kms_rig_tick(&rig);
	expect_parked(DISPLAY_STATE_RECOVERING);
	kms_rig_help(&rig);
	ck_assert(!fake_drm.link_bad);
	expect_running();
	end();
}
END_TEST

/* A healthy connector is left alone. */
START_TEST(looks_change_nothing)
{
	uint32_t modesets;

	running();
	modesets = fake_drm.modesets;
	for (int i = 0; i < 10; i++) {
		kms_rig_help(&rig);
		kms_rig_ticks(&rig, 3);
	}
	ck_assert_uint_eq(fake_drm.modesets, modesets);
	ck_assert_uint_eq(rig.lost, 0);
	end();
}
END_TEST

/* Each call of a recovery after unbinding fails in turn: it always comes back
 * and leaves nothing behind. */
START_TEST(every_call_of_a_reopening_fails_once)
{
	int n, calls, rounds;

	for (n = 1; n < 60; n++) {
		running();
		fake_drm.gone = true;
		kms_rig_ticks(&rig, 2);
		fake_drm.gone = false;
		calls = fake_drm.calls;
		fake_drm.fail_at = calls + n;
		for (rounds = 0; rounds < 8; rounds++) {
			if (kms_rig_state(&rig) == DISPLAY_STATE_RUNNING)
				break;
			kms_rig_help(&rig);
		}
		ck_assert_msg(rounds < 8, "call %d: %s after 8 rounds", n,
			      display_state_name(kms_rig_state(&rig)));
		expect_running();
		end();
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("kms faults");
	TCase *faults = tcase_create("faults");
	SRunner *runner;
	int failed;

	tcase_set_timeout(faults, 120);
	tcase_add_test(faults, master_lost);
	tcase_add_test(faults, states_are_in_the_journal);
	tcase_add_test(faults, busy_for_a_moment);
	tcase_add_test(faults, busy_for_too_long);
	tcase_add_test(faults, event_lost);
	tcase_add_test(faults, stale_event);
	tcase_add_test(faults, stalls_for_ever);
	tcase_add_test(faults, commits_refused);
	tcase_add_test(faults, recovery_refused_for_good);
	tcase_add_test(faults, kernel_out_of_memory);
	tcase_add_test(faults, kernel_out_of_memory_for_long);
	tcase_add_test(faults, four_looks_before_a_stall);
	tcase_add_test(faults, interrupted);
	tcase_add_test(faults, device_away);
	tcase_add_test(faults, device_away_often);
	tcase_add_test(faults, device_away_while_stalled);
	tcase_add_test(faults, connector_off_and_on);
	tcase_add_test(faults, mode_gone);
	tcase_add_test(faults, only_small_modes);
	tcase_add_test(faults, link_bad);
	tcase_add_test(faults, looks_change_nothing);
	tcase_add_test(faults, every_call_of_a_reopening_fails_once);
	suite_add_tcase(suite, faults);
	runner = srunner_create(suite);
	srunner_set_fork_status(runner, CK_FORK);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
