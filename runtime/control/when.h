/*
 * runtime/control/when.h: the ticks that a request speaks of: numbers of ticks,
 * spans of time, and times of day.
 *
 *   700, "700"                  tick 700
 *   "+25", "+500ms", "+2s"      so many ticks, or so long, from now
 *   "2026-11-27T18:00:00.5Z"    the first tick that is not before that
 *
 * Control thread.
 */
#ifndef RUNTIME_CONTROL_WHEN_H
#define RUNTIME_CONTROL_WHEN_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runtime/base/rate.h"

/* How ticks and times go together: tick 0 was due at that time of day. */
struct when_clock {
	struct rate rate;
	int64_t start_wall_ms; /* since 1970, UTC; INT64_MIN: not known */
};

struct when {
	bool relative; /* `ticks` from the next one on */
	uint64_t ticks;
};

/* `json` is what a request has as "at". False: `error` holds the line. */
bool when_read(const json_t *json, const struct when_clock *clock,
	       struct when *when, char *error, size_t bytes)
	__attribute__((warn_unused_result));

/* A length, called `key`: 25, "25" (ticks), "500ms" or "2s", at most `most`
 * ticks. False: `error` holds the line. */
bool when_read_span(const json_t *json, const char *key, struct rate rate,
		    uint64_t most, uint64_t *ticks, char *error, size_t bytes)
	__attribute__((warn_unused_result));

#endif
