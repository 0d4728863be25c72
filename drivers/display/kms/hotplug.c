/*
 * drivers/display/kms/hotplug.c: see hotplug.h.
 */
#define _GNU_SOURCE /* memmem */

#include "drivers/display/kms/hotplug.h"

#include <errno.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define UEVENT_BYTES 3072 /* the kernel stops at 2048 and a path */
#define GROUP_KERNEL 1

int kms_hotplug_open(void)
{
	const struct sockaddr_nl address = {
		.nl_family = AF_NETLINK,
		.nl_groups = GROUP_KERNEL,
	};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
			NETLINK_KOBJECT_UEVENT);

	if (fd < 0)
		return -1;
	if (!bind(fd, (const struct sockaddr *)&address, sizeof(address)))
		return fd;
	close(fd);
	return -1;
}

void kms_hotplug_close(int fd)
{
	if (fd >= 0)
		close(fd);
}

/* A uevent is strings, each with its NUL: "change@/devices/...",
 * "SUBSYSTEM=drm", ... */
static bool uevent_is_drm(const char *event, size_t length)
{
	return memmem(event, length, "SUBSYSTEM=drm",
		      sizeof("SUBSYSTEM=drm")) != NULL;
}

/* One of them; -errno when there is none. */
static ssize_t read_one(int fd, bool *counts)
{
	char event[UEVENT_BYTES];
	struct sockaddr_nl from = {.nl_pid = 1};
	struct iovec part = {.iov_base = event, .iov_len = sizeof(event)};
	struct msghdr message = {
		.msg_name = &from,
		.msg_namelen = sizeof(from),
		.msg_iov = &part,
		.msg_iovlen = 1,
	};
	ssize_t got = recvmsg(fd, &message, 0);

	if (got < 0)
		return -errno;
	*counts = from.nl_pid == 0 && uevent_is_drm(event, (size_t)got);
	return got;
}

bool kms_hotplug_read(int fd)
{
	bool counts, any = false;
	ssize_t got;

	do {
		counts = false;
		got = read_one(fd, &counts);
		any = any || counts || got == -ENOBUFS;
	} while (got >= 0 || got == -ENOBUFS || got == -EINTR);
	return any;
}
