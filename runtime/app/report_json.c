/*
 * runtime/app/report_json.c: the report as one JSON object. Every key is in
 * docs/report.md; a key once given is not renamed or taken away, and every
 * key is there in every report.
 */
#include <string.h>

#include "runtime/base/json.h"
#include "runtime/app/report_private.h"

static void times_members(struct json *json, const struct histogram *histogram)
{
	json_put_uint(json, "count", histogram->count);
	json_put_uint(json, "mean",
		      histogram->count ? histogram->sum_ns / histogram->count
				       : 0);
	json_put_uint(json, "p50", histogram_quantile(histogram, 0.50));
	json_put_uint(json, "p99", histogram_quantile(histogram, 0.99));
	json_put_uint(json, "max", histogram->max_ns);
}

static void times(struct json *json, const char *key,
		  const struct histogram *histogram)
{
	json_open(json, key, '{');
	times_members(json, histogram);
	json_close(json, '}');
}

/* With the whole histogram, so that several runs can be pooled. */
static void lateness(struct json *json, const struct histogram *histogram)
{
	uint32_t i;

	json_open(json, "lateness", '{');
	times_members(json, histogram);
	json_open(json, "buckets", '[');
	for (i = 0; i < HISTOGRAM_BUCKETS; i++) {
		if (!histogram->bucket[i])
			continue;
		json_open(json, NULL, '[');
		json_put_uint(json, NULL, histogram_bound(i));
		json_put_uint(json, NULL, histogram->bucket[i]);
		json_close(json, ']');
	}
	json_close(json, ']');
	json_close(json, '}');
}

static void program(struct json *json, const struct report *report)
{
	const struct graph *graph = report->graph;

	json_put_string(json, "graph", graph->name);
	json_put_string(json, "board", graph->board.name);
	json_put_uint(json, "width", graph->width);
	json_put_uint(json, "height", graph->height);
	json_put_uint(json, "rate_num", graph->rate_num);
	json_put_uint(json, "rate_den", graph->rate_den);
	json_put_string(json, "backend", report->backend->ops->name);
	json_put_string(json, "device", report->backend->text);
	json_put_string(json, "isa", report->isa);
	json_put_string(json, "display", report->display[report->main_sink]->ops->name);
	json_put_string(json, "clock", report->clock);
}

/* The classes of one sink's ticks. */
static void classes(struct json *json, const struct ledger *ledger,
		    const struct ledger_sink *sink)
{
	uint32_t i;

	json_put_uint(json, "ticks", ledger->ticks);
	json_put_uint(json, "presented", sink->presented);
	json_put_uint(json, "late", sink->late);
	json_put_uint(json, "dropped", sink->dropped);
	json_put_uint(json, "skipped", ledger->skipped);
	json_put_uint(json, "repeats", sink->repeats);
	json_open(json, "drop_reasons", '{');
	for (i = 0; i < DROP_REASON_COUNT; i++)
		json_put_uint(json, drop_reason_name((enum drop_reason)i),
			      sink->reasons[i]);
	json_close(json, '}');
}

static void thread(struct json *json, const struct report *report)
{
	const struct stats_counters *counters = &report->stats->counters;
	const struct report_thread *thread = &report->thread;

	json_open(json, "faults", '{');
	json_put_uint(json, "minor", counters->minor_faults);
	json_put_uint(json, "major", counters->major_faults);
	json_close(json, '}');
	json_put_uint(json, "involuntary_switches",
		      counters->involuntary_switches);
	json_put_uint(json, "cpu_ns", counters->cpu_ns);
	json_open(json, "thread", '{');
	json_put_int(json, "priority", thread->priority);
	json_put_int(json, "cpu", thread->cpu);
	json_put_uint(json, "spin_us", thread->spin_us);
	json_put_bool(json, "dma_latency", thread->dma_latency);
	json_put_bool(json, "memory_locked", thread->memory_locked);
	json_close(json, '}');
}

static void steps(struct json *json, const struct report *report)
{
	uint32_t i;

	json_open(json, "steps", '[');
	for (i = 0; i < report->stats->header.step_count; i++) {
		json_open(json, NULL, '{');
		json_put_string(json, "name", report->backend->plan->steps[i].name);
		times_members(json, &report->stats->step[i].times);
		json_close(json, '}');
	}
	json_close(json, ']');
}

static uint64_t json_count(const _Atomic uint64_t *counter)
{
	return atomic_load_explicit(counter, memory_order_relaxed);
}

static void rejected(struct json *json, const struct display *display)
{
	uint32_t i;

	json_open(json, "rejected", '[');
	for (i = 0; i < display->rejected_count; i++) {
		json_open(json, NULL, '{');
		json_put_string(json, "what", display->rejected[i].what);
		json_put_string(json, "why", display->rejected[i].why);
		json_close(json, '}');
	}
	json_close(json, ']');
}

/* What the display is, and what it went through. */
static void health(struct json *json, const struct display *display)
{
	const struct display_health *health = &display->health;

	json_put_string(json, "device", display->text);
	if (display->buffers)
		json_put_string(json, "buffers", display->buffers);
	else
		json_put_null(json, "buffers");
	rejected(json, display);
	json_put_string(json, "state",
			display_state_name(atomic_load_explicit(
				&health->state, memory_order_relaxed)));
	json_put_string(json, "stamp", display_stamp_name(display->stamp));
	json_put_fixed(json, "refresh_hz",
		       display->refresh_den
			       ? (double)display->refresh_num /
					 (double)display->refresh_den
			       : 0);
	json_put_uint(json, "flips", json_count(&health->flips));
	json_put_uint(json, "stalls", json_count(&health->stalls));
	json_put_uint(json, "losses", json_count(&health->losses));
	json_put_uint(json, "errors", json_count(&health->errors));
	json_put_uint(json, "recoveries", json_count(&health->recoveries));
	json_put_int(json, "last_error",
		     -atomic_load_explicit(&health->last_error,
					   memory_order_relaxed));
}

static void recording(struct json *json, const char *key,
		      const struct recording *recording)
{
	if (!recording) {
		json_put_null(json, key);
		return;
	}
	json_open(json, key, '{');
	json_put_string(json, "path", recording->path);
	json_put_string(json, "format", recording->format);
	json_put_uint(json, "written", recording->written);
	json_put_uint(json, "lost", recording->lost);
	if (recording->error[0])
		json_put_string(json, "error", recording->error);
	else
		json_put_null(json, "error");
	json_close(json, '}');
}

static void outputs(struct json *json, const struct report_output *output)
{
	recording(json, "recording", output->recording);
	recording(json, "digest", output->digest);
	if (output->snapshot_path)
		json_put_string(json, "snapshot", output->snapshot_path);
	else
		json_put_null(json, "snapshot");
}

static void sinks(struct json *json, const struct report *report)
{
	const struct ledger *ledger = &report->stats->counters.ledger;
	uint32_t i;

	json_open(json, "sinks", '[');
	for (i = 0; i < report->graph->sink_count; i++) {
		json_open(json, NULL, '{');
		json_put_string(json, "name", report->graph->sinks[i].name);
		json_put_string(json, "display",
				report->display[i]->ops->name);
		health(json, report->display[i]);
		classes(json, ledger, &ledger->sink[i]);
		times(json, "skew", &report->stats->apart[i]);
		outputs(json, &report->output[i]);
		json_close(json, '}');
	}
	json_close(json, ']');
}

/* What its driver says became of it. */
static void source_health(struct json *json, const struct source_health *health)
{
	uint32_t i, reasons = source_reasons(health);

	json_put_string(json, "state",
			source_state_name(
				(enum source_state)atomic_load_explicit(
					&health->state, memory_order_relaxed)));
	json_put_uint(json, "losses", json_count(&health->losses));
	json_put_uint(json, "recoveries", json_count(&health->recoveries));
	json_put_uint(json, "unsealed", json_count(&health->unsealed));
	json_open(json, "reasons", '[');
	for (i = 0; i < reasons; i++) {
		json_open(json, NULL, '{');
		json_put_string(json, "reason", health->reason[i].text);
		json_put_uint(json, "losses",
			      json_count(&health->reason[i].losses));
		json_put_uint(json, "frames",
			      json_count(&health->reason[i].frames));
		json_close(json, '}');
	}
	json_close(json, ']');
	for (i = 0; i < SOURCE_LOOK_COUNT; i++) {
		json_open(json, source_look_name((enum source_look)i), '{');
		json_put_bool(json, "now",
			      atomic_load_explicit(&health->looks[i],
						   memory_order_relaxed));
		json_put_uint(json, "count", json_count(&health->began[i]));
		json_close(json, '}');
	}
}

/* Which frames the ticks got, and how many of each kind. */
static void source_classes(struct json *json, const struct report *report,
			   uint32_t source)
{
	const struct ledger_source *row =
		&report->stats->counters.ledger.source[source];
	const struct source_health *health = &report->source[source]->health;

	json_put_string(json, "policy",
			report_policy_name(
				report->graph->sources[source].policy));
	json_put_uint(json, "taken", row->taken);
	json_put_uint(json, "repeats", row->repeats);
	json_put_uint(json, "empty", row->empty);
	json_put_uint(json, "card", row->card);
	json_put_uint(json, "passed_over", row->passed_over);
	json_put_uint(json, "waiting", report->source_waiting[source]);
	json_put_uint(json, "delivered", json_count(&health->delivered));
	json_put_uint(json, "lost", json_count(&health->lost));
}

/* When they were exposed. */
static void source_times(struct json *json, const struct stats *stats,
			 uint32_t source)
{
	const struct stats_source *row = &stats->counters.source[source];

	json_put_fixed(json, "rate_hz", (double)row->rate_uhz / 1e6);
	json_open(json, "stamps", '{');
	json_put_uint(json, "hardware", row->hardware);
	json_put_uint(json, "software", row->software);
	json_put_uint(json, "none", row->unstamped);
	json_put_uint(json, "future", row->future);
	json_close(json, '}');
	times(json, "age", &stats->age[source]);
	times(json, "camera_to_glass", &stats->glass[source]);
	times(json, "skew", &stats->skew[source]);
	json_open(json, "steady", '{');
	json_put_bool(json, "locked", row->locked);
	json_put_uint(json, "locks", row->locks);
	json_put_uint(json, "delay_ns", row->delay_ns);
	json_put_uint(json, "outliers", row->outliers);
	json_close(json, '}');
}

static void sources(struct json *json, const struct report *report)
{
	uint32_t i;

	json_open(json, "sources", '[');
	for (i = 0; i < report->graph->source_count; i++) {
		const struct source *source = report->source[i];

		json_open(json, NULL, '{');
		json_put_string(json, "name", report->graph->sources[i].name);
		json_put_string(json, "driver", source->ops->name);
		json_put_string(json, "device", source->text);
		source_classes(json, report, i);
		source_times(json, report->stats, i);
		source_health(json, &source->health);
		json_close(json, '}');
	}
	json_close(json, ']');
}

/* What nodes count of their own, node by node. */
static void nodes(struct json *json, const struct report *report)
{
	const struct graph_count *row = report->graph->counts;
	const char *node = NULL;
	uint32_t i;

	json_open(json, "nodes", '[');
	for (i = 0; i < report->graph->count_count; i++) {
		if (node && strcmp(node, row[i].node)) {
			json_close(json, '}');
			json_close(json, '}');
			node = NULL;
		}
		if (!node) {
			node = row[i].node;
			json_open(json, NULL, '{');
			json_put_string(json, "name", node);
			json_open(json, "counts", '{');
		}
		json_put_uint(json, row[i].name, report->counts[i]);
	}
	if (node) {
		json_close(json, '}');
		json_close(json, '}');
	}
	json_close(json, ']');
}

static void display_clock(struct json *json, const struct report *report)
{
	const struct stats_pacing *pacing = &report->stats->counters.pacing;

	if (strcmp(report->clock, clock_kind_name(CLOCK_DISPLAY))) {
		json_put_null(json, "display_clock");
		return;
	}
	json_open(json, "display_clock", '{');
	json_put_string(json, "state",
			display_clock_state_name(
				(enum display_clock_state)pacing->state));
	json_put_fixed(json, "refresh_hz", (double)pacing->refresh_uhz / 1e6);
	json_put_uint(json, "refreshes_per_tick", pacing->refreshes_per_tick);
	json_put_uint(json, "margin_ns", pacing->margin_ns);
	json_put_uint(json, "first_lock_ns", pacing->first_lock_ns);
	json_put_uint(json, "locks", pacing->locks);
	json_put_uint(json, "losses", pacing->losses);
	json_put_uint(json, "holdovers", pacing->holdovers);
	json_put_uint(json, "outliers", pacing->outliers);
	times(json, "phase_error", &report->stats->phase_error);
	json_close(json, '}');
}

/* What the backend's driver counts of its own. */
static void driver(struct json *json, const struct report *report)
{
	if (!report->backend->ops->report) {
		json_put_null(json, "driver");
		return;
	}
	json_open(json, "driver", '{');
	report->backend->ops->report(report->backend, json);
	json_close(json, '}');
}

static void trace(struct json *json, const struct report_trace *trace)
{
	if (!trace->path) {
		json_put_null(json, "trace");
		return;
	}
	json_open(json, "trace", '{');
	json_put_string(json, "path", trace->path);
	json_put_uint(json, "records", trace->records);
	json_put_uint(json, "lost", trace->lost);
	if (trace->error)
		json_put_string(json, "error", strerror(-trace->error));
	else
		json_put_null(json, "error");
	json_close(json, '}');
}

bool report_json(const struct report *report, FILE *out)
{
	const struct stats *stats = report->stats;
	const struct stats_counters *counters = &stats->counters;
	struct json json = {.out = out};

	json_open(&json, NULL, '{');
	program(&json, report);
	classes(&json, &counters->ledger,
		&counters->ledger.sink[report->main_sink]);
	json_put_fixed(&json, "fps", (double)counters->fps_milli / 1000);
	json_put_fixed(&json, "fps_average", report_average_fps(report));
	json_put_uint(&json, "duration_ns", report_duration_ns(report));
	json_put_uint(&json, "first_frame_ns", counters->first_frame_ns);
	json_put_uint(&json, "rss_bytes", report->rss_bytes);
	thread(&json, report);
	lateness(&json, &stats->lateness);
	json_put_uint(&json, "wakes_over_1ms", counters->wakes_over_1ms);
	times(&json, "cycle", &stats->cycle);
	times(&json, "uniforms", &stats->uniforms);
	times(&json, "present", &stats->present);
	times(&json, "tick_to_flip", &stats->tick_to_flip);
	steps(&json, report);
	sinks(&json, report);
	sources(&json, report);
	nodes(&json, report);
	display_clock(&json, report);
	driver(&json, report);
	outputs(&json, &report->output[report->main_sink]);
	trace(&json, &report->trace);
	json_close(&json, '}');
	return !fflush(out) && !ferror(out);
}
