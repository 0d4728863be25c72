/*
 * tools/tickline/trace.c: tickline trace: what a running program's journal has, into
 * a file: the verb `trace` of docs/control.md.
 */
#define _GNU_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "runtime/base/message.h"
#include "runtime/base/text.h"
#include "runtime/base/write_all.h"
#include "tools/tickline/client.h"
#include "tools/tickline/command.h"
#include "tools/tickline/view.h"

#define TRACE_STDOUT "-"

static int trace_copy(int from, int to)
{
	char bytes[2048];
	ssize_t got;
	int error = 0;

	while (!error && (got = read(from, bytes, sizeof(bytes))) > 0)
		error = write_all(to, bytes, (size_t)got, WRITE_STALL_MS);
	return error ? error : got < 0 ? -errno : 0;
}

static int trace_refuse(const char *path, int error)
{
	message("%.256s: %s", path, strerror(error));
	return EXIT_STATUS_OS_LIMIT;
}

static int trace_put(int from, const char *path)
{
	int fd, error;

	if (!strcmp(path, TRACE_STDOUT) && isatty(STDOUT_FILENO)) {
		message("-: is a terminal; name a file, or send it into a pipe");
		return EXIT_STATUS_USAGE;
	}
	fd = strcmp(path, TRACE_STDOUT)
		     ? open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)
		     : dup(STDOUT_FILENO);
	if (fd < 0)
		return trace_refuse(path, errno);
	error = -trace_copy(from, fd);
	if (close(fd) && !error)
		error = errno;
	return error ? trace_refuse(path, error) : 0;
}

static json_t *trace_request(const char *seconds)
{
	int64_t count;

	if (!seconds)
		return json_pack("{s:s}", "verb", "trace");
	if (!text_to_int(seconds, strlen(seconds), 1, INT32_MAX, &count)) {
		message("--seconds %.64s: must be a whole number from 1 on",
			seconds);
		return NULL;
	}
	return json_pack("{s:s, s:I}", "verb", "trace", "seconds",
			 (json_int_t)count);
}

/* Asks, and puts what comes into the file. */
static int trace_run(const char *name, json_t *request, const char *path)
{
	json_t *answer;
	int trace_fd, status, fd = client_open(name);

	if (fd < 0) {
		json_decref(request);
		return EXIT_STATUS_NO_DEVICE;
	}
	answer = view_ask(fd, request, &trace_fd);
	close(fd);
	if (!answer)
		return COMMAND_REFUSED;
	if (!json_is_true(json_object_get(answer, "detailed")))
		message("without steps and workers: start the program with "
			"--trace or --flight-recorder for these");
	json_decref(answer);
	status = trace_put(trace_fd, path);
	close(trace_fd);
	return status;
}

int command_trace(const struct command_line *line)
{
	const char *const *words = line->words;
	const char *name = words[0] && words[1] ? command_take_name(&words)
						: NULL;
	json_t *request;

	if (!words[0] || words[1]) {
		message("trace: takes a file%s; tickline --help",
			words[0] ? ", and before it a program that runs here"
				 : "");
		return EXIT_STATUS_USAGE;
	}
	request = trace_request(line->seconds);
	return request ? trace_run(name, request, words[0]) : EXIT_STATUS_USAGE;
}
