/*
 * runtime/cycle/ease.h: how far a change is that takes its time: curves in
 * integers, the same on every machine. kernel/ease.h is what nodes move by.
 */
#ifndef RUNTIME_CYCLE_EASE_H
#define RUNTIME_CYCLE_EASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EASE_ONE (1 << 20) /* all the way */

/* The curve, and the end at which it is slow. */
enum ease {
	EASE_LINEAR,
	EASE_QUAD_IN,
	EASE_QUAD_OUT,
	EASE_QUAD_IN_OUT,
	EASE_CUBIC_IN,
	EASE_CUBIC_OUT,
	EASE_CUBIC_IN_OUT,
	EASE_SINE_IN,
	EASE_SINE_OUT,
	EASE_SINE_IN_OUT,
	EASE_COUNT
};

/* 0 to EASE_ONE, at `part` of the way in time, 0 to EASE_ONE; it never goes
 * back. Any thread. */
int64_t ease_at(enum ease ease, int64_t part);

/*
 * "linear"; "quad", "cubic" and "sine", alone or with "-in", "-out" or "-in-out"
 * behind (alone: in-out); "in", "out" and "in-out" are quad's. False: none of
 * these, and *ease stays.
 */
bool ease_read(const char *name, enum ease *ease)
	__attribute__((warn_unused_result));

/* "cubic-in". */
const char *ease_name(enum ease ease);

#endif
