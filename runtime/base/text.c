/*
 * runtime/base/text.c: strict numbers and near names. strtol and strtod skip space
 * and strtod also takes "nan", "inf" and "0x1p3", so the form is checked
 * first and the C library only converts.
 */
#include "runtime/base/text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NUMBER_MAX   63	 /* characters of a number */
#define RATE_MAX     INT64_C(1000000000) /* of a rate's two numbers */
#define COMPARED_MAX 127 /* characters of a name that is compared */

static size_t digits(const char *text, size_t length, size_t at)
{
	while (at < length && text[at] >= '0' && text[at] <= '9')
		at++;
	return at;
}

static size_t sign(const char *text, size_t length, const char *signs)
{
	return length > 0 && text[0] != '\0' && strchr(signs, text[0]) ? 1 : 0;
}

/* -?[0-9]+ */
static bool is_int(const char *text, size_t length)
{
	size_t at = sign(text, length, "-");
	size_t end = digits(text, length, at);

	return end > at && end == length && length <= NUMBER_MAX;
}

/* -?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)? */
static bool is_float(const char *text, size_t length)
{
	size_t at = sign(text, length, "-");
	size_t end = digits(text, length, at);

	if (end == at || length > NUMBER_MAX)
		return false;
	if (end < length && text[end] == '.') {
		at = end + 1;
		end = digits(text, length, at);
		if (end == at)
			return false;
	}
	if (end < length && (text[end] == 'e' || text[end] == 'E')) {
		at = end + 1;
		at += sign(text + at, length - at, "+-");
		end = digits(text, length, at);
		if (end == at)
			return false;
	}
	return end == length;
}

bool text_to_int(const char *text, size_t length, int64_t min, int64_t max,
		 int64_t *value)
{
	char copy[NUMBER_MAX + 1];
	long long number;

	if (!is_int(text, length))
		return false;
	memcpy(copy, text, length);
	copy[length] = '\0';
	errno = 0;
	number = strtoll(copy, NULL, 10);
	if (errno || number < min || number > max)
		return false;
	*value = number;
	return true;
}

bool text_to_float(const char *text, size_t length, double min, double max,
		   double *value)
{
	char copy[NUMBER_MAX + 1];
	double number;

	if (!is_float(text, length))
		return false;
	memcpy(copy, text, length);
	copy[length] = '\0';
	number = strtod(copy, NULL);
	if (!(number >= min && number <= max))
		return false;
	*value = number;
	return true;
}

bool text_to_rate(const char *text, size_t length, char separator,
		  uint32_t most, struct rate *rate)
{
	const char *mark = memchr(text, separator, length);
	size_t first = mark ? (size_t)(mark - text) : length;
	int64_t num, den = 1;

	if (!text_to_int(text, first, 1, RATE_MAX, &num) ||
	    (mark && !text_to_int(mark + 1, length - first - 1, 1, RATE_MAX,
				  &den)) ||
	    num > den * most)
		return false;
	*rate = (struct rate){(uint32_t)num, (uint32_t)den};
	return true;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool text_to_color(const char *text, size_t length, uint32_t *color)
{
	uint32_t sum = 0xff;
	size_t i;

	if (length != 7 || text[0] != '#')
		return false;
	for (i = 1; i < length; i++) {
		int digit = hex_digit(text[i]);

		if (digit < 0)
			return false;
		sum = sum << 4 | (uint32_t)digit;
	}
	*color = sum;
	return true;
}

size_t text_utf8_bytes(const char *text, size_t length)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	const unsigned char *byte = (const unsigned char *)text;
	size_t i, bytes;
	uint32_t code;

	if (byte[0] < 0x80)
		return 1;
	bytes = byte[0] >= 0xF8	  ? 0
		: byte[0] >= 0xF0 ? 4
		: byte[0] >= 0xE0 ? 3
		: byte[0] >= 0xC0 ? 2
				  : 0;
	if (!bytes || bytes > length)
		return 0;
	code = byte[0] & (0x7Fu >> bytes);
	for (i = 1; i < bytes; i++) {
		if ((byte[i] & 0xC0) != 0x80)
			return 0;
		code = code << 6 | (byte[i] & 0x3F);
	}
	if (code < least[bytes] || code > 0x10FFFF ||
	    (code >= 0xD800 && code <= 0xDFFF))
		return 0;
	return bytes;
}

bool text_is(const char *text, size_t length, const char *word)
{
	return strlen(word) == length && memcmp(text, word, length) == 0;
}

static unsigned int min3(unsigned int a, unsigned int b, unsigned int c)
{
	unsigned int ab = a < b ? a : b;

	return ab < c ? ab : c;
}

/* Damerau-Levenshtein (optimal string alignment), three rows of it. */
unsigned int text_distance(const char *text, size_t length, const char *name)
{
	unsigned int rows[3][COMPARED_MAX + 1];
	unsigned int *before = rows[0], *last = rows[1], *row = rows[2], *free;
	size_t i, j, name_length = strlen(name);

	if (length > COMPARED_MAX || name_length > COMPARED_MAX)
		return COMPARED_MAX;
	for (j = 0; j <= name_length; j++)
		last[j] = (unsigned int)j;
	for (i = 1; i <= length; i++) {
		row[0] = (unsigned int)i;
		for (j = 1; j <= name_length; j++) {
			unsigned int cost = text[i - 1] != name[j - 1];

			row[j] = min3(last[j] + 1, row[j - 1] + 1,
				      last[j - 1] + cost);
			if (i > 1 && j > 1 && text[i - 1] == name[j - 2] &&
			    text[i - 2] == name[j - 1] &&
			    before[j - 2] + 1 < row[j])
				row[j] = before[j - 2] + 1;
		}
		free = before;
		before = last;
		last = row;
		row = free;
	}
	return last[name_length];
}

void text_nearest(struct text_nearest *best, const char *text, size_t length,
		  const char *name)
{
	unsigned int distance = text_distance(text, length, name);

	if (distance * 3 > length + 2)
		return;
	if (best->name && distance >= best->distance)
		return;
	best->name = name;
	best->distance = distance;
}

void text_append(char *text, size_t bytes, const char *format, ...)
{
	size_t length = strnlen(text, bytes);
	va_list arguments;

	if (length + 1 >= bytes)
		return;
	va_start(arguments, format);
	vsnprintf(text + length, bytes - length, format, arguments);
	va_end(arguments);
}

bool text_first_line(const char *path, char *line, size_t bytes)
{
	FILE *file = fopen(path, "re");
	bool read = file && fgets(line, (int)bytes, file);

	if (!read)
		line[0] = '\0';
	line[strcspn(line, "\n")] = '\0';
	if (file)
		fclose(file);
	return read;
}

void text_line(char *text, size_t bytes, const char *format, va_list arguments)
{
	char *c;

	vsnprintf(text, bytes, format, arguments);
	for (c = text; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = '?';
}
