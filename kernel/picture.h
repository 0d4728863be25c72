/*
 * kernel/picture.h: a frame as it lies in memory, in any format.
 *
 * The format is a constant beside it, where generated code is compiled, and
 * graph/format.h says what it means: how many planes there are, and how a pixel
 * is found in them. Between nodes there are XRGB8888 rows and struct image
 * only.
 */
#ifndef KERNEL_PICTURE_H
#define KERNEL_PICTURE_H

#include "kernel/node.h"

#define PICTURE_PLANES_MAX 3

/* Owns nothing. Planes that the format does not have are NULL and 0. */
struct picture {
	unsigned char *plane[PICTURE_PLANES_MAX]; /* first byte of top row */
	size_t pitch[PICTURE_PLANES_MAX]; /* bytes from one row of the plane to
					     the next */
	uint32_t width, height; /* pixels, of the frame */
};

/* Row y of a plane; planes that hold fewer rows than the frame count theirs. */
NODE_PIXEL void *picture_row(const struct picture *picture, uint32_t plane,
			     uint32_t y)
{
	return picture->plane[plane] + (size_t)y * picture->pitch[plane];
}

/* An image or a slot, which have one plane, as a picture. */
NODE_PIXEL struct picture picture_of(const struct image *image)
{
	struct picture picture = {{NULL}, {0}, image->width, image->height};

	picture.plane[0] = image->base;
	picture.pitch[0] = image->pitch;
	return picture;
}

#endif
