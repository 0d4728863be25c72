/*
 * tools/graphc/binding.h: a node type's binding, read from its YAML file.
 *
 * docs/graph-format.md describes the file. A binding is checked in full when it
 * is read, defaults and formulas included, so that a bad node type is refused
 * whatever graph uses it. Everything points into the arena it was read into.
 *
 * Read next: library.h, which finds the files.
 */
#ifndef GRAPHC_BINDING_H
#define GRAPHC_BINDING_H

#include <stdbool.h>

#include "graph/graph.h"
#include "tools/graphc/limits.h"
#include "tools/graphc/tree.h"

enum binding_kind {
	BINDING_PIXEL, /* foo_pixel, maybe foo_span */
	BINDING_SAMPLE, /* the same, but its inputs are whole pictures */
	BINDING_FRAME, /* foo_frame */
	BINDING_SINK,  /* a display driver; no code in the graph */
	BINDING_SOURCE, /* frames from outside; graphc's own type */
	BINDING_KIND_COUNT
};

/* What the value of a parameter names: in the graph a text, in the program an
 * index, as of a choice; 0: none. */
enum binding_reference {
	REFERENCE_NONE, /* nothing: it is a value itself */
	REFERENCE_IMAGE, /* `file`, `kind: image`: a PNG */
	REFERENCE_GRID,	 /* `file`, `kind: grid`: a table of points */
	REFERENCE_SOURCE, /* `source`: of this graph */
	REFERENCE_COUNT
};

struct binding_param {
	const char *name, *unit, *doc; /* "" for none */
	enum graph_param_type type; /* of a reference: CHOICE */
	enum binding_reference reference;
	bool required; /* of a reference: the graph has to name one */
	/* elements; 1 for a scalar; of a string its bytes, with one for NUL */
	uint32_t count;
	double min, max; /* of each element; INT and FLOAT only */
	/* `count` values: numbers, 0xAArrggbb, 0 or 1, a choice's index, or a
	 * string's bytes. */
	const double *defaults;
	const char *const *choices; /* choice_count, then a NULL */
	uint32_t choice_count;
	bool font; /* a font's size: baked, so that --set leaves it alone */
	uint32_t offset; /* in struct foo_params, natural C layout */
};

struct binding {
	const char *type, *doc;
	const char *file;   /* as messages call it: "kernel/ball.yaml" */
	const char *header; /* as generated code includes it; NULL for sinks */
	const char *source; /* the same of foo.cu; only where foo_tile is */
	enum binding_kind kind;
	uint32_t input_count, output_count, param_count;
	uint32_t setting_count; /* of a sink, in params: for its driver */
	const char *inputs[LIMIT_INPUTS];
	uint32_t optional; /* inputs, the last ones, that nothing need feed */
	const char *output; /* pixel and frame; else NULL */
	struct binding_param params[LIMIT_PARAMS];
	uint32_t params_bytes; /* sizeof(struct foo_params); 0 without */
	const char *counts[LIMIT_COUNTS]; /* what foo_tick counts */
	uint32_t count_count;
	/* Formulas of width and height (formula.h), in bytes. */
	const char *uniform, *state, *scratch;
	const char *head; /* of the uniform, what pixels read; NULL: all */
	struct where uniform_at, state_at, scratch_at, head_at;
	bool span;    /* foo_span exists */
	bool rows;    /* foo_rows exists: a generator that fills whole rows */
	bool touches; /* foo_touches exists */
	bool run;     /* foo_run exists: kind sample, what a GPU's thread draws */
	bool bands;   /* foo_band exists: kind frame, some rows at a time */
	bool cuda; /* foo_pixel may run on a GPU; of a frame: foo_tile exists */
	struct where cuda_at;
	uint32_t tile[2], threads[2]; /* foo_tile's; width and height */
};

/*
 * Reads the binding of `type` from `tree` (its file's). On refusal -1, with
 * diag->file as the caller set it.
 */
int binding_read(struct binding *binding, const char *type,
		 const struct tree *tree, struct arena *arena,
		 struct diag *diag);

/* "pixel", "frame", "sink", "source"; "int", "float", ... */
const char *binding_kind_name(enum binding_kind kind);
const char *binding_param_type_name(const struct binding_param *param);

/* Bytes of one element in struct foo_params. */
uint32_t binding_element_bytes(enum graph_param_type type);

/* The parameter of that name, or NULL. */
const struct binding_param *binding_param(const struct binding *binding,
					  const char *name);

/* Is it a choice of the inputs, by name? Those that nothing feeds are none. */
bool binding_names_inputs(const struct binding *binding,
			  const struct binding_param *param);

/* Reads `value` for `param`, no reference, into values[param->count]; range
 * checked. */
int binding_value(const struct binding_param *param, const struct tree *value,
		  double *values, struct diag *diag);

#endif
