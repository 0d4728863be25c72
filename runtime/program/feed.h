/*
 * runtime/program/feed.h: what happens to a run, told to the clients of the
 * control socket that asked for it: late, dropped and skipped ticks, losses and
 * recoveries of displays and sources, frozen and black pictures, changes.
 *
 * It reads the journal; nothing that writes there waits. Control thread.
 */
#ifndef RUNTIME_PROGRAM_FEED_H
#define RUNTIME_PROGRAM_FEED_H

#include "runtime/control/editor.h"
#include "runtime/control/server.h"
#include "runtime/cycle/cycle.h"
#include "runtime/observe/journal.h"

#define FEED_EVENTS_MAX 32 /* of a lane and a look; what is more is counted */

struct feed {
	/* config */
	const struct journal_header *journal;
	const struct cycle *cycle;
	struct server *server;
	/* of each lane, the last record that was looked at */
	uint64_t seen[JOURNAL_LANES_MAX];
};

/* arg: struct feed. The answer is the state as it is; what happens from then on
 * follows. */
void verb_events(struct call *call, void *arg);

/* Tells what is new; struct server's `idle`. */
void feed_look(void *feed);

/* A set was accepted for that tick. */
void feed_set(struct feed *feed, const struct edit *edit, uint64_t tick);

#endif
