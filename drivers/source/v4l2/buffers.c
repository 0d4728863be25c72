/*
 * drivers/source/v4l2/buffers.c: REQBUFS, QBUF, DQBUF of both APIs and the three
 * ways. See buffers.h.
 */
#include "drivers/source/v4l2/buffers.h"

#include <errno.h>
#include <linux/videodev2.h>
#include <string.h>

#include "runtime/base/rate.h"

static bool buffers_are_multi(const struct v4l2_buffers *buffers)
{
	return buffers->shape->type == V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE;
}

static uint32_t buffers_memory(const struct v4l2_buffers *buffers)
{
	return buffers->way == V4L2_WAY_FILLED ? V4L2_MEMORY_USERPTR
					       : V4L2_MEMORY_MMAP;
}

static struct v4l2_buffer buffers_message(const struct v4l2_buffers *buffers,
					  struct v4l2_plane planes[],
					  uint32_t index)
{
	struct v4l2_buffer message = {
		.index = index,
		.type = buffers->shape->type,
		.memory = buffers_memory(buffers),
	};

	memset(planes, 0, VIDEO_MAX_PLANES * sizeof(*planes));
	if (buffers_are_multi(buffers)) {
		message.m.planes = planes;
		message.length = buffers->shape->pieces;
	}
	return message;
}

/* ---- taking ------------------------------------------------------------------- */

static int buffers_request(const struct v4l2_buffers *buffers, uint32_t *count)
{
	struct v4l2_requestbuffers request = {
		.count = *count,
		.type = buffers->shape->type,
		.memory = buffers_memory(buffers),
	};
	int error = v4l2_node_ioctl(buffers->fd, VIDIOC_REQBUFS, &request);

	*count = request.count;
	return error;
}

/* Where a piece of the device's own memory is, and that it holds one. */
struct buffers_place {
	uint32_t offset;
	size_t bytes;
};

static int buffers_query(const struct v4l2_buffers *buffers, uint32_t index,
			 struct buffers_place place[])
{
	struct v4l2_plane planes[VIDEO_MAX_PLANES];
	struct v4l2_buffer message = buffers_message(buffers, planes, index);
	const struct v4l2_shape *shape = buffers->shape;
	uint32_t i;
	int error = v4l2_node_ioctl(buffers->fd, VIDIOC_QUERYBUF, &message);

	if (error)
		return error;
	if (buffers_are_multi(buffers) && message.length != shape->pieces)
		return -EPROTO;
	for (i = 0; i < shape->pieces; i++) {
		place[i] = buffers_are_multi(buffers)
				   ? (struct buffers_place){planes[i].m.mem_offset,
							    planes[i].length}
				   : (struct buffers_place){message.m.offset,
							    message.length};
		if (place[i].bytes < shape->bytes[i])
			return -EPROTO;
	}
	return 0;
}

static int buffers_map(struct v4l2_buffers *buffers, uint32_t index)
{
	struct buffers_place place[V4L2_PLANES_MAX];
	void *base;
	uint32_t i;
	int error = buffers_query(buffers, index, place);

	for (i = 0; i < buffers->shape->pieces && !error; i++) {
		error = v4l2_node_map(buffers->fd, place[i].offset,
				      place[i].bytes, &base);
		if (!error)
			buffers->piece[index][i] =
				(struct v4l2_piece){base, place[i].bytes};
	}
	return error;
}

size_t v4l2_piece_room(enum v4l2_way way, size_t bytes)
{
	return way == V4L2_WAY_READ
		       ? (bytes + V4L2_PAGE - 1) / V4L2_PAGE * V4L2_PAGE
		       : bytes;
}

/* The pieces of a frame. */
static void buffers_place(struct v4l2_buffers *buffers, uint32_t index)
{
	unsigned char *base = buffers->memory + index * buffers->stride;
	uint32_t i;

	for (i = 0; i < buffers->shape->pieces; i++) {
		buffers->piece[index][i] = (struct v4l2_piece){
			base, buffers->shape->bytes[i]};
		base += v4l2_piece_room(buffers->way, buffers->shape->bytes[i]);
	}
}

int v4l2_buffers_lend(struct v4l2_buffers *buffers, uint32_t index)
{
	struct buffers_place place[V4L2_PLANES_MAX];
	const struct v4l2_piece *piece = buffers->piece[index];
	uint32_t i;
	int error;

	if (buffers->lent[index])
		return 0;
	error = buffers_query(buffers, index, place);
	for (i = 0; i < buffers->shape->pieces && !error; i++) {
		error = v4l2_node_map_over(
			buffers->fd, place[i].offset, piece[i].base,
			v4l2_piece_room(V4L2_WAY_READ, piece[i].bytes));
		/* by the first of them */
		buffers->lent[index] = buffers->lent[index] || !error;
	}
	return error;
}

int v4l2_buffers_unlend(struct v4l2_buffers *buffers, const bool keep[])
{
	uint32_t i;
	int error = 0;

	for (i = 0; i < V4L2_BUFFERS_MAX && !error; i++) {
		if (!buffers->lent[i])
			continue;
		error = v4l2_node_set_aside(buffers->memory +
						    i * buffers->stride,
					    buffers->stride, keep && keep[i]);
		buffers->lent[i] = error != 0;
	}
	return error;
}

int v4l2_buffers_take(struct v4l2_buffers *buffers,
		      const struct v4l2_device *device,
		      const struct v4l2_shape *shape, enum v4l2_way way,
		      unsigned char *memory, size_t stride)
{
	uint32_t i, least = V4L2_BUFFERS_MIN, count;
	int error;

	if (way == V4L2_WAY_FILLED)
		least = V4L2_BUFFERS_MAX;
	count = way == V4L2_WAY_COPIED ? V4L2_BUFFERS_MIN : V4L2_BUFFERS_MAX;
	*buffers = (struct v4l2_buffers){.fd = device->fd,
					 .shape = shape,
					 .way = way,
					 .memory = memory,
					 .stride = stride};
	error = buffers_request(buffers, &count);
	if (error)
		return error;
	buffers->count = count < V4L2_BUFFERS_MAX ? count : V4L2_BUFFERS_MAX;
	if (count < least)
		error = count ? -ENOMEM : -EPROTO;
	for (i = 0; i < buffers->count && !error; i++) {
		if (way == V4L2_WAY_COPIED)
			error = buffers_map(buffers, i);
		else
			buffers_place(buffers, i);
	}
	if (error)
		v4l2_buffers_give(buffers);
	return error;
}

void v4l2_buffers_give(struct v4l2_buffers *buffers)
{
	uint32_t i, j, none = 0;

	if (!buffers->count)
		return;
	v4l2_buffers_stop(buffers);
	for (i = 0; i < buffers->count; i++)
		for (j = 0; j < V4L2_PLANES_MAX; j++)
			if (buffers->way == V4L2_WAY_COPIED &&
			    buffers->piece[i][j].base)
				v4l2_node_unmap(buffers->piece[i][j].base,
						buffers->piece[i][j].bytes);
	buffers_request(buffers, &none);
	buffers->count = 0;
}

/* ---- handing over ---------------------------------------------------------------- */

int v4l2_buffers_queue(struct v4l2_buffers *buffers, uint32_t index)
{
	struct v4l2_plane planes[VIDEO_MAX_PLANES];
	struct v4l2_buffer message = buffers_message(buffers, planes, index);
	const struct v4l2_piece *piece = buffers->piece[index];
	bool filled = buffers->way == V4L2_WAY_FILLED;
	uint32_t i;
	int error;

	if (filled && !buffers_are_multi(buffers)) {
		message.m.userptr = (unsigned long)piece[0].base;
		message.length = (uint32_t)piece[0].bytes;
	}
	for (i = 0; filled && buffers_are_multi(buffers) &&
		    i < buffers->shape->pieces;
	     i++) {
		planes[i].m.userptr = (unsigned long)piece[i].base;
		planes[i].length = (uint32_t)piece[i].bytes;
	}
	error = v4l2_node_ioctl(buffers->fd, VIDIOC_QBUF, &message);
	if (!error) {
		buffers->queued[index] = true;
		buffers->queued_count++;
	}
	return error;
}

/* Bytes that it filled of all pieces; 0: more than there is room for. */
static size_t buffers_used(const struct v4l2_buffers *buffers,
			   const struct v4l2_buffer *message,
			   const struct v4l2_plane planes[], size_t *first)
{
	const struct v4l2_piece *piece = buffers->piece[message->index];
	size_t used, all = 0;
	uint32_t i;

	for (i = 0; i < buffers->shape->pieces; i++) {
		used = buffers_are_multi(buffers) ? planes[i].bytesused
						  : message->bytesused;
		if (used > piece[i].bytes)
			return 0;
		if (!i)
			*first = used;
		all += used;
	}
	return all;
}

int v4l2_buffers_dequeue(struct v4l2_buffers *buffers,
			 struct v4l2_filled *filled)
{
	struct v4l2_plane planes[VIDEO_MAX_PLANES];
	struct v4l2_buffer message = buffers_message(buffers, planes, 0);
	int error = v4l2_node_ioctl(buffers->fd, VIDIOC_DQBUF, &message);

	if (error)
		return error;
	if (message.index >= buffers->count || !buffers->queued[message.index])
		return -EPROTO;
	buffers->queued[message.index] = false;
	buffers->queued_count--;
	*filled = (struct v4l2_filled){
		.index = message.index,
		.monotonic = (message.flags & V4L2_BUF_FLAG_TIMESTAMP_MASK) ==
			     V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC,
		.sequence = message.sequence,
		.stamp_ns = (int64_t)message.timestamp.tv_sec * NS_PER_SECOND +
			    (int64_t)message.timestamp.tv_usec * NS_PER_US,
	};
	filled->corrupt = message.flags & V4L2_BUF_FLAG_ERROR ||
			  buffers_used(buffers, &message, planes,
				       &filled->bytes) < buffers->shape->least;
	return 0;
}

int v4l2_buffers_start(struct v4l2_buffers *buffers)
{
	int type = (int)buffers->shape->type;
	int error = v4l2_node_ioctl(buffers->fd, VIDIOC_STREAMON, &type);

	buffers->streaming = !error;
	return error;
}

void v4l2_buffers_stop(struct v4l2_buffers *buffers)
{
	int type;

	if (!buffers->count)
		return;
	type = (int)buffers->shape->type;
	/* also where it does not stream: it has what was queued */
	if (buffers->streaming || buffers->queued_count)
		v4l2_node_ioctl(buffers->fd, VIDIOC_STREAMOFF, &type);
	buffers->streaming = false;
	buffers->queued_count = 0;
	memset(buffers->queued, 0, sizeof(buffers->queued));
}
