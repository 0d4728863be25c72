/*
 * drivers/display/drivers.h: the display drivers that more than runtime/main.c
 * names: tests and benchmarks. What a program holds, and in which order, is
 * main.c's list.
 */
#ifndef DRIVERS_DISPLAY_DRIVERS_H
#define DRIVERS_DISPLAY_DRIVERS_H

#include "runtime/port/display.h"

extern const struct display_ops headless_display;
extern const struct display_ops null_display;
extern const struct display_ops kms_display;
extern const struct display_ops eglstream_display;

#endif
