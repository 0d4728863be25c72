/*
 * runtime/control/editor.c: see runtime/control/editor.h.
 */
#include "runtime/control/editor.h"

#include <string.h>

#define EDITOR_TRIES 1000

int editor_init(struct editor *editor, const struct graph *graph,
		struct changes *changes, uint64_t tick_limit)
{
	size_t value_bytes = (graph->param_bytes + GRAPH_ALIGN - 1) /
			     GRAPH_ALIGN * GRAPH_ALIGN;
	int error;

	memset(editor, 0, sizeof(*editor));
	editor->graph = graph;
	editor->changes = changes;
	editor->tick_limit = tick_limit;
	editor->spare = 2; /* the tick thread has 0, the word 1 */
	editor->published = 1;
	error = pool_init(&editor->pool,
			  value_bytes + graph->param_count * sizeof(uint64_t));
	if (error)
		return error;
	editor->params.graph = graph;
	editor->params.value = editor->pool.base;
	editor->params.changed =
		(uint64_t *)(void *)(editor->pool.base + value_bytes);
	if (graph->param_bytes)
		memcpy(editor->params.value, changes->params.value,
		       graph->param_bytes);
	return 0;
}

void editor_finish(struct editor *editor)
{
	pool_finish(&editor->pool);
}

/* ---- a set --------------------------------------------------------------------- */

void edit_begin(struct edit *edit)
{
	edit->now = true;
	edit->relative = false;
	edit->refuse_late = false;
	edit->at = edit->hold = 0;
	edit->over = 0;
	edit->ease = EASE_LINEAR;
	edit->count = edit->value_bytes = 0;
}

static uint32_t edit_aligned(uint32_t bytes)
{
	return (bytes + 7) & ~UINT32_C(7);
}

unsigned char *edit_add(struct edit *edit, const struct graph *graph,
			uint32_t param)
{
	uint32_t i, bytes = edit_aligned(change_bytes(&graph->params[param]));

	for (i = 0; i < edit->count; i++)
		if (edit->param[i] == param)
			return edit->bytes + edit->value[i];
	if (edit->count == EDITOR_ROWS_MAX ||
	    bytes > EDITOR_BYTES_MAX - edit->value_bytes)
		return NULL;
	edit->param[edit->count] = param;
	edit->value[edit->count++] = edit->value_bytes;
	edit->value_bytes += bytes;
	return edit->bytes + edit->value_bytes - bytes;
}

/* ---- what is to come --------------------------------------------------------------- */

static const struct schedule *editor_schedule(const struct editor *editor)
{
	return &editor->changes->schedule[editor->published];
}

static void editor_follow_to(struct editor *editor, uint64_t next)
{
	if (next)
		params_play(&editor->params, editor_schedule(editor),
			    &editor->cursor, next - 1);
}

uint64_t editor_next_tick(const struct editor *editor)
{
	return changes_next_tick(changes_look(editor->changes));
}

void editor_follow(struct editor *editor)
{
	editor_follow_to(editor, editor_next_tick(editor));
}

const unsigned char *editor_target(const struct editor *editor, uint32_t param,
				   uint64_t tick)
{
	const struct schedule *schedule = editor_schedule(editor);
	const struct params *params = &editor->params;
	const unsigned char *target =
		params->value + params->graph->params[param].offset -
		params->graph->param_offset;
	uint32_t i;

	for (i = 0; i < params->ramp_count; i++)
		if (params->ramp[i].param == param)
			target = params->ramp[i].to;
	for (i = editor->cursor; i < schedule->count; i++)
		if (schedule->change[i].param == param &&
		    schedule->change[i].tick <= tick)
			target = schedule->value + schedule->change[i].value;
	return target;
}

void editor_look(struct editor *editor, uint32_t param,
		 struct editor_value *value)
{
	editor_follow(editor);
	value->present = editor->params.value +
			 editor->graph->params[param].offset -
			 editor->graph->param_offset;
	value->changed = editor->params.changed[param];
	value->target = editor_target(editor, param, UINT64_MAX);
}

/* ---- a new schedule ------------------------------------------------------------ */

/* Puts a change in its place; false: no room. */
static bool editor_put(struct editor *editor, const struct change *change,
		       const unsigned char *value)
{
	struct schedule *to = &editor->changes->schedule[editor->spare];
	uint32_t bytes = change_bytes(&editor->graph->params[change->param]);
	uint32_t place = to->count;

	while (place && to->change[place - 1].tick > change->tick)
		place--;
	for (uint32_t i = place; i--;) {
		if (to->change[i].tick < change->tick)
			break;
		if (to->change[i].param != change->param)
			continue;
		memcpy(to->value + to->change[i].value, value, bytes);
		to->change[i].over = change->over;
		to->change[i].ease = change->ease;
		return true;
	}
	if (to->count == editor->changes->count_max ||
	    edit_aligned(bytes) >
		    editor->changes->value_bytes_max - to->value_bytes)
		return false;
	memmove(&to->change[place + 1], &to->change[place],
		(to->count++ - place) * sizeof(*change));
	to->change[place] = *change;
	to->change[place].value = to->value_bytes;
	memcpy(to->value + to->value_bytes, value, bytes);
	to->value_bytes += edit_aligned(bytes);
	return true;
}

/* What is still to come of the last one. */
static void editor_copy(struct editor *editor)
{
	const struct schedule *from = editor_schedule(editor);
	uint32_t i;

	editor->changes->schedule[editor->spare].count = 0;
	editor->changes->schedule[editor->spare].value_bytes = 0;
	/* it was in there: there is room */
	for (i = editor->cursor; i < from->count; i++)
		if (!editor_put(editor, &from->change[i],
				from->value + from->change[i].value))
			return;
}

static bool editor_add(struct editor *editor, const struct edit *edit,
		       uint64_t tick)
{
	uint32_t i;

	for (i = 0; i < edit->count; i++) {
		struct change change = {
			.tick = tick,
			.param = edit->param[i],
			.over = edit->over,
			.ease = edit->ease,
		};
		/* of the schedule before: it is not in the new one yet */
		const unsigned char *back =
			editor_target(editor, change.param,
				      tick ? tick - 1 : 0);

		if (!editor_put(editor, &change,
				edit->bytes + edit->value[i]))
			return false;
		change.tick += edit->hold;
		if (edit->hold && !editor_put(editor, &change, back))
			return false;
	}
	return true;
}

static bool editor_within_limits(const struct editor *editor)
{
	const struct schedule *schedule =
		&editor->changes->schedule[editor->spare];
	uint32_t i, ticks = 0;

	for (i = 0; i < schedule->count; i++)
		ticks += !i || schedule->change[i].tick !=
				       schedule->change[i - 1].tick;
	return ticks <= EDITOR_TICKS_MAX;
}

/* As if none ended before the last one begins. */
static bool editor_has_ramps(const struct editor *editor)
{
	const struct schedule *schedule =
		&editor->changes->schedule[editor->spare];
	uint32_t i, ramps = editor->params.ramp_count;

	for (i = 0; i < schedule->count; i++)
		ramps += schedule->change[i].over > 1;
	return ramps <= CHANGES_RAMPS_MAX;
}

/* The tick that is asked for, where `next` is the next one. */
static enum edit_result editor_tick(const struct editor *editor,
				    const struct edit *edit, uint64_t next,
				    uint64_t *tick)
{
	*tick = edit->now ? next : edit->relative ? next + edit->at : edit->at;
	if (*tick < next && edit->refuse_late)
		return EDIT_LATE;
	if (*tick < next)
		*tick = next;
	if (editor->tick_limit && *tick >= editor->tick_limit)
		return EDIT_OVER;
	return EDIT_DONE;
}

enum edit_result editor_commit(struct editor *editor, const struct edit *edit,
			       uint64_t *tick)
{
	enum edit_result result;
	uint32_t tries;

	for (tries = 0; tries < EDITOR_TRIES; tries++) {
		uint64_t seen = changes_look(editor->changes);
		uint64_t next = changes_next_tick(seen);
		uint32_t filled = editor->spare;

		result = editor_tick(editor, edit, next, tick);
		if (result)
			return result;
		editor_follow_to(editor, next);
		editor_copy(editor);
		if (!editor_add(editor, edit, *tick) ||
		    !editor_within_limits(editor))
			return EDIT_FULL;
		if (!editor_has_ramps(editor))
			return EDIT_RAMPS;
		if (!changes_publish(editor->changes, seen, &editor->spare))
			continue;
		editor->published = filled;
		editor->cursor = 0;
		return EDIT_DONE;
	}
	return EDIT_BUSY;
}

/* ---- a show again ---------------------------------------------------------------- */

/* The one that is filled is the one that is looked at: a set may go back to what
 * one before it made. */
void editor_repeat_begin(struct editor *editor)
{
	struct schedule *schedule = &editor->changes->schedule[editor->spare];

	schedule->count = schedule->value_bytes = 0;
	editor->published = editor->spare;
	editor->cursor = 0;
}

void editor_repeat(struct editor *editor, const struct edit *edit,
		   uint64_t tick)
{
	(void)editor_add(editor, edit, tick); /* there is room */
}

void editor_repeat_end(struct editor *editor)
{
	/* nothing has begun: it is taken at once */
	(void)!changes_publish(editor->changes, changes_look(editor->changes),
			       &editor->spare);
}
