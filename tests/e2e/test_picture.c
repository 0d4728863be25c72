/*
 * tests/e2e/test_picture.c: what the demo programs draw, byte for byte.
 *
 * Each demo program is run twice at once with --clock free. Every frame of the
 * two recordings is equal, equals the independent reference outside the text
 * boxes, has the hash that --digest says, and the last one is the snapshot.
 * Recordings come through FIFOs: gigabytes, of which one frame is kept.
 */
#include <check.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xxhash.h>

#include "tests/lib/frames.h"
#include "tests/lib/process.h"
#include "tests/lib/report.h"
#include "tests/lib/scratch.h"
#include "tests/lib/suite.h"
#include "tests/reference/demo_picture.h"

static const struct demo {
	const char *name;
	int32_t width, height;
	uint32_t num, den;
	const char *ticks;
} demos[] = {
	{"demo", 1920, 1080, 60, 1, "120"},
	{"demo-480p", 640, 480, 60, 1, "600"},
	{"demo-2160p", 3840, 2160, 60, 1, "30"},
	{"demo-5994", 1920, 1080, 60000, 1001, "60"},
};

/* One recording program, its frames coming in. */
struct recording {
	struct process process;
	int fifo;
	char *fifo_path, *digest_path, *snapshot_path;
	unsigned char *frame;
};

static size_t frame_bytes(const struct demo *demo)
{
	return (size_t)demo->width * (size_t)demo->height * 4;
}

static char *named(const char *name, const char *end)
{
	char file[64];

	snprintf(file, sizeof(file), "%s.%s", name, end);
	return scratch_path(file);
}

static void record(struct recording *recording, const struct demo *demo,
		   const char *name)
{
	char *program = program_path(demo->name);

	recording->fifo = scratch_fifo(name, &recording->fifo_path);
	recording->digest_path = named(name, "digest");
	recording->snapshot_path = named(name, "png");
	recording->frame = malloc(frame_bytes(demo));
	ck_assert_ptr_nonnull(recording->frame);
	process_start(
		&recording->process, NULL,
		(const char *const[]){program, "--display", "headless",
				      "--clock", "free", "--ticks", demo->ticks,
				      "--record", recording->fifo_path,
				      "--digest", recording->digest_path,
				      "--snapshot", recording->snapshot_path,
				      "--report", "json", NULL});
	free(program);
}

static void finish(struct recording *recording)
{
	process_finish(&recording->process);
	close(recording->fifo);
	free(recording->fifo_path);
	free(recording->digest_path);
	free(recording->snapshot_path);
	free(recording->frame);
}

static void check_frame(const struct demo *demo, uint64_t n,
			const unsigned char *frame)
{
	static struct demo_picture picture;
	struct demo_difference d;

	demo_picture_set(&picture, demo->width, demo->height, n, demo->num,
			 demo->den);
	ck_assert_msg(demo_picture_equals(&picture, frame, &d),
		      "%s: tick %" PRIu64 ", x %d, y %d: expected %08x, got "
		      "%08x",
		      demo->name, n, d.x, d.y, d.expected, d.got);
}

static void check_digest(const struct recording *recording,
			 const uint64_t *hashes, uint64_t ticks)
{
	struct digest digest = digest_read(recording->digest_path);

	ck_assert_msg(digest.count == ticks,
		      "%s: %zu lines for %" PRIu64 " frames",
		      recording->digest_path, digest.count, ticks);
	for (uint64_t n = 0; n < ticks; n++) {
		ck_assert_uint_eq(digest.lines[n].tick, n);
		ck_assert_msg(digest.lines[n].hash == hashes[n],
			      "tick %" PRIu64 ": the digest says %016" PRIx64
			      ", XXH3 of the recorded frame is %016" PRIx64,
			      n, digest.lines[n].hash, hashes[n]);
	}
	digest_free(&digest);
}

static void check_snapshot(const struct recording *recording,
			   const struct demo *demo)
{
	uint32_t width, height;
	unsigned char *png =
		png_read(recording->snapshot_path, &width, &height);

	ck_assert_uint_eq(width, (uint32_t)demo->width);
	ck_assert_uint_eq(height, (uint32_t)demo->height);
	ck_assert_msg(!memcmp(png, recording->frame, frame_bytes(demo)),
		      "%s: the snapshot is not the last frame", demo->name);
	free(png);
}

static void check_end(struct recording *recording, const struct demo *demo)
{
	unsigned char extra;
	json_t *report;
	int64_t ticks = atoll(demo->ticks);

	ck_assert_msg(
		!frames_read(recording->fifo, &recording->process, &extra, 1),
		"%s: more than %s frames", demo->name, demo->ticks);
	process_expect(&recording->process, 0);
	report = report_parse(recording->process.out);
	report_check_sum(report);
	ck_assert_int_eq(report_int(report, "ticks"), ticks);
	ck_assert_int_eq(report_int(report, "presented"), ticks);
	ck_assert_str_eq(report_string(report, "graph"), demo->name);
	json_decref(report);
}

/* Names the first byte where two recordings of one command differ. */
static void check_same(const struct demo *demo, uint64_t n,
		       const unsigned char *a, const unsigned char *b)
{
	size_t at = 0;

	if (!memcmp(a, b, frame_bytes(demo)))
		return;
	while (a[at] == b[at])
		at++;
	ck_abort_msg("%s: two runs differ: tick %" PRIu64 ", x %zu, y %zu",
		     demo->name, n, at / 4 % (size_t)demo->width,
		     at / 4 / (size_t)demo->width);
}

START_TEST(recording_equals_reference)
{
	const struct demo *demo = &demos[_i];
	uint64_t ticks = strtoull(demo->ticks, NULL, 10);
	uint64_t *hashes = calloc(ticks, sizeof(*hashes));
	struct recording a, b;

	ck_assert_ptr_nonnull(hashes);
	record(&a, demo, "a.raw");
	record(&b, demo, "b.raw");
	for (uint64_t n = 0; n < ticks; n++) {
		ck_assert_msg(frames_read(a.fifo, &a.process, a.frame,
					  frame_bytes(demo)) &&
				      frames_read(b.fifo, &b.process, b.frame,
						  frame_bytes(demo)),
			      "%s: the recording ends before tick %" PRIu64,
			      demo->name, n);
		check_frame(demo, n, a.frame);
		check_same(demo, n, a.frame, b.frame);
		hashes[n] = XXH3_64bits(a.frame, frame_bytes(demo));
	}
	check_end(&a, demo);
	check_end(&b, demo);
	check_digest(&a, hashes, ticks);
	check_digest(&b, hashes, ticks);
	check_snapshot(&a, demo);
	finish(&a);
	finish(&b);
	free(hashes);
}
END_TEST

/* The reference itself, against values worked out by hand. */
START_TEST(reference_at_tick_0)
{
	static struct demo_picture p;

	demo_picture_set(&p, 1920, 1080, 0, 60, 1);
	/* hsv(0, 0.5, 0.8): 0.8, 0.4, 0.4 of 255. */
	ck_assert_uint_eq(demo_picture_pixel(&p, 1000, 100), 0xFFCC6666);
	/* Pure red, radius 40 around (960, 540), under the wave's columns. */
	ck_assert_uint_eq(demo_picture_pixel(&p, 961, 540), 0xFFFF0000);
	ck_assert_uint_eq(demo_picture_pixel(&p, 1001, 540), 0xFFCC6666);
	ck_assert_uint_eq(demo_picture_pixel(&p, 959, 500), 0xFFCC6666);
	ck_assert_uint_eq(demo_picture_pixel(&p, 959, 501), 0xFFFF0000);
	/* pulse 128: squares up to 29, under a border of 5. */
	ck_assert_uint_eq(demo_picture_pixel(&p, 5, 29), 0xFFFF8000);
	ck_assert_uint_eq(demo_picture_pixel(&p, 5, 30), 0xFFCC6666);
	ck_assert_uint_eq(demo_picture_pixel(&p, 1890, 1050), 0xFFFF8000);
	ck_assert_uint_eq(demo_picture_pixel(&p, 4, 29), 0xFF807F80);
	ck_assert_uint_eq(demo_picture_pixel(&p, 1915, 600), 0xFF807F80);
	/* sin(0) = 0: the wave starts in the middle, over the border. */
	ck_assert_uint_eq(demo_picture_pixel(&p, 0, 538), 0xFFFFFF00);
	ck_assert_uint_eq(demo_picture_pixel(&p, 0, 542), 0xFFFFFF00);
	ck_assert_uint_eq(demo_picture_pixel(&p, 0, 537), 0xFF807F80);
	ck_assert_uint_eq(demo_picture_pixel(&p, 1, 540), 0xFF807F80);
	/* sin(1.6) = 0.9996: x = 80 is 49 lower. */
	ck_assert_uint_eq(demo_picture_pixel(&p, 80, 589), 0xFFFFFF00);
	ck_assert_uint_eq(demo_picture_pixel(&p, 80, 586), 0xFFCC6666);
}
END_TEST

/* One second on: x 1360; y 840 of 1080; two seconds on: folded at the floor. */
START_TEST(reference_moves_the_ball)
{
	static struct demo_picture p;

	demo_picture_set(&p, 1920, 1080, 60, 60, 1);
	ck_assert_int_eq(p.ball_x16, 1360 * 16);
	ck_assert_int_eq(p.ball_y16, 840 * 16);
	demo_picture_set(&p, 1920, 1080, 120, 60, 1);
	ck_assert_int_eq(p.ball_x16, 1760 * 16);
	ck_assert_int_eq(p.ball_y16, (1040 - 100) * 16);
	demo_picture_set(&p, 1920, 1080, 60000, 60000, 1001);
	ck_assert_int_eq(p.ball_x16 % 16, (960 + 400 * 1001) * 16 % 16);
}
END_TEST

/* The comparison finds one wrong bit, and only outside the text boxes. */
START_TEST(comparison_finds_a_planted_bit)
{
	static const struct {
		int32_t x, y;
		bool found;
	} rows[] = {
		{639, 159, false}, {640, 159, true}, {639, 160, true},
		{0, 1015, true},   {0, 1016, false}, {640, 1079, true},
		{1919, 0, true},   {0, 0, false},
	};
	static struct demo_picture p;
	struct demo_difference d;
	size_t bytes = frame_bytes(&demos[0]), i;
	unsigned char *frame = malloc(bytes);

	ck_assert_ptr_nonnull(frame);
	demo_picture_set(&p, 1920, 1080, 7, 60, 1);
	demo_picture_draw(&p, frame);
	ck_assert(demo_picture_equals(&p, frame, &d));
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t at = ((size_t)rows[i].y * 1920 + (size_t)rows[i].x) * 4;

		frame[at + i % 4] ^= 1;
		ck_assert_msg(demo_picture_equals(&p, frame, &d) !=
				      rows[i].found,
			      "bit at %d, %d", rows[i].x, rows[i].y);
		if (rows[i].found) {
			ck_assert_int_eq(d.x, rows[i].x);
			ck_assert_int_eq(d.y, rows[i].y);
			ck_assert_uint_eq(d.expected ^ d.got,
					  1u << (8 * (i % 4)));
		}
		frame[at + i % 4] ^= 1;
	}
	free(frame);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("picture");
	TCase *reference = tcase_create("reference");
	TCase *demo = tcase_create("demo");

	tcase_set_timeout(reference, 120);
	tcase_add_test(reference, reference_at_tick_0);
	tcase_add_test(reference, reference_moves_the_ball);
	tcase_add_test(reference, comparison_finds_a_planted_bit);
	suite_add_tcase(s, reference);
	tcase_set_timeout(demo, 300);
	tcase_add_loop_test(demo, recording_equals_reference, 0,
			    sizeof(demos) / sizeof(demos[0]));
	suite_add_tcase(s, demo);
	return s;
}

int main(void)
{
	return suite_run(suite());
}
