/*
 * runtime/port/drivers.h: the drivers that a program holds. runtime/main.c lists
 * its own; tests link theirs.
 */
#ifndef RUNTIME_PORT_DRIVERS_H
#define RUNTIME_PORT_DRIVERS_H

#include "runtime/port/backend.h"
#include "runtime/port/display.h"
#include "runtime/port/source.h"

/* Each list in the order in which `auto` tries it, NULL at the end. */
struct drivers {
	const struct display_ops *const *displays;
	const struct source_ops *const *sources;
	const struct backend_ops *const *backends; /* the CPU last */
	const char *display_order; /* the board's, see display_in_order; NULL: none */
};

#endif
