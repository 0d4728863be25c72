/*
 * tests/kernel/node_table.h: every node type there is, as data for the tests.
 *
 * The table is made by make_node_table from the bindings, at build time: a new
 * type is tested without an edit here. Read next: node_round.h.
 */
#ifndef TESTS_KERNEL_NODE_TABLE_H
#define TESTS_KERNEL_NODE_TABLE_H

#include "graph/graph.h"
#include "kernel/window.h"

#define NODE_INPUTS_MAX 8
#define NODE_PARAMS_MAX 32
#define NODE_SOURCES	2 /* of the graph that the nodes are told they are in */

struct node_param {
	const char *name;
	enum graph_param_type type;
	uint32_t count, offset; /* elements; bytes in struct foo_params */
	double min, max;	/* of INT and FLOAT; 0, last index of CHOICE */
	double defaults[GRAPH_ELEMENTS_MAX + 1];
	bool names_inputs; /* a choice of those that are fed */
};

/* The functions take what foo's take, with the inputs as an array and the
 * structs as void; a picture without a width is one that nothing feeds. Kind
 * sample has sample and view for pixel and span. span, view, run, rows, touches
 * and band are NULL where the binding has none. */
struct node_type {
	const char *name;
	bool is_frame;
	uint32_t input_count, param_count;
	uint32_t optional; /* inputs, the last ones, that nothing need feed */
	uint32_t count_count; /* what it counts */
	const struct node_param *params;
	size_t params_bytes, uniform_sizeof;
	uint64_t (*uniform_bytes)(uint64_t width, uint64_t height);
	uint64_t (*head_bytes)(uint64_t width, uint64_t height);
	uint64_t (*state_bytes)(uint64_t width, uint64_t height);
	uint64_t (*scratch_bytes)(uint64_t width, uint64_t height);
	void (*tick)(const void *params, const struct tick *tick, void *state,
		     void *uniform);
	uint32_t (*pixel)(const void *uniform, int32_t x, int32_t y,
			  const uint32_t *in);
	uint32_t (*sample)(const void *uniform, int32_t x, int32_t y,
			   const struct picture *in);
	void (*view)(const void *uniform, int32_t y, int32_t x0, int32_t x1,
		     struct window *const in[], uint32_t *out);
	void (*view_run)(const void *uniform, int32_t x, int32_t y,
			 const struct picture *in, uint32_t *out);
	void (*run)(const void *uniform, int32_t x, int32_t y,
		    const uint32_t *const in[], uint32_t *out);
	bool (*touches)(const void *uniform, int32_t x, int32_t y);
	void (*span)(const void *uniform, int32_t y, int32_t x0, int32_t x1,
		     const uint32_t *const in[], uint32_t *out);
	void (*rows)(const void *uniform, int32_t y0, int32_t y1,
		     const struct image *out);
	void (*frame)(const void *params, const void *uniform, void *state,
		      const struct image *in, const struct image *out,
		      void *scratch);
	void (*band)(const void *params, const void *uniform,
		     const struct image *in, const struct image *out,
		     int32_t y0, int32_t y1, void *scratch);
};

extern const struct node_type node_types[];
extern const uint32_t node_type_count;

#endif
