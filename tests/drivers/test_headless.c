/*
 * tests/drivers/test_headless.c: the displays without hardware: their slots do
 * not overlap, stay valid, and move as each driver says.
 */
#include <stdlib.h>
#include <string.h>

#include "drivers/display/drivers.h"
#include "tests/runtime/run_suite.h"

static const struct {
	const struct display_ops *ops;
	uint32_t slots;
	enum display_status answer;
} drivers[] = {
	{&headless_display, 3, DISPLAY_SHOWN},
	{&null_display, 1, DISPLAY_FREED},
};

static const uint32_t sizes[][2] = {
	{16, 16}, {17, 31}, {640, 480}, {1921, 1079}, {4096, 2160}};

static struct display display;

static int open_one(int driver, uint32_t width, uint32_t height)
{
	const struct display_config config = {
		.width = width,
		.height = height,
		.rate_num = 60,
		.rate_den = 1,
	};

	display = (struct display){.ops = drivers[driver].ops, .event_fd = -1};
	return display.ops->open(&display, &config);
}

static void fill(uint32_t slot, int value)
{
	const struct image *image = &display.slot[slot];

	for (uint32_t y = 0; y < image->height; y++)
		memset(image_row(image, y), value, image->width * 4);
}

static bool holds(uint32_t slot, unsigned char value)
{
	const struct image *image = &display.slot[slot];

	for (uint32_t y = 0; y < image->height; y++) {
		const unsigned char *row = (void *)image_row(image, y);

		if (row[0] != value ||
		    memcmp(row, row + 1, image->width * 4 - 1))
			return false;
	}
	return true;
}

START_TEST(slots)
{
	int driver = _i % 2;
	const uint32_t *size = sizes[_i / 2];

	ck_assert_int_eq(open_one(driver, size[0], size[1]), 0);
	ck_assert_uint_eq(display.slot_count, drivers[driver].slots);
	ck_assert_int_eq(display.cpu_read, DISPLAY_READ_FAST);
	ck_assert_int_eq(display.event_fd, -1);
	for (uint32_t i = 0; i < display.slot_count; i++) {
		ck_assert_uint_eq(display.slot[i].width, size[0]);
		ck_assert_uint_eq(display.slot[i].height, size[1]);
		ck_assert_uint_eq((uintptr_t)display.slot[i].base % 64, 0);
		ck_assert_uint_eq(display.slot[i].pitch % 64, 0);
		fill(i, (int)i + 1);
	}
	for (uint32_t i = 0; i < display.slot_count; i++)
		ck_assert(holds(i, (unsigned char)(i + 1)));
	display.ops->close(&display);
}
END_TEST

START_TEST(takes_every_frame)
{
	const struct frame frame = {.age_ns = FRAME_AGE_NONE};

	ck_assert_int_eq(open_one(_i, 64, 64), 0);
	for (uint32_t i = 0; i < 100; i++)
		ck_assert_int_eq(
			display.ops->present(&display, i % display.slot_count,
						     &frame),
			drivers[_i].answer);
	display.ops->close(&display);
}
END_TEST

/* One line, an error of limits, and nothing to close. */
START_TEST(no_memory)
{
	ck_assert_int_lt(open_one(_i, UINT32_MAX, UINT32_MAX), 0);
	ck_assert_ptr_null(display.state);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, slots, 0, 10);
	tcase_add_loop_test(tests, takes_every_frame, 0, 2);
	tcase_add_loop_test(tests, no_memory, 0, 2);
}

int main(void)
{
	return run_suite("headless", add);
}
