/*
 * picmix: makes the picture that a display should show out of raw XRGB8888
 * ones: cut down to RGB565 and shown again as 8 bits a channel, or with a
 * smaller one over it.
 *
 *   picmix WIDTHxHEIGHT IN OUT 565
 *   picmix WIDTHxHEIGHT IN OUT over WIDTHxHEIGHT X Y FILE
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint32_t *load(const char *path, const char *size, uint32_t *width,
		      uint32_t *height)
{
	uint32_t *pixels;
	FILE *file = fopen(path, "rb");

	if (!file || sscanf(size, "%ux%u", width, height) != 2)
		exit(2);
	pixels = calloc((size_t)*width * *height, 4);
	if (!pixels || fread(pixels, 4, (size_t)*width * *height, file) !=
			       (size_t)*width * *height)
		exit(2);
	fclose(file);
	return pixels;
}

/* The kernel widens a channel of n bits to 16 and narrows that to 8. */
static uint32_t shown(uint32_t channel, uint32_t bits)
{
	uint32_t cut = channel >> (8 - bits);
	uint32_t max = (1u << bits) - 1;
	uint32_t wide = (cut * 65535u + max / 2) / max;

	return (wide + 128) / 257;
}

static uint32_t through_565(uint32_t pixel)
{
	return 0xff000000u | shown(pixel >> 16 & 0xff, 5) << 16 |
	       shown(pixel >> 8 & 0xff, 6) << 8 | shown(pixel & 0xff, 5);
}

int main(int argc, char **argv)
{
	uint32_t width, height, w, h, *pixels, *over;
	FILE *out;

	if (argc != 5 && argc != 9)
		return 2;
	pixels = load(argv[2], argv[1], &width, &height);
	if (argc == 5) {
		for (size_t i = 0; i < (size_t)width * height; i++)
			pixels[i] = through_565(pixels[i]);
	} else {
		over = load(argv[8], argv[5], &w, &h);
		for (uint32_t y = 0; y < h; y++)
			memcpy(&pixels[(y + atoi(argv[7])) * width +
				       (uint32_t)atoi(argv[6])],
			       &over[y * w], w * 4);
	}
	out = fopen(argv[3], "wb");
	return !out || fwrite(pixels, 4, (size_t)width * height, out) !=
			       (size_t)width * height || fclose(out);
}
