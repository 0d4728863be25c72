/*
 * tests/kernel/test_transform.c: every orientation is what fit shows of a picture
 * that was turned before, byte for byte; the turned copy is made here, pixel by
 * pixel by where each goes. Random sizes and formats are in test_sample_nodes.c.
 */
#include <check.h>

#include "kernel/fit.h"
#include "kernel/transform.h"
#include "tests/kernel/suite.h"

#define SIDE_MAX 64
#define MARGIN	 0xff123456u

static uint32_t memory[SIDE_MAX * SIDE_MAX], turned_memory[SIDE_MAX * SIDE_MAX];

/* As the binding lists them; where pixel (x, y) of w by h goes. */
struct row {
	const char *name;
	bool swap; /* width and height */
	struct place {
		uint32_t x, y;
	} (*to)(uint32_t x, uint32_t y, uint32_t w, uint32_t h);
};

static struct picture picture_in(uint32_t *pixels, uint32_t width,
				 uint32_t height)
{
	struct picture picture = {.width = width, .height = height};

	picture.plane[0] = (unsigned char *)pixels;
	picture.pitch[0] = (size_t)width * 4;
	return picture;
}

static struct picture numbered(uint32_t width, uint32_t height)
{
	uint32_t i;

	for (i = 0; i < width * height; i++)
		memory[i] = color_rgb(i % width * 3 + 7, i / width * 3 + 5,
				      i * 37 % 256);
	return picture_in(memory, width, height);
}

#define PLACE(name, new_x, new_y)                                              \
	static struct place name(uint32_t x, uint32_t y, uint32_t w,           \
				 uint32_t h)                                   \
	{                                                                      \
		(void)x, (void)y, (void)w, (void)h;                            \
		return (struct place){new_x, new_y};                           \
	}

PLACE(to_none, x, y)
PLACE(to_mirror, w - 1 - x, y)
PLACE(to_flip, x, h - 1 - y)
PLACE(to_half_turn, w - 1 - x, h - 1 - y)
PLACE(to_transpose, y, x)
PLACE(to_left, y, w - 1 - x)
PLACE(to_right, h - 1 - y, x)
PLACE(to_transverse, h - 1 - y, w - 1 - x)

static const struct row rows[8] = {
	{"none", false, to_none},	    {"mirror", false, to_mirror},
	{"flip", false, to_flip},	    {"half_turn", false, to_half_turn},
	{"transpose", true, to_transpose},  {"left", true, to_left},
	{"right", true, to_right},	    {"transverse", true, to_transverse},
};

static struct picture turned(const struct picture *in, const struct row *row)
{
	uint32_t width = row->swap ? in->height : in->width, x, y;

	for (y = 0; y < in->height; y++)
		for (x = 0; x < in->width; x++) {
			struct place to = row->to(x, y, in->width, in->height);

			turned_memory[to.y * width + to.x] =
				memory[y * in->width + x];
		}
	return picture_in(turned_memory, width,
			  row->swap ? in->width : in->height);
}

static struct transform_uniform transform_of(const struct picture *in,
					     struct transform_params params,
					     uint32_t width, uint32_t height)
{
	const struct node_size size = {in->width, in->height};
	const struct tick tick = {
		.width = width, .height = height, .input = &size};
	struct transform_uniform uniform;

	params.margin = MARGIN;
	transform_tick(&params, &tick, NULL, &uniform);
	return uniform;
}

static struct fit_uniform fit_of(const struct picture *in, int32_t mode,
				 int32_t filter, uint32_t width,
				 uint32_t height)
{
	const struct node_size size = {in->width, in->height};
	const struct tick tick = {
		.width = width, .height = height, .input = &size};
	const struct fit_params params = {
		.mode = mode, .filter = filter, .margin = MARGIN};
	struct fit_uniform uniform;

	fit_tick(&params, &tick, NULL, &uniform);
	return uniform;
}

static const uint32_t sizes[][2] = {{1, 1},   {1, 7},	{7, 1},	  {2, 2},
				    {16, 16}, {17, 33}, {33, 17}, {64, 3},
				    {3, 64},  {31, 64}, {50, 50}};
#define SIZES (sizeof(sizes) / sizeof(sizes[0]))

/* One row as foo_span draws it, with the window's rows or on a node's frame. */
static void check_span(const struct transform_uniform *uniform,
		       const struct picture *in, int32_t y, int32_t width,
		       bool frame)
{
	static uint32_t row[2][SIDE_MAX], work[SIDE_MAX], out[SIDE_MAX];
	struct window window = {.picture = in,
				.work = work,
				.held = {WINDOW_NONE, WINDOW_NONE}};
	struct window *const windows[] = {&window};
	int32_t x;

	if (!frame)
		window.row[0] = row[0], window.row[1] = row[1];
	transform_span(uniform, y, 0, width, windows, out);
	for (x = 0; x < width; x++)
		if (out[x] != transform_pixel(uniform, x, y, in))
			ck_abort_msg("span: %d,%d is %08x", x, y, out[x]);
}

static void check(int32_t orientation, const struct picture *in, int32_t mode,
		  int32_t filter, uint32_t width, uint32_t height)
{
	const struct row *row = &rows[orientation];
	struct picture copy = turned(in, row);
	struct fit_uniform fit = fit_of(&copy, mode, filter, width, height);
	struct transform_uniform transform = transform_of(
		in,
		(struct transform_params){.orientation = orientation,
					  .mode = mode,
					  .filter = filter},
		width, height);
	int32_t x, y;

	for (y = 0; y < (int32_t)height; y++) {
		for (x = 0; x < (int32_t)width; x++) {
			uint32_t want = fit_pixel(&fit, x, y, &copy);
			uint32_t got = transform_pixel(&transform, x, y, in);

			if (got == want) /* ck_assert writes each time */
				continue;
			ck_abort_msg("%s %ux%u in %ux%u, mode %d filter %d: "
				     "%d,%d is %08x, not %08x",
				     row->name, in->width, in->height, width,
				     height, mode, filter, x, y, got, want);
		}
		check_span(&transform, in, y, (int32_t)width, y % 2);
	}
}

START_TEST(every_orientation_is_that_of_a_turned_copy)
{
	uint32_t i, j;
	int32_t mode;

	for (i = 0; i < SIZES; i++) {
		struct picture in = numbered(sizes[i][0], sizes[i][1]);

		for (j = 0; j < SIZES; j++)
			for (mode = 0; mode < 8; mode++)
				check(_i, &in, mode % 4, mode / 4, sizes[j][0],
				      sizes[j][1]);
	}
}
END_TEST

/* In a frame of its own size nothing is between pixels: the bytes themselves. */
START_TEST(at_its_own_size_every_pixel_is_one_of_the_picture_s)
{
	uint32_t i;
	int32_t x, y;

	for (i = 0; i < SIZES; i++) {
		struct picture in = numbered(sizes[i][0], sizes[i][1]);
		struct picture copy = turned(&in, &rows[_i]);
		struct transform_uniform transform = transform_of(
			&in, (struct transform_params){.orientation = _i},
			copy.width, copy.height);

		ck_assert(transform.pane.exact);
		for (y = 0; y < (int32_t)copy.height; y++)
			for (x = 0; x < (int32_t)copy.width; x++)
				if (transform_pixel(&transform, x, y, &in) !=
				    turned_memory[y * (int32_t)copy.width + x])
					ck_abort_msg("%d,%d of %ux%u", x, y,
						     copy.width, copy.height);
	}
}
END_TEST

/* Said by the names, not by arithmetic: where the top left corner goes. */
START_TEST(the_names_mean_what_they_say)
{
	struct picture in = numbered(5, 3);
	/* as listed: none, mirror, flip, half_turn, transpose, left, right,
	 * transverse */
	static const int32_t corner[8][2] = {{0, 0}, {4, 0}, {0, 2}, {4, 2},
					     {0, 0}, {0, 4}, {2, 0}, {2, 4}};
	/* and the top right one, which tells turns from mirror images */
	static const int32_t other[8][2] = {{4, 0}, {0, 0}, {4, 2}, {0, 2},
					    {0, 4}, {0, 0}, {2, 4}, {2, 0}};
	struct transform_uniform transform = transform_of(
		&in, (struct transform_params){.orientation = _i},
		rows[_i].swap ? 3 : 5, rows[_i].swap ? 5 : 3);

	ck_assert_uint_eq(transform_pixel(&transform, corner[_i][0],
					  corner[_i][1], &in),
			  memory[0]);
	ck_assert_uint_eq(transform_pixel(&transform, other[_i][0],
					  other[_i][1], &in),
			  memory[4]);
}
END_TEST

/* A source's column is converted once for all the rows that are made of it. */
START_TEST(a_column_is_kept)
{
	struct picture in = numbered(8, 8);
	uint32_t row[2][8], work[8], out[32];
	struct window window = {.picture = &in,
				.row = {row[0], row[1]},
				.work = work,
				.held = {WINDOW_NONE, WINDOW_NONE}};
	struct window *const windows[] = {&window};
	struct transform_uniform transform = transform_of(
		&in,
		(struct transform_params){.orientation = TRANSFORM_SWAP,
					  .filter = 1},
		32, 32);

	transform_span(&transform, 8, 0, 32, windows, out);
	numbered(8, 8);
	memory[2] = 0; /* of column 2, which rows 8 to 11 show */
	transform_span(&transform, 11, 0, 32, windows, out);
	ck_assert_uint_ne(out[0], COLOR_X);
	transform_span(&transform, 12, 0, 32, windows, out);
	transform_span(&transform, 16, 0, 32, windows, out);
	transform_span(&transform, 11, 0, 32, windows, out);
	ck_assert_uint_eq(out[0], COLOR_X);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("transform");
	TCase *tcase = tcase_create("transform");
	SRunner *runner;
	int failed;

	tcase_add_loop_test(tcase, every_orientation_is_that_of_a_turned_copy,
			    0, 8);
	tcase_add_loop_test(
		tcase, at_its_own_size_every_pixel_is_one_of_the_picture_s, 0,
		8);
	tcase_add_loop_test(tcase, the_names_mean_what_they_say, 0, 8);
	tcase_add_test(tcase, a_column_is_kept);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}
