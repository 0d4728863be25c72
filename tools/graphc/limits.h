/*
 * tools/graphc/limits.h: every limit of a description, in one place.
 *
 * Each is printed in the message that refuses what exceeds it, and listed in
 * docs/graph-format.md (tests/graph/test_docs.c compares). Together they bound
 * graphc's time and memory whatever the input is.
 */
#ifndef GRAPHC_LIMITS_H
#define GRAPHC_LIMITS_H

#include "graph/graph.h"

/* clang-format off */
#define LIMIT_FILE_BYTES (1u << 20) /* of one YAML file */
#define LIMIT_DEPTH	 16	    /* nested sequences and mappings */
#define LIMIT_VALUES	 65536	    /* scalars and collections in one file */
#define LIMIT_ENTRIES	 4096	    /* in one sequence or mapping */
#define LIMIT_NAME	 GRAPH_NAME_MAX
#define LIMIT_NODES	 512
#define LIMIT_LINKS	 2048 /* arrows */
#define LIMIT_SINKS	 GRAPH_SINKS_MAX
#define LIMIT_SOURCES	 GRAPH_SOURCES_MAX
#define LIMIT_SIDE_MIN	 16 /* pixels, width and height */
#define LIMIT_SIDE_MAX	 8192
#define LIMIT_RATE_TERM	 1000000 /* numerator and denominator of a rate */
#define LIMIT_RATE_MAX	 10000	 /* ticks a second that a board may allow */
#define LIMIT_POOL_BYTES ((uint64_t)64 << 30) /* that a board may allow */
#define LIMIT_UNIFORM	 (4u << 20) /* bytes of a node's uniform */
#define LIMIT_THREADS	 1024	 /* of a thread block of a frame type */
#define LIMIT_TYPES	 1024	 /* *.yaml files in all node directories */
#define LIMIT_INPUTS	 8	 /* of one node type */
#define LIMIT_PARAMS	 32	 /* of one node type */
#define LIMIT_ELEMENTS	 GRAPH_ELEMENTS_MAX /* of a parameter: "float[256]" */
#define LIMIT_COUNTS	 8	 /* of one node type */
#define LIMIT_CHOICES	 32	 /* of one parameter */
#define LIMIT_TEXT	 255	 /* bytes of a doc line or a formula */
#define LIMIT_PARENS	 16	 /* nested in a formula */
#define LIMIT_FILES	 64	 /* that a graph's parameters name */
#define LIMIT_IMAGE_BYTES (16u << 20) /* of a PNG */
#define LIMIT_PIXELS	 (1u << 20) /* of all images of a graph together */
#define LIMIT_GRID_MIN	 2	 /* points side by side in a grid */
#define LIMIT_GRID_MAX	 129
#define LIMIT_GRID_VALUE 16	 /* of a point's x and y, either side of 0 */
/* clang-format on */

#endif
