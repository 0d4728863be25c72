/*
 * tests/graph/fuzz_graphc.c: libFuzzer's entry into the graph compiler.
 *
 * An input that begins with "type:" is read as a binding, one with "board:" as
 * a board, any other is compiled as a graph, from the bytes to the four texts
 * in memory. tests/graph/fuzz.sh builds and runs it from the root of the tree.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/graph/fixture.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct fixture f;

/* Reads every binding now, so that compiling never touches a file. */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	static const char *const folders[] = {"tests/graph/nodes", NULL};
	uint32_t i;

	(void)argc;
	(void)argv;
	fixture_init(&f, folders);
	for (i = 0; i < f.library.count; i++)
		if (!library_find(&f.library, f.library.names[i],
				  (struct where){1, 1}, &f.diag))
			abort();
	return 0;
}

static int read_part(const struct source *source, bool board)
{
	struct binding binding;
	struct board read;
	const struct tree *tree;

	if (source_check(source, &f.diag))
		return -1;
	tree = tree_parse(source, &f.arena, &f.diag);
	if (!tree)
		return -1;
	if (board)
		return board_read(&read, tree, &f.diag);
	return binding_read(&binding, "foo", tree, &f.arena, &f.diag);
}

static int read_graph(const struct source *source, bool fuse)
{
	const struct compile job = {.library = &f.library,
				    .board = &f.board,
				    .arena = &f.arena,
				    .diag = &f.diag,
				    .file = "fuzz.yaml",
				    .fuse = fuse};

	if (source_check(source, &f.diag))
		return -1;
	return compile(&job, source, &f.ir, &f.output);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct source source;
	int result;

	arena_reset(&f.arena);
	diag_init(&f.diag);
	source.text = arena_text(&f.arena, (const char *)data, size);
	source.bytes = size;
	if (!strncmp(source.text, "type:", 5) ||
	    !strncmp(source.text, "board:", 6))
		result = read_part(&source, source.text[0] == 'b');
	else
		result = read_graph(&source, size & 1);
	/* Refused means one message, with a place; accepted means none. */
	if ((result != 0) != (f.diag.rule != RULE_COUNT))
		abort();
	if (result && (!f.diag.at.line || !f.diag.at.column || !*f.diag.text))
		abort();
	return 0;
}
