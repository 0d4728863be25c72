/*
 * runtime/app/backend_choice.h: which backend draws. `auto` takes the device where
 * it works and, by a measurement made here and now, is quicker than the CPU;
 * one line says what it chose and why.
 */
#ifndef RUNTIME_APP_BACKEND_CHOICE_H
#define RUNTIME_APP_BACKEND_CHOICE_H

#include "runtime/port/backend.h"
#include "runtime/app/options.h"

/*
 * Main thread: opens one of the list, which ends in NULL: devices, best first,
 * then the CPU. graph: of the chosen instruction set. On a refusal the reason
 * is in `line`, else what there is to say of the choice; it is left as it is
 * where there is nothing.
 */
enum exit_status backend_choose(struct backend *backend,
				const struct backend_ops *const backends[],
				const struct options *options,
				const struct graph *graph, char *line,
				size_t line_bytes)
	__attribute__((warn_unused_result));

/*
 * Main thread, once the displays are open: makes the backend ready for them.
 * Where `auto` chose a device, no display has slots that it can draw in, and
 * with the copies to them it is slower than the CPU, it becomes the CPU's.
 * `line` as above, left as it is where nothing changes.
 */
enum exit_status backend_prepare(struct backend *backend,
				 const struct backend_ops *const backends[],
				 const struct options *options,
				 const struct display displays[], char *line,
				 size_t line_bytes)
	__attribute__((warn_unused_result));

/* The graph's schedule for a backend; NULL: it has none. */
const struct graph_plan *backend_plan(const struct graph *graph,
				      enum graph_backend backend);

/* Accepts a zeroed backend. */
void backend_close(struct backend *backend);

#endif
