/*
 * tests/graph/print_random_graph.c: print_random_graph SEED [NODE_DIR]...
 *
 * Prints the random graph of a seed, made of the types in kernel/,
 * drivers/display/ and the folders given. Run it from the root of the tree.
 */
#include <stdio.h>
#include <stdlib.h>

#include "tests/graph/random_graph.h"

static int print(struct library *library, struct diag *diag, int argc,
		 char **argv)
{
	struct text text;
	int i;

	if (library_add(library, "kernel", "kernel/", diag) ||
	    library_add(library, "drivers/display", "drivers/display/", diag))
		return -1;
	for (i = 2; i < argc; i++)
		if (library_add(library, argv[i], "", diag))
			return -1;
	text_init(&text, &library->arena);
	if (random_graph(&text, library, strtoull(argv[1], NULL, 10), diag))
		return -1;
	fputs(text.bytes, stdout);
	return 0;
}

int main(int argc, char **argv)
{
	static struct library library;
	struct diag diag;
	int result;

	if (argc < 2) {
		fputs("usage: print_random_graph SEED [NODE_DIR]...\n", stderr);
		return 2;
	}
	diag_init(&diag);
	library_init(&library);
	result = print(&library, &diag, argc, argv);
	if (result)
		fputs(diag_line(&diag, &library.arena), stderr);
	library_finish(&library);
	return result ? 1 : 0;
}
