/*
 * tests/fakes/v4l2.c: see v4l2.h.
 */
#include "tests/fakes/v4l2.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drivers/source/v4l2/node.h"
#include "runtime/base/seal.h"
#include "runtime/base/text.h"
#include "runtime/time/clock.h"

#define FD(number) (100 + (number))

struct fake_v4l2 fake_v4l2;
static bool unplugged; /* with files still open */

static void fake_drop_buffers(void)
{
	uint32_t i, j;

	for (i = 0; i < FAKE_V4L2_BUFFERS; i++)
		for (j = 0; j < 3; j++)
			free(fake_v4l2.buffer[i].own[j]);
	memset(fake_v4l2.buffer, 0, sizeof(fake_v4l2.buffer));
}

void fake_v4l2_reset(void)
{
	fake_drop_buffers();
	unplugged = false;
	fake_v4l2 = (struct fake_v4l2){
		.camera = 3,
		.metadata = -1,
		.other = -1,
		.card = "Cam",
		.bus = "usb-1",
		.other_card = "Other",
		.other_bus = "usb-2",
		.fourcc = {v4l2_fourcc('X', 'R', '2', '4'),
			   v4l2_fourcc('Y', 'U', 'Y', 'V')},
		.width = 64,
		.height = 48,
		.pieces = 1,
		.no_read = true,
		.colorspace = V4L2_COLORSPACE_SRGB,
		.fail_error = EIO,
		.now_ns = 1000 * NS_PER_SECOND,
	};
}

bool fake_v4l2_is_clean(void)
{
	return !fake_v4l2.fds && fake_v4l2.maps == fake_v4l2.lent;
}

void fake_v4l2_unplug(void)
{
	fake_v4l2.camera = -1;
	unplugged = true;
}

void fake_v4l2_plug(int node)
{
	fake_v4l2.camera = node;
	unplugged = false;
	fake_v4l2.streaming = fake_v4l2.subscribed = false;
	fake_v4l2.waiting = fake_v4l2.filled = fake_v4l2.count = 0;
}

static bool fake_fails(void)
{
	return ++fake_v4l2.calls == fake_v4l2.fail_at;
}

/* ---- time --------------------------------------------------------------------- */

int64_t clock_now_ns(void)
{
	return fake_v4l2.now_ns;
}

void clock_pause(int64_t pause_ns)
{
	fake_v4l2.now_ns += pause_ns < CLOCK_SLEEP_MAX_NS ? pause_ns
							  : CLOCK_SLEEP_MAX_NS;
}

static void fake_fill(const struct fake_v4l2_buffer *buffer)
{
	uint32_t i;

	for (i = 0; i < fake_v4l2.pieces && !fake_v4l2.no_fill; i++)
		memset(buffer->at[i], (int)(fake_v4l2.sequence & 0x7f),
		       buffer->bytes[i]);
	if (fake_v4l2.jpeg)
		memcpy(buffer->at[0], fake_v4l2.jpeg, fake_v4l2.jpeg_bytes);
}

/* The frames due by now; one that finds no buffer is missed. */
static void fake_settle(void)
{
	while (fake_v4l2.streaming && !fake_v4l2.stalled &&
	       fake_v4l2.next_ns <= fake_v4l2.now_ns) {
		if (fake_v4l2.filled < fake_v4l2.waiting)
			fake_fill(&fake_v4l2.buffer
					   [fake_v4l2.order[fake_v4l2.filled++]]);
		fake_v4l2.sequence++;
		fake_v4l2.next_ns += FAKE_V4L2_PERIOD_NS;
	}
}

/* ---- ioctls ------------------------------------------------------------------- */

static uint32_t fake_type(void)
{
	return fake_v4l2.multi ? V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE
			       : V4L2_BUF_TYPE_VIDEO_CAPTURE;
}

static int fake_querycap(int number, struct v4l2_capability *to)
{
	bool other = number == fake_v4l2.other;

	snprintf((char *)to->card, sizeof(to->card), "%s",
		 other ? fake_v4l2.other_card : fake_v4l2.card);
	snprintf((char *)to->bus_info, sizeof(to->bus_info), "%s",
		 other ? fake_v4l2.other_bus : fake_v4l2.bus);
	snprintf((char *)to->driver, sizeof(to->driver), "fake");
	to->device_caps = number == fake_v4l2.metadata
				  ? V4L2_CAP_META_CAPTURE | V4L2_CAP_STREAMING
			  : fake_v4l2.multi
				  ? V4L2_CAP_VIDEO_CAPTURE_MPLANE |
					    V4L2_CAP_STREAMING
				  : V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING;
	to->capabilities = V4L2_CAP_DEVICE_CAPS | V4L2_CAP_META_CAPTURE |
			   V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING;
	return 0;
}

static int fake_enum_fmt(struct v4l2_fmtdesc *to)
{
	if (to->type != fake_type() || to->index >= FAKE_V4L2_FORMATS ||
	    !fake_v4l2.fourcc[to->index])
		return EINVAL;
	to->pixelformat = fake_v4l2.fourcc[to->index];
	return 0;
}

static int fake_enum_sizes(struct v4l2_frmsizeenum *to)
{
	if (to->index)
		return EINVAL;
	to->type = V4L2_FRMSIZE_TYPE_DISCRETE;
	to->discrete.width = fake_v4l2.width;
	to->discrete.height = fake_v4l2.height;
	return 0;
}

static int fake_enum_intervals(struct v4l2_frmivalenum *to)
{
	if (to->index > 1)
		return EINVAL;
	to->type = V4L2_FRMIVAL_TYPE_DISCRETE;
	to->discrete = (struct v4l2_fract){1, to->index ? 25 : 50};
	return 0;
}

static bool fake_has(uint32_t fourcc)
{
	uint32_t i;

	for (i = 0; i < FAKE_V4L2_FORMATS; i++)
		if (fourcc && fake_v4l2.fourcc[i] == fourcc)
			return true;
	return false;
}

/* Bytes of a pixel in a row of the first plane, and of all for two pixels. */
static void fake_sizes(uint32_t fourcc, uint32_t *pitch, uint32_t *bytes)
{
	uint32_t w = fake_v4l2.width, h = fake_v4l2.height;

	switch (fourcc) {
	case v4l2_fourcc('X', 'R', '2', '4'):
		*pitch = w * 4;
		*bytes = *pitch * h;
		break;
	case v4l2_fourcc('N', 'V', '1', '2'):
	case v4l2_fourcc('Y', 'U', '1', '2'):
		*pitch = w;
		*bytes = w * h * 3 / 2;
		break;
	case v4l2_fourcc('N', 'M', '1', '2'): /* more than either needs */
		*pitch = w;
		*bytes = w * h * 2;
		break;
	case v4l2_fourcc('M', 'J', 'P', 'G'):
		*pitch = 0;
		*bytes = w * h * 2;
		break;
	case v4l2_fourcc('G', 'R', 'E', 'Y'):
		*pitch = w;
		*bytes = w * h;
		break;
	default:
		*pitch = w * 2;
		*bytes = w * h * 2;
	}
}

static int fake_s_fmt(struct v4l2_format *format)
{
	struct v4l2_pix_format *pix = &format->fmt.pix;
	struct v4l2_pix_format_mplane *mp = &format->fmt.pix_mp;
	uint32_t fourcc, pitch, bytes, i;

	if (format->type != fake_type())
		return ENOTTY;
	if (fake_v4l2.count)
		return EBUSY;
	fourcc = fake_v4l2.multi ? mp->pixelformat : pix->pixelformat;
	if (!fake_has(fourcc))
		fourcc = fake_v4l2.fourcc[0];
	fake_sizes(fourcc, &pitch, &bytes);
	memset(&format->fmt, 0, sizeof(format->fmt));
	if (!fake_v4l2.multi) {
		*pix = (struct v4l2_pix_format){
			.width = fake_v4l2.width,
			.height = fake_v4l2.height,
			.pixelformat = fourcc,
			.field = V4L2_FIELD_NONE,
			.bytesperline = pitch,
			.sizeimage = bytes,
			.priv = V4L2_PIX_FMT_PRIV_MAGIC,
			.colorspace = fake_v4l2.colorspace,
			.ycbcr_enc = fake_v4l2.encoding,
			.quantization = fake_v4l2.quantization,
		};
	} else {
		mp->width = fake_v4l2.width;
		mp->height = fake_v4l2.height;
		mp->pixelformat = fourcc;
		mp->field = V4L2_FIELD_NONE;
		mp->num_planes = (__u8)fake_v4l2.pieces;
		mp->colorspace = fake_v4l2.colorspace;
		mp->ycbcr_enc = (__u8)fake_v4l2.encoding;
		mp->quantization = (__u8)fake_v4l2.quantization;
		for (i = 0; i < fake_v4l2.pieces; i++) {
			mp->plane_fmt[i].bytesperline = pitch;
			mp->plane_fmt[i].sizeimage = bytes;
		}
	}
	if (fake_v4l2.bend_format)
		fake_v4l2.bend_format(format);
	return 0;
}

static int fake_s_parm(struct v4l2_streamparm *parm)
{
	if (parm->type != fake_type())
		return EINVAL;
	if (fake_v4l2.period.numerator)
		parm->parm.capture.timeperframe = fake_v4l2.period;
	return 0;
}

static int fake_reqbufs(struct v4l2_requestbuffers *request)
{
	if (fake_v4l2.reqbufs_error && request->count)
		return fake_v4l2.reqbufs_error;
	if (request->type != fake_type() || fake_v4l2.streaming ||
	    (request->memory == V4L2_MEMORY_USERPTR && fake_v4l2.no_userptr))
		return EINVAL;
	if (fake_v4l2.maps)
		return EBUSY;
	fake_drop_buffers();
	fake_v4l2.memory = request->memory;
	if (fake_v4l2.bend_request && request->count)
		fake_v4l2.bend_request(request);
	fake_v4l2.count = request->count;
	return 0;
}

static struct v4l2_plane *fake_planes(struct v4l2_buffer *buffer)
{
	return fake_v4l2.multi ? buffer->m.planes : NULL;
}

static int fake_querybuf(struct v4l2_buffer *buffer)
{
	struct fake_v4l2_buffer *to = &fake_v4l2.buffer[buffer->index];
	uint32_t i, pitch, bytes;

	if (buffer->type != fake_type() || buffer->index >= fake_v4l2.count)
		return EINVAL;
	fake_sizes(fake_v4l2.fourcc[0], &pitch, &bytes);
	for (i = 0; i < fake_v4l2.pieces; i++) {
		to->bytes[i] = bytes;
		if (!to->own[i])
			to->at[i] = to->own[i] = calloc(1, bytes);
		if (fake_planes(buffer)) {
			buffer->m.planes[i].length = bytes;
			buffer->m.planes[i].m.mem_offset =
				buffer->index * 16 + i;
		} else {
			buffer->length = bytes;
			buffer->m.offset = buffer->index * 16;
		}
	}
	if (fake_v4l2.bend_query)
		fake_v4l2.bend_query(buffer);
	return 0;
}

/* The device may write there from now on. */
static void fake_poison(const struct fake_v4l2_buffer *buffer)
{
	for (uint32_t i = 0; i < fake_v4l2.pieces && fake_v4l2.poison; i++)
		memset(buffer->at[i], 0xee, buffer->bytes[i]);
}

static int fake_qbuf(struct v4l2_buffer *buffer)
{
	struct fake_v4l2_buffer *to;
	uint32_t i, pitch, bytes;

	fake_v4l2.qbufs++;
	if (fake_v4l2.qbuf_error)
		return fake_v4l2.qbuf_error;
	if (buffer->type != fake_type() || buffer->index >= fake_v4l2.count ||
	    buffer->memory != fake_v4l2.memory ||
	    fake_v4l2.buffer[buffer->index].queued)
		return EINVAL;
	to = &fake_v4l2.buffer[buffer->index];
	fake_sizes(fake_v4l2.fourcc[0], &pitch, &bytes);
	for (i = 0; i < fake_v4l2.pieces &&
		    buffer->memory == V4L2_MEMORY_USERPTR;
	     i++) {
		to->at[i] = (void *)(fake_planes(buffer)
					     ? buffer->m.planes[i].m.userptr
					     : buffer->m.userptr);
		to->bytes[i] = fake_planes(buffer) ? buffer->m.planes[i].length
						   : buffer->length;
		if (!to->at[i] || to->bytes[i] < bytes)
			return EINVAL;
	}
	to->queued = true;
	fake_poison(to);
	fake_v4l2.order[fake_v4l2.waiting++] = buffer->index;
	return 0;
}

static int fake_dqbuf(struct v4l2_buffer *buffer)
{
	uint32_t index = fake_v4l2.order[0], i;

	if (fake_v4l2.dqbuf_error)
		return fake_v4l2.dqbuf_error;
	if (buffer->type != fake_type() || !fake_v4l2.streaming)
		return EINVAL;
	if (fake_v4l2.broken)
		return EIO;
	if (!fake_v4l2.filled)
		return EAGAIN;
	memmove(fake_v4l2.order, fake_v4l2.order + 1,
		--fake_v4l2.waiting * sizeof(fake_v4l2.order[0]));
	/* its number: those filled after it are newer */
	buffer->sequence = fake_v4l2.sequence - fake_v4l2.filled--;
	fake_v4l2.buffer[index].queued = false;
	buffer->index = index;
	buffer->flags = V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC;
	buffer->timestamp.tv_sec = fake_v4l2.now_ns / NS_PER_SECOND;
	buffer->timestamp.tv_usec =
		fake_v4l2.now_ns % NS_PER_SECOND / NS_PER_US;
	for (i = 0; i < fake_v4l2.pieces; i++)
		if (fake_planes(buffer))
			buffer->m.planes[i].bytesused =
				(uint32_t)fake_v4l2.buffer[index].bytes[i];
	buffer->bytesused =
		(uint32_t)(fake_v4l2.jpeg ? fake_v4l2.jpeg_bytes
					  : fake_v4l2.buffer[index].bytes[0]);
	if (fake_v4l2.bend_filled)
		fake_v4l2.bend_filled(buffer);
	return 0;
}

static int fake_streamon(const int *type)
{
	fake_v4l2.streamons++;
	if (fake_v4l2.streamon_error && fake_v4l2.streamon_fails) {
		fake_v4l2.streamon_fails--;
		return fake_v4l2.streamon_error;
	}
	if ((uint32_t)*type != fake_type() || !fake_v4l2.count)
		return EINVAL;
	fake_v4l2.streaming = true;
	fake_v4l2.sequence = 0;
	fake_v4l2.next_ns = fake_v4l2.now_ns + FAKE_V4L2_PERIOD_NS;
	return 0;
}

static int fake_streamoff(void)
{
	uint32_t i;

	fake_v4l2.streamoffs++;
	fake_v4l2.streaming = fake_v4l2.broken = false;
	fake_v4l2.waiting = fake_v4l2.filled = 0;
	for (i = 0; i < FAKE_V4L2_BUFFERS; i++)
		fake_v4l2.buffer[i].queued = false;
	return 0;
}

static int fake_dqevent(struct v4l2_event *event)
{
	if (!fake_v4l2.changed)
		return ENOENT;
	fake_v4l2.changed = false;
	*event = (struct v4l2_event){.type = V4L2_EVENT_SOURCE_CHANGE};
	event->u.src_change.changes = V4L2_EVENT_SRC_CH_RESOLUTION;
	return 0;
}

static void fake_trace(const char *name)
{
	const char *last = strrchr(fake_v4l2.trace, ' ');

	if (!last || strcmp(last + 1, name))
		text_append(fake_v4l2.trace, sizeof(fake_v4l2.trace), " %s",
			    name);
}

#define CASE(name, call)                                                       \
	case VIDIOC_##name:                                                    \
		fake_trace(#name);                                             \
		return call

static int fake_answer(int number, unsigned long request, void *arg)
{
	switch (request) {
	CASE(QUERYCAP, fake_querycap(number, arg));
	CASE(ENUM_FMT, fake_enum_fmt(arg));
	CASE(ENUM_FRAMESIZES, fake_enum_sizes(arg));
	CASE(ENUM_FRAMEINTERVALS, fake_enum_intervals(arg));
	CASE(S_FMT, fake_s_fmt(arg));
	CASE(S_PARM, fake_s_parm(arg));
	CASE(REQBUFS, fake_reqbufs(arg));
	CASE(QUERYBUF, fake_querybuf(arg));
	CASE(QBUF, fake_qbuf(arg));
	CASE(DQBUF, fake_dqbuf(arg));
	CASE(STREAMON, fake_streamon(arg));
	CASE(STREAMOFF, fake_streamoff());
	CASE(DQEVENT, fake_dqevent(arg));
	CASE(S_INPUT, *(int *)arg ? EINVAL : 0);
	CASE(G_INPUT, (*(int *)arg = 0));
	CASE(ENUMINPUT, EINVAL);
	case VIDIOC_SUBSCRIBE_EVENT:
		fake_v4l2.subscribed = true;
		return 0;
	default:
		return ENOTTY;
	}
}

/* ---- drivers/source/v4l2/node.h ------------------------------------------------ */

int v4l2_node_open(const char *path)
{
	unsigned int number;

	if (fake_fails())
		return -fake_v4l2.fail_error;
	if (sscanf(path, V4L2_NODE, &number) != 1 ||
	    ((int)number != fake_v4l2.camera &&
	     (int)number != fake_v4l2.metadata &&
	     (int)number != fake_v4l2.other))
		return -ENOENT;
	if (fake_v4l2.open_error)
		return -fake_v4l2.open_error;
	fake_v4l2.fds++;
	fake_v4l2.opens++;
	return FD((int)number);
}

void v4l2_node_close(int fd)
{
	(void)fd;
	fake_v4l2.fds--;
	/* the camera's last file takes its queue with it */
	if (!fake_v4l2.fds && !fake_v4l2.maps) {
		fake_streamoff();
		fake_v4l2.streamoffs--;
		if (fake_v4l2.memory == V4L2_MEMORY_USERPTR)
			fake_v4l2.count = 0;
	}
}

bool v4l2_node_hardware_stamps(const char *driver)
{
	(void)driver;
	return fake_v4l2.hardware_stamps;
}

uint64_t v4l2_node_number(int fd)
{
	return (uint64_t)fd;
}

int v4l2_node_ioctl(int fd, unsigned long request, void *arg)
{
	bool other = fd == FD(fake_v4l2.other) || fd == FD(fake_v4l2.metadata);
	bool sealed = seal_is_on;
	int error;

	if (fake_fails())
		return -fake_v4l2.fail_error;
	if (unplugged && !other)
		return -ENODEV;
	fake_settle();
	seal_is_on = false; /* the fake's own memory */
	error = -fake_answer(fd - FD(0), request, arg);
	seal_is_on = sealed;
	return error;
}

int v4l2_node_wait(int fd, int timeout_ms)
{
	int64_t end_ns = fake_v4l2.now_ns + timeout_ms * NS_PER_MS;

	(void)fd;
	if (fake_fails())
		return -fake_v4l2.fail_error;
	if (unplugged)
		return POLLPRI | POLLERR | POLLHUP;
	if (!fake_v4l2.streaming || fake_v4l2.broken || !fake_v4l2.waiting)
		return POLLERR;
	if (fake_v4l2.changed && fake_v4l2.subscribed)
		return POLLPRI;
	fake_settle();
	if (!fake_v4l2.filled) {
		fake_v4l2.now_ns = fake_v4l2.stalled ||
						   fake_v4l2.next_ns > end_ns
					   ? end_ns
					   : fake_v4l2.next_ns;
		fake_settle();
	}
	return fake_v4l2.filled ? POLLIN : 0;
}

int v4l2_node_map(int fd, uint32_t offset, size_t bytes, void **base)
{
	(void)fd;
	(void)bytes;
	if (fake_fails())
		return -fake_v4l2.fail_error;
	fake_v4l2.maps++;
	*base = fake_v4l2.buffer[offset / 16].at[offset % 16];
	return 0;
}

void v4l2_node_unmap(void *base, size_t bytes)
{
	(void)base;
	(void)bytes;
	fake_v4l2.maps--;
}

/* From now on the buffer's memory is that. */
int v4l2_node_map_over(int fd, uint32_t offset, void *at, size_t bytes)
{
	struct fake_v4l2_buffer *to = &fake_v4l2.buffer[offset / 16];

	(void)fd;
	if (fake_fails())
		return -fake_v4l2.fail_error;
	if (fake_v4l2.no_read || (uintptr_t)at % 4096 || bytes % 4096 ||
	    bytes < to->bytes[offset % 16])
		return -EINVAL;
	if (!to->lent)
		fake_v4l2.maps++;
	fake_v4l2.lent += !to->lent;
	to->lent = true;
	to->at[offset % 16] = at;
	return 0;
}

int v4l2_node_set_aside(void *at, size_t bytes, bool keep)
{
	uint32_t i;

	if (fake_fails())
		return -fake_v4l2.fail_error;
	for (i = 0; i < FAKE_V4L2_BUFFERS; i++) {
		if (!fake_v4l2.buffer[i].lent || fake_v4l2.buffer[i].at[0] != at)
			continue;
		fake_v4l2.buffer[i].lent = false;
		memcpy(fake_v4l2.buffer[i].at, fake_v4l2.buffer[i].own,
		       sizeof(fake_v4l2.buffer[i].at));
		fake_v4l2.maps--;
		fake_v4l2.lent--;
	}
	if (!keep)
		memset(at, 0, bytes);
	fake_v4l2.kept += keep;
	fake_v4l2.aside++;
	return 0;
}

int64_t v4l2_node_read_ns(const void *at, size_t bytes)
{
	int64_t slower = 1;

	for (uint32_t i = 0; i < FAKE_V4L2_BUFFERS; i++)
		if (fake_v4l2.buffer[i].at[0] == at && fake_v4l2.slow)
			slower = 30;
	return slower * (int64_t)bytes / 4;
}

bool v4l2_node_holder(const char *path, char *text, size_t bytes)
{
	(void)path;
	snprintf(text, bytes, "cheese (42)");
	return true;
}
