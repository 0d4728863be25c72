/*
 * tests/e2e/test_eglstream.c: programs whose frames go through an EGLStream, on
 * the fake libcuda and the fake libEGL: what the consumer gets, and what becomes
 * of a run when calls fail, a stream ends or gives nothing back.
 *
 * Both fakes note what the specification forbids: no run here may.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runtime/base/exit_status.h"
#include "tests/fakes/egl/report.h"
#include "tests/lib/fake_cuda.h"
#include "tests/lib/report.h"
#include "tests/lib/scratch.h"
#include "tests/lib/suite.h"

#define FAKES "LD_LIBRARY_PATH=" TEST_BUILD "/tests/fakes/cuda:" TEST_BUILD
#define WITH_EGL    FAKES "/tests/fakes/egl"
#define WITH_OTHER  FAKES "/tests/fakes/egl-other"
#define TRIAL	    4 /* frames that go through a stream when it is built */
#define CALLS_MAX   200
#define CUDA_ENDS   "consumer=cuda"
#define STREAM_CUDA "eglstream," CUDA_ENDS
#define TO_GLES	    "consumer=gles"
#define FROM_GLES   "consumer=cuda,producer=gles"
#define ALL_GLES    "consumer=gles,producer=gles"

static struct fake_egl_report egl_report(void)
{
	struct fake_egl_report report;
	char *path = scratch_path("egl-report");
	FILE *file = fopen(path, "r");

	ck_assert_msg(file, "the fake libEGL was not loaded");
	ck_assert_uint_eq(fread(&report, sizeof(report), 1, file), 1);
	ck_assert_uint_eq(report.magic, FAKE_EGL_MAGIC);
	fclose(file);
	free(path);
	return report;
}

static void check_egl_clean(const char *what)
{
	struct fake_egl_report report = egl_report();

	ck_assert_msg(!report.misuse_count, "%s: misused: %s", what,
		      report.misuse);
	ck_assert_msg(!report.streams && !report.ends && !report.displays,
		      "%s: %u streams, %u ends, %u displays not given back",
		      what, report.streams, report.ends, report.displays);
}

/* One run, with two variables at most ("": none). */
struct run {
	const char *program, *display, *first, *second;
	const char *clock, *ticks;
	const char *backend; /* NULL: cuda */
	const char *digest;  /* NULL: none */
};

static int run_egl(struct process *process, const struct run *run)
{
	char variable[600], *path = scratch_path("egl-report");
	int status;

	unlink(path);
	snprintf(variable, sizeof(variable), "FAKE_EGL_REPORT=%s", path);
	free(path);
	status = fake_cuda_run(
		process, run->program,
		FAKE_CUDA_WORDS(WITH_EGL, variable, "FAKE_CUDA_DELAY_US=0",
				run->first && *run->first ? run->first : "A=1",
				run->second && *run->second ? run->second
							    : "B=1"),
		FAKE_CUDA_WORDS("--backend", run->backend ? run->backend : "cuda",
				"--display", run->display, "--clock",
				run->clock, "--ticks", run->ticks, "--nominal",
				"--report", "json", "--digest",
				run->digest ? run->digest : "/dev/null"));
	return status;
}

/* ---- what the consumer gets -------------------------------------------------- */

static const struct got_row {
	const char *program, *settings, *clock, *ticks, *first, *second;
	int least; /* pictures that the consumer gets */
	const char *ends;
	int turned; /* the trial's first frame goes in twice */
} got[] = {
	{"cuda-small", "fifo=0", "free", "300", "", "", 298, CUDA_ENDS, 0},
	{"cuda-small", "fifo=1", "free", "300", "", "", 296, CUDA_ENDS, 0},
	{"cuda-small", "fifo=3", "free", "300", "", "", 296, CUDA_ENDS, 0},
	/* a consumer that is slower */
	{"cuda-small", "fifo=0,every=3", "free", "300", "", "", 99, CUDA_ENDS, 0},
	{"cuda-small", "fifo=1,every=3", "free", "300", "", "", 99, CUDA_ENDS, 0},
	{"cuda-small", "fifo=3,every=3", "free", "300", "", "", 99, CUDA_ENDS, 0},
	/* slots come back late, in another order */
	{"cuda-small", "fifo=0", "free", "300", "FAKE_EGL_LATE=2",
	 "FAKE_EGL_REORDER=1", 75, CUDA_ENDS, 0},
	{"cuda-small", "fifo=3,every=2", "free", "300", "FAKE_EGL_LATE=1",
	 "FAKE_EGL_REORDER=1", 75, CUDA_ENDS, 0},
	/* a tick each; how many are skipped is the machine's affair */
	{"cuda-small", "fifo=0", "timer", "60", "", "", 1, CUDA_ENDS, 0},
	{"cuda-pipeline", "fifo=1", "timer", "60", "", "", 1, CUDA_ENDS, 0},
	/* a sink of three */
	{"cuda-sinks", "fifo=0", "free", "60", "", "", 58, CUDA_ENDS, 0},
	{"demo-480p", "fifo=1", "free", "24", "", "", 20, CUDA_ENDS, 0},
	/* GLES as the consumer, the producer, both */
	{"cuda-small", "fifo=0", "free", "120", "", "", 116, TO_GLES, 0},
	{"cuda-small", "fifo=3,every=3", "free", "120", "", "", 39, TO_GLES, 0},
	{"cuda-small", "fifo=0", "free", "120", "", "", 116, FROM_GLES, 0},
	{"cuda-small", "fifo=1", "free", "120", "", "", 116, FROM_GLES, 0},
	{"cuda-small", "fifo=3,every=3", "free", "120", "", "", 39, FROM_GLES, 0},
	{"cuda-small", "fifo=0", "free", "120", "", "", 116, ALL_GLES, 0},
	{"cuda-small", "fifo=3", "free", "120", "", "", 116, ALL_GLES, 0},
	{"cuda-pipeline", "fifo=1", "timer", "60", "", "", 1, TO_GLES, 0},
	{"cuda-pipeline", "fifo=1", "timer", "60", "", "", 1, FROM_GLES, 0},
	{"demo-480p", "fifo=1", "free", "24", "", "", 20, ALL_GLES, 0},
	/* a driver that hands a surface's last row out first */
	{"cuda-small", "fifo=1", "free", "60", "FAKE_EGL_BOTTOM_UP=1", "", 56,
	 FROM_GLES, 1},
	{"cuda-small", "fifo=1", "free", "60", "FAKE_EGL_BOTTOM_UP=1", "", 56,
	 ALL_GLES, 1},
};
#define GOT_COUNT ((int)(sizeof(got) / sizeof(got[0])))

static void check_got(const struct got_row *row, const char *path,
		      const struct digest *all)
{
	struct digest digest = digest_read(path);
	size_t i;

	ck_assert_msg((int)digest.count >= row->least, "%s %s: %zu pictures",
		      row->program, row->settings, digest.count);
	for (i = 0; i < digest.count; i++)
		ck_assert_msg(digest.lines[i].hash ==
				      all->lines[digest.lines[i].tick].hash,
			      "%s %s: the picture of tick %llu is another",
			      row->program, row->settings,
			      (unsigned long long)digest.lines[i].tick);
	digest_free(&digest);
}

/* Frames: those of the ledger and those of the trial, and none twice. */
static void check_counts(const json_t *report, const struct got_row *row)
{
	struct fake_egl_report egl = egl_report();
	int64_t shown;

	report_check_sum(report);
	shown = report_int(report, "presented") + report_int(report, "late");
	ck_assert_int_eq((int64_t)egl.inserted, shown + TRIAL + row->turned);
	ck_assert_uint_le(egl.acquired + egl.replaced, egl.inserted);
	ck_assert_uint_le(egl.taken_back, egl.acquired + egl.replaced);
	ck_assert_uint_eq(egl.streams_made, 1);
	if (strstr(row->settings, "fifo=3,every=3"))
		ck_assert_uint_ge(egl.waiting_max, 2);
	if (strstr(row->settings, "fifo=0"))
		ck_assert_uint_eq(egl.waiting_max, 1);
	if (strstr(row->settings, "fifo=1"))
		ck_assert_uint_eq(egl.waiting_max, 1);
}

START_TEST(the_consumer_gets_the_frame_of_each_tick)
{
	const struct got_row *row = &got[_i];
	char *whole = scratch_path("whole"), *path = scratch_path("got");
	char display[700];
	struct run run = {.program = row->program,
			  .display = "headless",
			  .clock = "free",
			  .ticks = row->ticks,
			  .backend = "cpu",
			  .digest = whole};
	struct process process;
	struct digest all;
	json_t *report;
	int status = run_egl(&process, &run);

	ck_assert_msg(!status, "status %d: %s", status, process.err);
	process_finish(&process);
	all = digest_read(whole);
	snprintf(display, sizeof(display), "%seglstream,%s,%s,digest=%s",
		 strcmp(row->program, "cuda-sinks") ? "" : "screen:",
		 row->ends, row->settings, path);
	run = (struct run){row->program, display,    row->first, row->second,
			   row->clock,	 row->ticks, NULL,	 NULL};
	status = run_egl(&process, &run);
	ck_assert_msg(!status, "status %d: %s", status, process.err);
	report = report_parse(process.out);
	check_counts(report, row);
	check_got(row, path, &all);
	ck_assert_int_eq(report_int(report, "sinks.0.errors"), 0);
	json_decref(report);
	process_finish(&process);
	fake_cuda_check_clean();
	check_egl_clean(row->settings);
	digest_free(&all);
	free(path);
	free(whole);
}
END_TEST

START_TEST(the_tick_thread_allocates_nothing)
{
	const struct run run = {
		.program = "cuda-small-trap",
		.display = STREAM_CUDA ",fifo=1,digest=/dev/null,nth=3",
		.first = "FAKE_CUDA_KERNELS=" TEST_BUILD
			 "/tests/cuda/cuda-small.kernels.so",
		.clock = "free",
		.ticks = "200",
	};
	struct process process;
	int status = run_egl(&process, &run);

	ck_assert_msg(!status, "status %d: %s", status, process.err);
	process_finish(&process);
	check_egl_clean("trap");
}
END_TEST

/* ---- refusals ------------------------------------------------------------------ */

static const struct refusal_row {
	const char *display, *variable, *backend;
	enum exit_status status;
	const char *words; /* in the one line on stderr */
} refusals[] = {
	{STREAM_CUDA, "LD_LIBRARY_PATH=" TEST_BUILD "/tests/fakes/cuda", "cpu",
	 EXIT_STATUS_MACHINE, "use --backend cuda"},
	{STREAM_CUDA, WITH_OTHER, "cuda", EXIT_STATUS_MACHINE,
	 "is not EGL's, it has no eglGetProcAddress"},
	{"eglstream", "", "cuda", EXIT_STATUS_NO_DEVICE,
	 "no output layer: CUDA device 0 has no DRM file (EGL_EXT_device_drm): no "
	 "screen belongs to it, or nvidia-drm is without mode setting: put the "
	 "line `options nvidia-drm modeset=1`"},
	{"eglstream", "FAKE_EGL_DRM=/dev/dri/none", "cuda",
	 EXIT_STATUS_NO_DEVICE, "/dev/dri/none"},
	{STREAM_CUDA ",device=/dev/dri/card0", "", "cuda", EXIT_STATUS_USAGE,
	 "device and connector are a screen's"},
	{"eglstream,connector=", "", "cuda", EXIT_STATUS_USAGE,
	 "connector=: it takes a connector's name"},
	{STREAM_CUDA, "FAKE_EGL_MISSING=EGL_EXT_platform_device", "cuda",
	 EXIT_STATUS_MACHINE, "no EGL_EXT_platform_device: libEGL.so.1 does"},
	{STREAM_CUDA, "FAKE_EGL_MISSING=EGL_KHR_stream", "cuda",
	 EXIT_STATUS_MACHINE, "no EGL_KHR_stream: the EGLDisplay does not"},
	{STREAM_CUDA ",fifo=1", "FAKE_EGL_MISSING=EGL_KHR_stream_fifo", "cuda",
	 EXIT_STATUS_MACHINE, "no EGL_KHR_stream_fifo: the EGLDisplay"},
	{STREAM_CUDA, "FAKE_EGL_MISSING=EGL_NV_stream_reset", "cuda",
	 EXIT_STATUS_MACHINE, "no EGL_NV_stream_reset: the EGLDisplay"},
	{STREAM_CUDA, "FAKE_EGL_DEVICES=", "cuda", EXIT_STATUS_NO_DEVICE,
	 "of 0 EGLDevices none is a CUDA device"},
	{STREAM_CUDA, "FAKE_EGL_DEVICES=-1,-1", "cuda", EXIT_STATUS_NO_DEVICE,
	 "of 2 EGLDevices none is a CUDA device"},
	{STREAM_CUDA, "FAKE_EGL_DEVICES=-1,1", "cuda", EXIT_STATUS_NO_DEVICE,
	 "of 2 EGLDevices none is CUDA device 0"},
	{STREAM_CUDA, "FAKE_CUDA_MISSING=cuEGLStreamProducerReturnFrame",
	 "cuda", EXIT_STATUS_MACHINE, "no cuEGLStreamProducerReturnFrame"},
	{STREAM_CUDA, "FAKE_EGL_GONE=2", "cuda", EXIT_STATUS_NO_DEVICE,
	 "slot 1 has not gone through the stream: it cannot be presented (CUDA "
	 "answered 999)"},
	{STREAM_CUDA, "FAKE_EGL_STUCK=3", "cuda", EXIT_STATUS_NO_DEVICE,
	 "slot 2 has not gone through the stream: it is not given back (CUDA "
	 "answered 702)"},
	{STREAM_CUDA ",digest=/nonexistent/file", "", "cuda",
	 EXIT_STATUS_USAGE, "digest=/nonexistent/file cannot be written: No"},
	{"eglstream,consumer=vulkan", "", "cuda", EXIT_STATUS_USAGE,
	 "consumer=vulkan: it takes cuda or gles"},
	{"eglstream,producer=vulkan", "", "cuda", EXIT_STATUS_USAGE,
	 "producer=vulkan: it takes cuda or gles"},
	{"eglstream," TO_GLES,
	 "FAKE_EGL_MISSING=EGL_KHR_stream_consumer_gltexture", "cuda",
	 EXIT_STATUS_MACHINE, "no EGL_KHR_stream_consumer_gltexture: the "},
	{"eglstream," FROM_GLES,
	 "FAKE_EGL_MISSING=EGL_KHR_stream_producer_eglsurface", "cuda",
	 EXIT_STATUS_MACHINE, "no EGL_KHR_stream_producer_eglsurface: the "},
	{"eglstream," FROM_GLES, "FAKE_EGL_GL_FAIL=glCompileShader:2", "cuda",
	 EXIT_STATUS_MACHINE, "GLES: a shader does not compile: "},
	{"eglstream," TO_GLES, "FAKE_EGL_GL_FAIL=glLinkProgram:1", "cuda",
	 EXIT_STATUS_MACHINE, "GLES: a program does not link: use producer=cuda"},
	{"eglstream," TO_GLES, "FAKE_EGL_GL_FAIL=glTexStorage2D:1", "cuda",
	 EXIT_STATUS_MACHINE, "use "},
	{"eglstream," FROM_GLES, "FAKE_EGL_GL_FAIL=glTexStorage2D:1", "cuda",
	 EXIT_STATUS_NO_DEVICE, "GLES: a texture: GL error 0x505"},
	{"eglstream," FROM_GLES,
	 "FAKE_CUDA_FAIL=cuGraphicsEGLRegisterImage:801:1", "cuda",
	 EXIT_STATUS_MACHINE,
	 "CUDA cannot write GLES's texture: cuGraphicsEGLRegisterImage: CUDA "
	 "error 801: use producer=cuda"},
	{STREAM_CUDA ",fifo=9", "", "cuda", EXIT_STATUS_USAGE,
	 "fifo=9: it takes 0 to 8"},
	{STREAM_CUDA ",fifo", "", "cuda", EXIT_STATUS_USAGE,
	 "fifo=: it takes 0 to 8"},
	{STREAM_CUDA ",every=0", "", "cuda", EXIT_STATUS_USAGE, "every=0: it"},
	{STREAM_CUDA ",mode=1", "", "cuda", EXIT_STATUS_USAGE,
	 "no setting mode; it has device=PATH|DRIVER, connector=NAME"},
	{"eglstream,every=2", "", "cuda", EXIT_STATUS_USAGE,
	 "every, renew and digest go with consumer=cuda"},
};
#define REFUSAL_COUNT ((int)(sizeof(refusals) / sizeof(refusals[0])))

START_TEST(a_start_is_refused_in_one_line)
{
	const struct refusal_row *row = &refusals[_i];
	const struct run run = {.program = "cuda-small",
				.display = row->display,
				.first = row->variable,
				.clock = "free",
				.ticks = "3",
				.backend = row->backend};
	struct process process;
	int status = run_egl(&process, &run);

	ck_assert_msg(status == (int)row->status, "%s %s: status %d: %s",
		      row->display, row->variable, status, process.err);
	fake_cuda_check_line(&process, row->words);
	if (strncmp(row->variable, "LD_", 3) &&
	    row->status != EXIT_STATUS_USAGE && !strstr(row->words, "no cuEGL"))
		check_egl_clean(row->words);
	process_finish(&process);
}
END_TEST

START_TEST(probe_says_what_is_here)
{
	static const struct {
		const char *variable, *words;
	} rows[] = {
		{WITH_EGL, "eglstream  by name only: an EGLDevice is a CUDA"},
		{WITH_OTHER, "eglstream  libEGL.so.1 is not EGL's"},
	};
	struct process process;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ck_assert_int_eq(
			fake_cuda_run(&process, "cuda-small",
				      FAKE_CUDA_WORDS(rows[i].variable),
				      FAKE_CUDA_WORDS("--probe")),
			0);
		ck_assert_msg(strstr(process.out, rows[i].words) &&
				      strstr(process.out, "--display headless"),
			      "%s", process.out);
		process_finish(&process);
	}
}
END_TEST

/* ---- calls that fail ----------------------------------------------------------- */

static int run_failing(struct process *process, const char *variable,
		       const char *display)
{
	const struct run run = {.program = "cuda-small",
				.display = display,
				.first = variable,
				.clock = "free",
				.ticks = "40"};

	return run_egl(process, &run);
}

/*
 * The first call of EGL's, the second, ... until none fails. One that was to
 * give something back may leave it.
 */
START_TEST(every_call_of_egl_may_fail)
{
	struct fake_egl_report egl;
	struct process process;
	char variable[64];
	int call = 0, status;

	static const char *const ends[] = {STREAM_CUDA ",fifo=1",
					   "eglstream," TO_GLES,
					   "eglstream," FROM_GLES};

	do {
		snprintf(variable, sizeof(variable), "FAKE_EGL_FAIL=*:0x3003:%d",
			 ++call);
		status = run_failing(&process, variable, ends[_i]);
		egl = egl_report();
		ck_assert_msg(!status || status == EXIT_STATUS_NO_DEVICE ||
				      status == EXIT_STATUS_MACHINE,
			      "call %d: status %d: %s", call, status,
			      process.err);
		if (status)
			fake_cuda_check_line(&process, "eglstream: ");
		if (egl.streams) { /* it was its end that failed */
			ck_assert_uint_eq(egl.streams, 1);
			ck_assert_uint_eq(
				egl.calls[EGLSTREAM_CALL_destroy_stream], 1);
		} else {
			ck_assert_msg(!egl.misuse_count,
				      "call %d: misused: %s", call,
				      egl.misuse);
		}
		process_finish(&process);
		ck_assert_int_lt(call, CALLS_MAX);
	} while (egl.injected);
	ck_assert_int_gt(call, 10);
}
END_TEST

static const char *const stream_calls[] = {
	"cuEGLStreamConsumerConnect",	     "cuEGLStreamProducerConnect",
	"cuEGLStreamProducerPresentFrame",   "cuEGLStreamConsumerAcquireFrame",
	"cuGraphicsResourceGetMappedEglFrame", "cuEGLStreamConsumerReleaseFrame",
	"cuEGLStreamProducerReturnFrame",    "cuEGLStreamConsumerDisconnect",
	"cuEGLStreamProducerDisconnect",
};
#define STREAM_CALL_COUNT ((int)(sizeof(stream_calls) / sizeof(stream_calls[0])))

/* At start the run is refused, in the middle of it a frame is lost and it goes
 * on. */
START_TEST(every_call_of_a_stream_may_fail)
{
	static const int calls[] = {1, 4, 5, 9};
	struct process process;
	char variable[128];
	json_t *report;
	size_t i;
	int status;

	for (i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		snprintf(variable, sizeof(variable), "FAKE_CUDA_FAIL=%s:400:%d",
			 stream_calls[_i], calls[i]);
		status = run_failing(&process, variable,
				     i % 2 ? STREAM_CUDA : STREAM_CUDA ",fifo=3");
		ck_assert_msg(!status || status == EXIT_STATUS_NO_DEVICE,
			      "%s: status %d: %s", variable, status,
			      process.err);
		if (status)
			fake_cuda_check_line(&process, "eglstream: ");
		if (fake_cuda_report()->injected && calls[i] > TRIAL) {
			report = report_parse(process.out);
			report_check_sum(report);
			ck_assert_int_ge(report_int(report, "sinks.0.errors"),
					 1);
			json_decref(report);
		}
		process_finish(&process);
	}
}
END_TEST

/* Of GLES's, in the middle of the run: a frame is lost, and it goes on. */
static const char *const gl_calls[] = {"glDrawArrays:9", "glUseProgram:12",
				       "glReadPixels:6", "glFenceSync:9",
				       "glClientWaitSync:5"};
#define GL_CALL_COUNT ((int)(sizeof(gl_calls) / sizeof(gl_calls[0])))

START_TEST(every_call_of_gles_may_fail)
{
	struct process process;
	char variable[64];
	json_t *report;
	int status;

	snprintf(variable, sizeof(variable), "FAKE_EGL_GL_FAIL=%s",
		 gl_calls[_i]);
	status = run_failing(&process, variable,
			     "eglstream," ALL_GLES ",digest=/dev/null,nth=1");
	ck_assert_msg(!status, "%s: status %d: %s", variable, status,
		      process.err);
	report = report_parse(process.out);
	report_check_sum(report);
	ck_assert_int_ge(report_int(report, "sinks.0.errors"), 1);
	json_decref(report);
	process_finish(&process);
	check_egl_clean(variable);
}
END_TEST

/* The device is lost, not the stream: the run is over. */
START_TEST(a_lost_gpu_ends_the_run)
{
	struct process process;
	int status = run_failing(
		&process, "FAKE_CUDA_FAIL=cuEGLStreamProducerPresentFrame:719:9",
		STREAM_CUDA);

	ck_assert_msg(status == EXIT_STATUS_GPU_LOST, "status %d: %s", status,
		      process.err);
	ck_assert_ptr_nonnull(strstr(process.err,
				     "gpu: it is lost: "
				     "cuEGLStreamProducerPresentFrame: CUDA "
				     "error 719"));
	process_finish(&process);
}
END_TEST

/* ---- a stream that ends ---------------------------------------------------------- */

static json_t *run_timed(struct process *process, const char *first,
			 const char *second, const char *ticks, int wanted)
{
	const struct run run = {.program = "cuda-small",
				.display = STREAM_CUDA,
				.first = first,
				.second = second,
				.clock = "timer",
				.ticks = ticks};
	int status = run_egl(process, &run);
	json_t *report;

	ck_assert_msg(status == wanted, "status %d: %s", status, process->err);
	report = report_parse(process->out);
	report_check_sum(report);
	return report;
}

/* ticks enough for the helper to come to it, however busy the machine is */
START_TEST(a_stream_that_ends_is_built_again)
{
	struct process process;
	json_t *report = run_timed(&process, "FAKE_EGL_GONE=20,60", "", "240",
				   0);
	struct fake_egl_report egl = egl_report();

	ck_assert_ptr_nonnull(
		strstr(process.err, "eglstream: the stream was over: built"));
	ck_assert_uint_ge(egl.streams_made, 2);
	ck_assert_int_ge(report_int(report, "drop_reasons.display_lost"), 1);
	ck_assert_int_gt((int64_t)egl.inserted, 40);
	json_decref(report);
	process_finish(&process);
	fake_cuda_check_clean();
	check_egl_clean("gone");
}
END_TEST

/* On purpose, over and over: each time all slots come back. */
START_TEST(a_stream_is_built_again_after_so_many_frames)
{
	struct process process;
	struct run run = {.program = "cuda-small",
			  .display = STREAM_CUDA ",fifo=2,renew=20",
			  .clock = "timer",
			  .ticks = "300"};
	int status = run_egl(&process, &run);
	struct fake_egl_report egl = egl_report();
	json_t *report;

	ck_assert_msg(!status, "status %d: %s", status, process.err);
	report = report_parse(process.out);
	report_check_sum(report);
	ck_assert_uint_ge(egl.streams_made, 2);
	/* the last one may be asked for as the run ends */
	ck_assert_int_ge(report_int(report, "sinks.0.recoveries") + 2,
			 (int64_t)egl.streams_made);
	ck_assert_int_eq(report_int(report, "sinks.0.errors"), 0);
	ck_assert_uint_ge(egl.inserted, 20 + TRIAL + 1);
	json_decref(report);
	process_finish(&process);
	fake_cuda_check_clean();
	check_egl_clean("renewed");
}
END_TEST

START_TEST(a_stream_that_cannot_be_built_again_ends_the_run)
{
	struct process process;
	json_t *report = run_timed(&process, "FAKE_EGL_GONE=20",
				   "FAKE_EGL_FAIL=eglCreateStreamKHR:0x3003:2+",
				   "36000", EXIT_STATUS_NO_DEVICE);
	struct fake_egl_report egl = egl_report();

	ck_assert_ptr_nonnull(strstr(
		process.err, "eglCreateStreamKHR: EGL error 0x3003 BAD_ALLOC"));
	ck_assert_uint_eq(egl.calls[EGLSTREAM_CALL_create_stream], 1 + 5);
	json_decref(report);
	process_finish(&process);
	fake_cuda_check_clean();
	check_egl_clean("for good");
}
END_TEST

START_TEST(a_stream_that_gives_nothing_back_is_built_again)
{
	struct process process;
	json_t *report =
		run_timed(&process, "FAKE_EGL_STUCK=40", "", "240", 0);
	struct fake_egl_report egl = egl_report();

	ck_assert_uint_ge(egl.streams_made, 2);
	json_decref(report);
	process_finish(&process);
	fake_cuda_check_clean();
	check_egl_clean("stuck");
}
END_TEST

/* ---- calls that never return -------------------------------------------------- */

static const struct block_row {
	const char *variable;
	int status;
	const char *words;
	const char *display;
} blocks[] = {
	{"FAKE_EGL_BLOCK=eglInitialize:1", EXIT_STATUS_NO_DEVICE,
	 "a call of EGL or CUDA has not come back", STREAM_CUDA},
	{"FAKE_EGL_BLOCK=eglCreateStreamKHR:1", EXIT_STATUS_NO_DEVICE,
	 "a call of EGL or CUDA has not come back", STREAM_CUDA},
	{"FAKE_CUDA_BLOCK=cuEGLStreamConsumerConnect:1", EXIT_STATUS_NO_DEVICE,
	 "a call of EGL or CUDA has not come back", STREAM_CUDA},
	{"FAKE_CUDA_BLOCK=cuEGLStreamProducerPresentFrame:3",
	 EXIT_STATUS_NO_DEVICE, "a call of EGL or CUDA has not come back", STREAM_CUDA},
	{"FAKE_CUDA_BLOCK=cuEGLStreamProducerPresentFrame:9",
	 EXIT_STATUS_GPU_LOST,
	 "cuEGLStreamProducerPresentFrame has not come back for 0.6 s", STREAM_CUDA},
	{"FAKE_EGL_BLOCK=eglSwapBuffers:3", EXIT_STATUS_NO_DEVICE,
	 "a call of EGL or CUDA has not come back", "eglstream," FROM_GLES},
	{"FAKE_EGL_BLOCK=eglSwapBuffers:9", EXIT_STATUS_GPU_LOST,
	 "has not come back for 0.6 s", "eglstream," FROM_GLES},
	{"FAKE_EGL_BLOCK=eglStreamConsumerAcquireKHR:9", EXIT_STATUS_GPU_LOST,
	 "has not come back for 0.6 s", "eglstream," TO_GLES},
	{"FAKE_EGL_BLOCK=eglDestroyStreamKHR:1", 0,
	 "what it holds is left to the system", STREAM_CUDA},
};
#define BLOCK_COUNT ((int)(sizeof(blocks) / sizeof(blocks[0])))

START_TEST(a_call_may_never_return)
{
	const struct block_row *row = &blocks[_i];
	const struct run run = {.program = "cuda-small",
				.display = row->display,
				.first = row->variable,
				.second = "TICKLINE_GPU_PATIENCE_MS=600",
				.clock = "timer",
				.ticks = "40"};
	struct process process;
	int status = run_egl(&process, &run);

	ck_assert_msg(status == row->status, "%s: status %d: %s", row->variable,
		      status, process.err);
	ck_assert_msg(strstr(process.err, row->words) != NULL, "%s: %s",
		      row->variable, process.err);
	process_finish(&process);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("eglstream");
	TCase *tests = tcase_create("runs");

	tcase_set_timeout(tests, 120);
	tcase_add_loop_test(tests, the_consumer_gets_the_frame_of_each_tick, 0,
			    GOT_COUNT);
	tcase_add_test(tests, the_tick_thread_allocates_nothing);
	tcase_add_loop_test(tests, a_start_is_refused_in_one_line, 0,
			    REFUSAL_COUNT);
	tcase_add_test(tests, probe_says_what_is_here);
	tcase_add_loop_test(tests, every_call_of_egl_may_fail, 0, 3);
	tcase_add_loop_test(tests, every_call_of_a_stream_may_fail, 0,
			    STREAM_CALL_COUNT);
	tcase_add_loop_test(tests, every_call_of_gles_may_fail, 0,
			    GL_CALL_COUNT);
	tcase_add_test(tests, a_lost_gpu_ends_the_run);
	tcase_add_test(tests, a_stream_that_ends_is_built_again);
	tcase_add_test(tests, a_stream_is_built_again_after_so_many_frames);
	tcase_add_test(tests,
		       a_stream_that_cannot_be_built_again_ends_the_run);
	tcase_add_test(tests, a_stream_that_gives_nothing_back_is_built_again);
	tcase_add_loop_test(tests, a_call_may_never_return, 0, BLOCK_COUNT);
	suite_add_tcase(suite, tests);
	return suite_run(suite);
}
