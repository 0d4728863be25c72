/*
 * runtime/observe/stats_entries.h: the list of the page: which field of struct
 * stats has which name. Main thread, before the seal.
 */
#ifndef RUNTIME_OBSERVE_STATS_ENTRIES_H
#define RUNTIME_OBSERVE_STATS_ENTRIES_H

#include "runtime/observe/stats.h"

/* Entries of a page with that many. */
uint32_t stats_entry_count(uint32_t sinks, uint32_t sources, uint32_t steps);

/* Fills in the list at header.page.entries, which has room for them; the names of
 * sinks, sources and steps are there. */
void stats_fill_entries(struct stats *stats);

#endif
