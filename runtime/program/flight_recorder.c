/*
 * runtime/program/flight_recorder.c: see runtime/program/flight_recorder.h.
 *
 * A file is written one look after the first thing went wrong, so that it has
 * what came of it too.
 */
#include "runtime/program/flight_recorder.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "drivers/record/beside.h"
#include "drivers/record/refusal.h"
#include "runtime/base/message.h"
#include "runtime/observe/ledger.h"
#include "runtime/port/display.h"
#include "runtime/port/source.h"
#include "runtime/time/clock.h"

#define FLIGHT_RECORDER_LOOK_MS 200
#define FLIGHT_RECORDER_SUFFIX	".perfetto"
#define FLIGHT_RECORDER_ROOM	((size_t)256 * 1024)

/* ---- what goes wrong ------------------------------------------------------------ */

static bool recorder_display_lost(const struct journal_record *record)
{
	return record->value[0] != DISPLAY_STATE_RUNNING &&
	       record->value[0] != DISPLAY_STATE_BUSY &&
	       record->value[0] != DISPLAY_STATE_RECOVERING;
}

/* True: a record of something that went wrong, and what. */
static bool recorder_is_wrong(const struct flight_recorder *recorder,
			      const struct journal_record *record, char *why,
			      size_t bytes)
{
	const struct graph *graph = recorder->graph;

	switch (record->kind) {
	case JOURNAL_LATE:
		snprintf(why, bytes, "tick %" PRIu64 " late on %.63s",
			 record->tick, graph->sinks[record->object].name);
		return true;
	case JOURNAL_DROPPED:
		snprintf(why, bytes, "tick %" PRIu64 " dropped on %.63s: %s",
			 record->tick, graph->sinks[record->object].name,
			 drop_reason_name((enum drop_reason)record->value[0]));
		return true;
	case JOURNAL_SKIPPED:
		snprintf(why, bytes, "%" PRId64 " ticks skipped from %" PRIu64,
			 record->value[0], record->tick);
		return true;
	case JOURNAL_DISPLAY_STATE:
		snprintf(why, bytes, "%.63s: %s",
			 graph->sinks[record->object].name,
			 display_state_name(
				 (enum display_state)record->value[0]));
		return recorder_display_lost(record);
	case JOURNAL_SOURCE_STATE:
		snprintf(why, bytes, "%.63s: lost",
			 graph->sources[record->object].name);
		return record->value[0] == SOURCE_LOST;
	default:
		return false;
	}
}

static void recorder_look_lane(struct flight_recorder *recorder, uint32_t lane)
{
	uint64_t newest = journal_newest(recorder->journal, lane);
	uint64_t oldest = journal_oldest(recorder->journal, lane);
	uint64_t *seen = &recorder->seen[lane];
	struct journal_record record;
	char why[sizeof(recorder->why)];

	if (*seen + 1 < oldest)
		*seen = oldest - 1;
	while (*seen < newest)
		if (journal_read(recorder->journal, lane, ++*seen, &record) &&
		    recorder_is_wrong(recorder, &record, why, sizeof(why)) &&
		    !recorder->why[0])
			memcpy(recorder->why, why, sizeof(why));
}

static void recorder_look(struct flight_recorder *recorder)
{
	uint32_t lane;

	for (lane = 0; lane < recorder->journal->lane_count; lane++)
		if (recorder->journal->lane[lane].kind <= JOURNAL_LANE_SOURCE)
			recorder_look_lane(recorder, lane);
}

/* ---- files ---------------------------------------------------------------------- */

/* One of this graph's: what comes after its name is ours to the letter. */
static bool recorder_is_own(const struct flight_recorder *recorder,
			    const char *name)
{
	size_t length = strlen(recorder->graph->name);
	unsigned long long number;
	int pid, end = 0;

	if (strncmp(name, recorder->graph->name, length))
		return false;
	return sscanf(name + length, "-%*8[0-9]T%*6[0-9]Z-%d-%llu.perfetto%n",
		      &pid, &number, &end) == 2 &&
	       end && !name[length + (size_t)end];
}

/* The oldest of the graph's files, and how many there are. */
static uint32_t recorder_count(const struct flight_recorder *recorder,
			       char *oldest, size_t bytes)
{
	DIR *folder = opendir(recorder->folder);
	const struct dirent *entry;
	uint32_t count = 0;

	oldest[0] = '\0';
	while (folder && (entry = readdir(folder))) {
		if (!recorder_is_own(recorder, entry->d_name))
			continue;
		count++;
		if (!oldest[0] || strcmp(entry->d_name, oldest) < 0)
			snprintf(oldest, bytes, "%s", entry->d_name);
	}
	if (folder)
		closedir(folder);
	return count;
}

static void recorder_prune(const struct flight_recorder *recorder)
{
	char oldest[NAME_MAX + 1], path[FLIGHT_RECORDER_PATH];

	while (recorder_count(recorder, oldest, sizeof(oldest)) >
	       recorder->files) {
		snprintf(path, sizeof(path), "%s/%s", recorder->folder, oldest);
		if (unlink(path))
			return; /* next time, maybe */
	}
}

static void recorder_name(const struct flight_recorder *recorder, char *path,
			  size_t bytes)
{
	time_t now = time(NULL);
	char stamp[32];
	struct tm utc;

	gmtime_r(&now, &utc);
	strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%SZ", &utc);
	snprintf(path, bytes, "%s/%s-%s-%d-%" PRIu64 FLIGHT_RECORDER_SUFFIX,
		 recorder->folder, recorder->graph->name, stamp, (int)getpid(),
		 recorder->written + recorder->failed + 1);
}

/* 0 or an errno. */
static int recorder_put(struct flight_recorder *recorder, const char *path)
{
	struct trace trace = {
		.journal = recorder->journal,
		.graph = recorder->graph,
		.plan = recorder->plan,
		.since_ns = clock_now_ns() -
			    recorder->seconds * NS_PER_SECOND,
	};
	struct beside beside;
	int error = beside_create(&beside, path);

	if (!error)
		error = -tracer_write_once(&trace, &recorder->out, beside.fd);
	if (beside.fd >= 0 && close(beside.fd) && !error)
		error = errno;
	return beside_finish(&beside, error);
}

static void recorder_write(struct flight_recorder *recorder)
{
	char line[REFUSAL_MAX];
	int error;

	recorder_name(recorder, recorder->path, sizeof(recorder->path));
	error = recorder_put(recorder, recorder->path);
	recorder->written += !error;
	recorder->failed += error != 0;
	if (error)
		refusal("--flight-recorder", recorder->path, error, line, sizeof(line));
	else
		snprintf(line, sizeof(line), "flight recorder: %s: %.300s",
			 recorder->why, recorder->path);
	message("%s", line);
	recorder_prune(recorder);
	recorder->why[0] = '\0';
	recorder->written_ns = clock_now_ns();
}

/* ---- the thread ----------------------------------------------------------------- */

static bool recorder_may_write(const struct flight_recorder *recorder)
{
	return !recorder->written_ns ||
	       clock_now_ns() - recorder->written_ns >=
		       recorder->seconds * NS_PER_SECOND;
}

static void *recorder_run(void *arg)
{
	struct flight_recorder *recorder = arg;
	struct pollfd stop = {.fd = recorder->stop_fd, .events = POLLIN};

	for (;;) {
		int ready = poll(&stop, 1, FLIGHT_RECORDER_LOOK_MS);
		bool is_due = recorder->why[0] != '\0';

		if (ready > 0 || (ready < 0 && errno != EINTR))
			return NULL;
		recorder_look(recorder);
		if (is_due && recorder_may_write(recorder))
			recorder_write(recorder);
	}
}

enum exit_status flight_recorder_check(const char *folder, char *line,
				       size_t bytes)
{
	struct stat status;
	int error = 0;

	if (stat(folder, &status))
		error = errno;
	else if (!S_ISDIR(status.st_mode))
		error = ENOTDIR;
	else if (access(folder, W_OK | X_OK))
		error = errno;
	if (error == ENOENT || error == ENOTDIR) {
		snprintf(line, bytes,
			 "--flight-recorder %.256s: no such folder; make it, or "
			 "name another",
			 folder);
		return EXIT_STATUS_USAGE;
	}
	return error ? refusal("--flight-recorder", folder, error, line, bytes)
		     : EXIT_STATUS_OK;
}

static int recorder_open(struct flight_recorder *recorder)
{
	const struct trace trace = {.journal = recorder->journal,
				    .graph = recorder->graph,
				    .plan = recorder->plan};
	size_t head = trace_head_max(&trace);

	recorder->out = (struct perfetto){
		.room = head > FLIGHT_RECORDER_ROOM ? head
						    : FLIGHT_RECORDER_ROOM};
	recorder->out.bytes = malloc(recorder->out.room);
	if (!recorder->out.bytes)
		return -ENOMEM;
	recorder->stop_fd = eventfd(0, EFD_CLOEXEC);
	return recorder->stop_fd < 0 ? -errno : 0;
}

int flight_recorder_start(struct flight_recorder *recorder)
{
	const struct thread_config config = {.name = "flight",
					     .cpu = -1,
					     .run = recorder_run,
					     .arg = recorder};
	int error;

	if (!recorder->folder)
		return 0;
	error = recorder_open(recorder);
	if (!error) {
		error = thread_start(&recorder->thread, &config);
		if (error)
			close(recorder->stop_fd);
	}
	recorder->running = !error;
	if (error)
		free(recorder->out.bytes);
	return error;
}

void flight_recorder_finish(struct flight_recorder *recorder, const char *fault)
{
	const uint64_t one = 1;

	if (!recorder->running)
		return;
	/* an eventfd takes the first write always */
	if (write(recorder->stop_fd, &one, sizeof(one)) == sizeof(one))
		thread_join(&recorder->thread);
	close(recorder->stop_fd);
	recorder->running = false;
	recorder_look(recorder);
	if (fault && fault[0])
		snprintf(recorder->why, sizeof(recorder->why), "%.120s", fault);
	if (fault && recorder->why[0] &&
	    (fault[0] || recorder_may_write(recorder)))
		recorder_write(recorder);
	free(recorder->out.bytes);
}
