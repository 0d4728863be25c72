/*
 * drivers/source/v4l2/format.c: see format.h. Every number that a driver gives is
 * checked before memory depends on it.
 */
#include "drivers/source/v4l2/format.h"

#include <errno.h>
#include <linux/videodev2.h>
#include <string.h>

#include "drivers/source/v4l2/jpeg.h"
#include "runtime/base/text.h"

#define FORMAT_LIST_MAX 128 /* of each kind that is asked for: drivers' lists
			       need not end */
#define FORMAT_SIZES_BYTES 640 /* of the sizes of one format, as text */
#define FORMAT_PRINT_BYTES 2048
#define FORMAT_BYTES_MAX (UINT32_C(1) << 30) /* of a frame */
#define FORMAT_MJPG	 v4l2_fourcc('M', 'J', 'P', 'G')

/* V4L2's names of the graph's formats, the first that a device has. With the
 * multi-planar API planes may have memory of their own: the third column. */
static const struct format_row {
	enum graph_format graph;
	const char *v4l2, *apart;
} format_rows[] = {
	{GRAPH_FORMAT_XRGB8888, "XR24", NULL},
	{GRAPH_FORMAT_XRGB8888, "BGR4", NULL}, /* what v4l2loopback calls it */
	{GRAPH_FORMAT_XBGR8888, "XB24", NULL},
	{GRAPH_FORMAT_RGB565, "RGBP", NULL},
	{GRAPH_FORMAT_ARGB8888, "AR24", NULL},
	{GRAPH_FORMAT_RGB888, "BGR3", NULL}, /* DRM names words, V4L2 bytes */
	{GRAPH_FORMAT_BGR888, "RGB3", NULL},
	{GRAPH_FORMAT_GREY, "GREY", NULL},
	{GRAPH_FORMAT_NV12, "NV12", "NM12"},
	{GRAPH_FORMAT_I420, "YU12", "YM12"},
	{GRAPH_FORMAT_YUYV, "YUYV", NULL},
	{GRAPH_FORMAT_UYVY, "UYVY", NULL},
};
#define FORMAT_ROWS (sizeof(format_rows) / sizeof(format_rows[0]))

void v4l2_fourcc_text(uint32_t fourcc, char text[5])
{
	uint32_t i;

	for (i = 0; i < 4; i++) {
		text[i] = (char)(fourcc >> 8 * i & 0x7f);
		if (text[i] < ' ' || text[i] > '~')
			text[i] = '?';
	}
	text[4] = '\0';
}

uint32_t v4l2_fourcc_of(const char *text, size_t length)
{
	if (length != 4)
		return 0;
	return v4l2_fourcc((uint32_t)text[0], (uint32_t)text[1],
			   (uint32_t)text[2], (uint32_t)text[3]);
}

static uint32_t format_type(const struct v4l2_device *device)
{
	return device->multiplanar ? V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE
				   : V4L2_BUF_TYPE_VIDEO_CAPTURE;
}

/* ---- what there is ----------------------------------------------------------- */

static bool format_has(const struct v4l2_device *device, uint32_t fourcc)
{
	struct v4l2_fmtdesc each = {.type = format_type(device)};

	for (; each.index < FORMAT_LIST_MAX; each.index++) {
		if (v4l2_node_ioctl(device->fd, VIDIOC_ENUM_FMT, &each))
			return false;
		if (each.pixelformat == fourcc)
			return true;
	}
	return false;
}

static void format_list_rates(const struct v4l2_device *device,
			      uint32_t fourcc, uint32_t width, uint32_t height,
			      char *text, size_t bytes)
{
	struct v4l2_frmivalenum each = {
		.pixel_format = fourcc, .width = width, .height = height};
	bool more = true;

	for (; more && each.index < FORMAT_LIST_MAX; each.index++) {
		if (v4l2_node_ioctl(device->fd, VIDIOC_ENUM_FRAMEINTERVALS,
				    &each))
			break;
		more = each.type == V4L2_FRMIVAL_TYPE_DISCRETE;
		if (!more)
			each.discrete = each.stepwise.min;
		if (each.discrete.numerator)
			text_append(text, bytes, "%s%.6g",
				    each.index ? ", " : " at ",
				    (double)each.discrete.denominator /
					    each.discrete.numerator);
	}
	if (each.index)
		text_append(text, bytes, "%s Hz", more ? "" : " or less");
}

/* " 640x480 1280x720", or with rates " 640x480 at 30, 25 Hz; 1280x720 ...". */
static void format_list_sizes(const struct v4l2_device *device,
			      uint32_t fourcc, bool rates, char *text,
			      size_t bytes)
{
	struct v4l2_frmsizeenum size = {.pixel_format = fourcc};
	uint32_t width, height;
	bool more = true;

	text[0] = '\0';
	for (; more && size.index < FORMAT_LIST_MAX; size.index++) {
		if (v4l2_node_ioctl(device->fd, VIDIOC_ENUM_FRAMESIZES, &size))
			return;
		if (rates && size.index)
			text_append(text, bytes, ";");
		more = size.type == V4L2_FRMSIZE_TYPE_DISCRETE;
		width = more ? size.discrete.width : size.stepwise.max_width;
		height = more ? size.discrete.height
			      : size.stepwise.max_height;
		if (!more)
			text_append(text, bytes, " %ux%u to",
				    size.stepwise.min_width,
				    size.stepwise.min_height);
		text_append(text, bytes, " %ux%u", width, height);
		if (rates)
			format_list_rates(device, fourcc, width, height, text,
					  bytes);
	}
}

/* Formats of the same sizes stand together: what comes between them, and
 * between them and the next. */
static void format_list(const struct v4l2_device *device, bool rates,
			const char *next, char *text, size_t bytes)
{
	struct v4l2_fmtdesc each = {.type = format_type(device)};
	char name[5], sizes[FORMAT_SIZES_BYTES] = "";
	char before[FORMAT_SIZES_BYTES] = "";

	text[0] = '\0';
	for (; each.index < FORMAT_LIST_MAX; each.index++) {
		if (v4l2_node_ioctl(device->fd, VIDIOC_ENUM_FMT, &each))
			break;
		v4l2_fourcc_text(each.pixelformat, name);
		format_list_sizes(device, each.pixelformat, rates, sizes,
				  sizeof(sizes));
		if (each.index && strcmp(sizes, before))
			text_append(text, bytes, "%s%s", before, next);
		else if (each.index)
			text_append(text, bytes, " ");
		text_append(text, bytes, "%s", name);
		memcpy(before, sizes, sizeof(before));
	}
	text_append(text, bytes, "%s", before);
}

void v4l2_format_list(const struct v4l2_device *device, char *text,
		      size_t bytes)
{
	format_list(device, false, "; ", text, bytes);
}

void v4l2_format_print(const struct v4l2_device *device, FILE *out,
		       const char *indent)
{
	char text[FORMAT_PRINT_BYTES], next[32];

	snprintf(next, sizeof(next), "\n%.20s  ", indent);
	format_list(device, true, next, text, sizeof(text));
	if (*text)
		fprintf(out, "%s  %s\n", indent, text);
}

/* ---- colours: V4L2's rules for fields that are 0 -------------------------------- */

static enum color_encoding format_encoding(uint32_t encoding,
					   uint32_t colorspace)
{
	switch (encoding) {
	case V4L2_YCBCR_ENC_DEFAULT:
		break;
	case V4L2_YCBCR_ENC_709:
	case V4L2_YCBCR_ENC_XV709:
	case V4L2_YCBCR_ENC_SMPTE240M: /* nearer to 709 than to 601 */
		return COLOR_BT709;
	case V4L2_YCBCR_ENC_BT2020:
	case V4L2_YCBCR_ENC_BT2020_CONST_LUM:
		return COLOR_BT2020;
	default:
		return COLOR_BT601;
	}
	switch (colorspace) {
	case V4L2_COLORSPACE_REC709:
	case V4L2_COLORSPACE_DCI_P3:
		return COLOR_BT709;
	case V4L2_COLORSPACE_BT2020:
		return COLOR_BT2020;
	default:
		return COLOR_BT601;
	}
}

static enum color_range format_range(uint32_t quantization,
				     uint32_t colorspace)
{
	bool full = quantization == V4L2_QUANTIZATION_DEFAULT
			    ? colorspace == V4L2_COLORSPACE_JPEG
			    : quantization == V4L2_QUANTIZATION_FULL_RANGE;

	return full ? COLOR_FULL : COLOR_LIMITED;
}

/* ---- what it says ------------------------------------------------------------- */

/* The two structs of the two APIs as one. */
struct format_read {
	uint32_t width, height, fourcc, field, pieces;
	uint32_t pitch[V4L2_PLANES_MAX], bytes[V4L2_PLANES_MAX];
};

static void format_read_single(const struct v4l2_pix_format *pix,
			       struct format_read *read,
			       struct v4l2_shape *shape)
{
	*read = (struct format_read){
		.width = pix->width,
		.height = pix->height,
		.fourcc = pix->pixelformat,
		.field = pix->field,
		.pieces = 1,
		.pitch = {pix->bytesperline},
		.bytes = {pix->sizeimage},
	};
	/* what follows is only said where this is */
	shape->encoding = format_encoding(
		pix->priv == V4L2_PIX_FMT_PRIV_MAGIC ? pix->ycbcr_enc : 0,
		pix->colorspace);
	shape->range = format_range(
		pix->priv == V4L2_PIX_FMT_PRIV_MAGIC ? pix->quantization : 0,
		pix->colorspace);
}

static void format_read_multi(const struct v4l2_pix_format_mplane *pix,
			      struct format_read *read,
			      struct v4l2_shape *shape)
{
	uint32_t i;

	*read = (struct format_read){
		.width = pix->width,
		.height = pix->height,
		.fourcc = pix->pixelformat,
		.field = pix->field,
		.pieces = pix->num_planes,
	};
	for (i = 0; i < V4L2_PLANES_MAX; i++) {
		read->pitch[i] = pix->plane_fmt[i].bytesperline;
		read->bytes[i] = pix->plane_fmt[i].sizeimage;
	}
	shape->encoding = format_encoding(pix->ycbcr_enc, pix->colorspace);
	shape->range = format_range(pix->quantization, pix->colorspace);
}

static int format_try(const struct v4l2_device *device,
		      const struct graph_source *graph, uint32_t fourcc,
		      struct format_read *read, struct v4l2_shape *shape)
{
	struct v4l2_format format = {.type = format_type(device)};
	int error;

	if (device->multiplanar) {
		format.fmt.pix_mp.width = graph->width;
		format.fmt.pix_mp.height = graph->height;
		format.fmt.pix_mp.pixelformat = fourcc;
		format.fmt.pix_mp.field = V4L2_FIELD_NONE;
	} else {
		format.fmt.pix.width = graph->width;
		format.fmt.pix.height = graph->height;
		format.fmt.pix.pixelformat = fourcc;
		format.fmt.pix.field = V4L2_FIELD_NONE;
		format.fmt.pix.priv = V4L2_PIX_FMT_PRIV_MAGIC;
	}
	error = v4l2_node_ioctl(device->fd, VIDIOC_S_FMT, &format);
	if (error)
		return error;
	*shape = (struct v4l2_shape){.fourcc = fourcc, .type = format.type};
	if (device->multiplanar)
		format_read_multi(&format.fmt.pix_mp, read, shape);
	else
		format_read_single(&format.fmt.pix, read, shape);
	return 0;
}

/* ---- where pictures lie in its buffers ------------------------------------------- */

static bool shape_of_jpeg(const struct format_read *read,
			  struct v4l2_shape *shape)
{
	shape->jpeg = true;
	shape->encoding = COLOR_BT601; /* JFIF, whatever the driver says */
	shape->range = COLOR_FULL;
	shape->pieces = 1;
	shape->least = 1;
	shape->bytes[0] = read->bytes[0];
	return read->pieces == 1 && read->bytes[0] > 0 &&
	       read->bytes[0] <= FORMAT_BYTES_MAX;
}

/* Bytes of a row of plane i, of a picture whose first plane has this pitch; 0:
 * they do not come out even. */
static size_t shape_pitch(enum graph_format format, uint32_t i, size_t pitch)
{
	const struct graph_plane *plane = graph_format_row(format)->plane;
	size_t pixels = pitch / plane[0].bytes * plane[0].across;

	if (pitch % plane[0].bytes || pixels % plane[i].across)
		return 0;
	return pixels / plane[i].across * plane[i].bytes;
}

/* All planes in each other's line in one piece, or each in its own. False: the
 * driver's figures cannot be. */
static bool shape_of_raw(const struct format_read *read,
			 const struct graph_source *graph,
			 struct v4l2_shape *shape)
{
	const uint32_t planes = graph_format_row(graph->format)->planes;
	size_t end[V4L2_PLANES_MAX] = {0}, row, pitch;
	uint32_t i, piece, rows;

	if (read->pieces != 1 && read->pieces != planes)
		return false;
	shape->pieces = read->pieces;
	for (i = 0; i < planes; i++) {
		piece = read->pieces == 1 ? 0 : i;
		row = graph_plane_row_bytes(graph->format, i, graph->width);
		rows = graph_plane_rows(graph->format, i, graph->height);
		pitch = read->pitch[piece];
		if (!pitch)
			pitch = row;
		else if (piece != i)
			pitch = shape_pitch(graph->format, i, pitch);
		if (pitch < row || pitch > FORMAT_BYTES_MAX / rows ||
		    pitch % graph_format_row(graph->format)->plane[i].bytes)
			return false;
		shape->piece[i] = piece;
		shape->offset[i] = end[piece];
		shape->pitch[i] = pitch;
		end[piece] += pitch * rows;
		shape->least += row * rows;
	}
	for (i = 0; i < read->pieces; i++) {
		shape->bytes[i] = read->bytes[i];
		if (read->bytes[i] < end[i] ||
		    read->bytes[i] > FORMAT_BYTES_MAX)
			return false;
	}
	return true;
}

bool v4l2_shape_is(const struct v4l2_shape *a, const struct v4l2_shape *b)
{
	return a->fourcc == b->fourcc && a->type == b->type &&
	       a->pieces == b->pieces &&
	       !memcmp(a->bytes, b->bytes, sizeof(a->bytes)) &&
	       !memcmp(a->piece, b->piece, sizeof(a->piece)) &&
	       !memcmp(a->offset, b->offset, sizeof(a->offset)) &&
	       !memcmp(a->pitch, b->pitch, sizeof(a->pitch));
}

/* ---- setting ------------------------------------------------------------------ */

static int format_refuse(const struct v4l2_device *device, int error,
			 char *refusal, size_t bytes, const char *what)
{
	char list[320];

	v4l2_format_list(device, list, sizeof(list));
	snprintf(refusal, bytes, "%s (%s) %s; it has %s", device->card,
		 device->path, what, *list ? list : "no formats");
	return error;
}

/* One of V4L2's formats. 0, -ENOTSUP: the next may do, or an error that is the
 * same for all. */
static int format_set_one(const struct v4l2_device *device,
			  const struct graph_source *graph, uint32_t fourcc,
			  struct v4l2_shape *shape, char *refusal, size_t bytes)
{
	struct format_read read;
	char name[5], got[5], what[160];
	int error = format_try(device, graph, fourcc, &read, shape);

	v4l2_fourcc_text(fourcc, name);
	if (error == -EBUSY || error == -ENODEV || error == -EACCES)
		return error;
	if (error) {
		snprintf(what, sizeof(what), "refuses %s: %s", name,
			 strerror(-error));
		return format_refuse(device, -ENOTSUP, refusal, bytes, what);
	}
	v4l2_fourcc_text(read.fourcc, got);
	if (read.fourcc != fourcc || read.width != graph->width ||
	    read.height != graph->height)
		snprintf(what, sizeof(what),
			 "gives %s %ux%u where %s %ux%u is asked for", got,
			 read.width, read.height, name, graph->width,
			 graph->height);
	else if (read.field != V4L2_FIELD_NONE && read.field != V4L2_FIELD_ANY)
		snprintf(what, sizeof(what),
			 "gives %s %ux%u interlaced (field %u): use another "
			 "input", got, read.width, read.height, read.field);
	else if (!(fourcc == FORMAT_MJPG
			   ? shape_of_jpeg(&read, shape)
			   : shape_of_raw(&read, graph, shape)))
		snprintf(what, sizeof(what),
			 "says that %s %ux%u is %u bytes a row, %u in all, in "
			 "%u pieces, which cannot be", got, read.width,
			 read.height, read.pitch[0], read.bytes[0],
			 read.pieces);
	else
		return 0;
	return format_refuse(device, -ENOTSUP, refusal, bytes, what);
}

/* The row's fourcc that the device has; 0: none. */
static uint32_t format_of_row(const struct v4l2_device *device,
			      const struct format_row *row,
			      const struct v4l2_wish *wish)
{
	const char *name[] = {row->v4l2, row->apart};
	uint32_t i, fourcc;

	if (row->graph != wish->graph->format)
		return 0;
	for (i = 0; i < 2 && name[i]; i++) {
		fourcc = v4l2_fourcc_of(name[i], 4);
		if ((!wish->fourcc || wish->fourcc == fourcc) &&
		    format_has(device, fourcc))
			return fourcc;
	}
	return 0;
}

static int format_set_pixels(const struct v4l2_device *device,
			     const struct v4l2_wish *wish,
			     struct v4l2_shape *shape, char *refusal,
			     size_t bytes)
{
	const char *name = graph_format_name(wish->graph->format);
	char what[160];
	uint32_t i, fourcc;
	int error = -ENOENT;

	for (i = 0; i < FORMAT_ROWS; i++) {
		fourcc = format_of_row(device, &format_rows[i], wish);
		if (!fourcc)
			continue;
		error = format_set_one(device, wish->graph, fourcc, shape,
				       refusal, bytes);
		if (error != -ENOTSUP)
			return error;
	}
	if ((!wish->fourcc || wish->fourcc == FORMAT_MJPG) &&
	    format_has(device, FORMAT_MJPG)) {
		if (v4l2_jpeg_can(wish->graph->format))
			return format_set_one(device, wish->graph, FORMAT_MJPG,
					      shape, refusal, bytes);
		snprintf(what, sizeof(what), "has no %s, and its MJPG %s",
			 name, v4l2_jpeg_why);
		return format_refuse(device, -ENOTSUP, refusal, bytes, what);
	}
	if (error != -ENOENT)
		return error;
	snprintf(what, sizeof(what), "has no %s", name);
	return format_refuse(device, -ENOTSUP, refusal, bytes, what);
}

static int format_set_input(const struct v4l2_device *device, int input,
			    char *refusal, size_t bytes)
{
	struct v4l2_input each = {.index = 0};
	int error = 0;

	if (input >= 0)
		error = v4l2_node_ioctl(device->fd, VIDIOC_S_INPUT, &input);
	if (!error)
		return 0;
	if (error == -EBUSY || error == -ENODEV)
		return error;
	snprintf(refusal, bytes, "%s (%s) has no input %d; it has", device->card,
		 device->path, input);
	for (; each.index < FORMAT_LIST_MAX; each.index++) {
		if (v4l2_node_ioctl(device->fd, VIDIOC_ENUMINPUT, &each))
			break;
		text_append(refusal, bytes, "%s %u %.31s",
			    each.index ? "," : "", each.index,
			    (const char *)each.name);
	}
	if (!each.index)
		text_append(refusal, bytes, " none to choose: leave input= "
					    "out");
	return -ENOTSUP;
}

/* An HDMI input's size is what it receives. */
static void format_follow_signal(const struct v4l2_device *device)
{
	struct v4l2_dv_timings timings = {.type = 0};

	if (!v4l2_node_ioctl(device->fd, VIDIOC_QUERY_DV_TIMINGS, &timings))
		v4l2_node_ioctl(device->fd, VIDIOC_S_DV_TIMINGS, &timings);
}

/* A driver that has no rate to set is fine. */
static void format_set_rate(const struct v4l2_device *device, struct rate rate,
			    struct v4l2_shape *shape)
{
	struct v4l2_streamparm parm = {.type = shape->type};
	const struct v4l2_fract *period =
		&parm.parm.capture.timeperframe;

	parm.parm.capture.timeperframe =
		(struct v4l2_fract){rate.den, rate.num};
	shape->rate = (struct rate){0, 1};
	if (v4l2_node_ioctl(device->fd, VIDIOC_S_PARM, &parm)) {
		parm = (struct v4l2_streamparm){.type = shape->type};
		if (v4l2_node_ioctl(device->fd, VIDIOC_G_PARM, &parm))
			return;
	}
	if (period->numerator && period->denominator)
		shape->rate = (struct rate){period->denominator,
					    period->numerator};
}

int v4l2_format_set(const struct v4l2_device *device,
		    const struct v4l2_wish *wish, struct v4l2_shape *shape,
		    char *refusal, size_t bytes)
{
	int error = format_set_input(device, wish->input, refusal, bytes);

	if (error)
		return error;
	format_follow_signal(device);
	error = format_set_pixels(device, wish, shape, refusal, bytes);
	if (!error)
		format_set_rate(device, wish->rate, shape);
	return error;
}
