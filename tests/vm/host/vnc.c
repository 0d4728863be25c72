/*
 * vnc: see vnc.h. One connection for each request; no picture is read.
 */
#include "vnc.h"

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define ENCODING_EXTENDED_DESKTOP_SIZE (-308)
#define WAIT_MS			       5000

static bool get(int fd, void *data, size_t size)
{
	uint8_t *at = data;

	while (size) {
		struct pollfd wait = {.fd = fd, .events = POLLIN};
		ssize_t got = -1;

		if (poll(&wait, 1, WAIT_MS) == 1)
			got = read(fd, at, size);
		if (got <= 0)
			return false;
		at += got;
		size -= (size_t)got;
	}
	return true;
}

static bool put(int fd, const void *data, size_t size)
{
	return write(fd, data, size) == (ssize_t)size;
}

static bool discard(int fd, size_t size)
{
	uint8_t byte;

	while (size--)
		if (!get(fd, &byte, 1))
			return false;
	return true;
}

static uint32_t be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

static int connect_to(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	if (fd >= 0 &&
	    connect(fd, (struct sockaddr *)&address, sizeof(address))) {
		close(fd);
		return -1;
	}
	return fd;
}

/* Version 3.8, no authentication, shared; skip the server's description. */
static bool handshake(int fd)
{
	uint8_t buf[24], types;

	if (!get(fd, buf, 12) || !put(fd, "RFB 003.008\n", 12))
		return false;
	if (!get(fd, &types, 1) || types == 0 || !discard(fd, types))
		return false;
	if (!put(fd, "\1", 1) || !get(fd, buf, 4) || be32(buf) != 0)
		return false;
	if (!put(fd, "\1", 1) || !get(fd, buf, 24))
		return false;
	return discard(fd, be32(buf + 20));
}

static bool announce_extension(int fd)
{
	const uint32_t id = (uint32_t)ENCODING_EXTENDED_DESKTOP_SIZE;
	const uint8_t message[] = {2,
				   0,
				   0,
				   1,
				   (uint8_t)(id >> 24),
				   (uint8_t)(id >> 16),
				   (uint8_t)(id >> 8),
				   (uint8_t)id};

	return put(fd, message, sizeof(message));
}

/* SetDesktopSize with one screen that covers it. */
static bool request_size(int fd, unsigned int width, unsigned int height)
{
	const uint8_t w[2] = {(uint8_t)(width >> 8), (uint8_t)width};
	const uint8_t h[2] = {(uint8_t)(height >> 8), (uint8_t)height};
	uint8_t message[24] = {251, 0};

	memcpy(message + 2, w, 2);
	memcpy(message + 4, h, 2);
	message[6] = 1;
	memcpy(message + 16, w, 2);
	memcpy(message + 18, h, 2);
	return put(fd, message, sizeof(message));
}

/*
 * Read rectangles until the answer to our own request (reason 1) is there.
 * Its status is 0, or 4 for a request that was handed on to the guest.
 */
static bool await_answer(int fd)
{
	for (;;) {
		uint8_t head[4], rect[12], screens[4];
		unsigned int reason, status;

		if (!get(fd, head, 4) || head[0] != 0)
			return false;
		for (unsigned int n = head[2] * 256u + head[3]; n; n--) {
			if (!get(fd, rect, 12) ||
			    (int32_t)be32(rect + 8) !=
				    ENCODING_EXTENDED_DESKTOP_SIZE ||
			    !get(fd, screens, 4) ||
			    !discard(fd, screens[0] * 16u))
				return false;
			reason = rect[0] * 256u + rect[1];
			status = rect[2] * 256u + rect[3];
			if (reason == 1)
				return status == 0 || status == 4;
		}
	}
}

int vnc_resize(const char *socket_path, unsigned int width, unsigned int height)
{
	const int fd = connect_to(socket_path);
	bool done;

	if (fd < 0)
		return -1;
	done = handshake(fd) && announce_extension(fd) &&
	       request_size(fd, width, height) && await_answer(fd);
	close(fd);
	return done ? 0 : -1;
}
