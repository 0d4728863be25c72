/*
 * kernel/decimal.h: numbers as text for foo_tick, which must not allocate:
 * printf may, for a double.
 *
 * A struct decimal is a string being built in place; what does not fit is
 * left out and the rest stays terminated. Read kernel/status_text.h next.
 */
#ifndef KERNEL_DECIMAL_H
#define KERNEL_DECIMAL_H

#include <math.h>

#include "kernel/node.h"

#define DECIMAL_MAX 48 /* bytes, with the terminator */

struct decimal {
	uint32_t length;
	char text[DECIMAL_MAX];
};

NODE_HOST void decimal_string(struct decimal *decimal, const char *string)
{
	while (*string && decimal->length < DECIMAL_MAX - 1)
		decimal->text[decimal->length++] = *string++;
	decimal->text[decimal->length] = '\0';
}

/* As printf's %llu. */
NODE_HOST void decimal_integer(struct decimal *decimal, uint64_t value)
{
	char digits[21];
	char *first = digits + sizeof(digits) - 1;

	*first = '\0';
	do {
		*--first = (char)('0' + value % 10);
		value /= 10;
	} while (value);
	decimal_string(decimal, first);
}

/*
 * As printf's %.1f, last digit included: a tie is decided on the double's
 * exact value (fma rounds once) and goes to the even digit. Negative values
 * and NaN give 0.0, values from 1e9 give 999999999.9.
 */
NODE_HOST void decimal_tenths(struct decimal *decimal, double value)
{
	uint64_t tenths;
	double rest;

	if (!(value > 0))
		value = 0;
	if (value > 999999999.9)
		value = 999999999.9;
	tenths = (uint64_t)(value * 10);
	rest = fma(value, 10, -((double)tenths + 0.5));
	if (rest > 0 || (rest >= 0 && tenths % 2))
		tenths++;
	decimal_integer(decimal, tenths / 10);
	decimal_string(decimal, ".");
	decimal_integer(decimal, tenths % 10);
}

#endif
