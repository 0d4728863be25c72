/*
 * runtime/program/outputs.c: see runtime/program/outputs.h.
 */
#include "runtime/program/outputs.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "drivers/record/ledger_file.h"
#include "drivers/record/output.h"
#include "drivers/record/places.h"
#include "drivers/record/snapshot.h"
#include "runtime/app/flip_log.h"
#include "runtime/base/message.h"
#include "runtime/base/write_all.h"

/* ---- before the run --------------------------------------------------------- */

#define PLACES_OF_A_SINK 3
#define PLACES_MAX	 (GRAPH_SINKS_MAX * PLACES_OF_A_SINK + 4)

static enum exit_status outputs_check_places(const struct outputs *outputs,
					     char *line, size_t bytes)
{
	const struct options *options = outputs->options;
	struct place places[PLACES_MAX];
	uint32_t i, count = 0;

	for (i = 0; i < outputs->sink_count; i++) {
		places[count++] = (struct place){
			"--record", options->record_path[i], true};
		places[count++] = (struct place){
			"--digest", options->digest_path[i], false};
		places[count++] = (struct place){
			"--snapshot", options->snapshot_path[i], true};
	}
	places[count++] =
		(struct place){"--ledger", options->ledger_path, false};
	places[count++] = (struct place){"--control-log",
					 options->control_log, true};
	places[count++] = (struct place){"--trace", options->trace_path, true};
	places[count++] = (struct place){
		"--report", options->report ? OUTPUT_STDOUT : NULL, false};
	return places_check(places, count, line, bytes);
}

static enum exit_status outputs_open_sink(struct outputs *outputs, uint32_t sink,
					  const struct graph *graph, char *line,
					  size_t bytes)
{
	const struct options *options = outputs->options;
	struct output_set *set = &outputs->set[sink];
	enum exit_status status = EXIT_STATUS_OK;

	set->wants_tap = options->record_path[sink] ||
			 options->digest_path[sink];
	set->snapshot_path = options->snapshot_path[sink];
	if (set->snapshot_path)
		status = snapshot_check(set->snapshot_path, line, bytes);
	if (!status)
		status = recorder_open(&set->recorder, graph,
				       options->record_path[sink],
				       options->digest_path[sink], line, bytes);
	return status;
}

/* The places twice: what is there is never opened in vain, and links to what is
 * not are known only then. */
enum exit_status outputs_open(struct outputs *outputs,
			      const struct options *options,
			      const struct graph *graph)
{
	char line[REFUSAL_MAX];
	enum exit_status status;
	uint32_t i;

	*outputs = (struct outputs){.options = options,
				    .sink_count = graph->sink_count};
	status = outputs_check_places(outputs, line, sizeof(line));
	if (!status && options->ledger_path)
		status = ledger_file_check(options->ledger_path, line,
					   sizeof(line));
	if (!status && options->trace_path)
		status = trace_file_open(&outputs->trace, "--trace",
					 options->trace_path,
					 line, sizeof(line));
	for (i = 0; i < outputs->sink_count && !status; i++)
		status = outputs_open_sink(outputs, i, graph, line,
					   sizeof(line));
	if (!status)
		status = outputs_check_places(outputs, line, sizeof(line));
	if (!status)
		return EXIT_STATUS_OK;
	outputs_close(outputs);
	return refuse(status, line);
}

int outputs_make_taps(struct outputs *outputs, const struct graph *graph,
		      struct backend *backend)
{
	uint32_t i;
	int error = 0;

	for (i = 0; i < outputs->sink_count && !error; i++) {
		struct output_set *set = &outputs->set[i];

		if (!set->wants_tap)
			continue;
		error = tap_init(&set->tap, graph->width, graph->height);
		if (!error)
			backend_pin(backend, set->tap.pool.base,
				    set->tap.pool.bytes);
	}
	return error;
}

void outputs_free_taps(struct outputs *outputs, struct backend *backend)
{
	uint32_t i;

	for (i = 0; i < outputs->sink_count; i++) {
		backend_unpin(backend, outputs->set[i].tap.pool.base);
		tap_finish(&outputs->set[i].tap);
	}
}

int outputs_start(struct outputs *outputs)
{
	uint32_t i;
	int error = 0;

	for (i = 0; i < outputs->sink_count && !error; i++)
		if (outputs->set[i].wants_tap)
			error = recorder_start(&outputs->set[i].recorder,
					       &outputs->set[i].tap);
	if (error)
		outputs_finish(outputs);
	return error;
}

int outputs_start_trace(struct outputs *outputs,
			const struct journal_header *journal,
			const struct graph *graph,
			const struct graph_plan *plan)
{
	if (!outputs->trace.path)
		return 0;
	outputs->tracer = (struct tracer){
		.trace = {.journal = journal, .graph = graph, .plan = plan},
		.fd = outputs->trace.fd,
	};
	return tracer_start(&outputs->tracer);
}

void outputs_finish_trace(struct outputs *outputs)
{
	tracer_finish(&outputs->tracer);
}

void outputs_begin(struct outputs *outputs)
{
	uint32_t i;

	outputs->tracer.error = trace_file_begin(&outputs->trace);
	tracer_begin(&outputs->tracer);

	for (i = 0; i < outputs->sink_count; i++)
		recorder_begin(&outputs->set[i].recorder);
}

void outputs_finish(struct outputs *outputs)
{
	uint32_t i;

	for (i = 0; i < outputs->sink_count; i++)
		if (outputs->set[i].wants_tap)
			tap_close(&outputs->set[i].tap);
	for (i = 0; i < outputs->sink_count; i++)
		recorder_finish(&outputs->set[i].recorder);
}

void outputs_close(struct outputs *outputs)
{
	uint32_t i;

	for (i = 0; i < outputs->sink_count; i++)
		recorder_finish(&outputs->set[i].recorder);
	trace_file_close(&outputs->trace);
}

/* ---- after the run ----------------------------------------------------------- */

/* Writes it, or keeps it for standard output. */
static enum exit_status outputs_snapshot(struct outputs *outputs, uint32_t sink,
					 struct cycle *cycle)
{
	struct output_set *set = &outputs->set[sink];
	const char *path = set->snapshot_path;
	char *line = set->snapshot_line;
	struct image image;

	if (!path)
		return EXIT_STATUS_OK;
	if (!cycle_last_frame(cycle, sink, &image))
		snprintf(line, REFUSAL_MAX,
			 "--snapshot %s: no frame was presented", path);
	else if (!strcmp(path, OUTPUT_STDOUT)
			 ? snapshot_encode(&image, &set->picture,
					   &set->picture_bytes)
			 : snapshot_write(path, &image, line, REFUSAL_MAX))
		return EXIT_STATUS_OK;
	else if (!line[0])
		snprintf(line, REFUSAL_MAX, "--snapshot %s: out of memory",
			 path);
	set->snapshot_path = NULL;
	return EXIT_STATUS_OS_LIMIT;
}

static enum exit_status outputs_report(struct outputs *outputs,
				       struct report *report)
{
	FILE *memory =
		open_memstream(&outputs->report, &outputs->report_bytes);
	bool composed;
	uint32_t i;

	for (i = 0; i < outputs->sink_count; i++) {
		const struct output_set *set = &outputs->set[i];

		report->output[i] = (struct report_output){
			recorder_recording(&set->recorder),
			recorder_digest(&set->recorder), set->snapshot_path};
	}
	if (outputs->options->trace_path)
		report->trace = (struct report_trace){
			outputs->options->trace_path, outputs->tracer.trace.records,
			outputs->tracer.trace.lost, outputs->tracer.error};
	composed = memory && report_print(report, outputs->options->report,
					  memory);
	if ((memory && fclose(memory)) || !composed)
		return refuse_errno("--report", -ENOMEM);
	return EXIT_STATUS_OK;
}

static enum exit_status outputs_ledger(struct outputs *outputs,
				       const struct journal_header *journal,
				       uint32_t lane)
{
	FILE *memory;
	bool composed;

	if (!outputs->options->ledger_path)
		return EXIT_STATUS_OK;
	memory = open_memstream(&outputs->ledger, &outputs->ledger_bytes);
	composed = memory && flip_log_write(journal, lane, memory);
	if ((memory && fclose(memory)) || !composed)
		return refuse_errno("--ledger", -ENOMEM);
	return EXIT_STATUS_OK;
}

static enum exit_status outputs_trace(struct outputs *outputs)
{
	const struct tracer *tracer = &outputs->tracer;

	if (!tracer->error)
		return EXIT_STATUS_OK;
	snprintf(outputs->trace_line, REFUSAL_MAX,
		 "--trace %.256s: ends after %" PRIu64 " bytes: %s",
		 outputs->options->trace_path, tracer->bytes,
		 strerror(-tracer->error));
	return EXIT_STATUS_OS_LIMIT;
}

/* Did the run keep its promises, and the recordings theirs? */
static enum exit_status outputs_verdict(struct outputs *outputs,
					const struct cycle *cycle)
{
	enum exit_status status =
		cycle_verdict(cycle, outputs->line, REFUSAL_MAX);
	enum exit_status recorded;
	uint32_t i;

	for (i = 0; i < outputs->sink_count && !outputs->line[0]; i++) {
		struct output_set *set = &outputs->set[i];

		recorded = recorder_verdict(&set->recorder,
					    !cycle_is_timed(cycle),
					    set->recording_line, REFUSAL_MAX);
		status = status ? status : recorded;
	}
	return status;
}

/* The first that is not 0 is the run's. */
static void outputs_settle_status(struct outputs *outputs,
				  enum exit_status status)
{
	if (!outputs->status)
		outputs->status = status;
}

void outputs_compose(struct outputs *outputs, struct cycle *cycle,
		     const struct journal_header *journal, uint32_t lane,
		     struct report *report)
{
	const uint64_t *lost = cycle->config.stats->counters.record_lost;
	enum exit_status snapped = EXIT_STATUS_OK, logged, reported;
	uint32_t i;

	for (i = 0; i < outputs->sink_count; i++) {
		enum exit_status status = outputs_snapshot(outputs, i, cycle);

		recorder_count_lost(&outputs->set[i].recorder, lost[i]);
		snapped = snapped ? snapped : status;
	}
	logged = outputs_ledger(outputs, journal, lane);
	reported = outputs_report(outputs, report);
	outputs_settle_status(outputs, outputs_verdict(outputs, cycle));
	outputs_settle_status(outputs, snapped);
	outputs_settle_status(outputs, logged);
	outputs_settle_status(outputs, outputs_trace(outputs));
	outputs_settle_status(outputs, reported);
	outputs->composed = true;
}

static enum exit_status outputs_print(const char *option, const char *bytes,
				      size_t count)
{
	char line[REFUSAL_MAX];
	int error = write_all(STDOUT_FILENO, bytes, count, WRITE_STALL_MS);

	if (!error)
		return EXIT_STATUS_OK;
	snprintf(line, sizeof(line),
		 "%s: standard output takes nothing (%s), the rest is lost: give "
		 "it a reader",
		 option, strerror(-error));
	return refuse(EXIT_STATUS_OS_LIMIT, line);
}

static void outputs_tell_ledger(struct outputs *outputs)
{
	char line[REFUSAL_MAX];
	enum exit_status status;

	if (!outputs->ledger)
		return;
	status = ledger_file_write(outputs->options->ledger_path,
				   outputs->ledger, outputs->ledger_bytes, line,
				   sizeof(line));
	outputs_settle_status(outputs,
			      status ? refuse(status, line) : EXIT_STATUS_OK);
}

static void outputs_tell_lines(const struct outputs *outputs)
{
	uint32_t i;

	for (i = 0; i < outputs->sink_count; i++) {
		const struct output_set *set = &outputs->set[i];

		if (set->snapshot_line[0])
			message("%s", set->snapshot_line);
		if (set->recording_line[0])
			message("%s", set->recording_line);
	}
	if (outputs->trace_line[0])
		message("%s", outputs->trace_line);
	if (outputs->line[0])
		message("%s", outputs->line);
}

void outputs_tell(struct outputs *outputs)
{
	uint32_t i;

	if (!outputs->composed)
		return;
	outputs->composed = false;
	outputs_tell_ledger(outputs);
	for (i = 0; i < outputs->sink_count; i++) {
		struct output_set *set = &outputs->set[i];

		if (set->picture)
			outputs_settle_status(
				outputs, outputs_print("--snapshot", set->picture,
						       set->picture_bytes));
		free(set->picture);
	}
	if (outputs->report_bytes)
		outputs_settle_status(outputs,
				      outputs_print("--report", outputs->report,
						    outputs->report_bytes));
	outputs_tell_lines(outputs);
	free(outputs->ledger);
	free(outputs->report);
}
