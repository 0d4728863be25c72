/*
 * tests/fakes/egl/stream.c: the state machine of EGL_KHR_stream, with
 * EGL_KHR_stream_fifo:
 *
 *   CREATED -> CONNECTING   a consumer connects
 *   CONNECTING -> EMPTY     a producer does
 *   EMPTY, OLD -> NEW       a frame is put in
 *   NEW -> OLD              the last one that waited is acquired
 *   any -> DISCONNECTED     either end goes; for ever
 */
#include <errno.h>

#include "tests/fakes/egl/card.h"
#include "tests/fakes/egl/fake.h"

#define FAKE_PIXELS_MAX (1920 * 1080)

static enum fake_stream_answer leave(enum fake_stream_answer answer)
{
	pthread_mutex_unlock(&fake_egl_lock);
	return answer;
}

static enum fake_stream_answer wrong(const char *what)
{
	fake_egl_misuse(what);
	return leave(FAKE_STREAM_WRONG);
}

static uint32_t count(const struct fake_stream *stream,
		      enum fake_stream_place place)
{
	uint32_t i, sum = 0;

	for (i = 0; i < FAKE_STREAM_FRAMES; i++)
		sum += stream->frames[i].place == place;
	return sum;
}

/* By serial: the oldest of a place, or the newest. */
static struct fake_stream_frame *find(struct fake_stream *stream,
				      enum fake_stream_place place, bool newest)
{
	struct fake_stream_frame *found = NULL;
	uint32_t i;

	for (i = 0; i < FAKE_STREAM_FRAMES; i++) {
		struct fake_stream_frame *each = &stream->frames[i];

		if (each->place == place &&
		    (!found || (each->serial < found->serial) != newest))
			found = each;
	}
	return found;
}

static struct fake_stream_frame *find_plane(struct fake_stream *stream,
					    const void *plane)
{
	uint32_t i;

	for (i = 0; i < FAKE_STREAM_FRAMES; i++)
		if (stream->frames[i].place != FAKE_PLACE_NONE &&
		    stream->frames[i].frame.plane[0] == plane)
			return &stream->frames[i];
	return NULL;
}

static bool is_streaming(const struct fake_stream *stream)
{
	return stream->state == FAKE_EGL_STREAM_EMPTY ||
	       stream->state == FAKE_EGL_STREAM_NEW_FRAME ||
	       stream->state == FAKE_EGL_STREAM_OLD_FRAME;
}

/* The picture that left the screen, once its successor is on it. */
static struct fake_stream_frame *find_owed(struct fake_stream *stream)
{
	struct fake_stream_frame *leaving =
		find(stream, FAKE_PLACE_LEAVING, false);

	if (leaving && !fake_egl_card->is_pending(stream->output.fd))
		leaving->place = FAKE_PLACE_OWED;
	return find(stream, FAKE_PLACE_OWED, fake_egl_config.reorder);
}

static enum fake_stream_answer stream_connect(struct fake_stream *stream,
					      bool consumer, int width,
					      int height)
{
	pthread_mutex_lock(&fake_egl_lock);
	if (stream->state == FAKE_EGL_STREAM_DISCONNECTED)
		return leave(FAKE_STREAM_GONE);
	if (consumer && stream->state != FAKE_EGL_STREAM_CREATED)
		return wrong("a second consumer");
	if (!consumer && stream->state != FAKE_EGL_STREAM_CONNECTING)
		return wrong("a producer where no consumer waits for one");
	if (consumer) {
		stream->consumer = true;
		stream->state = FAKE_EGL_STREAM_CONNECTING;
	} else {
		stream->producer = true;
		stream->state = FAKE_EGL_STREAM_EMPTY;
		stream->width = width;
		stream->height = height;
	}
	fake_egl_report->ends++;
	return leave(FAKE_STREAM_DONE);
}

static enum fake_stream_answer stream_disconnect(struct fake_stream *stream,
						 bool consumer)
{
	bool *end = consumer ? &stream->consumer : &stream->producer;

	pthread_mutex_lock(&fake_egl_lock);
	if (!*end)
		return wrong("an end that is not connected disconnects");
	*end = false;
	stream->state = FAKE_EGL_STREAM_DISCONNECTED;
	fake_egl_report->ends--;
	return leave(FAKE_STREAM_DONE);
}

static bool is_due(long *left)
{
	return *left && !--*left;
}

static enum fake_stream_answer stream_insert(struct fake_stream *stream,
					     const struct cuda_frame *frame,
					     uint64_t hash)
{
	struct fake_stream_frame *waiting, *place;
	uint32_t waits;

	pthread_mutex_lock(&fake_egl_lock);
	if (is_due(&fake_egl_config.gone) || is_due(&fake_egl_config.gone_again))
		stream->state = FAKE_EGL_STREAM_DISCONNECTED;
	if (stream->state == FAKE_EGL_STREAM_DISCONNECTED)
		return leave(FAKE_STREAM_GONE);
	if (!is_streaming(stream))
		return wrong("a frame before both ends are connected");
	waiting = find(stream, FAKE_PLACE_WAITING, false);
	waits = count(stream, FAKE_PLACE_WAITING);
	place = find(stream, FAKE_PLACE_NONE, false);
	if (find_plane(stream, frame->plane[0]))
		return wrong("a frame that the stream has already");
	if (stream->fifo && waits >= (uint32_t)stream->fifo)
		return wrong("more frames than the FIFO holds: it would block");
	if ((int)frame->width != stream->width ||
	    (int)frame->height != stream->height)
		return wrong("a frame of another size than the producer's");
	if (!place)
		return wrong("more frames than any stream holds");
	if (!stream->fifo && waiting) {
		waiting->place = FAKE_PLACE_OWED;
		fake_egl_report->replaced++;
		waits = 0;
	}
	*place = (struct fake_stream_frame){FAKE_PLACE_WAITING, *frame, hash,
					    ++stream->serial};
	stream->state = FAKE_EGL_STREAM_NEW_FRAME;
	fake_egl_report->inserted++;
	if (waits + 1 > fake_egl_report->waiting_max)
		fake_egl_report->waiting_max = waits + 1;
	return leave(FAKE_STREAM_DONE);
}

static enum fake_stream_answer stream_acquire(struct fake_stream *stream,
					      struct cuda_frame *frame)
{
	struct fake_stream_frame *waiting;

	pthread_mutex_lock(&fake_egl_lock);
	if (stream->state == FAKE_EGL_STREAM_DISCONNECTED)
		return leave(FAKE_STREAM_GONE);
	if (!is_streaming(stream))
		return wrong("an acquire before both ends are connected");
	if (stream->output.object)
		return wrong("CUDA acquires what a screen consumes");
	if (find(stream, FAKE_PLACE_ACQUIRED, false)) {
		if (fake_egl_report->injected)
			return leave(FAKE_STREAM_WRONG); /* the release failed */
		return wrong("a second acquire without a release");
	}
	waiting = find(stream, FAKE_PLACE_WAITING, false);
	if (!waiting)
		return wrong("an acquire where no frame was put in");
	waiting->place = FAKE_PLACE_ACQUIRED;
	*frame = waiting->frame;
	stream->newest_acquired = waiting->serial;
	if (!count(stream, FAKE_PLACE_WAITING))
		stream->state = FAKE_EGL_STREAM_OLD_FRAME;
	fake_egl_report->acquired++;
	return leave(FAKE_STREAM_DONE);
}

static enum fake_stream_answer stream_release(struct fake_stream *stream,
					      const struct cuda_frame *frame)
{
	struct fake_stream_frame *held;

	pthread_mutex_lock(&fake_egl_lock);
	held = find_plane(stream, frame->plane[0]);
	if (!held || held->place != FAKE_PLACE_ACQUIRED)
		return wrong("a release of what is not acquired");
	held->place = FAKE_PLACE_OWED;
	return leave(stream->state == FAKE_EGL_STREAM_DISCONNECTED
			     ? FAKE_STREAM_GONE
			     : FAKE_STREAM_DONE);
}

void fake_stream_reclaim(struct fake_stream *stream)
{
	uint32_t i;

	find_owed(stream); /* what a screen has left */
	for (i = 0; i < FAKE_STREAM_FRAMES; i++)
		if (stream->frames[i].place == FAKE_PLACE_OWED) {
			stream->frames[i].place = FAKE_PLACE_NONE;
			fake_egl_report->taken_back++;
		}
}

/* ---- a screen -------------------------------------------------------------------- */

int fake_stream_connect_output(struct fake_stream *stream,
			       const struct fake_layer *layer)
{
	if (stream->state != FAKE_EGL_STREAM_CREATED) {
		fake_egl_misuse("a second consumer");
		return FAKE_EGL_BAD_STATE;
	}
	stream->output = *layer;
	stream->state = FAKE_EGL_STREAM_CONNECTING;
	return FAKE_EGL_SUCCESS;
}

/* Copies the frame to the screen and asks for the flip. */
static int stream_flip(struct fake_stream *stream,
		       const struct fake_stream_frame *frame, bool has_data,
		       intptr_t data)
{
	static unsigned char pixels[FAKE_PIXELS_MAX * 4];
	const struct fake_picture picture = {
		.pixels = pixels,
		.width = (uint32_t)stream->width,
		.height = (uint32_t)stream->height,
	};
	int error;

	if (picture.width * picture.height > FAKE_PIXELS_MAX)
		return FAKE_EGL_BAD_ALLOC;
	stream->read(&frame->frame, pixels);
	error = fake_egl_card->show(&stream->output, &picture, has_data,
				    (uint64_t)data);
	if (error == -EBUSY)
		return FAKE_EGL_RESOURCE_BUSY;
	return error ? FAKE_EGL_BAD_ACCESS : FAKE_EGL_SUCCESS;
}

int fake_stream_acquire_output(struct fake_stream *stream, bool has_data,
			       intptr_t data)
{
	struct fake_stream_frame *waiting, *before;
	int error;

	if (stream->state == FAKE_EGL_STREAM_DISCONNECTED)
		return FAKE_EGL_BAD_STATE;
	waiting = find(stream, FAKE_PLACE_WAITING, false);
	if (!waiting || stream->auto_acquire || !stream->output.object ||
	    (has_data && stream->output.is_plane)) {
		fake_egl_misuse("eglStreamConsumerAcquireAttribNV");
		return FAKE_EGL_BAD_STATE;
	}
	error = stream_flip(stream, waiting, has_data, data);
	if (error != FAKE_EGL_SUCCESS)
		return error;
	before = find(stream, FAKE_PLACE_LEAVING, false);
	if (before) /* two before: it is on view no more */
		before->place = FAKE_PLACE_OWED;
	before = find(stream, FAKE_PLACE_ACQUIRED, false);
	if (before)
		before->place = FAKE_PLACE_LEAVING;
	waiting->place = FAKE_PLACE_ACQUIRED;
	stream->newest_acquired = waiting->serial;
	if (!count(stream, FAKE_PLACE_WAITING))
		stream->state = FAKE_EGL_STREAM_OLD_FRAME;
	fake_egl_report->acquired++;
	return FAKE_EGL_SUCCESS;
}

/* ---- the producer's ---------------------------------------------------------------- */

static bool is_stuck(const struct fake_stream *stream)
{
	return fake_egl_config.stuck &&
	       stream->serial >= (uint64_t)fake_egl_config.stuck;
}

static enum fake_stream_answer stream_peek(struct fake_stream *stream,
					   struct cuda_frame *frame)
{
	struct fake_stream_frame *owed;

	pthread_mutex_lock(&fake_egl_lock);
	if (stream->state == FAKE_EGL_STREAM_DISCONNECTED)
		return leave(FAKE_STREAM_GONE);
	owed = find_owed(stream);
	if (!owed)
		return wrong("asked for a frame back where none is owed");
	if (is_stuck(stream) ||
	    (stream->reuse && owed->serial == stream->newest_acquired))
		return leave(FAKE_STREAM_NOT_YET);
	if (stream->not_yet++ < fake_egl_config.late)
		return leave(FAKE_STREAM_NOT_YET);
	stream->not_yet = 0;
	*frame = owed->frame;
	return leave(FAKE_STREAM_DONE);
}

static void stream_take(struct fake_stream *stream,
			const struct cuda_frame *frame, uint64_t hash)
{
	struct fake_stream_frame *owed;

	pthread_mutex_lock(&fake_egl_lock);
	owed = find_plane(stream, frame->plane[0]);
	if (owed->hash != hash)
		fake_egl_misuse("a frame was written while it was the stream's");
	owed->place = FAKE_PLACE_NONE;
	fake_egl_report->taken_back++;
	pthread_mutex_unlock(&fake_egl_lock);
}

const struct fake_stream_ops fake_stream_ops = {
	.connect = stream_connect,
	.disconnect = stream_disconnect,
	.insert = stream_insert,
	.acquire = stream_acquire,
	.release = stream_release,
	.peek = stream_peek,
	.take = stream_take,
};
