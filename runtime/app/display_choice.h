/*
 * runtime/app/display_choice.h: which driver shows each sink. `auto` is, for the
 * main sink, the best driver that works (the first of the list, else
 * headless), and headless for the others. With --clock free, which would run
 * ahead of any screen, it is headless throughout; with --clock display, which
 * needs refreshes, the first of the list or none.
 */
#ifndef RUNTIME_APP_DISPLAY_CHOICE_H
#define RUNTIME_APP_DISPLAY_CHOICE_H

#include "runtime/port/display.h"
#include "runtime/app/options.h"

/* Main thread. drivers: best first, NULL at the end; holds headless and every
 * name that the options take. */
void displays_choose(struct display_request requests[],
		     const struct display_ops *const drivers[],
		     const struct options *options, const struct graph *graph);

#endif
