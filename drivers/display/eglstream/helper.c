/*
 * drivers/display/eglstream/helper.c: see helper.h.
 */
#define _GNU_SOURCE /* sem_clockwait */
#include "drivers/display/eglstream/helper.h"

#include <errno.h>
#include <time.h>

#include "drivers/cuda/watch.h"
#include "runtime/base/message.h"
#include "runtime/base/stop.h"
#include "runtime/time/clock.h"

#define LOOK_MS	    20
#define HANGS                                                                  \
	"a call of EGL or CUDA has not come back: see the kernel's log "       \
	"(dmesg: NVRM, nvgpu)"
#define STACK_BYTES (2 << 20) /* nobody says what libEGL needs */

/* True: it was posted. */
static bool helper_wait(sem_t *semaphore, int milliseconds)
{
	int64_t until_ns = clock_now_ns() + milliseconds * NS_PER_MS;
	const struct timespec until = {.tv_sec = until_ns / NS_PER_SECOND,
				       .tv_nsec = until_ns % NS_PER_SECOND};
	int error;

	do
		error = sem_clockwait(semaphore, CLOCK_MONOTONIC, &until);
	while (error && errno == EINTR);
	return !error;
}

/* ---- the helper -------------------------------------------------------------- */

static uint32_t helper_uses(const struct eglstream_helper *helper)
{
	static const uint32_t of_consumer[] = {
		[EGLSTREAM_SCREEN] = EGLSTREAM_TO_SCREEN,
		[EGLSTREAM_GLES_CONSUMER] = EGLSTREAM_TO_GLES,
	};

	return of_consumer[helper->settings.consumer] |
	       (helper->settings.gles_producer ? EGLSTREAM_FROM_GLES : 0);
}

/* A stream to a consumer in this process. */
static int helper_build_between(struct eglstream_helper *helper)
{
	return eglstream_stream_build(helper->stream,
				      helper->stream->slot_count - 1, true,
				      &helper->refusal);
}

/* The same while the ticks draw: by the one slot that they do not draw in. */
static int helper_build_between_ticks(struct eglstream_helper *helper)
{
	return eglstream_stream_build(
		helper->stream,
		atomic_load_explicit(&helper->shown, memory_order_relaxed),
		false, &helper->refusal);
}

/* EGL's part of a screen that is lit: `shown` comes on view. */
static int helper_attach(struct eglstream_helper *helper, bool all)
{
	struct eglstream_stream *stream = helper->stream;
	uint32_t shown = atomic_load_explicit(&helper->shown,
					      memory_order_relaxed);
	int error = eglstream_library_use(&helper->library,
					  stream->screen->output.device.fd,
					  helper->settings.fifo,
					  helper_uses(helper),
					  &helper->refusal);

	if (!error)
		error = eglstream_screen_find_layer(stream->screen,
						    &helper->library,
						    &helper->refusal);
	if (!error)
		error = eglstream_stream_build(stream, shown, all,
					       &helper->refusal);
	if (error)
		eglstream_library_leave(&helper->library);
	return error;
}

/* The display, without the screen, for a look at what it can. */
static int helper_open_screen(struct eglstream_helper *helper)
{
	struct eglstream_refusal *refusal = &helper->refusal;
	const char *file = eglstream_library_file(
		&helper->library, helper->stream->device->device, refusal);
	int error = file ? 0 : refusal->error;

	if (!error)
		error = eglstream_library_use(&helper->library,
					      EGLSTREAM_NO_MASTER,
					      helper->settings.fifo,
					      helper_uses(helper), refusal);
	eglstream_library_leave(&helper->library);
	return error ? error
		     : eglstream_screen_open(helper->stream->screen, file,
					     refusal);
}

static int helper_open(struct eglstream_helper *helper)
{
	struct eglstream_stream *stream = helper->stream;
	struct eglstream_refusal *refusal = &helper->refusal;
	int error = eglstream_library_open(&helper->library, refusal);

	stream->library = &helper->library;
	if (!error)
		error = eglstream_library_find(&helper->library,
					       stream->device->device, refusal);
	if (!error && stream->screen)
		error = helper_open_screen(helper);
	else if (!error)
		error = eglstream_library_use(&helper->library,
					      EGLSTREAM_NO_MASTER,
					      helper->settings.fifo,
					      helper_uses(helper), refusal);
	if (!error && stream->device->enter(stream->context) != STREAM_DONE)
		error = eglstream_refuse(refusal, -ENODEV, "the GPU is lost");
	if (!error && !stream->screen)
		error = helper_build_between(helper);
	return error;
}

static bool helper_is_over(struct eglstream_helper *helper)
{
	/* acquire: pairs with eglstream_helper_end */
	return atomic_load_explicit(&helper->is_over, memory_order_acquire);
}

static void helper_set_state(struct eglstream_helper *helper,
			     enum display_state state)
{
	atomic_store_explicit(&helper->health->state, state,
			      memory_order_relaxed);
}

/* A screen that is away or another program's is waited for, as long as it
 * takes. */
static enum display_state helper_state_of(const struct eglstream_helper *helper,
					  int error)
{
	switch (-error) {
	case EACCES:
	case EPERM:
	case EBUSY:
		return DISPLAY_STATE_NO_MASTER;
	case ENODEV:
	case ENOENT:
		return helper->stream->screen->output.device.fd < 0
			       ? DISPLAY_STATE_GONE
			       : DISPLAY_STATE_NO_SINK;
	default:
		return DISPLAY_STATE_RECOVERING;
	}
}

/* One try: 0, or -errno. */
static int helper_build_once(struct eglstream_helper *helper, bool *waits)
{
	struct eglstream_screen *screen = helper->stream->screen;
	enum display_state state = DISPLAY_STATE_RECOVERING;
	int error;

	*waits = false;
	helper->refusal.error = 0;
	if (!screen)
		return helper_build_between_ticks(helper);
	error = eglstream_screen_renew(screen, &helper->refusal);
	if (error) {
		state = helper_state_of(helper, error);
		*waits = state != DISPLAY_STATE_RECOVERING;
	}
	helper_set_state(helper, state);
	return error ? error : helper_attach(helper, false);
}

/* Until there is one, or it is given up, or the run is over. */
static enum eglstream_repair helper_build(struct eglstream_helper *helper)
{
	bool waits, told = false;
	int refused = 0;

	while (!helper_is_over(helper)) {
		if (!helper_build_once(helper, &waits)) {
			message("eglstream: the stream was over: built again");
			return EGLSTREAM_BUILT;
		}
		refused += !waits;
		if (refused == EGLSTREAM_REFUSED_MAX)
			break;
		if (waits && !told)
			message("eglstream: %s", helper->refusal.text);
		told = told || waits;
		helper_wait(&helper->wake, EGLSTREAM_RETRY_MS);
	}
	if (refused == EGLSTREAM_REFUSED_MAX)
		message("eglstream: %s", helper->refusal.text);
	return EGLSTREAM_FAILED;
}

static bool helper_must_build(struct eglstream_helper *helper)
{
	struct eglstream_screen *screen = helper->stream->screen;

	return atomic_load_explicit(&helper->rebuild, memory_order_relaxed) ||
	       eglstream_stream_is_over(helper->stream) ||
	       (screen &&
		eglstream_screen_look(screen) != DISPLAY_STATE_RUNNING);
}

static enum eglstream_repair helper_repair(struct eglstream_helper *helper)
{
	enum eglstream_repair repair = EGLSTREAM_KEPT;

	if (helper_must_build(helper)) {
		eglstream_stream_end(helper->stream);
		if (helper->stream->screen)
			eglstream_library_leave(&helper->library);
		repair = helper_build(helper);
	}
	/* what an earlier look saw */
	atomic_store_explicit(&helper->lost, DISPLAY_STATE_RUNNING,
			      memory_order_relaxed);
	return repair;
}

static enum eglstream_repair helper_light(struct eglstream_helper *helper)
{
	int error = eglstream_screen_light(helper->stream->screen,
					   &helper->refusal);

	helper->is_lit = true;
	if (!error)
		error = helper_attach(helper, true);
	atomic_store_explicit(&helper->is_start, false, memory_order_relaxed);
	return error ? EGLSTREAM_FAILED : EGLSTREAM_KEPT;
}

static void helper_work(struct eglstream_helper *helper)
{
	bool is_start = atomic_load_explicit(&helper->is_start,
					     memory_order_relaxed);

	/* release: pairs with eglstream_helper_answer */
	atomic_store_explicit(&helper->repair,
			      is_start ? helper_light(helper)
				       : helper_repair(helper),
			      memory_order_release);
	if (is_start)
		sem_post(&helper->done);
}

static void helper_look(struct eglstream_helper *helper)
{
	if (helper->is_lit)
		atomic_store_explicit(
			&helper->lost,
			eglstream_screen_look(helper->stream->screen),
			memory_order_relaxed);
}

/* False: it is time for a look at the screen. */
static bool helper_await_work(struct eglstream_helper *helper)
{
	if (helper->stream->screen)
		return helper_wait(&helper->wake, EGLSTREAM_LOOK_MS);
	while (sem_wait(&helper->wake) && errno == EINTR)
		;
	return true;
}

static void helper_close(struct eglstream_helper *helper)
{
	eglstream_stream_end(helper->stream);
	eglstream_library_leave(&helper->library);
	if (helper->stream->screen)
		eglstream_screen_close(helper->stream->screen);
	eglstream_library_close(&helper->library);
}

static void *helper_run(void *arg)
{
	struct eglstream_helper *helper = arg;
	int error = helper_open(helper);

	sem_post(&helper->done);
	while (!error && !helper_is_over(helper)) {
		if (!helper_await_work(helper))
			helper_look(helper);
		/* acquire: pairs with eglstream_helper_ask */
		else if (!helper_is_over(helper) &&
			 atomic_load_explicit(&helper->repair,
					      memory_order_acquire) ==
				 EGLSTREAM_AT_WORK)
			helper_work(helper);
	}
	helper_close(helper);
	sem_post(&helper->done);
	return NULL;
}

/* ---- who waits for it -------------------------------------------------------- */

/* False: it was left in the middle of a call. */
static bool helper_await(struct eglstream_helper *helper, int limit_ms,
			 bool may_stop)
{
	int waited_ms, patience_ms = cuda_watch_patience_ms(limit_ms);

	for (waited_ms = 0; waited_ms < patience_ms; waited_ms += LOOK_MS) {
		if (helper_wait(&helper->done, LOOK_MS))
			return true;
		if (may_stop && stop_requested())
			break;
	}
	helper->left = true;
	cuda_watch_abandon(); /* what libEGL does at the end may hang, too */
	return false;
}

static void helper_finish(struct eglstream_helper *helper)
{
	thread_join(&helper->thread);
	sem_destroy(&helper->wake);
	sem_destroy(&helper->done);
}

int eglstream_helper_start(struct eglstream_helper *helper,
			   struct eglstream_refusal *refusal)
{
	const struct thread_config config = {.name = "eglstream",
					     .cpu = -1,
					     .stack_bytes = STACK_BYTES,
					     .run = helper_run,
					     .arg = helper};
	int error;

	helper->repair = EGLSTREAM_KEPT;
	sem_init(&helper->wake, 0, 0);
	sem_init(&helper->done, 0, 0);
	error = thread_start(&helper->thread, &config);
	if (error) {
		sem_destroy(&helper->wake);
		sem_destroy(&helper->done);
		return eglstream_refuse(refusal, error,
					"no thread for its calls");
	}
	if (!helper_await(helper, EGLSTREAM_START_MS, true))
		return eglstream_refuse(refusal, -ENODEV, HANGS);
	*refusal = helper->refusal;
	if (refusal->error)
		helper_finish(helper);
	return refusal->error;
}

int eglstream_helper_light(struct eglstream_helper *helper, uint32_t slot,
			   struct eglstream_refusal *refusal)
{
	atomic_store_explicit(&helper->is_start, true, memory_order_relaxed);
	eglstream_helper_ask(helper, true, slot);
	if (!helper_await(helper, EGLSTREAM_START_MS, true))
		return eglstream_refuse(refusal, -ENODEV, HANGS);
	*refusal = helper->refusal;
	return refusal->error;
}

void eglstream_helper_ask(struct eglstream_helper *helper, bool rebuild,
			  uint32_t shown)
{
	atomic_store_explicit(&helper->rebuild, rebuild, memory_order_relaxed);
	atomic_store_explicit(&helper->shown, shown, memory_order_relaxed);
	/* release: the stream is as the tick thread left it */
	atomic_store_explicit(&helper->repair, EGLSTREAM_AT_WORK,
			      memory_order_release);
	sem_post(&helper->wake);
}

enum eglstream_repair eglstream_helper_answer(struct eglstream_helper *helper)
{
	/* acquire: the stream is as the helper left it */
	return (enum eglstream_repair)atomic_load_explicit(
		&helper->repair, memory_order_acquire);
}

enum display_state eglstream_helper_lost(struct eglstream_helper *helper)
{
	return (enum display_state)atomic_load_explicit(&helper->lost,
							memory_order_relaxed);
}

void eglstream_helper_end(struct eglstream_helper *helper)
{
	/* release: the stream is the helper's */
	atomic_store_explicit(&helper->is_over, true, memory_order_release);
	sem_post(&helper->wake);
	if (helper_await(helper, EGLSTREAM_END_MS, false))
		helper_finish(helper);
	else
		message("eglstream: a call of EGL or CUDA has not come back; "
			"what it holds is left to the system");
}
