/*
 * kernel/picture.h: a frame as it lies in memory, in any format.
 *
 * Where generated code is compiled format and chroma are constants, and
 * kernel/format.h says what a format means: how many planes there are, and how a
 * pixel is found in them. Between nodes there are XRGB8888 rows and struct image
 * only.
 */
#ifndef KERNEL_PICTURE_H
#define KERNEL_PICTURE_H

#include "kernel/ycbcr.h"

#define PICTURE_PLANES_MAX 3

/* How the pixels are loaded that a chroma sample is there for. */
enum picture_chroma {
	PICTURE_NEAREST,  /* as it is (kernel/format.h) */
	PICTURE_BILINEAR, /* between samples (kernel/chroma.h) */
	PICTURE_CHROMA_COUNT
};

/* Owns nothing. Planes that the format does not have are NULL and 0. */
struct picture {
	unsigned char *plane[PICTURE_PLANES_MAX]; /* first byte of top row */
	size_t pitch[PICTURE_PLANES_MAX]; /* bytes from one row of the plane to
					     the next */
	uint32_t width, height; /* pixels, of the frame */
	struct ycbcr ycbcr; /* of formats that have Y, Cb and Cr */
	uint32_t format; /* enum graph_format */
	uint32_t chroma; /* enum picture_chroma */
};

/* Row y of a plane; planes that hold fewer rows than the frame count theirs. */
NODE_PIXEL void *picture_row(const struct picture *picture, uint32_t plane,
			     uint32_t y)
{
	return picture->plane[plane] + (size_t)y * picture->pitch[plane];
}

/* An image, which is XRGB8888, as a picture; or a slot, whose format the caller
 * knows. */
NODE_PIXEL struct picture picture_of(const struct image *image)
{
	struct picture picture = {
		{NULL}, {0}, image->width, image->height,
		{0, 0, 0, 0, 0, 0, COLOR_BT601, COLOR_FULL, COLOR_LEFT}, 0,
		PICTURE_NEAREST};

	picture.plane[0] = image->base;
	picture.pitch[0] = image->pitch;
	return picture;
}

#endif
