/*
 * runtime/cycle/fault.h: why the tick thread ended by itself; the first one is
 * kept. Tick thread; the main thread once that has ended.
 */
#ifndef RUNTIME_CYCLE_FAULT_H
#define RUNTIME_CYCLE_FAULT_H

enum fault {
	FAULT_NONE,
	FAULT_CLOCK,	      /* the timer refused to be armed or read */
	FAULT_RECORDER_STUCK, /* --clock free: no room in a tap for too long */
	FAULT_SLOT_MOVE,      /* runtime/cycle/slot.h: a bug of a driver or ours */
	FAULT_DISPLAY,	      /* the driver gave up bringing it back */
	FAULT_GPU_LOST,	      /* backend->fault says why */
	FAULT_COUNT
};

static inline void fault_set(enum fault *fault, enum fault what)
{
	if (*fault == FAULT_NONE)
		*fault = what;
}

#endif
