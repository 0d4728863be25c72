/*
 * tools/graphc/ir.h: a graph between the passes of the compiler.
 *
 * Each pass fills in the fields under its name and reads only those above. All
 * of it lives in one arena and is linked by index: node i, step s. An output is
 * named by its node, since no type has more than one.
 *
 * One struct ir is one plan. The cuda plan is a copy made after check, so what
 * stands above place is the same in both.
 *
 * Read next: passes.h, then the passes in order.
 */
#ifndef GRAPHC_IR_H
#define GRAPHC_IR_H

#include "tools/bakefont/faces.h"
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
	enum graph_format format; /* of a source, as what follows */
	enum color_encoding encoding;
	enum color_range range;
	enum color_siting siting;
	enum picture_chroma chroma;
	enum graph_policy policy;
	uint32_t with; /* node that it is taken with, or IR_NONE */
	struct where with_at;
	bool hold; /* lost: its last frame stays */
	uint32_t width, height;
	struct where size_at;
	/* check */
	uint32_t input_count; /* that are fed: the type's but for optional ones */
	uint32_t from[LIMIT_INPUTS];	   /* node that feeds each input */
	struct where linked[LIMIT_INPUTS]; /* the end of that link */
	uint32_t *users, user_count;	   /* nodes fed, one entry a link */
	uint64_t uniform_bytes, state_bytes, scratch_bytes;
	uint64_t head_bytes; /* of the uniform, that foo_pixel reads */
	uint32_t sink, source; /* index among those, or IR_NONE */
	/* place */
	enum graph_backend backend;
	/* fuse */
	uint32_t level; /* barriers (fuse.c) that must run before */
	uint32_t step;
	/* allocate */
	bool buffered; /* the output has a frame buffer in the pool */
	struct ir_row row;
	/* Which domains hold a frame buffer of the output, and where in it. */
	bool in[DOMAIN_COUNT];
	uint64_t offset[DOMAIN_COUNT];
	uint64_t picture; /* of a source: its frame in the device pool */
};

enum ir_step_kind {
	IR_STEP_FUSED,	  /* pixel nodes, row by row */
	IR_STEP_FRAME,	  /* one frame node */
	IR_STEP_COPY,	  /* no node: a frame buffer to its sinks */
	IR_STEP_LOAD,	  /* no node: a source to its sinks and to a frame
			     buffer for frame nodes */
	IR_STEP_SOURCE,	  /* no node: a source, host -> device */
	IR_STEP_UPLOAD,	  /* no node: frame buffers, pinned -> device */
	IR_STEP_DOWNLOAD, /* no node: frame buffers, device -> pinned */
};

/* Bytes that a kernel's block takes from the host pool (graph/device.h). */
struct ir_copy {
	uint32_t node;
	bool params; /* the node's parameters; else the head of its uniform */
	uint32_t block_offset, bytes;
};

/* A file that parameters name, read and baked once whoever names it. Its index
 * in the program is 1 + how many of its kind stand before it. */
struct ir_file {
	/* bind */
	enum binding_reference kind;
	const char *path; /* as written; seen from the description's folder */
	const char *node, *param; /* the first that names it, and where */
	struct where at;
	/* bake: pixels, or points side by side and above each other */
	uint32_t width, height;
	const uint32_t *pixels; /* 0xAARRGGBB, colours times alpha */
	const int32_t *points;	/* x and y, 1/BAKED_ONE; width * height */
};

/* How a step on the device is launched. */
struct ir_kernel {
	uint32_t blocks_x, blocks_y, threads_x, threads_y;
	uint32_t block_bytes;
	uint32_t *sinks, sink_count; /* sink indices, in the block's order */
	struct ir_copy *copies;
	uint32_t copy_count;
};

struct ir_step {
	/* fuse */
	enum ir_step_kind kind;
	enum graph_backend backend;
	bool barrier; /* needs whole inputs: not a group of pixel nodes */
	uint32_t level;
	bool buffers; /* a load: into a frame buffer too, for frame nodes */
	/* topological; those whose output a copy, load or transfer moves */
	uint32_t *nodes, node_count;
	/* schedule */
	const char *name; /* "a+b", "a+b+12 more", "copy of a" */
	/* allocate */
	uint32_t *inputs, input_count; /* nodes whose frame buffers it reads */
	/* Sources that it reads as they lie in memory, and on the CPU the row
	   that each is loaded into, if ir_reads_rows. */
	uint32_t sources[LIMIT_SOURCES], source_count;
	struct ir_row source_row[LIMIT_SOURCES];
	uint64_t bytes_read, bytes_written; /* of whole frames, a tick */
	uint32_t band; /* on the CPU, rows worth a thread's while; 0: whole
			  frames only */
	/* kernels */
	struct ir_kernel *kernel; /* of a step that computes on the device */
};

/* Does a node read its inputs anywhere, not pixel by pixel? */
static inline bool ir_samples(const struct ir_node *node)
{
	return node->binding->kind == BINDING_SAMPLE;
}

/* Does a step move frames between the memories, and nothing else? */
static inline bool ir_is_transfer(const struct ir_step *step)
{
	return step->kind == IR_STEP_UPLOAD ||
	       step->kind == IR_STEP_DOWNLOAD || step->kind == IR_STEP_SOURCE;
}

/* One object in a pool, for the memory map. */
struct ir_object {
	enum domain domain;
	const char *what, *of; /* "UNIFORM_", "PATTERN" */
	bool shared;	       /* tick()'s: at one place in all plans */
	/* of frame buffers: whose; several lie side by side, as one object
	   while it is placed, so that one transfer takes them all */
	const uint32_t *nodes;
	uint32_t node_count;
	bool picture; /* of a source, as it lies in memory */
	uint64_t offset, bytes;
	uint32_t first, last; /* steps it is alive in */
	bool always;	      /* alive all the time */
};

struct ir {
	struct arena *arena;
	struct diag *diag;
	const struct board *board;
	const char *file; /* base name of the description */
	const char *folder; /* that it is in, "" or ending in a slash; NULL: no
			       file is there to be named */
	bool fuse;
	enum graph_backend backend; /* what the plan is for */
	struct ir *cuda; /* of the cpu plan: the cuda plan; NULL: none */
	/* parse */
	const char *name, *c_name, *c_upper;
	struct where at, size_at, rate_at, nodes_at, links_at, characters_at;
	uint32_t width, height;
	uint32_t rate_num, rate_den;
	uint32_t pipeline; /* 0 or 1 */
	struct faces_request faces; /* parse: characters; bind: sizes, sorted;
				       none: nothing is baked */
	const char *baked; /* what faces.h makes of it; NULL: nothing */
	struct ir_file *files; /* bind: LIMIT_FILES */
	uint32_t file_count;
	struct ir_node *nodes;
	uint32_t node_count;
	struct ir_link *links;
	uint32_t link_count;
	/* check */
	/* node indices: the `work_count` that are computed, topological, by
	   step once scheduled; then sources, then sinks */
	uint32_t *order, work_count;
	uint32_t *sinks, sink_count; /* node indices, as declared */
	uint32_t *sources, source_count;
	/* fuse, schedule */
	struct ir_step *steps; /* in the order of the schedule */
	uint32_t step_count;
	/* allocate */
	const uint32_t *tick_order; /* the cpu plan's order: tick()'s */
	struct ir_object *objects;  /* by domain and offset */
	uint32_t object_count;
	uint32_t row_count;    /* row scratches */
	uint32_t params_bytes; /* struct graph_NAME_params; 0: none */
	uint32_t pitch;	       /* bytes, of rows in frame buffers */
	uint64_t pool_bytes[DOMAIN_COUNT];
};

/* Of all nodes: rows of the generated table. */
static inline uint32_t ir_param_count(const struct ir *ir)
{
	uint32_t i, count = 0;

	for (i = 0; i < ir->node_count; i++)
		count += ir->nodes[i].binding->param_count;
	return count;
}

/* What they count: the same. */
static inline uint32_t ir_count_count(const struct ir *ir)
{
	uint32_t i, count = 0;

	for (i = 0; i < ir->node_count; i++)
		count += ir->nodes[i].binding->count_count;
	return count;
}

/* Does a step read a frame buffer or source row by row? Nodes of kind sample read
 * the picture. */
static inline bool ir_reads_rows(const struct ir *ir,
				 const struct ir_step *step, uint32_t index)
{
	const struct ir_node *node;
	uint32_t i, j;

	if (step->kind != IR_STEP_FUSED)
		return true;
	for (i = 0; i < step->node_count; i++) {
		node = &ir->nodes[step->nodes[i]];
		for (j = 0; j < node->input_count; j++)
			if (node->from[j] == index && !ir_samples(node))
				return true;
	}
	return false;
}

/* Rows of one input in its window (kernel/window.h): one to work in, and two of a
 * source; nodes' frames are read where they are. */
static inline uint32_t ir_window_rows(const struct ir_node *from)
{
	return from->source == IR_NONE ? 1 : 3;
}

static inline uint64_t ir_window_row_bytes(const struct ir *ir,
					   const struct ir_node *from)
{
	uint64_t width = from->source == IR_NONE ? ir->width : from->width;

	return (width * 4 + GRAPH_ALIGN - 1) / GRAPH_ALIGN * GRAPH_ALIGN;
}

#endif
