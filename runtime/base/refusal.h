/*
 * runtime/base/refusal.h: how a start ends that cannot be: one line on stderr that
 * names the object and the way out, and the status to leave with.
 */
#ifndef RUNTIME_BASE_REFUSAL_H
#define RUNTIME_BASE_REFUSAL_H

#include "runtime/base/exit_status.h"

#define REFUSAL_MAX 512 /* bytes of a line, with its NUL */

/* Prints "GRAPH: LINE" and returns the status. */
enum exit_status refuse(enum exit_status status, const char *line);

/* The same for an error of the operating system, -errno. */
enum exit_status refuse_errno(const char *what, int error);

#endif
