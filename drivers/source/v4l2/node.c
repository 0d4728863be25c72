/*
 * drivers/source/v4l2/node.c: system calls. See node.h.
 */
#define _GNU_SOURCE /* mremap */
#include "drivers/source/v4l2/node.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "runtime/base/text.h"
#include "runtime/time/clock.h"

#define V4L2_MAJOR     81 /* Documentation/admin-guide/devices.txt */
#define NODE_TRIES_MAX 8
#define NODE_READS     5

/* Looked at before it is opened: opening may do something to what is no
 * camera. */
int v4l2_node_open(const char *path)
{
	struct stat st;
	int fd;

	if (stat(path, &st))
		return -errno;
	if (!S_ISCHR(st.st_mode) || major(st.st_rdev) != V4L2_MAJOR)
		return -ENOTTY;
	fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

void v4l2_node_close(int fd)
{
	close(fd);
}

uint64_t v4l2_node_number(int fd)
{
	struct stat st;

	return fstat(fd, &st) ? 0 : (uint64_t)st.st_rdev;
}

bool v4l2_node_hardware_stamps(const char *driver)
{
	int fd = open("/sys/module/uvcvideo/parameters/hwtimestamps",
		      O_RDONLY | O_CLOEXEC);
	char value = '0';

	if (fd < 0)
		return false;
	if (read(fd, &value, 1) != 1)
		value = '0';
	close(fd);
	return !strcmp(driver, "uvcvideo") && (value == '1' || value == 'Y');
}

int v4l2_node_ioctl(int fd, unsigned long request, void *arg)
{
	int tries = NODE_TRIES_MAX;

	while (ioctl(fd, request, arg))
		if (errno != EINTR || !--tries)
			return -errno;
	return 0;
}

int v4l2_node_wait(int fd, int timeout_ms)
{
	struct pollfd wait = {.fd = fd, .events = POLLIN | POLLPRI};
	int ready = poll(&wait, 1, timeout_ms);

	if (ready < 0)
		return errno == EINTR ? 0 : -errno;
	return ready ? wait.revents : 0;
}

int v4l2_node_map(int fd, uint32_t offset, size_t bytes, void **base)
{
	void *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
			(off_t)offset);

	if (at == MAP_FAILED)
		return -errno;
	*base = at;
	return 0;
}

void v4l2_node_unmap(void *base, size_t bytes)
{
	munmap(base, bytes);
}

int v4l2_node_map_over(int fd, uint32_t offset, void *at, size_t bytes)
{
	void *got = mmap(at, bytes, PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_FIXED, fd, (off_t)offset);

	return got == MAP_FAILED ? -errno : 0;
}

/* Who reads while one takes the other's place waits for the kernel, a moment. */
int v4l2_node_set_aside(void *at, size_t bytes, bool keep)
{
	void *plain = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (plain == MAP_FAILED)
		return -errno;
	if (keep)
		memcpy(plain, at, bytes);
	if (mremap(plain, bytes, bytes, MREMAP_MAYMOVE | MREMAP_FIXED, at) !=
	    MAP_FAILED)
		return 0;
	munmap(plain, bytes);
	return -ENOMEM;
}

int64_t v4l2_node_read_ns(const void *at, size_t bytes)
{
	unsigned char part[1024];
	int64_t begin_ns, took_ns, least_ns = INT64_MAX;
	size_t offset;
	int i;

	for (i = 0; i < NODE_READS; i++) {
		begin_ns = clock_now_ns();
		for (offset = 0; offset + sizeof(part) <= bytes;
		     offset += sizeof(part)) {
			memcpy(part, (const char *)at + offset, sizeof(part));
			/* read, whatever becomes of it */
			__asm__ volatile("" : : "r"(part) : "memory");
		}
		took_ns = clock_now_ns() - begin_ns;
		least_ns = took_ns < least_ns ? took_ns : least_ns;
	}
	return least_ns;
}

/* ---- who has it open --------------------------------------------------------- */

static bool node_process_has(const char *pid, dev_t number)
{
	char path[64];
	const struct dirent *entry;
	struct stat st;
	bool has = false;
	DIR *folder;

	snprintf(path, sizeof(path), "/proc/%.20s/fd", pid);
	folder = opendir(path);
	if (!folder)
		return false;
	while (!has && (entry = readdir(folder)))
		has = !fstatat(dirfd(folder), entry->d_name, &st, 0) &&
		      S_ISCHR(st.st_mode) && st.st_rdev == number;
	closedir(folder);
	return has;
}

bool v4l2_node_holder(const char *path, char *text, size_t bytes)
{
	DIR *processes = opendir("/proc");
	const struct dirent *entry;
	char name[64], line[64];
	bool found = false;
	struct stat st;

	while (processes && !stat(path, &st) && !found &&
	       (entry = readdir(processes))) {
		if (!isdigit((unsigned char)entry->d_name[0]) ||
		    strtol(entry->d_name, NULL, 10) == getpid() ||
		    !node_process_has(entry->d_name, st.st_rdev))
			continue;
		snprintf(name, sizeof(name), "/proc/%.20s/comm",
			 entry->d_name);
		text_first_line(name, line, sizeof(line));
		snprintf(text, bytes, "%s (%.20s)", line, entry->d_name);
		found = true;
	}
	if (processes)
		closedir(processes);
	return found;
}
