/*
 * tests/lib/ocr.h: reading the text of a picture with tesseract, a program
 * that knows nothing of how the text was drawn.
 */
#ifndef TESTS_LIB_OCR_H
#define TESTS_LIB_OCR_H

#include <stdbool.h>
#include <stdint.h>

/* A part of a frame, pixels. */
struct ocr_box {
	uint32_t x, y, width, height;
};

/* How a pixel becomes ink. */
enum ocr_ink {
	OCR_WHITE,  /* all channels bright */
	OCR_BRIGHT, /* any channel at its brightest: coloured text too */
};

/* Whether tesseract is here; if not, *why says so. */
bool ocr_usable(const char **why);

/* The text in a box of an XRGB8888 frame of `width` pixels a row, without the
 * blanks at its end; the caller frees. */
char *ocr_read(const unsigned char *frame, uint32_t width, struct ocr_box box,
	       enum ocr_ink ink);

#endif
