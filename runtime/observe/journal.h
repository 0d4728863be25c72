/*
 * runtime/observe/journal.h: what happened, as fixed records in fixed rings,
 * written by the threads of a run and read by others while it goes on.
 *
 * A lane is one writer's ring; the newest record takes the oldest one's place.
 * A record is written in place, its number last, so that a reader that is
 * overtaken knows it. No call of a writer waits, fails or makes a system call.
 * The lanes are one piece of memory with a header, so that another program can
 * read it.
 */
#ifndef RUNTIME_OBSERVE_JOURNAL_H
#define RUNTIME_OBSERVE_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runtime/base/pool.h"

#define JOURNAL_MAGIC	 UINT64_C(0x4c4e524a4b434954) /* "TICKJRNL" */
#define JOURNAL_VERSION	 2
#define JOURNAL_LANES_MAX 34 /* two of the tick thread, each sink, source, worker */
#define JOURNAL_NAME_MAX 31  /* bytes */

/* What a record tells; value[] by kind. */
enum journal_kind {
	JOURNAL_SHOWN,	  /* object: sink; due ns, submit ns, number of the
			     refresh, enum display_stamp; time_ns: on view */
	JOURNAL_LATE,	  /* object: sink; by ns */
	JOURNAL_DROPPED,  /* object: sink; enum drop_reason */
	JOURNAL_SKIPPED,  /* tick: the first; how many */
	JOURNAL_DISPLAY_STATE, /* object: sink; enum display_state */
	JOURNAL_SOURCE_LOST,   /* object: source; how many frames, which of its
				  reasons */
	JOURNAL_SOURCE_STATE,  /* object: source; enum source_state, which of
				  its reasons or -1, the state before */
	JOURNAL_SOURCE_LOOK,   /* object: source; enum source_look, 1: it is so
				  now, 0: no more */
	/* Details, written where they are asked for: time_ns is when it began,
	 * value[0] when it ended. */
	JOURNAL_CYCLE,	  /* the tick thread: from wake-up to sleep; what it slept
			     for, ns, 0: ticks have no time */
	JOURNAL_UNIFORMS,
	JOURNAL_STEP,	  /* object: step of the plan */
	JOURNAL_PRESENT,
	JOURNAL_BANDS,	  /* a worker's part of a step; object: step; how many */
	JOURNAL_ARRIVAL,  /* object: source; time_ns: delivered; when it was
			     exposed, INT64_MIN: not known */
	JOURNAL_KIND_COUNT
};

#define JOURNAL_VALUES 4

struct journal_record {
	uint64_t number;  /* from 1 in its lane; 0: being written */
	int64_t time_ns;  /* CLOCK_MONOTONIC */
	uint64_t tick;
	uint32_t kind;	  /* enum journal_kind */
	uint32_t object;  /* index of the sink or source */
	int64_t value[JOURNAL_VALUES];
};

/* Whose a lane is. */
enum journal_lane_kind {
	JOURNAL_LANE_TICK,   /* what became of ticks and frames */
	JOURNAL_LANE_SINK,   /* in their order; likewise the next */
	JOURNAL_LANE_SOURCE,
	JOURNAL_LANE_DETAIL, /* the tick thread's */
	JOURNAL_LANE_WORKER,
};

struct journal_lane {
	char name[JOURNAL_NAME_MAX + 1];
	uint64_t rows;	  /* a power of two, constant */
	uint64_t records; /* offset of the first record, from the header */
	uint64_t written; /* ever; the writer's */
	uint64_t kind;	  /* enum journal_lane_kind */
};

/* The start of the memory. */
struct journal_header {
	uint64_t magic, version, bytes;
	uint64_t lane_count;
	uint64_t detailed;  /* 1: details are written, see below */
	uint64_t unused[3]; /* 0 */
	struct journal_lane lane[JOURNAL_LANES_MAX];
};

struct journal {
	struct pool pool;
	struct journal_header *header;
};

/* A place to write; zeroed: what is written goes nowhere. */
struct journal_writer {
	struct journal_header *header;
	struct journal_lane *lane;
	bool detailed; /* details are wanted, constant */
};

struct journal_lane_config {
	const char *name; /* longer ones are cut */
	enum journal_lane_kind kind;
	uint64_t rows; /* a power of two */
};

/* Main thread, before the seal: these lanes. 0 or -errno, nothing
 * printed. */
int journal_make(struct journal *journal,
		 const struct journal_lane_config lanes[], uint32_t count,
		 bool detailed);

/*
 * Main thread, before the seal: `lanes` names, one lane each; the first has
 * first_rows, the others `rows`, both powers of two. 0 or -errno, nothing
 * printed.
 */
int journal_init(struct journal *journal, const char *const names[],
		 uint32_t lanes, uint64_t first_rows, uint64_t rows);

/* Main thread, when all writers have ended. Accepts a zeroed journal. */
void journal_finish(struct journal *journal);

/* The lane's one writer. */
struct journal_writer journal_writer(const struct journal *journal,
				     uint32_t lane);

/* Of this kind, the index-th; JOURNAL_LANES_MAX: there is none. */
uint32_t journal_find(const struct journal_header *header,
		      enum journal_lane_kind kind, uint32_t index);

/* The writer: number is filled in. */
void journal_write(struct journal_writer *writer,
		   const struct journal_record *record);

/* Any thread: record `number` of the lane. False: not written yet, or
 * overwritten already. */
bool journal_read(const struct journal_header *header, uint32_t lane,
		  uint64_t number, struct journal_record *record);

/* Any thread: the number of the newest record, and of the oldest one that is
 * still there; 0 and 1 when there is none. */
uint64_t journal_newest(const struct journal_header *header, uint32_t lane);
uint64_t journal_oldest(const struct journal_header *header, uint32_t lane);

#endif
