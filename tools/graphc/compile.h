/*
 * tools/graphc/compile.h: the whole compiler, from text in memory to texts in
 * memory. main.c puts files around it; tests and the fuzzer call it as it is.
 */
#ifndef GRAPHC_COMPILE_H
#define GRAPHC_COMPILE_H

#include "tools/graphc/emit.h"
#include "tools/graphc/library.h"

struct compile {
	struct library *library; /* the caller's; bindings are added to it */
	const struct board *board;
	struct arena *arena; /* the caller's; the result is in it */
	struct diag *diag;   /* the caller's; diag->file names the source */
	const char *file;    /* base name of the source, for the outputs */
	/* What paths in it are seen from: "" or ending in a slash. NULL: it may
	 * name no file, as where it is text that nobody vouches for. */
	const char *folder;
	bool fuse;
};

/* Compiles a checked source. -1: refused, the message is in *diag. */
int compile(const struct compile *compile, const struct source *source,
	    struct ir *ir, struct output *output);

#endif
