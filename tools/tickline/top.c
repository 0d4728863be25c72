/*
 * tools/tickline/top.c: tickline top: a table of the statistics page, once a
 * second. Times are of the second that is over (the first table: since the start),
 * max since the start, the share that of the period which the average takes.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "runtime/base/message.h"
#include "runtime/base/text.h"
#include "tools/tickline/command.h"
#include "tools/tickline/prometheus.h"
#include "tools/tickline/sensors.h"
#include "tools/tickline/view.h"

#define TOP_INTERVAL_MS 1000
#define TOP_HOME	"\033[H\033[J"
#define TOP_NAME	30 /* columns */

/* ---- one reading ------------------------------------------------------------------- */

static const struct tickline_entry *top_find(const struct view *view,
					     const char *before,
					     const char *name)
{
	char whole[TICKLINE_NAME_BYTES];

	snprintf(whole, sizeof(whole), "%s%s", before, name);
	return tickline_page_find(view->now, whole);
}

/* 0 where there is no such entry: a newer or older program. */
static uint64_t top_word(const struct view *view, const char *before,
			 const char *name)
{
	const struct tickline_entry *entry = top_find(view, before, name);

	return entry ? tickline_page_word(view->now, entry) : 0;
}

static double top_period_ns(const struct view *view)
{
	uint64_t num = top_word(view, "", "rate_num");

	return num ? 1e9 * (double)top_word(view, "", "rate_den") / (double)num
		   : 0;
}

/* What came since the reading before. */
static void top_since(const struct view *view,
		      const struct tickline_entry *entry,
		      struct tickline_times *since)
{
	const struct tickline_times *before =
		tickline_page_times(view->before, entry);
	uint32_t i;

	*since = *tickline_page_times(view->now, entry);
	if (!view->has_before)
		return;
	since->count -= before->count;
	since->sum_ns -= before->sum_ns;
	for (i = 0; i < TICKLINE_BUCKETS; i++)
		since->bucket[i] -= before->bucket[i];
}

/* A histogram's row. last_ns: UINT64_MAX: not known. */
static void top_times(const struct view *view, const char *name,
		      const struct tickline_entry *entry, uint64_t last_ns,
		      FILE *out)
{
	static struct tickline_times since; /* too large for a frame */
	double average, period = top_period_ns(view);

	if (!entry || entry->kind != TICKLINE_TIMES)
		return;
	top_since(view, entry, &since);
	average = since.count ? (double)since.sum_ns / (double)since.count : 0;
	fprintf(out, "%-*.*s", TOP_NAME, TOP_NAME, name);
	if (last_ns == UINT64_MAX)
		fprintf(out, " %10s", "-");
	else
		fprintf(out, " %10.1f", (double)last_ns / 1e3);
	fprintf(out, " %10.1f %10.1f %10.1f", average / 1e3,
		(double)tickline_quantile(&since, 0.99) / 1e3,
		(double)since.max_ns / 1e3);
	if (period > 0)
		fprintf(out, " %6.1f %%", 100 * average / period);
	fputc('\n', out);
}

static void top_row(const struct view *view, const char *name, FILE *out)
{
	top_times(view, name, tickline_page_find(view->now, name), UINT64_MAX,
		  out);
}

/* "step.0.ball.time" and what goes with it; `name` is what stands between. */
static void top_steps(const struct view *view, FILE *out)
{
	uint64_t i;

	for (i = 0; i < view->now->entry_count; i++) {
		const struct tickline_entry *entry =
			tickline_page_entry(view->now, i);
		size_t length = strlen(entry->name);
		char before[TICKLINE_NAME_BYTES];

		if (strncmp(entry->name, "step.", 5) || length < 10 ||
		    strcmp(entry->name + length - 5, ".time"))
			continue;
		snprintf(before, sizeof(before), "%.*s", (int)length - 4,
			 entry->name);
		entry = top_find(view, before, "time");
		before[length - 5] = '\0';
		top_times(view, before, entry,
			  top_word(view, before, ".last"), out);
	}
}

/* The owner of an entry that each sink, or each source, has once. */
static bool top_owner(const struct tickline_entry *entry, const char *kind,
		      const char *last, char *before, char *name)
{
	size_t length = strlen(entry->name), first = strlen(kind);
	size_t end = strlen(last);

	if (strncmp(entry->name, kind, first) || length <= first + end ||
	    strcmp(entry->name + length - end, last))
		return false;
	snprintf(name, TICKLINE_NAME_BYTES, "%.*s",
		 (int)(length - first - end), entry->name + first);
	snprintf(before, TICKLINE_NAME_BYTES, "%s%s.", kind, name);
	return !strchr(name, '.');
}

static void top_sink(const struct view *view, const char *before,
		     const char *name, FILE *out)
{
	fprintf(out,
		"sink %s: %" PRIu64 " presented, %" PRIu64 " late, %" PRIu64
		" dropped, %" PRIu64 " repeats, %" PRIu64 " not recorded\n",
		name, top_word(view, before, "presented"),
		top_word(view, before, "late"),
		top_word(view, before, "dropped"),
		top_word(view, before, "repeats"),
		top_word(view, before, "record_lost"));
}

static void top_source(const struct view *view, const char *before,
		       const char *name, FILE *out)
{
	fprintf(out,
		"source %s: %.2f Hz, %" PRIu64 " taken, %" PRIu64
		" repeats, %" PRIu64 " passed over, %" PRIu64 " lost%s%s%s\n",
		name, (double)top_word(view, before, "rate") / 1e6,
		top_word(view, before, "taken"),
		top_word(view, before, "repeats"),
		top_word(view, before, "passed_over"),
		top_word(view, before, "lost"),
		top_word(view, before, "is_lost") ? ", LOST" : "",
		top_word(view, before, "is_frozen") ? ", frozen" : "",
		top_word(view, before, "is_black") ? ", black" : "");
	top_times(view, "  age", top_find(view, before, "age"), UINT64_MAX,
		  out);
}

static void top_ends(const struct view *view, FILE *out)
{
	char before[TICKLINE_NAME_BYTES + 16], name[TICKLINE_NAME_BYTES];
	uint64_t i;

	for (i = 0; i < view->now->entry_count; i++) {
		const struct tickline_entry *entry =
			tickline_page_entry(view->now, i);

		if (top_owner(entry, "sink.", ".presented", before, name))
			top_sink(view, before, name, out);
		if (top_owner(entry, "source.", ".taken", before, name))
			top_source(view, before, name, out);
	}
}

static void top_clock(const struct view *view, FILE *out)
{
	static const char *const states[] = {"acquiring", "locked", "holdover",
					     "refused"};
	uint64_t hertz = top_word(view, "", "display_clock.refresh");
	uint64_t state = top_word(view, "", "display_clock.state");

	if (hertz && state < sizeof(states) / sizeof(states[0]))
		fprintf(out, "display clock: %s, %.4f Hz, %" PRIu64 " losses\n",
			states[state], (double)hertz / 1e6,
			top_word(view, "", "display_clock.losses"));
}

static void top_print(const struct view *view, const struct sensors *sensors,
		      FILE *out)
{
	double period = top_period_ns(view);

	fprintf(out,
		"%s  process %" PRIu64 "  %.2f Hz  fps %.1f  tick %" PRIu64
		"  skipped %" PRIu64 "  wakes over 1 ms %" PRIu64 "\n",
		view->graph, top_word(view, "", "pid"),
		period > 0 ? 1e9 / period : 0,
		(double)top_word(view, "", "fps") / 1e3,
		top_word(view, "", "last_tick"), top_word(view, "", "skipped"),
		top_word(view, "", "wakes_over_1ms"));
	sensors_print(sensors, out);
	top_clock(view, out);
	top_ends(view, out);
	fprintf(out, "%-*s %10s %10s %10s %10s %8s\n", TOP_NAME, "us", "last",
		"avg", "p99", "max", "period");
	top_row(view, "lateness", out);
	top_row(view, "cycle", out);
	top_row(view, "uniforms", out);
	top_steps(view, out);
	top_row(view, "present", out);
	top_row(view, "tick_to_flip", out);
}

/* ---- as JSON ------------------------------------------------------------------------ */

static json_t *top_json_entry(const struct view *view,
			      const struct tickline_entry *entry)
{
	const struct tickline_times *times;

	if (entry->kind != TICKLINE_TIMES)
		return json_integer(
			(json_int_t)tickline_page_word(view->now, entry));
	times = tickline_page_times(view->now, entry);
	return json_pack("{s:I, s:I, s:I, s:I, s:I}", "count",
			 (json_int_t)times->count, "mean",
			 (json_int_t)(times->count
					      ? times->sum_ns / times->count
					      : 0),
			 "p50", (json_int_t)tickline_quantile(times, 0.5),
			 "p99", (json_int_t)tickline_quantile(times, 0.99),
			 "max", (json_int_t)times->max_ns);
}

/* One object a line. */
static void top_json(const struct view *view, FILE *out)
{
	json_t *object = json_object();
	uint64_t i;

	for (i = 0; i < view->now->entry_count; i++) {
		const struct tickline_entry *entry =
			tickline_page_entry(view->now, i);

		json_object_set_new(object, entry->name,
				    top_json_entry(view, entry));
	}
	json_dumpf(object, out, JSON_COMPACT | JSON_PRESERVE_ORDER);
	fputc('\n', out);
	json_decref(object);
}

/* ---- the command -------------------------------------------------------------------- */

static int top_show(const struct view *view, const struct command_line *line)
{
	struct sensors sensors;

	sensors_read(&sensors, line->sys ? line->sys : "/sys");
	if (line->prometheus)
		return prometheus_write(view, &sensors, line->prometheus);
	if (line->json) {
		top_json(view, stdout);
	} else {
		if (isatty(STDOUT_FILENO))
			fputs(TOP_HOME, stdout);
		top_print(view, &sensors, stdout);
	}
	if (!fflush(stdout))
		return 0;
	message("standard output takes nothing: give it a reader");
	return EXIT_STATUS_OS_LIMIT;
}

/* Until so many readings are told (0: any number), or the program is gone. */
static int top_run(struct view *view, const struct command_line *line,
		   int64_t count)
{
	int status = 0;
	int64_t i;

	for (i = 0; !status && (!count || i < count); i++) {
		if (i && !view_wait(view, TOP_INTERVAL_MS)) {
			message("%s has ended", view->graph);
			return 0;
		}
		if (view_read(view))
			status = top_show(view, line);
	}
	return status;
}

int command_top(const struct command_line *line)
{
	const char *const *words = line->words;
	const char *name = command_take_name(&words);
	struct view view;
	int64_t count = 0;
	int status;

	if (words[0]) {
		message("%.64s: no program of that name runs here, and top takes "
			"nothing else",
			words[0]);
		return EXIT_STATUS_USAGE;
	}
	if (line->count && !text_to_int(line->count, strlen(line->count), 1,
					1000000000, &count)) {
		message("--count %.64s: must be a whole number from 1 on",
			line->count);
		return EXIT_STATUS_USAGE;
	}
	status = view_open(&view, name);
	if (status)
		return status;
	status = top_run(&view, line, count);
	view_close(&view);
	return status;
}
