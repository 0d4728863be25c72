/*
 * runtime/app/probe.c: displays and backends as each tells of itself, and what
 * `auto` makes of it.
 */
#include "runtime/app/probe.h"

#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "runtime/app/probe_private.h"
#include "runtime/base/text.h"

void probe_path(const struct probe *probe, char *path, size_t bytes,
		const char *format, ...)
{
	size_t length;
	va_list arguments;

	snprintf(path, bytes, "%s", probe->root ? probe->root : "");
	length = strlen(path);
	va_start(arguments, format);
	vsnprintf(path + length, bytes - length, format, arguments);
	va_end(arguments);
}

void probe_row(FILE *out, const char *name)
{
	fprintf(out, "  %-10s ", name);
}

/* One row each. choice: those that `auto` would try, up to the first that
 * needs nothing: "kms, else headless". */
static void probe_displays(const struct probe *probe, char *choice,
			   size_t bytes, FILE *out)
{
	const struct drivers *drivers = probe->drivers;
	const struct display_ops *ops;
	bool works, is_named, chosen = false;
	uint32_t i;

	choice[0] = '\0';
	fputs("displays\n", out);
	for (i = 0; (ops = display_in_order(drivers->displays,
					    drivers->display_order, i,
					    &is_named)); i++) {
		probe_row(out, ops->name);
		works = true;
		if (ops->probe)
			works = ops->probe(out, PROBE_INDENT);
		else
			fputs("built in\n", out);
		if (works && !chosen && (is_named || !ops->by_name))
			text_append(choice, bytes, "%s%s",
				    *choice ? ", else " : "", ops->name);
		chosen = chosen || !ops->probe;
	}
}

/* One row each, where the graph has sources. */
static void probe_sources(const struct probe *probe, FILE *out)
{
	const struct source_ops *const *ops = probe->drivers->sources;

	if (!probe->graph->source_count)
		return;
	fputs("sources\n", out);
	for (; *ops; ops++) {
		probe_row(out, (*ops)->name);
		if (!(*ops)->probe)
			fputs("built in\n", out);
		else
			(*ops)->probe(out, PROBE_INDENT);
	}
}

/* "model name : AMD ..."; "" where /proc/cpuinfo has none (arm64). */
static void find_cpu(const struct probe *probe, char *model, size_t bytes)
{
	char path[PROBE_PATH_BYTES], line[256];
	const char *value;
	FILE *file;

	model[0] = '\0';
	probe_path(probe, path, sizeof(path), "/proc/cpuinfo");
	file = fopen(path, "re");
	if (!file)
		return;
	while (!model[0] && fgets(line, sizeof(line), file)) {
		value = strchr(line, ':');
		if (!strncmp(line, "model name", 10) && value && value[1])
			snprintf(model, bytes, "%s", value + 2);
	}
	model[strcspn(model, "\n")] = '\0';
	fclose(file);
}

static void print_cpu(const struct probe *probe, FILE *out)
{
	const char *const *isa;
	char model[128];

	find_cpu(probe, model, sizeof(model));
	fprintf(out, "built in; %s%s%ld CPUs; instruction sets", model,
		model[0] ? ", " : "", sysconf(_SC_NPROCESSORS_ONLN));
	for (isa = probe->isas; *isa; isa++)
		fprintf(out, " %s", *isa);
	fputc('\n', out);
}

/* *device: the first that may be opened; NULL: none. */
static void print_backends(const struct probe *probe,
			   const struct backend_ops **device, FILE *out)
{
	const struct backend_ops *const *ops;

	*device = NULL;
	fputs("backends\n", out);
	for (ops = probe->drivers->backends; *ops; ops++) {
		probe_row(out, (*ops)->name);
		if (!(*ops)->probe)
			print_cpu(probe, out);
		else if ((*ops)->probe(out, PROBE_INDENT) && !*device)
			*device = *ops;
	}
}

/* Devices are tried in earnest at start, and measured against the CPU. */
static void print_choice(const struct backend_ops *device, FILE *out)
{
	if (device)
		fprintf(out,
			"  --backend %s (where it opens and is quicker than "
			"the cpu)\n",
			device->name);
	else
		fputs("  --backend cpu\n", out);
}

bool probe_print(const struct probe *probe, FILE *out)
{
	const struct graph *graph = probe->graph;
	const struct backend_ops *device;
	char display[128];

	fprintf(out, "graph %s, %ux%u, %u/%u ticks a second, board %s\n",
		graph->name, graph->width, graph->height, graph->rate_num,
		graph->rate_den, graph->board.name);
	probe_displays(probe, display, sizeof(display), out);
	probe_sources(probe, out);
	print_backends(probe, &device, out);
	probe_print_realtime(probe, out);
	fprintf(out, "auto would choose\n  --display %s\n",
		*display ? display : "none of them");
	print_choice(device, out);
	fprintf(out, "  --isa %s\n", probe->isa);
	return !fflush(out) && !ferror(out);
}
