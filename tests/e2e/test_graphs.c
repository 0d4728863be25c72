/*
 * tests/e2e/test_graphs.c: graphs that the tree does not have, built and
 * compared pixel by pixel with what their node types promise; and the same
 * graphs with --no-fuse, and for every instruction set, byte for byte.
 *
 * Sizes are odd, so that no span ends where a vector does.
 */
#define _GNU_SOURCE
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lib/graphs.h"
#include "tests/lib/process.h"
#include "tests/lib/scratch.h"
#include "tests/lib/suite.h"
#include "tests/reference/node_pictures.h"

#define WIDTH  333
#define HEIGHT 77
#define NAVY   0xFF102040
#define SAND   0xFFF0E0A1

/* A graph whose nodes and links are given, WIDTH x HEIGHT. */
static char *description(const char *name, const char *body)
{
	char *yaml;

	ck_assert(asprintf(&yaml,
			   "graph: %s\nsize: %dx%d\nformat: XRGB8888\n"
			   "rate: 60\n%s",
			   name, WIDTH, HEIGHT, body) > 0);
	return yaml;
}

/* Builds a graph and records its first frame. */
static uint32_t *first_frame(const char *body)
{
	char *yaml = description("seen", body);
	char *program = graphs_build("seen", yaml, NULL, NULL);
	char *path = scratch_path("frame.raw");
	uint32_t *frame;
	struct process process;
	size_t bytes;

	process_start(&process, NULL,
		      (const char *const[]){program, "--display", "headless",
					    "--clock", "free", "--ticks", "1",
					    "--record", path, NULL});
	process_expect(&process, 0);
	process_finish(&process);
	frame = (uint32_t *)(void *)file_text(path, &bytes);
	ck_assert_ptr_nonnull(frame);
	ck_assert_uint_eq(bytes, WIDTH * HEIGHT * sizeof(*frame));
	free(path);
	free(program);
	free(yaml);
	return frame;
}

static uint32_t checkered(int32_t x, int32_t y)
{
	return checker_picture(x, y, 7, SAND, NAVY);
}

#define CHECKER                                                                \
	"board: {type: checker, field: 7, first: \"#f0e0a1\", "                \
	"second: \"#102040\"}"

static void check_pixel(const char *what, int32_t x, int32_t y, uint32_t got,
			uint32_t expected)
{
	if (got != expected) /* an assertion for each pixel is slow */
		ck_abort_msg("%s: x %d, y %d: expected %08x, got %08x", what, x,
			     y, expected, got);
}

START_TEST(solid)
{
	uint32_t *frame = first_frame("nodes:\n"
				      "  s: {type: solid, color: \"#12ab9f\"}\n"
				      "  screen: {type: display}\n"
				      "links:\n  - s -> screen\n");

	for (int32_t i = 0; i < WIDTH * HEIGHT; i++)
		check_pixel("solid", i % WIDTH, i / WIDTH, frame[i],
			    0xFF12AB9F);
	free(frame);
}
END_TEST

START_TEST(checker)
{
	uint32_t *frame = first_frame("nodes:\n  " CHECKER "\n"
				      "  screen: {type: display}\n"
				      "links:\n  - board -> screen\n");

	for (int32_t i = 0; i < WIDTH * HEIGHT; i++)
		check_pixel("checker", i % WIDTH, i / WIDTH, frame[i],
			    checkered(i % WIDTH, i / WIDTH));
	free(frame);
}
END_TEST

START_TEST(bars)
{
	uint32_t *frame = first_frame("nodes:\n  b: {type: bars}\n"
				      "  screen: {type: display}\n"
				      "links:\n  - b -> screen\n");
	int32_t compared = 0;

	for (int32_t i = 0; i < WIDTH * HEIGHT; i++) {
		uint32_t expected =
			bars_picture(i % WIDTH, i / WIDTH, WIDTH, HEIGHT);

		compared += expected != 0;
		if (expected)
			check_pixel("bars", i % WIDTH, i / WIDTH, frame[i],
				    expected);
	}
	ck_assert_int_gt(compared, WIDTH * HEIGHT / 2);
	free(frame);
}
END_TEST

/* Within one step of the exact value, in each channel. */
static void check_channel(const char *what, int32_t i, uint32_t got,
			  int channel, double exact)
{
	double value = got >> (8 * channel) & 0xFF;

	if (got >> 24 != 0xFF || fabs(value - exact) >= 1)
		ck_abort_msg(
			"%s: x %d, y %d, channel %d: exactly %.3f, got %.0f",
			what, i % WIDTH, i / WIDTH, channel, exact, value);
}

START_TEST(gradient)
{
	static const char *const bodies[] = {
		"nodes:\n  g: {type: gradient, from: \"#102040\", "
		"to: \"#f0e0a1\"}\n  screen: {type: display}\n"
		"links:\n  - g -> screen\n",
		"nodes:\n  g: {type: gradient, from: \"#f0e0a1\", "
		"to: \"#102040\", direction: down}\n"
		"  screen: {type: display}\nlinks:\n  - g -> screen\n",
	};
	uint32_t from = _i ? SAND : NAVY, to = _i ? NAVY : SAND;
	uint32_t *frame = first_frame(bodies[_i]);

	for (int32_t i = 0; i < WIDTH * HEIGHT; i++)
		for (int c = 0; c < 3; c++)
			check_channel(
				"gradient", i, frame[i], c,
				gradient_channel(_i ? i / WIDTH : i % WIDTH,
						 _i ? HEIGHT : WIDTH, from, to,
						 c));
	check_pixel("gradient", 0, 0, frame[0], from);
	check_pixel("gradient", WIDTH - 1, HEIGHT - 1,
		    frame[WIDTH * HEIGHT - 1], to);
	free(frame);
}
END_TEST

static const int32_t alphas[] = {0, 77, 256};

START_TEST(mix)
{
	char body[512];
	uint32_t *frame;

	snprintf(body, sizeof(body),
		 "nodes:\n  " CHECKER "\n"
		 "  s: {type: solid, color: \"#12ab9f\"}\n"
		 "  m: {type: mix, alpha: %d}\n  screen: {type: display}\n"
		 "links:\n  - board -> m.a\n  - s -> m.b\n  - m -> screen\n",
		 alphas[_i]);
	frame = first_frame(body);
	for (int32_t i = 0; i < WIDTH * HEIGHT; i++)
		for (int c = 0; c < 3; c++)
			check_channel(
				"mix", i, frame[i], c,
				mix_channel(checkered(i % WIDTH, i / WIDTH),
					    0xFF12AB9F, alphas[_i], c));
	free(frame);
}
END_TEST

static const int32_t radii[] = {0, 3, 44};

START_TEST(blur)
{
	uint32_t *board = malloc(WIDTH * HEIGHT * sizeof(*board)), *frame;
	char body[512];

	ck_assert_ptr_nonnull(board);
	for (int32_t i = 0; i < WIDTH * HEIGHT; i++)
		board[i] = checkered(i % WIDTH, i / WIDTH);
	snprintf(body, sizeof(body),
		 "nodes:\n  " CHECKER "\n  b: {type: blur, radius: %d}\n"
		 "  screen: {type: display}\nlinks:\n"
		 "  - board -> b -> screen\n",
		 radii[_i]);
	frame = first_frame(body);
	for (int32_t i = 0; i < WIDTH * HEIGHT; i++)
		check_pixel("blur", i % WIDTH, i / WIDTH, frame[i],
			    blur_picture(board, WIDTH, HEIGHT, radii[_i],
					 i % WIDTH, i / WIDTH));
	free(board);
	free(frame);
}
END_TEST

static void check_same(const char *what, const struct digest *a,
		       const struct digest *b)
{
	ck_assert_uint_eq(a->count, b->count);
	for (size_t i = 0; i < a->count; i++)
		ck_assert_msg(a->lines[i].hash == b->lines[i].hash,
			      "%s: tick %zu differs", what, i);
}

/* Forks, joins, a frame node in the middle, four sinks. */
static const char mixed_body[] = "nodes:\n"
				 "  ball: {type: ball, radius: 11}\n"
				 "  " CHECKER "\n"
				 "  soft: {type: blur, radius: 5}\n"
				 "  marked: {type: markers}\n"
				 "  waved: {type: waveform, amplitude: 20}\n"
				 "  one: {type: mix, alpha: 200}\n"
				 "  two: {type: mix}\n"
				 "  text: {type: status_text}\n"
				 "  screen: {type: display}\n"
				 "  side: {type: headless}\n"
				 "  gone: {type: null}\n"
				 "links:\n"
				 "  - ball -> marked -> one.a\n"
				 "  - board -> soft -> one.b\n"
				 "  - one -> waved -> two.a\n"
				 "  - marked -> two.b\n"
				 "  - two -> text -> screen\n"
				 "  - soft -> side\n"
				 "  - waved -> gone\n";

START_TEST(not_fused_draws_the_same)
{
	const char *const no_fuse[] = {"--no-fuse", NULL};
	char *yaml = description("mixed", mixed_body);
	char *fused = graphs_build("mixed", yaml, NULL, NULL);
	char *plain = graphs_build("mixed", yaml, no_fuse, NULL);
	struct digest a = graphs_digest(fused, "40", NULL);
	struct digest b = graphs_digest(plain, "40", NULL);

	check_same("--no-fuse", &a, &b);
	ck_assert_uint_ne(a.lines[0].hash, a.lines[1].hash);
	digest_free(&a);
	digest_free(&b);
	free(fused);
	free(plain);
	free(yaml);
}
END_TEST

/* --isa NAME of a shipped program; 78 where the processor has it not. */
START_TEST(every_instruction_set_draws_the_same)
{
	static const char *const graphs[] = {"demo", "demo-480p", "blur",
					     "fanout", "three-screens"};
	static const char *const isas[] = {"avx2", "avx512"};
	char *program = program_path(graphs[_i]);
	struct digest base = graphs_digest(
		program, "20", (const char *const[]){"--isa", "base", NULL});

	for (size_t i = 0; i < 2; i++) {
		struct process process;
		struct digest digest;
		int status;

		process_start(&process, NULL,
			      (const char *const[]){program, "--display",
						    "headless", "--ticks", "1",
						    "--isa", isas[i], NULL});
		status = process_wait(&process, PROCESS_LIMIT_MS);
		ck_assert_msg(status == 0 || status == 78,
			      "--isa %s: status %d: %s", isas[i], status,
			      process.err);
		process_finish(&process);
		if (status == 78) {
			suite_skip("every_instruction_set_draws_the_same",
				   isas[i]);
			continue;
		}
		digest = graphs_digest(
			program, "20",
			(const char *const[]){"--isa", isas[i], NULL});
		check_same(isas[i], &base, &digest);
		digest_free(&digest);
	}
	digest_free(&base);
	free(program);
}
END_TEST

/* Row by row, in bands of several threads, and with frame types in bands: one
 * step of each is large enough to be cut. */
START_TEST(any_number_of_threads_draws_the_same)
{
	static const char *const graphs[] = {"demo-480p", "blur",
					     "three-screens", "fanout"};
	static const char *const threads[] = {"2", "3", "4", "8", "16"};
	char *program = program_path(graphs[_i]);
	const char *const one[] = {"--workers", "1", NULL};
	struct digest alone = graphs_digest(program, "20", one), digest;
	size_t i;

	for (i = 0; i < sizeof(threads) / sizeof(threads[0]); i++) {
		digest = graphs_digest(
			program, "20",
			(const char *const[]){"--workers", threads[i], NULL});
		check_same(threads[i], &alone, &digest);
		digest_free(&digest);
	}
	digest_free(&alone);
	free(program);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("graphs");
	TCase *nodes = tcase_create("nodes"), *same = tcase_create("same");

	tcase_set_timeout(nodes, 60);
	tcase_add_test(nodes, solid);
	tcase_add_test(nodes, checker);
	tcase_add_test(nodes, bars);
	tcase_add_loop_test(nodes, gradient, 0, 2);
	tcase_add_loop_test(nodes, mix, 0, 3);
	tcase_add_loop_test(nodes, blur, 0, 3);
	suite_add_tcase(s, nodes);
	tcase_set_timeout(same, 60);
	tcase_add_test(same, not_fused_draws_the_same);
	tcase_add_loop_test(same, every_instruction_set_draws_the_same, 0, 5);
	tcase_add_loop_test(same, any_number_of_threads_draws_the_same, 0, 4);
	suite_add_tcase(s, same);
	return s;
}

int main(void)
{
	return suite_run(suite());
}
