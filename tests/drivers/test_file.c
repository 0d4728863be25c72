/*
 * tests/drivers/test_file.c: what the file source makes of files: every frame's
 * bytes against a conversion written here, in every format and at sizes that
 * are no multiple of anything, in order, again with loop, at its own rate; and
 * files that change or fail while they are read.
 *
 * pread() is this file's own: it does what the plan says at the n-th call.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/syscall.h>

#include "runtime/time/clock.h"
#include "tests/drivers/file_rig.h"
#include "tests/fakes/interpose.h"
#include "tests/runtime/run_suite.h"

#define WIDTH  17
#define HEIGHT 5
#define FRAMES 11 /* more than the source has room for */

static struct {
	atomic_int calls;
	int fail_at; /* this call fails, or finds nothing; 0: none */
	int error;   /* 0: the end of the file */
	int bytes;   /* take so many at once; 0: all */
	int gate;    /* that call waits for a byte here */
	int64_t slow_ns; /* each call takes as long */
} plan;

ssize_t pread64(int fd, void *to, size_t bytes, off64_t at);

INTERPOSER ssize_t pread(int fd, void *to, size_t bytes, off_t at)
{
	int call = atomic_fetch_add(&plan.calls, 1) + 1;
	char byte;

	if (plan.fail_at && call >= plan.fail_at) {
		if (plan.gate)
			return read(plan.gate, &byte, 1);
		errno = plan.error;
		return plan.error ? -1 : 0;
	}
	if (plan.slow_ns)
		clock_pause(plan.slow_ns);
	if (plan.bytes && bytes > (size_t)plan.bytes)
		bytes = (size_t)plan.bytes;
	return syscall(SYS_pread64, fd, to, bytes, at);
}

INTERPOSER ssize_t pread64(int fd, void *to, size_t bytes, off64_t at)
{
	return pread(fd, to, bytes, at);
}

/* ---- files of samples --------------------------------------------------------- */

/* Byte (x, y) of plane p of frame n: every one may be any. */
static unsigned char sample(uint64_t n, uint32_t p, uint32_t x, uint32_t y)
{
	uint64_t mixed = (((n * 7 + p) * 8191 + y) * 8191 + x + 1) *
			 0x9e3779b97f4a7c15u;

	return (unsigned char)(mixed >> 40);
}

static void put_plane(FILE *file, uint64_t n, uint32_t p, uint32_t bytes,
		      uint32_t rows)
{
	uint32_t x, y;

	for (y = 0; y < rows; y++)
		for (x = 0; x < bytes; x++)
			fputc(sample(n, p, x, y), file);
}

/* Bytes and rows of plane p of 4:2:0, 4:2:2, 4:4:4 or one plane alone. */
static uint32_t columns_of(const char *chroma, uint32_t p)
{
	return !p || !strncmp(chroma, "444", 3) ? WIDTH : (WIDTH + 1) / 2;
}

static uint32_t rows_of(const char *chroma, uint32_t p)
{
	return !p || strncmp(chroma, "420", 3) ? HEIGHT : (HEIGHT + 1) / 2;
}

/* lines: what follows FRAME, for each frame in turn. */
static void write_y4m(const char *name, const char *chroma, const char *more,
		      int frames, const char *const lines[2])
{
	FILE *file = fopen(rig_path(name), "wb");
	uint32_t p, planes = !strcmp(chroma, "mono") ? 1 : 3;
	int n;

	fprintf(file, "YUV4MPEG2 W%d H%d C%s%s\n", WIDTH, HEIGHT, chroma, more);
	for (n = 0; n < frames; n++) {
		fprintf(file, "FRAME%s\n", lines ? lines[n % 2] : "");
		for (p = 0; p < planes; p++)
			put_plane(file, (uint64_t)n, p, columns_of(chroma, p),
				  rows_of(chroma, p));
	}
	ck_assert_int_eq(fclose(file), 0);
}

/* Plane after plane, as the format has them. */
static void write_raw(const char *name, const char *format, int frames)
{
	enum graph_format row = graph_format_find(format);
	FILE *file = fopen(rig_path(name), "wb");
	uint32_t p;
	int n;

	for (n = 0; n < frames; n++)
		for (p = 0; p < graph_format_row(row)->planes; p++)
			put_plane(file, (uint64_t)n, p,
				  graph_plane_row_bytes(row, p, WIDTH),
				  graph_plane_rows(row, p, HEIGHT));
	ck_assert_int_eq(fclose(file), 0);
}

/* ---- what comes out ------------------------------------------------------------- */

/* Takes the next frame that is delivered; false: none comes any more, since the
 * source's thread has ended. */
static bool take(uint32_t *frame)
{
	bool over = false;

	while (!source_next(&rig_source, frame)) {
		if (over)
			return false;
		over = atomic_load(&rig_source.health.state) != SOURCE_RUNNING;
		clock_pause(NS_PER_MS);
	}
	return true;
}

static unsigned char byte_at(const struct picture *picture, uint32_t plane,
			     uint32_t x, uint32_t y)
{
	return ((unsigned char *)picture_row(picture, plane, y))[x];
}

/* What byte (x, y) of a plane should be, of frame n of that file. */
typedef unsigned char wanted_byte(uint64_t n, uint32_t p, uint32_t x,
				  uint32_t y);

static void check_picture(uint32_t frame, uint64_t n, wanted_byte *wanted)
{
	const struct picture *picture = &rig_source.frame[frame];
	enum graph_format format = rig_graph.format;
	uint32_t p, x, y;

	for (p = 0; p < graph_format_row(format)->planes; p++)
		for (y = 0; y < graph_plane_rows(format, p, HEIGHT); y++)
			for (x = 0; x < graph_plane_row_bytes(format, p, WIDTH);
			     x++)
				if (byte_at(picture, p, x, y) !=
				    wanted(n, p, x, y))
					ck_abort_msg("%s, frame %d, plane %u, "
						     "(%u, %u)",
						     graph_format_name(format),
						     (int)n, p, x, y);
}

/* All frames of the file, in order, `rounds` times, and no more. */
static void check_frames(wanted_byte *wanted, uint64_t frames, uint64_t rounds)
{
	uint64_t n;
	uint32_t frame;

	ck_assert_int_eq(file_source.start(&rig_source), 0);
	for (n = 0; n < frames * rounds; n++) {
		ck_assert_msg(take(&frame), "ended before frame %d", (int)n);
		ck_assert_uint_eq(rig_source.facts[frame].sequence, n);
		check_picture(frame, n % frames, wanted);
		source_return(&rig_source, frame);
	}
	if (rounds == 1)
		ck_assert(!take(&frame));
	file_source.stop(&rig_source);
	ck_assert_uint_eq(rig_source.health.lost, 0);
	file_source.close(&rig_source);
}

static void open_file(const char *name, const char *more, const char *format)
{
	int error = rig_open(name, more, format, WIDTH, HEIGHT);

	ck_assert_msg(!error, "%s: %s", format, rig_refusal);
}

/* ---- raw ---------------------------------------------------------------------------- */

START_TEST(raw_of_every_format)
{
	const char *format = graph_format_name((enum graph_format)_i);

	write_raw("a.raw", format, FRAMES);
	open_file("a.raw", "", format);
	check_frames(sample, FRAMES, 1);
	open_file("a.raw", ",loop", format);
	check_frames(sample, FRAMES, 3);
}
END_TEST

/* However few bytes the kernel gives at once. */
START_TEST(a_byte_at_a_time)
{
	write_raw("a.raw", "NV12", 2);
	plan.bytes = 1;
	open_file("a.raw", "", "NV12");
	check_frames(sample, 2, 1);
}
END_TEST

/* ---- y4m ---------------------------------------------------------------------------- */

static unsigned char woven(uint64_t n, uint32_t p, uint32_t x, uint32_t y)
{
	return p ? sample(n, 1 + x % 2, x / 2, y) : sample(n, 0, x, y);
}

/* The last pair of an odd width has its one Y twice. */
static unsigned char yuyv(uint64_t n, uint32_t p, uint32_t x, uint32_t y)
{
	uint32_t luma = x / 2 < WIDTH ? x / 2 : WIDTH - 1;

	(void)p;
	return x % 2 ? sample(n, x % 4 == 1 ? 1 : 2, x / 4, y)
		     : sample(n, 0, luma, y);
}

static unsigned char uyvy(uint64_t n, uint32_t p, uint32_t x, uint32_t y)
{
	return yuyv(n, p, x ^ 1, y);
}

static unsigned char grey(uint64_t n, uint32_t p, uint32_t x, uint32_t y)
{
	return p ? 128 : sample(n, 0, x, y);
}

/* Byte b of a pixel of the source's matrix: 0 is blue. */
static unsigned char color(uint64_t n, uint32_t x, uint32_t y, uint32_t b)
{
	uint32_t pixel = ycbcr_pixel(&rig_source.frame[0].ycbcr,
				     sample(n, 0, x, y), sample(n, 1, x, y),
				     sample(n, 2, x, y));

	return (unsigned char)(pixel >> 8 * b);
}

static unsigned char xrgb(uint64_t n, uint32_t p, uint32_t x, uint32_t y)
{
	(void)p;
	return color(n, x / 4, y, x % 4);
}

static unsigned char bgr(uint64_t n, uint32_t p, uint32_t x, uint32_t y)
{
	(void)p;
	return color(n, x / 3, y, 2 - x % 3);
}

static const struct {
	const char *chroma, *format;
	wanted_byte *wanted;
} y4m[] = {
	{"420jpeg", "NV12", woven},	 {"420jpeg", "I420", sample},
	{"420mpeg2", "NV12", woven},	 {"420mpeg2", "I420", sample},
	{"420paldv", "NV12", woven},	 {"420paldv", "I420", sample},
	{"420", "NV12", woven},		 {"420", "I420", sample},
	{"422", "YUYV", yuyv},		 {"422", "UYVY", uyvy},
	{"444", "XRGB8888", xrgb},	 {"444", "BGR888", bgr},
	{"mono", "GREY", sample},	 {"mono", "NV12", grey},
	{"mono", "I420", grey},
};

START_TEST(y4m_of_every_chroma)
{
	static const char *const same[2] = {" Ip", " Ip"};
	static const char *const other[2] = {"", " Ipp XTHIS IS=LONGER"};

	write_y4m("a.y4m", y4m[_i].chroma, "", FRAMES, NULL);
	open_file("a.y4m", "", y4m[_i].format);
	check_frames(y4m[_i].wanted, FRAMES, 1);
	write_y4m("a.y4m", y4m[_i].chroma, " Ip A1:1", FRAMES, same);
	open_file("a.y4m", ",loop", y4m[_i].format);
	check_frames(y4m[_i].wanted, FRAMES, 2);
	write_y4m("a.y4m", y4m[_i].chroma, " F25:1 XTRA", FRAMES, other);
	open_file("a.y4m", ",loop", y4m[_i].format);
	check_frames(y4m[_i].wanted, FRAMES, 3);
}
END_TEST

/* A header that does not say its chroma is of 4:2:0; its range is limited, if it
 * does not say full; what the graph says wins. */
START_TEST(y4m_range)
{
	static const struct {
		const char *more;
		enum color_range graph, wanted;
	} rows[] = {
		{"", COLOR_RANGE_AUTO, COLOR_LIMITED},
		{" XCOLORRANGE=LIMITED", COLOR_RANGE_AUTO, COLOR_LIMITED},
		{" XCOLORRANGE=FULL", COLOR_RANGE_AUTO, COLOR_FULL},
		{" XCOLORRANGE=FULL", COLOR_LIMITED, COLOR_LIMITED},
		{" XCOLORRANGE=LIMITED", COLOR_FULL, COLOR_FULL},
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		write_y4m("a.y4m", "420jpeg", rows[i].more, 1, NULL);
		rig_range = rows[i].graph;
		open_file("a.y4m", "", "NV12");
		ck_assert_int_eq(rig_source.frame[3].ycbcr.range,
				 rows[i].wanted);
		ck_assert_int_eq(rig_source.frame[3].ycbcr.encoding,
				 COLOR_BT601);
		file_source.close(&rig_source);
	}
}
END_TEST

/* ---- what the file says, and the rate --------------------------------------------- */

START_TEST(told_at_start)
{
	static const struct {
		const char *more, *settings, *told;
	} rows[] = {
		{" F30000:1001", "", "y4m 420, NV12 17x5, 29.97 Hz, 2 frames, "},
		{" F30000:1001", ",rate=10", "NV12 17x5, 10 Hz, 2 frames, "},
		{" F0:0", ",loop", "50 Hz"},
		{"", "", "50 Hz"},
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		write_y4m("a.y4m", "420", rows[i].more, 2, NULL);
		open_file("a.y4m", rows[i].settings, "NV12");
		ck_assert_msg(strstr(rig_source.text, rows[i].told), "%s",
			      rig_source.text);
		ck_assert_msg(strstr(rig_source.text, "/a.y4m"), "%s",
			      rig_source.text);
		file_source.close(&rig_source);
	}
}
END_TEST

/* Cut off, or still growing: its whole frames are played, and it is told. */
START_TEST(a_part_of_a_frame_at_the_end)
{
	static const char *const other[2] = {"", " Ip"};
	int i;

	for (i = 0; i < 2; i++) {
		write_y4m("a.y4m", "420", "", 4, i ? other : NULL);
		ck_assert_int_eq(truncate(rig_path("a.y4m"), 500), 0);
		open_file("a.y4m", "", "I420");
		ck_assert_msg(strstr(rig_source.text,
				     "3 frames and a part of one"),
			      "%s", rig_source.text);
		check_frames(sample, 3, 1);
	}
}
END_TEST

static void append(const char *name, const char *text)
{
	FILE *file = fopen(rig_path(name), "ab");

	fputs(text, file);
	ck_assert_int_eq(fclose(file), 0);
}

/* A clip is what the file was when it was opened. */
START_TEST(a_growing_file)
{
	write_raw("a.raw", "GREY", FRAMES);
	open_file("a.raw", "", "GREY");
	append("a.raw", "and more");
	check_frames(sample, FRAMES, 1);
}
END_TEST

START_TEST(a_removed_file)
{
	write_raw("a.raw", "GREY", FRAMES);
	open_file("a.raw", ",loop", "GREY");
	ck_assert_int_eq(unlink(rig_path("a.raw")), 0);
	check_frames(sample, FRAMES, 2);
}
END_TEST

/* ---- files that fail while they are read -------------------------------------------- */

static void check_lost(uint64_t frames, const char *reason)
{
	uint32_t frame;
	uint64_t n;

	ck_assert_int_eq(file_source.start(&rig_source), 0);
	for (n = 0; take(&frame); n++) {
		check_picture(frame, n, sample);
		source_return(&rig_source, frame);
	}
	ck_assert_uint_eq(n, frames);
	ck_assert_int_eq(atomic_load(&rig_source.health.state), SOURCE_LOST);
	ck_assert_str_eq(rig_source.health.reason[0].text, reason);
	file_source.stop(&rig_source);
	file_source.close(&rig_source);
}

START_TEST(a_file_that_shrinks)
{
	write_raw("a.raw", "GREY", FRAMES);
	open_file("a.raw", ",loop", "GREY");
	ck_assert_int_eq(truncate(rig_path("a.raw"), 9 * WIDTH * HEIGHT - 1), 0);
	check_lost(8, "the file became shorter");
}
END_TEST

START_TEST(a_frame_without_its_line)
{
	int fd;

	write_y4m("a.y4m", "mono", "", FRAMES, NULL);
	open_file("a.y4m", "", "GREY");
	fd = open(rig_path("a.y4m"), O_WRONLY);
	ck_assert_int_eq(pwrite(fd, "F", 1, 26 + 7 * (6 + WIDTH * HEIGHT) + 1),
			 1);
	close(fd);
	check_lost(7, "a frame's line is damaged");
}
END_TEST

/* At each call in turn: at the start refused, later lost, no frame is half. */
START_TEST(a_disk_that_fails)
{
	static const int errors[] = {EIO, ESTALE, 0};
	int error;

	write_raw("a.raw", "I420", FRAMES);
	for (plan.fail_at = 1;; plan.fail_at++) {
		atomic_store(&plan.calls, 0);
		plan.error = errors[_i];
		error = rig_open("a.raw", "", "I420", WIDTH, HEIGHT);
		if (!error)
			break;
		ck_assert_msg(strstr(rig_refusal, "/a.raw: ") &&
				      strstr(rig_refusal, ": copy it"),
			      "%s", rig_refusal);
	}
	ck_assert_int_eq(plan.fail_at, 5); /* a look, then three planes */
	for (; plan.fail_at <= 1 + 3 * FRAMES; plan.fail_at++) {
		if (!error)
			check_lost((uint64_t)(plan.fail_at - 2) / 3,
				   plan.error ? "it cannot be read"
					      : "the file became shorter");
		atomic_store(&plan.calls, 0);
		error = rig_open("a.raw", "", "I420", WIDTH, HEIGHT);
		ck_assert_int_eq(error, 0);
	}
	file_source.close(&rig_source);
}
END_TEST

/* A server that is gone: the end does not wait for it. */
START_TEST(a_read_that_never_returns)
{
	int gate[2];

	ck_assert_int_eq(pipe(gate), 0);
	write_raw("a.raw", "GREY", FRAMES);
	open_file("a.raw", "", "GREY");
	plan.gate = gate[0];
	plan.fail_at = atomic_load(&plan.calls) + 1;
	ck_assert_int_eq(file_source.start(&rig_source), 0);
	file_source.stop(&rig_source);
	file_source.close(&rig_source);
	/* what the thread uses is still there when it goes on */
	ck_assert_int_eq(write(gate[1], "x", 1), 1);
	clock_pause(50 * NS_PER_MS);
}
END_TEST

/* ---- the pace ------------------------------------------------------------------------ */

static void open_timed(const char *name, const char *more)
{
	char settings[640];

	snprintf(settings, sizeof(settings), "path=%s%s", rig_path(name), more);
	ck_assert_int_eq(rig_open_settings(settings, "GREY", WIDTH, HEIGHT,
					   true),
			 0);
}

static uint64_t reason_frames(const char *text)
{
	const struct source_health *health = &rig_source.health;
	uint32_t i, count = atomic_load(&health->reason_count);

	for (i = 0; i < count; i++)
		if (!strcmp(health->reason[i].text, text))
			return health->reason[i].frames;
	return 0;
}

/* Stamps are start + n / rate, whenever frames come. */
START_TEST(stamps_are_when_frames_were_due)
{
	const struct rate rate = {30000, 77};
	const struct source_facts *facts;
	int64_t first = 0;
	uint64_t taken = 0, number = 0;
	uint32_t frame;

	write_raw("a.raw", "GREY", 40);
	open_timed("a.raw", ",rate=30000/77");
	ck_assert_int_eq(file_source.start(&rig_source), 0);
	for (; take(&frame); taken++) {
		facts = &rig_source.facts[frame];
		ck_assert_uint_ge(facts->sequence, number);
		number = facts->sequence;
		if (!taken)
			first = facts->stamp_ns;
		ck_assert_int_eq(facts->stamp_ns - first,
				 rate_tick_ns(rate, number));
		ck_assert_int_le(facts->stamp_ns, clock_now_ns());
		check_picture(frame, number, sample);
		source_return(&rig_source, frame);
	}
	ck_assert_uint_eq(number, 39); /* the last one always comes */
	ck_assert_uint_eq(taken + rig_source.health.lost, 40);
	ck_assert_int_eq(atomic_load(&rig_source.health.state), SOURCE_ENDED);
	file_source.stop(&rig_source);
	file_source.close(&rig_source);
}
END_TEST

/* With nobody who takes frames, those without room are lost, all but the last. */
START_TEST(without_room_frames_are_lost)
{
	uint64_t taken = 0;
	uint32_t frame;

	write_raw("a.raw", "GREY", 40);
	open_timed("a.raw", ",rate=1000");
	ck_assert_int_eq(file_source.start(&rig_source), 0);
	while (atomic_load(&rig_source.health.delivered) +
		       atomic_load(&rig_source.health.lost) <
	       39)
		clock_pause(NS_PER_MS);
	ck_assert_uint_le(rig_source.health.delivered, rig_source.frame_count);
	for (; take(&frame); taken++) {
		check_picture(frame, rig_source.facts[frame].sequence, sample);
		source_return(&rig_source, frame);
	}
	ck_assert_uint_eq(taken + rig_source.health.lost, 40);
	ck_assert_int_eq(atomic_load(&rig_source.health.state), SOURCE_ENDED);
	file_source.stop(&rig_source);
	file_source.close(&rig_source);
}
END_TEST

/* Once all of its frames are with the ticks, that is the reason. */
START_TEST(without_room_for_ever)
{
	write_raw("a.raw", "GREY", 3);
	open_timed("a.raw", ",loop,rate=1000");
	ck_assert_int_eq(file_source.start(&rig_source), 0);
	while (!reason_frames("no free frame"))
		clock_pause(NS_PER_MS);
	ck_assert_uint_eq(rig_source.health.delivered, rig_source.frame_count);
	file_source.stop(&rig_source);
	file_source.close(&rig_source);
}
END_TEST

/* A disk that takes longer for a frame than the clip lasts: those between are lost,
 * the last one comes. */
START_TEST(a_slow_disk)
{
	uint64_t taken = 0, number = 0;
	uint32_t frame;

	write_raw("a.raw", "GREY", 40);
	open_timed("a.raw", ",rate=1000");
	plan.slow_ns = 60 * NS_PER_MS;
	ck_assert_int_eq(file_source.start(&rig_source), 0);
	for (; take(&frame); taken++) {
		number = rig_source.facts[frame].sequence;
		check_picture(frame, number, sample);
		source_return(&rig_source, frame);
	}
	ck_assert_uint_eq(number, 39);
	ck_assert_uint_eq(taken + rig_source.health.lost, 40);
	ck_assert_uint_lt(taken, 40);
	ck_assert_uint_eq(reason_frames("not read in time"),
			  rig_source.health.lost);
	file_source.stop(&rig_source);
	file_source.close(&rig_source);
}
END_TEST

/* Nothing is due when there is no time. */
START_TEST(without_time_there_are_no_stamps)
{
	uint32_t frame;

	write_raw("a.raw", "GREY", 3);
	open_file("a.raw", "", "GREY");
	ck_assert_int_eq(file_source.start(&rig_source), 0);
	while (take(&frame))
		ck_assert(rig_source.facts[frame].stamp_ns ==
			  SOURCE_STAMP_NONE);
	file_source.stop(&rig_source);
	file_source.close(&rig_source);
}
END_TEST

/* The first tick has a picture. */
START_TEST(the_first_frame_is_there_at_once)
{
	uint32_t frame;

	write_raw("a.raw", "GREY", 1);
	open_timed("a.raw", "");
	ck_assert(!source_next(&rig_source, &frame));
	ck_assert_int_eq(file_source.start(&rig_source), 0);
	ck_assert(source_next(&rig_source, &frame));
	check_picture(frame, 0, sample);
	file_source.stop(&rig_source);
	file_source.close(&rig_source);
}
END_TEST

/* Stopped in a wait, with no room, and before it was started. */
START_TEST(stopped_at_any_time)
{
	write_raw("a.raw", "GREY", FRAMES);
	open_timed("a.raw", ",rate=1/1000000");
	ck_assert_int_eq(file_source.start(&rig_source), 0);
	file_source.stop(&rig_source);
	file_source.close(&rig_source);
	open_file("a.raw", ",loop", "GREY");
	ck_assert_int_eq(file_source.start(&rig_source), 0);
	file_source.stop(&rig_source);
	file_source.close(&rig_source);
	open_file("a.raw", ",loop", "GREY");
	file_source.stop(&rig_source);
	file_source.close(&rig_source);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_checked_fixture(tests, rig_setup, rig_teardown);
	tcase_add_loop_test(tests, raw_of_every_format, 0, GRAPH_FORMAT_COUNT);
	tcase_add_test(tests, a_byte_at_a_time);
	tcase_add_loop_test(tests, y4m_of_every_chroma, 0,
			    sizeof(y4m) / sizeof(y4m[0]));
	tcase_add_test(tests, y4m_range);
	tcase_add_test(tests, told_at_start);
	tcase_add_test(tests, a_part_of_a_frame_at_the_end);
	tcase_add_test(tests, a_growing_file);
	tcase_add_test(tests, a_removed_file);
	tcase_add_test(tests, a_file_that_shrinks);
	tcase_add_test(tests, a_frame_without_its_line);
	tcase_add_loop_test(tests, a_disk_that_fails, 0, 3);
	tcase_add_test(tests, a_read_that_never_returns);
	tcase_add_test(tests, stamps_are_when_frames_were_due);
	tcase_add_test(tests, without_room_frames_are_lost);
	tcase_add_test(tests, without_room_for_ever);
	tcase_add_test(tests, a_slow_disk);
	tcase_add_test(tests, without_time_there_are_no_stamps);
	tcase_add_test(tests, the_first_frame_is_there_at_once);
	tcase_add_test(tests, stopped_at_any_time);
}

int main(void)
{
	return run_suite("the file source", add);
}
