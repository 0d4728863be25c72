/*
 * tests/fakes/cuda/egl.c: the ends of an EGLStream: a stream of the fake libEGL
 * (tests/fakes/egl/stream.h), which holds its own state; here the handles, and
 * that no byte of a frame changes while the stream has it.
 */
#include <string.h>

#include "tests/fakes/cuda/entries.h"
#include "tests/fakes/cuda/fake.h"
#include "tests/fakes/egl/stream.h"

struct cuda_end {
	struct object object;
	struct fake_stream *stream;
	bool consumer;
};

/* What is acquired: one at a time. */
struct cuda_picture {
	struct cuda_end *end;
	struct cuda_frame frame;
};

static struct cuda_picture picture;

static int code_of(enum fake_stream_answer answer)
{
	static const int codes[] = {
		[FAKE_STREAM_DONE] = FAKE_OK,
		[FAKE_STREAM_NOT_YET] = FAKE_LAUNCH_TIMEOUT,
		[FAKE_STREAM_GONE] = FAKE_UNKNOWN,
		[FAKE_STREAM_WRONG] = FAKE_INVALID_HANDLE,
	};

	return codes[answer];
}

/* For a screen, which copies it. */
static void read_frame(const struct cuda_frame *frame, unsigned char *to)
{
	const unsigned char *from = frame->plane[0];
	size_t y, bytes = (size_t)frame->width * 4;

	pthread_mutex_lock(&fake_lock);
	fake_open_memory();
	for (y = 0; y < frame->height; y++)
		memcpy(to + y * bytes, from + y * frame->pitch, bytes);
	fake_shut_memory();
	pthread_mutex_unlock(&fake_lock);
}

static int connect_end(struct cuda_end **end, struct fake_stream *stream,
		       bool consumer, int width, int height)
{
	int code;

	if (!stream || stream->magic != FAKE_STREAM_MAGIC)
		return fake_misuse("no EGLStream", FAKE_INVALID_HANDLE);
	stream->read = read_frame;
	code = code_of(stream->ops->connect(stream, consumer, width, height));
	if (code)
		return code;
	*end = fake_new(FAKE_END, sizeof(**end));
	(*end)->stream = stream;
	(*end)->consumer = consumer;
	return FAKE_OK;
}

static int check_end(struct cuda_end *const *end, bool consumer)
{
	return end && fake_is(*end, FAKE_END) && (*end)->consumer == consumer
		       ? FAKE_OK
		       : fake_misuse("no end of an EGLStream",
				     FAKE_INVALID_HANDLE);
}

static int disconnect_end(struct cuda_end **end, bool consumer)
{
	int code = check_end(end, consumer);

	if (code)
		return code;
	code = code_of((*end)->stream->ops->disconnect((*end)->stream,
						       consumer));
	fake_delete(*end);
	*end = NULL;
	return code;
}

int fake_consumer_connect(struct cuda_end **end, void *stream)
{
	int code = fake_enter(CUDA_CALL_consumer_connect, true);

	return fake_leave(code ? code : connect_end(end, stream, true, 0, 0));
}

int fake_producer_connect(struct cuda_end **end, void *stream, int width,
			  int height)
{
	int code = fake_enter(CUDA_CALL_producer_connect, true);

	return fake_leave(code ? code
			       : connect_end(end, stream, false, width,
					     height));
}

int fake_consumer_disconnect(struct cuda_end **end)
{
	int code = fake_enter(CUDA_CALL_consumer_disconnect, true);

	return fake_leave(code ? code : disconnect_end(end, true));
}

int fake_producer_disconnect(struct cuda_end **end)
{
	int code = fake_enter(CUDA_CALL_producer_disconnect, true);

	return fake_leave(code ? code : disconnect_end(end, false));
}

/* ---- frames -------------------------------------------------------------------- */

static uint64_t hash_of(const struct cuda_frame *frame)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);
	const uint64_t *words = frame->plane[0];
	size_t i, count = (size_t)frame->pitch * frame->height / 8;

	fake_open_memory();
	for (i = 0; i < count; i++)
		hash = (hash ^ words[i]) * UINT64_C(0x100000001b3);
	fake_shut_memory();
	return hash;
}

static bool is_well_formed(const struct cuda_frame *frame)
{
	return frame->type == CUDA_FRAME_PITCH &&
	       frame->format == CUDA_FRAME_ARGB &&
	       frame->element == CUDA_FRAME_BYTES && frame->channels == 4 &&
	       frame->plane_count == 1 && frame->depth == 1 &&
	       frame->pitch % 16 == 0 && frame->pitch >= 4 * frame->width &&
	       !frame->plane[1] && !frame->plane[2] &&
	       fake_in_memory(frame->plane[0],
			      (size_t)frame->pitch * frame->height, true);
}

/* A pointer to a stream; stream 0 is one. */
static int check_stream(struct cuda_stream *const *stream)
{
	return stream && (!*stream || fake_is(*stream, FAKE_STREAM))
		       ? FAKE_OK
		       : fake_misuse("no CUstream", FAKE_INVALID_HANDLE);
}

int fake_producer_present(struct cuda_end **end, struct cuda_frame frame,
			  struct cuda_stream **stream)
{
	int code = fake_enter(CUDA_CALL_producer_present, true);

	if (!code)
		code = check_end(end, false);
	if (!code)
		code = check_stream(stream);
	if (!code && !is_well_formed(&frame))
		code = fake_misuse("a CUeglFrame", FAKE_INVALID_VALUE);
	if (!code)
		code = code_of((*end)->stream->ops->insert(
			(*end)->stream, &frame, hash_of(&frame)));
	return fake_leave(code);
}

int fake_producer_return(struct cuda_end **end, struct cuda_frame *frame,
			 struct cuda_stream **stream)
{
	int code = fake_enter(CUDA_CALL_producer_return, true);

	if (!code)
		code = check_end(end, false);
	if (!code)
		code = check_stream(stream);
	if (!code)
		code = code_of((*end)->stream->ops->peek((*end)->stream,
							 frame));
	if (!code)
		(*end)->stream->ops->take((*end)->stream, frame,
					  hash_of(frame));
	return fake_leave(code);
}

int fake_consumer_acquire(struct cuda_end **end, struct cuda_picture **made,
			  struct cuda_stream **stream, unsigned int timeout_us)
{
	int code = fake_enter(CUDA_CALL_consumer_acquire, true);

	(void)timeout_us; /* in this process what waits is there at once */
	if (!code)
		code = check_end(end, true);
	if (!code)
		code = check_stream(stream);
	if (!code)
		code = code_of((*end)->stream->ops->acquire((*end)->stream,
							    &picture.frame));
	if (!code) {
		picture.end = *end;
		*made = &picture;
	}
	return fake_leave(code);
}

int fake_picture_frame(struct cuda_frame *frame, struct cuda_picture *which,
		       unsigned int index, unsigned int level)
{
	int code = fake_enter(CUDA_CALL_picture_frame, true);

	if (!code && !index && !level && fake_image_frame(frame, which))
		return fake_leave(FAKE_OK);
	if (!code && (which != &picture || !picture.end || index || level))
		code = fake_misuse("cuGraphicsResourceGetMappedEglFrame",
				   FAKE_INVALID_HANDLE);
	if (!code)
		*frame = picture.frame;
	return fake_leave(code);
}

int fake_consumer_release(struct cuda_end **end, struct cuda_picture *which,
			  struct cuda_stream **stream)
{
	int code = fake_enter(CUDA_CALL_consumer_release, true);

	if (!code)
		code = check_end(end, true);
	if (!code)
		code = check_stream(stream);
	if (!code && (which != &picture || picture.end != *end))
		code = fake_misuse("a picture that is not acquired",
				   FAKE_INVALID_HANDLE);
	if (!code) {
		picture.end = NULL;
		code = code_of((*end)->stream->ops->release((*end)->stream,
							    &picture.frame));
	}
	return fake_leave(code);
}
