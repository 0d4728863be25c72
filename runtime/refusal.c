/*
 * runtime/refusal.c: see runtime/refusal.h.
 */
#include "runtime/refusal.h"

#include <stdio.h>
#include <string.h>

#include "runtime/grant.h"
#include "runtime/isa.h"

enum exit_status refuse(enum exit_status status, const char *line)
{
	fprintf(stderr, "%s: %s\n", isa_base()->graph->name, line);
	return status;
}

enum exit_status refuse_errno(const char *what, int error)
{
	char line[REFUSAL_MAX];

	snprintf(line, sizeof(line), "%s: %s: %s", what, strerror(-error),
		 grant_way_out(-error));
	return refuse(EXIT_STATUS_OS_LIMIT, line);
}
