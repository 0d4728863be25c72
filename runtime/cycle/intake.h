/*
 * runtime/cycle/intake.h: what the ticks get of one source, by its policy
 * (graph/graph.h): the newest frame, the one due, the next, or the one nearest
 * to another source's; again, where there is no other; a blank one before the
 * first; a card in place of one that is lost.
 *
 * Frames come off the driver's queue in order and are looked at once. Those
 * that are not their tick's yet wait, never more than there are frames to
 * spare. A frame is held while it is the current one and while a flight reads
 * it, and goes back to the driver after that. Tick thread; it makes no system
 * call but in intake_wait.
 */
#ifndef RUNTIME_CYCLE_INTAKE_H
#define RUNTIME_CYCLE_INTAKE_H

#include "runtime/cycle/steady.h"
#include "runtime/observe/ledger.h"
#include "runtime/port/source.h"

#define INTAKE_NONE UINT32_MAX

/* A lost source's last frame stays that long, where a card follows. */
#define INTAKE_HOLD_NS (1 * NS_PER_SECOND)

/* The longest wait for a driver that says nothing. */
#define INTAKE_WAIT_NS (10 * NS_PER_SECOND)

struct intake {
	struct source *source;
	const struct intake *with; /* GRAPH_POLICY_WITH: the other source's */
	uint32_t current;	   /* frame; INTAKE_NONE: none came yet */
	uint32_t holds[SOURCE_FRAMES_MAX]; /* by frame */
	/* taken off the queue, not yet their tick's, oldest first */
	uint32_t waiting[SOURCE_FRAMES_MAX], waiting_count;
	struct steady steady;
	int64_t cycle[SOURCE_FRAMES_MAX]; /* by frame; of steady's */
	int64_t stamp_ns; /* of what this tick shows; SOURCE_STAMP_NONE */
	int64_t lost_ns;  /* tick that saw it lost; STEADY_NONE: it is not */
	uint64_t taken_back; /* of the source's health, as told so far */
	bool given_up;	  /* waited for in vain, since the last frame */
};

/* What one tick got. */
struct intake_share {
	struct picture picture;
	uint32_t frame; /* held; INTAKE_NONE: the blank one or the card */
	enum source_class what;
	uint64_t passed_over; /* frames older than it, given back unseen */
	uint64_t sequence;    /* of the frame */
	int64_t stamp_ns;     /* SOURCE_STAMP_NONE */
	enum source_worth worth;
	int64_t age_ns;	 /* at due_ns; FRAME_AGE_NONE: not stamped */
	int64_t skew_ns; /* GRAPH_POLICY_WITH: its stamp less the other's;
			    FRAME_AGE_NONE: not known */
	/* how the source goes */
	double rate_hz; /* 0: not known */
	bool locked;	/* GRAPH_POLICY_STEADY: and this far behind */
	int64_t delay_ns;
	uint64_t locks, outliers;
	uint64_t lost; /* frames, as the driver says */
	bool is_lost, is_frozen, is_black;
};

/* Main thread. source: open. others: by source index, this one among them;
 * period_ns: of a tick. */
void intake_init(struct intake *intake, struct source *source,
		 const struct intake *others, int64_t period_ns);

/* The tick that is due then; intake_give_back follows. With GRAPH_POLICY_WITH
 * after the other source's. */
struct intake_share intake_take(struct intake *intake, int64_t due_ns);

/* What nodes are told of it. A nominal run has frames and no time. */
struct tick_source intake_facts(const struct intake_share *share, bool nominal);

/* The flight that held it is over. */
void intake_give_back(struct intake *intake, uint32_t frame);

/* --clock free, before a tick: true where every frame has a tick of its own and
 * the next one is not there, though the source runs. */
bool intake_is_behind(const struct intake *intake);

/* Waits while it is behind, until *stop, INTAKE_WAIT_NS at most. No flight may
 * hold a frame: the driver could lack them. */
void intake_wait(struct intake *intake, const atomic_bool *stop);

/* Main thread, when the tick thread and the driver have ended: frames that were
 * delivered and not shown, nor passed over. */
uint64_t intake_waiting(const struct intake *intake);

/* Main thread, likewise: what was delivered is taken + passed over + waiting. */
bool intake_check(const struct intake *intake,
		  const struct ledger_source *ledger)
	__attribute__((warn_unused_result));

#endif
