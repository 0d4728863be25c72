/*
 * tools/tickline/prometheus.c: see tools/tickline/prometheus.h.
 */
#include "tools/tickline/prometheus.h"

#include <errno.h>
#include <inttypes.h>
#include <unistd.h>

#include "runtime/base/exit_status.h"
#include "runtime/base/message.h"

/* An entry's name taken apart. */
struct metric {
	char name[TICKLINE_NAME_BYTES + 32]; /* without the unit's ending */
	char labels[3 * TICKLINE_NAME_BYTES]; /* without the graph's */
};

static const char *const metric_units[] = {
	[TICKLINE_NUMBER] = "",
	[TICKLINE_NS] = "_seconds",
	[TICKLINE_MICROHERTZ] = "_hertz",
	[TICKLINE_MILLI] = "",
};
static const double metric_scales[] = {
	[TICKLINE_NUMBER] = 1,
	[TICKLINE_NS] = 1e-9,
	[TICKLINE_MICROHERTZ] = 1e-6,
	[TICKLINE_MILLI] = 1e-3,
};

/* `length` bytes of text, as a label's value. */
static void metric_label(struct metric *metric, const char *key,
			 const char *text, size_t length)
{
	char *labels = metric->labels;
	size_t used = strlen(labels), room = sizeof(metric->labels), i;

	used += (size_t)snprintf(labels + used, room - used, ",%s=\"", key);
	for (i = 0; i < length && used + 4 < room; i++) {
		if (text[i] == '"' || text[i] == '\\')
			labels[used++] = '\\';
		labels[used++] = text[i];
	}
	labels[used++] = '"';
	labels[used] = '\0';
}

/* "sink.screen.late": the part before the last word is whose it is. */
static void metric_take(struct metric *metric,
			const struct tickline_entry *entry)
{
	const char *name = entry->name, *whose, *rest;
	char *c;

	metric->labels[0] = '\0';
	whose = strchr(name, '.');
	rest = name;
	if (!strncmp(name, "sink.", 5) || !strncmp(name, "source.", 7)) {
		rest = strchr(++whose, '.');
		metric_label(metric, name[1] == 'i' ? "sink" : "source", whose,
			     (size_t)(rest - whose));
		rest++;
	} else if (!strncmp(name, "step.", 5)) {
		const char *number = name + 5;

		whose = strchr(number, '.') + 1;
		rest = strrchr(name, '.') + 1;
		metric_label(metric, "step", number,
			     (size_t)(whose - 1 - number));
		metric_label(metric, "name", whose, (size_t)(rest - 1 - whose));
	}
	snprintf(metric->name, sizeof(metric->name), "tickline_%s%s%s",
		 rest == name	      ? ""
		 : name[1] == 'i'     ? "sink_"
		 : name[1] == 'o'     ? "source_"
				      : "step_",
		 rest, metric_units[entry->unit < 4 ? entry->unit : 0]);
	for (c = metric->name; *c; c++)
		if (*c == '.')
			*c = '_';
}

static void metric_times(const struct view *view, const struct metric *metric,
			 const struct tickline_times *times, FILE *out)
{
	static const double shares[] = {0.5, 0.9, 0.99, 0.999};
	size_t i;

	for (i = 0; i < sizeof(shares) / sizeof(shares[0]); i++)
		fprintf(out, "%s{graph=\"%s\"%s,quantile=\"%g\"} %.9f\n",
			metric->name, view->graph, metric->labels, shares[i],
			(double)tickline_quantile(times, shares[i]) / 1e9);
	fprintf(out, "%s_sum{graph=\"%s\"%s} %.9f\n", metric->name, view->graph,
		metric->labels, (double)times->sum_ns / 1e9);
	fprintf(out, "%s_count{graph=\"%s\"%s} %" PRIu64 "\n", metric->name,
		view->graph, metric->labels, times->count);
}

static void metric_value(const struct view *view, const struct metric *metric,
			 const struct tickline_entry *entry, FILE *out)
{
	uint64_t word = tickline_page_word(view->now, entry);
	const char *total = entry->kind == TICKLINE_COUNTER ? "_total" : "";

	fprintf(out, "%s%s{graph=\"%s\"%s} ", metric->name, total, view->graph,
		metric->labels);
	if (entry->unit == TICKLINE_NUMBER)
		fprintf(out, "%" PRIu64 "\n", word);
	else
		fprintf(out, "%.9f\n",
			(double)word *
				metric_scales[entry->unit < 4 ? entry->unit : 0]);
}

static void metric_print(const struct view *view, const struct metric *metric,
			 const struct tickline_entry *entry, FILE *out)
{
	if (entry->kind == TICKLINE_TIMES)
		metric_times(view, metric, tickline_page_times(view->now, entry),
			     out);
	else
		metric_value(view, metric, entry, out);
}

static const char *metric_type(const struct tickline_entry *entry)
{
	return entry->kind == TICKLINE_COUNTER ? "counter"
	       : entry->kind == TICKLINE_GAUGE ? "gauge"
					       : "summary";
}

/* All of one name together, where the first of them is. */
static void metric_group(const struct view *view, uint64_t first, FILE *out)
{
	const struct tickline_entry *entry =
		tickline_page_entry(view->now, first);
	struct metric metric, other;
	uint64_t i;

	metric_take(&metric, entry);
	for (i = 0; i < first; i++) {
		metric_take(&other, tickline_page_entry(view->now, i));
		if (!strcmp(other.name, metric.name))
			return;
	}
	fprintf(out, "# TYPE %s%s %s\n", metric.name,
		entry->kind == TICKLINE_COUNTER ? "_total" : "",
		metric_type(entry));
	for (i = first; i < view->now->entry_count; i++) {
		entry = tickline_page_entry(view->now, i);
		metric_take(&other, entry);
		if (!strcmp(other.name, metric.name))
			metric_print(view, &other, entry, out);
	}
}

static void prometheus_sensors(const struct sensors *sensors, FILE *out)
{
	uint32_t i;

	if (sensors->zones)
		fputs("# TYPE tickline_temperature_celsius gauge\n", out);
	for (i = 0; i < sensors->zones; i++)
		fprintf(out, "tickline_temperature_celsius{zone=\"%s\"} %.3f\n",
			sensors->zone[i].name,
			(double)sensors->zone[i].value / 1e3);
	if (sensors->gpus)
		fputs("# TYPE tickline_gpu_clock_hertz gauge\n", out);
	for (i = 0; i < sensors->gpus; i++)
		fprintf(out, "tickline_gpu_clock_hertz{gpu=\"%s\"} %lld\n",
			sensors->gpu[i].name, (long long)sensors->gpu[i].value);
	if (sensors->cpus)
		fprintf(out, "# TYPE tickline_cpu_clock_hertz gauge\n"
			     "tickline_cpu_clock_hertz{which=\"slowest\"} %lld\n"
			     "tickline_cpu_clock_hertz{which=\"quickest\"} %lld\n",
			(long long)sensors->cpu_min_khz * 1000,
			(long long)sensors->cpu_max_khz * 1000);
	if (sensors->throttled >= 0)
		fprintf(out, "# TYPE tickline_cpu_throttled_total counter\n"
			     "tickline_cpu_throttled_total %lld\n",
			(long long)sensors->throttled);
}

void prometheus_print(const struct view *view, const struct sensors *sensors,
		      FILE *out)
{
	uint64_t i;

	for (i = 0; i < view->now->entry_count; i++)
		metric_group(view, i, out);
	prometheus_sensors(sensors, out);
}

static int prometheus_refuse(const char *path, int error)
{
	message("--prometheus %.256s: %s", path, strerror(error));
	return EXIT_STATUS_OS_LIMIT;
}

int prometheus_write(const struct view *view, const struct sensors *sensors,
		     const char *path)
{
	char beside[2048];
	FILE *out;
	int error;

	snprintf(beside, sizeof(beside), "%.2000s.%d", path, (int)getpid());
	out = fopen(beside, "wxe");
	if (!out)
		return prometheus_refuse(path, errno);
	prometheus_print(view, sensors, out);
	error = ferror(out) ? EIO : 0;
	if (fclose(out))
		error = errno;
	if (!error && rename(beside, path))
		error = errno;
	if (!error)
		return 0;
	unlink(beside);
	return prometheus_refuse(path, error);
}
