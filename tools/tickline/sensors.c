/*
 * tools/tickline/sensors.c: see tools/tickline/sensors.h.
 */
#include "tools/tickline/sensors.h"

#include <dirent.h>
#include <stdbool.h>
#include <string.h>

#include "runtime/base/text.h"

#define SENSORS_PATH_MAX 512

/* A file that is one whole number. */
static bool sensors_number(const char *folder, const char *entry,
			   const char *file, int64_t *number)
{
	char path[2 * SENSORS_PATH_MAX], line[64];

	snprintf(path, sizeof(path), "%s/%s/%s", folder, entry, file);
	return text_first_line(path, line, sizeof(line)) &&
	       text_to_int(line, strlen(line), INT64_MIN, INT64_MAX, number);
}

static void sensors_cpu(struct sensors *sensors, const char *folder,
			const char *entry)
{
	int64_t khz, count;

	if (sensors_number(folder, entry, "cpufreq/scaling_cur_freq", &khz)) {
		if (!sensors->cpus || khz < sensors->cpu_min_khz)
			sensors->cpu_min_khz = khz;
		if (!sensors->cpus || khz > sensors->cpu_max_khz)
			sensors->cpu_max_khz = khz;
		sensors->cpus++;
	}
	if (sensors_number(folder, entry, "thermal_throttle/core_throttle_count",
			   &count))
		sensors->throttled =
			(sensors->throttled < 0 ? 0 : sensors->throttled) +
			count;
}

static void sensors_gpu(struct sensors *sensors, const char *folder,
			const char *entry)
{
	struct sensor *gpu = &sensors->gpu[sensors->gpus];

	/* ga10b, gv11b, gpu: as Jetsons name them, with the address before */
	if (sensors->gpus == SENSORS_MAX ||
	    (!strstr(entry, "gpu") && !strstr(entry, "ga10b") &&
	     !strstr(entry, "gv11b")) ||
	    !sensors_number(folder, entry, "cur_freq", &gpu->value))
		return;
	snprintf(gpu->name, sizeof(gpu->name), "%.31s", entry);
	sensors->gpus++;
}

static void sensors_zone(struct sensors *sensors, const char *folder,
			 const char *entry)
{
	struct sensor *zone = &sensors->zone[sensors->zones];
	char path[2 * SENSORS_PATH_MAX];

	if (sensors->zones == SENSORS_MAX ||
	    strncmp(entry, "thermal_zone", strlen("thermal_zone")) ||
	    !sensors_number(folder, entry, "temp", &zone->value))
		return;
	snprintf(path, sizeof(path), "%s/%s/type", folder, entry);
	if (!text_first_line(path, zone->name, sizeof(zone->name)))
		snprintf(zone->name, sizeof(zone->name), "%.31s", entry);
	sensors->zones++;
}

static void sensors_each(struct sensors *sensors, const char *root,
			 const char *class,
			 void (*look)(struct sensors *sensors,
				      const char *folder, const char *entry))
{
	char folder[SENSORS_PATH_MAX];
	const struct dirent *entry;
	DIR *open;

	snprintf(folder, sizeof(folder), "%.256s/%s", root, class);
	open = opendir(folder);
	while (open && (entry = readdir(open)))
		if (entry->d_name[0] != '.')
			look(sensors, folder, entry->d_name);
	if (open)
		closedir(open);
}

void sensors_read(struct sensors *sensors, const char *root)
{
	*sensors = (struct sensors){.throttled = -1};
	sensors_each(sensors, root, "devices/system/cpu", sensors_cpu);
	sensors_each(sensors, root, "class/devfreq", sensors_gpu);
	sensors_each(sensors, root, "class/thermal", sensors_zone);
}

void sensors_print(const struct sensors *sensors, FILE *out)
{
	const char *between = "";
	uint32_t i;

	if (sensors->cpus) {
		fprintf(out, "CPUs %.0f", (double)sensors->cpu_min_khz / 1e3);
		if (sensors->cpu_max_khz != sensors->cpu_min_khz)
			fprintf(out, " to %.0f",
				(double)sensors->cpu_max_khz / 1e3);
		fputs(" MHz", out);
		between = "  ";
	}
	for (i = 0; i < sensors->gpus; i++, between = "  ")
		fprintf(out, "%s%s %.0f MHz", between, sensors->gpu[i].name,
			(double)sensors->gpu[i].value / 1e6);
	for (i = 0; i < sensors->zones; i++, between = "  ")
		fprintf(out, "%s%s %.1f C", between, sensors->zone[i].name,
			(double)sensors->zone[i].value / 1e3);
	if (sensors->throttled >= 0) {
		fprintf(out, "%sthrottled %lld", between,
			(long long)sensors->throttled);
		between = "  ";
	}
	if (*between)
		fputc('\n', out);
}
