/*
 * runtime/base/json.h: writing JSON, one value a call, with commas and indentation
 * seen to. Strings are escaped; bytes that are not UTF-8 become U+FFFD, so the
 * output parses whatever a file is called. Errors stay in the FILE (ferror).
 */
#ifndef RUNTIME_BASE_JSON_H
#define RUNTIME_BASE_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct json {
	FILE *out;
	int depth;  /* of open objects and arrays */
	bool first; /* nothing is in the innermost one yet */
};

/* `key` is NULL inside an array and for the outermost value. `bracket` is '{'
 * or '[' for json_open and its counterpart for json_close. */
void json_open(struct json *json, const char *key, char bracket);
void json_close(struct json *json, char bracket);

void json_put_string(struct json *json, const char *key, const char *text);
void json_put_uint(struct json *json, const char *key, uint64_t number);
void json_put_int(struct json *json, const char *key, int64_t number);
void json_put_fixed(struct json *json, const char *key,
		    double number); /* %.6f */
void json_put_bool(struct json *json, const char *key, bool value);
void json_put_null(struct json *json, const char *key);

#endif
