/*
 * drivers/display/drivers.h: every display driver there is, one line each.
 * Included by the driver itself and by runtime/main.c, which holds the list.
 */
#ifndef DRIVERS_DISPLAY_DRIVERS_H
#define DRIVERS_DISPLAY_DRIVERS_H

#include "runtime/port/display.h"

extern const struct display_ops headless_display;
extern const struct display_ops null_display;
extern const struct display_ops kms_display;

#endif
