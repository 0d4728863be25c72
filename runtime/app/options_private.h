/*
 * runtime/app/options_private.h: what the runtime/options*.c files share. Not a
 * contract; nothing else includes it.
 */
#ifndef RUNTIME_APP_OPTIONS_PRIVATE_H
#define RUNTIME_APP_OPTIONS_PRIVATE_H

#include "runtime/app/options.h"

#define OPTIONS_ROWS_MAX  64
#define OPTIONS_ROW_FIRST 256 /* above all letters, so that optopt tells */

/* One command line, half read. */
struct parse {
	struct options *options;
	const struct graph *graph;
	const struct drivers *drivers;
	const struct options_row *row; /* the option at hand */
	uint64_t ticks, seconds_ticks; /* 0: not given */
};

struct options_row {
	const char *name;     /* without "--" */
	const char *argument; /* NULL: takes none */
	bool (*take)(struct parse *parse, const char *value);
	const char *help;
	size_t offset;		  /* of the field in struct options */
	const char *const *words; /* of a field that is one; NULL at the end */
	int64_t min, max;	  /* of a field that is an int32_t */
	const char *unit;	  /* for the message about those */
};

extern const struct options_row options_rows[];
extern const size_t options_row_count;

/* Keeps the message; always false, so that a function can return it. */
bool options_refuse(struct options *options, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* "auto, kms, headless": those with refreshes only, where it is wanted. */
void options_list_displays(const struct parse *parse, enum display_wish wish,
			   char *list, size_t bytes);

/* A whole number within min..max; else refused with the range and the unit. */
bool options_take_int(struct parse *parse, const char *value, int64_t min,
		      int64_t max, const char *unit, int64_t *number);

/* The takers that have a file of their own. */
bool options_take_display(struct parse *parse, const char *value);
bool options_take_source(struct parse *parse, const char *value);
bool options_take_mode(struct parse *parse, const char *value);
bool options_take_ticks(struct parse *parse, const char *value);
bool options_take_seconds(struct parse *parse, const char *value);
bool options_take_spin_us(struct parse *parse, const char *value);
bool options_take_flight(struct parse *parse, const char *value);

#endif
