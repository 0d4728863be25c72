/*
 * tests/drivers/test_kms_screens.c: several screens of one device: sinks that
 * share its file, events and helper, while each has a ledger, losses and
 * recoveries of its own.
 */
#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "drivers/display/drivers.h"
#include "runtime/time/clock.h"
#include "tests/fakes/device_memory.h"
#include "tests/fakes/kms_rig.h"

#define SCREENS 2
#define SECOND	(&fake_drm.head[1])

static struct kms_rig rigs[SCREENS + 1];

/* Two monitors, two CRTCs, dark. */
static void two_screens(void)
{
	fake_drm_reset();
	fake_thread_error = 0;
	fake_drm.has_second = fake_drm.has_second_crtc = true;
	memset(rigs, 0, sizeof(rigs));
}

static void running_as(const char *first, const char *second)
{
	const char *const settings[SCREENS] = {first, second};
	uint32_t i;

	for (i = 0; i < SCREENS; i++)
		ck_assert_msg(!kms_rig_open_sink(&rigs[i], i, settings[i]),
			      "%s", rigs[i].refusal);
	ck_assert_int_eq(kms_rig_start_all(rigs, SCREENS), 0);
	fake_drm_pass(FAKE_PERIOD_NS / 2);
	kms_rig_ticks_all(rigs, SCREENS, 5);
}

static void running(void)
{
	two_screens();
	running_as(NULL, NULL);
}

static void expect_state(uint32_t screen, enum display_state state)
{
	enum display_state now = kms_rig_state(&rigs[screen]);

	ck_assert_msg(now == state, "screen %u: %s, not %s", screen,
		      display_state_name(now), display_state_name(state));
}

/* Ticks in which a screen shows each frame, whatever becomes of the other. */
static void goes_on(uint32_t screen, uint32_t ticks)
{
	struct kms_rig *rig = &rigs[screen];
	uint32_t shown = rig->shown, busy = rig->busy, lost = rig->lost;
	uint32_t no_slot = rig->no_slot;

	kms_rig_ticks_all(rigs, SCREENS, 1);
	/* simulated time has passed while the helper was at work */
	rig->repeats = rig->last_sequence = 0;
	kms_rig_ticks_all(rigs, SCREENS, ticks - 1);
	ck_assert_uint_eq(rig->shown, shown + ticks);
	ck_assert_uint_eq(rig->busy, busy);
	ck_assert_uint_eq(rig->lost, lost);
	ck_assert_uint_eq(rig->no_slot, no_slot);
	ck_assert_uint_eq(rig->repeats, 0);
}

static void close_all(void)
{
	kms_rig_close_all(rigs, SCREENS);
	ck_assert(fake_drm_is_clean());
}

/* ---- bring-up ------------------------------------------------------------------- */

START_TEST(each_has_a_connector_and_a_crtc)
{
	running();
	ck_assert_ptr_nonnull(strstr(rigs[0].display.text, "HDMI-A-1"));
	ck_assert_ptr_nonnull(strstr(rigs[1].display.text, "HDMI-A-2"));
	ck_assert_uint_eq(fake_drm_value(FAKE_CONNECTOR, "CRTC_ID"), FAKE_CRTC);
	ck_assert_uint_eq(fake_drm_value(FAKE_SECOND, "CRTC_ID"),
			  FAKE_SECOND_CRTC);
	ck_assert_ptr_nonnull(fake_drm_shown(FAKE_PRIMARY));
	ck_assert_ptr_nonnull(fake_drm_shown(FAKE_SECOND_PRIMARY));
	ck_assert_int_eq(fake_drm.fds, 1);
	ck_assert_ptr_eq(rigs[0].helper, rigs[1].helper);
	ck_assert_uint_eq(fake_drm.modesets, 2);
	close_all();
	ck_assert_uint_eq(fake_drm_value(FAKE_CRTC, "ACTIVE"), 0);
	ck_assert_uint_eq(fake_drm_value(FAKE_SECOND_CRTC, "ACTIVE"), 0);
}
END_TEST

/* Each trial has its own screen; the one that is over goes on. */
START_TEST(both_have_slots_of_a_device)
{
	uint32_t i, slot;

	two_screens();
	kms_rig_memory = &fake_device_memory;
	running_as(NULL, NULL);
	for (i = 0; i < SCREENS; i++) {
		ck_assert_str_eq(rigs[i].display.buffers, "dumb-import");
		for (slot = 0; slot < rigs[i].display.slot_count; slot++)
			ck_assert(fake_device_has(
				rigs[i].display.slot[slot].base));
	}
	ck_assert_int_eq(fake_device.imports, 6);
	goes_on(0, 20);
	goes_on(1, 20);
	close_all();
	kms_rig_memory = NULL;
}
END_TEST

/* By name, the other way round. */
START_TEST(connectors_by_name)
{
	two_screens();
	running_as("connector=HDMI-A-2", "connector=HDMI-A-1");
	ck_assert_ptr_nonnull(strstr(rigs[0].display.text, "HDMI-A-2"));
	ck_assert_ptr_nonnull(strstr(rigs[1].display.text, "HDMI-A-1"));
	goes_on(0, 20);
	close_all();
}
END_TEST

/* The first sink takes what is left over: a named one keeps its connector. */
START_TEST(a_free_connector_beside_a_named_one)
{
	two_screens();
	running_as("connector=HDMI-A-1", NULL);
	ck_assert_ptr_nonnull(strstr(rigs[1].display.text, "HDMI-A-2"));
	close_all();
}
END_TEST

/* One console on both monitors. */
START_TEST(the_only_crtc_in_use_drives_both)
{
	drmModeModeInfo mode;
	uint32_t blob;

	two_screens();
	mode = fake_drm.mode[0];
	blob = fake_drm_left_blob(&mode, sizeof(mode));
	fake_drm_set(FAKE_CRTC, "MODE_ID", blob);
	fake_drm_set(FAKE_CRTC, "ACTIVE", 1);
	fake_drm_set(FAKE_CONNECTOR, "CRTC_ID", FAKE_CRTC);
	fake_drm_set(FAKE_SECOND, "CRTC_ID", FAKE_CRTC);
	running_as(NULL, NULL);
	ck_assert_uint_eq(fake_drm_value(FAKE_CONNECTOR, "CRTC_ID"), FAKE_CRTC);
	ck_assert_uint_eq(fake_drm_value(FAKE_SECOND, "CRTC_ID"),
			  FAKE_SECOND_CRTC);
	/* a later mode set does not do again what the first one had to */
	fake_drm.second_status = DRM_MODE_CONNECTED;
	fake_drm.status = DRM_MODE_DISCONNECTED;
	kms_rig_help(&rigs[0]);
	goes_on(1, 20);
	fake_drm.status = DRM_MODE_CONNECTED;
	kms_rig_help(&rigs[0]);
	goes_on(1, 20);
	ck_assert_uint_eq(fake_drm_value(FAKE_SECOND, "CRTC_ID"),
			  FAKE_SECOND_CRTC);
	goes_on(0, 20);
	close_all();
}
END_TEST

/* What each showed before comes back, on each. */
START_TEST(both_pictures_of_before_come_back)
{
	static const uint32_t crtcs[] = {FAKE_CRTC, FAKE_SECOND_CRTC};
	static const uint32_t connectors[] = {FAKE_CONNECTOR, FAKE_SECOND};
	drmModeModeInfo mode;
	uint32_t i, blob;

	two_screens();
	mode = fake_drm.mode[0];
	for (i = 0; i < SCREENS; i++) {
		blob = fake_drm_left_blob(&mode, sizeof(mode));
		fake_drm_set(crtcs[i], "MODE_ID", blob);
		fake_drm_set(crtcs[i], "ACTIVE", 1);
		fake_drm_set(connectors[i], "CRTC_ID", crtcs[i]);
	}
	running_as(NULL, NULL);
	close_all();
	for (i = 0; i < SCREENS; i++) {
		ck_assert_uint_eq(fake_drm_value(crtcs[i], "ACTIVE"), 1);
		ck_assert_uint_eq(fake_drm_value(connectors[i], "CRTC_ID"),
				  crtcs[i]);
	}
}
END_TEST

static const struct {
	const char *first, *second;
	bool one_connector, one_crtc;
	int error;
	const char *words[2];
} refused[] = {
	{"connector=HDMI-A-1", "connector=HDMI-A-1", false, false, -EBUSY,
	 {"HDMI-A-1 is another sink's", "HDMI-A-2: connected"}},
	{NULL, "connector=HDMI-A-1,plane=overlay", false, false, -EBUSY,
	 {"one sink a connector", "HDMI-A-2: connected"}},
	{NULL, NULL, true, false, -ENODEV,
	 {"no connected connector is left", "headless"}},
	{NULL, NULL, false, true, -EBUSY,
	 {"the CRTCs that reach HDMI-A-2 are other sinks'", "connector="}},
	{NULL, "connector=HDMI-A-2,plane=60", false, false, -EBUSY,
	 {"plane 60 is another sink's", "planes are"}},
	{NULL, "connector=HDMI-A-3", false, false, -ENODEV,
	 {"no connector HDMI-A-3", "HDMI-A-1: connected, another sink's"}},
};

#define REFUSED (sizeof(refused) / sizeof(refused[0]))

START_TEST(what_cannot_be_is_one_line)
{
	const char *text = rigs[1].refusal;
	int i;

	two_screens();
	fake_drm.has_second = !refused[_i].one_connector;
	fake_drm.has_second_crtc = !refused[_i].one_crtc;
	ck_assert_int_eq(kms_rig_open_sink(&rigs[0], 0, refused[_i].first), 0);
	ck_assert_int_eq(kms_rig_open_sink(&rigs[1], 1, refused[_i].second),
			 refused[_i].error);
	for (i = 0; i < 2; i++)
		ck_assert_msg(strstr(text, refused[_i].words[i]) != NULL,
			      "no '%s' in: %s", refused[_i].words[i], text);
	/* the first one is not the worse for it */
	ck_assert_int_eq(kms_rig_start(&rigs[0]), 0);
	kms_rig_ticks(&rigs[0], 20);
	ck_assert_uint_eq(rigs[0].busy + rigs[0].lost, 0);
	kms_rig_close(&rigs[0]);
	ck_assert(fake_drm_is_clean());
}
END_TEST

/* One file that was passed on is all sinks'. */
START_TEST(an_inherited_file_is_shared)
{
	two_screens();
	fake_drm.inherited = 9;
	running_as(NULL, NULL);
	ck_assert_ptr_nonnull(strstr(rigs[0].display.text, "file 9"));
	ck_assert_ptr_nonnull(strstr(rigs[1].display.text, "file 9"));
	goes_on(0, 20);
	goes_on(1, 20);
	kms_rig_close_all(rigs, SCREENS);
	/* both frames stay */
	ck_assert_ptr_nonnull(fake_drm_shown(FAKE_PRIMARY));
	ck_assert_ptr_nonnull(fake_drm_shown(FAKE_SECOND_PRIMARY));
	ck_assert_int_eq(fake_drm.fds, 0);
}
END_TEST

/* A device has several names, and a file that was passed on. */
START_TEST(by_whatever_name)
{
	two_screens();
	fake_drm.by_path = "/dev/dri/by-path/here-card";
	fake_drm.inherited = _i ? 9 : -ENOENT;
	running_as(NULL, "device=/dev/dri/by-path/here-card");
	ck_assert_int_eq(fake_drm.fds, 1);
	goes_on(0, 20);
	goes_on(1, 20);
	kms_rig_close_all(rigs, SCREENS);
	ck_assert_int_eq(fake_drm.fds, 0);
}
END_TEST

/* Every call fails once: refused in order, or it goes on without; nothing is
 * left open. */
START_TEST(every_call_fails_once)
{
	int at, opened, error;

	for (at = 1, error = -1; error; at++) {
		ck_assert_int_lt(at, 2000);
		two_screens();
		fake_drm.fail_at = at;
		for (opened = 0, error = 0; opened < SCREENS; opened++) {
			error = kms_rig_open_sink(&rigs[opened],
						  (uint32_t)opened, NULL);
			if (error)
				break;
		}
		if (!error)
			error = kms_rig_start_all(rigs, SCREENS);
		if (!error && fake_drm.calls < at)
			break;
		fake_drm.fail_at = 0;
		kms_rig_close_all(rigs, (uint32_t)opened);
		ck_assert_msg(fake_drm_is_clean(), "call %d", at);
		error = -1;
	}
	ck_assert_int_gt(at, 60);
	kms_rig_close_all(rigs, SCREENS);
}
END_TEST

START_TEST(no_thread_no_start)
{
	uint32_t i;

	two_screens();
	for (i = 0; i < SCREENS; i++)
		ck_assert_int_eq(kms_rig_open_sink(&rigs[i], i, NULL), 0);
	fake_thread_error = -EAGAIN;
	ck_assert_int_eq(kms_rig_start_all(rigs, SCREENS), -EAGAIN);
	close_all();
}
END_TEST

/* ---- ticks ----------------------------------------------------------------------- */

static const struct {
	enum fake_vblank vblank;
	bool newest_first;
	enum display_stamp stamp;
} orders[] = {
	{FAKE_VBLANK, false, DISPLAY_STAMP_HARDWARE},
	{FAKE_VBLANK, true, DISPLAY_STAMP_HARDWARE},
	{FAKE_NO_VBLANK, false, DISPLAY_STAMP_SOFTWARE},
	{FAKE_NO_DISPLAY, true, DISPLAY_STAMP_AT_ONCE},
};

#define ORDERS (sizeof(orders) / sizeof(orders[0]))

/* Both show every frame; a commit each, and one read for both. */
START_TEST(a_commit_each_and_one_read_for_both)
{
	const int ticks = 1200;
	int commits, reads, i;

	two_screens();
	fake_drm.vblank = orders[_i].vblank;
	fake_drm.newest_first = orders[_i].newest_first;
	running_as(NULL, NULL);
	commits = fake_drm.commits;
	reads = fake_drm.reads;
	goes_on(1, (uint32_t)ticks);
	ck_assert_int_eq(fake_drm.commits - commits, SCREENS * ticks);
	ck_assert_int_eq(fake_drm.reads - reads, ticks);
	goes_on(0, 10);
	for (i = 0; i < SCREENS; i++)
		ck_assert_int_eq(rigs[i].display.stamp, orders[_i].stamp);
	ck_assert_uint_eq(fake_drm.busy, 0);
	close_all();
}
END_TEST

/* A flip that came late for one is looked for by that one alone. */
START_TEST(reads_where_only_one_is_late)
{
	int reads;

	running();
	SECOND->lose_events = true;
	goes_on(0, 1);
	reads = fake_drm.reads;
	goes_on(0, 3); /* at the wake-up, and before the commit that is busy */
	ck_assert_int_eq(fake_drm.reads - reads, 2 * 3);
	close_all();
}
END_TEST

/* ---- one is lost, the other goes on ----------------------------------------------- */

static void stall(void)
{
	SECOND->lose_events = true;
}

static void name_another_crtc(void)
{
	SECOND->wrong_crtc = true;
}

static void refuse(void)
{
	SECOND->flip_error = EINVAL;
}

static void refuse_busy(void)
{
	SECOND->flip_error = EBUSY;
}

static void unplug(void)
{
	fake_drm.second_status = DRM_MODE_DISCONNECTED;
	kms_rig_help(&rigs[1]);
}

static void mend(void)
{
	SECOND->lose_events = SECOND->wrong_crtc = false;
	SECOND->flip_error = 0;
	fake_drm.second_status = DRM_MODE_CONNECTED;
}

static const struct {
	void (*fault)(void);
	enum display_state state;
	uint32_t ticks; /* until it parks */
	bool is_loss;
} losses[] = {
	{stall, DISPLAY_STATE_STALLED, 12, false},
	{name_another_crtc, DISPLAY_STATE_STALLED, 12, false},
	{refuse, DISPLAY_STATE_RECOVERING, 20, false},
	{refuse_busy, DISPLAY_STATE_STALLED, 12, false},
	{unplug, DISPLAY_STATE_NO_SINK, 2, true},
};

#define LOSSES (sizeof(losses) / sizeof(losses[0]))

START_TEST(one_is_lost_the_other_goes_on)
{
	struct display_health *health = &rigs[1].display.health;
	uint32_t modesets;

	running();
	losses[_i].fault();
	goes_on(0, losses[_i].ticks);
	expect_state(1, losses[_i].state);
	ck_assert_uint_eq(atomic_load(&health->losses), losses[_i].is_loss);
	mend();
	modesets = fake_drm.modesets;
	kms_rig_help(&rigs[0]); /* a look: all is well */
	goes_on(0, 3);
	expect_state(1, losses[_i].state);
	kms_rig_help(&rigs[1]);
	ck_assert_uint_gt(fake_drm.modesets, modesets);
	expect_state(1, DISPLAY_STATE_RUNNING);
	goes_on(0, 3);
	goes_on(1, 30);
	ck_assert_uint_eq(atomic_load(&health->recoveries), 1);
	ck_assert_uint_eq(atomic_load(&rigs[0].display.health.recoveries), 0);
	ck_assert_uint_eq(atomic_load(&rigs[0].display.health.losses), 0);
	close_all();
}
END_TEST

/* A cable pulled for good does not have the other's connector taken. */
START_TEST(no_stealing)
{
	running();
	unplug();
	goes_on(0, 5);
	expect_state(1, DISPLAY_STATE_NO_SINK);
	kms_rig_help(&rigs[1]);
	kms_rig_help(&rigs[1]);
	expect_state(1, DISPLAY_STATE_NO_SINK);
	goes_on(0, 20);
	close_all();
}
END_TEST

/* The wake-up of one is a round of that one. */
START_TEST(a_wake_up_is_for_who_parked)
{
	running();
	ck_assert(!kms_helper_wait(rigs[0].helper));
	unplug();
	goes_on(0, 2);
	ck_assert(kms_helper_wait(rigs[0].helper));
	ck_assert(!rigs[0].recover->is_due);
	ck_assert(rigs[1].recover->is_due);
	mend();
	kms_helper_round(rigs[0].helper);
	expect_state(1, DISPLAY_STATE_RUNNING);
	close_all();
}
END_TEST

/* ---- both are lost ------------------------------------------------------------------ */

START_TEST(the_master_is_both_screens)
{
	running();
	fake_drm.other_master = true;
	kms_rig_ticks_all(rigs, SCREENS, 2);
	expect_state(0, DISPLAY_STATE_NO_MASTER);
	expect_state(1, DISPLAY_STATE_NO_MASTER);
	kms_rig_help(&rigs[0]);
	kms_rig_help(&rigs[1]);
	expect_state(0, DISPLAY_STATE_NO_MASTER);
	fake_drm.other_master = false;
	kms_rig_help(&rigs[1]);
	kms_rig_ticks_all(rigs, SCREENS, 1);
	goes_on(1, 5);
	expect_state(0, DISPLAY_STATE_NO_MASTER);
	kms_rig_help(&rigs[0]);
	kms_rig_ticks_all(rigs, SCREENS, 2);
	goes_on(0, 10);
	goes_on(1, 10);
	close_all();
}
END_TEST

/* The device goes and comes: one file again, whoever is brought back first. */
START_TEST(the_device_is_both_screens)
{
	uint32_t first = (uint32_t)_i;

	running();
	fake_drm.gone = true;
	kms_rig_ticks_all(rigs, SCREENS, 3);
	expect_state(0, DISPLAY_STATE_GONE);
	expect_state(1, DISPLAY_STATE_GONE);
	kms_rig_help(&rigs[first]);
	ck_assert_int_eq(fake_drm.fds, 1); /* the other one's */
	kms_rig_help(&rigs[!first]);
	ck_assert_int_eq(fake_drm.fds, 0);
	fake_drm.gone = false;
	kms_rig_help(&rigs[first]);
	expect_state(first, DISPLAY_STATE_RUNNING);
	kms_rig_ticks_all(rigs, SCREENS, 2);
	goes_on(first, 5);
	expect_state(!first, DISPLAY_STATE_GONE);
	kms_rig_help(&rigs[!first]);
	ck_assert_int_eq(fake_drm.fds, 1);
	kms_rig_ticks_all(rigs, SCREENS, 2);
	goes_on(first, 10);
	goes_on(!first, 10);
	ck_assert_ptr_nonnull(strstr(rigs[0].display.text, "HDMI-A-"));
	ck_assert_str_ne(rigs[0].display.text, rigs[1].display.text);
	close_all();
}
END_TEST

/* ---- at random ----------------------------------------------------------------------- */

/* Cables are pulled and plugged 20 times, one at a time: the other screen shows
 * every frame. */
START_TEST(cables_at_random)
{
	drmModeConnection *const status[SCREENS] = {
		&fake_drm.status, &fake_drm.second_status};
	uint32_t seed = 9 + (uint32_t)_i, pull, screen;

	running();
	fake_drm.second_status = DRM_MODE_CONNECTED;
	for (pull = 0; pull < 20; pull++) {
		seed = seed * UINT32_C(1664525) + UINT32_C(1013904223);
		screen = seed >> 31;
		*status[screen] = DRM_MODE_DISCONNECTED;
		kms_rig_help(&rigs[screen]);
		goes_on(!screen, 1 + (seed >> 16 & 31));
		expect_state(screen, DISPLAY_STATE_NO_SINK);
		*status[screen] = DRM_MODE_CONNECTED;
		kms_rig_help(&rigs[screen]);
		goes_on(!screen, 1 + (seed >> 8 & 31));
		goes_on(screen, 5);
	}
	ck_assert_uint_eq(atomic_load(&rigs[0].display.health.losses) +
				  atomic_load(&rigs[1].display.health.losses),
			  20);
	close_all();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("kms screens");
	TCase *tests = tcase_create("screens");
	SRunner *runner;
	int failed;

	tcase_set_timeout(tests, 120);
	tcase_add_test(tests, each_has_a_connector_and_a_crtc);
	tcase_add_test(tests, both_have_slots_of_a_device);
	tcase_add_test(tests, connectors_by_name);
	tcase_add_test(tests, a_free_connector_beside_a_named_one);
	tcase_add_test(tests, the_only_crtc_in_use_drives_both);
	tcase_add_test(tests, both_pictures_of_before_come_back);
	tcase_add_loop_test(tests, what_cannot_be_is_one_line, 0, REFUSED);
	tcase_add_test(tests, an_inherited_file_is_shared);
	tcase_add_loop_test(tests, by_whatever_name, 0, 2);
	tcase_add_test(tests, every_call_fails_once);
	tcase_add_test(tests, no_thread_no_start);
	tcase_add_loop_test(tests, a_commit_each_and_one_read_for_both, 0,
			    ORDERS);
	tcase_add_test(tests, reads_where_only_one_is_late);
	tcase_add_loop_test(tests, one_is_lost_the_other_goes_on, 0, LOSSES);
	tcase_add_test(tests, no_stealing);
	tcase_add_test(tests, a_wake_up_is_for_who_parked);
	tcase_add_test(tests, the_master_is_both_screens);
	tcase_add_loop_test(tests, the_device_is_both_screens, 0, SCREENS);
	tcase_add_loop_test(tests, cables_at_random, 0, 20);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
