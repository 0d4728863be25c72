/*
 * tests/kernel/test_nodes.c: what every node of kind pixel promises, on random
 * parameters, ticks, sizes, rows and clip ranges, between guard bands:
 * foo_span draws what foo_pixel defines, in place and not, and touches nothing
 * else; so do foo_rows and foo_run; foo_tick sets all that they read; what
 * foo_touches leaves out need not be computed, and what is not in the uniform's
 * head is not read by foo_pixel.
 *
 * What the pictures should be is in the other tests of this folder.
 */
#include "tests/kernel/node_round.h"

#define ROUNDS	     250
#define LARGE_ROUNDS 6

/* One row of each input, one of output, pixels [x0, x1). */
struct rows {
	struct guarded in[NODE_INPUTS_MAX], kept[NODE_INPUTS_MAX], out;
	int32_t y, x0, x1;
};

static void rows_start(struct rows *rows, struct round *round, int32_t y)
{
	struct random *random = &round->random;
	uint32_t a = random_below(random, round->width + 1);
	uint32_t b = random_below(random, round->width + 1);
	size_t bytes;
	uint32_t i;

	if (random_below(random, 2))
		a = 0, b = round->width;
	rows->x0 = (int32_t)(a < b ? a : b);
	rows->x1 = (int32_t)(a < b ? b : a);
	rows->y = y;
	bytes = (size_t)(rows->x1 - rows->x0) * 4;
	for (i = 0; i < round->type->input_count; i++) {
		rows->in[i] = guarded_new(bytes, 0);
		rows->kept[i] = guarded_new(bytes, 0);
		random_row(random, &rows->in[i]);
		memcpy(rows->kept[i].base, rows->in[i].base, bytes);
	}
	rows->out = guarded_new(bytes, (int)random_below(random, 256));
}

static void rows_finish(struct rows *rows, const struct round *round)
{
	uint32_t i;

	for (i = 0; i < round->type->input_count; i++) {
		guarded_free(&rows->in[i]);
		guarded_free(&rows->kept[i]);
	}
	guarded_free(&rows->out);
}

/* Every pixel of `out` is what foo_pixel makes of the inputs as they were. */
static void check_row(const struct round *round, const struct rows *rows,
		      const struct guarded *out, const char *how)
{
	const uint32_t *got = (const uint32_t *)(const void *)out->base;
	uint32_t in[NODE_INPUTS_MAX] = {0}, i, want;
	int32_t x;

	for (x = rows->x0; x < rows->x1; x++) {
		size_t at = (size_t)(x - rows->x0);

		for (i = 0; i < round->type->input_count; i++)
			memcpy(&in[i], rows->kept[i].base + 4 * at, 4);
		want = round->type->pixel(bytes_or_null(&round->uniform), x,
					  rows->y, in);
		if (got[at] == want && want >> 24 == 0xff)
			continue;
		REQUIRE(round, 0,
			"%s: pixel %d,%d of [%d,%d) is %08x; foo_pixel: %08x",
			how, x, rows->y, rows->x0, rows->x1, got[at], want);
	}
	REQUIRE(round, guarded_intact(out), "%s: row %d [%d,%d): guards", how,
		rows->y, rows->x0, rows->x1);
}

static void call_span(const struct round *round, const struct rows *rows,
		      struct guarded *out)
{
	const uint32_t *in[NODE_INPUTS_MAX] = {NULL};
	uint32_t i;

	for (i = 0; i < round->type->input_count; i++)
		in[i] = (const uint32_t *)(void *)rows->in[i].base;
	round->type->span(bytes_or_null(&round->uniform), rows->y, rows->x0,
			  rows->x1, in, (uint32_t *)(void *)out->base);
}

static void check_span(struct round *round, int32_t y)
{
	struct rows rows;
	uint32_t i;

	rows_start(&rows, round, y);
	call_span(round, &rows, &rows.out);
	check_row(round, &rows, &rows.out, "span");
	for (i = 0; i < round->type->input_count; i++)
		REQUIRE(round,
			!memcmp(rows.in[i].base, rows.kept[i].base,
				rows.in[i].bytes) &&
				guarded_intact(&rows.in[i]),
			"span: input %u changed", i);
	if (round->type->input_count) {
		call_span(round, &rows, &rows.in[0]);
		check_row(round, &rows, &rows.in[0], "span in place");
	}
	rows_finish(&rows, round);
}

/* Without a span foo_pixel alone is asked, for its X byte and its bytes. */
static void check_pixels(struct round *round, int32_t y)
{
	struct rows rows;
	uint32_t in[NODE_INPUTS_MAX], i;
	int32_t x;

	rows_start(&rows, round, y);
	for (x = rows.x0; x < rows.x1; x++) {
		uint32_t *out = (uint32_t *)(void *)rows.out.base;

		for (i = 0; i < round->type->input_count; i++)
			memcpy(&in[i],
			       rows.in[i].base + 4 * (size_t)(x - rows.x0), 4);
		out[x - rows.x0] = round->type->pixel(
			bytes_or_null(&round->uniform), x, y, in);
	}
	check_row(round, &rows, &rows.out, "pixel");
	rows_finish(&rows, round);
}

/* foo_rows: rows [y0, y1) of an image as foo_pixel has them, no other byte. */
static void check_whole_rows(struct round *round)
{
	struct random *random = &round->random;
	int fill = (int)random_below(random, 256);
	struct canvas canvas = canvas_new(round, fill);
	uint32_t a = random_below(random, round->height + 1);
	uint32_t b = random_below(random, round->height + 1);
	uint32_t x, y, y0 = a < b ? a : b, y1 = a < b ? b : a;

	round->type->rows(bytes_or_null(&round->uniform), (int32_t)y0,
			  (int32_t)y1, &canvas.image);
	for (y = 0; y < round->height; y++) {
		const uint32_t *row = image_row(&canvas.image, y);
		bool inside = y >= y0 && y < y1;

		for (x = 0; x < canvas.image.pitch / 4; x++) {
			uint32_t want = (uint32_t)fill * 0x01010101u;

			if (inside && x < round->width)
				want = round->type->pixel(
					bytes_or_null(&round->uniform),
					(int32_t)x, (int32_t)y, NULL);
			REQUIRE(round, row[x] == want,
				"rows [%u,%u): %u,%u is %08x; should be %08x",
				y0, y1, x, y, row[x], want);
		}
	}
	REQUIRE(round, guarded_intact(&canvas.memory), "rows: guards");
	guarded_free(&canvas.memory);
}

static void random_inputs(struct round *round, uint32_t *in)
{
	uint32_t i;

	for (i = 0; i < NODE_INPUTS_MAX; i++)
		in[i] = 0xff000000 | (uint32_t)random_next(&round->random);
}

/* Where foo_touches says no, a filter leaves its first input as it is, and a
 * generator repeats a run's first pixel. */
static void check_touches(struct round *round, int32_t y)
{
	const struct node_type *type = round->type;
	const void *uniform = bytes_or_null(&round->uniform);
	uint32_t in[NODE_INPUTS_MAX], want;
	int32_t x, i, width = (int32_t)round->width;

	for (x = 0; x < width; x += NODE_RUN) {
		if (type->touches(uniform, x, y))
			continue;
		random_inputs(round, in);
		want = type->input_count ? in[0]
					 : type->pixel(uniform, x, y, in);
		for (i = x; i < x + NODE_RUN && i < width; i++)
			REQUIRE(round, type->pixel(uniform, i, y, in) == want,
				"touches: says no, but pixel %d,%d is %08x", i,
				y, type->pixel(uniform, i, y, in));
	}
}

/* A row in runs, as a GPU's threads draw it; the last may go beyond the edge. */
static void check_runs(struct round *round, int32_t y)
{
	const struct node_type *type = round->type;
	const void *uniform = bytes_or_null(&round->uniform);
	uint32_t in[NODE_RUN][NODE_INPUTS_MAX], run[NODE_RUN];
	uint32_t rows[NODE_INPUTS_MAX][NODE_RUN];
	const uint32_t *inputs[NODE_INPUTS_MAX];
	int32_t x, i, j, width = (int32_t)round->width;

	for (x = 0; x < width; x += NODE_RUN) {
		if (type->touches && !type->touches(uniform, x, y))
			continue;
		for (i = 0; i < NODE_RUN; i++) {
			random_inputs(round, in[i]);
			for (j = 0; j < NODE_INPUTS_MAX; j++)
				rows[j][i] = in[i][j];
		}
		for (j = 0; j < NODE_INPUTS_MAX; j++)
			inputs[j] = rows[j];
		memset(run, 0x17, sizeof(run));
		type->run(uniform, x, y, inputs, run);
		for (i = 0; i < NODE_RUN && x + i < width; i++)
			REQUIRE(round,
				run[i] == type->pixel(uniform, x + i, y, in[i]),
				"foo_run: pixel %d,%d is %08x; foo_pixel: %08x",
				x + i, y, run[i],
				type->pixel(uniform, x + i, y, in[i]));
	}
}

/* The same pixels whatever stands behind the head of the uniform. */
static void check_head(struct round *round, int32_t y)
{
	const struct node_type *type = round->type;
	size_t head = type->head_bytes(round->width, round->height);
	struct guarded other = guarded_new(round->uniform.bytes, 0);
	uint32_t in[NODE_INPUTS_MAX];
	int32_t x;
	size_t i;

	for (i = 0; i < other.bytes; i++)
		other.base[i] = (uint8_t)(round->uniform.base[i] ^
					  (i < head ? 0 : 0x5a));
	for (x = 0; x < (int32_t)round->width; x++) {
		random_inputs(round, in);
		REQUIRE(round,
			type->pixel(other.base, x, y, in) ==
				type->pixel(round->uniform.base, x, y, in),
			"pixel %d,%d reads behind the uniform's head", x, y);
	}
	guarded_free(&other);
}

/* The same pixels from the uniform of a tick that a device will draw, which
 * starts as other rubbish. */
static void check_device(struct round *round, int32_t y)
{
	const struct node_type *type = round->type;
	struct guarded state = guarded_new(round->state.bytes, 0);
	struct guarded other = guarded_new(round->uniform.bytes, 0x5a);
	struct tick tick = round->tick;
	uint32_t in[NODE_INPUTS_MAX];
	int32_t x;

	tick.device = true;
	type->tick(bytes_or_null(&round->params), &tick, bytes_or_null(&state),
		   bytes_or_null(&other));
	for (x = 0; x < (int32_t)round->width; x++) {
		random_inputs(round, in);
		REQUIRE(round,
			type->pixel(other.base, x, y, in) ==
				type->pixel(round->uniform.base, x, y, in),
			"pixel %d,%d is another one on a device", x, y);
	}
	guarded_free(&other);
	guarded_free(&state);
}

static void check_rows(struct round *round, uint32_t rows)
{
	uint32_t i, height = round->height;
	struct guarded kept = guarded_new(round->uniform.bytes, 0);

	memcpy(kept.base, round->uniform.base, kept.bytes);
	for (i = 0; i < (rows < height ? rows : height); i++) {
		uint32_t y = rows >= height ? i
			     : i < rows / 4 ? i
			     : i < rows / 2
				     ? height - 1 - (i - rows / 4)
				     : random_below(&round->random, height);

		if (round->type->span)
			check_span(round, (int32_t)y);
		else
			check_pixels(round, (int32_t)y);
		if (round->type->touches)
			check_touches(round, (int32_t)y);
		if (round->type->run)
			check_runs(round, (int32_t)y);
		check_device(round, (int32_t)y);
		if (round->type->head_bytes(round->width, height) <
		    round->uniform.bytes)
			check_head(round, (int32_t)y);
	}
	if (round->type->rows && rows == UINT32_MAX)
		check_whole_rows(round);
	REQUIRE(round, !memcmp(kept.base, round->uniform.base, kept.bytes),
		"the pixels changed the uniform");
	guarded_free(&kept);
}

static void pixel_round(const struct node_type *type, struct random *random,
			uint32_t width, uint32_t height, uint32_t rows)
{
	struct round round = {.type = type, .width = width, .height = height};

	round.random = random_init(random_next(random), 0);
	round_start(&round);
	round_tick(&round);
	check_rows(&round, rows);
	round_finish(&round);
}

START_TEST(pixel_nodes)
{
	const struct node_type *type = &node_types[_i];
	struct random random = random_init(seed, (uint64_t)_i);
	uint32_t i;

	if (!type->pixel)
		return;
	for (i = 0; i < ROUNDS; i++)
		pixel_round(type, &random,
			    SIDE_MIN + random_below(&random, 150),
			    SIDE_MIN + random_below(&random, 150), UINT32_MAX);
	for (i = 0; i < ROUNDS; i++)
		pixel_round(type, &random,
			    SIDE_MIN + random_below(&random, 1000),
			    SIDE_MIN + random_below(&random, 1000), 24);
	pixel_round(type, &random, SIDE_MIN, SIDE_MIN, UINT32_MAX);
	for (i = 0; i < LARGE_ROUNDS; i++)
		pixel_round(type, &random, 4096, 2160, 64);
	pixel_round(type, &random, 8192, 8192, 64);
}
END_TEST

/* The table is what the tests stand on: the demo's types must be in it. */
START_TEST(table_is_whole)
{
	static const char *const must[] = {
		"ball",	 "markers", "waveform",	   "status_text", "blur",
		"label", "shapes",  "lower_third", "invert"};
	size_t i;
	uint32_t k;

	for (i = 0; i < sizeof(must) / sizeof(must[0]); i++) {
		for (k = 0; k < node_type_count; k++)
			if (!strcmp(node_types[k].name, must[i]))
				break;
		ck_assert_msg(k < node_type_count, "%s is not in the table",
			      must[i]);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("pixel nodes");
	TCase *tcase = tcase_create("all types");
	SRunner *runner = srunner_create(suite);
	int failed;

	seed = random_start();
	tcase_set_timeout(tcase, 240);
	tcase_add_test(tcase, table_is_whole);
	tcase_add_loop_test(tcase, pixel_nodes, 0, (int)node_type_count);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
