/*
 * runtime/app/report.c: what the text and the JSON form both need to work out.
 */
#include "runtime/app/report.h"

#include <string.h>

#include "runtime/observe/fps.h"
#include "runtime/app/report_private.h"

void report_add_cycle(struct report *report, const struct cycle *cycle)
{
	const struct cycle_config *config = &cycle->config;
	const struct clock *clock = config->clock;
	uint32_t i;

	report->graph = config->graph;
	report->backend = config->backend;
	report->clock = clock_kind_name(clock->kind);
	report->main_sink = config->main_sink;
	report->stats = config->stats;
	if (config->graph->count_count)
		report->counts = (const uint64_t *)(const void *)(
			cycle->work.pool + config->graph->counts_offset);
	report->thread.spin_us = (uint32_t)(clock->spin_ns / NS_PER_US);
	report->thread.dma_latency = clock->latency_fd >= 0;
	for (i = 0; i < config->graph->sink_count; i++)
		report->display[i] = &config->displays[i];
	for (i = 0; i < config->graph->source_count; i++) {
		report->source[i] = &config->sources[i];
		report->source_waiting[i] = intake_waiting(&cycle->intake[i]);
	}
}

bool report_print(const struct report *report, enum options_report form,
		  FILE *out)
{
	if (form == OPTIONS_REPORT_TEXT)
		return report_text(report, out);
	return form != OPTIONS_REPORT_JSON || report_json(report, out);
}

const char *report_policy_name(enum graph_policy policy)
{
	static const char *const names[GRAPH_POLICY_COUNT] = {
		[GRAPH_POLICY_NEWEST] = "newest",
		[GRAPH_POLICY_STEADY] = "steady",
		[GRAPH_POLICY_EVERY] = "every",
		[GRAPH_POLICY_WITH] = "with",
	};

	return names[policy];
}

double report_average_fps(const struct report *report)
{
	const struct stats_counters *counters = &report->stats->counters;
	const struct ledger_sink *sink =
		&counters->ledger.sink[report->main_sink];
	uint64_t frames = sink->presented + sink->late;
	uint64_t duration_ns = report_duration_ns(report);

	if (!frames || duration_ns <= (uint64_t)FPS_SPAN_MIN_NS)
		return 0;
	return (double)(frames - 1) * 1e9 / (double)duration_ns;
}

uint64_t report_duration_ns(const struct report *report)
{
	const struct stats_counters *counters = &report->stats->counters;

	if (counters->end_ns <= counters->start_ns)
		return 0;
	return counters->end_ns - counters->start_ns;
}

/* VmHWM, not getrusage's ru_maxrss: that one survives exec, so it would tell
 * the size of whatever started this program. */
uint64_t report_rss_bytes(void)
{
	FILE *status = fopen("/proc/self/status", "re");
	unsigned long long kilobytes = 0;
	char line[256];

	if (!status)
		return 0;
	while (fgets(line, sizeof(line), status))
		if (sscanf(line, "VmHWM: %llu kB", &kilobytes) == 1)
			break;
	fclose(status);
	return (uint64_t)kilobytes * 1024;
}
