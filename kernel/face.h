/*
 * kernel/face.h: fonts, as tools/bakefont/faces.c bakes them: the sizes and
 * characters of one graph, made by graphc into NAME.h, or those of the tests.
 *
 *   enum {FACE_COUNT, FACE_GLYPHS, FACE_KERNS, FACE_EM}
 *   face_sizes    one struct face a size, ascending
 *   face_codes    the characters, ascending; the first, 0, is the box that
 *                 stands for what is not there
 *   face_shapes   [size][character]
 *   face_kerns    pairs that stand closer or wider, ascending
 *   face_ink()    coverage of all shapes, one byte a pixel, 255: all ink
 *
 * Layout is host arithmetic, once a tick: only face_ink is for GPUs too. Read
 * kernel/line.h next.
 */
#ifndef KERNEL_FACE_H
#define KERNEL_FACE_H

#include "kernel/node.h"

/* Pixels. A line's box is ascent + descent high. */
struct face {
	int32_t size, ascent, descent;
};

/* Where a character's ink is: columns from the pen, rows from the top of the
 * line's box; the pen moves on by `advance`. */
struct face_shape {
	int16_t left, top, advance;
	uint16_t width, rows;
	uint32_t ink; /* into face_ink(), row by row */
};

/* Indices of two characters, the first in the upper half; 1/FACE_EM em. */
struct face_kern {
	uint32_t pair;
	int32_t by;
};

#endif
