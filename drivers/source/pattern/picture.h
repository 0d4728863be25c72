/*
 * drivers/source/pattern/picture.h: the moving test picture, as a function of
 * its number: the same bytes on every machine.
 *
 * Eight colour bars move right by PATTERN_STEP pixels a picture and come in
 * again at the left. Over them, at the top left, where there is room for it,
 * lie PATTERN_BITS cells side by side, white for 1 and black for 0: the
 * picture's number, its lowest bit at the left, so that whoever looks at a
 * frame knows which one it is.
 */
#ifndef DRIVERS_SOURCE_PATTERN_PICTURE_H
#define DRIVERS_SOURCE_PATTERN_PICTURE_H

#include <stdint.h>

#define PATTERN_STEP 4
#define PATTERN_BITS 32
#define PATTERN_CELL 8 /* pixels, square */

/* One row of picture `number`, XRGB8888: width pixels of row y. */
void pattern_row(uint64_t number, uint32_t width, uint32_t y, uint32_t *row);

#endif
