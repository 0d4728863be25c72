/*
 * runtime/base/message.c: see runtime/base/message.h.
 */
#include "runtime/base/message.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *program = "tickline";

void message_set_program(const char *name)
{
	program = name;
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
	length = strlen(line);
	line[length] = '\n';
	/* who does not read it misses it */
	if (write(STDERR_FILENO, line, length + 1) < 0)
		return;
}
