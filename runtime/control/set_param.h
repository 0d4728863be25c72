/*
 * runtime/control/set_param.h: --set NODE.PARAM=VALUE, checked against the graph's
 * parameter table and written into the parameter block.
 *
 * Values are written as on the command line: 40 (int), 2.5 (float),
 * "#ff8000" (color, rgba), "#ff800080" (rgba), true or false (bool), a choice by
 * its name; a vector is its elements with commas between them: 400,300; of a
 * string all that follows the '='. Main thread, before the first tick; what
 * changes while the graph runs is read by the same functions, in the control
 * thread (runtime/control/editor.h).
 */
#ifndef RUNTIME_CONTROL_SET_PARAM_H
#define RUNTIME_CONTROL_SET_PARAM_H

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

/* The parameter of that name; NULL: there is none, and `error` holds the line. */
const struct graph_param *set_param_find(const struct graph *graph,
					 const char *name, size_t length,
					 char *error, size_t error_bytes);

/* Its value out of what stands behind the '=', into `value` (NULL: checked
 * only): change_bytes() of them. False: refused, nothing is written, and
 * `error` holds the line. */
bool set_param_read(const struct graph_param *param, const char *text,
		    unsigned char *value, char *error, size_t error_bytes)
	__attribute__((warn_unused_result));

/* The graph fixes it: what it is was compiled in. */
bool set_param_is_fixed(const struct graph_param *param);

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
