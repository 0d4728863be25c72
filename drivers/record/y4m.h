/*
 * drivers/record/y4m.h: XRGB8888 frames as YUV4MPEG2 with full colour (C444),
 * which ffmpeg, mpv and most encoders read.
 *
 * BT.601, limited range: the header has no word for the matrix, and this is
 * what players take it to be, whatever the size. Y' 16..235, Cb and Cr 16..240. 16.16 fixed point,
 * rounded to nearest; the three coefficients of a row add up exactly, so that
 * white is 235 128 128, black is 16 128 128 and greys have no colour. The
 * same bytes on every machine.
 *
 *   Y' = 16  + ( 16829 R + 33039 G +  6416 B) / 65536
 *   Cb = 128 + ( -9714 R - 19070 G + 28784 B) / 65536
 *   Cr = 128 + ( 28784 R - 24103 G -  4681 B) / 65536
 */
#ifndef DRIVERS_RECORD_Y4M_H
#define DRIVERS_RECORD_Y4M_H

#include <stddef.h>
#include <stdint.h>

#include "graph/graph.h"

#define Y4M_FRAME "FRAME\n"

/* Writes the stream's header line; returns its length. */
size_t y4m_header(const struct graph *graph, char *text, size_t bytes);

/* pixels: of packed XRGB8888; planes: room for 3 * pixels bytes. */
void y4m_planes(const unsigned char *frame, size_t pixels,
		unsigned char *planes);

#endif
