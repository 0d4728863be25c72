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

#include "kernel/utf8.h"

#define NUMBER_MAX   63	 /* characters of a number */
#define RATE_MAX     INT64_C(1000000000) /* of a rate's two numbers */
#define COMPARED_MAX 127 /* characters of a name that is compared */

static size_t digits(const char *text, size_t length, size_t at)
{
	while (at < length && text[at] >= '0' && text[at] <= '9')
		at++;
	return at;
}

static size_t sign(const char *text, size_t length, size_t at)
{
	return at < length && (text[at] == '-' || text[at] == '+') ? at + 1
								   : at;
}

/* [+-]?[0-9]+ */
static bool is_int(const char *text, size_t length)
{
	size_t at = sign(text, length, 0);
	size_t end = digits(text, length, at);

	return end > at && end == length && length <= NUMBER_MAX;
}

/* [+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)? */
static bool is_float(const char *text, size_t length)
{
	size_t at = sign(text, length, 0);
	size_t end = digits(text, length, at);
	size_t count = end - at;

	if (end < length && text[end] == '.') {
		at = end + 1;
		end = digits(text, length, at);
		count += end - at;
	}
	if (!count || length > NUMBER_MAX)
		return false;
	if (end < length && (text[end] == 'e' || text[end] == 'E')) {
		at = sign(text, length, end + 1);
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

static bool text_to_hex(const char *text, size_t length, uint32_t *sum)
{
	size_t i;

	*sum = 0;
	for (i = 0; i < length; i++) {
		int digit = hex_digit(text[i]);

		if (digit < 0)
			return false;
		*sum = *sum << 4 | (uint32_t)digit;
	}
	return true;
}

bool text_to_color(const char *text, size_t length, uint32_t *color)
{
	uint32_t rgb;

	if (length != 7 || text[0] != '#' || !text_to_hex(text + 1, 6, &rgb))
		return false;
	*color = 0xff000000 | rgb;
	return true;
}

bool text_to_rgba(const char *text, size_t length, uint32_t *color)
{
	uint32_t rgba;

	if (length != 9)
		return text_to_color(text, length, color);
	if (text[0] != '#' || !text_to_hex(text + 1, 8, &rgba))
		return false;
	*color = rgba >> 8 | rgba << 24;
	return true;
}

size_t text_utf8_bytes(const char *text, size_t length)
{
	uint32_t code;

	return utf8_read(text, length, &code);
}

/*
 * What one character beside the other cannot show: scripts whose letters join,
 * reorder, carry marks or run from right to left, and marks of any script.
 */
static const struct {
	uint32_t first, last;
	enum text_fault fault;
} undrawable[] = {
	{0x00, 0x1f, TEXT_CONTROL},	{0x7f, 0x9f, TEXT_CONTROL},
	{0xad, 0xad, TEXT_CONTROL},	{0x300, 0x36f, TEXT_MARK},
	{0x483, 0x489, TEXT_MARK},	{0x590, 0x109f, TEXT_SHAPED},
	{0x1100, 0x11ff, TEXT_SHAPED},	{0x1700, 0x18af, TEXT_SHAPED},
	{0x1900, 0x1aaf, TEXT_SHAPED},	{0x1ab0, 0x1aff, TEXT_MARK},
	{0x1b00, 0x1c4f, TEXT_SHAPED},	{0x1cd0, 0x1cff, TEXT_SHAPED},
	{0x1dc0, 0x1dff, TEXT_MARK},	{0x200b, 0x200f, TEXT_CONTROL},
	{0x2028, 0x202e, TEXT_CONTROL}, {0x2060, 0x206f, TEXT_CONTROL},
	{0x20d0, 0x20ff, TEXT_MARK},	{0x302a, 0x302f, TEXT_MARK},
	{0x3099, 0x309a, TEXT_MARK},	{0xa800, 0xa8ff, TEXT_SHAPED},
	{0xa930, 0xaaff, TEXT_SHAPED},	{0xabc0, 0xabff, TEXT_SHAPED},
	{0xd7b0, 0xd7ff, TEXT_SHAPED},	{0xfb1d, 0xfdff, TEXT_SHAPED},
	{0xfe00, 0xfe0f, TEXT_MARK},	{0xfe20, 0xfe2f, TEXT_MARK},
	{0xfe70, 0xfefe, TEXT_SHAPED},	{0xfeff, 0xfeff, TEXT_CONTROL},
	{0xfff9, 0xffff, TEXT_CONTROL}, {0x10800, 0x11fff, TEXT_SHAPED},
	{0x1e800, 0x1efff, TEXT_SHAPED}, {0xe0000, 0xe0fff, TEXT_CONTROL},
};

static enum text_fault text_fault_of(uint32_t code)
{
	size_t i;

	for (i = 0; i < sizeof(undrawable) / sizeof(undrawable[0]); i++)
		if (code >= undrawable[i].first && code <= undrawable[i].last)
			return undrawable[i].fault;
	return TEXT_FINE;
}

bool text_range_shaped(uint32_t first, uint32_t last, uint32_t *code)
{
	size_t i;

	for (i = 0; i < sizeof(undrawable) / sizeof(undrawable[0]); i++) {
		if (undrawable[i].fault != TEXT_SHAPED ||
		    undrawable[i].last < first || undrawable[i].first > last)
			continue;
		*code = undrawable[i].first > first ? undrawable[i].first
						    : first;
		return true;
	}
	return false;
}

enum text_fault text_check(const char *text, size_t length, uint32_t *code)
{
	enum text_fault fault = TEXT_FINE;
	size_t bytes;

	while (length && !fault) {
		bytes = utf8_read(text, length, code);
		if (!bytes)
			return TEXT_NOT_UTF8;
		fault = text_fault_of(*code);
		text += bytes;
		length -= bytes;
	}
	return fault;
}

const char *text_fault_words(enum text_fault fault)
{
	static const char *const words[] = {
		[TEXT_FINE] = "can be drawn",
		[TEXT_NOT_UTF8] = "is no UTF-8",
		[TEXT_CONTROL] = "is a control character, which a text "
				 "cannot have",
		[TEXT_SHAPED] = "is of a script that needs shaping, which "
				"there is not",
		[TEXT_MARK] = "is a combining mark; write letter and mark as "
			      "one character",
	};

	return words[fault];
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
	size_t step;
	char *c;

	vsnprintf(text, bytes, format, arguments);
	for (c = text; *c; c += step) {
		step = text_utf8_bytes(c, strlen(c));
		if (!step || (unsigned char)*c < ' ' || *c == 0x7f)
			*c = '?';
		step += !step;
	}
}
