/*
 * runtime/cycle/account.h: the last stage of a tick: what became of it, into the
 * ledger, the histograms and the journal.
 *
 * It takes results and knows nothing of who made them. Each call is one write
 * of the statistics, so that readers see whole ticks only. Tick thread.
 */
#ifndef RUNTIME_CYCLE_ACCOUNT_H
#define RUNTIME_CYCLE_ACCOUNT_H

#include "runtime/base/seal.h"
#include "runtime/cycle/flight.h"
#include "runtime/observe/fps.h"
#include "runtime/observe/journal.h"
#include "runtime/observe/stats.h"
#include "runtime/time/pace.h"

/* Caller-owned; the pointers are kept. */
struct account_config {
	struct stats *stats; /* initialized */
	struct journal_writer journal;
	struct journal_writer detail; /* zeroed: not asked for */
	uint32_t main_sink; /* its frames are the fps */
	int64_t start_ns;   /* when the process started */
	bool timed;	    /* wake-ups can be late */
};

/* For how many ticks a flip waits for the main sink's of the same tick, or that
 * one for it. A power of two. */
#define ACCOUNT_FLIPS 8

struct account_flip {
	uint64_t tick;
	int64_t time_ns; /* 0: none */
};

struct account {
	struct account_config config;
	struct fps fps;
	struct outcome last[GRAPH_SINKS_MAX]; /* of the last tick that ended */
	uint64_t sequence[GRAPH_SINKS_MAX]; /* of each sink's last frame shown;
					       0: not known */
	struct account_flip flip[GRAPH_SINKS_MAX][ACCOUNT_FLIPS]; /* by tick */
};

void account_init(struct account *account, const struct account_config *config);

/* Before the first tick, which is due at t0_ns. */
void account_start(struct account *account, int64_t t0_ns);

/* A tick is over, and those skipped before it. pace: as it is now. */
void account_tick(struct account *account, const struct tick_result *result,
		  const struct pace *pace);

/* The tick thread sleeps again: since when it was awake, and for when (0:
 * ticks have no time). A detail. */
void account_cycle(struct account *account, uint64_t tick, int64_t due_ns,
		   int64_t wake_ns);

/* A frame of this sink came on view: how long after t(n), how far from the same
 * tick's on the main sink, and the refreshes since the one before that showed that
 * one again. pace: it has followed. */
void account_shown(struct account *account, uint32_t sink,
		   const struct display_event *event, const struct frame *frame,
		   const struct pace *pace);

/* The display clock followed the main sink's frame: how far from the refresh
 * that it had predicted. */
void account_phase(struct account *account, const struct pace *pace);

/* The run ends while its last ticks pass: next to limit - 1 are skipped. */
void account_rest(struct account *account, uint64_t next, uint64_t limit);

/* After the last tick: what the thread used since the seal. */
void account_usage(struct account *account, const struct seal_usage *usage);

#endif
