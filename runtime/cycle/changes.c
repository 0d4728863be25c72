/*
 * runtime/cycle/changes.c: see runtime/cycle/changes.h.
 */
#include "runtime/cycle/changes.h"

#include <string.h>

/* ---- values ------------------------------------------------------------------- */

static uint32_t change_element_bytes(enum graph_param_type type)
{
	return type == GRAPH_PARAM_FLOAT    ? sizeof(double)
	       : type == GRAPH_PARAM_STRING ? 1
					    : sizeof(int32_t);
}

uint32_t change_bytes(const struct graph_param *param)
{
	return param->count * change_element_bytes(param->type);
}

bool change_can_move(const struct graph_param *param)
{
	return (param->type == GRAPH_PARAM_INT ||
		param->type == GRAPH_PARAM_FLOAT ||
		param->type == GRAPH_PARAM_COLOR ||
		param->type == GRAPH_PARAM_RGBA) &&
	       change_bytes(param) <= CHANGES_RAMP_BYTES;
}

static unsigned char *params_value(const struct params *params, uint32_t param)
{
	return params->value + params->graph->params[param].offset -
	       params->graph->param_offset;
}

/* To the nearest; the product stays below 2^53. */
static int64_t ramp_between(int64_t from, int64_t to, int64_t part)
{
	int64_t way = (to - from) * part, half = EASE_ONE / 2;

	return from + (way < 0 ? way - half : way + half) / EASE_ONE;
}

static uint32_t ramp_color(uint32_t from, uint32_t to, int64_t part)
{
	uint32_t color = 0;
	int shift;

	for (shift = 0; shift < 32; shift += 8)
		color |= (uint32_t)ramp_between(from >> shift & 0xff,
						to >> shift & 0xff, part)
			 << shift;
	return color;
}

static void ramp_element(enum graph_param_type type, const struct ramp *ramp,
			 uint32_t at, int64_t part, unsigned char *value)
{
	double from, to;
	uint32_t a, b;

	if (type == GRAPH_PARAM_FLOAT) {
		memcpy(&from, ramp->from + at, sizeof(from));
		memcpy(&to, ramp->to + at, sizeof(to));
		from = part == EASE_ONE
			       ? to
			       : from + (to - from) * ((double)part / EASE_ONE);
		memcpy(value + at, &from, sizeof(from));
		return;
	}
	memcpy(&a, ramp->from + at, sizeof(a));
	memcpy(&b, ramp->to + at, sizeof(b));
	a = type == GRAPH_PARAM_INT
		    ? (uint32_t)ramp_between((int32_t)a, (int32_t)b, part)
		    : ramp_color(a, b, part);
	memcpy(value + at, &a, sizeof(a));
}

static uint64_t ramp_last_tick(const struct ramp *ramp)
{
	return ramp->tick + ramp->over - 1;
}

/* The value at `tick`, which is not before the ramp's first. */
static void ramp_put(const struct params *params, const struct ramp *ramp,
		     uint64_t tick)
{
	const struct graph_param *param = &params->graph->params[ramp->param];
	uint32_t at, bytes = change_bytes(param);
	uint64_t last = ramp_last_tick(ramp), now = tick < last ? tick : last;
	int64_t part = (int64_t)((now - ramp->tick + 1) * EASE_ONE /
				 ramp->over);

	part = ease_at(ramp->ease, part);
	for (at = 0; at < bytes; at += change_element_bytes(param->type))
		ramp_element(param->type, ramp, at, part,
			     params_value(params, ramp->param));
	params->changed[ramp->param] = now;
}

/* ---- playing ------------------------------------------------------------------ */

/* What runs of the parameter ends, with the value of the tick before. */
static void params_end_ramp(struct params *params, uint32_t param, uint64_t tick)
{
	uint32_t i;

	for (i = 0; i < params->ramp_count; i++)
		if (params->ramp[i].param == param)
			break;
	if (i == params->ramp_count)
		return;
	if (tick > params->ramp[i].tick)
		ramp_put(params, &params->ramp[i], tick - 1);
	params->ramp[i] = params->ramp[--params->ramp_count];
}

void params_apply(struct params *params, const struct change *change,
		  const unsigned char *values)
{
	const struct graph_param *param = &params->graph->params[change->param];
	unsigned char *value = params_value(params, change->param);
	const unsigned char *to = values + change->value;
	uint32_t bytes = change_bytes(param);
	struct ramp *ramp;

	params_end_ramp(params, change->param, change->tick);
	params->changed[change->param] = change->tick;
	if (change->over <= 1 || !change_can_move(param) ||
	    params->ramp_count == CHANGES_RAMPS_MAX) {
		memcpy(value, to, bytes);
		return;
	}
	ramp = &params->ramp[params->ramp_count++];
	*ramp = (struct ramp){
		.tick = change->tick,
		.param = change->param,
		.over = change->over,
		.ease = (enum ease)change->ease,
	};
	memcpy(ramp->from, value, bytes);
	memcpy(ramp->to, to, bytes);
}

void params_play(struct params *params, const struct schedule *schedule,
		 uint32_t *cursor, uint64_t tick)
{
	const struct change *change = schedule->change;
	uint32_t i;

	for (; *cursor < schedule->count && change[*cursor].tick <= tick;
	     ++*cursor)
		params_apply(params, &change[*cursor], schedule->value);
	for (i = params->ramp_count; i--;) {
		ramp_put(params, &params->ramp[i], tick);
		if (tick >= ramp_last_tick(&params->ramp[i]))
			params->ramp[i] = params->ramp[--params->ramp_count];
	}
}

/* ---- from thread to thread ------------------------------------------------------ */

static uint64_t changes_word(uint64_t next, uint64_t rest)
{
	return next << 8 | rest;
}

int changes_init(struct changes *changes, const struct graph *graph,
		 unsigned char *pool, uint32_t count_max,
		 uint32_t value_bytes_max)
{
	size_t bytes = count_max * sizeof(struct change) + value_bytes_max;
	uint32_t i;
	int error;

	memset(changes, 0, sizeof(*changes));
	bytes = (bytes + GRAPH_ALIGN - 1) / GRAPH_ALIGN * GRAPH_ALIGN;
	error = pool_init(&changes->pool, CHANGES_SCHEDULES * bytes);
	if (error)
		return error;
	for (i = 0; i < CHANGES_SCHEDULES; i++) {
		unsigned char *base = changes->pool.base + i * bytes;

		changes->schedule[i].change = (void *)base;
		changes->schedule[i].value =
			base + count_max * sizeof(struct change);
	}
	changes->count_max = count_max;
	changes->value_bytes_max = value_bytes_max;
	changes->params.graph = graph;
	changes->params.value = pool + graph->param_offset;
	changes->params.changed =
		(uint64_t *)(void *)(pool + graph->changed_offset);
	atomic_init(&changes->word, changes_word(0, 1));
	return 0;
}

void changes_finish(struct changes *changes)
{
	pool_finish(&changes->pool);
}

void changes_begin(struct changes *changes, uint64_t tick)
{
	/* acquire: pairs with changes_publish, the schedule in it is filled in.
	 * What is fresh stays so until it is taken here. */
	uint64_t seen = atomic_load_explicit(&changes->word,
					     memory_order_acquire);
	uint64_t index = seen & CHANGES_INDEX;

	/* strong: it fails for one reason only, something became fresh */
	if ((seen & CHANGES_FRESH) ||
	    !atomic_compare_exchange_strong_explicit(
		    &changes->word, &seen, changes_word(tick + 1, index),
		    memory_order_acq_rel, memory_order_acquire)) {
		/* release: pairs with changes_look, what was played is free */
		seen = atomic_exchange_explicit(
			&changes->word,
			changes_word(tick + 1, changes->playing),
			memory_order_acq_rel);
		changes->playing = (uint32_t)(seen & CHANGES_INDEX);
		changes->cursor = 0;
	}
	params_play(&changes->params, &changes->schedule[changes->playing],
		    &changes->cursor, tick);
}

bool changes_publish(struct changes *changes, uint64_t seen, uint32_t *index)
{
	uint64_t fresh = changes_word(changes_next_tick(seen),
				      CHANGES_FRESH | *index);

	/* release: pairs with changes_begin; acquire: as changes_look */
	if (!atomic_compare_exchange_strong_explicit(
		    &changes->word, &seen, fresh, memory_order_acq_rel,
		    memory_order_acquire))
		return false;
	*index = (uint32_t)(seen & CHANGES_INDEX);
	return true;
}
