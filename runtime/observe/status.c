/*
 * runtime/observe/status.c: wake once a second, copy the figures, write one line if
 * it can be taken. stderr's own flags are left alone (the shell shares them):
 * poll says whether a short write would wait.
 */
#include "runtime/observe/status.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "runtime/base/text.h"

#define INTERVAL_MS    1000
#define LINE_MAX_BYTES 256 /* far below PIPE_BUF: taken whole or not at all */
#define CLEAR_LINE     "\r\033[K"

/* "  camera: 59.94 Hz, 3 repeats, 2 passed over, 0 lost, frozen" */
static void status_source(const struct stats *stats, uint32_t source,
			  char *text, size_t bytes)
{
	const struct stats_source *pace = &stats->counters.source[source];
	const struct ledger_source *row =
		&stats->counters.ledger.source[source];

	text_append(text, bytes,
		    "  %s: %.2f Hz, %" PRIu64 " repeats, %" PRIu64
		    " passed over, %" PRIu64 " lost%s%s%s",
		    stats->header.source[source],
		    (double)pace->rate_uhz / 1e6, row->repeats,
		    row->passed_over, pace->lost,
		    pace->is_lost ? ", LOST" : "",
		    pace->is_frozen ? ", frozen" : "",
		    pace->is_black ? ", black" : "");
}

void status_line(const struct stats *stats, uint32_t main_sink, char *text,
		 size_t bytes)
{
	uint32_t i;
	const struct stats_counters *counters = &stats->counters;
	const struct ledger_sink *sink = &counters->ledger.sink[main_sink];

	snprintf(text, bytes,
		 "fps %.1f  late %" PRIu64 "  dropped %" PRIu64
		 "  skipped %" PRIu64 "  cycle p50 %.2f ms  tick %" PRIu64,
		 (double)counters->fps_milli / 1000, sink->late, sink->dropped,
		 counters->ledger.skipped,
		 (double)histogram_quantile(&stats->cycle, 0.50) / 1e6,
		 counters->last_tick);
	for (i = 0; i < stats->header.source_count; i++)
		status_source(stats, i, text, bytes);
}

/* Without waiting; what is not taken now is left out. */
static bool status_offer(int fd, const char *text)
{
	struct pollfd ready = {.fd = fd, .events = POLLOUT};
	size_t length = strlen(text);

	return poll(&ready, 1, 0) == 1 && (ready.revents & POLLOUT) &&
	       write(fd, text, length) == (ssize_t)length;
}

static void status_show(struct status *status)
{
	char line[LINE_MAX_BYTES - 16], text[LINE_MAX_BYTES];

	if (!stats_read(status->stats, status->copy))
		return;
	status_line(status->copy, status->main_sink, line, sizeof(line));
	if (status->terminal)
		snprintf(text, sizeof(text), CLEAR_LINE "%s", line);
	else
		snprintf(text, sizeof(text), "%s\n", line);
	if (status_offer(status->fd, text))
		status->shown = true;
}

static void *status_run(void *arg)
{
	struct status *status = arg;
	struct pollfd stop = {.fd = status->stop_fd, .events = POLLIN};
	int interval_ms =
		status->interval_ms ? status->interval_ms : INTERVAL_MS;

	for (;;) {
		int ready = poll(&stop, 1, interval_ms);

		if (ready > 0 || (ready < 0 && errno != EINTR))
			return NULL;
		if (ready == 0)
			status_show(status);
	}
}

int status_start(struct status *status)
{
	const struct thread_config config = {
		.name = "status", .cpu = -1, .run = status_run, .arg = status};
	int error;

	status->stop_fd = eventfd(0, EFD_CLOEXEC);
	if (status->stop_fd < 0)
		return -errno;
	error = thread_start(&status->thread, &config);
	if (error)
		close(status->stop_fd);
	status->running = !error;
	return error;
}

void status_finish(struct status *status)
{
	const uint64_t one = 1;

	if (!status->running)
		return;
	/* an eventfd takes the first write always */
	if (write(status->stop_fd, &one, sizeof(one)) == sizeof(one))
		thread_join(&status->thread);
	if (status->terminal && status->shown)
		status_offer(status->fd, "\n");
	close(status->stop_fd);
	status->running = false;
}
