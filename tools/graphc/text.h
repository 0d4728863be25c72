/*
 * tools/graphc/text.h: text that is built piece by piece, in an arena.
 */
#ifndef GRAPHC_TEXT_H
#define GRAPHC_TEXT_H

#include "tools/graphc/arena.h"

struct text {
	struct arena *arena;
	char *bytes; /* NUL-terminated once something was added */
	size_t used, size;
};

void text_init(struct text *text, struct arena *arena);

void text_add(struct text *text, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* A number as the shortest decimal that reads back as the same double. */
void text_add_double(struct text *text, double number);

#endif
