/*
 * runtime/control/value.h: a parameter's value as JSON: numbers, true and false,
 * strings; a choice by its name, a colour as "#rrggbb" or "#rrggbbaa"; an array
 * where it has several elements. A string as --set takes it is taken too. Any
 * thread.
 */
#ifndef RUNTIME_CONTROL_VALUE_H
#define RUNTIME_CONTROL_VALUE_H

#include <jansson.h>

#include "graph/graph.h"

/* `value`: as it lies in the pool. A new reference. */
json_t *value_to_json(const struct graph_param *param,
		      const unsigned char *value);

/* Into `value`, change_bytes() of them. False: refused, nothing is written, and
 * `error` holds the line. */
bool value_from_json(const struct graph_param *param, const json_t *json,
		     unsigned char *value, char *error, size_t error_bytes)
	__attribute__((warn_unused_result));

/* "node.param", or "/node/param" as OSC has it. NULL: there is none, and
 * `error` holds the line. */
const struct graph_param *value_find(const struct graph *graph,
				     const char *name, char *error,
				     size_t error_bytes);

/* "int": for the protocol, stable. */
const char *value_type_name(enum graph_param_type type);

#endif
