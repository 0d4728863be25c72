/*
 * tools/tickline/command.c: the commands; see tools/tickline/command.h.
 */
#include "tools/tickline/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runtime/base/message.h"
#include "tools/tickline/client.h"

/* ---- words ----------------------------------------------------------------------- */

const char *command_take_name(const char *const **words)
{
	const char *first = (*words)[0];

	/* what looks like NODE.PARAM is one, unless NAME.PID runs; /node/param
	 * is no socket */
	if (!first || strchr(first, '=') ||
	    ((strchr(first, '.') || first[0] == '/') &&
	     !client_is_program(first)))
		return NULL;
	++*words;
	return first;
}

int command_print_json(json_t *answer)
{
	json_object_del(answer, "id");
	json_object_del(answer, "code");
	json_object_del(answer, "comment");
	json_dumpf(answer, stdout, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
	putchar('\n');
	json_decref(answer);
	return 0;
}

static int command_refuse_words(const char *words)
{
	message("too many words: %s ...; tickline --help", words);
	return EXIT_STATUS_USAGE;
}

/* Asks the program that the words name, once. NULL: *status is what to leave
 * with. */
static json_t *command_ask(const char *name, json_t *request, int *status)
{
	int fd = client_open(name);
	json_t *answer;

	if (fd < 0) {
		json_decref(request);
		*status = EXIT_STATUS_NO_DEVICE;
		return NULL;
	}
	answer = client_must(fd, request);
	*status = answer ? 0 : COMMAND_REFUSED;
	close(fd);
	return answer;
}

/* ---- values ---------------------------------------------------------------------- */

/* As set takes it. */
static void print_value(const json_t *value)
{
	json_t *element;
	size_t i;

	switch (json_typeof(value)) {
	case JSON_STRING:
		printf("%s", json_string_value(value));
		break;
	case JSON_INTEGER:
		printf("%lld", (long long)json_integer_value(value));
		break;
	case JSON_REAL:
		printf("%.15g", json_real_value(value));
		break;
	case JSON_ARRAY:
		json_array_foreach(value, i, element) {
			printf("%s", i ? "," : "");
			print_value(element);
		}
		break;
	default:
		printf("%s", json_is_true(value) ? "true" : "false");
		break;
	}
}

static void print_setting(const char *name, const json_t *row)
{
	const json_t *value = json_object_get(row, "value");
	const json_t *target = json_object_get(row, "target");

	printf("%s=", name);
	print_value(value);
	if (!json_equal(value, target)) {
		printf("  -> ");
		print_value(target);
	}
}

/* ---- list ------------------------------------------------------------------------- */

static double command_rate(const json_t *info)
{
	return (double)json_integer_value(json_object_get(info, "rate_num")) /
	       (double)json_integer_value(json_object_get(info, "rate_den"));
}

static void list_row(const struct client_program *program, const json_t *info)
{
	printf("%-20s %-16s %5lldx%-5lld %7.2f Hz  %-5s tick %-10lld %lld\n",
	       program->name,
	       json_string_value(json_object_get(info, "graph")),
	       (long long)json_integer_value(json_object_get(info, "width")),
	       (long long)json_integer_value(json_object_get(info, "height")),
	       command_rate(info),
	       json_string_value(json_object_get(info, "backend")),
	       (long long)json_integer_value(
		       json_object_get(info, "next_tick")),
	       (long long)json_integer_value(json_object_get(info, "pid")));
}

static json_t *list_info(const struct client_program *program)
{
	int fd = client_open(program->path);
	json_t *info = fd < 0 ? NULL
			      : client_must(fd, json_pack("{s:s}", "verb",
							  "info"));

	if (fd >= 0)
		close(fd);
	return info;
}

int command_list(const struct command_line *line)
{
	struct client_program *programs =
		calloc(CLIENT_PROGRAMS_MAX, sizeof(*programs));
	unsigned int i, count = programs ? client_find(programs) : 0;
	json_t *all = json_array();

	if (line->words[0]) {
		free(programs);
		json_decref(all);
		return command_refuse_words(line->words[0]);
	}
	for (i = 0; i < count; i++) {
		json_t *info = list_info(&programs[i]);

		if (!info)
			continue; /* it said why; the others are listed */
		if (!line->json)
			list_row(&programs[i], info);
		json_object_set_new(info, "name",
				    json_string(programs[i].name));
		json_object_set_new(info, "socket",
				    json_string(programs[i].path));
		json_array_append_new(all, info);
	}
	free(programs);
	if (line->json)
		json_dumpf(all, stdout, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
	if (line->json)
		putchar('\n');
	json_decref(all);
	return 0;
}

/* ---- params, get --------------------------------------------------------------------- */

/* All pages, one after the other. */
static json_t *params_of(int fd, const char *node)
{
	json_t *all = json_array(), *from = NULL, *answer;

	for (;;) {
		json_t *request = json_pack("{s:s}", "verb", "params");

		if (node)
			json_object_set_new(request, "node", json_string(node));
		if (from)
			json_object_set_new(request, "from", from);
		answer = client_must(fd, request);
		if (!answer) {
			json_decref(all);
			return NULL;
		}
		json_array_extend(all, json_object_get(answer, "params"));
		from = json_object_get(answer, "next");
		from = json_is_string(from) ? json_incref(from) : NULL;
		json_decref(answer);
		if (!from)
			return all;
	}
}

static void params_print(const json_t *all)
{
	json_t *row;
	size_t i;

	json_array_foreach(all, i, row) {
		print_setting(json_string_value(json_object_get(row, "name")),
			      row);
		printf("  (%s)\n",
		       json_string_value(json_object_get(row, "accepts")));
	}
}

/* [NAME] [NODE]: a word alone is a program's name where such a one runs. */
int command_params(const struct command_line *line)
{
	const char *const *words = line->words;
	const char *name = words[0] && (words[1] || client_is_program(words[0]))
				   ? *words++
				   : NULL;
	const char *node = words[0] ? *words++ : NULL;
	json_t *all;
	int fd;

	if (words[0])
		return command_refuse_words(words[0]);
	fd = client_open(name);
	if (fd < 0)
		return EXIT_STATUS_NO_DEVICE;
	all = params_of(fd, node);
	close(fd);
	if (!all)
		return COMMAND_REFUSED;
	if (line->json)
		return command_print_json(json_pack("{s:o}", "params", all));
	params_print(all);
	json_decref(all);
	return 0;
}

static json_t *words_array(const char *const *words)
{
	json_t *array = json_array();

	for (; *words; words++)
		json_array_append_new(array, json_string(*words));
	return array;
}

int command_get(const struct command_line *line)
{
	const char *const *words = line->words;
	const char *name = command_take_name(&words), *param;
	json_t *answer, *row;
	int status;

	if (!words[0]) {
		message("get: name parameters: NODE.PARAM ...; params lists "
			"them");
		return EXIT_STATUS_USAGE;
	}
	answer = command_ask(name,
			     json_pack("{s:s, s:o}", "verb", "get", "params",
				       words_array(words)),
			     &status);
	if (!answer)
		return status;
	if (line->json)
		return command_print_json(answer);
	json_object_foreach(json_object_get(answer, "values"), param, row) {
		print_setting(param, row);
		putchar('\n');
	}
	json_decref(answer);
	return 0;
}

/* ---- set, toggle ------------------------------------------------------------------- */

static void put_option(json_t *request, const char *key, const char *value)
{
	if (value)
		json_object_set_new(request, key, json_string(value));
}

static int set_send(const struct command_line *line, const char *name,
		    json_t *request)
{
	json_t *answer;
	int status;

	put_option(request, "at", line->at);
	put_option(request, "late", line->late);
	put_option(request, "over", line->over);
	put_option(request, "ease", line->ease);
	put_option(request, "hold", line->hold);
	answer = command_ask(name, request, &status);
	if (!answer)
		return status;
	if (line->json)
		return command_print_json(answer);
	printf("tick %lld\n",
	       (long long)json_integer_value(json_object_get(answer, "tick")));
	json_decref(answer);
	return 0;
}

/* NODE.PARAM=VALUE ...; NULL: a line was printed. */
static json_t *set_values(const char *const *words)
{
	json_t *values = json_object();

	for (; *words; words++) {
		const char *value = strchr(*words, '=');
		char param[256];

		if (!value || (size_t)(value - *words) >= sizeof(param)) {
			message("set %.64s: write NODE.PARAM=VALUE", *words);
			json_decref(values);
			return NULL;
		}
		snprintf(param, sizeof(param), "%.*s", (int)(value - *words),
			 *words);
		if (json_object_set_new(values, param,
					json_string(value + 1))) {
			message("set %s: what is given is no UTF-8", param);
			json_decref(values);
			return NULL;
		}
	}
	return values;
}

int command_set(const struct command_line *line)
{
	const char *const *words = line->words;
	const char *name = command_take_name(&words);
	json_t *values;

	if (!words[0]) {
		message("set: what? NODE.PARAM=VALUE ...; params lists them");
		return EXIT_STATUS_USAGE;
	}
	values = set_values(words);
	if (!values)
		return EXIT_STATUS_USAGE;
	return set_send(line, name,
			json_pack("{s:s, s:o}", "verb", "set", "set", values));
}

int command_toggle(const struct command_line *line)
{
	const char *const *words = line->words;
	const char *name = command_take_name(&words);

	if (!words[0]) {
		message("toggle: what? NODE.PARAM ...; params lists them");
		return EXIT_STATUS_USAGE;
	}
	return set_send(line, name,
			json_pack("{s:s, s:o}", "verb", "toggle", "params",
				  words_array(words)));
}

/* ---- stats, events, stop ------------------------------------------------------------------- */

static long long stats_count(const json_t *object, const char *key)
{
	return (long long)json_integer_value(json_object_get(object, key));
}

static void stats_times(const json_t *stats, const char *key)
{
	const json_t *times = json_object_get(stats, key);

	printf("%-12s p50 %9.3f ms  p99 %9.3f ms  max %9.3f ms\n", key,
	       (double)stats_count(times, "p50") / 1e6,
	       (double)stats_count(times, "p99") / 1e6,
	       (double)stats_count(times, "max") / 1e6);
}

static void stats_print(const json_t *stats)
{
	json_t *row;
	size_t i;

	printf("%s: fps %.2f, %lld ticks, %lld skipped\n",
	       json_string_value(json_object_get(stats, "graph")),
	       json_real_value(json_object_get(stats, "fps")),
	       stats_count(stats, "ticks"), stats_count(stats, "skipped"));
	json_array_foreach(json_object_get(stats, "sinks"), i, row) {
		printf("sink %s: %s, %lld presented, %lld late, %lld dropped\n",
		       json_string_value(json_object_get(row, "name")),
		       json_string_value(json_object_get(row, "state")),
		       stats_count(row, "presented"), stats_count(row, "late"),
		       stats_count(row, "dropped"));
	}
	json_array_foreach(json_object_get(stats, "sources"), i, row) {
		printf("source %s: %s, %.2f Hz, %lld taken, %lld repeats, "
		       "%lld lost\n",
		       json_string_value(json_object_get(row, "name")),
		       json_string_value(json_object_get(row, "state")),
		       json_real_value(json_object_get(row, "rate_hz")),
		       stats_count(row, "taken"), stats_count(row, "repeats"),
		       stats_count(row, "lost"));
	}
	stats_times(stats, "lateness");
	stats_times(stats, "cycle");
}

static json_t *ask_verb(const struct command_line *line, const char *verb,
			int *status)
{
	const char *name = line->words[0];

	if (name && line->words[1]) {
		*status = command_refuse_words(line->words[1]);
		return NULL;
	}
	return command_ask(name, json_pack("{s:s}", "verb", verb), status);
}

int command_stats(const struct command_line *line)
{
	int status;
	json_t *answer = ask_verb(line, "stats", &status), *stats;

	if (!answer)
		return status;
	stats = json_incref(json_object_get(answer, "stats"));
	json_decref(answer);
	if (line->json)
		return command_print_json(stats);
	stats_print(stats);
	json_decref(stats);
	return 0;
}

/* A line at once, however it is buffered. False: nobody reads. Takes the
 * reference. */
static bool events_print(json_t *event)
{
	json_dumpf(event, stdout, JSON_COMPACT | JSON_PRESERVE_ORDER);
	putchar('\n');
	json_decref(event);
	return !fflush(stdout);
}

int command_events(const struct command_line *line)
{
	const char *const *words = line->words;
	json_t *answer, *event;
	bool read;
	int fd;

	if (words[0] && words[1])
		return command_refuse_words(words[1]);
	fd = client_open(words[0]);
	if (fd < 0)
		return EXIT_STATUS_NO_DEVICE;
	answer = client_must(fd, json_pack("{s:s}", "verb", "events"));
	if (!answer) {
		close(fd);
		return COMMAND_REFUSED;
	}
	event = json_pack("{s:s}", "event", "state");
	json_object_del(answer, "id");
	json_object_del(answer, "code");
	json_object_del(answer, "comment");
	json_object_update(event, answer);
	json_decref(answer);
	read = events_print(event);
	while (read && (event = client_next(fd)))
		read = events_print(event);
	close(fd);
	return 0;
}

int command_stop(const struct command_line *line)
{
	int status;
	json_t *answer = ask_verb(line, "stop", &status);

	if (!answer)
		return status;
	if (line->json)
		return command_print_json(answer);
	json_decref(answer);
	return 0;
}
