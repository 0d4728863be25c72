/*
 * drivers/source/v4l2/prove.c: see prove.h.
 */
#include "drivers/source/v4l2/prove.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

#include "runtime/base/stop.h"
#include "runtime/base/text.h"
#include "runtime/time/clock.h"

#define PROVE_WAIT_MS	 100 /* between looks for a signal */
#define PROVE_NS	 (4 * NS_PER_SECOND) /* for a good frame */
#define PROVE_CANARY	 0xa5
/* Memory is cached if reading so much of it is at most so many times slower than
 * other memory, and that. */
#define PROVE_READ_BYTES 65536
#define PROVE_READ_TIMES 4
#define PROVE_READ_NS	 (20 * NS_PER_US)

/* ---- one frame -------------------------------------------------------------- */

/* Whether the last row of each plane is what no camera left untouched. */
static bool prove_is_filled(const struct v4l2_capture *capture,
			      uint32_t frame)
{
	const struct picture *picture = &capture->source->frame[frame];
	enum graph_format format = capture->graph->format;
	const unsigned char *row;
	uint32_t i, rows;
	size_t bytes, at;

	for (i = 0; i < graph_format_row(format)->planes; i++) {
		rows = graph_plane_rows(format, i, picture->height);
		bytes = graph_plane_row_bytes(format, i, picture->width);
		row = picture->plane[i] + (rows - 1) * picture->pitch[i];
		for (at = 0; at < bytes && row[at] == PROVE_CANARY; at++)
			;
		if (at == bytes)
			return false;
	}
	return true;
}

/* Whether ticks may read where the device writes: memory that no cache serves is
 * many times slower than other memory, which `blank` is. */
static bool prove_is_quick(const struct v4l2_capture *capture,
			     uint32_t frame)
{
	size_t bytes = capture->shape.bytes[0];
	int64_t plain_ns, read_ns;

	if (bytes > PROVE_READ_BYTES)
		bytes = PROVE_READ_BYTES;
	plain_ns = v4l2_node_read_ns(capture->source->blank.plane[0], bytes);
	read_ns = v4l2_node_read_ns(capture->buffers.piece[frame][0].base,
				    bytes);
	return read_ns <= PROVE_READ_TIMES * plain_ns + PROVE_READ_NS;
}

/* A good frame. 0: it proves the way; -EAGAIN: another one may. */
static int prove_judge(const struct v4l2_capture *capture, uint32_t frame)
{
	if (!v4l2_capture_shares(capture))
		return 0;
	if (!prove_is_filled(capture, frame))
		return -EAGAIN;
	return capture->way == V4L2_WAY_FILLED ||
			       prove_is_quick(capture, frame)
		       ? 0
		       : -ENOTSUP;
}

/* Its first good frame. 0, -ETIMEDOUT, -EINTR: a signal asks for the end,
 * -ENODATA: frames come, and not there, -ENOTSUP: memory that is slow to read. */
static int prove_first_frame(struct v4l2_capture *capture)
{
	int64_t end_ns = clock_now_ns() + PROVE_NS;
	uint32_t elsewhere = 0;
	struct v4l2_filled filled;
	int events, error;

	while (clock_now_ns() < end_ns) {
		if (stop_requested())
			return -EINTR;
		events = v4l2_node_wait(capture->device.fd, PROVE_WAIT_MS);
		if (events < 0)
			return events;
		error = events ? v4l2_buffers_dequeue(&capture->buffers,
						      &filled)
			       : -EAGAIN;
		if (error == -EAGAIN && events & (POLLERR | POLLHUP))
			return -EIO;
		if (error == -EAGAIN)
			continue;
		if (!error && !filled.corrupt) {
			error = prove_judge(capture, filled.index);
			if (error != -EAGAIN)
				return error;
			if (++elsewhere == V4L2_BUFFERS_MAX)
				return -ENODATA;
			error = 0;
		}
		if (!error)
			error = v4l2_buffers_queue(&capture->buffers,
						   filled.index);
		if (error)
			return error;
	}
	return -ETIMEDOUT;
}

/* All of them; the last rows are what no camera leaves. */
static int prove_queue_all(struct v4l2_capture *capture)
{
	uint32_t i;
	int error = 0;

	for (i = 0; i < capture->buffers.count && !error; i++)
		if (capture->way == V4L2_WAY_READ)
			error = v4l2_buffers_lend(&capture->buffers, i);
	if (!error && v4l2_capture_shares(capture))
		memset(capture->memory, PROVE_CANARY,
		       capture->buffers.count * capture->stride);
	for (i = 0; i < capture->buffers.count && !error; i++)
		error = v4l2_buffers_queue(&capture->buffers, i);
	return error;
}

static int prove_buffers(struct v4l2_capture *capture)
{
	uint32_t tries = 0;
	int error = v4l2_capture_take(capture);

	if (error)
		return error;
	do {
		if (tries)
			clock_pause(V4L2_AGAIN_NS);
		error = prove_queue_all(capture);
		if (!error)
			error = v4l2_buffers_start(&capture->buffers);
		if (error)
			v4l2_buffers_stop(&capture->buffers);
	} while (error && error != -ENODEV && error != -ENOSPC &&
		 error != -ENOTTY && ++tries < V4L2_TRIES);
	if (!error)
		error = prove_first_frame(capture);
	v4l2_buffers_stop(&capture->buffers);
	if (error && v4l2_buffers_unlend(&capture->buffers, NULL))
		error = -EFAULT;
	if (error)
		v4l2_buffers_give(&capture->buffers);
	else
		v4l2_capture_subscribe(capture);
	return error;
}

/* The source's frames as the device lays them out. False: there is no room. */
static bool prove_lay_out(struct v4l2_capture *capture)
{
	const struct v4l2_shape *shape = &capture->shape;
	const uint32_t planes = graph_format_row(capture->graph->format)->planes;
	size_t start[V4L2_PLANES_MAX] = {0}, all = 0;
	struct source *source = capture->source;
	uint32_t i, frame;

	for (i = 0; i < shape->pieces; i++) {
		start[i] = all;
		all += v4l2_piece_room(capture->way, shape->bytes[i]);
	}
	if (shape->jpeg || all > capture->stride)
		return false;
	for (frame = 0; frame < source->frame_count; frame++)
		for (i = 0; i < planes; i++) {
			source->frame[frame].plane[i] =
				capture->memory + frame * capture->stride +
				start[shape->piece[i]] + shape->offset[i];
			source->frame[frame].pitch[i] = shape->pitch[i];
		}
	return true;
}

/* As source_alloc_bytes laid them out. */
static void prove_lay_out_plainly(struct v4l2_capture *capture)
{
	const struct graph_source *graph = capture->graph;
	struct source *source = capture->source;
	struct picture plain;
	uint32_t i, j;

	for (i = 0; i < source->frame_count; i++) {
		graph_picture(&plain, graph->format, graph->width,
			      graph->height,
			      capture->memory + i * capture->stride);
		for (j = 0; j < PICTURE_PLANES_MAX; j++) {
			source->frame[i].plane[j] = plain.plane[j];
			source->frame[i].pitch[j] = plain.pitch[j];
		}
	}
}

/* A device that gives fewer buffers: frames without one are none. */
static void prove_keep_frames(struct source *source, uint32_t count)
{
	uint32_t i, frame;

	for (i = 0; i < source->frame_count; i++)
		if (source_take_frame(source, &frame) && frame < count)
			source_return(source, frame);
	source->frame_count = count;
}

/* Of a way that is not COPIED. 0, or -errno with nothing taken and all as before. */
static int prove_shared(struct v4l2_capture *capture, enum v4l2_way way)
{
	int error = -EPROTO;

	if (way == V4L2_WAY_READ && capture->pinned)
		return -EPERM;
	capture->way = way;
	if (prove_lay_out(capture))
		error = prove_buffers(capture);
	if (!error)
		prove_keep_frames(capture->source, capture->buffers.count);
	return error;
}

static const char *prove_why(int error)
{
	switch (error) {
	case -ETIMEDOUT:
		return "no frame came";
	case -ENODATA:
		return "frames come elsewhere";
	case -ENOTSUP:
		return "slow to read";
	case -EPERM:
		return "the GPU wants it page-locked";
	default:
		return strerror(-error);
	}
}

static void prove_tell_why(struct v4l2_capture *capture, enum v4l2_way way,
			     int error)
{
	text_append(capture->why, sizeof(capture->why), "%s%s: %s",
		    capture->why[0] ? "; " : "",
		    way == V4L2_WAY_FILLED ? "our memory" : "read in place",
		    prove_why(error));
}

/* Not for another way to mend. */
static bool prove_is_over(int error)
{
	return !error || error == -ENODEV || error == -EBUSY ||
	       error == -ENOSPC || error == -EINTR || error == -EFAULT;
}

int v4l2_prove(struct v4l2_capture *capture)
{
	enum v4l2_way way;
	int error = 0;

	capture->state = V4L2_STOPPED;
	/* 4 s without a frame: a camera that gives none is not asked thrice */
	for (way = V4L2_WAY_FILLED;
	     way < V4L2_WAY_COPIED && !capture->shape.jpeg &&
	     error != -ETIMEDOUT;
	     way++) {
		error = prove_shared(capture, way);
		if (prove_is_over(error))
			return error;
		prove_tell_why(capture, way, error);
	}
	capture->way = V4L2_WAY_COPIED;
	prove_lay_out_plainly(capture);
	return prove_buffers(capture);
}
