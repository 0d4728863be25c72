/*
 * drivers/source/pattern/picture.c: see picture.h.
 */
#include "drivers/source/pattern/picture.h"

#define BARS 8

/* 75 % bars and black: white, yellow, cyan, green, magenta, red, blue. */
static const uint32_t bars[BARS] = {
	0xffbfbfbf, 0xffbfbf00, 0xff00bfbf, 0xff00bf00,
	0xffbf00bf, 0xffbf0000, 0xff0000bf, 0xff000000,
};

static void pattern_bars(uint64_t number, uint32_t width, uint32_t *row)
{
	uint32_t shift = (uint32_t)(number * PATTERN_STEP % width);
	uint32_t x;

	for (x = 0; x < width; x++) {
		uint64_t from = (x + (uint64_t)width - shift) % width;

		row[x] = bars[from * BARS / width];
	}
}

static void pattern_number(uint64_t number, uint32_t *row)
{
	uint32_t x;

	for (x = 0; x < PATTERN_BITS * PATTERN_CELL; x++)
		row[x] = number >> x / PATTERN_CELL & 1 ? 0xffffffff
							: 0xff000000;
}

void pattern_row(uint64_t number, uint32_t width, uint32_t y, uint32_t *row)
{
	pattern_bars(number, width, row);
	if (y < PATTERN_CELL && width >= PATTERN_BITS * PATTERN_CELL)
		pattern_number(number, row);
}
