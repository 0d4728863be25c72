/* tools/graphc/text.c: see text.h. */
#include "tools/graphc/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void text_init(struct text *text, struct arena *arena)
{
	text->arena = arena;
	text->size = 4096;
	text->used = 0;
	text->bytes = arena_alloc(arena, text->size, 1);
}

static void grow(struct text *text, size_t needed)
{
	const char *before = text->bytes;

	while (text->size < needed)
		text->size *= 2;
	text->bytes = arena_alloc(text->arena, text->size, 1);
	memcpy(text->bytes, before, text->used);
}

void text_add(struct text *text, const char *format, ...)
{
	size_t bytes, room = text->size - text->used;
	va_list args;

	va_start(args, format);
	bytes = (size_t)vsnprintf(text->bytes + text->used, room, format, args);
	va_end(args);
	if (bytes >= room) {
		grow(text, text->used + bytes + 1);
		room = text->size - text->used;
		va_start(args, format);
		vsnprintf(text->bytes + text->used, room, format, args);
		va_end(args);
	}
	text->used += bytes;
}

void text_add_double(struct text *text, double number)
{
	char digits[32];
	int precision;

	for (precision = 6; precision <= 17; precision++) {
		snprintf(digits, sizeof(digits), "%.*g", precision, number);
		if (strtod(digits, NULL) == number)
			break;
	}
	text_add(text, "%s", digits);
}
