/*
 * runtime/app/source_events.h: one line on stderr for each thing that becomes
 * of a source while the graph runs, by an ordinary thread.
 *
 *   source camera: lost: unplugged
 *   source camera: runs again
 *   source camera: frozen
 *
 * It reads the sources' lanes of the journal, so that no driver waits for
 * stderr.
 */
#ifndef RUNTIME_APP_SOURCE_EVENTS_H
#define RUNTIME_APP_SOURCE_EVENTS_H

#include "runtime/base/thread.h"
#include "runtime/port/source.h"

/* Lines a source and look at the journal; what is more is counted. */
#define SOURCE_EVENTS_MAX 8

struct source_events {
	/* config */
	const struct journal_header *journal;
	uint32_t first_lane; /* of the first source */
	const struct source *sources;
	uint32_t count;
	/* main thread only */
	struct thread thread;
	int stop_fd; /* eventfd; written to end the thread */
	bool running;
	/* the thread's; main thread when it has ended: last record seen */
	uint64_t seen[GRAPH_SOURCES_MAX];
};

/* Main thread, before the seal: starts the thread, where there is a source, with
 * the config filled in and the rest zeroed. 0 or -errno, nothing printed,
 * nothing left behind. */
int source_events_start(struct source_events *events)
	__attribute__((warn_unused_result));

/* Main thread, when the drivers have stopped: tells the rest. Accepts zeroed
 * events, and those that were finished before. */
void source_events_finish(struct source_events *events);

/* The line for a record of a source, without '\n'. False: it has none. */
bool source_events_line(const struct source *source,
			const struct journal_record *record, char *line,
			size_t bytes);

/* Tells what is new. */
void source_events_tell(struct source_events *events);

#endif
