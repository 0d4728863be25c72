/*
 * runtime/base/message.c: see runtime/base/message.h.
 */
#include "runtime/base/message.h"

#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "runtime/base/write_all.h"

static const char *program = "tickline";
static atomic_uint missed; /* lines, since the last one that was taken */

void message_set_program(const char *name)
{
	program = name;
}

/* False: nobody takes it now. */
static bool write_line(char *line, int wait_ms)
{
	size_t length = strlen(line);

	line[length] = '\n';
	return write_all(STDERR_FILENO, line, length + 1, wait_ms) !=
	       -ETIMEDOUT;
}

/* A reader that was stuck is not waited for again. */
static bool tell_missed(void)
{
	unsigned int count = atomic_load(&missed);
	char line[MESSAGE_MAX + 1];

	if (!count)
		return true;
	snprintf(line, MESSAGE_MAX,
		 "%s: %u lines are missing here: nobody took them", program,
		 count);
	if (!write_line(line, 0))
		return false;
	atomic_fetch_sub(&missed, count);
	return true;
}

void message(const char *format, ...)
{
	char line[MESSAGE_MAX + 1];
	size_t length;
	va_list arguments;

	snprintf(line, MESSAGE_MAX, "%s: ", program);
	length = strlen(line);
	va_start(arguments, format);
	vsnprintf(line + length, MESSAGE_MAX - length, format, arguments);
	va_end(arguments);
	if (!tell_missed() || !write_line(line, MESSAGE_WAIT_MS))
		atomic_fetch_add(&missed, 1);
}
