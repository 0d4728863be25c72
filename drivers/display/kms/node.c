/*
 * drivers/display/kms/node.c: system calls. See node.h.
 */
#define _GNU_SOURCE /* versionsort */

#include "drivers/display/kms/node.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define DRI_FOLDER	"/dev/dri"
#define DRM_MAJOR	226 /* Documentation/admin-guide/devices.txt */
#define LISTEN_FD_FIRST 3   /* sd_listen_fds(3) */

static int node_is_card(const struct dirent *entry)
{
	return !strncmp(entry->d_name, "card", 4);
}

void kms_node_list(struct kms_node_list *list)
{
	struct dirent **entries = NULL;
	int count = scandir(DRI_FOLDER, &entries, node_is_card, versionsort);
	int i;

	list->count = 0;
	for (i = 0; i < count; i++) {
		if (list->count < KMS_NODES_MAX)
			snprintf(list->path[list->count++], KMS_PATH_MAX,
				 DRI_FOLDER "/%.40s", entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
}

static long number_of(const char *name)
{
	const char *text = getenv(name);

	return text ? strtol(text, NULL, 10) : 0;
}

static bool node_is_drm(int fd)
{
	struct stat st;

	return !fstat(fd, &st) && S_ISCHR(st.st_mode) &&
	       major(st.st_rdev) == DRM_MAJOR;
}

int kms_node_inherited(uint64_t taken)
{
	long count = number_of("LISTEN_FDS");
	int fd, error = -ENOTTY;

	if (number_of("LISTEN_PID") != getpid() || count <= 0)
		return -ENOENT;
	for (fd = LISTEN_FD_FIRST; fd < LISTEN_FD_FIRST + count &&
				   fd < KMS_INHERITED_MAX;
	     fd++) {
		if (!node_is_drm(fd))
			continue;
		error = -EBUSY;
		if (taken & UINT64_C(1) << fd)
			continue;
		fcntl(fd, F_SETFD, FD_CLOEXEC);
		fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
		return fd;
	}
	return error;
}

bool kms_node_has_module(const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "/sys/module/%.40s", name);
	return !access(path, F_OK);
}

int kms_node_open(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK);

	return fd < 0 ? -errno : fd;
}

void kms_node_close(int fd)
{
	close(fd);
}

bool kms_node_is(int fd, const char *path)
{
	struct stat own, other;

	return !fstat(fd, &own) && !stat(path, &other) &&
	       S_ISCHR(other.st_mode) && own.st_rdev == other.st_rdev;
}

int kms_node_ioctl(int fd, unsigned long request, void *arg)
{
	return ioctl(fd, request, arg) ? -errno : 0;
}

ssize_t kms_node_read(int fd, void *data, size_t bytes)
{
	ssize_t got = read(fd, data, bytes);

	if (got >= 0)
		return got;
	return errno == EAGAIN || errno == EINTR ? 0 : -errno;
}

int kms_node_wait(int fd, int timeout_ms)
{
	struct pollfd wait = {.fd = fd, .events = POLLIN};
	int ready = poll(&wait, 1, timeout_ms);

	return ready < 0 ? -errno : ready;
}

int kms_node_map(int fd, uint64_t offset, size_t bytes, void **base)
{
	void *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
			(off_t)offset);

	if (at == MAP_FAILED)
		return -errno;
	*base = at;
	return 0;
}

void kms_node_unmap(void *base, size_t bytes)
{
	munmap(base, bytes);
}
