/*
 * tests/lib/report.h: the JSON report and the digest file of a run, read back.
 *
 * Everything here fails the running Check test, with the key or the line in
 * the message, when the text is not what a report or a digest must be.
 */
#ifndef TESTS_LIB_REPORT_H
#define TESTS_LIB_REPORT_H

#include <jansson.h>
#include <stdint.h>

/* Parses a whole JSON text; exactly one object. Free with json_decref. */
json_t *report_parse(const char *text);

/* The integer at a dotted path, "faults.major" or "sinks.1.late"; must be there
 * and >= 0. */
int64_t report_int(const json_t *report, const char *path);

/* The string at a dotted path. Owned by the report. */
const char *report_string(const json_t *report, const char *path);

/* Any value at a dotted path; must be there. Owned by the report. */
const json_t *report_value(const json_t *report, const char *path);

/* Asserts ticks = presented + late + dropped + skipped. */
void report_check_sum(const json_t *report);

/* One line of a digest file. */
struct digest_line {
	uint64_t tick;
	uint64_t hash; /* XXH3, 64 bits */
};

struct digest {
	size_t count;
	struct digest_line *lines;
};

/* Reads a digest file: "TICK HASH" a line, ticks strictly rising. */
struct digest digest_read(const char *path);
void digest_free(struct digest *digest);

/* Ticks from 0 to limit - 1 that have no line. */
uint64_t digest_missing(const struct digest *digest, uint64_t limit);

#endif
