/*
 * tools/graphc/passes.h: the passes, in the order in which they run.
 *
 * Each takes the graph as the one before left it and returns 0, or -1 with the
 * message in ir->diag. From place on nothing but memory can be refused.
 *
 *   parse     YAML tree -> names, size, rate, nodes, links
 *   bind      types, parameters, ports -> bindings and indices
 *   check     one producer an input, no cycle, everything used, byte counts
 *   bake      fonts and files -> tables
 *
 * and then once for each plan
 *
 *   place     a backend for each node
 *   fuse      maximal groups of pixel nodes -> steps
 *   schedule  the order of the steps, and transfers between memories
 *   allocate  lifetimes -> offsets in one pool a memory
 *   kernels   launches and blocks of the steps on the device
 *
 * and at last
 *
 *   emit      the five files (emit.h)
 */
#ifndef GRAPHC_PASSES_H
#define GRAPHC_PASSES_H

#include "tools/graphc/ir.h"
#include "tools/graphc/library.h"

int pass_parse(struct ir *ir, const struct tree *tree);
/* Its "1920x1080", for bind too. */
int parse_size(const struct tree *value, uint32_t *width, uint32_t *height,
	       struct diag *diag);
int pass_bind(struct ir *ir, struct library *library);
int pass_check(struct ir *ir);
int pass_bake(struct ir *ir);
void pass_place(struct ir *ir);
void pass_fuse(struct ir *ir);
void pass_schedule(struct ir *ir);
int pass_allocate(struct ir *ir);
void pass_kernels(struct ir *ir);

/* A copy to make the cuda plan in, of a graph that check has seen; NULL if
 * none of its nodes can run there, or the board has no memory for it. */
struct ir *place_cuda(const struct ir *ir);

/* allocate's first part: which outputs need frame buffers, and which row each
 * pixel node draws (rows.c). */
void allocate_rows(struct ir *ir);

/* Its last: a place for each of ir->objects (offsets.c). */
int allocate_offsets(struct ir *ir);

#endif
