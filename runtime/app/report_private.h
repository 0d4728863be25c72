/*
 * runtime/app/report_private.h: what the runtime/report*.c files share. Not a
 * contract; nothing else includes it.
 */
#ifndef RUNTIME_APP_REPORT_PRIVATE_H
#define RUNTIME_APP_REPORT_PRIVATE_H

#include "runtime/time/clock.h"
#include "runtime/time/display_clock.h"
#include "runtime/app/report.h"

/* From t0 to when the last tick was accounted. */
uint64_t report_duration_ns(const struct report *report);

/* Frames the main sink took over that time; 0 where it is 0.1 s or less. */
double report_average_fps(const struct report *report);

/* "steady": stable, used in the report. */
const char *report_policy_name(enum graph_policy policy);

#endif
