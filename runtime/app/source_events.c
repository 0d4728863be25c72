/*
 * runtime/app/source_events.c: see runtime/app/source_events.h.
 */
#include "runtime/app/source_events.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "runtime/base/message.h"

#define EVENTS_INTERVAL_MS 200
#define EVENTS_LINE_MAX	   256

static void events_state_line(const struct source *source,
			      const struct journal_record *record, char *line,
			      size_t bytes)
{
	const char *reason =
		record->value[1] >= 0
			? source->health.reason[record->value[1]].text
			: "";
	const char *way_out = source->ops && source->ops->way_out
				      ? source->ops->way_out(reason)
				      : NULL;

	if (record->value[0] == SOURCE_LOST)
		snprintf(line, bytes, "source %s: lost%s%s%s%s",
			 source->graph->name, *reason ? ": " : "", reason,
			 way_out ? ": " : "", way_out ? way_out : "");
	else
		snprintf(line, bytes, "source %s: %s", source->graph->name,
			 record->value[0] == SOURCE_ENDED ? "ended"
							  : "runs again");
}

bool source_events_line(const struct source *source,
			const struct journal_record *record, char *line,
			size_t bytes)
{
	if (record->kind == JOURNAL_SOURCE_STATE) {
		events_state_line(source, record, line, bytes);
		return true;
	}
	if (record->kind != JOURNAL_SOURCE_LOOK)
		return false;
	snprintf(line, bytes, "source %s: %s%s", source->graph->name,
		 record->value[1] ? "" : "no longer ",
		 source_look_name((enum source_look)record->value[0]));
	return true;
}

/* Records that were overwritten before they were read are left out of the
 * lines; the report has all counts. */
static void events_tell_source(struct source_events *events, uint32_t index)
{
	const struct source *source = &events->sources[index];
	uint32_t lane = events->first_lane + index;
	uint64_t newest = journal_newest(events->journal, lane);
	uint64_t oldest = journal_oldest(events->journal, lane);
	uint64_t *seen = &events->seen[index];
	struct journal_record record;
	char line[EVENTS_LINE_MAX];
	uint64_t told = 0;

	if (*seen + 1 < oldest)
		*seen = oldest - 1;
	while (*seen < newest) {
		if (!journal_read(events->journal, lane, ++*seen, &record) ||
		    !source_events_line(source, &record, line, sizeof(line)))
			continue;
		if (told++ < SOURCE_EVENTS_MAX)
			message("%s", line);
	}
	if (told > SOURCE_EVENTS_MAX)
		message("source %s: %" PRIu64 " more of that",
			source->graph->name, told - SOURCE_EVENTS_MAX);
}

void source_events_tell(struct source_events *events)
{
	uint32_t i;

	for (i = 0; i < events->count; i++)
		events_tell_source(events, i);
}

static void *events_run(void *arg)
{
	struct source_events *events = arg;
	struct pollfd stop = {.fd = events->stop_fd, .events = POLLIN};

	for (;;) {
		int ready = poll(&stop, 1, EVENTS_INTERVAL_MS);

		if (ready > 0 || (ready < 0 && errno != EINTR))
			return NULL;
		source_events_tell(events);
	}
}

int source_events_start(struct source_events *events)
{
	const struct thread_config config = {
		.name = "events", .cpu = -1, .run = events_run, .arg = events};
	int error;

	if (!events->count)
		return 0;
	events->stop_fd = eventfd(0, EFD_CLOEXEC);
	if (events->stop_fd < 0)
		return -errno;
	error = thread_start(&events->thread, &config);
	if (error)
		close(events->stop_fd);
	events->running = !error;
	return error;
}

void source_events_finish(struct source_events *events)
{
	const uint64_t one = 1;

	if (!events->running)
		return;
	/* an eventfd takes the first write always */
	if (write(events->stop_fd, &one, sizeof(one)) == sizeof(one))
		thread_join(&events->thread);
	close(events->stop_fd);
	events->running = false;
	source_events_tell(events);
}
