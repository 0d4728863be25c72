/*
 * runtime/app/options_help.c: --help and --version, from the same rows that the
 * options are read with and the graph's own parameter table.
 */
#include "runtime/app/options_private.h"
#include "runtime/control/set_param.h"

static void print_options(FILE *out)
{
	char left[64];
	size_t i;

	for (i = 0; i < options_row_count; i++) {
		const struct options_row *row = &options_rows[i];

		snprintf(left, sizeof(left), "--%s%s%s", row->name,
			 row->argument ? " " : "",
			 row->argument ? row->argument : "");
		fprintf(out, "  %-22s  %s\n", left, row->help);
	}
}

static void help_driver(const char *name, const char *help,
			const char *settings, FILE *out)
{
	fprintf(out, "  %-22s  %s\n", name, help);
	if (settings)
		fprintf(out, "  %-22s  settings: %s\n", "", settings);
}

static void print_drivers(const struct drivers *drivers, bool has_sources,
			  FILE *out)
{
	const struct display_ops *display;
	const struct source_ops *const *source = drivers->sources;
	bool is_named;
	uint32_t i;

	fputs("\nDisplays, in the order in which auto tries them:\n", out);
	for (i = 0; (display = display_in_order(drivers->displays,
						drivers->display_order, i,
						&is_named)); i++)
		help_driver(display->name, display->help, display->settings,
			    out);
	if (!has_sources)
		return;
	fputs("\nSources, in the order in which auto tries them:\n", out);
	for (; *source; source++)
		help_driver((*source)->name, (*source)->help,
			    (*source)->settings, out);
}

static void print_params(const struct graph *graph, FILE *out)
{
	const unsigned char *defaults = graph->param_defaults;
	char value[256], accepted[256];
	uint32_t i;

	for (i = 0; i < graph->param_count; i++) {
		const struct graph_param *param = &graph->params[i];

		set_param_format(param,
				 defaults + param->offset - graph->param_offset,
				 value, sizeof(value));
		set_param_describe(param, accepted, sizeof(accepted));
		fprintf(out, "  %s=%s  (%s)\n", param->name, value, accepted);
	}
}

void options_print_help(const struct graph *graph,
			const struct drivers *drivers, FILE *out)
{
	fprintf(out,
		"usage: %s [options]\n"
		"Runs the graph %s: %ux%u pixels, %u/%u ticks a second, until "
		"a signal\n"
		"or for --ticks or --seconds.\n\n",
		graph->name, graph->name, graph->width, graph->height,
		graph->rate_num, graph->rate_den);
	print_options(out);
	print_drivers(drivers, graph->source_count, out);
	if (!graph->param_count)
		return;
	fprintf(out, "\nParameters that --set can change, with their "
		     "defaults:\n");
	print_params(graph, out);
}

void options_print_version(const struct graph *graph, FILE *out)
{
	fprintf(out, "tickline %s, graph %s for board %s, graph ABI %d\n",
		GRAPH_VERSION, graph->name, graph->board.name, GRAPH_ABI);
}
