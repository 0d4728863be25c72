/*
 * runtime/control/when.c: see runtime/control/when.h.
 */
#define _GNU_SOURCE /* strptime, timegm */

#include "runtime/control/when.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "runtime/base/text.h"

#define WHEN_TICK_MAX (INT64_C(1) << 53) /* JSON's numbers are whole up to */
#define WHEN_MS_MAX   INT64_C(1000000000000) /* 30 years */

/* The first tick that is not before that, from t0; ns > 0. */
static uint64_t when_tick_of(struct rate rate, int64_t ns)
{
	return rate_newest_tick(rate, ns - 1) + 1;
}

/* "500ms", "2s", or ticks. */
static bool when_span(const char *text, struct rate rate, uint64_t *ticks)
{
	size_t length = strlen(text), digits = strspn(text, "0123456789");
	int64_t number;

	if (!digits || !text_to_int(text, digits, 0, WHEN_TICK_MAX, &number))
		return false;
	if (digits == length) {
		*ticks = (uint64_t)number;
		return true;
	}
	if (!strcmp(text + digits, "s") && number <= WHEN_MS_MAX / 1000)
		number *= 1000;
	else if (strcmp(text + digits, "ms") || number > WHEN_MS_MAX)
		return false;
	*ticks = number ? when_tick_of(rate, number * NS_PER_MS) : 0;
	return true;
}

/* "2026-11-27T18:00:00.5Z" */
static bool when_time_of_day(const char *text, int64_t *ms)
{
	struct tm tm = {.tm_isdst = 0};
	const char *rest = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);
	int64_t scale = 1000;

	if (!rest)
		return false;
	*ms = (int64_t)timegm(&tm) * 1000;
	if (*rest == '.')
		for (rest++; isdigit((unsigned char)*rest); rest++) {
			scale /= 10;
			*ms += scale * (*rest - '0');
		}
	return !strcmp(rest, "Z");
}

static bool when_refuse(const char *what, const char *way_out, char *error,
			size_t bytes)
{
	error[0] = '\0';
	text_append(error, bytes, "%s: must be %s", what, way_out);
	return false;
}

static bool when_at_time(const char *text, const struct when_clock *clock,
			 struct when *when, char *error, size_t bytes)
{
	int64_t ms;

	if (!when_time_of_day(text, &ms))
		return when_refuse("at",
				   "a tick, +TICKS, +500ms, +2s or a time like "
				   "2026-11-27T18:00:00.5Z",
				   error, bytes);
	if (clock->start_wall_ms == INT64_MIN)
		return when_refuse("at",
				   "a tick or +TICKS: the ticks of this run have "
				   "no time of day",
				   error, bytes);
	ms -= clock->start_wall_ms;
	if (ms > WHEN_MS_MAX)
		return when_refuse("at", "within 30 years", error, bytes);
	when->relative = false;
	when->ticks = ms > 0 ? when_tick_of(clock->rate, ms * NS_PER_MS) : 0;
	return true;
}

bool when_read(const json_t *json, const struct when_clock *clock,
	       struct when *when, char *error, size_t bytes)
{
	const char *text = json_string_value(json);

	when->relative = text && text[0] == '+';
	if (json_is_integer(json) && json_integer_value(json) >= 0 &&
	    json_integer_value(json) <= WHEN_TICK_MAX) {
		when->ticks = (uint64_t)json_integer_value(json);
		return true;
	}
	if (text && when->relative &&
	    when_span(text + 1, clock->rate, &when->ticks))
		return true;
	if (text && strspn(text, "0123456789") == strlen(text) &&
	    when_span(text, clock->rate, &when->ticks))
		return true;
	return when_at_time(text ? text : "", clock, when, error, bytes);
}

bool when_read_span(const json_t *json, const char *key, struct rate rate,
		    uint64_t most, uint64_t *ticks, char *error, size_t bytes)
{
	char way_out[96];
	int64_t number = json_integer_value(json);
	bool read = json_is_integer(json) && number >= 0;

	*ticks = (uint64_t)number;
	if (json_is_string(json))
		read = when_span(json_string_value(json), rate, ticks);
	if (read && *ticks <= most)
		return true;
	snprintf(way_out, sizeof(way_out),
		 "a number of ticks, 500ms or 2s, at most %llu ticks",
		 (unsigned long long)most);
	return when_refuse(key, way_out, error, bytes);
}
