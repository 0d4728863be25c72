/*
 * runtime/base/text.h: reading what people type, strictly, and helping when it is
 * wrong. No locale, no leading space, no trailing junk; nothing is allocated.
 *
 * tools/graphc reads descriptions with it, too. Any thread.
 */
#ifndef RUNTIME_BASE_TEXT_H
#define RUNTIME_BASE_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runtime/base/rate.h"

/* A whole decimal number (7, -7, +7) within min..max. False: *value is untouched. */
bool text_to_int(const char *text, size_t length, int64_t min, int64_t max,
		 int64_t *value) __attribute__((warn_unused_result));

/* A decimal number (1, -2.5, .5, 3., 1e-3) within min..max; no hexadecimal, nan
 * or inf. False: *value is untouched. */
bool text_to_float(const char *text, size_t length, double min, double max,
		   double *value) __attribute__((warn_unused_result));

/* "25" or "30000/1001", where '/' is the separator, at most `most` a second.
 * False: *rate is untouched. */
bool text_to_rate(const char *text, size_t length, char separator,
		  uint32_t most, struct rate *rate)
	__attribute__((warn_unused_result));

/* "#rrggbb" -> 0xFFrrggbb. False: *color is untouched. */
bool text_to_color(const char *text, size_t length, uint32_t *color)
	__attribute__((warn_unused_result));

/* The same, or "#rrggbbaa": 0xAArrggbb, of which AA 0xff is opaque. */
bool text_to_rgba(const char *text, size_t length, uint32_t *color)
	__attribute__((warn_unused_result));

/* Bytes of the UTF-8 character at `text`, which has `length` >= 1; 0: it is none
 * (overlong, a surrogate, above U+10FFFF, cut off). */
size_t text_utf8_bytes(const char *text, size_t length);

/* Can a text be drawn, one character beside the other? */
enum text_fault {
	TEXT_FINE,
	TEXT_NOT_UTF8,
	TEXT_CONTROL, /* control and format characters, line ends */
	TEXT_SHAPED,  /* Arabic, Hebrew, Devanagari, Thai ... */
	TEXT_MARK,    /* combining marks, variation selectors */
};

/* Is a character between `first` and `last` of a script that needs shaping? The
 * first such is *code. */
bool text_range_shaped(uint32_t first, uint32_t last, uint32_t *code);

/* The first fault of a text; *code: the character that has it, unless the text
 * is fine or no UTF-8. */
enum text_fault text_check(const char *text, size_t length, uint32_t *code)
	__attribute__((warn_unused_result));

/* "is of a script that needs shaping ...", to follow the character's name. */
const char *text_fault_words(enum text_fault fault);

/* True where the `length` bytes at text are exactly `word`. */
bool text_is(const char *text, size_t length, const char *word);

/*
 * The number of letters to change, add or leave out to get from one name to
 * the other; a swap of two neighbours counts one. Names longer than 127 bytes
 * are never near anything.
 */
unsigned int text_distance(const char *text, size_t length, const char *name);

/* The best candidate so far: start with {NULL, 0}. */
struct text_nearest {
	const char *name; /* NULL: nothing was near enough */
	unsigned int distance;
};

/* Keeps `name` if it is near (a third of the letters) and nearer. */
void text_nearest(struct text_nearest *best, const char *text, size_t length,
		  const char *name);

/* snprintf at the end of what is there, cut to fit. */
void text_append(char *text, size_t bytes, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The first line of a file, such as those of /proc and /sys, without its '\n',
 * cut to fit. False: it cannot be read; line is "". */
bool text_first_line(const char *path, char *line, size_t bytes);

/* vsnprintf of one line: control characters become '?'. */
void text_line(char *text, size_t bytes, const char *format, va_list arguments)
	__attribute__((format(printf, 3, 0)));

#endif
