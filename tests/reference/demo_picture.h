/*
 * tests/reference/demo_picture.h: the demo picture, pixel by pixel, as its
 * description defines it: an independent second opinion on what the demo
 * graphs draw.
 *
 * It shares no code with kernel/ and must never be "fixed" to match it; the
 * description is in demo_picture.c, in words. Written to be obviously right,
 * not fast. Not covered: the status text (tests/e2e/test_text.c reads that).
 */
#ifndef TESTS_REFERENCE_DEMO_PICTURE_H
#define TESTS_REFERENCE_DEMO_PICTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DEMO_PICTURE_WIDTH_MAX 8192

/* One tick of the picture. Colours are 0xFFrrggbb. */
struct demo_picture {
	int32_t width, height;			    /* pixels */
	uint32_t background, ball;		    /* pattern */
	int64_t ball_x16, ball_y16;		    /* its centre, 1/16 px */
	uint32_t square, border;		    /* overlay */
	int32_t wave_y[DEMO_PICTURE_WIDTH_MAX / 4]; /* middle, at x = 4i */
};

/* The first pixel that is not as it should be. */
struct demo_difference {
	int32_t x, y;
	uint32_t expected, got;
};

/* Sets up tick n of a width x height picture at num/den ticks a second. */
void demo_picture_set(struct demo_picture *picture, int32_t width,
		      int32_t height, uint64_t n, uint32_t num, uint32_t den);

/* The pixel (x, y) under the text, 0xFFrrggbb. */
uint32_t demo_picture_pixel(const struct demo_picture *picture, int32_t x,
			    int32_t y);

/* Whether (x, y) is inside one of the two boxes that text may touch. */
bool demo_picture_in_text_box(const struct demo_picture *picture, int32_t x,
			      int32_t y);

/*
 * Compares a frame (XRGB8888 little endian, rows of width * 4 bytes) outside
 * the text boxes. Returns false and fills *first at the first difference.
 */
bool demo_picture_equals(const struct demo_picture *picture,
			 const unsigned char *frame,
			 struct demo_difference *first);

/* Draws the picture, without text, into a frame of width * height * 4 bytes. */
void demo_picture_draw(const struct demo_picture *picture,
		       unsigned char *frame);

#endif
