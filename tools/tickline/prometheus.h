/*
 * tools/tickline/prometheus.h: a reading of the page in Prometheus' text format,
 * for node_exporter's folder of textfiles or any other that takes it.
 *
 *   sink.screen.late      tickline_sink_late_total{graph="demo",sink="screen"}
 *   step.0.a+b.time       tickline_step_time_seconds{graph=...,step="0",name="a+b",
 *                         quantile="0.99"}, and its _sum, _count; _max_seconds
 *
 * Seconds and hertz, as its rules ask; each name once, with its type before it.
 */
#ifndef TOOLS_TICKLINE_PROMETHEUS_H
#define TOOLS_TICKLINE_PROMETHEUS_H

#include "tools/tickline/sensors.h"
#include "tools/tickline/view.h"

void prometheus_print(const struct view *view, const struct sensors *sensors,
		      FILE *out);

/* Puts it in place whole: beside it first, then renamed. An exit status; not 0: a
 * line was printed. */
int prometheus_write(const struct view *view, const struct sensors *sensors,
		     const char *path);

#endif
