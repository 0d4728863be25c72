/*
 * runtime/cycle/steady.h: which of a source's frames is due at a tick, by the
 * source's own clock.
 *
 * Frames come with jitter, and so do their stamps; where a camera and the ticks
 * have nearly one rate, whoever takes the newest frame repeats and passes over
 * in turn whenever both come at the same time. A slow loop (runtime/time/pll.h)
 * over sequence and stamps says when each frame was exposed, but for the jitter,
 * and a frame is due a fixed delay after that: as much as frames take to come.
 * What is left are the repeats that two rates cannot do without.
 *
 *     exposed ----- delay ----> due: the first tick from here on shows it
 *         '-- comes in time ---'
 *
 * Until the loop has settled there is no answer, nor for frames without stamps.
 * Pure arithmetic, bounded work a frame. Read next: runtime/cycle/intake.c.
 */
#ifndef RUNTIME_CYCLE_STEADY_H
#define RUNTIME_CYCLE_STEADY_H

#include "runtime/port/source.h"
#include "runtime/time/pll.h"

#define STEADY_NONE INT64_MIN

/* Frames whose delays are looked at before the delay is made smaller. */
#define STEADY_WINDOW 1024

struct steady {
	struct pll pll; /* its cycles are the source's frames */
	bool locked;
	int64_t delay_ns; /* while locked */
	uint64_t locks;
	uint32_t strange;   /* stamps in a row that disagree with the count */
	uint64_t strangers; /* of those, not used */
	double position; /* in cycles: of the last tick less the delay */
	int64_t due_ns;	 /* of that tick; STEADY_NONE: there was none */
	/* of the delays in this window */
	int64_t slowest_ns, quickest_ns;
	uint32_t seen;
};

/* nominal_ns: the first guess of the source's period. */
void steady_init(struct steady *steady, int64_t nominal_ns);

/* Takes the next frame's facts; came_ns: when it was seen at the latest. Its
 * cycle; STEADY_NONE: not known, and those given before are worth nothing if
 * it is no longer locked. */
int64_t steady_add(struct steady *steady, const struct source_facts *facts,
		   int64_t came_ns);

/* The newest cycle due at this tick, of ticks in order; STEADY_NONE: not
 * locked. */
int64_t steady_cycle_at(struct steady *steady, int64_t due_ns);

/* Stamps that were not used. */
uint64_t steady_outliers(const struct steady *steady);

/* Hz; 0: not known. */
double steady_rate_hz(const struct steady *steady);

#endif
