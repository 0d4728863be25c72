/*
 * tools/graphc/baked.h: what is in the files that parameters name.
 *
 * Bytes in memory to numbers in an arena: nothing here opens a file, so that
 * tests and the fuzzer can try any bytes. bake.c is the pass around it.
 */
#ifndef GRAPHC_BAKED_H
#define GRAPHC_BAKED_H

#include "tools/graphc/ir.h"

#define BAKED_GRID_ONE (1 << 24) /* 1.0 in a grid; BAKED_ONE of kernel/baked.h */

/*
 * A PNG of at most `pixels` pixels: 1 to 16 bits, palette, grey, interlaced.
 * 16 bits are rounded to 8, colours multiplied by alpha; gamma and profiles are
 * not looked at. Sets file's width, height and pixels; -1, and a clause in `why`.
 */
int baked_image(struct ir_file *file, const struct source *png, uint32_t pixels,
		struct arena *arena, char *why, size_t why_bytes);

/*
 * A grid: "4x3", columns and rows, then as many points, the top row first, each
 * two numbers. White space is free, # begins a comment. Sets file's width,
 * height and points; -1, refused at its place in the file that diag->file names.
 */
int baked_grid(struct ir_file *file, const struct source *text,
	       struct arena *arena, struct diag *diag);

#endif
