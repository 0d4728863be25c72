/*
 * tests/lib/report.c: see report.h.
 */
#define _GNU_SOURCE
#include "tests/lib/report.h"

#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lib/scratch.h"

json_t *report_parse(const char *text)
{
	json_error_t error;
	json_t *report = json_loads(text, JSON_REJECT_DUPLICATES, &error);

	ck_assert_msg(report, "JSON report: line %d, column %d: %s in: %s",
		      error.line, error.column, error.text, text);
	ck_assert_msg(json_is_object(report), "JSON report: not an object: %s",
		      text);
	return report;
}

const json_t *report_value(const json_t *report, const char *path)
{
	char key[128];
	const char *at = path;
	const json_t *value = report;

	while (value && *at) {
		size_t length = strcspn(at, ".");

		ck_assert_uint_lt(length, sizeof(key));
		memcpy(key, at, length);
		key[length] = '\0';
		value = json_is_array(value)
				? json_array_get(value, strtoul(key, NULL, 10))
				: json_object_get(value, key);
		at += length + (at[length] == '.');
	}
	ck_assert_msg(value, "JSON report: no key \"%s\"", path);
	return value;
}

int64_t report_int(const json_t *report, const char *path)
{
	const json_t *value = report_value(report, path);

	ck_assert_msg(json_is_integer(value),
		      "JSON report: \"%s\" is not an integer", path);
	ck_assert_msg(json_integer_value(value) >= 0,
		      "JSON report: \"%s\" is negative", path);
	return json_integer_value(value);
}

const char *report_string(const json_t *report, const char *path)
{
	const json_t *value = report_value(report, path);

	ck_assert_msg(json_is_string(value),
		      "JSON report: \"%s\" is not a string", path);
	return json_string_value(value);
}

void report_check_sum(const json_t *report)
{
	int64_t ticks = report_int(report, "ticks");
	int64_t presented = report_int(report, "presented");
	int64_t late = report_int(report, "late");
	int64_t dropped = report_int(report, "dropped");
	int64_t skipped = report_int(report, "skipped");

	ck_assert_msg(ticks == presented + late + dropped + skipped,
		      "ticks %" PRId64 " is not presented %" PRId64
		      " + late %" PRId64 " + dropped %" PRId64
		      " + skipped %" PRId64,
		      ticks, presented, late, dropped, skipped);
}

static void digest_append(struct digest *digest, struct digest_line line)
{
	if ((digest->count & (digest->count - 1)) == 0) {
		size_t room = digest->count ? 2 * digest->count : 1;

		digest->lines = realloc(digest->lines, room * sizeof(line));
		ck_assert_ptr_nonnull(digest->lines);
	}
	digest->lines[digest->count++] = line;
}

struct digest digest_read(const char *path)
{
	struct digest digest = {0};
	struct digest_line line;
	char *text = file_text(path, NULL), *rest = text, *row;

	ck_assert_msg(text, "%s: the digest is not there", path);
	while ((row = strsep(&rest, "\n")) && (rest || *row)) {
		int length = -1;
		int got = sscanf(row, "%" SCNu64 " %16" SCNx64 "%n", &line.tick,
				 &line.hash, &length);

		ck_assert_msg(got == 2 && row[length] == '\0' && rest,
			      "%s: not a digest line: \"%s\"", path, row);
		ck_assert_msg(
			!digest.count ||
				line.tick > digest.lines[digest.count - 1].tick,
			"%s: tick %" PRIu64 " after tick %" PRIu64, path,
			line.tick, digest.lines[digest.count - 1].tick);
		digest_append(&digest, line);
	}
	free(text);
	return digest;
}

void digest_free(struct digest *digest)
{
	free(digest->lines);
	*digest = (struct digest){0};
}

uint64_t digest_missing(const struct digest *digest, uint64_t limit)
{
	uint64_t within = 0;

	for (size_t i = 0; i < digest->count; i++)
		within += digest->lines[i].tick < limit;
	return limit - within;
}
