/*
 * tests/e2e/test_recording.c: --record and --digest as files, and what happens
 * when they break.
 *
 * A full disk, a file-size limit or a reader that goes away costs frames of
 * the recording, all counted, and never a tick. What was written is whole
 * frames. The y4m form is checked against the raw one, the digest against the
 * xxhsum program.
 */
#define _GNU_SOURCE
#include <check.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include "tests/lib/frames.h"
#include "tests/lib/graphs.h"
#include "tests/lib/process.h"
#include "tests/lib/report.h"
#include "tests/lib/scratch.h"
#include "tests/lib/suite.h"

#define WIDTH	    640 /* of demo-480p */
#define HEIGHT	    480
#define PIXELS	    (WIDTH * HEIGHT)
#define FRAME_BYTES (PIXELS * 4)
#define TICKS	    90

/* A run of TICKS ticks whose recording broke. */
struct broken_run {
	json_t *report;
	struct digest digest;
	int64_t written, lost;
};

/* Runs demo-480p with its recording at `path`; reads `frames` of it when it
 * is a FIFO, then closes that. */
static void run_to(struct broken_run *run, const char *path,
		   const struct process_setup *setup, int fifo, int frames)
{
	static unsigned char frame[FRAME_BYTES];
	char *program = program_path("demo-480p");
	char *digest = scratch_path("broken.digest");
	struct process process;

	process_start(&process, setup,
		      (const char *const[]){program, "--display", "headless",
					    "--ticks", "90", "--record", path,
					    "--digest", digest, "--report",
					    "json", NULL});
	while (frames--)
		ck_assert(frames_read(fifo, &process, frame, sizeof(frame)));
	if (fifo >= 0)
		close(fifo);
	process_expect(&process, 0);
	run->report = report_parse(process.out);
	run->digest = digest_read(digest);
	run->written = report_int(run->report, "recording.written");
	run->lost = report_int(run->report, "recording.lost");
	process_finish(&process);
	free(digest);
	free(program);
}

/* All ticks ran; each frame is written or lost; the digest lost none. */
static void check_broken(const struct broken_run *run)
{
	int64_t shown = report_int(run->report, "presented") +
			report_int(run->report, "late");

	report_check_sum(run->report);
	ck_assert_int_eq(report_int(run->report, "ticks"), TICKS);
	ck_assert_msg(run->written + run->lost == shown,
		      "recording: %" PRId64 " written + %" PRId64
		      " lost of %" PRId64 " frames",
		      run->written, run->lost, shown);
	ck_assert_int_gt(run->lost, 0);
	ck_assert_msg(strlen(report_string(run->report, "recording.error")) > 0,
		      "the report does not say why the recording broke");
	ck_assert_int_eq(report_int(run->report, "digest.written") +
				 report_int(run->report, "digest.lost"),
			 shown);
	ck_assert_int_eq((int64_t)run->digest.count,
			 report_int(run->report, "digest.written"));
	ck_assert_msg(run->digest.count > 1,
		      "the digest broke with the recording");
}

static void release(struct broken_run *run)
{
	json_decref(run->report);
	digest_free(&run->digest);
}

static void check_whole_frames(const char *path, int64_t written)
{
	struct stat st;

	ck_assert_msg(!stat(path, &st), "%s: %s", path, strerror(errno));
	ck_assert_msg(st.st_size == written * FRAME_BYTES,
		      "%s: %lld bytes for %" PRId64 " frames of %d", path,
		      (long long)st.st_size, written, FRAME_BYTES);
}

START_TEST(full_device)
{
	struct broken_run run;

	run_to(&run, "/dev/full", NULL, -1, 0);
	check_broken(&run);
	ck_assert_int_eq(run.written, 0);
	release(&run);
}
END_TEST

/* Ten and a half frames. The signal that comes with the limit is not masked
 * here: the program has to live with it. */
static bool limit_file_size(const void *unused)
{
	const struct rlimit limit = {FRAME_BYTES / 2 * 21,
				     FRAME_BYTES / 2 * 21};

	(void)unused;
	return !setrlimit(RLIMIT_FSIZE, &limit);
}

START_TEST(file_size_limit)
{
	const struct process_setup setup = {.before_exec = limit_file_size};
	char *path = scratch_path("limited.raw");
	struct broken_run run;

	run_to(&run, path, &setup, -1, 0);
	check_broken(&run);
	ck_assert_int_eq(run.written, 10);
	check_whole_frames(path, 10);
	release(&run);
	free(path);
}
END_TEST

START_TEST(full_disk)
{
	char *mount_point = scratch_path("disk");
	char *path = scratch_path("disk/full.raw");
	struct broken_run run;

	ck_assert(!mkdir(mount_point, 0700));
	if (mount("tickline-test", mount_point, "tmpfs", 0, "size=8m")) {
		suite_skip("full_disk", "mounting a small tmpfs needs root");
	} else {
		run_to(&run, path, NULL, -1, 0);
		check_whole_frames(path, run.written);
		ck_assert(!umount2(mount_point, MNT_DETACH));
		check_broken(&run);
		ck_assert_int_eq(run.written, 8 * 1048576 / FRAME_BYTES);
		release(&run);
	}
	free(path);
	free(mount_point);
}
END_TEST

START_TEST(reader_goes_away)
{
	char *path;
	int fifo = scratch_fifo("leaving.raw", &path);
	struct broken_run run;

	run_to(&run, path, NULL, fifo, 5);
	check_broken(&run);
	ck_assert_int_ge(run.written, 5);
	release(&run);
	free(path);
}
END_TEST

/* As fast as possible, a broken recording is a fault: it ends, it says so. */
START_TEST(full_device_is_a_fault_with_free_clock)
{
	char *program = program_path("demo-480p");
	struct process process;
	json_t *report;

	process_start(&process, NULL,
		      (const char *const[]){program, "--display", "headless",
					    "--clock", "free", "--ticks", "30",
					    "--record", "/dev/full", "--report",
					    "json", NULL});
	process_wait(&process, PROCESS_LIMIT_MS);
	ck_assert_msg(process.status > 0 && process.status < 128,
		      "a lossless rendering that lost frames: status %d",
		      process.status);
	ck_assert_msg(strstr(process.err, "/dev/full"),
		      "stderr does not name the recording: %s", process.err);
	report = report_parse(process.out);
	report_check_sum(report);
	ck_assert_int_gt(report_int(report, "recording.lost"), 0);
	json_decref(report);
	process_finish(&process);
	free(program);
}
END_TEST

/* Records `ticks` frames into a file; the caller frees both. */
static unsigned char *recorded(const char *name, const char *ticks,
			       const char *digest, size_t *bytes)
{
	char *program = program_path("demo-480p");
	char *path = scratch_path(name);
	unsigned char *data;
	struct process process;

	process_start(&process, NULL,
		      (const char *const[]){program, "--display", "headless",
					    "--clock", "free", "--ticks", ticks,
					    "--record", path, "--digest",
					    digest, NULL});
	process_expect(&process, 0);
	process_finish(&process);
	data = (unsigned char *)file_text(path, bytes);
	ck_assert_msg(data, "%s was not recorded", path);
	free(path);
	free(program);
	return data;
}

/* BT.601 in real numbers: the stream may be off by its rounding only. */
static void check_planes(const unsigned char *raw, const unsigned char *planes,
			 uint64_t n)
{
	for (size_t i = 0; i < PIXELS; i++) {
		double b = raw[4 * i], g = raw[4 * i + 1], r = raw[4 * i + 2];
		double luma = 0.299 * r + 0.587 * g + 0.114 * b;
		double y = 16 + 219 * luma / 255;
		double cb = 128 + 224 * (b - luma) / 1.772 / 255;
		double cr = 128 + 224 * (r - luma) / 1.402 / 255;

		if (fabs(planes[i] - y) > 0.51 ||
		    fabs(planes[PIXELS + i] - cb) > 0.51 ||
		    fabs(planes[2 * PIXELS + i] - cr) > 0.51)
			ck_abort_msg("y4m frame %" PRIu64
				     ", x %zu, y %zu: %d %d %d "
				     "for RGB %.0f %.0f %.0f",
				     n, i % WIDTH, i / WIDTH, planes[i],
				     planes[PIXELS + i], planes[2 * PIXELS + i],
				     r, g, b);
	}
}

START_TEST(y4m_is_the_raw_recording)
{
	const size_t bytes = 6 + 3 * (size_t)PIXELS;
	size_t raw_bytes, y4m_bytes, header;
	unsigned char *raw =
		recorded("frames.raw", "3", "/dev/null", &raw_bytes);
	unsigned char *y4m =
		recorded("frames.y4m", "3", "/dev/null", &y4m_bytes);
	const char *line = (const char *)y4m;

	ck_assert_uint_eq(raw_bytes, 3 * (size_t)FRAME_BYTES);
	header = strcspn(line, "\n") + 1;
	ck_assert_msg(!strncmp(line, "YUV4MPEG2 ", 10), "%.*s", (int)header,
		      line);
	for (const char *const *word =
		     (const char *const[]){" W640", " H480", " F60:1", " C444",
					   NULL};
	     *word; word++)
		ck_assert_msg(memmem(line, header, *word, strlen(*word)),
			      "no \"%s\" in the y4m header: %.*s", *word,
			      (int)header, line);
	ck_assert_uint_eq(y4m_bytes, header + 3 * bytes);
	for (uint64_t n = 0; n < 3; n++) {
		const unsigned char *frame = y4m + header + n * bytes;

		ck_assert_msg(!memcmp(frame, "FRAME\n", 6),
			      "y4m frame %" PRIu64 " has no FRAME line", n);
		check_planes(raw + n * FRAME_BYTES, frame + 6, n);
	}
	free(raw);
	free(y4m);
}
END_TEST

/* What the xxhsum program says of one frame: the low half of XXH128, which for
 * more than 240 bytes is XXH3. Version 0.8.0 has no -H3. */
static uint64_t xxhsum(const unsigned char *frame)
{
	char *path = scratch_path("frame.raw");
	FILE *file = fopen(path, "wb");
	struct process process;
	uint64_t hash = 0;

	ck_assert_ptr_nonnull(file);
	ck_assert_uint_eq(fwrite(frame, 1, FRAME_BYTES, file), FRAME_BYTES);
	ck_assert(!fclose(file));
	process_start(&process, NULL,
		      (const char *const[]){"xxhsum", "-H2", path, NULL});
	process_expect(&process, 0);
	ck_assert_msg(sscanf(process.out, "%*16[0-9a-f]%16" SCNx64, &hash) == 1,
		      "xxhsum -H2 said: %s", process.out);
	process_finish(&process);
	free(path);
	return hash;
}

START_TEST(digest_is_what_xxhsum_says)
{
	char *path = scratch_path("frames.digest");
	size_t bytes;
	unsigned char *raw = recorded("frames.raw", "4", path, &bytes);
	struct digest digest = digest_read(path);

	ck_assert_uint_eq(bytes, 4 * (size_t)FRAME_BYTES);
	ck_assert_uint_eq(digest.count, 4);
	for (size_t n = 0; n < 4; n++)
		ck_assert_uint_eq(digest.lines[n].hash,
				  xxhsum(raw + n * FRAME_BYTES));
	ck_assert_uint_ne(digest.lines[0].hash, digest.lines[1].hash);
	digest_free(&digest);
	free(raw);
	free(path);
}
END_TEST

static const char pair_yaml[] =
	"graph: pair\n"
	"size: 64x48\n"
	"format: XRGB8888\n"
	"rate: 60\n"
	"nodes:\n"
	"  ball: {type: ball}\n"
	"  over: {type: markers}\n"
	"  left: {type: display}\n"
	"  right: {type: display}\n"
	"links:\n"
	"  - ball -> left\n"
	"  - ball -> over -> right\n";

/* Two sinks into two kinds of files at once, a third's last frame, each as it
 * would be alone; the report tells each of its sink, and at the top the main
 * one's. */
START_TEST(sinks_are_recorded_at_once)
{
	char *program = graphs_build("pair", pair_yaml, NULL, NULL);
	char *left = scratch_path("left.raw"), *right = scratch_path("right.raw");
	char *lines = scratch_path("right.txt"), *png = scratch_path("right.png");
	char to[4][512];
	uint32_t width, height;
	unsigned char *frames[2], *picture;
	struct process process;
	struct digest digest;
	size_t bytes[2];
	json_t *report;

	snprintf(to[0], sizeof(to[0]), "left:%s", left);
	snprintf(to[1], sizeof(to[1]), "right:%s", right);
	snprintf(to[2], sizeof(to[2]), "right:%s", lines);
	snprintf(to[3], sizeof(to[3]), "right:%s", png);
	graphs_start(&process, NULL, program,
		     GRAPHS_OPTIONS("--clock", "free", "--ticks", "50",
				    "--record", to[0], "--record", to[1],
				    "--digest", to[2], "--snapshot", to[3],
				    "--report", "json"));
	process_expect(&process, 0);
	report = report_parse(process.out);
	frames[0] = (unsigned char *)file_text(left, &bytes[0]);
	frames[1] = (unsigned char *)file_text(right, &bytes[1]);
	ck_assert_uint_eq(bytes[0], 50 * 64 * 48 * 4);
	ck_assert_uint_eq(bytes[1], bytes[0]);
	ck_assert_int_ne(memcmp(frames[0], frames[1], bytes[0]), 0);
	digest = digest_read(lines);
	ck_assert_uint_eq(digest.count, 50);
	for (size_t i = 0; i < 50; i++)
		ck_assert_uint_eq(XXH3_64bits(frames[1] + i * 64 * 48 * 4,
					      64 * 48 * 4),
				  digest.lines[i].hash);
	picture = png_read(png, &width, &height);
	ck_assert_mem_eq(picture, frames[1] + 49 * 64 * 48 * 4, 64 * 48 * 4);
	ck_assert_int_eq(report_int(report, "recording.written"), 50);
	ck_assert_str_eq(report_string(report, "recording.path"), left);
	ck_assert_str_eq(report_string(report, "sinks.0.recording.path"), left);
	ck_assert_str_eq(report_string(report, "sinks.1.recording.path"),
			 right);
	ck_assert_int_eq(report_int(report, "sinks.1.digest.written"), 50);
	ck_assert_str_eq(report_string(report, "sinks.1.snapshot"), png);
	ck_assert(json_is_null(report_value(report, "snapshot")));
	ck_assert(json_is_null(report_value(report, "sinks.0.digest")));
	json_decref(report);
	digest_free(&digest);
	free(frames[0]);
	free(frames[1]);
	free(picture);
	free(left);
	free(right);
	free(lines);
	free(png);
	free(program);
	process_finish(&process);
}
END_TEST

/* One sink's picture that cannot be put in place is told, whatever becomes of
 * the next one's. */
START_TEST(a_lost_snapshot_is_told_beside_a_good_one)
{
	char *program = graphs_build("pair", pair_yaml, NULL, NULL);
	char *folder = scratch_path("gone"), *right = scratch_path("right.png");
	char left[512], to[2][600];
	struct process process;

	ck_assert_int_eq(mkdir(folder, 0700), 0);
	snprintf(left, sizeof(left), "%s/left.png", folder);
	snprintf(to[0], sizeof(to[0]), "left:%s", left);
	snprintf(to[1], sizeof(to[1]), "right:%s", right);
	graphs_start(&process, NULL, program,
		     GRAPHS_OPTIONS("--snapshot", to[0], "--snapshot", to[1]));
	ck_assert_int_ne(process_thread(&process, "tick"), 0);
	ck_assert_int_eq(rmdir(folder), 0);
	process_signal(&process, SIGTERM);
	process_expect(&process, 71);
	ck_assert_ptr_nonnull(strstr(process.err, left));
	ck_assert_int_eq(access(right, R_OK), 0);
	process_finish(&process);
	free(folder);
	free(right);
	free(program);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("recording");
	TCase *broken = tcase_create("broken"), *form = tcase_create("form");

	tcase_set_timeout(broken, 120);
	tcase_add_test(broken, full_device);
	tcase_add_test(broken, file_size_limit);
	tcase_add_test(broken, full_disk);
	tcase_add_test(broken, reader_goes_away);
	tcase_add_test(broken, full_device_is_a_fault_with_free_clock);
	suite_add_tcase(s, broken);
	tcase_set_timeout(form, 120);
	tcase_add_test(form, y4m_is_the_raw_recording);
	tcase_add_test(form, digest_is_what_xxhsum_says);
	tcase_add_test(form, sinks_are_recorded_at_once);
	tcase_add_test(form, a_lost_snapshot_is_told_beside_a_good_one);
	suite_add_tcase(s, form);
	return s;
}

int main(void)
{
	return suite_run(suite());
}
