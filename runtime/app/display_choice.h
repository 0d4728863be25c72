/*
 * runtime/app/display_choice.h: which driver shows each sink: the one that is
 * named, else `auto`, a walk over the list of drivers. `auto` is, for the main
 * sink, the first that opens. For the others it is the main sink's driver again,
 * where that has refreshes and one more screen; else the first without. With
 * --clock free, which would run ahead of any screen, it has no refreshes; with
 * --clock display it must have them.
 */
#ifndef RUNTIME_APP_DISPLAY_CHOICE_H
#define RUNTIME_APP_DISPLAY_CHOICE_H

#include "runtime/port/drivers.h"
#include "runtime/app/options.h"

/* Main thread. drivers: those that the options were parsed with; they must live
 * as long as the requests. */
void displays_choose(struct display_request requests[],
		     const struct drivers *drivers,
		     const struct options *options, const struct graph *graph);

#endif
