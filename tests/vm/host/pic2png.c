/*
 * pic2png: the picture on standard input becomes a PNG file, since not every
 * QEMU in use can write one. It is a P6, or, where a size is given, raw
 * XRGB8888 little endian.
 */
#include <png.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SIDE_MAX 16384

static bool read_head(unsigned int *width, unsigned int *height)
{
	unsigned int max;

	return scanf("P6 %u %u %u", width, height, &max) == 3 && max == 255 &&
	       getchar() == '\n';
}

int main(int argc, char **argv)
{
	const bool raw = argc == 3;
	png_image image = {.version = PNG_IMAGE_VERSION};
	unsigned int width, height;
	unsigned char *rows;

	if (argc < 2 || argc > 3) {
		fprintf(stderr, "usage: pic2png FILE.png [WIDTHxHEIGHT] <IN\n");
		return 64;
	}
	if (!(raw ? sscanf(argv[2], "%ux%u", &width, &height) == 2
		  : read_head(&width, &height)) ||
	    width - 1 >= SIDE_MAX || height - 1 >= SIDE_MAX) {
		fprintf(stderr, "pic2png: no picture of a known size\n");
		return 1;
	}
	image.format = raw ? PNG_FORMAT_BGRA : PNG_FORMAT_RGB;
	image.width = width;
	image.height = height;
	rows = malloc(PNG_IMAGE_SIZE(image));
	if (!rows || fread(rows, PNG_IMAGE_SIZE(image), 1, stdin) != 1) {
		fprintf(stderr, "pic2png: the picture is cut short\n");
		return 1;
	}
	/* X is not alpha */
	for (size_t i = 3; raw && i < PNG_IMAGE_SIZE(image); i += 4)
		rows[i] = 255;
	if (!png_image_write_to_file(&image, argv[1], 0, rows, 0, NULL)) {
		fprintf(stderr, "pic2png: %s: %s\n", argv[1], image.message);
		return 1;
	}
	free(rows);
	return 0;
}
