/*
 * runtime/control/show.h: a show as a file: every change of a run with its tick,
 * one JSON object a line (docs/control.md), and the same changes again.
 *
 * The first line says whose show it is; only that graph repeats it. The second
 * holds the parameters that were not the graph's defaults at the start.
 */
#ifndef RUNTIME_CONTROL_SHOW_H
#define RUNTIME_CONTROL_SHOW_H

#include "runtime/control/editor.h"
#include "runtime/control/verb.h"

#define SHOW_FILE_MAX (256 * 1024 * 1024) /* bytes */

/* A show that was read. */
struct show {
	json_t *lines; /* an array: all but the first */
	uint32_t changes, value_bytes; /* what changes_init has to have room for */
};

/* ---- writing: control thread; each a whole line in one write. 0 or -errno. ------ */

/* values: the parameters as they are before tick 0. */
int show_begin(int fd, const struct graph *graph, const unsigned char *values);
int show_write(int fd, const struct graph *graph, const struct edit *edit,
	       uint64_t tick, pid_t pid, uid_t uid);

/* ---- reading: main thread --------------------------------------------------------- */

/* False: `error` holds the line that says why, and where. Everything in it is
 * checked. Free with show_finish. */
bool show_read(struct show *show, const char *path, const struct graph *graph,
	       char *error, size_t bytes) __attribute__((warn_unused_result));

/* Hands all of it over, before tick 0; `edit` is for the meantime. changes_init
 * had room for it. */
void show_repeat(const struct show *show, struct editor *editor,
		 struct edit *edit);

/* Accepts a zeroed one. */
void show_finish(struct show *show);

#endif
