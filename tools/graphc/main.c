/*
 * tools/graphc/main.c: the graph compiler's command line.
 *
 *   graphc [-b BOARD.yaml] [-n NODE_DIR]... [--no-fuse] -o DIR GRAPH.yaml
 *
 * Exit status: 0 written, 1 refused (one message on stderr), 2 bad options.
 * Read next: compile.h, passes.h, then the passes in their order.
 */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/graphc/compile.h"

#define NODE_DIRS_MAX 16

enum { REFUSED = 1, BAD_OPTIONS = 2 };

struct options {
	const char *board, *out, *graph;
	const char *node_dirs[NODE_DIRS_MAX];
	int node_dir_count;
	bool no_fuse;
};

static const char usage[] =
	"usage: graphc [-b BOARD.yaml] [-n NODE_DIR]... [--no-fuse] -o DIR "
	"GRAPH.yaml\n"
	"  -b FILE    what the graph may ask of the board (default: 1 GiB,\n"
	"             1000 ticks a second)\n"
	"  -n DIR     node types beside those in kernel/ and drivers/display/\n"
	"  --no-fuse  a step for every node\n"
	"  -o DIR     where NAME.h, NAME.c, NAME.txt and NAME.dot go\n";

static int bad_options(const char *what)
{
	if (what)
		fprintf(stderr, "graphc: %s\n", what);
	fputs(usage, stderr);
	return -1;
}

static int take_node_dir(struct options *options, const char *path)
{
	if (options->node_dir_count == NODE_DIRS_MAX)
		return bad_options("too many -n; the limit is 16");
	options->node_dirs[options->node_dir_count++] = path;
	return 0;
}

static int parse_options(struct options *options, int argc, char **argv)
{
	static const struct option longs[] = {
		{"no-fuse", no_argument, NULL, 'F'},
		{"help", no_argument, NULL, 'h'},
		{NULL, 0, NULL, 0},
	};
	int c;

	while ((c = getopt_long(argc, argv, "b:n:o:h", longs, NULL)) != -1) {
		if (c == 'b')
			options->board = optarg;
		else if (c == 'o')
			options->out = optarg;
		else if (c == 'F')
			options->no_fuse = true;
		else if (c == 'n' && !take_node_dir(options, optarg))
			continue;
		else if (c == 'h') {
			fputs(usage, stdout);
			exit(0);
		} else {
			return c == 'n' ? -1 : bad_options(NULL);
		}
	}
	if (optind != argc - 1)
		return bad_options(optind == argc ? "which GRAPH.yaml?"
						  : "one GRAPH.yaml at a time");
	if (!options->out)
		return bad_options("-o DIR is missing");
	options->graph = argv[optind];
	return 0;
}

/* ROOT/FOLDER; the root of the source tree is two above build/tools/, where
 * this program is. */
static const char *in_root(struct arena *arena, const char *folder)
{
	size_t room = PATH_MAX + strlen(folder) + 2;
	char *slash, *path = arena_alloc(arena, room, 1);
	ssize_t bytes = readlink("/proc/self/exe", path, PATH_MAX - 1);
	int i;

	path[bytes > 0 ? bytes : 0] = '\0';
	for (i = 0; i < 3; i++) {
		slash = strrchr(path, '/');
		if (slash)
			*slash = '\0';
	}
	return strcat(strcat(path, "/"), folder);
}

static int load_library(struct library *library, const struct options *options,
			struct diag *diag)
{
	static const char *const built_in[] = {"kernel/", "drivers/display/"};
	int i;

	for (i = 0; i < 2; i++)
		if (library_add(library, in_root(&library->arena, built_in[i]),
				built_in[i], diag))
			return -1;
	for (i = 0; i < options->node_dir_count; i++)
		if (library_add(library, options->node_dirs[i], "", diag))
			return -1;
	return 0;
}

static int load_board(struct board *board, const char *path,
		      struct arena *arena, struct diag *diag)
{
	const struct tree *tree;
	struct source source;

	*board = board_default;
	if (!path)
		return 0;
	diag->file = path;
	if (source_read(&source, path, arena, diag))
		return -1;
	tree = tree_parse(&source, arena, diag);
	return tree ? board_read(board, tree, diag) : -1;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static int run(const struct options *options, struct library *library,
	       struct arena *arena, struct diag *diag)
{
	struct compile job = {.library = library,
			      .arena = arena,
			      .diag = diag,
			      .file = base_name(options->graph),
			      .fuse = !options->no_fuse};
	struct source source;
	struct output output;
	struct board board;
	struct ir ir;

	job.board = &board;
	if (load_library(library, options, diag) ||
	    load_board(&board, options->board, arena, diag))
		return -1;
	diag->file = options->graph;
	if (source_read(&source, options->graph, arena, diag) ||
	    compile(&job, &source, &ir, &output))
		return -1;
	return emit_write(&output, ir.name, options->out);
}

int main(int argc, char **argv)
{
	static struct library library;
	struct options options = {.out = NULL};
	struct arena arena;
	struct diag diag;
	int result;

	signal(SIGXFSZ, SIG_IGN); /* a line, then */
	if (parse_options(&options, argc, argv))
		return BAD_OPTIONS;
	diag_init(&diag);
	arena_init(&arena);
	library_init(&library);
	result = run(&options, &library, &arena, &diag);
	if (diag.rule != RULE_COUNT)
		fputs(diag_line(&diag, &arena), stderr);
	library_finish(&library);
	arena_finish(&arena);
	return result ? REFUSED : 0;
}
