/*
 * runtime/control/value.c: see runtime/control/value.h. What comes in is written
 * as --set takes it, so that one place decides what a value is.
 */
#include "runtime/control/value.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/base/text.h"
#include "runtime/control/set_param.h"

#define VALUE_ELEMENT_MAX 32 /* bytes of one as text, with a comma */

const char *value_type_name(enum graph_param_type type)
{
	static const char *const names[GRAPH_PARAM_TYPE_COUNT] = {
		[GRAPH_PARAM_INT] = "int",	 [GRAPH_PARAM_FLOAT] = "float",
		[GRAPH_PARAM_COLOR] = "color",	 [GRAPH_PARAM_BOOL] = "bool",
		[GRAPH_PARAM_CHOICE] = "choice", [GRAPH_PARAM_RGBA] = "rgba",
		[GRAPH_PARAM_STRING] = "string",
	};

	return names[type];
}

/* ---- out ----------------------------------------------------------------------- */

static json_t *value_element(const struct graph_param *param,
			     const unsigned char *element)
{
	struct graph_param one = *param;
	char text[VALUE_ELEMENT_MAX];
	double number;
	int32_t whole;

	if (param->type == GRAPH_PARAM_FLOAT) {
		memcpy(&number, element, sizeof(number));
		return json_real(number);
	}
	memcpy(&whole, element, sizeof(whole));
	if (param->type == GRAPH_PARAM_INT)
		return json_integer(whole);
	if (param->type == GRAPH_PARAM_BOOL)
		return json_boolean(whole);
	if (param->type == GRAPH_PARAM_CHOICE)
		return json_string(param->choices[whole]);
	one.count = 1;
	set_param_format(&one, element, text, sizeof(text));
	return json_string(text);
}

json_t *value_to_json(const struct graph_param *param,
		      const unsigned char *value)
{
	size_t bytes = param->type == GRAPH_PARAM_FLOAT ? sizeof(double)
							: sizeof(int32_t);
	json_t *array;
	uint32_t i;

	if (param->type == GRAPH_PARAM_STRING)
		return json_string((const char *)value);
	if (param->count == 1)
		return value_element(param, value);
	array = json_array();
	for (i = 0; i < param->count; i++)
		json_array_append_new(array,
				      value_element(param, value + i * bytes));
	return array;
}

/* ---- in ------------------------------------------------------------------------ */

/* At the end of text; false: it is no value, or does not fit. */
static bool value_add_text(const json_t *json, char *text, size_t bytes)
{
	size_t length = strlen(text);

	switch (json_typeof(json)) {
	case JSON_STRING:
		text_append(text, bytes, "%s", json_string_value(json));
		break;
	case JSON_INTEGER:
		text_append(text, bytes, "%lld",
			    (long long)json_integer_value(json));
		break;
	case JSON_REAL:
		text_append(text, bytes, "%.17g", json_real_value(json));
		break;
	case JSON_TRUE:
	case JSON_FALSE:
		text_append(text, bytes, "%s",
			    json_is_true(json) ? "true" : "false");
		break;
	default:
		return false;
	}
	return strlen(text) < bytes - 1 || length == bytes - 1;
}

static bool value_add_all(const json_t *json, char *text, size_t bytes)
{
	json_t *element;
	size_t i;

	if (!json_is_array(json))
		return value_add_text(json, text, bytes);
	json_array_foreach(json, i, element) {
		text_append(text, bytes, "%s", i ? "," : "");
		if (!value_add_text(element, text, bytes))
			return false;
	}
	return true;
}

static bool value_refuse(const struct graph_param *param, const char *is,
			 char *error, size_t bytes)
{
	char accepted[256];

	set_param_describe(param, accepted, sizeof(accepted));
	error[0] = '\0';
	text_append(error, bytes, "%s: must be %s; this is %s", param->name,
		    accepted, is);
	return false;
}

bool value_from_json(const struct graph_param *param, const json_t *json,
		     unsigned char *value, char *error, size_t error_bytes)
{
	/* one more than fits, so that what is too long is refused as such */
	size_t bytes = (size_t)param->count * VALUE_ELEMENT_MAX + 256;
	bool is_text = param->type == GRAPH_PARAM_STRING, done;
	char *text;

	if (is_text && !json_is_string(json))
		return value_refuse(param, "no string", error, error_bytes);
	text = calloc(bytes, 1);
	if (!text)
		return value_refuse(param, "more than there is memory for",
				    error, error_bytes);
	done = value_add_all(json, text, bytes)
		       ? set_param_read(param, text, value, error, error_bytes)
		       : value_refuse(param, "none", error, error_bytes);
	free(text);
	return done;
}

const struct graph_param *value_find(const struct graph *graph,
				     const char *name, char *error,
				     size_t error_bytes)
{
	char plain[2 * GRAPH_NAME_MAX + 2];
	char *slash;

	if (name[0] != '/' || strlen(name) > sizeof(plain))
		return set_param_find(graph, name, strlen(name), error,
				      error_bytes);
	snprintf(plain, sizeof(plain), "%s", name + 1);
	slash = strchr(plain, '/');
	if (slash)
		*slash = '.';
	return set_param_find(graph, plain, strlen(plain), error, error_bytes);
}
