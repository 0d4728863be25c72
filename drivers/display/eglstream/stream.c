/*
 * drivers/display/eglstream/stream.c: see stream.h.
 */
#include "drivers/display/eglstream/stream.h"

#include <errno.h>
#include <stdlib.h>

#include "graph/device.h"
#include "runtime/time/clock.h"

#define SEED	     0x5eed0000u /* of a mark; and the slot's number */
#define TRIAL_MS     1000 /* for one step of the trial */
#define TRIAL_PAUSE_MS 1

/* ---- frames ---------------------------------------------------------------- */

enum stream_status eglstream_present(struct eglstream_stream *stream,
				     uint32_t slot)
{
	return stream->from->present(stream, slot);
}

enum stream_status eglstream_take_back(struct eglstream_stream *stream,
				       uint32_t *slot)
{
	return stream->from->take_back(stream, slot);
}

enum stream_status eglstream_release(struct eglstream_stream *stream)
{
	if (!stream->acquired)
		return STREAM_DONE;
	stream->acquired = false;
	return stream->to->release(stream);
}

enum stream_status eglstream_acquire(struct eglstream_stream *stream,
				     uint32_t wait_us)
{
	enum stream_status status = eglstream_release(stream);

	if (status != STREAM_DONE)
		return status;
	status = stream->to->acquire(stream, wait_us);
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

	if (stream->gles.consumes)
		attributes[4] = EGLSTREAM_TIMEOUT; /* an acquire does not wait */
	else if (!stream->screen)
		attributes[4] = EGLSTREAM_NONE;
	/* a mailbox needs no extension for it */
	stream->stream = library->egl.create_stream(
		library->display, attributes + (stream->fifo ? 0 : 2));
	return stream->stream ? 0
			      : eglstream_refuse_call(
					refusal, library,
					EGLSTREAM_CALL_create_stream);
}

/* The consumer first. */
static int stream_connect_ends(struct eglstream_stream *stream,
			  struct eglstream_refusal *refusal)
{
	int error = 0;

	stream->gles.library = stream->library;
	if (stream->gles.produces || stream->gles.consumes)
		error = eglstream_gles_open(&stream->gles, refusal);
	if (!error)
		error = stream->to->connect(stream, refusal);
	if (!error)
		error = stream->from->connect(stream, refusal);
	return error;
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
	uint32_t back = before;

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

/* Once more and again, with a limit, where the consumer does not wait itself. */
static enum stream_status stream_try_acquire(struct eglstream_stream *stream)
{
	enum stream_status status = eglstream_acquire(stream, TRIAL_MS * 1000);
	int waited_ms;

	for (waited_ms = 0; status == STREAM_NOT_YET && waited_ms < TRIAL_MS;
	     waited_ms += TRIAL_PAUSE_MS) {
		clock_pause(TRIAL_PAUSE_MS * NS_PER_MS);
		status = eglstream_acquire(stream, 0);
	}
	return status;
}

/* ---- what arrives ------------------------------------------------------------ */

/* False: the mark is not drawn. */
static bool stream_mark(struct eglstream_stream *stream, uint32_t slot,
			bool black, struct eglstream_refusal *refusal)
{
	char line[DISPLAY_MAP_LINE_MAX];

	if (stream->map->mark(stream->context, &stream->slots[slot], SEED + slot,
			      black, line))
		return true;
	eglstream_refuse(refusal, -ENODEV, "slot %u cannot be marked: %s", slot,
			 line);
	return false;
}

/* The first pixel that is another one, of rows from the top or the bottom, but
 * for the byte that is none of a colour. False: there is none. */
static bool stream_differs(const struct image *image, uint32_t seed,
			   bool is_upside_down, uint32_t at[2])
{
	const uint32_t *pixel = (const uint32_t *)(const void *)image->base;
	uint32_t row;

	for (at[1] = 0; at[1] < image->height; at[1]++) {
		row = is_upside_down ? image->height - 1 - at[1] : at[1];
		for (at[0] = 0; at[0] < image->width; at[0]++, pixel++)
			if ((*pixel ^ graph_mark_pixel(seed, at[0], row)) &
			    0xffffff)
				return true;
	}
	return false;
}

/* Whoever draws turns it. False: nobody does. */
static bool stream_turn(struct eglstream_stream *stream)
{
	if (stream->from->turn)
		stream->from->turn(stream);
	else if (stream->to->turn)
		stream->to->turn(stream);
	return stream->from->turn || stream->to->turn;
}

/* The mark of this slot is in `seen`. *turned: it was upside down, the first
 * time: whoever draws has turned it. */
static int stream_compare(struct eglstream_stream *stream, uint32_t slot,
			  const struct image *seen, bool *turned,
			  struct eglstream_refusal *refusal)
{
	uint32_t at[2], upside_down_at[2];

	if (!stream_differs(seen, SEED + slot, false, at))
		return 0;
	if (!*turned &&
	    !stream_differs(seen, SEED + slot, true, upside_down_at) &&
	    stream_turn(stream)) {
		*turned = true;
		return 0;
	}
	return eglstream_refuse(refusal, -ENOTSUP,
				"what arrives is not what went in, %s to %s: "
				"pixel %u,%u of slot %u is another: use "
				"--display kms or headless",
				stream->from->name, stream->to->name, at[0],
				at[1], slot);
}

/* What is acquired. */
static int stream_look(struct eglstream_stream *stream, uint32_t slot,
		       bool *turned, struct eglstream_refusal *refusal)
{
	const struct image *image = &stream->slots[slot];
	size_t pitch = image->width * sizeof(uint32_t);
	struct image seen = {malloc(pitch * image->height), pitch, image->width,
			     image->height};
	int error;

	if (!seen.base)
		return eglstream_refuse(refusal, -ENOMEM,
					"no memory to look at a frame");
	if (stream->to->read(stream, &seen) != STREAM_DONE)
		error = stream_refuse_trial(stream, refusal, slot,
					    "what arrived cannot be read");
	else
		error = stream_compare(stream, slot, &seen, turned, refusal);
	free(seen.base);
	return error;
}

/* ---- every slot -------------------------------------------------------------- */

/* In, out and back. turned: what arrives is compared (stream_compare); NULL: it
 * is not. */
static int stream_pass(struct eglstream_stream *stream, uint32_t slot,
		       bool *turned, struct eglstream_refusal *refusal)
{
	uint32_t back = slot;

	if (eglstream_present(stream, slot) != STREAM_DONE)
		return stream_refuse_trial(stream, refusal, slot,
					   "it cannot be presented");
	if (stream_try_acquire(stream) != STREAM_DONE)
		return stream_refuse_trial(stream, refusal, slot,
					   "the consumer cannot acquire it");
	if (stream->picture.image.width != stream->slots[slot].width ||
	    stream->picture.image.height != stream->slots[slot].height)
		return stream_refuse_trial(stream, refusal, slot,
					   "it came with another size");
	if (turned && stream_look(stream, slot, turned, refusal))
		return refusal->error;
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

/* The slot has the mark in it; it is black again after that. */
static int stream_try_marked(struct eglstream_stream *stream, uint32_t slot,
			     struct eglstream_refusal *refusal)
{
	bool turned = false;
	int error;

	if (!stream_mark(stream, slot, false, refusal))
		return refusal->error;
	error = stream_pass(stream, slot, &turned, refusal);
	if (!error && turned)
		error = stream_pass(stream, slot, &turned, refusal);
	if (!error && !stream_mark(stream, slot, true, refusal))
		error = refusal->error;
	return error;
}

/* before: what a screen shows; DISPLAY_SLOTS_MAX: nothing. */
static int stream_try(struct eglstream_stream *stream, uint32_t slot,
		      uint32_t before, struct eglstream_refusal *refusal)
{
	if (stream->screen)
		return eglstream_present(stream, slot) == STREAM_DONE
			       ? stream_try_view(stream, slot, before, refusal)
			       : stream_refuse_trial(stream, refusal, slot,
						     "it cannot be presented");
	if (!stream->is_seen && stream->map)
		return stream_try_marked(stream, slot, refusal);
	return stream_pass(stream, slot, NULL, refusal);
}

int eglstream_stream_build(struct eglstream_stream *stream, uint32_t last,
			   bool all, struct eglstream_refusal *refusal)
{
	uint32_t i, slot, count = stream->slot_count;
	uint32_t before = DISPLAY_SLOTS_MAX;
	int error = stream_create(stream, refusal);

	if (!error)
		error = stream_connect_ends(stream, refusal);
	if (!stream->screen && last >= count)
		count = 0; /* none may go through */
	for (i = all ? 1 : count; i <= count && count && !error; i++) {
		slot = (last + i) % count;
		error = stream_try(stream, slot, before, refusal);
		before = slot;
	}
	eglstream_gles_leave(&stream->gles); /* it is the tick thread's */
	if (error)
		eglstream_stream_end(stream);
	else
		stream->is_seen = true; /* slots are drawn in from now on */
	return error;
}

void eglstream_stream_end(struct eglstream_stream *stream)
{
	if (!stream->stream)
		return;
	stream->from->disconnect(stream);
	stream->to->disconnect(stream);
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
