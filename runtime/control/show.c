/*
 * runtime/control/show.c: see runtime/control/show.h.
 */
#include "runtime/control/show.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/base/text.h"
#include "runtime/base/write_all.h"
#include "runtime/control/value.h"

#define SHOW_VERSION 1

/* ---- whose ------------------------------------------------------------------------ */

static uint64_t show_mix(uint64_t hash, const void *data, size_t bytes)
{
	const unsigned char *byte = data;

	while (bytes--)
		hash = (hash ^ *byte++) * UINT64_C(0x100000001b3); /* FNV-1a */
	return hash;
}

/* Of what makes a change mean the same: size, rate, parameters and defaults. */
static void show_mark(const struct graph *graph, char mark[17])
{
	const uint32_t numbers[] = {graph->width, graph->height,
				    graph->rate_num, graph->rate_den,
				    graph->param_count};
	uint64_t hash = UINT64_C(0xcbf29ce484222325);
	uint32_t i;

	hash = show_mix(hash, numbers, sizeof(numbers));
	for (i = 0; i < graph->param_count; i++) {
		const struct graph_param *param = &graph->params[i];

		hash = show_mix(hash, param->name, strlen(param->name) + 1);
		hash = show_mix(hash, &param->type, sizeof(param->type));
		hash = show_mix(hash, &param->count, sizeof(param->count));
	}
	hash = show_mix(hash, graph->param_defaults, graph->param_bytes);
	snprintf(mark, 17, "%016" PRIx64, hash);
}

/* ---- writing ---------------------------------------------------------------------- */

/* Takes the reference. */
static int show_put(int fd, json_t *line)
{
	char *text = json_dumps(line, JSON_COMPACT | JSON_PRESERVE_ORDER);
	size_t length = text ? strlen(text) : 0;
	int error = -ENOMEM;

	json_decref(line);
	if (text) {
		text[length] = '\n'; /* in place of the 0 */
		error = write_all(fd, text, length + 1, WRITE_STALL_MS);
	}
	free(text);
	return error;
}

int show_begin(int fd, const struct graph *graph, const unsigned char *values)
{
	const unsigned char *defaults = graph->param_defaults;
	json_t *set = json_object();
	char mark[17];
	uint32_t i;
	int error;

	show_mark(graph, mark);
	error = show_put(fd, json_pack("{s:i, s:s, s:s}", "show", SHOW_VERSION,
				       "graph", graph->name, "mark", mark));
	for (i = 0; i < graph->param_count; i++) {
		const struct graph_param *param = &graph->params[i];
		uint32_t at = param->offset - graph->param_offset;

		if (memcmp(values + at, defaults + at, change_bytes(param)))
			json_object_set_new(set, param->name,
					    value_to_json(param, values + at));
	}
	if (!error)
		return show_put(fd, json_pack("{s:i, s:o}", "tick", 0, "set",
					      set));
	json_decref(set);
	return error;
}

int show_write(int fd, const struct graph *graph, const struct edit *edit,
	       uint64_t tick, pid_t pid, uid_t uid)
{
	json_t *line = json_object(), *set = json_object();
	uint32_t i;

	json_object_set_new(line, "tick", json_integer((json_int_t)tick));
	for (i = 0; i < edit->count; i++)
		json_object_set_new(
			set, graph->params[edit->param[i]].name,
			value_to_json(&graph->params[edit->param[i]],
				      edit->bytes + edit->value[i]));
	json_object_set_new(line, "set", set);
	if (edit->over > 1) {
		json_object_set_new(line, "over", json_integer(edit->over));
		json_object_set_new(line, "ease",
				    json_string(ease_name(edit->ease)));
	}
	if (edit->hold)
		json_object_set_new(line, "hold",
				    json_integer((json_int_t)edit->hold));
	json_object_set_new(line, "pid", json_integer(pid));
	json_object_set_new(line, "uid", json_integer(uid));
	return show_put(fd, line);
}

/* ---- reading ---------------------------------------------------------------------- */

static bool show_take_span(const json_t *line, const char *key, uint64_t most,
			   uint64_t *ticks)
{
	const json_t *value = json_object_get(line, key);

	*ticks = (uint64_t)json_integer_value(value);
	return !value || (json_is_integer(value) &&
			  json_integer_value(value) >= 0 && *ticks <= most);
}

/* One line into `edit`, checked. */
static bool show_take(const json_t *line, const struct graph *graph,
		      struct edit *edit, uint64_t *tick, char *error,
		      size_t bytes)
{
	const char *ease = json_string_value(json_object_get(line, "ease"));
	json_t *set = json_object_get(line, "set"), *value;
	const struct graph_param *param;
	const char *name;
	uint64_t over;

	edit_begin(edit);
	snprintf(error, bytes, "no line of a show");
	if (!json_is_object(set) ||
	    !json_is_integer(json_object_get(line, "tick")) ||
	    !show_take_span(line, "tick", EDITOR_TICK_MAX, tick) ||
	    !show_take_span(line, "over", EDITOR_OVER_MAX, &over) ||
	    !show_take_span(line, "hold", EDITOR_TICK_MAX, &edit->hold) ||
	    (ease && !ease_read(ease, &edit->ease)))
		return false;
	edit->over = (uint32_t)over;
	json_object_foreach(set, name, value) {
		unsigned char *place;

		param = value_find(graph, name, error, bytes);
		if (!param)
			return false;
		place = edit_add(edit, graph, (uint32_t)(param - graph->params));
		if (!place) {
			snprintf(error, bytes, "more than one set can hold");
			return false;
		}
		if (!value_from_json(param, value, place, error, bytes))
			return false;
	}
	return true;
}

static bool show_check_head(const json_t *head, const struct graph *graph,
			    char *error, size_t bytes)
{
	const char *name = json_string_value(json_object_get(head, "graph"));
	const char *is = json_string_value(json_object_get(head, "mark"));
	char mark[17];

	show_mark(graph, mark);
	if (!json_is_integer(json_object_get(head, "show")) || !name || !is)
		snprintf(error, bytes, "is no show that --control-log wrote");
	else if (json_integer_value(json_object_get(head, "show")) !=
		 SHOW_VERSION)
		snprintf(error, bytes, "is a show of another version");
	else if (strcmp(name, graph->name))
		snprintf(error, bytes,
			 "is a show of graph %.64s, this is %s: repeat it "
			 "with that program",
			 name, graph->name);
	else if (strcmp(is, mark))
		snprintf(error, bytes,
			 "is a show of another %s: its size, rate or "
			 "parameters have changed since",
			 name);
	else
		return true;
	return false;
}

static bool show_add(struct show *show, json_t *line, const struct graph *graph,
		     struct edit *edit, char *error, size_t bytes)
{
	uint32_t times;
	uint64_t tick;

	if (!show_take(line, graph, edit, &tick, error, bytes))
		return false;
	times = edit->hold ? 2 : 1;
	show->changes += times * edit->count;
	show->value_bytes += times * edit->value_bytes;
	return !json_array_append(show->lines, line);
}

static bool show_read_lines(struct show *show, FILE *file,
			    const struct graph *graph, struct edit *edit,
			    char *error, size_t bytes)
{
	unsigned int number = 0;
	char *text = NULL, why[CALL_COMMENT_MAX] = "";
	size_t size = 0;
	bool good = true;

	while (good && getline(&text, &size, file) >= 0) {
		json_t *line = json_loads(text, JSON_REJECT_DUPLICATES, NULL);

		snprintf(why, sizeof(why), "is not JSON: cut it off there");
		good = line && (number++ ? show_add(show, line, graph, edit,
						    why, sizeof(why))
					 : show_check_head(line, graph, why,
							   sizeof(why)));
		number += !line;
		json_decref(line);
	}
	free(text);
	if (good && !number)
		snprintf(why, sizeof(why), "is no show: it is empty");
	good &= number > 0;
	error[0] = '\0';
	text_append(error, bytes, "line %u: %s", number ? number : 1, why);
	return good;
}

bool show_read(struct show *show, const char *path, const struct graph *graph,
	       char *error, size_t bytes)
{
	struct edit *edit = malloc(sizeof(*edit));
	FILE *file = fopen(path, "re");
	char why[CALL_COMMENT_MAX];
	bool good = false;

	*show = (struct show){.lines = json_array()};
	snprintf(why, sizeof(why), "%s", strerror(file ? ENOMEM : errno));
	if (file && edit && !fseek(file, 0, SEEK_END) &&
	    ftell(file) > SHOW_FILE_MAX)
		snprintf(why, sizeof(why), "is too large for a show");
	else if (file && edit) {
		rewind(file);
		good = show_read_lines(show, file, graph, edit, why,
				       sizeof(why));
	}
	if (file)
		fclose(file);
	free(edit);
	error[0] = '\0';
	text_append(error, bytes, "--replay %.128s: %s", path, why);
	if (!good)
		show_finish(show);
	return good;
}

void show_repeat(const struct show *show, struct editor *editor,
		 struct edit *edit)
{
	char unused[CALL_COMMENT_MAX];
	json_t *line;
	uint64_t tick;
	size_t i;

	editor_repeat_begin(editor);
	json_array_foreach(show->lines, i, line)
		if (show_take(line, editor->graph, edit, &tick, unused,
			      sizeof(unused)))
			editor_repeat(editor, edit, tick);
	editor_repeat_end(editor);
}

void show_finish(struct show *show)
{
	json_decref(show->lines);
	show->lines = NULL;
}
