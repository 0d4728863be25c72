/*
 * tools/graphc/passes.h: the passes, in the order in which they run.
 *
 * Each takes the graph as the one before left it and returns 0, or -1 with the
 * message in ir->diag. From place on nothing but memory can be refused.
 *
 *   parse     YAML tree -> names, size, rate, nodes, links
 *   bind      types, parameters, ports -> bindings and indices
 *   check     one producer an input, no cycle, everything used, byte counts
 *   place     a backend for each node
 *   fuse      maximal groups of pixel nodes -> steps
 *   schedule  the order of the steps
 *   allocate  lifetimes -> offsets in one pool
 *   emit      the four files (emit.h)
 */
#ifndef GRAPHC_PASSES_H
#define GRAPHC_PASSES_H

#include "tools/graphc/ir.h"
#include "tools/graphc/library.h"

int pass_parse(struct ir *ir, const struct tree *tree);
int pass_bind(struct ir *ir, struct library *library);
int pass_check(struct ir *ir);
void pass_place(struct ir *ir);
void pass_fuse(struct ir *ir);
void pass_schedule(struct ir *ir);
int pass_allocate(struct ir *ir);

/* allocate's first half: which outputs need frame buffers, and which row each
 * pixel node draws (rows.c). */
void allocate_rows(struct ir *ir);

#endif
