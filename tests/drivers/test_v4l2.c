/*
 * tests/drivers/test_v4l2.c: the V4L2 driver against a camera in simulated time
 * (tests/fakes/v4l2.h): what it asks and in which order, what it believes, how a
 * loss ends. Turns of the capture thread are called here, one by one.
 */
#include "drivers/source/v4l2/capture.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "drivers/source/sources.h"
#include "runtime/app/source_events.h"
#include "runtime/base/seal.h"
#include "runtime/cycle/intake.h"
#include "tests/fakes/v4l2.h"
#include "tests/runtime/run_suite.h"

#define WIDTH  64
#define HEIGHT 48
#define FOURCC(text) v4l2_fourcc((text)[0], (text)[1], (text)[2], (text)[3])

static struct graph_source graph;
static struct source source;
static char refusal[512];
static bool pinned;

static void setup(void)
{
	fake_v4l2_reset();
	graph = (struct graph_source){.name = "camera",
				      .format = GRAPH_FORMAT_XRGB8888,
				      .width = WIDTH,
				      .height = HEIGHT};
	refusal[0] = '\0';
	pinned = false;
}

static int open_source(struct source *to, const char *settings)
{
	const struct source_config config = {
		.graph = &graph,
		.rate_num = 50,
		.rate_den = 1,
		.settings = settings,
		.pinned = pinned,
		.refusal = refusal,
		.refusal_bytes = sizeof(refusal),
	};

	*to = (struct source){.ops = &v4l2_source, .graph = &graph};
	return v4l2_source.open(to, &config);
}

static void opened(const char *settings)
{
	int error = open_source(&source, settings);

	ck_assert_msg(!error, "%d: %s", error, refusal);
}

static struct v4l2_capture *capture(void)
{
	return source.state;
}

static void closed(void)
{
	v4l2_source.close(&source);
	ck_assert(fake_v4l2_is_clean());
}

/* Refused with that status, one line that has both words, nothing left. */
static void refused(const char *settings, int error, const char *a,
		    const char *b)
{
	ck_assert_int_eq(open_source(&source, settings), error);
	ck_assert_msg(strstr(refusal, a) && strstr(refusal, b), "%s", refusal);
	ck_assert_ptr_null(strchr(refusal, '\n'));
	ck_assert(fake_v4l2_is_clean());
}

/* So many turns; as the tick thread would, all that is delivered is taken and
 * given back. The sequence of the last one. */
static uint64_t frames;
static uint32_t last_frame;
static uint64_t turns(uint32_t count)
{
	uint32_t frame;

	while (count--) {
		seal_is_on = true; /* alloc_trap.c: nothing is allocated */
		v4l2_capture_turn(capture());
		seal_is_on = false;
		while (source_next(&source, &frame)) {
			frames++;
			last_frame = frame;
			source_return(&source, frame);
		}
	}
	return frames ? source.facts[last_frame].sequence : 0;
}

/* Turns until a frame has come, at most so many. */
static bool comes_back(uint32_t most)
{
	uint64_t before = frames;

	while (most-- && frames == before)
		turns(1);
	return frames > before;
}

/* Of the source, and of frames, for that reason. */
static const struct source_reason *reason(const char *text)
{
	static const struct source_reason none;
	uint32_t i;

	for (i = 0; i < atomic_load(&source.health.reason_count); i++)
		if (!strcmp(source.health.reason[i].text, text))
			return &source.health.reason[i];
	return &none;
}

static uint64_t losses(const char *text)
{
	return atomic_load(&reason(text)->losses);
}

static uint64_t lost_frames(const char *text)
{
	return atomic_load(&reason(text)->frames);
}

static enum source_state state(void)
{
	return (enum source_state)atomic_load(&source.health.state);
}

static uint64_t lost(void)
{
	return atomic_load(&source.health.lost);
}

/* ---- a good camera ------------------------------------------------------------- */

START_TEST(frames_come_where_the_ticks_read_them)
{
	opened(NULL);
	ck_assert_int_eq(capture()->way, V4L2_WAY_FILLED);
	ck_assert_ptr_nonnull(strstr(source.text, "Cam (usb-1), XR24 64x48, "
						  "50 Hz, filled by the "
						  "device"));
	turns(3);
	ck_assert_uint_eq(frames, 2); /* the first turn starts it */
	ck_assert_uint_eq(source.facts[last_frame].sequence, 1);
	ck_assert_int_eq(source.facts[last_frame].stamp_ns,
			 fake_v4l2.now_ns);
	ck_assert_uint_eq(source.frame[last_frame].plane[0][0], 1);
	ck_assert_uint_eq(
		source.frame[last_frame].plane[0][WIDTH * HEIGHT * 4 - 1], 1);
	closed();
}
END_TEST

/* From FACTS: what is set comes before buffers, buffers before the stream; each
 * value is read back; the end in reverse. */
START_TEST(calls_in_their_order)
{
	opened(NULL);
	turns(3);
	closed();
	ck_assert_str_eq(fake_v4l2.trace,
			 " QUERYCAP ENUM_FMT S_FMT S_PARM REQBUFS QBUF "
			 "STREAMON DQBUF STREAMOFF G_INPUT QBUF STREAMON DQBUF "
			 "QBUF DQBUF STREAMOFF REQBUFS");
	ck_assert_uint_eq(fake_v4l2.opens, 1);
}
END_TEST

START_TEST(the_other_api)
{
	fake_v4l2.multi = true;
	opened(NULL);
	ck_assert_int_eq(capture()->way, V4L2_WAY_FILLED);
	turns(3);
	ck_assert_uint_eq(frames, 2);
	closed();
	fake_v4l2.no_userptr = true;
	opened(NULL);
	ck_assert_int_eq(capture()->way, V4L2_WAY_COPIED);
	turns(3);
	ck_assert_uint_eq(frames, 4);
	ck_assert_uint_eq(source.frame[last_frame].plane[0][0], 1);
	closed();
}
END_TEST

START_TEST(a_device_that_fills_no_foreign_memory_is_copied_from)
{
	fake_v4l2.no_userptr = true;
	opened(NULL);
	ck_assert_int_eq(capture()->way, V4L2_WAY_COPIED);
	ck_assert_ptr_nonnull(
		strstr(source.text, "copied (our memory: Invalid argument; "
				    "read in place: Invalid argument)"));
	turns(6);
	ck_assert_uint_eq(frames, 5);
	ck_assert_uint_eq(source.frame[last_frame].plane[0][0], 4);
	ck_assert_uint_eq(
		source.frame[last_frame].plane[0][WIDTH * HEIGHT * 4 - 1], 4);
	closed();
}
END_TEST

static void fills_no_foreign_memory(struct v4l2_buffer *buffer)
{
	fake_v4l2.no_fill = buffer->memory == V4L2_MEMORY_USERPTR;
}

/* It takes the memory and says that frames come: one real frame tells. */
START_TEST(a_device_that_only_says_so_is_copied_from)
{
	fake_v4l2.no_fill = true;
	fake_v4l2.bend_filled = fills_no_foreign_memory;
	opened(NULL);
	ck_assert_int_eq(capture()->way, V4L2_WAY_COPIED);
	closed();
}
END_TEST

/* ---- read where the device fills it --------------------------------------------- */

/* A device of the three ways. */
static void camera_of_way(enum v4l2_way way)
{
	fake_v4l2.no_userptr = way != V4L2_WAY_FILLED;
	fake_v4l2.no_read = way != V4L2_WAY_READ;
}

START_TEST(frames_are_read_where_the_device_has_them)
{
	camera_of_way(V4L2_WAY_READ);
	opened(NULL);
	ck_assert_int_eq(capture()->way, V4L2_WAY_READ);
	ck_assert_ptr_nonnull(strstr(source.text,
				     "read in the device's memory "
				     "(our memory: Invalid argument)"));
	ck_assert_uint_eq(source.frame_count, V4L2_BUFFERS_MAX);
	ck_assert_int_eq(fake_v4l2.lent, V4L2_BUFFERS_MAX);
	turns(30);
	ck_assert_uint_eq(frames, 29);
	ck_assert_ptr_eq(source.frame[last_frame].plane[0],
			 fake_v4l2.buffer[last_frame].at[0]);
	ck_assert_uint_eq(
		source.frame[last_frame].plane[0][WIDTH * HEIGHT * 4 - 1], 28);
	closed();
	ck_assert_int_eq(fake_v4l2.kept, 0);
}
END_TEST

static void five(struct v4l2_requestbuffers *r)
{
	r->count = r->memory == V4L2_MEMORY_MMAP ? 5 : r->count;
}
static void three(struct v4l2_requestbuffers *r) { r->count = 3; }

/* Frames are as many as the device has buffers, 4 at least. */
START_TEST(a_device_with_few_buffers)
{
	uint32_t held[V4L2_BUFFERS_MAX], i, seen = 0;

	camera_of_way(V4L2_WAY_READ);
	fake_v4l2.bend_request = five;
	opened(NULL);
	ck_assert_int_eq(capture()->way, V4L2_WAY_READ);
	ck_assert_uint_eq(source.frame_count, 5);
	graph.policy = GRAPH_POLICY_EVERY;
	for (i = 0; i < 20; i++) {
		v4l2_capture_turn(capture());
		while (source_next(&source, &held[seen]))
			ck_assert_uint_lt(held[seen++], 5);
	}
	ck_assert_uint_eq(seen, 5);
	closed();
	fake_v4l2.bend_request = three;
	refused(NULL, -ENOMEM, "Cam", "Cannot allocate");
}
END_TEST

START_TEST(memory_that_is_slow_to_read_is_copied_from)
{
	camera_of_way(V4L2_WAY_READ);
	fake_v4l2.slow = true;
	opened(NULL);
	ck_assert_int_eq(capture()->way, V4L2_WAY_COPIED);
	ck_assert_ptr_nonnull(strstr(source.text, "copied (our memory: Invalid "
						  "argument; read in place: "
						  "slow to read)"));
	ck_assert_int_eq(fake_v4l2.aside, V4L2_BUFFERS_MAX);
	ck_assert_uint_eq(source.frame_count, V4L2_BUFFERS_MAX);
	turns(6);
	ck_assert_uint_eq(frames, 5);
	ck_assert_uint_eq(source.frame[last_frame].plane[0][0], 4);
	closed();
}
END_TEST

static void fills_no_lent_memory(struct v4l2_buffer *buffer)
{
	fake_v4l2.no_fill = fake_v4l2.buffer[buffer->index].lent;
}

START_TEST(memory_that_shows_other_bytes_is_copied_from)
{
	camera_of_way(V4L2_WAY_READ);
	fake_v4l2.no_fill = true;
	fake_v4l2.bend_filled = fills_no_lent_memory;
	opened(NULL);
	ck_assert_int_eq(capture()->way, V4L2_WAY_COPIED);
	ck_assert_ptr_nonnull(strstr(source.text, "frames come elsewhere)"));
	closed();
}
END_TEST

/* A device copies from memory that it has page-locked: not from a camera's. */
START_TEST(a_gpu_wants_ordinary_memory)
{
	camera_of_way(V4L2_WAY_READ);
	pinned = true;
	opened(NULL);
	ck_assert_int_eq(capture()->way, V4L2_WAY_COPIED);
	ck_assert_ptr_nonnull(strstr(source.text, "page-locked)"));
	ck_assert_int_eq(fake_v4l2.lent, 0);
	closed();
	camera_of_way(V4L2_WAY_FILLED);
	opened(NULL);
	ck_assert_int_eq(capture()->way, V4L2_WAY_FILLED);
	closed();
}
END_TEST

START_TEST(pieces_are_read_each_in_its_place)
{
	camera_of_way(V4L2_WAY_READ);
	graph.format = GRAPH_FORMAT_NV12;
	fake_v4l2.multi = true;
	fake_v4l2.pieces = 2;
	fake_v4l2.fourcc[0] = FOURCC("NM12");
	opened(NULL);
	ck_assert_int_eq(capture()->way, V4L2_WAY_READ);
	/* 6144 bytes, and the next page */
	ck_assert_int_eq(source.frame[5].plane[1] - source.frame[5].plane[0],
			 2 * V4L2_PAGE);
	turns(3);
	ck_assert_uint_eq(source.frame[last_frame].plane[0][0], 1);
	ck_assert_uint_eq(source.frame[last_frame].plane[1][0], 1);
	closed();
}
END_TEST

/* The camera is gone, what ticks have of it is not: set aside, where they read
 * it. Its buffer is lent again when it has come back. */
START_TEST(a_lost_camera_leaves_the_frames_that_ticks_have)
{
	uint32_t held, i;

	camera_of_way(V4L2_WAY_READ);
	fake_v4l2.poison = true;
	opened(NULL);
	turns(3);
	v4l2_capture_turn(capture());
	ck_assert(source_next(&source, &held));
	fake_v4l2_unplug();
	turns(2);
	ck_assert_int_eq(capture()->state, V4L2_CLOSED);
	ck_assert_int_eq(fake_v4l2.lent + fake_v4l2.maps + fake_v4l2.fds, 0);
	ck_assert_int_eq(fake_v4l2.kept, 1);
	ck_assert_int_eq(fake_v4l2.aside, V4L2_BUFFERS_MAX);
	ck_assert_uint_eq(source.frame[held].plane[0][0], 2);
	fake_v4l2_plug(3);
	ck_assert(comes_back(10));
	ck_assert_int_eq(fake_v4l2.lent, V4L2_BUFFERS_MAX - 1);
	for (i = 0; i < 20; i++)
		turns(1);
	ck_assert(!fake_v4l2.buffer[held].lent);
	ck_assert_uint_eq(source.frame[held].plane[0][0], 2);
	source_return(&source, held);
	turns(10);
	ck_assert_int_eq(fake_v4l2.lent, V4L2_BUFFERS_MAX);
	closed();
}
END_TEST

/* What the device has it may write over at any time, which the fake does: no
 * frame that the ticks have is with it, through a loss and back, either. */
static struct {
	uint32_t frame;
	unsigned char value;
} ticks[V4L2_BUFFERS_MAX];
static uint32_t ticks_have;

static void ticks_look(void)
{
	const struct picture *picture;
	uint32_t i;

	for (i = 0; i < ticks_have; i++) {
		picture = &source.frame[ticks[i].frame];
		ck_assert_uint_eq(picture->plane[0][0], ticks[i].value);
		ck_assert_uint_eq(picture->plane[0][WIDTH * HEIGHT * 4 - 1],
				  ticks[i].value);
		ck_assert(capture()->way == V4L2_WAY_COPIED ||
			  !fake_v4l2.buffer[ticks[i].frame].queued);
	}
}

static void ticks_take_and_return(void)
{
	uint32_t frame, i;

	while (source_next(&source, &frame)) {
		ck_assert_uint_ne(source.frame[frame].plane[0][0], 0xee);
		ticks[ticks_have].frame = frame;
		ticks[ticks_have++].value = source.frame[frame].plane[0][0];
	}
	while (ticks_have > 3 || (ticks_have && random() % 4 == 0)) {
		i = (uint32_t)random() % ticks_have;
		source_return(&source, ticks[i].frame);
		ticks[i] = ticks[--ticks_have];
	}
}

START_TEST(no_frame_of_a_tick_goes_back_to_the_device)
{
	uint64_t came;

	camera_of_way((enum v4l2_way)_i);
	fake_v4l2.poison = true;
	ticks_have = 0;
	srandom(1);
	opened(NULL);
	ck_assert_int_eq(capture()->way, _i);
	for (uint32_t turn = 0; turn < 4000; turn++) {
		if (turn % 400 == 100)
			fake_v4l2.broken = true;
		if (turn % 400 == 200)
			fake_v4l2_unplug();
		if (turn % 400 == 210)
			fake_v4l2_plug(3);
		v4l2_capture_turn(capture());
		ticks_look();
		ticks_take_and_return();
	}
	came = atomic_load(&source.health.delivered);
	ck_assert_uint_ge(came, 2000);
	ck_assert_uint_eq(atomic_load(&source.health.recoveries), 20);
	closed();
}
END_TEST

static void wide_rows(struct v4l2_format *format)
{
	format->fmt.pix.bytesperline = WIDTH * 4 + 64;
	format->fmt.pix.sizeimage = (WIDTH * 4 + 64) * HEIGHT;
}

START_TEST(rows_of_the_device_are_the_sources)
{
	fake_v4l2.bend_format = wide_rows;
	opened(NULL);
	ck_assert_int_eq(capture()->way, V4L2_WAY_FILLED);
	ck_assert_uint_eq(source.frame[1].pitch[0], WIDTH * 4 + 64);
	ck_assert_int_ge(source.frame[1].plane[0] - source.frame[0].plane[0],
			 (WIDTH * 4 + 64) * HEIGHT);
	closed();
}
END_TEST

START_TEST(the_rate_is_told_where_it_differs)
{
	fake_v4l2.period = (struct v4l2_fract){1, 25};
	opened(NULL);
	ck_assert_ptr_nonnull(strstr(source.text, "25 Hz (not 50)"));
	closed();
	fake_v4l2.period = (struct v4l2_fract){0, 0};
	opened("rate=30000/1001");
	ck_assert_ptr_nonnull(strstr(source.text, "29.97 Hz,"));
	closed();
	ck_assert_int_eq(open_source(&source, "rate=0"), -EINVAL);
}
END_TEST

/* ---- names ---------------------------------------------------------------------- */

START_TEST(found_by_any_name_that_stays)
{
	static const char *const names[] = {
		"device=Cam", "device=usb-1", "device=/dev/video3",
		"device=Cam,input=0,rate=50,format=XR24"};
	uint32_t i;

	fake_v4l2.metadata = 2;
	fake_v4l2.other = 1;
	for (i = 0; i < 4; i++) {
		opened(names[i]);
		ck_assert_str_eq(capture()->device.card, "Cam");
		ck_assert_str_eq(capture()->device.path, "/dev/video3");
		closed();
	}
}
END_TEST

START_TEST(what_is_no_name)
{
	fake_v4l2.metadata = 2;
	refused("device=3", -EINVAL, "numbers change", "\"Cam\" (usb-1");
	refused("device=Can", -ENODEV, "Can", "\"Cam\" (usb-1, /dev/video3)");
	refused("device=/dev/video9", -ENODEV, "not there", "\"Cam\"");
	refused("device=/dev/video2", -ENODEV, "takes no pictures", "\"Cam\"");
	refused("device=", -EINVAL, "device=", "it takes");
	refused("colour=red", -EINVAL, "colour=red", "it takes");
	refused("format=YUY", -EINVAL, "format=YUY", "it takes");
	refused("input=x", -EINVAL, "input=x", "it takes");
	fake_v4l2.other = 5;
	fake_v4l2.other_card = "Cam";
	refused("device=Cam", -EINVAL, "several", "usb-2");
	fake_v4l2.other = fake_v4l2.metadata = fake_v4l2.camera = -1;
	refused(NULL, -ENODEV, "no V4L2 camera", "here");
	refused("device=Cam", -ENODEV, "Cam", "no V4L2 camera here");
}
END_TEST

START_TEST(the_first_that_gives_the_format_is_taken)
{
	fake_v4l2.metadata = 0;
	opened(NULL);
	ck_assert_str_eq(capture()->device.path, "/dev/video3");
	closed();
}
END_TEST

START_TEST(no_permission_names_the_group)
{
	fake_v4l2.open_error = EACCES;
	refused(NULL, -EACCES, "permission", "group video");
	refused("device=/dev/video3", -EACCES, "/dev/video3", "group video");
	refused("device=Cam", -EACCES, "Cam", "group video");
}
END_TEST

START_TEST(two_sources_on_one_device)
{
	struct source second;

	opened(NULL);
	ck_assert_int_eq(open_source(&second, "device=usb-1"), -EBUSY);
	ck_assert_ptr_nonnull(strstr(refusal, "source camera has already"));
	closed();
	opened("device=usb-1");
	closed();
}
END_TEST

/* ---- what it says is not believed ------------------------------------------------- */

static void other_size(struct v4l2_format *f) { f->fmt.pix.width = 80; }
static void other_format(struct v4l2_format *f)
{
	f->fmt.pix.pixelformat = FOURCC("YUYV");
}
static void fields(struct v4l2_format *f)
{
	f->fmt.pix.field = V4L2_FIELD_INTERLACED;
}
static void narrow(struct v4l2_format *f) { f->fmt.pix.bytesperline = 255; }
static void absurd(struct v4l2_format *f)
{
	f->fmt.pix.bytesperline = 0xfffffffc;
}
static void uneven(struct v4l2_format *f) { f->fmt.pix.bytesperline = 258; }
static void small(struct v4l2_format *f) { f->fmt.pix.sizeimage--; }
static void huge(struct v4l2_format *f)
{
	f->fmt.pix.sizeimage = 0xffffffff;
}
static void no_bytes(struct v4l2_format *f) { f->fmt.pix.sizeimage = 0; }

START_TEST(a_format_that_reads_back_otherwise_is_refused)
{
	static void (*const bend[])(struct v4l2_format *) = {
		other_size, other_format, fields, narrow, absurd,
		uneven,	    small,	  huge,	  no_bytes,
	};
	uint32_t i;

	for (i = 0; i < sizeof(bend) / sizeof(bend[0]); i++) {
		fake_v4l2.bend_format = bend[i];
		refused(NULL, -ENOTSUP, "Cam (/dev/video3)",
			"it has XR24 YUYV 64x48");
	}
}
END_TEST

static void no_pieces(struct v4l2_format *f)
{
	f->fmt.pix_mp.num_planes = 0;
}
static void many_pieces(struct v4l2_format *f)
{
	f->fmt.pix_mp.num_planes = 200;
}

START_TEST(pieces_that_cannot_be)
{
	fake_v4l2.multi = true;
	fake_v4l2.bend_format = no_pieces;
	refused(NULL, -ENOTSUP, "in 0 pieces", "it has");
	fake_v4l2.bend_format = many_pieces;
	refused(NULL, -ENOTSUP, "in 200 pieces", "it has");
}
END_TEST

START_TEST(another_size_or_format_prints_what_there_is)
{
	graph.width = 128;
	refused(NULL, -ENOTSUP, "gives XR24 64x48 where XR24 128x48",
		"it has XR24 YUYV 64x48");
	graph.width = WIDTH;
	graph.format = GRAPH_FORMAT_RGB565;
	refused(NULL, -ENOTSUP, "has no RGB565", "it has XR24 YUYV 64x48");
	graph.format = GRAPH_FORMAT_XRGB8888;
	refused("format=NV12", -ENOTSUP, "has no XRGB8888", "XR24");
	refused("input=7", -ENOTSUP, "no input 7", "leave input= out");
}
END_TEST

static void none(struct v4l2_requestbuffers *r) { r->count = 0; }
static void few(struct v4l2_requestbuffers *r) { r->count = 3; }
static void many(struct v4l2_requestbuffers *r) { r->count = 32; }
static void short_buffer(struct v4l2_buffer *b) { b->length = 100; }

START_TEST(buffers_that_cannot_be)
{
	fake_v4l2.bend_request = none;
	refused(NULL, -ENODEV, "Cam", "do not hold a frame");
	fake_v4l2.bend_request = few;
	refused(NULL, -ENOMEM, "Cam", "Cannot allocate");
	fake_v4l2.no_userptr = true;
	fake_v4l2.bend_request = many; /* fine: some are not used */
	opened(NULL);
	ck_assert_uint_eq(capture()->buffers.count, V4L2_BUFFERS_MAX);
	closed();
	fake_v4l2.bend_request = NULL;
	fake_v4l2.bend_query = short_buffer;
	refused(NULL, -ENODEV, "Cam", "do not hold a frame");
}
END_TEST

static uint32_t bent; /* frames, counting; the second is bent */
static void bad_index(struct v4l2_buffer *b)
{
	if (++bent == 2)
		b->index = 4000000000;
}
static uint32_t kept; /* a frame that a tick has */
static void not_its_own(struct v4l2_buffer *b)
{
	if (++bent == 2)
		b->index = kept;
}

START_TEST(a_buffer_that_was_not_with_it_starts_anew)
{
	static void (*const bend[])(struct v4l2_buffer *) = {bad_index,
							     not_its_own};
	uint32_t i, streamons;

	for (i = 0; i < 2; i++) {
		opened(NULL);
		streamons = fake_v4l2.streamons;
		bent = 0;
		fake_v4l2.bend_filled = bend[i];
		v4l2_capture_turn(capture());
		v4l2_capture_turn(capture());
		ck_assert(source_next(&source, &kept));
		ck_assert_uint_eq(capture()->lost, 0);
		turns(1);
		ck_assert_uint_eq(capture()->lost, 1u << V4L2_LOSS_QUEUE);
		ck_assert(comes_back(20));
		ck_assert_uint_eq(capture()->lost, 0);
		ck_assert_uint_eq(fake_v4l2.streamons, streamons + 2);
		fake_v4l2.bend_filled = NULL;
		closed();
	}
}
END_TEST

static void too_full(struct v4l2_buffer *b)
{
	if (++bent == 2)
		b->bytesused = 0xffffffff;
}
static void too_little(struct v4l2_buffer *b)
{
	if (++bent == 2)
		b->bytesused = WIDTH * HEIGHT * 4 - 1;
}
static void flagged(struct v4l2_buffer *b)
{
	if (++bent == 2)
		b->flags |= V4L2_BUF_FLAG_ERROR;
}

START_TEST(a_corrupt_frame_is_passed_over_and_counted)
{
	static void (*const bend[])(struct v4l2_buffer *) = {
		flagged, too_full, too_little};
	uint32_t i;

	for (i = 0; i < 6; i++) {
		fake_v4l2.bend_filled = NULL;
		fake_v4l2.no_userptr = i >= 3;
		opened(NULL);
		bent = 0;
		frames = 0;
		fake_v4l2.bend_filled = bend[i % 3];
		ck_assert_uint_eq(turns(6), 4);
		ck_assert_uint_eq(frames, 4);
		ck_assert_uint_eq(lost(), 1);
		ck_assert_uint_eq(lost_frames("corrupt"), 1);
		ck_assert_uint_eq(capture()->lost, 0);
		closed();
	}
}
END_TEST

static void goes_back(struct v4l2_buffer *b)
{
	if (++bent >= 3)
		b->sequence -= 3;
}
static void wraps(struct v4l2_buffer *b) { b->sequence -= 3; }
static void skips(struct v4l2_buffer *b)
{
	if (++bent >= 3)
		b->sequence += 10;
}
static void stays(struct v4l2_buffer *b) { b->sequence = 7; }

START_TEST(sequences)
{
	static const struct {
		void (*bend)(struct v4l2_buffer *);
		uint64_t sequence, lost;
	} rows[] = {
		{goes_back, 4, 0}, {wraps, 4, 0}, {skips, 14, 10}, {stays, 4, 0},
	};
	uint32_t i;

	for (i = 0; i < 4; i++) {
		opened(NULL);
		bent = 0;
		frames = 0;
		fake_v4l2.bend_filled = rows[i].bend;
		ck_assert_uint_eq(turns(6), rows[i].sequence);
		ck_assert_uint_eq(frames, 5);
		ck_assert_uint_eq(lost(), rows[i].lost);
		fake_v4l2.bend_filled = NULL;
		closed();
	}
}
END_TEST

static void no_stamp(struct v4l2_buffer *b)
{
	b->flags &= ~(uint32_t)V4L2_BUF_FLAG_TIMESTAMP_MASK;
}

START_TEST(a_stamp_of_another_clock_is_none)
{
	opened(NULL);
	fake_v4l2.bend_filled = no_stamp;
	turns(2);
	ck_assert_int_eq(source.facts[last_frame].stamp_ns, SOURCE_STAMP_NONE);
	closed();
}
END_TEST

/* ---- every call fails ------------------------------------------------------------- */

/* By i: the API, the way, the error. */
static void camera_of(uint32_t i)
{
	static const int errors[] = {EIO, EINVAL, ENODEV, EBUSY, ENOSPC, EINTR};

	setup();
	fake_v4l2.multi = i & 1;
	camera_of_way((enum v4l2_way)(i / 2 % 3));
	fake_v4l2.fail_error = errors[i / 6];
}

START_TEST(each_call_of_the_start_failing)
{
	uint32_t refusals = 0;
	int error, n = 0;

	do {
		camera_of((uint32_t)_i);
		fake_v4l2.fail_at = ++n;
		error = open_source(&source, NULL);
		if (!error)
			closed();
		else
			ck_assert(refusal[0]);
		ck_assert_msg(fake_v4l2_is_clean(), "call %d", n);
		refusals += error != 0;
		ck_assert_int_lt(n, 200);
	} while (fake_v4l2.calls >= n);
	ck_assert_uint_ge(refusals, 4);
}
END_TEST

/* Whichever call of a run fails: frames come again. */
START_TEST(each_call_of_a_run_failing)
{
	int begin, n;

	for (n = 1; n < 50; n++) {
		camera_of((uint32_t)_i);
		opened(NULL);
		begin = fake_v4l2.calls;
		fake_v4l2.fail_at = begin + n;
		turns(20);
		ck_assert_int_ge(fake_v4l2.calls, begin + n / 2);
		ck_assert_msg(comes_back(400), "call %d", n);
		turns(2);
		ck_assert_int_eq(capture()->state, V4L2_RUNNING);
		ck_assert_int_eq(state(), SOURCE_RUNNING);
		closed();
	}
}
END_TEST

/* ---- losses ---------------------------------------------------------------------- */

START_TEST(unplugged_and_back_under_another_number)
{
	uint64_t before;

	opened("device=Cam");
	before = turns(5);
	fake_v4l2_unplug();
	turns(1);
	ck_assert_int_eq(capture()->state, V4L2_CLOSED);
	ck_assert_int_eq(fake_v4l2.fds, 0);
	ck_assert_int_eq(state(), SOURCE_LOST);
	turns(50);
	ck_assert_uint_eq(losses("unplugged"), 1);
	ck_assert_int_eq(fake_v4l2.fds, 0);
	fake_v4l2_plug(7);
	ck_assert(comes_back(10));
	ck_assert_str_eq(capture()->device.path, "/dev/video7");
	ck_assert_uint_eq(source.facts[last_frame].sequence, before + 1);
	ck_assert_int_eq(state(), SOURCE_RUNNING);
	ck_assert_uint_eq(atomic_load(&source.health.recoveries), 1);
	closed();
}
END_TEST

START_TEST(another_camera_in_its_place_is_not_taken)
{
	opened("device=/dev/video3");
	turns(3);
	fake_v4l2_unplug();
	fake_v4l2.other = 3;
	turns(60);
	ck_assert_int_eq(capture()->state, V4L2_CLOSED);
	fake_v4l2.other = -1;
	fake_v4l2_plug(4);
	ck_assert(comes_back(10));
	closed();
	/* by its name it is, at whatever bus */
	opened("device=Cam");
	turns(3);
	fake_v4l2_unplug();
	turns(3);
	fake_v4l2.bus = "usb-9";
	fake_v4l2_plug(3);
	ck_assert(comes_back(10));
	closed();
}
END_TEST

START_TEST(back_with_another_size_it_stays_lost)
{
	opened(NULL);
	turns(3);
	fake_v4l2_unplug();
	turns(5);
	fake_v4l2.width = 32;
	fake_v4l2_plug(3);
	turns(40);
	ck_assert_int_eq(capture()->state, V4L2_CLOSED);
	ck_assert_uint_eq(losses("another format"), 1);
	ck_assert_int_eq(fake_v4l2.fds, 0);
	fake_v4l2.width = WIDTH;
	ck_assert(comes_back(10));
	closed();
}
END_TEST

START_TEST(a_changed_signal_is_opened_anew)
{
	uint32_t opens;

	opened(NULL);
	turns(3);
	opens = fake_v4l2.opens;
	fake_v4l2.changed = true;
	turns(1);
	ck_assert_uint_eq(capture()->lost, 1u << V4L2_LOSS_FORMAT);
	ck_assert(comes_back(10));
	ck_assert_uint_eq(fake_v4l2.opens, opens + 1);
	closed();
}
END_TEST

START_TEST(a_stall_is_a_second_or_four_periods)
{
	int64_t since;
	uint32_t streamons, opens;

	opened(NULL);
	turns(3);
	streamons = fake_v4l2.streamons;
	opens = fake_v4l2.opens;
	since = fake_v4l2.now_ns;
	fake_v4l2.stalled = true;
	while (!capture()->lost)
		turns(1);
	ck_assert_int_ge(fake_v4l2.now_ns - since, V4L2_STALL_NS);
	ck_assert_int_lt(fake_v4l2.now_ns - since,
			 V4L2_STALL_NS + 200 * NS_PER_MS);
	ck_assert_uint_eq(losses("stalled"), 1);
	turns(60);
	ck_assert_uint_gt(fake_v4l2.streamons, streamons + 2);
	ck_assert_uint_gt(fake_v4l2.opens, opens);
	ck_assert_uint_eq(losses("stalled"), 1);
	fake_v4l2.stalled = false;
	ck_assert(comes_back(40));
	closed();
	/* one that is slow is not stalled */
	fake_v4l2.period = (struct v4l2_fract){1, 1};
	opened(NULL);
	turns(3);
	since = fake_v4l2.now_ns;
	fake_v4l2.stalled = true;
	while (!capture()->lost)
		turns(1);
	ck_assert_int_ge(fake_v4l2.now_ns - since, 4 * NS_PER_SECOND);
	closed();
}
END_TEST

static void all_corrupt(struct v4l2_buffer *b)
{
	b->flags |= V4L2_BUF_FLAG_ERROR;
}

START_TEST(only_corrupt_frames_are_a_loss)
{
	opened(NULL);
	turns(3);
	fake_v4l2.bend_filled = all_corrupt;
	turns(60);
	ck_assert_uint_eq(losses("corrupt frames only"), 1);
	fake_v4l2.bend_filled = NULL;
	ck_assert(comes_back(40));
	closed();
}
END_TEST

START_TEST(a_fatal_queue_error_takes_a_new_stream)
{
	uint32_t streamoffs;

	opened(NULL);
	turns(4);
	streamoffs = fake_v4l2.streamoffs;
	fake_v4l2.trace[0] = '\0';
	fake_v4l2.broken = true;
	turns(1);
	ck_assert_uint_eq(capture()->lost, 1u << V4L2_LOSS_QUEUE);
	ck_assert(comes_back(10));
	ck_assert_uint_eq(fake_v4l2.streamoffs, streamoffs + 1);
	ck_assert_str_eq(fake_v4l2.trace,
			 " QBUF DQBUF STREAMOFF QBUF STREAMON DQBUF");
	closed();
}
END_TEST

START_TEST(streamon_is_tried_again)
{
	fake_v4l2.streamon_error = EINVAL;
	fake_v4l2.streamon_fails = 1;
	opened(NULL);
	ck_assert_uint_eq(fake_v4l2.streamons, 2);
	fake_v4l2.streamon_fails = 2;
	ck_assert(comes_back(20));
	ck_assert_uint_eq(losses("does not start"), 1);
	fake_v4l2.broken = true;
	fake_v4l2.streamon_fails = 30;
	turns(100);
	ck_assert_uint_gt(fake_v4l2.opens, 1);
	ck_assert(comes_back(400));
	closed();
	fake_v4l2.streamon_fails = 100;
	refused(NULL, -ENODEV, "Cam (/dev/video3)", "Invalid argument");
}
END_TEST

START_TEST(no_usb_bandwidth)
{
	fake_v4l2.streamon_error = ENOSPC;
	fake_v4l2.streamon_fails = 100;
	refused(NULL, -ENODEV, "bandwidth", "format=MJPG");
}
END_TEST

/* A tick of the graph in 1/60 s after turns of the thread. What it shows. */
static struct intake intake;
static enum source_class run_ticks(uint32_t count)
{
	enum source_class what = SOURCE_EMPTY;
	int64_t until_ns;

	while (count--) {
		struct intake_share share;

		until_ns = fake_v4l2.now_ns + NS_PER_SECOND / 60;
		while (fake_v4l2.now_ns < until_ns) {
			seal_is_on = true;
			v4l2_capture_turn(capture());
			seal_is_on = false;
		}
		share = intake_take(&intake, fake_v4l2.now_ns);
		what = share.what;
		if (what == SOURCE_CARD)
			ck_assert_ptr_eq(share.picture.plane[0],
					 source.card.plane[0]);
		intake_give_back(&intake, share.frame);
	}
	return what;
}

/* The port is shared: something else has the bandwidth when the camera is back,
 * which the device says at STREAMON or for the first buffer. */
START_TEST(no_usb_bandwidth_when_it_is_back)
{
	bool at_qbuf = _i;
	struct journal_record record = {.kind = JOURNAL_SOURCE_STATE,
					.value = {SOURCE_LOST, -1}};
	char line[256];
	uint32_t opens, i;

	opened("device=Cam");
	source_draw_card(&source);
	intake_init(&intake, &source, NULL, NS_PER_SECOND / 60);
	ck_assert_int_eq(run_ticks(10), SOURCE_TAKEN);
	fake_v4l2_unplug();
	run_ticks(10);
	if (at_qbuf) {
		fake_v4l2.qbuf_error = ENOSPC;
	} else {
		fake_v4l2.streamon_error = ENOSPC;
		fake_v4l2.streamon_fails = 1000000;
	}
	fake_v4l2_plug(5);
	opens = fake_v4l2.opens;
	ck_assert_int_eq(run_ticks(600), SOURCE_CARD);
	ck_assert_int_eq(state(), SOURCE_LOST);
	ck_assert_uint_gt(fake_v4l2.opens, opens + 1); /* again and again */
	ck_assert_uint_eq(losses("unplugged"), 1);
	ck_assert_uint_eq(losses("no USB bandwidth"), 1);
	for (i = 0; i < atomic_load(&source.health.reason_count); i++)
		if (!strcmp(source.health.reason[i].text, "no USB bandwidth"))
			record.value[1] = i;
	ck_assert(source_events_line(&source, &record, line, sizeof(line)));
	ck_assert_str_eq(line, "source camera: lost: no USB bandwidth: use "
			       "format=MJPG, a lower rate= or another port");
	fake_v4l2.qbuf_error = 0;
	fake_v4l2.streamon_fails = 0;
	ck_assert_int_ne(run_ticks(60), SOURCE_CARD);
	ck_assert_int_eq(state(), SOURCE_RUNNING);
	ck_assert_uint_eq(atomic_load(&source.health.recoveries), 1);
	closed();
}
END_TEST

START_TEST(in_use_says_by_whom)
{
	fake_v4l2.reqbufs_error = EBUSY;
	refused(NULL, -EBUSY, "Cam (/dev/video3)", "in use by cheese (42)");
}
END_TEST

START_TEST(no_signal_at_start)
{
	fake_v4l2.stalled = true;
	refused(NULL, -ENODEV, "no good frame", "signal");
}
END_TEST

/* The ticks keep what they have; the camera gets the rest, then nothing. */
START_TEST(all_frames_with_the_ticks)
{
	uint32_t frame[V4L2_BUFFERS_MAX], i, held = 0;

	graph.policy = GRAPH_POLICY_EVERY;
	opened(NULL);
	while (held < V4L2_BUFFERS_MAX) {
		v4l2_capture_turn(capture());
		while (source_next(&source, &frame[held]))
			held++;
	}
	for (i = 0; i < 10; i++)
		v4l2_capture_turn(capture());
	ck_assert_uint_eq(capture()->lost, 0);
	for (i = 0; i < held; i++)
		source_return(&source, frame[i]);
	ck_assert(comes_back(10));
	ck_assert_uint_gt(lost(), 0);
	closed();
	fake_v4l2.no_userptr = true;
	opened(NULL);
	for (i = 0; i < 30; i++)
		v4l2_capture_turn(capture());
	ck_assert_uint_eq(source_waiting(&source), V4L2_BUFFERS_MAX);
	ck_assert_uint_eq(lost(), 29 - V4L2_BUFFERS_MAX);
	turns(1);
	ck_assert_uint_eq(source.facts[last_frame].sequence, 7);
	closed();
}
END_TEST

/* No tick for 30 frames: those that nobody looked at make way, copied or filled
 * by the device, and none is lost. */
START_TEST(newest_goes_on_without_ticks)
{
	uint32_t frame, last = 0;

	fake_v4l2.no_userptr = _i;
	opened(NULL);
	for (uint32_t i = 0; i < 31; i++)
		v4l2_capture_turn(capture());
	ck_assert_uint_eq(lost(), 0);
	ck_assert_uint_eq(atomic_load(&source.health.delivered), 30);
	ck_assert_uint_eq(source_waiting(&source) +
				  atomic_load(&source.health.taken_back), 30);
	while (source_next(&source, &frame))
		last = frame;
	ck_assert_uint_eq(source.facts[last].sequence, 29);
	ck_assert_uint_eq(source.frame[last].plane[0][0], 29);
	closed();
}
END_TEST

/* ---- colours --------------------------------------------------------------------- */

/* Single- and multi-planar, in one piece and in two. */
START_TEST(planes_lie_where_the_device_has_them)
{
	uint32_t i;

	graph.format = GRAPH_FORMAT_NV12;
	for (i = 0; i < 3; i++) {
		fake_v4l2.multi = i > 0;
		fake_v4l2.pieces = i < 2 ? 1 : 2;
		fake_v4l2.fourcc[0] = FOURCC(i < 2 ? "NV12" : "NM12");
		opened(NULL);
		ck_assert_int_eq(capture()->way, V4L2_WAY_FILLED);
		ck_assert_int_eq(
			source.frame[5].plane[1] - source.frame[5].plane[0],
			i < 2 ? WIDTH * HEIGHT : WIDTH * HEIGHT * 2);
		ck_assert_uint_eq(source.frame[5].pitch[1], WIDTH);
		turns(3);
		ck_assert_uint_eq(source.frame[last_frame].plane[1][0], 1);
		closed();
		fake_v4l2.no_userptr = true;
		opened(NULL);
		turns(3);
		ck_assert_uint_eq(source.frame[last_frame].plane[0][0], 1);
		ck_assert_uint_eq(source.frame[last_frame].plane[1][0], 1);
		closed();
		fake_v4l2.no_userptr = false;
	}
	graph.format = GRAPH_FORMAT_I420;
	fake_v4l2.multi = false;
	fake_v4l2.pieces = 1;
	fake_v4l2.fourcc[0] = FOURCC("YU12");
	opened(NULL);
	ck_assert_uint_eq(source.frame[0].pitch[2], WIDTH / 2);
	ck_assert_int_eq(source.frame[0].plane[2] - source.frame[0].plane[0],
			 WIDTH * HEIGHT * 5 / 4);
	closed();
}
END_TEST

START_TEST(the_graph_forces_colours)
{
	graph.format = GRAPH_FORMAT_YUYV;
	fake_v4l2.fourcc[0] = FOURCC("YUYV");
	fake_v4l2.colorspace = V4L2_COLORSPACE_REC709;
	opened(NULL);
	ck_assert_ptr_nonnull(strstr(source.text, "64x48, BT.709 limited"));
	ck_assert_uint_eq(source.frame[7].ycbcr.siting, COLOR_CENTRE);
	closed();
	graph.encoding = COLOR_BT2020;
	graph.range = COLOR_FULL;
	graph.siting = COLOR_TOP_LEFT;
	opened(NULL);
	ck_assert_uint_eq(source.frame[7].ycbcr.siting, COLOR_TOP_LEFT);
	ck_assert_ptr_nonnull(strstr(source.text, "64x48, BT.2020 full"));
	closed();
}
END_TEST

START_TEST(colours_by_the_rules_for_nothing_said)
{
	static const struct {
		uint32_t colorspace, encoding, quantization, is, range;
	} rows[] = {
		{V4L2_COLORSPACE_SRGB, 0, 0, COLOR_BT601, COLOR_LIMITED},
		{V4L2_COLORSPACE_DEFAULT, 0, 0, COLOR_BT601, COLOR_LIMITED},
		{V4L2_COLORSPACE_SMPTE170M, 0, 0, COLOR_BT601, COLOR_LIMITED},
		{V4L2_COLORSPACE_JPEG, 0, 0, COLOR_BT601, COLOR_FULL},
		{V4L2_COLORSPACE_REC709, 0, 0, COLOR_BT709, COLOR_LIMITED},
		{V4L2_COLORSPACE_DCI_P3, 0, 0, COLOR_BT709, COLOR_LIMITED},
		{V4L2_COLORSPACE_BT2020, 0, 0, COLOR_BT2020, COLOR_LIMITED},
		{V4L2_COLORSPACE_REC709, V4L2_YCBCR_ENC_601, 0,
		 COLOR_BT601, COLOR_LIMITED},
		{V4L2_COLORSPACE_SRGB, V4L2_YCBCR_ENC_BT2020,
		 V4L2_QUANTIZATION_FULL_RANGE, COLOR_BT2020, COLOR_FULL},
		{V4L2_COLORSPACE_JPEG, V4L2_YCBCR_ENC_709,
		 V4L2_QUANTIZATION_LIM_RANGE, COLOR_BT709, COLOR_LIMITED},
	};
	uint32_t i;

	for (i = 0; i < 2 * sizeof(rows) / sizeof(rows[0]); i++) {
		fake_v4l2.multi = i & 1;
		fake_v4l2.colorspace = rows[i / 2].colorspace;
		fake_v4l2.encoding = rows[i / 2].encoding;
		fake_v4l2.quantization = rows[i / 2].quantization;
		opened(NULL);
		ck_assert_uint_eq(source.frame[7].ycbcr.encoding,
				  rows[i / 2].is);
		ck_assert_uint_eq(source.frame[7].ycbcr.range,
				  rows[i / 2].range);
		closed();
	}
}
END_TEST

/* ---- MJPG ------------------------------------------------------------------------ */

/* 64x48, grey, each block of 8x8 of one value: jpeg_value. */
static const unsigned char jpeg[] = {
	0xff, 0xd8, 0xff, 0xc4, 0x00, 0x1f, 0x00, 0x00, 0x00, 0x00, 0x0c, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0xff,
	0xc4, 0x00, 0x14, 0x10, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xff, 0xdb, 0x00,
	0x43, 0x00, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08,
	0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08,
	0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08,
	0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08,
	0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08,
	0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0xff, 0xc0, 0x00, 0x0b, 0x08, 0x00,
	0x30, 0x00, 0x40, 0x01, 0x01, 0x11, 0x00, 0xff, 0xda, 0x00, 0x08, 0x01,
	0x01, 0x00, 0x00, 0x3f, 0x00, 0x77, 0xe2, 0x85, 0x0a, 0x14, 0x28, 0x50,
	0xa2, 0x10, 0xa1, 0x42, 0x85, 0x0a, 0x14, 0x28, 0x84, 0x28, 0x50, 0xa1,
	0x42, 0x85, 0x0a, 0x21, 0x0a, 0x14, 0x28, 0x50, 0xa1, 0x42, 0x88, 0x42,
	0x85, 0x0a, 0x14, 0x28, 0x50, 0xa2, 0x10, 0xa1, 0x42, 0x85, 0x0a, 0x14,
	0x29, 0xff, 0xd9
};

static uint32_t jpeg_value(uint32_t x, uint32_t y)
{
	return 64 + x / 8 * 2 + y / 8;
}

static void camera_of_jpeg(void)
{
	fake_v4l2.fourcc[0] = FOURCC("MJPG");
	fake_v4l2.fourcc[1] = 0;
	fake_v4l2.jpeg = jpeg;
	fake_v4l2.jpeg_bytes = sizeof(jpeg);
}

/* The library's own: as many for each frame, so none is kept; and where nothing is
 * decoded none at all, which the trap sees to. */
extern _Thread_local uint64_t alloc_trap_count;

START_TEST(mjpg_allocates_the_same_for_each_frame)
{
	uint64_t before, first;
	uint32_t i;

	graph.format = _i ? GRAPH_FORMAT_NV12 : GRAPH_FORMAT_XRGB8888;
	camera_of_jpeg();
	if (!v4l2_jpeg_can(graph.format))
		return;
	opened(NULL);
	turns(2);
	before = alloc_trap_count;
	turns(1);
	first = alloc_trap_count - before;
	for (i = 0; i < 20; i++) {
		before = alloc_trap_count;
		turns(1);
		ck_assert_uint_eq(alloc_trap_count - before, first);
	}
	printf("# MJPG, %s: %llu calls of malloc and free a frame\n",
	       graph_format_name(graph.format), (unsigned long long)first);
	ck_assert_uint_le(first, 100);
	/* each time that the seal was lifted for it is in the report */
	ck_assert_uint_eq(atomic_load(&source.health.unsealed), frames);
	ck_assert_uint_eq(frames, 22);
	closed();
}
END_TEST

START_TEST(only_mjpg_lifts_the_seal)
{
	camera_of_way((enum v4l2_way)_i);
	opened(NULL);
	turns(20);
	ck_assert_uint_eq(frames, 19);
	ck_assert_uint_eq(atomic_load(&source.health.unsealed), 0);
	closed();
}
END_TEST

START_TEST(mjpg_is_decoded)
{
	const uint32_t *row;
	uint32_t x, y;

	camera_of_jpeg();
	if (!v4l2_jpeg_can(graph.format)) {
		refused(NULL, -ENOTSUP, "built without TurboJPEG",
			"it has MJPG 64x48");
		return;
	}
	opened(NULL);
	ck_assert_ptr_nonnull(strstr(source.text, "decoded by TurboJPEG"));
	turns(4);
	ck_assert_uint_eq(frames, 3);
	for (y = 0; y < HEIGHT; y++) {
		row = (const void *)(source.frame[last_frame].plane[0] +
				     y * source.frame[last_frame].pitch[0]);
		for (x = 0; x < WIDTH; x++)
			ck_assert_uint_eq(row[x] & 0xffffff,
					  jpeg_value(x, y) * 0x010101);
	}
	closed();
}
END_TEST

/* Cut off anywhere, or of another size: passed over. */
START_TEST(mjpg_that_is_none)
{
	static unsigned char other[sizeof(jpeg)];
	uint32_t i, decoded = 0;

	camera_of_jpeg();
	if (!v4l2_jpeg_can(graph.format))
		return;
	opened(NULL);
	turns(2);
	for (i = 0; i < sizeof(jpeg); i += 3) {
		fake_v4l2.jpeg_bytes = i;
		turns(1);
	}
	decoded = (uint32_t)frames;
	ck_assert_uint_eq(decoded, 1);
	memcpy(other, jpeg, sizeof(jpeg));
	for (i = 0; i < sizeof(jpeg) - 1; i++)
		if (other[i] == 0xff && other[i + 1] == 0xc0)
			other[i + 8] = 72; /* its width */
	fake_v4l2.jpeg = other;
	fake_v4l2.jpeg_bytes = sizeof(jpeg);
	turns(2);
	ck_assert_uint_eq(frames, decoded);
	fake_v4l2.jpeg = jpeg;
	ck_assert(comes_back(100));
	closed();
}
END_TEST

/* ---- --probe ---------------------------------------------------------------------- */

START_TEST(probe_lists_cameras_with_all_they_give)
{
	char text[2048] = "";
	FILE *out = fmemopen(text, sizeof(text), "w");

	fake_v4l2.metadata = 4;
	ck_assert(v4l2_source.probe(out, "    "));
	fclose(out);
	ck_assert_str_eq(text, "Cam, usb-1, /dev/video3, driver fake\n"
			       "      XR24 YUYV 64x48 at 50, 25 Hz\n");
	ck_assert(fake_v4l2_is_clean());
	fake_v4l2.camera = -1;
	out = fmemopen(text, sizeof(text), "w");
	ck_assert(!v4l2_source.probe(out, "    "));
	fclose(out);
	ck_assert_str_eq(text, "no camera here\n");
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_checked_fixture(tests, setup, NULL);
	tcase_add_test(tests, frames_come_where_the_ticks_read_them);
	tcase_add_test(tests, calls_in_their_order);
	tcase_add_test(tests, the_other_api);
	tcase_add_test(tests, a_device_that_fills_no_foreign_memory_is_copied_from);
	tcase_add_test(tests, a_device_that_only_says_so_is_copied_from);
	tcase_add_test(tests, frames_are_read_where_the_device_has_them);
	tcase_add_test(tests, a_device_with_few_buffers);
	tcase_add_test(tests, memory_that_is_slow_to_read_is_copied_from);
	tcase_add_test(tests, memory_that_shows_other_bytes_is_copied_from);
	tcase_add_test(tests, a_gpu_wants_ordinary_memory);
	tcase_add_test(tests, pieces_are_read_each_in_its_place);
	tcase_add_test(tests, a_lost_camera_leaves_the_frames_that_ticks_have);
	tcase_add_loop_test(tests, no_frame_of_a_tick_goes_back_to_the_device, 0,
			    V4L2_WAY_COUNT);
	tcase_add_test(tests, rows_of_the_device_are_the_sources);
	tcase_add_test(tests, the_rate_is_told_where_it_differs);
	tcase_add_test(tests, found_by_any_name_that_stays);
	tcase_add_test(tests, what_is_no_name);
	tcase_add_test(tests, the_first_that_gives_the_format_is_taken);
	tcase_add_test(tests, no_permission_names_the_group);
	tcase_add_test(tests, two_sources_on_one_device);
	tcase_add_test(tests, a_format_that_reads_back_otherwise_is_refused);
	tcase_add_test(tests, pieces_that_cannot_be);
	tcase_add_test(tests, another_size_or_format_prints_what_there_is);
	tcase_add_test(tests, buffers_that_cannot_be);
	tcase_add_test(tests, a_buffer_that_was_not_with_it_starts_anew);
	tcase_add_test(tests, a_corrupt_frame_is_passed_over_and_counted);
	tcase_add_test(tests, sequences);
	tcase_add_test(tests, a_stamp_of_another_clock_is_none);
	tcase_add_loop_test(tests, each_call_of_the_start_failing, 0, 36);
	tcase_add_loop_test(tests, each_call_of_a_run_failing, 0, 36);
	tcase_add_test(tests, unplugged_and_back_under_another_number);
	tcase_add_test(tests, another_camera_in_its_place_is_not_taken);
	tcase_add_test(tests, back_with_another_size_it_stays_lost);
	tcase_add_test(tests, a_changed_signal_is_opened_anew);
	tcase_add_test(tests, a_stall_is_a_second_or_four_periods);
	tcase_add_test(tests, only_corrupt_frames_are_a_loss);
	tcase_add_test(tests, a_fatal_queue_error_takes_a_new_stream);
	tcase_add_test(tests, streamon_is_tried_again);
	tcase_add_test(tests, no_usb_bandwidth);
	tcase_add_loop_test(tests, no_usb_bandwidth_when_it_is_back, 0, 2);
	tcase_add_test(tests, in_use_says_by_whom);
	tcase_add_test(tests, no_signal_at_start);
	tcase_add_test(tests, all_frames_with_the_ticks);
	tcase_add_loop_test(tests, newest_goes_on_without_ticks, 0, 2);
	tcase_add_test(tests, planes_lie_where_the_device_has_them);
	tcase_add_test(tests, the_graph_forces_colours);
	tcase_add_test(tests, colours_by_the_rules_for_nothing_said);
	tcase_add_test(tests, mjpg_is_decoded);
	tcase_add_loop_test(tests, mjpg_allocates_the_same_for_each_frame, 0, 2);
	tcase_add_loop_test(tests, only_mjpg_lifts_the_seal, 0, V4L2_WAY_COUNT);
	tcase_add_test(tests, mjpg_that_is_none);
	tcase_add_test(tests, probe_lists_cameras_with_all_they_give);
}

int main(void)
{
	return run_suite("v4l2", add);
}
