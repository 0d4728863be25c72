/*
 * runtime/app/set_param.h: --set NODE.PARAM=VALUE, checked against the graph's
 * parameter table and written into the parameter block.
 *
 * Values are written as on the command line: 40 (int), 2.5 (float),
 * "#ff8000" (color, rgba), "#ff800080" (rgba), true or false (bool), a choice by
 * its name; a vector is its elements with commas between them: 400,300; of a
 * string all that follows the '='. Main thread, before the
 * first tick; nothing changes parameters while the graph runs.
 */
#ifndef RUNTIME_APP_SET_PARAM_H
#define RUNTIME_APP_SET_PARAM_H

#include "graph/graph.h"

/*
 * Checks `assignment` and, when `pool` is not NULL, writes the value into it
 * (the host pool of struct graph, its defaults already in place). Either all
 * elements are written or none. False: refused, `error` (error_bytes of it)
 * holds one line that names the parameter, its range and unit, or the nearest
 * parameter name there is.
 */
bool set_param(const struct graph *graph, const char *assignment,
	       unsigned char *pool, char *error, size_t error_bytes)
	__attribute__((warn_unused_result));

/*
 * Writes "int, 1 to 4096 px" and the like: what the parameter accepts. At
 * most `bytes` of text, cut where it does not fit; always ends in NUL.
 */
void set_param_describe(const struct graph_param *param, char *text,
			size_t bytes);

/*
 * Writes one parameter's value as --set would take it; `value` is its first
 * element. Cut and ended like set_param_describe.
 */
void set_param_format(const struct graph_param *param, const void *value,
		      char *text, size_t bytes);

#endif
