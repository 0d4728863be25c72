/*
 * tools/bakefont/faces.h: several sizes of a font as the C tables of
 * kernel/face.h. Build time only; FreeType does the work.
 *
 * graphc bakes what a graph's text nodes need, bakefont what tests need. The
 * same request, font file and FreeType give the same bytes.
 */
#ifndef BAKEFONT_FACES_H
#define BAKEFONT_FACES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define FACES_FONT     "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
#define FACES_MAX      8	 /* sizes */
#define FACES_SIZE_MIN 8	 /* px */
#define FACES_SIZE_MAX 256	 /* px */
#define FACES_RANGES   32	 /* of characters */
#define FACES_GLYPHS   4096	 /* characters */
#define FACES_INK      (4u << 20) /* bytes of coverage, all sizes together */

struct faces_range {
	uint32_t first, last;
};

struct faces_request {
	const char *font;
	uint32_t sizes[FACES_MAX], size_count; /* px, ascending */
	struct faces_range ranges[FACES_RANGES];
	uint32_t range_count;
};

/* Adds the ranges that a word names: "latin", "greek", "cyrillic", "2190-21ff"
 * or "20ac", hexadecimal. False: it names none, or there is no more room. */
bool faces_name_range(struct faces_request *request, const char *name);

/* Writes the tables. -1: could not, and why is in `error`. */
int faces_bake(const struct faces_request *request, FILE *out, char *error,
	       size_t error_bytes) __attribute__((warn_unused_result));

#endif
