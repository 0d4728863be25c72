/*
 * tests/drivers/test_record.c: what the recorder writes, byte for byte, and
 * what it says when the place it writes to is refused, full, slow or gone.
 */
#define _GNU_SOURCE
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "drivers/record/recorder.h"
#include "drivers/record/y4m.h"
#include "tests/drivers/frames_source.h"

#define FOLDER "/tmp/tickline-record-XXXXXX"

static char folder[] = FOLDER;
static char raw[64], y4m[64], digest[64], fifo[64];
static char message[512];
static struct recorder recorder;
static struct tap tap;

static void setup(void)
{
	memcpy(folder, FOLDER, sizeof(folder));
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(raw, sizeof(raw), "%s/a.raw", folder);
	snprintf(y4m, sizeof(y4m), "%s/a.Y4M", folder);
	snprintf(digest, sizeof(digest), "%s/a.txt", folder);
	snprintf(fifo, sizeof(fifo), "%s/fifo", folder);
	ck_assert_int_eq(mkfifo(fifo, 0600), 0);
	ck_assert_int_eq(tap_init(&tap, WIDTH, HEIGHT), 0);
}

static void teardown(void)
{
	tap_finish(&tap);
	unlink(raw);
	unlink(y4m);
	unlink(digest);
	unlink(fifo);
	ck_assert_int_eq(rmdir(folder), 0);
}

static void open_and_start(const char *record_path, const char *digest_path)
{
	ck_assert_msg(recorder_open(&recorder, &frames_graph, record_path,
				    digest_path, message,
				    sizeof(message)) == EXIT_STATUS_OK,
		      "%s", message);
	recorder_begin(&recorder);
	ck_assert_int_eq(recorder_start(&recorder, &tap), 0);
}

static void finish(void)
{
	tap_close(&tap);
	recorder_finish(&recorder);
}

static size_t read_file(const char *path, void *bytes, size_t room)
{
	FILE *file = fopen(path, "rb");
	size_t length;

	ck_assert_ptr_nonnull(file);
	length = fread(bytes, 1, room, file);
	fclose(file);
	return length;
}

static void check_frames(const unsigned char *bytes, uint64_t count)
{
	unsigned char frame[FRAME_BYTES];
	uint64_t tick;

	for (tick = 0; tick < count; tick++) {
		make_frame(frame, tick);
		ck_assert_mem_eq(frame, bytes + tick * FRAME_BYTES,
				 FRAME_BYTES);
	}
}

/* ---- what is written ---------------------------------------------------- */

START_TEST(raw_is_the_frames_and_nothing_else)
{
	static unsigned char bytes[101 * FRAME_BYTES];
	const struct recording *recording;

	open_and_start(raw, NULL);
	feed(&tap, 0, 100);
	finish();
	ck_assert_uint_eq(read_file(raw, bytes, sizeof(bytes)),
			  100 * FRAME_BYTES);
	check_frames(bytes, 100);
	recording = recorder_recording(&recorder);
	ck_assert_uint_eq(recording->written, 100);
	ck_assert_uint_eq(recording->lost, 0);
	ck_assert_str_eq(recording->error, "");
	ck_assert_str_eq(recording->format, "raw");
	ck_assert_ptr_null(recorder_digest(&recorder));
	ck_assert_int_eq(
		recorder_verdict(&recorder, true, message, sizeof(message)),
		EXIT_STATUS_OK);
	ck_assert_str_eq(message, "");
}
END_TEST

/* The hashes are what `xxhsum -H3` prints for the three frames. */
START_TEST(digest_is_tick_and_xxh3)
{
	char text[256] = "";

	open_and_start(NULL, digest);
	feed(&tap, 0, 2);
	feed(&tap, 2, 1);
	finish();
	read_file(digest, text, sizeof(text) - 1);
	ck_assert_str_eq(text, "0 d3eb29cf82639eda\n"
			       "1 bba7e049c359e6e3\n"
			       "2 c57a20888a7066f2\n");
	ck_assert_uint_eq(recorder_digest(&recorder)->written, 3);
}
END_TEST

START_TEST(both_outputs_get_every_frame)
{
	static unsigned char bytes[51 * FRAME_BYTES];
	char text[51 * 24] = "";

	open_and_start(raw, digest);
	feed(&tap, 0, 50);
	finish();
	ck_assert_uint_eq(read_file(raw, bytes, sizeof(bytes)),
			  50 * FRAME_BYTES);
	check_frames(bytes, 50);
	read_file(digest, text, sizeof(text) - 1);
	ck_assert_ptr_nonnull(strstr(text, "\n49 "));
	ck_assert_uint_eq(recorder_digest(&recorder)->written, 50);
}
END_TEST

START_TEST(y4m_is_header_then_planes)
{
	static const char header[] =
		"YUV4MPEG2 W16 H8 F60000:1001 Ip A1:1 C444 "
		"XCOLORRANGE=LIMITED\n";
	static unsigned char bytes[4096];
	unsigned char frame[FRAME_BYTES], planes[3 * PIXELS];
	size_t at = strlen(header), tick;

	open_and_start(y4m, NULL);
	feed(&tap, 0, 3);
	finish();
	ck_assert_str_eq(recorder_recording(&recorder)->format, "y4m");
	ck_assert_uint_eq(read_file(y4m, bytes, sizeof(bytes)),
			  at + 3 * (6 + 3 * PIXELS));
	ck_assert_mem_eq(bytes, header, at);
	for (tick = 0; tick < 3; tick++) {
		make_frame(frame, tick);
		y4m_planes(frame, PIXELS, planes);
		ck_assert_mem_eq(bytes + at, "FRAME\n", 6);
		ck_assert_mem_eq(bytes + at + 6, planes, sizeof(planes));
		at += 6 + sizeof(planes);
	}
}
END_TEST

/* BT.601 in double, from its Kr and Kb; every 5th value of each channel. */
START_TEST(y4m_is_within_half_a_step_of_bt601)
{
	const double kr = 0.299, kb = 0.114;
	int r, g, b;

	for (r = 0; r < 256; r += 5)
		for (g = 0; g < 256; g += 5)
			for (b = 0; b < 256; b += 5) {
				const unsigned char pixel[4] = {
					(unsigned char)b, (unsigned char)g,
					(unsigned char)r, 0xff};
				unsigned char out[3];
				double y =
					(kr * r + (1 - kr - kb) * g + kb * b) /
					255;
				double want[3] = {
					16 + 219 * y,
					128 + 224 * (b / 255.0 - y) /
							(2 * (1 - kb)),
					128 + 224 * (r / 255.0 - y) /
							(2 * (1 - kr))};
				int i;

				y4m_planes(pixel, 1, out);
				for (i = 0; i < 3; i++)
					ck_assert_msg(
						out[i] - want[i] < 0.51 &&
							want[i] - out[i] < 0.51,
						"%d %d %d: plane %d is %d, not "
						"%f",
						r, g, b, i, out[i], want[i]);
			}
}
END_TEST

static int clamp_byte(double value)
{
	return value < 0 ? 0 : value > 255 ? 255 : (int)(value + 0.5);
}

/* As ffmpeg and mpv show a stream that does not name its matrix. */
START_TEST(y4m_colours_come_back_in_a_player)
{
	for (int color = 0; color < 8; color++) {
		const unsigned char pixel[4] = {
			color & 1 ? 255 : 0, color & 2 ? 255 : 0,
			color & 4 ? 255 : 0, 0xff};
		unsigned char out[3];
		double y, cb, cr;
		int shown[3];

		y4m_planes(pixel, 1, out);
		y = 1.164383 * (out[0] - 16);
		cb = out[1] - 128;
		cr = out[2] - 128;
		shown[0] = clamp_byte(y + 2.017232 * cb);
		shown[1] = clamp_byte(y - 0.391762 * cb - 0.812968 * cr);
		shown[2] = clamp_byte(y + 1.596027 * cr);
		for (int i = 0; i < 3; i++)
			ck_assert_msg(abs(shown[i] - pixel[i]) <= 2,
				      "colour %d, channel %d: shown as %d",
				      color, i, shown[i]);
	}
}
END_TEST

START_TEST(y4m_greys_have_no_colour)
{
	int grey;

	for (grey = 0; grey < 256; grey++) {
		const unsigned char g = (unsigned char)grey;
		const unsigned char pixel[4] = {g, g, g, 0xff};
		unsigned char out[3];

		y4m_planes(pixel, 1, out);
		ck_assert_int_eq(out[1], 128);
		ck_assert_int_eq(out[2], 128);
		if (grey == 0)
			ck_assert_int_eq(out[0], 16);
		if (grey == 255)
			ck_assert_int_eq(out[0], 235);
	}
}
END_TEST

START_TEST(an_old_file_is_replaced)
{
	static unsigned char bytes[4 * FRAME_BYTES];
	FILE *file = fopen(raw, "wb");

	memset(bytes, 'x', sizeof(bytes));
	fwrite(bytes, 1, sizeof(bytes), file);
	fclose(file);
	open_and_start(raw, NULL);
	feed(&tap, 0, 1);
	finish();
	ck_assert_uint_eq(read_file(raw, bytes, sizeof(bytes)), FRAME_BYTES);
	check_frames(bytes, 1);
}
END_TEST

/* ---- refused ------------------------------------------------------------ */

/* clang-format off */
static const struct {
	const char *path;
	enum exit_status status;
	const char *named;
} refused[] = {
	{"/nonexistent/a.raw",	EXIT_STATUS_USAGE, "no such folder"},
	{"/tmp",		EXIT_STATUS_USAGE, "is a folder"},
	{"/tmp/",		EXIT_STATUS_USAGE, "is a folder"},
	{"/dev/null/a.raw",	EXIT_STATUS_USAGE, "part of the path is a file"},
	{"",			EXIT_STATUS_USAGE, "no such folder"},
};
/* clang-format on */

START_TEST(refusals)
{
	const char *path = refused[_i].path;

	ck_assert_int_eq(recorder_open(&recorder, &frames_graph, path, NULL,
				       message, sizeof(message)),
			 refused[_i].status);
	ck_assert_int_eq(strncmp(message, "--record ", 9), 0);
	ck_assert_ptr_nonnull(strstr(message, refused[_i].named));
	ck_assert_int_eq(recorder_open(&recorder, &frames_graph, NULL, path,
				       message, sizeof(message)),
			 refused[_i].status);
	ck_assert_int_eq(strncmp(message, "--digest ", 9), 0);
	ck_assert_ptr_nonnull(strstr(message, refused[_i].named));
}
END_TEST

static int open_files(void)
{
	int fd, count = 0;

	for (fd = 0; fd < 256; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

START_TEST(a_refused_digest_gives_the_record_back)
{
	int before = open_files();

	ck_assert_int_eq(recorder_open(&recorder, &frames_graph, y4m, "/tmp",
				       message, sizeof(message)),
			 EXIT_STATUS_USAGE);
	ck_assert_int_eq(open_files(), before);
}
END_TEST

/* What refuses comes after the outputs are open: they are as they were. */
START_TEST(a_refused_start_leaves_files_as_they_were)
{
	static unsigned char bytes[2 * FRAME_BYTES];
	FILE *file = fopen(y4m, "wb");

	fputs("of before", file);
	fclose(file);
	ck_assert_int_eq(recorder_open(&recorder, &frames_graph, y4m, digest,
				       message, sizeof(message)),
			 EXIT_STATUS_OK);
	recorder_finish(&recorder);
	ck_assert_uint_eq(read_file(y4m, bytes, sizeof(bytes)), 9);
	ck_assert_mem_eq(bytes, "of before", 9);
	ck_assert_int_eq(access(digest, F_OK), -1);
}
END_TEST

/* A run without frames is not the one before it. */
START_TEST(a_run_without_frames_leaves_empty_files)
{
	char byte;
	FILE *file = fopen(raw, "wb");

	fputs("of before", file);
	fclose(file);
	open_and_start(raw, digest);
	finish();
	ck_assert_uint_eq(read_file(raw, &byte, 1), 0);
	ck_assert_uint_eq(read_file(digest, &byte, 1), 0);
}
END_TEST

START_TEST(no_permission_has_its_status)
{
	if (geteuid() == 0)
		ck_assert_int_eq(seteuid(65534), 0);
	ck_assert_int_eq(recorder_open(&recorder, &frames_graph, "/usr/a.raw",
				       NULL, message, sizeof(message)),
			 EXIT_STATUS_NO_PERMISSION);
	if (getuid() == 0)
		ck_assert_int_eq(seteuid(0), 0);
	ck_assert_ptr_nonnull(strstr(message, "permission denied"));
}
END_TEST

/* ---- full, slow, gone --------------------------------------------------- */

/* Written frames are whole; the rest is counted; the digest goes on. */
START_TEST(a_file_size_limit_cuts_at_a_whole_frame)
{
	struct rlimit limit;
	rlim_t before;
	static unsigned char bytes[4 * FRAME_BYTES];
	struct recording recording;

	open_and_start(raw, digest);
	ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &limit), 0);
	before = limit.rlim_cur;
	limit.rlim_cur = 5 * FRAME_BYTES / 2;
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	feed(&tap, 0, 20);
	finish();
	limit.rlim_cur = before; /* Check writes its results to a file */
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	recording = *recorder_recording(&recorder);
	ck_assert_uint_eq(recording.written, 2);
	ck_assert_uint_eq(recording.lost, 18);
	ck_assert_str_eq(recording.error, "tick 2: File too large");
	ck_assert_uint_eq(read_file(raw, bytes, sizeof(bytes)),
			  2 * FRAME_BYTES);
	check_frames(bytes, 2);
	ck_assert_uint_eq(recorder_digest(&recorder)->written, 20);
	ck_assert_int_eq(
		recorder_verdict(&recorder, false, message, sizeof(message)),
		EXIT_STATUS_OK);
	ck_assert_ptr_nonnull(strstr(message, "18 frames lost, 2 written: "
					      "tick 2: File too large"));
	ck_assert_int_eq(
		recorder_verdict(&recorder, true, message, sizeof(message)),
		EXIT_STATUS_OS_LIMIT);
}
END_TEST

START_TEST(a_full_device_loses_all_and_says_why)
{
	open_and_start("/dev/full", NULL);
	feed(&tap, 5, 20);
	finish();
	ck_assert_uint_eq(recorder_recording(&recorder)->written, 0);
	ck_assert_uint_eq(recorder_recording(&recorder)->lost, 20);
	ck_assert_str_eq(recorder_recording(&recorder)->error,
			 "tick 5: No space left on device");
}
END_TEST

START_TEST(frames_that_never_came_are_lost_too)
{
	open_and_start(raw, digest);
	feed(&tap, 0, 3);
	finish();
	recorder_count_lost(&recorder, 0);
	ck_assert_str_eq(recorder_recording(&recorder)->error, "");
	recorder_count_lost(&recorder, 7);
	ck_assert_uint_eq(recorder_recording(&recorder)->lost, 7);
	ck_assert_uint_eq(recorder_digest(&recorder)->lost, 7);
	ck_assert_ptr_nonnull(
		strstr(recorder_recording(&recorder)->error, "too slow"));
}
END_TEST

static void *read_two_frames(void *arg)
{
	unsigned char bytes[2 * FRAME_BYTES];
	int fd = open(fifo, O_RDONLY);
	size_t length = 0;

	(void)arg;
	while (length < sizeof(bytes)) {
		ssize_t count =
			read(fd, bytes + length, sizeof(bytes) - length);

		if (count <= 0)
			break;
		length += (size_t)count;
	}
	close(fd);
	check_frames(bytes, length / FRAME_BYTES);
	return (void *)(length / FRAME_BYTES);
}

/* Also: opening waits for the reader, and no SIGPIPE ends the process. */
START_TEST(a_reader_that_leaves_costs_frames_only)
{
	pthread_t reader;
	void *taken;

	ck_assert_int_eq(pthread_create(&reader, NULL, read_two_frames, NULL),
			 0);
	open_and_start(fifo, NULL);
	feed(&tap, 0, 500); /* more than a pipe holds */
	pthread_join(reader, &taken);
	feed(&tap, 500, 100);
	finish();
	ck_assert_uint_eq((uintptr_t)taken, 2);
	ck_assert_uint_ge(recorder_recording(&recorder)->written, 2);
	ck_assert_uint_eq(recorder_recording(&recorder)->written +
				  recorder_recording(&recorder)->lost,
			  600);
	ck_assert_ptr_nonnull(
		strstr(recorder_recording(&recorder)->error, "Broken pipe"));
}
END_TEST

START_TEST(a_reader_that_stalls_is_given_up)
{
	int reader = open(fifo, O_RDONLY | O_NONBLOCK);

	open_and_start(fifo, NULL);
	recorder.output[0].stall_ms = 20;
	feed(&tap, 0, 1000);
	finish();
	ck_assert_uint_gt(recorder_recording(&recorder)->written, 0);
	ck_assert_uint_gt(recorder_recording(&recorder)->lost, 0);
	ck_assert_uint_eq(recorder_recording(&recorder)->written +
				  recorder_recording(&recorder)->lost,
			  1000);
	ck_assert_ptr_nonnull(strstr(recorder_recording(&recorder)->error,
				     "the reader takes nothing"));
	close(reader);
}
END_TEST

START_TEST(finish_accepts_zeroed_unstarted_and_finished)
{
	struct recorder zeroed = {.tap = NULL};

	recorder_finish(&zeroed);
	ck_assert_int_eq(recorder_open(&recorder, &frames_graph, raw, digest,
				       message, sizeof(message)),
			 EXIT_STATUS_OK);
	recorder_finish(&recorder);
	recorder_finish(&recorder);
	ck_assert_uint_eq(recorder_recording(&recorder)->written, 0);
	ck_assert_str_eq(recorder_recording(&recorder)->error, "");
}
END_TEST

#define COUNT(rows) ((int)(sizeof(rows) / sizeof((rows)[0])))

int main(void)
{
	Suite *suite = suite_create("record");
	TCase *tests = tcase_create("record");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, raw_is_the_frames_and_nothing_else);
	tcase_add_test(tests, digest_is_tick_and_xxh3);
	tcase_add_test(tests, both_outputs_get_every_frame);
	tcase_add_test(tests, y4m_is_header_then_planes);
	tcase_add_test(tests, y4m_colours_come_back_in_a_player);
	tcase_add_test(tests, y4m_is_within_half_a_step_of_bt601);
	tcase_add_test(tests, y4m_greys_have_no_colour);
	tcase_add_test(tests, an_old_file_is_replaced);
	tcase_add_loop_test(tests, refusals, 0, COUNT(refused));
	tcase_add_test(tests, a_refused_digest_gives_the_record_back);
	tcase_add_test(tests, a_refused_start_leaves_files_as_they_were);
	tcase_add_test(tests, a_run_without_frames_leaves_empty_files);
	tcase_add_test(tests, no_permission_has_its_status);
	tcase_add_test(tests, a_file_size_limit_cuts_at_a_whole_frame);
	tcase_add_test(tests, a_full_device_loses_all_and_says_why);
	tcase_add_test(tests, frames_that_never_came_are_lost_too);
	tcase_add_test(tests, a_reader_that_leaves_costs_frames_only);
	tcase_add_test(tests, a_reader_that_stalls_is_given_up);
	tcase_add_test(tests, finish_accepts_zeroed_unstarted_and_finished);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_set_fork_status(runner, CK_FORK);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}
