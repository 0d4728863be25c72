/*
 * tests/reference/node_pictures.c: see node_pictures.h.
 */
#include "tests/reference/node_pictures.h"

#include <stdbool.h>
#include <stdlib.h>

static uint32_t channel_of(uint32_t color, int channel)
{
	return color >> (8 * channel) & 0xFF;
}

uint32_t checker_picture(int32_t x, int32_t y, int32_t field, uint32_t first,
			 uint32_t second)
{
	return (x / field + y / field) % 2 == 0 ? first : second;
}

double gradient_channel(int32_t at, int32_t size, uint32_t from, uint32_t to,
			int channel)
{
	double a = channel_of(from, channel), b = channel_of(to, channel);

	return size > 1 ? a + (b - a) * at / (size - 1) : a;
}

double mix_channel(uint32_t a, uint32_t b, int32_t alpha, int channel)
{
	return (channel_of(a, channel) * (256.0 - alpha) +
		channel_of(b, channel) * (double)alpha) /
	       256.0;
}

static int32_t clamp(int32_t value, int32_t high)
{
	if (value < 0)
		return 0;
	return value > high ? high : value;
}

uint32_t blur_picture(const uint32_t *image, int32_t width, int32_t height,
		      int32_t radius, int32_t x, int32_t y)
{
	uint32_t sum[3] = {0}, area, result = 0xFF000000;

	for (int32_t dy = -radius; dy <= radius; dy++) {
		for (int32_t dx = -radius; dx <= radius; dx++) {
			int32_t px = clamp(x + dx, width - 1);
			int32_t py = clamp(y + dy, height - 1);

			for (int c = 0; c < 3; c++)
				sum[c] += channel_of(image[py * width + px], c);
		}
	}
	area = (uint32_t)((2 * radius + 1) * (2 * radius + 1));
	for (int c = 0; c < 3; c++)
		result |= (sum[c] + area / 2) / area << (8 * c);
	return result;
}

static bool is_near(int32_t p, int32_t edge)
{
	return abs(p - edge) < 2;
}

/* Whether p is near a multiple of size / parts. */
static bool on_edge(int32_t p, int32_t size, int32_t parts)
{
	for (int32_t i = 0; i <= parts; i++)
		if (is_near(p, i * size / parts))
			return true;
	return false;
}

/* 75 % of 255 is 191.25: 191. Black is at the set-up level, 7.5 %: 19. */
#define BLACK 0xFF131313

uint32_t bars_picture(int32_t x, int32_t y, int32_t width, int32_t height)
{
	static const uint32_t bars[7] = {0xFFBFBFBF, 0xFFBFBF00, 0xFF00BFBF,
					 0xFF00BF00, 0xFFBF00BF, 0xFFBF0000,
					 0xFF0000BF};
	static const uint32_t castellations[7] = {
		0xFF0000BF, BLACK, 0xFFBF00BF, BLACK,
		0xFF00BFBF, BLACK, 0xFFBFBFBF};

	if (is_near(y, 8 * height / 12) || is_near(y, 9 * height / 12))
		return 0;
	if (12 * y < 9 * height && on_edge(x, width, 7))
		return 0;
	if (12 * y < 8 * height)
		return bars[7 * x / width];
	if (12 * y < 9 * height)
		return castellations[7 * x / width];
	/* The last quarter: white is the second of four fields, 5/28 wide;
	 * black the fourth, and the last bar of the seven. */
	if (on_edge(x, width, 28))
		return 0;
	if (28 * x / width / 5 == 1)
		return 0xFFFFFFFF;
	if (28 * x / width / 5 == 3 || 7 * x / width == 6)
		return BLACK;
	return 0;
}
