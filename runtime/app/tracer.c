/*
 * runtime/app/tracer.c: see runtime/app/tracer.h.
 */
#include "runtime/app/tracer.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "runtime/base/write_all.h"

#define TRACER_INTERVAL_MS 100
#define TRACER_ROOM	   ((size_t)256 * 1024)

static int tracer_flush(struct perfetto *out, int fd)
{
	int error = write_all(fd, out->bytes, out->used, WRITE_STALL_MS);

	out->used = 0;
	return error;
}

/* Everything that is there, through `out`. */
static int tracer_drain(struct trace *trace, struct perfetto *out, int fd,
			uint64_t *bytes)
{
	bool more;
	int error;

	do {
		more = trace_take(trace, out);
		*bytes += out->used;
		error = tracer_flush(out, fd);
	} while (more && !error);
	return error;
}

int tracer_write_once(struct trace *trace, struct perfetto *out, int fd)
{
	uint64_t bytes = 0;
	int error;

	out->used = 0;
	trace_begin(trace, out);
	error = tracer_flush(out, fd);
	if (!error)
		error = tracer_drain(trace, out, fd, &bytes);
	trace_end(trace, out);
	return error ? error : tracer_flush(out, fd);
}

/* ---- while it runs -------------------------------------------------------------- */

static void tracer_look(struct tracer *tracer)
{
	/* acquire: pairs with tracer_begin */
	if (!atomic_load_explicit(&tracer->begun, memory_order_acquire) ||
	    tracer->error)
		return;
	if (!tracer->has_head)
		trace_begin(&tracer->trace, &tracer->out);
	tracer->has_head = true;
	tracer->error = tracer_drain(&tracer->trace, &tracer->out,
					     tracer->fd, &tracer->bytes);
}

static void *tracer_run(void *arg)
{
	struct tracer *tracer = arg;
	struct pollfd stop = {.fd = tracer->stop_fd, .events = POLLIN};

	for (;;) {
		int ready = poll(&stop, 1, TRACER_INTERVAL_MS);

		if (ready > 0 || (ready < 0 && errno != EINTR))
			return NULL;
		tracer_look(tracer);
	}
}

static int tracer_open(struct tracer *tracer)
{
	size_t head = trace_head_max(&tracer->trace);

	tracer->out = (struct perfetto){
		.room = head > TRACER_ROOM ? head : TRACER_ROOM};
	tracer->out.bytes = malloc(tracer->out.room);
	if (!tracer->out.bytes)
		return -ENOMEM;
	tracer->stop_fd = eventfd(0, EFD_CLOEXEC);
	return tracer->stop_fd < 0 ? -errno : 0;
}

int tracer_start(struct tracer *tracer)
{
	const struct thread_config config = {
		.name = "tracer", .cpu = -1, .run = tracer_run, .arg = tracer};
	int error = tracer_open(tracer);

	if (!error) {
		error = thread_start(&tracer->thread, &config);
		if (error)
			close(tracer->stop_fd);
	}
	tracer->running = !error;
	if (error)
		free(tracer->out.bytes);
	return error;
}

void tracer_begin(struct tracer *tracer)
{
	/* release: pairs with tracer_look */
	atomic_store_explicit(&tracer->begun, true, memory_order_release);
}

void tracer_finish(struct tracer *tracer)
{
	const uint64_t one = 1;

	if (!tracer->running)
		return;
	/* an eventfd takes the first write always */
	if (write(tracer->stop_fd, &one, sizeof(one)) == sizeof(one))
		thread_join(&tracer->thread);
	close(tracer->stop_fd);
	tracer->running = false;
	tracer_look(tracer);
	trace_end(&tracer->trace, &tracer->out);
	tracer_look(tracer);
	free(tracer->out.bytes);
}
