/*
 * runtime/app/trace.c: see runtime/app/trace.h.
 */
#include "runtime/app/trace.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "runtime/base/rate.h"
#include "runtime/observe/ledger.h"
#include "runtime/port/display.h"
#include "runtime/port/source.h"

/* ---- numbers of tracks and names ----------------------------------------------- */

enum trace_track {
	TRACK_PROCESS = 1,
	TRACK_WAKE,
	TRACK_TICK,
	TRACK_UNIFORMS,
	TRACK_STEPS,
	TRACK_GPU,
	TRACK_PRESENT,
	TRACK_SKIPPED,
	TRACK_TRACE,
	TRACK_SINK,
	TRACK_SOURCE = TRACK_SINK + 3 * GRAPH_SINKS_MAX,
	TRACK_WORKER = TRACK_SOURCE + 3 * GRAPH_SOURCES_MAX,
	TRACK_COUNT = TRACK_WORKER + GRAPH_THREADS_MAX
};

_Static_assert(TRACK_COUNT <= TRACE_TRACKS_MAX, "TRACE_TRACKS_MAX");

/* Of a sink's tracks. */
enum { OF_SINK_FLIPS, OF_SINK_MISSES, OF_SINK_STATE, OF_SINK };
/* Of a source's. */
enum { OF_SOURCE_EXPOSED, OF_SOURCE_ARRIVED, OF_SOURCE_STATE, OF_SOURCE };

enum trace_name {
	NAME_WAKE = 1,
	NAME_TICK,
	NAME_UNIFORMS,
	NAME_PRESENT,
	NAME_FLIP,
	NAME_LATE,
	NAME_SKIPPED,
	NAME_EXPOSED,
	NAME_ARRIVED,
	NAME_FRAMES_LOST,
	NAME_RECORDS_LOST,
	NAME_END,
	NAME_DROPPED,
	NAME_DISPLAY = NAME_DROPPED + DROP_REASON_COUNT,
	NAME_SOURCE = NAME_DISPLAY + DISPLAY_STATE_COUNT,
	NAME_LOOK = NAME_SOURCE + SOURCE_STATE_COUNT,
	NAME_NO_LOOK = NAME_LOOK + SOURCE_LOOK_COUNT,
	NAME_STEP = NAME_NO_LOOK + SOURCE_LOOK_COUNT
};

static const char *const trace_names[NAME_DROPPED] = {
	[NAME_WAKE] = "wake",
	[NAME_TICK] = "tick",
	[NAME_UNIFORMS] = "uniforms",
	[NAME_PRESENT] = "present",
	[NAME_FLIP] = "flip",
	[NAME_LATE] = "late",
	[NAME_SKIPPED] = "skipped",
	[NAME_EXPOSED] = "exposed",
	[NAME_ARRIVED] = "arrived",
	[NAME_FRAMES_LOST] = "frames lost",
	[NAME_RECORDS_LOST] = "records lost",
	[NAME_END] = "end of the trace",
};

enum trace_note {
	NOTE_TICK = 1,
	NOTE_LATE,
	NOTE_DUE,
	NOTE_SUBMIT,
	NOTE_REFRESH,
	NOTE_COUNT,
	NOTE_BANDS,
	NOTE_LANE,
	NOTE_RECORDS,
	NOTE_LOST,
	NOTE_FROM,
	NOTE_END
};

static const char *const trace_notes[NOTE_END] = {
	[NOTE_TICK] = "tick",
	[NOTE_LATE] = "late_ns",
	[NOTE_DUE] = "due_ns",
	[NOTE_SUBMIT] = "submit_ns",
	[NOTE_REFRESH] = "refresh",
	[NOTE_COUNT] = "count",
	[NOTE_BANDS] = "bands",
	[NOTE_LANE] = "lane",
	[NOTE_RECORDS] = "records",
	[NOTE_LOST] = "lost",
	[NOTE_FROM] = "from_ns",
};

/* ---- the head ------------------------------------------------------------------ */

static int64_t trace_clock_ns(clockid_t id)
{
	struct timespec now = {0};

	clock_gettime(id, &now);
	return (int64_t)now.tv_sec * NS_PER_SECOND + now.tv_nsec;
}

static void trace_name_track(struct perfetto *out, uint32_t track,
			     const char *whose, const char *what)
{
	char name[PERFETTO_NAME_MAX];

	snprintf(name, sizeof(name), "%s%s%s", whose, *whose ? " " : "", what);
	perfetto_track(out, track, TRACK_PROCESS, name);
}

static void trace_tracks_of_ends(const struct trace *trace,
				 struct perfetto *out)
{
	static const char *const sink[OF_SINK] = {"flips", "late and dropped",
						  "state"};
	static const char *const source[OF_SOURCE] = {"exposed", "arrived",
						      "state"};
	const struct graph *graph = trace->graph;
	uint32_t i, j;

	for (i = 0; i < graph->sink_count; i++)
		for (j = 0; j < OF_SINK; j++)
			trace_name_track(out, TRACK_SINK + i * OF_SINK + j,
					 graph->sinks[i].name, sink[j]);
	for (i = 0; i < graph->source_count; i++)
		for (j = 0; j < OF_SOURCE; j++)
			trace_name_track(out, TRACK_SOURCE + i * OF_SOURCE + j,
					 graph->sources[i].name, source[j]);
}

static void trace_tracks(const struct trace *trace, struct perfetto *out)
{
	uint32_t i, lane;

	perfetto_process(out, TRACK_PROCESS, getpid(), trace->graph->name);
	trace_name_track(out, TRACK_WAKE, "", "wake");
	trace_name_track(out, TRACK_TICK, "", "tick");
	trace_name_track(out, TRACK_UNIFORMS, "", "uniforms");
	trace_name_track(out, TRACK_STEPS, "", "steps");
	if (trace->plan->backend != GRAPH_BACKEND_CPU)
		trace_name_track(out, TRACK_GPU, "", "GPU");
	trace_name_track(out, TRACK_PRESENT, "", "present");
	trace_name_track(out, TRACK_SKIPPED, "", "skipped");
	trace_name_track(out, TRACK_TRACE, "", "trace");
	trace_tracks_of_ends(trace, out);
	for (i = 0; i < GRAPH_THREADS_MAX; i++) {
		lane = journal_find(trace->journal, JOURNAL_LANE_WORKER, i);
		if (lane < JOURNAL_LANES_MAX)
			trace_name_track(out, TRACK_WORKER + i, "",
					 trace->journal->lane[lane].name);
	}
}

static void trace_name(struct perfetto *out, uint32_t number,
		       const char *before, const char *name)
{
	char text[PERFETTO_NAME_MAX];

	snprintf(text, sizeof(text), "%s%s", before, name);
	perfetto_event_name(out, number, text);
}

static void trace_all_names(const struct trace *trace, struct perfetto *out)
{
	uint32_t i;

	for (i = 1; i < NAME_DROPPED; i++)
		trace_name(out, i, "", trace_names[i]);
	for (i = 0; i < DROP_REASON_COUNT; i++)
		trace_name(out, NAME_DROPPED + i, "dropped: ",
			   drop_reason_name((enum drop_reason)i));
	for (i = 0; i < DISPLAY_STATE_COUNT; i++)
		trace_name(out, NAME_DISPLAY + i, "",
			   display_state_name((enum display_state)i));
	for (i = 0; i < SOURCE_STATE_COUNT; i++)
		trace_name(out, NAME_SOURCE + i, "",
			   source_state_name((enum source_state)i));
	for (i = 0; i < SOURCE_LOOK_COUNT; i++) {
		const char *look = source_look_name((enum source_look)i);

		trace_name(out, NAME_LOOK + i, "", look);
		trace_name(out, NAME_NO_LOOK + i, "no longer ", look);
	}
	for (i = 0; i < trace->plan->step_count; i++)
		trace_name(out, NAME_STEP + i, "", trace->plan->steps[i].name);
	for (i = 1; i < NOTE_END; i++)
		perfetto_note_name(out, i, trace_notes[i]);
}

size_t trace_head_max(const struct trace *trace)
{
	return (1 + TRACK_COUNT + NAME_STEP + NOTE_END +
		trace->plan->step_count) *
	       (size_t)PERFETTO_PACKET_MAX;
}

void trace_begin(struct trace *trace, struct perfetto *out)
{
	perfetto_head(out, trace_clock_ns(CLOCK_MONOTONIC),
		      trace_clock_ns(CLOCK_BOOTTIME));
	trace_tracks(trace, out);
	trace_all_names(trace, out);
}

/* ---- events -------------------------------------------------------------------- */

static void trace_note(struct perfetto_event *event, enum trace_note note,
		       int64_t value)
{
	uint32_t i = 0;

	while (i < PERFETTO_NOTES && event->note[i])
		i++;
	if (i == PERFETTO_NOTES)
		return;
	event->note[i] = note;
	event->value[i] = value;
}

/* Not before what the track has. */
static int64_t trace_in_order(struct trace *trace, uint64_t track,
			      int64_t time_ns)
{
	if (time_ns < trace->last_ns[track])
		return trace->last_ns[track];
	trace->last_ns[track] = time_ns;
	return time_ns;
}

static void trace_put(struct trace *trace, struct perfetto *out,
		      struct perfetto_event *event)
{
	int64_t from_ns = event->time_ns;

	event->time_ns = trace_in_order(trace, event->track, from_ns);
	if (event->time_ns != from_ns)
		trace_note(event, NOTE_FROM, from_ns);
	perfetto_event(out, event);
}

static void trace_slice(struct trace *trace, struct perfetto *out,
			struct perfetto_event *begin, int64_t end_ns)
{
	struct perfetto_event end = {.type = PERFETTO_END,
				     .track = begin->track};

	begin->type = PERFETTO_BEGIN;
	trace_put(trace, out, begin);
	end.time_ns = trace_in_order(trace, end.track, end_ns);
	perfetto_event(out, &end);
}

static struct perfetto_event trace_event(const struct journal_record *record,
					 uint64_t track, uint64_t name)
{
	return (struct perfetto_event){.time_ns = record->time_ns,
				       .type = PERFETTO_INSTANT,
				       .track = track,
				       .name = name};
}

static struct perfetto_event trace_of_tick(const struct journal_record *record,
					   uint64_t track, uint64_t name)
{
	struct perfetto_event event = trace_event(record, track, name);

	trace_note(&event, NOTE_TICK, (int64_t)record->tick);
	return event;
}

static uint64_t trace_sink(const struct journal_record *record, uint32_t which)
{
	return TRACK_SINK + record->object * OF_SINK + which;
}

static uint64_t trace_source(const struct journal_record *record,
			     uint32_t which)
{
	return TRACK_SOURCE + record->object * OF_SOURCE + which;
}

/* What a tick or a frame became. */
static void trace_outcome(struct trace *trace, struct perfetto *out,
			  const struct journal_record *record)
{
	const int64_t *value = record->value;
	struct perfetto_event event;

	switch (record->kind) {
	case JOURNAL_SHOWN:
		event = trace_of_tick(record, trace_sink(record, OF_SINK_FLIPS),
				      NAME_FLIP);
		trace_note(&event, NOTE_DUE, value[0]);
		trace_note(&event, NOTE_SUBMIT, value[1]);
		if (value[2])
			trace_note(&event, NOTE_REFRESH, value[2]);
		break;
	case JOURNAL_LATE:
		event = trace_of_tick(record,
				      trace_sink(record, OF_SINK_MISSES),
				      NAME_LATE);
		trace_note(&event, NOTE_LATE, value[0]);
		break;
	case JOURNAL_DROPPED:
		event = trace_of_tick(record,
				      trace_sink(record, OF_SINK_MISSES),
				      NAME_DROPPED + (uint64_t)value[0]);
		break;
	case JOURNAL_SKIPPED:
		event = trace_of_tick(record, TRACK_SKIPPED, NAME_SKIPPED);
		trace_note(&event, NOTE_COUNT, value[0]);
		break;
	default:
		return;
	}
	trace_put(trace, out, &event);
}

/* What became of a screen or a camera. */
static void trace_state(struct trace *trace, struct perfetto *out,
			const struct journal_record *record)
{
	const int64_t *value = record->value;
	struct perfetto_event event =
		trace_event(record, trace_source(record, OF_SOURCE_STATE), 0);

	switch (record->kind) {
	case JOURNAL_DISPLAY_STATE:
		event.track = trace_sink(record, OF_SINK_STATE);
		event.name = NAME_DISPLAY + (uint64_t)value[0];
		break;
	case JOURNAL_SOURCE_LOST:
		event.name = NAME_FRAMES_LOST;
		trace_note(&event, NOTE_COUNT, value[0]);
		break;
	case JOURNAL_SOURCE_STATE:
		event.name = NAME_SOURCE + (uint64_t)value[0];
		break;
	case JOURNAL_SOURCE_LOOK:
		event.name = (value[1] ? NAME_LOOK : NAME_NO_LOOK) +
			     (uint64_t)value[0];
		break;
	default:
		return;
	}
	trace_put(trace, out, &event);
}

static void trace_cycle(struct trace *trace, struct perfetto *out,
			const struct journal_record *record)
{
	struct perfetto_event wake =
		trace_of_tick(record, TRACK_WAKE, NAME_WAKE);
	struct perfetto_event tick =
		trace_of_tick(record, TRACK_TICK, NAME_TICK);

	wake.time_ns = record->value[1];
	if (wake.time_ns)
		trace_slice(trace, out, &wake, record->time_ns);
	trace_slice(trace, out, &tick, record->value[0]);
}

static void trace_arrival(struct trace *trace, struct perfetto *out,
			  const struct journal_record *record)
{
	struct perfetto_event event = trace_event(
		record, trace_source(record, OF_SOURCE_ARRIVED), NAME_ARRIVED);

	trace_put(trace, out, &event);
	if (record->value[0] == INT64_MIN)
		return;
	event = trace_event(record, trace_source(record, OF_SOURCE_EXPOSED),
			    NAME_EXPOSED);
	event.time_ns = record->value[0];
	trace_put(trace, out, &event);
}

/* A step without code for the CPU is a device's. */
static uint64_t trace_step_track(const struct trace *trace, uint32_t step)
{
	return trace->plan->steps[step].run ? TRACK_STEPS : TRACK_GPU;
}

static void trace_part(struct trace *trace, struct perfetto *out,
		       const struct journal_record *record, uint32_t lane)
{
	struct perfetto_event event =
		trace_of_tick(record, TRACK_UNIFORMS, NAME_UNIFORMS);
	uint64_t first;

	switch (record->kind) {
	case JOURNAL_UNIFORMS:
		break;
	case JOURNAL_PRESENT:
		event.track = TRACK_PRESENT;
		event.name = NAME_PRESENT;
		break;
	case JOURNAL_STEP:
		event.track = trace_step_track(trace, record->object);
		event.name = NAME_STEP + record->object;
		break;
	default: /* JOURNAL_BANDS, of a step, whatever the tick */
		first = journal_find(trace->journal, JOURNAL_LANE_WORKER, 0);
		event = trace_event(record, TRACK_WORKER + lane - first,
				    NAME_STEP + record->object);
		trace_note(&event, NOTE_BANDS, record->value[1]);
	}
	trace_slice(trace, out, &event, record->value[0]);
}

static void trace_record(struct trace *trace, struct perfetto *out,
			 const struct journal_record *record, uint32_t lane)
{
	switch (record->kind) {
	case JOURNAL_SHOWN:
	case JOURNAL_LATE:
	case JOURNAL_DROPPED:
	case JOURNAL_SKIPPED:
		trace_outcome(trace, out, record);
		break;
	case JOURNAL_CYCLE:
		trace_cycle(trace, out, record);
		break;
	case JOURNAL_ARRIVAL:
		trace_arrival(trace, out, record);
		break;
	case JOURNAL_UNIFORMS:
	case JOURNAL_STEP:
	case JOURNAL_PRESENT:
	case JOURNAL_BANDS:
		trace_part(trace, out, record, lane);
		break;
	default:
		trace_state(trace, out, record);
	}
	trace->records++;
}

/* ---- the journal --------------------------------------------------------------- */

/* The most packets that one record makes, or the loss before it. */
#define TRACE_PACKETS 5

static bool trace_has_room(const struct perfetto *out)
{
	return out->room - out->used >=
	       (size_t)TRACE_PACKETS * PERFETTO_PACKET_MAX;
}

static void trace_lost(struct trace *trace, struct perfetto *out, uint32_t lane,
		       uint64_t count)
{
	struct perfetto_event event = {
		.time_ns = trace_clock_ns(CLOCK_MONOTONIC),
		.type = PERFETTO_INSTANT,
		.track = TRACK_TRACE,
		.name = NAME_RECORDS_LOST,
	};

	trace->lost += count;
	trace_note(&event, NOTE_LANE, lane);
	trace_note(&event, NOTE_COUNT, (int64_t)count);
	trace_put(trace, out, &event);
}

/* With since_ns nothing is missed but what was there in the time asked for: of
 * what was overwritten nobody knows. */
static void trace_skip(struct trace *trace, struct perfetto *out, uint32_t lane,
		       uint64_t to)
{
	if (!trace->since_ns)
		trace_lost(trace, out, lane, to - trace->seen[lane]);
	trace->seen[lane] = to;
}

static bool trace_is_old(const struct trace *trace,
			 const struct journal_record *record)
{
	return record->time_ns < trace->since_ns;
}

static bool trace_take_lane(struct trace *trace, struct perfetto *out,
			    uint32_t lane)
{
	uint64_t newest = journal_newest(trace->journal, lane);
	struct journal_record record;
	uint64_t oldest;

	while (trace->seen[lane] < newest) {
		if (!trace_has_room(out))
			return true;
		oldest = journal_oldest(trace->journal, lane);
		if (trace->seen[lane] + 1 < oldest)
			trace_skip(trace, out, lane, oldest - 1);
		if (!journal_read(trace->journal, lane, trace->seen[lane] + 1,
				  &record)) {
			trace_skip(trace, out, lane, trace->seen[lane] + 1);
			continue;
		}
		trace->seen[lane]++;
		if (!trace_is_old(trace, &record))
			trace_record(trace, out, &record, lane);
	}
	return false;
}

bool trace_take(struct trace *trace, struct perfetto *out)
{
	uint32_t lane;

	for (lane = 0; lane < trace->journal->lane_count; lane++)
		if (trace_take_lane(trace, out, lane))
			return true;
	return false;
}

void trace_end(struct trace *trace, struct perfetto *out)
{
	struct perfetto_event event = {
		.time_ns = trace_clock_ns(CLOCK_MONOTONIC),
		.type = PERFETTO_INSTANT,
		.track = TRACK_TRACE,
		.name = NAME_END,
	};

	trace_note(&event, NOTE_RECORDS, (int64_t)trace->records);
	trace_note(&event, NOTE_LOST, (int64_t)trace->lost);
	trace_put(trace, out, &event);
}
