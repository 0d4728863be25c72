/*
 * piccmp: compares two pictures and prints the first pixel that differs. A
 * picture is a .ppm (P6, as QEMU's screendump writes) or raw XRGB8888 little
 * endian of the size given. Between two raw files every byte counts; against
 * a .ppm, red, green and blue do.
 *
 *   piccmp WIDTHxHEIGHT A B         exit 0 equal, 1 different, 2 unreadable
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct picture {
	const char *path;
	bool ppm;
	uint32_t *pixels;
};

static void unreadable(const char *path, const char *why)
{
	fprintf(stderr, "piccmp: %s: %s\n", path, why);
	exit(2);
}

static bool read_size(FILE *file, uint32_t width, uint32_t height)
{
	uint32_t w, h, max;

	if (fscanf(file, "P6 %u %u %u", &w, &h, &max) != 3)
		return false;
	return fgetc(file) == '\n' && w == width && h == height && max == 255;
}

static void load(struct picture *pic, uint32_t width, uint32_t height)
{
	const size_t count = (size_t)width * height;
	const size_t depth = pic->ppm ? 3 : 4;
	uint8_t *bytes = malloc(count * 4);
	FILE *file = fopen(pic->path, "rb");

	pic->pixels = malloc(count * 4);
	if (!bytes || !pic->pixels || !file)
		unreadable(pic->path, "cannot open");
	if (pic->ppm && !read_size(file, width, height))
		unreadable(pic->path, "not a P6 of that size");
	if (fread(bytes, depth, count, file) != count || fgetc(file) != EOF)
		unreadable(pic->path, "not of that size");
	for (size_t i = 0; i < count; i++) {
		const uint8_t *p = bytes + i * depth;

		if (pic->ppm)
			pic->pixels[i] = (uint32_t)p[0] << 16 |
					 (uint32_t)p[1] << 8 | p[2];
		else
			memcpy(&pic->pixels[i], p, 4);
	}
	free(bytes);
	fclose(file);
}

static bool is_ppm(const char *path)
{
	const char *dot = strrchr(path, '.');

	return dot && strcmp(dot, ".ppm") == 0;
}

int main(int argc, char **argv)
{
	uint32_t width, height, mask;
	struct picture a, b;

	if (argc != 4 || sscanf(argv[1], "%ux%u", &width, &height) != 2 ||
	    width == 0 || height == 0 || width > 16384 || height > 16384) {
		fprintf(stderr, "usage: piccmp WIDTHxHEIGHT A B\n");
		return 2;
	}
	a = (struct picture){.path = argv[2], .ppm = is_ppm(argv[2])};
	b = (struct picture){.path = argv[3], .ppm = is_ppm(argv[3])};
	load(&a, width, height);
	load(&b, width, height);
	mask = a.ppm || b.ppm ? 0xffffffu : 0xffffffffu;
	for (size_t i = 0; i < (size_t)width * height; i++) {
		if ((a.pixels[i] ^ b.pixels[i]) & mask) {
			printf("differ at %zu,%zu: %08x %08x\n", i % width,
			       i / width, a.pixels[i], b.pixels[i]);
			return 1;
		}
	}
	printf("equal\n");
	return 0;
}
