/*
 * drivers/source/v4l2/v4l2.c: cameras and other capture devices of Linux.
 *
 * Settings: device=NAME, input=N, rate=N[/D], format=FOURCC; all may be left
 * out. At start a device is found by a name that stays, set and read back, and
 * one real frame proves the way that its frames come (prove.h).
 * Read next: capture.h; then prove.h, format.h, buffers.h, device.h.
 */
#include <errno.h>
#include <linux/videodev2.h>
#include <stdlib.h>
#include <string.h>

#include "drivers/source/sources.h"
#include "drivers/source/v4l2/prove.h"
#include "runtime/base/text.h"

#define V4L2_RATE_MAX  1000 /* frames a second */
#define V4L2_INPUT_MAX 63

/* Main thread: those of this program. */
static struct v4l2_capture *v4l2_open_captures;

/* ---- settings ----------------------------------------------------------------- */

static bool v4l2_take_setting(struct v4l2_capture *capture, const char *text,
			      size_t length)
{
	size_t name = 0, rest;
	const char *value;
	int64_t input;

	while (name < length && text[name] != '=')
		name++;
	if (name == length)
		return false;
	value = text + name + 1;
	rest = length - name - 1;
	if (text_is(text, name, "device")) {
		if (!rest || rest >= sizeof(capture->name))
			return false;
		memcpy(capture->name, value, rest);
		capture->name[rest] = '\0';
		return true;
	}
	if (text_is(text, name, "input")) {
		if (!text_to_int(value, rest, 0, V4L2_INPUT_MAX, &input))
			return false;
		capture->wish.input = (int)input;
		return true;
	}
	if (text_is(text, name, "format")) {
		capture->wish.fourcc = v4l2_fourcc_of(value, rest);
		return capture->wish.fourcc != 0;
	}
	return text_is(text, name, "rate") &&
	       text_to_rate(value, rest, '/', V4L2_RATE_MAX,
			    &capture->wish.rate);
}

static int v4l2_settings(struct v4l2_capture *capture,
			 const struct source_config *config)
{
	const char *text = config->settings;
	size_t length;

	while (text && *text) {
		length = strcspn(text, ",");
		if (!v4l2_take_setting(capture, text, length)) {
			snprintf(config->refusal, config->refusal_bytes,
				 "\"%.*s\": it takes device=PATH, CARD or BUS, "
				 "input=N, rate=N or N/D, format=FOURCC as in "
				 "YUYV",
				 (int)(length < 64 ? length : 64), text);
			return -EINVAL;
		}
		text += length + (text[length] == ',');
	}
	return 0;
}

/* ---- refusals ------------------------------------------------------------------- */

static int v4l2_refuse_busy(const struct v4l2_capture *capture,
			    const struct source_config *config)
{
	char holder[96] = "another program";

	v4l2_node_holder(capture->device.path, holder, sizeof(holder));
	snprintf(config->refusal, config->refusal_bytes,
		 "%s (%s) is in use by %s: end it or choose another device",
		 capture->device.card, capture->device.path, holder);
	return -EBUSY;
}

/* What the device said of its first frame. The one place where its errors
 * become words. */
static int v4l2_refuse(const struct v4l2_capture *capture,
		       const struct source_config *config, int error)
{
	const char *why = strerror(-error);

	if (error == -EBUSY)
		return v4l2_refuse_busy(capture, config);
	if (error == -ENOSPC)
		why = "no USB bandwidth left for it: " V4L2_MORE_BANDWIDTH;
	else if (error == -ETIMEDOUT)
		why = "gives no good frame within 4 s: is there a signal at "
		      "its input?";
	else if (error == -EINTR)
		why = "given up by a signal";
	else if (error == -EPROTO)
		why = "its driver's buffers do not hold a frame";
	snprintf(config->refusal, config->refusal_bytes, "%s (%s): %s",
		 capture->device.card, capture->device.path, why);
	return error == -ENOMEM ? error : -ENODEV;
}

static int v4l2_refuse_twice(const struct v4l2_capture *capture,
			     const struct v4l2_capture *other,
			     const struct source_config *config)
{
	snprintf(config->refusal, config->refusal_bytes,
		 "%s (%s) is what source %s has already: name another device",
		 capture->device.card, capture->device.path,
		 other->graph->name);
	return -EBUSY;
}

/* ---- opening ------------------------------------------------------------------- */

/* As the graph forces them, or as the driver says; "": RGB. */
static void v4l2_describe_colors(const struct v4l2_capture *capture,
				 char *text, size_t bytes)
{
	static const char *const encoding[COLOR_ENCODING_COUNT] = {
		[COLOR_BT601] = "BT.601",
		[COLOR_BT709] = "BT.709",
		[COLOR_BT2020] = "BT.2020",
	};
	const struct ycbcr *colors = &capture->source->blank.ycbcr;

	text[0] = '\0';
	if (capture->graph->format >= GRAPH_FORMAT_GREY)
		snprintf(text, bytes, ", %s %s", encoding[colors->encoding],
			 colors->range == COLOR_FULL ? "full" : "limited");
}

static void v4l2_describe(struct v4l2_capture *capture)
{
	static const char *const way[V4L2_WAY_COUNT] = {
		[V4L2_WAY_FILLED] = "filled by the device",
		[V4L2_WAY_READ] = "read in the device's memory",
		[V4L2_WAY_COPIED] = "copied",
	};
	const struct v4l2_shape *shape = &capture->shape;
	const struct graph_source *graph = capture->graph;
	struct source *source = capture->source;
	const struct rate *wish = &capture->wish.rate;
	const size_t bytes = sizeof(source->text);
	char name[5], colors[32];

	v4l2_fourcc_text(shape->fourcc, name);
	v4l2_describe_colors(capture, colors, sizeof(colors));
	snprintf(source->text, bytes, "%s (%s), %s %ux%u%s",
		 capture->device.card, capture->device.bus, name, graph->width,
		 graph->height, colors);
	if (!shape->rate.num)
		text_append(source->text, bytes, ", rate not known");
	else
		text_append(source->text, bytes, ", %.6g Hz",
			    (double)shape->rate.num / shape->rate.den);
	if (shape->rate.num && (uint64_t)shape->rate.num * wish->den !=
				       (uint64_t)wish->num * shape->rate.den)
		text_append(source->text, bytes, " (not %.6g)",
			    (double)wish->num / wish->den);
	text_append(source->text, bytes, ", %s",
		    shape->jpeg ? "decoded by TurboJPEG" : way[capture->way]);
	if (capture->why[0])
		text_append(source->text, bytes, " (%s)", capture->why);
}

static int v4l2_alloc(struct v4l2_capture *capture,
		      const struct source_config *config)
{
	struct source *source = capture->source;
	size_t bytes = 0;
	uint32_t i;
	int error;

	for (i = 0; !capture->shape.jpeg && i < capture->shape.pieces; i++)
		bytes += v4l2_piece_room(V4L2_WAY_READ,
					 capture->shape.bytes[i]);
	error = source_alloc_bytes(source, capture->graph, V4L2_BUFFERS_MAX,
				   bytes);
	if (!error)
		error = source_set_color(source, capture->graph,
					 capture->shape.encoding,
					 capture->shape.range,
					 COLOR_CENTRE);
	if (!error && capture->shape.jpeg)
		error = v4l2_jpeg_init(&capture->jpeg, capture->graph->format,
				       capture->graph->width,
				       capture->graph->height);
	if (error) {
		snprintf(config->refusal, config->refusal_bytes,
			 "no memory for its frames: use a smaller source or "
			 "raise RLIMIT_AS");
		return -ENOMEM;
	}
	capture->memory = source->frame[0].plane[0];
	capture->stride = (size_t)(source->frame[1].plane[0] -
				   source->frame[0].plane[0]);
	return 0;
}

/* Gives back what v4l2_open_device took. */
static void v4l2_finish(struct v4l2_capture *capture)
{
	/* what does not leave goes with the source's memory */
	v4l2_buffers_stop(&capture->buffers);
	(void)v4l2_buffers_unlend(&capture->buffers, NULL);
	v4l2_buffers_give(&capture->buffers);
	v4l2_device_close(&capture->device);
	v4l2_jpeg_finish(&capture->jpeg);
	source_free(capture->source);
}

/* The device is open; closed again where it refuses. */
static int v4l2_open_device(struct v4l2_capture *capture,
			    const struct source_config *config)
{
	const struct v4l2_capture *other;
	int error;

	for (other = v4l2_open_captures; other; other = other->next)
		if (other->device.number == capture->device.number) {
			v4l2_device_close(&capture->device);
			return v4l2_refuse_twice(capture, other, config);
		}
	config->refusal[0] = '\0';
	error = v4l2_format_set(&capture->device, &capture->wish,
				&capture->shape, config->refusal,
				config->refusal_bytes);
	if (!error)
		error = v4l2_alloc(capture, config);
	if (!error)
		error = v4l2_prove(capture);
	if (!error)
		return 0;
	if (!config->refusal[0])
		error = v4l2_refuse(capture, config, error);
	v4l2_finish(capture);
	return error;
}

/* Without a name: the first device that gives what the graph has. */
static int v4l2_open_any(struct v4l2_capture *capture,
			 const struct source_config *config)
{
	struct v4l2_walk walk = {.next = 0};
	char reasons[V4L2_REFUSAL_MAX] = "";
	int error, first = 0;

	while (v4l2_device_next(&walk, &capture->device)) {
		error = v4l2_open_device(capture, config);
		if (!error)
			return 0;
		if (!first)
			first = error;
		text_append(reasons, sizeof(reasons), "%s%s",
			    *reasons ? "; " : "", config->refusal);
	}
	if (first) {
		snprintf(config->refusal, config->refusal_bytes, "%s", reasons);
		return first;
	}
	if (walk.error == -EACCES || walk.error == -EPERM) {
		snprintf(config->refusal, config->refusal_bytes,
			 "no permission to open a camera: add this user to "
			 "the group video, or run as root");
		return -EACCES;
	}
	snprintf(config->refusal, config->refusal_bytes,
		 "there is no V4L2 camera here");
	return -ENODEV;
}

static int v4l2_open_named(struct v4l2_capture *capture,
			   const struct source_config *config)
{
	int error;

	if (!capture->name[0])
		return v4l2_open_any(capture, config);
	error = v4l2_device_find(&capture->device, capture->name,
				 config->refusal, config->refusal_bytes);
	return error ? error : v4l2_open_device(capture, config);
}

static int v4l2_open(struct source *source, const struct source_config *config)
{
	struct v4l2_capture *capture = calloc(1, sizeof(*capture));
	int error;

	if (!capture) {
		snprintf(config->refusal, config->refusal_bytes, "no memory");
		return -ENOMEM;
	}
	capture->source = source;
	capture->graph = config->graph;
	capture->pinned = config->pinned;
	capture->device.fd = -1;
	capture->wish = (struct v4l2_wish){
		.graph = config->graph,
		.rate = {config->rate_num, config->rate_den},
		.input = -1,
	};
	error = v4l2_settings(capture, config);
	if (!error)
		error = v4l2_open_named(capture, config);
	if (error) {
		free(capture);
		return error;
	}
	capture->next = v4l2_open_captures;
	v4l2_open_captures = capture;
	source->state = capture;
	v4l2_describe(capture);
	return 0;
}

/* ---- running ------------------------------------------------------------------- */

static int v4l2_start(struct source *source)
{
	struct v4l2_capture *capture = source->state;
	const struct thread_config config = {
		.name = "v4l2",
		.cpu = -1,
		.run = v4l2_capture_run,
		.arg = capture,
	};

	return thread_start(&capture->thread, &config);
}

static void v4l2_stop(struct source *source)
{
	struct v4l2_capture *capture = source->state;

	atomic_store_explicit(&capture->stop, true, memory_order_relaxed);
	thread_join(&capture->thread);
}

static void v4l2_close(struct source *source)
{
	struct v4l2_capture *capture = source->state;
	struct v4l2_capture **at = &v4l2_open_captures;

	while (*at != capture)
		at = &(*at)->next;
	*at = capture->next;
	v4l2_finish(capture);
	free(capture);
	source->state = NULL;
}

static bool v4l2_probe(FILE *out, const char *indent)
{
	struct v4l2_walk walk = {.next = 0};
	struct v4l2_device device;
	bool any = false;

	while (v4l2_device_next(&walk, &device)) {
		fprintf(out, "%s%s, %s, %s, driver %s\n", any ? indent : "",
			device.card, device.bus, device.path, device.driver);
		v4l2_format_print(&device, out, indent);
		v4l2_device_close(&device);
		any = true;
	}
	if (!any)
		fputs(walk.error == -EACCES
			      ? "no permission: add this user to the group "
				"video\n"
			      : "no camera here\n",
		      out);
	return any;
}

const struct source_ops v4l2_source = {
	.name = "v4l2",
	.help = "a camera or other capture device of Linux",
	.settings = "device=PATH, CARD or BUS; input=N; rate=N or N/D; "
		    "format=FOURCC (what fits)",
	.open = v4l2_open,
	.start = v4l2_start,
	.stop = v4l2_stop,
	.close = v4l2_close,
	.way_out = v4l2_capture_way_out,
	.probe = v4l2_probe,
};
