/*
 * runtime/port/source.c: frames of ordinary memory, and the two queues.
 */
#include "runtime/port/source.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "runtime/base/rate.h"

#define SOURCE_PAGE 4096

const struct source_ops *source_find(const struct source_ops *const sources[],
				     const char *name, size_t length)
{
	while (*sources && (strlen((*sources)->name) != length ||
			    strncmp((*sources)->name, name, length)))
		sources++;
	return *sources;
}

/* Black, whatever the format's numbers for it are. */
static int source_blacken(enum graph_format format,
			  const struct picture *picture)
{
	uint32_t *row = malloc(picture->width * sizeof(*row));
	uint32_t i;

	if (!row)
		return -ENOMEM;
	for (i = 0; i < picture->width; i++)
		row[i] = COLOR_X;
	for (i = 0; i < picture->height; i++)
		graph_row_store(format, picture, i, row);
	free(row);
	return 0;
}

int source_alloc(struct source *source, const struct graph_source *graph,
		 uint32_t frame_count)
{
	return source_alloc_bytes(source, graph, frame_count, 0);
}

int source_alloc_bytes(struct source *source, const struct graph_source *graph,
		       uint32_t frame_count, size_t bytes)
{
	struct picture *blank = &source->blank;
	size_t least = graph_picture(blank, graph->format, graph->width,
				     graph->height, NULL);
	size_t row_bytes = graph->width * sizeof(*source->watch.row);
	unsigned char *base;
	uint32_t i;
	int error;

	if (bytes < least)
		bytes = least;
	bytes = (bytes + SOURCE_PAGE - 1) / SOURCE_PAGE * SOURCE_PAGE;
	error = pool_init(&source->memory,
			  bytes * (frame_count + 2) + row_bytes);
	if (error)
		return error;
	base = source->memory.base;
	source->frame_count = frame_count;
	source->back_frame = SOURCE_FRAMES_MAX;
	queue_init(&source->ready, SOURCE_FRAMES_MAX);
	queue_init(&source->free, SOURCE_FRAMES_MAX);
	graph_picture(blank, graph->format, graph->width, graph->height, base);
	base += bytes;
	graph_picture(&source->card, graph->format, graph->width,
		      graph->height, base);
	for (i = 0; i < frame_count; i++) {
		base += bytes;
		graph_picture(&source->frame[i], graph->format, graph->width,
			      graph->height, base);
		source_return(source, i);
	}
	source->watch.row = (uint32_t *)(void *)(base + bytes);
	return source_set_color(source, graph, COLOR_ENCODING_AUTO,
				COLOR_RANGE_AUTO, COLOR_SITING_AUTO);
}

int source_set_color(struct source *source, const struct graph_source *graph,
		     enum color_encoding encoding, enum color_range range,
		     enum color_siting siting)
{
	struct ycbcr matrix =
		ycbcr_matrix(graph->encoding ? graph->encoding : encoding,
			     graph->range ? graph->range : range);
	uint32_t i;

	if (graph->siting || siting)
		matrix.siting =
			(uint8_t)(graph->siting ? graph->siting : siting);

	for (i = 0; i < source->frame_count; i++)
		source->frame[i].ycbcr = matrix;
	source->blank.ycbcr = matrix;
	return source_blacken(graph->format, &source->blank);
}

void source_free(struct source *source)
{
	pool_finish(&source->memory);
}

bool source_take_back(struct source *source)
{
	if (source->graph->policy != GRAPH_POLICY_NEWEST ||
	    source->back_frame != SOURCE_FRAMES_MAX ||
	    !queue_take(&source->ready, source->ready_frame, 1,
			&source->back_frame))
		return false;
	atomic_fetch_add_explicit(&source->health.taken_back, 1,
				  memory_order_relaxed);
	return true;
}

/* The one that was taken back goes first. */
static bool source_look_free(struct source *source, uint32_t *frame)
{
	uint32_t place;

	if (source->back_frame != SOURCE_FRAMES_MAX) {
		*frame = source->back_frame;
		return true;
	}
	if (!queue_can_pop(&source->free, &place))
		return false;
	*frame = source->free_frame[place];
	return true;
}

bool source_free_frame(struct source *source, uint32_t *frame)
{
	return source_look_free(source, frame) ||
	       (source_take_back(source) && source_look_free(source, frame));
}

bool source_take_frame(struct source *source, uint32_t *frame)
{
	if (!source_look_free(source, frame))
		return false;
	if (source->back_frame != SOURCE_FRAMES_MAX)
		source->back_frame = SOURCE_FRAMES_MAX;
	else
		queue_pop(&source->free);
	return true;
}

void source_deliver(struct source *source, const struct source_facts *facts)
{
	uint32_t frame;

	if (source_take_frame(source, &frame))
		source_deliver_frame(source, frame, facts);
}

/* Some drivers do not say when they had a frame whole: now, then. */
static int64_t source_came_ns(const struct source_facts *facts)
{
	struct timespec now;

	if (facts->came_ns)
		return facts->came_ns;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * NS_PER_SECOND + now.tv_nsec;
}

static void source_arrival(struct source *source,
			   const struct source_facts *facts)
{
	const struct journal_record record = {
		.time_ns = source_came_ns(facts),
		.kind = JOURNAL_ARRIVAL,
		.object = source->index,
		.value = {facts->stamp_ns},
	};

	journal_write(&source->journal, &record);
}

void source_deliver_frame(struct source *source, uint32_t frame,
			  const struct source_facts *facts)
{
	uint32_t to;

	/* there is room for every frame in each queue */
	if (!queue_can_push(&source->ready, &to))
		return;
	source->facts[frame] = *facts;
	atomic_store_explicit(&source->ready_frame[to], frame,
			      memory_order_relaxed);
	atomic_fetch_add_explicit(&source->health.delivered, 1,
				  memory_order_relaxed);
	queue_push(&source->ready);
	if (source->journal.detailed)
		source_arrival(source, facts);
}

bool source_next(struct source *source, uint32_t *frame)
{
	return queue_take(&source->ready, source->ready_frame, 0, frame);
}

void source_return(struct source *source, uint32_t frame)
{
	uint32_t place;

	/* there is room for every frame in each queue */
	if (!queue_can_push(&source->free, &place))
		return;
	source->free_frame[place] = frame;
	queue_push(&source->free);
}

uint32_t source_waiting(const struct source *source)
{
	return source->ready.head - source->ready.tail;
}
