/*
 * share: SCM_RIGHTS over a unix socket, both ends. See share.h.
 */
#define _GNU_SOURCE
#include "share.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

union fd_message {
	char bytes[CMSG_SPACE(sizeof(int))];
	struct cmsghdr align;
};

static struct sockaddr_un address_of(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	return address;
}

int share_listen(const char *socket_path)
{
	struct sockaddr_un address = address_of(socket_path);
	const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	unlink(socket_path);
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) ||
	    listen(fd, 4)) {
		const int err = -errno;

		close(fd);
		return err;
	}
	return fd;
}

int share_send(int listener, int fd)
{
	union fd_message control = {0};
	struct iovec byte = {.iov_base = "", .iov_len = 1};
	struct msghdr message = {
		.msg_iov = &byte,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes),
	};
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	const int client = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	int err = 0;

	if (client < 0)
		return -errno;
	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(header), &fd, sizeof(int));
	if (sendmsg(client, &message, MSG_NOSIGNAL) < 0)
		err = -errno;
	close(client);
	return err;
}

static int receive_from(int server)
{
	union fd_message control = {0};
	char data;
	struct iovec byte = {.iov_base = &data, .iov_len = 1};
	struct msghdr message = {
		.msg_iov = &byte,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes),
	};
	const ssize_t got = recvmsg(server, &message, MSG_CMSG_CLOEXEC);
	struct cmsghdr *header = got == 1 ? CMSG_FIRSTHDR(&message) : NULL;
	int fd;

	if (got < 0)
		return -errno;
	if (!header || header->cmsg_type != SCM_RIGHTS)
		return -EBADMSG;
	memcpy(&fd, CMSG_DATA(header), sizeof(int));
	return fd;
}

int share_receive(const char *socket_path)
{
	struct sockaddr_un address = address_of(socket_path);
	const int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int fd;

	if (server < 0)
		return -errno;
	if (connect(server, (struct sockaddr *)&address, sizeof(address)))
		fd = -errno;
	else
		fd = receive_from(server);
	close(server);
	return fd;
}
