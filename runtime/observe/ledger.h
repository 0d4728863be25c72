/*
 * runtime/observe/ledger.h: what became of every tick.
 *
 * Each tick ends in exactly one class, counted where it happens; no class is
 * found by subtraction. The identity
 *
 *     ticks = presented + late + dropped + skipped        (for every sink)
 *     dropped = the sum of its reasons
 *
 * is therefore a check, made at exit by ledger_check. A graph with several
 * sinks has presented, late and dropped per sink; skipped is common to all,
 * and the main sink's class is the tick's in the top-level report.
 * Each source has its own side of it, every started tick in one class:
 *
 *     ticks - skipped = taken + repeats + empty + card    (for every source)
 *
 * and what its driver delivered is taken, passed over or still waiting:
 * runtime/port/source.h counts that side, source_check compares.
 * Written by the tick thread inside stats_begin/stats_end; every field is 64
 * bits so that runtime/observe/stats.h can share it.
 */
#ifndef RUNTIME_OBSERVE_LEDGER_H
#define RUNTIME_OBSERVE_LEDGER_H

#include <stdbool.h>
#include <stdint.h>

#include "graph/graph.h"

/* Why a started tick was never accepted by the display. */
enum drop_reason {
	DROP_NO_SLOT, /* no slot was free: drawn into private memory */
	DROP_BUSY,    /* the display refused: an earlier frame is pending */
	DROP_LOST,    /* the display is gone */
	DROP_NOT_READY, /* the device was not done drawing: see flight.h */
	DROP_DEVICE,  /* the device failed to draw */
	DROP_REASON_COUNT
};

struct ledger_sink {
	uint64_t presented; /* accepted by t(n) + period */
	uint64_t late;	    /* accepted after that */
	uint64_t dropped;   /* started, never accepted */
	uint64_t reasons[DROP_REASON_COUNT];
	uint64_t repeats; /* refreshes that showed an earlier frame again */
};

struct ledger_source {
	uint64_t taken;	      /* ticks that took a frame not seen before */
	uint64_t repeats;     /* ticks that had the frame of before again */
	uint64_t empty;	      /* ticks before the first frame: blank */
	uint64_t card;	      /* ticks that had its card: it is lost */
	uint64_t passed_over; /* frames that a newer one made old, unseen */
};

struct ledger {
	uint64_t ticks;	  /* tick numbers that the clock has passed */
	uint64_t skipped; /* never started */
	uint64_t sink_count, source_count;
	struct ledger_sink sink[GRAPH_SINKS_MAX];
	struct ledger_source source[GRAPH_SOURCES_MAX];
};

/* "no_slot": stable, used as JSON key. */
const char *drop_reason_name(enum drop_reason reason);

void ledger_init(struct ledger *ledger, uint32_t sink_count,
		 uint32_t source_count);

/* Tick thread. The clock went from `next` to `number`: the ticks from next to
 * number - 1 were skipped, and number itself starts now. */
void ledger_start(struct ledger *ledger, uint64_t next, uint64_t number);

/* Tick thread. The ticks from next to limit - 1 were skipped and none starts:
 * the run ends while its last ticks pass. */
void ledger_end(struct ledger *ledger, uint64_t next, uint64_t limit);

/* Tick thread: exactly one of these for each sink of a started tick. */
void ledger_accepted(struct ledger *ledger, uint32_t sink, bool late);
void ledger_dropped(struct ledger *ledger, uint32_t sink,
		    enum drop_reason reason);

/* What a tick gets of a source. */
enum source_class {
	SOURCE_TAKEN,
	SOURCE_REPEATED,
	SOURCE_EMPTY,
	SOURCE_CARD,
};

/* Tick thread: one of these for each source of a started tick; passed_over:
 * frames that were older than the one taken. */
void ledger_source(struct ledger *ledger, uint32_t source,
		   enum source_class what, uint64_t passed_over);

/* Any thread that owns the copy: true when the identity holds. */
bool ledger_check(const struct ledger *ledger) __attribute__((warn_unused_result));

#endif
