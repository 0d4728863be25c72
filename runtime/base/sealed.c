/*
 * runtime/base/sealed.c: see runtime/base/sealed.h.
 */
#define _GNU_SOURCE /* memfd_create */

#include "runtime/base/sealed.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#ifndef F_SEAL_FUTURE_WRITE /* glibc of Debian 10 */
#define F_SEAL_FUTURE_WRITE 0x0010
#endif

#define SEALS (F_SEAL_FUTURE_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL)
#define SEALED_PAGE ((size_t)4096)

/* One that is open for reading only, where /proc tells; else the same. */
static int sealed_reading(int fd)
{
	char path[32];
	int reading;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	reading = open(path, O_RDONLY | O_CLOEXEC);
	if (reading < 0)
		return fd;
	close(fd);
	return reading;
}

/* Mapped first: no mapping that can be written is made after the seal. */
static int sealed_map(struct sealed *sealed, int fd, size_t bytes)
{
	void *base;
	int error;

	if (ftruncate(fd, (off_t)bytes))
		return -errno;
	base = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (base == MAP_FAILED)
		return -errno;
	sealed->pool = (struct pool){.base = base, .bytes = bytes};
	if (!fcntl(fd, F_ADD_SEALS, SEALS))
		return 0;
	error = -errno;
	pool_finish(&sealed->pool);
	return error;
}

static int sealed_make(struct sealed *sealed, const char *name, size_t bytes)
{
	int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
	int error;

	if (fd < 0)
		return -errno;
	error = sealed_map(sealed, fd, bytes);
	if (error)
		close(fd);
	else
		sealed->fd = sealed_reading(fd);
	return error;
}

int sealed_init(struct sealed *sealed, const char *name, size_t bytes)
{
	size_t i;

	*sealed = (struct sealed){.fd = -1};
	bytes = (bytes + SEALED_PAGE - 1) / SEALED_PAGE * SEALED_PAGE;
	sealed->error = sealed_make(sealed, name, bytes);
	if (sealed->error)
		return pool_init(&sealed->pool, bytes);
	for (i = 0; i < bytes; i += SEALED_PAGE)
		((volatile unsigned char *)sealed->pool.base)[i] = 0;
	return 0;
}

void sealed_finish(struct sealed *sealed)
{
	if (sealed->pool.base && !sealed->error)
		close(sealed->fd);
	pool_finish(&sealed->pool);
	sealed->fd = -1;
}
