/*
 * tests/drivers/test_kms_helper.c: when the helper thread of a KMS display
 * works, what it may not ask for, and what a second user of one file meets:
 * events, files and formats of before.
 */
#include <check.h>
#include <drm_fourcc.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "drivers/display/drivers.h"
#include "drivers/display/kms/hotplug.h"
#include "runtime/time/clock.h"
#include "tests/fakes/kms_rig.h"

static struct kms_rig rig;
static int uevents = -1; /* readable while some are there */
static bool about_displays;

int kms_hotplug_open(void)
{
	uevents = eventfd(0, EFD_NONBLOCK);
	return uevents;
}

void kms_hotplug_close(int fd)
{
	close(fd);
}

bool kms_hotplug_read(int fd)
{
	uint64_t count;

	return read(fd, &count, sizeof(count)) > 0 && about_displays;
}

static void send_uevent(void)
{
	const uint64_t one = 1;

	ck_assert_int_eq(write(uevents, &one, sizeof(one)), sizeof(one));
}

static void running(const char *settings)
{
	memset(&rig, 0, sizeof(rig));
	ck_assert_msg(!kms_rig_open(&rig, settings), "%s", rig.refusal);
	ck_assert_int_eq(kms_rig_start(&rig), 0);
	fake_drm_pass(FAKE_PERIOD_NS / 2);
	kms_rig_ticks(&rig, 5);
}

static void reset_and_run(void)
{
	fake_drm_reset();
	about_displays = false;
	running(NULL);
}

static void expect_state(enum display_state state)
{
	ck_assert_msg(kms_rig_state(&rig) == state, "%s, not %s",
		      display_state_name(kms_rig_state(&rig)),
		      display_state_name(state));
}

/* Rounds within ten seconds in which something comes every 50 ms. */
static int rounds_in_ten_seconds(void)
{
	int i, rounds = 0;

	for (i = 0; i < 200; i++) {
		send_uevent();
		if (kms_helper_wait(rig.helper)) {
			rounds++;
			kms_rig_help(&rig);
		}
		fake_drm_pass(50 * NS_PER_MS);
	}
	return rounds;
}

/* A round that the park has asked for. */
static void take_wake_up(void)
{
	ck_assert(kms_helper_wait(rig.helper));
	kms_rig_help(&rig);
}

/* ---- when --------------------------------------------------------------------- */

static const struct {
	bool about_displays;
	int at_least, at_most;
} storms[] = {{false, 9, 11}, {true, 9, 11}};

/* Another program is master. Uevents neither hold the retries off nor bring
 * more of them. */
START_TEST(uevents_do_not_starve_the_retries)
{
	int rounds;

	reset_and_run();
	fake_drm.other_master = true;
	kms_rig_ticks(&rig, 2);
	expect_state(DISPLAY_STATE_NO_MASTER);
	take_wake_up();
	about_displays = storms[_i].about_displays;
	rounds = rounds_in_ten_seconds();
	ck_assert_int_ge(rounds, storms[_i].at_least);
	ck_assert_int_le(rounds, storms[_i].at_most);
	fake_drm.other_master = false;
	ck_assert_int_ge(rounds_in_ten_seconds(), 1);
	expect_state(DISPLAY_STATE_RUNNING);
	kms_rig_close(&rig);
}
END_TEST

/* Five refused recoveries end the run: those of five seconds, not of five
 * uevents. */
START_TEST(uevents_do_not_use_the_retries_up)
{
	int i;

	reset_and_run();
	fake_drm.flip_error = fake_drm.show_error = EIO;
	kms_rig_ticks(&rig, 20);
	expect_state(DISPLAY_STATE_RECOVERING);
	take_wake_up();
	about_displays = true;
	for (i = 0; i < 50; i++) {
		send_uevent();
		ck_assert(!kms_helper_wait(rig.helper));
		fake_drm_pass(10 * NS_PER_MS);
	}
	expect_state(DISPLAY_STATE_RECOVERING);
	kms_rig_close(&rig);
}
END_TEST

/* A monitor that is plugged in is looked at, at once. */
START_TEST(a_hint_is_worth_a_look)
{
	reset_and_run();
	fake_drm.status = DRM_MODE_DISCONNECTED;
	kms_rig_help(&rig);
	kms_rig_ticks(&rig, 1);
	expect_state(DISPLAY_STATE_NO_SINK);
	take_wake_up();
	send_uevent();
	ck_assert(!kms_helper_wait(rig.helper));
	fake_drm.status = DRM_MODE_CONNECTED;
	about_displays = true;
	send_uevent();
	ck_assert(kms_helper_wait(rig.helper));
	kms_rig_help(&rig);
	expect_state(DISPLAY_STATE_RUNNING);
	kms_rig_close(&rig);
}
END_TEST

/* ---- what was asked for and is over -------------------------------------------- */

START_TEST(a_look_takes_back_what_one_before_asked)
{
	reset_and_run();
	fake_drm.status = DRM_MODE_DISCONNECTED;
	kms_rig_help(&rig);
	fake_drm.status = DRM_MODE_CONNECTED;
	kms_rig_help(&rig); /* no tick in between */
	kms_rig_ticks(&rig, 3);
	ck_assert_uint_eq(atomic_load(&rig.display.health.losses), 0);
	kms_rig_close(&rig);
}
END_TEST

/* The look was at work while the tick thread parked for another reason. */
START_TEST(a_recovery_takes_back_what_a_look_asked)
{
	reset_and_run();
	fake_drm.lose_events = true;
	kms_rig_ticks(&rig, 12);
	expect_state(DISPLAY_STATE_STALLED);
	atomic_store(&rig.recover->state->asked, DISPLAY_STATE_NO_SINK);
	kms_rig_help(&rig);
	fake_drm.lose_events = false;
	kms_rig_ticks(&rig, 3);
	ck_assert_uint_eq(atomic_load(&rig.display.health.losses), 0);
	ck_assert(kms_rig_state(&rig) == DISPLAY_STATE_RUNNING ||
		  kms_rig_state(&rig) == DISPLAY_STATE_BUSY);
	kms_rig_close(&rig);
}
END_TEST

START_TEST(a_darken_that_works_is_no_error)
{
	int round;

	reset_and_run();
	fake_drm.lose_events = true;
	for (round = 0; round < KMS_STALLS_MAX - 1; round++) {
		kms_rig_ticks(&rig, 12);
		expect_state(DISPLAY_STATE_STALLED);
		kms_rig_help(&rig);
	}
	ck_assert_uint_eq(atomic_load(&rig.display.health.errors), 0);
	ck_assert_int_eq(atomic_load(&rig.display.health.last_error), 0);
	kms_rig_close(&rig);
}
END_TEST

/* ---- files of before ------------------------------------------------------------- */

/* The first program dies with a flip pending; its event comes to the second. */
START_TEST(an_event_of_a_predecessor)
{
	uint64_t old;
	uint32_t shown;
	struct kms_rig first;

	fake_drm_reset();
	fake_drm.inherited = 9;
	running(NULL);
	kms_rig_ticks(&rig, 30);
	old = fake_drm.token;
	first = rig; /* killed: nothing is given back */
	kms_rig_close(&first);
	fake_drm_pass(FAKE_PERIOD_NS);
	fake_drm.event_ready = true;
	running(NULL);
	ck_assert_uint_gt(fake_drm.token, old);
	shown = rig.shown;
	kms_rig_tick(&rig);
	shown = rig.shown;
	fake_drm.token = old;
	fake_drm.event_ready = true;
	fake_drm.pending = false;
	kms_rig_tick(&rig);
	ck_assert_uint_eq(rig.shown, shown);
	expect_state(DISPLAY_STATE_BUSY);
}
END_TEST

/* So many unread events that the kernel takes no flip: read before the first. */
START_TEST(events_of_a_predecessor_are_drained)
{
	fake_drm_reset();
	fake_drm.inherited = 9;
	memset(&rig, 0, sizeof(rig));
	ck_assert_int_eq(kms_rig_open(&rig, NULL), 0);
	fake_drm.event_ready = true;
	ck_assert_int_eq(kms_rig_start(&rig), 0);
	ck_assert(!fake_drm.event_ready);
	kms_rig_close(&rig);
}
END_TEST

START_TEST(two_sinks_one_inherited_file)
{
	struct kms_rig second;

	fake_drm_reset();
	fake_drm.inherited = 9;
	running(NULL);
	ck_assert_int_eq(kms_rig_open(&second, NULL), -ENODEV);
	ck_assert_msg(strstr(second.refusal, "another sink's") &&
			      strstr(second.refusal, "headless"),
		      "%s", second.refusal);
	kms_rig_close(&rig);
	/* it is free again */
	running(NULL);
	kms_rig_close(&rig);
}
END_TEST

/* Each sink its own; one that is given back is the next one's. */
START_TEST(two_sinks_two_inherited_files)
{
	struct kms_rig second;

	fake_drm_reset();
	fake_drm.inherited = 9;
	fake_drm.more_inherited = 1;
	running(NULL);
	ck_assert_ptr_nonnull(strstr(rig.display.text, "inherited file 9"));
	ck_assert_int_eq(kms_rig_open(&second, NULL), 0);
	ck_assert_msg(strstr(second.display.text, "inherited file 10") != NULL,
		      "%s", second.display.text);
	kms_rig_close(&rig);
	running(NULL);
	ck_assert_ptr_nonnull(strstr(rig.display.text, "inherited file 9"));
	kms_rig_close(&rig);
	kms_rig_close(&second);
}
END_TEST

/* Files that are no display's are passed over. */
START_TEST(files_that_are_no_displays)
{
	fake_drm_reset();
	fake_drm.inherited = -ENOTTY;
	running(NULL);
	ck_assert_ptr_nonnull(strstr(rig.display.text, "/dev/dri/card7"));
	kms_rig_close(&rig);
	ck_assert(fake_drm_is_clean());
}
END_TEST

/* The cycle draws 4-byte pixels: a device that has only 2-byte ones is not the
 * one to come back to. */
START_TEST(another_format_after_reopening)
{
	reset_and_run();
	fake_drm.gone = true;
	kms_rig_ticks(&rig, 3);
	expect_state(DISPLAY_STATE_GONE);
	kms_rig_help(&rig);
	fake_drm.gone = false;
	fake_drm.only_format = DRM_FORMAT_RGB565;
	kms_rig_help(&rig);
	expect_state(DISPLAY_STATE_GONE);
	fake_drm.only_format = 0;
	kms_rig_help(&rig);
	expect_state(DISPLAY_STATE_RUNNING);
	kms_rig_ticks(&rig, 3);
	ck_assert_uint_eq(fake_drm_shown(FAKE_PRIMARY)->fourcc,
			  DRM_FORMAT_XRGB8888);
	kms_rig_close(&rig);
}
END_TEST

/* ---- the end ---------------------------------------------------------------------- */

static const struct {
	bool stalled;
	const char *word;
} ends[] = {{false, "slow"}, {true, "stuck"}};

/* The helper does not come back in time (its thread never runs here). */
START_TEST(words_for_an_end_that_lasts)
{
	char line[256] = "";
	int out[2];

	reset_and_run();
	if (ends[_i].stalled) {
		fake_drm.lose_events = true;
		kms_rig_ticks(&rig, 12);
	}
	ck_assert_int_eq(pipe(out), 0);
	dup2(out[1], STDERR_FILENO);
	kms_display.close(&rig.display);
	ck_assert_int_gt(read(out[0], line, sizeof(line) - 1), 0);
	ck_assert_msg(strstr(line, ends[_i].word) &&
			      !strstr(line, ends[!_i].word),
		      "%s", line);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("kms helper");
	TCase *tests = tcase_create("helper");
	SRunner *runner;
	int failed;

	tcase_set_timeout(tests, 120);
	tcase_add_loop_test(tests, uevents_do_not_starve_the_retries, 0, 2);
	tcase_add_test(tests, uevents_do_not_use_the_retries_up);
	tcase_add_test(tests, a_hint_is_worth_a_look);
	tcase_add_test(tests, a_look_takes_back_what_one_before_asked);
	tcase_add_test(tests, a_recovery_takes_back_what_a_look_asked);
	tcase_add_test(tests, a_darken_that_works_is_no_error);
	tcase_add_test(tests, an_event_of_a_predecessor);
	tcase_add_test(tests, events_of_a_predecessor_are_drained);
	tcase_add_test(tests, two_sinks_one_inherited_file);
	tcase_add_test(tests, two_sinks_two_inherited_files);
	tcase_add_test(tests, files_that_are_no_displays);
	tcase_add_test(tests, another_format_after_reopening);
	tcase_add_loop_test(tests, words_for_an_end_that_lasts, 0, 2);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
