/*
 * tests/kernel/test_sample_nodes.c: what every node of kind sample promises, on
 * random parameters, ticks and sizes, with inputs of every format and size:
 * foo_span draws what foo_pixel defines, through windows, in any order of rows,
 * touches nothing else and leaves its inputs as they were; foo_run draws the same;
 * foo_tick sets all that they read.
 */
#include "tests/kernel/node_round.h"

#define ROUNDS	  300
#define ROWS	  24
#define INPUT_MAX 120

/* One input: a source as it lies in memory, or another node's frame. */
struct input {
	struct guarded memory, kept, rows[WINDOW_ROWS], work;
	struct picture picture;
	struct window window;
	bool is_frame;
};

static void input_fill(struct input *input, struct random *random)
{
	uint32_t x, y;
	size_t i;

	for (i = 0; i < input->memory.bytes; i++)
		input->memory.base[i] = (unsigned char)random_next(random);
	for (y = 0; input->is_frame && y < input->picture.height; y++)
		for (x = 0; x < input->picture.width; x++)
			((uint32_t *)picture_row(&input->picture, 0, y))[x] |=
				COLOR_X;
}

static void input_start(struct input *input, struct round *round, uint32_t port)
{
	struct random *random = &round->random;
	enum graph_format format =
		(enum graph_format)random_below(random, GRAPH_FORMAT_COUNT);
	uint32_t width = SIDE_MIN + random_below(random, INPUT_MAX);
	uint32_t height = SIDE_MIN + random_below(random, INPUT_MAX);
	uint32_t i;

	input->is_frame = random_below(random, 3) == 0;
	if (input->is_frame) {
		format = GRAPH_FORMAT_XRGB8888;
		width = round->width;
		height = round->height;
	}
	input->memory = guarded_new(
		graph_picture(&input->picture, format, width, height, NULL), 0);
	graph_picture(&input->picture, format, width, height,
		      input->memory.base);
	input->picture.ycbcr = ycbcr_matrix(
		(enum color_encoding)random_below(random, COLOR_ENCODING_COUNT),
		(enum color_range)random_below(random, COLOR_RANGE_COUNT));
	input->picture.ycbcr.siting = (uint8_t)(
		COLOR_LEFT + random_below(random, COLOR_SITING_COUNT - 1));
	input->picture.chroma = random_below(random, PICTURE_CHROMA_COUNT);
	input_fill(input, random);
	input->kept = guarded_new(input->memory.bytes, 0);
	memcpy(input->kept.base, input->memory.base, input->memory.bytes);
	input->work = guarded_new((size_t)width * 4, 0x5a);
	input->window = (struct window){
		.picture = &input->picture,
		.work = (uint32_t *)(void *)input->work.base,
		.held = {WINDOW_NONE, WINDOW_NONE},
	};
	for (i = 0; i < WINDOW_ROWS; i++) {
		input->rows[i] = guarded_new((size_t)width * 4, 0x5a);
		if (!input->is_frame)
			input->window.row[i] =
				(uint32_t *)(void *)input->rows[i].base;
	}
	round->input[port] = (struct node_size){width, height};
}

static void input_finish(struct input *input, const struct round *round)
{
	uint32_t i;

	REQUIRE(round,
		!memcmp(input->memory.base, input->kept.base,
			input->memory.bytes) &&
			guarded_intact(&input->memory),
		"an input changed");
	for (i = 0; i < WINDOW_ROWS; i++) {
		REQUIRE(round, guarded_intact(&input->rows[i]), "window: row");
		guarded_free(&input->rows[i]);
	}
	REQUIRE(round, guarded_intact(&input->work), "window: work");
	guarded_free(&input->work);
	guarded_free(&input->memory);
	guarded_free(&input->kept);
}

/* Pixels [x0, x1) of a row by foo_span, each as foo_pixel has it. */
static void check_row(struct round *round, struct input *inputs, int32_t y)
{
	struct random *random = &round->random;
	const void *uniform = bytes_or_null(&round->uniform);
	uint32_t a = random_below(random, round->width + 1), i, want;
	uint32_t b = random_below(random, round->width + 1);
	struct picture pictures[NODE_INPUTS_MAX] = {0};
	struct window *windows[NODE_INPUTS_MAX] = {NULL};
	int32_t x, x0 = (int32_t)(a < b ? a : b), x1 = (int32_t)(a < b ? b : a);
	struct guarded out;
	uint32_t *got;

	if (random_below(random, 2))
		x0 = 0, x1 = (int32_t)round->width;
	for (i = 0; i < round->input_count; i++) {
		pictures[i] = inputs[i].picture;
		windows[i] = &inputs[i].window;
	}
	out = guarded_new((size_t)(x1 - x0) * 4, 0x17);
	got = (uint32_t *)(void *)out.base;
	if (round->type->view)
		round->type->view(uniform, y, x0, x1, windows, got);
	for (x = x0; x < x1; x++) {
		want = round->type->sample(uniform, x, y, pictures);
		if (!round->type->view)
			got[x - x0] = want;
		REQUIRE(round, got[x - x0] == want && want >> 24 == 0xff,
			"pixel %d,%d of [%d,%d) is %08x; foo_pixel: %08x", x, y,
			x0, x1, got[x - x0], want);
	}
	REQUIRE(round, guarded_intact(&out), "row %d [%d,%d): guards", y, x0,
		x1);
	guarded_free(&out);
}

/* A row in runs, as a GPU's threads draw it; the last may go beyond the edge. */
static void check_runs(struct round *round, const void *uniform,
		       const struct picture *pictures, int32_t y)
{
	int32_t x, i, width = (int32_t)round->width;
	uint32_t run[NODE_RUN], want;

	for (x = 0; round->type->view_run && x < width; x += NODE_RUN) {
		memset(run, 0x17, sizeof(run));
		round->type->view_run(uniform, x, y, pictures, run);
		for (i = 0; i < NODE_RUN && x + i < width; i++) {
			want = round->type->sample(uniform, x + i, y, pictures);
			REQUIRE(round, run[i] == want,
				"foo_run: pixel %d,%d is %08x; foo_pixel: %08x",
				x + i, y, run[i], want);
		}
	}
}

/* The same pixels from the uniform of a tick that a device will draw, which
 * starts as other rubbish. */
static void check_device(struct round *round, struct input *inputs, int32_t y)
{
	struct guarded other = guarded_new(round->uniform.bytes, 0x5a);
	struct guarded state = guarded_new(round->state.bytes, 0);
	struct picture pictures[NODE_INPUTS_MAX] = {0};
	struct tick tick = round->tick;
	int32_t x;
	uint32_t i;

	tick.device = true;
	round->type->tick(bytes_or_null(&round->params), &tick,
			  bytes_or_null(&state), bytes_or_null(&other));
	for (i = 0; i < round->input_count; i++)
		pictures[i] = inputs[i].picture;
	for (x = 0; x < (int32_t)round->width; x++)
		REQUIRE(round,
			round->type->sample(other.base, x, y, pictures) ==
				round->type->sample(round->uniform.base, x, y,
						    pictures),
			"pixel %d,%d is another one on a device", x, y);
	check_runs(round, other.base, pictures, y);
	guarded_free(&other);
	guarded_free(&state);
}

static void sample_round(const struct node_type *type, struct random *random)
{
	struct round round = {
		.type = type,
		.width = SIDE_MIN + random_below(random, 200),
		.height = SIDE_MIN + random_below(random, 200),
	};
	static struct input inputs[NODE_INPUTS_MAX];
	uint32_t i;
	int32_t y;

	round.random = random_init(random_next(random), 0);
	round.input_count = type->input_count -
			    random_below(&round.random, type->optional + 1);
	for (i = 0; i < round.input_count; i++)
		input_start(&inputs[i], &round, i);
	round_start(&round);
	round_tick(&round);
	y = (int32_t)random_below(&round.random, round.height);
	for (i = 0; i < ROWS; i++) {
		check_row(&round, inputs, y);
		y = random_below(&round.random, 4)
			    ? (y + 1) % (int32_t)round.height
			    : (int32_t)random_below(&round.random,
						    round.height);
	}
	check_device(&round, inputs, y);
	for (i = 0; i < round.input_count; i++)
		input_finish(&inputs[i], &round);
	round_finish(&round);
}

START_TEST(sample_nodes)
{
	const struct node_type *type = &node_types[_i];
	struct random random = random_init(seed, (uint64_t)_i);
	uint32_t i;

	for (i = 0; type->sample && i < ROUNDS; i++)
		sample_round(type, &random);
}
END_TEST

/* A window keeps two rows, whatever is asked, and is never stale. */
START_TEST(a_window_has_the_picture_s_rows)
{
	struct random random = random_init(seed, 1);
	struct round round = {.width = 40, .height = 30};
	uint32_t want[SIDE_MIN + INPUT_MAX];
	struct input input;
	uint32_t i;

	round.random = random_init(random_next(&random), 0);
	input_start(&input, &round, 0);
	for (i = 0; i < 2000; i++) {
		int32_t y = (int32_t)random_below(&random, 40) - 5;
		int32_t clamped = window_clamp(y, input.picture.height);
		const uint32_t *before =
			window_row(&input.window, y + (i & 1 ? 1 : -1));
		const uint32_t *row = window_row(&input.window, y);
		uint32_t first = before[0];

		picture_row_load(&input.picture, (uint32_t)clamped, 0,
				 input.picture.width, want);
		ck_assert_mem_eq(row, want, input.picture.width * 4);
		ck_assert_uint_eq(before[0], first);
	}
	input_finish(&input, &round);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("sample nodes");
	TCase *windows = tcase_create("windows"), *nodes = tcase_create("nodes");
	SRunner *runner;
	int failed;

	seed = random_start();
	tcase_add_test(windows, a_window_has_the_picture_s_rows);
	suite_add_tcase(suite, windows);
	tcase_add_loop_test(nodes, sample_nodes, 0, (int)node_type_count);
	tcase_set_timeout(nodes, 120);
	suite_add_tcase(suite, nodes);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}
