/*
 * tests/graph/sources.h: a graph's sources, filled by chance: every byte is
 * rubbish, X and what lies between the rows included, and rows are further
 * apart than need be. The same graph, number and seed give the same pictures,
 * also with another padding.
 */
#ifndef TESTS_GRAPH_SOURCES_H
#define TESTS_GRAPH_SOURCES_H

#include <stdlib.h>

#include "graph/graph.h"
#include "tests/kernel/random.h"

struct sources {
	unsigned char *memory[GRAPH_SOURCES_MAX];
	size_t bytes[GRAPH_SOURCES_MAX];
};

/* Sets the planes of one picture, plane after plane from `base` on. Returns the
 * bytes. */
static inline size_t sources_lay(struct picture *picture,
				 const struct graph_source *source,
				 size_t padding, unsigned char *base)
{
	uint32_t plane, planes = graph_format_row(source->format)->planes;
	size_t at = 0;

	graph_picture(picture, source->format, source->width, source->height,
		      NULL);
	if (source->siting)
		picture->ycbcr.siting = (uint8_t)source->siting;
	for (plane = 0; plane < planes; plane++) {
		picture->pitch[plane] += padding;
		picture->plane[plane] = base ? base + at : NULL;
		at += picture->pitch[plane] *
		      graph_plane_rows(source->format, plane, source->height);
	}
	return at;
}

/* Pictures for all sources of a graph; `padding` bytes, a multiple of 16, are
 * added to each pitch. Freed by sources_free. */
static inline void sources_new(struct sources *sources,
			       const struct graph *graph,
			       struct graph_work *work, size_t padding)
{
	uint32_t i;

	for (i = 0; i < graph->source_count; i++) {
		size_t bytes = sources_lay(&work->source[i], &graph->sources[i],
					   padding, NULL);

		sources->bytes[i] = bytes;
		sources->memory[i] = aligned_alloc(64, (bytes + 63) / 64 * 64);
		if (!sources->memory[i])
			abort();
		sources_lay(&work->source[i], &graph->sources[i], padding,
			    sources->memory[i]);
	}
}

static inline void sources_fill_plane(const struct graph_source *source,
				      const struct picture *picture,
				      uint32_t plane, struct random *random)
{
	uint32_t rows = graph_plane_rows(source->format, plane, source->height);
	uint32_t x, y, bytes = graph_plane_row_bytes(source->format, plane,
						     source->width);

	for (y = 0; y < rows; y++) {
		unsigned char *row = picture_row(picture, plane, y);

		for (x = 0; x < bytes; x++)
			row[x] = (unsigned char)random_next(random);
	}
}

/* What a camera brings for this tick. `rubbish` goes between the rows. */
static inline void sources_fill(const struct sources *sources,
				const struct graph *graph,
				const struct graph_work *work, uint64_t number,
				int rubbish)
{
	uint32_t i, plane;

	for (i = 0; i < graph->source_count; i++) {
		const struct graph_source *source = &graph->sources[i];
		struct random random = random_init(number + 1, i);

		memset(sources->memory[i], rubbish, sources->bytes[i]);
		for (plane = 0; plane < graph_format_row(source->format)->planes;
		     plane++)
			sources_fill_plane(source, &work->source[i], plane,
					   &random);
	}
}

/* What nodes are told of the frames of this tick. */
static inline void sources_facts(struct tick_source facts[GRAPH_SOURCES_MAX],
				 uint64_t number)
{
	struct random random = random_init(number + 1, 99);
	uint32_t i;

	for (i = 0; i < GRAPH_SOURCES_MAX; i++) {
		facts[i].shown = random_below(&random, 4);
		facts[i].sequence = random_below(&random, 100);
		facts[i].stamped = random_below(&random, 4);
		facts[i].age_ns = random_below(&random, 2000000000);
	}
}

/* Of all their bytes (FNV-1a): steps only read them. */
static inline uint64_t sources_digest(const struct sources *sources,
				      const struct graph *graph)
{
	uint64_t digest = 0xcbf29ce484222325u;
	uint32_t i;
	size_t at;

	for (i = 0; i < graph->source_count; i++)
		for (at = 0; at < sources->bytes[i]; at++)
			digest = (digest ^ sources->memory[i][at]) *
				 0x100000001b3u;
	return digest;
}

static inline void sources_free(struct sources *sources,
				const struct graph *graph)
{
	uint32_t i;

	for (i = 0; i < graph->source_count; i++)
		free(sources->memory[i]);
}

#endif
