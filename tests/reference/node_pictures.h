/*
 * tests/reference/node_pictures.h: what the simple node types draw, from first
 * principles: an independent second opinion on kernel/.
 *
 * Colours are 0xFFrrggbb. Where the types' descriptions leave a rounding open,
 * the exact value is given as a number and the caller allows for one step.
 */
#ifndef TESTS_REFERENCE_NODE_PICTURES_H
#define TESTS_REFERENCE_NODE_PICTURES_H

#include <stdint.h>

/* A chessboard of `field` px squares, `first` in the top left corner. */
uint32_t checker_picture(int32_t x, int32_t y, int32_t field, uint32_t first,
			 uint32_t second);

/* One channel (0 blue, 1 green, 2 red) of a ramp at `at` of 0 .. size - 1. */
double gradient_channel(int32_t at, int32_t size, uint32_t from, uint32_t to,
			int channel);

/* One channel of two pictures, b with a share of alpha / 256. */
double mix_channel(uint32_t a, uint32_t b, int32_t alpha, int channel);

/*
 * The mean of the (2 radius + 1) px square round (x, y), rounded to nearest;
 * beyond an edge the edge's own pixel counts. `image` is width * height pixels.
 */
uint32_t blur_picture(const uint32_t *image, int32_t width, int32_t height,
		      int32_t radius, int32_t x, int32_t y);

/*
 * The SMPTE 75 % bars (ECR 1-1978 / EG 1-1990) at a point away from the edges
 * between fields: seven bars over two thirds of the height; the blue-side
 * castellations over a twelfth; in the last quarter -I, white, +Q, black and
 * the PLUGE. Only fields whose RGB value the standard fixes have one here;
 * black at 7.5 %; 0 where it does not (-I, +Q, PLUGE) and near fields' edges.
 */
uint32_t bars_picture(int32_t x, int32_t y, int32_t width, int32_t height);

#endif
