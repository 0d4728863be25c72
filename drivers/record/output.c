/*
 * drivers/record/output.c: whole frames or none. A pipe whose reader stalls is
 * given up (runtime/base/write_all.h). The first error is final: a recording
 * with a hole in it would look whole to whoever reads it.
 */
#include "drivers/record/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include "drivers/record/refusal.h"
#include "drivers/record/y4m.h"
#include "runtime/base/stop.h"
#include "runtime/base/write_all.h"

#define Y4M_FRAME_BYTES (sizeof(Y4M_FRAME) - 1)
#define READER_POLL_MS	20
#define OPEN_FLAGS	(O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)

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

/* One that was closed was filled with what cannot be written to. */
int output_check_stdout(void)
{
	int flags = fcntl(STDOUT_FILENO, F_GETFL);

	return flags < 0 || (flags & O_ACCMODE) == O_RDONLY ? EBADF : 0;
}

/* The description of standard output belongs to others too: a pipe gets one of
 * its own, which may be non-blocking. */
static int open_standard_output(void)
{
	int error = output_check_stdout(), fd;
	struct stat status;

	if (error)
		return -error;
	fd = open("/proc/self/fd/1", OPEN_FLAGS);
	if (fd >= 0 && !fstat(fd, &status) && S_ISFIFO(status.st_mode))
		return fd;
	if (fd >= 0)
		close(fd);
	fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	return fd < 0 ? -errno : fd;
}

/* A FIFO without a reader says ENXIO: wait for one, bounded. */
static int output_open_path(const char *path, bool *created)
{
	int waited_ms, fd;

	for (waited_ms = 0;; waited_ms += READER_POLL_MS) {
		fd = open(path, OPEN_FLAGS | O_CREAT | O_EXCL, 0666);
		*created = fd >= 0;
		if (fd < 0 && errno == EEXIST)
			fd = open(path, OPEN_FLAGS | O_CREAT, 0666);
		if (fd >= 0)
			return fd;
		if (errno != ENXIO || waited_ms >= OUTPUT_READER_WAIT_MS ||
		    !is_fifo(path))
			return -errno;
		if (stop_wait(READER_POLL_MS))
			return -EINTR;
	}
}

int output_descriptor(const char *path, bool *created)
{
	*created = false;
	return strcmp(path, OUTPUT_STDOUT) ? output_open_path(path, created)
					   : open_standard_output();
}

/* Room for a frame's planes. */
static int prepare_y4m(struct output *output)
{
	size_t pixels = (size_t)output->width * output->height;

	output->planes = malloc(Y4M_FRAME_BYTES + 3 * pixels);
	if (!output->planes)
		return -ENOMEM;
	memcpy(output->planes, Y4M_FRAME, Y4M_FRAME_BYTES);
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
	output->graph = graph;
	output->width = graph->width;
	output->height = graph->height;
	output->stall_ms = WRITE_STALL_MS;
	output->recording.path = path;
	output->recording.format = format_names[format];
	output->fd = output_descriptor(path, &output->created);
	if (output->fd < 0)
		result = output->fd;
	else if (fstat(output->fd, &status))
		result = -errno;
	else if (format != OUTPUT_DIGEST && isatty(output->fd))
		result = -ENOTTY;
	else if (format == OUTPUT_Y4M)
		result = prepare_y4m(output);
	if (!result)
		output->regular = S_ISREG(status.st_mode);
	if (result) {
		output_close(output);
		refusal(output_option(format), path, -result, error,
			error_bytes);
	}
	return result;
}

/* The first error ends the output at its last whole frame. */
static void give_output_up(struct output *output, uint64_t tick, int error)
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

void output_begin(struct output *output)
{
	char header[128];
	int result = 0;

	output->begun = true;
	if (output->regular && ftruncate(output->fd, 0))
		result = -errno;
	if (!result && output->format == OUTPUT_Y4M) {
		size_t length =
			y4m_header(output->graph, header, sizeof(header));

		result = write_all(output->fd, header, length,
				   output->stall_ms);
		if (!result)
			output->bytes = length;
	}
	if (result)
		give_output_up(output, 0, -result);
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
		return write_all(output->fd, output->planes, *bytes,
				 output->stall_ms);
	case OUTPUT_DIGEST:
		*bytes = (size_t)snprintf(
			line, sizeof(line), "%llu %016llx\n",
			(unsigned long long)tick,
			(unsigned long long)XXH3_64bits(frame, 4 * pixels));
		return write_all(output->fd, line, *bytes, output->stall_ms);
	default:
		*bytes = 4 * pixels;
		return write_all(output->fd, frame, *bytes, output->stall_ms);
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
		give_output_up(output, tick, -result);
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
	if (output->created && !output->begun)
		unlink(output->recording.path);
	output->created = false;
	free(output->planes);
	output->planes = NULL;
}
