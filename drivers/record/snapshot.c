/*
 * drivers/record/snapshot.c: row by row through libpng, so that a picture
 * costs no second copy of itself. libpng reports errors with longjmp: all of
 * it is in encode(), whose caller owns everything that must be given back.
 */
#include "drivers/record/snapshot.h"

#include <errno.h>
#include <fcntl.h>
#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "drivers/record/refusal.h"

#define OPTION	   "--snapshot"
#define NAME_TRIES 16 /* left-over files of killed runs to step over */

/* Bytes of the folder's part of the path, its '/' included. */
static size_t folder_bytes(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? (size_t)(slash - path) + 1 : 0;
}

/* 0 or the errno that says why the picture cannot be put there. */
static int why_not(const char *path)
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

enum exit_status snapshot_check(const char *path, char *error,
				size_t error_bytes)
{
	int reason = why_not(path);

	if (!reason)
		return EXIT_STATUS_OK;
	return refusal(OPTION, path, reason, error, error_bytes);
}

static void on_error(png_structp png, png_const_charp message)
{
	(void)message;
	png_longjmp(png, 1);
}

static void on_warning(png_structp png, png_const_charp message)
{
	(void)png;
	(void)message;
}

/* False: libpng or the file refused. */
static bool encode(FILE *file, const struct image *image)
{
	png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL,
						  on_error, on_warning);
	png_infop info = png ? png_create_info_struct(png) : NULL;
	uint32_t y;

	if (!info || setjmp(png_jmpbuf(png))) {
		png_destroy_write_struct(&png, &info);
		return false;
	}
	png_init_io(png, file);
	png_set_IHDR(png, info, image->width, image->height, 8,
		     PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
		     PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
	png_set_sRGB(png, info, PNG_sRGB_INTENT_PERCEPTUAL);
	png_write_info(png, info);
	png_set_bgr(png);
	png_set_filler(png, 0, PNG_FILLER_AFTER);
	for (y = 0; y < image->height; y++)
		png_write_row(png, (png_const_bytep)image_row(image, y));
	png_write_end(png, info);
	png_destroy_write_struct(&png, &info);
	return true;
}

/* Creates a new file beside `path`; its name, to be freed, in *name. */
static int create_beside(const char *path, char **name)
{
	size_t folder = folder_bytes(path), bytes = folder + 64;
	int i, fd = -1;

	*name = malloc(bytes);
	if (!*name)
		return -1;
	for (i = 0; i < NAME_TRIES && fd < 0; i++) {
		snprintf(*name, bytes, "%.*s.snapshot-%ld-%d", (int)folder,
			 path, (long)getpid(), i);
		fd = open(*name,
			  O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
			  0666);
		if (fd < 0 && errno != EEXIST)
			break;
	}
	return fd;
}

/* 0 or the errno of the first thing that went wrong. */
static int write_file(int fd, const struct image *image)
{
	FILE *file = fdopen(fd, "wb");
	bool encoded;

	if (!file) {
		close(fd);
		return ENOMEM;
	}
	errno = 0;
	encoded = encode(file, image);
	if (fclose(file) == 0 && encoded)
		return 0;
	return errno ? errno : EIO;
}

bool snapshot_write(const char *path, const struct image *image, char *error,
		    size_t error_bytes)
{
	int reason = why_not(path), fd;
	char *name = NULL;

	if (!reason) {
		fd = create_beside(path, &name);
		reason = fd < 0 ? errno : write_file(fd, image);
		if (fd >= 0 && !reason && rename(name, path))
			reason = errno;
		if (fd >= 0 && reason)
			unlink(name);
	}
	free(name);
	if (reason)
		refusal(OPTION, path, reason, error, error_bytes);
	return !reason;
}
