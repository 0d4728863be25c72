/*
 * runtime/base/json.c: see runtime/base/json.h.
 */
#include "runtime/base/json.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#include "runtime/base/text.h"

static void quote(FILE *out, const char *string)
{
	const unsigned char *text = (const unsigned char *)string;

	fputc('"', out);
	while (*text) {
		size_t bytes = text_utf8_bytes(
			(const char *)text, strlen((const char *)text));

		if (!bytes)
			fputs("\\ufffd", out);
		else if (*text == '"' || *text == '\\')
			fprintf(out, "\\%c", *text);
		else if (*text < ' ')
			fprintf(out, "\\u%04x", *text);
		else
			fwrite(text, 1, bytes, out);
		text += bytes ? bytes : 1;
	}
	fputc('"', out);
}

static void indent(struct json *json)
{
	fprintf(json->out, "\n%*s", 2 * json->depth, "");
}

/* What stands before a value. */
static void lead(struct json *json, const char *key)
{
	if (json->depth > 0) {
		if (!json->first)
			fputc(',', json->out);
		indent(json);
	}
	json->first = false;
	if (key) {
		quote(json->out, key);
		fputs(": ", json->out);
	}
}

void json_open(struct json *json, const char *key, char bracket)
{
	lead(json, key);
	fputc(bracket, json->out);
	json->depth++;
	json->first = true;
}

void json_close(struct json *json, char bracket)
{
	json->depth--;
	if (!json->first)
		indent(json);
	json->first = false;
	fputc(bracket, json->out);
	if (!json->depth)
		fputc('\n', json->out);
}

void json_put_string(struct json *json, const char *key, const char *text)
{
	lead(json, key);
	quote(json->out, text);
}

void json_put_uint(struct json *json, const char *key, uint64_t number)
{
	lead(json, key);
	fprintf(json->out, "%" PRIu64, number);
}

void json_put_int(struct json *json, const char *key, int64_t number)
{
	lead(json, key);
	fprintf(json->out, "%" PRId64, number);
}

void json_put_fixed(struct json *json, const char *key, double number)
{
	lead(json, key);
	fprintf(json->out, "%.6f", number);
}

void json_put_bool(struct json *json, const char *key, bool value)
{
	lead(json, key);
	fputs(value ? "true" : "false", json->out);
}

void json_put_null(struct json *json, const char *key)
{
	lead(json, key);
	fputs("null", json->out);
}
