/*
 * tests/drivers/test_eglstream_screen.c: frames through an EGLStream to a
 * screen: the driver with its own thread, the fake libEGL, whose output layer
 * is the fake DRM device of tests/fakes/drm.h, in simulated time. What comes on
 * view, what is drawn in again and when, and what becomes of each call that
 * fails and of each thing that is lost.
 *
 * The stream's device is no CUDA: its ends are here. Both fakes note what is
 * forbidden; no test may do that. The driver's thread runs when the ticks wait
 * for it: sem_clockwait is ours.
 */
#define _GNU_SOURCE /* RTLD_NEXT */
#include <check.h>
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "drivers/display/drivers.h"
#include "runtime/cycle/slot.h"
#include "runtime/time/clock.h"
#include "tests/fakes/drm.h"
#include "tests/fakes/egl/card.h"
#include "tests/fakes/egl/report.h"
#include "tests/runtime/run_suite.h"

#define WIDTH	  640
#define HEIGHT	  480
#define PITCH	  (WIDTH * 4)
#define MARK	  64 /* bytes of a frame that a test draws: others are black */
#define CALLS_MAX 400

/* ---- the driver's thread, when it may run
 * ------------------------------------- */

static struct {
	pthread_mutex_t lock;
	sem_t *wake;  /* the helper waits for it; NULL: it works */
	bool retries; /* ... between two tries of a recovery */
	bool goes_on; /* its time has come */
} helper = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void nap(void)
{
	const struct timespec short_while = {.tv_nsec = 100000};

	nanosleep(&short_while, NULL);
}

/* One look at it. True: the wait is over, *error says how. */
static bool wait_is_over(sem_t *semaphore, int64_t left_ns, int *error)
{
	bool over = true;

	pthread_mutex_lock(&helper.lock);
	helper.wake = NULL;
	*error = 0;
	if (!sem_trywait(semaphore)) {
		;
	} else if (helper.goes_on) {
		helper.goes_on = false;
		fake_drm_pass(left_ns);
		errno = ETIMEDOUT;
		*error = -1;
	} else {
		helper.wake = semaphore;
		helper.retries = left_ns < 2 * NS_PER_SECOND;
		over = false;
	}
	pthread_mutex_unlock(&helper.lock);
	return over;
}

/* A main thread's short look at the helper takes real time. */
int sem_clockwait(sem_t *restrict semaphore, clockid_t clock,
		  const struct timespec *restrict until)
{
	int64_t left_ns =
		until->tv_sec * NS_PER_SECOND + until->tv_nsec - clock_now_ns();
	int error = 0;

	(void)clock;
	if (left_ns < 100 * NS_PER_MS) {
		nap();
		error = sem_trywait(semaphore);
		errno = error ? ETIMEDOUT : 0;
		return error;
	}
	while (!wait_is_over(semaphore, left_ns, &error))
		nap();
	return error;
}

/* Until the helper has nothing to do but wait. True: for its next try. */
static bool helper_rests(void)
{
	int value = 1;
	bool retries = false;

	while (value) {
		pthread_mutex_lock(&helper.lock);
		if (helper.wake && !helper.goes_on)
			sem_getvalue(helper.wake, &value);
		retries = helper.retries;
		pthread_mutex_unlock(&helper.lock);
		if (value)
			nap();
	}
	return retries;
}

/* Its next try, or its look at the screen. */
static void helper_goes_on(void)
{
	helper_rests();
	pthread_mutex_lock(&helper.lock);
	helper.goes_on = true;
	helper.wake = NULL;
	pthread_mutex_unlock(&helper.lock);
	helper_rests();
}

/* ---- a device that is a stream's producer
 * -------------------------------------- */

static int present_error, present_after; /* as many presents work before */

static bool device_can(void *context, char *line, size_t line_bytes)
{
	(void)context;
	(void)line;
	(void)line_bytes;
	return true;
}

static enum stream_status device_enter(void *context)
{
	(void)context;
	return STREAM_DONE;
}

static enum stream_status status_of(enum fake_stream_answer answer)
{
	if (answer == FAKE_STREAM_DONE)
		return STREAM_DONE;
	return answer == FAKE_STREAM_NOT_YET ? STREAM_NOT_YET : STREAM_REFUSED;
}

static void read_frame(const struct cuda_frame *frame, unsigned char *to)
{
	memcpy(to, frame->plane[0], (size_t)PITCH * HEIGHT);
}

static enum stream_status device_connect(void *context, enum stream_end which,
					 void *stream, const struct image *slot,
					 void **end, char *line,
					 size_t line_bytes)
{
	struct fake_stream *fake = stream;
	enum fake_stream_answer answer;

	(void)context;
	ck_assert(which == STREAM_PRODUCER);
	fake->read = read_frame;
	answer = fake->ops->connect(fake, false, (int)slot->width,
				    (int)slot->height);
	if (answer == FAKE_STREAM_DONE)
		*end = fake;
	else
		snprintf(line, line_bytes, "the fake says no");
	return status_of(answer);
}

static void device_disconnect(void *context, enum stream_end which, void **end)
{
	struct fake_stream *fake = *end;

	(void)context;
	ck_assert(which == STREAM_PRODUCER);
	*end = NULL;
	fake->ops->disconnect(fake, false);
}

static struct cuda_frame frame_of(unsigned char *base)
{
	return (struct cuda_frame){
		.plane = {base},
		.width = WIDTH,
		.height = HEIGHT,
		.pitch = PITCH,
	};
}

/* Tests draw the first bytes. */
static uint64_t hash_of(const struct cuda_frame *frame)
{
	const unsigned char *bytes = frame->plane[0];
	uint64_t hash = UINT64_C(0xcbf29ce484222325);
	size_t i;

	for (i = 0; i < MARK; i++)
		hash = (hash ^ bytes[i]) * UINT64_C(0x100000001b3);
	return hash;
}

static enum stream_status device_present(void *context, void **end,
					 const struct image *slot)
{
	struct cuda_frame frame = frame_of(slot->base);
	struct fake_stream *fake = *end;

	(void)context;
	if (present_error && present_after-- <= 0)
		return STREAM_REFUSED;
	return status_of(fake->ops->insert(fake, &frame, hash_of(&frame)));
}

static enum stream_status device_take_back(void *context, void **end,
					   unsigned char **base)
{
	struct fake_stream *fake = *end;
	struct cuda_frame frame = {.plane = {NULL}};
	enum fake_stream_answer answer = fake->ops->peek(fake, &frame);

	(void)context;
	*base = frame.plane[0];
	if (answer == FAKE_STREAM_DONE)
		fake->ops->take(fake, &frame, hash_of(&frame));
	return status_of(answer);
}

static int device_code(void *context)
{
	(void)context;
	return 999;
}

static const struct display_stream device_stream = {
	.device = 0,
	.can = device_can,
	.enter = device_enter,
	.connect = device_connect,
	.disconnect = device_disconnect,
	.present = device_present,
	.take_back = device_take_back,
	.code = device_code,
};

static unsigned char *device_alloc(void *context, size_t bytes)
{
	(void)context;
	return calloc(1, bytes);
}

static void device_free(void *context, unsigned char *base)
{
	(void)context;
	free(base);
}

static const struct display_memory device_memory = {
	.alloc = device_alloc,
	.free = device_free,
	.stream = &device_stream,
};

/* ---- libEGL and its card
 * --------------------------------------------------------- */

static bool
	gives_early; /* frames, before the flip that replaces them is over */

static bool card_is_pending(int fd)
{
	(void)fd;
	return fake_drm.pending && !gives_early;
}

static struct fake_card_ops card;
static char report_path[64];

/* The library's own file, whose layers are on our device. */
void *dlopen(const char *file, int mode)
{
	void *(*real)(const char *file, int mode);
	const struct fake_card_ops **ops;
	void *library;

	*(void **)&real = dlsym(RTLD_NEXT, "dlopen");
	if (!file || strcmp(file, "libEGL.so.1"))
		return real(file, mode);
	library = real(TEST_BUILD "/tests/fakes/egl/libEGL.so.1", mode);
	ck_assert_ptr_nonnull(library);
	ops = dlsym(library, "fake_egl_card");
	card = fake_card_ops;
	card.is_pending = card_is_pending;
	*ops = &card;
	return library;
}

static struct fake_egl_report egl_report(void)
{
	struct fake_egl_report report;
	FILE *file = fopen(report_path, "r");

	ck_assert_ptr_nonnull(file);
	ck_assert_uint_eq(fread(&report, sizeof(report), 1, file), 1);
	fclose(file);
	return report;
}

/* ---- a run
 * ---------------------------------------------------------------------- */

struct rig {
	struct display display;
	struct slots slots;
	char refusal[DISPLAY_REFUSAL_MAX];
	uint32_t shown, none, queued, busy, lost, no_slot;
	uint32_t drawn;
	int64_t tick_ns; /* period */
	enum display_status status;
	struct display_event event; /* the last that came on view */
};

static struct rig rig;

static void set_up(void)
{
	fake_drm_reset();
	fake_drm.mode_count = 0;
	fake_drm_add_mode(WIDTH, HEIGHT, 60);
	memset(&rig, 0, sizeof(rig));
	rig.tick_ns = FAKE_PERIOD_NS;
	present_error = 0;
	snprintf(report_path, sizeof(report_path), "/tmp/egl-screen-%d",
		 (int)getpid());
	setenv("FAKE_EGL_REPORT", report_path, 1);
	setenv("FAKE_EGL_DRM", "/dev/dri/card7", 1);
	setenv("FAKE_EGL_LAYERS", "crtc", 1);
	/* looks of the test's main thread, of 0.1 ms */
	setenv("TICKLINE_GPU_PATIENCE_MS", "600000000", 1);
}

static void tear_down(void)
{
	unlink(report_path);
}

static int open_as(const char *settings, uint32_t width, uint32_t height)
{
	const struct display_config config = {
		.width = width,
		.height = height,
		.rate_num = 60,
		.rate_den = 1,
		.settings = settings,
		.memory = &device_memory,
		.refusal = rig.refusal,
	};

	rig.display.ops = &eglstream_display;
	return eglstream_display.open(&rig.display, &config);
}

static int open_and_start(const char *settings)
{
	int error = open_as(settings, WIDTH, HEIGHT);

	if (error)
		return error;
	slots_init(&rig.slots, rig.display.slot_count);
	slots_take(&rig.slots);
	error = eglstream_display.start(&rig.display, 0);
	if (error) {
		eglstream_display.close(&rig.display);
		return error;
	}
	slot_move(&rig.slots, 0, SLOT_QUEUED);
	slot_move(&rig.slots, 0, SLOT_SHOWN);
	return 0;
}

/* What a plane shows is the frame drawn then. */
static void check_view(uint32_t drawn)
{
	const struct fake_fb *fb = fake_drm_shown(FAKE_PRIMARY);

	ck_assert_ptr_nonnull(fb);
	ck_assert_uint_eq(fb->width, WIDTH);
	ck_assert_msg(fb->memory[0] == (unsigned char)drawn,
		      "frame %u is on view, not %u", fb->memory[0], drawn);
}

static void take_events(void)
{
	struct display_event event;

	while (eglstream_display.on_event(&rig.display, &event)) {
		if (event.kind == DISPLAY_EVENT_RELEASED) {
			slot_move(&rig.slots, event.slot, SLOT_FREE);
			continue;
		}
		rig.event = event;
		slot_move(&rig.slots, event.slot, SLOT_SHOWN);
		rig.shown++;
		rig.none += event.stamp == DISPLAY_STAMP_NONE;
	}
}

static void tick(void)
{
	const int64_t end_ns = fake_drm.now_ns + rig.tick_ns;
	const struct frame frame = {.age_ns = FRAME_AGE_NONE};
	uint32_t slot;

	helper_rests();
	take_events();
	helper_rests();
	slot = slots_take(&rig.slots);
	if (slot == SLOT_NONE) {
		rig.no_slot++;
	} else {
		memset(rig.display.slot[slot].base, (int)++rig.drawn, MARK);
		rig.status =
			eglstream_display.present(&rig.display, slot, &frame);
		slot_move(&rig.slots, slot,
			  rig.status == DISPLAY_QUEUED ? SLOT_QUEUED
						       : SLOT_FREE);
		rig.queued += rig.status == DISPLAY_QUEUED;
		rig.busy += rig.status == DISPLAY_BUSY;
		rig.lost += rig.status == DISPLAY_LOST;
	}
	helper_rests();
	fake_drm_pass(end_ns - fake_drm.now_ns);
}

static void ticks(uint32_t count)
{
	while (count--)
		tick();
}

static enum display_state state(void)
{
	return (enum display_state)atomic_load(&rig.display.health.state);
}

static void running(const char *settings)
{
	set_up();
	ck_assert_msg(!open_and_start(settings), "%s", rig.refusal);
	fake_drm_pass(FAKE_PERIOD_NS / 2);
	ticks(20);
}

/* Frames go through again. */
static void check_goes_on(void)
{
	uint32_t shown = rig.shown, drawn;

	ticks(60);
	ck_assert_msg(state() == DISPLAY_STATE_RUNNING, "%s",
		      display_state_name(state()));
	ck_assert_uint_ge(rig.shown, shown + 55);
	drawn = rig.drawn;
	check_view(drawn);
}

static void check_end(void)
{
	struct fake_egl_report report;

	eglstream_display.close(&rig.display);
	report = egl_report();
	ck_assert_msg(!report.misuse_count, "misused: %s", report.misuse);
	ck_assert_msg(!report.streams && !report.ends && !report.displays,
		      "%u streams, %u ends, %u displays not given back",
		      report.streams, report.ends, report.displays);
	ck_assert_msg(
		fake_drm_is_clean(),
		"left: %d files, %d maps, %d framebuffers, %d handles, %d "
		"blobs, %d objects",
		fake_drm.fds, fake_drm.maps, fake_drm.fbs, fake_drm.handles,
		fake_drm.blobs, fake_drm.objects);
	tear_down();
}

/* ---- all is well
 * ------------------------------------------------------------------ */

static const struct {
	const char *settings;
	enum fake_vblank vblank;
	enum display_stamp stamp;
} kinds[] = {
	{NULL, FAKE_VBLANK, DISPLAY_STAMP_HARDWARE},
	{"fifo=1", FAKE_VBLANK, DISPLAY_STAMP_HARDWARE},
	{"fifo=2,connector=HDMI-A-1", FAKE_NO_VBLANK, DISPLAY_STAMP_SOFTWARE},
	{"device=/dev/dri/card7", FAKE_NO_DISPLAY, DISPLAY_STAMP_AT_ONCE},
};

START_TEST(every_frame_comes_on_view)
{
	uint32_t i;

	set_up();
	fake_drm.vblank = kinds[_i].vblank;
	ck_assert_msg(!open_and_start(kinds[_i].settings), "%s", rig.refusal);
	ck_assert_uint_eq(rig.display.refresh_num / rig.display.refresh_den,
			  60);
	fake_drm_pass(FAKE_PERIOD_NS / 2);
	for (i = 0; i < 2000; i++) {
		tick();
		check_view(rig.drawn);
	}
	ck_assert_uint_eq(rig.queued, 2000);
	ck_assert_uint_eq(rig.shown, 1999);
	ck_assert_uint_eq(rig.event.stamp, kinds[_i].stamp);
	/* the kernel's time of the refresh, not ours of the look */
	if (kinds[_i].vblank != FAKE_NO_DISPLAY)
		ck_assert_int_lt(rig.event.time_ns,
				 fake_drm.now_ns - FAKE_PERIOD_NS);
	check_end();
}
END_TEST

/* Twice as many ticks as refreshes: what was not acquired is replaced, and
 * comes back; nothing that is on view or pending does. */
START_TEST(a_mailbox_shows_the_newest)
{
	running(NULL);
	rig.tick_ns = FAKE_PERIOD_NS / 2;
	ticks(400);
	ck_assert_uint_ge(rig.shown, 19 + 190);
	ck_assert_uint_le(rig.shown, 19 + 210);
	ck_assert_uint_eq(rig.lost, 0);
	check_end();
}
END_TEST

/* The library may know of a flip before its event is read. */
START_TEST(what_comes_back_early_is_on_view_until_the_event)
{
	gives_early = true;
	running(NULL);
	rig.tick_ns = FAKE_PERIOD_NS / 2;
	ticks(400);
	ck_assert_uint_ge(rig.shown, 19 + 190);
	ck_assert_uint_eq(rig.lost, 0);
	ck_assert_uint_eq(atomic_load(&rig.display.health.errors), 0);
	check_end();
}
END_TEST

/* Without flip events a frame counts as shown at the next tick. */
static const char *const unpaced[] = {
	"FAKE_EGL_LAYERS=plane",
	"FAKE_EGL_MISSING=EGL_NV_output_drm_flip_event",
};

START_TEST(without_flip_events_the_ticks_pace)
{
	set_up();
	putenv((char *)(uintptr_t)unpaced[_i]);
	ck_assert_msg(!open_and_start(NULL), "%s", rig.refusal);
	fake_drm_pass(FAKE_PERIOD_NS / 2);
	ticks(100);
	check_view(rig.drawn);
	ck_assert_uint_eq(rig.shown, 99);
	ck_assert_uint_eq(rig.event.stamp, DISPLAY_STAMP_AT_ONCE);
	ck_assert_int_eq(rig.display.event_fd, -1);
	check_end();
}
END_TEST

/* ---- refusals
 * ----------------------------------------------------------------------- */

static const struct {
	const char *variable, *settings;
	uint32_t width;
	int error;
	const char *words;
} refusals[] = {
	{"FAKE_EGL_MISSING=EGL_EXT_device_drm", NULL, WIDTH, -ENODEV,
	 "no DRM file (EGL_EXT_device_drm)"},
	{"FAKE_EGL_MISSING=EGL_EXT_output_base", NULL, WIDTH, -ENOTSUP,
	 "no EGL_EXT_output_base:"},
	{"FAKE_EGL_MISSING=EGL_EXT_output_drm", NULL, WIDTH, -ENOTSUP,
	 "no EGL_EXT_output_drm:"},
	{"FAKE_EGL_MISSING=EGL_EXT_stream_consumer_egloutput", NULL, WIDTH,
	 -ENOTSUP, "no EGL_EXT_stream_consumer_egloutput:"},
	{"FAKE_EGL_MISSING=EGL_EXT_stream_acquire_mode", NULL, WIDTH, -ENOTSUP,
	 "no EGL_EXT_stream_acquire_mode:"},
	{"FAKE_EGL_MISSING=EGL_NV_stream_attrib", NULL, WIDTH, -ENOTSUP,
	 "no EGL_NV_stream_attrib:"},
	{"FAKE_EGL_DRM=/dev/dri/card3", "device=/dev/dri/card7", WIDTH, -ENODEV,
	 "/dev/dri/card7 (fake) is not the CUDA device's, which is "
	 "/dev/dri/card3"},
	{"FAKE_EGL_DRM=/dev/dri/card3", NULL, WIDTH, -ENODEV, "/dev/dri/card3"},
	{"FAKE_EGL_DEVICES=1", NULL, WIDTH, -ENODEV,
	 "of 1 EGLDevices none is CUDA device 0"},
	{"A=1", NULL, 320, -ENOTSUP,
	 "the frame, 320x480, is not of the size of mode 640x480@"},
	{"A=1", "connector=DP-1", WIDTH, -ENODEV, "no connector DP-1"},
	{"A=1", "device=other", WIDTH, -ENODEV, "other"},
};

START_TEST(an_open_is_refused_and_leaves_nothing)
{
	int error;

	set_up();
	putenv((char *)(uintptr_t)refusals[_i].variable);
	error = open_as(refusals[_i].settings, refusals[_i].width, HEIGHT);
	ck_assert_msg(error == refusals[_i].error &&
			      strstr(rig.refusal, refusals[_i].words),
		      "%d: %s", error, rig.refusal);
	ck_assert(fake_drm_is_clean());
	ck_assert_uint_eq(fake_drm.shows, 0); /* the picture stays as it is */
	tear_down();
}
END_TEST

/* Where the layer does not come, the picture of before does. */
START_TEST(a_start_without_a_layer_is_refused)
{
	set_up();
	unsetenv("FAKE_EGL_LAYERS");
	ck_assert_int_eq(open_and_start(NULL), -ENODEV);
	ck_assert(fake_drm_is_clean());
	ck_assert_uint_eq(egl_report().misuse_count, 0);
	ck_assert_ptr_null(fake_drm_shown(FAKE_PRIMARY));
	tear_down();
}
END_TEST

START_TEST(another_master_is_refused)
{
	set_up();
	fake_drm.other_master = true;
	ck_assert_int_eq(open_and_start(NULL), -EBUSY);
	ck_assert_ptr_nonnull(strstr(rig.refusal, "master"));
	ck_assert(fake_drm_is_clean());
	tear_down();
}
END_TEST

/* ---- each call fails
 * -------------------------------------------------------------- */

/* One a process: the library reads its environment once. */
START_TEST(each_call_of_the_kernel_may_fail_at_start)
{
	int call = _i + 1, error;

	set_up();
	fake_drm.fail_at = call;
	fake_drm.vblank = call % 2 ? FAKE_VBLANK : FAKE_NO_VBLANK;
	error = open_and_start(NULL);
	if (error) {
		ck_assert_msg(fake_drm_is_clean(), "call %d", call);
		ck_assert_uint_eq(egl_report().misuse_count, 0);
		tear_down();
		return;
	}
	fake_drm_pass(FAKE_PERIOD_NS / 2);
	ticks(5);
	fake_drm.fail_at = 0; /* it may have been a frame's */
	ticks(3);
	check_view(rig.drawn);
	check_end();
}
END_TEST

START_TEST(each_call_of_egl_may_fail_at_start)
{
	char variable[64];
	struct fake_egl_report report;

	set_up();
	snprintf(variable, sizeof(variable), "FAKE_EGL_FAIL=*:0x3003:%d",
		 _i + 1);
	putenv(variable);
	if (!open_and_start(NULL)) {
		ticks(5);
		eglstream_display.close(&rig.display);
	}
	report = egl_report();
	if (!report.streams) /* else the call that was to end it failed */
		ck_assert_msg(!report.misuse_count, "call %d: %s", _i + 1,
			      report.misuse);
	/* the card's own are given back with the display */
	if (report.injected && report.displays) {
		ck_assert_uint_ge(report.calls[EGLSTREAM_CALL_terminate], 1);
	} else {
		ck_assert_msg(fake_drm_is_clean(), "call %d", _i + 1);
	}
	tear_down();
}
END_TEST

/* The same in a recovery: it is tried again, and ends well. */
START_TEST(each_call_of_the_kernel_may_fail_in_a_recovery)
{
	int tries;

	running(NULL);
	fake_drm.status = DRM_MODE_DISCONNECTED;
	helper_goes_on(); /* it looks */
	tick();
	ck_assert_uint_eq(state(), DISPLAY_STATE_NO_SINK);
	fake_drm.status = DRM_MODE_CONNECTED;
	fake_drm.fail_at = fake_drm.calls + _i + 1;
	for (tries = 0; tries < 4 && helper_rests(); tries++)
		helper_goes_on();
	ck_assert(!helper_rests());
	fake_drm.fail_at = 0;
	check_goes_on();
	check_end();
}
END_TEST

/* ---- what is lost, and what comes back
 * ------------------------------------------------ */

START_TEST(a_screen_that_is_unplugged_is_waited_for)
{
	uint32_t lost;

	running(NULL);
	fake_drm.status = DRM_MODE_DISCONNECTED;
	helper_goes_on();
	tick();
	ck_assert_uint_eq(state(), DISPLAY_STATE_NO_SINK);
	lost = rig.lost;
	ticks(30);
	ck_assert_uint_eq(rig.lost, lost + 30);
	helper_goes_on();
	ck_assert_uint_eq(state(), DISPLAY_STATE_NO_SINK);
	fake_drm.status = DRM_MODE_CONNECTED;
	helper_goes_on();
	check_goes_on();
	ck_assert_uint_eq(atomic_load(&rig.display.health.losses), 1);
	check_end();
}
END_TEST

START_TEST(a_master_that_is_lost_is_waited_for)
{
	running(NULL);
	fake_drm.other_master = true;
	tick();
	ck_assert_uint_eq(state(), DISPLAY_STATE_NO_MASTER);
	helper_goes_on();
	ticks(10);
	ck_assert_uint_eq(state(), DISPLAY_STATE_NO_MASTER);
	fake_drm.other_master = false;
	helper_goes_on();
	check_goes_on();
	check_end();
}
END_TEST

START_TEST(a_device_that_is_gone_is_opened_again)
{
	running(NULL);
	fake_drm.gone = true;
	tick();
	ck_assert_uint_eq(state(), DISPLAY_STATE_GONE);
	helper_goes_on();
	ticks(10);
	fake_drm.gone = false;
	helper_goes_on();
	check_goes_on();
	check_end();
}
END_TEST

START_TEST(a_flip_that_never_ends_builds_the_stream_again)
{
	running(NULL);
	fake_drm.lose_events = true;
	ticks(12);
	ck_assert_uint_eq(atomic_load(&rig.display.health.stalls), 1);
	fake_drm.lose_events = false;
	while (helper_rests())
		helper_goes_on();
	check_goes_on();
	check_end();
}
END_TEST

/* Five builds in a row: it is given up, with the picture of before. */
START_TEST(flips_that_never_end_are_given_up)
{
	running(NULL);
	fake_drm.lose_events = true;
	ticks(12);
	while (helper_rests())
		helper_goes_on();
	ticks(3);
	ck_assert_uint_eq(rig.status, DISPLAY_FAILED);
	ck_assert_uint_eq(state(), DISPLAY_STATE_FAILED);
	fake_drm.lose_events = false;
	check_end();
}
END_TEST

static const struct {
	const char *variable;
	uint32_t lost_max; /* frames */
	enum display_state end;
} faults[] = {
	/* one frame's acquire: it is shown a tick later */
	{"FAKE_EGL_FAIL=eglStreamConsumerAcquireAttribNV:0x3002:9", 2,
	 DISPLAY_STATE_RUNNING},
	{"FAKE_EGL_FAIL=eglStreamConsumerAcquireAttribNV:0x3353:9", 0,
	 DISPLAY_STATE_RUNNING},
	{"FAKE_EGL_FAIL=eglStreamConsumerAcquireAttribNV:0x321C:9", 2,
	 DISPLAY_STATE_RUNNING},
	/* for good */
	{"FAKE_EGL_FAIL=eglStreamConsumerAcquireAttribNV:0x3002:9+", UINT32_MAX,
	 DISPLAY_STATE_FAILED},
	{"FAKE_EGL_FAIL=eglStreamConsumerAcquireAttribNV:0x3353:9+", UINT32_MAX,
	 DISPLAY_STATE_FAILED},
	{"FAKE_EGL_FAIL=eglCreateStreamKHR:0x3003:2+", 0,
	 DISPLAY_STATE_RUNNING}, /* nobody needs another */
	/* the stream ends, once and again */
	{"FAKE_EGL_GONE=12", 5, DISPLAY_STATE_RUNNING},
	{"FAKE_EGL_GONE=12,40", 10, DISPLAY_STATE_RUNNING},
	/* it keeps what was on view */
	{"FAKE_EGL_STUCK=12", UINT32_MAX, DISPLAY_STATE_RUNNING},
	{"FAKE_EGL_LATE=1", 0, DISPLAY_STATE_RUNNING},
	{"FAKE_EGL_LATE=2", 0, DISPLAY_STATE_RUNNING},
};

START_TEST(a_fault_of_egl_has_its_end)
{
	uint32_t i;

	set_up();
	putenv((char *)(uintptr_t)faults[_i].variable);
	ck_assert_msg(!open_and_start(NULL), "%s", rig.refusal);
	fake_drm_pass(FAKE_PERIOD_NS / 2);
	for (i = 0; i < 400; i++) {
		tick();
		while (helper_rests())
			helper_goes_on();
	}
	ck_assert_msg(state() == faults[_i].end, "%s",
		      display_state_name(state()));
	ck_assert_uint_le(rig.lost, faults[_i].lost_max);
	if (faults[_i].end == DISPLAY_STATE_FAILED)
		ck_assert_uint_eq(rig.status, DISPLAY_FAILED);
	check_end();
}
END_TEST

START_TEST(presents_that_are_refused_build_the_stream_again)
{
	running(NULL);
	present_error = 1;
	present_after = 0;
	ticks(4);
	while (helper_rests())
		helper_goes_on();
	ticks(2);
	ck_assert_uint_eq(state(), DISPLAY_STATE_FAILED);
	check_end();
}
END_TEST

/* What was on view before the program is again at its end. */
START_TEST(the_picture_of_before_comes_back)
{
	uint32_t mode;

	running(NULL);
	mode = (uint32_t)fake_drm_value(FAKE_CRTC, "MODE_ID");
	ck_assert_uint_ne(mode, 0);
	check_end();
	ck_assert_uint_eq(fake_drm_value(FAKE_CRTC, "ACTIVE"), 0);
}
END_TEST

#define COUNT(rows) ((int)(sizeof(rows) / sizeof((rows)[0])))

static void add_tests(TCase *tests)
{
	tcase_add_loop_test(tests, every_frame_comes_on_view, 0, COUNT(kinds));
	tcase_add_test(tests, a_mailbox_shows_the_newest);
	tcase_add_test(tests, what_comes_back_early_is_on_view_until_the_event);
	tcase_add_loop_test(tests, without_flip_events_the_ticks_pace, 0,
			    COUNT(unpaced));
	tcase_add_loop_test(tests, an_open_is_refused_and_leaves_nothing, 0,
			    COUNT(refusals));
	tcase_add_test(tests, a_start_without_a_layer_is_refused);
	tcase_add_test(tests, another_master_is_refused);
	tcase_add_loop_test(tests, each_call_of_the_kernel_may_fail_at_start, 0,
			    150);
	tcase_add_loop_test(tests, each_call_of_egl_may_fail_at_start, 0, 60);
	tcase_add_loop_test(
		tests, each_call_of_the_kernel_may_fail_in_a_recovery, 0, 60);
	tcase_add_test(tests, a_screen_that_is_unplugged_is_waited_for);
	tcase_add_test(tests, a_master_that_is_lost_is_waited_for);
	tcase_add_test(tests, a_device_that_is_gone_is_opened_again);
	tcase_add_test(tests, a_flip_that_never_ends_builds_the_stream_again);
	tcase_add_test(tests, flips_that_never_end_are_given_up);
	tcase_add_loop_test(tests, a_fault_of_egl_has_its_end, 0,
			    COUNT(faults));
	tcase_add_test(tests, presents_that_are_refused_build_the_stream_again);
	tcase_add_test(tests, the_picture_of_before_comes_back);
}

int main(void)
{
	return run_suite("eglstream screen", add_tests);
}
