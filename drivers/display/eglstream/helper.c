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

static int helper_open(struct eglstream_helper *helper)
{
	struct eglstream_stream *stream = helper->stream;
	struct eglstream_refusal *refusal = &helper->refusal;
	int error = eglstream_library_open(&helper->library, refusal);

	if (!error)
		error = eglstream_library_use(&helper->library,
					      stream->device->device,
					      helper->settings.fifo, refusal);
	if (!error && !helper->settings.cuda_consumer)
		error = eglstream_refuse_layers(&helper->library, refusal);
	if (!error && stream->device->enter(stream->context) != STREAM_DONE)
		error = eglstream_refuse(refusal, -ENODEV, "the GPU is lost");
	stream->library = &helper->library;
	if (!error)
		error = eglstream_stream_build(stream, refusal);
	return error;
}

static bool helper_is_over(struct eglstream_helper *helper)
{
	/* acquire: pairs with eglstream_helper_end */
	return atomic_load_explicit(&helper->is_over, memory_order_acquire);
}

/* Until there is one, or it is given up, or the run is over. */
static enum eglstream_repair helper_build(struct eglstream_helper *helper)
{
	int refused;

	for (refused = 0; refused < EGLSTREAM_REFUSED_MAX; refused++) {
		if (refused)
			helper_wait(&helper->wake, EGLSTREAM_RETRY_MS);
		if (helper_is_over(helper))
			return EGLSTREAM_FAILED;
		helper->refusal.error = 0;
		if (!eglstream_stream_build(helper->stream, &helper->refusal)) {
			message("eglstream: the stream was over: built again");
			return EGLSTREAM_BUILT;
		}
	}
	message("eglstream: %s", helper->refusal.text);
	return EGLSTREAM_FAILED;
}

static enum eglstream_repair helper_repair(struct eglstream_helper *helper)
{
	if (!atomic_load_explicit(&helper->rebuild, memory_order_relaxed) &&
	    !eglstream_stream_is_over(helper->stream))
		return EGLSTREAM_KEPT;
	eglstream_stream_end(helper->stream);
	return helper_build(helper);
}

static void *helper_run(void *arg)
{
	struct eglstream_helper *helper = arg;
	int error = helper_open(helper);

	sem_post(&helper->done);
	while (!error) {
		while (sem_wait(&helper->wake) && errno == EINTR)
			;
		if (helper_is_over(helper))
			break;
		/* acquire: pairs with eglstream_helper_ask; release: with
		 * eglstream_helper_answer */
		if (atomic_load_explicit(&helper->repair,
					 memory_order_acquire) ==
		    EGLSTREAM_AT_WORK)
			atomic_store_explicit(&helper->repair,
					      helper_repair(helper),
					      memory_order_release);
	}
	eglstream_stream_end(helper->stream);
	eglstream_library_close(&helper->library);
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
		return eglstream_refuse(refusal, -ENODEV,
					"a call of EGL or CUDA has not come "
					"back: see the kernel's log (dmesg: "
					"NVRM, nvgpu)");
	*refusal = helper->refusal;
	if (refusal->error)
		helper_finish(helper);
	return refusal->error;
}

void eglstream_helper_ask(struct eglstream_helper *helper, bool rebuild)
{
	atomic_store_explicit(&helper->rebuild, rebuild, memory_order_relaxed);
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
