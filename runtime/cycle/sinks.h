/*
 * runtime/cycle/sinks.h: a cycle's displays: what a tick does with their slots,
 * flips and frames. Part of the cycle: runtime/cycle/cycle.c calls these in the
 * order in which they stand here.
 */
#ifndef RUNTIME_CYCLE_SINKS_H
#define RUNTIME_CYCLE_SINKS_H

#include "runtime/cycle/cycle.h"

/* Bytes of the private frames that these displays need. */
size_t sinks_shadow_bytes(const struct cycle_config *config);

/* Main thread. shadow: that many bytes. */
void sinks_init(struct cycle *cycle, unsigned char *shadow);

/* Main thread: the targets of the warm-up are the first slots. */
void sinks_take_first(struct cycle *cycle, struct cycle_flight *flight);

/* Tick thread: what the displays finished since the last tick. */
void sinks_events(struct cycle *cycle);

/* Tick thread: a slot for each sink's frame, or the fallback row; the targets
 * point there. */
void sinks_take(struct cycle *cycle, struct cycle_flight *flight);

/* Tick thread: frames that a device drew beside their slots into these, where
 * they are by now: a display that was lost since has unmapped what it had. */
void sinks_store(struct cycle *cycle, uint32_t index);

/* Whole rows of XRGB8888, to's width of them. */
void sinks_copy_rows(const struct image *from, const struct image *to);

/* Tick thread: offers the frames; those whose slot moved since the CPU drew in
 * it are lost. */
void sinks_present(struct cycle *cycle, struct cycle_flight *flight);

/* Tick thread: no frame came of it; the slots are free again. */
void sinks_give_back(struct cycle *cycle, struct cycle_flight *flight);

/* Tick thread, after the seal: waits, for at most SINKS_DRAIN_MS, for the last
 * frames to come on view. */
void sinks_drain(struct cycle *cycle);

#define SINKS_DRAIN_MS 100

#endif
