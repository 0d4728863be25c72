/*
 * tests/kernel/test_select.c: which picture is where in each tick of a transition,
 * that no more than two are read, and that nothing is remembered. That the fast
 * form draws the same, with inputs of any size, is in test_sample_nodes.c.
 */
#include <check.h>

#include "kernel/select.h"
#include "tests/kernel/suite.h"

#define WIDTH	 32
#define HEIGHT	 24
#define DURATION 10 /* ticks */
#define CHANGED	 100
#define MARGIN	 0xff010203u

static uint32_t memory[SELECT_INPUTS][WIDTH * HEIGHT];
static uint32_t rows[SELECT_INPUTS][3][WIDTH];
static struct picture pictures[SELECT_INPUTS];
static struct window windows[SELECT_INPUTS];
static uint64_t changed[7];
static struct node_size sizes[SELECT_INPUTS];

/* Pixel (x, y) of input i says so: red, green and blue. */
static uint32_t pixel_of(uint32_t input, int32_t x, int32_t y)
{
	return color_rgb((uint32_t)x, (uint32_t)y, input * 20 + 10);
}

static void setup(void)
{
	uint32_t i, at;

	for (i = 0; i < SELECT_INPUTS; i++) {
		pictures[i] = (struct picture){.width = WIDTH, .height = HEIGHT};
		pictures[i].plane[0] = (unsigned char *)memory[i];
		pictures[i].pitch[0] = WIDTH * 4;
		windows[i] = (struct window){
			.picture = &pictures[i],
			.row = {rows[i][0], rows[i][1]},
			.work = rows[i][2],
			.held = {WINDOW_NONE, WINDOW_NONE}};
		sizes[i] = (struct node_size){WIDTH, HEIGHT};
		for (at = 0; at < WIDTH * HEIGHT; at++)
			memory[i][at] = pixel_of(i, (int32_t)at % WIDTH,
						 (int32_t)at / WIDTH);
	}
	changed[SELECT_SHOW] = CHANGED;
}

static struct select_params params_of(enum select_transition transition,
				      enum select_towards towards)
{
	return (struct select_params){
		.show = 2,
		.before = 5,
		.transition = (int32_t)transition,
		.towards = (int32_t)towards,
		.duration = DURATION / 50.0,
		.margin = MARGIN};
}

/* `elapsed` ticks after the change. */
static struct select_uniform at_tick(const struct select_params *params,
				     uint64_t elapsed)
{
	const struct tick tick = {.number = CHANGED + elapsed,
				  .rate_num = 50,
				  .rate_den = 1,
				  .width = WIDTH,
				  .height = HEIGHT,
				  .changed = changed,
				  .input = sizes};
	struct select_uniform uniform;

	memset(&uniform, 0x5a, sizeof(uniform));
	select_tick(params, &tick, NULL, &uniform);
	return uniform;
}

static uint32_t pixel_at(const struct select_uniform *uniform, int32_t x,
			 int32_t y)
{
	return select_pixel(uniform, x, y, &pictures[0], &pictures[1],
			    &pictures[2], &pictures[3], &pictures[4],
			    &pictures[5], &pictures[6], &pictures[7]);
}

/* Every pixel, by both forms, is `want`'s. */
static void is_everywhere(const struct select_uniform *uniform,
			  uint32_t (*want)(int32_t x, int32_t y, int32_t gone),
			  int32_t gone)
{
	struct window *in[SELECT_INPUTS];
	uint32_t row[WIDTH], i;
	int32_t x, y;

	for (i = 0; i < SELECT_INPUTS; i++)
		in[i] = &windows[i];
	for (y = 0; y < HEIGHT; y++) {
		select_span(uniform, y, 0, WIDTH, in, row);
		for (x = 0; x < WIDTH; x++)
			if (pixel_at(uniform, x, y) != want(x, y, gone) ||
			    row[x] != want(x, y, gone))
				ck_abort_msg("%d,%d: %08x, span %08x, not %08x",
					     x, y, pixel_at(uniform, x, y),
					     row[x], want(x, y, gone));
	}
}

/* What is shown when the edge has gone so many pixels; in a mix, 1/256. */
static uint32_t want_new(int32_t x, int32_t y, int32_t gone)
{
	(void)gone;
	return pixel_of(2, x, y);
}

static uint32_t want_mix(int32_t x, int32_t y, int32_t gone)
{
	uint32_t blue = (uint32_t)(110 * (256 - gone) + 50 * gone + 128) / 256;

	return color_rgb((uint32_t)x, (uint32_t)y, blue);
}

#define WANT(name, is_new, new_x, new_y, old_x, old_y)                         \
	static uint32_t want_##name(int32_t x, int32_t y, int32_t gone)        \
	{                                                                      \
		return (is_new) ? pixel_of(2, new_x, new_y)                    \
				: pixel_of(5, old_x, old_y);                   \
	}

WANT(wipe_left, x >= WIDTH - gone, x, y, x, y)
WANT(wipe_right, x < gone, x, y, x, y)
WANT(wipe_up, y >= HEIGHT - gone, x, y, x, y)
WANT(wipe_down, y < gone, x, y, x, y)
WANT(push_left, x >= WIDTH - gone, x - (WIDTH - gone), y, x + gone, y)
WANT(push_right, x < gone, x + WIDTH - gone, y, x - gone, y)
WANT(push_up, y >= HEIGHT - gone, x, y - (HEIGHT - gone), x, y + gone)
WANT(push_down, y < gone, x, y + HEIGHT - gone, x, y - gone)

static const struct {
	enum select_transition transition;
	enum select_towards towards;
	int32_t side; /* that the edge goes in all */
	uint32_t (*want)(int32_t x, int32_t y, int32_t gone);
} moves[] = {
	{SELECT_MIX, SELECT_LEFT, 256, want_mix},
	{SELECT_WIPE, SELECT_LEFT, WIDTH, want_wipe_left},
	{SELECT_WIPE, SELECT_RIGHT, WIDTH, want_wipe_right},
	{SELECT_WIPE, SELECT_UP, HEIGHT, want_wipe_up},
	{SELECT_WIPE, SELECT_DOWN, HEIGHT, want_wipe_down},
	{SELECT_PUSH, SELECT_LEFT, WIDTH, want_push_left},
	{SELECT_PUSH, SELECT_RIGHT, WIDTH, want_push_right},
	{SELECT_PUSH, SELECT_UP, HEIGHT, want_push_up},
	{SELECT_PUSH, SELECT_DOWN, HEIGHT, want_push_down},
};
#define MOVES ((int)(sizeof(moves) / sizeof(moves[0])))

/* The tick of the change has all of the old one, the last one all of the new. */
START_TEST(each_tick_of_a_transition)
{
	struct select_params params =
		params_of(moves[_i].transition, moves[_i].towards);
	uint64_t n;

	for (n = 0; n <= 2 * DURATION; n++) {
		struct select_uniform uniform = at_tick(&params, n);
		uint64_t part = n < DURATION ? n : DURATION;
		uint64_t gone = part * (uint64_t)moves[_i].side;

		if (moves[_i].transition == SELECT_MIX)
			gone += DURATION / 2; /* rounded */
		is_everywhere(&uniform, moves[_i].want,
			      (int32_t)(gone / DURATION));
	}
}
END_TEST

START_TEST(a_cut_is_at_once)
{
	struct select_params params = params_of(SELECT_CUT, SELECT_LEFT);
	struct select_uniform uniform = at_tick(&params, 0);

	is_everywhere(&uniform, want_new, 0);
	params = params_of(moves[_i].transition, moves[_i].towards);
	params.duration = 0;
	uniform = at_tick(&params, 0);
	is_everywhere(&uniform, want_new, 0);
}
END_TEST

/* What was set before the run has been there all the time. */
START_TEST(nothing_moves_before_a_change)
{
	struct select_params params =
		params_of(moves[_i].transition, moves[_i].towards);
	struct select_uniform uniform;

	params.duration = 60;
	changed[SELECT_SHOW] = 0;
	uniform = at_tick(&params, 1);
	is_everywhere(&uniform, want_new, 0);
}
END_TEST

/* Other parameters may change at any time: `show` alone begins a transition. */
START_TEST(only_show_begins_a_transition)
{
	struct select_params params =
		params_of(moves[_i].transition, moves[_i].towards);
	struct select_uniform uniform;
	uint32_t i;

	for (i = 1; i < 7; i++)
		changed[i] = CHANGED + DURATION + 3;
	uniform = at_tick(&params, DURATION + 3);
	is_everywhere(&uniform, want_new, 0);
}
END_TEST

/* Reading an input that is not shown would end the test: it has no memory. */
START_TEST(what_is_not_shown_is_not_read)
{
	struct select_params params =
		params_of(moves[_i].transition, moves[_i].towards);
	uint64_t n;
	uint32_t i;

	for (n = 0; n <= DURATION; n++) {
		struct select_uniform uniform = at_tick(&params, n);
		uint64_t gone = n * (uint64_t)moves[_i].side;

		if (moves[_i].transition == SELECT_MIX)
			gone += DURATION / 2;
		setup();
		for (i = 0; i < SELECT_INPUTS; i++)
			if ((i != 2 || !n) && (i != 5 || n == DURATION))
				pictures[i].plane[0] = NULL;
		is_everywhere(&uniform, moves[_i].want,
			      (int32_t)(gone / DURATION));
	}
}
END_TEST

/* One of another size fills the frame as `fill` says. */
START_TEST(another_size_has_margins)
{
	struct select_params params = params_of(SELECT_CUT, SELECT_LEFT);
	struct select_uniform uniform;

	pictures[2].width = sizes[2].width = 8;
	pictures[2].height = sizes[2].height = HEIGHT;
	params.fill = PANE_CONTAIN;
	uniform = at_tick(&params, 0);
	ck_assert_uint_eq(pixel_at(&uniform, 11, 3), MARGIN);
	ck_assert_uint_eq(pixel_at(&uniform, 12, 3), pixel_of(2, 0, 3));
	ck_assert_uint_eq(pixel_at(&uniform, 19, 3), pixel_of(2, 7, 3));
	ck_assert_uint_eq(pixel_at(&uniform, 20, 3), MARGIN);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("select");
	TCase *tcase = tcase_create("select");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tcase, setup, NULL);
	tcase_add_loop_test(tcase, each_tick_of_a_transition, 0, MOVES);
	tcase_add_loop_test(tcase, a_cut_is_at_once, 0, MOVES);
	tcase_add_loop_test(tcase, nothing_moves_before_a_change, 0, MOVES);
	tcase_add_loop_test(tcase, only_show_begins_a_transition, 0, MOVES);
	tcase_add_loop_test(tcase, what_is_not_shown_is_not_read, 0, MOVES);
	tcase_add_test(tcase, another_size_has_margins);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}
