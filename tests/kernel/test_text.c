/*
 * tests/kernel/test_text.c: what text and shape nodes draw: characters where the
 * font's tables put them, slides as functions of the tick, the areas of shapes,
 * what clocks say, where a crawl is.
 *
 * That span and pixel agree, for anything, is test_nodes.c's.
 */
#include <check.h>
#include <stdlib.h>

#include "kernel/crawl.h"
#include "kernel/label.h"
#include "kernel/lower_third.h"
#include "kernel/shapes.h"
#include "kernel/time.h"

#define WIDTH  640
#define HEIGHT 240
#define BLACK  0xff000000u

static struct run run;
static uint64_t changed[32];
static struct tick tick;

static void setup(void)
{
	memset(changed, 0, sizeof(changed));
	memset(&run, 0, sizeof(run));
	tick = (struct tick){.rate_num = 60,
			     .rate_den = 1,
			     .width = WIDTH,
			     .height = HEIGHT,
			     .run = &run,
			     .changed = changed};
}

static struct label_params label_of(const char *text, int32_t size)
{
	struct label_params params = {
		.size = size, .color = 0xffffffff, .offset = {20, 30}};

	strcpy(params.text, text);
	return params;
}

/* ---- label -------------------------------------------------------------- */

/* The font's own table, one after the other. */
static uint32_t character_of(uint32_t code)
{
	uint32_t i;

	for (i = 1; i < FACE_GLYPHS; i++)
		if (face_codes[i] == code)
			return i;
	return 0;
}

static int kern_of(uint32_t face, uint32_t left, uint32_t right)
{
	uint32_t i;

	for (i = 0; i < FACE_KERNS; i++)
		if (face_kerns[i].pair == (left << 16 | right))
			return (int)lround((double)face_kerns[i].by *
					   face_sizes[face].size / FACE_EM);
	return 0;
}

/* Coverage of a text whose line begins at x, y: every shape at its pen, where
 * they meet the larger. */
static void draw(uint8_t (*canvas)[WIDTH], uint32_t face, int x, int y,
		 const uint32_t *codes)
{
	uint32_t before = 0, i, row, column;
	int pen = x;

	for (i = 0; codes[i]; i++) {
		uint32_t character = character_of(codes[i]);
		const struct face_shape *shape = &face_shapes[face][character];

		if (!i && shape->left < 0)
			pen -= shape->left;
		if (i)
			pen += kern_of(face, before, character);
		for (row = 0; row < shape->rows; row++)
			for (column = 0; column < shape->width; column++) {
				uint8_t ink = face_ink()[shape->ink +
							 row * shape->width +
							 column];
				uint8_t *at =
					&canvas[y + shape->top + (int)row]
					       [pen + shape->left + (int)column];

				*at = ink > *at ? ink : *at;
			}
		pen += shape->advance;
		before = character;
	}
}

/* clang-format off */
static const struct {
	const char *text;
	uint32_t codes[16];
} texts[] = {
	{"AVATAR To.", {'A', 'V', 'A', 'T', 'A', 'R', ' ', 'T', 'o', '.', 0}},
	{"j\303\204fg", {'j', 0xc4, 'f', 'g', 0}},
	{"\320\226\344\270\255x", {0x416, 0x4e2d, 'x', 0}}, /* one is a box */
	{" ", {' ', 0}},
	{"", {0}},
};
/* clang-format on */

START_TEST(characters_are_where_the_font_puts_them)
{
	static uint8_t canvas[HEIGHT][WIDTH];
	static struct label_uniform uniform;
	uint32_t face;
	int32_t x, y;

	for (face = 0; face < FACE_COUNT; face++) {
		struct label_params params =
			label_of(texts[_i].text, face_sizes[face].size);

		memset(canvas, 0, sizeof(canvas));
		draw(canvas, face, 20, 30, texts[_i].codes);
		label_tick(&params, &tick, NULL, &uniform);
		for (y = 0; y < HEIGHT; y++)
			for (x = 0; x < WIDTH; x++) {
				uint32_t ink = canvas[y][x];

				if (label_pixel(&uniform, x, y, BLACK) !=
				    color_blend(BLACK, 0xffffffff,
						ink + (ink >> 7)))
					ck_abort_msg("%s: %d,%d",
						     texts[_i].text, x, y);
			}
	}
}
END_TEST

/* A line of characters whose cells are 1 to 4 pixels wide and whose ink lies in
 * the cells beside them too: narrower than any font's. */
static void narrow_line(struct line *line, struct line_glyph *glyphs,
			uint32_t count)
{
	uint32_t i;
	int32_t pen = 0;

	for (i = 0; i < count; i++) {
		const struct face_shape shape = {
			.left = (int16_t) - (rand() % 4),
			.top = (int16_t)(rand() % 3),
			.width = (uint16_t)(rand() % 12),
			.rows = 6,
			.ink = (uint32_t)(rand() % 4000),
		};

		line_place(&glyphs[i], &shape, pen);
		pen += 1 + rand() % (1 + (int)i % 4);
	}
	line->x = rand() % 9;
	line->y = 1;
	line->width = pen;
	line->rows = 8;
	line->count = count;
	line_clip_all(line, glyphs);
	line_index(line, glyphs);
}

START_TEST(runs_are_as_their_pixels_however_narrow)
{
	struct line_glyph glyphs[60];
	uint32_t cover[NODE_RUN], round, inked = 0;
	struct line line;
	int32_t x, y, i;

	for (round = 0; round < 200; round++) {
		narrow_line(&line, glyphs, 1 + round % 60);
		for (y = 0; y < 10; y++)
			for (x = 0; x < line.x + line.width + 9; x++) {
				line_coverage_run(&line, glyphs, x - 4, y,
						  cover);
				for (i = 0; i < NODE_RUN; i++) {
					inked += cover[i] != 0;
					ck_assert_uint_eq(
						cover[i],
						line_coverage(&line, glyphs,
							      x - 4 + i, y));
				}
			}
	}
	ck_assert_uint_gt(inked, 10000);
}
END_TEST

START_TEST(pairs_are_kerned)
{
	struct line_glyph glyphs[2];
	struct line pair, a, v;
	uint32_t face = FACE_COUNT - 1;

	line_set(&pair, glyphs, 2, face, "AV");
	line_set(&a, glyphs, 2, face, "A");
	line_set(&v, glyphs, 2, face, "V");
	ck_assert_int_lt(pair.width, a.width + v.width);
}
END_TEST

/* The largest that is not above what was asked for. */
START_TEST(sizes_are_found)
{
	uint32_t i;

	for (i = 0; i < FACE_COUNT; i++) {
		ck_assert_uint_eq(line_face(face_sizes[i].size), i);
		ck_assert_uint_eq(line_face(face_sizes[i].size + 1), i);
	}
	ck_assert_uint_eq(line_face(1), 0);
}
END_TEST

START_TEST(a_label_keeps_to_its_side)
{
	struct label_params params = label_of("Side", 31);
	struct label_uniform uniform;
	const struct box *box = &uniform.box;
	int32_t gap[2], far[2];

	params.anchor = _i;
	params.padding = 4;
	label_tick(&params, &tick, NULL, &uniform);
	gap[0] = box->left;
	gap[1] = box->top;
	far[0] = WIDTH - box->right;
	far[1] = HEIGHT - box->bottom;
	ck_assert_int_eq(_i % 3 == 0   ? gap[0]
			 : _i % 3 == 2 ? far[0]
				       : (gap[0] - far[0] + 1) / 2,
			 20);
	ck_assert_int_eq(_i / 3 == 0   ? gap[1]
			 : _i / 3 == 2 ? far[1]
				       : (gap[1] - far[1] + 1) / 2,
			 30);
	ck_assert_int_eq(uniform.line.x, box->left + 4);
	ck_assert_int_eq(uniform.line.y, box->top + 4);
}
END_TEST

START_TEST(a_box_without_text_is_not_there)
{
	struct label_params params = label_of("", 31);
	struct label_uniform uniform;

	params.box = 0xffffffff;
	params.padding = 10;
	label_tick(&params, &tick, NULL, &uniform);
	ck_assert_uint_eq(label_pixel(&uniform, 25, 35, BLACK), BLACK);
}
END_TEST

START_TEST(alpha_mixes)
{
	ck_assert_uint_eq(color_cover(0xff102030, 0x00ffffff, 255), 0xff102030);
	ck_assert_uint_eq(color_cover(0xff102030, 0xffabcdef, 255), 0xffabcdef);
	ck_assert_uint_eq(color_cover(0xff102030, 0xffabcdef, 0), 0xff102030);
	ck_assert_uint_eq(color_cover(0xff000000, 0x80ffffff, 255), 0xff808080);
}
END_TEST

/* ---- lower third ---------------------------------------------------------- */

static int32_t left_at(const struct lower_third_params *params, uint64_t number)
{
	static struct lower_third_uniform uniform;

	tick.number = number;
	lower_third_tick(params, &tick, NULL, &uniform);
	ck_assert_int_eq(uniform.box.left, uniform.bar.right);
	return uniform.bar.left;
}

static const struct lower_third_params third = {
	.title = "Title",
	.visible = 1,
	.title_size = 31,
	.subtitle_size = 12,
	.bar_width = 10,
	.offset = {64, 20},
};

START_TEST(it_slides_in_for_a_second)
{
	struct lower_third_uniform uniform;
	int32_t before, left;
	uint64_t n;

	changed[LOWER_THIRD_VISIBLE] = 1000;
	tick.number = 1000;
	lower_third_tick(&third, &tick, NULL, &uniform);
	ck_assert_int_eq(uniform.box.right, 0);
	before = left_at(&third, 1000);
	for (n = 1001; n <= 1060; n++) {
		left = left_at(&third, n);
		ck_assert_int_ge(left, before);
		before = left;
	}
	ck_assert_int_eq(left, 64);
	ck_assert_int_eq(left_at(&third, UINT64_MAX), 64);
	/* seven eighths of the way when half of the time has passed */
	ck_assert_int_eq(left_at(&third, 1030),
			 64 - (int32_t)lround((64 - left_at(&third, 1000)) / 8.0));
}
END_TEST

START_TEST(it_slides_out_the_way_that_it_came)
{
	struct lower_third_params params = third;
	uint64_t n;

	changed[LOWER_THIRD_VISIBLE] = 500;
	for (n = 0; n <= 60; n++) {
		int32_t in, out;

		params.visible = 1;
		in = left_at(&params, 500 + n);
		params.visible = 0;
		out = left_at(&params, 500 + n);
		ck_assert_int_le(abs(64 - out - (in - left_at(&third, 500))), 1);
	}
}
END_TEST

/* What starts hidden has not gone away; what starts visible comes in. */
START_TEST(before_the_first_change)
{
	struct lower_third_params params = third;
	int32_t away = left_at(&params, 0);

	ck_assert_int_lt(away, -10);
	ck_assert_int_eq(left_at(&params, 60), 64);
	params.visible = 0;
	ck_assert_int_eq(left_at(&params, 0), away);
	ck_assert_int_eq(left_at(&params, 7), away);
}
END_TEST

/* ---- shapes --------------------------------------------------------------- */

/* Sum of the coverage, in pixels. */
static double area_of(const struct shapes_params *params)
{
	struct shapes_uniform uniform;
	double sum = 0;
	int32_t x, y;

	shapes_tick(params, &tick, NULL, &uniform);
	for (y = 0; y < HEIGHT; y++)
		for (x = 0; x < WIDTH; x++)
			if (box_has(&uniform.box, x, y))
				sum += shapes_coverage(&uniform, x, y) / 256.0;
	return sum;
}

START_TEST(a_rectangle_covers_its_area_exactly)
{
	struct shapes_params params = {.shape = SHAPES_RECTANGLE,
				       .from = {10.25, 20.5},
				       .to = {110.75, 60.0625}};

	ck_assert_double_eq(area_of(&params), 100.5 * 39.5625);
	params.thickness = 2.5;
	ck_assert_double_eq(area_of(&params),
			    100.5 * 39.5625 - 95.5 * 34.5625);
	params.thickness = 30;
	ck_assert_double_eq(area_of(&params), 100.5 * 39.5625);
}
END_TEST

static void near(double got, double want)
{
	ck_assert_msg(fabs(got - want) < 0.01 * want + 0.5, "%f, not %f", got,
		      want);
}

START_TEST(circles_and_lines_cover_their_area)
{
	const double pi = 3.14159265358979;
	struct shapes_params circle = {.shape = SHAPES_CIRCLE,
				       .from = {200.3, 100.7},
				       .to = {260.3, 100.7}};
	struct shapes_params line = {.shape = SHAPES_LINE,
				     .from = {100.5, 30},
				     .to = {500, 200.25},
				     .thickness = 6};
	double length = hypot(399.5, 170.25);

	near(area_of(&circle), pi * 60 * 60);
	circle.thickness = 5;
	near(area_of(&circle), pi * (60 * 60 - 55 * 55));
	near(area_of(&line), length * 6 + pi * 3 * 3);
	line.thickness = 0; /* 1 px */
	near(area_of(&line), length);
	line.from[0] = line.to[0];
	line.thickness = 8;
	near(area_of(&line), 170.25 * 8 + pi * 4 * 4);
}
END_TEST

/* ---- time ----------------------------------------------------------------- */

/* clang-format off */
static const struct {
	int64_t ms;
	int32_t zone;
	enum calendar_summer summer;
	const char *text;
} instants[] = {
	{0,             0,    CALENDAR_NO_SUMMER, "1970-01-01 00:00:00.000"},
	{-1,            0,    CALENDAR_NO_SUMMER, "1969-12-31 23:59:59.999"},
	{951782400000,  0,    CALENDAR_NO_SUMMER, "2000-02-29 00:00:00.000"},
	{4107542399999, 0,    CALENDAR_NO_SUMMER, "2100-02-28 23:59:59.999"},
	{4107542400000, 0,    CALENDAR_NO_SUMMER, "2100-03-01 00:00:00.000"},
	{1711846799000, 60,   CALENDAR_EUROPE,    "2024-03-31 01:59:59.000"},
	{1711846800000, 60,   CALENDAR_EUROPE,    "2024-03-31 03:00:00.000"},
	{1729990799000, 60,   CALENDAR_EUROPE,    "2024-10-27 02:59:59.000"},
	{1729990800000, 60,   CALENDAR_EUROPE,    "2024-10-27 02:00:00.000"},
	{1710053999000, -300, CALENDAR_AMERICA,   "2024-03-10 01:59:59.000"},
	{1710054000000, -300, CALENDAR_AMERICA,   "2024-03-10 03:00:00.000"},
	{1730613599000, -300, CALENDAR_AMERICA,   "2024-11-03 01:59:59.000"},
	{1730613600000, -300, CALENDAR_AMERICA,   "2024-11-03 01:00:00.000"},
	{1719792000000, 330,  CALENDAR_NO_SUMMER, "2024-07-01 05:30:00.000"},
};
/* clang-format on */

START_TEST(clocks_show_their_zone)
{
	const struct time_params params = {.show = TIME_DATE_AND_CLOCK,
					   .fraction = TIME_MILLISECONDS,
					   .zone = instants[_i].zone,
					   .summer = (int32_t)instants[_i].summer};
	struct decimal text = {0};

	run.wall_ms = instants[_i].ms;
	time_of_day(&params, &tick, &text);
	ck_assert_str_eq(text.text, instants[_i].text);
}
END_TEST

/* Each day from 1970 to 2370: the next date, and back. */
START_TEST(dates_follow_one_another)
{
	static const uint32_t lengths[] = {31, 28, 31, 30, 31, 30,
					   31, 31, 30, 31, 30, 31};
	struct calendar_date want = {1970, 1, 1};
	int64_t day;

	for (day = 0; day < 146097; day++) {
		struct calendar_date date = calendar_date(day);
		bool leap = want.year % 4 == 0 &&
			    (want.year % 100 != 0 || want.year % 400 == 0);

		if (date.year != want.year || date.month != want.month ||
		    date.day != want.day ||
		    calendar_day(date.year, date.month, date.day) != day)
			ck_abort_msg("day %lld is not %lld-%u-%u",
				     (long long)day, (long long)want.year,
				     want.month, want.day);
		if (++want.day >
		    lengths[want.month - 1] + (leap && want.month == 2)) {
			want.day = 1;
			want.month = want.month % 12 + 1;
			want.year += want.month == 1;
		}
	}
}
END_TEST

START_TEST(counting_is_made_of_ticks)
{
	struct decimal text = {0}, left = {0}, over = {0}, exact = {0};
	const struct time_params params = {.duration = 90};

	time_ticks(&tick, 60 * 3661 + 59, TIME_FRAMES, &text);
	ck_assert_str_eq(text.text, "01:01:01:59");
	time_ticks(&tick, time_left(&params, &tick, 60 * 30 + 1),
		   TIME_MILLISECONDS, &left);
	ck_assert_str_eq(left.text, "00:00:59.983");
	time_ticks(&tick, time_left(&params, &tick, 60 * 91), TIME_NONE, &over);
	ck_assert_str_eq(over.text, "00:00:00");
	tick.rate_num = 60000;
	tick.rate_den = 1001;
	time_ticks(&tick, 60, TIME_FRAMES, &exact); /* 1.001 s */
	ck_assert_str_eq(exact.text, "00:00:01:00");
}
END_TEST

/* Of the second of two sources; and a node that names it draws that text. */
START_TEST(ages_of_a_source)
{
	static const struct {
		int32_t source;
		bool shown, stamped;
		int64_t age_ns;
		const char *text;
	} rows[] = {
		{2, true, true, 0, "0 ms"},
		{2, true, true, 999999, "0 ms"},
		{2, true, true, 1000000, "1 ms"},
		{2, true, true, 16683333, "16 ms"},
		{2, true, true, 3600000000000, "3600000 ms"},
		{2, true, false, 5000000, "-"},
		{2, false, true, 5000000, "-"},
		{1, true, true, 5000000, "77 ms"},
		{0, true, true, 5000000, "-"},
		{3, true, true, 5000000, "-"},
	};
	struct tick_source sources[2] = {
		{.shown = true, .stamped = true, .age_ns = 77000000}};
	static struct time_uniform uniform;
	static struct label_uniform label;
	size_t i;

	tick.source = sources;
	tick.source_count = 2;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct time_params params = {.show = TIME_AGE,
						   .size = 31,
						   .source = rows[i].source};
		struct label_params same = {.size = 31};
		struct decimal text = {0};

		sources[1] = (struct tick_source){.shown = rows[i].shown,
						  .stamped = rows[i].stamped,
						  .age_ns = rows[i].age_ns};
		time_age(&params, &tick, &text);
		ck_assert_str_eq(text.text, rows[i].text);
		time_tick(&params, &tick, NULL, &uniform);
		strcpy(same.text, rows[i].text);
		label_tick(&same, &tick, NULL, &label);
		ck_assert_uint_eq(uniform.label.line.count, strlen(same.text));
		ck_assert_mem_eq(uniform.label.glyphs, label.glyphs,
				 label.line.count * sizeof(label.glyphs[0]));
	}
}
END_TEST

/* ---- crawl ---------------------------------------------------------------- */

static const struct crawl_params crawling = {
	.text = "moves", .size = 31, .speed = 7.5, .color = 0xffffffff};

/* In 1/16 px, from the right edge. */
static int32_t way_at(uint64_t number)
{
	static struct crawl_uniform uniform;

	tick.number = number;
	crawl_tick(&crawling, &tick, NULL, &uniform);
	ck_assert_uint_lt(uniform.part, CRAWL_ONE);
	return CRAWL_ONE * WIDTH - uniform.line.x * CRAWL_ONE -
	       (int32_t)uniform.part;
}

START_TEST(a_crawl_moves_by_sixteenths)
{
	uint64_t n;

	ck_assert_int_eq(way_at(0), 0);
	for (n = 1; n < 600; n++)
		ck_assert_int_eq(way_at(n), (int32_t)(n * 120 / 60));
}
END_TEST

/* After a year it is where a year's way leads, to 1/16 px. */
START_TEST(a_crawl_is_exact_for_long)
{
	static struct crawl_uniform uniform;
	uint64_t year = UINT64_C(365) * 86400 * 60, period;

	crawl_tick(&crawling, &tick, NULL, &uniform);
	period = (uint64_t)(CRAWL_ONE * (WIDTH + uniform.line.width + 1));
	ck_assert_int_eq(way_at(year), (int32_t)(year * 2 % period));
	ck_assert_int_eq(way_at(year + 1), (int32_t)((year + 1) * 2 % period));
}
END_TEST

START_TEST(between_two_places_pixels_are_mixed)
{
	ck_assert_uint_eq(crawl_mix(0, 255, 0), 255);
	ck_assert_uint_eq(crawl_mix(255, 255, 9), 255);
	ck_assert_uint_eq(crawl_mix(0, 160, 8), 80);
	ck_assert_uint_eq(crawl_mix(160, 0, 1), 10);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("text and shapes");
	TCase *tests = tcase_create("text");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tests, setup, NULL);
	tcase_set_timeout(tests, 60);
	tcase_add_loop_test(tests, characters_are_where_the_font_puts_them, 0,
			    sizeof(texts) / sizeof(texts[0]));
	tcase_add_test(tests, runs_are_as_their_pixels_however_narrow);
	tcase_add_test(tests, pairs_are_kerned);
	tcase_add_test(tests, sizes_are_found);
	tcase_add_loop_test(tests, a_label_keeps_to_its_side, 0, 9);
	tcase_add_test(tests, a_box_without_text_is_not_there);
	tcase_add_test(tests, alpha_mixes);
	tcase_add_test(tests, it_slides_in_for_a_second);
	tcase_add_test(tests, it_slides_out_the_way_that_it_came);
	tcase_add_test(tests, before_the_first_change);
	tcase_add_test(tests, a_rectangle_covers_its_area_exactly);
	tcase_add_test(tests, circles_and_lines_cover_their_area);
	tcase_add_loop_test(tests, clocks_show_their_zone, 0,
			    sizeof(instants) / sizeof(instants[0]));
	tcase_add_test(tests, dates_follow_one_another);
	tcase_add_test(tests, counting_is_made_of_ticks);
	tcase_add_test(tests, ages_of_a_source);
	tcase_add_test(tests, a_crawl_moves_by_sixteenths);
	tcase_add_test(tests, a_crawl_is_exact_for_long);
	tcase_add_test(tests, between_two_places_pixels_are_mixed);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}
