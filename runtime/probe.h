/*
 * runtime/probe.h: --probe: what displays, devices and backends are here, what
 * the operating system allows, and what `auto` would choose. Opens device
 * files to see whether it may and closes them again; changes nothing, takes no
 * display and leaves the screen alone. Main thread, in place of a run.
 */
#ifndef RUNTIME_PROBE_H
#define RUNTIME_PROBE_H

#include <stdio.h>

#include "graph/graph.h"

/* What only main.c knows; caller-owned. Lists end in NULL. */
struct probe {
	const struct graph *graph;
	const char *const *isas;     /* the CPU has and the program holds */
	const char *isa;	     /* the one that auto chooses */
	const char *const *displays; /* built in, best first */
	const char *display;	     /* the one that auto chooses */
};

/* False: writing to `out` failed. */
bool probe_print(const struct probe *probe, FILE *out);

#endif
