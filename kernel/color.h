/*
 * kernel/color.h: colour arithmetic that several node types share.
 *
 * Pixels are XRGB8888 as one uint32_t, 0xFFrrggbb; the X byte is always 0xFF.
 * Whatever runs per pixel is integer; color_hsv is for foo_tick only. Read
 * kernel/ball.h next for a node that uses both.
 */
#ifndef KERNEL_COLOR_H
#define KERNEL_COLOR_H

#include <math.h>

#include "kernel/node.h"

#define COLOR_X 0xff000000u

/* Each channel 0..255. */
NODE_PIXEL uint32_t color_rgb(uint32_t red, uint32_t green, uint32_t blue)
{
	return COLOR_X | red << 16 | green << 8 | blue;
}

/*
 * Each channel is (a * (256 - weight) + b * weight + 128) / 256, weight 0..256:
 * 0 gives a, 256 gives b, exactly. Red and blue share one multiplication, and
 * a * 256 + (b - a) * weight saves the second: what the difference borrows, the
 * sum gives back. A channel's sum, at most 255 * 256 + 128, does not reach its
 * neighbour.
 */
NODE_PIXEL uint32_t color_blend(uint32_t a, uint32_t b, uint32_t weight)
{
	uint32_t a_rb = a & 0xff00ff, a_g = a & 0x00ff00;
	uint32_t rb = (a_rb << 8) + ((b & 0xff00ff) - a_rb) * weight;
	uint32_t g = (a_g << 8) + ((b & 0x00ff00) - a_g) * weight;

	return COLOR_X | ((rb + 0x800080) >> 8 & 0xff00ff) |
	       ((g + 0x008000) >> 8 & 0x00ff00);
}

/* A colour 0xAArrggbb over a pixel that it covers in part, 0..255: 0 of either
 * leaves the pixel as it is, 255 of both replaces it. */
NODE_PIXEL uint32_t color_cover(uint32_t pixel, uint32_t color,
				uint32_t coverage)
{
	uint32_t alpha = color >> 24;

	coverage += coverage >> 7;
	alpha += alpha >> 7;
	return color_blend(pixel, color, coverage * alpha >> 8);
}

/* A colour times its alpha, 0xAArrggbb with no channel above AA, over a pixel:
 * each channel is c + in * (255 - AA) / 255, rounded, which is 255 at most. */
NODE_PIXEL uint32_t color_over(uint32_t pixel, uint32_t color)
{
	uint32_t rest = 255 - (color >> 24);
	uint32_t rb = (pixel & 0xff00ff) * rest + 0x800080;
	uint32_t g = (pixel >> 8 & 0xff) * rest + 0x80;

	rb = (rb + (rb >> 8 & 0xff00ff)) >> 8 & 0xff00ff;
	g = (g + (g >> 8)) & 0xff00;
	return COLOR_X | (((color & 0xff00ff) + rb) | ((color & 0xff00) + g));
}

/* Hue in [0, 1), saturation and value in [0, 1]; channels are truncated. */
NODE_HOST uint32_t color_hsv(double h, double s, double v)
{
	double c = v * s;
	double x = c * (1 - fabs(fmod(6 * h, 2) - 1));
	double m = v - c;
	const double rgb[6][3] = {
		{c, x, 0}, {x, c, 0}, {0, c, x},
		{0, x, c}, {x, 0, c}, {c, 0, x},
	};
	int sector = (int)(6 * h);
	const double *value = rgb[sector > 5 ? 5 : sector];

	return color_rgb((uint32_t)(int)((value[0] + m) * 255),
			 (uint32_t)(int)((value[1] + m) * 255),
			 (uint32_t)(int)((value[2] + m) * 255));
}

#endif
