/*
 * runtime/cycle/intake.h: what the ticks get of one source: the newest frame
 * that its driver delivered, again where there is no newer one, or a blank one
 * before the first.
 *
 * A frame is held while it is the current one and while a flight reads it, and
 * goes back to the driver after that. Tick thread; it makes no system call.
 */
#ifndef RUNTIME_CYCLE_INTAKE_H
#define RUNTIME_CYCLE_INTAKE_H

#include "runtime/observe/ledger.h"
#include "runtime/port/source.h"

#define INTAKE_NONE UINT32_MAX

struct intake {
	struct source *source;
	uint32_t current;     /* frame; INTAKE_NONE: none came yet */
	uint32_t holds[SOURCE_FRAMES_MAX]; /* by frame */
};

/* What one tick got. */
struct intake_share {
	struct picture picture;
	uint32_t frame; /* held; INTAKE_NONE: the blank one */
	enum source_class what;
	uint64_t passed_over; /* frames older than it, given back unseen */
	uint64_t sequence;    /* of the frame */
	int64_t age_ns;	      /* at due_ns; FRAME_AGE_NONE: not stamped */
};

/* Main thread. source: open. */
void intake_init(struct intake *intake, struct source *source);

/* The tick that is due then; intake_give_back follows. */
struct intake_share intake_take(struct intake *intake, int64_t due_ns);

/* The flight that held it is over. */
void intake_give_back(struct intake *intake, uint32_t frame);

/* Main thread, when the tick thread and the driver have ended: what was
 * delivered is taken + passed over + waiting. */
bool intake_check(const struct intake *intake,
		  const struct ledger_source *ledger)
	__attribute__((warn_unused_result));

#endif
