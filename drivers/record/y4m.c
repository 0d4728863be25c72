/*
 * drivers/record/y4m.c: the arithmetic of drivers/record/y4m.h.
 */
#include "drivers/record/y4m.h"

#include <stdio.h>
#include <string.h>

/* 128 or 16 and the rounding half, in 16.16; sums are never negative. */
#define LUMA   (INT32_C(16) * 65536 + 32768)
#define CHROMA (INT32_C(128) * 65536 + 32768)

size_t y4m_header(const struct graph *graph, char *text, size_t bytes)
{
	snprintf(text, bytes,
		 "YUV4MPEG2 W%u H%u F%u:%u Ip A1:1 C444 XCOLORRANGE=LIMITED\n",
		 graph->width, graph->height, graph->rate_num, graph->rate_den);
	return strlen(text);
}

void y4m_planes(const unsigned char *frame, size_t pixels,
		unsigned char *planes)
{
	unsigned char *y = planes, *cb = y + pixels, *cr = cb + pixels;
	size_t i;

	for (i = 0; i < pixels; i++) {
		int32_t b = frame[4 * i], g = frame[4 * i + 1],
			r = frame[4 * i + 2];

		y[i] = (unsigned char)((16829 * r + 33039 * g + 6416 * b +
					LUMA) >>
				       16);
		cb[i] = (unsigned char)((-9714 * r - 19070 * g + 28784 * b +
					 CHROMA) >>
					16);
		cr[i] = (unsigned char)((28784 * r - 24103 * g - 4681 * b +
					 CHROMA) >>
					16);
	}
}
