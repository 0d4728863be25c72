/*
 * drivers/record/beside.c: see drivers/record/beside.h.
 */
#include "drivers/record/beside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME_TRIES 16 /* left-over files of killed runs to step over */

/* Bytes of the folder's part of the path, its '/' included. */
static size_t folder_bytes(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? (size_t)(slash - path) + 1 : 0;
}

int beside_why_not(const char *path)
{
	size_t length = folder_bytes(path);
	struct stat status;
	char *folder;
	int error = 0;

	if (stat(path, &status) == 0 && !S_ISREG(status.st_mode))
		return S_ISDIR(status.st_mode) ? EISDIR : EEXIST;
	if (!path[length])
		return ENOENT;
	folder = length ? strndup(path, length) : strdup(".");
	if (!folder)
		return ENOMEM;
	if (stat(folder, &status) || access(folder, W_OK | X_OK))
		error = errno;
	free(folder);
	return error;
}

/* Creates a new file beside `path`; its name, to be freed, in *name. */
static int create_file(const char *path, char **name)
{
	size_t folder = folder_bytes(path), bytes = folder + 64;
	int i, fd = -1;

	*name = malloc(bytes);
	if (!*name)
		return -1;
	for (i = 0; i < NAME_TRIES && fd < 0; i++) {
		snprintf(*name, bytes, "%.*s.tickline-%ld-%d", (int)folder,
			 path, (long)getpid(), i);
		fd = open(*name,
			  O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
			  0666);
		if (fd < 0 && errno != EEXIST)
			break;
	}
	return fd;
}

int beside_create(struct beside *beside, const char *path)
{
	int error = beside_why_not(path);

	*beside = (struct beside){.path = path, .fd = -1};
	if (error)
		return error;
	beside->fd = create_file(path, &beside->name);
	return beside->fd < 0 ? errno : 0;
}

int beside_finish(struct beside *beside, int error)
{
	if (!error && rename(beside->name, beside->path))
		error = errno;
	if (error && beside->fd >= 0)
		unlink(beside->name);
	free(beside->name);
	beside->name = NULL;
	return error;
}
