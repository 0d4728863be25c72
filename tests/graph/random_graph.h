/*
 * tests/graph/random_graph.h: a valid description from a seed.
 *
 * The same seed and node types give the same text on every machine. The graphs
 * fork, join, chain, mix pixel and frame nodes and end in 1 to 8 sinks; nodes
 * and links are declared in any order, and parameters take values in range. Files
 * are in a folder beside the graph: tests/graph/files.
 */
#ifndef TESTS_GRAPH_RANDOM_GRAPH_H
#define TESTS_GRAPH_RANDOM_GRAPH_H

#include "tools/graphc/library.h"
#include "tools/graphc/text.h"

/* Appends the description of graph `random-SEED`, made of the types that
 * `library` lists. -1: a binding is bad, see `diag`. */
int random_graph(struct text *text, struct library *library, uint64_t seed,
		 struct diag *diag);

#endif
