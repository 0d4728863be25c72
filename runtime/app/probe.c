/*
 * runtime/app/probe.c: displays, devices and backends, read from sysfs and /dev by
 * name only: no device file is opened, so nothing is woken or mode-set.
 */
#include "runtime/app/probe.h"

#include <dirent.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runtime/app/probe_private.h"

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

void probe_first_line(const char *path, char *line, size_t bytes)
{
	FILE *file = fopen(path, "re");

	if (!file || !fgets(line, (int)bytes, file))
		line[0] = '\0';
	line[strcspn(line, "\n")] = '\0';
	if (file)
		fclose(file);
}

void probe_row(FILE *out, const char *name)
{
	fprintf(out, "  %-10s ", name);
}

static bool holds(const char *const *words, const char *word)
{
	for (; *words; words++)
		if (!strcmp(*words, word))
			return true;
	return false;
}

/* "card0", not "card0-HDMI-A-1" or "renderD128". */
static int is_card(const struct dirent *entry)
{
	return !strncmp(entry->d_name, "card", 4) &&
	       !strchr(entry->d_name, '-');
}

static int is_connector(const struct dirent *entry)
{
	return !strncmp(entry->d_name, "card", 4) && strchr(entry->d_name, '-');
}

static void free_entries(struct dirent **entries, int count)
{
	while (count-- > 0)
		free(entries[count]);
	free(entries);
}

/* Modes as sysfs names them: sizes only, each once. */
static void print_modes(const struct probe *probe, const char *connector,
			FILE *out)
{
	char path[PROBE_PATH_BYTES], line[64], before[64] = "";
	const char *between = " (";
	FILE *file;

	probe_path(probe, path, sizeof(path), "/sys/class/drm/%s/modes",
		   connector);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		if (!strcmp(line, before))
			continue;
		fprintf(out, "%s%s", between, line);
		snprintf(before, sizeof(before), "%s", line);
		between = " ";
	}
	if (before[0])
		fputc(')', out);
	if (file)
		fclose(file);
}

/* Whether some connector says it is connected: then `auto` tries kms. */
static bool has_connected(const struct probe *probe)
{
	char path[PROBE_PATH_BYTES], status[32];
	struct dirent **entries = NULL;
	bool connected = false;
	int i, count;

	probe_path(probe, path, sizeof(path), "/sys/class/drm");
	count = scandir(path, &entries, is_connector, alphasort);
	for (i = 0; i < count && !connected; i++) {
		probe_path(probe, path, sizeof(path),
			   "/sys/class/drm/%s/status", entries[i]->d_name);
		probe_first_line(path, status, sizeof(status));
		connected = !strcmp(status, "connected");
	}
	free_entries(entries, count);
	return connected;
}

/* "; HDMI-A-1 connected (1920x1080 1280x720), DP-1 disconnected" */
static void print_connectors(const struct probe *probe, const char *card,
			     FILE *out)
{
	char path[PROBE_PATH_BYTES], status[32];
	struct dirent **entries = NULL;
	size_t length = strlen(card);
	const char *between = "; ";
	int i, count;

	probe_path(probe, path, sizeof(path), "/sys/class/drm");
	count = scandir(path, &entries, is_connector, alphasort);
	for (i = 0; i < count; i++) {
		const char *name = entries[i]->d_name;

		if (strncmp(name, card, length) || name[length] != '-')
			continue;
		probe_path(probe, path, sizeof(path),
			   "/sys/class/drm/%s/status", name);
		probe_first_line(path, status, sizeof(status));
		fprintf(out, "%s%s %s", between, name + length + 1,
			status[0] ? status : "unknown");
		print_modes(probe, name, out);
		between = ", ";
	}
	free_entries(entries, count);
}

/* The name of the kernel driver behind a card. */
static void find_driver(const struct probe *probe, const char *card,
			char *driver, size_t bytes)
{
	char path[PROBE_PATH_BYTES], target[PROBE_PATH_BYTES];
	const char *slash;
	ssize_t length;

	probe_path(probe, path, sizeof(path), "/sys/class/drm/%s/device/driver",
		   card);
	length = readlink(path, target, sizeof(target) - 1);
	if (length < 0)
		length = 0;
	target[length] = '\0';
	slash = strrchr(target, '/');
	snprintf(driver, bytes, "%s", slash ? slash + 1 : "unknown driver");
}

static void print_cards(const struct probe *probe, FILE *out)
{
	char path[PROBE_PATH_BYTES], driver[64];
	struct dirent **entries = NULL;
	int i, count;

	probe_path(probe, path, sizeof(path), "/sys/class/drm");
	count = scandir(path, &entries, is_card, alphasort);
	for (i = 0; i < count; i++) {
		find_driver(probe, entries[i]->d_name, driver, sizeof(driver));
		probe_row(out, entries[i]->d_name);
		fputs(driver, out);
		print_connectors(probe, entries[i]->d_name, out);
		if (!holds(probe->displays, "kms"))
			fputs("; kms is not built into this program", out);
		fputc('\n', out);
	}
	if (count <= 0)
		fputs("  no DRM device (/sys/class/drm has no card)\n", out);
	free_entries(entries, count);
}

static void print_displays(const struct probe *probe, FILE *out)
{
	const char *const *name;

	fputs("displays\n", out);
	for (name = probe->displays; *name; name++) {
		probe_row(out, *name);
		fputs("built in\n", out);
	}
	print_cards(probe, out);
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
	for (ops = probe->backends; *ops; ops++) {
		probe_row(out, (*ops)->name);
		if (!(*ops)->probe)
			print_cpu(probe, out);
		else if ((*ops)->probe(out, "             ") && !*device)
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

	fprintf(out, "graph %s, %ux%u, %u/%u ticks a second, board %s\n",
		graph->name, graph->width, graph->height, graph->rate_num,
		graph->rate_den, graph->board.name);
	print_displays(probe, out);
	print_backends(probe, &device, out);
	probe_print_realtime(probe, out);
	fprintf(out,
		"auto would choose\n  --display %s\n",
		holds(probe->displays, "kms") && has_connected(probe)
			? "kms (where it opens, else headless)"
			: "headless");
	print_choice(device, out);
	fprintf(out, "  --isa %s\n", probe->isa);
	return !fflush(out) && !ferror(out);
}
