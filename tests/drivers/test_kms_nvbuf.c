/*
 * tests/drivers/test_kms_nvbuf.c: buffers=nvbuf, on the fake device and a fake
 * libnvbufsurface over it, which ends the test where a call comes in another
 * order or with something else than the library's header says.
 */
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "tests/fakes/device_memory.h"
#include "tests/fakes/kms_rig.h"
#include "tests/fakes/nvbuf.h"

static struct kms_rig rig;

/* nvbuf is the only one of a device's that there is. */
static void with_nvbuf(void)
{
	fake_drm_reset();
	fake_thread_error = 0;
	memset(&rig, 0, sizeof(rig));
	kms_rig_memory = &fake_device_memory;
	fake_nvbuf.absent = false;
	fake_device.no_host = fake_device.no_dma_buf = true;
}

static void expect_clean(void)
{
	ck_assert_msg(fake_drm_is_clean(),
		      "%d fds, %d exports, %d maps, %d fbs, %d handles, "
		      "%d images, %d surfaces",
		      fake_drm.fds, fake_drm.exports, fake_drm.maps,
		      fake_drm.fbs, fake_drm.handles, fake_device.images,
		      fake_nvbuf.surfaces);
}

static void expect_run(void)
{
	ck_assert_int_eq(kms_rig_start(&rig), 0);
	fake_drm_pass(FAKE_PERIOD_NS / 2);
	kms_rig_ticks(&rig, 50);
	ck_assert_uint_eq(rig.shown, 49);
	kms_rig_close(&rig);
	expect_clean();
}

START_TEST(frames_go_through)
{
	uint32_t slot;

	with_nvbuf();
	ck_assert_msg(!kms_rig_open(&rig, _i ? "buffers=nvbuf" : NULL), "%s",
		      rig.refusal);
	ck_assert_str_eq(rig.display.buffers, "nvbuf");
	ck_assert_int_eq(rig.display.cpu_read, DISPLAY_READ_NONE);
	for (slot = 0; slot < 3; slot++)
		ck_assert(fake_device_has(rig.display.slot[slot].base));
	ck_assert_int_eq(fake_nvbuf.surfaces, 3);
	ck_assert_int_eq(fake_device.images, 3);
	ck_assert_int_eq(fake_drm.handles, 3); /* the library's own */
	ck_assert_int_eq(fake_drm.maps, 0);
	expect_run();
}
END_TEST

static const struct fault {
	enum fake_nvbuf_release release;
	const char *fails;
	int at; /* that call, of three buffers' */
	bool absent, no_import, no_image;
	int test;
	enum fake_marks marks;
	const char *why;
} faults[] = {
	{.absent = true, .why = "no libnvbufsurface"},
	{.fails = "create", .at = 1, .why = "NvBufSurfaceCreate fails"},
	{.fails = "create", .at = 3, .why = "NvBufSurfaceCreate fails"},
	{.fails = "map", .at = 2, .why = "NvBufSurfaceMap fails"},
	{.fails = "for_device", .at = 1,
	 .why = "NvBufSurfaceSyncForDevice fails"},
	{.fails = "for_cpu", .at = 2, .why = "NvBufSurfaceSyncForCpu fails"},
	{.fails = "map_image", .at = 1, .why = "NvBufSurfaceMapEglImage fails"},
	{.fails = "map_image", .at = 3, .why = "NvBufSurfaceMapEglImage fails"},
	{.release = FAKE_NVBUF_NO_LIST, .why = "of another release"},
	{.release = FAKE_NVBUF_OTHER_SIZE, .why = "of another release"},
	{.release = FAKE_NVBUF_OTHER_LAYOUT, .why = "of another release"},
	{.release = FAKE_NVBUF_TWO_PLANES, .why = "of another release"},
	{.release = FAKE_NVBUF_OTHER_FILE,
	 .why = "PRIME_FD_TO_HANDLE: Bad file descriptor"},
	{.release = FAKE_NVBUF_OTHER_PITCH,
	 .why = "rows of 7744 bytes: the display takes multiples of 256"},
	{.no_import = true, .why = "PRIME_FD_TO_HANDLE: No such device"},
	{.no_image = true, .why = "registering its image is refused"},
	{.test = EINVAL, .why = "refuses such buffers"},
	{.marks = FAKE_MARKS_FIRST_PAGE, .why = "pixel 1024,0 of buffer 0"},
	{.marks = FAKE_MARKS_UPSIDE_DOWN, .why = "pixel 0,0 of buffer 0"},
	{.marks = FAKE_MARKS_ONE_BUFFER, .why = "pixel 0,0 of buffer 0"},
};

#define FAULTS (sizeof(faults) / sizeof(faults[0]))

/* With auto it is the copy then, by name a refusal. */
START_TEST(a_fault_turns_it_down)
{
	const struct fault *fault = &faults[(size_t)_i % FAULTS];
	bool named = (size_t)_i >= FAULTS;
	const char *why;

	with_nvbuf();
	fake_nvbuf = (struct fake_nvbuf){.absent = fault->absent,
					 .release = fault->release,
					 .fails = fault->fails,
					 .fails_at = fault->at};
	fake_drm.no_prime_in = fault->no_import;
	fake_drm.mapped_test_error = fault->test;
	fake_device.no_image = fault->no_image;
	fake_device.marks = fault->marks;
	if (named) {
		ck_assert_int_eq(kms_rig_open(&rig, "buffers=nvbuf"), -ENOTSUP);
		why = rig.refusal;
	} else {
		ck_assert_int_eq(kms_rig_open(&rig, NULL), 0);
		ck_assert_str_eq(rig.display.buffers, "dumb");
		ck_assert_uint_eq(rig.display.rejected_count, 3);
		ck_assert_str_eq(rig.display.rejected[2].what, "nvbuf");
		why = rig.display.rejected[2].why;
	}
	ck_assert_msg(strstr(why, fault->why), "no '%s' in: %s", fault->why,
		      why);
	ck_assert_int_eq(fake_nvbuf.surfaces, 0);
	if (named)
		expect_clean();
	else
		expect_run();
}
END_TEST

/* --probe: what is known without a device. */
START_TEST(probe)
{
	static const char *const lines[] = {
		"buffers for CUDA: dumb-import, dumb-hostreg are tried at the "
		"start; not nvbuf: no libnvbufsurface\n",
		"buffers for CUDA: dumb-import, dumb-hostreg, nvbuf are tried at "
		"the start\n",
	};
	char text[256] = "";
	FILE *out = fmemopen(text, sizeof(text), "w");

	with_nvbuf();
	fake_nvbuf.absent = !_i;
	kms_provider_probe(out);
	fclose(out);
	ck_assert_str_eq(text, lines[_i]);
	ck_assert_int_eq(fake_drm.calls, 0);
}
END_TEST

/* Another device, other surfaces: all of it made again. */
START_TEST(a_recovery)
{
	with_nvbuf();
	ck_assert_int_eq(kms_rig_open(&rig, "buffers=nvbuf"), 0);
	ck_assert_int_eq(kms_rig_start(&rig), 0);
	fake_drm_pass(FAKE_PERIOD_NS / 2);
	kms_rig_ticks(&rig, 20);
	ck_assert_int_eq(fake_nvbuf.made, 3);
	fake_drm.gone = true;
	kms_rig_ticks(&rig, 5);
	kms_rig_help(&rig);
	ck_assert_int_eq(kms_rig_state(&rig), DISPLAY_STATE_GONE);
	ck_assert_int_eq(fake_nvbuf.surfaces, 0);
	fake_drm.gone = false;
	fake_drm_pass(2000000000);
	kms_rig_help(&rig);
	ck_assert_int_eq(kms_rig_state(&rig), DISPLAY_STATE_RUNNING);
	kms_rig_ticks(&rig, 20);
	ck_assert_int_eq(fake_nvbuf.made, 6);
	ck_assert_int_eq(fake_device.images, 3);
	kms_rig_close(&rig);
	expect_clean();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("kms nvbuf");
	TCase *tests = tcase_create("nvbuf");
	SRunner *runner;
	int failed;

	tcase_set_timeout(tests, 120);
	tcase_add_loop_test(tests, frames_go_through, 0, 2);
	tcase_add_loop_test(tests, a_fault_turns_it_down, 0, 2 * FAULTS);
	tcase_add_loop_test(tests, probe, 0, 2);
	tcase_add_test(tests, a_recovery);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}
