/*
 * runtime/app/probe.h: --probe: what displays, devices and backends are here, what
 * the operating system allows, and what `auto` would choose. Asks for realtime
 * priority and locked memory as a run would and gives them back at once; takes
 * no display, and the screen stays as it is. Main thread, in place of a run.
 */
#ifndef RUNTIME_APP_PROBE_H
#define RUNTIME_APP_PROBE_H

#include <stdio.h>

#include "runtime/port/drivers.h"

/* What only the program knows; caller-owned. isas ends in NULL. */
struct probe {
	const struct graph *graph;
	const char *const *isas;     /* the CPU has and the program holds */
	const char *isa;	     /* the one that auto chooses */
	const struct drivers *drivers;
	/* Words that the board advises for the kernel's command line, spaces
	 * between (BOARD_CMDLINE); NULL: none */
	const char *cmdline;
	const char *root; /* before /sys, /proc and /dev; NULL: the machine's */
};

/* False: writing to `out` failed. */
bool probe_print(const struct probe *probe, FILE *out);

#endif
