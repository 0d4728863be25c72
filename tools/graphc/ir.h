/*
 * tools/graphc/ir.h: a graph between the passes of the compiler.
 *
 * Each pass fills in the fields under its name and reads only those above. All
 * of it lives in one arena and is linked by index: node i, step s. An output is
 * named by its node, since no type has more than one.
 *
 * Read next: passes.h, then the passes in order.
 */
#ifndef GRAPHC_IR_H
#define GRAPHC_IR_H

#include "tools/graphc/binding.h"
#include "tools/graphc/board.h"

#define IR_NONE UINT32_MAX /* no node, step, sink or row */

/* "node" or "node.port" in a link. */
struct ir_end {
	const char *node, *port; /* port NULL: not named */
	struct where at, port_at;
	uint32_t index; /* bind: of the node */
};

struct ir_link {
	struct ir_end from, to;
	uint32_t input; /* bind: index of to's port */
};

/* Where the pixels of a node's output are while its step draws one row. */
enum ir_row_kind {
	IR_ROW_SCRATCH, /* a row scratch, reused by others */
	IR_ROW_TARGET,	/* a sink's slot (graph_row_begin) */
	IR_ROW_FRAME,	/* the output's frame buffer in the pool */
};

struct ir_row {
	enum ir_row_kind kind;
	uint32_t index;	  /* target: sink; frame: node */
	uint32_t scratch; /* which scratch; of a target: if its slot is slow
			     to read; IR_NONE: none */
};

struct ir_node {
	/* parse */
	const char *name, *type;
	const char *c_name, *c_upper; /* '-' as '_'; upper case */
	struct where at, type_at;
	const struct tree *tree; /* type and parameters as written */
	/* bind */
	const struct binding *binding;
	const double **values; /* by parameter */
	/* check */
	uint32_t source[LIMIT_INPUTS];	   /* node that feeds each input */
	struct where linked[LIMIT_INPUTS]; /* the end of that link */
	uint32_t *users, user_count;	   /* nodes fed, one entry a link */
	uint64_t uniform_bytes, state_bytes, scratch_bytes;
	uint32_t sink; /* index among the sinks, or IR_NONE */
	/* place */
	enum graph_backend backend;
	/* fuse */
	uint32_t level; /* frame nodes that must run before */
	uint32_t step;
	/* allocate */
	bool buffered; /* the output has a frame buffer in the pool */
	struct ir_row row;
};

enum ir_step_kind {
	IR_STEP_FUSED, /* pixel nodes, row by row */
	IR_STEP_FRAME, /* one frame node */
	IR_STEP_COPY,  /* no node: a frame buffer to its sinks */
};

struct ir_step {
	/* fuse */
	enum ir_step_kind kind;
	uint32_t level;
	uint32_t *nodes, node_count; /* topological; of a copy: its source */
	/* schedule */
	const char *name; /* "a+b", "a+b+12 more", "copy of a" */
	/* allocate */
	uint32_t *inputs, input_count; /* nodes whose frame buffers it reads */
	uint64_t bytes_read, bytes_written; /* of whole frames, a tick */
};

/* One object in the host pool, for the memory map. */
struct ir_object {
	const char *what, *of; /* "UNIFORM", "PATTERN" */
	uint64_t offset, bytes;
	uint32_t first, last; /* steps it is alive in */
	bool always;	      /* alive all the time */
};

struct ir {
	struct arena *arena;
	struct diag *diag;
	const struct board *board;
	const char *file; /* base name of the description */
	bool fuse;
	/* parse */
	const char *name, *c_name, *c_upper;
	struct where at, size_at, rate_at, nodes_at, links_at;
	uint32_t width, height;
	enum graph_format format;
	uint32_t rate_num, rate_den;
	struct ir_node *nodes;
	uint32_t node_count;
	struct ir_link *links;
	uint32_t link_count;
	/* check */
	uint32_t *order; /* node indices, topological, sinks last; by step
			    once scheduled */
	uint32_t *sinks, sink_count; /* node indices, as declared */
	/* fuse, schedule */
	struct ir_step *steps; /* in the order of the schedule */
	uint32_t step_count;
	/* allocate */
	struct ir_object *objects; /* by offset */
	uint32_t object_count;
	uint32_t row_count;    /* row scratches */
	uint32_t params_bytes; /* struct graph_NAME_params; 0: none */
	uint32_t pitch;	       /* bytes, of rows in frame buffers */
	uint64_t pool_bytes;
};

#endif
