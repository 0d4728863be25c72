/*
 * runtime/program/live.c: see runtime/program/live.h.
 */
#include "runtime/program/live.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runtime/base/message.h"
#include "runtime/base/stop.h"
#include "runtime/time/wall.h"

/* ---- verbs about the program ------------------------------------------------------ */

static const char *const no_keys[] = {NULL};

static void live_put(struct call *call, const char *key, json_t *value)
{
	json_object_set_new(call->answer, key, value);
}

static void live_put_count(struct call *call, const char *key, uint64_t count)
{
	live_put(call, key, json_integer((json_int_t)count));
}

static void verb_info(struct call *call, void *arg)
{
	const struct live *live = arg;
	const struct graph *graph = live->cycle->config.graph;
	json_t *verbs = json_array();
	const struct verb *verb;

	for (verb = live->verbs; verb->name; verb++)
		json_array_append_new(verbs, json_string(verb->name));
	live_put(call, "graph", json_string(graph->name));
	live_put(call, "board", json_string(graph->board.name));
	live_put(call, "version", json_string(GRAPH_VERSION));
	live_put(call, "pid", json_integer(getpid()));
	live_put_count(call, "width", graph->width);
	live_put_count(call, "height", graph->height);
	live_put_count(call, "rate_num", graph->rate_num);
	live_put_count(call, "rate_den", graph->rate_den);
	live_put(call, "backend",
		 json_string(live->cycle->config.backend->ops->name));
	live_put(call, "clock",
		 json_string(clock_kind_name(live->cycle->config.clock->kind)));
	live_put_count(call, "next_tick", editor_next_tick(&live->editor));
	live_put_count(call, "params", graph->param_count);
	live_put(call, "verbs", verbs);
}

/* As the first SIGTERM does; a second one is no signal to end at once. */
static void verb_stop(struct call *call, void *arg)
{
	(void)call;
	(void)arg;
	if (!stop_requested())
		kill(getpid(), SIGTERM);
}

static json_t *live_report(const struct live *live)
{
	struct report report = {
		.isa = live->isa->name,
		.rss_bytes = report_rss_bytes(),
		.thread = {.priority = live->tick_thread->priority,
			   .cpu = live->options->cpu,
			   .memory_locked = live->tick_thread->memory_locked},
	};
	char *text = NULL;
	size_t bytes = 0;
	FILE *memory = open_memstream(&text, &bytes);
	json_t *json = NULL;

	if (!memory)
		return NULL;
	report_add_cycle(&report, live->cycle);
	report.stats = live->stats;
	report_json(&report, memory);
	if (!fclose(memory))
		json = json_loadb(text, bytes, 0, NULL);
	free(text);
	return json;
}

static void verb_stats(struct call *call, void *arg)
{
	struct live *live = arg;
	json_t *report = NULL;

	if (stats_read(live->cycle->config.stats, live->stats))
		report = live_report(live);
	if (report)
		live_put(call, "stats", report);
	else
		call_refuse(call, CALL_FAILED,
			    "stats: no consistent copy could be taken; ask "
			    "again");
}

static void verb_page(struct call *call, void *arg)
{
	const struct live *live = arg;

	if (live->page_fd < 0) {
		call_refuse(call, CALL_FAILED,
			    "page: this kernel lacks memfd seals; stats says the "
			    "same figures");
		return;
	}
	live_put_count(call, "bytes",
		       live->cycle->config.stats->header.page.bytes);
	live_put_count(call, "version", TICKLINE_PAGE_VERSION);
	call->give_fd[call->give_count++] = live->page_fd;
}

/* ---- the table ---------------------------------------------------------------------- */

static void live_make_verbs(struct live *live)
{
	const struct verb verbs[] = {
		{"info", no_keys, verb_info, live},
		{"params", verb_params_keys, verb_params, &live->desk},
		{"get", verb_get_keys, verb_get, &live->desk},
		{"set", verb_set_keys, verb_set, &live->desk},
		{"toggle", verb_toggle_keys, verb_toggle, &live->desk},
		{"stats", no_keys, verb_stats, live},
		{"page", no_keys, verb_page, live},
		{"trace", verb_trace_keys, verb_trace, &live->trace},
		{"events", no_keys, verb_events, &live->feed},
		{"stop", no_keys, verb_stop, live},
	};

	_Static_assert(sizeof(verbs) / sizeof(verbs[0]) <= LIVE_VERBS_MAX,
		       "LIVE_VERBS_MAX");
	live->trace = (struct live_trace){.cycle = live->cycle};
	memcpy(live->verbs, verbs, sizeof(verbs));
}

/* When tick 0 was due, by the time of day that it is now. */
static struct when_clock live_clock(void *arg)
{
	const struct live *live = arg;
	struct when_clock clock = {live->cycle->rate, INT64_MIN};
	struct stats_counters counters;

	if (cycle_is_timed(live->cycle) &&
	    stats_read_counters(live->cycle->config.stats, &counters) &&
	    counters.start_ns)
		clock.start_wall_ms =
			wall_now_ms() -
			(clock_now_ns() - (int64_t)counters.start_ns) /
				NS_PER_MS;
	return clock;
}

/* ---- start and end ------------------------------------------------------------------- */

/* Of each set that was accepted. */
static void live_log(void *arg, const struct call *call,
		     const struct edit *edit, uint64_t tick)
{
	struct live *live = arg;

	if (live->log.path && !live->log_error)
		live->log_error = show_write(live->log.fd,
					     live->cycle->config.graph, edit,
					     tick, call->pid, call->uid);
	feed_set(&live->feed, edit, tick);
}

static int live_make_changes(struct live *live)
{
	const struct graph *graph = live->cycle->config.graph;
	int error = changes_init(&live->changes, graph, live->cycle->work.pool,
				 EDITOR_CHANGES_MAX + live->show.changes,
				 EDITOR_BYTES_MAX + live->show.value_bytes);

	if (!error)
		error = editor_init(&live->editor, graph, &live->changes,
				    live->options->tick_limit);
	if (error)
		return error;
	live->cycle->config.changes = &live->changes;
	if (live->show.lines)
		show_repeat(&live->show, &live->editor, &live->edit);
	show_finish(&live->show);
	return 0;
}

static int live_make(struct live *live)
{
	int error = live_make_changes(live);

	if (error || live->socket.fd < 0)
		return error;
	live->desk = (struct verb_desk){
		.editor = &live->editor,
		.edit = &live->edit,
		.rate = live->cycle->rate,
		.clock = live_clock,
		.done = live_log,
		.arg = live,
		.refused = live->options->replay
				   ? "a recorded show is repeated: start "
				     "without --replay to change it"
				   : NULL,
	};
	live->stats = calloc(1, live->cycle->config.stats->header.page.bytes);
	if (!live->stats)
		return -ENOMEM;
	live_make_verbs(live);
	live->server.listen_fd = live->socket.fd;
	live->server.verbs = live->verbs;
	live->server.idle = feed_look;
	live->server.idle_arg = &live->feed;
	live->feed = (struct feed){.journal = live->journal,
				   .cycle = live->cycle,
				   .server = &live->server};
	return 0;
}

/* What may refuse, before anything is made. */
static enum exit_status live_open(struct live *live)
{
	const struct options *options = live->options;
	const struct graph *graph = live->cycle->config.graph;
	enum exit_status status = control_socket_open(
		&live->socket, options->control, graph->name, live->line,
		sizeof(live->line));
	char line[REFUSAL_MAX];

	if (status)
		return refuse(status, live->line);
	if (options->replay && !show_read(&live->show, options->replay, graph,
					  line, sizeof(line)))
		return refuse(EXIT_STATUS_USAGE, line);
	if (options->control_log)
		status = trace_file_open(&live->log, "--control-log",
					 options->control_log, line,
					 sizeof(line));
	return status ? refuse(status, line) : EXIT_STATUS_OK;
}

enum exit_status live_start(struct live *live)
{
	enum exit_status status = live_open(live);
	int error = 0;

	if (!status && (live->socket.fd >= 0 || live->options->replay))
		error = live_make(live);
	if (!status && !error)
		return EXIT_STATUS_OK;
	live_finish(live);
	return status ? status : refuse_errno("control thread", error);
}

void live_begin(struct live *live)
{
	const struct graph *graph = live->cycle->config.graph;
	int error = 0;

	if (live->log.path)
		live->log_error = trace_file_begin(&live->log);
	if (live->log.path && !live->log_error)
		live->log_error = show_begin(
			live->log.fd, graph,
			live->cycle->work.pool + graph->param_offset);
	if (live->socket.fd >= 0 && live->desk.editor)
		error = server_start(&live->server);
	if (error)
		message("control: nobody answers: no thread (%s)",
			strerror(-error));
}

void live_close(struct live *live)
{
	server_finish(&live->server);
	if (live->options)
		control_socket_close(&live->socket);
	if (live->log.path && live->log_error)
		message("--control-log: changes are missing in it (%s)",
			strerror(-live->log_error));
	trace_file_close(&live->log);
}

void live_finish(struct live *live)
{
	live_close(live);
	if (live->cycle)
		live->cycle->config.changes = NULL;
	live_trace_finish(&live->trace);
	show_finish(&live->show);
	editor_finish(&live->editor);
	changes_finish(&live->changes);
	free(live->stats);
	live->stats = NULL;
}
