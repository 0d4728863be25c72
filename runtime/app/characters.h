/*
 * runtime/app/characters.h: what of a graph's texts its font does not have.
 *
 * Main thread, once --set is done. Such a character is drawn as a box: a line
 * says how many there are and what to do.
 */
#ifndef RUNTIME_APP_CHARACTERS_H
#define RUNTIME_APP_CHARACTERS_H

#include "graph/graph.h"

/* How many characters of a text the graph's font lacks; *first: the first of
 * them, untouched if there is none. 0 for a graph without a font. */
uint32_t characters_missing(const struct graph *graph, const char *text,
			    uint32_t *first);

/* A line on stderr for each parameter of the pool whose text has some. */
void characters_tell(const struct graph *graph, const unsigned char *pool);

#endif
