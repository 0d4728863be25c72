/*
 * runtime/app/report_text.c: the report for people: what ran, what became of every
 * tick, how long things took, and where each tick's time went.
 */
#include <inttypes.h>
#include <string.h>

#include "runtime/app/report_private.h"

#define NAME_COLUMNS_MIN 18 /* columns of the first column */
#define NAME_COLUMNS_MAX                                                       \
	46 /* longer names are cut; the JSON form has all of them */

static double us(uint64_t ns)
{
	return (double)ns / 1000;
}

static void print_head(const struct report *report, FILE *out)
{
	const struct graph *graph = report->graph;

	fprintf(out, "%s  %ux%u  %u", graph->name, graph->width, graph->height,
		graph->rate_num);
	if (graph->rate_den != 1)
		fprintf(out, "/%u", graph->rate_den);
	fprintf(out, " Hz   backend %s (%s)  display %s  clock %s  board %s\n",
		report->backend->ops->name, report->isa,
		report->display[report->main_sink]->ops->name, report->clock,
		graph->board.name);
}

static void print_classes(const struct ledger *ledger,
			  const struct ledger_sink *sink, FILE *out)
{
	uint32_t i;

	fprintf(out,
		"%" PRIu64 " ticks = %" PRIu64 " presented + %" PRIu64
		" late + %" PRIu64 " dropped + %" PRIu64 " skipped",
		ledger->ticks, sink->presented, sink->late, sink->dropped,
		ledger->skipped);
	for (i = 0; i < DROP_REASON_COUNT; i++)
		if (sink->reasons[i])
			fprintf(out, "; %s %" PRIu64,
				drop_reason_name((enum drop_reason)i),
				sink->reasons[i]);
	if (sink->repeats)
		fprintf(out, "; %" PRIu64 " repeats", sink->repeats);
	fputc('\n', out);
}

static uint64_t text_count(const _Atomic uint64_t *counter)
{
	return atomic_load_explicit(counter, memory_order_relaxed);
}

/* Displays without hardware have nothing to tell. */
static void print_health(const struct display *display, FILE *out)
{
	const struct display_health *health = &display->health;

	if (!display->text[0])
		return;
	fprintf(out,
		"  %s: %s, stamps %s; %" PRIu64 " flips, %" PRIu64
		" stalls, %" PRIu64 " losses, %" PRIu64 " errors, %" PRIu64
		" recoveries\n",
		display->text,
		display_state_name(atomic_load_explicit(&health->state,
							memory_order_relaxed)),
		display_stamp_name(display->stamp), text_count(&health->flips),
		text_count(&health->stalls), text_count(&health->losses),
		text_count(&health->errors), text_count(&health->recoveries));
}

static void print_display_clock(const struct report *report, FILE *out)
{
	const struct stats_pacing *pacing = &report->stats->counters.pacing;

	if (strcmp(report->clock, clock_kind_name(CLOCK_DISPLAY)))
		return;
	fprintf(out, "  clock: %s",
		display_clock_state_name(
			(enum display_clock_state)pacing->state));
	if (pacing->first_lock_ns)
		fprintf(out, ", first after %.2f s",
			(double)pacing->first_lock_ns / 1e9);
	if (pacing->refresh_uhz)
		fprintf(out, ", %.4f Hz", (double)pacing->refresh_uhz / 1e6);
	fprintf(out,
		", refreshes a tick %" PRIu64 ", margin %.2f ms; %" PRIu64
		" locks, %" PRIu64 " losses, %" PRIu64 " holdovers, %" PRIu64
		" outliers\n",
		pacing->refreshes_per_tick, (double)pacing->margin_ns / 1e6,
		pacing->locks, pacing->losses, pacing->holdovers,
		pacing->outliers);
}

static void print_ms(const char *what, const struct histogram *histogram,
		     FILE *out)
{
	if (histogram->count)
		fprintf(out, "; %s p50 %.2f ms, p99 %.2f, max %.2f", what,
			(double)histogram_quantile(histogram, 0.50) / 1e6,
			(double)histogram_quantile(histogram, 0.99) / 1e6,
			(double)histogram->max_ns / 1e6);
}

/* Which frames the ticks got. */
static void print_source_classes(const struct report *report, uint32_t source,
				 FILE *out)
{
	const struct ledger_source *row =
		&report->stats->counters.ledger.source[source];
	const struct source_health *health = &report->source[source]->health;

	fprintf(out,
		"  source %s (%s, %s): %" PRIu64 " taken, %" PRIu64
		" repeats, %" PRIu64 " empty, %" PRIu64 " card, %" PRIu64
		" passed over, %" PRIu64 " lost\n",
		report->graph->sources[source].name,
		report->source[source]->ops->name,
		report_policy_name(report->graph->sources[source].policy),
		row->taken, row->repeats, row->empty, row->card,
		row->passed_over, text_count(&health->lost));
}

/* When they were exposed, and who says so. */
static void print_source_times(const struct stats *stats, uint32_t source,
			       FILE *out)
{
	const struct stats_source *row = &stats->counters.source[source];

	if (row->rate_uhz)
		fprintf(out, "    %.4f Hz", (double)row->rate_uhz / 1e6);
	else
		fputs("    rate not known", out);
	print_ms("age", &stats->age[source], out);
	print_ms("camera to glass", &stats->glass[source], out);
	print_ms("skew", &stats->skew[source], out);
	fprintf(out,
		"; stamps: %" PRIu64 " hardware, %" PRIu64
		" software, %" PRIu64 " none, %" PRIu64 " in the future",
		row->hardware, row->software, row->unstamped, row->future);
	if (row->locks)
		fprintf(out, "; %s, delay %.2f ms, %" PRIu64 " locks",
			row->locked ? "locked" : "not locked",
			(double)row->delay_ns / 1e6, row->locks);
	fputc('\n', out);
}

/* What its driver says became of it; nothing, as a rule. */
static void print_source_health(const struct source_health *health, FILE *out)
{
	enum source_state state = (enum source_state)atomic_load_explicit(
		&health->state, memory_order_relaxed);
	uint32_t i, reasons = source_reasons(health);

	for (i = 0; i < reasons; i++)
		fprintf(out,
			"    %s: lost %" PRIu64 " times, %" PRIu64 " frames\n",
			health->reason[i].text,
			text_count(&health->reason[i].losses),
			text_count(&health->reason[i].frames));
	for (i = 0; i < SOURCE_LOOK_COUNT; i++)
		if (text_count(&health->began[i]))
			fprintf(out, "    %s: %" PRIu64 " times%s\n",
				source_look_name((enum source_look)i),
				text_count(&health->began[i]),
				atomic_load_explicit(&health->looks[i],
						     memory_order_relaxed)
					? ", also at the end"
					: "");
	if (state == SOURCE_LOST)
		fputs("    lost at the end\n", out);
}

static void print_sources(const struct report *report, FILE *out)
{
	uint32_t i;

	for (i = 0; i < report->graph->source_count; i++) {
		print_source_classes(report, i, out);
		print_source_times(report->stats, i, out);
		print_source_health(&report->source[i]->health, out);
	}
}

/* What nodes count of their own, a line each. */
static void print_nodes(const struct report *report, FILE *out)
{
	const struct graph_count *row = report->graph->counts;
	uint32_t i;

	for (i = 0; i < report->graph->count_count; i++) {
		bool first = !i || strcmp(row[i].node, row[i - 1].node) != 0;

		if (first)
			fprintf(out, "%s  %s: ", i ? "\n" : "", row[i].node);
		fprintf(out, "%s%" PRIu64 " %s", first ? "" : ", ",
			report->counts[i], row[i].name);
	}
	if (report->graph->count_count)
		fputc('\n', out);
}

static void print_ledger(const struct report *report, FILE *out)
{
	const struct stats_counters *counters = &report->stats->counters;
	const struct ledger *ledger = &counters->ledger;
	uint32_t i;

	if (report->backend->text[0])
		fprintf(out, "  %s\n", report->backend->text);
	fputs("  ", out);
	print_classes(ledger, &ledger->sink[report->main_sink], out);
	for (i = 0; i < report->graph->sink_count; i++) {
		if (i == report->main_sink)
			continue;
		fprintf(out, "  %s (%s): ", report->graph->sinks[i].name,
			report->display[i]->ops->name);
		print_classes(ledger, &ledger->sink[i], out);
		if (report->stats->apart[i].count) {
			fputs("    flips", out);
			print_ms("from the main sink's", &report->stats->apart[i],
				 out);
			fputc('\n', out);
		}
	}
	for (i = 0; i < report->graph->sink_count; i++)
		print_health(report->display[i], out);
	print_sources(report, out);
	print_nodes(report, out);
	fprintf(out,
		"  %.1f fps (average %.1f) over %.2f s, first frame after "
		"%.1f ms\n",
		(double)counters->fps_milli / 1000, report_average_fps(report),
		(double)report_duration_ns(report) / 1e9,
		(double)counters->first_frame_ns / 1e6);
	print_display_clock(report, out);
}

static int name_width(const struct report *report)
{
	size_t width = NAME_COLUMNS_MIN, length;
	uint32_t i;

	for (i = 0; i < report->stats->header.step_count; i++) {
		length = strlen(report->backend->plan->steps[i].name);
		if (length > width)
			width = length;
	}
	return width > NAME_COLUMNS_MAX ? NAME_COLUMNS_MAX : (int)width;
}

/* total_ns 0: without a share. */
static void print_row(FILE *out, int width, const char *name,
		      const struct histogram *histogram, uint64_t total_ns)
{
	double count = histogram->count ? (double)histogram->count : 1;
	bool cut = strlen(name) > (size_t)width;

	fprintf(out, "  %-*.*s%s %9.1f ", cut ? width - 3 : width,
		cut ? width - 3 : width, name, cut ? "..." : "",
		us(histogram->sum_ns) / count);
	if (total_ns)
		fprintf(out, "%5.1f %%",
			100.0 * (double)histogram->sum_ns / (double)total_ns);
	else
		fprintf(out, "%7s", "");
	fprintf(out, " %9.1f %9.1f %9.1f\n",
		us(histogram_quantile(histogram, 0.50)),
		us(histogram_quantile(histogram, 0.99)), us(histogram->max_ns));
}

/* What the rows above it leave of the cycle: the targets, the accounting. */
static void print_rest(FILE *out, int width, const struct stats *stats)
{
	uint64_t rest = stats->cycle.sum_ns;
	double count = stats->cycle.count ? (double)stats->cycle.count : 1;
	uint64_t parts = stats->uniforms.sum_ns + stats->present.sum_ns;
	uint32_t i;

	for (i = 0; i < stats->header.step_count; i++)
		parts += stats->step[i].times.sum_ns;
	rest = rest > parts ? rest - parts : 0;
	fprintf(out, "  %-*s %9.1f ", width, "rest of the cycle",
		us(rest) / count);
	if (stats->cycle.sum_ns)
		fprintf(out, "%5.1f %%",
			100.0 * (double)rest / (double)stats->cycle.sum_ns);
	fputc('\n', out);
}

static void print_times(const struct report *report, FILE *out)
{
	const struct stats *stats = report->stats;
	uint64_t total = stats->cycle.sum_ns;
	int width = name_width(report);
	uint32_t i;

	fprintf(out, "\n  %-*s %9s %7s %9s %9s %9s\n", width,
		"component, in us", "mean", "share", "p50", "p99", "max");
	print_row(out, width, "uniforms", &stats->uniforms, total);
	for (i = 0; i < stats->header.step_count; i++)
		print_row(out, width, report->backend->plan->steps[i].name,
			  &stats->step[i].times, total);
	print_row(out, width, "present", &stats->present, total);
	print_rest(out, width, stats);
	print_row(out, width, "cycle, all of it", &stats->cycle, total);
	if (stats->lateness.count)
		print_row(out, width, "lateness of wakes", &stats->lateness, 0);
	if (stats->tick_to_flip.count)
		print_row(out, width, "tick to on view", &stats->tick_to_flip,
			  0);
	if (stats->phase_error.count)
		print_row(out, width, "phase error", &stats->phase_error, 0);
	fputc('\n', out);
}

static void print_thread(const struct report *report, FILE *out)
{
	const struct stats_counters *counters = &report->stats->counters;
	const struct report_thread *thread = &report->thread;
	uint64_t duration_ns = report_duration_ns(report);

	fputs("  tick thread: ", out);
	if (thread->priority)
		fprintf(out, "SCHED_FIFO %d", thread->priority);
	else
		fputs("normal priority", out);
	if (thread->cpu >= 0)
		fprintf(out, ", CPU %d", thread->cpu);
	if (thread->spin_us)
		fprintf(out, ", spins %u us", thread->spin_us);
	fprintf(out, ", %s, %s; %.1f %% of one CPU\n",
		thread->memory_locked ? "memory locked" : "memory not locked",
		thread->dma_latency ? "cpu_dma_latency 0"
				    : "cpu_dma_latency not held",
		duration_ns
			? 100.0 * (double)counters->cpu_ns / (double)duration_ns
			: 0.0);
	fprintf(out,
		"  since the seal: %" PRIu64 " minor and %" PRIu64
		" major faults, %" PRIu64
		" involuntary context switches, %" PRIu64
		" wakes over 1 ms late\n",
		counters->minor_faults, counters->major_faults,
		counters->involuntary_switches, counters->wakes_over_1ms);
	fprintf(out, "  peak resident memory: %.1f MB\n",
		(double)report->rss_bytes / 1e6);
}

/* of: the sink, where it is not the main one. */
static void print_recording(const char *name, const char *of,
			    const struct recording *recording, FILE *out)
{
	if (!recording)
		return;
	fprintf(out,
		"  %s%s%s: %s (%s), %" PRIu64 " frames written, %" PRIu64
		" lost",
		name, *of ? " of " : "", of, recording->path, recording->format, recording->written,
		recording->lost);
	if (recording->error[0])
		fprintf(out, " (%s)", recording->error);
	fputc('\n', out);
}

static void print_outputs(const struct report *report, uint32_t sink, FILE *out)
{
	const struct report_output *output = &report->output[sink];
	const char *of = sink == report->main_sink
				 ? ""
				 : report->graph->sinks[sink].name;

	print_recording("recording", of, output->recording, out);
	print_recording("digest", of, output->digest, out);
	if (output->snapshot_path)
		fprintf(out, "  snapshot%s%s: %s\n", *of ? " of " : "", of,
			output->snapshot_path);
}

static void print_trace(const struct report_trace *trace, FILE *out)
{
	if (!trace->path)
		return;
	fprintf(out,
		"  trace: %s, %" PRIu64 " records written, %" PRIu64 " lost%s%s\n",
		trace->path, trace->records, trace->lost,
		trace->error ? ": " : "",
		trace->error ? strerror(-trace->error) : "");
}

bool report_text(const struct report *report, FILE *out)
{
	uint32_t i;

	print_head(report, out);
	print_ledger(report, out);
	print_times(report, out);
	print_thread(report, out);
	for (i = 0; i < report->graph->sink_count; i++)
		print_outputs(report, i, out);
	print_trace(&report->trace, out);
	return !fflush(out) && !ferror(out);
}
