/*
 * runtime/control/verbs_set.c: set and toggle; see runtime/control/verbs.h.
 */
#include <inttypes.h>
#include <string.h>

#include "runtime/control/value.h"
#include "runtime/control/verbs.h"

#define SET_WHEN_KEYS "at", "late", "hold"

const char *const verb_set_keys[] = {"set", SET_WHEN_KEYS, "over", "ease", NULL};
const char *const verb_toggle_keys[] = {"params", SET_WHEN_KEYS, NULL};

/* ---- when ---------------------------------------------------------------------- */

static bool set_take_at(const struct verb_desk *desk, struct call *call)
{
	const json_t *at = json_object_get(call->request, "at");
	const struct when_clock clock = desk->clock(desk->arg);
	char line[CALL_COMMENT_MAX];
	struct when when;

	if (!at)
		return true;
	if (!when_read(at, &clock, &when, line, sizeof(line))) {
		call_refuse(call, CALL_BAD, "%s", line);
		return false;
	}
	desk->edit->now = false;
	desk->edit->relative = when.relative;
	desk->edit->at = when.ticks;
	return true;
}

static bool set_take_late(const struct verb_desk *desk, struct call *call)
{
	const char *late = call_string(call, "late");

	if (call->code != CALL_DONE)
		return false;
	if (late && strcmp(late, "now") && strcmp(late, "refuse")) {
		call_refuse(call, CALL_BAD, "late: must be now or refuse");
		return false;
	}
	desk->edit->refuse_late = late && !strcmp(late, "refuse");
	return true;
}

/* Ticks of a key that may be missing: 0. */
static bool set_take_span(const struct verb_desk *desk, struct call *call,
			  const char *key, uint64_t most, uint64_t *ticks)
{
	const json_t *span = json_object_get(call->request, key);
	char line[CALL_COMMENT_MAX];

	*ticks = 0;
	if (!span || when_read_span(span, key, desk->rate, most, ticks, line,
				    sizeof(line)))
		return true;
	call_refuse(call, CALL_BAD, "%s", line);
	return false;
}

static bool set_take_when(const struct verb_desk *desk, struct call *call)
{
	return set_take_at(desk, call) && set_take_late(desk, call) &&
	       set_take_span(desk, call, "hold", EDITOR_TICK_MAX,
			     &desk->edit->hold);
}

static bool set_take_ease(const struct verb_desk *desk, struct call *call)
{
	const char *ease = call_string(call, "ease");
	uint64_t over;

	if (call->code != CALL_DONE ||
	    !set_take_span(desk, call, "over", EDITOR_OVER_MAX, &over))
		return false;
	desk->edit->over = (uint32_t)over;
	if (ease && !ease_read(ease, &desk->edit->ease)) {
		call_refuse(call, CALL_BAD,
			    "ease: must be linear, quad, cubic or sine, with "
			    "-in, -out or -in-out behind");
		return false;
	}
	if (ease && !over) {
		call_refuse(call, CALL_BAD,
			    "ease: over how long? \"over\": 25 or \"500ms\"");
		return false;
	}
	return true;
}

/* ---- handing over ------------------------------------------------------------------ */

static void set_refuse(const struct verb_desk *desk, struct call *call,
		       enum edit_result result, uint64_t tick)
{
	switch (result) {
	case EDIT_LATE:
		call_refuse(call, CALL_CONFLICT,
			    "at: tick %" PRIu64 " has begun, the next one is "
			    "%" PRIu64,
			    tick, editor_next_tick(desk->editor));
		break;
	case EDIT_OVER:
		call_refuse(call, CALL_CONFLICT,
			    "at: tick %" PRIu64 " is never reached: the run ends "
			    "before it",
			    tick);
		break;
	case EDIT_FULL:
		call_refuse(call, CALL_TOO_MANY,
			    "changes pend for %d ticks, or %d of them, or %d KB: "
			    "wait until some are due",
			    EDITOR_TICKS_MAX, EDITOR_CHANGES_MAX,
			    EDITOR_BYTES_MAX / 1024);
		break;
	case EDIT_RAMPS:
		call_refuse(call, CALL_TOO_MANY,
			    "over: %d parameters can move at once: wait until "
			    "some are there",
			    CHANGES_RAMPS_MAX);
		break;
	default:
		call_refuse(call, CALL_FAILED,
			    "ticks begin faster than changes are made: say "
			    "\"at\": \"+100\"");
		break;
	}
}

static void set_commit(const struct verb_desk *desk, struct call *call)
{
	enum edit_result result;
	uint64_t tick = 0;

	if (desk->refused) {
		call_refuse(call, CALL_CONFLICT, "%s", desk->refused);
		return;
	}
	result = editor_commit(desk->editor, desk->edit, &tick);
	if (result) {
		set_refuse(desk, call, result, tick);
		return;
	}
	json_object_set_new(call->answer, "tick",
			    json_integer((json_int_t)tick));
	if (desk->done)
		desk->done(desk->arg, call, desk->edit, tick);
}

/* The parameter's place in the set; NULL: refused. */
static unsigned char *set_place(const struct verb_desk *desk, struct call *call,
				const char *name,
				const struct graph_param **param)
{
	const struct graph *graph = desk->editor->graph;
	char line[CALL_COMMENT_MAX];
	unsigned char *place;

	*param = value_find(graph, name, line, sizeof(line));
	if (!*param) {
		call_refuse(call, CALL_NOT_FOUND, "%s", line);
		return NULL;
	}
	place = edit_add(desk->edit, graph, (uint32_t)(*param - graph->params));
	if (!place)
		call_refuse(call, CALL_TOO_LARGE,
			    "%s: a set is of %d parameters and %d KB at most; "
			    "send several with one \"at\"",
			    (*param)->name, EDITOR_ROWS_MAX,
			    EDITOR_BYTES_MAX / 1024);
	return place;
}

/* ---- verbs ---------------------------------------------------------------------- */

static bool set_take_value(const struct verb_desk *desk, struct call *call,
			   const char *name, const json_t *value)
{
	const struct graph_param *param;
	unsigned char *place = set_place(desk, call, name, &param);
	char line[CALL_COMMENT_MAX];

	if (!place)
		return false;
	if (!value_from_json(param, value, place, line, sizeof(line))) {
		call_refuse(call, CALL_BAD, "%s", line);
		return false;
	}
	if (desk->edit->over > 1 && !change_can_move(param)) {
		call_refuse(call, CALL_BAD,
			    "%s: does not move, being no number and no colour, "
			    "or too many; leave over out",
			    param->name);
		return false;
	}
	return true;
}

void verb_set(struct call *call, void *arg)
{
	const struct verb_desk *desk = arg;
	json_t *values = json_object_get(call->request, "set"), *value;
	const char *name;

	edit_begin(desk->edit);
	if (!set_take_when(desk, call) || !set_take_ease(desk, call))
		return;
	if (!json_is_object(values) || !json_object_size(values)) {
		call_refuse(call, CALL_BAD,
			    "set: must be an object: {\"node.param\": value}");
		return;
	}
	json_object_foreach(values, name, value)
		if (!set_take_value(desk, call, name, value))
			return;
	set_commit(desk, call);
}

/* A bool becomes what it is not going to be. */
static bool toggle_take(const struct verb_desk *desk, struct call *call,
			const char *name, uint64_t tick)
{
	const struct graph *graph = desk->editor->graph;
	const struct graph_param *param;
	unsigned char *place = set_place(desk, call, name, &param);
	const unsigned char *target;
	int32_t value;

	if (!place)
		return false;
	if (param->type != GRAPH_PARAM_BOOL || param->count != 1) {
		call_refuse(call, CALL_BAD,
			    "%s: is %s, not true or false; use set", param->name,
			    value_type_name(param->type));
		return false;
	}
	target = editor_target(desk->editor, (uint32_t)(param - graph->params),
			       tick);
	memcpy(&value, target, sizeof(value));
	value = !value;
	memcpy(place, &value, sizeof(value));
	return true;
}

void verb_toggle(struct call *call, void *arg)
{
	const struct verb_desk *desk = arg;
	const json_t *names = json_object_get(call->request, "params");
	struct edit *edit = desk->edit;
	json_t *name;
	uint64_t tick;
	size_t i;

	edit_begin(edit);
	if (!set_take_when(desk, call))
		return;
	if (!json_is_array(names) || !json_array_size(names)) {
		call_refuse(call, CALL_BAD,
			    "params: must be an array of names: "
			    "[\"node.param\"]");
		return;
	}
	editor_follow(desk->editor);
	tick = editor_next_tick(desk->editor);
	if (!edit->now)
		tick = edit->relative ? tick + edit->at : edit->at;
	json_array_foreach(names, i, name)
		if (!toggle_take(desk, call,
				 json_is_string(name) ? json_string_value(name)
						      : "",
				 tick))
			return;
	set_commit(desk, call);
}
