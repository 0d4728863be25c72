/*
 * runtime/app/options_number.c: the options whose value is a number: how long the
 * run is and what the tick thread asks for. Each has a range in its message.
 */
#include <string.h>

#include "runtime/app/options_private.h"
#include "runtime/base/text.h"

/* t(n) in nanoseconds stays far inside 63 bits: 126 years. */
#define SECONDS_MAX 4e9

bool options_take_int(struct parse *parse, const char *value, int64_t min,
		      int64_t max, const char *unit, int64_t *number)
{
	if (text_to_int(value, strlen(value), min, max, number))
		return true;
	return options_refuse(parse->options,
			      "--%s %.64s: must be a whole number from %lld "
			      "to %lld%s",
			      parse->row->name, value, (long long)min,
			      (long long)max, unit);
}

static double rate(const struct graph *graph)
{
	return (double)graph->rate_num / graph->rate_den;
}

bool options_take_ticks(struct parse *parse, const char *value)
{
	double max = SECONDS_MAX * rate(parse->graph);
	int64_t number;

	if (!options_take_int(parse, value, 1, max < 1e18 ? (int64_t)max : INT64_MAX,
		      " (leave it out to run until a signal)", &number))
		return false;
	parse->ticks = (uint64_t)number;
	return true;
}

bool options_take_seconds(struct parse *parse, const char *value)
{
	double seconds, ticks;

	if (!text_to_float(value, strlen(value), 0.001, SECONDS_MAX, &seconds))
		return options_refuse(parse->options,
				      "--seconds %.64s: must be a number from "
				      "0.001 to %g s (leave it out to run "
				      "until a signal)",
				      value, SECONDS_MAX);
	/* A tick that has begun counts; 1.1 s at 60 is 66 ticks, not 67. */
	ticks = seconds * rate(parse->graph) * (1 - 1e-12);
	parse->seconds_ticks = (uint64_t)ticks + 1;
	return true;
}

bool options_take_spin_us(struct parse *parse, const char *value)
{
	double half_us = 1e6 / rate(parse->graph) / 2;
	int64_t number;

	if (!options_take_int(parse, value, 0,
		      half_us < 1e6 ? (int64_t)half_us : 1000000,
		      " us, half a period", &number))
		return false;
	parse->options->spin_us = (uint32_t)number;
	return true;
}
