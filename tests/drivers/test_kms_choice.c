/*
 * tests/drivers/test_kms_choice.c: which mode, connector and device the KMS
 * driver takes, at the start and when something changes, on the fake device.
 */
#define _GNU_SOURCE /* mkostemp */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/fakes/kms_rig.h"

static struct kms_rig rig;
static const struct display_mode no_mode;
static char said[4096]; /* on stderr, since listen_to() */
static FILE *heard;
static int before = -1;

static void listen_to(void)
{
	heard = tmpfile();
	ck_assert_ptr_nonnull(heard);
	before = dup(STDERR_FILENO);
	ck_assert_int_ge(dup2(fileno(heard), STDERR_FILENO), 0);
}

/* What was said; listening ends. */
static void hear(void)
{
	dup2(before, STDERR_FILENO);
	close(before);
	rewind(heard);
	said[fread(said, 1, sizeof(said) - 1, heard)] = '\0';
	fclose(heard);
}

static uint32_t lines(void)
{
	uint32_t count = 0;
	const char *at;

	for (at = said; (at = strchr(at, '\n')); at++)
		count++;
	return count;
}

static void expect_line(const char *words)
{
	ck_assert_msg(strstr(said, words), "no '%s' in: %s", words, said);
}

static void reset(void)
{
	fake_drm_reset();
	fake_thread_error = 0;
	memset(&rig, 0, sizeof(rig));
	listen_to();
}

static void add_constant(const char *name, uint64_t value)
{
	fake_drm_add(FAKE_CONNECTOR, name, DRM_MODE_PROP_IMMUTABLE, value, 0,
		     NULL);
}

/* A 640x480 graph of 60 a second, on view. */
static void run_as(const char *settings, struct display_mode mode)
{
	ck_assert_msg(!kms_rig_open_as(&rig, settings, 640, 480, mode), "%s",
		      rig.refusal);
	ck_assert_int_eq(kms_rig_start(&rig), 0);
	kms_rig_ticks(&rig, 30);
	ck_assert_uint_ge(rig.shown, 28);
}

static void run(const char *settings)
{
	run_as(settings, no_mode);
}

static void expect_text(const char *words)
{
	ck_assert_msg(strstr(rig.display.text, words), "no '%s' in: %s", words,
		      rig.display.text);
}

static void end(void)
{
	kms_rig_close(&rig);
	ck_assert(fake_drm_is_clean());
	hear();
}

static void expect_refusal(const char *settings, struct display_mode mode,
			   int error, const char *words)
{
	ck_assert_int_eq(kms_rig_open_as(&rig, settings, 640, 480, mode),
			 error);
	ck_assert_msg(strstr(rig.refusal, words), "no '%s' in: %s", words,
		      rig.refusal);
	ck_assert(fake_drm_is_clean());
	hear();
}

/* The helper looks, the tick thread parks, the helper recovers. */
static void change(void)
{
	uint32_t shown = rig.shown;
	int i;

	for (i = 0; i < 3; i++) {
		kms_rig_help(&rig);
		kms_rig_ticks(&rig, 2);
	}
	kms_rig_ticks(&rig, 20);
	ck_assert_uint_ge(rig.shown, shown + 18);
}

/* ---- modes ------------------------------------------------------------------ */

/* 1080p is what is preferred, and more than the link can; TEST_ONLY knows, or
 * only the mode set does. */
START_TEST(a_refused_mode_is_passed_over)
{
	reset();
	fake_drm_add_mode(1920, 1080, 50);
	fake_drm_add_mode(1280, 720, 60);
	*(_i ? &fake_drm.show_clock : &fake_drm.test_clock) = 90000;
	run(NULL);
	expect_text("1280x720@60.00");
	ck_assert_uint_eq(fake_drm_shown(FAKE_PRIMARY)->width, 1280);
	end();
	ck_assert_uint_eq(lines(), 1);
	expect_line("the driver refuses 1920x1080@60.00, 1920x1080@50.00: "
		    "1280x720@60.00 it is");
}
END_TEST

START_TEST(a_mode_that_was_asked_for_is_not)
{
	const struct display_mode full = {.width = 1920, .height = 1080};
	const struct display_mode fifty = {1920, 1080, 50000, 0};

	reset();
	fake_drm_add_mode(1280, 720, 60);
	fake_drm.test_clock = 90000;
	expect_refusal(NULL, full, -ENOTSUP,
		       "--mode 1920x1080: HDMI-A-1 has it, but the driver "
		       "refuses it; it has 1920x1080@60.00, 1280x720@60.00");
	ck_assert_str_eq(said, "");
	reset();
	expect_refusal(NULL, fifty, -ENOTSUP, "--mode 1920x1080@50: HDMI-A-1 "
					      "has no such mode; it has "
					      "1920x1080@60.00");
	/* another rate is another mode */
	reset();
	fake_drm_add_mode(1920, 1080, 30);
	fake_drm.test_clock = 90000;
	expect_refusal(NULL, full, -ENOTSUP, "the driver refuses it; it has "
					     "1920x1080@60.00, 1920x1080@30");
	/* at the mode set */
	reset();
	fake_drm_add_mode(1280, 720, 60);
	fake_drm.show_clock = 90000;
	ck_assert_int_eq(kms_rig_open_as(&rig, NULL, 640, 480, full), 0);
	ck_assert_int_lt(kms_rig_start(&rig), 0);
	end();
	ck_assert_uint_eq(lines(), 1);
	expect_line("--mode 1920x1080: HDMI-A-1 has it, but the driver "
		    "refuses it");
}
END_TEST

START_TEST(every_mode_is_refused)
{
	reset();
	fake_drm_add_mode(1280, 720, 60);
	fake_drm.test_clock = 1000;
	expect_refusal(NULL, no_mode, -ENOTSUP, "mode 1920x1080@60.00 of "
						"HDMI-A-1");
}
END_TEST

/* A TV that is waking up: a short list first. */
START_TEST(a_better_mode_comes)
{
	uint32_t modesets;

	reset();
	run(NULL);
	expect_text("1920x1080");
	modesets = fake_drm.modesets;
	fake_drm_add_mode(640, 480, 60);
	change();
	expect_text("640x480@60.00");
	ck_assert_uint_eq(fake_drm_shown(FAKE_PRIMARY)->width, 640);
	ck_assert_uint_eq(fake_drm.modesets, modesets + 1);
	change(); /* once */
	ck_assert_uint_eq(fake_drm.modesets, modesets + 1);
	end();
	ck_assert_uint_eq(lines(), 1);
	expect_line("kms: now /dev/dri/card7 (fake) HDMI-A-1 640x480@60.00");
}
END_TEST

START_TEST(the_mode_goes)
{
	reset();
	fake_drm_add_mode(640, 480, 60);
	run(NULL);
	expect_text("640x480");
	fake_drm.mode_count = 1;
	change();
	expect_text("1920x1080");
	end();
}
END_TEST

/* Modes that would not be chosen change nothing; nor, more than once, one that
 * the driver then refuses. */
START_TEST(other_modes_come)
{
	uint32_t modesets;

	reset();
	run(NULL);
	modesets = fake_drm.modesets;
	fake_drm_add_mode(1280, 720, 60);
	fake_drm_add_mode(1920, 1080, 50);
	change();
	ck_assert_uint_eq(fake_drm.modesets, modesets);
	ck_assert_uint_eq(rig.lost, 0);
	fake_drm_add_mode(640, 480, 60);
	fake_drm.mode[3].clock = 500000;
	fake_drm.mode[3].vtotal = 1100;
	fake_drm.mode[3].htotal = 7576;
	fake_drm.test_clock = 400000;
	change();
	expect_text("1920x1080@60.00");
	modesets = fake_drm.modesets;
	change();
	ck_assert_uint_eq(fake_drm.modesets, modesets);
	end();
}
END_TEST

/* --mode holds also when another list comes. */
START_TEST(a_mode_that_was_asked_for_stays)
{
	uint32_t modesets;

	reset();
	run_as(NULL, (struct display_mode){1920, 1080, 0, 0});
	modesets = fake_drm.modesets;
	fake_drm_add_mode(640, 480, 60);
	change();
	ck_assert_uint_eq(fake_drm.modesets, modesets);
	expect_text("1920x1080");
	end();
}
END_TEST

START_TEST(slower_than_the_graph)
{
	reset();
	fake_drm.mode_count = 0;
	fake_drm_add_mode(640, 480, 30);
	run(NULL);
	end();
	ck_assert_uint_eq(lines(), 1);
	expect_line("HDMI-A-1: mode 640x480@30.00 has 30.000 refreshes a "
		    "second for the graph's 60.000 ticks");
}
END_TEST

/* ---- connectors ----------------------------------------------------------------- */

START_TEST(headsets_only_by_name)
{
	reset();
	add_constant("non-desktop", 1);
	expect_refusal(NULL, no_mode, -ENODEV, "HDMI-A-1: connected, no "
					       "desktop display");
	reset();
	add_constant("non-desktop", 1);
	run("connector=HDMI-A-1");
	end();
	reset();
	add_constant("non-desktop", 1);
	fake_drm.has_second = true;
	run(NULL);
	expect_text("HDMI-A-2");
	end();
}
END_TEST

/* clang-format off */
static const struct {
	uint64_t orientation;
	bool can;	   /* the plane turns */
	bool refused;	   /* and the driver refuses it all the same */
	const char *settings;
	uint64_t rotation; /* DRM_MODE_ROTATE_* */
	uint32_t lines;
	const char *text;
} panels[] = {
	{0, true, false, NULL, 1, 0, "centred"},
	{1, true, false, NULL, 4, 0, "turned 180"},
	{2, true, false, NULL, 2, 0, "turned 90"},
	{3, true, false, NULL, 8, 0, "turned 270"},
	{3, true, false, "rotation=0", 1, 0, "centred"},
	{3, true, false, "rotation=90", 2, 0, "turned 90"},
	{2, false, false, NULL, 1, 1, "centred"},
	{2, false, false, "rotation=0", 1, 0, "centred"},
	{2, true, true, NULL, 1, 1, "centred"},
	{9, true, false, NULL, 1, 0, "centred"}, /* none that is known */
};
/* clang-format on */

START_TEST(a_panel_that_is_mounted_turned)
{
	reset();
	add_constant("panel orientation", panels[_i].orientation);
	fake_drm.can_rotate = panels[_i].can;
	fake_drm.no_turn = panels[_i].refused;
	run(panels[_i].settings);
	ck_assert_uint_eq(fake_drm_value(FAKE_PRIMARY, "rotation"),
			  panels[_i].rotation);
	expect_text(panels[_i].text);
	end();
	ck_assert_msg(lines() == panels[_i].lines, "%s", said);
	if (panels[_i].lines)
		expect_line("mounted turned");
}
END_TEST

/* Unplugged, while another one is connected; not where it was named. */
START_TEST(the_other_connector)
{
	reset();
	fake_drm.has_second = true;
	fake_drm.second_status = DRM_MODE_CONNECTED;
	run(NULL);
	expect_text("HDMI-A-1");
	fake_drm.status = DRM_MODE_DISCONNECTED;
	change();
	expect_text("HDMI-A-2");
	end();
	expect_line("kms: now /dev/dri/card7 (fake) HDMI-A-2");
	reset();
	fake_drm.has_second = true;
	fake_drm.second_status = DRM_MODE_CONNECTED;
	run("connector=HDMI-A-1");
	fake_drm.status = DRM_MODE_DISCONNECTED;
	for (int i = 0; i < 3; i++) {
		kms_rig_help(&rig);
		kms_rig_ticks(&rig, 2);
	}
	ck_assert_int_eq(kms_rig_state(&rig), DISPLAY_STATE_NO_SINK);
	fake_drm.status = DRM_MODE_CONNECTED;
	change();
	expect_text("HDMI-A-1");
	end();
}
END_TEST

/* Nothing else is connected: the device is kept, and its connector waited for. */
START_TEST(no_other_connector)
{
	reset();
	run(NULL);
	fake_drm.status = DRM_MODE_DISCONNECTED;
	for (int i = 0; i < 5; i++) {
		kms_rig_help(&rig);
		kms_rig_ticks(&rig, 2);
	}
	ck_assert_int_eq(kms_rig_state(&rig), DISPLAY_STATE_NO_SINK);
	ck_assert_int_eq(fake_drm.fds, 1);
	fake_drm.status = DRM_MODE_CONNECTED;
	change();
	end();
}
END_TEST

/* ---- devices -------------------------------------------------------------------- */

static const char *const firmware[] = {"simpledrm", "ofdrm", "efidrm",
				       "vesadrm"};

START_TEST(the_firmwares_picture_comes_last)
{
	reset();
	fake_drm.other_path = "/dev/dri/card0";
	fake_drm.other_driver = firmware[_i];
	run(NULL);
	expect_text("/dev/dri/card7 (fake)");
	end();
	/* without a monitor the real one does not serve */
	reset();
	fake_drm.other_path = "/dev/dri/card0";
	fake_drm.other_driver = "fake";
	fake_drm.driver = firmware[_i];
	fake_drm.other_dark = true;
	run(NULL);
	expect_text(firmware[_i]);
	kms_rig_help(&rig);
	kms_rig_ticks(&rig, 5);
	ck_assert_uint_eq(rig.lost, 0);
	end();
	/* it is there for who names it */
	reset();
	fake_drm.other_path = "/dev/dri/card0";
	fake_drm.other_driver = firmware[_i];
	ck_assert_int_eq(kms_rig_open(&rig, "device=/dev/dri/card0"), 0);
	expect_text(firmware[_i]);
	kms_rig_close(&rig);
	hear();
}
END_TEST

/* The real driver appears beside it, then in its place. */
START_TEST(the_firmwares_picture_is_left)
{
	reset();
	fake_drm.driver = "simpledrm";
	run(NULL);
	expect_text("simpledrm");
	fake_drm.other_path = "/dev/dri/card8";
	fake_drm.other_driver = "real";
	change();
	expect_text("/dev/dri/card8 (real)");
	end();
	reset();
	fake_drm.driver = "simpledrm";
	run(NULL);
	fake_drm.gone = true;
	kms_rig_ticks(&rig, 2);
	kms_rig_help(&rig);
	fake_drm.gone = false;
	fake_drm.path = "/dev/dri/card8";
	fake_drm.driver = "real";
	change();
	expect_text("/dev/dri/card8 (real)");
	end();
	/* who named it keeps it */
	reset();
	fake_drm.driver = "simpledrm";
	run("device=simpledrm");
	fake_drm.other_path = "/dev/dri/card8";
	fake_drm.other_driver = "real";
	kms_rig_help(&rig);
	kms_rig_ticks(&rig, 5);
	ck_assert_uint_eq(rig.lost, 0);
	end();
}
END_TEST

/* Another driver's, where no device was named. */
START_TEST(another_device_after_a_loss)
{
	reset();
	run(_i ? "device=fake" : NULL);
	fake_drm.gone = true;
	kms_rig_ticks(&rig, 2);
	kms_rig_help(&rig);
	ck_assert_int_eq(kms_rig_state(&rig), DISPLAY_STATE_GONE);
	fake_drm.gone = false;
	fake_drm.path = "/dev/dri/card8";
	fake_drm.driver = "another";
	if (_i) {
		kms_rig_help(&rig);
		ck_assert_int_eq(kms_rig_state(&rig), DISPLAY_STATE_GONE);
		fake_drm.driver = "fake";
	}
	change();
	expect_text("/dev/dri/card8");
	end();
	expect_line("kms: now /dev/dri/card8");
}
END_TEST

/* A card without a monitor is passed over, also when it is the first. */
START_TEST(the_card_with_the_monitor)
{
	reset();
	fake_drm.other_path = "/dev/dri/card0";
	fake_drm.other_driver = "fake";
	fake_drm.other_dark = true;
	run(NULL);
	expect_text("/dev/dri/card7");
	end();
}
END_TEST

/* What auto takes of two cards with a monitor, for a board of these drivers. */
static const struct {
	const char *drivers, *path;
	bool dark; /* the first card has no monitor */
} boards[] = {
	{NULL, "/dev/dri/card0", false},
	{"", "/dev/dri/card0", false},
	{"first", "/dev/dri/card0", false},
	{"nvidia-drm fake", "/dev/dri/card7", false},
	{" fake ", "/dev/dri/card7", false},
	{"fak fakes", "/dev/dri/card0", false},
	{"nvidia-drm", "/dev/dri/card0", false},
	{"first", "/dev/dri/card7", true},
};

START_TEST(the_boards_drivers_come_first)
{
	struct kms_settings settings = {.drivers = boards[_i].drivers};
	struct kms_connector connector = {.info = NULL};
	struct kms_device device = {.fd = -1};
	struct kms_refusal refusal;

	fake_drm_reset();
	fake_drm.other_path = "/dev/dri/card0";
	fake_drm.other_driver = "first";
	fake_drm.other_dark = boards[_i].dark;
	ck_assert_int_eq(kms_device_open(&device, &connector, &settings,
					 &refusal), 0);
	ck_assert_str_eq(device.path, boards[_i].path);
	kms_connector_finish(&connector);
	kms_device_close(&device);
	ck_assert_int_eq(fake_drm.fds, 0);
}
END_TEST

/* Its card cannot display, or is not there at all. */
START_TEST(nvidia_without_mode_setting)
{
	static const char remedy[] = "options nvidia-drm modeset=1";

	reset();
	fake_drm.driver = "nvidia-drm";
	fake_drm.no_crtc = true;
	expect_refusal(NULL, no_mode, -ENODEV, remedy);
	reset();
	fake_drm.driver = "nvidia-drm";
	fake_drm.no_crtc = true;
	expect_refusal("device=nvidia-drm", no_mode, -ENODEV, remedy);
	/* beside another card, whatever that one lacks */
	reset();
	fake_drm.other_path = "/dev/dri/card0";
	fake_drm.other_driver = "nvidia-drm";
	fake_drm.other_no_crtc = true;
	fake_drm.status = DRM_MODE_DISCONNECTED;
	expect_refusal(NULL, no_mode, -ENODEV, remedy);
	expect_line("");
	reset();
	fake_drm.path = NULL;
	fake_drm.module = "nvidia_drm";
	expect_refusal(NULL, no_mode, -ENODEV, remedy);
	/* it displays, and lacks a monitor only */
	reset();
	fake_drm.driver = "nvidia-drm";
	fake_drm.module = "nvidia_drm";
	fake_drm.status = DRM_MODE_DISCONNECTED;
	expect_refusal(NULL, no_mode, -ENODEV, "no connected connector");
	ck_assert_ptr_null(strstr(rig.refusal, remedy));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("kms choice");
	TCase *modes = tcase_create("modes"), *places = tcase_create("places");
	SRunner *runner;
	int failed;

	tcase_add_loop_test(modes, a_refused_mode_is_passed_over, 0, 2);
	tcase_add_test(modes, a_mode_that_was_asked_for_is_not);
	tcase_add_test(modes, every_mode_is_refused);
	tcase_add_test(modes, a_better_mode_comes);
	tcase_add_test(modes, the_mode_goes);
	tcase_add_test(modes, other_modes_come);
	tcase_add_test(modes, a_mode_that_was_asked_for_stays);
	tcase_add_test(modes, slower_than_the_graph);
	tcase_add_test(places, headsets_only_by_name);
	tcase_add_loop_test(places, a_panel_that_is_mounted_turned, 0,
			    (int)(sizeof(panels) / sizeof(panels[0])));
	tcase_add_test(places, the_other_connector);
	tcase_add_test(places, no_other_connector);
	tcase_add_loop_test(places, the_firmwares_picture_comes_last, 0, 4);
	tcase_add_test(places, the_firmwares_picture_is_left);
	tcase_add_loop_test(places, another_device_after_a_loss, 0, 2);
	tcase_add_test(places, the_card_with_the_monitor);
	tcase_add_loop_test(places, the_boards_drivers_come_first, 0,
			    sizeof(boards) / sizeof(boards[0]));
	tcase_add_test(places, nvidia_without_mode_setting);
	suite_add_tcase(suite, modes);
	suite_add_tcase(suite, places);
	runner = srunner_create(suite);
	srunner_set_fork_status(runner, CK_FORK);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
