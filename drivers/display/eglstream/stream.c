/*
 * drivers/display/eglstream/stream.c: see stream.h.
 */
#include "drivers/display/eglstream/stream.h"

#include <errno.h>

#include "runtime/time/clock.h"

#define TRIAL_MS     1000 /* for one step of the trial */
#define TRIAL_PAUSE_MS 1

/* ---- frames ---------------------------------------------------------------- */

enum stream_status eglstream_present(struct eglstream_stream *stream,
				     uint32_t slot)
{
	return stream->device->present(stream->context, &stream->producer,
				       &stream->slots[slot]);
}

enum stream_status eglstream_take_back(struct eglstream_stream *stream,
				       uint32_t *slot)
{
	unsigned char *base = NULL;
	enum stream_status status = stream->device->take_back(
		stream->context, &stream->producer, &base);

	for (*slot = 0; *slot < stream->slot_count; ++*slot)
		if (stream->slots[*slot].base == base)
			return status;
	*slot = DISPLAY_SLOTS_MAX;
	return status;
}

enum stream_status eglstream_release(struct eglstream_stream *stream)
{
	if (!stream->acquired)
		return STREAM_DONE;
	stream->acquired = false;
	return stream->device->release(stream->context, &stream->consumer,
				       &stream->picture);
}

enum stream_status eglstream_acquire(struct eglstream_stream *stream,
				     uint32_t wait_us)
{
	enum stream_status status = eglstream_release(stream);

	if (status != STREAM_DONE)
		return status;
	status = stream->device->acquire(stream->context, &stream->consumer,
					 wait_us, &stream->picture);
	stream->acquired = status == STREAM_DONE;
	return status;
}

/* ---- bring-up -------------------------------------------------------------- */

static int stream_create(struct eglstream_stream *stream,
			 struct eglstream_refusal *refusal)
{
	struct eglstream_library *library = stream->library;
	int attributes[] = {EGLSTREAM_FIFO_LENGTH, (int)stream->fifo,
			    EGLSTREAM_REUSE, 0,
			    EGLSTREAM_AUTO_ACQUIRE, 0,
			    EGLSTREAM_NONE};

	if (!stream->screen)
		attributes[4] = EGLSTREAM_NONE;
	/* a mailbox needs no extension for it */
	stream->stream = library->egl.create_stream(
		library->display, attributes + (stream->fifo ? 0 : 2));
	return stream->stream ? 0
			      : eglstream_refuse_call(
					refusal, library,
					EGLSTREAM_CALL_create_stream);
}

static int stream_connect_end(struct eglstream_stream *stream,
			      enum stream_end which,
			      struct eglstream_refusal *refusal)
{
	char line[EGLSTREAM_LINE_MAX] = "the GPU is lost";
	enum stream_status status = stream->device->connect(
		stream->context, which, stream->stream, &stream->slots[0],
		which == STREAM_CONSUMER ? &stream->consumer
					 : &stream->producer,
		line, sizeof(line));

	return status == STREAM_DONE
		       ? 0
		       : eglstream_refuse(refusal, -ENODEV,
					  "the stream's %s is refused: %s",
					  which == STREAM_CONSUMER ? "consumer"
								   : "producer",
					  line);
}

static int stream_connect_consumer(struct eglstream_stream *stream,
				   struct eglstream_refusal *refusal)
{
	struct eglstream_library *library = stream->library;

	if (!stream->screen)
		return stream_connect_end(stream, STREAM_CONSUMER, refusal);
	return library->egl.consumer_output(library->display, stream->stream,
					    stream->screen->layer)
		       ? 0
		       : eglstream_refuse_call(refusal, library,
					       EGLSTREAM_CALL_consumer_output);
}

/* A step that is asked again until it is done, with a limit. */
static enum stream_status stream_try_back(struct eglstream_stream *stream,
					  uint32_t *slot)
{
	enum stream_status status = eglstream_take_back(stream, slot);
	int waited_ms;

	for (waited_ms = 0; status == STREAM_NOT_YET && waited_ms < TRIAL_MS;
	     waited_ms += TRIAL_PAUSE_MS) {
		clock_pause(TRIAL_PAUSE_MS * NS_PER_MS);
		status = eglstream_take_back(stream, slot);
	}
	return status;
}

static int stream_refuse_trial(const struct eglstream_stream *stream,
			       struct eglstream_refusal *refusal,
			       uint32_t slot, const char *what)
{
	return eglstream_refuse(refusal, -ENODEV,
				"slot %u has not gone through the stream: %s "
				"(CUDA answered %d): use --display kms or "
				"headless",
				slot, what,
				stream->device->code(stream->context));
}

/* It comes on view, and takes `before` off it (DISPLAY_SLOTS_MAX: none). */
static int stream_try_view(struct eglstream_stream *stream, uint32_t slot,
			   uint32_t before, struct eglstream_refusal *refusal)
{
	uint32_t back = DISPLAY_SLOTS_MAX;

	if (eglstream_screen_acquire(stream->screen, stream->library,
				     stream->stream, slot) != STREAM_DONE)
		return eglstream_refuse(refusal, -ENODEV,
					"slot %u has not gone through the "
					"stream: the screen cannot acquire it "
					"(EGL error 0x%x): use --display kms or "
					"headless",
					slot,
					(unsigned int)stream->screen->error);
	if (!eglstream_screen_wait(stream->screen))
		return stream_refuse_trial(stream, refusal, slot,
					   "its flip did not end");
	if (before == DISPLAY_SLOTS_MAX)
		return 0;
	if (stream_try_back(stream, &back) != STREAM_DONE)
		return stream_refuse_trial(stream, refusal, before,
					   "it is not given back");
	return back == before ? 0
			      : stream_refuse_trial(stream, refusal, before,
						    "another is given back");
}

static int stream_try(struct eglstream_stream *stream, uint32_t slot,
		      uint32_t before, struct eglstream_refusal *refusal)
{
	uint32_t back = DISPLAY_SLOTS_MAX;

	if (eglstream_present(stream, slot) != STREAM_DONE)
		return stream_refuse_trial(stream, refusal, slot,
					   "it cannot be presented");
	if (stream->screen)
		return stream_try_view(stream, slot, before, refusal);
	if (eglstream_acquire(stream, TRIAL_MS * 1000) != STREAM_DONE)
		return stream_refuse_trial(stream, refusal, slot,
					   "the consumer cannot acquire it");
	if (stream->picture.image.width != stream->slots[slot].width ||
	    stream->picture.image.height != stream->slots[slot].height)
		return stream_refuse_trial(stream, refusal, slot,
					   "it came with another size");
	if (eglstream_release(stream) != STREAM_DONE)
		return stream_refuse_trial(stream, refusal, slot,
					   "the consumer cannot release it");
	if (stream_try_back(stream, &back) != STREAM_DONE)
		return stream_refuse_trial(stream, refusal, slot,
					   "it is not given back");
	return back == slot ? 0
			    : stream_refuse_trial(stream, refusal, slot,
						  "another is given back");
}

int eglstream_stream_build(struct eglstream_stream *stream, uint32_t last,
			   bool all, struct eglstream_refusal *refusal)
{
	uint32_t i, slot, count = stream->slot_count;
	uint32_t before = DISPLAY_SLOTS_MAX;
	int error = stream_create(stream, refusal);

	if (!error)
		error = stream_connect_consumer(stream, refusal);
	if (!error)
		error = stream_connect_end(stream, STREAM_PRODUCER, refusal);
	for (i = all ? 1 : count; i <= count && !error; i++) {
		slot = (last + i) % count;
		error = stream_try(stream, slot, before, refusal);
		before = slot;
	}
	if (error)
		eglstream_stream_end(stream);
	return error;
}

void eglstream_stream_end(struct eglstream_stream *stream)
{
	const struct display_stream *device = stream->device;

	if (stream->acquired)
		eglstream_release(stream);
	if (stream->producer)
		device->disconnect(stream->context, STREAM_PRODUCER,
				   &stream->producer);
	if (stream->consumer)
		device->disconnect(stream->context, STREAM_CONSUMER,
				   &stream->consumer);
	if (stream->stream)
		stream->library->egl.destroy_stream(stream->library->display,
						    stream->stream);
	stream->stream = NULL;
}

bool eglstream_stream_is_over(const struct eglstream_stream *stream)
{
	const struct eglstream_library *library = stream->library;
	int state = EGLSTREAM_STATE_DISCONNECTED;

	return !stream->stream ||
	       !library->egl.query_stream(library->display, stream->stream,
					  EGLSTREAM_STATE, &state) ||
	       state == EGLSTREAM_STATE_DISCONNECTED;
}
