/*
 * runtime/base/refusal.c: see runtime/base/refusal.h.
 */
#include "runtime/base/refusal.h"

#include <stdio.h>
#include <string.h>

#include "runtime/base/message.h"
#include "runtime/base/rights.h"

enum exit_status refuse(enum exit_status status, const char *line)
{
	message("%s", line);
	return status;
}

enum exit_status refuse_errno(const char *what, int error)
{
	char line[REFUSAL_MAX];

	snprintf(line, sizeof(line), "%s: %s: %s", what, strerror(-error),
		 rights_way_out(-error));
	return refuse(EXIT_STATUS_OS_LIMIT, line);
}
