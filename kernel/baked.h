/*
 * kernel/baked.h: files that a graph names, as graphc bakes them into NAME.h:
 * pictures and grids of points (parameters of type `file`, docs/graph-format.md).
 *
 *   BAKED_IMAGES, BAKED_GRIDS    how many, with the first
 *   baked_images     one struct baked_image each; a parameter's value is the
 *                    index. The first, 0, is for none: it is empty
 *   baked_pixels()   of all images: ARGB8888, colours times alpha
 *   baked_grids      the same of struct baked_grid
 *   baked_points()   of all grids: x and y, 1/BAKED_ONE
 *
 * Looking one up is host arithmetic, once a tick: only baked_pixels() and
 * baked_points() are for GPUs too. A graph has those of the kinds that its nodes
 * could name. kernel/baked_sample.h has some where no graph
 * says which, as in tests. Read kernel/logo.h next.
 */
#ifndef KERNEL_BAKED_H
#define KERNEL_BAKED_H

#include "kernel/node.h"

#define BAKED_ONE (1 << 24) /* 1.0 of a point's x or y */

/* Pixels, row by row without gaps. */
struct baked_image {
	uint32_t width, height; /* at most 8192 */
	uint32_t first;		/* in baked_pixels() */
};

/* Points, row by row, each x and y. What they mean is the node's to say. */
struct baked_grid {
	uint32_t columns, rows; /* 0, or 2 to 129 */
	uint32_t first;		/* in baked_points(), of a point's x */
};

#endif
