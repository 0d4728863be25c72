/*
 * runtime/time/beat.h: keeps the frames of --clock timer away from the moment of a
 * refresh.
 *
 * Where the two rates differ a little, submits drift through the refreshes: a
 * beat. One repeat or one drop is due there. But a submit takes now a little
 * more, now less time, so for as long as the drift crosses that little, frames
 * fall on either side by chance: each that is too late for its refresh is a
 * repeat, and the frame after it finds the flip pending, a drop. So a tick whose
 * submit might come on either side is held until it is sure to come after:
 *
 *        refresh R - 1                         refresh R
 *   ---------+-------------------------------------+-----------------> time
 *                                       | before |<---->| after
 *                     t(n) -- cost: --> |low..high|     |
 *                     t(n) -- hold -- cost: ----------> |low..high|
 *
 * The first tick held is the repeat (or, coming from the other side, the first
 * one not held any more the drop), and there is no other. Tick thread only.
 */
#ifndef RUNTIME_TIME_BEAT_H
#define RUNTIME_TIME_BEAT_H

#include <stdbool.h>
#include <stdint.h>

struct beat {
	int64_t refresh_ns; /* between two refreshes; 0: not known */
	int64_t flip_ns;    /* stamp of a refresh not long ago; 0: none */
	/* running marks of the cost, from the instant waited for to the submit:
	 * of the quickest and of the slowest frames; 0: none yet */
	int64_t low_ns, high_ns;
	bool holding;
};

/* A frame came on view, stamped by the refresh itself. */
void beat_flip(struct beat *beat, int64_t flip_ns, int64_t refresh_ns);

/* A frame was submitted so long after the instant waited for. */
void beat_cost(struct beat *beat, int64_t cost_ns);

/* By how much to wait longer than until t(n) = tick_ns: 0 mostly, never more
 * than half a refresh. */
int64_t beat_hold_ns(struct beat *beat, int64_t tick_ns);

#endif
