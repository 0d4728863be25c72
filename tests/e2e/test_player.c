/*
 * tests/e2e/test_player.c: files in, frames out: with --clock free and policy
 * every, tick n shows frame n of the file, each byte of it; the end, loops, two
 * files in one graph; and Y'CbCr in every format, by every matrix and range,
 * against tests/reference, which shares no code.
 */
#define _GNU_SOURCE
#include <check.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/lib/graphs.h"
#include "tests/lib/report.h"
#include "tests/lib/scratch.h"
#include "tests/lib/suite.h"
#include "tests/reference/ycbcr.h"

#define WIDTH  64
#define HEIGHT 48
#define PIXELS (WIDTH * HEIGHT)

/* Byte i of frame n of file f: any of the 256, none like its neighbour's. */
static unsigned char sample(uint64_t f, uint64_t n, uint64_t i)
{
	uint64_t mixed = ((f * 1000 + n) * 1000003 + i + 1) *
			 0x9e3779b97f4a7c15u;

	return (unsigned char)(mixed >> 40);
}

static char *write_raw(const char *name, uint64_t f, uint64_t frames,
		       size_t bytes)
{
	char *path = scratch_path(name);
	FILE *file = fopen(path, "wb");
	uint64_t n;
	size_t i;

	ck_assert_ptr_nonnull(file);
	for (n = 0; n < frames; n++)
		for (i = 0; i < bytes; i++)
			fputc(sample(f, n, i), file);
	ck_assert_int_eq(fclose(file), 0);
	return path;
}

static char *text_of(const char *template, const char *a)
{
	char *text;

	ck_assert(asprintf(&text, template, a) > 0);
	return text;
}

/* ---- frames in their order ---------------------------------------------------------- */

static const char one[] = "graph: one\n"
			  "size: 64x48\n"
			  "rate: 400\n"
			  "nodes:\n"
			  "  clip: {type: source, format: XRGB8888, size: 64x48, "
			  "policy: every}\n"
			  "  screen: {type: display}\n"
			  "links:\n"
			  "  - clip -> screen\n";

/* The rest of 64 rectangles. */
#define ZEROS_12 "0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, "
#define ZEROS_84                                                               \
	ZEROS_12 ZEROS_12 ZEROS_12 ZEROS_12 ZEROS_12 ZEROS_12 ZEROS_12

static const char found[] = "graph: found\n"
			    "size: 64x48\n"
			    "rate: 400\n"
			    "nodes:\n"
			    "  clip: {type: source, format: XRGB8888, size: "
			    "64x48, policy: every}\n"
			    "  what: {type: boxes, count: 1, source: clip, "
			    "sequence: 3, colors: [\"#ff0000\", \"#000000\", "
			    "\"#000000\", \"#000000\", \"#000000\", "
			    "\"#000000\", \"#000000\", \"#000000\"], "
			    "rects: [10, 20, 30, 20, " ZEROS_84 ZEROS_84 ZEROS_84
			    "]}\n"
			    "  screen: {type: display}\n"
			    "links:\n"
			    "  - clip -> what -> screen\n";

/* Pixels of recorded frame `tick` are those of frame n of file f. */
static void check_frame(const unsigned char *got, uint64_t tick, uint64_t f,
			uint64_t n)
{
	size_t i;

	for (i = 0; i < PIXELS * 4; i++) {
		unsigned char wanted = i % 4 == 3 ? 0xff : sample(f, n, i);

		if (got[i] != wanted) /* an assertion for each byte is slow */
			ck_abort_msg("tick %d, byte %d: %d, not %d of frame %d",
				     (int)tick, (int)i, got[i], wanted, (int)n);
	}
}

/* Runs and gives back what was recorded of one sink; `ticks` frames of it. */
static unsigned char *play(const char *program, const char *settings,
			   const char *clock, const char *ticks, json_t **report)
{
	char *record = scratch_path("played.raw");
	struct process process;
	unsigned char *frames;
	size_t bytes;

	graphs_start(&process, NULL, program,
		     GRAPHS_OPTIONS("--source", settings, "--clock", clock,
				    "--ticks", ticks, "--record", record,
				    "--report", "json"));
	process_expect(&process, 0);
	*report = report_parse(process.out);
	report_check_sum(*report);
	process_finish(&process);
	frames = (unsigned char *)file_text(record, &bytes);
	ck_assert_ptr_nonnull(frames);
	ck_assert_uint_eq(bytes, PIXELS * 4 * (size_t)report_int(
						      *report,
						      "recording.written"));
	free(record);
	return frames;
}

/* Built with the trap: neither the ticks nor the reader allocate. */
static char *build_trapped(const char *name, const char *yaml)
{
	char *trap = text_of("%s/obj/tests/runtime/alloc_trap.o", build_dir());
	char *program = graphs_build(name, yaml, NULL, GRAPHS_OPTIONS(trap));

	free(trap);
	return program;
}

START_TEST(tick_n_shows_frame_n)
{
	char *program = build_trapped("one", one);
	char *path = write_raw("clip.raw", 1, 150, PIXELS * 4);
	char *settings[2] = {text_of("file,path=%s", path),
			     text_of("clip:file,loop,path=%s", path)};
	unsigned char *frames;
	json_t *report;
	uint64_t n;
	int loop;

	for (loop = 0; loop < 2; loop++) {
		frames = play(program, settings[loop], "free", "400", &report);
		ck_assert_int_eq(report_int(report, "recording.written"), 400);
		for (n = 0; n < 400; n++)
			check_frame(frames + n * PIXELS * 4, n, 1,
				    loop     ? n % 150
				    : n < 150 ? n
					      : 149);
		ck_assert_int_eq(report_int(report, "sources.0.taken"),
				 loop ? 400 : 150);
		ck_assert_int_eq(report_int(report, "sources.0.lost"), 0);
		ck_assert_int_eq(report_int(report, "sources.0.passed_over"), 0);
		ck_assert_int_eq(report_int(report, "sources.0.empty"), 0);
		json_decref(report);
		free(frames);
		free(settings[loop]);
	}
	free(path);
	free(program);
}
END_TEST

/* The frame of the file that a recorded one is; fails if it is none. */
static uint64_t find_frame(const unsigned char *got, uint64_t from, uint64_t to)
{
	uint64_t n;

	for (n = from; n < to; n++)
		if (got[0] == sample(1, n, 0) && got[1] == sample(1, n, 1) &&
		    got[PIXELS * 4 - 2] == sample(1, n, PIXELS * 4 - 2))
			return n;
	ck_abort_msg("a frame that is none of the file's from %d on", (int)from);
}

/* By time: frames in order, each whole; the first tick has one. */
/* Found in frame 3 of the file, they are on that frame and on no other. */
START_TEST(boxes_are_on_their_frame)
{
	char *program = graphs_build("found", found, NULL, NULL);
	char *path = write_raw("found.raw", 1, 10, PIXELS * 4);
	char *settings = text_of("file,path=%s", path);
	const uint32_t red = 0xffff0000;
	unsigned char *frames;
	json_t *report;
	uint32_t pixel;
	uint64_t n;

	frames = play(program, settings, "free", "10", &report);
	ck_assert_str_eq(report_string(report, "nodes.0.name"), "what");
	ck_assert_int_eq(report_int(report, "nodes.0.counts.drawn"), 1);
	ck_assert_int_eq(report_int(report, "nodes.0.counts.missed"), 0);
	for (n = 0; n < 10; n++) {
		memcpy(&pixel, frames + (n * PIXELS + 20 * WIDTH + 10) * 4, 4);
		ck_assert_msg((pixel == red) == (n == 3), "frame %d: %08x",
			      (int)n, pixel);
		if (n != 3)
			check_frame(frames + n * PIXELS * 4, n, 1, n);
	}
	json_decref(report);
	free(frames);
	free(settings);
	free(path);
	free(program);
}
END_TEST

START_TEST(by_time)
{
	char *program = build_trapped("one", one);
	char *path = write_raw("clip.raw", 1, 150, PIXELS * 4);
	char *settings = text_of("file,rate=300,path=%s", path);
	unsigned char *frames;
	json_t *report;
	int64_t i, taken = 0;
	uint64_t n, before = 0;

	frames = play(program, settings, "timer", "240", &report);
	for (i = 0; i < report_int(report, "recording.written"); i++) {
		n = find_frame(frames + i * PIXELS * 4, before, 150);
		check_frame(frames + i * PIXELS * 4, (uint64_t)i, 1, n);
		taken += !i || n != before;
		before = n;
	}
	ck_assert_int_le(taken, report_int(report, "sources.0.taken"));
	ck_assert_int_eq(report_int(report, "sources.0.empty"), 0);
	ck_assert_int_le(report_int(report, "sources.0.delivered") +
				 report_int(report, "sources.0.lost"),
			 150);
	json_decref(report);
	free(frames);
	free(settings);
	free(path);
	free(program);
}
END_TEST

static const char two[] =
	"graph: two\n"
	"size: 64x48\n"
	"rate: 60\n"
	"nodes:\n"
	"  a: {type: source, format: XRGB8888, size: 64x48, policy: every}\n"
	"  b: {type: source, format: XRGB8888, size: 64x48, policy: every}\n"
	"  over: {type: markers}\n"
	"  left: {type: display}\n"
	"  right: {type: display}\n"
	"links:\n"
	"  - a -> left\n"
	"  - b -> over -> right\n";

/* Between the markers' corners, of 30 pixels, and inside their border of 5 the
 * picture is the file's. */
static void check_middle(const unsigned char *got, uint64_t n)
{
	size_t x, y, i;

	for (y = 5; y < HEIGHT - 5; y++)
		for (x = 30; x < WIDTH - 30; x++)
			for (i = 0; i < 3; i++) {
				size_t at = (y * WIDTH + x) * 4 + i;

				if (got[at] != sample(2, n, at))
					ck_abort_msg("frame %d, (%d, %d)",
						     (int)n, (int)x, (int)y);
			}
}

START_TEST(two_files)
{
	char *program = graphs_build("two", two, NULL, NULL);
	char *paths[2] = {write_raw("a.raw", 1, 30, PIXELS * 4),
			  write_raw("b.raw", 2, 7, PIXELS * 4)};
	char *settings[2] = {text_of("a:file,path=%s", paths[0]),
			     text_of("b:file,loop,path=%s", paths[1])};
	char *records[2] = {scratch_path("left.raw"), scratch_path("right.raw")};
	char *to[2] = {text_of("left:%s", records[0]),
		       text_of("right:%s", records[1])};
	struct process process;
	uint64_t n;
	int i;

	graphs_start(&process, NULL, program,
		     GRAPHS_OPTIONS("--source", settings[0], "--source",
				    settings[1], "--clock", "free", "--ticks",
				    "40", "--record", to[0], "--record", to[1]));
	process_expect(&process, 0);
	process_finish(&process);
	for (i = 0; i < 2; i++) {
		size_t bytes;
		unsigned char *frames =
			(unsigned char *)file_text(records[i], &bytes);

		ck_assert_uint_eq(bytes, 40 * PIXELS * 4);
		for (n = 0; n < 40; n++)
			if (i)
				check_middle(frames + n * PIXELS * 4, n % 7);
			else
				check_frame(frames + n * PIXELS * 4, n, 1,
					    n < 30 ? n : 29);
		free(frames);
		free(settings[i]);
		free(records[i]);
		free(paths[i]);
		free(to[i]);
	}
	free(program);
}
END_TEST

/* A refusal is one line: the program, the option, the file, the way out. */
START_TEST(a_file_that_is_not_there)
{
	char *program = graphs_build("one", one, NULL, NULL);
	struct process process;

	graphs_start(&process, NULL, program,
		     GRAPHS_OPTIONS("--source", "file,path=/nowhere/a.y4m"));
	process_expect(&process, 64);
	ck_assert_str_eq(process.err,
			 "one: --source clip:file: /nowhere/a.y4m: there is no "
			 "such file: say the whole path\n");
	process_finish(&process);
	graphs_start(&process, NULL, program,
		     GRAPHS_OPTIONS("--source", "screen:pattern"));
	process_expect(&process, 64);
	ck_assert_str_eq(process.err,
			 "one: --source screen:pattern: screen is no source of "
			 "graph one, which has clip\n");
	process_finish(&process);
	free(program);
}
END_TEST

/* ---- colours ------------------------------------------------------------------------- */

/* Where Y, Cb, Cr of a pixel are in a frame of packed planes. */
struct places {
	size_t y, cb, cr;
};

static struct places nv12(size_t x, size_t y)
{
	size_t pair = PIXELS + y / 2 * WIDTH + x / 2 * 2;

	return (struct places){y * WIDTH + x, pair, pair + 1};
}

static struct places i420(size_t x, size_t y)
{
	size_t cb = PIXELS + y / 2 * (WIDTH / 2) + x / 2;

	return (struct places){y * WIDTH + x, cb, cb + PIXELS / 4};
}

static struct places yuyv(size_t x, size_t y)
{
	size_t pair = y * WIDTH * 2 + x / 2 * 4;

	return (struct places){pair + x % 2 * 2, pair + 1, pair + 3};
}

static struct places uyvy(size_t x, size_t y)
{
	size_t pair = y * WIDTH * 2 + x / 2 * 4;

	return (struct places){pair + x % 2 * 2 + 1, pair, pair + 2};
}

static const struct {
	const char *name;
	struct places (*places)(size_t x, size_t y);
	size_t bytes; /* of a frame */
} formats[] = {
	{"NV12", nv12, PIXELS * 3 / 2},
	{"I420", i420, PIXELS * 3 / 2},
	{"YUYV", yuyv, PIXELS * 2},
	{"UYVY", uyvy, PIXELS * 2},
};

static const struct {
	const char *keys;
	enum reference_matrix matrix;
	bool full;
} matrices[] = {
	{"", REFERENCE_BT601, false},
	{", encoding: bt601, range: full", REFERENCE_BT601, true},
	{", encoding: bt709", REFERENCE_BT709, false},
	{", encoding: bt709, range: full", REFERENCE_BT709, true},
	{", encoding: bt2020, range: limited", REFERENCE_BT2020, false},
	{", encoding: bt2020, range: full", REFERENCE_BT2020, true},
};
#define MATRICES 6
#define COLOR_TICKS 20

/* A source and a display for each matrix. */
static char *colors_yaml(const char *format)
{
	char *yaml = NULL;
	size_t bytes;
	FILE *text = open_memstream(&yaml, &bytes);
	int i;

	fprintf(text, "graph: colors\nsize: %dx%d\nrate: 60\nnodes:\n", WIDTH,
		HEIGHT);
	for (i = 0; i < MATRICES; i++)
		fprintf(text,
			"  clip%d: {type: source, format: %s, size: %dx%d, "
			"policy: every%s}\n  out%d: {type: display}\n",
			i, format, WIDTH, HEIGHT, matrices[i].keys, i);
	fprintf(text, "links:\n");
	for (i = 0; i < MATRICES; i++)
		fprintf(text, "  - clip%d -> out%d\n", i, i);
	ck_assert_int_eq(fclose(text), 0);
	return yaml;
}

static void check_colors(const unsigned char *frame, int format, int matrix,
			 uint64_t n)
{
	const uint32_t *pixel = (const uint32_t *)(const void *)frame;
	size_t x, y;

	for (y = 0; y < HEIGHT; y++)
		for (x = 0; x < WIDTH; x++, pixel++) {
			struct places at = formats[format].places(x, y);
			int luma = sample(3, n, at.y);
			int cb = sample(3, n, at.cb), cr = sample(3, n, at.cr);
			enum reference_matrix row = matrices[matrix].matrix;
			bool full = matrices[matrix].full;

			if (!reference_is_near(row, full, luma, cb, cr, *pixel) ||
			    reference_pixel(row, full, luma, cb, cr) != *pixel)
				ck_abort_msg("%s%s: %d %d %d is not %08x",
					     formats[format].name,
					     matrices[matrix].keys, luma, cb,
					     cr, *pixel);
		}
}

START_TEST(colors)
{
	char *yaml = colors_yaml(formats[_i].name);
	char *program = graphs_build("colors", yaml, NULL, NULL);
	char *path = write_raw("colors.raw", 3, COLOR_TICKS, formats[_i].bytes);
	char *records[MATRICES], *words[MATRICES * 4];
	const char *options[MATRICES * 4 + 5] = {"--clock", "free", "--ticks",
						 "20"};
	struct process process;
	int i, count = 4;
	uint64_t n;

	for (i = 0; i < MATRICES; i++) {
		char name[16];

		snprintf(name, sizeof(name), "out%d.raw", i);
		records[i] = scratch_path(name);
		ck_assert(asprintf(&words[2 * i], "clip%d:file,path=%s", i,
				   path) > 0);
		ck_assert(asprintf(&words[2 * i + 1], "out%d:%s", i,
				   records[i]) > 0);
		options[count++] = "--source";
		options[count++] = words[2 * i];
		options[count++] = "--record";
		options[count++] = words[2 * i + 1];
	}
	graphs_start(&process, NULL, program, options);
	process_expect(&process, 0);
	process_finish(&process);
	for (i = 0; i < MATRICES; i++) {
		size_t bytes;
		char *frames = file_text(records[i], &bytes);

		ck_assert_uint_eq(bytes, COLOR_TICKS * PIXELS * 4);
		for (n = 0; n < COLOR_TICKS; n++)
			check_colors((unsigned char *)frames + n * PIXELS * 4,
				     _i, i, n);
		free(frames);
		free(records[i]);
		free(words[2 * i]);
		free(words[2 * i + 1]);
	}
	free(path);
	free(program);
	free(yaml);
}
END_TEST

/* ---- chroma between its samples ----------------------------------------------------- */

/* What a file says, or the graph in its place, and so where chroma is. */
static const struct {
	const char *tag;  /* of y4m; NULL: a raw file */
	const char *format, *keys;
	enum reference_siting siting;
	const char *told;
} between[] = {
	{"420jpeg", "NV12", "", REFERENCE_CENTRE, "centre"},
	{"420", "I420", "", REFERENCE_CENTRE, "centre"},
	{"420mpeg2", "NV12", "", REFERENCE_LEFT, "left"},
	{"420paldv", "I420", "", REFERENCE_TOP_LEFT, "top left"},
	{"420paldv", "NV12", ", siting: centre", REFERENCE_CENTRE, "centre"},
	{"422", "YUYV", "", REFERENCE_LEFT, "left"},
	{"422", "UYVY", ", siting: centre", REFERENCE_CENTRE, "centre"},
	{NULL, "NV12", "", REFERENCE_LEFT, "left"},
	{NULL, "I420", ", siting: top_left", REFERENCE_TOP_LEFT, "top left"},
};
#define BETWEEN (int)(sizeof(between) / sizeof(between[0]))

/* One frame whose planes are Y, then Cb, then Cr; of NV12, raw, these two in
 * turn. */
static char *write_between(int i, const unsigned char *planes, size_t bytes)
{
	char *path = scratch_path("between");
	FILE *file = fopen(path, "wb");
	bool weave = !between[i].tag && !strcmp(between[i].format, "NV12");
	size_t at, quarter = PIXELS / 4;

	ck_assert_ptr_nonnull(file);
	if (between[i].tag)
		fprintf(file, "YUV4MPEG2 W%d H%d F60:1 C%s\nFRAME\n", WIDTH,
			HEIGHT, between[i].tag);
	for (at = 0; at < bytes; at++)
		fputc(!weave || at < PIXELS
			      ? planes[at]
			      : planes[PIXELS + (at - PIXELS) % 2 * quarter +
				       (at - PIXELS) / 2],
		      file);
	ck_assert_int_eq(fclose(file), 0);
	return path;
}

static void check_between(int i, const unsigned char *planes, bool is_420,
			  const uint32_t *pixel)
{
	const unsigned char *cb = planes + PIXELS;
	const unsigned char *cr = cb + (is_420 ? PIXELS / 4 : PIXELS / 2);
	int x, y;

	for (y = 0; y < HEIGHT; y++)
		for (x = 0; x < WIDTH; x++, pixel++) {
			int luma = planes[y * WIDTH + x];
			int u = reference_chroma_16(cb, 1, WIDTH / 2, WIDTH,
						    HEIGHT, is_420,
						    between[i].siting, x, y);
			int v = reference_chroma_16(cr, 1, WIDTH / 2, WIDTH,
						    HEIGHT, is_420,
						    between[i].siting, x, y);

			if (!reference_is_near_16(REFERENCE_BT601, false, luma,
						  u, v, *pixel) ||
			    reference_pixel_16(REFERENCE_BT601, false, luma, u,
					       v) != *pixel)
				ck_abort_msg("%s %s%s: %d,%d is %08x",
					     between[i].tag, between[i].format,
					     between[i].keys, x, y, *pixel);
		}
}

/* The same pixels, straight to the display and through a node that samples. */
START_TEST(bilinear_chroma)
{
	bool is_420 = strcmp(between[_i].format, "YUYV") != 0 &&
		      strcmp(between[_i].format, "UYVY") != 0;
	size_t i, bytes = is_420 ? PIXELS * 3 / 2 : PIXELS * 2;
	static unsigned char planes[PIXELS * 2];
	unsigned char *frames;
	char *yaml, *program, *path, *settings, *told;
	json_t *report;
	int through;

	for (i = 0; i < bytes; i++)
		planes[i] = sample(7, (uint64_t)_i, i);
	path = write_between(_i, planes, bytes);
	settings = text_of("file,path=%s", path);
	for (through = 0; through < 2; through++) {
		ck_assert(asprintf(&yaml,
				   "graph: between\nsize: %dx%d\nrate: 60\n"
				   "nodes:\n  clip: {type: source, format: %s, "
				   "size: %dx%d, policy: every, chroma: "
				   "bilinear%s}\n%s  out: {type: display}\n"
				   "links: [clip -> %sout]\n",
				   WIDTH, HEIGHT, between[_i].format, WIDTH,
				   HEIGHT, between[_i].keys,
				   through ? "  full: {type: fit}\n" : "",
				   through ? "full -> " : "") > 0);
		program = graphs_build("between", yaml, NULL, NULL);
		frames = play(program, settings, "free", "1", &report);
		check_between(_i, planes, is_420,
			      (const uint32_t *)(void *)frames);
		told = text_of(", bilinear chroma sited %s",
			       between[_i].told);
		ck_assert_ptr_nonnull(strstr(
			report_string(report, "sources.0.device"), told));
		free(told);
		json_decref(report);
		free(frames);
		free(program);
		free(yaml);
	}
	free(settings);
	free(path);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("files in, frames out");
	TCase *tests = tcase_create("player");

	tcase_set_timeout(tests, 300);
	tcase_add_test(tests, tick_n_shows_frame_n);
	tcase_add_test(tests, boxes_are_on_their_frame);
	tcase_add_test(tests, by_time);
	tcase_add_test(tests, two_files);
	tcase_add_test(tests, a_file_that_is_not_there);
	tcase_add_loop_test(tests, colors, 0, 4);
	tcase_add_loop_test(tests, bilinear_chroma, 0, BETWEEN);
	suite_add_tcase(suite, tests);
	return suite_run(suite);
}
