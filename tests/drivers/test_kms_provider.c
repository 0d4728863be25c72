/*
 * tests/drivers/test_kms_provider.c: where the slots' memory comes from, on the
 * fake device: the walk of buffers=auto and each reason for which a provider is
 * turned down, what stays behind then (nothing), and slots of a device's through
 * losses.
 */
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "drivers/display/drivers.h"
#include "drivers/display/kms/provider.h"
#include "tests/fakes/device_memory.h"
#include "tests/fakes/kms_rig.h"

static struct kms_rig rig;

static void with_device(void)
{
	fake_drm_reset();
	fake_thread_error = 0;
	memset(&rig, 0, sizeof(rig));
	kms_rig_memory = &fake_device_memory;
}

static void expect_clean(void)
{
	ck_assert_msg(fake_drm_is_clean(),
		      "%d fds, %d exports, %d maps, %d fbs, %d handles, "
		      "%d registered, %d imported",
		      fake_drm.fds, fake_drm.exports, fake_drm.maps,
		      fake_drm.fbs, fake_drm.handles, fake_device.maps,
		      fake_device.imports);
}

/* Frames go through; then the end, with nothing left. */
static void expect_run(void)
{
	ck_assert_int_eq(kms_rig_start(&rig), 0);
	fake_drm_pass(FAKE_PERIOD_NS / 2);
	kms_rig_ticks(&rig, 50);
	ck_assert_uint_eq(rig.shown, 49);
	kms_rig_close(&rig);
	expect_clean();
}

static void expect_buffers(const char *name)
{
	bool is_device = strcmp(name, "dumb") != 0;
	uint32_t slot;

	ck_assert_str_eq(rig.display.buffers, name);
	ck_assert_int_eq(rig.display.cpu_read,
			 is_device ? DISPLAY_READ_NONE : DISPLAY_READ_SLOW);
	for (slot = 0; slot < rig.display.slot_count; slot++)
		ck_assert_int_eq(fake_device_has(rig.display.slot[slot].base),
				 is_device);
	ck_assert_int_eq(fake_device.maps + fake_device.imports,
			 is_device ? 3 : 0);
	ck_assert_int_eq(fake_drm.maps, 3);
	ck_assert_int_eq(fake_drm.fbs, 3);
}

/* ---- the walk ------------------------------------------------------------ */

START_TEST(the_cpu_draws_in_dumb_buffers)
{
	with_device();
	kms_rig_memory = NULL;
	ck_assert_int_eq(kms_rig_open(&rig, "buffers=auto"), 0);
	expect_buffers("dumb");
	ck_assert_uint_eq(rig.display.rejected_count, 0);
	ck_assert_uint_eq(fake_drm.shows, 0);
	expect_run();
}
END_TEST

START_TEST(the_first_that_works_is_taken)
{
	static const struct {
		bool no_dma_buf, no_host;
		const char *taken;
		uint32_t rejected;
	} rows[] = {
		{false, false, "dumb-import", 0},
		{true, false, "dumb-hostreg", 1},
		{true, true, "dumb", 3},
	};

	with_device();
	fake_device.no_dma_buf = rows[_i].no_dma_buf;
	fake_device.no_host = rows[_i].no_host;
	ck_assert_int_eq(kms_rig_open(&rig, NULL), 0);
	expect_buffers(rows[_i].taken);
	ck_assert_uint_eq(rig.display.rejected_count, rows[_i].rejected);
	if (rows[_i].rejected == 3)
		ck_assert_str_eq(rig.display.rejected[2].why,
				 "no libnvbufsurface");
	if (rows[_i].rejected) {
		ck_assert_str_eq(rig.display.rejected[0].what, "dumb-import");
		ck_assert_str_eq(rig.display.rejected[0].why,
				 "importing is refused");
	}
	if (rows[_i].rejected > 1)
		ck_assert_str_eq(rig.display.rejected[1].what, "dumb-hostreg");
	/* the mode was set, and black is on view; no slot that the first frame
	 * is drawn in */
	if (rows[_i].rejected < 3) {
		ck_assert_uint_eq(fake_drm.modesets, 1);
		ck_assert(!fake_drm_holds(rig.display.slot[0].base));
		ck_assert(fake_drm_holds(rig.display.slot[1].base));
		ck_assert_uint_eq(fake_drm.flips, 2);
	}
	expect_run();
}
END_TEST

START_TEST(by_name)
{
	static const char *const names[] = {"dumb", "dumb-hostreg",
					    "dumb-import"};
	char settings[40];

	with_device();
	snprintf(settings, sizeof(settings), "buffers=%s", names[_i]);
	ck_assert_int_eq(kms_rig_open(&rig, settings), 0);
	expect_buffers(names[_i]);
	ck_assert_int_eq(!!strstr(rig.display.text, "buffers"), _i > 0);
	ck_assert_uint_eq(fake_drm.shows, 0); /* the screen stays as it is */
	expect_run();
}
END_TEST

static void expect_refusal(const char *settings, int error, const char *a,
			   const char *b)
{
	ck_assert_int_eq(kms_rig_open(&rig, settings), error);
	ck_assert_msg(strstr(rig.refusal, a), "no '%s' in: %s", a, rig.refusal);
	ck_assert_msg(strstr(rig.refusal, b), "no '%s' in: %s", b, rig.refusal);
	ck_assert_msg(!strchr(rig.refusal, '\n'), "%s", rig.refusal);
	expect_clean();
}

START_TEST(a_name_is_never_exchanged)
{
	with_device();
	fake_device.no_host = true;
	expect_refusal("buffers=dumb-hostreg", -ENOTSUP,
		       "buffers=dumb-hostreg: registering is refused",
		       "leave buffers out");
	fake_device.no_dma_buf = true;
	expect_refusal("buffers=dumb-import", -ENOTSUP,
		       "buffers=dumb-import: importing is refused",
		       "leave buffers out");
	fake_drm.no_prime = true;
	expect_refusal("buffers=dumb-import", -ENOTSUP, "PRIME_HANDLE_TO_FD",
		       "exports no dma-buf");
	kms_rig_memory = NULL;
	expect_refusal("buffers=dumb-hostreg", -EINVAL, "--backend cuda",
		       "buffers=dumb-hostreg");
	expect_refusal("buffers=vram", -EINVAL, "buffers=vram",
		       "auto, dumb, nvbuf, dumb-hostreg, dumb-import");
}
END_TEST

START_TEST(the_device_draws_one_format)
{
	with_device();
	ck_assert_int_eq(kms_rig_open(&rig, "format=RGB565"), 0);
	expect_buffers("dumb");
	ck_assert_uint_eq(rig.display.rejected_count, 3);
	ck_assert(strstr(rig.display.rejected[1].why, "RGB565"));
	expect_run();
	with_device();
	expect_refusal("format=RGB565,buffers=dumb-hostreg", -ENOTSUP,
		       "RGB565", "XRGB8888");
}
END_TEST

START_TEST(a_board_has_its_own_order)
{
	const struct kms_provider *order[KMS_PROVIDERS_MAX];
	char list[160];

	kms_provider_order_of("dumb-hostreg  vram dumb dumb-import", order);
	ck_assert_str_eq(order[0]->name, "dumb-hostreg");
	ck_assert_str_eq(order[1]->name, "dumb-import");
	ck_assert_ptr_null(order[2]);
	kms_provider_order_of("", order);
	ck_assert_str_eq(order[0]->name, "dumb-import");
	kms_provider_list(list, sizeof(list));
	ck_assert_str_eq(list, "dumb, nvbuf, dumb-hostreg, dumb-import");
	ck_assert_ptr_null(kms_provider_find("dumb-"));
}
END_TEST

/* ---- faults -------------------------------------------------------------- */

#define AT_CALL(n)  .device.fail_at = (n)
#define MARKS(kind) .device.marks = FAKE_MARKS_##kind

static const char *const devices[] = {"dumb-hostreg", "dumb-import"};
#define DEVICES 2

/* What goes wrong with a provider, and what is said of it. A provider makes
 * three buffers: calls 1 to 3 map them, 4 to 6 draw, 7 to 9 blacken. */
static const struct fault {
	struct fake_device device;
	int test, show, flip; /* errno of commits with its buffers */
	bool loses_flips;
	bool only_shown; /* seen where it is shown only: a name is taken */
	const char *why;
} faults[] = {
	{AT_CALL(1), .why = "is refused"},
	{AT_CALL(2), .why = "is refused"},
	{AT_CALL(3), .why = "is refused"},
	{AT_CALL(4), .why = "does not draw in it: drawing is refused"},
	{AT_CALL(6), .why = "does not draw in it: drawing is refused"},
	{AT_CALL(9), .why = "does not draw in it: drawing is refused"},
	{MARKS(NONE), .why = "pixel 0,0 of buffer 0"},
	{MARKS(FIRST_PAGE), .why = "pixel 1024,0 of buffer 0"},
	{MARKS(UPSIDE_DOWN), .why = "pixel 0,0 of buffer 0"},
	{MARKS(MIRRORED), .why = "pixel 0,0 of buffer 0"},
	{MARKS(LAST_PIXEL), .why = "pixel 1365,767 of buffer 0"},
	{MARKS(OTHER_PITCH), .why = "pixel 0,1 of buffer 0"},
	{MARKS(ONE_BUFFER), .why = "pixel 0,0 of buffer 0"},
	{.test = EINVAL, .why = "refuses such buffers: Invalid argument"},
	{.test = ENOSPC, .why = "refuses such buffers: No space left"},
	{.show = EINVAL, .only_shown = true, .why = "refuses to show one"},
	{.show = EIO, .only_shown = true, .why = "refuses to show one"},
	{.flip = EINVAL, .only_shown = true, .why = "flips: Invalid argument"},
	{.loses_flips = true, .only_shown = true,
	 .why = "0 of 4 flips came to an end"},
};

#define FAULTS (sizeof(faults) / sizeof(faults[0]))

/* 1366 pixels: rows have room behind them. */
static void at_1366(const struct fault *fault)
{
	with_device();
	fake_drm.mode_count = 0;
	fake_drm_add_mode(1366, 768, 60);
	fake_device = fault->device;
	fake_drm.mapped_test_error = fault->test;
	fake_drm.mapped_show_error = fault->show;
	fake_drm.mapped_flip_error = fault->flip;
	fake_drm.lose_mapped = fault->loses_flips;
}

static int open_1366(const char *settings)
{
	return kms_rig_open_as(&rig, settings, 1366, 768,
			       (struct display_mode){.width = 0});
}

static void expect_why(const char *text, const struct fault *fault)
{
	ck_assert_msg(strstr(text, fault->why), "no '%s' in: %s", fault->why,
		      text);
}

/* The walk goes on to the next one, at last to dumb, which runs. */
START_TEST(a_fault_turns_it_down)
{
	const struct fault *fault = &faults[(size_t)_i % FAULTS];
	bool import_is_next = (size_t)_i >= FAULTS;
	uint32_t tried = import_is_next ? 0 : 1;

	at_1366(fault);
	/* the fault is the second candidate's: the first one fails at once */
	fake_device.no_dma_buf = !import_is_next;
	if (!import_is_next && fake_device.fail_at)
		fake_device.fail_at++; /* that one refused call */
	ck_assert_int_eq(open_1366(NULL), 0);
	ck_assert_uint_gt(rig.display.rejected_count, tried);
	ck_assert_str_eq(rig.display.rejected[tried].what,
			 import_is_next ? "dumb-import" : "dumb-hostreg");
	expect_why(rig.display.rejected[tried].why, fault);
	/* a call that fails once is the first candidate's only */
	expect_buffers(import_is_next && fault->device.fail_at ? "dumb-hostreg"
							       : "dumb");
	expect_run();
}
END_TEST

/* A name is refused, or taken where it would be seen on the screen only; then
 * the start says so. */
START_TEST(a_fault_refuses_a_name)
{
	const struct fault *fault = &faults[(size_t)_i % FAULTS];
	const char *name = devices[(size_t)_i / FAULTS];
	char settings[40];

	at_1366(fault);
	snprintf(settings, sizeof(settings), "buffers=%s", name);
	if (!fault->only_shown) {
		ck_assert_int_eq(open_1366(settings), -ENOTSUP);
		expect_why(rig.refusal, fault);
		ck_assert(strstr(rig.refusal, name));
		ck_assert_uint_eq(fake_drm.shows, 0);
	} else {
		ck_assert_int_eq(open_1366(settings), 0);
		expect_buffers(name);
		ck_assert_int_eq(!!kms_rig_start(&rig), !!fault->show);
		kms_rig_close(&rig);
	}
	expect_clean();
}
END_TEST

/* Whatever fails, the screen comes up with something or the refusal has its
 * line, and nothing stays behind. */
START_TEST(every_call_fails_once)
{
	int n, error, refused = 0, fell_back = 0;

	for (n = 1;; n++) {
		with_device();
		fake_drm.fail_at = n;
		error = kms_rig_open(&rig, NULL);
		if (error) {
			refused++;
			ck_assert_msg(rig.refusal[0], "call %d: no message", n);
			expect_clean();
			continue;
		}
		fell_back += strcmp(rig.display.buffers, "dumb-import") != 0;
		if (fake_drm.calls < n)
			break;
		if (!kms_rig_start(&rig)) {
			kms_rig_ticks(&rig, 10);
			ck_assert_uint_ge(rig.shown, 8);
		}
		fake_drm.fail_at = 0;
		kms_rig_close(&rig);
		expect_clean();
	}
	kms_rig_close(&rig);
	ck_assert_int_gt(refused, 30);
	/* create, map, export, framebuffer of three; TEST_ONLY, mode, flips */
	ck_assert_int_gt(fell_back, 12);
}
END_TEST

/* ---- losses -------------------------------------------------------------- */

static void running(const char *settings)
{
	with_device();
	ck_assert_int_eq(kms_rig_open(&rig, settings), 0);
	ck_assert_int_eq(kms_rig_start(&rig), 0);
	fake_drm_pass(FAKE_PERIOD_NS / 2);
	kms_rig_ticks(&rig, 20);
}

static void lose_and_find(void)
{
	fake_drm.gone = true;
	kms_rig_ticks(&rig, 5);
	kms_rig_help(&rig);
	ck_assert_int_eq(kms_rig_state(&rig), DISPLAY_STATE_GONE);
	fake_drm.gone = false;
	fake_drm_pass(2000000000);
	kms_rig_help(&rig);
	ck_assert_int_eq(kms_rig_state(&rig), DISPLAY_STATE_RUNNING);
}

START_TEST(a_recovery_has_the_same_provider)
{
	char settings[40];
	uint32_t shown;

	snprintf(settings, sizeof(settings), "buffers=%s", devices[_i]);
	running(_i ? settings : NULL);
	if (!_i) /* auto's choice stays, too */
		ck_assert_str_eq(rig.display.buffers, "dumb-import");
	lose_and_find();
	shown = rig.shown;
	kms_rig_ticks(&rig, 20);
	ck_assert_uint_ge(rig.shown, shown + 18);
	expect_buffers("dumb-import");
	kms_rig_close(&rig);
	expect_clean();
}
END_TEST

/* What is on its way when the display is lost arrives in memory that is there:
 * the fake ends the test if it was given back before. */
START_TEST(memory_is_given_back_when_the_device_is_done)
{
	char settings[40];
	unsigned char *at;

	snprintf(settings, sizeof(settings), "buffers=%s", devices[_i]);
	running(settings);
	at = rig.display.slot[slots_take(&rig.slots)].base;
	fake_device_store(at, 4711);
	fake_drm.gone = true;
	kms_rig_help(&rig); /* asks the tick thread to park */
	while (kms_display.on_event(&rig.display, &rig.flip))
		;
	ck_assert_uint_eq(rig.display.slot[0].pitch, 0);
	kms_rig_help(&rig);
	ck_assert_int_gt(fake_device.idles, 0);
	ck_assert_int_eq(fake_drm.maps, 0);
	fake_drm.gone = false;
	kms_rig_close(&rig);
	expect_clean();
}
END_TEST

/* A device that hangs keeps its memory: nothing is unmapped under it, and the
 * end does not wait for it again and again. */
START_TEST(memory_of_a_device_that_hangs_stays)
{
	unsigned char *base;
	char settings[40];

	snprintf(settings, sizeof(settings), "buffers=%s", devices[_i]);
	running(settings);
	base = rig.display.slot[0].base;
	fake_device.hangs = true;
	fake_device_store(base, 4711);
	kms_rig_close(&rig);
	ck_assert_int_eq(fake_device.idles, 1);
	ck_assert_int_eq(fake_drm.maps, 3);
	ck_assert_int_eq(fake_drm.fbs, 0);
	ck_assert_int_eq(fake_drm.fds, 0);
	ck_assert(fake_device_has(base));
	fake_device_finish(1);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("kms provider");
	TCase *walk = tcase_create("walk");
	TCase *wrong = tcase_create("faults");
	TCase *losses = tcase_create("losses");
	SRunner *runner;
	int failed;

	tcase_add_test(walk, the_cpu_draws_in_dumb_buffers);
	tcase_add_loop_test(walk, the_first_that_works_is_taken, 0, 3);
	tcase_add_loop_test(walk, by_name, 0, 3);
	tcase_add_test(walk, a_name_is_never_exchanged);
	tcase_add_test(walk, the_device_draws_one_format);
	tcase_add_test(walk, a_board_has_its_own_order);
	tcase_set_timeout(wrong, 120);
	tcase_add_loop_test(wrong, a_fault_turns_it_down, 0, DEVICES * FAULTS);
	tcase_add_loop_test(wrong, a_fault_refuses_a_name, 0,
			    DEVICES * FAULTS);
	tcase_add_test(wrong, every_call_fails_once);
	tcase_add_loop_test(losses, a_recovery_has_the_same_provider, 0, 2);
	tcase_add_loop_test(losses, memory_is_given_back_when_the_device_is_done,
			    0, DEVICES);
	tcase_add_loop_test(losses, memory_of_a_device_that_hangs_stays, 0,
			    DEVICES);
	suite_add_tcase(suite, walk);
	suite_add_tcase(suite, wrong);
	suite_add_tcase(suite, losses);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}
