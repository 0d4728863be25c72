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
 *
 * A texture of GLES's is registered once, as an EGLImage, and is an array then; a
 * picture that GLES has put into a stream comes as one, too. Only copies reach
 * those: the tick thread's as it reads a slot, those of another thread by calls
 * that wait.
 */
#include <stdio.h>
#include <stdlib.h>

#include "drivers/cuda/state.h"
#include "runtime/time/clock.h"

#define COPY_NS NS_PER_SECOND /* at most, for one picture */

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

/* Four bytes a pixel in the order of a slot's, in rows where CUDA is the
 * producer, in an array where GLES is. */
static bool stream_describe(const struct cuda_frame *frame,
			    struct stream_picture *picture)
{
	bool is_array = frame->type == CUDA_FRAME_ARRAY;

	picture->array = is_array ? frame->plane[0] : NULL;
	picture->image = (struct image){
		.base = is_array ? NULL : frame->plane[0],
		.pitch = frame->pitch,
		.width = frame->width,
		.height = frame->height,
	};
	return (is_array || frame->type == CUDA_FRAME_PITCH) &&
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
	if (status == STREAM_DONE && !stream_describe(&frame, picture))
		status = STREAM_REFUSED;
	if (status != STREAM_DONE)
		stream_release(context, end, picture);
	return status;
}

/* ---- copies ------------------------------------------------------------------ */

/* The tick thread's. */
static enum stream_status stream_copy_sealed(struct cuda *cuda,
					     const struct cuda_copy_2d *copy)
{
	enum backend_status status = cuda_copy(cuda->backend, copy,
					       clock_now_ns() + COPY_NS);

	if (status == BACKEND_LOST)
		return STREAM_LOST;
	return status == BACKEND_READY ? STREAM_DONE : STREAM_REFUSED;
}

/* The bytes are there when it returns. */
static enum stream_status stream_copy(struct cuda *cuda,
				      const struct cuda_copy_2d *copy)
{
	enum cuda_call call = CUDA_CALL_copy_2d;
	int code;

	if (stream_is_over(cuda))
		return STREAM_LOST;
	if (seal_is_on)
		return stream_copy_sealed(cuda, copy);
	code = stream_call(cuda, copy_2d, copy, cuda->copy_stream);
	if (!code) {
		call = CUDA_CALL_stream_wait;
		code = stream_call(cuda, stream_wait, cuda->copy_stream);
	}
	return stream_status_of(cuda, call, code);
}

static enum stream_status stream_read(void *context,
				      const struct stream_picture *picture,
				      const struct image *to)
{
	const struct cuda_copy_2d copy = {
		.from_type = picture->array ? CUDA_MEMORY_ARRAY
					    : CUDA_MEMORY_DEVICE,
		.from_device = (uint64_t)(uintptr_t)picture->image.base,
		.from_array = picture->array,
		.from_pitch = picture->array ? 0 : picture->image.pitch,
		.to_type = CUDA_MEMORY_HOST,
		.to_host = to->base,
		.to_pitch = to->pitch,
		.width_bytes = to->width * sizeof(uint32_t),
		.height = to->height,
	};

	return stream_copy(context, &copy);
}

/* ---- a texture of GLES's ------------------------------------------------------- */

/* What is registered, and what CUDA has it as. */
struct stream_texture {
	struct cuda_picture *picture;
	void *array;
};

static bool stream_is_texture(const struct cuda_frame *frame,
			      const struct image *slot)
{
	return frame->type == CUDA_FRAME_ARRAY && frame->plane_count == 1 &&
	       frame->element == CUDA_FRAME_BYTES && frame->channels == 4 &&
	       frame->width == slot->width && frame->height == slot->height &&
	       frame->plane[0];
}

static void stream_texture_close(void *context, void *texture)
{
	struct cuda *cuda = context;
	struct stream_texture *made = texture;

	if (made && !stream_is_over(cuda))
		stream_call(cuda, image_end, made->picture);
	free(made);
}

/* What of it was refused; 0: it is there, and is what it must be. */
static bool stream_texture_make(struct cuda *cuda, void *egl_image,
				const struct image *slot,
				struct stream_texture *made, char *line,
				size_t line_bytes)
{
	struct cuda_frame frame = {.plane = {NULL}};
	int code = stream_call(cuda, image_register, &made->picture, egl_image,
			       0);

	if (code) {
		snprintf(line, line_bytes,
			 "cuGraphicsEGLRegisterImage: CUDA error %d", code);
		return false;
	}
	code = stream_call(cuda, picture_frame, &frame, made->picture, 0, 0);
	made->array = frame.plane[0];
	if (!code && stream_is_texture(&frame, slot))
		return true;
	snprintf(line, line_bytes,
		 "CUDA has the texture as %ux%u, %s, %u channels (CUDA error "
		 "%d)",
		 frame.width, frame.height,
		 frame.type == CUDA_FRAME_ARRAY ? "an array" : "rows",
		 frame.channels, code);
	stream_call(cuda, image_end, made->picture);
	return false;
}

static void *stream_texture_open(void *context, void *egl_image,
				 const struct image *slot, char *line,
				 size_t line_bytes)
{
	struct cuda *cuda = context;
	struct stream_texture *made = calloc(1, sizeof(*made));

	snprintf(line, line_bytes, "%s", made ? "the GPU is lost" : "no memory");
	if (made && !stream_is_over(cuda) &&
	    stream_texture_make(cuda, egl_image, slot, made, line, line_bytes))
		return made;
	free(made);
	return NULL;
}

static enum stream_status stream_texture_fill(void *context, void *texture,
					      const struct image *slot)
{
	const struct stream_texture *made = texture;
	const struct cuda_copy_2d copy = {
		.from_type = CUDA_MEMORY_DEVICE,
		.from_device = (uint64_t)(uintptr_t)slot->base,
		.from_pitch = slot->pitch,
		.to_type = CUDA_MEMORY_ARRAY,
		.to_array = made->array,
		.width_bytes = slot->width * sizeof(uint32_t),
		.height = slot->height,
	};

	return stream_copy(context, &copy);
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
		.texture_open = stream_texture_open,
		.texture_close = stream_texture_close,
		.texture_fill = stream_texture_fill,
		.read = stream_read,
	};
}
