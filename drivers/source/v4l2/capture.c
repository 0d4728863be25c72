/*
 * drivers/source/v4l2/capture.c: see capture.h.
 */
#include "drivers/source/v4l2/capture.h"

#include <errno.h>
#include <linux/videodev2.h>
#include <poll.h>
#include <string.h>

#include "runtime/base/seal.h"
#include "runtime/time/clock.h"

#define CAPTURE_WAIT_MS	    100 /* a turn looks at `stop` that often */
#define CAPTURE_NO_BUFFER_NS (2 * NS_PER_MS) /* all are with the ticks */
#define CAPTURE_GAP_MAX	    65536 /* frames; more is a driver that counts anew */
#define CAPTURE_EVENTS_MAX  8
#define CAPTURE_FILLING	    2 /* buffers: one being filled, one to follow */

static const char *capture_loss_name(enum v4l2_loss loss)
{
	static const char *const name[V4L2_LOSS_COUNT] = {
		[V4L2_LOSS_UNPLUGGED] = "unplugged",
		[V4L2_LOSS_QUEUE] = "queue error",
		[V4L2_LOSS_STALLED] = "stalled",
		[V4L2_LOSS_CORRUPT] = "corrupt frames only",
		[V4L2_LOSS_FORMAT] = "another format",
		[V4L2_LOSS_BUSY] = "in use",
		[V4L2_LOSS_BANDWIDTH] = "no USB bandwidth",
		[V4L2_LOSS_REFUSED] = "does not start",
	};

	return name[loss];
}

const char *v4l2_capture_way_out(const char *reason)
{
	if (!strcmp(reason, capture_loss_name(V4L2_LOSS_BANDWIDTH)))
		return V4L2_MORE_BANDWIDTH;
	if (!strcmp(reason, capture_loss_name(V4L2_LOSS_BUSY)))
		return "end the program that took it";
	return NULL;
}

static enum v4l2_loss capture_loss_of(int error)
{
	switch (error) {
	case -ENODEV:
	case -ENXIO:
	case -ENOENT:
		return V4L2_LOSS_UNPLUGGED;
	case -EBUSY:
		return V4L2_LOSS_BUSY;
	case -ENOSPC:
		return V4L2_LOSS_BANDWIDTH;
	case -ENOTSUP:
		return V4L2_LOSS_FORMAT;
	case -EIO:
	case -EPROTO:
		return V4L2_LOSS_QUEUE;
	default:
		return V4L2_LOSS_REFUSED;
	}
}

/* ---- states ------------------------------------------------------------------- */

/* Told once a reason: it goes on as the same loss, whatever the tries end
 * with. */
static void capture_lose(struct v4l2_capture *capture, enum v4l2_loss loss)
{
	if (capture->lost & 1u << loss)
		return;
	capture->lost |= 1u << loss;
	source_set_state(capture->source, SOURCE_LOST, capture_loss_name(loss),
			 clock_now_ns());
}

/* The device's memory out of the source's frames; those that the ticks have stay
 * as they are. */
static int capture_leave(struct v4l2_capture *capture)
{
	bool keep[V4L2_BUFFERS_MAX];
	uint32_t i;

	for (i = 0; i < V4L2_BUFFERS_MAX; i++)
		keep[i] = !capture->mine[i];
	return v4l2_buffers_unlend(&capture->buffers, keep);
}

/* What does not leave now is asked again before it is opened. */
static void capture_close(struct v4l2_capture *capture, int64_t wait_ns)
{
	v4l2_buffers_stop(&capture->buffers);
	capture_leave(capture);
	v4l2_buffers_give(&capture->buffers);
	v4l2_device_close(&capture->device);
	capture->state = V4L2_CLOSED;
	capture->retry_ns = clock_now_ns() + wait_ns;
	capture->tries = 0;
	capture->counts = false;
}

/* Lets it rest and tries again, or opens it anew where that did not help. */
static void capture_restart(struct v4l2_capture *capture, enum v4l2_loss loss)
{
	capture_lose(capture, loss);
	if (loss == V4L2_LOSS_UNPLUGGED || loss == V4L2_LOSS_FORMAT ||
	    capture->tries >= V4L2_TRIES) {
		capture_close(capture, loss == V4L2_LOSS_FORMAT ? 0
								: V4L2_LOOK_NS);
		return;
	}
	v4l2_buffers_stop(&capture->buffers);
	capture->state = V4L2_STOPPED;
	capture->retry_ns = clock_now_ns() + capture->tries * V4L2_AGAIN_NS;
	capture->counts = false;
}

/* ---- buffers ------------------------------------------------------------------ */

/* All frames that are free; where the ticks leave too few for the next
 * picture to come, old ones that they have not looked at. */
static void capture_take_frames(struct v4l2_capture *capture)
{
	uint32_t i, frame, count = 0;

	for (i = 0; i < V4L2_BUFFERS_MAX; i++)
		count += capture->mine[i];
	while (source_take_frame(capture->source, &frame) ||
	       (count < CAPTURE_FILLING && source_take_back(capture->source) &&
		source_take_frame(capture->source, &frame))) {
		capture->mine[frame] = true;
		count++;
	}
}

/* Every buffer that may be filled. */
static int capture_feed(struct v4l2_capture *capture)
{
	struct v4l2_buffers *buffers = &capture->buffers;
	uint32_t i;
	int error = 0;

	if (v4l2_capture_shares(capture))
		capture_take_frames(capture);
	for (i = 0; i < buffers->count && !error; i++) {
		if (buffers->queued[i] ||
		    (v4l2_capture_shares(capture) && !capture->mine[i]))
			continue;
		if (capture->way == V4L2_WAY_READ)
			error = v4l2_buffers_lend(buffers, i);
		if (!error)
			error = v4l2_buffers_queue(buffers, i);
	}
	return error;
}

static int capture_begin(struct v4l2_capture *capture)
{
	int error = capture_feed(capture);

	if (!error && !capture->buffers.queued_count)
		error = -EAGAIN; /* all are with the ticks: a moment */
	if (!error)
		error = v4l2_buffers_start(&capture->buffers);
	if (error)
		v4l2_buffers_stop(&capture->buffers);
	return error;
}

/* ---- frames ------------------------------------------------------------------- */

static void capture_miss(const struct v4l2_capture *capture, uint64_t count,
			 const char *reason)
{
	if (count)
		source_count_lost(capture->source, count, reason,
				  clock_now_ns());
}

/* This frame's number, from 0 without gaps but for frames that were missed. The
 * driver's own begins anew with each stream and wraps. */
static uint64_t capture_number(struct v4l2_capture *capture,
			       uint32_t sequence)
{
	uint32_t missed = sequence - capture->last_sequence - 1;

	if (capture->counts && missed < CAPTURE_GAP_MAX) {
		capture_miss(capture, missed, "missed by the driver");
		capture->sequence += missed;
	}
	capture->counts = true;
	capture->last_sequence = sequence;
	return capture->sequence++;
}

static void capture_copy_plane(const struct v4l2_capture *capture,
			       const unsigned char *from, uint32_t plane,
			       const struct picture *to)
{
	enum graph_format format = capture->graph->format;
	size_t row = graph_plane_row_bytes(format, plane, to->width);
	size_t pitch = capture->shape.pitch[plane];
	uint32_t y, rows = graph_plane_rows(format, plane, to->height);

	if (pitch == to->pitch[plane]) {
		memcpy(to->plane[plane], from, (rows - 1) * pitch + row);
		return;
	}
	for (y = 0; y < rows; y++)
		memcpy(to->plane[plane] + y * to->pitch[plane],
		       from + y * pitch, row);
}

/* Out of the device's own memory, which may be slow to read: once, in one go. */
static bool capture_copy(struct v4l2_capture *capture,
			 const struct v4l2_filled *filled, uint32_t frame)
{
	const struct v4l2_shape *shape = &capture->shape;
	const struct v4l2_piece *piece =
		capture->buffers.piece[filled->index];
	const struct picture *to = &capture->source->frame[frame];
	uint32_t i;

	if (shape->jpeg) {
		atomic_fetch_add_explicit(&capture->source->health.unsealed, 1,
					  memory_order_relaxed);
		return v4l2_jpeg_decode(&capture->jpeg, piece[0].base,
					filled->bytes, to);
	}
	for (i = 0; i < graph_format_row(capture->graph->format)->planes; i++)
		capture_copy_plane(capture,
				   piece[shape->piece[i]].base +
					   shape->offset[i],
				   i, to);
	return true;
}

static void capture_pass_over(struct v4l2_capture *capture)
{
	capture->corrupt++;
	capture_miss(capture, 1, "corrupt");
}

static void capture_good(struct v4l2_capture *capture)
{
	capture->lost = 0;
	capture->tries = 0;
	capture->corrupt = 0;
	capture->good_ns = clock_now_ns();
	source_set_state(capture->source, SOURCE_RUNNING, NULL,
			 capture->good_ns);
}

/* It may be in the source's frame already. False: it is not one. */
static bool capture_fetch(struct v4l2_capture *capture,
			  const struct v4l2_filled *filled, uint32_t frame)
{
	if (!v4l2_capture_shares(capture) && !capture_copy(capture, filled, frame))
		return false;
	source_inspect(capture->source, frame, clock_now_ns());
	return true;
}

static void capture_frame(struct v4l2_capture *capture,
			  const struct v4l2_filled *filled)
{
	const struct source_facts facts = {
		.sequence = capture_number(capture, filled->sequence),
		.stamp_ns = filled->monotonic && filled->stamp_ns > 0
				    ? filled->stamp_ns
				    : SOURCE_STAMP_NONE,
		.worth = capture->device.hardware_stamps
				 ? SOURCE_WORTH_HARDWARE
				 : SOURCE_WORTH_SOFTWARE,
	};
	uint32_t frame = filled->index;

	if (filled->corrupt) {
		capture_pass_over(capture);
		return;
	}
	if (!v4l2_capture_shares(capture) &&
	    !source_free_frame(capture->source, &frame)) {
		capture_miss(capture, 1, "no free frame");
		capture_good(capture);
		return;
	}
	if (!capture_fetch(capture, filled, frame)) {
		capture_pass_over(capture);
		return;
	}
	capture_good(capture);
	if (!v4l2_capture_shares(capture)) {
		source_deliver(capture->source, &facts);
		return;
	}
	capture->mine[frame] = false;
	source_deliver_frame(capture->source, frame, &facts);
}

/* ---- one turn, by state -------------------------------------------------------- */

/* True: what it gives has changed. */
static bool capture_events(struct v4l2_capture *capture)
{
	struct v4l2_event event;
	bool changed = false;
	int i;

	for (i = 0; i < CAPTURE_EVENTS_MAX &&
		    !v4l2_node_ioctl(capture->device.fd, VIDIOC_DQEVENT,
				     &event);
	     i++)
		changed = changed || (event.type == V4L2_EVENT_SOURCE_CHANGE &&
				      event.u.src_change.changes &
					      V4L2_EVENT_SRC_CH_RESOLUTION);
	return changed;
}

static int64_t capture_stall_ns(const struct v4l2_capture *capture)
{
	int64_t periods_ns = capture->shape.rate.num
				     ? rate_tick_ns(capture->shape.rate, 4)
				     : 0;

	return periods_ns > V4L2_STALL_NS ? periods_ns : V4L2_STALL_NS;
}

static void capture_look_at_time(struct v4l2_capture *capture)
{
	if (clock_now_ns() - capture->good_ns < capture_stall_ns(capture))
		return;
	capture->tries++;
	capture_restart(capture, capture->corrupt ? V4L2_LOSS_CORRUPT
						      : V4L2_LOSS_STALLED);
}

static void capture_turn_running(struct v4l2_capture *capture)
{
	struct v4l2_filled filled;
	int events, error;

	error = capture_feed(capture);
	if (error == -ENODEV) {
		capture_restart(capture, V4L2_LOSS_UNPLUGGED);
		return;
	}
	if (!capture->buffers.queued_count) {
		clock_pause(CAPTURE_NO_BUFFER_NS);
		capture_look_at_time(capture);
		return;
	}
	events = v4l2_node_wait(capture->device.fd, CAPTURE_WAIT_MS);
	if (events > 0 && events & POLLPRI && capture_events(capture)) {
		capture_restart(capture, V4L2_LOSS_FORMAT);
		return;
	}
	error = events > 0 ? v4l2_buffers_dequeue(&capture->buffers, &filled)
			   : events;
	if (error == -EAGAIN && events & (POLLERR | POLLHUP))
		error = -EIO;
	if (events && !error) {
		capture_frame(capture, &filled);
	} else if (error && error != -EAGAIN) {
		capture->tries++;
		capture_restart(capture, error == -ENODEV
						 ? V4L2_LOSS_UNPLUGGED
						 : V4L2_LOSS_QUEUE);
		return;
	}
	capture_look_at_time(capture);
}

static void capture_turn_stopped(struct v4l2_capture *capture)
{
	int error = capture_begin(capture);

	if (error == -EAGAIN) {
		clock_pause(CAPTURE_NO_BUFFER_NS);
	} else if (error) {
		capture->tries++;
		capture_restart(capture, capture_loss_of(error));
	} else {
		capture->state = V4L2_RUNNING;
		capture->good_ns = clock_now_ns();
		capture->corrupt = 0;
	}
}

void v4l2_capture_subscribe(const struct v4l2_capture *capture)
{
	struct v4l2_event_subscription change = {
		.type = V4L2_EVENT_SOURCE_CHANGE,
	};
	int input = 0;

	v4l2_node_ioctl(capture->device.fd, VIDIOC_G_INPUT, &input);
	change.id = (uint32_t)input;
	v4l2_node_ioctl(capture->device.fd, VIDIOC_SUBSCRIBE_EVENT, &change);
}

int v4l2_capture_take(struct v4l2_capture *capture)
{
	return v4l2_buffers_take(&capture->buffers, &capture->device,
				 &capture->shape, capture->way,
				 capture->memory, capture->stride);
}

/* The device is open: as at start. */
static int capture_set_up(struct v4l2_capture *capture)
{
	char refusal[V4L2_REFUSAL_MAX];
	struct v4l2_shape shape;
	int error = v4l2_format_set(&capture->device, &capture->wish, &shape,
				    refusal, sizeof(refusal));

	if (error)
		return error;
	/* its pitch may be another one where the thread copies, no more */
	if (v4l2_capture_shares(capture) ? !v4l2_shape_is(&shape, &capture->shape)
			    : shape.jpeg != capture->shape.jpeg)
		return -ENOTSUP;
	capture->shape = shape;
	error = v4l2_capture_take(capture);
	if (!error)
		v4l2_capture_subscribe(capture);
	return error;
}

/* From RUNNING and STOPPED it came here closed. */
static void capture_turn_closed(struct v4l2_capture *capture)
{
	struct v4l2_device device;
	int error = -ENODEV;

	if (!capture_leave(capture) &&
	    v4l2_device_find_again(&device, &capture->device,
				   capture->name[0] ? capture->name : NULL)) {
		capture->device = device;
		error = capture_set_up(capture);
		if (error)
			capture_lose(capture, capture_loss_of(error));
	}
	if (error) {
		v4l2_device_close(&capture->device);
		capture->retry_ns = clock_now_ns() + V4L2_LOOK_NS;
		return;
	}
	capture->state = V4L2_STOPPED;
	capture->retry_ns = 0;
}

void v4l2_capture_turn(struct v4l2_capture *capture)
{
	int64_t left_ns = capture->state == V4L2_RUNNING
				  ? 0
				  : capture->retry_ns - clock_now_ns();

	if (left_ns > 0)
		clock_pause(left_ns); /* 100 ms at most */
	else if (capture->state == V4L2_RUNNING)
		capture_turn_running(capture);
	else if (capture->state == V4L2_STOPPED)
		capture_turn_stopped(capture);
	else
		capture_turn_closed(capture);
}

void *v4l2_capture_run(void *arg)
{
	struct v4l2_capture *capture = arg;
	struct seal_usage usage;

	seal_begin(&usage);
	while (!atomic_load_explicit(&capture->stop, memory_order_relaxed))
		v4l2_capture_turn(capture);
	seal_end(&usage);
	v4l2_buffers_stop(&capture->buffers);
	return NULL;
}
