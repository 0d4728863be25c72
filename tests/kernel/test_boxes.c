/*
 * tests/kernel/test_boxes.c: kernel/boxes.h against a painter of its own: each box
 * in turn, its edge, then its label as kernel/label.h would draw it; clipped at
 * every border; which ticks show which boxes; and what is counted of them.
 *
 * That span, pixel and touches agree, for anything, is test_nodes.c's.
 */
#include <check.h>
#include <stdlib.h>

#include "kernel/boxes.h"
#include "kernel/label.h"
#include "tests/kernel/random.h"
#include "tests/kernel/suite.h"

#define WIDTH  96
#define HEIGHT 64
#define BACK   0xff102030u

static struct tick_source source[2];
static uint64_t changed[32], counts[2];
static struct tick tick = {.width = WIDTH,
			   .height = HEIGHT,
			   .changed = changed,
			   .count = counts,
			   .source = source,
			   .source_count = 2};
static struct boxes_state state;
static struct boxes_uniform uniform;

static struct boxes_params params;

static void begin(int32_t count)
{
	memset(&params, 0, sizeof(params));
	params.count = count;
	params.colors[0] = 0xffff0000;
	params.colors[1] = 0x8000ff00;
	params.thickness = 2;
	params.size = 12;
	params.text_color = 0xff000000;
	params.sequence = -1;
}

static void set_rect(uint32_t i, int32_t left, int32_t top, int32_t width,
		     int32_t height)
{
	int32_t *rect = &params.rects[4 * i];

	rect[0] = left;
	rect[1] = top;
	rect[2] = width;
	rect[3] = height;
}

static void draw(uint32_t picture[HEIGHT][WIDTH])
{
	int32_t x, y;

	memset(&uniform, 0xa5, sizeof(uniform));
	boxes_tick(&params, &tick, &state, &uniform);
	for (y = 0; y < HEIGHT; y++)
		for (x = 0; x < WIDTH; x++)
			picture[y][x] = boxes_pixel(&uniform, x, y, BACK);
}

static void ck_assert_back(void)
{
	static uint32_t picture[HEIGHT][WIDTH];
	uint32_t i, others = 0;

	draw(picture);
	for (i = 0; i < WIDTH * HEIGHT; i++)
		others += picture[i / WIDTH][i % WIDTH] != BACK;
	ck_assert_uint_eq(others, 0);
}

/* ---- the painter -------------------------------------------------------------- */

static void paint(uint32_t picture[HEIGHT][WIDTH], int32_t x, int32_t y,
		  uint32_t color)
{
	if (x >= 0 && x < WIDTH && y >= 0 && y < HEIGHT)
		picture[y][x] = color_cover(picture[y][x], color, 255);
}

/* As a label node of that text at that place. */
static void paint_label(const char *text, const int32_t *rect, uint32_t color,
			uint32_t picture[HEIGHT][WIDTH])
{
	static struct label_uniform label;
	struct label_params of = {.size = params.size,
				  .color = params.text_color,
				  .padding = BOXES_PADDING};
	int32_t rows, x, y;

	memcpy(of.text, text, strlen(text) + 1);
	label_tick(&of, &tick, NULL, &label);
	rows = label.line.rows;
	if (!label.line.count)
		return;
	of.offset[0] = rect[0];
	of.offset[1] = rect[1] - (rect[1] >= rows ? rows : 0) - BOXES_PADDING;
	label_tick(&of, &tick, NULL, &label);
	label.box.color = color;
	label.box.top += BOXES_PADDING; /* a box has padding beside it only */
	label.box.bottom -= BOXES_PADDING;
	for (y = 0; y < HEIGHT; y++)
		for (x = 0; x < WIDTH; x++)
			picture[y][x] = label_pixel(&label, x, y, picture[y][x]);
}

static void paint_box(uint32_t i, const char *text, uint32_t picture[HEIGHT][WIDTH])
{
	const int32_t *rect = &params.rects[4 * i];
	uint32_t color = params.colors[params.kinds[i]];
	int32_t t = params.thickness, x, y;

	if (rect[2] <= 0 || rect[3] <= 0)
		return;
	for (y = 0; y < rect[3]; y++)
		for (x = 0; x < rect[2]; x++)
			if (x < t || y < t || x >= rect[2] - t ||
			    y >= rect[3] - t)
				paint(picture, rect[0] + x, rect[1] + y, color);
	paint_label(text, rect, color, picture);
}

static void compare(const char *const *texts, const char *what, int32_t number)
{
	static uint32_t got[HEIGHT][WIDTH], wanted[HEIGHT][WIDTH];
	uint32_t i;

	draw(got);
	for (i = 0; i < WIDTH * HEIGHT; i++)
		wanted[i / WIDTH][i % WIDTH] = BACK;
	for (i = 0; i < (uint32_t)params.count; i++)
		paint_box(i, texts[i], wanted);
	for (i = 0; i < WIDTH * HEIGHT; i++)
		if (got[i / WIDTH][i % WIDTH] != wanted[i / WIDTH][i % WIDTH])
			ck_abort_msg("%s %d: %u,%u is %08x, not %08x", what,
				     number, i % WIDTH, i / WIDTH,
				     got[i / WIDTH][i % WIDTH],
				     wanted[i / WIDTH][i % WIDTH]);
}

/* ---- pictures ------------------------------------------------------------------- */

START_TEST(one_by_hand)
{
	static uint32_t picture[HEIGHT][WIDTH];
	uint32_t i, red = 0;

	begin(1);
	set_rect(0, 10, 20, 30, 20);
	draw(picture);
	for (i = 0; i < WIDTH * HEIGHT; i++)
		red += picture[i / WIDTH][i % WIDTH] == 0xffff0000;
	ck_assert_uint_eq(red, 30 * 20 - 26 * 16);
	ck_assert_uint_eq(picture[20][10], 0xffff0000);
	ck_assert_uint_eq(picture[39][39], 0xffff0000);
	ck_assert_uint_eq(picture[21][11], 0xffff0000);
	ck_assert_uint_eq(picture[22][12], BACK);
	ck_assert_uint_eq(picture[19][10], BACK);
	ck_assert_uint_eq(picture[20][40], BACK);
}
END_TEST

/* Over each border and corner, beyond, as large as can be, as small, and the
 * second over the first. */
START_TEST(at_every_border)
{
	static const int32_t rects[][4] = {
		{-8, 20, 20, 30},    {86, 20, 20, 30},	{30, -9, 30, 20},
		{30, 55, 30, 20},    {-8, -9, 20, 30},	{86, 55, 20, 30},
		{96, 0, 10, 10},     {0, 64, 10, 10},	{-10, 0, 10, 10},
		{0, -10, 10, 10},    {0, 0, 96, 64},	{-8192, -8192, 8192, 8192},
		{-4096, -4096, 8192, 8192}, {8192, 8192, 8192, 8192},
		{40, 40, 1, 1},	     {40, 40, 4, 4},	{40, 40, 3, 90},
		{40, 40, 0, 20},     {40, 40, 20, 0},	{40, 40, -5, 20},
		{40, 14, 30, 20},    {40, 15, 30, 20},	{40, 16, 30, 20}};
	static const char *const texts[] = {"Vi", "under"};
	size_t i;

	for (i = 0; i < sizeof(rects) / sizeof(rects[0]); i++) {

		begin(2);
		strcpy(params.labels, "Vi|under");
		params.kinds[0] = 1;
		memcpy(params.rects, rects[i], sizeof(rects[i]));
		set_rect(1, 33, 22, 40, 30);
		params.thickness = 1 + (int32_t)(i % 3) * 4;
		compare(texts, "rect", (int32_t)i);
	}
}
END_TEST

/* All of them, with labels out of all four strings; and one less each time. */
START_TEST(all_sixty_four)
{
	static char labels[BOXES_MAX][8];
	const char *texts[BOXES_MAX];
	char *strings[] = {params.labels, params.labels_17, params.labels_33,
			   params.labels_49};
	uint32_t i;

	begin(BOXES_MAX);
	for (i = 0; i < BOXES_MAX; i++) {
		texts[i] = labels[i];
		if (i % 5) /* some have none */
			snprintf(labels[i], sizeof(labels[i]), "%u", i);
		if (i % 16)
			strcat(strings[i / 16], "|");
		strcat(strings[i / 16], labels[i]);
		params.kinds[i] = i % 2;
		set_rect(i, (int32_t)(i % 8) * 11 - 3,
			 (int32_t)(i / 8) * 8, 14, 11);
	}
	for (params.count = BOXES_MAX; params.count >= 0; params.count--)
		compare(texts, "count", params.count);
}
END_TEST

/* As many characters as there can be: each label's first 32, and what is behind
 * the 16th is nobody's. */
START_TEST(long_labels)
{
	char *strings[] = {params.labels, params.labels_17, params.labels_33,
			   params.labels_49};
	uint32_t i, s, glyphs = 0;

	begin(BOXES_MAX);
	for (i = 0; i < BOXES_MAX; i++)
		set_rect(i, 0, 20, 10, 10);
	for (s = 0; s < 4; s++)
		memset(strings[s], 'W', BOXES_TEXT);
	for (s = 0; s < 3; s++) /* 33 each, so that 7 are full */
		for (i = 33; i < BOXES_TEXT; i += 34)
			strings[s][i] = '|';
	memset(strings[3], '|', 16);
	boxes_tick(&params, &tick, &state, &uniform);
	for (i = 0; i < BOXES_MAX; i++) {
		ck_assert_uint_eq(uniform.items[i].first, glyphs);
		ck_assert_uint_eq(uniform.lines[i].count,
				  i >= 48	? 0
				  : i % 16 < 7	? 32
				  : i % 16 == 7 ? BOXES_TEXT - 7 * 34
						: 0);
		glyphs += uniform.lines[i].count;
	}
	ck_assert_uint_le(glyphs, BOXES_GLYPHS);
}
END_TEST

START_TEST(a_string_of_single_characters)
{

	begin(BOXES_MAX);
	set_rect(15, 0, 20, 10, 10);
	memset(params.labels, 'i', BOXES_TEXT); /* one label: the first's */
	boxes_tick(&params, &tick, &state, &uniform);
	ck_assert_int_eq(uniform.count, 1);
	ck_assert_uint_eq(uniform.lines[0].count, 0);
}
END_TEST

START_TEST(none_is_nothing)
{

	begin(0);
	set_rect(0, 10, 20, 30, 20);
	strcpy(params.labels, "text");
	ck_assert_back();
	ck_assert(!boxes_touches(&uniform, 12, 20));
}
END_TEST

/* ---- the frame that they belong to --------------------------------------------- */

START_TEST(on_their_frame_or_not_at_all)
{
	static const struct {
		int32_t source, sequence;
		bool shown;
		uint64_t number;
		bool drawn;
	} rows[] = {
		{0, -1, false, 0, true},
		{0, 7, false, 3, true}, /* they belong to none */
		{2, -1, true, 3, true},
		{2, -1, false, 3, false},
		{2, 7, true, 6, false},
		{2, 7, true, 7, true},
		{2, 7, true, 8, false},
		{2, 7, false, 7, false},
		{2, 0, true, 0, true},
		{2, 0, false, 0, false}, /* a blank one has number 0 too */
		{2, INT32_MAX, true, INT32_MAX, true},
		{2, 5, true, (1ull << 31) + 5, true}, /* the lower 31 bits */
		{2, 5, true, (1ull << 40) + 4, false},
		{1, 7, true, 7, false}, /* the other source's */
		{3, 7, true, 7, false}, /* there is none */
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {

		begin(1);
		set_rect(0, 10, 20, 30, 20);
		params.source = rows[i].source;
		params.sequence = rows[i].sequence;
		source[0] = (struct tick_source){.shown = true, .sequence = 99};
		source[1] = (struct tick_source){.shown = rows[i].shown,
						 .sequence = rows[i].number};
		boxes_tick(&params, &tick, &state, &uniform);
		ck_assert_msg(uniform.count == rows[i].drawn, "row %zu", i);
		if (!rows[i].drawn)
			ck_assert_back();
	}
}
END_TEST

START_TEST(nothing_is_known_of_sources)
{
	const struct tick unknown = {.width = WIDTH,
				     .height = HEIGHT,
				     .changed = changed,
				     .count = counts};

	begin(1);
	set_rect(0, 10, 20, 30, 20);
	params.source = 1;
	boxes_tick(&params, &unknown, &state, &uniform);
	ck_assert_int_eq(uniform.count, 0);
}
END_TEST

/* ---- counted once ---------------------------------------------------------------- */

/* A tick that shows that frame of the source; UINT64_MAX: none. */
static void show(uint64_t sequence, uint64_t drawn, uint64_t missed)
{
	tick.number++;
	source[0] = (struct tick_source){.shown = sequence != UINT64_MAX,
					 .sequence = sequence};
	boxes_tick(&params, &tick, &state, &uniform);
	ck_assert_msg(counts[BOXES_DRAWN] == drawn &&
			      counts[BOXES_MISSED] == missed,
		      "tick %d: %d drawn, %d missed", (int)tick.number,
		      (int)counts[BOXES_DRAWN], (int)counts[BOXES_MISSED]);
}

/* Given in the next tick: boxes of frame `sequence`, and one without a width. */
static void give(int32_t count, int32_t sequence)
{
	int32_t i;

	begin(count + 1);
	for (i = 0; i < count; i++)
		set_rect((uint32_t)i, 10, 20, 30, 20);
	params.source = 1;
	params.sequence = sequence;
	changed[12] = tick.number + 1;
}

START_TEST(each_set_is_counted_once)
{
	tick.number = 0;
	give(3, 5);
	show(UINT64_MAX, 0, 0);
	show(4, 0, 0);
	show(5, 3, 0);
	show(5, 3, 0);
	show(6, 3, 0); /* they were drawn */
	give(2, 8);
	show(7, 3, 0);
	show(9, 3, 2); /* passed over */
	show(10, 3, 2);
	give(4, 12);
	show(11, 3, 2);
	give(1, 13); /* took the place of the four */
	show(11, 3, 6);
	show(13, 4, 6);
	give(1, 4); /* late when they were given */
	show(13, 4, 7);
	give(2, INT32_MAX);
	show(INT32_MAX - 1, 4, 7);
	show(INT64_C(1) << 31, 4, 9); /* numbers go on from 0 */
	give(2, 1);
	show(INT64_C(1) << 31, 4, 9);
	show((INT64_C(1) << 31) + 1, 6, 9);
	give(5, 6);
	show(3, 6, 9); /* still to come at the end */
}
END_TEST

/* Of no source, they are drawn at once. */
START_TEST(boxes_of_no_frame_are_drawn)
{
	give(2, 7);
	params.source = 0;
	show(UINT64_MAX, 2, 0);
	show(8, 2, 0);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {one_by_hand,
				      at_every_border,
				      all_sixty_four,
				      long_labels,
				      a_string_of_single_characters,
				      none_is_nothing,
				      on_their_frame_or_not_at_all,
				      nothing_is_known_of_sources,
				      each_set_is_counted_once,
				      boxes_of_no_frame_are_drawn,
				      NULL};

	return suite_main("boxes", tests);
}
