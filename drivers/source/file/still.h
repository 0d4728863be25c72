/*
 * drivers/source/file/still.h: a PNG as one picture of a source, in any format
 * of RGB.
 *
 * All that libpng reads: 1 to 16 bits, palettes, grey, interlaced. Colours are
 * multiplied by alpha: ARGB8888 keeps it, in other formats that is the picture
 * over black. 16 bits are rounded to 8; colour profiles and gamma are not looked
 * at. Main thread; allocates the whole picture for as long as it is read.
 */
#ifndef DRIVERS_SOURCE_FILE_STILL_H
#define DRIVERS_SOURCE_FILE_STILL_H

#include <stdio.h>

#include "runtime/port/source.h"

#define STILL_MAGIC "\x89PNG\r\n\x1a\n"

/* file: at the PNG's first byte. to: a picture of graph's format and size.
 * 0, or -errno with one clause in `why`. */
int still_read(FILE *file, const struct graph_source *graph,
	       const struct picture *to, char *why, size_t why_bytes)
	__attribute__((warn_unused_result));

#endif
