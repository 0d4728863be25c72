/*
 * runtime/program/live_trace.c: see runtime/program/live_trace.h.
 *
 * Into memory of the program's own, and never into a descriptor that a client
 * passes: nobody's pipe or disk keeps the control thread.
 */
#define _GNU_SOURCE /* memfd_create */

#include "runtime/program/live_trace.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "runtime/app/tracer.h"

#define LIVE_TRACE_ROOM ((size_t)256 * 1024)

const char *const verb_trace_keys[] = {"seconds", NULL};

/* False: refused. *since_ns: 1 for all that there is. */
static bool trace_since(struct call *call, int64_t *since_ns)
{
	const json_t *seconds = json_object_get(call->request, "seconds");
	json_int_t count = json_integer_value(seconds);

	*since_ns = 1;
	if (!seconds)
		return true;
	if (!json_is_integer(seconds) || count < 1 ||
	    count > LIVE_TRACE_SECONDS_MAX) {
		call_refuse(call, CALL_BAD,
			    "seconds: must be a whole number from 1 to %d",
			    LIVE_TRACE_SECONDS_MAX);
		return false;
	}
	*since_ns = clock_now_ns() - count * NS_PER_SECOND;
	if (*since_ns < 1)
		*since_ns = 1;
	return true;
}

/* 0 or -errno; *fd: the trace, from its beginning. */
static int trace_make(struct trace *trace, int *fd)
{
	size_t head = trace_head_max(trace);
	struct perfetto out = {.room = head > LIVE_TRACE_ROOM ? head
							      : LIVE_TRACE_ROOM};
	int error = 0;

	out.bytes = malloc(out.room);
	*fd = out.bytes ? memfd_create("tickline-trace",
				       MFD_CLOEXEC | MFD_ALLOW_SEALING)
			: -1;
	if (*fd < 0)
		error = out.bytes ? -errno : -ENOMEM;
	if (!error)
		error = tracer_write_once(trace, &out, *fd);
	if (!error && lseek(*fd, 0, SEEK_SET))
		error = -errno;
	if (error && *fd >= 0)
		close(*fd);
	free(out.bytes);
	return error;
}

void verb_trace(struct call *call, void *arg)
{
	struct live_trace *live = arg;
	const struct cycle_config *config = &live->cycle->config;
	struct trace trace = {.journal = config->journal.header,
			      .graph = config->graph,
			      .plan = config->backend->plan};
	int fd, error;

	if (!trace_since(call, &trace.since_ns))
		return;
	error = trace_make(&trace, &fd);
	if (error) {
		call_refuse(call, CALL_FAILED, "trace: %s", strerror(-error));
		return;
	}
	live_trace_finish(live); /* that one is with its client by now */
	live->fd = fd;
	json_object_set_new(call->answer, "records",
			    json_integer((json_int_t)trace.records));
	json_object_set_new(call->answer, "detailed",
			    json_boolean(config->journal.detailed));
	call->give_fd[call->give_count++] = fd;
}

void live_trace_finish(struct live_trace *live)
{
	if (live->fd > 0)
		close(live->fd);
	live->fd = 0;
}
