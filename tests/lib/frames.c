/*
 * tests/lib/frames.c: see frames.h.
 */
#define _GNU_SOURCE
#include "tests/lib/frames.h"

#include <check.h>
#include <errno.h>
#include <poll.h>
#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Until the writer has opened its end, a FIFO reads as ended: tell the two
 * apart by whether the writer still lives. */
static bool writer_may_come(const struct process *writer)
{
	char state[64];
	FILE *file;
	bool alive = false;

	snprintf(state, sizeof(state), "/proc/%d/stat", writer->pid);
	file = fopen(state, "r");
	if (!file)
		return false;
	if (fgets(state, sizeof(state), file))
		alive = !strstr(state, ") Z");
	fclose(file);
	return alive;
}

static bool readable(int fd, struct process *writer)
{
	struct pollfd poll_fd = {fd, POLLIN, 0};
	long long end_ns = now_ns() + PROCESS_LIMIT_MS * 1000000LL;

	while (now_ns() < end_ns) {
		if (poll(&poll_fd, 1, 100) > 0)
			return true;
		if (!writer_may_come(writer))
			return poll(&poll_fd, 1, 0) > 0;
	}
	ck_abort_msg("%s: no frame for %d s", writer->name,
		     PROCESS_LIMIT_MS / 1000);
}

bool frames_read(int fd, struct process *writer, unsigned char *data,
		 size_t bytes)
{
	size_t have = 0;

	while (have < bytes) {
		ssize_t got;

		if (!readable(fd, writer))
			got = 0;
		else
			got = read(fd, data + have, bytes - have);
		if (got < 0 && (errno == EAGAIN || errno == EINTR))
			continue;
		ck_assert_msg(got >= 0, "%s: read: %s", writer->name,
			      strerror(errno));
		if (got == 0)
			break;
		have += (size_t)got;
	}
	ck_assert_msg(have == 0 || have == bytes,
		      "%s: the recording ends after %zu of %zu bytes",
		      writer->name, have, bytes);
	return have == bytes;
}

unsigned char *png_read(const char *path, uint32_t *width, uint32_t *height)
{
	png_image image = {.version = PNG_IMAGE_VERSION};
	unsigned char *pixels;

	ck_assert_msg(png_image_begin_read_from_file(&image, path), "%s: %s",
		      path, image.message);
	image.format = PNG_FORMAT_BGRA;
	pixels = malloc(PNG_IMAGE_SIZE(image));
	ck_assert_ptr_nonnull(pixels);
	ck_assert_msg(png_image_finish_read(&image, NULL, pixels, 0, NULL),
		      "%s: %s", path, image.message);
	*width = image.width;
	*height = image.height;
	return pixels;
}
