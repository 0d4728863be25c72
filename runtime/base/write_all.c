/*
 * runtime/base/write_all.c: poll, then write. The flags of a descriptor that
 * the program was given belong to others too (a shell, a parent), so they are
 * left as they are: into a blocking one goes no more at a time than what poll
 * promised room for.
 */
#include "runtime/base/write_all.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

#define ROOM_BYTES 4096 /* of a pipe that poll calls writable: PIPE_BUF */

/* Bytes that may be offered at once, so that no write waits. */
static size_t largest_offer(int fd)
{
	struct stat status;
	int flags = fcntl(fd, F_GETFL);

	if (flags < 0 || flags & O_NONBLOCK || fstat(fd, &status) ||
	    S_ISREG(status.st_mode))
		return SIZE_MAX;
	return ROOM_BYTES;
}

/* 0 when something would be taken. */
static int wait_for_room(int fd, int stall_ms)
{
	struct pollfd ready = {.fd = fd, .events = POLLOUT};
	int count = poll(&ready, 1, stall_ms);

	if (count > 0 || (count < 0 && errno == EINTR))
		return 0;
	return count ? -errno : -ETIMEDOUT;
}

int write_all(int fd, const void *data, size_t bytes, int stall_ms)
{
	const unsigned char *next = data;
	size_t offer = largest_offer(fd);
	int error = offer == SIZE_MAX ? 0 : wait_for_room(fd, stall_ms);

	while (bytes > 0 && !error) {
		ssize_t count = write(fd, next, bytes < offer ? bytes : offer);

		if (count > 0) {
			next += count;
			bytes -= (size_t)count;
			if (bytes > 0 && offer != SIZE_MAX)
				error = wait_for_room(fd, stall_ms);
		} else if (count == 0) {
			error = -EIO;
		} else if (errno == EAGAIN) {
			error = wait_for_room(fd, stall_ms);
		} else if (errno != EINTR) {
			error = -errno;
		}
	}
	return error;
}
