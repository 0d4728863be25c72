/*
 * tests/lib/graphs.c: see graphs.h.
 */
#define _GNU_SOURCE
#include "tests/lib/graphs.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lib/process.h"
#include "tests/lib/scratch.h"

#define ARGS_MAX 48

static const char *const c_flags[] = {
	"-std=gnu11",
	"-O2",
	"-w",
	"-ffp-contract=off",
	"-fno-strict-aliasing",
	"-I.",
	"-Ibuild/generated",
	"-DGRAPH_SYMBOL=graph_base",
};

/* The runtime's table names every instruction set's copy; here they are one. */
static const char *const link_flags[] = {
	"-pthread",
	"-Wl,--defsym=graph_avx2=graph_base",
	"-Wl,--defsym=graph_avx512=graph_base",
};

struct command {
	size_t count;
	const char *argv[ARGS_MAX + 1];
};

static void add(struct command *command, const char *word)
{
	ck_assert_uint_lt(command->count, ARGS_MAX);
	command->argv[command->count++] = word;
	command->argv[command->count] = NULL;
}

static char *format(const char *template, const char *a, const char *b)
{
	char *text;

	ck_assert(asprintf(&text, template, a, b) > 0);
	return text;
}

static void run(const struct command *command)
{
	struct process process;
	int status = process_run(&process, command->argv);

	ck_assert_msg(status == 0, "%s: status %d: %.600s", command->argv[0],
		      status, process.err);
	process_finish(&process);
}

static void run_graphc(const char *dir, const char *description,
		       const char *const *options)
{
	struct command command = {0};
	char *graphc = format("%s/%s", tools_dir(), "graphc");

	add(&command, graphc);
	for (; options && *options; options++)
		add(&command, *options);
	add(&command, "-b");
	add(&command, "boards/host/board.yaml");
	add(&command, "-o");
	add(&command, dir);
	add(&command, description);
	run(&command);
	free(graphc);
}

static void run_cc(const char *source, const char *program,
		   const char *const *words)
{
	struct command command = {0};
	char libs[] = TEST_PROGRAM_LIBS, *rest = libs, *lib;
	char *main_object = format("%s/%s", build_dir(), "obj/runtime/main.o");
	char *archive = format("%s/%s", build_dir(), "libtickline.a");
	size_t i;

	add(&command, getenv("CC") ? getenv("CC") : "cc");
	for (i = 0; i < sizeof(c_flags) / sizeof(c_flags[0]); i++)
		add(&command, c_flags[i]);
	add(&command, "-o");
	add(&command, program);
	add(&command, source);
	for (; words && *words; words++)
		add(&command, *words);
	add(&command, main_object);
	add(&command, archive);
	for (i = 0; i < sizeof(link_flags) / sizeof(link_flags[0]); i++)
		add(&command, link_flags[i]);
	while ((lib = strsep(&rest, " ")))
		if (*lib)
			add(&command, lib);
	run(&command);
	free(main_object);
	free(archive);
}

char *graphs_build(const char *name, const char *yaml,
		   const char *const *options, const char *const *words)
{
	static int builds;
	char number[16], *dir, *description, *source, *program;

	snprintf(number, sizeof(number), "build%d", builds++);
	dir = scratch_path(number);
	run(&(struct command){3, {"mkdir", "-p", dir, NULL}});
	description = format("%s/%s.yaml", number, name);
	program = scratch_file(description, yaml);
	free(description);
	description = program;
	source = format("%s/%s.c", dir, name);
	program = format("%s/%s", dir, name);
	run_graphc(dir, description, options);
	run_cc(source, program, words);
	free(source);
	free(description);
	free(dir);
	return program;
}

void graphs_start(struct process *process, const struct process_setup *setup,
		  const char *program, const char *const *options)
{
	struct command command = {0};

	add(&command, program);
	add(&command, "--display");
	add(&command, "headless");
	for (; *options; options++)
		add(&command, *options);
	process_start(process, setup, command.argv);
}

struct digest graphs_digest(const char *program, const char *ticks,
			    const char *const *extra)
{
	struct command command = {0};
	char *path = scratch_path("graphs.digest");
	struct digest digest;

	add(&command, program);
	add(&command, "--display");
	add(&command, "headless");
	add(&command, "--clock");
	add(&command, "free");
	add(&command, "--ticks");
	add(&command, ticks);
	add(&command, "--digest");
	add(&command, path);
	for (; extra && *extra; extra++)
		add(&command, *extra);
	run(&command);
	digest = digest_read(path);
	ck_assert_msg(digest.count == strtoull(ticks, NULL, 10),
		      "%s: %zu digest lines for %s ticks", program,
		      digest.count, ticks);
	free(path);
	return digest;
}
