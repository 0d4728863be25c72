/*
 * tests/drivers/test_kms.c: bring-up of the KMS driver on the fake device:
 * every call made to fail in turn, what each machine that cannot be used is
 * told, and the flips of a display that works.
 */
#include <check.h>
#include <drm_fourcc.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drivers/display/kms/settings.h"
#include "runtime/base/rate.h"
#include "tests/fakes/drm_state.h"
#include "tests/fakes/kms_rig.h"

static struct kms_rig rig;

static void reset(void)
{
	fake_drm_reset();
	fake_thread_error = 0;
	memset(&rig, 0, sizeof(rig));
}

static void expect_clean(void)
{
	ck_assert_msg(fake_drm_is_clean(),
		      "left: %d fds, %d maps, %d fbs, %d handles, %d blobs, "
		      "%d libdrm objects",
		      fake_drm.fds, fake_drm.maps, fake_drm.fbs,
		      fake_drm.handles, fake_drm.blobs, fake_drm.objects);
}

static void open_and_start(const char *settings)
{
	ck_assert_msg(kms_rig_open(&rig, settings) == 0, "%s", rig.refusal);
	ck_assert_int_eq(kms_rig_start(&rig), 0);
}

static void close_rig(void)
{
	ck_assert(slots_check(&rig.slots));
	kms_rig_close(&rig);
	expect_clean();
}

/* Opens what cannot be opened; the line holds each of the words. */
static void expect_refusal(const char *settings, int error, const char *a,
			   const char *b)
{
	ck_assert_int_eq(kms_rig_open(&rig, settings), error);
	ck_assert_msg(strstr(rig.refusal, a), "no '%s' in: %s", a, rig.refusal);
	ck_assert_msg(strstr(rig.refusal, b), "no '%s' in: %s", b, rig.refusal);
	ck_assert_msg(!strchr(rig.refusal, '\n'), "%s", rig.refusal);
	expect_clean();
}

/* ---- bring-up --------------------------------------------------------------- */

START_TEST(every_call_fails_once)
{
	int n, error, refused = 0;

	for (n = 1;; n++) {
		reset();
		fake_drm.fail_at = n;
		error = kms_rig_open(&rig, NULL);
		if (!error) {
			error = kms_rig_start(&rig);
			if (!error && fake_drm.calls >= n) {
				/* a call whose failure costs nothing */
				kms_rig_ticks(&rig, 10);
				ck_assert_uint_ge(rig.shown, 8);
				fake_drm.fail_at = 0;
				close_rig();
				continue;
			}
			fake_drm.fail_at = 0;
			kms_rig_close(&rig);
		} else {
			ck_assert_msg(rig.refusal[0], "call %d: no message", n);
		}
		expect_clean();
		if (!error)
			break;
		refused++;
	}
	ck_assert_int_gt(n, 45); /* the calls of a bring-up */
	ck_assert_int_gt(refused, 40);
}
END_TEST

START_TEST(no_helper_thread)
{
	reset();
	ck_assert_int_eq(kms_rig_open(&rig, NULL), 0);
	fake_thread_error = -EAGAIN;
	ck_assert_int_eq(kms_rig_start(&rig), -EAGAIN);
	kms_rig_close(&rig);
	expect_clean();
}
END_TEST

START_TEST(mode_set_and_first_frame_are_one_commit)
{
	reset();
	ck_assert_int_eq(kms_rig_open(&rig, NULL), 0);
	ck_assert_uint_eq(fake_drm.modesets, 0);
	ck_assert_uint_eq(fake_drm_value(FAKE_CRTC, "ACTIVE"), 0);
	ck_assert_int_eq(kms_rig_start(&rig), 0);
	ck_assert_uint_eq(fake_drm.modesets, 1);
	ck_assert_uint_eq(fake_drm.shows, 1);
	ck_assert_uint_eq(fake_drm_value(FAKE_CRTC, "ACTIVE"), 1);
	ck_assert_ptr_nonnull(fake_drm_shown(FAKE_PRIMARY));
	ck_assert_uint_eq(fake_drm_shown(FAKE_PRIMARY)->width, 1920);
	close_rig();
	/* it was dark before */
	ck_assert_uint_eq(fake_drm_value(FAKE_CRTC, "ACTIVE"), 0);
}
END_TEST

START_TEST(slots_are_for_storing_only)
{
	reset();
	open_and_start(NULL);
	ck_assert_uint_eq(rig.display.slot_count, 3);
	ck_assert_int_eq(rig.display.cpu_read, DISPLAY_READ_SLOW);
	for (uint32_t i = 0; i < 3; i++) {
		ck_assert_uint_eq(rig.display.slot[i].pitch % 256, 0);
		ck_assert_uint_eq(rig.display.slot[i].width, 1920);
	}
	close_rig();
}
END_TEST

/* Whatever part of a framebuffer the plane of before showed, all of ours is. */
START_TEST(the_whole_frame_is_the_source)
{
	static const char *const source[] = {"SRC_X", "SRC_Y", "CRTC_X",
					     "CRTC_Y"};
	struct fake_object *plane;
	uint32_t i, j;

	reset();
	plane = fake_object(FAKE_PRIMARY);
	for (i = 0; i < 4; i++)
		for (j = 0; j < plane->count; j++)
			if (!strcmp(plane->property[j].name, source[i]))
				plane->property[j].value = 64 << 16;
	open_and_start(NULL);
	for (i = 0; i < 4; i++)
		ck_assert_uint_eq(fake_drm_value(FAKE_PRIMARY, source[i]), 0);
	close_rig();
}
END_TEST

/* ---- machines that cannot be used --------------------------------------------- */

START_TEST(no_device)
{
	reset();
	fake_drm.path = NULL;
	expect_refusal(NULL, -ENODEV, "no /dev/dri/card*", "--device");
	reset();
	expect_refusal("device=/dev/dri/card9", -ENODEV, "/dev/dri/card9",
		       "ls /dev/dri");
	reset();
	expect_refusal("device=vkms", -ENODEV, "no display device of driver "
						"vkms",
		       "/dev/dri/card7 (fake)");
}
END_TEST

START_TEST(permission)
{
	reset();
	fake_drm.no_open = true;
	expect_refusal(NULL, -EACCES, "permission denied", "group");
}
END_TEST

START_TEST(render_only)
{
	reset();
	fake_drm.no_crtc = true;
	expect_refusal(NULL, -ENODEV, "no CRTC", "device=");
}
END_TEST

START_TEST(legacy_driver)
{
	reset();
	fake_drm.legacy = true;
	expect_refusal(NULL, -ENOTSUP, "no atomic mode setting", "headless");
	reset();
	fake_drm.driver = "tegra-udrm";
	expect_refusal(NULL, -ENOTSUP, "libdrm-nvdc", "eglstream");
	reset();
	fake_drm.no_dumb = true;
	expect_refusal(NULL, -ENOTSUP, "no dumb buffers", "headless");
}
END_TEST

START_TEST(connectors)
{
	reset();
	expect_refusal("connector=DP-1", -ENODEV, "no connector DP-1",
		       "HDMI-A-1: connected");
	reset();
	fake_drm.status = DRM_MODE_DISCONNECTED;
	expect_refusal(NULL, -ENODEV, "no connected connector",
		       "HDMI-A-1: disconnected");
	reset();
	fake_drm.status = DRM_MODE_DISCONNECTED;
	expect_refusal("connector=HDMI-A-1", -ENODEV, "HDMI-A-1 is "
						       "disconnected",
		       "--mode");
}
END_TEST

START_TEST(other_master)
{
	reset();
	fake_drm.other_master = true;
	expect_refusal(NULL, -EBUSY, "/dev/dri/card7", "master");
	/* an ending program is waited for: simulated time has passed */
	ck_assert_int_ge(fake_drm.now_ns, 1003 * NS_PER_SECOND);
}
END_TEST

START_TEST(formats_and_settings)
{
	reset();
	fake_drm.only_format = DRM_FORMAT_RGB565;
	expect_refusal("format=XRGB8888", -ENOTSUP, "XRGB8888", "RG16");
	reset();
	expect_refusal("rotation=90", -ENOTSUP, "turn the picture", "90");
	reset();
	expect_refusal("plane=99", -ENODEV, "no plane 99", "60, 61");
	reset();
	expect_refusal("plane=overlay,zpos=9", -ENOTSUP, "zpos=9", "0 to 7");
	reset();
	expect_refusal("color=red", -EINVAL, "no setting color", "connector");
	reset();
	expect_refusal("rotation=45", -EINVAL, "rotation=45", "0, 90, 180");
	reset();
	expect_refusal("format=NV12", -EINVAL, "format=NV12", "RGB565");
	reset();
	expect_refusal("x=10", -EINVAL, "x, y and zpos", "plane=overlay");
	reset();
	expect_refusal("plane", -EINVAL, "plane=", "number");
}
END_TEST

START_TEST(modes)
{
	const struct display_mode odd = {.width = 1234, .height = 777};
	const struct display_mode fast = {1920, 1080, 90000, 0};

	reset();
	fake_drm_add_mode(1280, 720, 50);
	ck_assert_int_eq(kms_rig_open_as(&rig, NULL, 1920, 1080, odd),
			 -ENOTSUP);
	ck_assert_ptr_nonnull(strstr(rig.refusal, "1280x720@50.00"));
	ck_assert_ptr_nonnull(strstr(rig.refusal, "--mode 1234x777:"));
	expect_clean();
	reset();
	ck_assert_int_eq(kms_rig_open_as(&rig, NULL, 1920, 1080, fast),
			 -ENOTSUP);
	ck_assert_ptr_nonnull(strstr(rig.refusal, "@90"));
	expect_clean();
}
END_TEST

START_TEST(frame_larger_than_the_mode)
{
	reset();
	ck_assert_int_eq(kms_rig_open_as(&rig, NULL, 3840, 2160,
					 (struct display_mode){.width = 0}),
			 -ENOTSUP);
	ck_assert_ptr_nonnull(strstr(rig.refusal, "3840x2160, is larger"));
	expect_clean();
}
END_TEST

START_TEST(driver_refuses)
{
	reset();
	fake_drm.test_error = EINVAL;
	expect_refusal(NULL, -ENOTSUP, "driver refuses", "XRGB8888");
	reset();
	fake_drm.show_error = ENODEV;
	ck_assert_int_eq(kms_rig_open(&rig, NULL), 0);
	ck_assert_int_eq(kms_rig_start(&rig), -ENODEV);
	kms_rig_close(&rig);
	expect_clean();
}
END_TEST

/* ---- layouts and formats --------------------------------------------------------- */

START_TEST(smaller_frame_is_centred)
{
	reset();
	ck_assert_int_eq(kms_rig_open_as(&rig, NULL, 640, 480,
					 (struct display_mode){.width = 0}),
			 0);
	ck_assert_int_eq(kms_rig_start(&rig), 0);
	ck_assert_uint_eq(fake_drm_shown(FAKE_PRIMARY)->width, 1920);
	ck_assert_ptr_nonnull(strstr(rig.display.text, "centred"));
	ck_assert_ptr_eq(rig.display.slot[0].base,
			 fake_drm_shown(FAKE_PRIMARY)->memory +
				 300 * rig.display.slot[0].pitch + 640 * 4);
	/* black around */
	ck_assert_uint_eq(fake_drm_shown(FAKE_PRIMARY)->memory[0], 0);
	close_rig();
}
END_TEST

START_TEST(plane_scales)
{
	reset();
	fake_drm.can_scale = true;
	ck_assert_int_eq(kms_rig_open_as(&rig, NULL, 640, 480,
					 (struct display_mode){.width = 0}),
			 0);
	ck_assert_int_eq(kms_rig_start(&rig), 0);
	ck_assert_uint_eq(fake_drm_shown(FAKE_PRIMARY)->width, 640);
	ck_assert_uint_eq(fake_drm_value(FAKE_PRIMARY, "CRTC_W"), 1440);
	ck_assert_uint_eq(fake_drm_value(FAKE_PRIMARY, "CRTC_X"), 240);
	close_rig();
}
END_TEST

START_TEST(turned)
{
	reset();
	fake_drm.can_rotate = true;
	ck_assert_msg(!kms_rig_open_as(&rig, "rotation=90", 1080, 1920,
				       (struct display_mode){.width = 0}),
		      "%s", rig.refusal);
	ck_assert_int_eq(kms_rig_start(&rig), 0);
	ck_assert_uint_eq(fake_drm_shown(FAKE_PRIMARY)->width, 1080);
	ck_assert_uint_eq(fake_drm_value(FAKE_PRIMARY, "CRTC_W"), 1920);
	ck_assert_uint_eq(fake_drm_value(FAKE_PRIMARY, "rotation"), 2);
	close_rig();
}
END_TEST

START_TEST(rgb565)
{
	reset();
	fake_drm.only_format = DRM_FORMAT_RGB565;
	open_and_start(NULL);
	ck_assert_int_eq(rig.display.format, GRAPH_FORMAT_RGB565);
	ck_assert_uint_eq(fake_drm_shown(FAKE_PRIMARY)->fourcc,
			  DRM_FORMAT_RGB565);
	ck_assert_uint_eq(rig.display.slot[0].pitch, 3840);
	close_rig();
}
END_TEST

START_TEST(every_format_of_the_table_is_a_slot_format)
{
	enum graph_format format;

	for (format = 0; format < GRAPH_FORMAT_COUNT; format++) {
		char setting[64];

		if (!kms_format_fits(format))
			continue;
		reset();
		fake_drm.only_format = graph_format_fourcc(format);
		snprintf(setting, sizeof(setting), "format=%s",
			 graph_format_name(format));
		open_and_start(format % 2 ? setting : NULL);
		ck_assert_int_eq(rig.display.format, format);
		ck_assert_uint_eq(fake_drm_shown(FAKE_PRIMARY)->fourcc,
				  graph_format_fourcc(format));
		close_rig();
	}
}
END_TEST

START_TEST(overlay_over_black)
{
	reset();
	ck_assert_int_eq(kms_rig_open_as(&rig, "plane=overlay,x=100,y=-20,"
					       "zpos=3",
					 640, 480,
					 (struct display_mode){.width = 0}),
			 0);
	ck_assert_int_eq(kms_rig_start(&rig), 0);
	ck_assert_uint_eq(fake_drm_shown(FAKE_OVERLAY)->width, 640);
	ck_assert_uint_eq(fake_drm_shown(FAKE_PRIMARY)->width, 1920);
	ck_assert_uint_eq(fake_drm_value(FAKE_OVERLAY, "CRTC_X"), 100);
	ck_assert_int_eq((int64_t)fake_drm_value(FAKE_OVERLAY, "CRTC_Y"), -20);
	ck_assert_uint_eq(fake_drm_value(FAKE_OVERLAY, "zpos"), 3);
	kms_rig_ticks(&rig, 20);
	ck_assert_uint_ge(rig.shown, 19);
	close_rig();
}
END_TEST

/* The whole screen, another program's as it were. */
static void light_as_another(struct kms_output *output)
{
	const struct kms_settings settings = {
		.frame_width = 1920,
		.frame_height = 1080,
		.rate_millihertz = 60000,
		.zpos = KMS_ZPOS_ANY,
	};
	struct kms_refusal refusal;

	ck_assert_int_eq(kms_output_open(output, &settings, &refusal), 0);
	ck_assert_int_eq(kms_output_show(output, 0), 0);
	output->device.card->is_away = true; /* no sink of this one joins it */
}

START_TEST(overlay_over_a_picture)
{
	static struct kms_output under;
	uint64_t picture, mode;

	reset();
	light_as_another(&under);
	picture = fake_drm_value(FAKE_PRIMARY, "FB_ID");
	mode = fake_drm_value(FAKE_CRTC, "MODE_ID");
	ck_assert_int_eq(kms_rig_open_as(&rig, "plane=overlay", 640, 480,
					 (struct display_mode){.width = 0}),
			 0);
	ck_assert_int_eq(kms_rig_start(&rig), 0);
	kms_rig_ticks(&rig, 5);
	ck_assert_uint_eq(fake_drm_value(FAKE_PRIMARY, "FB_ID"), picture);
	ck_assert_uint_eq(fake_drm_value(FAKE_CRTC, "MODE_ID"), mode);
	kms_rig_close(&rig);
	ck_assert_ptr_null(fake_drm_shown(FAKE_OVERLAY));
	ck_assert_uint_eq(fake_drm_value(FAKE_PRIMARY, "FB_ID"), picture);
	ck_assert_uint_eq(fake_drm_value(FAKE_CRTC, "ACTIVE"), 1);
	kms_output_close(&under);
	expect_clean();
}
END_TEST

/* With a mode of its own black lies under it, and the picture comes back. */
START_TEST(overlay_with_a_mode_over_a_picture)
{
	static struct kms_output under;
	uint64_t picture;

	reset();
	fake_drm_add_mode(1280, 720, 60);
	light_as_another(&under);
	picture = fake_drm_value(FAKE_PRIMARY, "FB_ID");
	ck_assert_int_eq(
		kms_rig_open_as(
			&rig, "plane=overlay", 640, 480,
			(struct display_mode){.width = 1280, .height = 720}),
		0);
	ck_assert_int_eq(kms_rig_start(&rig), 0);
	ck_assert_uint_ne(fake_drm_value(FAKE_PRIMARY, "FB_ID"), picture);
	ck_assert_uint_eq(fake_drm_value(FAKE_PRIMARY, "CRTC_W"), 1280);
	kms_rig_close(&rig);
	ck_assert_ptr_null(fake_drm_shown(FAKE_OVERLAY));
	ck_assert_uint_eq(fake_drm_value(FAKE_PRIMARY, "FB_ID"), picture);
	ck_assert_uint_eq(fake_drm_value(FAKE_PRIMARY, "CRTC_W"), 1920);
	ck_assert_uint_eq(fake_drm_value(FAKE_PRIMARY, "SRC_H"), 1080 << 16);
	kms_output_close(&under);
	expect_clean();
}
END_TEST

START_TEST(mode_forced_on_a_dark_connector)
{
	const struct display_mode mode = {.width = 1280, .height = 720};

	reset();
	fake_drm.status = DRM_MODE_DISCONNECTED;
	ck_assert_int_eq(kms_rig_open_as(&rig, "connector=HDMI-A-1", 1280, 720,
					 mode),
			 0);
	ck_assert_int_eq(kms_rig_start(&rig), 0);
	ck_assert_ptr_nonnull(strstr(rig.display.text, "1280x720@59."));
	kms_rig_help(&rig); /* it has no sink to lose */
	kms_rig_ticks(&rig, 5);
	ck_assert_uint_eq(rig.lost, 0);
	close_rig();
}
END_TEST

/* ---- flips ------------------------------------------------------------------------ */

START_TEST(exact_flips)
{
	reset();
	open_and_start(NULL);
	fake_drm_pass(FAKE_PERIOD_NS / 2); /* submits in mid-period */
	kms_rig_ticks(&rig, 10000);
	ck_assert_uint_eq(rig.shown, 9999);
	ck_assert_uint_eq(rig.busy + rig.lost + rig.no_slot, 0);
	ck_assert_uint_eq(fake_drm.busy, 0);
	ck_assert_uint_eq(rig.repeats, 0);
	ck_assert_int_eq(rig.flip.stamp, DISPLAY_STAMP_HARDWARE);
	ck_assert_uint_eq(atomic_load(&rig.display.health.flips), 9999);
	close_rig();
}
END_TEST

/* One commit and one read a tick, nothing else, for as long as it runs. */
START_TEST(calls_per_tick)
{
	int calls, reads;

	reset();
	open_and_start(NULL);
	fake_drm_pass(FAKE_PERIOD_NS / 2);
	kms_rig_ticks(&rig, 10);
	calls = fake_drm.calls;
	reads = fake_drm.reads;
	kms_rig_ticks(&rig, 10000);
	ck_assert_int_eq(fake_drm.calls - calls, 10000);
	ck_assert_int_eq(fake_drm.reads - reads, 10000);
	close_rig();
}
END_TEST

/* The buffers that the kernel gives may hold anything: all of each is black
 * before the first of them is shown. */
START_TEST(buffers_are_black_at_start)
{
	const struct fake_fb *fb;

	reset();
	ck_assert_int_eq(kms_rig_open_as(&rig, NULL, 640, 480,
					 (struct display_mode){.width = 0}),
			 0);
	for (fb = fake_drm.fb; fb < fake_drm.fb + 3; fb++) {
		ck_assert_ptr_nonnull(fb->memory);
		ck_assert_uint_eq(fb->memory[0], 0);
		ck_assert_mem_eq(fb->memory, fb->memory + 1, fb->bytes - 1);
	}
	ck_assert_int_eq(kms_rig_start(&rig), 0);
	close_rig();
}
END_TEST

/* Woken before a refresh, submitted after it: its event is looked for once more,
 * or each frame would find the flip of the one before pending. */
START_TEST(drawing_across_a_refresh)
{
	reset();
	open_and_start(NULL);
	fake_drm_pass(FAKE_PERIOD_NS * 9 / 10);
	rig.cost_ns = FAKE_PERIOD_NS / 5;
	kms_rig_ticks(&rig, 1000);
	ck_assert_uint_ge(rig.shown, 998);
	ck_assert_uint_ge(atomic_load(&rig.display.health.flips), rig.shown);
	ck_assert_uint_eq(rig.busy + rig.lost + rig.no_slot, 0);
	ck_assert_uint_eq(fake_drm.busy, 0);
	ck_assert_uint_eq(rig.repeats, 0);
	close_rig();
}
END_TEST

/* The commit after such a look finds the device away: the flip that was over
 * is told all the same, and no slot is lost. */
START_TEST(device_away_after_the_look)
{
	reset();
	open_and_start(NULL);
	fake_drm_pass(FAKE_PERIOD_NS * 9 / 10);
	rig.cost_ns = FAKE_PERIOD_NS / 5;
	kms_rig_ticks(&rig, 20);
	fake_drm.flip_error = ENODEV;
	ck_assert_int_eq(kms_rig_tick(&rig), DISPLAY_LOST);
	ck_assert_int_eq(kms_rig_state(&rig), DISPLAY_STATE_GONE);
	ck_assert_uint_eq(rig.shown, 19);
	fake_drm.flip_error = 0;
	ck_assert_int_eq(kms_rig_tick(&rig), DISPLAY_LOST);
	ck_assert_uint_eq(rig.shown, 20);
	kms_rig_help(&rig);
	kms_rig_ticks(&rig, 100);
	ck_assert_int_eq(kms_rig_state(&rig), DISPLAY_STATE_BUSY);
	ck_assert_uint_ge(rig.shown, 118);
	ck_assert_uint_eq(rig.no_slot, 0);
	close_rig();
}
END_TEST

START_TEST(slow_display_repeats_nothing_and_refuses_in_time)
{
	reset();
	open_and_start(NULL);
	rig.tick_ns = FAKE_PERIOD_NS / 2; /* twice as many frames */
	kms_rig_ticks(&rig, 1000);
	ck_assert_uint_eq(fake_drm.busy, 0); /* known without asking */
	ck_assert_uint_ge(rig.shown, 499);
	ck_assert_uint_ge(rig.busy + rig.no_slot, 498);
	close_rig();
}
END_TEST

START_TEST(at_once)
{
	reset();
	fake_drm.vblank = FAKE_NO_DISPLAY;
	open_and_start(NULL);
	ck_assert_int_eq(rig.display.stamp, DISPLAY_STAMP_AT_ONCE);
	kms_rig_ticks(&rig, 100);
	ck_assert_uint_eq(rig.shown, 99);
	ck_assert_int_eq(rig.flip.stamp, DISPLAY_STAMP_AT_ONCE);
	ck_assert_uint_eq(rig.flip.sequence, 0);
	close_rig();
}
END_TEST

START_TEST(software_stamps)
{
	reset();
	fake_drm.vblank = FAKE_NO_VBLANK;
	open_and_start(NULL);
	ck_assert_int_eq(rig.display.stamp, DISPLAY_STAMP_SOFTWARE);
	close_rig();
}
END_TEST

/* One of the flips that are timed is seen late, on a busy machine. */
START_TEST(stamps_are_found_on_a_busy_machine)
{
	static const enum display_stamp stamp[] = {
		[FAKE_NO_VBLANK] = DISPLAY_STAMP_SOFTWARE,
		[FAKE_NO_DISPLAY] = DISPLAY_STAMP_AT_ONCE,
	};
	int late;

	for (late = 1; late <= 4; late++) {
		reset();
		fake_drm.vblank = (enum fake_vblank)_i;
		fake_drm.late_wait = late;
		fake_drm.late_ns = FAKE_PERIOD_NS * 7 / 10;
		open_and_start(NULL);
		ck_assert_int_eq(fake_drm.late_wait, 0);
		ck_assert_int_eq(rig.display.stamp, stamp[_i]);
		close_rig();
	}
}
END_TEST

START_TEST(inherited_file_keeps_its_picture)
{
	uint64_t fb;

	reset();
	fake_drm.inherited = 9;
	open_and_start(NULL);
	kms_rig_ticks(&rig, 5);
	fb = fake_drm_value(FAKE_PRIMARY, "FB_ID");
	kms_rig_close(&rig);
	ck_assert_uint_eq(fake_drm_value(FAKE_PRIMARY, "FB_ID"), fb);
	ck_assert_uint_eq(fake_drm_value(FAKE_CRTC, "ACTIVE"), 1);
	ck_assert_int_eq(fake_drm.fbs, 1);
	ck_assert_int_eq(fake_drm.maps, 0);
	ck_assert_int_eq(fake_drm.fds, 0);
	/* the next owner of the file takes it off */
	open_and_start(NULL);
	kms_rig_ticks(&rig, 5);
	kms_rig_close(&rig);
	ck_assert_int_eq(fake_drm.fbs, 1);
}
END_TEST

/* Also that of the mode set itself, whichever slot it showed. */
START_TEST(inherited_file_keeps_its_first_picture)
{
	uint64_t fb;

	reset();
	fake_drm.inherited = 9;
	ck_assert_int_eq(kms_rig_open(&rig, NULL), 0);
	ck_assert_int_eq(kms_rig_start_in(&rig, (uint32_t)_i), 0);
	fb = fake_drm_value(FAKE_PRIMARY, "FB_ID");
	kms_rig_close(&rig);
	ck_assert_uint_ne(fb, 0);
	ck_assert_uint_eq(fake_drm_value(FAKE_PRIMARY, "FB_ID"), fb);
	ck_assert_uint_eq(fake_drm_value(FAKE_CRTC, "ACTIVE"), 1);
	ck_assert_int_eq(fake_drm.fbs, 1);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("kms");
	TCase *up = tcase_create("bring-up");
	TCase *flips = tcase_create("flips");
	SRunner *runner;
	int failed;

	tcase_set_timeout(up, 120);
	tcase_add_test(up, every_call_fails_once);
	tcase_add_test(up, no_helper_thread);
	tcase_add_test(up, mode_set_and_first_frame_are_one_commit);
	tcase_add_test(up, slots_are_for_storing_only);
	tcase_add_test(up, the_whole_frame_is_the_source);
	tcase_add_test(up, no_device);
	tcase_add_test(up, permission);
	tcase_add_test(up, render_only);
	tcase_add_test(up, legacy_driver);
	tcase_add_test(up, connectors);
	tcase_add_test(up, other_master);
	tcase_add_test(up, formats_and_settings);
	tcase_add_test(up, modes);
	tcase_add_test(up, frame_larger_than_the_mode);
	tcase_add_test(up, driver_refuses);
	tcase_add_test(up, smaller_frame_is_centred);
	tcase_add_test(up, plane_scales);
	tcase_add_test(up, turned);
	tcase_add_test(up, rgb565);
	tcase_add_test(up, every_format_of_the_table_is_a_slot_format);
	tcase_add_test(up, overlay_over_black);
	tcase_add_test(up, overlay_over_a_picture);
	tcase_add_test(up, overlay_with_a_mode_over_a_picture);
	tcase_add_test(up, mode_forced_on_a_dark_connector);
	tcase_add_test(flips, exact_flips);
	tcase_add_test(flips, calls_per_tick);
	tcase_add_test(up, buffers_are_black_at_start);
	tcase_add_test(flips, drawing_across_a_refresh);
	tcase_add_test(flips, device_away_after_the_look);
	tcase_add_test(flips, slow_display_repeats_nothing_and_refuses_in_time);
	tcase_add_test(flips, at_once);
	tcase_add_test(flips, software_stamps);
	tcase_add_loop_test(flips, stamps_are_found_on_a_busy_machine,
			    FAKE_NO_VBLANK, FAKE_NO_DISPLAY + 1);
	tcase_add_test(flips, inherited_file_keeps_its_picture);
	tcase_add_loop_test(flips, inherited_file_keeps_its_first_picture, 0, 3);
	suite_add_tcase(suite, up);
	suite_add_tcase(suite, flips);
	runner = srunner_create(suite);
	srunner_set_fork_status(runner, CK_FORK);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
