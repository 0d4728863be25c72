/*
 * tests/reference/ycbcr.h: Y'CbCr to R'G'B', twice: as the standards define it,
 * in exact fractions, and as the comment of kernel/ycbcr.h says that it is
 * rounded; and chroma at a pixel, between samples. No code of the tree is used.
 */
#ifndef TESTS_REFERENCE_YCBCR_H
#define TESTS_REFERENCE_YCBCR_H

#include <stdbool.h>
#include <stdint.h>

/* ITU-R BT.601, BT.709, BT.2020; the order of the graph's words. */
enum reference_matrix {
	REFERENCE_BT601,
	REFERENCE_BT709,
	REFERENCE_BT2020,
};

/* Is each channel of 0xFFrrggbb at most 1 off the exact number, which is
 * clipped to 0..255? full: the range; else limited. */
bool reference_is_near(enum reference_matrix matrix, bool full, int y, int cb,
		       int cr, uint32_t pixel);

/* 0xFFrrggbb, by the arithmetic of kernel/ycbcr.h. */
uint32_t reference_pixel(enum reference_matrix matrix, bool full, int y, int cb,
			 int cr);

/* Both for cb and cr in 1/16. */
bool reference_is_near_16(enum reference_matrix matrix, bool full, int y,
			  int cb, int cr, uint32_t pixel);
uint32_t reference_pixel_16(enum reference_matrix matrix, bool full, int y,
			    int cb, int cr);

enum reference_siting { REFERENCE_LEFT, REFERENCE_CENTRE, REFERENCE_TOP_LEFT };

/*
 * Cb or Cr at pixel (x, y) in 1/16, which it has exactly. sample: the first one
 * of a plane; step and pitch: bytes from one to the next in a row, and from row
 * to row. width and height: of the picture, pixels. is_420: a sample has two rows
 * of pixels, not one.
 */
int reference_chroma_16(const unsigned char *sample, int step, int pitch,
			int width, int height, bool is_420,
			enum reference_siting siting, int x, int y);

#endif
