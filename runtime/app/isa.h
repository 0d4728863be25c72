/*
 * runtime/app/isa.h: which of the program's copies of the graph runs here.
 *
 * The build compiles the generated NAME.c once per instruction set, each copy
 * with its own `struct graph`; they differ in code only. Chosen once, at
 * start: no function-level dispatch (target_clones does not survive TSan).
 */
#ifndef RUNTIME_APP_ISA_H
#define RUNTIME_APP_ISA_H

#include "graph/graph.h"
#include "runtime/app/options.h"

struct isa {
	const char *name; /* "base", "avx2", "avx512": as in --isa */
	const struct graph *graph;
};

/* The copy that any CPU of this architecture runs. */
const struct isa *isa_base(void);

/* The best that this CPU runs for OPTIONS_ISA_AUTO, else the one asked for;
 * NULL where this CPU or this program does not have that. */
const struct isa *isa_choose(enum options_isa wanted);

/* The names of those that this CPU runs, base first; ends in NULL. */
const char *const *isa_names(void);

#endif
