/*
 * runtime/app/probe_private.h: what the runtime/probe*.c files share. Not a
 * contract; nothing else includes it.
 */
#ifndef RUNTIME_APP_PROBE_PRIVATE_H
#define RUNTIME_APP_PROBE_PRIVATE_H

#include "runtime/app/probe.h"

#define PROBE_PATH_BYTES 512

/* ROOT/PATH, cut to fit. */
void probe_path(const struct probe *probe, char *path, size_t bytes,
		const char *format, ...) __attribute__((format(printf, 4, 5)));

/* "  name      ", the start of a row, and as much space before further lines. */
#define PROBE_INDENT "             "

void probe_row(FILE *out, const char *name);

/* The realtime paragraph: what the operating system grants. */
void probe_print_realtime(const struct probe *probe, FILE *out);

#endif
