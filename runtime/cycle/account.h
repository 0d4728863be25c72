/*
 * runtime/cycle/account.h: the last stage of a tick: into the ledger, the histograms
 * and what the next tick's nodes are told. Each call is one write of the
 * stats, so that readers see whole ticks only. Tick thread.
 */
#ifndef RUNTIME_CYCLE_ACCOUNT_H
#define RUNTIME_CYCLE_ACCOUNT_H

#include "runtime/cycle/cycle.h"

/* Before the first tick: t0 is set. */
void account_start(struct cycle *cycle);

/* A tick is over: counts it, as the sinks say, and those skipped before it.
 * times_ns: by step, -1: none; NULL: nothing was drawn. */
void account_flight(struct cycle *cycle, const struct cycle_flight *flight,
		    const int64_t times_ns[]);

/* A frame of this sink came on view: its row, how long after t(n), and the
 * refreshes since the flip before that showed that one again. */
void account_flip(struct cycle *cycle, uint32_t sink,
		  const struct display_flip *flip);

/* The display clock followed the main sink's flip: how far from the refresh that
 * it had predicted. */
void account_phase(struct cycle *cycle);

/* The run ends while its last ticks pass: they are skipped. */
void account_rest(struct cycle *cycle);

/* After the last tick: what the thread used since the seal. */
void account_usage(struct cycle *cycle, const struct seal_usage *usage);

#endif
