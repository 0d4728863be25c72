/*
 * runtime/program/feed.c: see runtime/program/feed.h.
 */
#include "runtime/program/feed.h"

#include "runtime/control/value.h"

/* ---- how it is ------------------------------------------------------------------- */

static json_t *feed_sinks(const struct cycle *cycle)
{
	const struct graph *graph = cycle->config.graph;
	json_t *sinks = json_array();
	uint32_t i;

	for (i = 0; i < graph->sink_count; i++) {
		const struct display *display = &cycle->config.displays[i];

		json_array_append_new(
			sinks,
			json_pack("{s:s, s:s, s:s}", "name",
				  graph->sinks[i].name, "display",
				  display->ops->name, "state",
				  display_state_name(atomic_load_explicit(
					  &display->health.state,
					  memory_order_relaxed))));
	}
	return sinks;
}

static json_t *feed_sources(const struct cycle *cycle)
{
	const struct graph *graph = cycle->config.graph;
	json_t *sources = json_array();
	uint32_t i, look;

	for (i = 0; i < graph->source_count; i++) {
		const struct source *source = &cycle->config.sources[i];
		json_t *row = json_pack(
			"{s:s, s:s, s:s}", "name", graph->sources[i].name,
			"driver", source->ops->name, "state",
			source_state_name(
				(enum source_state)atomic_load_explicit(
					&source->health.state,
					memory_order_relaxed)));

		for (look = 0; look < SOURCE_LOOK_COUNT; look++)
			json_object_set_new(
				row, source_look_name((enum source_look)look),
				json_boolean(atomic_load_explicit(
					&source->health.looks[look],
					memory_order_relaxed)));
		json_array_append_new(sources, row);
	}
	return sources;
}

/* What was before anybody asked is in the state. */
static void feed_forget(struct feed *feed)
{
	uint32_t lane;

	for (lane = 0; lane < feed->journal->lane_count; lane++)
		feed->seen[lane] = journal_newest(feed->journal, lane);
}

void verb_events(struct call *call, void *arg)
{
	struct feed *feed = arg;

	if (!server_has_subscribers(feed->server))
		feed_forget(feed);
	json_object_set_new(call->answer, "sinks", feed_sinks(feed->cycle));
	json_object_set_new(call->answer, "sources", feed_sources(feed->cycle));
	call->subscribe = true;
}

/* ---- what happens ------------------------------------------------------------------ */

static const char *feed_reason(const struct source *source, int64_t reason)
{
	return reason >= 0 && reason < (int64_t)source_reasons(&source->health)
		       ? source->health.reason[reason].text
		       : "";
}

static json_t *feed_of_source(const struct feed *feed,
			      const struct journal_record *record)
{
	const struct source *source =
		&feed->cycle->config.sources[record->object];
	const char *name = source->graph->name;

	switch (record->kind) {
	case JOURNAL_SOURCE_LOST:
		return json_pack("{s:s, s:s, s:I, s:s}", "event", "lost",
				 "source", name, "frames",
				 (json_int_t)record->value[0], "reason",
				 feed_reason(source, record->value[1]));
	case JOURNAL_SOURCE_STATE:
		return json_pack(
			"{s:s, s:s, s:s, s:s}", "event", "source", "source",
			name, "state",
			source_state_name((enum source_state)record->value[0]),
			"reason", feed_reason(source, record->value[1]));
	case JOURNAL_SOURCE_LOOK:
		return json_pack(
			"{s:s, s:s, s:b}", "event",
			source_look_name((enum source_look)record->value[0]),
			"source", name, "now", record->value[1] != 0);
	default:
		return NULL;
	}
}

static json_t *feed_of_sink(const struct feed *feed,
			    const struct journal_record *record)
{
	const char *name =
		feed->cycle->config.graph->sinks[record->object].name;

	switch (record->kind) {
	case JOURNAL_LATE:
		return json_pack("{s:s, s:s, s:I}", "event", "late", "sink",
				 name, "by_ns", (json_int_t)record->value[0]);
	case JOURNAL_DROPPED:
		return json_pack(
			"{s:s, s:s, s:s}", "event", "dropped", "sink", name,
			"reason",
			drop_reason_name((enum drop_reason)record->value[0]));
	case JOURNAL_DISPLAY_STATE:
		return json_pack("{s:s, s:s, s:s}", "event", "display", "sink",
				 name, "state",
				 display_state_name(
					 (enum display_state)record->value[0]));
	default:
		return NULL;
	}
}

/* NULL: nobody wants to hear of it. */
static json_t *feed_event(const struct feed *feed,
			  const struct journal_record *record)
{
	const struct graph *graph = feed->cycle->config.graph;
	json_t *event = NULL;

	if (record->kind == JOURNAL_SKIPPED)
		event = json_pack("{s:s, s:I}", "event", "skipped", "count",
				  (json_int_t)record->value[0]);
	if (!event && record->object < graph->sink_count)
		event = feed_of_sink(feed, record);
	if (!event && record->object < graph->source_count)
		event = feed_of_source(feed, record);
	if (event && record->kind <= JOURNAL_SKIPPED)
		json_object_set_new(event, "tick",
				    json_integer((json_int_t)record->tick));
	if (event)
		json_object_set_new(event, "time_ns",
				    json_integer(record->time_ns));
	return event;
}

static void feed_lane(struct feed *feed, uint32_t lane)
{
	uint64_t newest = journal_newest(feed->journal, lane);
	uint64_t oldest = journal_oldest(feed->journal, lane);
	uint64_t *seen = &feed->seen[lane];
	struct journal_record record;
	json_int_t told = 0;

	if (*seen + 1 < oldest)
		*seen = oldest - 1;
	while (*seen < newest) {
		json_t *event = NULL;

		if (journal_read(feed->journal, lane, ++*seen, &record))
			event = feed_event(feed, &record);
		if (event && told++ < FEED_EVENTS_MAX)
			server_tell_all(feed->server, event);
		else
			json_decref(event);
	}
	if (told > FEED_EVENTS_MAX)
		server_tell_all(feed->server,
				json_pack("{s:s, s:s, s:I}", "event", "more",
					  "of", feed->journal->lane[lane].name,
					  "count", told - FEED_EVENTS_MAX));
}

void feed_look(void *arg)
{
	struct feed *feed = arg;
	uint32_t lane;

	if (!server_has_subscribers(feed->server))
		return;
	for (lane = 0; lane < feed->journal->lane_count; lane++)
		if (feed->journal->lane[lane].kind <= JOURNAL_LANE_SOURCE)
			feed_lane(feed, lane);
}

void feed_set(struct feed *feed, const struct edit *edit, uint64_t tick)
{
	const struct graph *graph = feed->cycle->config.graph;
	json_t *set;
	uint32_t i;

	if (!server_has_subscribers(feed->server))
		return;
	set = json_object();
	for (i = 0; i < edit->count; i++)
		json_object_set_new(
			set, graph->params[edit->param[i]].name,
			value_to_json(&graph->params[edit->param[i]],
				      edit->bytes + edit->value[i]));
	server_tell_all(feed->server,
			json_pack("{s:s, s:I, s:o}", "event", "set", "tick",
				  (json_int_t)tick, "set", set));
}
