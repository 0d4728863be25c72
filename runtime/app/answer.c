/*
 * runtime/app/answer.c: see runtime/app/answer.h.
 */
#include "runtime/app/answer.h"

#include "runtime/app/isa.h"
#include "runtime/app/probe.h"

enum exit_status answer_print(const struct options *options,
			      const struct drivers *drivers)
{
	const struct graph *graph = isa_base()->graph;
	const struct probe probe = {
		.graph = graph,
		.isas = isa_names(),
		.isa = isa_choose(OPTIONS_ISA_AUTO)->name,
		.drivers = drivers,
	};

	if (options->action == OPTIONS_HELP)
		options_print_help(graph, drivers, stdout);
	if (options->action == OPTIONS_VERSION)
		options_print_version(graph, stdout);
	if (options->action == OPTIONS_PROBE)
		probe_print(&probe, stdout);
	return fflush(stdout) || ferror(stdout) ? EXIT_STATUS_OS_LIMIT
						: EXIT_STATUS_OK;
}
