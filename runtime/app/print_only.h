/*
 * runtime/app/print_only.h: --probe, --help and --version: what a program prints
 * instead of running. Main thread.
 */
#ifndef RUNTIME_APP_PRINT_ONLY_H
#define RUNTIME_APP_PRINT_ONLY_H

#include "runtime/app/options.h"
#include "runtime/base/exit_status.h"
#include "runtime/port/drivers.h"

/* drivers: those built in. Prints to standard output; where that takes nothing:
 * a line and its status. */
enum exit_status print_only(const struct options *options,
			    const struct drivers *drivers);

#endif
