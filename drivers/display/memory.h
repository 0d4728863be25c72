/*
 * drivers/display/memory.h: slots in ordinary memory, for displays that have
 * no hardware. One mapping, huge pages advised, every page touched.
 */
#ifndef DRIVERS_DISPLAY_MEMORY_H
#define DRIVERS_DISPLAY_MEMORY_H

#include "runtime/port/display.h"

/* As struct display_ops' open, with that many slots and no events. */
int memory_open(struct display *display, const struct display_config *config,
		uint32_t slot_count);

/* As struct display_ops' close. */
void memory_close(struct display *display);

#endif
