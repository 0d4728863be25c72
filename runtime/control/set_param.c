/*
 * runtime/control/set_param.c: --set, element by element. A value is read twice: once
 * to check all of it, once to write it, so that a refused one leaves the
 * parameter block as it was.
 */
#include "runtime/control/set_param.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "runtime/base/text.h"

__attribute__((format(printf, 3, 4))) static bool
set_param_refuse(char *error, size_t bytes, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	text_line(error, bytes, format, arguments);
	va_end(arguments);
	return false;
}

static size_t element_bytes(enum graph_param_type type)
{
	return type == GRAPH_PARAM_FLOAT    ? sizeof(double)
	       : type == GRAPH_PARAM_STRING ? 1
					    : sizeof(int32_t);
}

static bool read_color(const struct graph_param *param, const char *text,
		       size_t length, void *element)
{
	uint32_t color;

	if (param->type == GRAPH_PARAM_RGBA
		    ? !text_to_rgba(text, length, &color)
		    : !text_to_color(text, length, &color))
		return false;
	if (element)
		memcpy(element, &color, sizeof(color));
	return true;
}

static bool read_int(const struct graph_param *param, const char *text,
		     size_t length, void *element)
{
	int64_t number;
	int32_t value;

	if (!text_to_int(text, length, INT32_MIN, INT32_MAX, &number))
		return false;
	if ((double)number < param->min || (double)number > param->max)
		return false;
	value = (int32_t)number;
	if (element)
		memcpy(element, &value, sizeof(value));
	return true;
}

static bool read_float(const struct graph_param *param, const char *text,
		       size_t length, void *element)
{
	double value;

	if (!text_to_float(text, length, param->min, param->max, &value))
		return false;
	if (element)
		memcpy(element, &value, sizeof(value));
	return true;
}

/* The word's place in the list. */
static bool read_word(const char *const *words, const char *text, size_t length,
		      void *element)
{
	int32_t value;

	for (value = 0; words[value]; value++)
		if (text_is(text, length, words[value]))
			break;
	if (!words[value])
		return false;
	if (element)
		memcpy(element, &value, sizeof(value));
	return true;
}

static bool read_element(const struct graph_param *param, const char *text,
			 size_t length, void *element)
{
	static const char *const bools[] = {"false", "true", NULL};

	switch (param->type) {
	case GRAPH_PARAM_INT:
		return read_int(param, text, length, element);
	case GRAPH_PARAM_FLOAT:
		return read_float(param, text, length, element);
	case GRAPH_PARAM_COLOR:
	case GRAPH_PARAM_RGBA:
		return read_color(param, text, length, element);
	case GRAPH_PARAM_BOOL:
		return read_word(bools, text, length, element);
	case GRAPH_PARAM_CHOICE:
		return read_word(param->choices, text, length, element);
	case GRAPH_PARAM_STRING: /* read_string: it is no list */
	case GRAPH_PARAM_TYPE_COUNT:
		break;
	}
	return false;
}

/* All of it, commas too, then NULs. */
static bool read_string(const struct graph_param *param, const char *text,
			unsigned char *value)
{
	size_t bytes = strlen(text);
	uint32_t code;

	if (bytes >= param->count || text_check(text, bytes, &code))
		return false;
	if (value) {
		memset(value, 0, param->count);
		memcpy(value, text, bytes);
	}
	return true;
}

/* Exactly param->count elements with commas between; value NULL: check. */
static bool read_value(const struct graph_param *param, const char *text,
		       unsigned char *value)
{
	uint32_t i;

	if (param->type == GRAPH_PARAM_STRING)
		return read_string(param, text, value);
	for (i = 0; i < param->count; i++) {
		size_t length = strcspn(text, ",");

		if (!read_element(param, text, length, value))
			return false;
		text += length;
		if (*text != (i + 1 < param->count ? ',' : '\0'))
			return false;
		text += i + 1 < param->count;
		if (value)
			value += element_bytes(param->type);
	}
	return true;
}

static const struct graph_param *find(const struct graph *graph,
				      const char *name, size_t length)
{
	uint32_t i;

	for (i = 0; i < graph->param_count; i++)
		if (text_is(name, length, graph->params[i].name))
			return &graph->params[i];
	return NULL;
}

static bool refuse_name(const struct graph *graph, const char *name,
			size_t length, char *error, size_t bytes)
{
	struct text_nearest best = {NULL, 0};
	int shown = length > 64 ? 64 : (int)length;
	uint32_t i;

	for (i = 0; i < graph->param_count; i++)
		text_nearest(&best, name, length, graph->params[i].name);
	if (best.name)
		return set_param_refuse(
			error, bytes,
			"%.*s: no such parameter; did you mean %s?", shown,
			name, best.name);
	if (!graph->param_count)
		return set_param_refuse(error, bytes,
					"%.*s: graph %s has no parameters",
					shown, name, graph->name);
	return set_param_refuse(
		error, bytes, "%.*s: no such parameter; %s", shown, name,
		"--help lists them");
}

/* What is wrong with a text, after what it must be. */
static void describe_fault(const struct graph_param *param, const char *value,
			   char *text, size_t bytes)
{
	enum text_fault fault;
	uint32_t code;

	if (param->type != GRAPH_PARAM_STRING)
		return;
	if (strlen(value) >= param->count) {
		text_append(text, bytes, "; this has %zu", strlen(value));
		return;
	}
	fault = text_check(value, strlen(value), &code);
	if (fault == TEXT_NOT_UTF8)
		text_append(text, bytes, "; this %s", text_fault_words(fault));
	else
		text_append(text, bytes, "; U+%04X %s", code,
			    text_fault_words(fault));
}

const struct graph_param *set_param_find(const struct graph *graph,
					 const char *name, size_t length,
					 char *error, size_t error_bytes)
{
	const struct graph_param *param = find(graph, name, length);

	if (!param)
		refuse_name(graph, name, length, error, error_bytes);
	return param;
}

bool set_param_read(const struct graph_param *param, const char *text,
		    unsigned char *value, char *error, size_t error_bytes)
{
	char accepted[256];

	if (read_value(param, text, NULL))
		return !value || read_value(param, text, value);
	set_param_describe(param, accepted, sizeof(accepted));
	describe_fault(param, text, accepted, sizeof(accepted));
	return set_param_refuse(error, error_bytes, "%s=%.128s: must be %s",
				param->name, text, accepted);
}

/* "--set " before the line. */
static bool set_param_refuse_option(const char *line, char *error, size_t bytes)
{
	return set_param_refuse(error, bytes, "--set %s", line);
}

bool set_param(const struct graph *graph, const char *assignment,
	       unsigned char *pool, char *error, size_t error_bytes)
{
	const char *value = strchr(assignment, '=');
	const struct graph_param *param;
	char line[512];

	if (!value)
		return set_param_refuse(error, error_bytes,
					"--set %.64s: write NODE.PARAM=VALUE",
					assignment);
	param = set_param_find(graph, assignment, (size_t)(value - assignment),
			       line, sizeof(line));
	if (!param || !set_param_read(param, value + 1,
				      pool ? pool + param->offset : NULL, line,
				      sizeof(line)))
		return set_param_refuse_option(line, error, error_bytes);
	return true;
}

static void describe_choices(const char *const *choices, char *text,
			     size_t bytes)
{
	size_t i;

	for (i = 0; choices[i]; i++)
		text_append(text, bytes, "%s%s", i ? ", " : "", choices[i]);
}

/* A font's size is baked. */
bool set_param_is_fixed(const struct graph_param *param)
{
	return (param->type == GRAPH_PARAM_INT ||
		param->type == GRAPH_PARAM_FLOAT) &&
	       param->min >= param->max;
}

static void describe_one(const struct graph_param *param, char *text,
			 size_t bytes)
{
	if (set_param_is_fixed(param)) {
		text_append(text, bytes, "%.15g%s%s, which the graph fixes",
			    param->min, param->unit[0] ? " " : "",
			    param->unit);
		return;
	}
	switch (param->type) {
	case GRAPH_PARAM_INT:
		text_append(text, bytes, "a whole number from ");
		break;
	case GRAPH_PARAM_FLOAT:
		text_append(text, bytes, "a number from ");
		break;
	case GRAPH_PARAM_COLOR:
		text_append(text, bytes, "a color #rrggbb");
		return;
	case GRAPH_PARAM_RGBA:
		text_append(text, bytes, "a color #rrggbb or #rrggbbaa");
		return;
	case GRAPH_PARAM_STRING:
		text_append(text, bytes, "text, UTF-8, of %u bytes at most",
			    param->count - 1);
		return;
	case GRAPH_PARAM_BOOL:
		text_append(text, bytes, "true or false");
		return;
	case GRAPH_PARAM_CHOICE:
		text_append(text, bytes, "one of ");
		describe_choices(param->choices, text, bytes);
		return;
	case GRAPH_PARAM_TYPE_COUNT:
		return;
	}
	text_append(text, bytes, "%.15g to %.15g%s%s", param->min, param->max,
		    param->unit[0] ? " " : "", param->unit);
}

void set_param_describe(const struct graph_param *param, char *text,
			size_t bytes)
{
	text[0] = '\0';
	if (param->count > 1 && param->type != GRAPH_PARAM_STRING)
		text_append(text, bytes, "%u values with commas between, each ",
			    param->count);
	describe_one(param, text, bytes);
}

/* The alpha of an opaque colour is left out. */
static void format_rgba(uint32_t color, char *text, size_t bytes)
{
	text_append(text, bytes, "#%06x", color & 0xffffff);
	if (color >> 24 != 0xff)
		text_append(text, bytes, "%02x", color >> 24);
}

static void format_element(const struct graph_param *param,
			   const unsigned char *element, char *text,
			   size_t bytes)
{
	double number;
	int32_t value;

	if (param->type == GRAPH_PARAM_FLOAT) {
		memcpy(&number, element, sizeof(number));
		text_append(text, bytes, "%.15g", number);
		return;
	}
	memcpy(&value, element, sizeof(value));
	switch (param->type) {
	case GRAPH_PARAM_COLOR:
		text_append(text, bytes, "#%06x", (uint32_t)value & 0xffffff);
		break;
	case GRAPH_PARAM_RGBA:
		format_rgba((uint32_t)value, text, bytes);
		break;
	case GRAPH_PARAM_BOOL:
		text_append(text, bytes, "%s", value ? "true" : "false");
		break;
	case GRAPH_PARAM_CHOICE:
		text_append(text, bytes, "%s", param->choices[value]);
		break;
	default:
		text_append(text, bytes, "%d", value);
		break;
	}
}

void set_param_format(const struct graph_param *param, const void *value,
		      char *text, size_t bytes)
{
	const unsigned char *element = value;
	uint32_t i;

	text[0] = '\0';
	if (param->type == GRAPH_PARAM_STRING) {
		text_append(text, bytes, "%s", (const char *)value);
		return;
	}
	for (i = 0; i < param->count; i++) {
		text_append(text, bytes, "%s", i ? "," : "");
		format_element(param, element, text, bytes);
		element += element_bytes(param->type);
	}
}
