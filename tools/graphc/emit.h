/*
 * tools/graphc/emit.h: a scheduled, allocated graph -> the generated files.
 *
 * A pure function of graph, bindings and board: no dates, no absolute paths,
 * nothing that depends on where or when it runs. The passes below write into
 * memory; emit_write puts the texts into files.
 */
#ifndef GRAPHC_EMIT_H
#define GRAPHC_EMIT_H

#include "tools/graphc/ir.h"
#include "tools/graphc/text.h"

struct output {
	struct text header; /* NAME.h: structs and pool offsets */
	struct text source; /* NAME.c: tables and steps */
	struct text cuda;   /* NAME.cu: kernels of the cuda plan */
	struct text report; /* NAME.txt: schedule, memory map, costs */
	struct text dot;    /* NAME.dot: the picture, for graphviz */
};

/* All of them, from a graph that every pass has seen. */
void emit(const struct ir *ir, struct output *output);

void emit_header(const struct ir *ir, struct text *text);
void emit_source(const struct ir *ir, struct text *text);
void emit_cuda(const struct ir *ir, struct text *text);
void emit_report(const struct ir *ir, struct text *text);
void emit_dot(const struct ir *ir, struct text *text);

/* emit_source's parts: tick() (emit_tick.c), and the functions that do the steps'
 * work (emit_steps.c). */
void emit_tick(const struct ir *ir, struct text *text);
void emit_steps(const struct ir *ir, struct text *text);

/* What both have: an argument that points at a node's object of the host pool,
 * such as "UNIFORM_", or is NULL where that has no bytes; one for its parameters;
 * and `params`, which that one needs. */
void emit_object(const struct ir *ir, struct text *text, const char *what,
		 const struct ir_node *node, uint64_t bytes);
void emit_params_argument(struct text *text, const struct ir_node *node);
void emit_params_pointer(const struct ir *ir, struct text *text);

/* And the tables of its plans (emit_plans.c). */
void emit_plans(const struct ir *ir, struct text *text);

/*
 * Writes NAME.h, .c, .cu, .txt and .dot into `directory`, which is made if need
 * be, and NAME.d: for make, which files they depend on that parameters name.
 * -1: could not, and the reason is on stderr.
 */
int emit_write(const struct output *output, const struct ir *ir,
	       const char *directory);

/* NAME.d's text. */
void emit_depends(const struct ir *ir, const char *directory,
		  struct text *text);

/* The comment that is the first line of a C file. */
void emit_head(const struct ir *ir, struct text *text, const char *ending);

/* The tables of kernel/baked.h, where nodes name files, and their paths as a
 * choice's words; before all headers. */
void emit_baked(const struct ir *ir, struct text *text);
void emit_references(const struct ir *ir, struct text *text,
		     enum binding_reference reference);

/* The tables of kernel/face.h, where the graph has some; before all headers. */
void emit_faces(const struct ir *ir, struct text *text);

/* How a source's chroma is loaded, as enum picture_chroma has it: "NEAREST". */
const char *emit_chroma(const struct ir_node *source);

/* What the names of a domain's objects begin with: "POOL_", "CUDA_" for what
 * only the cuda plan has in the host pool, "PINNED_", "DEVICE_"; "OWN_" and
 * "CUDA_OWN_" for what each thread has of its own. */
const char *emit_domain(const struct ir *ir, enum domain domain);

/* The graph's host pool, where one thread draws: as large as the larger plan
 * needs; and where in it that thread's scratch begins, which is the rest. */
uint64_t emit_pool_bytes(const struct ir *ir);
uint64_t emit_scratch_offset(const struct ir *ir);

/* The first node in ir->order of the same type, to do things once a type. */
bool emit_is_first_of_type(const struct ir *ir, uint32_t position);

/* Appends `before` and the name, for each sink that a step fills. */
void emit_sinks_of(const struct ir *ir, struct text *text,
		   const struct ir_step *step, const char *before);

#endif
