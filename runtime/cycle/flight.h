/*
 * runtime/cycle/flight.h: a tick's frame, from the start of its drawing until it is
 * offered to the displays. Part of the cycle: runtime/cycle/cycle.c calls these.
 *
 * The ring's flights, oldest first, are being drawn. With the cpu backend, and
 * as a rule with a device too, a tick launches one and retires it. Two cases
 * let frames be drawn while the tick thread does something else:
 *
 *   pipeline: 1   tick n launches frame n, then presents frame n - 1, which is
 *                 late a period later than otherwise
 *   --clock free  launches are queued ahead as far as the slots reach
 *
 * A device is never waited for without a bound: after FLIGHT_PATIENCE periods
 * (--clock free: FLIGHT_LOST_NS) its tick is dropped, reason not_ready, and the
 * last good frame stays on view. The flight is given up: it keeps its slots
 * until the device is done with them. While there is one, ticks are dropped
 * without being drawn; if it lasts FLIGHT_LOST_NS, the device is lost.
 */
#ifndef RUNTIME_CYCLE_FLIGHT_H
#define RUNTIME_CYCLE_FLIGHT_H

#include "runtime/cycle/cycle.h"

#define FLIGHT_PATIENCE 4 /* periods */
#define FLIGHT_LOST_NS	NS_PER_SECOND

/* Main thread, in cycle_init, when all else is filled in. */
void flight_init(struct cycle *cycle);

/* Main thread: draws once with every flight, into the first slots. False: the
 * backend failed. */
bool flight_warm(struct cycle *cycle);

/* Tick thread: draws tick `number` and retires what is to be retired. */
void flight_tick(struct cycle *cycle, uint64_t number);

/* Tick thread, after the last tick: retires all. */
void flight_drain(struct cycle *cycle);

#endif
