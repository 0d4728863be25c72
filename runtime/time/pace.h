/*
 * runtime/time/pace.h: when each tick starts and by when its frame is in time.
 *
 * timer    t(n) = t0 + n * den / num. t0 is the start of the run, moved once,
 *          by the first flips, so that frames are submitted in the middle
 *          between two refreshes of the main sink's display: the quickest of
 *          PACE_ALIGN_FLIPS frames, since what delays one is noise. Where the
 *          rates differ, ticks near a refresh wait a little longer:
 *          runtime/time/beat.h.
 * free     one tick after the other; none is ever late.
 * display  one tick for each refresh, or every second one ...:
 *          runtime/time/display_clock.h.
 *
 * Tick thread only, but for pace_init. Sleeping is runtime/time/clock.h's, what runs
 * in a tick runtime/cycle/cycle.h's.
 */
#ifndef RUNTIME_TIME_PACE_H
#define RUNTIME_TIME_PACE_H

#include "runtime/time/beat.h"
#include "runtime/time/clock.h"
#include "runtime/port/display.h"
#include "runtime/time/display_clock.h"
#include "runtime/observe/stats.h"

#define PACE_ALIGN_FLIPS 8

struct pace {
	enum clock_kind kind;
	struct rate rate;
	uint64_t number;     /* the tick that runs */
	int64_t due_ns;	     /* what the wait was for */
	int64_t start_ns;    /* t(number) */
	int64_t deadline_ns; /* timer: t(number + 1) */
	/* timer, free */
	int64_t t0_ns;
	uint32_t flips;	       /* seen for that, up to PACE_ALIGN_FLIPS */
	int64_t least_cost_ns; /* of theirs: from t(n) to the submit */
	struct beat beat;      /* from then on, if refreshes are stamped */
	/* display */
	int64_t begin_ns, refresh_ns;
	struct display_clock display;
	int64_t flip_cycle; /* refresh of the last flip; -1: not known */
	int64_t refreshes;  /* from the flip before to that; 0: not known */
};

/* Nominal time between two refreshes of the display; 0: not known. */
int64_t pace_refresh_ns(const struct display *display);

void pace_init(struct pace *pace, enum clock_kind kind, struct rate rate);

/* Tick 0 starts now. refresh_ns: of the main sink's display; 0: not known. */
void pace_begin(struct pace *pace, int64_t now_ns, int64_t refresh_ns);

/* When to wake for tick `next`, the one after the last; due_ns is kept. */
int64_t pace_due_ns(struct pace *pace, uint64_t next);

/* Woke up: the tick to run, `next` or a later one. */
uint64_t pace_wake(struct pace *pace, uint64_t next, int64_t wake_ns);

/* The main sink's display has this nominal refresh now; a new one is a new
 * mode; 0: not known, nothing is. */
void pace_set_refresh(struct pace *pace, int64_t refresh_ns);

/* A frame of the main sink came on view; its tick started at start_ns, it was
 * submitted at submit_ns. True: the clock follows it, at a distance of
 * pace_phase_error_ns. */
bool pace_flip(struct pace *pace, const struct display_event *shown,
	       int64_t start_ns, int64_t submit_ns);

/* Of the last flip followed: its distance from the refresh predicted. */
int64_t pace_phase_error_ns(const struct pace *pace);

/* Of the tick that runs: a frame accepted after that is late. */
int64_t pace_deadline_ns(const struct pace *pace);

/* The tick is over; ready_ns: when its frame was offered to the main sink's
 * display. */
void pace_done(struct pace *pace, int64_t ready_ns, bool accepted);

/* Inside a write of the stats: the display clock's figures; none else. */
void pace_account(const struct pace *pace, struct stats_pacing *stats);

#endif
