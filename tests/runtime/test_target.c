/*
 * tests/runtime/test_target.c: how rows and frames reach a slot: directly, by
 * one store where the slot is slow to read, as RGB565, and into a recording
 * beside it. A slow slot is never read: its memory is poisoned before each
 * frame, and a step that does read it, planted here, is found out.
 */
#include <check.h>
#include <stdlib.h>

#include "graph/graph.h"

#define WIDTH  32u
#define HEIGHT 4u

static uint32_t slot_memory[WIDTH * HEIGHT], tap_memory[WIDTH * HEIGHT];
static uint32_t shadow_memory[WIDTH * HEIGHT], scratch[WIDTH];
static struct graph_target target;

static struct image image_of(uint32_t *memory)
{
	return (struct image){.base = (unsigned char *)memory,
			      .pitch = WIDTH * sizeof(uint32_t),
			      .width = WIDTH,
			      .height = HEIGHT};
}

/* A pixel of the test picture. */
static uint32_t pixel(uint32_t x, uint32_t y)
{
	return 0xff000000 | (x * 7 + y) << 16 | (x * 5 + 3 * y) << 8 |
	       (255 - x * 3 - y);
}

static void poison(uint32_t byte)
{
	memset(slot_memory, (int)byte, sizeof(slot_memory));
	memset(tap_memory, (int)byte, sizeof(tap_memory));
	memset(shadow_memory, (int)byte, sizeof(shadow_memory));
	memset(scratch, (int)byte, sizeof(scratch));
}

/* As a fused step draws; `reads` plants what no step may do. */
static void draw_rows(bool reads)
{
	uint32_t x, y;

	for (y = 0; y < HEIGHT; y++) {
		uint32_t *row = graph_row_begin(&target, y, scratch);

		for (x = 0; x < WIDTH; x++)
			row[x] = pixel(x, y) ^
				 (reads ? image_row(&target.slot, y)[x] & 1
					: 0);
		graph_row_end(&target, y, row);
	}
}

/* As a frame step draws. */
static void draw_frame(bool reads)
{
	const struct image *image = graph_frame_begin(&target);
	const struct graph_band lower = {HEIGHT / 2, HEIGHT, NULL};
	const struct graph_band upper = {0, HEIGHT / 2, NULL};
	uint32_t x, y;

	(void)reads;
	for (y = 0; y < HEIGHT; y++)
		for (x = 0; x < WIDTH; x++)
			image_row(image, y)[x] = pixel(x, y);
	graph_frame_end(&target, &lower);
	graph_frame_end(&target, &upper);
}

static bool holds_picture(const uint32_t *memory)
{
	uint32_t x, y;

	for (y = 0; y < HEIGHT; y++)
		for (x = 0; x < WIDTH; x++)
			if (memory[y * WIDTH + x] != pixel(x, y))
				return false;
	return true;
}

/* The highest 5, 6 and 5 bits, the rest cut off; written out again here. */
static bool holds_rgb565(void)
{
	const uint16_t *row;
	uint32_t x, y, p;

	for (y = 0; y < HEIGHT; y++) {
		row = (const void *)image_row(&target.slot, y);
		for (x = 0; x < WIDTH; x++) {
			p = pixel(x, y);
			if (row[x] != ((p >> 16 & 255) / 8 * 2048 +
				       (p >> 8 & 255) / 4 * 32 + (p & 255) / 8))
				return false;
		}
	}
	return true;
}

/* clang-format off */
static const struct {
	bool slow, tap, shadow;
	enum graph_format format;
} targets[] = {
	{false, false, false, GRAPH_FORMAT_XRGB8888},
	{false, true,  false, GRAPH_FORMAT_XRGB8888},
	{true,  false, false, GRAPH_FORMAT_XRGB8888},
	{true,  true,  false, GRAPH_FORMAT_XRGB8888},
	{true,  false, true,  GRAPH_FORMAT_XRGB8888},
	{true,  true,  true,  GRAPH_FORMAT_XRGB8888},
	{true,  false, true,  GRAPH_FORMAT_RGB565},
	{true,  true,  true,  GRAPH_FORMAT_RGB565},
};
/* clang-format on */

#define TARGETS ((int)(sizeof(targets) / sizeof(targets[0])))

static void set_target(int i)
{
	target = (struct graph_target){
		.slot = image_of(slot_memory),
		.slow_read = targets[i].slow,
		.format = targets[i].format,
	};
	if (targets[i].tap)
		target.tap = image_of(tap_memory);
	if (targets[i].shadow)
		target.shadow = image_of(shadow_memory);
}

static void check_target(int i, void (*draw)(bool reads))
{
	uint32_t byte;

	set_target(i);
	for (byte = 0; byte < 256; byte += 85) {
		poison(byte);
		draw(false);
		if (targets[i].format == GRAPH_FORMAT_RGB565)
			ck_assert(holds_rgb565());
		else
			ck_assert(holds_picture(slot_memory));
		if (targets[i].tap)
			ck_assert(holds_picture(tap_memory));
		if (targets[i].shadow)
			ck_assert(holds_picture(shadow_memory));
	}
}

START_TEST(rows_reach_every_target)
{
	check_target(_i, draw_rows);
}
END_TEST

START_TEST(frames_reach_every_target)
{
	check_target(_i, draw_frame);
}
END_TEST

START_TEST(a_planted_read_is_found_out)
{
	set_target(2);
	poison(0xff);
	draw_rows(true);
	ck_assert(!holds_picture(slot_memory));
	poison(0);
	draw_rows(true);
	ck_assert(holds_picture(slot_memory)); /* one poison is not enough */
}
END_TEST

START_TEST(rgb565_is_cut_off)
{
	ck_assert_uint_eq(graph_RGB565_pack(0xff000000), 0);
	ck_assert_uint_eq(graph_RGB565_pack(0x00ffffff), 0xffff);
	ck_assert_uint_eq(graph_RGB565_pack(0xff070307), 0);
	ck_assert_uint_eq(graph_RGB565_pack(0xff080408), 0x0821);
	ck_assert_uint_eq(graph_RGB565_pack(0xffff0000), 0xf800);
	ck_assert_uint_eq(graph_RGB565_pack(0xff00ff00), 0x07e0);
	ck_assert_uint_eq(graph_RGB565_pack(0xff0000ff), 0x001f);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("target");
	TCase *cases = tcase_create("targets");
	SRunner *runner;
	int failed;

	tcase_add_loop_test(cases, rows_reach_every_target, 0, TARGETS);
	tcase_add_loop_test(cases, frames_reach_every_target, 0, TARGETS);
	tcase_add_test(cases, a_planted_read_is_found_out);
	tcase_add_test(cases, rgb565_is_cut_off);
	suite_add_tcase(suite, cases);
	runner = srunner_create(suite);
	srunner_set_fork_status(runner, CK_FORK);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
