/*
 * tests/drivers/test_record_faults.c: write() fails in every way, at every
 * call: whatever happens, the file holds whole frames from the first on, as
 * many as are counted as written, and every frame is counted once.
 *
 * write() is this file's own: it does what the plan says at the n-th call on
 * the output and passes everything else on.
 */
#define _GNU_SOURCE
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "drivers/record/output.h"
#include "drivers/record/y4m.h"
#include "tests/drivers/frames_source.h"

#define FRAMES 6

static struct {
	int fd;
	int call, at, last; /* calls at..last are changed: */
	size_t bytes;	    /* take so many of what is offered, */
	int error;	    /* and fail with this, if not 0, ... */
	int error_at;	    /* ... from this call on */
} plan = {.fd = -1};

ssize_t write(int fd, const void *data, size_t bytes)
{
	if (fd == plan.fd && fd >= 0) {
		plan.call++;
		if (plan.call >= plan.at && plan.call <= plan.last) {
			if (plan.error && plan.call >= plan.error_at) {
				errno = plan.error;
				return -1;
			}
			if (plan.bytes < bytes)
				bytes = plan.bytes;
		}
	}
	return syscall(SYS_write, fd, data, bytes);
}

static char path[] = "/tmp/tickline-faults-XXXXXX";
static struct output output;
static unsigned char bytes[FRAMES * FRAME_BYTES + 4096];

static void setup(void)
{
	close(mkstemp(path));
	memset(&plan, 0, sizeof(plan));
	plan.fd = -1;
}

static void teardown(void)
{
	unlink(path);
}

static void open_output(enum output_format format)
{
	char message[512];

	ck_assert_msg(output_open(&output, path, format, &frames_graph, message,
				  sizeof(message)) == 0,
		      "%s", message);
	output_begin(&output);
	plan.fd = output.fd;
}

static void write_frames(void)
{
	unsigned char frame[FRAME_BYTES];
	uint64_t tick;

	for (tick = 0; tick < FRAMES; tick++) {
		make_frame(frame, tick);
		output_frame(&output, tick, frame);
	}
	output_close(&output);
	plan.fd = -1;
}

static size_t read_back(void)
{
	FILE *file = fopen(path, "rb");
	size_t length = fread(bytes, 1, sizeof(bytes), file);

	fclose(file);
	return length;
}

/* raw: the first `written` frames and not one byte more. */
static void check_raw(void)
{
	unsigned char frame[FRAME_BYTES];
	uint64_t tick, written = output.recording.written;

	ck_assert_uint_eq(written + output.recording.lost, FRAMES);
	ck_assert_uint_eq(read_back(), written * FRAME_BYTES);
	for (tick = 0; tick < written; tick++) {
		make_frame(frame, tick);
		ck_assert_mem_eq(frame, bytes + tick * FRAME_BYTES,
				 FRAME_BYTES);
	}
}

static const int fatal[] = {EIO, ENOSPC, EDQUOT, EFBIG, EPIPE, EBADF, EINVAL};

#define FATAL_COUNT ((int)(sizeof(fatal) / sizeof(fatal[0])))

START_TEST(an_error_at_every_call)
{
	int at = _i / FATAL_COUNT + 1, error = fatal[_i % FATAL_COUNT];

	plan.at = plan.last = at;
	plan.error = error;
	open_output(OUTPUT_RAW);
	write_frames();
	check_raw();
	ck_assert_uint_eq(output.recording.written, (uint64_t)at - 1);
	ck_assert_ptr_nonnull(strstr(output.recording.error, strerror(error)));
}
END_TEST

/* A short write, then the error: the half frame is cut off again. */
START_TEST(half_a_frame_then_an_error)
{
	plan.at = _i + 1;
	plan.last = 1000;
	plan.bytes = FRAME_BYTES / 2;
	plan.error = ENOSPC;
	plan.error_at = _i + 2;
	open_output(OUTPUT_RAW);
	write_frames();
	check_raw();
	ck_assert_uint_eq(output.recording.written, (uint64_t)_i);
}
END_TEST

START_TEST(short_writes_lose_nothing)
{
	static const size_t sizes[] = {1, 3, 7, 100, FRAME_BYTES - 1};

	plan.at = 1;
	plan.last = 1000000;
	plan.bytes = sizes[_i];
	open_output(OUTPUT_RAW);
	write_frames();
	ck_assert_uint_eq(output.recording.written, FRAMES);
	check_raw();
}
END_TEST

START_TEST(interruptions_lose_nothing)
{
	static const int passing[] = {EINTR, EAGAIN};

	plan.at = 2;
	plan.last = 40;
	plan.error = passing[_i];
	open_output(OUTPUT_RAW);
	write_frames();
	ck_assert_uint_eq(output.recording.written, FRAMES);
	check_raw();
}
END_TEST

START_TEST(nothing_taken_is_an_error_not_a_loop)
{
	plan.at = 3;
	plan.last = 1000000;
	plan.bytes = 0;
	open_output(OUTPUT_RAW);
	write_frames();
	ck_assert_uint_eq(output.recording.written, 2);
	check_raw();
}
END_TEST

/* y4m and digest are cut at a whole frame or line too. */
START_TEST(other_formats_are_cut_whole)
{
	char header[128];
	size_t base = y4m_header(&frames_graph, header, sizeof(header));
	size_t i, lines = 0, length;

	open_output(_i ? OUTPUT_DIGEST : OUTPUT_Y4M);
	plan.call = 0;
	plan.at = 4;
	plan.last = 1000;
	plan.error = ENOSPC;
	write_frames();
	ck_assert_uint_eq(output.recording.written, 3);
	ck_assert_uint_eq(output.recording.lost, FRAMES - 3);
	length = read_back();
	if (!_i) {
		ck_assert_uint_eq(length, base + 3 * (6 + 3 * PIXELS));
		return;
	}
	for (i = 0; i < length; i++)
		lines += bytes[i] == '\n';
	ck_assert_uint_eq(lines, 3);
	ck_assert_int_eq(bytes[length - 1], '\n');
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("record_faults");
	TCase *tests = tcase_create("record_faults");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_loop_test(tests, an_error_at_every_call, 0,
			    FRAMES * FATAL_COUNT);
	tcase_add_loop_test(tests, half_a_frame_then_an_error, 0, FRAMES);
	tcase_add_loop_test(tests, short_writes_lose_nothing, 0, 5);
	tcase_add_loop_test(tests, interruptions_lose_nothing, 0, 2);
	tcase_add_test(tests, nothing_taken_is_an_error_not_a_loop);
	tcase_add_loop_test(tests, other_formats_are_cut_whole, 0, 2);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_set_fork_status(runner, CK_FORK);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}
