/*
 * drivers/cuda/stream.c: the ends of an EGLStream
 * (runtime/port/display_stream.h).
 *
 * Every call is on stream 0, where nothing of ours runs: a frame is drawn when it
 * is presented, and what is done with a picture is done before it is released,
 * so there is nothing to wait for on the GPU. A present costs the host a quarter
 * of what it costs on a stream of its own (H100, driver 580). A consumer that
 * reads on the GPU after its release needs another way: a slot must wait then.
 *
 * What a call answers is judged by the call: 702 LAUNCH_TIMEOUT, after which a
 * context is gone, is "nothing yet" where a frame is asked for. Any other
 * refusal may mean no more than that the other end has gone: whether the device
 * is lost cuStreamQuery knows.
 */
#include <stdio.h>

#include "drivers/cuda/state.h"
#include "runtime/time/clock.h"

#define READ_NS NS_PER_SECOND /* at most, for one picture */

/*
 * The tick thread's calls are looked after (watch.h), which is for one thread
 * at a time. The display's own thread may call meanwhile: who waits for that
 * one has limits of its own.
 */
#define stream_call(cuda, name, ...)                                           \
	(seal_is_on ? cuda_call(&(cuda)->library, name, __VA_ARGS__)           \
		    : (cuda)->library.entries.name(__VA_ARGS__))

static bool stream_is_over(const struct cuda *cuda)
{
	return seal_is_on ? cuda->backend->lost : cuda_watch_has_left();
}

static enum stream_status stream_fail(struct cuda *cuda, enum cuda_call call,
				      int code)
{
	char line[BACKEND_TEXT_MAX];
	int why;

	if (!seal_is_on)
		return STREAM_REFUSED;
	why = cuda_call(&cuda->library, stream_query, cuda->stream);
	if (!why || why == CUDA_NOT_READY || !cuda_error_find(why)->sticky)
		return STREAM_REFUSED;
	cuda_error_line(&cuda->library, cuda_call_symbol(call), code, line,
			sizeof(line));
	backend_set_lost(cuda->backend, line);
	return STREAM_LOST;
}

static enum stream_status stream_status_of(struct cuda *cuda,
					   enum cuda_call call, int code)
{
	bool asks = call == CUDA_CALL_producer_return ||
		    call == CUDA_CALL_consumer_acquire;

	atomic_store_explicit(&cuda->egl_code, code, memory_order_relaxed);
	if (!code)
		return STREAM_DONE;
	if (asks && (code == CUDA_LAUNCH_TIMEOUT || code == CUDA_TIMEOUT ||
		     code == CUDA_NOT_READY))
		return STREAM_NOT_YET;
	return stream_fail(cuda, call, code);
}

static int stream_code(void *context)
{
	struct cuda *cuda = context;

	return atomic_load_explicit(&cuda->egl_code, memory_order_relaxed);
}

static bool stream_can(void *context, char *line, size_t line_bytes)
{
	const struct cuda *cuda = context;
	void *const *entries = (void *const *)&cuda->library.entries;
	int call;

	for (call = CUDA_CALL_FIRST_STREAM; call < CUDA_CALL_COUNT; call++)
		if (!entries[call]) {
			snprintf(line, line_bytes,
				 "libcuda.so.1 has no %s: it was made without "
				 "EGLStreams",
				 cuda_call_symbol((enum cuda_call)call));
			return false;
		}
	return true;
}

static enum stream_status stream_enter(void *context)
{
	struct cuda *cuda = context;

	if (stream_is_over(cuda))
		return STREAM_LOST;
	return stream_status_of(cuda, CUDA_CALL_context_set,
				stream_call(cuda, context_set, cuda->context));
}

static enum stream_status stream_connect(void *context, enum stream_end which,
					 void *stream, const struct image *slot,
					 void **end, char *line,
					 size_t line_bytes)
{
	struct cuda *cuda = context;
	enum cuda_call call = which == STREAM_CONSUMER
				      ? CUDA_CALL_consumer_connect
				      : CUDA_CALL_producer_connect;
	struct cuda_end *made = NULL;
	int code;

	if (stream_is_over(cuda))
		return STREAM_LOST;
	if (which == STREAM_CONSUMER)
		code = stream_call(cuda, consumer_connect, &made, stream);
	else
		code = stream_call(cuda, producer_connect, &made, stream,
				   (int)slot->width, (int)slot->height);
	*end = code ? NULL : made;
	if (code)
		snprintf(line, line_bytes, "%s: CUDA error %d",
			 cuda_call_symbol(call), code);
	return stream_status_of(cuda, call, code);
}

static void stream_disconnect(void *context, enum stream_end which, void **end)
{
	struct cuda *cuda = context;
	struct cuda_end *made = *end;

	*end = NULL;
	if (!made || stream_is_over(cuda))
		return;
	if (which == STREAM_CONSUMER)
		stream_call(cuda, consumer_disconnect, &made);
	else
		stream_call(cuda, producer_disconnect, &made);
}

static enum stream_status stream_present(void *context, void **end,
					 const struct image *slot)
{
	struct cuda *cuda = context;
	const struct cuda_frame frame = {
		.plane = {slot->base},
		.width = slot->width,
		.height = slot->height,
		.depth = 1,
		.pitch = (unsigned int)slot->pitch,
		.plane_count = 1,
		.channels = 4,
		.type = CUDA_FRAME_PITCH,
		.format = CUDA_FRAME_ARGB,
		.element = CUDA_FRAME_BYTES,
	};

	if (stream_is_over(cuda))
		return STREAM_LOST;
	return stream_status_of(
		cuda, CUDA_CALL_producer_present,
		stream_call(cuda, producer_present, (struct cuda_end **)end,
			    frame, &cuda->egl_order));
}

static enum stream_status stream_take_back(void *context, void **end,
					   unsigned char **base)
{
	struct cuda *cuda = context;
	struct cuda_frame frame = {.plane = {NULL}};
	int code;

	if (stream_is_over(cuda))
		return STREAM_LOST;
	code = stream_call(cuda, producer_return, (struct cuda_end **)end,
			   &frame, &cuda->egl_order);
	*base = frame.plane[0];
	return stream_status_of(cuda, CUDA_CALL_producer_return, code);
}

static enum stream_status stream_release(void *context, void **end,
					 const struct stream_picture *picture)
{
	struct cuda *cuda = context;

	if (stream_is_over(cuda))
		return STREAM_LOST;
	return stream_status_of(
		cuda, CUDA_CALL_consumer_release,
		stream_call(cuda, consumer_release, (struct cuda_end **)end,
			    (struct cuda_picture *)picture->handle,
			    &cuda->egl_order));
}

/* Rows of four bytes a pixel are all that was presented: another form is
 * another producer's. */
static bool stream_describe(const struct cuda_frame *frame,
			    struct image *image)
{
	*image = (struct image){
		.base = frame->plane[0],
		.pitch = frame->pitch,
		.width = frame->width,
		.height = frame->height,
	};
	return frame->type == CUDA_FRAME_PITCH &&
	       frame->format == CUDA_FRAME_ARGB && frame->plane_count == 1;
}

static enum stream_status stream_acquire(void *context, void **end,
					 uint32_t wait_us,
					 struct stream_picture *picture)
{
	struct cuda *cuda = context;
	struct cuda_frame frame = {.plane = {NULL}};
	struct cuda_picture *made = NULL;
	enum stream_status status;
	int code;

	if (stream_is_over(cuda))
		return STREAM_LOST;
	code = stream_call(cuda, consumer_acquire, (struct cuda_end **)end,
			   &made, &cuda->egl_order, wait_us);
	status = stream_status_of(cuda, CUDA_CALL_consumer_acquire, code);
	if (status != STREAM_DONE)
		return status;
	picture->handle = made;
	code = stream_call(cuda, picture_frame, &frame, made, 0, 0);
	status = stream_status_of(cuda, CUDA_CALL_picture_frame, code);
	if (status == STREAM_DONE && !stream_describe(&frame, &picture->image))
		status = STREAM_REFUSED;
	if (status != STREAM_DONE)
		stream_release(context, end, picture);
	return status;
}

static enum stream_status stream_read(void *context,
				      const struct stream_picture *picture,
				      const struct image *to)
{
	struct cuda *cuda = context;
	enum backend_status status =
		cuda->backend->lost
			? BACKEND_LOST
			: cuda_read(cuda->backend, &picture->image, to,
				    clock_now_ns() + READ_NS);

	if (status == BACKEND_LOST)
		return STREAM_LOST;
	return status == BACKEND_READY ? STREAM_DONE : STREAM_REFUSED;
}

void cuda_stream_open(struct cuda *cuda)
{
	cuda->egl_stream = (struct display_stream){
		.device = cuda->device,
		.can = stream_can,
		.enter = stream_enter,
		.connect = stream_connect,
		.disconnect = stream_disconnect,
		.present = stream_present,
		.take_back = stream_take_back,
		.acquire = stream_acquire,
		.release = stream_release,
		.code = stream_code,
		.read = stream_read,
	};
}
