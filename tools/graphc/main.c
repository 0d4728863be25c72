/*
 * tools/graphc/main.c: the graph compiler's command line.
 *
 *   graphc [-b BOARD.yaml] [-n NODE_DIR]... [--no-fuse] [--root DIR]
 *          [--named NAME] -o DIR GRAPH.yaml
 *   graphc --name GRAPH.yaml
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
#include "tools/graphc/passes.h"

#define NODE_DIRS_MAX 16

enum { REFUSED = 1, BAD_OPTIONS = 2 };

struct options {
	const char *board, *out, *graph, *root;
	const char *named; /* what the graph has to be called; NULL: anything */
	bool name;	   /* print what it is called, and nothing else */
	const char *node_dirs[NODE_DIRS_MAX];
	int node_dir_count;
	bool no_fuse;
};

static const char usage[] =
	"usage: graphc [OPTION]... -o DIR GRAPH.yaml\n"
	"       graphc --name GRAPH.yaml\n"
	"  -b FILE    what the graph may ask of the board (default: 1 GiB,\n"
	"             1000 ticks a second)\n"
	"  -n DIR     node types beside those in kernel/ and drivers/display/\n"
	"  -o DIR     where NAME.h, .c, .cu, .txt and .dot go\n"
	"  --no-fuse  a step for every node\n"
	"  --name     print what the graph is called, and write nothing\n"
	"  --named NAME  refuse a graph that is not called so\n"
	"  --root DIR    where kernel/ and drivers/ are; else $GRAPHC_ROOT, the\n"
	"             tree that graphc was built in, or " GRAPHC_ROOT "\n"
	"  --version, --help\n";

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

/* One option; false: it is none. Those that end the program do so here. */
static bool take_option(struct options *options, int c)
{
	switch (c) {
	case 'b':
		options->board = optarg;
		return true;
	case 'o':
		options->out = optarg;
		return true;
	case 'n':
		return !take_node_dir(options, optarg);
	case 'F':
		options->no_fuse = true;
		return true;
	case 'N':
		options->name = true;
		return true;
	case 'M':
		options->named = optarg;
		return true;
	case 'R':
		options->root = optarg;
		return true;
	case 'V':
		printf("graphc %s (GRAPH_ABI %d)\n", GRAPH_VERSION, GRAPH_ABI);
		exit(0);
	case 'h':
		fputs(usage, stdout);
		exit(0);
	default:
		fputs(usage, stderr);
		return false;
	}
}

static int parse_options(struct options *options, int argc, char **argv)
{
	static const struct option longs[] = {
		{"no-fuse", no_argument, NULL, 'F'},
		{"name", no_argument, NULL, 'N'},
		{"named", required_argument, NULL, 'M'},
		{"root", required_argument, NULL, 'R'},
		{"version", no_argument, NULL, 'V'},
		{"help", no_argument, NULL, 'h'},
		{NULL, 0, NULL, 0},
	};
	int c;

	options->root = getenv("GRAPHC_ROOT");
	while ((c = getopt_long(argc, argv, "b:n:o:h", longs, NULL)) != -1)
		if (!take_option(options, c))
			return -1;
	if (optind != argc - 1)
		return bad_options(optind == argc ? "which GRAPH.yaml?"
						  : "one GRAPH.yaml at a time");
	if (!options->out && !options->name)
		return bad_options("-o DIR is missing");
	options->graph = argv[optind];
	return 0;
}

static const char *main_join(struct arena *arena, const char *a, const char *b)
{
	char *path = arena_alloc(arena, strlen(a) + strlen(b) + 2, 1);

	return strcat(strcat(strcpy(path, a), "/"), b);
}

/* Two above build/tools/, where this program is: the tree it was built in,
 * also where that was moved or copied as a whole. */
static const char *own_tree(struct arena *arena)
{
	char *slash, *path = arena_alloc(arena, PATH_MAX, 1);
	ssize_t bytes = readlink("/proc/self/exe", path, PATH_MAX - 1);
	int i;

	path[bytes > 0 ? bytes : 0] = '\0';
	for (i = 0; i < 3; i++) {
		slash = strrchr(path, '/');
		if (slash)
			*slash = '\0';
	}
	return access(main_join(arena, path, "kernel/node.h"), R_OK)
		       ? GRAPHC_ROOT
		       : path;
}

/* A root that lacks node types names itself, and the way to name another. */
static int check_root(const char *root, struct arena *arena, struct diag *diag)
{
	diag->file = root;
	if (!access(main_join(arena, root, "kernel"), X_OK))
		return 0;
	return diag_refuse(diag, (struct where){1, 1}, RULE_FILE_OPEN,
			   "no kernel/ with the node types here: %s; give "
			   "tickline's folder with --root or GRAPHC_ROOT",
			   strerror(errno));
}

static int load_library(struct library *library, const struct options *options,
			struct diag *diag)
{
	static const char *const built_in[] = {"kernel/", "drivers/display/"};
	struct arena *arena = &library->arena;
	const char *root = options->root ? options->root : own_tree(arena);
	int i;

	if (check_root(root, arena, diag))
		return -1;
	for (i = 0; i < 2; i++)
		if (library_add(library, main_join(arena, root, built_in[i]),
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

/* What a path in the description is seen from. */
static const char *folder_name(const char *path, struct arena *arena)
{
	return arena_text(arena, path, (size_t)(base_name(path) - path));
}

/* The description alone: what its graph is called. */
static int print_name(const struct options *options, struct arena *arena,
		      struct diag *diag)
{
	struct ir ir = {.arena = arena, .diag = diag};
	const struct tree *tree;
	struct source source;

	diag->file = options->graph;
	if (source_read(&source, options->graph, arena, diag))
		return -1;
	tree = tree_parse(&source, arena, diag);
	if (!tree || pass_parse(&ir, tree))
		return -1;
	puts(ir.name);
	return 0;
}

static int check_name(const struct options *options, const struct ir *ir)
{
	if (!options->named || !strcmp(options->named, ir->name))
		return 0;
	fprintf(stderr,
		"graphc: %s: the graph is called '%s', not '%s' as its file; "
		"rename one\n",
		options->graph, ir->name, options->named);
	return -1;
}

static int compile_file(const struct options *options, struct library *library,
			struct arena *arena, struct diag *diag)
{
	struct compile job = {.library = library,
			      .arena = arena,
			      .diag = diag,
			      .file = base_name(options->graph),
			      .folder = folder_name(options->graph, arena),
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
	    compile(&job, &source, &ir, &output) || check_name(options, &ir))
		return -1;
	return emit_write(&output, &ir, options->out);
}

int main(int argc, char **argv)
{
	static struct library library;
	static struct options options;
	static struct arena arena;
	static struct diag diag;
	int result;

	signal(SIGXFSZ, SIG_IGN); /* a line, then */
	if (parse_options(&options, argc, argv))
		return BAD_OPTIONS;
	diag_init(&diag);
	arena_init(&arena);
	library_init(&library);
	/* a file over a limit is a write that fails */
	signal(SIGXFSZ, SIG_IGN);
	result = options.name ? print_name(&options, &arena, &diag)
			      : compile_file(&options, &library, &arena, &diag);
	if (diag.rule != RULE_COUNT)
		fputs(diag_line(&diag, &arena), stderr);
	library_finish(&library);
	arena_finish(&arena);
	return result ? REFUSED : 0;
}
