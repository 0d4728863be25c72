/*
 * kernel/row.h: what most foo_span functions are made of: fill or copy a run
 * of pixels of one row, clipped to the span.
 *
 * Loops of plain 32-bit stores on purpose: the file that includes this is
 * compiled once per instruction set, and the compiler widens them. Not a
 * drawing library: a shape's own rows stay in its node.
 */
#ifndef KERNEL_ROW_H
#define KERNEL_ROW_H

#include <string.h>

#include "kernel/node.h"

/*
 * Of the span [x0, x1) whose first pixel is out[0], sets the pixels that also
 * lie in [from, to). An empty meeting sets none; from may be above to.
 */
NODE_HOST void row_fill(uint32_t *out, int32_t x0, int32_t x1, int32_t from,
			int32_t to, uint32_t color)
{
	int32_t i, end;

	end = (to < x1 ? to : x1) - x0;
	for (i = (from > x0 ? from : x0) - x0; i < end; i++)
		out[i] = color;
}

/*
 * A run of pixels with one colour, at the speed of memset: the CPU's own fill
 * instruction need not read a cache line before it overwrites all of it, which
 * ordinary stores must (`memset50` against `store50` in make bench). It takes
 * long to start: for runs of many kilobytes.
 */
NODE_HOST void row_flood(uint32_t *out, size_t count, uint32_t color)
{
#if defined(__x86_64__) && !defined(__SANITIZE_THREAD__) /* it sees C only */
	__asm__ volatile("rep stosl"
			 : "+D"(out), "+c"(count)
			 : "a"(color)
			 : "memory");
#else
	while (count--)
		*out++ = color;
#endif
}

/* Rows y0 up to y1 of an image in one colour. */
NODE_HOST void rows_fill(const struct image *out, int32_t y0, int32_t y1,
			 uint32_t color)
{
	size_t row_bytes = (size_t)out->width * sizeof(uint32_t);

	if (out->pitch == row_bytes)
		row_flood(image_row(out, (uint32_t)y0),
			  (size_t)(y1 - y0) * out->width, color);
	else
		for (; y0 < y1; y0++)
			row_flood(image_row(out, (uint32_t)y0), out->width,
				  color);
}

/* The input's pixels, for a filter that changes only some of them. */
NODE_HOST void row_copy(uint32_t *out, int32_t x0, int32_t x1,
			const uint32_t *in)
{
	if (out != in)
		memcpy(out, in, (size_t)(x1 - x0) * sizeof(*out));
}

#endif
