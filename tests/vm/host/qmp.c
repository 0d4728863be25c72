/*
 * qmp: see qmp.h. Events that arrive before a reply are dropped.
 */
#include "qmp.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define REPLY_WAIT_MS 10000

/* One line, byte by byte: replies are short and rare. */
static int read_line(int fd, char *line, size_t line_bytes)
{
	size_t used = 0;
	char c;

	for (;;) {
		struct pollfd wait = {.fd = fd, .events = POLLIN};

		if (poll(&wait, 1, REPLY_WAIT_MS) != 1 || read(fd, &c, 1) != 1)
			return -1;
		if (c == '\n')
			break;
		if (c != '\r' && used + 1 < line_bytes)
			line[used++] = c;
	}
	line[used] = '\0';
	return 0;
}

static bool starts_with(const char *line, const char *key)
{
	char wanted[32];

	snprintf(wanted, sizeof(wanted), "{\"%s\"", key);
	return strncmp(line, wanted, strlen(wanted)) == 0;
}

int qmp_command(int fd, const char *json, char *reply, size_t reply_bytes)
{
	const size_t size = strlen(json);

	if (write(fd, json, size) != (ssize_t)size || write(fd, "\n", 1) != 1)
		return -1;
	for (;;) {
		if (read_line(fd, reply, reply_bytes))
			return -1;
		if (starts_with(reply, "return"))
			return 0;
		if (starts_with(reply, "error"))
			return 1;
	}
}

int qmp_start(int fd)
{
	char line[1024];

	if (read_line(fd, line, sizeof(line)) || !starts_with(line, "QMP"))
		return -1;
	return qmp_command(fd, "{\"execute\":\"qmp_capabilities\"}", line,
			   sizeof(line));
}
