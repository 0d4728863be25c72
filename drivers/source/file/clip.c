/*
 * drivers/source/file/clip.c: see drivers/source/file/clip.h.
 */
#define _FILE_OFFSET_BITS 64

#include "drivers/source/file/clip.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "drivers/source/file/still.h"
#include "runtime/base/text.h"

#define CLIP_SAYS  "the graph's source has"
#define CLIP_START STREAM_HEADER_MAX /* bytes that tell what a file is */

struct clip_why {
	char *text;
	size_t bytes;
};

__attribute__((format(printf, 3, 4)))
static int clip_refuse(const struct clip_why *why, int error,
		       const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	text_line(why->text, why->bytes, format, arguments);
	va_end(arguments);
	return error;
}

/* ---- the bytes -------------------------------------------------------------- */

/* Bytes read from `at` on, fewer only at the end of the file; or -errno. */
static ssize_t clip_bytes(const struct clip *clip, void *to, size_t bytes,
			  uint64_t at)
{
	size_t done = 0;
	ssize_t got;

	while (done < bytes) {
		got = pread(clip->fd, (unsigned char *)to + done, bytes - done,
			    (off_t)(at + done));
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (!got)
			break;
		done += (size_t)got;
	}
	return (ssize_t)done;
}

static int clip_all_bytes(const struct clip *clip, void *to, size_t bytes,
			  uint64_t at)
{
	ssize_t got = clip_bytes(clip, to, bytes, at);

	if (got < 0)
		return (int)got;
	return (size_t)got == bytes ? 0 : -ENODATA;
}

/* ---- where frames are ------------------------------------------------------- */

/* Bytes of the line before the frame that begins at `at`. */
static int clip_line(const struct clip *clip, uint64_t at, size_t *bytes)
{
	char line[STREAM_FRAME_MAX];
	ssize_t got = clip_bytes(clip, line, sizeof(line), at);

	*bytes = 0;
	if (got < 0)
		return (int)got;
	if (!got)
		return -ENODATA;
	*bytes = stream_frame_line(line, (size_t)got);
	return *bytes ? 0 : -EBADMSG;
}

/* Counts by walking from line to line. */
static int clip_walk(struct clip *clip, uint64_t bytes)
{
	uint64_t at = clip->first;
	size_t line;
	int error;

	clip->line_bytes = 0;
	clip->count = 0;
	while (at < bytes) {
		error = clip_line(clip, at, &line);
		if (error && error != -EBADMSG && error != -ENODATA)
			return error;
		if (error || bytes - at < line + clip->frame_bytes)
			break;
		at += line + clip->frame_bytes;
		clip->count++;
	}
	clip->cut = at < bytes;
	return 0;
}

/* Lines as long as the first one if the last one is where they say. */
static int clip_count(struct clip *clip, uint64_t bytes)
{
	uint64_t each, rest = bytes - clip->first;
	size_t line;
	int error;

	error = clip_line(clip, clip->first, &clip->line_bytes);
	if (error)
		return error == -EBADMSG || error == -ENODATA
			       ? clip_walk(clip, bytes)
			       : error;
	each = clip->line_bytes + clip->frame_bytes;
	clip->count = rest / each;
	if (!clip->count || rest % each)
		return clip_walk(clip, bytes);
	error = clip_line(clip, clip->first + (clip->count - 1) * each, &line);
	return !error && line == clip->line_bytes ? 0 : clip_walk(clip, bytes);
}

/* Sets next_at to the line of frame `number`. */
static int clip_seek(struct clip *clip, uint64_t number)
{
	size_t line;
	int error;

	if (clip->line_bytes || !clip->has_lines) {
		clip->next_at = clip->first +
				number * (clip->line_bytes + clip->frame_bytes);
		clip->next = number;
		return 0;
	}
	if (number < clip->next) {
		clip->next = 0;
		clip->next_at = clip->first;
	}
	for (; clip->next < number; clip->next++) {
		error = clip_line(clip, clip->next_at, &line);
		if (error)
			return error;
		clip->next_at += line + clip->frame_bytes;
	}
	return 0;
}

/* ---- a frame ------------------------------------------------------------------ */

/* A plane that is in the file as in the picture but for the gaps. */
static int clip_read_plane(struct clip *clip, const struct picture *to,
			   uint32_t plane, uint64_t *at)
{
	const struct graph_source *graph = &clip->graph;
	size_t row = graph_plane_row_bytes(graph->format, plane, graph->width);
	uint32_t y, rows = graph_plane_rows(graph->format, plane,
					    graph->height);
	bool tight = to->pitch[plane] == row;
	int error = clip_all_bytes(clip, tight ? to->plane[plane] : clip->staging,
				   row * rows, *at);

	*at += row * rows;
	for (y = 0; y < rows && !tight && !error; y++)
		memcpy(picture_row(to, plane, y), clip->staging + y * row, row);
	return error;
}

/* Two planes of 4:2:0 chroma, in staging. */
static void clip_weave(const struct clip *clip, const struct picture *to)
{
	uint32_t columns = (to->width + 1) / 2, rows = (to->height + 1) / 2;
	const unsigned char *cb = clip->staging;
	const unsigned char *cr = cb + (size_t)columns * rows;
	uint32_t x, y;

	for (y = 0; y < rows; y++) {
		unsigned char *row = picture_row(to, 1, y);

		for (x = 0; x < columns; x++) {
			row[2 * x] = *cb++;
			row[2 * x + 1] = *cr++;
		}
	}
}

/* Planes of 4:2:2, in staging. An odd width's last pair has its Y twice. */
static void clip_pair(const struct clip *clip, const struct picture *to)
{
	uint32_t columns = (to->width + 1) / 2, x, y;
	uint32_t luma = clip->graph.format == GRAPH_FORMAT_UYVY;
	const unsigned char *from = clip->staging;
	const unsigned char *cb = from + (size_t)to->width * to->height;
	const unsigned char *cr = cb + (size_t)columns * to->height;

	for (y = 0; y < to->height; y++, from += to->width) {
		unsigned char *pair = picture_row(to, 0, y);

		for (x = 0; x < columns; x++, pair += 4) {
			pair[luma] = from[2 * x];
			pair[luma + 2] = from[2 * x + 1 < to->width ? 2 * x + 1
								    : 2 * x];
			pair[1 - luma] = *cb++;
			pair[3 - luma] = *cr++;
		}
	}
}

/* Planes of 4:4:4, in staging; the row after them is room for one of RGB. */
static void clip_color(const struct clip *clip, const struct picture *to)
{
	size_t pixels = (size_t)to->width * to->height;
	const unsigned char *from = clip->staging;
	uint32_t *row = (uint32_t *)(void *)(clip->staging +
					     (3 * pixels + 3) / 4 * 4);
	uint32_t x, y;

	for (y = 0; y < to->height; y++, from += to->width) {
		for (x = 0; x < to->width; x++)
			row[x] = ycbcr_pixel(&to->ycbcr, from[x],
					     from[pixels + x],
					     from[2 * pixels + x]);
		graph_row_store(clip->graph.format, to, y, row);
	}
}

/* Chroma of none, in all planes but the first. */
static void clip_no_color(const struct picture *to, enum graph_format format)
{
	uint32_t plane, y;

	for (plane = 1; plane < graph_format_row(format)->planes; plane++)
		for (y = 0; y < graph_plane_rows(format, plane, to->height); y++)
			memset(picture_row(to, plane, y), 128,
			       graph_plane_row_bytes(format, plane, to->width));
}

/* The planes that go through staging, all at once. */
static int clip_stage(struct clip *clip, uint64_t from, uint64_t at)
{
	return clip_all_bytes(clip, clip->staging,
			      clip->frame_bytes - (at - from), at);
}

static int clip_read_frame(struct clip *clip, const struct picture *to,
			   uint64_t from)
{
	uint32_t plane, planes = graph_format_row(clip->graph.format)->planes;
	uint64_t at = from;
	int error = 0;

	if (clip->fill == CLIP_WEAVE || clip->fill == CLIP_GREY)
		planes = 1;
	if (clip->fill == CLIP_PAIRS || clip->fill == CLIP_COLORS)
		planes = 0;
	for (plane = 0; plane < planes && !error; plane++)
		error = clip_read_plane(clip, to, plane, &at);
	if (!error && clip->fill != CLIP_PLANES && clip->fill != CLIP_GREY)
		error = clip_stage(clip, from, at);
	if (error)
		return error;
	if (clip->fill == CLIP_WEAVE)
		clip_weave(clip, to);
	else if (clip->fill == CLIP_PAIRS)
		clip_pair(clip, to);
	else if (clip->fill == CLIP_COLORS)
		clip_color(clip, to);
	else if (clip->fill == CLIP_GREY)
		clip_no_color(to, clip->graph.format);
	return 0;
}

int clip_read(struct clip *clip, uint64_t number, const struct picture *to)
{
	size_t line = 0;
	int error = clip_seek(clip, number);

	if (!error && clip->has_lines)
		error = clip_line(clip, clip->next_at, &line);
	if (!error && clip->line_bytes && line != clip->line_bytes)
		error = -EBADMSG;
	if (!error)
		error = clip_read_frame(clip, to, clip->next_at + line);
	if (error)
		return error;
	clip->next = number + 1;
	clip->next_at += line + clip->frame_bytes;
	return 0;
}

int clip_read_still(struct clip *clip, const struct picture *to, char *why,
		    size_t why_bytes)
{
	int error, fd = dup(clip->fd);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "rb");

	if (!file) {
		snprintf(why, why_bytes, "no memory or no file left to read it");
		if (fd >= 0)
			close(fd);
		return -ENOMEM;
	}
	error = still_read(file, &clip->graph, to, why, why_bytes);
	fclose(file);
	return error;
}

/* ---- opening: what it is -------------------------------------------------------- */

/* clang-format off */
static const struct {
	int error, status;
	const char *text;
} clip_errors[] = {
	{ENOENT,  EINVAL, "there is no such file: say the whole path"},
	{ENOTDIR, EINVAL, "a part of the path is a file, not a folder: say another"},
	{ENAMETOOLONG, EINVAL, "the name is too long: say a shorter one"},
	{ELOOP,   EINVAL, "is a link that leads in a circle: say the file itself"},
	{EACCES,  EACCES, "permission denied: chmod a+r it, or start as its owner"},
	{EPERM,   EACCES, "permission denied: chmod a+r it, or start as its owner"},
	{EMFILE,  EMFILE, "too many open files: raise the limit (ulimit -n)"},
	{ENFILE,  EMFILE, "too many open files on this machine: end other programs"},
	{ENOMEM,  ENOMEM, "no memory to open it: end other programs"},
};
/* clang-format on */

static int clip_refuse_errno(const struct clip_why *why, int error)
{
	char reason[80];
	size_t i;

	for (i = 0; i < sizeof(clip_errors) / sizeof(clip_errors[0]); i++)
		if (clip_errors[i].error == -error)
			return clip_refuse(why, -clip_errors[i].status, "%s",
					   clip_errors[i].text);
	if (strerror_r(-error, reason, sizeof(reason)))
		snprintf(reason, sizeof(reason), "error %d", -error);
	return clip_refuse(why, -EIO,
			   "cannot be read (%s): copy it to a disk that works",
			   reason);
}

/* A regular file with something in it; a FIFO does not keep open(). */
static int clip_open_file(struct clip *clip, const char *path,
			  uint64_t *bytes, const struct clip_why *why)
{
	struct stat status;

	clip->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (clip->fd < 0)
		return clip_refuse_errno(why, -errno);
	if (fstat(clip->fd, &status))
		return clip_refuse_errno(why, -errno);
	if (S_ISDIR(status.st_mode))
		return clip_refuse(why, -EINVAL,
				   "is a folder: name a file in it");
	if (!S_ISREG(status.st_mode))
		return clip_refuse(why, -EINVAL,
				   "is not a regular file: write what comes out "
				   "of it into one, and name that");
	if (!status.st_size)
		return clip_refuse(why, -EINVAL,
				   "is empty: name one with a picture in it");
	*bytes = (uint64_t)status.st_size;
	posix_fadvise(clip->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	return 0;
}

/* What a file of that chroma can fill; the first one is what it fills best. */
static const struct {
	enum stream_chroma chroma;
	enum graph_format format;
	enum clip_fill fill;
} clip_fills[] = {
	{STREAM_420, GRAPH_FORMAT_NV12, CLIP_WEAVE},
	{STREAM_420, GRAPH_FORMAT_I420, CLIP_PLANES},
	{STREAM_422, GRAPH_FORMAT_YUYV, CLIP_PAIRS},
	{STREAM_422, GRAPH_FORMAT_UYVY, CLIP_PAIRS},
	{STREAM_444, GRAPH_FORMAT_XRGB8888, CLIP_COLORS},
	{STREAM_444, GRAPH_FORMAT_XBGR8888, CLIP_COLORS},
	{STREAM_444, GRAPH_FORMAT_RGB888, CLIP_COLORS},
	{STREAM_444, GRAPH_FORMAT_BGR888, CLIP_COLORS},
	{STREAM_MONO, GRAPH_FORMAT_GREY, CLIP_GREY},
	{STREAM_MONO, GRAPH_FORMAT_NV12, CLIP_GREY},
	{STREAM_MONO, GRAPH_FORMAT_I420, CLIP_GREY},
};
#define CLIP_FILLS (sizeof(clip_fills) / sizeof(clip_fills[0]))

static int clip_choose_fill(struct clip *clip, const struct stream *stream,
			    const struct clip_why *why)
{
	char list[64] = "";
	size_t i;

	for (i = 0; i < CLIP_FILLS; i++) {
		if (clip_fills[i].chroma != stream->chroma)
			continue;
		clip->fill = clip_fills[i].fill;
		if (clip_fills[i].format == clip->graph.format)
			return 0;
		text_append(list, sizeof(list), "%s%s", *list ? " or " : "",
			    graph_format_name(clip_fills[i].format));
	}
	return clip_refuse(why, -EINVAL,
			   "is of chroma %s, " CLIP_SAYS
			   " format %s: say format: %s there",
			   stream->chroma_name,
			   graph_format_name(clip->graph.format), list);
}

static uint64_t clip_stream_bytes(const struct stream *stream)
{
	uint64_t columns = stream->width, rows = stream->height;
	uint64_t luma = columns * rows;

	if (stream->chroma == STREAM_420 || stream->chroma == STREAM_422)
		columns = (columns + 1) / 2;
	if (stream->chroma == STREAM_420)
		rows = (rows + 1) / 2;
	return luma + (stream->chroma == STREAM_MONO ? 0 : 2 * columns * rows);
}

static int clip_open_stream(struct clip *clip, const char *start, size_t length,
			    uint64_t bytes, const struct clip_why *why)
{
	struct stream stream;
	char what[128];
	int error;

	if (!stream_read(&stream, start, length, what, sizeof(what)))
		return clip_refuse(why, -EINVAL,
				   "%s: convert it to y4m of 8 bits", what);
	if (stream.width != clip->graph.width ||
	    stream.height != clip->graph.height)
		return clip_refuse(why, -EINVAL,
				   "is %ux%u, " CLIP_SAYS
				   " %ux%u: say size: %ux%u there",
				   stream.width, stream.height,
				   clip->graph.width, clip->graph.height,
				   stream.width, stream.height);
	error = clip_choose_fill(clip, &stream, why);
	if (error)
		return error;
	snprintf(clip->text, sizeof(clip->text), "y4m %s", stream.chroma_name);
	clip->rate = stream.rate;
	clip->full_range = stream.full_range;
	clip->siting = stream.siting;
	clip->has_lines = true;
	clip->first = stream.bytes;
	clip->frame_bytes = clip_stream_bytes(&stream);
	error = clip_count(clip, bytes);
	if (error)
		return clip_refuse_errno(why, error);
	return clip->count ? 0
			   : clip_refuse(why, -EINVAL,
					 "has no whole frame: it was cut off or "
					 "is damaged: make it again");
}

static int clip_open_raw(struct clip *clip, uint64_t bytes,
			 const struct clip_why *why)
{
	const struct graph_source *graph = &clip->graph;
	enum graph_format format = graph->format;
	char cut[64] = "";
	uint32_t i;

	snprintf(clip->text, sizeof(clip->text), "raw");
	clip->fill = CLIP_PLANES;
	for (i = 0; i < graph_format_row(format)->planes; i++)
		clip->frame_bytes +=
			(uint64_t)graph_plane_row_bytes(format, i,
							graph->width) *
			graph_plane_rows(format, i, graph->height);
	clip->count = bytes / clip->frame_bytes;
	if (bytes % clip->frame_bytes == 0)
		return 0;
	if (clip->count)
		snprintf(cut, sizeof(cut),
			 "; or truncate -s %llu, if it was cut off",
			 (unsigned long long)(clip->count * clip->frame_bytes));
	return clip_refuse(why, -EINVAL,
			   "its %llu bytes are no whole frames: " CLIP_SAYS
			   " format %s, size %ux%u, %llu bytes a frame: say "
			   "the file's there%s",
			   (unsigned long long)bytes, graph_format_name(format),
			   graph->width, graph->height,
			   (unsigned long long)clip->frame_bytes, cut);
}

static int clip_open_still(struct clip *clip, const struct clip_why *why)
{
	snprintf(clip->text, sizeof(clip->text), "png");
	clip->fill = CLIP_STILL;
	clip->count = 1;
	if (!graph_format_is_ycbcr(clip->graph.format))
		return 0;
	return clip_refuse(why, -EINVAL,
			   "is a PNG, " CLIP_SAYS " format %s: say format: "
			   "XRGB8888 there",
			   graph_format_name(clip->graph.format));
}

static bool clip_is_named(const char *path, const char *end)
{
	size_t length = strlen(path), tail = strlen(end);

	return length > tail && !strcmp(path + length - tail, end);
}

/* By its first bytes; a name that says otherwise is not taken for raw frames. */
static int clip_tell_apart(struct clip *clip, const char *path, uint64_t bytes,
			   const struct clip_why *why)
{
	char start[CLIP_START];
	ssize_t got = clip_bytes(clip, start, sizeof(start), 0);

	if (got < 0)
		return clip_refuse_errno(why, (int)got);
	if ((size_t)got >= strlen(STILL_MAGIC) &&
	    !memcmp(start, STILL_MAGIC, strlen(STILL_MAGIC)))
		return clip_open_still(clip, why);
	if (((size_t)got >= strlen(STREAM_MAGIC) &&
	     !memcmp(start, STREAM_MAGIC, strlen(STREAM_MAGIC))) ||
	    clip_is_named(path, ".y4m"))
		return clip_open_stream(clip, start, (size_t)got, bytes, why);
	if (clip_is_named(path, ".png"))
		return clip_refuse(why, -EINVAL,
				   "is no PNG: make it again, or name it .raw if "
				   "it is raw frames");
	return clip_open_raw(clip, bytes, why);
}

/* A frame as it is in the file, and a row of RGB behind it. */
static int clip_make_room(struct clip *clip, const struct clip_why *why)
{
	size_t row = (size_t)clip->graph.width * 4;

	if (clip->fill == CLIP_STILL)
		return 0;
	clip->staging = malloc(clip->frame_bytes + row + 4);
	return clip->staging ? 0
			     : clip_refuse(why, -ENOMEM,
					   "no memory for a frame of it: use a "
					   "smaller source");
}

int clip_open(struct clip *clip, const char *path,
	      const struct graph_source *graph, char *why, size_t why_bytes)
{
	const struct clip_why to = {why, why_bytes};
	uint64_t bytes = 0;
	int error;

	*clip = (struct clip){.fd = -1, .graph = *graph};
	error = clip_open_file(clip, path, &bytes, &to);
	if (!error)
		error = clip_tell_apart(clip, path, bytes, &to);
	if (!error)
		error = clip_make_room(clip, &to);
	clip->next_at = clip->first;
	if (error)
		clip_close(clip);
	return error;
}

void clip_close(struct clip *clip)
{
	if (clip->fd >= 0)
		close(clip->fd);
	clip->fd = -1;
	free(clip->staging);
	clip->staging = NULL;
}
