/*
 * tools/graphc/number.h: strict readings of the numbers in a description.
 *
 * Decimal only: no hex, octal, underscores, inf or nan, and nothing may follow.
 * Also the names: what may be called what, here and in C.
 */
#ifndef GRAPHC_NUMBER_H
#define GRAPHC_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

#include "tools/graphc/diag.h"

/* Optional sign and digits; at most 18 that count. */
bool number_int(const char *text, int64_t *value);

/* Optional sign, digits with at most one point, optional exponent; finite. */
bool number_float(const char *text, double *value);

/* "#rrggbb" -> 0xFFrrggbb. */
bool number_color(const char *text, uint32_t *value);

/* That or "#rrggbbaa" -> 0xAArrggbb. */
bool number_rgba(const char *text, uint32_t *value);

/* Digits, then nothing, KiB, MiB or GiB. */
bool number_bytes(const char *text, uint64_t *value);

/* Two numbers of 1 to 9 digits around `separator`; `second` is left alone if
 * it and the separator are missing and `optional` says they may be. */
bool number_pair(const char *text, char separator, bool optional,
		 uint32_t *first, uint32_t *second);

/*
 * A name: a letter, then letters, digits, _ and (unless `strict`) -; at most
 * LIMIT_NAME bytes; not a word of C. `what` is "node", "parameter", ...
 */
int name_check(const char *name, bool strict, const char *what, struct where at,
	       struct diag *diag);

/* Two names that would become one in the generated C (- as _, any case). */
bool name_same(const char *a, const char *b);

#endif
