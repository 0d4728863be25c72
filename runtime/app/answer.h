/*
 * runtime/app/answer.h: --probe, --help and --version: what a program prints
 * instead of running. Main thread.
 */
#ifndef RUNTIME_APP_ANSWER_H
#define RUNTIME_APP_ANSWER_H

#include "runtime/port/drivers.h"
#include "runtime/base/exit_status.h"
#include "runtime/app/options.h"

/* drivers: those built in. Prints to stdout; not EXIT_STATUS_OK where that takes nothing. */
enum exit_status answer_print(const struct options *options,
			      const struct drivers *drivers);

#endif
