/*
 * tests/kernel/test_status_text.c: numbers as printf writes them; text that
 * keeps to its boxes, says what it should and has the right colour. That it
 * can be read is shown by reading it, in tests/e2e.
 */
#include "kernel/status_text.h"
#include "tests/kernel/random.h"
#include "tests/kernel/suite.h"

#define IN 0xff8090a0u

static uint64_t seed;

/* ---- kernel/decimal.h ---------------------------------------------------- */

static void check_tenths(double value)
{
	struct decimal decimal = {0};
	char want[64];

	snprintf(want, sizeof(want), "%.1f", value);
	decimal_tenths(&decimal, value);
	ck_assert_str_eq(decimal.text, want);
}

START_TEST(tenths_as_printf)
{
	struct random random = random_init(seed, 1);
	uint32_t i;

	for (i = 0; i < 100000; i++) {
		check_tenths(random_unit(&random) * 250);
		check_tenths(random_unit(&random) * 1e9);
		check_tenths(random_below(&random, 4000) / 16.0); /* ties */
		check_tenths(random_below(&random, 100000) / 100.0);
	}
	check_tenths(0);
	check_tenths(0.05);
	check_tenths(0.25);
	check_tenths(0.35);
	check_tenths(9.95);
	check_tenths(99.95);
	check_tenths(60000 / 1001.0);
	check_tenths(999999999.9);
}
END_TEST

START_TEST(tenths_out_of_range)
{
	static const double values[] = {-1, -1e300, -INFINITY, NAN};
	struct decimal decimal = {0};
	size_t i;

	for (i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		decimal.length = 0;
		decimal_tenths(&decimal, values[i]);
		ck_assert_str_eq(decimal.text, "0.0");
	}
	decimal.length = 0;
	decimal_tenths(&decimal, INFINITY);
	ck_assert_str_eq(decimal.text, "999999999.9");
}
END_TEST

START_TEST(integers_and_overlong_text)
{
	struct decimal decimal = {0};
	uint32_t i;

	decimal_integer(&decimal, 0);
	decimal_string(&decimal, " ");
	decimal_integer(&decimal, UINT64_MAX);
	ck_assert_str_eq(decimal.text, "0 18446744073709551615");
	for (i = 0; i < 10; i++)
		decimal_string(&decimal, "abcdefghij");
	ck_assert_uint_eq(decimal.length, DECIMAL_MAX - 1);
	ck_assert_uint_eq(strlen(decimal.text), DECIMAL_MAX - 1);
}
END_TEST

/* ---- what is written ----------------------------------------------------- */

static const struct run usual = {
	.fps = 60, .dt_ms = 16.7, .late = 1, .skipped = 23, .backend = "cpu"};

static const struct status_text_uniform *text(uint32_t width, uint32_t height,
				       uint64_t number, const struct run *run)
{
	const struct tick tick = {.number = number,
				  .rate_num = 60,
				  .rate_den = 1,
				  .width = width,
				  .height = height,
				  .run = run};
	static struct status_text_uniform uniform;

	status_text_tick(NULL, &tick, NULL, &uniform);
	return &uniform;
}

/* The glyph whose coverage that is, by its place in the atlas' lists. */
static uint32_t glyph_at(uint32_t ink)
{
	uint32_t i = 0;

	while (font_glyph(i)->offset != ink)
		i++;
	return i;
}

/* The characters of a line, found again in the atlas' lists. */
static const char *line_text(const struct status_text_uniform *uniform,
			     uint32_t line)
{
	static const char all[] = FONT_LARGE_CHARACTERS FONT_NORMAL_CHARACTERS;
	static char string[STATUS_TEXT_GLYPHS + 1];
	const struct status_text_glyph *glyph = uniform->glyph[line];
	const struct status_text_line *last = &uniform->line[line];
	uint32_t i;

	for (i = 0; glyph[i].x < last->left + last->width; i++)
		string[i] = all[glyph_at(glyph[i].ink)];
	string[i] = '\0';
	return string;
}

/* So that a column's glyph is the one of its stretch, or the next. */
START_TEST(no_cell_is_narrower_than_the_index)
{
	static const char all[] = FONT_LARGE_CHARACTERS FONT_NORMAL_CHARACTERS;

	for (uint32_t i = 0; all[i]; i++)
		ck_assert_uint_ge(font_glyph(i)->width, STATUS_TEXT_STRIDE);
	ck_assert_uint_eq(font_coverage()[0], 0);
}
END_TEST

START_TEST(lines_say)
{
	const struct status_text_uniform *uniform = text(1920, 1080, 77, &usual);

	ck_assert_str_eq(line_text(uniform, 0), "FPS: 60.0");
	ck_assert_str_eq(line_text(uniform, 1), "dt: 16.7 ms");
	ck_assert_str_eq(line_text(uniform, 2), "cpu: 1920x1080");
	ck_assert_str_eq(line_text(uniform, 3), "late: 1  skipped: 23");
	ck_assert_str_eq(line_text(uniform, 4), "Frame: 77");
}
END_TEST

START_TEST(nominal_lines_say)
{
	static const struct run nominal = {
		.fps = 60, .dt_ms = 1000 / 60., .nominal = true, .backend = ""};
	const struct status_text_uniform *uniform = text(640, 480, 0, &nominal);

	ck_assert_str_eq(line_text(uniform, 0), "FPS: 60.0");
	ck_assert_str_eq(line_text(uniform, 1), "dt: 16.7 ms");
	ck_assert_str_eq(line_text(uniform, 2), "640x480");
	ck_assert_str_eq(line_text(uniform, 3), "late: 0  skipped: 0");
}
END_TEST

START_TEST(longest_lines_say)
{
	static const struct run cuda = {.fps = 59.94,
					.dt_ms = 0.04,
					.late = UINT32_MAX,
					.skipped = UINT32_MAX,
					.backend = "cuda"};
	const struct status_text_uniform *uniform =
		text(8192, 8192, UINT64_MAX, &cuda);

	ck_assert_str_eq(line_text(uniform, 0), "FPS: 59.9");
	ck_assert_str_eq(line_text(uniform, 1), "dt: 0.0 ms");
	ck_assert_str_eq(line_text(uniform, 2), "cuda: 8192x8192");
	ck_assert_str_eq(line_text(uniform, 3),
			 "late: 4294967295  skipped: 4294967295");
	ck_assert_str_eq(line_text(uniform, 4), "Frame: 18446744073709551615");
}
END_TEST

/* ---- where and how ------------------------------------------------------- */

/* Pixels of [x0, x1) x [y0, y1) that are `color`. */
static uint32_t count(const struct status_text_uniform *uniform, int32_t x0,
		      int32_t x1, int32_t y0, int32_t y1, uint32_t color)
{
	uint32_t found = 0;
	int32_t x, y;

	for (y = y0; y < y1; y++)
		for (x = x0; x < x1; x++)
			found += status_text_pixel(uniform, x, y, IN) == color;
	return found;
}

static void check_outside(uint32_t w, uint32_t h)
{
	static const struct run wide = {.fps = 1e9,
					.dt_ms = 1e9,
					.late = UINT32_MAX,
					.skipped = UINT32_MAX,
					.backend = "an overlong backend name"};
	const struct status_text_uniform *uniform = text(w, h, UINT64_MAX, &wide);
	int32_t x, y, width = (int32_t)w, height = (int32_t)h;

	for (y = 0; y < height; y++)
		for (x = 0; x < width; x++)
			if ((x >= 640 || (y >= 160 && y < height - 64)) &&
			    status_text_pixel(uniform, x, y, IN) != IN)
				ck_abort_msg("%ux%u: %d,%d", w, h, x, y);
}

START_TEST(nothing_outside_the_boxes)
{
	check_outside(16, 16);
	check_outside(700, 100);
	check_outside(641, 225);
	check_outside(640, 480);
	check_outside(1920, 1080);
}
END_TEST

/* In the smallest frame that has room, each line has ink inside its box. */
START_TEST(every_line_shows)
{
	const struct status_text_uniform *uniform = text(640, 480, 5, &usual);
	uint32_t i;

	for (i = 0; i < STATUS_TEXT_LINES; i++) {
		const struct status_text_line *line = &uniform->line[i];

		ck_assert_int_ge(line->y, i < 4 ? 0 : 480 - 64);
		ck_assert_int_le(line->y + line->rows, i < 4 ? 160 : 480);
		ck_assert_uint_gt(count(uniform, 0, 640, line->y,
					line->y + line->rows, line->color),
				  100);
		if (i > 0)
			ck_assert_int_ge(line->y,
					 uniform->line[i - 1].y +
						 uniform->line[i - 1].rows);
	}
}
END_TEST

/* What changes with the frame's number is in the lower box, and the rest not.
 */
START_TEST(number_changes_the_lower_box)
{
	static struct status_text_uniform a, b;
	uint32_t changed = 0;
	int32_t x, y;

	a = *text(640, 480, 1234, &usual);
	b = *text(640, 480, 1235, &usual);
	for (y = 0; y < 480; y++)
		for (x = 0; x < 640; x++) {
			if (status_text_pixel(&a, x, y, IN) ==
			    status_text_pixel(&b, x, y, IN))
				continue;
			ck_assert_int_ge(y, 480 - 64);
			changed++;
		}
	ck_assert_uint_gt(changed, 20);
}
END_TEST

static uint32_t fps_color(double fps, uint32_t num, uint32_t den)
{
	const struct run run = {.fps = fps, .backend = ""};
	const struct tick tick = {.rate_num = num,
				  .rate_den = den,
				  .width = 640,
				  .height = 480,
				  .run = &run};
	struct status_text_uniform uniform;

	status_text_tick(NULL, &tick, NULL, &uniform);
	ck_assert_uint_eq(
		count(&uniform, 0, 640, 0, 160, uniform.line[0].color) > 100,
		fps > 0);
	return uniform.line[0].color;
}

START_TEST(color_of_the_rate)
{
	const uint32_t green = 0xff00ff00, yellow = 0xffffff00;
	const uint32_t red = 0xffff0000;

	ck_assert_uint_eq(fps_color(60, 60, 1), green);
	ck_assert_uint_eq(fps_color(55, 60, 1), green);
	ck_assert_uint_eq(fps_color(54.999, 60, 1), yellow);
	ck_assert_uint_eq(fps_color(40, 60, 1), yellow);
	ck_assert_uint_eq(fps_color(39.999, 60, 1), red);
	ck_assert_uint_eq(fps_color(0.1, 60, 1), red);
	ck_assert_uint_eq(fps_color(200, 60, 1), green);
	/* 60000/1001: green from 54.945.. */
	ck_assert_uint_eq(fps_color(54.946, 60000, 1001), green);
	ck_assert_uint_eq(fps_color(54.944, 60000, 1001), yellow);
	ck_assert_uint_eq(fps_color(27.5, 30, 1), green);
	ck_assert_uint_eq(fps_color(19.9, 30, 1), red);
}
END_TEST

START_TEST(rate_not_known)
{
	const struct run run = {.fps = 0, .backend = "cpu"};
	const struct status_text_uniform *uniform = text(640, 480, 0, &run);

	ck_assert_str_eq(line_text(uniform, 0), "");
	ck_assert_uint_eq(count(uniform, 0, 640, 0, 57, 0xffffffff), 0);
	ck_assert_str_eq(line_text(uniform, 2), "cpu: 640x480");
}
END_TEST

/* Over white as over black: the panel is dark, the text is light. */
START_TEST(readable_over_white)
{
	const struct status_text_uniform *uniform = text(640, 480, 8, &usual);
	const struct status_text_line *line = &uniform->line[4];

	ck_assert_uint_eq(status_text_pixel(uniform, line->left - 2, line->y,
					    0xffffffff),
			  0xff3f3f3f);
	ck_assert_uint_eq(status_text_pixel(uniform, line->left - 2, line->y,
					    0xff000000),
			  0xff000000);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {tenths_as_printf,
				      tenths_out_of_range,
				      integers_and_overlong_text,
				      no_cell_is_narrower_than_the_index,
				      lines_say,
				      nominal_lines_say,
				      longest_lines_say,
				      nothing_outside_the_boxes,
				      every_line_shows,
				      number_changes_the_lower_box,
				      color_of_the_rate,
				      rate_not_known,
				      readable_over_white,
				      NULL};

	seed = random_start();
	return suite_main("status_text", tests);
}
