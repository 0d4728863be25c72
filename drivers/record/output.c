/*
 * drivers/record/output.c: whole frames or none. Files are opened O_NONBLOCK
 * and written with poll, so that a pipe whose reader stalls can be given up;
 * a blocking write could keep the recorder's thread, and with it the exit,
 * for ever. The first error is final: a recording with a hole in it would
 * look whole to whoever reads it.
 */
#include "drivers/record/output.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include "drivers/record/refusal.h"
#include "drivers/record/y4m.h"
#include "runtime/base/stop.h"

#define Y4M_FRAME_BYTES (sizeof(Y4M_FRAME) - 1)
#define READER_POLL_MS	20

static const char *const format_names[OUTPUT_FORMAT_COUNT] = {
	[OUTPUT_RAW] = "raw",
	[OUTPUT_Y4M] = "y4m",
	[OUTPUT_DIGEST] = "digest",
};

const char *output_option(enum output_format format)
{
	return format == OUTPUT_DIGEST ? "--digest" : "--record";
}

static bool is_fifo(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISFIFO(status.st_mode);
}

/* A FIFO without a reader says ENXIO: wait for one, bounded. */
static int open_file(const char *path)
{
	int waited_ms, fd;

	for (waited_ms = 0;; waited_ms += READER_POLL_MS) {
		fd = open(path,
			  O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY |
				  O_NONBLOCK,
			  0666);
		if (fd >= 0)
			return fd;
		if (errno != ENXIO || waited_ms >= OUTPUT_READER_WAIT_MS ||
		    !is_fifo(path))
			return -errno;
		if (stop_wait(READER_POLL_MS))
			return -EINTR;
	}
}

/* All of it; 0 or -errno, ETIMEDOUT when nobody takes anything. */
static int write_all(const struct output *output, const void *data,
		     size_t bytes)
{
	struct pollfd ready = {.fd = output->fd, .events = POLLOUT};
	const unsigned char *next = data;

	while (bytes > 0) {
		ssize_t count = write(output->fd, next, bytes);

		if (count > 0) {
			next += count;
			bytes -= (size_t)count;
		} else if (count == 0) {
			return -EIO;
		} else if (errno == EAGAIN) {
			int n = poll(&ready, 1, output->stall_ms);

			if (n == 0)
				return -ETIMEDOUT;
			if (n < 0 && errno != EINTR)
				return -errno;
		} else if (errno != EINTR) {
			return -errno;
		}
	}
	return 0;
}

/* y4m: the header, and room for a frame's planes. */
static int start_y4m(struct output *output, const struct graph *graph)
{
	size_t pixels = (size_t)output->width * output->height, length;
	char header[128];
	int result;

	length = y4m_header(graph, header, sizeof(header));
	result = write_all(output, header, length);
	if (result)
		return result;
	output->planes = malloc(Y4M_FRAME_BYTES + 3 * pixels);
	if (!output->planes)
		return -ENOMEM;
	memcpy(output->planes, Y4M_FRAME, Y4M_FRAME_BYTES);
	output->bytes = length;
	return 0;
}

int output_open(struct output *output, const char *path,
		enum output_format format, const struct graph *graph,
		char *error, size_t error_bytes)
{
	struct stat status;
	int result = 0;

	memset(output, 0, sizeof(*output));
	output->format = format;
	output->width = graph->width;
	output->height = graph->height;
	output->stall_ms = OUTPUT_STALL_MS;
	output->recording.path = path;
	output->recording.format = format_names[format];
	output->fd = open_file(path);
	if (output->fd < 0)
		result = output->fd;
	else if (fstat(output->fd, &status))
		result = -errno;
	else
		output->regular = S_ISREG(status.st_mode);
	if (!result && format == OUTPUT_Y4M)
		result = start_y4m(output, graph);
	if (result) {
		output_close(output);
		refusal(output_option(format), path, -result, error,
			error_bytes);
	}
	return result;
}

/* The first error ends the output at its last whole frame. */
static void fail(struct output *output, uint64_t tick, int error)
{
	char reason[96];

	if (strerror_r(error, reason, sizeof(reason)))
		snprintf(reason, sizeof(reason), "error %d", error);
	if (!output->recording.error[0])
		snprintf(output->recording.error,
			 sizeof(output->recording.error), "tick %llu: %s",
			 (unsigned long long)tick,
			 error == ETIMEDOUT ? "the reader takes nothing"
					    : reason);
	if (output->regular && ftruncate(output->fd, (off_t)output->bytes))
		output->regular = false; /* cut where it stopped, then */
	close(output->fd);
	output->fd = -1;
}

static int write_frame(struct output *output, uint64_t tick,
		       const unsigned char *frame, size_t *bytes)
{
	size_t pixels = (size_t)output->width * output->height;
	char line[64];

	switch (output->format) {
	case OUTPUT_Y4M:
		*bytes = Y4M_FRAME_BYTES + 3 * pixels;
		y4m_planes(frame, pixels, output->planes + Y4M_FRAME_BYTES);
		return write_all(output, output->planes, *bytes);
	case OUTPUT_DIGEST:
		*bytes = (size_t)snprintf(
			line, sizeof(line), "%llu %016llx\n",
			(unsigned long long)tick,
			(unsigned long long)XXH3_64bits(frame, 4 * pixels));
		return write_all(output, line, *bytes);
	default:
		*bytes = 4 * pixels;
		return write_all(output, frame, *bytes);
	}
}

void output_frame(struct output *output, uint64_t tick,
		  const unsigned char *frame)
{
	size_t bytes = 0;
	int result;

	if (output->fd < 0) {
		output->recording.lost++;
		return;
	}
	result = write_frame(output, tick, frame, &bytes);
	if (result) {
		output->recording.lost++;
		fail(output, tick, -result);
		return;
	}
	output->bytes += bytes;
	output->recording.written++;
}

void output_lose(struct output *output, uint64_t frames, const char *reason)
{
	output->recording.lost += frames;
	if (frames && !output->recording.error[0])
		snprintf(output->recording.error,
			 sizeof(output->recording.error), "%s", reason);
}

void output_close(struct output *output)
{
	if (output->fd >= 0 && close(output->fd) && !output->recording.error[0])
		snprintf(output->recording.error,
			 sizeof(output->recording.error),
			 "closing it failed: errno %d", errno);
	output->fd = -1;
	free(output->planes);
	output->planes = NULL;
}
