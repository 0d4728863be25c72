/*
 * drivers/record/snapshot.c: row by row through libpng, so that a picture
 * costs no second copy of itself. libpng reports errors with longjmp: all of
 * it is in encode(), whose caller owns everything that must be given back.
 */
#include "drivers/record/snapshot.h"

#include <errno.h>
#include <png.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "drivers/record/beside.h"
#include "drivers/record/output.h"
#include "drivers/record/refusal.h"

#define OPTION "--snapshot"

enum exit_status snapshot_check(const char *path, char *error,
				size_t error_bytes)
{
	int reason;

	if (strcmp(path, OUTPUT_STDOUT))
		reason = beside_why_not(path);
	else if (isatty(STDOUT_FILENO))
		reason = ENOTTY;
	else
		reason = output_check_stdout();
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

/* 0 or the errno of the first thing that went wrong. */
static int write_picture(int fd, const struct image *image)
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

bool snapshot_encode(const struct image *image, char **png, size_t *bytes)
{
	FILE *memory = open_memstream(png, bytes);
	bool encoded = memory && encode(memory, image);

	return memory && !fclose(memory) && encoded;
}

bool snapshot_write(const char *path, const struct image *image, char *error,
		    size_t error_bytes)
{
	struct beside beside;
	int reason = beside_create(&beside, path);

	if (!reason)
		reason = write_picture(beside.fd, image);
	reason = beside_finish(&beside, reason);
	if (reason)
		refusal(OPTION, path, reason, error, error_bytes);
	return !reason;
}
