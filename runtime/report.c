/*
 * runtime/report.c: what the text and the JSON form both need to work out.
 */
#include "runtime/report.h"

#include <string.h>

#include "runtime/fps.h"
#include "runtime/report_private.h"

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
