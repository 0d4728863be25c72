/*
 * tests/graph/fuzz_graphc.c: libFuzzer's entry into the graph compiler.
 *
 * An input that begins with "type:" is read as a binding, one with "board:" as
 * a board, one with a PNG's first byte as an image and one with a digit as a
 * grid; any other is compiled as a graph, from the bytes to the five texts in
 * memory. Files that it names are not opened: it is in no folder. tests/graph/fuzz.sh builds and runs it from the root of the tree.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/graph/fixture.h"
#include "tools/graphc/baked.h"

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

static void read_image(const struct source *source)
{
	struct ir_file file = {0};
	char why[192] = "";

	if (!baked_image(&file, source, 1 << 16, &f.arena, why, sizeof(why)) ==
	    !file.pixels)
		abort();
}

static int read_grid(const struct source *source)
{
	struct ir_file file = {.node = "node", .param = "param"};

	if (source_check(source, &f.diag))
		return -1;
	return baked_grid(&file, source, &f.arena, &f.diag);
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
	int result = 0;

	arena_reset(&f.arena);
	diag_init(&f.diag);
	source.text = arena_text(&f.arena, (const char *)data, size);
	source.bytes = size;
	if (!strncmp(source.text, "type:", 5) ||
	    !strncmp(source.text, "board:", 6))
		result = read_part(&source, source.text[0] == 'b');
	else if (size && data[0] == 0x89)
		read_image(&source);
	else if (size && data[0] >= '0' && data[0] <= '9')
		result = read_grid(&source);
	else
		result = read_graph(&source, size & 1);
	/* Refused means one message, with a place; accepted means none. */
	if ((result != 0) != (f.diag.rule != RULE_COUNT))
		abort();
	if (result && (!f.diag.at.line || !f.diag.at.column || !*f.diag.text))
		abort();
	return 0;
}
