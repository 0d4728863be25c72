/*
 * runtime/app/print_only.c: see runtime/app/print_only.h.
 */
#include "runtime/app/print_only.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "runtime/app/isa.h"
#include "runtime/app/probe.h"
#include "runtime/base/refusal.h"
#include "runtime/base/write_all.h"

#ifndef BOARD_CMDLINE
#define BOARD_CMDLINE NULL
#endif

static void print_text(const struct options *options,
		       const struct drivers *drivers, FILE *out)
{
	const struct graph *graph = isa_base()->graph;
	const struct probe probe = {
		.graph = graph,
		.isas = isa_names(),
		.isa = isa_choose(OPTIONS_ISA_AUTO)->name,
		.drivers = drivers,
		.cmdline = BOARD_CMDLINE,
	};

	if (options->action == OPTIONS_HELP)
		options_print_help(graph, drivers, out);
	if (options->action == OPTIONS_VERSION)
		options_print_version(graph, out);
	if (options->action == OPTIONS_PROBE)
		probe_print(&probe, out);
}

enum exit_status print_only(const struct options *options,
			    const struct drivers *drivers)
{
	char *text = NULL;
	size_t bytes = 0;
	FILE *memory = open_memstream(&text, &bytes);
	int error = -ENOMEM;

	if (memory) {
		print_text(options, drivers, memory);
		if (!fclose(memory))
			error = write_all(STDOUT_FILENO, text, bytes,
					  WRITE_STALL_MS);
	}
	free(text);
	return error ? refuse_errno("standard output", error) : EXIT_STATUS_OK;
}
