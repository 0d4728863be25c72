/*
 * tests/e2e/test_own.c: drivers that the product does not have, linked by a list
 * of their own (tests/own): a display that gives frames back late and out of
 * step, a source that is as bad as can be; and the pattern source's pictures,
 * against an implementation that shares no code.
 */
#define _GNU_SOURCE
#include <check.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lib/fake_cuda.h"
#include "tests/lib/graphs.h"
#include "tests/lib/report.h"
#include "tests/lib/scratch.h"
#include "tests/lib/suite.h"

static char *own_object(const char *name)
{
	char *path;

	ck_assert(asprintf(&path, "%s/obj/tests/own/%s.o", build_dir(), name) >
		  0);
	return path;
}

/* A program with tests/own's drivers. The caller frees. */
static char *build_own(const char *name, const char *yaml)
{
	char *objects[] = {own_object("main"), own_object("slow/slow"),
			   own_object("count/count"), own_object("flaky/flaky")};
	char *program = graphs_build(name, yaml, NULL,
				     GRAPHS_OPTIONS(objects[0], objects[1],
						    objects[2], objects[3]));
	int i;

	for (i = 0; i < 4; i++)
		free(objects[i]);
	return program;
}

static const char moving[] = "graph: moving\n"
			     "size: 160x90\n"
			     "format: XRGB8888\n"
			     "rate: 500\n"
			     "nodes:\n"
			     "  ball: {type: ball}\n"
			     "  over: {type: markers}\n"
			     "  screen: {type: display}\n"
			     "links:\n"
			     "  - ball -> over -> screen\n";

/* ---- a display that keeps frames --------------------------------------------- */

/* Every frame that it took is the frame of its tick; ticks without one were
 * dropped, for want of a slot or because it would not. */
static void check_slow(const struct process *process, const char *digest_path,
		       const struct digest *all)
{
	json_t *report = report_parse(process->out);
	struct digest digest = digest_read(digest_path);
	int64_t dropped = report_int(report, "dropped");
	size_t i;

	report_check_sum(report);
	ck_assert_str_eq(report_string(report, "display"), "slow");
	ck_assert_int_gt(report_int(report, "drop_reasons.display_busy"), 0);
	ck_assert_int_gt(report_int(report, "drop_reasons.no_slot"), 0);
	ck_assert_int_eq(dropped,
			 report_int(report, "drop_reasons.display_busy") +
				 report_int(report, "drop_reasons.no_slot"));
	ck_assert_uint_eq(digest.count,
			  (size_t)(report_int(report, "ticks") - dropped));
	for (i = 0; i < digest.count; i++)
		ck_assert_uint_eq(digest.lines[i].hash,
				  all->lines[digest.lines[i].tick].hash);
	digest_free(&digest);
	json_decref(report);
}

START_TEST(a_display_keeps_frames)
{
	char *program = build_own("moving", moving);
	char *path = scratch_path("slow");
	struct digest all = graphs_digest(program, "2000", NULL);
	struct process process;

	graphs_start(&process, NULL, program,
		     GRAPHS_OPTIONS("--display", "slow", "--clock", "free",
				    "--ticks", "2000", "--digest", path,
				    "--report", "json"));
	process_expect(&process, 0);
	check_slow(&process, path, &all);
	process_finish(&process);
	digest_free(&all);
	free(path);
	free(program);
}
END_TEST

/* The device's pictures are stored in slots that are free. */
START_TEST(a_display_keeps_a_devices_frames)
{
	char *path = scratch_path("slow"), *whole = scratch_path("all");
	struct process process;
	struct digest all;

	ck_assert_int_eq(fake_cuda_run(&process, "own", NULL,
				       FAKE_CUDA_WORDS("--backend", "cpu",
						       "--clock", "free",
						       "--ticks", "200",
						       "--digest", whole)),
			 0);
	process_finish(&process);
	all = digest_read(whole);
	ck_assert_int_eq(
		fake_cuda_run(&process, "own", NULL,
			      FAKE_CUDA_WORDS("--backend", "cuda", "--display",
					      "slow", "--clock", "free",
					      "--ticks", "200", "--digest",
					      path, "--report", "json")),
		0);
	check_slow(&process, path, &all);
	fake_cuda_check_clean();
	process_finish(&process);
	digest_free(&all);
	free(path);
	free(whole);
}
END_TEST

/* ---- sources ------------------------------------------------------------------ */

#define WIDTH  320
#define HEIGHT 24
#define PIXELS (WIDTH * HEIGHT)

static char *camera_yaml_with(const char *format, const char *more)
{
	char *yaml;

	ck_assert(asprintf(&yaml,
			   "graph: camera\n"
			   "size: %dx%d\n"
			   "format: XRGB8888\n"
			   "rate: 200\n"
			   "nodes:\n"
			   "  camera: {type: source, format: %s, size: "
			   "%dx%d%s}\n"
			   "  screen: {type: display}\n"
			   "links:\n"
			   "  - camera -> screen\n",
			   WIDTH, HEIGHT, format, WIDTH, HEIGHT, more) > 0);
	return yaml;
}

static char *camera_yaml(const char *format)
{
	return camera_yaml_with(format, "");
}

/* Every tick in one class, every frame delivered in one. */
static void check_source(const json_t *report)
{
	int64_t given = report_int(report, "sources.0.taken") +
			report_int(report, "sources.0.repeats") +
			report_int(report, "sources.0.empty") +
			report_int(report, "sources.0.card");

	ck_assert_int_eq(given, report_int(report, "ticks") -
					report_int(report, "skipped"));
	ck_assert_int_eq(report_int(report, "sources.0.delivered"),
			 report_int(report, "sources.0.taken") +
				 report_int(report, "sources.0.passed_over") +
				 report_int(report, "sources.0.waiting"));
}

START_TEST(a_bad_source_adds_up)
{
	static const char *const clocks[] = {"timer", "free"};
	static const char *const ticks[] = {"200", "20000"};
	char *yaml = camera_yaml("RGB565");
	char *program = build_own("camera", yaml);
	struct process process;
	json_t *report;

	graphs_start(&process, NULL, program,
		     GRAPHS_OPTIONS("--source", "count", "--clock", clocks[_i],
				    "--ticks", ticks[_i], "--report", "json"));
	process_expect(&process, 0);
	report = report_parse(process.out);
	check_source(report);
	ck_assert_str_eq(report_string(report, "sources.0.driver"), "count");
	ck_assert_int_gt(report_int(report, "sources.0.taken"), 0);
	ck_assert_int_gt(report_int(report, "sources.0.lost"), 0);
	json_decref(report);
	process_finish(&process);
	free(program);
	free(yaml);
}
END_TEST

/* However late its frames are, each tick has one of its own. */
START_TEST(every_frame_has_its_tick)
{
	char *yaml = camera_yaml_with("RGB565", ", policy: every");
	char *program = build_own("camera", yaml);
	struct process process;
	json_t *report;

	graphs_start(&process, NULL, program,
		     GRAPHS_OPTIONS("--source", "count", "--clock", "free",
				    "--ticks", "2000", "--report", "json"));
	process_expect(&process, 0);
	report = report_parse(process.out);
	check_source(report);
	ck_assert_str_eq(report_string(report, "sources.0.policy"), "every");
	ck_assert_int_eq(report_int(report, "sources.0.taken"), 2000);
	ck_assert_int_eq(report_int(report, "sources.0.passed_over"), 0);
	json_decref(report);
	process_finish(&process);
	free(program);
	free(yaml);
}
END_TEST

/* A frame, then it is lost: 1 s of 200 ticks it stays, then there is a card. */
static void check_flaky(const json_t *report)
{
	check_source(report);
	ck_assert_int_eq(report_int(report, "sources.0.taken"), 1);
	ck_assert_int_eq(report_int(report, "sources.0.stamps.hardware"), 1);
	ck_assert_int_eq(report_int(report, "sources.0.lost"), 2);
	ck_assert_str_eq(report_string(report, "sources.0.reasons.0.reason"),
			 "corrupt");
	ck_assert_int_eq(report_int(report, "sources.0.reasons.0.frames"), 2);
	ck_assert_int_eq(report_int(report, "sources.0.reasons.0.losses"), 0);
	ck_assert_str_eq(report_string(report, "sources.0.reasons.1.reason"),
			 "stalled");
	ck_assert_int_eq(report_int(report, "sources.0.reasons.1.losses"), 1);
	ck_assert_int_eq(report_int(report, "sources.0.recoveries"), 1);
	ck_assert_int_eq(report_int(report, "sources.0.frozen.count"), 1);
	ck_assert_int_eq(report_int(report, "sources.0.black.count"), 1);
}

/* Each in its place. */
static void check_flaky_lines(const char *text, const char *last)
{
	const char *lines[] = {
		"source camera: black\n",
		"source camera: frozen\n",
		"source camera: no longer frozen\n",
		"source camera: no longer black\n",
		"source camera: lost: stalled\n",
		"source camera: runs again\n",
		last,
	};
	const char *at = text;
	size_t i;

	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		at = strstr(at, lines[i]);
		ck_assert_msg(at != NULL, "no line \"%s\", or not there, in:\n%s",
			      lines[i], text);
	}
}

static const struct {
	const char *source, *more, *state, *line;
	int64_t repeats, card, losses;
	uint32_t pixel; /* at the top left, in the end */
} flaky[] = {
	{"flaky", "", "lost", "source camera: lost: unplugged\n", 199, 100, 2,
	 0xff202020},
	{"flaky", ", lost: hold", "lost", "source camera: lost: unplugged\n",
	 299, 0, 2, 0xff5a5a5a},
	{"flaky,end", "", "ended", "source camera: ended\n", 299, 0, 1,
	 0xff5a5a5a},
};

START_TEST(a_lost_source)
{
	char *yaml = camera_yaml_with("XRGB8888", flaky[_i].more);
	char *program = build_own("camera", yaml);
	char *path = scratch_path("frames.raw"), *text;
	struct process process;
	json_t *report;
	size_t bytes;

	graphs_start(&process, NULL, program,
		     GRAPHS_OPTIONS("--source", flaky[_i].source, "--clock",
				    "free", "--ticks", "300", "--record", path,
				    "--report", "json"));
	process_expect(&process, 0);
	report = report_parse(process.out);
	check_flaky(report);
	ck_assert_int_eq(report_int(report, "sources.0.repeats"),
			 flaky[_i].repeats);
	ck_assert_int_eq(report_int(report, "sources.0.card"), flaky[_i].card);
	ck_assert_int_eq(report_int(report, "sources.0.losses"),
			 flaky[_i].losses);
	ck_assert_str_eq(report_string(report, "sources.0.state"),
			 flaky[_i].state);
	check_flaky_lines(process.err, flaky[_i].line);
	text = file_text(path, &bytes);
	ck_assert_uint_eq(bytes, 300 * PIXELS * 4);
	ck_assert_uint_eq(((uint32_t *)(void *)text)[299 * PIXELS],
			  flaky[_i].pixel);
	free(text);
	json_decref(report);
	process_finish(&process);
	free(path);
	free(program);
	free(yaml);
}
END_TEST

/* What a pixel of a bar is after it lay in memory in that format. */
static uint32_t through(const char *format, uint32_t red, uint32_t green,
			uint32_t blue)
{
	if (!strcmp(format, "RGB565")) {
		red = red / 8 * 8 + red / 32;
		green = green / 4 * 4 + green / 64;
		blue = blue / 8 * 8 + blue / 32;
	}
	return 0xff000000u + red * 65536 + green * 256 + blue;
}

/* Column x of picture n, below the number. */
static uint32_t bar_pixel(const char *format, uint64_t n, uint32_t x)
{
	/* on or off, of red, green, blue, from white to black */
	static const char *const bars[] = {"111", "110", "011", "010",
					   "101", "100", "001", "000"};
	uint32_t moved = (uint32_t)((x + 1000000ull * WIDTH - 4 * n) % WIDTH);
	const char *bar = bars[moved * 8 / WIDTH];

	return through(format, bar[0] == '1' ? 191 : 0,
		       bar[1] == '1' ? 191 : 0, bar[2] == '1' ? 191 : 0);
}

/* The number that the cells of a frame spell. */
static uint64_t number_of(const uint32_t *frame)
{
	uint64_t number = 0;
	int i;

	for (i = 0; i < 32; i++)
		number |= (uint64_t)(frame[i * 8 + 4] & 1) << i;
	return number;
}

static void check_picture(const char *format, const uint32_t *frame)
{
	uint64_t number = number_of(frame);
	uint32_t x, y, wanted;

	for (y = 0; y < HEIGHT; y++)
		for (x = 0; x < WIDTH; x++) {
			wanted = bar_pixel(format, number, x);
			if (y < 8 && x < 32 * 8)
				wanted = number >> x / 8 & 1 ? 0xffffffff
							     : 0xff000000;
			ck_assert_msg(frame[y * WIDTH + x] == wanted,
				      "%s, picture %llu, (%u, %u): %08x, not "
				      "%08x",
				      format, (unsigned long long)number, x, y,
				      frame[y * WIDTH + x], wanted);
		}
}

static bool is_black(const uint32_t *frame)
{
	uint32_t i;

	for (i = 0; i < PIXELS; i++)
		if (frame[i] != 0xff000000)
			return false;
	return true;
}

/* How many of the frames are another picture than the one before, all of them
 * right, in order; those before the first picture are black. */
static uint64_t check_pictures(const char *format, const char *path,
			       uint64_t frames)
{
	size_t bytes;
	char *text = file_text(path, &bytes);
	const uint32_t *frame = (const uint32_t *)(const void *)text;
	uint64_t i, number, before = UINT64_MAX, changes = 0;

	ck_assert_ptr_nonnull(text);
	ck_assert_uint_eq(bytes, frames * PIXELS * 4);
	for (i = 0; i < frames && is_black(frame); i++)
		frame += PIXELS;
	for (; i < frames; i++, frame += PIXELS) {
		check_picture(format, frame);
		number = number_of(frame);
		ck_assert(before == UINT64_MAX || number >= before);
		changes += number != before;
		before = number;
	}
	free(text);
	return changes;
}

static const char *const formats[] = {"XRGB8888", "XBGR8888", "RGB565"};

START_TEST(the_pattern_is_drawn_right)
{
	char *yaml = camera_yaml(formats[_i]);
	char *program = build_own("camera", yaml);
	char *path = scratch_path("frames.raw");
	struct process process;
	json_t *report;
	uint64_t changes;

	graphs_start(&process, NULL, program,
		     GRAPHS_OPTIONS("--source", "camera:pattern,rate=60",
				    "--ticks", "100", "--record", path,
				    "--report", "json"));
	process_expect(&process, 0);
	report = report_parse(process.out);
	check_source(report);
	changes = check_pictures(
		formats[_i], path,
		(uint64_t)report_int(report, "recording.written"));
	/* a tick that was skipped or dropped may have been one of them */
	ck_assert_int_le((int64_t)changes,
			 report_int(report, "sources.0.taken"));
	ck_assert_int_gt((int64_t)changes, 0);
	json_decref(report);
	process_finish(&process);
	free(path);
	free(program);
	free(yaml);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("drivers of one's own");
	TCase *tests = tcase_create("own");

	tcase_set_timeout(tests, 300);
	tcase_add_test(tests, a_display_keeps_frames);
	tcase_add_test(tests, a_display_keeps_a_devices_frames);
	tcase_add_loop_test(tests, a_bad_source_adds_up, 0, 2);
	tcase_add_test(tests, every_frame_has_its_tick);
	tcase_add_loop_test(tests, a_lost_source, 0, 3);
	tcase_add_loop_test(tests, the_pattern_is_drawn_right, 0, 3);
	suite_add_tcase(suite, tests);
	return suite_run(suite);
}
