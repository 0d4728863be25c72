/*
 * drivers/display/eglstream/ends.c: see ends.h.
 */
#include "drivers/display/eglstream/ends.h"

#include <errno.h>

#include "drivers/display/eglstream/stream.h"

/* ---- CUDA -------------------------------------------------------------------- */

static int cuda_connect_end(struct eglstream_stream *stream,
			    enum stream_end which, void **end,
			    struct eglstream_refusal *refusal)
{
	char line[EGLSTREAM_LINE_MAX] = "the GPU is lost";
	enum stream_status status = stream->device->connect(
		stream->context, which, stream->stream, &stream->slots[0], end,
		line, sizeof(line));

	return status == STREAM_DONE
		       ? 0
		       : eglstream_refuse(refusal, -ENODEV,
					  "the stream's %s is refused: %s",
					  which == STREAM_CONSUMER ? "consumer"
								   : "producer",
					  line);
}

static int cuda_connect_producer(struct eglstream_stream *stream,
				 struct eglstream_refusal *refusal)
{
	return cuda_connect_end(stream, STREAM_PRODUCER, &stream->producer,
				refusal);
}

static void cuda_disconnect_producer(struct eglstream_stream *stream)
{
	if (stream->producer)
		stream->device->disconnect(stream->context, STREAM_PRODUCER,
					   &stream->producer);
}

static enum stream_status cuda_present(struct eglstream_stream *stream,
				       uint32_t slot)
{
	return stream->device->present(stream->context, &stream->producer,
				       &stream->slots[slot]);
}

/* The stream says which. */
static enum stream_status cuda_take_back(struct eglstream_stream *stream,
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

static int cuda_connect_consumer(struct eglstream_stream *stream,
				 struct eglstream_refusal *refusal)
{
	return cuda_connect_end(stream, STREAM_CONSUMER, &stream->consumer,
				refusal);
}

static enum stream_status cuda_acquire(struct eglstream_stream *stream,
				       uint32_t wait_us)
{
	return stream->device->acquire(stream->context, &stream->consumer,
				       wait_us, &stream->picture);
}

static enum stream_status cuda_release(struct eglstream_stream *stream)
{
	return stream->device->release(stream->context, &stream->consumer,
				       &stream->picture);
}

static void cuda_disconnect_consumer(struct eglstream_stream *stream)
{
	if (stream->acquired)
		eglstream_release(stream);
	if (stream->consumer)
		stream->device->disconnect(stream->context, STREAM_CONSUMER,
					   &stream->consumer);
}

static enum stream_status cuda_read_back(struct eglstream_stream *stream,
					 const struct image *to)
{
	return stream->device->read(stream->context, &stream->picture, to);
}

/* ---- GLES -------------------------------------------------------------------- */

static int gles_connect_producer(struct eglstream_stream *stream,
				 struct eglstream_refusal *refusal)
{
	return eglstream_gles_produce(&stream->gles, stream->stream,
				      &stream->slots[0], refusal);
}

static void gles_disconnect(struct eglstream_stream *stream)
{
	stream->acquired = false;
	eglstream_gles_close(&stream->gles);
}

static enum stream_status gles_present(struct eglstream_stream *stream,
				       uint32_t slot)
{
	return eglstream_gles_present(&stream->gles, &stream->slots[slot]);
}

/* The stream has a copy: a slot is here as soon as it is owed. */
static enum stream_status gles_take_back(struct eglstream_stream *stream,
					 uint32_t *slot)
{
	(void)stream;
	(void)slot;
	return STREAM_DONE;
}

static void gles_turn_producer(struct eglstream_stream *stream)
{
	stream->gles.out.is_upside_down ^= true;
}

static int gles_connect_consumer(struct eglstream_stream *stream,
				 struct eglstream_refusal *refusal)
{
	return eglstream_gles_consume(&stream->gles, stream->stream, refusal);
}

/* Does not wait: the trial asks again. */
static enum stream_status gles_acquire(struct eglstream_stream *stream,
				       uint32_t wait_us)
{
	(void)wait_us;
	stream->picture.image = stream->slots[0];
	return eglstream_gles_acquire(&stream->gles, stream->stream);
}

static enum stream_status gles_release(struct eglstream_stream *stream)
{
	return eglstream_gles_release(&stream->gles, stream->stream);
}

static enum stream_status gles_read_back(struct eglstream_stream *stream,
					 const struct image *to)
{
	return eglstream_gles_read(&stream->gles, to);
}

static void gles_turn_consumer(struct eglstream_stream *stream)
{
	stream->gles.in.is_upside_down ^= true;
}

/* ---- a screen ---------------------------------------------------------------- */

static int screen_connect(struct eglstream_stream *stream,
			  struct eglstream_refusal *refusal)
{
	struct eglstream_library *library = stream->library;

	return library->egl.consumer_output(library->display, stream->stream,
					    stream->screen->layer)
		       ? 0
		       : eglstream_refuse_call(refusal, library,
					       EGLSTREAM_CALL_consumer_output);
}

static void screen_disconnect(struct eglstream_stream *stream)
{
	(void)stream; /* it ends with the stream */
}

/* ---- the switch -------------------------------------------------------------- */

static const struct eglstream_producer_ops producers[] = {
	{"CUDA", cuda_connect_producer, cuda_disconnect_producer, cuda_present,
	 cuda_take_back, NULL},
	{"GLES", gles_connect_producer, gles_disconnect, gles_present,
	 gles_take_back, gles_turn_producer},
};

static const struct eglstream_consumer_ops consumers[] = {
	[EGLSTREAM_SCREEN] = {"screen", screen_connect, screen_disconnect, NULL,
			      NULL, NULL, NULL},
	[EGLSTREAM_CUDA_CONSUMER] = {"CUDA", cuda_connect_consumer,
				     cuda_disconnect_consumer, cuda_acquire,
				     cuda_release, cuda_read_back, NULL},
	[EGLSTREAM_GLES_CONSUMER] = {"GLES", gles_connect_consumer,
				     gles_disconnect, gles_acquire,
				     gles_release, gles_read_back,
				     gles_turn_consumer},
};

void eglstream_ends_choose(struct eglstream_stream *stream,
			   const struct eglstream_settings *settings)
{
	stream->from = &producers[settings->gles_producer];
	stream->to = &consumers[settings->consumer];
	stream->gles.device = stream->device;
	stream->gles.device_context = stream->context;
	stream->gles.width = stream->slots[0].width;
	stream->gles.height = stream->slots[0].height;
	stream->gles.produces = settings->gles_producer;
	stream->gles.consumes = settings->consumer == EGLSTREAM_GLES_CONSUMER;
	stream->gles.out.is_upside_down = true; /* a surface's last row is up */
}
